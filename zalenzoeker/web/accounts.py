"""Signing in with a code, signing out, and everything of one's own."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import accounts as service
from zalenzoeker.services import requests as asking
from zalenzoeker.services import wishes
from zalenzoeker.storage import accounts, associations, desks
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Account
from zalenzoeker.web.access import actor, enter, leave, public, signed_in, visitor, way_back
from zalenzoeker.web.forms import CodeForm, EmailForm, PostForm

blueprint = Blueprint("accounts", __name__)

UNPROVED_SINCE = timedelta(hours=12)


@blueprint.route("/aanmelden", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    if actor().is_signed_in:
        return redirect(way_back(request.args.get("verder")))
    form = EmailForm()
    if form.validate_on_submit():
        service.send_code(form.email.data, visitor=visitor(), now=clock.now())
        session["code_sent_to"] = form.email.data
        session["next"] = way_back(request.args.get("verder"))
        return redirect(url_for("accounts.code"))
    people = _demonstration_people() if current_app.config["DEMO"] else []
    onward = request.args.get("verder")
    return render_template(
        "accounts/sign_in.html", form=form, people=people, onward=onward
    ), 422 if form.errors else 200


def _demonstration_people() -> list[tuple[str, list[tuple[Account, list[str]]]]]:
    """Whom a visitor can try out, by what they do: a heading with its people, each with what they do it for."""
    asking_for, deciding_for, cities = [], [], []
    for person in accounts.demonstration():
        who = accounts.actor(person)
        names = [desk.name for desk in desks.by_ids(who.desk_ids)]
        if who.is_city:
            cities.append((person, names))
        elif names:
            deciding_for.append((person, names))
        else:
            asking_for.append((person, [one.name for one in associations.of_person(who.association_ids)]))
    return [(_("Ask for a room"), asking_for), (_("Decide"), deciding_for), (_("City desk"), cities)]


@blueprint.route("/aanmelden/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    sent_to = session.get("code_sent_to")
    if not sent_to:
        # Signed in already: a second click on the same button.
        return redirect(url_for("accounts.mine" if actor().is_signed_in else "accounts.sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        who = visitor()
        try:
            account_code = service.sign_in(form.code.data, visitor=who, now=clock.now())
        except service.WrongCode as wrong:
            form.code.errors = [
                ngettext(
                    "That is not the code. You can try once more.",
                    "That is not the code. You can try %(num)d times more.",
                    wrong.tries_left,
                )
                if wrong.tries_left
                else _("That is not the code. Ask for a new one.")
            ]
        except service.NoLiveCode:
            form.code.errors = [_("This code no longer works. Ask for a new one.")]
        else:
            return _proved(account_code, who)
    return render_template(
        "accounts/code.html", form=form, sent_to=sent_to, again=PostForm()
    ), 422 if form.errors else 200


@blueprint.post("/aanmelden/opnieuw")
@public
def again() -> ResponseReturnValue:
    """A new code to the same address."""
    if sent_to := session.get("code_sent_to"):
        service.send_code(sent_to, visitor=visitor(), now=clock.now())
        flash(_("We sent a new code. The old one no longer works."), "ok")
    return redirect(url_for("accounts.code"))


def _proved(account_code: str, who: Visitor) -> ResponseReturnValue:
    """Sign in, make known what waited for this address, and go on."""
    onward = session.get("next") or url_for("accounts.mine")
    enter(account_code)
    now = clock.now()
    waiting = storage.unproved_of_browser(who.browser_hash, actor().email, now - UNPROVED_SINCE)
    lost: ResponseReturnValue | None = None
    for request_code in waiting:
        try:
            asking.prove(request_code, by=actor(), now=now)
        except wishes.Refused as refused:
            lost = _lost(request_code, refused), 409
        else:
            flash(_("Your request has arrived. The house was told."), "ok")
            onward = url_for("requests.show", code=request_code)
    return lost or redirect(onward)


def _lost(request_code: str, refused: wishes.Refused) -> str:
    lost = storage.by_code(request_code)
    assert lost is not None, "it was refused a moment ago"
    return render_template(
        "requests/lost.html", lost=lost, room=lost.first.room, slot=lost.first.slot, alternatives=refused.alternatives
    )


@blueprint.route("/aanmelden/link/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """A one-time link shows a button: opening it, as mail scanners do, signs nobody in."""
    form = PostForm()
    if form.validate_on_submit():
        try:
            enter(service.follow_link(token, now=clock.now()))
        except service.NoLiveCode:
            flash(_("This link no longer works. Ask for a code."), "no")
            return redirect(url_for("accounts.sign_in"))
        return redirect(url_for("accounts.mine"))
    return render_template("accounts/link.html", form=form)


@blueprint.post("/afmelden")
@public
def sign_out() -> ResponseReturnValue:
    leave()
    flash(_("You are signed out."))
    return redirect(url_for("pages.landing"))


@blueprint.get("/mijn")
@signed_in
def mine() -> ResponseReturnValue:
    who = actor()
    assert who.account_id is not None, "the guard let them in"
    found = storage.of_person(who.account_id, who.association_ids)
    now_epoch = epoch(clock.now())
    open_statuses = (Status.REQUESTED, Status.APPROVED)
    coming = [one for one in found if one.status in open_statuses and one.first.to_epoch > now_epoch]
    return render_template(
        "accounts/mine.html",
        coming=list(reversed(coming)),
        earlier=[one for one in found if one not in coming],
        associations=associations.of_person(who.association_ids),
    )
