"""The waiting list: who is first in line, how long an offer lasts, and when it would come too late."""

from datetime import datetime, timedelta

from zalenzoeker.domain.requests import RequesterKind

OFFER_LASTS = timedelta(hours=48)
# Somebody must still be able to read the letter, and then to prepare the activity.
SHORTEST_OFFER = timedelta(hours=4)
OFFER_ENDS_BEFORE = timedelta(hours=24)


def priority(kind: RequesterKind, *, is_neighbour: bool) -> int:
    """The class somebody waits in, 0 first: the neighbourhood and its residents' groups, associations, persons.

    Source: stad.gent, zalen Dienst Ontmoeten en Verbinden: activities for the neighbourhood and residents' groups come
    first. Within a class, who has waited longest.
    """
    if is_neighbour or kind is RequesterKind.RESIDENTS:
        return 0
    return 2 if kind is RequesterKind.PERSON else 1


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Until when an offer made now keeps the room: two days, and a day before the start; None: too late for one."""
    # In whole minutes, so that the hold on the room ends at the very moment the offer does.
    until = min(now + OFFER_LASTS, starts_at - OFFER_ENDS_BEFORE).replace(second=0, microsecond=0)
    return until if until - now >= SHORTEST_OFFER else None


def soonest_offer(now: datetime) -> datetime:
    """What begins before this moment can be offered to nobody any more."""
    return now + SHORTEST_OFFER + OFFER_ENDS_BEFORE
