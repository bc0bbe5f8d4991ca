"""When a house is open, by the lines of its week: on the wall clock, as people read it on the door."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, STEP_MINUTES, Slot, WeeklyHours


def wall_minutes(slot: Slot) -> tuple[int, int]:
    """Start and end of a slot in minutes since the midnight of its first day, as the wall clock shows them."""
    starts, ends = slot.starts, slot.ends
    days = ends.toordinal() - starts.toordinal()
    return starts.hour * 60 + starts.minute, days * DAY + ends.hour * 60 + ends.minute


def is_open(hours: Sequence[WeeklyHours], weekday: int, first: int, last: int) -> bool:
    """Whether a house is open all the time between two minutes of a weekday.

    What is asked after midnight may still belong to the evening before.
    """
    if _is_within_one(hours, weekday, first, last):
        return True
    return _is_within_one(joined(tuple(hours)), weekday, first, last)


def _is_within_one(hours: Sequence[WeeklyHours], weekday: int, first: int, last: int) -> bool:
    before = (weekday - 1) % 7
    for line in hours:
        if line.weekday == weekday and line.from_minute <= first and last <= line.to_minute:
            return True
        if line.weekday == before and line.from_minute <= first + DAY and last + DAY <= line.to_minute:
            return True
    return False


@lru_cache(maxsize=512)
def joined(hours: tuple[WeeklyHours, ...]) -> tuple[WeeklyHours, ...]:
    """The same hours, with the lines of a weekday that touch or overlap made into one: until noon and from noon on."""
    lines: list[WeeklyHours] = []
    for line in sorted(hours, key=lambda line: (line.weekday, line.from_minute)):
        last = lines[-1] if lines else None
        if last and last.weekday == line.weekday and line.from_minute <= last.to_minute:
            lines[-1] = replace(last, to_minute=max(last.to_minute, line.to_minute))
        else:
            lines.append(line)
    return tuple(lines)


# The hours of a week as a house gives them: per weekday, from and until in minutes since that midnight.
Week = Mapping[int, Sequence[tuple[int, int]]]
LATEST_END = DAY + LATEST_MORNING_END.hour * 60
MOST_PERIODS = 6


class NotAWeek(ValueError):
    """Hours that cannot be: of no weekday, off the quarter, too late, too many a day, or over each other."""


def check_week(week: Week) -> None:
    """Raise NotAWeek unless a house can be open at these hours; an end after midnight is at most 6.00."""
    for weekday, periods in week.items():
        if not 0 <= weekday <= 6 or len(periods) > MOST_PERIODS or overlapping(periods) is not None:
            raise NotAWeek(weekday)
        for starts, ends in periods:
            if not 0 <= starts < DAY or not starts < ends <= LATEST_END or starts % STEP_MINUTES or ends % STEP_MINUTES:
                raise NotAWeek(weekday)


def overlapping(periods: Sequence[tuple[int, int]]) -> int | None:
    """The number of the first of these periods that begins before an earlier one ended; None when all is well."""
    for number, (starts, ends) in enumerate(periods):
        if any(starts < other_ends and other_starts < ends for other_starts, other_ends in periods[:number]):
            return number
    return None
