"""How long things may wait: the hold on a form, the answer of a desk, the end of a request nobody answered."""

from collections.abc import Iterable
from datetime import datetime, timedelta

UNPROVED_HOLD = timedelta(minutes=15)
ANSWER_WITHIN = timedelta(days=14)
ANSWER_BEFORE_START = timedelta(days=2)
UNDO_WITHIN = timedelta(minutes=10)
PROPOSAL_LASTS = timedelta(days=5)
# Somebody must still be able to prepare the activity; where that cannot be, there is little time to answer.
PROPOSAL_ENDS_BEFORE = timedelta(days=1)
HASTY_PROPOSAL_LASTS = timedelta(hours=4)
HASTY_PROPOSAL_ENDS_BEFORE = timedelta(hours=1)
SHORTEST_PROPOSAL = timedelta(hours=1)


def hold_until(now: datetime) -> datetime:
    """Until when an unproved request keeps its room."""
    return now + UNPROVED_HOLD


def answer_by(asked_at: datetime, starts_at: datetime) -> datetime:
    """When the desk should have answered: within two weeks, and two days before the start where that comes first."""
    return max(asked_at, min(asked_at + ANSWER_WITHIN, starts_at - ANSWER_BEFORE_START))


def undo_until(now: datetime, starts: Iterable[datetime], undo_within: timedelta = UNDO_WITHIN) -> datetime:
    """Until when a decision can be undone: for ten minutes, or until the first of its dates that is to come begins."""
    return min([now + undo_within, *(moment for moment in starts if moment > now)])


def proposal_until(now: datetime, starts: Iterable[datetime]) -> datetime | None:
    """Until when a proposal made now keeps its rooms, by when its moments and those they replace begin.

    Five days, and a day before the first; at short notice four hours, and an hour before it; None: too late for one.
    """
    first = min(starts)
    until = min(now + PROPOSAL_LASTS, first - PROPOSAL_ENDS_BEFORE)
    if until - now < HASTY_PROPOSAL_LASTS:
        until = min(now + HASTY_PROPOSAL_LASTS, first - HASTY_PROPOSAL_ENDS_BEFORE)
    # In whole minutes, so that the hold on the room ends at the very moment the proposal does.
    until = until.replace(second=0, microsecond=0)
    return until if until - now >= SHORTEST_PROPOSAL - timedelta(minutes=1) else None


def is_over(ends_at: datetime, now: datetime) -> bool:
    """What has taken place cannot be withdrawn or cancelled any more."""
    return ends_at <= now
