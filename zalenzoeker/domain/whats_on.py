"""What is on for everybody: events on their dates, by day, and which day a hall shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zalenzoeker.domain.slots import Slot, epoch, to_local


@dataclass(frozen=True)
class Event:
    """One date of something that everybody may read of; never the name of a person.

    ``key``: tells this date from every other one. ``place``: the room, as it is said beside the title; ``page``: the
    address where more is told.
    """

    key: str
    title: str
    slot: Slot
    room_id: int
    place: str = ""
    page: str = ""
    is_cancelled: bool = False

    def is_over(self, now: datetime) -> bool:
        return self.slot.to_epoch <= epoch(now)

    def is_on(self, now: datetime) -> bool:
        """Does it go on at this moment?"""
        return not self.is_cancelled and self.slot.from_epoch <= epoch(now) < self.slot.to_epoch


@dataclass(frozen=True)
class Day:
    """A day on which something is on; what begins in the evening and ends after midnight belongs to that evening."""

    day: date
    events: tuple[Event, ...]


def by_day(events: Iterable[Event], *, first: date, last: date) -> list[Day]:
    """The days between two days, both included, on which something begins, with what begins then in its order."""
    found: dict[date, list[Event]] = {}
    for event in sorted(events, key=_in_order):
        if first <= event.slot.day <= last:
            found.setdefault(event.slot.day, []).append(event)
    return [Day(day, tuple(found[day])) for day in sorted(found)]


def shown_first(days: Sequence[Day], now: datetime) -> Day | None:
    """The day that a hall shows: the first on which something is still to come or goes on, None when nothing is.

    What falls away counts as long as it would have lasted: who comes for it reads that it does not go on.
    """
    return next((day for day in days if any(not event.is_over(now) for event in day.events)), None)


def days_off(day: date, now: datetime) -> int:
    """How many days this day is from today: 0 today, 1 tomorrow, -1 an evening that lasts past midnight."""
    return (day - to_local(now).date()).days


def _in_order(event: Event) -> tuple[int, int, str, str]:
    return event.slot.from_epoch, event.slot.to_epoch, event.title, event.key
