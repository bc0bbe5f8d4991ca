"""What a desk decides: approve, refuse, cancel."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import Actor, check_may_decide
from zalenzoeker.domain.requests import NEEDS_A_REASON, Action, NotPossible, after
from zalenzoeker.services import notices
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import step
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import desks, occupancy, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Desk, Request


class ReasonNeeded(ValueError):
    """This decision needs words: a reason for a no, a note for a rule that is set aside."""


class ChangedMeanwhile(Exception):
    """The request is no longer what the decider saw."""


def approve(code: str, *, by: Actor, now: datetime, version: int, note: str = "") -> None:
    """The room is theirs. ``note``: a word with it, needed when a rule is set aside.

    Raises UnknownRequest, NotAllowed, NotPossible, ChangedMeanwhile, ReasonNeeded.
    """
    with _decision(code, Action.APPROVE, by=by, now=now, version=version, note=note) as (request, desk):
        if request.exceptions and not note:
            raise ReasonNeeded
        for date in request.occurrences:
            date.was_confirmed = True
            date.changed_at = now
            occupancy.keep(date.id, by=TakenBy.BOOKING)
        notices.request_approved(request, desk, now)


def refuse(code: str, *, by: Actor, now: datetime, version: int, note: str) -> None:
    """No, with the reason. Raises what ``approve`` raises."""
    with _decision(code, Action.REFUSE, by=by, now=now, version=version, note=note) as (request, desk):
        free_dates(request, now)
        notices.request_refused(request, desk, now)


def cancel(code: str, *, by: Actor, now: datetime, version: int, note: str) -> None:
    """What was approved falls away, with the reason. Raises what ``approve`` raises."""
    with _decision(code, Action.CANCEL, by=by, now=now, version=version, note=note) as (request, desk):
        free_dates(request, now)
        notices.request_cancelled(request, desk, now)


@contextmanager
def _decision(
    code: str, action: Action, *, by: Actor, now: datetime, version: int, note: str
) -> Iterator[tuple[Request, Desk]]:
    """What every decision has in common: the right people, the state they saw, words where needed, the timeline."""
    with write_unit():
        request = requests.for_change(code)
        if request is None or request.desk_id is None:
            raise UnknownRequest
        check_may_decide(by, request.parties)
        after(request.status, action)
        if is_over(request.first.slot.ends_at, now):
            raise NotPossible(request.status, action)
        if request.version != version:
            raise ChangedMeanwhile
        if action in NEEDS_A_REASON and not note:
            raise ReasonNeeded
        desk = desks.by_id(request.desk_id)
        assert desk is not None, "a request refers to its desk"
        request.decision_note = note
        step(request, action, by=by, now=now, note=note)
        yield request, desk
