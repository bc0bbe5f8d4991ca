"""One day of all rooms: what is free of each, and what is not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zalenzoeker.domain.availability import ABOUT_THE_CALENDAR, Obstacle
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.dayline import Held, Minutes
from zalenzoeker.domain.search import ORDER, Answer, Group, group_of_free
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import WallDay, wall_day
from zalenzoeker.domain.wanted import Judge


@dataclass(frozen=True, slots=True)
class RoomToday:
    """One room on one day. ``free``: its free stretches as they can be asked; ``is_queued``: somebody asked for one."""

    room: KnownRoom
    answer: Answer
    group: Group
    free: tuple[Slot, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    unknown: frozenset[str] = frozenset()
    distance: float | None = None
    is_queued: bool = False
    is_inaccessible: bool = False


def search_day(
    rooms: Iterable[KnownRoom], day: date, held: Mapping[int, Sequence[Held]], judge: Judge
) -> list[RoomToday]:
    """Every room in reach on one day, those with something free first. ``held`` is in order for each room."""
    wall = wall_day(day)
    found = [_today(room, wall, held.get(room.id, ()), judge) for room in rooms if judge.wanted.is_in_reach(room)]
    return sorted(found, key=_rank)


def _today(room: KnownRoom, wall: WallDay, held: Sequence[Held], judge: Judge) -> RoomToday:
    wanted = judge.wanted
    unknown, far = wanted.unknown(room), wanted.distance(room)
    if not room.is_asked_here:
        return RoomToday(room, Answer.ASK_THE_HOUSE, Group.ASK_THE_HOUSE, unknown=unknown, distance=far)
    too_small, is_inaccessible = wanted.unfit(room), wanted.is_out_of_the_question(room)
    if too_small or is_inaccessible:
        return RoomToday(room, Answer.UNFIT, Group.UNFIT, (), too_small, unknown, far, is_inaccessible=is_inaccessible)
    opened = judge.open_minutes(room, wall)
    free = judge.free_minutes(room, wall, held) if opened else []
    slots = tuple(slot for one in free if (slot := judge.slot(wall, _within_rules(one, room))))
    if not slots:
        answer = Answer.TAKEN if opened and held else Answer.CLOSED
        said = judge.says(room, any_slot) if not opened and (any_slot := judge.slot(wall, (720, 780))) else ()
        return RoomToday(room, answer, Group.NOT_THEN, (), said, unknown, far)
    said = tuple(one for one in judge.says(room, slots[0]) if one.code in ABOUT_THE_CALENDAR)
    if said:
        is_excepted = all(one.may_be_excepted for one in said)
        group = Group.BY_EXCEPTION if is_excepted else Group.NOT_THEN
        return RoomToday(room, Answer.UNFIT, group, slots if is_excepted else (), said, unknown, far)
    is_queued = any(by == TakenBy.QUEUED.value for _from, _to, by in held)
    group = group_of_free(room, wanted, unknown)
    return RoomToday(room, Answer.FREE, group, slots, (), unknown, far, is_queued)


def _within_rules(free: Minutes, room: KnownRoom) -> Minutes:
    """As much of a free stretch as can be asked at once."""
    starts, ends = free
    if room.rules.latest_end is not None:
        ends = min(ends, room.rules.latest_end)
    if room.rules.most_minutes is not None:
        ends = min(ends, starts + room.rules.most_minutes)
    return (starts, ends) if ends - starts >= (room.rules.least_minutes or 0) else (starts, starts)


def _rank(one: RoomToday) -> tuple[int, int, float, str, str]:
    room = one.room
    return ORDER[one.group], len(one.unknown), one.distance or 0.0, room.venue_name, room.name
