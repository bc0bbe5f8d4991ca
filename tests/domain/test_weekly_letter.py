"""The weekly letter: when it goes out, of which days it tells, and who reads what."""

from datetime import UTC, date, datetime

import pytest

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.programme import midnight
from zalenzoeker.domain.slots import epoch, to_utc
from zalenzoeker.domain.weekly_letter import Choices, days_told, issue_of, known_only, next_issue

THURSDAY, NEXT = date(2027, 1, 14), date(2027, 1, 21)


def local(moment):
    return to_utc(datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    "moment, issue",
    [
        # A quarter to seven is still last week.
        ("2027-01-14T06:45", date(2027, 1, 7)),
        ("2027-01-14T07:00", THURSDAY),
        ("2027-01-15T12:00", THURSDAY),
        # A server that stood still sends on Sunday what it did not send on Thursday.
        ("2027-01-17T23:59", THURSDAY),
        ("2027-01-21T06:59", THURSDAY),
        ("2027-01-21T07:00", NEXT),
        # Over both changes of the clock, and over the new year.
        ("2027-03-28T12:00", date(2027, 3, 25)),
        ("2027-04-01T07:00", date(2027, 4, 1)),
        ("2027-10-28T07:00", date(2027, 10, 28)),
        ("2026-12-31T07:00", date(2026, 12, 31)),
        ("2027-01-01T00:00", date(2026, 12, 31)),
    ],
)
def test_letter_of_the_week_goes_out_on_thursday_at_seven(moment, issue):
    assert issue_of(local(moment)) == issue


def test_letter_of_next_week_comes_seven_days_later():
    assert next_issue(local("2027-01-15T12:00")) == NEXT


@pytest.mark.parametrize(
    "moment, begins",
    [
        ("2027-01-14T07:00", "2027-01-14T07:00"),
        # What is over is not told any more.
        ("2027-01-16T15:30", "2027-01-16T15:30"),
    ],
)
def test_letter_tells_until_the_end_of_the_next_thursday(moment, begins):
    first, last = days_told(THURSDAY, local(moment))
    assert (first, last) == (epoch(local(begins)), midnight(date(2027, 1, 22)))


def test_letter_reaches_over_the_change_of_the_clock_in_whole_days():
    first, last = days_told(date(2027, 3, 25), local("2027-03-25T07:00"))
    assert last - first == (8 * 24 - 7 - 1) * 3600
    assert datetime.fromtimestamp(first, UTC).hour == 6


@pytest.mark.parametrize(
    "neighbourhoods, themes, is_told",
    [
        # No choice is every choice.
        ((), (), True),
        (("drongen",), (), True),
        (("drongen", "wondelgem"), (), True),
        (("wondelgem",), (), False),
        ((), ("soepcafe",), True),
        ((), ("kaarten",), False),
        (("drongen",), ("soepcafe", "kaarten"), True),
        (("wondelgem",), ("soepcafe",), False),
    ],
)
def test_letter_tells_what_somebody_chose(neighbourhoods, themes, is_told):
    assert Choices(neighbourhoods, themes).fits("drongen", Theme.SOUP) is is_told


@pytest.mark.parametrize("themes, is_told", [((), True), (("soepcafe",), False)])
def test_letter_leaves_what_has_no_theme_to_who_chose_none(themes, is_told):
    assert Choices((), themes).fits("drongen", None) is is_told


def test_choices_of_what_is_not_there_are_left_out():
    typed = Choices(("drongen", "brussel"), ("soepcafe", "geld-verdienen"))
    assert known_only(typed, {"drongen", "wondelgem"}) == Choices(("drongen",), ("soepcafe",))


def test_choices_come_back_as_they_were_kept():
    choices = Choices(("drongen",), ("soepcafe",))
    assert Choices.from_json(choices.as_json()) == choices
