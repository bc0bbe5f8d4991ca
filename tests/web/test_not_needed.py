"""“We do not need the room”: a page with one question, and a date that is free again."""

from datetime import time, timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import actor_of, at, make_request, read
from tests.services.looks import totals
from zalenzoeker.domain.date_reminders import REMIND_BEFORE
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import date_reminders, dates
from zalenzoeker.storage import accounts, letters

STARTS = at().starts_at
NEAR = STARTS - REMIND_BEFORE


@pytest.fixture
def booked(drongen, clock):
    request = make_request(Status.APPROVED, room=drongen, activity="Repetitie")
    clock.stands_at(NEAR)
    date_reminders.tell(NEAR)
    return request


@pytest.fixture
def token(booked):
    return next(one.facts["token"] for one in letters.newest() if one.kind == "date_reminder")


@pytest.fixture
def phone(app):
    return Browser(app)


def test_page_asks_one_question(phone, token):
    page = phone.opens("not_needed.show", token=token)
    assert page.heading == dutch("Do you no longer need the room?")
    assert "zaterdag 16 januari 2027, 14.00 tot 18.00 uur" in page.text
    assert "Zaal Open Huis, Open Huis Drongen" in page.text
    # Who asked is not said behind an address.
    assert [word for word in ("An Peeters", "an@harmonie.example") if word in page.html] == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_gives_nothing_up(phone, token, booked, method):
    before = totals()
    response = phone.asks(f"/niet-nodig/{token}", method=method)
    assert (response.status_code, totals(), read(booked.code).status) == (200, before, Status.APPROVED)
    assert (response.headers["Cache-Control"], response.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_button_gives_the_date_up_and_says_so(phone, token, booked):
    form = phone.opens("not_needed.show", token=token).form("not_needed.let_go")
    assert form.sends().heading == dutch("The room is somebody else's to use")
    assert read(booked.code).status is Status.WITHDRAWN
    before = totals()
    assert form.sends().heading == dutch("The room is somebody else's to use")
    assert totals() == before


def test_post_without_the_token_of_the_form_gives_nothing_up(phone, token, booked):
    assert phone.asks(f"/niet-nodig/{token}", method="POST").status_code == 400
    assert read(booked.code).status is Status.APPROVED


def test_date_that_moved_says_so(phone, token, booked, clock):
    form = phone.opens("not_needed.show", token=token).form("not_needed.let_go")
    an = actor_of(accounts.by_email("an@harmonie.example"))
    dates.change(booked.code, booked.first.uid, Scope.THIS, dates.Move(time(15), time(18)), by=an, now=NEAR)
    assert form.sends(status=409).heading == dutch("This date has another moment now")
    page = phone.opens("not_needed.show", token=token, status=410)
    assert not page.has_form("not_needed.let_go")


def test_date_that_has_begun_says_so(phone, token, booked, clock):
    form = phone.opens("not_needed.show", token=token).form("not_needed.let_go")
    clock.stands_at(STARTS + timedelta(minutes=1))
    assert form.sends(status=409).heading == dutch("This date has begun, or is over")
    assert read(booked.code).status is Status.APPROVED


def test_link_that_is_none_is_a_kind_page(phone, app):
    page = phone.visits("/niet-nodig/verzonnen", status=404)
    assert page.heading == dutch("We do not know this link")
    answer = phone.asks("/niet-nodig/verzonnen", method="POST", data={"csrf_token": phone.token()})
    assert answer.status_code == 404
