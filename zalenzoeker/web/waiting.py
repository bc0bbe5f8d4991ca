"""The waiting list: the answer to an offer, from the letter without signing in, or from the page of the request."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.requests import NotPossible, Status
from zalenzoeker.services import waiting as service
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.models import Request
from zalenzoeker.web.access import actor, public, signed_in
from zalenzoeker.web.elsewhere import elsewhere
from zalenzoeker.web.headlines import headline

blueprint = Blueprint("waiting", __name__)

# An answer, by whom, now, with the letter's token where there is one; returns what came of it in words.
Answer = Callable[[str, Actor, datetime, str], str]


@blueprint.get("/wachtlijst/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """What the letter is about, with the buttons to answer: opening it, as mail scanners do, answers nothing."""
    try:
        code = service.code_of(token)
    except UnknownRequest:
        return render_template("waiting/unknown.html"), 404
    found = storage.by_code(code)
    assert found is not None, "its token was found a moment ago"
    return _page(found, token, clock.now())


def _page(found: Request, token: str, now: datetime, *, is_too_late: bool = False) -> str:
    is_open = not is_too_late and not (found.offer_until and found.offer_until <= now)
    is_offered = found.status is Status.OFFERED and is_open
    return render_template(
        "waiting/show.html",
        request_=found,
        date=found.first,
        token=token,
        is_offered=is_offered,
        is_waiting=not is_too_late and (is_offered or found.status is Status.WAITING),
        is_too_late=is_too_late or (found.status is Status.OFFERED and not is_offered),
        headline=headline(found, now, place=waiting_list.place_of(found)),
        elsewhere=None if is_offered or found.status is Status.WAITING else elsewhere(found, now),
    )


@blueprint.post("/wachtlijst/<token>/ja")
@public
def accept_by_letter(token: str) -> ResponseReturnValue:
    return _by_letter(token, _accept)


@blueprint.post("/wachtlijst/<token>/nee")
@public
def leave_by_letter(token: str) -> ResponseReturnValue:
    return _by_letter(token, _leave)


def _by_letter(token: str, answer: Answer) -> ResponseReturnValue:
    try:
        code = service.code_of(token)
    except UnknownRequest:
        return render_template("waiting/unknown.html"), 404
    return _answered(code, answer, by=ANYONE, token=token)


@blueprint.post("/aanvragen/<code>/wachtlijst/ja")
@signed_in
def accept(code: str) -> ResponseReturnValue:
    return _answered(code, _accept, by=actor())


@blueprint.post("/aanvragen/<code>/wachtlijst/nee")
@signed_in
def leave(code: str) -> ResponseReturnValue:
    return _answered(code, _leave, by=actor())


def _answered(code: str, answer: Answer, *, by: Actor, token: str = "") -> ResponseReturnValue:
    """Give an answer, and tell what came of it on the page of the request; or that it came too late."""
    now = clock.now()
    try:
        told = answer(code, by, now, token)
    except NotPossible:
        return _too_late(code, token, now)
    flash(told, "ok")
    return redirect(url_for("requests.show", code=code))


def _accept(code: str, by: Actor, now: datetime, token: str) -> str:
    is_first = service.accept(code, by=by, now=now, token=token)
    found = storage.by_code(code)
    assert found is not None, "it was answered a moment ago"
    if found.status is Status.APPROVED:
        return _("You said yes, and the room is yours.") if is_first else _("You said yes already: the room is yours.")
    if not is_first:
        return _("You said yes already. It is a request now, and the room is kept for it.")
    return _("You said yes. It is a request now, and the room is kept for it.")


def _leave(code: str, by: Actor, now: datetime, token: str) -> str:
    service.leave(code, by=by, now=now, token=token)
    return _("You are off the waiting list. The next in line gets a chance.")


def _too_late(code: str, token: str, now: datetime) -> ResponseReturnValue:
    found = storage.by_code(code)
    assert found is not None, "it was there a moment ago"
    return _page(found, token, now, is_too_late=True), 409
