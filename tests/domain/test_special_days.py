"""The special days: what is known of a day, and which days count as working days."""

from datetime import date, timedelta

import pytest

from zalenzoeker.domain.special_days import NO_SPECIAL_DAYS, SpecialDay, SpecialDays, SpecialKind

CHRISTMAS = SpecialDay(SpecialKind.LEGAL, "Kerstmis", date(2026, 12, 25), date(2026, 12, 25), "wet")
HOLIDAY = SpecialDay(SpecialKind.SCHOOL, "Kerstvakantie", date(2026, 12, 21), date(2027, 1, 3))
BRIDGE = SpecialDay(SpecialKind.CITY_CLOSING, "Brugdag", date(2026, 12, 28), date(2026, 12, 28))
DAYS = SpecialDays((CHRISTMAS, HOLIDAY, BRIDGE))


@pytest.mark.parametrize(
    "day,expected",
    [
        ("2026-12-20", ()),
        ("2026-12-21", (HOLIDAY,)),
        ("2026-12-25", (CHRISTMAS, HOLIDAY)),
        ("2026-12-28", (HOLIDAY, BRIDGE)),
        ("2027-01-03", (HOLIDAY,)),
        ("2027-01-04", ()),
    ],
    ids=["the day before", "first day", "two at once", "a closing day in a holiday", "last day", "the day after"],
)
def test_day_is_what_was_told_of_it(day, expected):
    assert DAYS.on(date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    "day,is_working",
    [
        ("2026-12-23", True),
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-26", False),
        ("2026-12-27", False),
        ("2026-12-28", True),
    ],
    ids=["Wednesday of a school holiday", "Thursday", "Christmas", "Saturday", "Sunday", "closing day of the city"],
)
def test_working_days_leave_out_weekends_and_legal_holidays(day, is_working):
    assert DAYS.is_working(date.fromisoformat(day)) is is_working


def test_days_nobody_told_of_are_ordinary():
    week = [date(2026, 12, 21) + timedelta(days=number) for number in range(7)]
    assert [NO_SPECIAL_DAYS.on(day) for day in week] == [()] * 7
    assert [NO_SPECIAL_DAYS.is_working(day) for day in week] == [True] * 5 + [False] * 2


def test_special_days_with_the_same_days_are_equal():
    same = SpecialDays((CHRISTMAS, HOLIDAY, BRIDGE))
    assert (same == DAYS, hash(DAYS) == hash(same), DAYS == NO_SPECIAL_DAYS) == (True, True, False)
