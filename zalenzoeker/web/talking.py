"""Talking about a request: the desk asks, notes, forwards and hands on; the asker answers."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.limits import TooMany
from zalenzoeker.domain.permissions import NotAllowed, check_may_decide, may_withdraw
from zalenzoeker.domain.requests import NotPossible
from zalenzoeker.services import conversation, handing
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Request
from zalenzoeker.web.access import actor, desk_only, signed_in, visitor
from zalenzoeker.web.desk_page import bar, found_here
from zalenzoeker.web.fields import PageForm
from zalenzoeker.web.thread import AnswerForm, ForwardForm, HandForm, NoteForm, QuestionForm

blueprint = Blueprint("talking", __name__)


@blueprint.post("/balie/aanvragen/<code>/vraag")
@desk_only
def ask(code: str) -> ResponseReturnValue:
    """A question to the asker, who gets it by mail."""
    return _say(
        _found(code),
        QuestionForm(),
        conversation.ask,
        _("Your question has left. You get a letter when there is an answer."),
    )


@blueprint.post("/balie/aanvragen/<code>/nota")
@desk_only
def note(code: str) -> ResponseReturnValue:
    """Something that only the desk reads."""
    return _say(_found(code), NoteForm(), conversation.note, _("The note is kept. Only the desk reads it."))


def _found(code: str) -> Request:
    """A request of this desk; whoever asked it themselves says nothing as the desk."""
    found = found_here(code)
    check_may_decide(actor(), found.parties)
    return found


def _say(found: Request, form: Any, service: Callable[..., None], done: str) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return _again(found, form), 422
    try:
        service(found.code, form.words.data, by=actor(), now=clock.now())
    except NotPossible:
        return _too_late(found.code, form), 409
    flash(done, "ok")
    return redirect(url_for("desk.show", code=found.code, _anchor="timeline"))


@blueprint.post("/balie/aanvragen/<code>/doorsturen")
@desk_only
def forward(code: str) -> ResponseReturnValue:
    """Another desk decides; this one no longer sees it."""
    found = _found(code)
    form = ForwardForm().offer(found)
    if not form.validate_on_submit():
        return _again(found, form), 422
    try:
        name = handing.forward(code, form.desk.data, by=actor(), now=clock.now(), note=form.words.data)
    except handing.WrongDesk:
        form.desk.errors = [_("It cannot go there. Choose another desk.")]
        return _again(found, form), 422
    except NotPossible:
        return _too_late(code, form), 409
    flash(_("The request is with %(desk)s now. That desk and the asker got a letter.", desk=name), "ok")
    return redirect(url_for("desk.inbox"))


@blueprint.post("/balie/aanvragen/<code>/opvolger")
@desk_only
def hand(code: str) -> ResponseReturnValue:
    """One member of the desk looks after it."""
    found = _found(code)
    form = HandForm().offer(found)
    if not form.validate_on_submit():
        return _again(found, form), 422
    try:
        name = handing.hand(code, form.member.data, by=actor(), now=clock.now())
    except NotPossible:
        return _too_late(code, form), 409
    flash(_("%(name)s looks after this request. The others see so.", name=name), "ok")
    return redirect(url_for("desk.show", code=code, _anchor="timeline"))


@blueprint.post("/aanvragen/<code>/antwoord")
@signed_in
def reply(code: str) -> ResponseReturnValue:
    """The asker answers the desk, or writes to it unasked."""
    found = storage.by_code(code) or abort(404)
    if not may_withdraw(actor(), found.parties):
        raise NotAllowed
    form = AnswerForm()
    if not form.validate_on_submit():
        return render_template("talking/answer.html", request_=found, form=form), 422
    try:
        conversation.reply(code, form.words.data, by=actor(), now=clock.now(), visitor=visitor())
    except TooMany as error:
        return _slower(found, form, error)
    except NotPossible:
        return _no_answer(code, form.words.data), 409
    flash(_("Your message is with the house. You find it back below."), "ok")
    return redirect(url_for("requests.show", code=code))


def _again(found: Request, form: PageForm) -> str:
    """The form by itself with its errors, and with all that was typed."""
    return render_template("talking/again.html", request_=found, form=form, **PAGE_OF[type(form)](found), **bar())


def _too_late(code: str, form: Any) -> str:
    """What was typed is shown, so that nobody has to think of it again."""
    words = form.words.data if "words" in form else ""
    found = _fresh(code)
    is_past = conversation.is_past(found, clock.now())
    return render_template("talking/too_late.html", request_=found, words=words, is_past=is_past, **bar())


def _slower(found: Request, form: AnswerForm, error: TooMany) -> ResponseReturnValue:
    """The form by itself with what was typed, to be sent a little later."""
    minutes = -(-error.retry_after // 60)
    told = ngettext(
        "You wrote often in a short time, and each message is a letter to the whole house. Send it in %(num)d minute.",
        "You wrote often in a short time, and each message is a letter to the whole house. Send it in %(num)d minutes.",
        minutes,
    )
    form.words.errors = [told]
    answer = make_response(render_template("talking/answer.html", request_=found, form=form), 429)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _no_answer(code: str, words: str) -> str:
    found = _fresh(code)
    is_past = conversation.is_past(found, clock.now())
    return render_template("talking/no_answer.html", request_=found, words=words, is_past=is_past)


def _fresh(code: str) -> Request:
    return storage.by_code(code) or abort(404)


PAGE_OF: dict[type[PageForm], Callable[[Request], dict[str, str]]] = {
    QuestionForm: lambda found: {
        "heading": _("Ask the asker something"),
        "deed": _("Send the question"),
        "action": url_for("talking.ask", code=found.code),
    },
    NoteForm: lambda found: {
        "heading": _("Internal note"),
        "deed": _("Keep the note"),
        "action": url_for("talking.note", code=found.code),
    },
    ForwardForm: lambda found: {
        "heading": _("Forward to another desk"),
        "deed": _("Forward the request"),
        "action": url_for("talking.forward", code=found.code),
    },
    HandForm: lambda found: {
        "heading": _("Somebody of the desk looks after it"),
        "deed": _("Hand it over"),
        "action": url_for("talking.hand", code=found.code),
    },
}
