"""Looking through all rooms for a moment: one answer for each of them, and in which order they are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
NOTHING: frozenset[str] = frozenset()


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
SAYS_CLOSED = frozenset({Code.CLOSED, Code.CLOSED_SEASON, Code.OUTSIDE_HOURS, Code.CITY_CLOSED})


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
        return self.radius_km is None or (self.distance(room) or 0.0) <= self.radius_km

    def distance(self, room: KnownRoom) -> float | None:
        """Kilometres in a straight line from the wanted point; None without one."""
        return None if self.near is None else kilometres(self.near, room.point)

    def unknown(self, room: KnownRoom) -> frozenset[str]:
        """Which wanted things nobody knows of this room: slugs of facilities, and WHEELCHAIR."""
        found = self.facilities - room.facilities if self.facilities else NOTHING
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


@dataclass(frozen=True, slots=True)
class Asked:
    """The wish on one day, in a house with certain rules and hours. ``slot`` None: its clock does not show those hours.

    ``from_epoch`` and ``to_epoch``: what it takes of the room, with the time to set up and to clean.
    """

    day: date
    minutes: Minutes
    slot: Slot | None
    said: tuple[Obstacle, ...] = ()
    from_epoch: int = 0
    to_epoch: int = 0

    @property
    def is_closed(self) -> bool:
        return self.slot is None or any(one.code in SAYS_CLOSED for one in self.said)


@dataclass
class Judge:
    """What rules and hours say of a wish, worked out once for all rooms that share them; lives for one request.

    ``series_first``: the first day, where the wish is for a whole series.
    """

    now: datetime
    wanted: Wanted
    series_first: date | None = None
    _asked: dict[tuple[int, int, date], Asked] = field(default_factory=dict)
    _said: dict[tuple[int, int, int, int], tuple[Obstacle, ...]] = field(default_factory=dict)
    _slots: dict[tuple[date, int, int], Slot | None] = field(default_factory=dict)
    _open: dict[tuple[int, int, date], tuple[Minutes, ...]] = field(default_factory=dict)

    def asked(self, room: KnownRoom, wall: WallDay) -> Asked:
        """The wish on a day in this room."""
        key = id(room.rules), id(room.hours), wall.day
        found = self._asked.get(key)
        if found is None:
            minutes = self.wanted.minutes_on(wall.day, room.rules) or (0, 0)
            slot = self.slot(wall, minutes)
            found = Asked(wall.day, minutes, None)
            if slot:
                found = Asked(wall.day, minutes, slot, self.says(room, slot), *room.rules.widened(slot))
            self._asked[key] = found
        return found

    def says(self, room: KnownRoom, slot: Slot) -> tuple[Obstacle, ...]:
        """Every obstacle but overlap, and those about the people who ask."""
        key = id(room.rules), id(room.hours), slot.from_epoch, slot.to_epoch
        said = self._said.get(key)
        if said is None:
            facts = RoomFacts(is_asked_here=True, hours=room.hours, rules=room.rules, special=room.special)
            said = self._said[key] = tuple(obstacles(Need(slot, series_first=self.series_first), facts, self.now))
        return said

    def slot(self, wall: WallDay, minutes: Minutes) -> Slot | None:
        """The slot of these minutes; None where the clock does not show them exactly once, or they are no stretch."""
        key = wall.day, *minutes
        if key not in self._slots:
            self._slots[key] = wall.slot(*minutes) if minutes[0] < minutes[1] else None
        return self._slots[key]

    def open_minutes(self, room: KnownRoom, wall: WallDay) -> tuple[Minutes, ...]:
        key = id(room.rules), id(room.hours), wall.day
        found = self._open.get(key)
        if found is None:
            found = self._open[key] = open_minutes(room.hours, room.rules, room.special, wall)
        return found

    def free_minutes(self, room: KnownRoom, wall: WallDay, held: Sequence[Held]) -> list[Minutes]:
        """What is left of the room's day, from now on; whether the rules allow it is another question."""
        now = epoch(self.now)
        first = wall.minute(now) + 1 if wall.midnight <= now else 0
        return free_minutes(self.open_minutes(room, wall), held, room.rules, wall, from_minute=first)


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
        other = _other_hour(room, wall, asked.minutes, held, judge)
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


def search(rooms: Iterable[KnownRoom], day: date, held: Mapping[int, Sequence[Held]], judge: Judge) -> list[Found]:
    """Every room in reach with its answer for one day, best first."""
    wall, is_in_reach = wall_day(day), judge.wanted.is_in_reach
    return ranked(answer(room, wall, held.get(room.id, ()), judge) for room in rooms if is_in_reach(room))
