"""A no never ends in nothing: other moments here, other rooms of the house, the nearest place that offers the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from zalenzoeker.domain.availability import Need, Taken, free_moments, obstacles, queued_before
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.search import kilometres
from zalenzoeker.domain.slots import Slot

MOMENTS, ROOMS, PLACES = 4, 3, 3


class WayKind(StrEnum):
    """How a way on differs from what was asked."""

    OTHER_TIME = "other_time"
    OTHER_ROOM = "other_room"
    OTHER_PLACE = "other_place"


@dataclass(frozen=True)
class WayOn:
    """A room and a moment that can be asked now; ``distance``: kilometres from what was asked."""

    kind: WayKind
    room: KnownRoom
    slot: Slot
    distance: float = 0.0


@dataclass(frozen=True)
class Asked:
    """What was asked: the room, what is needed of it, and the facilities (slugs) that must be there."""

    room: KnownRoom
    need: Need
    facilities: frozenset[str] = frozenset()

    @property
    def people(self) -> int | None:
        """How many must fit: who told no number wants a room as large as the one they asked."""
        return self.need.people or self.room.capacity

    def is_met_by(self, room: KnownRoom) -> bool:
        """Whether another room is known to hold as many people, to have what is needed and to be as accessible."""
        fits = self.people is None or (room.capacity is not None and room.capacity >= self.people)
        is_accessible = self.room.wheelchair is not Known.YES or room.wheelchair is Known.YES
        return fits and is_accessible and self.facilities <= room.facilities


def ways_on(
    asked: Asked,
    rooms: Iterable[KnownRoom],
    taken: Callable[[KnownRoom], Sequence[Taken]],
    now: datetime,
) -> list[WayOn]:
    """What can be asked instead, best first: the same room, the same house, then the nearest house.

    ``taken`` gives what holds a room: of the asked room DAYS_AROUND days around the slot, of others at the slot.
    """
    home, slot = asked.room, asked.need.slot
    found = []
    if home.is_asked_here:
        moments = free_moments(slot, home.facts(taken(home)), now, limit=MOMENTS, need=asked.need)
        found = [WayOn(WayKind.OTHER_TIME, home, moment) for moment in moments]
    candidates = [room for room in rooms if room.id != home.id and room.is_asked_here and asked.is_met_by(room)]
    others = [room for room in candidates if _is_free(asked.need, room, taken, now)]
    own = [room for room in others if room.venue_id == home.venue_id]
    found += [WayOn(WayKind.OTHER_ROOM, room, slot) for room in sorted(own, key=_size)[:ROOMS]]
    away = [
        WayOn(WayKind.OTHER_PLACE, room, slot, kilometres(home.point, room.point))
        for room in others
        if room.venue_id != home.venue_id
    ]
    return [*found, *sorted(away, key=lambda way: (way.distance, _size(way.room)))[:PLACES]]


def _is_free(need: Need, room: KnownRoom, taken: Callable[[KnownRoom], Sequence[Taken]], now: datetime) -> bool:
    facts = room.facts(taken(room))
    # Whether somebody is of the neighbourhood, and what they use already, was judged for the first house only.
    elsewhere = replace(need, is_neighbour=None, week_minutes=0)
    return not obstacles(elsewhere, facts, now) and not queued_before(need.slot, facts.around(need.slot))


def _size(room: KnownRoom) -> tuple[int, str]:
    return room.capacity or 0, room.code
