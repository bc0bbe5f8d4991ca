"""Looking through all rooms for a moment: one answer for each of them, and in which order they are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zalenzoeker.domain.availability import Obstacle
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.dayline import Held, nearest
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import WallDay, wall_day
from zalenzoeker.domain.wanted import Asked, Judge, Wanted

# A room that holds at least this share of the people is nearly large enough: with some standing, it may do.
NEARLY = 0.75


class Answer(StrEnum):
    """What a room says to a wish. Every room says exactly one of these.

    REQUESTED: somebody asked before you, and this house lets you ask too. ASK_THE_HOUSE: it is not asked here, and
    nobody knows whether it is free.
    """

    FREE = "free"
    REQUESTED = "requested"
    TAKEN = "taken"
    CLOSED = "closed"
    UNFIT = "unfit"
    ASK_THE_HOUSE = "ask_the_house"


class Group(StrEnum):
    """The groups in which rooms are shown, best first; each says what we know and what we do not."""

    FITS = "fits"
    PARTLY_KNOWN = "partly_known"
    SIZE_UNKNOWN = "size_unknown"
    NEARLY_FITS = "nearly_fits"
    BY_EXCEPTION = "by_exception"
    OTHER_HOUR = "other_hour"
    NOT_THEN = "not_then"
    UNFIT = "unfit"
    ASK_THE_HOUSE = "ask_the_house"


QUEUED, CLOSURE = TakenBy.QUEUED.value, TakenBy.CLOSURE.value
CAN_BE_ASKED = frozenset({Answer.FREE, Answer.REQUESTED})


@dataclass(frozen=True, slots=True)
class Found:
    """One room's answer. ``in_the_way``: what holds it then; ``obstacles``: what its rules and hours say.

    ``other``: the nearest free moment of the same length on that day; ``unknown``: see ``Wanted.unknown``.
    """

    room: KnownRoom
    answer: Answer
    group: Group
    slot: Slot | None = None
    obstacles: tuple[Obstacle, ...] = ()
    in_the_way: tuple[Held, ...] = ()
    other: Slot | None = None
    unknown: frozenset[str] = frozenset()
    distance: float | None = None
    is_inaccessible: bool = False

    @property
    def may_be_excepted(self) -> bool:
        """Whether it can be asked as an exception: nothing but rules for which this house allows that."""
        return (
            self.answer is Answer.UNFIT and bool(self.obstacles) and all(one.may_be_excepted for one in self.obstacles)
        )


def answer(room: KnownRoom, wall: WallDay, held: Sequence[Held], judge: Judge) -> Found:
    """What one room says to the wish on one day. ``held``: what holds it that day and night, in order."""
    wanted = judge.wanted
    far, unknown = wanted.distance(room), wanted.unknown(room)
    if not room.is_asked_here:
        return Found(room, Answer.ASK_THE_HOUSE, Group.ASK_THE_HOUSE, unknown=unknown, distance=far)
    asked = judge.asked(room, wall)
    slot, said = asked.slot, asked.said
    if slot is None:
        return Found(room, Answer.CLOSED, Group.NOT_THEN, unknown=unknown, distance=far)
    in_the_way, is_queued = overlapping(asked, held)
    state = answer_of(asked, in_the_way, is_queued=is_queued)
    other = None
    if is_inaccessible := wanted.is_out_of_the_question(room):
        state, group = Answer.UNFIT, Group.UNFIT
    elif too_small := wanted.unfit(room):
        is_near = state in CAN_BE_ASKED and (room.capacity or 0) >= NEARLY * (wanted.people or 0)
        state, group = Answer.UNFIT, Group.NEARLY_FITS if is_near else Group.UNFIT
        said = (*too_small, *said)
    elif state in CAN_BE_ASKED:
        group = group_of_free(room, wanted, unknown)
    elif state is Answer.UNFIT and all(one.may_be_excepted for one in said):
        group = Group.BY_EXCEPTION
    else:
        other = _other_hour(room, wall, asked, held, judge)
        group = Group.OTHER_HOUR if other else Group.NOT_THEN
    return Found(room, state, group, slot, said, in_the_way, other, unknown, far, is_inaccessible)


def overlapping(asked: Asked, held: Sequence[Held]) -> tuple[tuple[Held, ...], bool]:
    """What holds the room then, and whether somebody asked without holding it."""
    from_epoch, to_epoch, slot = asked.from_epoch, asked.to_epoch, asked.slot
    blocking: tuple[Held, ...] = ()
    is_queued = False
    for one in held:
        if one[0] < to_epoch and from_epoch < one[1]:
            if one[2] != QUEUED:
                blocking = (*blocking, one)
            elif slot and one[0] < slot.to_epoch and slot.from_epoch < one[1]:
                is_queued = True
    return blocking, is_queued


def answer_of(asked: Asked, in_the_way: Sequence[Held], *, is_queued: bool) -> Answer:
    """Closed before taken before unfit: what no asking can change is said first."""
    if in_the_way:
        is_closed = any(one[2] == CLOSURE for one in in_the_way) or asked.is_closed
        return Answer.CLOSED if is_closed else Answer.TAKEN
    if asked.said:
        return Answer.CLOSED if asked.is_closed else Answer.UNFIT
    return Answer.REQUESTED if is_queued else Answer.FREE


def group_of_free(room: KnownRoom, wanted: Wanted, unknown: frozenset[str]) -> Group:
    if wanted.people is not None and room.capacity is None:
        return Group.SIZE_UNKNOWN
    return Group.PARTLY_KNOWN if unknown else Group.FITS


def _other_hour(room: KnownRoom, wall: WallDay, asked: Asked, held: Sequence[Held], judge: Judge) -> Slot | None:
    # What rules say of a day and a length holds for every hour of it: what is free lies within the opening hours.
    is_allowed = not asked.said and not wall.jump
    free = judge.free_minutes(room, wall, held)
    for near in nearest(free, asked.minutes, room.rules.latest_end):
        slot = judge.slot(wall, near)
        if slot and (is_allowed or not judge.says(room, slot)):
            return slot
    return None


ORDER = {group: number for number, group in enumerate(Group)}


def ranked(found: Iterable[Found]) -> list[Found]:
    """By group; within it the smallest room first, then the nearest; where no size is known, the nearest first."""
    return sorted(found, key=rank)


def rank(one: Found) -> tuple[int, int, int, float, str, str]:
    room = one.room
    # Among rooms that are too small, the largest comes nearest.
    size = room.capacity or 0
    return (
        ORDER[one.group],
        len(one.unknown),
        -size if one.group in (Group.NEARLY_FITS, Group.UNFIT) else size,
        one.distance or 0.0,
        room.venue_name,
        room.name,
    )


def search(rooms: Iterable[KnownRoom], day: date, held: Mapping[int, Sequence[Held]], judge: Judge) -> list[Found]:
    """Every room in reach with its answer for one day, best first."""
    wall, is_in_reach = wall_day(day), judge.wanted.is_in_reach
    return ranked(answer(room, wall, held.get(room.id, ()), judge) for room in rooms if is_in_reach(room))
