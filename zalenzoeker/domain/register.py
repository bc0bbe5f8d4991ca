"""The register of places and rooms as plain rows: what an import reads and a service takes over."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, Unit, VenueKind
from zalenzoeker.domain.requests import ActivityKind, Policy, RequesterKind
from zalenzoeker.domain.rules import CALENDAR_DAYS, EVERY_DAY, WORKING_DAYS, DayPart, RuleName
from zalenzoeker.domain.slots import LATEST_MORNING_END
from zalenzoeker.domain.special_days import SpecialKind

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


def _or_none(is_value: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or is_value(value)


def _is_list(is_part: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(is_part(part) for part in value)


def _is_one_of(kinds: type[StrEnum]) -> Callable[[Any], bool]:
    names = {kind.value for kind in kinds}
    return lambda value: isinstance(value, str) and value in names


def _is_season(value: Any) -> bool:
    return _is_pair(value, _is_month_day)


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _is_clock_time(value)


def _is_span(value: Any) -> bool:
    """Two times in order; an end up to six in the morning is of the next day."""
    if not _is_pair(value, _is_clock_time):
        return False
    starts, ends = (time.fromisoformat(part) for part in value)
    return starts < ends or (ends < starts and ends <= LATEST_MORNING_END)


def _is_span_per_weekday(value: Any) -> bool:
    weekdays = {EVERY_DAY, *"0123456"}
    return (
        isinstance(value, dict) and EVERY_DAY in value and weekdays >= set(value) and all(map(_is_span, value.values()))
    )


def _is_day_parts(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != set(DayPart):
        return False
    return all(_is_span(span) or _is_span_per_weekday(span) for span in value.values())


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_excluded(value: Any) -> bool:
    """A kind of activity, or one with the first and last day on which it is excluded."""
    is_kind = _is_one_of(ActivityKind)
    if is_kind(value):
        return True
    if not isinstance(value, list) or len(value) != 3:
        return False
    kind, first, last = value
    return is_kind(kind) and _is_day(first) and _is_day(last) and first <= last


def _is_pending(value: Any) -> bool:
    """A policy for everybody and for some kinds of requesters; not those that only what is asked decides."""
    if not isinstance(value, dict) or "default" not in value or not {"default", *RequesterKind} >= set(value):
        return False
    return all(_is_one_of(Policy)(policy) and policy not in (Policy.WAIT, Policy.INSIDE) for policy in value.values())


def _is_instant(value: Any) -> bool:
    if not isinstance(value, dict) or not {"trusted", "desk_hours"} >= set(value):
        return False
    return isinstance(value.get("trusted", False), bool) and _is_list(_is_desk_hours)(value.get("desk_hours", []))


def _is_desk_hours(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 3 or not _is_count(0, 6)(value[0]):
        return False
    return _is_pair(value[1:], _is_clock_time) and value[1] < value[2]


A_DAY, A_QUARTER, SIX_HOURS = 24 * 60, 15, 6 * 60

RULE_FORMS: Mapping[RuleName, Callable[[Any], bool]] = {
    RuleName.LEAD_DAYS: _is_count(0, 366),
    RuleName.LEAD_COUNTS: lambda value: isinstance(value, str) and value in (CALENDAR_DAYS, WORKING_DAYS),
    # Own programme is written out a little further than this.
    RuleName.HORIZON_MONTHS: _is_count(1, 12),
    RuleName.LEAST_MINUTES: _or_none(_is_count(A_QUARTER, A_DAY)),
    RuleName.MOST_MINUTES: _or_none(_is_count(A_QUARTER, A_DAY)),
    RuleName.LATEST_END: _or_none(_is_time),
    # A date with its buffers stays within what a stretch may last.
    RuleName.SETUP_MINUTES: _is_count(0, SIX_HOURS),
    RuleName.CLEANUP_MINUTES: _is_count(0, SIX_HOURS),
    RuleName.DAY_PARTS: _is_day_parts,
    RuleName.WEEKLY_MONTHS: _is_count(1, 24),
    RuleName.OPEN_REQUESTS: _is_count(1, 1000),
    RuleName.WEEK_HOURS: _or_none(_is_count(1, 7 * 24)),
    RuleName.WHO: _is_list(_is_one_of(RequesterKind)),
    RuleName.NEIGHBOURHOOD_FIRST: _or_none(_is_count(0, 366)),
    RuleName.EXCLUDED: _is_list(_is_excluded),
    RuleName.CLOSED_SEASON: _or_none(_is_season),
    RuleName.CLOSED_ON: _is_list(_is_one_of(SpecialKind)),
    RuleName.PENDING: _is_pending,
    RuleName.HOLD_DAYS: _is_count(1, 366),
    RuleName.INSTANT: _is_instant,
    RuleName.EXCEPTIONS: _is_list(_is_one_of(Code)),
    RuleName.INSIDE: _or_none(lambda value: isinstance(value, bool)),
}
