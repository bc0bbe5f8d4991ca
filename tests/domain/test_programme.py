"""The dates of a line of own programme: which there are, and what stands in the way of each."""

from datetime import UTC, date, datetime

import pytest

from zalenzoeker.domain.programme import DAYS_AHEAD, DateState, Standing, dates, days_of, span_of, to_come
from zalenzoeker.domain.rules import HouseRules, Rule, RuleName, is_possible, rules_for_room
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.domain.taken import TakenBy

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10.00 in Ghent
THURSDAY = date(2026, 11, 26)
SOUP = WeeklyHours(3, 11 * 60, 14 * 60)


def days(slots):
    return [slot.day for slot in slots]


@pytest.mark.parametrize(
    "hours, first, last",
    [
        (SOUP, THURSDAY, date(2027, 12, 23)),
        (WeeklyHours(0, 8 * 60, 9 * 60), date(2026, 11, 30), date(2027, 12, 27)),
        (WeeklyHours(0, 9 * 60, 11 * 60), date(2026, 11, 23), date(2027, 12, 27)),
    ],
    ids=["later this week", "over for today", "going on now"],
)
def test_dates_to_come_reach_from_now_as_far_as_lines_are_written(hours, first, last):
    found = days(to_come(hours, None, None, NOW))
    assert (found[0], found[-1]) == (first, last)
    assert (found[-1] - NOW.date()).days < DAYS_AHEAD


def test_dates_to_come_hold_the_night_that_is_going_on():
    dancing = WeeklyHours(6, 20 * 60, 26 * 60)
    at_night = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 1.30 in Ghent
    assert days(to_come(dancing, None, None, at_night))[0] == date(2026, 11, 22)


def test_dates_to_come_keep_to_the_first_and_the_last_day():
    assert days(to_come(SOUP, date(2026, 12, 1), date(2026, 12, 10), NOW)) == [date(2026, 12, 3), date(2026, 12, 10)]
    assert to_come(SOUP, None, date(2026, 11, 22), NOW) == []


@pytest.mark.parametrize(
    "by, state",
    [
        ([], DateState.FREE),
        ([TakenBy.BOOKING], DateState.PROMISED),
        ([TakenBy.REQUEST], DateState.PROMISED),
        ([TakenBy.OWN_PROGRAMME, TakenBy.BOOKING], DateState.PROMISED),
        ([TakenBy.CLOSURE], DateState.CLOSED),
        ([TakenBy.OWN_PROGRAMME], DateState.OTHER_LINE),
    ],
)
def test_date_without_its_room_says_what_is_in_the_way(by, state):
    (slot,) = days_of(SOUP, THURSDAY, THURSDAY, NOW)
    there = [Standing(slot.from_epoch - 60, slot.from_epoch + 60, one) for one in by]
    beside = [Standing(slot.from_epoch - 60, slot.from_epoch, TakenBy.BOOKING)]
    (found,) = dates([slot], left_out=(), held=(), standing=[*beside, *there])
    assert (found.day, found.state, list(found.standing)) == (THURSDAY, state, there)


def test_date_that_was_left_out_is_so_whatever_else_is_there():
    (slot,) = days_of(SOUP, THURSDAY, THURSDAY, NOW)
    found = dates([slot], left_out={THURSDAY}, held={THURSDAY}, standing=[])
    assert [one.state for one in found] == [DateState.LEFT_OUT]
    assert [one.state for one in dates([slot], left_out=(), held={THURSDAY}, standing=[])] == [DateState.ON]


@pytest.mark.parametrize("day, hours", [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (THURSDAY, 24)])
def test_day_of_the_wall_clock_lasts_as_long_as_it_lasts(day, hours):
    first, last = span_of(day, day)
    assert last - first == hours * 3600


@pytest.mark.parametrize(
    "lines, is_it",
    [
        ({}, True),
        ({RuleName.LEAST_MINUTES: 120, RuleName.MOST_MINUTES: 120}, True),
        ({RuleName.LEAST_MINUTES: 135, RuleName.MOST_MINUTES: 120}, False),
        ({RuleName.LEAST_MINUTES: 135}, True),
        ({RuleName.LEAD_DAYS: 27, RuleName.HORIZON_MONTHS: 1}, True),
        ({RuleName.LEAD_DAYS: 28, RuleName.HORIZON_MONTHS: 1}, False),
    ],
    ids=str,
)
def test_rules_are_possible_while_something_can_be_asked(lines, is_it):
    rules = rules_for_room(Rule(name, value) for name, value in lines.items()) if lines else HouseRules()
    assert is_possible(rules) is is_it
