"""Weekly use ends: its asker is asked in time whether it goes on, once."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text

from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    make_request,
    make_room,
    make_series,
    read,
    weekly,
)
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.slots import to_utc
from zalenzoeker.services import dates, deadlines, renewals
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.db import db, write_unit

pytestmark = pytest.mark.both

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LAST = SATURDAY + 7 * WEEK


@pytest.fixture
def series(app):
    """Eight Saturdays that were approved."""
    return make_series(status=Status.APPROVED, pattern=weekly(count=8))


def noon(day):
    return to_utc(datetime.combine(day, time(12)))


def told() -> int:
    db.session.close()
    return sum(one.kind == LetterKind.RENEWAL_DUE for one in letters.newest())


def an():
    return actor_of(accounts.by_email("an@harmonie.example"))


@pytest.mark.parametrize("days,count", [(29, 0), (28, 1), (1, 1), (0, 1), (-1, 0)])
def test_weekly_use_is_asked_about_in_its_last_four_weeks(series, days, count):
    assert (renewals.tell(noon(LAST - days * DAY)), told()) == (count, count)


def test_question_is_asked_once(series):
    for days in (28, 20, 3):
        deadlines.tick(noon(LAST - days * DAY))
    assert (told(), read(series.code).renewal_told_at) == (1, noon(LAST - 28 * DAY))


def test_question_goes_by_the_last_date_that_still_stands(series):
    dates.let_go(series.code, series.occurrences[5].uid, Scope.FOLLOWING, by=an(), now=NOW)
    assert renewals.tell(noon(LAST - 3 * WEEK - 28 * DAY)) == 1


def test_series_that_was_given_up_is_not_asked_about(series):
    asking.withdraw(series.code, by=an(), now=NOW)
    assert renewals.tell(noon(LAST - 7 * DAY)) == 0


@pytest.mark.parametrize("what", ["waits still", "a single date", "too few weeks"])
def test_nothing_else_is_asked_about(app, what):
    room = make_room()
    if what == "waits still":
        make_series(room, pattern=weekly(count=8))
    elif what == "a single date":
        make_request(Status.APPROVED, room=room, slot=weekly(first=LAST, count=1).slots()[0].slot)
    else:
        make_series(room, status=Status.APPROVED, pattern=weekly(first=LAST - 2 * WEEK, count=3))
    assert renewals.tell(noon(LAST - 7 * DAY)) == 0


def test_renewal_that_is_asked_says_what_it_goes_on_with(series):
    room = series.first.room
    found = make_series(
        room, pattern=weekly(first=LAST + WEEK, count=4), renews=series.code, by=an(), now=NOW + 30 * DAY
    )
    assert (found.renews_id, found.status) == (series.id, Status.REQUESTED)


def test_question_that_fails_keeps_no_other_one_waiting(app, caplog):
    broken, whole = (make_series(make_room(), status=Status.APPROVED, pattern=weekly(count=8)) for _ in range(2))
    with write_unit() as session:
        session.execute(text("UPDATE request SET facilities = '5' WHERE id = :id"), {"id": broken.id})
    assert renewals.tell(noon(LAST - 7 * DAY)) == 1
    assert read(whole.code).renewal_told_at == noon(LAST - 7 * DAY)
    logged = [one.getMessage() for one in caplog.records if one.name == "zalenzoeker.services.renewals"]
    assert logged == [f"who has {broken.code} could not be asked whether it goes on"]
