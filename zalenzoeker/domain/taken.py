"""What holds a room and when, and which moments lie around one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache

from zalenzoeker.domain.hours import wall_minutes
from zalenzoeker.domain.slots import DAY, Slot, days_from, epoch, to_utc
from zalenzoeker.domain.wallday import wall_day

# A stretch that takes a room lasts at most so many seconds; what is longer is written out per day. So a query about
# a moment may leave out everything that began earlier than this before it.
LONGEST_TAKEN = 48 * 3600
# Fewer stretches than this are looked through one by one; more are put in order first.
FEW = 12
DAYS_AROUND = 28


class TakenBy(StrEnum):
    """What holds a room; QUEUED holds nothing, it says that somebody has asked and others may ask too.

    DIARY: the house's own diary, which it keeps elsewhere, says that it is busy.
    """

    BOOKING = "booking"
    REQUEST = "request"
    QUEUED = "queued"
    OWN_PROGRAMME = "own_programme"
    CLOSURE = "closure"
    DIARY = "diary"


@dataclass(frozen=True)
class Taken:
    """A stretch in which the room cannot be had, in epoch seconds, half-open; ``title`` only where it is public."""

    from_epoch: int
    to_epoch: int
    by: TakenBy
    title: str = ""


@dataclass(frozen=True)
class TakenInOrder:
    """Many stretches of one room, to look up by moment."""

    taken: Sequence[Taken]

    @cached_property
    def _ordered(self) -> tuple[list[int], list[Taken], int]:
        ordered = sorted(self.taken, key=lambda one: one.from_epoch)
        longest = max((one.to_epoch - one.from_epoch for one in ordered), default=0)
        return [one.from_epoch for one in ordered], ordered, longest

    def between(self, from_epoch: int, to_epoch: int) -> list[Taken]:
        """What touches the moments between two, earliest first."""
        if len(self.taken) < FEW:
            return [one for one in self.taken if one.from_epoch < to_epoch and from_epoch < one.to_epoch]
        starts, ordered, longest = self._ordered
        around = ordered[bisect_right(starts, from_epoch - longest) : bisect_left(starts, to_epoch)]
        return [one for one in around if from_epoch < one.to_epoch]


def queued_before(slot: Slot, taken: Iterable[Taken]) -> int:
    """How many others have asked for a moment of this slot that anybody may still ask for."""
    return sum(
        one.by is TakenBy.QUEUED and one.from_epoch < slot.to_epoch and slot.from_epoch < one.to_epoch for one in taken
    )


def span_around(slot: Slot, days: int = DAYS_AROUND) -> tuple[int, int]:
    """Epoch seconds from so many days before a slot to so many days after it."""
    margin = timedelta(days=days + 1)
    return epoch(slot.starts_at - margin), epoch(slot.ends_at + margin)


def span_of_days(first: date, count: int) -> tuple[int, int]:
    """Epoch seconds from the first midnight to six in the morning after the last day."""
    days = list(days_from(first, count + 1))
    return epoch(to_utc(datetime.combine(days[0], time()))), epoch(to_utc(datetime.combine(days[-1], time(6))))


@lru_cache(maxsize=64)
def nearby(lost: Slot) -> tuple[Slot, ...]:
    """Moments of the same length: the same day at other hours, then the same hour on other days, nearest first."""
    first, last = wall_minutes(lost)
    same_day = [sign * 30 * half for half in range(1, 25) for sign in (1, -1)]
    other_days = [sign * number for number in range(1, DAYS_AROUND + 1) for sign in (1, -1)]
    today = wall_day(lost.day)
    around = [
        *(today.slot(first + minutes, last + minutes) for minutes in same_day if 0 <= first + minutes < DAY),
        *(wall_day(lost.day + timedelta(days=number)).slot(first, last) for number in other_days),
    ]
    return tuple(slot for slot in around if slot)
