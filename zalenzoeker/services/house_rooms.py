"""What a house says of one of its rooms: a text, what is in it, how many people fit where nobody else knows."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zalenzoeker.domain.changes import Subject, check_version
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.services import changes
from zalenzoeker.services.house_texts import LONGEST_ABOUT, TooLong, of_text, tidy
from zalenzoeker.services.houses import UnknownHouse, kept
from zalenzoeker.storage import facilities, house_texts, houses, openings, rooms
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import HouseFact, Room, Venue
from zalenzoeker.storage.models.house_texts import TextName
from zalenzoeker.storage.models.rooms import CAPACITY_SEATED, CAPACITY_STANDING, FACILITY, NO_FACILITY

MOST_PEOPLE = 5000
TOLD = (CAPACITY_SEATED, CAPACITY_STANDING, FACILITY, NO_FACILITY)


class NotANumber(ValueError):
    """Not a number of people that a room can hold."""


class UnknownThing(ValueError):
    """There is no such facility, or it is said to be there and not to be there."""


@dataclass(frozen=True)
class RoomWords:
    """A room as it is from now on. ``there`` and ``absent``: slugs of facilities; of the others nobody knows.

    ``seated`` and ``standing``: people, None for unknown; where the register has a number, that one holds.
    """

    about: str = ""
    seated: int | None = None
    standing: int | None = None
    there: frozenset[str] = field(default_factory=frozenset)
    absent: frozenset[str] = field(default_factory=frozenset)

    def as_kept(self) -> dict[str, Any]:
        """In the form whose version is compared."""
        people = {"seated": self.seated, "standing": self.standing}
        return {"about": self.about, **people, **_things(self)}


def told(venue: Venue, room: Room) -> RoomWords:
    """A room as it is now, of the register and of the house; the query of ``room`` loaded its facilities."""
    facts = house_texts.facts(venue.id, room.id)
    there, absent = facilities.there_and_absent({one.slug for one in room.facilities}, facts)
    return RoomWords(
        about=house_texts.words(venue.id, room.id).get(TextName.ABOUT, ""),
        seated=room.capacity_seated or _number(facts, CAPACITY_SEATED),
        standing=room.capacity_standing or _number(facts, CAPACITY_STANDING),
        there=there,
        absent=absent,
    )


def _number(facts: Collection[HouseFact], name: str) -> int | None:
    return next((int(fact.value) for fact in facts if fact.name == name), None)


def say(venue_slug: str, room_slug: str, wanted: RoomWords, *, by: Actor, now: datetime, version: str) -> None:
    """A room is this from now on; what the register says stays in its rows. A second time changes nothing.

    ``version``: of what was looked at. Raises UnknownHouse, NotAllowed, TooLong, NotANumber, UnknownThing,
    ChangedMeanwhile.
    """
    about = tidy(wanted.about)
    if len(about) > LONGEST_ABOUT:
        raise TooLong
    if any(number is not None and not 0 < number <= MOST_PEOPLE for number in (wanted.seated, wanted.standing)):
        raise NotANumber
    with write_unit():
        venue = kept(venue_slug, by)
        openings.lock(venue.id)
        room = facilities.with_facilities(venue.id, room_slug)
        if room is None:
            raise UnknownHouse
        known = {one.slug for one in rooms.all_facilities()}
        if wanted.there & wanted.absent or not wanted.there | wanted.absent <= known:
            raise UnknownThing
        former = told(venue, room)
        new = RoomWords(
            about,
            room.capacity_seated or wanted.seated,
            room.capacity_standing or wanted.standing,
            wanted.there,
            wanted.absent | ({one.slug for one in room.facilities} - wanted.there),
        )
        if new == former:
            return
        check_version(former.as_kept(), version)
        _keep(venue, room, new)
        _log(venue, room, former, new, by, now)


def _keep(venue: Venue, room: Room, new: RoomWords) -> None:
    of_register = {one.slug for one in room.facilities}
    facts = [(FACILITY, slug) for slug in new.there - of_register] + [(NO_FACILITY, slug) for slug in new.absent]
    if new.seated and not room.capacity_seated:
        facts.append((CAPACITY_SEATED, str(new.seated)))
    if new.standing and not room.capacity_standing:
        facts.append((CAPACITY_STANDING, str(new.standing)))
    is_demo = houses.is_of_demonstration(venue.id)
    house_texts.set_facts(venue.id, room.id, TOLD, facts, is_demo=is_demo)
    house_texts.set_words(venue.id, room.id, {TextName.ABOUT: new.about}, is_demo=is_demo)


def _log(venue: Venue, room: Room, former: RoomWords, new: RoomWords, by: Actor, now: datetime) -> None:
    texts = (of_text(TextName.ABOUT, room.name, one.about) for one in (former, new))
    changes.log(venue, Subject.TEXT, *texts, by=by, now=now)
    people = ({"room": room.name, "seated": one.seated, "standing": one.standing} for one in (former, new))
    changes.log(venue, Subject.CAPACITY, *people, by=by, now=now)
    things = ({"room": room.name, **_things(one)} for one in (former, new))
    changes.log(venue, Subject.FACILITIES, *things, by=by, now=now)


def _things(words: RoomWords) -> dict[str, list[str]]:
    return {"there": sorted(words.there), "absent": sorted(words.absent)}
