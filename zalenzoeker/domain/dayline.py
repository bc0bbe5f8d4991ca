"""The day of one room as plain stretches in minutes: when it is open, what holds it, and what is left."""

from collections.abc import Iterable, Sequence

from zalenzoeker.domain.hours import joined
from zalenzoeker.domain.rules import HouseRules
from zalenzoeker.domain.slots import DAY, STEP_MINUTES, WeeklyHours
from zalenzoeker.domain.special_days import SpecialDays
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import WallDay

# What holds a room, as plain as it can be: from and to in epoch seconds, and a TakenBy as text.
Held = tuple[int, int, str]
# From and to in minutes since the midnight of a day.
Minutes = tuple[int, int]

# Where nobody told when a house is open, its day is shown from eight till midnight.
USUAL_DAY: Minutes = (8 * 60, 24 * 60)
QUEUED = TakenBy.QUEUED.value


def open_minutes(
    hours: Sequence[WeeklyHours], rules: HouseRules, special: SpecialDays, wall: WallDay
) -> tuple[Minutes, ...]:
    """When a room with these hours and rules can be asked on a day; empty when it is closed all day."""
    if rules.is_closed_season(wall.day) or rules.closing_day(wall.day, special):
        return ()
    if not hours:
        return (USUAL_DAY,)
    weekday = wall.day.weekday()
    return tuple((line.from_minute, line.to_minute) for line in joined(tuple(hours)) if line.weekday == weekday)


def free_minutes(
    open_hours: Iterable[Minutes], held: Iterable[Held], rules: HouseRules, wall: WallDay, from_minute: int = 0
) -> list[Minutes]:
    """What is left of the open hours when what holds the room is taken off, with the time to set up and to clean.

    Requests that do not hold the room take nothing off. ``held`` is in order; nothing begins before ``from_minute``,
    and every stretch begins and ends on the quarter hour.
    """
    setup, cleanup = rules.setup_minutes, rules.cleanup_minutes
    blocked = [(wall.minute(starts) - cleanup, wall.minute(ends) + setup) for starts, ends, by in held if by != QUEUED]
    left: list[Minutes] = []
    for opens, closes in open_hours:
        start = max(opens, from_minute)
        for taken_from, taken_to in blocked:
            if taken_from >= closes:
                break
            if taken_to > start:
                if taken_from > start:
                    left.append((start, taken_from))
                start = taken_to
        if start < closes:
            left.append((start, closes))
    return [stretch for one in left if (stretch := _on_the_quarter(one))[0] < stretch[1]]


def _on_the_quarter(stretch: Minutes) -> Minutes:
    return -(-stretch[0] // STEP_MINUTES) * STEP_MINUTES, stretch[1] // STEP_MINUTES * STEP_MINUTES


def nearest(free: Iterable[Minutes], wanted: Minutes, latest_end: int | None) -> list[Minutes]:
    """Stretches as long as the wanted one inside what is free, the nearest start first, one per free stretch."""
    start, length = wanted[0], wanted[1] - wanted[0]
    found = []
    for opens, closes in free:
        last = (closes if latest_end is None else min(closes, latest_end)) - length
        if opens <= last and opens < DAY:
            near = min(max(start, opens), last)
            found.append((abs(near - start), near))
    return [(near, near + length) for _off, near in sorted(found)]
