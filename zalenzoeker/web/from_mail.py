"""Deciding from the mail, without signing in: looking decides nothing, only a choice that is sent does."""

import re
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.decision_links import LinkState
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Action, NotPossible
from zalenzoeker.services import decisions
from zalenzoeker.services import from_mail as service
from zalenzoeker.services.decision_links import count_a_guess
from zalenzoeker.web.access import actor, public, visitor
from zalenzoeker.web.from_mail_page import VOTED, MailForm, outcome, shown, voted

blueprint = Blueprint("from_mail", __name__, url_prefix="/beslissen")

VERSION = re.compile("[0-9]{1,9}")
WAS_DECIDED = frozenset({LinkState.USED, LinkState.DECIDED})
GONE = 410


@blueprint.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Opening it, as programs that look through mail do, changes nothing."""
    now = clock.now()
    found = _opened(token, now)
    if found is None:
        return _unknown(now)
    if found.state is LinkState.OPEN:
        return _page(found, MailForm(version=str(found.request.version)), now)
    return _closed(found, now), 200 if found.state in WAS_DECIDED else GONE


@blueprint.post("/<token>")
@public
def decide(token: str) -> ResponseReturnValue:
    """A yes, a no or a question, by whoever the link belongs to."""
    now = clock.now()
    found = _opened(token, now)
    if found is None:
        return _unknown(now)
    if _was_sent_before(found):
        # The same button pressed twice.
        return redirect(url_for("from_mail.show", token=token))
    if found.state is not LinkState.OPEN:
        return _closed(found, now), 409
    form = MailForm().offer(is_vote=found.is_vote)
    if not form.validate_on_submit():
        return _page(found, form, now), 422
    try:
        _answer(token, form, now)
    except (service.WhoDecides, decisions.ReasonNeeded, decisions.NoLongerFree) as error:
        return _again(token, form, error, now)
    except (service.LinkClosed, NotPossible, NotAllowed, decisions.ChangedMeanwhile):
        return _too_late(token, form, now)
    if form.action is Action.ASK:
        flash(_("Your question has left. You get a letter when there is an answer."), "ok")
    return redirect(url_for("from_mail.show", token=token))


@blueprint.post("/<token>/ongedaan")
@public
def undo(token: str) -> ResponseReturnValue:
    """Take back what was decided here a moment ago."""
    now = clock.now()
    try:
        service.undo(token, now=now, browser=visitor().browser_hash)
    except service.UnknownLink:
        return _unknown(now)
    except (NotPossible, NotAllowed):
        found = service.opened(token, now, visitor=actor())
        if found.state is LinkState.OPEN:
            # The same button pressed twice: it waits again already.
            return redirect(url_for("from_mail.show", token=token))
        return _closed(found, now), 409
    flash(_("Undone. Nobody was told, and the request waits for you again."), "ok")
    return redirect(url_for("from_mail.show", token=token))


def _opened(token: str, now: datetime) -> service.Opened | None:
    try:
        return service.opened(token, now, visitor=actor())
    except service.UnknownLink:
        return None


def _answer(token: str, form: MailForm, now: datetime) -> None:
    typed = form.version.data or ""
    version = int(typed) if VERSION.fullmatch(typed) else 0
    by = service.Reader(actor(), request.form.get("wie", ""), visitor().browser_hash)
    if form.action is Action.ASK:
        service.ask(token, form.said.note, by=by, now=now, version=version)
    elif form.is_vote:
        service.vote(token, form.word, by=by, now=now, version=version)
    else:
        service.decide(token, form.action, form.said, by=by, now=now, version=version)


def _again(token: str, form: MailForm, error: Exception, now: datetime) -> ResponseReturnValue:
    """What was typed stays; the page says what is missing."""
    if isinstance(error, decisions.OverruleNeeded):
        form.note.errors = [_("The members of the desk vote about this. Write why you decide instead.")]
    elif isinstance(error, decisions.ReasonNeeded) and form.is_vote:
        form.note.errors = [_("They ask for an exception. Write why it is fine; the asker reads it.")]
    elif isinstance(error, decisions.ReasonNeeded):
        form.note.errors = [_("Write why you set the rule aside. It stays on the timeline.")]
    elif isinstance(error, service.WhoDecides):
        form.form_errors = [_("Press the button with your own name.")]
    else:
        form.form_errors = [_("The room was given to something else meanwhile. Say no, or look at the desk.")]
    # Read anew: the deed that failed has closed what was read before.
    found = service.opened(token, now, visitor=actor())
    return _page(found, form, now), 409 if isinstance(error, decisions.NoLongerFree) else 422


def _was_sent_before(found: service.Opened) -> bool:
    return found.state is LinkState.USED and found.link.browser_hash == visitor().browser_hash


def _token() -> str:
    return str((request.view_args or {})["token"])


def _page(found: service.Opened, form: MailForm, now: datetime) -> str:
    return render_template(
        "from_mail/show.html", token=_token(), **shown(found, form.offer(is_vote=found.is_vote), now)
    )


def _closed(found: service.Opened, now: datetime) -> str:
    """Why nothing can be decided here, and what can be done."""
    if found.state is LinkState.USED and found.link.answer in VOTED and found.decision is None:
        return render_template("from_mail/voted.html", **voted(found))
    if found.state in WAS_DECIDED:
        told = outcome(found, now, visitor().browser_hash)
        return render_template("from_mail/decided.html", token=_token(), **told)
    return render_template("from_mail/closed.html", found=found, request_=found.request)


def _too_late(token: str, form: MailForm, now: datetime) -> ResponseReturnValue:
    """Somebody was first, or it changed while the page was open; what was typed is shown."""
    found = _opened(token, now)
    if found is None:
        return _unknown(now)
    if found.state is LinkState.OPEN:
        # A question was put from another page of this letter.
        fresh = MailForm(formdata=None, version=str(found.request.version), note=form.note.data)
        fresh.form_errors = [_("Somebody was just before you. Look at what was said, and choose again.")]
        return _page(found, fresh, now), 409
    return _closed(found, now), 409


def _unknown(now: datetime) -> ResponseReturnValue:
    count_a_guess(now, visitor())
    return render_template("from_mail/unknown.html"), 404
