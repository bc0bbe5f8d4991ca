"""The register of places and rooms as plain rows: what an import reads and a service takes over."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, Unit, VenueKind
from zalenzoeker.domain.rules import DayPart, RuleName

LEAP_YEAR = 2000


@dataclass(frozen=True)
class NeighbourhoodRow:
    """A wijk and its middle, in degrees (WGS84)."""

    slug: str
    name: str
    lat: float
    lon: float
    source: str


@dataclass(frozen=True)
class FacilityRow:
    """Something a room can have; ``synonyms`` are other words that sources and visitors use for it."""

    slug: str
    name: str
    group: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class VenueRow:
    """A place. ``neighbourhood`` is a slug; a text that no source tells is empty, a number or a day None."""

    slug: str
    name: str
    kind: VenueKind
    operator: Operator
    managed_by: Manager
    street: str
    house_number: str
    postal_code: str
    city: str
    neighbourhood: str
    lat: float | None
    lon: float | None
    coord_precision: CoordPrecision
    phone: str
    email: str
    website: str
    drop_in_hours: str
    wheelchair: Known
    notes: str
    source: str
    confidence: Confidence
    source_year: int | None
    confirmed_on: date | None


@dataclass(frozen=True)
class RoomRow:
    """A row of rooms. ``venue`` and ``facilities`` are slugs, each facility once."""

    venue: str
    slug: str
    name: str
    unit: Unit
    capacity_seated: int | None
    capacity_standing: int | None
    area_m2: int | None
    is_heated: Known
    facilities: tuple[str, ...]
    price_note: str
    source: str
    confidence: Confidence
    source_year: int | None


@dataclass(frozen=True)
class RuleRow:
    """A rule with its source. ``venue`` and ``room`` are slugs; both empty: of the whole city."""

    venue: str
    room: str
    name: RuleName
    value: Any
    source: str


@dataclass(frozen=True)
class Register:
    """Everything one set of files tells; every slug that a row names is among these rows.

    ``rules`` None: the files say nothing about rules, which is not the same as saying that there are none.
    """

    neighbourhoods: tuple[NeighbourhoodRow, ...]
    facilities: tuple[FacilityRow, ...]
    venues: tuple[VenueRow, ...]
    rooms: tuple[RoomRow, ...]
    rules: tuple[RuleRow, ...] | None = None


@dataclass(frozen=True)
class Outline:
    """The official border of a neighbourhood as a GeoJSON geometry, degrees (WGS84), longitude first."""

    neighbourhood: str
    geometry: Mapping[str, Any]


def is_rule_value(name: RuleName, value: Any) -> bool:
    """Whether a value has the form that ``domain.rules`` expects of this rule."""
    return RULE_FORMS[name](value)


def _is_count(lowest: int, highest: int) -> Callable[[Any], bool]:
    # True is an int to Python, and not a number of days to anybody else.
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _is_pair(value: Any, is_part: Callable[[str], bool]) -> bool:
    is_two = isinstance(value, list) and len(value) == 2
    return is_two and all(isinstance(part, str) and is_part(part) for part in value)


def _is_month_day(text: str) -> bool:
    if not re.fullmatch("[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date(LEAP_YEAR, int(text[:2]), int(text[3:]))
    except ValueError:
        return False
    return True


def _is_clock_time(text: str) -> bool:
    return re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None


def _is_season(value: Any) -> bool:
    return value is None or _is_pair(value, _is_month_day)


def _is_day_parts(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != set(DayPart):
        return False
    return all(
        _is_pair(span, _is_clock_time) and time.fromisoformat(span[0]) < time.fromisoformat(span[1])
        for span in value.values()
    )


def _is_exceptions(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) and code in set(Code) for code in value)


RULE_FORMS: Mapping[RuleName, Callable[[Any], bool]] = {
    RuleName.LEAD_DAYS: _is_count(0, 366),
    # Own programme is written out a little further than this.
    RuleName.HORIZON_MONTHS: _is_count(1, 12),
    RuleName.CLOSED_SEASON: _is_season,
    RuleName.DAY_PARTS: _is_day_parts,
    RuleName.EXCEPTIONS: _is_exceptions,
    RuleName.OPEN_REQUESTS: _is_count(1, 1000),
}
