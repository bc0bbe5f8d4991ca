"""A series before it is sent: what each date meets in the rooms that are asked, and where it can go instead."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zalenzoeker.domain.availability import (
    ABOUT_THE_MOMENT,
    Need,
    Obstacle,
    RoomFacts,
    blocking,
    obstacles,
    queued_before,
)
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.slots import Slot, Week
from zalenzoeker.domain.taken import nearby
from zalenzoeker.domain.wanted import kilometres
from zalenzoeker.domain.ways_on import Asked, WayKind, WayOn

MOMENTS, ROOMS, PLACES = 3, 2, 2
# Of one day no more moments than this, so that another day is offered too.
OF_ONE_DAY = 2
# How far a moment of the same ISO week can lie from another, in days.
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class Met:
    """What one moment meets in each of the rooms, in their order. ``queued``: how many others asked for it before."""

    slot: Slot
    found: tuple[tuple[KnownRoom, tuple[Obstacle, ...]], ...]
    queued: int = 0

    @property
    def obstacles(self) -> list[Obstacle]:
        return [one for _room, found in self.found for one in found]

    @property
    def can_be_asked(self) -> bool:
        """Whether nothing stops it, or only what the house may set aside."""
        return not blocking(self.obstacles, asks_exception=True)

    @property
    def needs_exception(self) -> bool:
        return self.can_be_asked and bool(self.obstacles)

    @property
    def rooms_left(self) -> list[KnownRoom]:
        """The rooms that can be asked then."""
        return [room for room, found in self.found if not blocking(found, asks_exception=True)]


def meet(rooms: Sequence[KnownRoom], need: Need, facts: Mapping[int, RoomFacts], now: datetime) -> Met:
    """What a moment meets; what another moment could not mend is left to the form.

    ``facts``: by the id of the room, with what holds it around the moment.
    """
    found = tuple((room, tuple(_about_the_moment(need, facts[room.id], now))) for room in rooms)
    queued = max((queued_before(need.slot, facts[room.id].around(need.slot)) for room in rooms), default=0)
    return Met(need.slot, found, queued)


def _about_the_moment(need: Need, facts: RoomFacts, now: datetime) -> list[Obstacle]:
    return [one for one in obstacles(need, facts, now) if one.code in ABOUT_THE_MOMENT]


def moments_near(
    rooms: Sequence[KnownRoom],
    need: Need,
    facts: Mapping[int, RoomFacts],
    now: datetime,
    *,
    avoid: Collection[Slot] = (),
) -> list[Slot]:
    """Moments of the same ISO week at which all these rooms are free, the nearest first.

    ``facts`` must cover DAYS_OF_A_WEEK days before and after the moment. ``avoid``: the other dates of the series.
    """
    week = Week.of(need.slot.day)
    free: list[Slot] = []
    here = [facts[room.id] for room in rooms]
    of_day: dict[date, int] = {}
    for slot in nearby(need.slot):
        if len(free) == MOMENTS:
            break
        # Who comes in the evening does not mean the night.
        if slot.is_past_midnight and not need.slot.is_past_midnight:
            continue
        if Week.of(slot.day) != week or of_day.get(slot.day, 0) == OF_ONE_DAY:
            continue
        if any(one.around(slot) for one in here) or any(slot.overlaps(other) for other in (*free, *avoid)):
            continue
        if not any(obstacles(replace(need, slot=slot), one, now) for one in here):
            free.append(slot)
            of_day[slot.day] = of_day.get(slot.day, 0) + 1
    return free


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches of time (epoch seconds), those that touch made one, in order."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def rooms_instead(
    asked: Asked, rooms: Iterable[KnownRoom], facts: Mapping[int, RoomFacts], now: datetime
) -> list[WayOn]:
    """Other rooms of the house that are free at that moment, the smallest that fits first; then the nearest houses."""
    home, slot = asked.room, asked.need.slot
    elsewhere = replace(asked.need, is_neighbour=None, week_minutes=0)
    own, away = [], []
    for room in rooms:
        if room.id == home.id or not room.is_asked_here or not asked.is_met_by(room):
            continue
        here = facts[room.id]
        if here.around(slot) or obstacles(elsewhere, here, now):
            continue
        if room.venue_id == home.venue_id:
            own.append(WayOn(WayKind.OTHER_ROOM, room, slot))
        else:
            away.append(WayOn(WayKind.OTHER_PLACE, room, slot, kilometres(home.point, room.point)))
    own.sort(key=lambda way: (way.room.capacity or 0, way.room.code))
    away.sort(key=lambda way: (way.distance, way.room.capacity or 0, way.room.code))
    return [*own[:ROOMS], *away[:PLACES]]
