"""How long things may wait: the hold on a form, the answer of a desk, the end of a request nobody answered."""

from datetime import datetime, timedelta

UNPROVED_HOLD = timedelta(minutes=15)
ANSWER_WITHIN = timedelta(days=14)
ANSWER_BEFORE_START = timedelta(days=2)


def hold_until(now: datetime) -> datetime:
    """Until when an unproved request keeps its room."""
    return now + UNPROVED_HOLD


def answer_by(asked_at: datetime, starts_at: datetime) -> datetime:
    """When the desk should have answered: within two weeks, and two days before the start where that comes first."""
    return max(asked_at, min(asked_at + ANSWER_WITHIN, starts_at - ANSWER_BEFORE_START))


def is_over(ends_at: datetime, now: datetime) -> bool:
    """What has taken place cannot be withdrawn or cancelled any more."""
    return ends_at <= now
