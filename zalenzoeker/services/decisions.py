"""What a desk decides: approve, refuse, cancel."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import Actor, check_may_decide
from zalenzoeker.domain.requests import NEEDS_A_REASON, Action, NotPossible, Status, may_follow
from zalenzoeker.services import giving, notices, queueing, waiting
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import step
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import desks, occupancy, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Desk, Occurrence, Request


class ChangedMeanwhile(Exception):
    """Somebody else changed the request after this page was opened."""


class ReasonNeeded(Exception):
    """This cannot be decided without words: a no, the end of a booking, an exception to a rule."""


class NoLongerFree(Exception):
    """Something else stands in the room now, so this request, which only stood in a queue, cannot have it."""


@dataclass(frozen=True)
class _Case:
    """What a decision is about: the request, its desk, and the dates that moved."""

    request: Request
    desk: Desk
    dates: list[Occurrence]


def approve(code: str, *, by: Actor, now: datetime, version: int, note: str = "") -> None:
    """Yes to every date that waits. What breaks a rule needs a note, which stays on the timeline.

    Raises UnknownRequest, NotAllowed, NotPossible, ChangedMeanwhile, ReasonNeeded, NoLongerFree.
    """
    try:
        with _decision(code, Action.APPROVE, by=by, now=now, version=version, note=note) as case:
            if case.request.exceptions and not note:
                raise ReasonNeeded
            given = giving.give(case.request, case.dates, now)
            queueing.answer_the_rest(given, now)
            notices.request_approved(case.request, case.desk, now, dates=given)
    except occupancy.AlreadyTaken:
        raise NoLongerFree from None
    # A date that moved left its old moment.
    waiting.serve(now)


def refuse(code: str, *, by: Actor, now: datetime, version: int, note: str) -> None:
    """No, with the reason, to every date that waits; a date that only wanted to move stays as it was.

    Raises what ``approve`` raises.
    """
    with _decision(code, Action.REFUSE, by=by, now=now, version=version, note=note) as case:
        free_dates(case.dates)
        notices.request_refused(case.request, case.desk, now, dates=case.dates)
    waiting.serve(now)


def cancel(code: str, *, by: Actor, now: datetime, version: int, note: str) -> None:
    """What was approved and is still to come falls away, with the reason. Raises what ``approve`` raises."""
    with _decision(code, Action.CANCEL, by=by, now=now, version=version, note=note) as case:
        free_dates(case.dates)
        notices.request_cancelled(case.request, case.desk, now, dates=case.dates)
    waiting.serve(now)


@contextmanager
def _decision(code: str, action: Action, *, by: Actor, now: datetime, version: int, note: str) -> Iterator[_Case]:
    """What every decision has in common: the right people, the state they saw, words where needed, the timeline."""
    with write_unit():
        request = requests.locked(code)
        if request is None or request.desk_id is None:
            raise UnknownRequest
        check_may_decide(by, request.parties)
        to_come = [
            date for date in request.occurrences if may_follow(date.status, action) and not _is_over(date, request, now)
        ]
        if not to_come:
            raise NotPossible(request.status, action)
        if request.version != version:
            raise ChangedMeanwhile
        if action in NEEDS_A_REASON and not note:
            raise ReasonNeeded
        desk = desks.by_id(request.desk_id)
        assert desk is not None, "a request refers to its desk"
        request.decision_note = note
        asked = [date for date in request.occurrences if date.replaces_id and date.status is Status.REQUESTED]
        if action is Action.CANCEL and asked:
            # With the dates themselves falls what they would have become.
            free_dates(step(request, Action.REFUSE, by=by, now=now, note=note, dates=asked))
        facts = {"overruled": request.exceptions} if action is Action.APPROVE and request.exceptions else None
        moved = step(request, action, by=by, now=now, note=note, dates=to_come, facts=facts)
        yield _Case(request, desk, moved)


def _is_over(date: Occurrence, request: Request, now: datetime) -> bool:
    """Is it too late to decide? Another moment for a date that has begun already is void."""
    former = next((one for one in request.occurrences if one.id == date.replaces_id), None)
    return is_over(date.slot.ends_at, now) or (former is not None and is_over(former.slot.starts_at, now))
