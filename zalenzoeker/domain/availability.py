"""Why a room cannot be had: every obstacle, not only the first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from zalenzoeker.domain.hours import is_open, wall_minutes
from zalenzoeker.domain.inside import is_within
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.rules import HouseRules, Rule, RuleName
from zalenzoeker.domain.slots import (
    DAY,
    LATEST_MORNING_END,
    Slot,
    WeeklyHours,
    add_months,
    from_epoch,
)
from zalenzoeker.domain.special_days import NO_SPECIAL_DAYS, SpecialDays
from zalenzoeker.domain.taken import (
    DAYS_AROUND,
    LONGEST_TAKEN,
    Taken,
    TakenBy,
    TakenInOrder,
    queued_before,
    span_around,
    span_of_days,
)
from zalenzoeker.domain.window import first_day, last_day, last_day_of_series, today, window

__all__ = [
    "ABOUT_THE_MOMENT",
    "CODE_OF_TAKEN",
    "DAYS_AROUND",
    "LONGEST_TAKEN",
    "NEVER_AN_EXCEPTION",
    "OVERLAP",
    "Code",
    "Need",
    "Obstacle",
    "RoomFacts",
    "Taken",
    "TakenBy",
    "blocking",
    "first_day",
    "is_within_hours",
    "last_day",
    "obstacles",
    "queued_before",
    "span_around",
    "span_of_days",
]

MORNING_MINUTES = LATEST_MORNING_END.hour * 60


@dataclass(frozen=True)
class RoomFacts:
    """What is known about a room when somebody asks for it. No ``hours``: nobody told us, so no hour is refused.

    ``open_hours``: those of the house, in which activities that take no space can be asked where ``offers_inside``.
    """

    is_asked_here: bool
    capacity: int | None = None
    hours: tuple[WeeklyHours, ...] = ()
    rules: HouseRules = field(default_factory=HouseRules)
    taken: tuple[Taken, ...] = ()
    special: SpecialDays = NO_SPECIAL_DAYS
    open_hours: tuple[WeeklyHours, ...] = ()
    offers_inside: bool = False

    @cached_property
    def _in_order(self) -> TakenInOrder:
        return TakenInOrder(self.taken)

    def around(self, slot: Slot) -> list[Taken]:
        """What stands in the room during a slot with the time to set up and to clean, earliest first."""
        return self.between(*self.rules.widened(slot))

    def between(self, from_epoch: int, to_epoch: int) -> list[Taken]:
        """What stands in the room between two moments, in epoch seconds."""
        return self._in_order.between(from_epoch, to_epoch)


@dataclass(frozen=True)
class Need:
    """What somebody wants of a room, and who it is. What is None is not known, and not judged.

    ``week_minutes``: what the association has asked or booked already in this place in the ISO week of the slot.
    ``is_weekly`` and ``pattern_end``: the slot is the first of a series that comes back every week until that day.
    ``series_first``: the first day of the series the slot belongs to, by which is judged how far ahead it is asked.
    ``takes_space`` False: an activity inside the open hours of the house, beside whatever else is there.
    """

    slot: Slot
    people: int | None = None
    open_requests: int = 0
    kind: RequesterKind | None = None
    is_neighbour: bool | None = None
    activity_kind: ActivityKind | None = None
    week_minutes: int = 0
    is_weekly: bool = False
    pattern_end: date | None = None
    series_first: date | None = None
    takes_space: bool = True


class Code(StrEnum):
    """Every reason why a room cannot be had."""

    NOT_ASKED_HERE = "not_asked_here"
    TOO_MANY_PEOPLE = "too_many_people"
    TOO_MANY_OPEN = "too_many_open"
    WHO_MAY_ASK = "who_may_ask"
    NEIGHBOURHOOD_FIRST = "neighbourhood_first"
    EXCLUDED_ACTIVITY = "excluded_activity"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    WEEKLY_TOO_LONG = "weekly_too_long"
    TOO_MANY_HOURS = "too_many_hours"
    IN_THE_PAST = "in_the_past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED_SEASON = "closed_season"
    CITY_CLOSED = "city_closed"
    OUTSIDE_HOURS = "outside_hours"
    ENDS_TOO_LATE = "ends_too_late"
    CLOSED = "closed"
    OWN_PROGRAMME = "own_programme"
    BOOKED = "booked"
    REQUESTED = "requested"
    DIARY = "diary"
    NOT_INSIDE = "not_inside"
    NOT_WHILE_OPEN = "not_while_open"


OVERLAP = frozenset({Code.CLOSED, Code.OWN_PROGRAMME, Code.BOOKED, Code.REQUESTED, Code.DIARY})
CLOSURE = frozenset({Code.CLOSED, Code.CLOSED_SEASON, Code.CITY_CLOSED})
ABOUT_THE_CALENDAR = frozenset({Code.IN_THE_PAST, Code.TOO_SOON, Code.TOO_FAR, Code.NEIGHBOURHOOD_FIRST})
# What another moment may mend.
ABOUT_THE_MOMENT = (
    OVERLAP | CLOSURE | ABOUT_THE_CALENDAR | {Code.OUTSIDE_HOURS, Code.ENDS_TOO_LATE, Code.NOT_WHILE_OPEN}
)
# Outside the open hours of a house nobody is there, and what takes no space has none.
ABOUT_INSIDE = frozenset({Code.NOT_INSIDE, Code.NOT_WHILE_OPEN})
NEVER_AN_EXCEPTION = OVERLAP | CLOSURE | ABOUT_INSIDE | {Code.NOT_ASKED_HERE, Code.IN_THE_PAST, Code.TOO_MANY_OPEN}

# A request in a queue is in nobody's way.
CODE_OF_TAKEN = {
    TakenBy.BOOKING: Code.BOOKED,
    TakenBy.REQUEST: Code.REQUESTED,
    TakenBy.OWN_PROGRAMME: Code.OWN_PROGRAMME,
    TakenBy.CLOSURE: Code.CLOSED,
    TakenBy.DIARY: Code.DIARY,
}


@dataclass(frozen=True)
class Obstacle:
    """One reason why not, with the facts its sentence needs and the rule it comes from."""

    code: Code
    facts: Mapping[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    may_be_excepted: bool = False


def obstacles(need: Need, facts: RoomFacts, now: datetime) -> list[Obstacle]:
    """Every reason why this room cannot be had like this; empty when nothing is in the way. ``now`` is aware.

    Somebody else's request in a queue is none: ``queued_before`` counts those.
    """
    found = [
        *_about_the_room(need, facts),
        *_about_the_asker(need, facts.rules, now),
        *_about_the_length(need, facts.rules),
        *_about_the_calendar(need, facts, now),
        *(_about_the_hours(need.slot, facts) if need.takes_space else _about_inside(need.slot, facts)),
        *(one for one in _about_overlap(need.slot, facts) if need.takes_space or one.code is Code.CLOSED),
    ]
    if not found:
        return found
    exceptions = facts.rules.exceptions - NEVER_AN_EXCEPTION
    return [replace(one, may_be_excepted=True) if one.code in exceptions else one for one in found]


def _against(rules: HouseRules, name: RuleName, code: Code, facts: Mapping[str, Any]) -> Obstacle:
    """The obstacle of a rule, which is quoted with its source."""
    return Obstacle(code, facts, rules.rule(name))


def blocking(found: Iterable[Obstacle], *, asks_exception: bool) -> list[Obstacle]:
    """The obstacles that stop a requester; those that may be excepted do not when an exception is asked."""
    return [one for one in found if not (asks_exception and one.may_be_excepted)]


def _about_the_room(need: Need, facts: RoomFacts) -> Iterator[Obstacle]:
    if not facts.is_asked_here:
        yield Obstacle(Code.NOT_ASKED_HERE)
    if need.people is not None and facts.capacity is not None and need.people > facts.capacity:
        yield Obstacle(Code.TOO_MANY_PEOPLE, {"people": need.people, "capacity": facts.capacity})


def _about_the_asker(need: Need, rules: HouseRules, now: datetime) -> Iterator[Obstacle]:
    day = need.slot.day
    if need.open_requests >= rules.open_requests:
        yield _against(rules, RuleName.OPEN_REQUESTS, Code.TOO_MANY_OPEN, {"limit": rules.open_requests})
    if need.kind and rules.who and need.kind not in rules.who:
        kinds = [kind for kind in RequesterKind if kind in rules.who]
        yield _against(rules, RuleName.WHO, Code.WHO_MAY_ASK, {"kinds": kinds})
    days = rules.neighbourhood_first
    if days is not None and need.is_neighbour is False and (days == 0 or (day - today(now)).days > days):
        facts = {"days": days, "from_day": day - timedelta(days=days)}
        yield _against(rules, RuleName.NEIGHBOURHOOD_FIRST, Code.NEIGHBOURHOOD_FIRST, facts)
    if need.activity_kind and rules.excludes(need.activity_kind, day):
        yield _against(rules, RuleName.EXCLUDED, Code.EXCLUDED_ACTIVITY, {"kind": need.activity_kind})


def _about_the_length(need: Need, rules: HouseRules) -> Iterator[Obstacle]:
    minutes = need.slot.minutes
    if rules.least_minutes is not None and minutes < rules.least_minutes:
        yield _against(rules, RuleName.LEAST_MINUTES, Code.TOO_SHORT, {"minutes": rules.least_minutes})
    if rules.most_minutes is not None and minutes > rules.most_minutes:
        yield _against(rules, RuleName.MOST_MINUTES, Code.TOO_LONG, {"minutes": rules.most_minutes})
    if need.is_weekly and need.pattern_end:
        until = add_months(need.slot.day, rules.weekly_months)
        if need.pattern_end > until:
            facts = {"months": rules.weekly_months, "until": until}
            yield _against(rules, RuleName.WEEKLY_MONTHS, Code.WEEKLY_TOO_LONG, facts)
    if need.takes_space and rules.week_hours is not None and need.week_minutes + minutes > rules.week_hours * 60:
        yield _against(rules, RuleName.WEEK_HOURS, Code.TOO_MANY_HOURS, {"week_hours": rules.week_hours})


def _about_the_calendar(need: Need, facts: RoomFacts, now: datetime) -> Iterator[Obstacle]:
    slot, rules, day = need.slot, facts.rules, need.slot.day
    now_epoch, first, last = window(rules, facts.special, now)
    if need.series_first is not None:
        last = last_day_of_series(need.series_first, rules, now)
    if slot.from_epoch <= now_epoch:
        yield Obstacle(Code.IN_THE_PAST)
    elif day < first:
        told: dict[str, Any] = {
            "days": rules.lead_days,
            "first_day": first,
            "in_working_days": rules.counts_working_days,
        }
        yield _against(rules, RuleName.LEAD_DAYS, Code.TOO_SOON, told)
    elif day > last:
        told = {"months": rules.horizon_months, "last_day": last}
        yield _against(rules, RuleName.HORIZON_MONTHS, Code.TOO_FAR, told)
    if rules.is_closed_season(day):
        season = rules.rule(RuleName.CLOSED_SEASON).value
        yield _against(rules, RuleName.CLOSED_SEASON, Code.CLOSED_SEASON, {"season": season})
    if closing := rules.closing_day(day, facts.special):
        yield _against(rules, RuleName.CLOSED_ON, Code.CITY_CLOSED, {"day": day, "name": closing.name})


def _about_the_hours(slot: Slot, facts: RoomFacts) -> Iterator[Obstacle]:
    if not is_within_hours(slot, facts):
        open_on_day = [hours for line in facts.hours if (hours := line.on(slot.day))]
        yield Obstacle(Code.OUTSIDE_HOURS, {"hours": open_on_day, "day": slot.day})
    latest, last = facts.rules.latest_end, wall_minutes(slot)[1]
    # What ends in the early morning belongs to the evening before.
    if latest is not None and (last + DAY if last <= MORNING_MINUTES else last) > latest:
        told = {"latest": time(latest // 60 % 24, latest % 60), "is_next_morning": latest > DAY}
        yield _against(facts.rules, RuleName.LATEST_END, Code.ENDS_TOO_LATE, told)


def _about_inside(slot: Slot, facts: RoomFacts) -> Iterator[Obstacle]:
    if not facts.offers_inside:
        yield Obstacle(Code.NOT_INSIDE, rule=facts.rules.rule(RuleName.INSIDE))
    elif not is_within(slot, facts.open_hours):
        open_on_day = [hours for line in facts.open_hours if (hours := line.on(slot.day))]
        yield Obstacle(Code.NOT_WHILE_OPEN, {"hours": open_on_day, "day": slot.day})


def is_within_hours(slot: Slot, facts: RoomFacts) -> bool:
    """May a room be asked at these hours, as far as anybody told?"""
    return not facts.hours or is_open(facts.hours, slot.starts.weekday(), *wall_minutes(slot))


def _about_overlap(slot: Slot, facts: RoomFacts) -> Iterator[Obstacle]:
    in_the_way: dict[Code, Taken] = {}
    for one in facts.around(slot):
        if one.by is not TakenBy.QUEUED:
            in_the_way.setdefault(CODE_OF_TAKEN[one.by], one)
    for code, one in in_the_way.items():
        when = Slot(from_epoch(one.from_epoch), from_epoch(one.to_epoch))
        yield Obstacle(code, {"slot": when, "title": one.title})
