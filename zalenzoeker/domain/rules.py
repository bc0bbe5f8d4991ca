"""The houses' rules as data: what a rule is called, its value, its source, and who may ask for an exception."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any

CITY_SOURCE = "stad.gent, zalen Dienst Ontmoeten en Verbinden"


class RuleName(StrEnum):
    """Every rule a city, a place or a room can set; the value's form is in ``DEFAULTS``."""

    LEAD_DAYS = "lead_days"
    HORIZON_MONTHS = "horizon_months"
    CLOSED_SEASON = "closed_season"
    DAY_PARTS = "day_parts"
    EXCEPTIONS = "exceptions"
    OPEN_REQUESTS = "open_requests"


class DayPart(StrEnum):
    """The parts of a day people think in."""

    MORNING = "voormiddag"
    AFTERNOON = "namiddag"
    EVENING = "avond"
    WHOLE_DAY = "hele-dag"


@dataclass(frozen=True)
class Rule:
    """One line of rule data. A line of the city gives way to one of a place, and that to one of a room.

    ``value`` is JSON: days, months or a number; for CLOSED_SEASON the first and last closed day of every year
    (month-day) as ``["11-01", "03-31"]``; for DAY_PARTS a time span per part; for EXCEPTIONS the names of obstacles
    for which a requester may ask an exception.
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
        Rule(RuleName.HORIZON_MONTHS, 6, CITY_SOURCE),
        Rule(RuleName.CLOSED_SEASON, None),
        Rule(
            RuleName.DAY_PARTS,
            {
                DayPart.MORNING: ["09:00", "12:00"],
                DayPart.AFTERNOON: ["13:00", "17:00"],
                DayPart.EVENING: ["18:00", "22:00"],
                DayPart.WHOLE_DAY: ["09:00", "22:00"],
            },
        ),
        Rule(RuleName.EXCEPTIONS, ["too_soon"]),
        Rule(RuleName.OPEN_REQUESTS, 10),
    )
}


@dataclass(frozen=True)
class HouseRules:
    """The rules that hold for one room, each the nearest line that speaks of it."""

    lines: Mapping[RuleName, Rule] = field(default_factory=lambda: DEFAULTS)

    def rule(self, name: RuleName) -> Rule:
        return self.lines.get(name, DEFAULTS[name])

    @property
    def lead_days(self) -> int:
        return int(self.rule(RuleName.LEAD_DAYS).value)

    @property
    def horizon_months(self) -> int:
        return int(self.rule(RuleName.HORIZON_MONTHS).value)

    @property
    def open_requests(self) -> int:
        return int(self.rule(RuleName.OPEN_REQUESTS).value)

    @property
    def exceptions(self) -> frozenset[str]:
        return frozenset(self.rule(RuleName.EXCEPTIONS).value)

    def hours_of(self, part: DayPart) -> tuple[time, time]:
        """From when till when a part of the day lasts in this house."""
        starts, ends = self.rule(RuleName.DAY_PARTS).value[part]
        return time.fromisoformat(starts), time.fromisoformat(ends)

    def is_closed_season(self, day: date) -> bool:
        """Whether the room is closed on this day of every year; a season may run over New Year."""
        season = self.rule(RuleName.CLOSED_SEASON).value
        if not season:
            return False
        first, last = (str(month_day) for month_day in season)
        today = f"{day:%m-%d}"
        return first <= today <= last if first <= last else today >= first or today <= last


def rules_for_room(lines: Iterable[Rule]) -> HouseRules:
    """The rules of one room out of the lines of its city, its place and itself: the nearest line wins."""
    nearest: dict[RuleName, Rule] = dict(DEFAULTS)
    for line in sorted(lines, key=lambda line: (line.is_of_room, line.is_of_venue)):
        nearest[line.name] = line
    return HouseRules(nearest)
