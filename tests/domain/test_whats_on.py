"""What is on for everybody: by day, and which of the days a hall shows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import SATURDAY, at
from zalenzoeker.domain.whats_on import Day, Event, by_day, days_off, shown_first

SUNDAY = SATURDAY + timedelta(days=1)


def event(title, starts="14:00", ends="16:00", day=SATURDAY, **facts):
    return Event(title, title, at(starts, ends, day), room_id=1, **facts)


SOUP, CARDS, FEAST = event("Soep", "11:00", "13:00"), event("Kaarten"), event("Feest", "20:00", "02:00")
YOGA = event("Yoga", day=SUNDAY)
NIGHT = event("Nacht", day=SUNDAY + timedelta(days=1))


def moment(hour, day=SATURDAY):
    """An hour of the wall clock in winter."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 1)


def test_events_stand_by_day_in_the_order_in_which_they_begin():
    found = by_day([YOGA, FEAST, CARDS, SOUP], first=SATURDAY, last=SUNDAY)
    assert found == [Day(SATURDAY, (SOUP, CARDS, FEAST)), Day(SUNDAY, (YOGA,))]


def test_events_of_the_days_around_are_left_out():
    assert by_day([SOUP, YOGA, NIGHT], first=SUNDAY, last=SUNDAY) == [Day(SUNDAY, (YOGA,))]


def test_events_at_the_same_hour_always_stand_in_the_same_order():
    other = event("Aquarel")
    assert by_day([CARDS, other], first=SATURDAY, last=SATURDAY) == by_day(
        [other, CARDS], first=SATURDAY, last=SATURDAY
    )


@pytest.mark.parametrize(
    "now, day",
    [
        (moment(9), SATURDAY),
        (moment(23), SATURDAY),
        # An evening that lasts past midnight is still shown then.
        (moment(1, SUNDAY), SATURDAY),
        (moment(2, SUNDAY), SUNDAY),
        (moment(17, SUNDAY), None),
    ],
)
def test_hall_shows_the_first_day_on_which_something_is_still_to_come(now, day):
    days = by_day([SOUP, FEAST, YOGA], first=SATURDAY, last=SUNDAY)
    found = shown_first(days, now)
    assert (found and found.day) == day


def test_hall_still_tells_of_what_fell_away_today():
    gone = event("Soep", is_cancelled=True)
    assert shown_first([Day(SATURDAY, (gone,))], moment(9)) == Day(SATURDAY, (gone,))


@pytest.mark.parametrize(
    "facts, hour, is_on", [({}, 13, False), ({}, 14, True), ({}, 16, False), ({"is_cancelled": True}, 15, False)]
)
def test_event_goes_on_from_its_start_until_just_before_its_end(facts, hour, is_on):
    assert event("Kaarten", **facts).is_on(moment(hour)) is is_on


@pytest.mark.parametrize("day, off", [(date(2027, 1, 16), 0), (date(2027, 1, 17), 1), (date(2027, 1, 15), -1)])
def test_days_are_counted_from_today_on_the_wall_clock(day, off):
    assert days_off(day, datetime(2027, 1, 15, 23, 30, tzinfo=UTC)) == off
