"""What the clock does: each round ends what has lasted too long, every step exactly once."""

from datetime import datetime

from zalenzoeker.domain.deadlines import UNPROVED_HOLD
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import Action, NotPossible
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import notices, programme
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import step
from zalenzoeker.storage import desks, limits, occupancy, requests
from zalenzoeker.storage.db import write_unit


def tick(now: datetime) -> None:
    """One round: forms nobody proved, requests nobody answered, own programme further ahead, old attempts."""
    for code in requests.lapsed(before=now - UNPROVED_HOLD):
        _lapse(code, now)
    for code in requests.unanswered(epoch(now)):
        _expire(code, now)
    programme.write_out(now)
    with write_unit():
        limits.forget_before(now - limits.longest_window())


def beat(now: datetime) -> None:
    """Tell that the worker is alive."""
    with write_unit():
        limits.beat("worker", now)


def _lapse(code: str, now: datetime) -> None:
    with write_unit():
        request = requests.for_change(code)
        if request is None:
            return
        try:
            step(request, Action.LAPSE, by=ANYONE, now=now)
        except NotPossible:
            # Somebody proved it a moment ago.
            return
        occupancy.release([date.id for date in request.occurrences])


def _expire(code: str, now: datetime) -> None:
    with write_unit():
        request = requests.for_change(code)
        if request is None:
            return
        try:
            step(request, Action.EXPIRE, by=ANYONE, now=now)
        except NotPossible:
            # Somebody decided a moment ago.
            return
        free_dates(request, now)
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk is not None:
            notices.request_expired(request, desk, now)
