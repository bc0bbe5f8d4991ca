"""A large, repeatable set to measure on: an invented town in an empty database, and as many bookings as wanted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import bench_bookings, bench_plan, bench_town
from zalenzoeker.services.bench_plan import A_DAY_PER_ROOM, HALF_YEARS_AROUND, WEEKS
from zalenzoeker.services.bench_town import ROOMS_OF_A_CUT_HALL
from zalenzoeker.storage import bench
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Activity, Event, Occupancy, Occurrence, Request

EVERY_CUT_HALL = 10


class CannotBeMade(Exception):
    """The set cannot be made; the message says why, in English for the operator."""


@dataclass(frozen=True)
class Size:
    """How large the set is; ``bookings`` counts dates. Raises CannotBeMade when there are too few rooms."""

    venues: int = 60
    rooms: int = 120
    bookings: int = 100_000
    seed: int = 1

    def __post_init__(self) -> None:
        if self._left < self._among or (self._left and not self._among):
            raise CannotBeMade("every place needs a room, and every tenth one three: make more rooms.")

    def __str__(self) -> str:
        """How a set says what it is; its places carry this as their source."""
        return f"bench-data: {self.venues} venues, {self.rooms} rooms, {self.bookings} bookings, seed {self.seed}"

    @property
    def _has_cut_hall(self) -> list[bool]:
        return [number % EVERY_CUT_HALL == 0 for number in range(self.venues)]

    @property
    def _among(self) -> int:
        return self._has_cut_hall.count(False)

    @property
    def _left(self) -> int:
        return self.rooms - ROOMS_OF_A_CUT_HALL * self._has_cut_hall.count(True)

    @property
    def rooms_per_venue(self) -> list[int]:
        """How many rooms each place has: a cut hall counts three, the others are shared out evenly."""
        numbers = iter(range(self._among))
        return [
            ROOMS_OF_A_CUT_HALL if is_cut else self._left // self._among + (next(numbers) < self._left % self._among)
            for is_cut in self._has_cut_hall
        ]


def make(size: Size, *, now: datetime, on_progress: Callable[[int], None] = lambda _count: None) -> bool:
    """Make the set around today, in one write unit; False when it is there already.

    The same size gives the same set on the same day. ``on_progress``: how many bookings were added since it was last
    called. Raises CannotBeMade when the database has other places.
    """
    known = bench.source_of_places()
    if known == str(size):
        return False
    if known is not None:
        raise CannotBeMade("this database has other places already: make the set in an empty one.")
    chance = Random(size.seed)  # noqa: S311 -- the same set again is what it is for
    today = to_local(now).date()
    usual = size.rooms * A_DAY_PER_ROOM * 7 * WEEKS * HALF_YEARS_AROUND
    with write_unit():
        town = bench_town.build(size.rooms_per_venue, source=str(size), today=today, chance=chance)
        plan = bench_plan.planned(town.houses, today=today, share=min(1.0, size.bookings / usual), chance=chance)
        bench_bookings.write(
            plan, town.askers, bookings=size.bookings, today=today, chance=chance, on_progress=on_progress
        )
        bench.settle((Request, Activity, Occurrence, Event, Occupancy))
    return True


def is_there() -> bool:
    """Whether this database holds such a set, of whatever size."""
    return (bench.source_of_places() or "").startswith("bench-data: ")
