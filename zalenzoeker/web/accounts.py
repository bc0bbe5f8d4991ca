"""Signing in with a code, signing out, and everything of one's own."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import HOLDS, ON_THE_WAITING_LIST, Status
from zalenzoeker.services import accounts as service
from zalenzoeker.services import checking, wishes
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, associations, city, desks, feed_tokens
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Account, Request
from zalenzoeker.web import prefill, ways
from zalenzoeker.web.access import actor, enter, leave, public, signed_in, visitor, way_back
from zalenzoeker.web.forms import CodeForm, EmailForm, PostForm
from zalenzoeker.web.paging import paged
from zalenzoeker.web.request_form import RequestForm
from zalenzoeker.web.standing import nearest, proposed_moments, series_said

blueprint = Blueprint("accounts", __name__)

STILL_RUNS = frozenset({Status.REQUESTED, Status.APPROVED})
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
    """What was asked is still there: every way on sends it again, for another moment, with one tap."""
    lost = storage.by_code(request_code)
    assert lost is not None, "it was refused a moment ago"
    everything = city.city()
    home = everything.by_id[lost.first.room_id]
    form = RequestForm(formdata=None)
    form.offer(home, everything, associations.of_account(actor().account_id))
    typed = prefill.as_asked(form, lost)
    is_series = len(lost.dates) > 1
    clashes = _clashes(lost, refused, form, home) if is_series else []
    return render_template(
        "asking/lost.html",
        lost=lost,
        form=form,
        typed=typed,
        room=home,
        dates=lost.dates,
        reasons=ways.reasons(refused.troubles, asks_exception=bool(lost.exception_reason)),
        was_taken=refused.was_lost,
        # Who joins a queue holds nothing while the code is on its way.
        was_kept=Status.UNPROVED in HOLDS[lost.policy],
        clashes=clashes,
        leave_all=ways.leave_all(clashes),
        ways_on=[] if is_series else ways.spoken(refused.ways_on, home),
        may_wait=ways.may_wait(refused) and not is_series,
    )


def _clashes(lost: Request, refused: wishes.Refused, form: RequestForm, home: KnownRoom) -> list[ways.Clash]:
    asker, rule = checking.wish_of(lost).asker, prefill.pattern_of(lost)
    return ways.clashes(
        refused, form.wished, home, clock.now(), asker=asker, by=actor(), rule=rule, asks_exception=True
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
    now = clock.now()
    account_id = who.account_id
    page = paged(
        lambda limit, skip: storage.of_person(account_id, who.association_ids, email=who.email, limit=limit, skip=skip)
    )
    found = [(one, nearest(one, now)) for one in page.rows]
    in_line = [row for row in found if row[0].status in ON_THE_WAITING_LIST]
    coming = [row for row in found if row[0].status in STILL_RUNS and not is_over(row[1].slot.ends_at, now)]
    earlier = [row for row in found if row not in in_line and row not in coming]
    return render_template(
        "accounts/mine.html",
        page=page,
        in_line=sorted(in_line, key=lambda row: (row[0].status is not Status.OFFERED, row[1].from_epoch)),
        coming=sorted(coming, key=lambda row: row[1].from_epoch),
        earlier=sorted(earlier, key=lambda row: -row[1].from_epoch),
        series={one.id: series_said(one) for one, _date in found},
        proposed={one.id for one, _date in found if proposed_moments(one)},
        associations=associations.of_person(who.association_ids),
        calendars={
            one.association_id or 0: one.created_at for one in feed_tokens.of_account(account_id) if not one.desk_id
        },
    )
