"""Stretches of time: on the wall clock, past midnight, and in the two nights the clock changes."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zalenzoeker.domain.slots import (
    DoubledHour,
    EndsBeforeStart,
    MissingHour,
    NotASlot,
    Slot,
    Week,
    WeeklyHours,
    add_months,
    days_from,
    epoch,
    from_epoch,
    to_local,
    to_utc,
)

WINTER_TO_SUMMER = date(2027, 3, 28)  # 2.00 becomes 3.00
SUMMER_TO_WINTER = date(2026, 10, 25)  # 3.00 becomes 2.00
SATURDAY = date(2027, 1, 16)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "local,moment",
    [
        ("2027-01-16T14:00", "2027-01-16T13:00Z"),
        ("2027-07-01T14:00", "2027-07-01T12:00Z"),
        ("2027-03-28T01:59", "2027-03-28T00:59Z"),
        ("2027-03-28T03:00", "2027-03-28T01:00Z"),
        ("2026-10-25T01:59", "2026-10-24T23:59Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),
        ("2026-10-25T03:00", "2026-10-25T02:00Z"),
    ],
)
def test_wall_time_is_this_moment(local, moment):
    assert to_utc(wall(local)) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("moment", ["2026-10-25T00:30+00:00", "2026-10-25T01:30+00:00"])
def test_wall_clock_shows_the_doubled_hour_twice(moment):
    assert to_local(datetime.fromisoformat(moment)) == datetime(2026, 10, 25, 2, 30)


@pytest.mark.parametrize(
    "day,starts,ends,minutes,ends_on",
    [
        (SATURDAY, "14:00", "18:00", 240, "2027-01-16T18:00"),
        (SATURDAY, "20:00", "01:00", 300, "2027-01-17T01:00"),
        (SATURDAY, "20:00", "00:00", 240, "2027-01-17T00:00"),
        (SATURDAY, "23:45", "06:00", 375, "2027-01-17T06:00"),
        (SATURDAY, "04:00", "06:00", 120, "2027-01-16T06:00"),
        (date(2028, 2, 28), "22:00", "02:00", 240, "2028-02-29T02:00"),
        (date(2028, 2, 29), "22:00", "02:00", 240, "2028-03-01T02:00"),
        (date(2026, 12, 31), "20:00", "04:00", 480, "2027-01-01T04:00"),
        # The night of 23 hours and the night of 25: the minutes are those that really pass.
        (date(2027, 3, 27), "22:00", "04:00", 300, "2027-03-28T04:00"),
        (date(2026, 10, 24), "22:00", "04:00", 420, "2026-10-25T04:00"),
    ],
)
def test_slot_on_a_day_ends_then_and_lasts_so_long(day, starts, ends, minutes, ends_on):
    slot = Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))
    assert (slot.minutes, slot.ends, slot.day) == (minutes, wall(ends_on), day)
    assert slot.is_past_midnight is (slot.ends.date() > day)


@pytest.mark.parametrize(
    "day,starts,ends,why",
    [
        (SATURDAY, "18:00", "14:00", EndsBeforeStart),
        (SATURDAY, "18:00", "06:01", EndsBeforeStart),
        (SATURDAY, "18:00", "18:00", EndsBeforeStart),
        (SATURDAY, "05:00", "05:00", EndsBeforeStart),
        (SATURDAY, "00:00", "00:00", EndsBeforeStart),
        (WINTER_TO_SUMMER, "02:00", "04:00", MissingHour),
        (WINTER_TO_SUMMER, "01:00", "02:59", MissingHour),
        (date(2027, 3, 27), "22:00", "02:30", MissingHour),
        (SUMMER_TO_WINTER, "02:00", "04:00", DoubledHour),
        (SUMMER_TO_WINTER, "01:00", "02:59", DoubledHour),
        (date(2026, 10, 24), "22:00", "02:30", DoubledHour),
        # 22.00 on a Saturday is late, not early: the next morning ends at six.
        (date(2027, 3, 27), "22:00", "07:00", EndsBeforeStart),
    ],
)
def test_slot_that_cannot_be_is_refused_for_its_reason(day, starts, ends, why):
    with pytest.raises(NotASlot) as refused:
        Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))
    assert refused.type is why


@pytest.mark.parametrize(
    "starts,ends",
    [
        (("01:00"), ("03:00")),
        (("01:45"), ("03:15")),
    ],
)
def test_slot_round_the_change_of_the_clock_is_allowed(starts, ends):
    spring = Slot.on(WINTER_TO_SUMMER, time.fromisoformat(starts), time.fromisoformat(ends))
    autumn = Slot.on(SUMMER_TO_WINTER, time.fromisoformat(starts), time.fromisoformat(ends))
    minutes = (time.fromisoformat(ends).hour - time.fromisoformat(starts).hour) * 60
    minutes += time.fromisoformat(ends).minute - time.fromisoformat(starts).minute
    assert (spring.minutes, autumn.minutes) == (minutes - 60, minutes + 60)


def test_moments_of_a_slot_are_those_of_its_wall_times():
    slot = Slot.on(SATURDAY, time(14), time(18))
    assert (slot.starts_at, slot.ends_at) == (
        datetime(2027, 1, 16, 13, tzinfo=UTC),
        datetime(2027, 1, 16, 17, tzinfo=UTC),
    )
    assert (slot.from_epoch, slot.to_epoch) == (epoch(slot.starts_at), epoch(slot.ends_at))


@pytest.mark.parametrize(
    "other,overlaps",
    [
        (("12:00", "14:00"), False),
        (("12:00", "14:15"), True),
        (("15:00", "16:00"), True),
        (("13:00", "19:00"), True),
        (("17:45", "20:00"), True),
        (("18:00", "20:00"), False),
    ],
)
def test_slots_overlap_only_when_they_share_a_minute(other, overlaps):
    slot = Slot.on(SATURDAY, time(14), time(18))
    assert slot.overlaps(Slot.on(SATURDAY, *map(time.fromisoformat, other))) is overlaps


@pytest.mark.parametrize(
    "shift,starts",
    [({"days": 7}, "2027-01-23T14:00"), ({"minutes": -90}, "2027-01-16T12:30"), ({"days": 70}, "2027-03-27T14:00")],
)
def test_moved_slot_keeps_its_wall_times(shift, starts):
    moved = Slot.on(SATURDAY, time(14), time(18)).moved(**shift)
    assert (moved.starts, moved.minutes) == (wall(starts), 240)


def test_slot_moved_into_the_missing_hour_is_refused():
    with pytest.raises(MissingHour):
        Slot.on(date(2027, 3, 27), time(2), time(4)).moved(days=1)


@pytest.mark.parametrize(
    "line,day,expected",
    [
        (WeeklyHours(5, 9 * 60, 25 * 60), SATURDAY, ("2027-01-16T09:00", "2027-01-17T01:00")),
        (WeeklyHours(5, 9 * 60, 30 * 60), SATURDAY, ("2027-01-16T09:00", "2027-01-17T06:00")),
        (WeeklyHours(4, 9 * 60, 25 * 60), SATURDAY, None),
        # A house that is open until two in the doubled hour is open that day, until the first two o'clock.
        (WeeklyHours(5, 9 * 60, 26 * 60), date(2026, 10, 24), ("2026-10-24T09:00", "2026-10-25T02:00")),
        (WeeklyHours(5, 9 * 60, 26 * 60 + 30), date(2027, 3, 27), ("2027-03-27T09:00", "2027-03-28T02:30")),
        (WeeklyHours(6, 2 * 60, 3 * 60), WINTER_TO_SUMMER, None),
    ],
    ids=[
        "until one",
        "until six",
        "another weekday",
        "until the doubled hour",
        "until the missing hour",
        "only in the missing hour",
    ],
)
def test_weekly_hours_on_a_day(line, day, expected):
    slot = line.on(day)
    assert (slot and (slot.starts, slot.ends)) == (expected and tuple(map(wall, expected)))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)))
def test_moment_survives_the_wall_clock_outside_the_doubled_hour(moment):
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    if to_local(moment).date() in {date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29)}:
        return
    assert to_utc(to_local(moment)) == moment
    assert from_epoch(epoch(moment)) == to_local(moment)


@pytest.mark.parametrize(
    "text,monday", [("2027-W03", date(2027, 1, 18)), ("2026-W53", date(2026, 12, 28)), ("2027-W01", date(2027, 1, 4))]
)
def test_week_is_read_and_written_as_in_addresses(text, monday):
    week = Week.parse(text)
    assert (week.monday, str(week), week.days[0], len(week.days)) == (monday, text, monday, 7)
    assert all(Week.of(day) == week for day in week.days)


@pytest.mark.parametrize(
    "text", ["", "2027", "2027-W", "2027-W3", "2027-W00", "2027-W54", "2027-w03", "2027-W0３", "27-W03", "2027-W03-1"]
)
def test_week_that_is_none_is_refused(text):
    with pytest.raises(ValueError):
        Week.parse(text)


@pytest.mark.parametrize("weeks,text", [(1, "2027-W01"), (-1, "2026-W52"), (53, "2028-W01"), (0, "2026-W53")])
def test_week_shifted_crosses_the_year(weeks, text):
    assert str(Week.parse("2026-W53").shifted(weeks)) == text


@pytest.mark.parametrize(
    "day,months,expected",
    [
        ("2026-11-23", 6, "2027-05-23"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-05-31", 18, "2027-11-30"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day, months, expected):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_days_in_a_row_cross_the_leap_day():
    assert list(days_from(date(2028, 2, 28), 3)) == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
