"""Looking through all rooms for a moment: one answer for each of them, and in which order they are shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from math import cos, hypot, radians

from zalenzoeker.domain.availability import Code, Need, Obstacle, RoomFacts, obstacles
from zalenzoeker.domain.city import KnownRoom, Point
from zalenzoeker.domain.dayline import Held, Minutes, free_minutes, nearest, open_minutes
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.rules import DayPart, HouseRules
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, Slot, epoch
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import WallDay, wall_day

WHEELCHAIR = "rolstoel"
# A room that holds at least this share of the people is nearly large enough: with some standing, it may do.
NEARLY = 0.75
KM_PER_DEGREE = 111.2


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


CAN_BE_ASKED = frozenset({Answer.FREE, Answer.REQUESTED})
SAYS_CLOSED = frozenset({Code.CLOSED, Code.CLOSED_SEASON, Code.OUTSIDE_HOURS, Code.CITY_CLOSED})
BLOCKS: Mapping[str, Code] = {
    TakenBy.BOOKING.value: Code.BOOKED,
    TakenBy.REQUEST.value: Code.REQUESTED,
    TakenBy.OWN_PROGRAMME.value: Code.OWN_PROGRAMME,
    TakenBy.CLOSURE.value: Code.CLOSED,
}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. The hours are ``hours`` (minutes since midnight) or those of a part of the day.

    ``radius_km`` counts from ``near``; ``neighbourhood`` is a slug. None and empty: it does not matter.
    """

    hours: Minutes | None = None
    part: DayPart | None = None
    people: int | None = None
    facilities: frozenset[str] = frozenset()
    needs_wheelchair: bool = False
    neighbourhood: str = ""
    near: Point | None = None
    radius_km: float | None = None

    def minutes_on(self, day: date, rules: HouseRules) -> Minutes | None:
        """The wanted hours in a house with these rules; past midnight they count on."""
        if self.part is None:
            return self.hours
        starts, ends = rules.hours_of(self.part, day.weekday())
        start, end = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
        return start, end + DAY if end <= start and ends <= LATEST_MORNING_END else end

    def is_in_reach(self, room: KnownRoom) -> bool:
        """Whether the room lies where it was looked for."""
        if self.neighbourhood and room.neighbourhood_slug != self.neighbourhood:
            return False
        far = self.distance(room)
        return self.radius_km is None or far is None or far <= self.radius_km

    def distance(self, room: KnownRoom) -> float | None:
        """Kilometres in a straight line from the wanted point; None without one."""
        return None if self.near is None else kilometres(self.near, room.point)

    def unknown(self, room: KnownRoom) -> frozenset[str]:
        """Which wanted things nobody knows of this room: slugs of facilities, and WHEELCHAIR."""
        found = self.facilities - room.facilities
        if self.needs_wheelchair and room.wheelchair is Known.UNKNOWN:
            found |= {WHEELCHAIR}
        return found

    def unfit(self, room: KnownRoom) -> tuple[Obstacle, ...]:
        """Why the room itself is known not to do, whatever the moment."""
        if self.people is not None and room.capacity is not None and self.people > room.capacity:
            return (Obstacle(Code.TOO_MANY_PEOPLE, {"people": self.people, "capacity": room.capacity}),)
        return ()

    def is_out_of_the_question(self, room: KnownRoom) -> bool:
        """Known not to be accessible, where that is needed."""
        return self.needs_wheelchair and room.wheelchair is Known.NO


def kilometres(one: Point, other: Point) -> float:
    """How far two points are apart, good enough within a city."""
    north = (one[0] - other[0]) * KM_PER_DEGREE
    east = (one[1] - other[1]) * KM_PER_DEGREE * cos(radians((one[0] + other[0]) / 2))
    return hypot(north, east)


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


@dataclass
class Judge:
    """What rules and hours say of moments, worked out once for all rooms that share them; lives for one request."""

    now: datetime
    _said: dict[tuple[int, int, int, int], tuple[Obstacle, ...]] = field(default_factory=dict)
    _slots: dict[tuple[date, int, int], Slot | None] = field(default_factory=dict)
    _open: dict[tuple[int, int, date], tuple[Minutes, ...]] = field(default_factory=dict)

    def says(self, room: KnownRoom, slot: Slot) -> tuple[Obstacle, ...]:
        """Every obstacle but overlap, and those about the people who ask."""
        key = id(room.rules), id(room.hours), slot.from_epoch, slot.to_epoch
        said = self._said.get(key)
        if said is None:
            facts = RoomFacts(is_asked_here=True, hours=room.hours, rules=room.rules, special=room.special)
            said = self._said[key] = tuple(obstacles(Need(slot), facts, self.now))
        return said

    def slot(self, wall: WallDay, minutes: Minutes) -> Slot | None:
        """The slot of these minutes; None where the clock does not show them exactly once, or they are no stretch."""
        key = wall.day, *minutes
        if key not in self._slots:
            self._slots[key] = wall.slot(*minutes) if minutes[0] < minutes[1] else None
        return self._slots[key]

    def slots(self, rules: HouseRules, days: Iterable[date], wanted: Wanted) -> Iterator[tuple[date, Slot | None]]:
        """Each day with the wanted hours in a house with these rules."""
        for day in days:
            minutes = wanted.minutes_on(day, rules)
            yield day, self.slot(wall_day(day), minutes) if minutes else None

    def open_minutes(self, room: KnownRoom, wall: WallDay) -> tuple[Minutes, ...]:
        key = id(room.rules), id(room.hours), wall.day
        if key not in self._open:
            self._open[key] = open_minutes(room.hours, room.rules, room.special, wall)
        return self._open[key]

    def free_minutes(self, room: KnownRoom, wall: WallDay, held: Sequence[Held]) -> list[Minutes]:
        """What is left of the room's day, from now on; whether the rules allow it is another question."""
        passed = wall.minute(epoch(self.now)) if wall.midnight < epoch(self.now) else 0
        return free_minutes(
            self.open_minutes(room, wall), held, room.rules, wall, from_minute=passed + 1 if passed else 0
        )


def answer(room: KnownRoom, day: date, held: Sequence[Held], wanted: Wanted, judge: Judge) -> Found:
    """What one room says to the wish on one day. ``held``: what holds it that day and night, in order."""
    far, unknown = wanted.distance(room), wanted.unknown(room)
    if not room.is_asked_here:
        return Found(room, Answer.ASK_THE_HOUSE, Group.ASK_THE_HOUSE, unknown=unknown, distance=far)
    wall = wall_day(day)
    minutes = wanted.minutes_on(day, room.rules)
    slot = judge.slot(wall, minutes) if minutes else None
    if slot is None or minutes is None:
        return Found(room, Answer.CLOSED, Group.NOT_THEN, unknown=unknown, distance=far)
    too_small = wanted.unfit(room)
    said = judge.says(room, slot)
    in_the_way, is_queued = overlapping(room.rules, slot, held)
    found = Found(room, Answer.FREE, Group.FITS, slot, said, in_the_way, None, unknown, far)
    if wanted.is_out_of_the_question(room):
        return replace(found, answer=Answer.UNFIT, group=Group.UNFIT, is_inaccessible=True)
    state = answer_of(said, in_the_way, is_queued=is_queued)
    if too_small:
        is_near = state in CAN_BE_ASKED and (room.capacity or 0) >= NEARLY * (wanted.people or 0)
        group = Group.NEARLY_FITS if is_near else Group.UNFIT
        return replace(found, answer=Answer.UNFIT, group=group, obstacles=(*too_small, *said))
    if state in CAN_BE_ASKED:
        return replace(found, answer=state, group=group_of_free(room, wanted, unknown))
    found = replace(found, answer=state, group=Group.NOT_THEN)
    if found.may_be_excepted:
        return replace(found, group=Group.BY_EXCEPTION)
    other = _other_hour(room, wall, minutes, held, judge)
    return replace(found, group=Group.OTHER_HOUR, other=other) if other else found


def overlapping(rules: HouseRules, slot: Slot, held: Sequence[Held]) -> tuple[tuple[Held, ...], bool]:
    """What holds the room then, and whether somebody asked without holding it."""
    if not held:
        return (), False
    from_epoch, to_epoch = rules.widened(slot)
    found = [one for one in held if one[0] < to_epoch and from_epoch < one[1]]
    blocking = tuple(one for one in found if one[2] != TakenBy.QUEUED.value)
    is_queued = len(blocking) < len(found) and any(
        one[2] == TakenBy.QUEUED.value and one[0] < slot.to_epoch and slot.from_epoch < one[1] for one in found
    )
    return blocking, is_queued


def answer_of(said: Sequence[Obstacle], in_the_way: Sequence[Held], *, is_queued: bool) -> Answer:
    """Closed before taken before unfit: what no asking can change is said first."""
    if any(one.code in SAYS_CLOSED for one in said) or any(one[2] == TakenBy.CLOSURE.value for one in in_the_way):
        return Answer.CLOSED
    if in_the_way:
        return Answer.TAKEN
    if said:
        return Answer.UNFIT
    return Answer.REQUESTED if is_queued else Answer.FREE


def group_of_free(room: KnownRoom, wanted: Wanted, unknown: frozenset[str]) -> Group:
    if wanted.people is not None and room.capacity is None:
        return Group.SIZE_UNKNOWN
    return Group.PARTLY_KNOWN if unknown else Group.FITS


def _other_hour(room: KnownRoom, wall: WallDay, minutes: Minutes, held: Sequence[Held], judge: Judge) -> Slot | None:
    free = judge.free_minutes(room, wall, held)
    for near in nearest(free, minutes, room.rules.latest_end):
        slot = judge.slot(wall, near)
        if slot and not judge.says(room, slot):
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


def search(
    rooms: Iterable[KnownRoom], day: date, held: Mapping[int, Sequence[Held]], wanted: Wanted, judge: Judge
) -> list[Found]:
    """Every room in reach with its answer for one day, best first."""
    return ranked(answer(room, day, held.get(room.id, ()), wanted, judge) for room in rooms if wanted.is_in_reach(room))
