"""How a day of a room looks to somebody who looks for one: stretches with one answer each, without gaps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise

from zalenzoeker.domain.availability import Code, RoomFacts, TakenBy, first_day, last_day
from zalenzoeker.domain.rules import HouseRules
from zalenzoeker.domain.slots import STEP_MINUTES, epoch, from_epoch


class StretchKind(StrEnum):
    """What a stretch of a room's day is to somebody who looks for a room."""

    FREE = "free"
    FREE_BUT_SOON = "free_but_soon"
    NOT_YET = "not_yet"
    PAST = "past"
    REQUESTED = "requested"
    BOOKED = "booked"
    OWN_PROGRAMME = "own_programme"
    CLOSED = "closed"


KIND_OF_TAKEN = {
    TakenBy.CLOSURE: StretchKind.CLOSED,
    TakenBy.BOOKING: StretchKind.BOOKED,
    TakenBy.OWN_PROGRAMME: StretchKind.OWN_PROGRAMME,
    TakenBy.REQUEST: StretchKind.REQUESTED,
}


@dataclass(frozen=True)
class Stretch:
    """A part of a day with one answer; minutes since that day's midnight on the wall clock."""

    day: date
    from_minute: int
    to_minute: int
    kind: StretchKind
    title: str = ""

    @property
    def minutes(self) -> int:
        return self.to_minute - self.from_minute

    @property
    def starts(self) -> time:
        return time(self.from_minute // 60 % 24, self.from_minute % 60)

    @property
    def ends(self) -> time:
        return time(self.to_minute // 60 % 24, self.to_minute % 60)


def day_plan(
    day: date, facts: RoomFacts, now: datetime, *, from_minute: int = 8 * 60, to_minute: int = 24 * 60
) -> list[Stretch]:
    """The stretches of one day, in order and without gaps, between two minutes of the wall clock."""
    midnight = datetime.combine(day, time())
    window = range(from_minute, to_minute)
    taken = [
        (_minute(one.from_epoch, midnight), _minute(one.to_epoch, midnight), KIND_OF_TAKEN[one.by], one.title)
        for one in sorted(facts.taken, key=lambda one: list(KIND_OF_TAKEN).index(one.by))
    ]
    open_hours = _open_minutes(day, facts, window)
    # Nobody can ask from seven past: what is still free begins at the next quarter.
    now_minute = -(-_minute(epoch(now), midnight) // STEP_MINUTES) * STEP_MINUTES
    edges = {from_minute, to_minute, now_minute}
    edges.update(edge for start, end, *_ in taken for edge in (start, end))
    edges.update(edge for hours in open_hours for edge in hours)
    cuts = sorted(edge for edge in edges if from_minute <= edge <= to_minute)
    when_free = _kind_when_free(day, facts.rules, now)

    def answer(minute: int) -> tuple[StretchKind, str]:
        for start, end, kind, title in taken:
            if start <= minute < end:
                return kind, title
        if not any(start <= minute < end for start, end in open_hours):
            return StretchKind.CLOSED, ""
        return (StretchKind.PAST if minute < now_minute else when_free), ""

    return _merged(Stretch(day, start, end, *answer(start)) for start, end in pairwise(cuts))


def _minute(seconds: int, midnight: datetime) -> int:
    """A moment as minutes since a local midnight, on the wall clock."""
    return int((from_epoch(seconds) - midnight).total_seconds() // 60)


def _open_minutes(day: date, facts: RoomFacts, window: range) -> list[tuple[int, int]]:
    if facts.rules.is_closed_season(day):
        return []
    if not facts.hours:
        return [(window.start, window.stop)]
    return [(line.from_minute, line.to_minute) for line in facts.hours if line.weekday == day.weekday()]


def _kind_when_free(day: date, rules: HouseRules, now: datetime) -> StretchKind:
    if day > last_day(rules, now):
        return StretchKind.NOT_YET
    if day >= first_day(rules, now):
        return StretchKind.FREE
    return StretchKind.FREE_BUT_SOON if Code.TOO_SOON in rules.exceptions else StretchKind.NOT_YET


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for one in stretches:
        last = merged[-1] if merged else None
        if last and (last.kind, last.title) == (one.kind, one.title):
            merged[-1] = replace(last, to_minute=one.to_minute)
        else:
            merged.append(one)
    return merged


def grid_hours(facts: RoomFacts) -> tuple[int, int]:
    """From which to which minute a week table of this room runs, in whole hours; 8 to 24 when hours are unknown."""
    if not facts.hours:
        return 8 * 60, 24 * 60
    first = min(line.from_minute for line in facts.hours)
    last = max(line.to_minute for line in facts.hours)
    return first // 60 * 60, -(-last // 60) * 60
