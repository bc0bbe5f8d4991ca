"""An activity inside the open hours of a house, and a shielded one: how they are asked, and what every page says."""

import re

import icalendar
import pytest

from tests import decisions
from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    SATURDAY,
    at,
    decider_of,
    make_programme,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
)
from tests.web.asking import PLACE, asked, asks, fields, opens_form
from zalenzoeker.domain.places import VenueKind
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import shielding
from zalenzoeker.storage import accounts, letters

HOUSE, DAY = "open-huis-drongen", SATURDAY.isoformat()
ROOM_FEED = f"/kalender/zaal/{PLACE}.ics"
FEEDS = (ROOM_FEED, f"/kalender/locatie/{HOUSE}.ics", "/kalender/wijk/sint-amandsberg.ics", "/kalender/gent.ics")
NO_ROOM = "Binnen de openingsuren van het huis, neemt geen zaal in"


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def summaries(browser, address):
    calendar = icalendar.Calendar.from_ical(browser.asks(address).data)
    return [(str(one["SUMMARY"]), str(one.get("TRANSP", "OPAQUE"))) for one in calendar.walk("VEVENT")]


def test_page_of_a_place_leads_to_asking_inside_its_open_hours(drongen, an):
    form = an.opens("venues.show", venue=HOUSE).goes_to("asking.new", zaal=PLACE, binnen="1").form("asking.new")
    assert form["binnen"] == "y"
    form.fills_in(**fields(an)).sends()
    assert [(one.takes_space, one.status) for one in asked()] == [(False, Status.REQUESTED)]


def test_page_of_a_place_that_does_not_take_any_says_nothing_of_it(app, passer_by):
    room = make_room(venue=make_venue("huis", kind=VenueKind.BUURTHUIS))
    page = passer_by.opens("venues.show", venue="huis")
    assert dutch("Do something while the house is open") not in page.text
    form = passer_by.opens("asking.new", zaal=f"huis/{room.slug}")
    assert dutch("I need no room: I come during the open hours of the house") not in form.text


def test_form_asks_it_with_one_tick_and_the_page_of_the_request_says_it(drongen, an):
    page = asks(an, binnen=True)
    assert page.heading == dutch("The house looks at the request")
    assert NO_ROOM in page.text
    assert [one.takes_space for one in asked()] == [False]


def test_form_beside_a_booking_is_sent_without_a_word(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="els@yoga.example")
    asks(an, status=409)
    asks(an, binnen=True)
    assert [one.takes_space for one in asked()] == [True, False]


@pytest.mark.parametrize(
    "typed,said",
    [
        ({"van": "08:00", "tot": "10:00"}, "Het huis is die dag open van 9.00 tot zondag 1.00 uur."),
        (
            {"dag": "2027-01-15", "van": "08:00", "tot": "09:00"},
            "Het huis is die dag open van 9.00 tot zaterdag 1.00 uur.",
        ),
    ],
)
def test_form_outside_the_open_hours_says_when_the_house_is_open_and_keeps_what_was_typed(drongen, an, typed, said):
    page = asks(an, status=422, binnen=True, **typed)
    assert said in page.text
    form = page.form("asking.new")
    assert (form["binnen"], form["activiteit"], form["van"]) == ("y", "Algemene vergadering", typed["van"])


def test_house_that_says_no_is_told_with_the_cure(app, an):
    room = make_room("zaal-open-huis", venue=make_venue(HOUSE), rules={RuleName.INSIDE: False})
    page = an.opens("asking.new", zaal=PLACE, binnen="1")
    page = page.form("asking.new").fills_in(**fields(an)).sends(status=422)
    assert f"Vraag {room.name} aan." in page.text


def test_planner_keeps_that_no_room_is_needed(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="els@yoga.example")
    query = {"zaal": PLACE, "dag": DAY, "van": "14:00", "tot": "16:00", "herhaal": "wekelijks", "aantal": "3"}
    beside = an.opens("series.plan", binnen="1", verder="1", **query)
    assert (an.trail[-1].partition("?")[0], beside.form("asking.new")["binnen"]) == ("/aanvragen/nieuw", "y")
    typed = {name: value for name, value in fields(an).items() if name not in {"dag", "van", "tot", "dagdeel"}}
    beside.form("asking.new").fills_in(**typed).sends()
    (_, series) = asked()
    assert (series.takes_space, len(series.dates)) == (False, 3)


def test_asking_again_keeps_that_no_room_is_needed(drongen, an):
    before = make_request(Status.REFUSED, room=drongen, takes_space=False, is_shielded=True)
    form = opens_form(an, opnieuw=before.code)
    assert (form["binnen"], form["openbaar"]) == ("y", "afgeschermd")


def test_weeks_moments_and_searches_never_show_it_as_taken(drongen, passer_by):
    before = [
        passer_by.opens("rooms.show", venue=HOUSE, room="zaal-open-huis", week="2027-W02").text,
        passer_by.opens("moments.times", venue=HOUSE, room="zaal-open-huis", day=DAY).text,
        passer_by.opens("search.show", dag=DAY, van="14:00", tot="18:00").text,
    ]
    make_request(Status.APPROVED, room=drongen, takes_space=False, activity="Naaiatelier")
    make_request(room=drongen, takes_space=False, slot=at("10:00", "12:00"), contact_email="els@yoga.example")
    after = [
        passer_by.opens("rooms.show", venue=HOUSE, room="zaal-open-huis", week="2027-W02").text,
        passer_by.opens("moments.times", venue=HOUSE, room="zaal-open-huis", day=DAY).text,
        passer_by.opens("search.show", dag=DAY, van="14:00", tot="18:00").text,
    ]
    assert after == before


@pytest.mark.parametrize("is_public,expected", [(True, [("Naaiatelier", "TRANSPARENT")]), (False, [])])
def test_feeds_show_it_by_name_or_not_at_all(drongen, passer_by, is_public, expected):
    make_request(Status.APPROVED, room=drongen, takes_space=False, is_public=is_public, activity="Naaiatelier")
    assert [summaries(passer_by, address) for address in FEEDS] == [expected] * 4


def test_desk_reads_it_on_its_list_its_page_and_its_board(drongen, marcel):
    request = make_request(room=drongen, takes_space=False, activity="Naaiatelier")
    make_request(Status.APPROVED, room=drongen, contact_email="els@yoga.example", activity="Koor")
    marked = "Binnen de openingsuren, neemt geen zaal in"
    assert [marked in marcel.opens(*page[:1], **page[1]).text for page in (
        ("desk.inbox", {}), ("desk.show", {"code": request.code})
    )] == [True, True]  # fmt: skip
    cells = [words for words in marcel.opens("board.show", dag=DAY).found(tag="td") if words]
    assert cells == [
        "9.00–14.00 Vrij",
        "14.00–18.00 Koor bevestigd",
        "18.00–1.00 Vrij",
        "14.00–18.00 Naaiatelier wacht op een beslissing, neemt geen zaal in",
    ]


def test_letters_say_it(drongen):
    request = make_request(Status.APPROVED, room=drongen, takes_space=False)
    facts = {one.kind: one.facts["takes_space"] for one in letters.newest() if one.facts.get("code") == request.code}
    assert facts == {"request_received": False, "request_to_decide": False, "request_approved": False}


# Shielded.


def test_form_shields_an_activity_and_nobody_outside_reads_its_name(drongen, an, passer_by):
    asks(an, openbaar="afgeschermd", activiteit="Praatgroep rouw")
    (request,) = asked()
    assert (request.is_public, request.is_shielded) == (False, True)
    decisions.approve(request.code, by=decider_of(request), now=NOW, version=request.version)
    pages = [
        passer_by.opens("rooms.show", venue=HOUSE, room="zaal-open-huis", week="2027-W02").text,
        passer_by.opens("moments.times", venue=HOUSE, room="zaal-open-huis", day=DAY).text,
        passer_by.opens("search.show", dag=DAY, van="14:00", tot="18:00").text,
        passer_by.opens("venues.show", venue=HOUSE).text,
        passer_by.opens("requests.show", code=request.code).text,
        *(passer_by.asks(address).text for address in FEEDS),
    ]
    assert [page for page in pages if "Praatgroep" in page] == []
    assert [summaries(passer_by, address) for address in FEEDS[:2]] == [[(dutch("Taken"), "OPAQUE")]] * 2


def test_asker_and_desk_read_the_name_with_a_mark(app, drongen, an, marcel):
    request = make_request(room=drongen, is_shielded=True, activity="Praatgroep rouw")
    own, desk = an.opens("requests.show", code=request.code), marcel.opens("desk.show", code=request.code)
    said = "Afgeschermd: niemand anders mag weten wat het is"
    assert [(said in page.text, "Praatgroep rouw" in page.text) for page in (own, desk)] == [(True, True)] * 2
    assert "Praatgroep rouw" in marcel.opens("desk.inbox").text


def test_asker_shields_it_later_and_the_feeds_forget_the_name(drongen, an, passer_by):
    request = make_request(Status.APPROVED, room=drongen, is_public=True, activity="Praatgroep rouw")
    assert [len(summaries(passer_by, address)) for address in FEEDS] == [1] * 4
    page = an.opens("requests.show", code=request.code).form("shielding.shield").sends()
    assert page.found(css="messages") == [dutch("Shielded. Others only read that the room is taken.")]
    assert [summaries(passer_by, address) for address in FEEDS] == [[(dutch("Taken"), "OPAQUE")]] * 2 + [[]] * 2


def test_desk_shields_it_and_takes_that_back(drongen, marcel):
    request = make_request(room=drongen)
    page = marcel.opens("desk.show", code=request.code).form("shielding.shield").sends()
    assert read(request.code).is_shielded is True
    page.form("shielding.shield").sends()
    assert read(request.code).is_shielded is False


def test_own_programme_that_is_shielded_is_only_taken_outside(drongen, passer_by, marcel):
    make_programme(drongen, "Praatgroep rouw", weekday=5, hours=(14, 16), is_public=False, is_shielded=True)
    week = passer_by.opens("rooms.show", venue=HOUSE, room="zaal-open-huis", week="2027-W02").text
    assert ("Praatgroep" in week, "igen werking" in week.partition("<footer")[0].partition("Bezet")[0]) == (
        False,
        False,
    )
    assert summaries(passer_by, ROOM_FEED)[:1] == [(dutch("Taken"), "OPAQUE")]
    hour = {"dag": "2027-01-16", "van": "14:00", "tot": "16:00"}
    for page in (
        passer_by.opens("search.show", **hour),
        passer_by.opens("asking.new", zaal=f"{HOUSE}/zaal-open-huis", **hour),
    ):
        # A rule of the house names it too: that it always goes first.
        assert ("bezet" in page.text.lower(), re.search("eigen werking (?!van het huis)", page.text)) == (True, None)
    board = [words for words in marcel.opens("board.show", dag=DAY).found(tag="td") if words]
    # The last word stands there on paper only, in the place of the others.
    assert board[1] == "14.00–16.00 Praatgroep rouw eigen werking, afgeschermd Bezet"


def test_house_shields_a_line_on_its_page(drongen, marcel):
    form = marcel.opens("house.add", venue=HOUSE).form("house.add")
    typed = {"naam": "Praatgroep", "zaal": "zaal-open-huis", "weekdag": "1", "van": "10:00", "tot": "12:00"}
    form.fills_in(**typed, openbaar="afgeschermd").sends()
    assert dutch("Shielded: others only see “taken”") in marcel.opens("house.show", venue=HOUSE).text


def test_series_that_is_shielded_is_taken_on_every_date(drongen, passer_by):
    series = make_series(drongen, is_public=True, activity="Praatgroep rouw")
    decisions.approve(series.code, by=decider_of(series), now=NOW, version=series.version)
    shielding.shield(series.code, by=decider_of(read(series.code)), now=NOW)
    assert summaries(passer_by, ROOM_FEED) == [(dutch("Taken"), "OPAQUE")] * len(series.dates)
