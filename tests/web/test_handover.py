"""Handing over a desk: the page of who has it, and the link of who takes it."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import make_account
from zalenzoeker.storage import accounts, desks, letters
from zalenzoeker.storage.db import db

DESK, LIES = "drongen", "lies@huis.example"


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def offers(browser, status=200, **fields):
    form = browser.opens("handover.offer", desk=DESK).form("handover.offer", desk=DESK)
    return form.fills_in(**{"opvolger": LIES, **fields}).sends(status=status)


def token():
    db.session.close()
    return next(one.facts["token"] for one in letters.newest() if one.kind == "handover_offered")


def members():
    db.session.close()
    return [one.email for one in desks.by_slug(DESK).members]


def test_handing_over_is_one_form_and_can_be_taken_back(marcel):
    marcel.opens("members.show", desk=DESK).goes_to("handover.offer", desk=DESK)
    page = offers(marcel, **{"gedeeld-adres": "Nieuw@huis.example"})
    sent = dutch("We sent a letter to %(email)s. Until they say yes, nothing changes.", email=LIES)
    assert page.found(css="messages") == [sent]
    assert dutch("Shared address from then on: %(address)s.", address="nieuw@huis.example") in page.text
    assert dutch("Somebody is asked to take over") in marcel.opens("members.show", desk=DESK).text
    mark = token()
    page = marcel.opens("handover.offer", desk=DESK).form("handover.revoke", desk=DESK).sends()
    taken = dutch("Taken back. The link in the letter no longer works, and everything stays as it is.")
    assert page.found(css="messages") == [taken]
    page = marcel.opens("handover.confirm", token=mark, status=404)
    assert page.heading == dutch("This link no longer works")


def test_what_is_wrong_stands_beside_its_field_and_stays(marcel):
    page = offers(marcel, 422, opvolger="lies@huis", **{"gedeeld-adres": "ook fout"})
    assert set(page.errors) == {"opvolger", "gedeeld-adres"}
    assert page.form("handover.offer", desk=DESK)["opvolger"] == "lies@huis"
    page = offers(marcel, 422, opvolger="marcel@drongen.example")
    own = dutch("This is your own address. Fill in the address of who comes after you.")
    assert page.errors == {"opvolger": own}


def test_opening_the_link_changes_nothing_and_names_nobody(app, marcel, passer_by):
    offers(marcel)
    mark = token()
    for _ in range(3):
        page = passer_by.opens("handover.confirm", token=mark)
    assert page.heading == dutch("Take over %(desk)s", desk="Open Huis Drongen")
    assert ("Marcel" in page.text, LIES in page.text) == (False, False)
    passer_by.posts("handover.confirm", token=mark)
    assert members() == ["marcel@drongen.example"]


def test_link_for_another_address_asks_to_sign_in_with_that(app, marcel, an):
    offers(marcel)
    page = an.opens("handover.confirm", token=token())
    assert "an@harmonie.example" in page.text
    an.posts("handover.confirm", token=token())
    assert members() == ["marcel@drongen.example"]


def test_successor_takes_over_and_a_second_time_is_told_it_is_done(app, marcel):
    offers(marcel)
    mark = token()
    lies = Browser(app, make_account(LIES, "Lies"))
    page = lies.opens("handover.confirm", token=mark).form("handover.confirm", token=mark).sends()
    assert page.path == "/balie"
    assert page.found(css="messages") == [dutch("Done: you decide for %(desk)s from now on.", desk="Open Huis Drongen")]
    assert members() == [LIES]
    again = lies.opens("handover.confirm", token=mark)
    assert dutch("The desk was handed over. A second yes is not needed.") in again.text
    page = lies.posts("handover.confirm", token=mark)
    assert (page.path, members()) == ("/balie", [LIES])
    marcel.opens("desk.inbox", status=403)


def test_link_is_too_old_after_two_weeks(app, marcel, clock):
    offers(marcel)
    mark = token()
    clock.passes(timedelta(days=14))
    lies = Browser(app, make_account(LIES, "Lies"))
    lies.opens("handover.confirm", token=mark, status=404)
    lies.posts("handover.confirm", token=mark, status=404)
    assert members() == ["marcel@drongen.example"]
