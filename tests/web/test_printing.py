"""Letters on paper: the list at the desk, the letter as it is printed, and that it is handed over once."""

import pytest

from tests.browser import Browser, dutch
from tests.builders import actor_of, at, make_account, make_desk, make_entered, make_request, make_venue
from zalenzoeker.storage import accounts, letters, printing
from zalenzoeker.storage.db import db

MARCEL = "marcel@drongen.example"


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email(MARCEL))


def entered(drongen, **fields):
    return make_entered(drongen, by=actor_of(accounts.by_email(MARCEL)), **fields)


def letter():
    db.session.rollback()
    return printing.waiting((), is_city=True)[0].code


def test_nothing_to_print(drongen, marcel):
    make_request(room=drongen)
    page = marcel.opens("printing.index")
    assert page.heading == dutch("No letters to print")
    assert dutch("Everything is printed") in page.text


def test_letter_is_printed_and_handed_over_once(drongen, marcel):
    request = entered(drongen, postal_address="Dorpsstraat 1\n9031 Drongen")
    page = marcel.opens("desk.inbox").clicks(f"{dutch('To print')} 1")
    assert page.heading == dutch("%(num)d letter to print", num=1)
    page = page.clicks(f"{dutch('Open and print')} Godelieve Maes")
    assert page.heading == dutch("Your request has arrived")
    assert page.found(css="sheet-address") == ["Godelieve Maes Dorpsstraat 1 9031 Drongen"]
    assert f"/aanvragen/{request.code}" in page.text
    assert request.reference in page.text
    form = page.form("printing.hand_over")
    page = form.sends()
    assert page.found(css="messages") == [dutch("The letter counts as handed over.")]
    assert page.heading == dutch("No letters to print")
    assert form.sends().found(css="messages") == [dutch("This letter was handed over already.")]
    page = page.clicks(next(words for words, _address in page.links if words.startswith("Godelieve Maes: ")))
    assert not page.has_form("printing.hand_over")
    assert "Marcel" in page.text


def test_letter_without_a_postal_address_names_the_telephone(drongen, marcel):
    entered(drongen)
    page = marcel.opens("printing.show", code=letter())
    assert page.found(css="sheet-address") == ["Godelieve Maes 09 226 00 00"]


def test_letter_opens_no_door(drongen, marcel):
    make_request(room=drongen, contact_email="eerder@x.example")
    entered(drongen, is_waiting=True)
    page = marcel.opens("printing.show", code=letter())
    assert page.heading == dutch("You are on the waiting list")
    assert [words for words in ("/wachtlijst/", "verder=", "aanmelden") if words in page.main] == []


def test_letter_of_another_desk_is_not_there(app, drongen):
    entered(drongen)
    rita = make_account("rita@malem.example")
    make_desk(venue=make_venue("malem"), members=[rita])
    browser = Browser(app, rita)
    assert browser.opens("printing.index").heading == dutch("No letters to print")
    browser.opens("printing.show", code=letter(), status=404)
    browser.posts("printing.hand_over", {}, code=letter(), status=404)


def test_letter_that_goes_by_mail_has_no_page_to_print(drongen, marcel):
    entered(drongen, contact_email="godelieve@maes.example")
    marcel.opens("printing.show", code=letters.newest()[0].code, status=404)


def test_list_asks_as_many_questions_for_three_letters_as_for_one(drongen, marcel, queries_of):
    entered(drongen)
    one = queries_of(lambda: marcel.opens("printing.index"))
    entered(drongen, slot=at("19:00", "20:00"))
    entered(drongen, slot=at("20:00", "21:00"))
    assert len(queries_of(lambda: marcel.opens("printing.index"))) == len(one)
