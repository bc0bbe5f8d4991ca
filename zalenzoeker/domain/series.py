"""Series: the pattern that a row of dates follows, what a change in it touches, and when weekly use is asked anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import islice, pairwise, takewhile
from typing import Any, Protocol, TypeVar

from zalenzoeker.domain.slots import BRUSSELS, LATEST_MORNING_END, DoubledHour, EndsBeforeStart, MissingHour, Slot

MOST_DATES = 60
FIRST_YEAR, LAST_YEAR = 2000, 2100
LAST = -1
WEEK = timedelta(weeks=1)
RENEWAL_DAYS = 28


class PatternKind(StrEnum):
    """How the dates of a series follow each other."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_NTH = "monthly_nth"
    LOOSE = "loose"


class NotAPattern(ValueError):
    """Words that do not make a series; the subclass says why."""


class NoEnd(NotAPattern):
    """Neither a last day nor a number of dates was told, or both."""


class NoDates(NotAPattern):
    """No date follows from the pattern: nothing was chosen, or the end lies before the first day."""


class TooManyDates(NotAPattern):
    """More than MOST_DATES dates follow from the pattern."""


class NotTheLast(NotAPattern):
    """The last such weekday of the month was asked, but the first day is not that day in its own month."""


class OutOfReach(NotAPattern):
    """A day before FIRST_YEAR or after LAST_YEAR."""


@dataclass(frozen=True)
class SeriesDate:
    """One day of a series: its slot, or ``why`` the clock does not show those times that night."""

    day: date
    slot: Slot | None
    why: type[MissingHour] | type[DoubledHour] | None = None


@dataclass(frozen=True)
class Pattern:
    """A row of days at the same wall times, from ``first`` until a day (itself included) or for so many dates.

    The wall time stays the same over both changes of the clock. A ``to_time`` before ``from_time``, up to 6.00, is the
    next morning, as for ``Slot.on``. A monthly pattern takes its weekday and its place in the month from ``first``: the
    second Thursday, the last Friday (``is_last``; a fifth one always means the last). ``loose`` has the days of a LOOSE
    pattern, ascending, which has neither ``until`` nor ``count``. Raises a NotAPattern, or EndsBeforeStart.
    """

    kind: PatternKind
    first: date
    from_time: time
    to_time: time
    until: date | None = None
    count: int | None = None
    loose: tuple[date, ...] = ()
    is_last: bool = False

    def __post_init__(self) -> None:
        is_next_morning = self.to_time < self.from_time and self.to_time <= LATEST_MORNING_END
        if not (self.from_time < self.to_time or is_next_morning):
            raise EndsBeforeStart(f"{self.from_time.isoformat()} – {self.to_time.isoformat()}")
        self._check_the_end()
        if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in (self.first, self.until or self.first, *self.loose)):
            raise OutOfReach(self.first.isoformat())
        if self.is_last and (self.kind is not PatternKind.MONTHLY_NTH or nth_of(self.first, LAST) != self.first):
            raise NotTheLast(self.first.isoformat())
        if not self._days:
            raise NoDates(self.first.isoformat())
        if len(self._days) > MOST_DATES:
            raise TooManyDates(self.first.isoformat())

    def _check_the_end(self) -> None:
        if self.kind is PatternKind.LOOSE:
            if not self.loose:
                raise NoDates("none was chosen")
            if self.until or self.count or self.first != self.loose[0] or _ascending(self.loose) != self.loose:
                raise NotAPattern("loose days are ascending, each once, and need no other end")
            return
        if self.loose:
            raise NotAPattern("only a loose pattern has loose days")
        if (self.until is None) is (self.count is None):
            raise NoEnd(self.kind)
        if self.count is not None and self.count < 1:
            raise NoDates(str(self.count))

    @classmethod
    def on_days(cls, days: Iterable[date], from_time: time, to_time: time) -> "Pattern":
        """A pattern of loose days, in any order. Raises NoDates, TooManyDates or EndsBeforeStart."""
        loose = _ascending(days)
        if not loose:
            raise NoDates("none was chosen")
        return cls(PatternKind.LOOSE, loose[0], from_time, to_time, loose=loose)

    @property
    def nth(self) -> int:
        """Which weekday of its month the first day is, from 1 to 4, or LAST; only a monthly pattern asks."""
        number = (self.first.day - 1) // 7 + 1
        return LAST if self.is_last or number > 4 else number

    def days(self) -> list[date]:
        """Every day of the series, ascending, each once."""
        return list(self._days)

    @cached_property
    def _days(self) -> tuple[date, ...]:
        until = self.until or date.max
        most = self.count or MOST_DATES + 1
        return tuple(islice(takewhile(lambda day: day <= until, self._endless()), min(most, MOST_DATES + 1)))

    def _endless(self) -> Iterator[date]:
        if self.kind is PatternKind.LOOSE:
            yield from self.loose
        elif self.kind is PatternKind.MONTHLY_NTH:
            for months in range(MOST_DATES + 1):
                index = self.first.year * 12 + self.first.month - 1 + months
                month = self.first.replace(year=index // 12, month=index % 12 + 1, day=1)
                yield nth_of(month + timedelta(days=(self.first.weekday() - month.weekday()) % 7), self.nth)
        else:
            weeks = 2 if self.kind is PatternKind.FORTNIGHTLY else 1
            yield from (self.first + timedelta(weeks=weeks * number) for number in range(MOST_DATES + 1))

    @property
    def last_day(self) -> date:
        """The last day that is really in the series, which may come before ``until``."""
        return self._days[-1]

    def slots(self, zone: str = BRUSSELS) -> list[SeriesDate]:
        """Each day with its slot, or with the reason that its wall times cannot be: the night the clock changes."""
        return [_on(day, self.from_time, self.to_time, zone) for day in self._days]

    @property
    def is_weekly(self) -> bool:
        """Whether the room is used at least once a week ("herhaald gebruik": stad.gent, Vredeshuis, zalengebruik)."""
        return len(self._days) > 1 and all(later - earlier <= WEEK for earlier, later in pairwise(self._days))

    @property
    def is_renewed(self) -> bool:
        """Whether its asker is asked before the end to go on: weekly use that lasts longer than RENEWAL_DAYS."""
        return self.is_weekly and self.last_day - self.first > timedelta(days=RENEWAL_DAYS)

    def as_json(self) -> dict[str, Any]:
        """The pattern as a request keeps it, days and times in ISO form; what says nothing is left out."""
        written = {
            "kind": self.kind.value,
            "first": self.first.isoformat(),
            "from": f"{self.from_time:%H:%M}",
            "to": f"{self.to_time:%H:%M}",
            "until": self.until.isoformat() if self.until else None,
            "count": self.count,
            "loose": [day.isoformat() for day in self.loose] or None,
            "is_last": self.is_last or None,
        }
        return {name: value for name, value in written.items() if value is not None}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Pattern":
        """Read what ``as_json`` wrote. Raises NotAPattern for anything else."""
        try:
            return cls(
                kind=PatternKind(value["kind"]),
                first=date.fromisoformat(value["first"]),
                from_time=time.fromisoformat(value["from"]),
                to_time=time.fromisoformat(value["to"]),
                until=date.fromisoformat(value["until"]) if "until" in value else None,
                count=int(value["count"]) if "count" in value else None,
                loose=tuple(date.fromisoformat(day) for day in value.get("loose", ())),
                is_last=bool(value.get("is_last", False)),
            )
        except NotAPattern:
            raise
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise NotAPattern(repr(value)) from error


def nth_of(day: date, number: int) -> date:
    """The same weekday in the month of this day: the first (1) to the fourth (4), or the LAST one.

    >>> nth_of(date(2027, 1, 7), 2)
    datetime.date(2027, 1, 14)
    """
    first = (day.day - 1) % 7 + 1
    if number != LAST:
        return day.replace(day=first + 7 * (number - 1))
    next_month = day.replace(day=28) + timedelta(days=4)
    days_in_month = (next_month.replace(day=1) - timedelta(days=1)).day
    return day.replace(day=first + 7 * ((days_in_month - first) // 7))


def _ascending(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


def _on(day: date, from_time: time, to_time: time, zone: str) -> SeriesDate:
    try:
        return SeriesDate(day, Slot.on(day, from_time, to_time, zone))
    except (MissingHour, DoubledHour) as error:
        return SeriesDate(day, None, type(error))


class Scope(StrEnum):
    """Which dates of a series a change is about."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class Dated(Protocol):
    """Something with a beginning, in epoch seconds: a date of a request, or a slot."""

    @property
    def from_epoch(self) -> int: ...


One = TypeVar("One", bound=Dated)


def in_scope(dates: Sequence[One], chosen: One, scope: Scope) -> list[One]:
    """The dates that a change is about, in the order of ``dates``.

    FOLLOWING goes by time and not by the order in the pattern, because a date may have been moved; another room of the
    same moment comes along.
    """
    if scope is Scope.THIS:
        return [one for one in dates if one == chosen]
    if scope is Scope.FOLLOWING:
        return [one for one in dates if one.from_epoch >= chosen.from_epoch]
    return list(dates)


def is_shrunk(old: Slot, new: Slot) -> bool:
    """Whether the new slot lies wholly within the old one: nobody loses anything, and it needs no new approval."""
    return old.from_epoch <= new.from_epoch and new.to_epoch <= old.to_epoch


def renewal_due(last_day: date, today: date) -> bool:
    """Whether it is time to ask if weekly use goes on: in the last RENEWAL_DAYS days before its last date.

    Four weeks, because a new request must be there so long ahead. Source: stad.gent, Vredeshuis, zalengebruik: use at
    least once a week is granted for at most six months at a time.
    """
    return timedelta() <= last_day - today <= timedelta(days=RENEWAL_DAYS)
