"""Reads the facts of every room, in as many queries as there are tables of them, however many rooms there are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from zalenzoeker.domain.city import City, KnownDiary, KnownNeighbourhood, KnownPlace, KnownRoom
from zalenzoeker.domain.places import House, Known, Unit, is_asked_here
from zalenzoeker.domain.rules import HouseRules, Rule, rules_for_room
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays
from zalenzoeker.storage import desks, models
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Diary,
    Facility,
    HouseFact,
    Neighbourhood,
    Opening,
    Room,
    RoomFacility,
    RoomSpace,
    RoutingLine,
    RuleLine,
    Venue,
)
from zalenzoeker.storage.models.rooms import (
    CAPACITY_SEATED,
    CAPACITY_STANDING,
    FACILITY,
    JOINED,
    NO_FACILITY,
    WHEELCHAIR,
)

Lines = dict[Any, list[tuple[Any, ...]]]


def read(now: datetime) -> City:
    """All rooms as the database knows them now; ``now`` tells which diaries are believed."""
    known = _Known(now)
    query = (
        select(Room, Venue, Neighbourhood)
        .join(Venue, Room.venue_id == Venue.id)
        .join(Neighbourhood, Venue.neighbourhood_id == Neighbourhood.id)
        .order_by(Venue.name, Room.name, Room.id)
    )
    rooms = tuple(_room(*row, known) for row in db.session.execute(query))
    names = select(Facility.slug, Facility.name).order_by(Facility.group, Facility.name)
    facilities = dict(iter(db.session.execute(names)))
    lines = db.session.scalars(select(RoutingLine).order_by(RoutingLine.position, RoutingLine.id))
    routing = tuple(row.line for row in lines)
    return City(
        rooms, known.special, facilities, _neighbourhoods(), _places(), routing, desks.city_id() or 0, known.until
    )


class _Known:
    """What stands in the other tables, by the row it belongs to; equal rules and hours are kept once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        fact, opening, line = HouseFact, Opening, RuleLine
        self.special = _special_days()
        self.told = _grouped(select(fact.venue_id, fact.room_id, fact.name, fact.value, fact.is_demo).order_by(fact.id))
        self.openings = _grouped(
            select(opening.venue_id, opening.room_id, opening.weekday, opening.from_minute, opening.to_minute).order_by(
                opening.weekday, opening.from_minute
            )
        )
        self.facilities = _grouped(
            select(RoomFacility.room_id, Facility.slug).join(Facility, RoomFacility.facility_id == Facility.id)
        )
        self.spaces = _grouped(select(RoomSpace.room_id, RoomSpace.space_id).order_by(RoomSpace.space_id))
        self.lines = _grouped(
            select(line.venue_id, line.room_id, line.name, line.value, line.source).order_by(line.is_own, line.id)
        )
        self.diaries = _diaries(self.spaces)
        ends = [one.until for of_space in self.diaries.values() for one in of_space if now < one.until]
        self.until = min(ends, default=None)
        self.rules: dict[str, HouseRules] = {}
        self.weeks: dict[tuple[WeeklyHours, ...], tuple[WeeklyHours, ...]] = {}

    def rules_of(self, room: Room) -> HouseRules:
        """The rules of a room: its own lines, those of its place, those of the city."""
        lines = [Rule(*line, False, False) for _room, *line in self.lines.get(None, [])]
        for room_id, *line in self.lines.get(room.venue_id, []):
            if room_id in (None, room.id):
                lines.append(Rule(*line, True, room_id is not None))
        return self.rules.setdefault(repr(lines), rules_for_room(lines))

    def hours_of(self, room: Room) -> tuple[WeeklyHours, ...]:
        """The hours of a room: its own where it has any, else those of the house."""
        lines = self.openings.get(room.venue_id, [])
        own = [line for line in lines if line[0] == room.id] or [line for line in lines if line[0] is None]
        week = tuple(WeeklyHours(*minutes) for _room, *minutes in own)
        return self.weeks.setdefault(week, week)

    def open_hours_of(self, room: Room) -> tuple[WeeklyHours, ...]:
        """The open hours of the house; where it gives none, those of the room."""
        lines = self.openings.get(room.venue_id, [])
        week = tuple(WeeklyHours(*minutes) for room_id, *minutes in lines if room_id is None)
        return self.weeks.setdefault(week, week) or self.hours_of(room)


def _room(room: Room, venue: Venue, neighbourhood: Neighbourhood, known: _Known) -> KnownRoom:
    of_venue = known.told.get(venue.id, [])
    told = [fact for room_id, *fact in of_venue if room_id == room.id]
    house = House(venue.kind, venue.operator, venue.managed_by, any(name == JOINED for _room, name, *_ in of_venue))
    own = frozenset(slug for (slug,) in known.facilities.get(room.id, []))
    absent = frozenset(value for name, value, _is_demo in told if name == NO_FACILITY)
    also = frozenset(value for name, value, _is_demo in told if name == FACILITY)
    accessible = [value for room_id, name, value, _is_demo in of_venue if name == WHEELCHAIR and room_id is None]
    capacity, is_seated, is_demo = _capacity(room, told)
    space_ids = tuple(space_id for (space_id,) in known.spaces.get(room.id, []))
    diaries = tuple(dict.fromkeys(one for space_id in space_ids for one in known.diaries.get(space_id, ())))
    is_unsure = any(one.until <= known.now for one in diaries)
    return KnownRoom(
        id=room.id,
        venue_id=venue.id,
        venue_slug=venue.slug,
        slug=room.slug,
        name=room.name,
        venue_name=venue.name,
        kind=venue.kind,
        neighbourhood_id=neighbourhood.id,
        neighbourhood_slug=neighbourhood.slug,
        neighbourhood_name=neighbourhood.name,
        lat=venue.lat if venue.has_exact_point else None,
        lon=venue.lon if venue.has_exact_point else None,
        centre=(neighbourhood.lat, neighbourhood.lon),
        is_asked_here=is_asked_here(house, Unit(room.unit)) and not is_unsure,
        capacity=capacity,
        facilities=(own | also) - absent,
        wheelchair=Known(accessible[0]) if accessible else venue.wheelchair,
        hours=known.hours_of(room),
        open_hours=known.open_hours_of(room),
        rules=known.rules_of(room),
        space_ids=space_ids,
        address=venue.address,
        town=f"{venue.postal_code} {venue.city}".strip(),
        special=known.special,
        is_seated=is_seated,
        is_capacity_demo=is_demo,
        demo_facilities=frozenset(value for name, value, is_demo in told if name == FACILITY and is_demo)
        - own
        - absent,
        diaries=diaries,
        is_unsure=is_unsure,
    )


def _capacity(room: Room, told: Sequence[Sequence[Any]]) -> tuple[int | None, bool, bool]:
    """How many people fit in the set-up that holds most, whether they sit, and whether the demonstration says so."""
    known = {CAPACITY_SEATED: (room.capacity_seated, False), CAPACITY_STANDING: (room.capacity_standing, False)}
    for name, value, is_demo in told:
        if name in known and known[name][0] is None:
            known[name] = (int(value), is_demo)
    sizes = [(size, name == CAPACITY_SEATED, is_demo) for name, (size, is_demo) in known.items() if size is not None]
    return max(sizes, default=(None, True, False))


def _grouped(query: Select[Any]) -> Lines:
    """Rows by their first column, without it."""
    found: Lines = {}
    for first, *rest in db.session.execute(query):
        found.setdefault(first, []).append(tuple(rest))
    return found


def _diaries(spaces: Lines) -> dict[int, list[KnownDiary]]:
    """The diaries that were read, by the space they speak of: what fills one room fills all that share a space."""
    found: dict[int, list[KnownDiary]] = {}
    for diary in db.session.scalars(select(Diary).where(Diary.read_at.is_not(None)).order_by(Diary.id)):
        if diary.read_at is not None and diary.counts_until is not None:
            for (space_id,) in spaces.get(diary.room_id, []):
                found.setdefault(space_id, []).append(KnownDiary(diary.read_at, diary.counts_until))
    return found


def _special_days() -> SpecialDays:
    row = models.SpecialDay
    query = select(row.kind, row.name, row.first_day, row.last_day, row.source).order_by(row.first_day, row.id)
    return SpecialDays(tuple(SpecialDay(*line) for line in db.session.execute(query)))


def _neighbourhoods() -> tuple[KnownNeighbourhood, ...]:
    query = select(Neighbourhood.slug, Neighbourhood.name, Neighbourhood.lat, Neighbourhood.lon)
    lines = db.session.execute(query.order_by(Neighbourhood.name))
    return tuple(KnownNeighbourhood(slug, name, (lat, lon)) for slug, name, lat, lon in lines)


def _places() -> tuple[KnownPlace, ...]:
    query = select(Venue, Neighbourhood.lat, Neighbourhood.lon).join(
        Neighbourhood, Venue.neighbourhood_id == Neighbourhood.id
    )
    return tuple(
        KnownPlace(
            name=venue.name,
            street=venue.street,
            address=venue.address,
            point=(lat, lon) if venue.lat is None or venue.lon is None else (venue.lat, venue.lon),
            is_exact=venue.has_exact_point,
        )
        for venue, lat, lon in db.session.execute(query.order_by(Venue.name))
    )
