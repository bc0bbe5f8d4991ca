"""The asker answers what a desk proposes: from the letter without signing in, or on the page of the request."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.requests import Action, NotPossible
from zalenzoeker.services import agreeing as service
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Request
from zalenzoeker.web.access import actor, public, signed_in
from zalenzoeker.web.offers import DeclineForm, offer_of

blueprint = Blueprint("agreeing", __name__)
# An answer to the request of a code, by whom, with the letter's token where there is one; returns what came of it.
Answer = Callable[[str, Actor, str], str]


class NotUnderstood(Exception):
    """Something is wrong with the words that go with a no."""

    def __init__(self, form: DeclineForm) -> None:
        super().__init__()
        self.form = form


@blueprint.get("/voorstel/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """What is proposed, with the buttons to answer: opening it, as mail scanners do, answers nothing."""
    try:
        code = service.code_of_token(token)
    except UnknownRequest:
        return render_template("agreeing/unknown.html"), 404
    return _page(_read(code), token)


@blueprint.post("/voorstel/<token>/ja")
@public
def agree_by_letter(token: str) -> ResponseReturnValue:
    return _by_letter(token, _agree)


@blueprint.post("/voorstel/<token>/nee")
@public
def decline_by_letter(token: str) -> ResponseReturnValue:
    return _by_letter(token, _decline)


def _by_letter(token: str, answer: Answer) -> ResponseReturnValue:
    try:
        code = service.code_of_token(token)
    except UnknownRequest:
        return render_template("agreeing/unknown.html"), 404
    return _answered(code, answer, by=ANYONE, token=token)


@blueprint.post("/aanvragen/<code>/voorstel/ja")
@signed_in
def agree(code: str) -> ResponseReturnValue:
    return _answered(code, _agree, by=actor())


@blueprint.post("/aanvragen/<code>/voorstel/nee")
@signed_in
def decline(code: str) -> ResponseReturnValue:
    return _answered(code, _decline, by=actor())


def _answered(code: str, answer: Answer, *, by: Actor, token: str = "") -> ResponseReturnValue:
    """Give an answer, and tell what came of it on the page of the request; or that it came too late."""
    try:
        told = answer(code, by, token)
    except NotUnderstood as wrong:
        return _page(_read(code), token, form=wrong.form), 422
    except NotPossible:
        return _page(_read(code), token), 409
    flash(told, "ok")
    return redirect(url_for("requests.show", code=code))


def _agree(code: str, by: Actor, token: str) -> str:
    is_first = service.agree(code, by=by, now=clock.now(), token=token)
    if not is_first:
        return _("You said yes already.")
    agreed = next(event for event in reversed(_read(code).events) if event.action is Action.AGREE)
    if agreed.facts.get("desk"):
        return _("You said yes. The other house was asked, and you get a letter with its answer.")
    return _("You said yes, and the room is yours. A letter with the date for your calendar is on its way.")


def _decline(code: str, by: Actor, token: str) -> str:
    form = DeclineForm()
    if not form.validate_on_submit():
        raise NotUnderstood(form)
    service.decline(code, by=by, now=clock.now(), token=token, words=form.words.data or "")
    return _("You said no. The house was told, and what you asked first is with it again.")


def _read(code: str) -> Request:
    found = storage.by_code(code)
    assert found is not None, "it was there a moment ago"
    return found


def _page(found: Request, token: str, *, form: DeclineForm | None = None) -> str:
    offer = offer_of(found, clock.now(), is_by_letter=bool(token))
    if token:
        yes, no = (url_for(f"agreeing.{answer}_by_letter", token=token) for answer in ("agree", "decline"))
    else:
        yes, no = (url_for(f"agreeing.{answer}", code=found.code) for answer in ("agree", "decline"))
    return render_template(
        "agreeing/show.html",
        request_=found,
        offer=offer if offer and offer.may_answer else None,
        form=form or DeclineForm(formdata=None),
        yes=yes,
        no=no,
    )
