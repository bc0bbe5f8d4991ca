"""How long things may wait: the hold on a form, the answer of a desk, the end of a request nobody answered."""

from collections.abc import Iterable
from datetime import datetime, timedelta

UNPROVED_HOLD = timedelta(minutes=15)
ANSWER_WITHIN = timedelta(days=14)
ANSWER_BEFORE_START = timedelta(days=2)
UNDO_WITHIN = timedelta(minutes=10)


def hold_until(now: datetime) -> datetime:
    """Until when an unproved request keeps its room."""
    return now + UNPROVED_HOLD


def answer_by(asked_at: datetime, starts_at: datetime) -> datetime:
    """When the desk should have answered: within two weeks, and two days before the start where that comes first."""
    return max(asked_at, min(asked_at + ANSWER_WITHIN, starts_at - ANSWER_BEFORE_START))


def undo_until(now: datetime, starts: Iterable[datetime], undo_within: timedelta = UNDO_WITHIN) -> datetime:
    """Until when a decision can be undone: for ten minutes, or until the first of its dates that is to come begins."""
    return min([now + undo_within, *(moment for moment in starts if moment > now)])


def is_over(ends_at: datetime, now: datetime) -> bool:
    """What has taken place cannot be withdrawn or cancelled any more."""
    return ends_at <= now
