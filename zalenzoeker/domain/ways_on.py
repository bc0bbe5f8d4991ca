"""A no never ends in nothing: other moments here, other rooms of the house, the nearest place that offers the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from zalenzoeker.domain.availability import Need, RoomFacts, is_within_hours, obstacles
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.inside import is_within
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.slots import Slot, Week
from zalenzoeker.domain.taken import Taken, nearby
from zalenzoeker.domain.wanted import kilometres

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
    """What was asked: the room, what is needed of it, and the facilities (slugs) that must be there.

    ``neighbourhood``: the slug of the one the asker comes from, empty for none, None where nobody knows. ``used``: the
    minutes they have already, per place (id) and week.
    """

    room: KnownRoom
    need: Need
    facilities: frozenset[str] = frozenset()
    neighbourhood: str | None = None
    used: Mapping[tuple[int, Week], int] = field(default_factory=dict)

    @property
    def people(self) -> int | None:
        """How many must fit: who told no number wants a room as large as the one they asked."""
        return self.need.people or self.room.capacity

    def is_met_by(self, room: KnownRoom) -> bool:
        """Whether another room is known to hold as many people, to have what is needed and to be as accessible."""
        fits = self.people is None or (room.capacity is not None and room.capacity >= self.people)
        is_accessible = self.room.wheelchair is not Known.YES or room.wheelchair is Known.YES
        return fits and is_accessible and self.facilities <= room.facilities

    def need_of(self, room: KnownRoom, slot: Slot) -> Need:
        """The same need in another room, or at another moment."""
        return replace(
            self.need,
            slot=slot,
            is_neighbour=is_neighbour(self.need.kind, self.neighbourhood, room),
            week_minutes=self.used.get((room.venue_id, Week.of(slot.day)), 0),
        )


def is_neighbour(kind: RequesterKind | None, neighbourhood: str | None, room: KnownRoom) -> bool | None:
    """Does the asker belong to the neighbourhood of this room? A residents' group that names none does.

    None where it is not known of which neighbourhood they are.
    """
    if kind is RequesterKind.RESIDENTS and not neighbourhood:
        return True
    return None if neighbourhood is None else neighbourhood == room.neighbourhood_slug


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
        moments = free_moments(
            slot,
            home.facts(taken(home)),
            now,
            limit=MOMENTS,
            need=asked.need_of(home, slot),
            week_minutes=lambda moment: asked.need_of(home, moment).week_minutes,
        )
        found = [WayOn(WayKind.OTHER_TIME, home, moment) for moment in moments]
    return [*found, *rooms_instead(asked, rooms, lambda room: room.facts(taken(room)), now)]


def rooms_instead(
    asked: Asked,
    rooms: Iterable[KnownRoom],
    facts: Callable[[KnownRoom], RoomFacts],
    now: datetime,
    *,
    most: tuple[int, int] = (ROOMS, PLACES),
) -> list[WayOn]:
    """Other rooms that this asker can have at that moment: of the house, the smallest first; then the nearest houses.

    ``facts`` gives what is known of a room, with what holds it at the moment. ``most``: how many rooms of the house,
    and how many elsewhere.
    """
    home, slot = asked.room, asked.need.slot
    candidates = [room for room in rooms if room.id != home.id and room.is_asked_here and asked.is_met_by(room)]
    others = [room for room in candidates if can_have(asked, room, facts(room), now)]
    own = sorted((room for room in others if room.venue_id == home.venue_id), key=_size)
    away = [
        WayOn(WayKind.OTHER_PLACE, room, slot, kilometres(home.point, room.point))
        for room in others
        if room.venue_id != home.venue_id
    ]
    away.sort(key=lambda way: (way.distance, _size(way.room)))
    return [*(WayOn(WayKind.OTHER_ROOM, room, slot) for room in own[: most[0]]), *away[: most[1]]]


def can_have(asked: Asked, room: KnownRoom, facts: RoomFacts, now: datetime, slot: Slot | None = None) -> bool:
    """Whether this asker can ask for a room, and nobody stands in a queue for it. ``slot``: another moment."""
    slot = slot or asked.need.slot
    # What is in the way of most is looked at first, because judging it in full takes longer.
    is_free = not (asked.need.takes_space and facts.around(slot))
    return is_free and not obstacles(asked.need_of(room, slot), facts, now)


def _size(room: KnownRoom) -> tuple[int, str]:
    return room.capacity or 0, room.code


def free_moments(
    lost: Slot,
    facts: RoomFacts,
    now: datetime,
    *,
    limit: int = 4,
    need: Need | None = None,
    week_minutes: Callable[[Slot], int] | None = None,
) -> list[Slot]:
    """Moments of the same length around a lost one at which nothing is in the way, nearest first.

    ``facts.taken`` must cover DAYS_AROUND days before and after the lost slot. ``need``: who asks and for what, where
    that is known; ``week_minutes``: what they have already in the week of a moment. A moment somebody else waits for in
    a queue is not offered.
    """
    free: list[Slot] = []
    for slot in nearby(lost):
        if len(free) == limit:
            break
        # What is in the way of most is looked at first, because saying it in full takes longer.
        if any(slot.overlaps(other) for other in free) or not _is_possible(slot, facts, need):
            continue
        asked = replace(need, slot=slot) if need else Need(slot)
        if week_minutes:
            asked = replace(asked, week_minutes=week_minutes(slot))
        if not obstacles(asked, facts, now):
            free.append(slot)
    return free


def _is_possible(slot: Slot, facts: RoomFacts, need: Need | None) -> bool:
    if need is not None and not need.takes_space:
        return is_within(slot, facts.open_hours)
    return not facts.around(slot) and is_within_hours(slot, facts)
