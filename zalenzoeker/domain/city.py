"""Everything that is known of all rooms at once, as values that do not change: what a search looks through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from zalenzoeker.domain import inside
from zalenzoeker.domain.availability import RoomFacts, Taken
from zalenzoeker.domain.places import Known, VenueKind
from zalenzoeker.domain.routing import Line
from zalenzoeker.domain.rules import HouseRules
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.domain.special_days import SpecialDays

Point = tuple[float, float]


@dataclass(frozen=True)
class KnownDiary:
    """The diary a house keeps elsewhere for a room, or for one that shares a space with it: when it was last read, and
    until when that is believed.
    """

    read_at: datetime
    until: datetime


# Compared by identity: there is one of each per snapshot, and comparing all its facts would cost more than a search.
@dataclass(frozen=True, eq=False)
class KnownRoom:
    """A room with everything that a search, a form or another proposal needs; rooms with equal rules share them.

    ``lat`` and ``lon``: only an exact point; ``centre``: of the neighbourhood, for where none is known. ``capacity``:
    people in the set-up that holds most, None when nobody knows; ``is_seated``: that set-up has tables.
    ``demo_facilities``: those that only the demonstration names. ``town``: with its postal code. ``diaries``: those of
    the house that say when this room is busy; ``is_unsure``: one of them was not read for too long, so that nothing is
    claimed of when the room is free, and the house itself is asked. ``open_hours``: of the house, or of the room
    where the house names none.
    """

    id: int
    venue_id: int
    venue_slug: str
    slug: str
    name: str
    venue_name: str
    kind: VenueKind
    neighbourhood_id: int
    neighbourhood_slug: str
    neighbourhood_name: str
    lat: float | None
    lon: float | None
    centre: Point
    is_asked_here: bool
    capacity: int | None
    facilities: frozenset[str]
    wheelchair: Known
    hours: tuple[WeeklyHours, ...]
    rules: HouseRules
    space_ids: tuple[int, ...]
    address: str
    town: str
    special: SpecialDays
    is_seated: bool = True
    is_capacity_demo: bool = False
    demo_facilities: frozenset[str] = frozenset()
    diaries: tuple[KnownDiary, ...] = ()
    is_unsure: bool = False
    open_hours: tuple[WeeklyHours, ...] = ()

    @property
    def code(self) -> str:
        """The room as addresses name it: ``venue/room``."""
        return f"{self.venue_slug}/{self.slug}"

    @property
    def point(self) -> Point:
        """Where the room is: its exact point, or the middle of its neighbourhood."""
        return self.centre if self.lat is None or self.lon is None else (self.lat, self.lon)

    @property
    def has_exact_point(self) -> bool:
        return self.lat is not None

    def buffers(self, *, takes_space: bool) -> tuple[int, int]:
        """The minutes to set up and to clean that a date takes of this room: none where it takes no space."""
        return (self.rules.setup_minutes, self.rules.cleanup_minutes) if takes_space else (0, 0)

    @cached_property
    def offers_inside(self) -> bool:
        """May activities inside the open hours of its house be asked here?"""
        return self.is_asked_here and inside.is_offered(self.rules.inside, self.kind, self.open_hours)

    def facts(self, taken: Iterable[Taken] = ()) -> RoomFacts:
        """What decides whether this room can be had, with what holds it."""
        return RoomFacts(
            is_asked_here=self.is_asked_here,
            capacity=self.capacity,
            hours=self.hours,
            rules=self.rules,
            taken=tuple(taken),
            special=self.special,
            open_hours=self.open_hours,
            offers_inside=self.offers_inside,
        )


@dataclass(frozen=True)
class KnownNeighbourhood:
    """A wijk with the middle of it."""

    slug: str
    name: str
    point: Point


@dataclass(frozen=True)
class KnownPlace:
    """A place as people may name it: its name, its street; ``is_exact``: the point is that of its door."""

    name: str
    street: str
    address: str
    point: Point
    is_exact: bool


@dataclass(frozen=True, eq=False)
class City:
    """All rooms, by the name of their place, with the words of their facilities and the neighbourhoods.

    ``routing``: the table that says which desk decides, in its order; ``city_desk_id``: who does when no line fits.
    ``until``: the first moment from which a diary that counts now does so no longer.
    """

    rooms: tuple[KnownRoom, ...]
    special: SpecialDays
    facility_names: Mapping[str, str] = field(default_factory=dict)
    neighbourhoods: tuple[KnownNeighbourhood, ...] = ()
    places: tuple[KnownPlace, ...] = ()
    routing: tuple[Line, ...] = ()
    city_desk_id: int = 0
    until: datetime | None = None

    @cached_property
    def by_id(self) -> Mapping[int, KnownRoom]:
        return {room.id: room for room in self.rooms}

    @cached_property
    def by_code(self) -> Mapping[str, KnownRoom]:
        return {room.code: room for room in self.rooms}

    @cached_property
    def rooms_of_space(self) -> Mapping[int, tuple[KnownRoom, ...]]:
        """Which rooms take a space: what takes that space takes them all."""
        of: dict[int, list[KnownRoom]] = {}
        for room in self.rooms:
            for space_id in room.space_ids:
                of.setdefault(space_id, []).append(room)
        return {space_id: tuple(rooms) for space_id, rooms in of.items()}
