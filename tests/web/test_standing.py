"""The dates of a request in words: how they are named, counted and put into months."""

from datetime import date, timedelta

import pytest

from tests.builders import NOW, SATURDAY, make_request, make_room, make_series, read, weekly
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request
from zalenzoeker.web import standing


@pytest.fixture(autouse=True)
def visit(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    "days, said",
    [
        ([], ""),
        ([date(2027, 1, 7)], "7 januari 2027"),
        ([date(2027, 1, 14), date(2027, 1, 7), date(2027, 1, 7)], "7 januari en 14 januari 2027"),
        ([date(2026, 12, 31), date(2027, 1, 7)], "31 december 2026 en 7 januari 2027"),
    ],
)
def test_days_are_named_where_they_are_few(days, said):
    assert standing.days_named(days) == said


def test_days_are_counted_where_they_are_many():
    days = [SATURDAY + timedelta(weeks=week) for week in range(5)]
    named = standing.days_named(days)
    assert ("16 januari 2027" in named, "13 februari 2027" in named, "23 januari" in named) == (True, True, False)


@pytest.mark.parametrize("weeks, count", [(8, 1), (9, 3)])
def test_months_are_made_where_the_dates_are_many(weeks, count):
    series = make_series(pattern=weekly(count=weeks))
    assert len(standing.months(standing.lines(series, NOW))) == count


def test_month_that_is_past_is_folded_and_the_first_to_come_is_open():
    series = make_series(pattern=weekly(count=15))
    found = standing.months(standing.lines(series, series.dates[3].slot.ends_at))
    assert [(one.title, one.is_open) for one in found] == [
        ("januari 2027", False),
        ("februari 2027", True),
        ("maart 2027", False),
        ("april 2027", False),
    ]


def test_nearest_date_is_the_next_that_counts():
    series = make_series(pattern=weekly(count=4), skipped=[1])
    days = [date.slot.day for date in series.dates]
    assert standing.nearest(series, NOW).slot.day == days[0]
    assert standing.nearest(series, series.dates[0].slot.ends_at).slot.day == days[1]
    assert standing.nearest(series, series.dates[-1].slot.ends_at).slot.day == days[-1]


def test_nearest_date_of_what_ended_is_its_last():
    request = make_request(Status.REFUSED)
    assert standing.nearest(request, NOW).id == request.first.id


def test_pattern_that_cannot_be_read_is_not_said():
    series = make_series(make_room())
    with write_unit() as session:
        session.get(Request, series.id).pattern = {"kind": "soms"}
    assert standing.pattern_said(read(series.code)) == ""


def test_series_is_counted_only_where_all_its_dates_are_known():
    series = make_series(pattern=weekly(count=3))
    whole, part = standing.series_said(series), standing.series_said(series, is_whole=False)
    assert ("3" in whole.partition(":")[0], whole.partition(": ")[2]) == (True, part.partition(": ")[2])
    assert standing.series_said(make_request()) == ""
