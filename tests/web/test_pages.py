"""The landing page: a complete list, filters that narrow it, and what is not understood said and left aside."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, keep, make_neighbourhood, make_room, make_venue
from zalenzoeker.domain.places import CoordPrecision, Known, Manager, Operator, VenueKind
from zalenzoeker.gateways import register
from zalenzoeker.services import deadlines
from zalenzoeker.services import register as registering
from zalenzoeker.storage import self_check
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Facility, RoomFacility
from zalenzoeker.upkeep import DATA

PRIVATE = {"kind": VenueKind.PRIVATE, "operator": Operator.PRIVATE, "managed_by": Manager.NON_PROFIT}


@pytest.fixture
def street(app):
    """Four places in two neighbourhoods: each filter has something to keep and something to leave out."""
    drongen = make_neighbourhood("drongen", "Drongen")
    muide = make_neighbourhood("muide", "Muide")
    kitchen = keep(Facility(slug="keuken", name="Keuken", group="Keuken"))
    lift = keep(Facility(slug="lift", name="Lift", group="Toegang"))
    house = make_venue("open-huis", neighbourhood=drongen, name="Open Huis Drongen")
    hall = make_room("zaal", venue=house, capacity=70)
    keep(RoomFacility(room_id=hall.id, facility_id=kitchen.id))
    centre = make_venue("centrum", neighbourhood=muide, name="Buurtcentrum Muide", kind=VenueKind.BUURTCENTRUM)
    small = make_room("lokaal", venue=centre, capacity=20)
    keep(RoomFacility(room_id=small.id, facility_id=lift.id))
    parish = make_venue("parochiezaal", neighbourhood=muide, name="Parochiezaal Sint-Theresia", **PRIVATE)
    make_room("grote-zaal", venue=parish, capacity=None)
    make_venue("ontmoeting", neighbourhood=drongen, name="Wasplek Leiebocht", street="Leiestraat", **PRIVATE)


def shown(page):
    """Return the slugs of the cards, in order."""
    return [one.get("id") for one in page.elements(tag="li", css="card")]


def notes(page):
    return page.found(css="notice")


def test_list_without_filter_is_everything_by_neighbourhood(street, passer_by):
    page = passer_by.opens("pages.landing")
    assert shown(page) == ["open-huis", "ontmoeting", "centrum", "parochiezaal"]
    assert [heading.split()[0] for heading in page.found(css="group-head")] == ["Drongen", "Muide"]
    assert page.by_id("telling") is not None
    assert dutch("%(num)d places", num=4) in page.text


@pytest.mark.parametrize(
    "query, found",
    [
        ({"q": "drongen"}, ["open-huis", "ontmoeting"]),
        ({"q": "DRONGEN huis"}, ["open-huis"]),
        ({"q": "leiestraat"}, ["ontmoeting"]),
        ({"soort": "privaat"}, ["ontmoeting", "parochiezaal"]),
        ({"soort": ["privaat", "buurtcentrum"]}, ["ontmoeting", "centrum", "parochiezaal"]),
        ({"wijk": "muide"}, ["centrum", "parochiezaal"]),
        ({"faciliteit": "keuken"}, ["open-huis"]),
        ({"faciliteit": "lift"}, ["centrum"]),
        ({"personen": "20"}, ["open-huis", "centrum"]),
        ({"personen": "21"}, ["open-huis"]),
        ({"manier": "ask_here"}, ["open-huis", "centrum"]),
        ({"manier": "drop_in"}, ["open-huis", "centrum"]),
        ({"manier": "ask_the_house"}, ["ontmoeting", "parochiezaal"]),
        ({"wijk": "muide", "soort": "privaat"}, ["parochiezaal"]),
        ({"faciliteit": "keuken", "personen": "70"}, ["open-huis"]),
        ({"faciliteit": "keuken", "personen": "71"}, []),
        ({"q": "drongen", "wijk": "muide"}, []),
        ({"q": "nergens"}, []),
        (
            {"q": "   ", "wijk": "", "personen": "", "faciliteit": "", "soort": ""},
            ["open-huis", "ontmoeting", "centrum", "parochiezaal"],
        ),
    ],
)
def test_filter_narrows_the_list(street, passer_by, query, found):
    page = passer_by.opens("pages.landing", **query)
    assert shown(page) == found
    assert notes(page) == []


@pytest.mark.parametrize(
    "query, said",
    [
        ({"wijk": "atlantis"}, "We do not know “%(value)s”, so we left it aside."),
        ({"soort": "kasteel"}, "We do not know “%(value)s”, so we left it aside."),
        ({"faciliteit": "zwembad"}, "We do not know “%(value)s”, so we left it aside."),
        ({"manier": "inbreken"}, "We do not know “%(value)s”, so we left it aside."),
        ({"personen": "veel"}, "“%(value)s” is not a number of people, so we left it aside."),
        ({"personen": "-3"}, "“%(value)s” is not a number of people, so we left it aside."),
        ({"personen": "0"}, "“%(value)s” is not a number of people, so we left it aside."),
        ({"personen": "²"}, "“%(value)s” is not a number of people, so we left it aside."),
        ({"personen": "99999"}, "“%(value)s” is not a number of people, so we left it aside."),
        ({"personen": "1" * 5000}, "“%(value)s” is not a number of people, so we left it aside."),
    ],
)
def test_filter_that_is_not_understood_is_said_and_left_aside(street, passer_by, query, said):
    page = passer_by.opens("pages.landing", **query)
    value = next(iter(query.values()))[:40]
    assert notes(page) == [dutch(said, value=value)]
    assert len(shown(page)) == 4


def test_filter_that_is_partly_understood_keeps_what_is_known(street, passer_by):
    page = passer_by.opens("pages.landing", soort=["privaat", "kasteel"], wijk="muide", plek="x")
    assert shown(page) == ["parochiezaal"]
    assert len(notes(page)) == 1


def test_filter_with_nothing_found_offers_to_leave_something_out(street, passer_by):
    page = passer_by.opens("pages.landing", q="drongen", wijk="muide")
    assert dutch("No place fits all of this") in page.text
    assert shown(page.goes_to("pages.landing", q="drongen")) == ["open-huis", "ontmoeting"]


def test_filter_is_kept_in_its_form_and_sent_again(street, passer_by):
    page = passer_by.opens("pages.landing", wijk="drongen", q="huis")
    form = page.form()
    assert (form["wijk"], form["q"]) == ("drongen", "huis")
    page = form.fills_in(wijk="muide", q="", soort=["privaat"]).sends()
    assert shown(page) == ["parochiezaal"]


def test_card_says_what_you_can_do_and_what_is_unknown(street, passer_by):
    page = passer_by.opens("pages.landing")
    words = dict(zip(shown(page), page.found(tag="li", css="card"), strict=True))
    assert dutch("Ask for a room here") in words["open-huis"]
    assert dutch("up to %(people)d people", people=70) in words["open-huis"]
    assert dutch("Ask the house itself") in words["parochiezaal"]
    assert f"{dutch('people')}: {dutch('unknown')}" in words["parochiezaal"]
    assert f"{dutch('rooms')}: {dutch('unknown')}" in words["ontmoeting"]


def test_card_leads_to_its_place(street, passer_by):
    page = passer_by.opens("pages.landing").clicks("Parochiezaal Sint-Theresia")
    assert page.heading == "Parochiezaal Sint-Theresia"


def test_place_with_an_estimated_point_has_no_point_on_the_map(app, passer_by):
    make_venue("precies", coord_precision=CoordPrecision.EXACT)
    make_venue("geschat", coord_precision=CoordPrecision.APPROX)
    page = passer_by.opens("pages.landing")
    points = {
        one.get("href"): one.get("data-lat") for one in page.elements() if (one.get("href") or "").startswith("#")
    }
    pins = page.elements(css="pin") + page.elements(css="pins")
    assert pins, "the sketch shows no pin"
    assert "51.06" not in str(points.get("#geschat"))


def test_list_asks_the_database_as_often_for_three_as_for_one(app, passer_by, queries_of):
    def look():
        passer_by.opens("pages.landing")

    make_room(venue=make_venue())
    one = queries_of(look)
    make_room(venue=make_venue())
    make_room(venue=make_venue(neighbourhood=make_neighbourhood("muide", "Muide")))
    assert len(queries_of(look)) == len(one)


@pytest.fixture(scope="module")
def whole_register():
    return register.read(DATA)


def test_register_of_ghent_is_shown_whole(app, passer_by, whole_register):
    registering.take_over(whole_register)
    page = passer_by.opens("pages.landing")
    assert len(shown(page)) == len(set(shown(page))) == 91
    assert sorted(shown(page)) == sorted(venue.slug for venue in whole_register.venues)
    assert dutch("%(num)d places", num=91) in page.text
    assert sum(int(words.split()[-1].strip("()")) for words in page.found(css="chip")) == 91


def test_register_of_ghent_has_a_page_for_every_place_and_room(app, passer_by, whole_register):
    """Every page that the list leads to opens and is in order."""
    registering.take_over(whole_register)
    rooms = 0
    for venue in whole_register.venues[::7]:
        page = passer_by.opens("venues.show", venue=venue.slug)
        assert page.heading == venue.name
        for address in sorted(set(page.addresses(f"/zalen/{venue.slug}/"))):
            passer_by.visits(address)
            rooms += 1
    assert rooms > 10


@pytest.mark.parametrize("endpoint", ["pages.help", "pages.accessibility", "pages.privacy"])
def test_page_about_the_site_opens_from_the_foot_of_every_page(app, passer_by, endpoint):
    page = passer_by.opens("pages.landing").goes_to(endpoint)
    assert page.heading != ""


def test_accent_of_a_city_is_a_style_sheet_of_its_own(make_app):
    app = make_app(site_accent="#7a1f5c")
    with app.app_context():
        browser = Browser(app)
        page = browser.opens("pages.privacy")
        assert [one.get("href") for one in page.elements(tag="link") if "accent" in one.get("href")] == ["/accent.css"]
        answer = browser.asks("/accent.css")
        assert (answer.mimetype, "#7a1f5c" in answer.get_data(as_text=True)) == ("text/css", True)


def test_logo_of_a_city_stands_in_the_head(make_app, tmp_path):
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    app = make_app(site_logo=logo, site_name="Zalen van Brugge")
    with app.app_context():
        browser = Browser(app)
        page = browser.opens("pages.privacy")
        assert [one.get("src") for one in page.elements(tag="img")] == ["/logo"]
        assert page.title.endswith("Zalen van Brugge")
        assert browser.asks("/logo").mimetype == "image/svg+xml"


def test_health_is_good_when_the_worker_was_just_seen(app, passer_by):
    deadlines.beat(NOW - timedelta(seconds=59))
    answer = passer_by.asks("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "problems": []})


def test_health_is_bad_when_the_worker_is_silent(app, passer_by):
    deadlines.beat(NOW - timedelta(seconds=61))
    answer = passer_by.asks("/healthz")
    assert (answer.status_code, answer.json) == (503, {"status": "trouble", "problems": ["worker not seen"]})


def test_health_is_bad_when_a_guard_is_gone(app, passer_by):
    deadlines.beat(NOW)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER occupancy_no_overlap_insert")
    answer = passer_by.asks("/healthz")
    assert (answer.status_code, answer.json["problems"]) == (503, self_check.missing_guards())


def test_health_is_bad_when_the_database_does_not_answer(app, passer_by):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeat")
    answer = passer_by.asks("/healthz")
    assert (answer.status_code, answer.json["problems"]) == (503, ["database: OperationalError"])


def test_wheelchair_that_is_unknown_is_never_a_no(app, passer_by):
    make_venue("weet-niet", wheelchair=Known.UNKNOWN)
    make_venue("nee", wheelchair=Known.NO)
    page = passer_by.opens("pages.landing")
    words = dict(zip(shown(page), page.found(tag="li", css="card"), strict=True))
    assert f"{dutch('wheelchair')}: {dutch('unknown')}" in words["weet-niet"]
    assert f"{dutch('wheelchair')}: {dutch('no')}" in words["nee"]
