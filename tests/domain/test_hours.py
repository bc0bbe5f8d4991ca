"""When a house is open: lines of the week that touch, run past midnight, or leave a gap."""

from datetime import date, datetime, time

import pytest

from zalenzoeker.domain.hours import is_open, joined, overlapping, wall_minutes
from zalenzoeker.domain.slots import Slot, WeeklyHours

HOUR = 60
LINES = (
    WeeklyHours(4, 12 * HOUR, 14 * HOUR),
    WeeklyHours(4, 9 * HOUR, 12 * HOUR),
    WeeklyHours(4, 15 * HOUR, 20 * HOUR),
    WeeklyHours(4, 19 * HOUR, 26 * HOUR),
    WeeklyHours(6, 20 * HOUR, 26 * HOUR),
)


@pytest.mark.parametrize(
    "weekday,first,last,expected",
    [
        (4, 9, 14, True),
        (4, 8, 10, False),
        (4, 13, 16, False),
        (4, 15, 26, True),
        (4, 15, 27, False),
        (5, 0, 2, True),
        (5, 0, 3, False),
        (5, 20, 22, False),
        (0, 0, 1, True),
        (0, 1, 3, False),
    ],
    ids=[
        "over two lines that touch",
        "before the first line",
        "over a gap",
        "over two lines that overlap, past midnight",
        "later in the night than open",
        "in the night after",
        "too late in the night after",
        "on a day without lines",
        "in the night from Sunday to Monday",
        "too late in that night",
    ],
)
def test_house_is_open_all_the_time_or_it_is_not(weekday, first, last, expected):
    assert is_open(LINES, weekday, first * HOUR, last * HOUR) is expected


def test_lines_that_touch_or_overlap_are_one():
    assert joined(LINES) == (
        WeeklyHours(4, 9 * HOUR, 14 * HOUR),
        WeeklyHours(4, 15 * HOUR, 26 * HOUR),
        WeeklyHours(6, 20 * HOUR, 26 * HOUR),
    )
    assert joined(()) == ()


@pytest.mark.parametrize(
    "starts,ends,expected",
    [
        ("2027-01-15T09:00", "2027-01-15T12:15", (540, 735)),
        ("2027-01-15T20:00", "2027-01-16T01:00", (1200, 1500)),
        ("2027-03-27T22:00", "2027-03-28T04:00", (1320, 1680)),
    ],
    ids=["a morning", "past midnight", "over the change of the clock, as the clock shows"],
)
def test_minutes_of_a_slot_are_those_of_the_wall_clock(starts, ends, expected):
    assert wall_minutes(Slot.between(datetime.fromisoformat(starts), datetime.fromisoformat(ends))) == expected


def test_house_open_till_midnight_is_open_till_midnight():
    evening = Slot.on(date(2027, 1, 15), time(20), time(0))
    assert is_open((WeeklyHours(4, 18 * HOUR, 24 * HOUR),), 4, *wall_minutes(evening)) is True


@pytest.mark.parametrize(
    "periods, number",
    [
        ([], None),
        ([(540, 720)], None),
        ([(540, 720), (720, 800)], None),
        ([(780, 1020), (540, 720)], None),
        ([(540, 720), (700, 800)], 1),
        ([(540, 720), (780, 900), (600, 660)], 2),
        ([(1200, 1500), (1380, 1440)], 1),
    ],
)
def test_hours_of_a_day_that_lie_over_each_other_are_found(periods, number):
    assert overlapping(periods) == number
