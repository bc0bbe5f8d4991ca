"""What is in a room and what is not, of the register and of the house."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from zalenzoeker.domain.places import Known
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import HouseFact, Room, Venue
from zalenzoeker.storage.models.rooms import FACILITY, NO_FACILITY


def there_and_absent(
    of_register: Collection[str], told: Collection[HouseFact]
) -> tuple[frozenset[str], frozenset[str]]:
    """What is in a room and what is not, by slug: what the house tells goes before what the register names."""
    absent = frozenset(fact.value for fact in told if fact.name == NO_FACILITY)
    return frozenset(of_register).union(fact.value for fact in told if fact.name == FACILITY) - absent, absent


def access(venue: Venue, slugs: Collection[str]) -> dict[str, Known]:
    """Whether a place has something in one of its rooms; no, only where a house says so and none has it."""
    told = [
        there_and_absent({one.slug for one in room.facilities}, [one for one in venue.facts if one.room_id == room.id])
        for room in venue.rooms
    ]
    there, absent = (frozenset().union(*(pair[number] for pair in told)) for number in (0, 1))
    return {slug: Known.YES if slug in there else Known.NO if slug in absent else Known.UNKNOWN for slug in slugs}


def with_facilities(venue_id: int, slug: str) -> Room | None:
    """A room of a place with what the register names in it."""
    query = select(Room).where(Room.venue_id == venue_id, Room.slug == slug).options(selectinload(Room.facilities))
    return db.session.scalar(query)
