"""The houses' rules as data: what a rule is called, its value, its source, and who may ask for an exception."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Any

from zalenzoeker.domain.requests import ActivityKind, Policy, RequesterKind
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, Slot
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind

CITY_SOURCE = "stad.gent, zalen Dienst Ontmoeten en Verbinden"
WEEKLY_SOURCE = "stad.gent, zalengebruik Vredeshuis"
CALENDAR_DAYS, WORKING_DAYS = "calendar", "working"
EVERY_DAY = "*"
SHORTEST_MONTH = 28


class RuleName(StrEnum):
    """Every rule a city, a place or a room can set; what each value looks like is told at ``Rule``."""

    LEAD_DAYS = "lead_days"
    LEAD_COUNTS = "lead_counts"
    HORIZON_MONTHS = "horizon_months"
    LEAST_MINUTES = "least_minutes"
    MOST_MINUTES = "most_minutes"
    LATEST_END = "latest_end"
    SETUP_MINUTES = "setup_minutes"
    CLEANUP_MINUTES = "cleanup_minutes"
    DAY_PARTS = "day_parts"
    WEEKLY_MONTHS = "weekly_months"
    OPEN_REQUESTS = "open_requests"
    WEEK_HOURS = "week_hours"
    WHO = "who"
    NEIGHBOURHOOD_FIRST = "neighbourhood_first"
    EXCLUDED = "excluded"
    CLOSED_SEASON = "closed_season"
    CLOSED_ON = "closed_on"
    PENDING = "pending"
    HOLD_DAYS = "hold_days"
    INSTANT = "instant"
    EXCEPTIONS = "exceptions"
    INSIDE = "inside"


class DayPart(StrEnum):
    """The parts of a day people think in."""

    MORNING = "voormiddag"
    AFTERNOON = "namiddag"
    EVENING = "avond"
    WHOLE_DAY = "hele-dag"


@dataclass(frozen=True)
class Rule:
    """One line of rule data. A line of the city gives way to one of a place, and that to one of a room.

    ``value`` is JSON, None where a rule may be absent:

    - numbers: days, months, minutes, requests or hours, as the name says;
    - LEAD_COUNTS: ``"calendar"`` or ``"working"`` (Saturdays, Sundays and legal holidays do not count);
    - LATEST_END: a time; up to 06:00 it means the next morning;
    - DAY_PARTS: a time span per part, ``["18:00", "22:00"]``, or one per weekday (0 is Monday, ``*`` every other);
    - WHO: the kinds of requesters who may ask, empty for everybody;
    - NEIGHBOURHOOD_FIRST: until so many days before, only askers of the neighbourhood; 0 means always;
    - EXCLUDED: kinds of activities, each by its name or, for a time only, as ``[name, first day, last day]``;
    - CLOSED_SEASON: the first and last closed day of every year (month-day), ``["11-01", "03-31"]``;
    - CLOSED_ON: the kinds of special days on which the house is closed;
    - PENDING: a policy per kind of requester, and one for ``"default"``;
    - INSTANT: ``{"trusted": true, "desk_hours": [[0, "09:00", "12:00"]]}``: who or what is confirmed at once;
    - EXCEPTIONS: the names of obstacles for which a requester may ask an exception;
    - INSIDE: whether activities inside the open hours of the house may be asked; None: as the kind of house has it.
    """

    name: RuleName
    value: Any
    source: str = ""
    is_of_venue: bool = False
    is_of_room: bool = False


DEFAULTS: dict[RuleName, Rule] = {
    rule.name: rule
    for rule in (
        Rule(RuleName.LEAD_DAYS, 28, CITY_SOURCE),
        Rule(RuleName.LEAD_COUNTS, CALENDAR_DAYS),
        Rule(RuleName.HORIZON_MONTHS, 6, CITY_SOURCE),
        Rule(RuleName.LEAST_MINUTES, None),
        Rule(RuleName.MOST_MINUTES, None),
        Rule(RuleName.LATEST_END, None),
        Rule(RuleName.SETUP_MINUTES, 0),
        Rule(RuleName.CLEANUP_MINUTES, 0),
        Rule(
            RuleName.DAY_PARTS,
            {
                DayPart.MORNING: ["09:00", "12:00"],
                DayPart.AFTERNOON: ["13:00", "17:00"],
                DayPart.EVENING: ["18:00", "22:00"],
                DayPart.WHOLE_DAY: ["09:00", "22:00"],
            },
        ),
        Rule(RuleName.WEEKLY_MONTHS, 6, WEEKLY_SOURCE),
        Rule(RuleName.OPEN_REQUESTS, 10),
        Rule(RuleName.WEEK_HOURS, None),
        Rule(RuleName.WHO, []),
        Rule(RuleName.NEIGHBOURHOOD_FIRST, None),
        Rule(RuleName.EXCLUDED, []),
        Rule(RuleName.CLOSED_SEASON, None),
        Rule(RuleName.CLOSED_ON, [SpecialKind.CITY_CLOSING.value]),
        Rule(RuleName.PENDING, {"default": Policy.HOLD.value}),
        # Asked on the last day of the usual four weeks, a moment that nobody answers for is free a week before.
        Rule(RuleName.HOLD_DAYS, 21),
        Rule(RuleName.INSTANT, {"trusted": False, "desk_hours": []}),
        Rule(RuleName.EXCEPTIONS, ["too_soon"]),
        Rule(RuleName.INSIDE, None),
    )
}


@dataclass(frozen=True)
class HouseRules:
    """The rules that hold for one room, each the nearest line that speaks of it.

    What a rule says is worked out once: a search asks it of every room for every date.
    """

    lines: Mapping[RuleName, Rule] = field(default_factory=lambda: DEFAULTS)

    def rule(self, name: RuleName) -> Rule:
        return self.lines.get(name, DEFAULTS[name])

    def _value(self, name: RuleName) -> Any:
        return self.rule(name).value

    @cached_property
    def lead_days(self) -> int:
        return int(self._value(RuleName.LEAD_DAYS))

    @cached_property
    def counts_working_days(self) -> bool:
        """Whether the lead is counted in working days."""
        return bool(self._value(RuleName.LEAD_COUNTS) == WORKING_DAYS)

    @cached_property
    def horizon_months(self) -> int:
        return int(self._value(RuleName.HORIZON_MONTHS))

    @cached_property
    def least_minutes(self) -> int | None:
        return _number(self._value(RuleName.LEAST_MINUTES))

    @cached_property
    def most_minutes(self) -> int | None:
        return _number(self._value(RuleName.MOST_MINUTES))

    @cached_property
    def latest_end(self) -> int | None:
        """The latest end in minutes since the midnight before; over 24 x 60 it is the next morning."""
        value = self._value(RuleName.LATEST_END)
        return None if value is None else _minute_of_evening(time.fromisoformat(value))

    @cached_property
    def setup_minutes(self) -> int:
        return int(self._value(RuleName.SETUP_MINUTES))

    @cached_property
    def cleanup_minutes(self) -> int:
        return int(self._value(RuleName.CLEANUP_MINUTES))

    @cached_property
    def weekly_months(self) -> int:
        return int(self._value(RuleName.WEEKLY_MONTHS))

    @cached_property
    def open_requests(self) -> int:
        return int(self._value(RuleName.OPEN_REQUESTS))

    @cached_property
    def week_hours(self) -> int | None:
        return _number(self._value(RuleName.WEEK_HOURS))

    @cached_property
    def who(self) -> frozenset[RequesterKind]:
        """Who may ask; empty: everybody."""
        return frozenset(RequesterKind(kind) for kind in self._value(RuleName.WHO))

    @cached_property
    def neighbourhood_first(self) -> int | None:
        """Until so many days before only the neighbourhood may ask; 0: always."""
        return _number(self._value(RuleName.NEIGHBOURHOOD_FIRST))

    @cached_property
    def closed_on(self) -> frozenset[SpecialKind]:
        return frozenset(SpecialKind(kind) for kind in self._value(RuleName.CLOSED_ON))

    @cached_property
    def hold_days(self) -> int:
        """How many days a request holds the room without an answer."""
        return int(self._value(RuleName.HOLD_DAYS))

    @cached_property
    def exceptions(self) -> frozenset[str]:
        return frozenset(self._value(RuleName.EXCEPTIONS))

    @property
    def inside(self) -> bool | None:
        """Whether activities inside the open hours may be asked; None where nobody said so."""
        value: bool | None = self._value(RuleName.INSIDE)
        return value

    def hours_of(self, part: DayPart, weekday: int | None = None) -> tuple[time, time]:
        """From when till when a part of the day lasts in this house; no ``weekday`` (0 is Monday): on most days."""
        spans = self._value(RuleName.DAY_PARTS)[part]
        if isinstance(spans, Mapping):
            spans = spans.get(str(weekday), spans[EVERY_DAY])
        starts, ends = spans
        return time.fromisoformat(starts), time.fromisoformat(ends)

    @cached_property
    def _excluded(self) -> Mapping[str, tuple[date, date]]:
        lines = self._value(RuleName.EXCLUDED)
        always = {line: (date.min, date.max) for line in lines if isinstance(line, str)}
        for_a_time = {
            kind: (date.fromisoformat(first), date.fromisoformat(last))
            for kind, first, last in (line for line in lines if not isinstance(line, str))
        }
        return {**for_a_time, **always}

    def excludes(self, kind: ActivityKind, day: date) -> bool:
        """Whether the house does not lend this room for a kind of activity on a day."""
        first, last = self._excluded.get(kind, (date.max, date.min))
        return first <= day <= last

    @cached_property
    def _season(self) -> tuple[int, int] | None:
        season = self._value(RuleName.CLOSED_SEASON)
        if not season:
            return None
        first, last = (int(month_day.replace("-", "")) for month_day in season)
        return first, last

    def is_closed_season(self, day: date) -> bool:
        """Whether the room is closed on this day of every year; a season may run over New Year."""
        if self._season is None:
            return False
        first, last = self._season
        today = day.month * 100 + day.day
        return first <= today <= last if first <= last else today >= first or today <= last

    def closing_day(self, day: date, special: SpecialDays) -> SpecialDay | None:
        """The special day for which the house is closed, if any."""
        return next((one for one in special.on(day) if one.kind in self.closed_on), None)

    @cached_property
    def _desk_hours(self) -> tuple[tuple[int, time, time], ...]:
        lines = self._value(RuleName.INSTANT).get("desk_hours", [])
        return tuple((day, time.fromisoformat(starts), time.fromisoformat(ends)) for day, starts, ends in lines)

    def pending_policy(self, kind: RequesterKind | None, *, is_trusted: bool, slot: Slot) -> Policy:
        """What a request of this asker does while it waits; INSTANT: it does not wait.

        ``is_trusted``: the association is a trusted group of the house. A slot wholly inside desk hours is confirmed
        at once whoever asks.
        """
        if is_trusted and self._value(RuleName.INSTANT).get("trusted", False):
            return Policy.INSTANT
        starts, ends = slot.starts, slot.ends
        for weekday, opens, closes in self._desk_hours:
            is_within = opens <= starts.time() and ends.time() <= closes
            if starts.date() == ends.date() and starts.weekday() == weekday and is_within:
                return Policy.INSTANT
        policies = self._value(RuleName.PENDING)
        return Policy(policies.get(kind, policies["default"]))

    def widened(self, slot: Slot) -> tuple[int, int]:
        """The slot with the time to set up and to clean, in epoch seconds: what it takes of the room."""
        return slot.from_epoch - self.setup_minutes * 60, slot.to_epoch + self.cleanup_minutes * 60


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _minute_of_evening(clock: time) -> int:
    """A time of the evening in minutes since the midnight before; a time up to six is of the next morning."""
    minute = clock.hour * 60 + clock.minute
    return minute + DAY if clock <= LATEST_MORNING_END else minute


def rules_for_room(lines: Iterable[Rule]) -> HouseRules:
    """The rules of one room out of the lines of its city, its place and itself: the nearest line wins."""
    nearest: dict[RuleName, Rule] = dict(DEFAULTS)
    for line in sorted(lines, key=lambda line: (line.is_of_room, line.is_of_venue)):
        nearest[line.name] = line
    return HouseRules(nearest)


def is_possible(rules: HouseRules) -> bool:
    """Whether anything can be asked: the shortest time fits in the longest, and the lead in the horizon."""
    least, most = rules.least_minutes or 0, rules.most_minutes
    return (most is None or least <= most) and rules.lead_days < rules.horizon_months * SHORTEST_MONTH
