"""What a desk and an asker say to each other about a request, and what the desk notes for itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zalenzoeker.domain.conversation import Turn, has_ended, turn
from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, check_may_decide, may_withdraw
from zalenzoeker.domain.requests import Action, NotPossible
from zalenzoeker.services import notices
from zalenzoeker.services.timeline import drop_decision, tell
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import desks, limits, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

WORDS = frozenset({Action.ASK, Action.REPLY, Action.NOTE})


def ask(code: str, question: str, *, by: Actor, now: datetime) -> None:
    """The desk asks something, which the asker gets by mail; the same words twice in a row count once.

    Raises UnknownRequest, NotAllowed, NotPossible: also after the last date, and while a decision is still to be told,
    which is undone first.
    """
    with write_unit():
        put_question(opened(code, by), question, by=by, now=now)


def put_question(
    request: Request, question: str, *, by: Actor, now: datetime, facts: Mapping[str, Any] | None = None
) -> None:
    """The same about a locked request of somebody who may decide, inside a write unit. Raises NotPossible.

    ``facts``: how it came, where not on the page.
    """
    if _was_just_said(request, Action.ASK, question, by):
        return
    if request.decision is not None or is_past(request, now):
        raise NotPossible(request.status, Action.ASK)
    tell(request, Action.ASK, by=by, now=now, note=question, facts=dict(facts or {}))
    desk = desks.by_id(request.desk_id or 0)
    assert desk is not None, "a request refers to its desk"
    notices.question_asked(request, desk, now, question=question)


def reply(code: str, answer: str, *, by: Actor, now: datetime, visitor: Visitor) -> None:
    """The asker, or a member of the asking association, answers, or writes unasked; the same words twice count once.

    A decision that is not told yet falls: it was taken without knowing this. Raises UnknownRequest, NotAllowed,
    NotPossible: also after the last date; and TooMany, as each message is a letter to a whole desk.
    """
    with write_unit():
        request = requests.locked(code)
        if request is None:
            raise UnknownRequest
        if not may_withdraw(by, request.parties):
            raise NotAllowed
        put_reply(request, answer, by=by, now=now, visitor=visitor)


def put_reply(
    request: Request,
    answer: str,
    *,
    by: Actor,
    now: datetime,
    visitor: Visitor,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """The same inside a write unit, of a request that is locked; ``facts``: how it came, where not on the page."""
    if _was_just_said(request, Action.REPLY, answer, by):
        return
    if is_past(request, now):
        raise NotPossible(request.status, Action.REPLY)
    limits.spend(Limited.MESSAGE_FOR_ACCOUNT, str(by.account_id), now, visitor)
    is_answer = turn(event.action for event in request.events) is Turn.ASKER
    had_decided = request.decision is not None
    tell(request, Action.REPLY, by=by, now=now, note=answer, facts=dict(facts or {}))
    if had_decided:
        drop_decision(request)
        tell(request, Action.VOID, by=ANYONE, now=now)
    desk = desks.by_id(request.desk_id or 0)
    assert desk is not None, "what can be answered stands with a desk"
    notices.question_answered(request, desk, now, answer=answer, is_answer=is_answer, had_decided=had_decided)


def note(code: str, words: str, *, by: Actor, now: datetime) -> None:
    """Something only the desk reads; the same words twice in a row count once. The same exceptions as ``ask``."""
    with write_unit():
        request = opened(code, by)
        if not _was_just_said(request, Action.NOTE, words, by):
            tell(request, Action.NOTE, by=by, now=now, note=words)


def is_past(request: Request, now: datetime) -> bool:
    """Are all its dates over, so that a question would change nothing any more?"""
    return has_ended(((date.status, date.slot.ends_at) for date in request.occurrences), now)


def opened(code: str, by: Actor) -> Request:
    """A request for somebody who may decide about it, locked. Raises UnknownRequest or NotAllowed."""
    request = requests.locked(code)
    if request is None or request.desk_id is None:
        raise UnknownRequest
    check_may_decide(by, request.parties)
    return request


def _was_just_said(request: Request, action: Action, words: str, by: Actor) -> bool:
    """A form that is sent twice says nothing new."""
    said = [event for event in request.events if event.action in WORDS]
    return bool(said) and (said[-1].action, said[-1].note, said[-1].account_id) == (action, words, by.account_id)
