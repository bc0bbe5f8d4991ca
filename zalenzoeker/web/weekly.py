"""The weekly letter for who has no calendar program: ask for it, confirm it, change it, end it."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.weekly_letter import CONFIRM_WITHIN, Choices, next_issue
from zalenzoeker.services import subscriptions as service
from zalenzoeker.services.decision_links import count_a_guess
from zalenzoeker.storage import city as cities
from zalenzoeker.web.access import public, visitor
from zalenzoeker.web.weekly_form import ChoicesForm, SubscribeForm, chosen_words

blueprint = Blueprint("weekly", __name__, url_prefix="/weekbrief")


@blueprint.route("", methods=["GET", "POST"])
@public
def new() -> ResponseReturnValue:
    form, city = SubscribeForm(), cities.city()
    form.offer(city)
    if form.validate_on_submit():
        service.ask(form.email.data, form.chosen, now=clock.now(), visitor=visitor())
        session["weekly_sent_to"] = form.email.data
        return redirect(url_for("weekly.asked"))
    if not form.is_submitted():
        # Somebody who comes from the agenda finds ticked what they looked at.
        form.show(Choices(tuple(request.args.getlist("wijk")), tuple(request.args.getlist("thema"))), city)
    return render_template("weekly/new.html", form=form), 422 if form.errors else 200


@blueprint.get("/gevraagd")
@public
def asked() -> ResponseReturnValue:
    """The same for an address that is known and for one that is not."""
    sent_to = session.get("weekly_sent_to")
    if not sent_to:
        return redirect(url_for("weekly.new"))
    return render_template("weekly/asked.html", sent_to=sent_to, days=CONFIRM_WITHIN.days)


@blueprint.route("/bevestigen/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Opening it, as programs that look through mail do, confirms nothing."""
    try:
        if request.method == "POST":
            service.confirm(token, now=clock.now())
            flash(_("You get the letter from now on."), "ok")
            return redirect(url_for("weekly.choices", token=token))
        found = service.opened(token, clock.now())
    except service.UnknownLink:
        return _unknown()
    except service.NotSubscribed:
        return _ended(410)
    if found.wanted is None:
        return redirect(url_for("weekly.choices", token=token))
    neighbourhoods, themes = chosen_words(found.wanted, cities.city())
    return render_template(
        "weekly/confirm.html",
        token=token,
        neighbourhoods=neighbourhoods,
        themes=themes,
        is_change=found.is_confirmed,
        first=next_issue(clock.now()),
    )


@blueprint.route("/<token>", methods=["GET", "POST"])
@public
def choices(token: str) -> ResponseReturnValue:
    """Other neighbourhoods and themes, by the link in any letter."""
    form, city = ChoicesForm(), cities.city()
    form.offer(city)
    try:
        if form.validate_on_submit():
            service.change(token, form.chosen)
            flash(_("Changed. The next letter tells of what you chose."), "ok")
            return redirect(url_for("weekly.choices", token=token))
        found = service.opened(token, clock.now())
    except service.UnknownLink:
        return _unknown()
    except service.NotSubscribed:
        return _ended(410)
    if not found.is_confirmed:
        return redirect(url_for("weekly.confirm", token=token))
    if not form.is_submitted():
        form.show(found.choices, city)
    page = render_template("weekly/choices.html", form=form, token=token, next_letter=next_issue(clock.now()))
    return page, 422 if form.errors else 200


@blueprint.route("/<token>/afmelden", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """A post acts at once, without a visit: mail programs send it themselves (RFC 8058). Looking shows a button."""
    try:
        if request.method == "POST":
            service.end(token)
            return _ended(200)
        found = service.opened(token, clock.now())
    except service.UnknownLink:
        return _unknown()
    except service.NotSubscribed:
        return _ended(200)
    return render_template("weekly/unsubscribe.html", token=token, is_confirmed=found.is_confirmed)


def _ended(status: int) -> ResponseReturnValue:
    return render_template("weekly/ended.html"), status


def _unknown() -> ResponseReturnValue:
    count_a_guess(clock.now(), visitor())
    return render_template("weekly/unknown.html"), 404
