"""Who has which room of a large invented set when: dealt out so that nothing overlaps, without end into the past."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import NamedTuple

from zalenzoeker.domain.requests import Policy
from zalenzoeker.domain.slots import days_from

WEEKS = 26
# So many half years around today are filled before the past grows longer: one ahead, two behind.
HALF_YEARS_AROUND = 3
A_DAY_PER_ROOM = 1.5
SERIES_PER_ROOM = 3
KEPT_OF_A_SERIES = 0.9


class Part(NamedTuple):
    """A part of the day in minutes since midnight; set-up and clean-up of a quarter and half an hour fit between."""

    earliest: int
    latest: int
    share: float

    @property
    def hours(self) -> list[tuple[int, int]]:
        """Every stretch of one and a half to four hours in it."""
        return [
            (starts, ends)
            for starts in range(self.earliest, self.latest, 30)
            for ends in range(starts + 90, min(starts + 240, self.latest) + 1, 15)
        ]


PARTS = (Part(9 * 60, 12 * 60 + 15, 0.35), Part(13 * 60, 17 * 60 + 15, 0.47), Part(18 * 60, 22 * 60, 0.68))
HOURS = tuple(part.hours for part in PARTS)


@dataclass(frozen=True)
class Hall:
    """A room as far as dealing out needs it; ``share``: how often it is asked, where 1 is usual."""

    id: int
    space_ids: tuple[int, ...]
    capacity: int | None
    share: float = 1.0


@dataclass(frozen=True)
class House:
    """A place: its rooms in groups that share spaces, its desk, and what its own rules say.

    ``closed_weekday``: 0 is Monday; ``own``: the weekday and part of the day of own programme, by space.
    """

    desk_id: int
    decider_id: int
    groups: tuple[tuple[Hall, ...], ...]
    setup_minutes: int
    cleanup_minutes: int
    policy: Policy
    closed_weekday: int | None
    own: frozenset[tuple[int, int, int]]


class Stretch(NamedTuple):
    """A date of a booking: the day, from and to in minutes since midnight."""

    day: date
    from_minute: int
    to_minute: int


class Planned(NamedTuple):
    """One request: a room of a house, on one date or on those of a series."""

    house: House
    hall: Hall
    dates: list[Stretch]


def planned(houses: Sequence[House], *, today: date, share: float, chance: Random) -> Iterator[Planned]:
    """Requests without end, half a year after half a year: the one ahead of today first, then ever further back.

    ``share``: how full the rooms are, where 1 is A_DAY_PER_ROOM.
    """
    this_week = today - timedelta(days=today.weekday())
    for back in count():
        first = this_week - timedelta(weeks=WEEKS * back)
        for house in houses:
            for group in house.groups:
                yield from _half_year(house, group, first, share, chance)


@dataclass
class _Diary:
    """What is taken in a group of rooms in half a year: by space, day and part of the day."""

    house: House
    taken: set[tuple[int, date, int]] = field(default_factory=set)

    def takes(self, hall: Hall, day: date, part: int) -> bool:
        """Whether the room could still be had then; from now on it cannot."""
        weekday = day.weekday()
        if weekday == self.house.closed_weekday:
            return False
        for space in hall.space_ids:
            if (space, weekday, part) in self.house.own or (space, day, part) in self.taken:
                return False
        self.taken.update((space, day, part) for space in hall.space_ids)
        return True


def _half_year(house: House, group: Sequence[Hall], first: date, share: float, chance: Random) -> Iterator[Planned]:
    """What one group of rooms has in half a year: series on their weekday first, single dates in what is left."""
    diary = _Diary(house)
    for hall in group:
        for _ in range(SERIES_PER_ROOM):
            if chance.random() < share * hall.share and (dates := _series(diary, hall, first, chance)):
                yield Planned(house, hall, dates)
    for day in days_from(first, 7 * WEEKS):
        for number, part in enumerate(PARTS):
            for hall in group:
                if chance.random() < part.share * share * hall.share and diary.takes(hall, day, number):
                    yield Planned(house, hall, [Stretch(day, *chance.choice(HOURS[number]))])


def _series(diary: _Diary, hall: Hall, first: date, chance: Random) -> list[Stretch]:
    weekday, part = chance.randrange(7), chance.randrange(len(PARTS))
    hours = chance.choice(HOURS[part])
    days = [first + timedelta(days=weekday, weeks=week) for week in range(WEEKS)]
    kept = [day for day in days if chance.random() < KEPT_OF_A_SERIES]
    return [Stretch(day, *hours) for day in kept if diary.takes(hall, day, part)]
