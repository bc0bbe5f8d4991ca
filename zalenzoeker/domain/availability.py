"""Why a room cannot be had (every obstacle, not only the first), and which moments around are free."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from zalenzoeker.domain.rules import HouseRules, Rule, RuleName
from zalenzoeker.domain.slots import (
    NotASlot,
    Slot,
    WeeklyHours,
    add_months,
    days_from,
    epoch,
    from_epoch,
    to_local,
    to_utc,
)


class TakenBy(StrEnum):
    """What holds a room."""

    BOOKING = "booking"
    REQUEST = "request"
    OWN_PROGRAMME = "own_programme"
    CLOSURE = "closure"


@dataclass(frozen=True)
class Taken:
    """A stretch in which the room cannot be had, in epoch seconds, half-open; ``title`` only where it is public."""

    from_epoch: int
    to_epoch: int
    by: TakenBy
    title: str = ""


@dataclass(frozen=True)
class RoomFacts:
    """What is known about a room when somebody asks for it. No ``hours``: nobody told us, so no hour is refused."""

    is_asked_here: bool
    capacity: int | None = None
    hours: tuple[WeeklyHours, ...] = ()
    rules: HouseRules = field(default_factory=HouseRules)
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True)
class Need:
    """What somebody wants of a room: when, for how many people, and how many requests they have open already."""

    slot: Slot
    people: int | None = None
    open_requests: int = 0


class Code(StrEnum):
    """Every reason why a room cannot be had."""

    NOT_ASKED_HERE = "not_asked_here"
    IN_THE_PAST = "in_the_past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    CLOSED_SEASON = "closed_season"
    OUTSIDE_HOURS = "outside_hours"
    OWN_PROGRAMME = "own_programme"
    BOOKED = "booked"
    REQUESTED = "requested"
    TOO_MANY_PEOPLE = "too_many_people"
    TOO_MANY_OPEN = "too_many_open"


OVERLAP = frozenset({Code.CLOSED, Code.OWN_PROGRAMME, Code.BOOKED, Code.REQUESTED})
ABOUT_THE_MOMENT = OVERLAP | {Code.CLOSED_SEASON, Code.OUTSIDE_HOURS, Code.IN_THE_PAST, Code.TOO_SOON, Code.TOO_FAR}
NEVER_AN_EXCEPTION = OVERLAP | {Code.NOT_ASKED_HERE, Code.IN_THE_PAST, Code.CLOSED_SEASON, Code.TOO_MANY_OPEN}

CODE_OF_TAKEN = {
    TakenBy.BOOKING: Code.BOOKED,
    TakenBy.REQUEST: Code.REQUESTED,
    TakenBy.OWN_PROGRAMME: Code.OWN_PROGRAMME,
    TakenBy.CLOSURE: Code.CLOSED,
}


@dataclass(frozen=True)
class Obstacle:
    """One reason why not, with the facts its sentence needs and the rule it comes from."""

    code: Code
    facts: Mapping[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    may_be_excepted: bool = False


def obstacles(need: Need, facts: RoomFacts, now: datetime) -> list[Obstacle]:
    """Every reason why this room cannot be had like this; empty when nothing is in the way. ``now`` is aware."""
    found = [
        *_about_the_room(need, facts),
        *_about_the_calendar(need.slot, facts.rules, now),
        *_about_the_hours(need.slot, facts),
        *_about_overlap(need.slot, facts.taken),
    ]
    exceptions = facts.rules.exceptions
    return [
        replace(one, may_be_excepted=True) if one.code in exceptions and one.code not in NEVER_AN_EXCEPTION else one
        for one in found
    ]


def blocking(found: Iterable[Obstacle], *, asks_exception: bool) -> list[Obstacle]:
    """The obstacles that stop a requester; those that may be excepted do not when an exception is asked."""
    return [one for one in found if not (asks_exception and one.may_be_excepted)]


def _about_the_room(need: Need, facts: RoomFacts) -> Iterator[Obstacle]:
    if not facts.is_asked_here:
        yield Obstacle(Code.NOT_ASKED_HERE)
    if need.people is not None and facts.capacity is not None and need.people > facts.capacity:
        yield Obstacle(Code.TOO_MANY_PEOPLE, {"people": need.people, "capacity": facts.capacity})
    limit = facts.rules.rule(RuleName.OPEN_REQUESTS)
    if need.open_requests >= facts.rules.open_requests:
        yield Obstacle(Code.TOO_MANY_OPEN, {"limit": facts.rules.open_requests}, limit)


def _about_the_calendar(slot: Slot, rules: HouseRules, now: datetime) -> Iterator[Obstacle]:
    if slot.from_epoch <= epoch(now):
        yield Obstacle(Code.IN_THE_PAST)
    elif slot.day < first_day(rules, now):
        facts = {"days": rules.lead_days, "first_day": first_day(rules, now)}
        yield Obstacle(Code.TOO_SOON, facts, rules.rule(RuleName.LEAD_DAYS))
    elif slot.day > last_day(rules, now):
        facts = {"months": rules.horizon_months, "last_day": last_day(rules, now)}
        yield Obstacle(Code.TOO_FAR, facts, rules.rule(RuleName.HORIZON_MONTHS))
    if rules.is_closed_season(slot.day):
        season = rules.rule(RuleName.CLOSED_SEASON)
        yield Obstacle(Code.CLOSED_SEASON, {"season": season.value}, season)


def _about_the_hours(slot: Slot, facts: RoomFacts) -> Iterator[Obstacle]:
    if not facts.hours:
        return
    open_on_day = _hours_on(slot.day, facts.hours)
    # What is asked after midnight may still belong to the evening before.
    open_around = [*_hours_on(slot.day - timedelta(days=1), facts.hours), *open_on_day]
    if not any(hours.from_epoch <= slot.from_epoch and slot.to_epoch <= hours.to_epoch for hours in open_around):
        yield Obstacle(Code.OUTSIDE_HOURS, {"hours": open_on_day, "day": slot.day})


def _hours_on(day: date, lines: Iterable[WeeklyHours]) -> list[Slot]:
    return [hours for line in lines if (hours := line.on(day))]


def _about_overlap(slot: Slot, taken: Iterable[Taken]) -> Iterator[Obstacle]:
    in_the_way: dict[Code, Taken] = {}
    for one in taken:
        if one.from_epoch < slot.to_epoch and slot.from_epoch < one.to_epoch:
            in_the_way.setdefault(CODE_OF_TAKEN[one.by], one)
    for code, one in in_the_way.items():
        when = Slot(from_epoch(one.from_epoch), from_epoch(one.to_epoch))
        yield Obstacle(code, {"slot": when, "title": one.title})


def first_day(rules: HouseRules, now: datetime) -> date:
    """The first day that may be asked now without an exception."""
    return to_local(now).date() + timedelta(days=rules.lead_days)


def last_day(rules: HouseRules, now: datetime) -> date:
    """The last day that may be asked now."""
    return add_months(to_local(now).date(), rules.horizon_months)


DAYS_AROUND = 28


def free_moments(lost: Slot, facts: RoomFacts, now: datetime, *, limit: int = 4) -> list[Slot]:
    """Moments of the same length around a lost one at which nothing is in the way, nearest first.

    ``facts.taken`` must cover DAYS_AROUND days before and after the lost slot.
    """
    free: list[Slot] = []
    for slot in _nearby(lost):
        if not obstacles(Need(slot), facts, now) and not any(slot.overlaps(other) for other in free):
            free.append(slot)
        if len(free) == limit:
            break
    return free


def _nearby(lost: Slot) -> Iterator[Slot]:
    """The same day at other hours first, then the same hour on other days, each nearest first."""
    same_day = [(0, sign * 30 * half) for half in range(1, 25) for sign in (1, -1)]
    other_days = [(sign * number, 0) for number in range(1, DAYS_AROUND + 1) for sign in (1, -1)]
    for days, minutes in [*same_day, *other_days]:
        try:
            slot = lost.moved(days=days, minutes=minutes)
        except NotASlot:
            continue
        if days or slot.day == lost.day:
            yield slot


def span_around(slot: Slot, days: int = DAYS_AROUND) -> tuple[int, int]:
    """Epoch seconds from so many days before a slot to so many days after it."""
    margin = timedelta(days=days + 1)
    return epoch(slot.starts_at - margin), epoch(slot.ends_at + margin)


def span_of_days(first: date, count: int) -> tuple[int, int]:
    """Epoch seconds from the first midnight to six in the morning after the last day."""
    days = list(days_from(first, count + 1))
    return epoch(to_utc(datetime.combine(days[0], time()))), epoch(to_utc(datetime.combine(days[-1], time(6))))
