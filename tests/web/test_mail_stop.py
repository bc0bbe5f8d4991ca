"""A mail server that refuses us: the alarm on the city desk's pages, on the page of health and at the doctor's."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, make_account, make_city_desk
from zalenzoeker.storage import accounts, mail_stop
from zalenzoeker.storage.db import db, write_unit

REASON = "535 5.7.8 authentication failed"
HOUR = timedelta(hours=1)


@pytest.fixture
def city(app, drongen):
    make_city_desk([make_account("stad@gent.example", "Stad")])
    return Browser(app, accounts.by_email("stad@gent.example"))


def stopped(now=NOW) -> None:
    with write_unit():
        mail_stop.begin(REASON, now)


def next_try():
    db.session.close()
    return mail_stop.standing().next_try_at - NOW


def test_city_desk_sees_that_letters_leave_as_usual(city):
    assert city.opens("desk.inbox").found(css="notice") == []
    page = city.opens("mail_stop.show")
    assert (page.heading, page.has_form("mail_stop.try_again")) == (dutch("The letters leave as usual"), False)


def test_city_desk_sees_the_alarm_and_lets_it_be_tried_again(city, clock):
    stopped()
    page = city.opens("desk.inbox").clicks(dutch("See why, and what to do"))
    assert page.heading == dutch("No letter leaves the house")
    assert REASON in page.text
    clock.stands_at(NOW + timedelta(minutes=1))
    page = page.form("mail_stop.try_again").sends()
    assert page.found(css="messages") == [
        dutch("The site tries again within a few seconds. Look at this page again in a minute.")
    ]
    assert next_try() == timedelta(minutes=1)


def test_button_that_comes_too_late_says_that_all_is_well(city):
    stopped()
    form = city.opens("mail_stop.show").form("mail_stop.try_again")
    with write_unit():
        mail_stop.end()
    assert form.sends().found(css="messages") == [dutch("The letters leave as usual.")]


def test_desk_of_a_house_sees_no_alarm_it_can_do_nothing_about(app, drongen):
    stopped()
    page = Browser(app, accounts.by_email("marcel@drongen.example")).opens("desk.inbox")
    assert page.found(css="notice") == []


def test_page_of_health_tells_it_without_the_words_of_the_server(app):
    stopped()
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, "mail stopped" in answer.json["problems"]) == (503, True)
    assert REASON not in answer.text


def test_doctor_tells_it_with_the_words_of_the_server_and_what_to_do(app):
    stopped()
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    (line,) = [line for line in said.splitlines() if "refuses us" in line]
    assert (REASON in line, "/balie/post" in line) == (True, True)
