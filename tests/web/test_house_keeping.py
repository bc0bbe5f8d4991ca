"""The pages on which a house keeps its text, its hours and its rooms: errors at the field, nothing typed is lost."""

import pytest

from tests.browser import Browser, dutch
from tests.builders import at, keep, make_account, make_city_desk, make_request, make_room
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import house_texts
from zalenzoeker.storage import accounts, city, houses, openings
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Facility

HOUSE, ROOM = "open-huis-drongen", "zaal-open-huis"
TEXT, HOURS, ROOMS = "house_text.show", "house_hours.show", "house_room.show"


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


@pytest.fixture
def mia(app, drongen):
    """Somebody of the city, who edits every house."""
    account = make_account("mia@stad.example", "Mia")
    make_city_desk([account])
    return Browser(app, account)


@pytest.fixture
def facilities(app):
    for slug, group in (("beamer", "techniek"), ("lift", "toegang"), ("keuken", "eten en drinken")):
        keep(Facility(slug=slug, name=slug.capitalize(), group=group))


def form_of(browser, endpoint, **query):
    return browser.opens(endpoint, venue=HOUSE, **query).form(endpoint)


def week(drongen, room_id=None):
    db.session.close()
    return openings.week_of(drongen.venue_id, room_id)


def test_page_of_the_house_gathers_all_keeping(marcel, drongen):
    page = marcel.opens("house.show", venue=HOUSE)
    wanted = ["tekst", "uren", f"zalen/{ROOM}", "regels", "verdeling", "logboek"]
    assert [one for one in wanted if not page.addresses(f"/balie/huizen/{HOUSE}/{one}")] == []
    assert page.addresses("/balie/ploeg/drongen") != []


def test_text_is_read_by_everybody_with_its_paragraphs(marcel, passer_by):
    form = form_of(marcel, TEXT)
    page = form.fills_in(tekst="Kom binnen.\n\nDe koffie is klaar.", praktisch="<b>Fietsen</b> achteraan.").sends()
    assert page.found(css="messages") == [dutch("Kept. Everybody reads it on the page of the house.")]
    page = passer_by.opens("venues.show", venue=HOUSE)
    assert page.found(css="own-words") == ["Kom binnen. De koffie is klaar.", "<b>Fietsen</b> achteraan."]
    assert dutch("The house wrote this itself.") in page.text
    assert form_of(marcel, TEXT)["tekst"].replace("\r", "") == "Kom binnen.\n\nDe koffie is klaar."


def test_wheelchair_of_the_house_is_said_on_all_pages(marcel, passer_by, drongen):
    asked = f"{dutch('wheelchair')}: "
    before = passer_by.opens("rooms.show", venue=HOUSE, room=ROOM).text
    form_of(marcel, TEXT).fills_in(rolstoel="yes").sends()
    after = passer_by.opens("rooms.show", venue=HOUSE, room=ROOM).text
    assert (f"{asked}{dutch('unknown')}" in before, f"{asked}{dutch('yes')}" in after) == (True, True)
    place = passer_by.opens("venues.show", venue=HOUSE).text
    assert f"{dutch('Accessible with a wheelchair')} {dutch('yes')}" in place
    db.session.close()
    assert city.city().by_id[drongen.id].wheelchair is Known.YES


def test_text_that_is_too_long_stays_with_its_error(marcel):
    page = form_of(marcel, TEXT).fills_in(tekst="x" * 601, praktisch="Blijft staan").sends(status=422)
    assert set(page.errors) == {"tekst"}
    assert page.form(TEXT)["praktisch"] == "Blijft staan"


def test_text_of_two_editors_tells_the_later_what_was_there(marcel, mia, drongen):
    first, second = form_of(marcel, TEXT), form_of(mia, TEXT)
    first.fills_in(tekst="Van Marcel").sends()
    page = second.fills_in(tekst="Van Mia").sends(status=409)
    assert dutch("Somebody changed the text meanwhile") in page.text
    assert "Van Marcel" in page.text
    form = page.form(TEXT)
    assert form["tekst"] == "Van Mia"
    form.sends()
    db.session.close()
    assert house_texts.told(houses.venue(HOUSE)).about == "Van Mia"


def test_hours_are_filled_in_per_day_with_two_periods(marcel, drongen, passer_by):
    form = form_of(marcel, HOURS)
    filled = {"di-1-van": "9:00", "di-1-tot": "12:00", "di-2-van": "13:00", "di-2-tot": "17:00"}
    page = form.fills_in(**filled, **{"vr-1-van": "20:00", "vr-1-tot": "01:00"}).sends()
    said = dutch("Kept. The hours count for what is asked from now on. What was promised stays.")
    assert page.found(css="messages") == [said]
    assert week(drongen) == {1: [(540, 720), (780, 1020)], 4: [(1200, 1500)]}
    again = form_of(marcel, HOURS)
    assert (again["di-1-van"], again["di-2-tot"], again["vr-1-tot"]) == ("09:00", "17:00", "01:00")
    assert again["di-3-van"] == ""
    assert "9.00–12.00" in passer_by.opens("venues.show", venue=HOUSE).text
    page = marcel.opens("logbook.show", venue=HOUSE)
    assert "Openingsuren van dinsdag" in page.text


def test_hours_with_something_wrong_say_all_of_it_at_once_and_stay(marcel, drongen):
    form = form_of(marcel, HOURS)
    page = form.fills_in(**{
        "ma-1-van": "9:00",
        "di-1-van": "12:00", "di-1-tot": "9:00",
        "wo-1-van": "9:00", "wo-1-tot": "12:00", "wo-2-van": "11:00", "wo-2-tot": "13:00",
        "do-1-van": "9:10", "do-1-tot": "12:00",
        "vr-1-van": "9:00", "vr-1-tot": "12:00",
    }).sends(status=422)  # fmt: skip
    assert set(page.errors) == {"ma-1-tot", "di-1-tot", "wo-2-van", "do-1-van"}
    form = page.form(HOURS)
    assert (form["ma-1-van"], form["vr-1-tot"]) == ("9:00", "12:00")
    assert week(drongen) == {}


def test_hours_under_a_promise_say_which_falls_outside(marcel, drongen):
    request = make_request(Status.APPROVED, room=drongen, slot=at("14:00", "18:00"), activity="Lenteconcert")
    form = form_of(marcel, HOURS, zaal=ROOM)
    form.fills_in(**{"za-1-van": "9:00", "za-1-tot": "12:00", "za-2-van": "", "za-2-tot": ""}).sends()
    page = marcel.opens(HOURS, venue=HOUSE, zaal=ROOM)
    assert dutch("Promised outside these hours") in page.text
    page.goes_to("desk.show", code=request.code)


def test_hours_of_a_room_that_has_none_are_those_of_the_house(marcel, drongen):
    make_room("keuken", venue=drongen.venue, hours=())
    form_of(marcel, HOURS).fills_in(**{"di-1-van": "9:00", "di-1-tot": "12:00"}).sends()
    page = marcel.opens(HOURS, venue=HOUSE, zaal="keuken")
    assert dutch("This room has the hours of the house") in page.text
    assert "9.00–12.00" in page.text
    marcel.opens(HOURS, venue=HOUSE, zaal="kelder", status=404)


def test_hours_of_two_editors_tell_the_later_what_was_there(marcel, mia, drongen):
    first, second = form_of(marcel, HOURS), form_of(mia, HOURS)
    first.fills_in(**{"di-1-van": "9:00", "di-1-tot": "12:00"}).sends()
    page = second.fills_in(**{"wo-1-van": "10:00", "wo-1-tot": "11:00"}).sends(status=409)
    assert dutch("Somebody changed the hours meanwhile") in page.text
    assert "9.00–12.00" in page.text
    form = page.form(HOURS)
    assert form["wo-1-van"] == "10:00"
    form.sends()
    assert week(drongen) == {2: [(600, 660)]}


def test_room_is_described_and_found_by_what_is_in_it(marcel, drongen, passer_by, facilities):
    form = form_of(marcel, ROOMS, room=ROOM)
    form.fills_in(**{"tekst": "Een lichte zaal.", "staand": "90", "ding": ["beamer"], "toegang-lift": "no"}).sends()
    page = passer_by.opens("rooms.show", venue=HOUSE, room=ROOM)
    assert page.found(css="own-words") == ["Een lichte zaal."]
    assert ("Beamer" in page.text, "Lift: nee" in page.text) == (True, True)
    db.session.close()
    known = city.city().by_id[drongen.id]
    assert (known.facilities, known.capacity, known.is_seated) == ({"beamer"}, 90, False)
    assert form_of(marcel, ROOMS, room=ROOM)["toegang-lift"] == "no"


def test_room_of_which_nobody_knows_how_many_people_fit_can_be_described(marcel, drongen, facilities):
    form_of(marcel, ROOMS, room=ROOM).fills_in(tekst="Een lichte zaal.", staand="90").sends()
    form = form_of(marcel, ROOMS, room=ROOM)
    form.fills_in(tekst="Een zaal.", staand="").sends()
    again = form_of(marcel, ROOMS, room=ROOM)
    assert (again["tekst"], again["staand"]) == ("Een zaal.", "")


@pytest.mark.parametrize("number", ["0", "6000", "veel"])
def test_room_for_a_number_of_people_that_cannot_be_says_so(marcel, facilities, number):
    form = form_of(marcel, ROOMS, room=ROOM).fills_in(tekst="Blijft staan", staand=number)
    page = form.sends(status=422)
    assert set(page.errors) == {"staand"}
    assert page.form(ROOMS)["tekst"] == "Blijft staan"


def test_room_of_two_editors_tells_the_later_what_was_there(marcel, mia, facilities):
    first, second = form_of(marcel, ROOMS, room=ROOM), form_of(mia, ROOMS, room=ROOM)
    first.fills_in(staand="90", ding=["beamer"]).sends()
    page = second.fills_in(staand="80").sends(status=409)
    assert dutch("Somebody changed this room meanwhile") in page.text
    assert page.form(ROOMS)["staand"] == "80"
    page.form(ROOMS).sends()


def test_room_that_is_not_there_is_not_found(marcel):
    marcel.opens(ROOMS, venue=HOUSE, room="kelder", status=404)


def test_pages_ask_the_same_number_of_questions_for_one_room_and_for_three(marcel, drongen, queries_of, facilities):
    pages = ("house.show", TEXT, HOURS)
    for slug in ("keuken", "zolder"):
        before = [len(queries_of(lambda page=page: marcel.opens(page, venue=HOUSE))) for page in pages]
        make_room(slug, venue=drongen.venue)
        after = [len(queries_of(lambda page=page: marcel.opens(page, venue=HOUSE))) for page in pages]
        assert after == before
