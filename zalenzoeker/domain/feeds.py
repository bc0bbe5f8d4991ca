"""Of which dates calendars and the agenda tell, and for how long of those that fell away."""

from datetime import UTC, date, datetime, timedelta

from zalenzoeker.domain.programme import midnight
from zalenzoeker.domain.requests import Status

BACK, AHEAD = timedelta(days=60), timedelta(days=548)
# Long enough for a calendar that is opened once a month to take away what it has.
CANCELLED_STAYS = timedelta(days=30)
# What was confirmed and is so no more.
FELL_AWAY = (Status.CANCELLED, Status.WITHDRAWN)


def span(today: date) -> tuple[int, int]:
    """Of which dates a feed tells, in epoch seconds: whole days, so that it changes by itself once a day at most."""
    return midnight(today - BACK), midnight(today + AHEAD)


def since(today: date) -> datetime:
    """Since when something fell away that is still shown."""
    return datetime.fromtimestamp(midnight(today - CANCELLED_STAYS), UTC)
