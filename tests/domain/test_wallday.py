"""A day on the wall clock as plain numbers: the same as the slow way, also in the two nights the clock changes."""

from datetime import date, datetime, time, timedelta

import pytest

from zalenzoeker.domain.slots import epoch, from_epoch, to_utc
from zalenzoeker.domain.wallday import LONGEST_DAY, wall_day

ORDINARY, FORWARD, BACK = date(2027, 1, 16), date(2027, 3, 28), date(2027, 10, 31)


@pytest.mark.parametrize(
    "day", [ORDINARY, FORWARD - timedelta(days=1), FORWARD, BACK - timedelta(days=1), BACK, date(2028, 2, 29)]
)
def test_minutes_of_a_day_are_those_of_the_wall_clock(day):
    wall, midnight = wall_day(day), datetime.combine(day, time())
    minutes = range(0, LONGEST_DAY + 1, 15)
    assert [wall.seconds(minute) for minute in minutes] == [
        epoch(to_utc(midnight + timedelta(minutes=minute))) for minute in minutes
    ]
    moments = range(wall.span[0], wall.span[1] + 1, 900)
    assert [wall.minute(one) for one in moments] == [
        int((from_epoch(one) - midnight).total_seconds()) // 60 for one in moments
    ]


def test_slot_in_the_hour_that_is_skipped_or_doubled_is_none():
    assert wall_day(FORWARD).slot(150, 300) is None
    assert wall_day(BACK).slot(150, 300) is None
    assert wall_day(FORWARD).slot(240, 300).minutes == 60


def test_day_lasts_until_six_in_the_next_morning():
    assert [(wall_day(day).span[1] - wall_day(day).span[0]) // 3600 for day in (ORDINARY, FORWARD, BACK)] == [
        30,
        29,
        31,
    ]
