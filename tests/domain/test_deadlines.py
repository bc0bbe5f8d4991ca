"""How long things may wait."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zalenzoeker.domain.deadlines import (
    STEPS,
    ClockStep,
    DeskTimes,
    QuietPeriod,
    answer_by,
    days_between,
    due_steps,
    hold_until,
    is_over,
    last_moment,
    next_at,
    proposal_until,
    steps,
    usual_days,
    waits_until,
)
from zalenzoeker.domain.slots import to_local, to_utc
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind

ASKED = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_hold_on_a_form_lasts_a_quarter_of_an_hour():
    assert hold_until(ASKED) == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "starts_in,answer_in",
    [
        (timedelta(days=60), timedelta(days=14)),
        (timedelta(days=16), timedelta(days=14)),
        (timedelta(days=15), timedelta(days=13)),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(days=2), timedelta(0)),
        (timedelta(hours=1), timedelta(0)),
    ],
)
def test_desk_answers_in_two_weeks_or_two_days_before_the_start(starts_in, answer_in):
    assert answer_by(ASKED, ASKED + starts_in) == ASKED + answer_in


@pytest.mark.parametrize("seconds,expired", [(1, False), (0, True), (-1, True)])
def test_request_expires_when_its_moment_begins(seconds, expired):
    assert is_over(ASKED + timedelta(seconds=seconds), ASKED) is expired


# 24 December 2026 is a Thursday; Christmas Day is a legal holiday on a Friday.
CHRISTMAS = SpecialDay(SpecialKind.LEGAL, "Kerstmis", date(2026, 12, 25), date(2026, 12, 25))
NEW_YEAR = SpecialDay(SpecialKind.LEGAL, "Nieuwjaar", date(2027, 1, 1), date(2027, 1, 1))
HOLIDAYS = SpecialDays((CHRISTMAS, NEW_YEAR))
CALENDAR = DeskTimes(special=HOLIDAYS)
WORKING = DeskTimes(counts_working_days=True, special=HOLIDAYS)
FAR = timedelta(days=120)


def quiet(first, last, times=CALENDAR):
    return replace(times, quiet=(QuietPeriod(date.fromisoformat(first), date.fromisoformat(last), "Verlof"),))


def local(words):
    """A wall time in Ghent as a moment."""
    return to_utc(datetime.fromisoformat(words))


def planned(plan):
    return [to_local(one.at).isoformat(sep=" ", timespec="minutes") for one in plan]


@pytest.mark.parametrize(
    "circumstance,since,times,expected",
    [
        ("an ordinary week", "2026-11-23 10:00", CALENDAR, ["2026-11-28", "2026-12-01", "2026-12-04"]),
        ("only working days", "2026-11-23 10:00", WORKING, ["2026-11-30", "2026-12-03", "2026-12-08"]),
        ("asked on a Saturday", "2026-11-28 10:00", WORKING, ["2026-12-04", "2026-12-09", "2026-12-14"]),
        ("holidays are no working days", "2026-12-21 10:00", WORKING, ["2026-12-29", "2027-01-04", "2027-01-07"]),
        ("holidays count as days", "2026-12-21 10:00", CALENDAR, ["2026-12-26", "2026-12-29", "2027-01-01"]),
        (
            "quiet before the first step",
            "2026-11-23 10:00",
            quiet("2026-11-25", "2026-11-29"),
            ["2026-12-03", "2026-12-06", "2026-12-09"],
        ),
        (
            "quiet between two steps",
            "2026-11-23 10:00",
            quiet("2026-11-29", "2026-12-12"),
            ["2026-11-28", "2026-12-15", "2026-12-18"],
        ),
        (
            "asked in the quiet itself",
            "2026-11-23 10:00",
            quiet("2026-11-20", "2026-11-30"),
            ["2026-12-05", "2026-12-08", "2026-12-11"],
        ),
        (
            "quiet, and working days after it",
            "2026-11-23 10:00",
            quiet("2026-11-24", "2026-11-30", WORKING),
            ["2026-12-07", "2026-12-10", "2026-12-15"],
        ),
    ],
)
def test_steps_come_after_counted_days(circumstance, since, times, expected):
    moment = local(since)
    assert planned(steps(moment, moment + FAR, times)) == [f"{day} 10:00" for day in expected], circumstance


@pytest.mark.parametrize(
    "since,expected",
    [
        # The night to 28 March 2027 is an hour short, the night to 31 October 2027 an hour long.
        ("2027-03-23 10:00", ["2027-03-28 10:00", "2027-03-31 10:00", "2027-04-03 10:00"]),
        ("2027-03-23 02:30", ["2027-03-28 03:30", "2027-03-31 02:30", "2027-04-03 02:30"]),
        ("2027-10-26 02:30", ["2027-10-31 02:30", "2027-11-03 02:30", "2027-11-06 02:30"]),
        ("2027-10-26 23:59", ["2027-10-31 23:59", "2027-11-03 23:59", "2027-11-06 23:59"]),
    ],
)
def test_steps_come_at_the_same_time_on_the_clock_when_it_changes(since, expected):
    moment = local(since)
    assert planned(steps(moment, moment + FAR)) == expected


@pytest.mark.parametrize(
    "circumstance,starts_in,times,expected",
    [
        ("in time", timedelta(days=13), CALENDAR, ["2026-11-28 10:00", "2026-12-01 10:00", "2026-12-04 10:00"]),
        ("ten days", timedelta(days=10), CALENDAR, ["2026-11-26 06:34", "2026-11-27 23:42", "2026-11-29 16:51"]),
        ("a day", timedelta(days=1), CALENDAR, ["2026-11-23 14:17", "2026-11-23 16:51", "2026-11-23 19:25"]),
        ("an hour", timedelta(hours=1), CALENDAR, ["2026-11-23 10:10", "2026-11-23 10:17", "2026-11-23 10:23"]),
        (
            "away from tomorrow till too late: all before that",
            timedelta(days=12),
            quiet("2026-11-24", "2026-12-20"),
            ["2026-11-23 15:00", "2026-11-23 18:00", "2026-11-23 21:00"],
        ),
        (
            "away till too late: nobody is reminded, others step in",
            timedelta(days=12),
            quiet("2026-11-20", "2026-12-20"),
            ["2026-11-29 03:08", "2026-12-01 06:34"],
        ),
        (
            "away in the middle",
            timedelta(days=12),
            quiet("2026-11-25", "2026-12-01"),
            ["2026-11-24 11:42", "2026-12-02 03:08", "2026-12-02 18:34"],
        ),
    ],
)
def test_steps_on_short_notice_all_come_before_the_start(circumstance, starts_in, times, expected):
    since = local("2026-11-23 10:00")
    assert planned(steps(since, since + starts_in, times)) == expected, circumstance


def test_steps_of_a_weekend_come_in_it_where_the_working_days_would_be_too_late():
    since = local("2026-11-28 10:00")
    assert planned(steps(since, local("2026-11-29 20:00"), WORKING)) == [
        "2026-11-28 16:04",
        "2026-11-28 19:42",
        "2026-11-28 23:21",
    ]


@given(
    hours=st.integers(0, 24 * 90),
    starts_in=st.integers(1, 24 * 60),
    working=st.booleans(),
    away_in=st.integers(-20, 60),
    away_for=st.integers(0, 60),
)
def test_steps_are_in_order_and_before_the_start_whatever_the_desk_does(hours, starts_in, working, away_in, away_for):
    since = ASKED + timedelta(hours=hours)
    first = since.date() + timedelta(days=away_in)
    times = replace(
        CALENDAR, counts_working_days=working, quiet=(QuietPeriod(first, first + timedelta(days=away_for)),)
    )
    starts_at = since + timedelta(hours=starts_in)
    plan = steps(since, starts_at, times)
    moments = [since, *(one.at for one in plan), starts_at]
    assert (moments, [one.step for one in plan]) == (sorted(moments), list(STEPS)[-len(plan) :])
    assert (plan[-1].at < starts_at, plan[-1].at <= last_moment(since, starts_at)) == (True, True)


PLAN = steps(ASKED, ASKED + FAR)


@pytest.mark.parametrize(
    "days,done,due,following",
    [
        (4, None, None, 5),
        (5, None, ClockStep.REMIND, 5),
        (6, ClockStep.REMIND, None, 8),
        (8, ClockStep.REMIND, ClockStep.TO_DEPUTY, 8),
        (9, None, ClockStep.TO_DEPUTY, 5),
        (30, None, ClockStep.TO_CITY, 5),
        (30, ClockStep.TO_DEPUTY, ClockStep.TO_CITY, 11),
        (30, ClockStep.TO_CITY, None, None),
        # The clock was set back.
        (2, ClockStep.TO_DEPUTY, None, 11),
    ],
)
def test_steps_that_are_due_end_with_the_one_to_do(days, done, due, following):
    assert due_steps(PLAN, done, ASKED + timedelta(days=days))[-1:] == ([due] if due else [])
    assert next_at(PLAN, done) == (following and ASKED + timedelta(days=following))


@pytest.mark.parametrize(
    "circumstance,now,starts_in,until",
    [
        ("not quiet", "2026-11-24 12:00", 40, None),
        ("quiet", "2026-11-25 12:00", 40, "2026-11-30 10:00"),
        ("over two periods that follow", "2026-12-02 12:00", 40, "2026-12-06 10:00"),
        ("quiet till too late", "2026-12-02 12:00", 13, None),
    ],
)
def test_step_waits_for_a_quiet_desk_unless_that_is_too_late(circumstance, now, starts_in, until):
    away = (
        QuietPeriod(date(2026, 11, 25), date(2026, 11, 29)),
        QuietPeriod(date(2026, 12, 1), date(2026, 12, 3)),
        QuietPeriod(date(2026, 12, 4), date(2026, 12, 5)),
    )
    since = local("2026-11-23 10:00")
    found = waits_until(local(now), since, since + timedelta(days=starts_in), replace(CALENDAR, quiet=away))
    assert found == (until and local(until)), circumstance


@pytest.mark.parametrize(
    "times,expected",
    [
        (CALENDAR, "2027-01-04"),
        (WORKING, "2027-01-12"),
        (replace(CALENDAR, city_days=20), "2027-01-13"),
        (quiet("2026-12-24", "2027-01-02"), "2027-01-14"),
    ],
)
def test_answer_comes_three_counted_days_after_the_city_desk_heard(times, expected):
    asked = local("2026-12-21 10:00")
    assert answer_by(asked, asked + FAR, times) == local(f"{expected} 10:00")


def test_answer_comes_two_days_before_the_start_also_when_the_desk_is_away():
    asked = local("2026-12-21 10:00")
    starts = local("2026-12-30 20:00")
    assert answer_by(asked, starts, quiet("2026-12-20", "2027-01-10")) == starts - timedelta(days=2)


@pytest.mark.parametrize(
    "answered,times,days",
    [
        ("2026-12-21 23:00", CALENDAR, 1),
        ("2026-12-22 09:00", CALENDAR, 1),
        ("2026-12-28 09:00", CALENDAR, 7),
        ("2026-12-28 09:00", WORKING, 4),
        ("2026-12-28 09:00", quiet("2026-12-23", "2026-12-27"), 2),
    ],
)
def test_days_of_an_answer_are_counted_as_the_desk_counts(answered, times, days):
    assert days_between(local("2026-12-21 10:00"), local(answered), times) == days


@pytest.mark.parametrize(
    "answers,usual", [([1] * 4, None), ([1, 2, 3, 4, 5], 3), ([1, 1, 2, 3, 9, 9], 3), ([7, 1, 1, 1, 1], 1)]
)
def test_usual_days_are_the_middle_of_five_answers_or_more(answers, usual):
    assert usual_days(answers) == usual


@pytest.mark.parametrize(
    "starts_in,lasts",
    [
        (timedelta(days=60), timedelta(days=5)),
        (timedelta(days=6), timedelta(days=5)),
        (timedelta(days=4), timedelta(days=3)),
        (timedelta(days=1, hours=4), timedelta(hours=4)),
        (timedelta(days=1, hours=3), timedelta(hours=4)),
        (timedelta(hours=5), timedelta(hours=4)),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(hours=1, minutes=58), None),
        (timedelta(hours=-1), None),
    ],
)
def test_proposal_lasts_five_days_and_less_where_its_first_moment_is_near(starts_in, lasts):
    starts = [ASKED + starts_in, ASKED + timedelta(days=90)]
    assert proposal_until(ASKED, starts) == (None if lasts is None else ASKED + lasts)
