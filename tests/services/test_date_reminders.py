"""A confirmed date is near: its asker is told once, and gives it up with one tap."""

from datetime import time, timedelta

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    decider_of,
    make_account,
    make_city_desk,
    make_entered,
    make_request,
    make_series,
    read,
    weekly,
)
from tests.race import together
from tests.services.looks import holders, told, totals
from zalenzoeker.domain.date_reminders import ReleaseState
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import date_reminders, dates, deadlines
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services.date_reminders import UnknownReminder
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.db import db

pytestmark = pytest.mark.both

AN, ELS = "an@harmonie.example", "els@yoga.example"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
STARTS = at().starts_at
NEAR = STARTS - 7 * DAY


def an():
    return actor_of(accounts.by_email(AN))


def reminded(email=AN):
    return told(email).count("date_reminder")


def tokens():
    db.session.close()
    return [one.facts["token"] for one in letters.newest(limit=200) if one.kind == "date_reminder"]


def state(token, now=NEAR):
    db.session.close()
    return date_reminders.opened(token, now).state


@pytest.fixture
def booked(room, desk):
    return make_request(Status.APPROVED, room=room)


def test_asker_is_told_a_week_before_and_only_once(booked):
    for moment, count in ((NEAR - SECOND, 0), (NEAR, 1), (NEAR, 1), (NEAR + DAY, 1), (STARTS - SECOND, 1)):
        deadlines.tick(moment)
        assert reminded() == count, moment


def test_clock_that_stood_still_for_days_still_tells(booked):
    deadlines.tick(STARTS - DAY)
    deadlines.tick(STARTS - DAY / 2)
    assert reminded() == 1


def test_clock_that_comes_too_late_tells_nothing(booked):
    deadlines.tick(STARTS)
    assert reminded() == 0


def test_two_rounds_at_once_tell_once(app, booked):
    together(app, lambda: date_reminders.tell(NEAR), lambda: date_reminders.tell(NEAR))
    assert (reminded(), len(tokens())) == (1, 1)


def test_date_that_was_confirmed_in_its_last_week_is_not_told_of(room, desk):
    request = make_request(room=room)
    late = NEAR + SECOND
    decisions.approve(request.code, by=decider_of(request), now=late, version=request.version)
    for moment in (late, STARTS - SECOND):
        deadlines.tick(moment)
    assert reminded() == 0


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.REFUSED, Status.WITHDRAWN, Status.CANCELLED])
def test_what_does_not_stand_is_not_told_of(room, desk, status):
    make_request(status, room=room)
    date_reminders.tell(NEAR)
    assert reminded() == 0


def test_date_about_which_an_end_was_decided_is_not_told_of(booked, desk):
    answers = {booked.first.uid: Action.CANCEL}
    deciding.decide(booked.code, answers, by=desk, now=NEAR, version=booked.version, note="Waterschade.")
    date_reminders.tell(NEAR)
    assert reminded() == 0


def test_every_date_of_a_series_is_told_of_in_its_own_week(room, desk):
    series = make_series(room, status=Status.APPROVED, pattern=weekly(count=3))
    first = series.first.slot.starts_at
    counts = []
    for week in range(4):
        date_reminders.tell(first + (week - 1) * 7 * DAY)
        counts.append(reminded())
    assert counts == [1, 2, 3, 3]
    assert len(set(tokens())) == 3


def test_date_that_moved_is_told_of_again_and_the_old_link_is_void(booked):
    date_reminders.tell(NEAR)
    token = tokens()[0]
    dates.change(booked.code, booked.first.uid, Scope.THIS, dates.Move(time(15), time(18)), by=an(), now=NEAR - DAY)
    assert state(token) is ReleaseState.MOVED
    with pytest.raises(NotPossible):
        date_reminders.let_go(token, now=NEAR)
    date_reminders.tell(NEAR + timedelta(hours=1))
    assert (reminded(), [state(one) for one in tokens()]) == (2, [ReleaseState.OPEN, ReleaseState.MOVED])


def test_tap_frees_the_room_tells_the_desk_and_moves_the_waiting_list(booked, desk):
    room = booked.first.room
    waits = make_request(room=room, is_waiting=True, contact_email=ELS)
    date_reminders.tell(NEAR)
    before = told("fatima@amandsberg.example")
    date_reminders.let_go(tokens()[0], now=NEAR)
    event = read(booked.code).events[-1]
    assert (read(booked.code).status, event.action, event.account.email) == (Status.WITHDRAWN, Action.LET_GO, AN)
    assert told("fatima@amandsberg.example")[len(before) :] == ["dates_let_go"]
    assert (read(waits.code).status, told(ELS)[-1]) == (Status.OFFERED, "place_offered")


def test_tap_frees_only_the_date_of_its_letter(room, desk):
    series = make_series(room, status=Status.APPROVED, pattern=weekly(count=3))
    date_reminders.tell(series.first.slot.starts_at - 7 * DAY)
    date_reminders.let_go(tokens()[0], now=NEAR)
    assert [one.status for one in read(series.code).dates] == [Status.WITHDRAWN, Status.APPROVED, Status.APPROVED]
    assert holders() == [TakenBy.BOOKING] * 2


def test_second_tap_changes_nothing(booked):
    date_reminders.tell(NEAR)
    date_reminders.let_go(tokens()[0], now=NEAR)
    before = totals()
    date_reminders.let_go(tokens()[0], now=NEAR)
    assert (totals(), state(tokens()[0])) == (before, ReleaseState.GONE)


def test_two_taps_at_once_let_go_once(app, booked):
    date_reminders.tell(NEAR)
    token = tokens()[0]
    found = together(
        app, lambda: date_reminders.let_go(token, now=NEAR), lambda: date_reminders.let_go(token, now=NEAR)
    )
    assert {type(one).__name__ for one in found} <= {"NoneType", "NotPossible"}
    assert [one.action for one in read(booked.code).events].count(Action.LET_GO) == 1


def test_tap_comes_too_late_when_it_has_begun(booked):
    date_reminders.tell(NEAR)
    with pytest.raises(NotPossible):
        date_reminders.let_go(tokens()[0], now=STARTS)
    assert (state(tokens()[0], STARTS), read(booked.code).status) == (ReleaseState.PAST, Status.APPROVED)


def test_tap_of_an_asker_whose_account_is_gone_still_counts(booked):
    date_reminders.tell(NEAR)
    token = tokens()[0]
    with db.engine.begin() as connection:
        connection.execute(db.text("UPDATE request SET account_id = NULL"))
    date_reminders.let_go(token, now=NEAR)
    assert read(booked.code).status is Status.WITHDRAWN


def test_link_that_is_none_is_unknown(booked):
    for token in ("", "verzonnen"):
        with pytest.raises(UnknownReminder):
            date_reminders.opened(token, NOW)
        with pytest.raises(UnknownReminder):
            date_reminders.let_go(token, now=NOW)


def test_asker_without_an_address_has_no_use_for_a_link_and_is_not_told(room, desk):
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    request = make_entered(room, by=desk)
    decisions.approve(request.code, by=actor_of(sofie), now=NOW, version=request.version)
    assert (read(request.code).status, request.contact_email) == (Status.APPROVED, "")
    before = totals()
    deadlines.tick(NEAR)
    assert totals() == before
