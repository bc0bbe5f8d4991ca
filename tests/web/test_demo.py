"""The demonstration: there only where the setting says so, and open only to people who do not exist."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, make_account, make_request
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage import accounts, letters


@pytest.mark.parametrize(
    "path", ["/demo/postvak", "/demo/postvak/x", "/demo/postvak/x/html", "/demo/postvak/x/afspraak.ics"]
)
def test_letter_box_is_not_there_without_the_demonstration(app, passer_by, path):
    passer_by.visits(path, status=404)


def test_signing_in_without_a_code_is_not_there_without_the_demonstration(app, passer_by):
    person = make_account("iemand@demo.example", is_demo=True)
    passer_by.posts("demo.sign_in", {"persoon": person.code}, status=404)
    assert passer_by.asks("/mijn").status_code == 302
    assert not passer_by.opens("accounts.sign_in").has_form("demo.sign_in")


def test_letter_lies_readable_in_the_box(town):
    browser = Browser(town.app)
    page = browser.opens("demo.letter_box")
    assert page.heading == dutch("Letter box of the demonstration")
    page = page.goes_to("demo.letter", code=town.scene.letter_with_date)
    facts = dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))
    assert facts[dutch("Addressed to")] == "an@harmonie.example"
    assert facts[dutch("State")] == dutch("waiting")
    assert "Algemene vergadering" in page.text
    link = page.addresses("http://127.0.0.1:8000/aanvragen/")[0]
    assert link == f"http://127.0.0.1:8000/aanvragen/{town.scene.approved}"


def test_letter_shows_what_a_mail_program_gets(town):
    browser = Browser(town.app)
    answer = browser.asks(browser.address_of("demo.letter_html", code=town.scene.letter_with_date))
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Algemene vergadering" in answer.get_data(as_text=True)


def test_letter_has_its_date_as_a_calendar_file(town):
    browser = Browser(town.app)
    answer = browser.asks(browser.address_of("demo.letter_calendar", code=town.scene.letter_with_date))
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert b"METHOD:REQUEST" in answer.data
    browser.opens("demo.letter_calendar", code=town.scene.letter, status=404)


def test_letter_box_that_is_empty_says_so(demo_app):
    assert dutch("The letter box is empty") in Browser(demo_app).opens("demo.letter_box").text


def test_page_says_on_top_that_it_is_a_demonstration(demo_app, make_app):
    banner = Browser(demo_app).opens("pages.privacy").found(tag="aside", css="demo")
    assert [words.startswith(dutch("demonstration").capitalize()) for words in banner] == [True]
    other = make_app()
    with other.app_context():
        assert Browser(other).opens("pages.privacy").found(tag="aside", css="demo") == []


def test_visitor_signs_in_as_one_of_its_people_by_a_click(demo_app):
    make_account("an@demo.example", "An Peeters", is_demo=True)
    browser = Browser(demo_app)
    page = browser.opens("accounts.sign_in", verder="/mijn/verenigingen/nieuw")
    page = page.form("demo.sign_in", verder="/mijn/verenigingen/nieuw").fills_in(
        persoon=accounts.by_email("an@demo.example").code
    ).sends()  # fmt: skip
    assert browser.trail == ["/mijn/verenigingen/nieuw"]
    assert page.found(css="messages") == [dutch("You are signed in as %(name)s.", name="An Peeters")]


@pytest.mark.parametrize("verder", ["//host.example", "https:host.example", "javascript:alert(1)"])
def test_visitor_who_signs_in_is_led_nowhere_else(demo_app, verder):
    person = make_account("an@demo.example", is_demo=True)
    browser = Browser(demo_app)
    browser.posts("demo.sign_in", {"persoon": person.code}, verder=verder)
    assert browser.trail == ["/mijn"]


def test_visitor_cannot_sign_in_as_somebody_who_exists(demo_app):
    real = make_account("echt@post.example")
    browser = Browser(demo_app)
    for code in (real.code, "", "verzonnen", "\x00", str(real.id)):
        browser.posts("demo.sign_in", {"persoon": code}, status=404)
    assert browser.asks("/mijn").status_code == 302


def test_letter_box_asks_the_database_as_often_for_three_letters_as_for_one(demo_app, queries_of):
    browser = Browser(demo_app)

    def look():
        browser.opens("demo.letter_box")

    make_request(Status.UNPROVED)
    one = queries_of(look)
    make_request(Status.UNPROVED, contact_email="x@x.example")
    make_request(Status.UNPROVED, contact_email="y@x.example", now=NOW + timedelta(minutes=1))
    assert len(letters.newest()) == 3
    assert len(queries_of(look)) == len(one)
