"""What somebody looks for, and what the rules and hours of houses say of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import cos, hypot, radians

from zalenzoeker.domain.availability import Code, Need, Obstacle, RoomFacts, obstacles
from zalenzoeker.domain.city import KnownRoom, Point
from zalenzoeker.domain.dayline import Held, Minutes, free_minutes, open_minutes
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.rules import DayPart, HouseRules
from zalenzoeker.domain.series import Pattern
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, Slot, epoch
from zalenzoeker.domain.wallday import WallDay

WHEELCHAIR = "rolstoel"
KM_PER_DEGREE = 111.2
NOTHING: frozenset[str] = frozenset()
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

    ``pattern``: the wish is a series, and how far ahead it is asked is judged by its first day.
    """

    now: datetime
    wanted: Wanted
    pattern: Pattern | None = None
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

    def span(self, rules: HouseRules, wall: WallDay) -> tuple[int, int] | None:
        """What the wish takes of a room with these rules on a day, in epoch seconds."""
        minutes = self.wanted.minutes_on(wall.day, rules)
        slot = self.slot(wall, minutes) if minutes else None
        return rules.widened(slot) if slot else None

    def says(self, room: KnownRoom, slot: Slot) -> tuple[Obstacle, ...]:
        """Every obstacle but overlap, and those about the people who ask."""
        key = id(room.rules), id(room.hours), slot.from_epoch, slot.to_epoch
        said = self._said.get(key)
        if said is None:
            facts = RoomFacts(is_asked_here=True, hours=room.hours, rules=room.rules, special=room.special)
            need = Need(slot, series_first=self.pattern.first if self.pattern else None)
            said = self._said[key] = tuple(obstacles(need, facts, self.now))
        return said

    def too_long(self, room: KnownRoom, first: Slot) -> Obstacle | None:
        """The rule against which the series goes on for too long, whatever its dates."""
        if not self.pattern:
            return None
        facts = RoomFacts(is_asked_here=True, rules=room.rules, special=room.special)
        need = Need(first, is_weekly=self.pattern.is_weekly, pattern_end=self.pattern.last_day)
        found = obstacles(need, facts, self.now)
        return next((one for one in found if one.code is Code.WEEKLY_TOO_LONG), None)

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
