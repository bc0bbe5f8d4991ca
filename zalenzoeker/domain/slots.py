"""Stretches of time on the wall clock, weekly patterns, and the two nights the clock changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

BRUSSELS = "Europe/Brussels"
DAY = 24 * 60
LATEST_MORNING_END = time(6, 0)
STEP_MINUTES = 15


class NotASlot(ValueError):
    """A start and an end that cannot be a stretch of time; the subclass says why."""


class EndsBeforeStart(NotASlot):
    """The end lies before the start and does not mean the next morning."""


class MissingHour(NotASlot):
    """A time in the hour that the clock skips in March."""


class DoubledHour(NotASlot):
    """A time in the hour that the clock shows twice in October: nobody knows which one is meant."""


def to_utc(local: datetime, zone: str = BRUSSELS) -> datetime:
    """The moment of a wall time. In the doubled hour this is the first of the two."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def to_local(moment: datetime, zone: str = BRUSSELS) -> datetime:
    """What the wall clock shows at an aware moment, without zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware moment."""
    return int(moment.timestamp())


def from_epoch(seconds: int, zone: str = BRUSSELS) -> datetime:
    """The wall time of a number of seconds since 1970."""
    return to_local(datetime.fromtimestamp(seconds, UTC), zone)


def check_on_the_clock(local: datetime, zone: str = BRUSSELS) -> None:
    """Raise MissingHour or DoubledHour when the wall clock does not show this time exactly once."""
    first = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    if first.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise MissingHour(local.isoformat())
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        raise DoubledHour(local.isoformat())


@dataclass(frozen=True)
class Slot:
    """A stretch of wall time in one zone, half-open: [starts, ends).

    The truth is the wall time; the moments in UTC are derived. Compare slots by
    ``from_epoch`` and ``to_epoch`` only: wall times go wrong across the change of the clock.
    """

    starts: datetime
    ends: datetime
    zone: str = BRUSSELS

    @classmethod
    def between(cls, starts: datetime, ends: datetime, zone: str = BRUSSELS) -> "Slot":
        """A slot of two wall times. Raises a NotASlot when one of them cannot be or they are in the wrong order."""
        for local in (starts, ends):
            check_on_the_clock(local, zone)
        if to_utc(ends, zone) <= to_utc(starts, zone):
            raise EndsBeforeStart(f"{starts.isoformat()} – {ends.isoformat()}")
        return cls(starts, ends, zone)

    @classmethod
    def on(cls, day: date, starts: time, ends: time, zone: str = BRUSSELS) -> "Slot":
        """A slot on one day; an end up to 6.00 that lies before the start means the next morning."""
        last_day = day
        if ends < starts and ends <= LATEST_MORNING_END:
            last_day = day + timedelta(days=1)
        return cls.between(datetime.combine(day, starts), datetime.combine(last_day, ends), zone)

    @cached_property
    def from_epoch(self) -> int:
        return epoch(to_utc(self.starts, self.zone))

    @cached_property
    def to_epoch(self) -> int:
        return epoch(to_utc(self.ends, self.zone))

    @property
    def starts_at(self) -> datetime:
        """The start as an aware moment in UTC."""
        return to_utc(self.starts, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The end as an aware moment in UTC."""
        return to_utc(self.ends, self.zone)

    @property
    def day(self) -> date:
        return self.starts.date()

    @property
    def minutes(self) -> int:
        """Real minutes that pass, also in the two nights that are 23 and 25 hours long."""
        return (self.to_epoch - self.from_epoch) // 60

    @property
    def is_past_midnight(self) -> bool:
        return self.ends.date() > self.starts.date()

    def overlaps(self, other: "Slot") -> bool:
        return self.from_epoch < other.to_epoch and other.from_epoch < self.to_epoch

    def moved(self, *, days: int = 0, minutes: int = 0) -> "Slot":
        """The same wall times so many days and minutes later. Raises NotASlot as ``between`` does."""
        shift = timedelta(days=days, minutes=minutes)
        return Slot.between(self.starts + shift, self.ends + shift, self.zone)


@dataclass(frozen=True)
class WeeklyHours:
    """One line of a weekly pattern: weekday 0 is Monday; minutes since midnight, up to 30 x 60 for the next morning."""

    weekday: int
    from_minute: int
    to_minute: int
    title: str = ""

    def on(self, day: date, zone: str = BRUSSELS) -> Slot | None:
        """This line on one day, or None when the day is another weekday or the clock skips the whole of it.

        A house that is open until two in the doubled hour is open that evening: the first two o'clock is meant.
        """
        if day.weekday() != self.weekday:
            return None
        midnight = datetime.combine(day, time())
        slot = Slot(midnight + timedelta(minutes=self.from_minute), midnight + timedelta(minutes=self.to_minute), zone)
        return slot if slot.from_epoch < slot.to_epoch else None


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, written as in addresses: 2027-W03."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> "Week":
        """Read ``2027-W03``. Raises ValueError for anything else."""
        year, _, number = text.partition("-W")
        if not (len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdigit()):
            raise ValueError(f"not a week: {text!r}")
        return cls.of(date.fromisocalendar(int(year), int(number), 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> list[date]:
        return list(days_from(self.monday, 7))

    def shifted(self, weeks: int) -> "Week":
        return Week.of(self.monday + timedelta(weeks=weeks))


def days_from(first: date, count: int) -> Iterator[date]:
    """So many days in a row."""
    return (first + timedelta(days=number) for number in range(count))


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; 31 becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    last = (date((index + 1) // 12, (index + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))
