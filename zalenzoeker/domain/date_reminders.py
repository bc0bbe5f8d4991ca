"""When an asker is reminded of a confirmed date, and what the link in that letter still does."""

from datetime import datetime, timedelta
from enum import StrEnum

from zalenzoeker.domain.requests import Status

REMIND_BEFORE = timedelta(days=7)


class ReleaseState(StrEnum):
    """OPEN: the date can be given up. GONE: it was, whichever way. MOVED: it has another moment now. PAST: it began."""

    OPEN = "open"
    GONE = "gone"
    MOVED = "moved"
    PAST = "past"


def is_due(starts_at: datetime, confirmed_at: datetime, now: datetime) -> bool:
    """A week before it begins; what was confirmed later than that was told of so lately that nobody forgot it."""
    remind_at = starts_at - REMIND_BEFORE
    return confirmed_at <= remind_at <= now < starts_at


def state_of(status: Status, *, is_same_moment: bool, starts_at: datetime, now: datetime) -> ReleaseState:
    """``is_same_moment``: it begins when the letter said."""
    if status is not Status.APPROVED:
        return ReleaseState.GONE
    if not is_same_moment:
        return ReleaseState.MOVED
    return ReleaseState.PAST if starts_at <= now else ReleaseState.OPEN
