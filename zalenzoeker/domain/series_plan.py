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
from zalenzoeker.domain.ways_on import Asked, can_have

MOMENTS = 3
# How many other rooms of the house are offered for a date, and how many elsewhere.
ROOMS_INSTEAD = (2, 2)
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


def one_of(asked: Asked, room: KnownRoom, slot: Slot, others: Iterable[tuple[KnownRoom, Slot]]) -> Asked:
    """One date of a series, of which ``others`` are the dates it is asked with: they use hours of the house too."""
    used = dict(asked.used)
    for where, other in others:
        key = where.venue_id, Week.of(other.day)
        used[key] = used.get(key, 0) + other.minutes
    return replace(asked, room=room, need=replace(asked.need, slot=slot), used=used)


def is_apart(room: KnownRoom, slot: Slot, others: Iterable[tuple[KnownRoom, Slot]]) -> bool:
    """Whether none of the other dates of a series takes a part of this room then, to set up and to clean included."""
    first, last = room.rules.widened(slot)
    sharing = (where.rules.widened(other) for where, other in others if set(where.space_ids) & set(room.space_ids))
    return not any(begins < last and first < ends for begins, ends in sharing)


def moments_near(
    rooms: Sequence[KnownRoom],
    asked: Asked,
    facts: Mapping[int, RoomFacts],
    now: datetime,
    *,
    avoid: Collection[tuple[KnownRoom, Slot]] = (),
) -> list[Slot]:
    """Moments of the same ISO week at which this asker can have all these rooms, the nearest first.

    ``facts`` must cover DAYS_OF_A_WEEK days before and after the moment. ``avoid``: the other dates of the series.
    """
    lost = asked.need.slot
    week = Week.of(lost.day)
    free: list[Slot] = []
    of_day: dict[date, int] = {}
    for slot in nearby(lost):
        if len(free) == MOMENTS:
            break
        # Who comes in the evening does not mean the night.
        if slot.is_past_midnight and not lost.is_past_midnight:
            continue
        if Week.of(slot.day) != week or of_day.get(slot.day, 0) == OF_ONE_DAY:
            continue
        if any(slot.overlaps(other) for other in (*free, *(other for _room, other in avoid))):
            continue
        if all(is_apart(room, slot, avoid) and can_have(asked, room, facts[room.id], now, slot) for room in rooms):
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
