"""The page on which a desk says who belongs to it."""

import pytest

from tests.browser import Browser, dutch
from tests.builders import actor_of, make_account, make_city_desk
from zalenzoeker.storage import accounts, desks
from zalenzoeker.storage.db import db

DESK, HOUSE = "drongen", "open-huis-drongen"
NEW = "mia@drongen.example"


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def adds(browser, email=NEW, status=200):
    form = browser.opens("members.show", desk=DESK).form("members.show", desk=DESK)
    return form.fills_in(email=email).sends(status=status)


def members():
    db.session.close()
    return [one.email for one in desks.by_slug(DESK).members]


def test_member_is_added_from_the_page_of_the_house(marcel):
    marcel.opens("house.show", venue=HOUSE).goes_to("crew.show", desk=DESK).goes_to("members.show", desk=DESK)
    page = adds(marcel)
    assert page.found(css="messages") == [dutch("%(email)s is a member now. We sent a letter.", email=NEW)]
    assert members() == ["marcel@drongen.example", NEW]
    assert dutch("Members of the desk") in page.text


def test_member_of_today_and_no_address_are_refused_beside_the_field(marcel):
    wrong = dutch("This address belongs to a member already.")
    assert adds(marcel, "marcel@drongen.example", 422).errors == {"email": wrong}
    page = adds(marcel, "mia@drongen", 422)
    assert set(page.errors) == {"email"}
    assert members() == ["marcel@drongen.example"]


def test_member_is_removed_and_loses_the_desk_at_the_next_page(app, marcel):
    mia = make_account(NEW, "Mia")
    adds(marcel)
    browser = Browser(app, mia)
    browser.opens("desk.inbox")
    form = marcel.opens("members.show", desk=DESK).form("members.remove", desk=DESK, code=mia.code)
    page = form.sends()
    said = dutch("%(name)s no longer belongs to this desk, and sees its requests no more.", name="Mia")
    assert page.found(css="messages") == [said]
    browser.opens("desk.inbox", status=403)
    browser.opens("members.show", desk=DESK, status=403)
    assert actor_of(mia).desk_ids == frozenset()


def test_member_leaves_and_comes_to_their_own_requests(app, marcel):
    mia = make_account(NEW, "Mia")
    adds(marcel)
    browser = Browser(app, mia)
    page = browser.opens("members.show", desk=DESK).form("members.remove", desk=DESK, code=mia.code).sends()
    assert page.path == "/mijn"
    assert members() == ["marcel@drongen.example"]


def test_last_member_has_no_button_and_stays(marcel):
    page = marcel.opens("members.show", desk=DESK)
    code = accounts.by_email("marcel@drongen.example").code
    assert dutch("There is one member. Add somebody, so that requests are answered when you are away.") in page.text
    page = marcel.posts("members.remove", desk=DESK, code=code)
    assert page.found(css="messages") == [
        dutch("Without this member nobody would decide. Add somebody first, or hand the desk over.")
    ]
    assert members() == ["marcel@drongen.example"]


def test_members_are_listed_with_the_same_number_of_questions(marcel, queries_of):
    one = len(queries_of(lambda: marcel.opens("members.show", desk=DESK)))
    for number in range(2):
        adds(marcel, f"lid{number}@drongen.example")
    # The names of who was added are one question more, however many they are.
    assert len(queries_of(lambda: marcel.opens("members.show", desk=DESK))) == one + 1


def test_city_keeps_its_own_members_but_is_not_handed_over(app, drongen):
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    browser = Browser(app, sofie)
    page = browser.opens("members.show", desk="stad")
    assert dutch("Another group takes over?") not in page.text
    browser.opens("handover.offer", desk="stad", status=404)
    browser.opens("members.show", desk="nergens", status=404)
    browser.opens("members.show", desk=DESK)


def test_shared_address_is_changed_and_taken_away_on_the_page(marcel):
    for email in ("samen@drongen.example", ""):
        form = marcel.opens("members.show", desk=DESK).form("members.address", desk=DESK)
        page = form.fills_in(**{"gedeeld-adres": email}).sends()
        assert page.form("members.address", desk=DESK)["gedeeld-adres"] == email
        db.session.close()
        assert desks.by_slug(DESK).email == email


def test_shared_address_that_is_none_is_refused_and_kept_in_its_field(marcel):
    form = marcel.opens("members.show", desk=DESK).form("members.address", desk=DESK)
    page = form.fills_in(**{"gedeeld-adres": "samen@drongen"}).sends(status=422)
    assert set(page.errors) == {"gedeeld-adres"}
    assert page.form("members.address", desk=DESK)["gedeeld-adres"] == "samen@drongen"
