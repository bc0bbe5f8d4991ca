"""Which desk decides: a table read from top to bottom, the first line that fits, with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.slots import DAY, Slot
from zalenzoeker.domain.special_days import NO_SPECIAL_DAYS, SpecialDays, SpecialKind

WEEK = frozenset(range(7))
MIDNIGHT = time()
LONGEST_REASON = 200


class NotALine(ValueError):
    """A line that names nothing it depends on, or whose reason is no line of text."""


@dataclass(frozen=True)
class Asked:
    """What a route depends on; ``special`` tells which days are legal holidays."""

    venue_id: int
    room_id: int
    slot: Slot
    requester_kind: RequesterKind
    activity_kind: ActivityKind | None = None
    special: SpecialDays = NO_SPECIAL_DAYS

    def is_on_holiday(self, day: date) -> bool:
        return any(one.kind is SpecialKind.LEGAL for one in self.special.on(day))


@dataclass(frozen=True)
class Line:
    """One line of the routing table; a field that is None or empty fits everything.

    ``weekdays``: 0 is Monday. ``from_time`` and ``to_time``: the start of the asked slot lies in [from, to); an end
    that does not lie after the start is of the next morning, and what begins after midnight counts with the evening
    before. ``on_holidays``: True only on legal holidays, False never on one. ``id``: of the row it was read from.
    """

    desk_id: int
    reason: str
    venue_id: int | None = None
    room_id: int | None = None
    weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    to_time: time | None = None
    requester_kind: RequesterKind | None = None
    activity_kind: ActivityKind | None = None
    on_holidays: bool | None = None
    id: int | None = None

    @property
    def has_conditions(self) -> bool:
        """Whether there is anything of its place that it does not fit."""
        return self.conditions != Line(0, "", venue_id=self.venue_id)

    @property
    def conditions(self) -> "Line":
        """What it depends on, without whom it leads to: two lines that are equal in it say yes to the same."""
        days = frozenset() if self.weekdays == WEEK else self.weekdays
        from_time = None if self.from_time == MIDNIGHT else self.from_time
        to_time = None if self.to_time == MIDNIGHT else self.to_time
        return replace(self, desk_id=0, reason="", id=None, weekdays=days, from_time=from_time, to_time=to_time)

    @property
    def _span(self) -> tuple[int, int]:
        """Its hours in minutes since midnight; past the next midnight they count on."""
        starts = _minute(self.from_time) if self.from_time else 0
        ends = _minute(self.to_time) if self.to_time else DAY
        return starts, ends if ends > starts else ends + DAY

    def fits(self, asked: Asked) -> bool:
        day = self._day(asked.slot)
        return (
            day is not None
            and self.venue_id in (None, asked.venue_id)
            and self.room_id in (None, asked.room_id)
            and (not self.weekdays or day.weekday() in self.weekdays)
            and self.requester_kind in (None, asked.requester_kind)
            and self.activity_kind in (None, asked.activity_kind)
            and self.on_holidays in (None, asked.is_on_holiday(day))
        )

    def _day(self, slot: Slot) -> date | None:
        """The day in whose hours a slot begins: its own, or for hours past midnight the one before; None for neither.

        Of a line with whole weekdays both can be; then the day itself counts.
        """
        starts, ends = self._span
        minute = _minute(slot.starts.time())
        if starts <= minute < ends:
            return slot.day
        return slot.day - timedelta(days=1) if minute + DAY < ends else None


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


@dataclass(frozen=True)
class Route:
    """The desk that decides and the sentence that says why; ``line_id``: of the line that fits, if any does."""

    desk_id: int
    reason: str
    line_id: int | None = None


def route(asked: Asked, lines: Iterable[Line], fallback: Route) -> Route:
    """The first line that fits; the city desk's ``fallback`` when none does, so that no request is without a desk."""
    for line in lines:
        if line.fits(asked):
            return Route(line.desk_id, line.reason, line.id)
    return fallback


def check(line: Line) -> Line:
    """The line as it is kept, with conditions that say nothing left out. Raises NotALine.

    A line without conditions would leave nothing for those below it: there is one such line for each house.
    """
    if not line.has_conditions or not is_reason(line.reason):
        raise NotALine
    return replace(line.conditions, desk_id=line.desk_id, reason=line.reason.strip(), id=line.id)


def is_reason(words: str) -> bool:
    """Whether a reason can stand on one line of a page."""
    return bool(words.strip()) and words.isprintable() and len(words.strip()) <= LONGEST_REASON
