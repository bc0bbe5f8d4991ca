"""How a day of a room looks to somebody who looks for one: stretches with one answer each, without gaps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise

from zalenzoeker.domain.availability import Code, RoomFacts, first_day, last_day
from zalenzoeker.domain.rules import HouseRules
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, STEP_MINUTES, epoch
from zalenzoeker.domain.special_days import SpecialDays
from zalenzoeker.domain.taken import Taken, TakenBy
from zalenzoeker.domain.wallday import HOUR, WallDay, wall_day

MORNING_MINUTES = LATEST_MORNING_END.hour * 60
Minutes = tuple[int, int]


class StretchKind(StrEnum):
    """What a stretch of a room's day is to somebody who looks for a room."""

    FREE = "free"
    FREE_BUT_SOON = "free_but_soon"
    NOT_YET = "not_yet"
    PAST = "past"
    QUEUED = "queued"
    REQUESTED = "requested"
    BOOKED = "booked"
    OWN_PROGRAMME = "own_programme"
    DIARY = "diary"
    CLOSED = "closed"


# Where two of these meet, the first is shown.
KIND_OF_TAKEN = {
    TakenBy.CLOSURE: StretchKind.CLOSED,
    TakenBy.BOOKING: StretchKind.BOOKED,
    TakenBy.OWN_PROGRAMME: StretchKind.OWN_PROGRAMME,
    TakenBy.DIARY: StretchKind.DIARY,
    TakenBy.REQUEST: StretchKind.REQUESTED,
    TakenBy.QUEUED: StretchKind.QUEUED,
}
ORDER = {by: number for number, by in enumerate(KIND_OF_TAKEN)}
CAN_BE_ASKED = frozenset({StretchKind.FREE, StretchKind.FREE_BUT_SOON, StretchKind.QUEUED})


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


@dataclass(frozen=True)
class Held:
    """A stretch of the day that is held, in minutes of that day."""

    from_minute: int
    to_minute: int
    kind: StretchKind
    title: str


def day_plan(
    day: date,
    facts: RoomFacts,
    now: datetime,
    *,
    from_minute: int = 8 * 60,
    to_minute: int = 24 * 60,
    with_own_buffers: bool = True,
) -> list[Stretch]:
    """The stretches of one day, in order and without gaps, between two minutes of the wall clock.

    What others hold comes with their time to set up and to clean. ``with_own_buffers``: so does what the next asker
    needs, so that a free stretch can be asked from its first to its last minute.
    """
    clock = wall_day(day)
    held = _held(clock, facts, (from_minute, to_minute), with_own_buffers=with_own_buffers)
    open_minutes, why_closed = _open_minutes(day, facts, (from_minute, to_minute))
    # Nobody can ask from this minute, or from seven past: what is still free begins at the next quarter.
    now_minute = (clock.minute(epoch(now)) // STEP_MINUTES + 1) * STEP_MINUTES
    edges = {from_minute, to_minute, now_minute}
    edges.update(edge for one in held for edge in (one.from_minute, one.to_minute))
    edges.update(edge for hours in open_minutes for edge in hours)
    cuts = sorted(edge for edge in edges if from_minute <= edge <= to_minute)
    when_free = _kind_when_free(day, facts.rules, facts.special, now)

    def answer(minute: int) -> tuple[StretchKind, str]:
        is_open = any(start <= minute < end for start, end in open_minutes)
        can_be_asked = is_open and minute >= now_minute and when_free in CAN_BE_ASKED
        for one in held:
            is_said = can_be_asked or one.kind is not StretchKind.QUEUED
            if one.from_minute <= minute < one.to_minute and is_said:
                return one.kind, one.title
        if not is_open:
            return StretchKind.CLOSED, why_closed
        return (StretchKind.PAST if minute < now_minute else when_free), ""

    return _merged(Stretch(day, start, end, *answer(start)) for start, end in pairwise(cuts))


def _held(clock: WallDay, facts: RoomFacts, window: Minutes, *, with_own_buffers: bool) -> list[Held]:
    """What is held between two minutes of the day; where stretches meet, the one to show first."""
    before = facts.rules.cleanup_minutes if with_own_buffers else 0
    after = facts.rules.setup_minutes if with_own_buffers else 0
    starts, ends = (clock.seconds(minute) for minute in window)

    def minutes(one: Taken) -> Minutes:
        if one.by is TakenBy.QUEUED:
            return clock.minute(one.from_epoch), clock.minute(one.to_epoch)
        return clock.minute(one.from_epoch - before * 60), clock.minute(one.to_epoch + after * 60)

    # An hour more, for the night in which two minutes have the same name.
    near = facts.between(starts - after * 60 - HOUR, ends + before * 60 + HOUR)
    return [
        Held(*minutes(one), KIND_OF_TAKEN[one.by], one.title) for one in sorted(near, key=lambda one: ORDER[one.by])
    ]


def _open_minutes(day: date, facts: RoomFacts, window: Minutes) -> tuple[list[Minutes], str]:
    """When the room can be used on a day, and why it is closed where that has a name."""
    if facts.rules.is_closed_season(day):
        return [], ""
    if closing := facts.rules.closing_day(day, facts.special):
        return [], closing.name
    lines = [(line.from_minute, line.to_minute) for line in facts.hours if line.weekday == day.weekday()]
    lines = lines if facts.hours else [window]
    latest = facts.rules.latest_end
    if latest is None:
        return lines, ""
    # What ends in the early morning belongs to the evening before.
    allowed = [(min(0, window[0]), latest - DAY), (MORNING_MINUTES, latest)]
    cut = [(max(start, first), min(end, last)) for start, end in lines for first, last in allowed]
    return [(start, end) for start, end in cut if start < end], ""


def _kind_when_free(day: date, rules: HouseRules, special: SpecialDays, now: datetime) -> StretchKind:
    if day > last_day(rules, now):
        return StretchKind.NOT_YET
    if day >= first_day(rules, now, special):
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
