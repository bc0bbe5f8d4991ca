"""Calendars for some eyes only: whose they are, which dates stand in them, and when their address ends."""

from datetime import datetime
from enum import StrEnum

from zalenzoeker.domain.requests import Status


class FeedOf(StrEnum):
    """Whose bookings a private calendar shows: somebody's and their groups', of one group, or those of a desk."""

    PERSON = "person"
    ASSOCIATION = "association"
    DESK = "desk"


# Own calendars hold what is certain; a desk sees what waits for it as well, so that nobody forgets that it may come.
STANDS: dict[FeedOf, frozenset[Status]] = {
    FeedOf.PERSON: frozenset({Status.APPROVED}),
    FeedOf.ASSOCIATION: frozenset({Status.APPROVED}),
    FeedOf.DESK: frozenset({Status.APPROVED, Status.REQUESTED}),
}
TENTATIVE = frozenset({Status.REQUESTED})


def is_alive(of: FeedOf, made_at: datetime, belongs_since: datetime | None) -> bool:
    """Whether an address still opens its calendar: its maker must belong to the group or the desk without a break.

    ``belongs_since``: since when they belong to it now, None for who does not. Who comes back makes a new address.
    """
    return of is FeedOf.PERSON or (belongs_since is not None and belongs_since <= made_at)
