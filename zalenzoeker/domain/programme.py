"""The dates of a line of own programme, and what stands in the way of each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from zalenzoeker.domain.slots import DAY, Slot, WeeklyHours, days_from, epoch, to_local, to_utc
from zalenzoeker.domain.taken import TakenBy

LONGEST_NAME = 200
SUNDAY = 6
# A little further than the longest horizon a rule may have, so that own programme always goes first.
DAYS_AHEAD = 400
# No house knows what it does later than this; a day beyond it was typed wrong.
YEARS_AHEAD = 5


class NotAWeeklyLine(ValueError):
    """The end does not come after the start, the days are out of order or very far off, or there is no usable title."""


@dataclass(frozen=True)
class Line:
    """A line of own programme as somebody typed it; minutes since midnight, up to 30 x 60 for the next morning."""

    room: str
    title: str
    weekday: int
    from_minute: int
    to_minute: int
    is_public: bool = True
    first_day: date | None = None
    until: date | None = None
    is_shielded: bool = False

    def check(self, today: date) -> None:
        """Raise NotAWeeklyLine for what cannot be."""
        is_in_order = 0 <= self.from_minute < DAY and self.from_minute < self.to_minute <= self.from_minute + DAY
        is_ended = self.first_day is not None and self.until is not None and self.until < self.first_day
        is_named = 0 < len(self.title.strip()) <= LONGEST_NAME
        days_are_far = any(day is not None and is_far(day, today) for day in (self.first_day, self.until))
        if not is_in_order or is_ended or days_are_far or not is_named or not 0 <= self.weekday <= SUNDAY:
            raise NotAWeeklyLine


def is_far(day: date, today: date) -> bool:
    """Does a day lie further ahead than a house can know what it does?"""
    return (day - today).days > 366 * YEARS_AHEAD


class DateState(StrEnum):
    """How it stands with one date of a line. FREE: nothing is in the way, and the room is not taken for it either."""

    ON = "on"
    LEFT_OUT = "left_out"
    PROMISED = "promised"
    CLOSED = "closed"
    OTHER_LINE = "other_line"
    FREE = "free"


@dataclass(frozen=True)
class Standing:
    """What stands in a room, in epoch seconds; ``code`` is of the request, empty for what is none or not yet one."""

    from_epoch: int
    to_epoch: int
    by: TakenBy
    title: str = ""
    asker: str = ""
    code: str = ""


@dataclass(frozen=True)
class LineDate:
    """One date of a line, with what stands in its way."""

    slot: Slot
    state: DateState
    standing: tuple[Standing, ...] = ()

    @property
    def day(self) -> date:
        return self.slot.day


def days_of(hours: WeeklyHours, first: date, last: date, now: datetime) -> list[Slot]:
    """Every date of a line between two days, both included, that is not over yet."""
    days = days_from(first, max(0, (last - first).days + 1))
    return [slot for day in days if (slot := hours.on(day)) and slot.to_epoch > epoch(now)]


def dates(
    slots: Iterable[Slot], *, left_out: Collection[date], held: Collection[date], standing: Sequence[Standing]
) -> list[LineDate]:
    """How it stands with each of these dates. ``held``: the days on which the line has its room."""
    return [_date(slot, left_out, held, standing) for slot in slots]


def _date(slot: Slot, left_out: Collection[date], held: Collection[date], standing: Sequence[Standing]) -> LineDate:
    if slot.day in left_out:
        return LineDate(slot, DateState.LEFT_OUT)
    if slot.day in held:
        return LineDate(slot, DateState.ON)
    there = tuple(one for one in standing if one.from_epoch < slot.to_epoch and slot.from_epoch < one.to_epoch)
    found = {one.by for one in there}
    if found & {TakenBy.BOOKING, TakenBy.REQUEST}:
        return LineDate(slot, DateState.PROMISED, there)
    if TakenBy.CLOSURE in found:
        return LineDate(slot, DateState.CLOSED, there)
    return LineDate(slot, DateState.OTHER_LINE if found else DateState.FREE, there)


def to_come(hours: WeeklyHours, first_day: date | None, until: date | None, now: datetime) -> list[Slot]:
    """The dates of a line from now on, as far as it lasts and is written out."""
    today = to_local(now).date()
    # What began last evening may go on after midnight.
    first, last = today - timedelta(days=1), today + timedelta(days=DAYS_AHEAD - 1)
    return days_of(hours, max(first, first_day or first), min(until or last, last), now)


def uid_of(code: str, day: date) -> str:
    """What calendars know a date of a line by; one that was moved keeps it. It never changes."""
    return f"{code}-{day:%Y%m%d}"


def midnight(day: date) -> int:
    """The start of a day in epoch seconds."""
    return epoch(to_utc(datetime.combine(day, time())))


def span_of(first_day: date, last_day: date) -> tuple[int, int]:
    """From the first midnight to the one after the last day, in epoch seconds."""
    return midnight(first_day), midnight(last_day + timedelta(days=1))
