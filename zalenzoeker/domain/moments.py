"""Moments of one room to choose from: the free ones of a day, and the first one that lasts long enough."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from zalenzoeker.domain.availability import Code, Need, RoomFacts, first_day, last_day, obstacles
from zalenzoeker.domain.dayline import Held, Minutes, free_minutes, nearest, open_minutes
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, STEP_MINUTES, Slot, epoch
from zalenzoeker.domain.taken import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.wallday import WallDay, wall_day

PARTS = (DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING)
# Shorter than this is no moment to meet in; an hour between two parts of the day is theirs to set up and to clean.
SHORTEST, SHORTEST_BESIDE = 60, 120


class DayState(StrEnum):
    """What a day of a room is to somebody who looks for a moment."""

    FREE = "free"
    SOON = "soon"
    FULL = "full"
    CLOSED = "closed"
    NOT_YET = "not_yet"
    PAST = "past"


@dataclass(frozen=True)
class Moment:
    """A stretch that can be asked: a part of the day by its name, or hours of one's own within the free stretch."""

    slot: Slot
    part: DayPart | None = None
    is_queued: bool = False


@dataclass(frozen=True)
class RoomDay:
    """One day of a room. ``moments``: what can be asked, in order; ``free``: every free stretch, however short.

    ``whole``: the whole day, where all of it can be asked at once.
    """

    day: date
    state: DayState
    moments: tuple[Moment, ...] = ()
    free: tuple[Slot, ...] = ()
    whole: Slot | None = None


def room_day(day: date, facts: RoomFacts, now: datetime) -> RoomDay:
    """The moments of one day that can be asked, as an exception where it is short notice. ``now`` is aware."""
    wall = wall_day(day)
    opened = open_minutes(facts.hours, facts.rules, facts.special, wall)
    if wall.span[1] <= epoch(now):
        return RoomDay(day, DayState.PAST)
    if not opened:
        return RoomDay(day, DayState.CLOSED)
    if day > last_day(facts.rules, now):
        return RoomDay(day, DayState.NOT_YET)
    is_soon = day < first_day(facts.rules, now, facts.special)
    if is_soon and Code.TOO_SOON not in facts.rules.exceptions:
        return RoomDay(day, DayState.NOT_YET)
    held = _held_on(facts, wall)
    free = free_minutes(opened, held, facts.rules, wall, from_minute=_from_now(wall, now))
    without = replace(facts, taken=())
    moments = [_moment(wall, one, part, held) for one, part in _choices(free, facts, day)]
    good = tuple(one for one in moments if one and _is_allowed(one.slot, without, now))
    stretches = tuple(slot for one in free if (slot := wall.slot(*one)))
    if not good:
        return RoomDay(day, DayState.FULL, (), stretches)
    whole = _whole_day(free, wall, without, now)
    return RoomDay(day, DayState.SOON if is_soon else DayState.FREE, good, stretches, whole)


def _whole_day(free: Sequence[Minutes], wall: WallDay, facts: RoomFacts, now: datetime) -> Slot | None:
    first, last = hours_of_part(facts, DayPart.WHOLE_DAY, wall.day)
    slot = wall.slot(first, last) if any(opens <= first and last <= closes for opens, closes in free) else None
    return slot if slot and _is_allowed(slot, facts, now) else None


def _held_on(facts: RoomFacts, wall: WallDay) -> list[Held]:
    first, last = wall.span
    held = [(one.from_epoch, one.to_epoch, one.by.value) for one in facts.taken if first < one.to_epoch]
    return sorted(one for one in held if one[0] < last)


def _from_now(wall: WallDay, now: datetime) -> int:
    """Nobody can ask for what has begun: the first minute that is still to come."""
    return max(0, wall.minute(epoch(now)) + 1) if wall.midnight <= epoch(now) else 0


def _choices(free: Sequence[Minutes], facts: RoomFacts, day: date) -> list[tuple[Minutes, DayPart | None]]:
    """The parts of the day that lie in what is free, and what is left around them; in order."""
    parts = [(hours_of_part(facts, part, day), part) for part in PARTS]
    found: list[tuple[Minutes, DayPart | None]] = []
    for opens, latest in free:
        closes = min(latest, facts.rules.latest_end or latest)
        inside = [(hours, part) for hours, part in parts if opens <= hours[0] and hours[1] <= closes]
        shortest = max(SHORTEST_BESIDE if inside else SHORTEST, facts.rules.least_minutes or 0)
        longest = facts.rules.most_minutes or DAY
        edge = opens
        # What is left after the evening is for those who stay on, and no moment of its own.
        is_late = bool(inside) and inside[-1][1] is DayPart.EVENING
        for hours, part in inside if is_late else [*inside, ((closes, closes), None)]:
            if hours[0] - edge >= shortest:
                found.append(((edge, min(hours[0], edge + longest)), None))
            if part:
                found.append((hours, part))
            edge = hours[1]
    return found


def hours_of_part(facts: RoomFacts, part: DayPart, day: date) -> Minutes:
    """A part of a day in this house, in minutes since its midnight."""
    starts, ends = facts.rules.hours_of(part, day.weekday())
    start, end = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
    return start, end + DAY if end <= start and ends <= LATEST_MORNING_END else end


def _moment(wall: WallDay, minutes: Minutes, part: DayPart | None, held: Sequence[Held]) -> Moment | None:
    slot = wall.slot(*minutes) if minutes[0] < minutes[1] else None
    if slot is None:
        return None
    is_queued = any(
        by == TakenBy.QUEUED.value and starts < slot.to_epoch and slot.from_epoch < ends for starts, ends, by in held
    )
    return Moment(slot, part, is_queued)


def _is_allowed(slot: Slot, facts: RoomFacts, now: datetime) -> bool:
    return all(one.code is Code.TOO_SOON and one.may_be_excepted for one in obstacles(Need(slot), facts, now))


def first_free(facts: RoomFacts, minutes: int, now: datetime) -> Slot | None:
    """The first moment of so many minutes that can be asked now without an exception, or None within the horizon.

    ``facts.taken`` must cover the days from now until the last day that may be asked; see ``horizon``.
    """
    held = sorted((one.from_epoch, one.to_epoch, one.by.value) for one in facts.taken)
    starts = [one[0] for one in held]
    without = replace(facts, taken=())
    day, last = first_day(facts.rules, now, facts.special), last_day(facts.rules, now)
    while day <= last:
        wall = wall_day(day)
        first, end = wall.span
        of_day = held[bisect_left(starts, first - LONGEST_TAKEN) : bisect_left(starts, end)]
        opened = open_minutes(facts.hours, facts.rules, facts.special, wall)
        free = free_minutes(opened, of_day, facts.rules, wall, from_minute=_from_now(wall, now))
        for near in nearest(free, (0, -(-minutes // STEP_MINUTES) * STEP_MINUTES), facts.rules.latest_end):
            slot = wall.slot(near[0], near[0] + minutes)
            if slot and not obstacles(Need(slot), without, now):
                return slot
        day += timedelta(days=1)
    return None


def horizon(facts: RoomFacts, now: datetime) -> tuple[int, int]:
    """Epoch seconds from the first until the end of the last day that may be asked now."""
    days = first_day(facts.rules, now, facts.special), last_day(facts.rules, now)
    return wall_day(days[0]).span[0], wall_day(days[1]).span[1]
