"""The page of a room: its week in words and links, its facts with what is unknown, its calendar, and nobody's name."""

from datetime import UTC, date, datetime

import pytest

from tests.browser import dutch, words_of
from tests.builders import (
    SATURDAY,
    at,
    keep,
    make_closure,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.places import Known, Unit
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.storage.models import Facility, HouseFact, RoomFacility
from zalenzoeker.storage.models.rooms import CAPACITY_SEATED

WEEK = "2027-W02"


def week_of(page):
    """Return per day what its stretches say: (hours, words)."""
    days = {}
    for row in page.elements(tag="tr"):
        cells = [one for one in row.iter() if "slot" in (one.get("class") or "").split()]
        head = next((one for one in row if one.tag == "th" and one.get("scope") == "row"), None)
        if head is not None:
            day = head.text.strip()
            days[day] = [
                tuple(words_of(part) for part in (cell[0], cell.find(".//span[@class='long']"))) for cell in cells
            ]
    return days


def opens(browser, room, **query):
    return browser.opens("rooms.show", venue=room.venue.slug, room=room.slug, **query)


def test_week_says_every_kind_of_stretch_in_words(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"), is_public=True, activity="Repaircafé")
    make_request(Status.APPROVED, room=drongen, slot=at("12:00", "13:00"), activity="Geheime raad")
    make_request(Status.REQUESTED, room=drongen, slot=at("14:00", "16:00"), activity="Geheim feest")
    make_programme(drongen, "Soepcafé", weekday=3)
    make_programme(drongen, "Intern overleg", weekday=2, is_public=False)
    make_closure(drongen, date(2027, 1, 11), reason="Verlof")
    days = week_of(opens(passer_by, drongen, week=WEEK))
    assert days[dutch("Saturday")] == [
        ("9.00–10.00", dutch("Free to ask for")),
        ("10.00–12.00", "Repaircafé"),
        ("12.00–13.00", dutch("Taken")),
        ("13.00–14.00", dutch("Free to ask for")),
        ("14.00–16.00", dutch("Requested")),
        ("16.00–1.00", dutch("Free to ask for")),
    ]
    assert days[dutch("Thursday")][1] == ("11.00–14.00", "Soepcafé")
    assert days[dutch("Wednesday")][1] == ("11.00–14.00", dutch("Own programme"))
    assert days[dutch("Monday")][0] == ("9.00–24.00", "Verlof")
    assert days[dutch("Tuesday")] == [("9.00–1.00", dutch("Free to ask for"))]


def test_week_of_now_says_what_is_past_short_notice_or_closed(app, passer_by):
    room = make_room(hours=[WeeklyHours(0, 9 * 60, 12 * 60), WeeklyHours(2, 9 * 60, 12 * 60)])
    days = week_of(opens(passer_by, room, week="2026-W48"))
    assert days[dutch("Monday")] == [
        ("9.00–10.15", dutch("Past")),
        ("10.15–12.00", dutch("Short notice: ask for an exception")),
    ]
    assert days[dutch("Tuesday")] == [("9.00–12.00", dutch("Closed"))]
    assert days[dutch("Wednesday")] == [("9.00–12.00", dutch("Short notice: ask for an exception"))]


def test_week_too_far_ahead_says_not_yet(app, passer_by):
    days = week_of(opens(passer_by, make_room(), week="2027-W30"))
    assert days[dutch("Saturday")] == [("9.00–1.00", dutch("Cannot be asked yet"))]


def test_week_without_one_asked_is_the_first_that_can_be_asked(drongen, passer_by):
    page = opens(passer_by, drongen)
    said = dutch("You see the first week that you can ask for now: from %(day)s.", day="maandag 21 december 2026")
    assert said in page.text
    assert page.by_id("week").text == dutch(
        "Week of %(first)s to %(last)s %(year)d", first="21 december", last="27 december", year=2026
    )


def test_week_leads_to_the_week_before_and_after(drongen, passer_by):
    page = opens(passer_by, drongen, week="2027-W01")
    weeks = [one.partition("week=")[2] for one in page.addresses("/zalen/") if "week=" in one]
    assert weeks == ["2026-W53#week", "2027-W02#week"]


@pytest.mark.parametrize(
    "garbage",
    ["", "x", "2027-W00", "2027-W54", "2026-W54", "2027-3", "2027-W3", "0001-W01", "9999-W52", "-001-W01", "2027-W٠٣",
     "2027-W02'--", "1900-W01", "2027-W02 ", "x" * 5000],
)  # fmt: skip
def test_week_that_is_none_is_the_first_that_can_be_asked(drongen, passer_by, garbage):
    page = opens(passer_by, drongen, week=garbage)
    assert "21 december" in words_of(page.by_id("week"))


@pytest.mark.parametrize("week", ["2026-W13", "2026-W44", "2027-W12", "2027-W43", "2026-W53"])
def test_week_in_which_the_clock_changes_adds_up(drongen, passer_by, clock, week):
    """Every row is as wide as the head, also in the weeks of 23 and 25 hours."""
    clock.stands_at(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    page = opens(passer_by, drongen, week=week)
    widths = {
        sum(int(cell.get("colspan", 1)) for cell in row if cell.tag in {"td", "th"} and cell.get("scope") != "row")
        for row in page.elements(tag="tr")
        if any(cell.get("scope") == "row" for cell in row)
    }
    assert len(widths) <= 1


def test_stretch_that_is_free_leads_into_the_form_with_its_moment(drongen, passer_by):
    page = opens(passer_by, drongen, week=WEEK)
    links = [one for one in page.addresses("/aanvragen/nieuw") if f"dag={SATURDAY}" in one]
    assert links == ["/aanvragen/nieuw?zaal=open-huis-drongen/zaal-open-huis&dag=2027-01-16&van=09:00&tot=01:00"]
    form = passer_by.visits(links[0]).form("asking.new")
    assert (form["dag"], form["van"], form["tot"]) == ("2027-01-16", "09:00", "01:00")


def test_stretch_that_is_taken_leads_nowhere(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen, slot=at("09:00", "01:00"))
    page = opens(passer_by, drongen, week=WEEK)
    assert [one for one in page.addresses("/aanvragen/nieuw") if f"dag={SATURDAY}" in one] == []


def test_asker_is_nowhere_on_the_page(drongen, passer_by):
    secrets = {
        "contact_name": "Wilhelmina Geheim",
        "contact_phone": "0499 99 99 99",
        "remarks": "De sleutel ligt onder de mat",
    }
    by = {"contact_email": "wilhelmina@geheim.example", "association_name": "Club Geheim", "activity": "Geheime dans"}
    make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"), **secrets, **by)
    make_request(Status.REQUESTED, room=drongen, slot=at("14:00", "16:00"), **secrets, **by)
    page = opens(passer_by, drongen, week=WEEK)
    assert [
        words
        for words in ("Wilhelmina", "0499", "sleutel ligt", "wilhelmina@", "Club Geheim", "Geheime dans")
        if words in page.html
    ] == []


def test_activity_for_everybody_is_named_only_once_it_is_approved(drongen, passer_by):
    make_request(Status.REQUESTED, room=drongen, is_public=True, activity="Repaircafé")
    assert "Repaircafé" not in opens(passer_by, drongen, week=WEEK).text


def test_room_that_nobody_knows_much_of_says_unknown(app, passer_by):
    venue = make_venue("leeg", wheelchair=Known.UNKNOWN)
    room = make_room(venue=venue, capacity=None, hours=(), is_heated=Known.UNKNOWN, source="")
    for slug in ("keuken", "beamer"):
        keep(Facility(slug=slug, name=slug.title(), group="x"))
    page = opens(passer_by, room)
    unknown = dutch("unknown")
    facts = dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))
    wanted = ("At table", "Standing", "Area", "Heating", "Price", "Source")
    assert {name: facts[dutch(name)] for name in wanted} == dict.fromkeys(wanted, unknown)
    assert f"{dutch('people')}: {unknown}" in page.text
    assert f"{dutch('wheelchair')}: {unknown}" in page.text
    assert dutch("We do not know the hours of this house. The desk tells you whether it is open then.") in page.text
    assert [words for words in page.found(tag="li") if words.endswith(unknown) and "Keuken" in words] != []


def test_room_says_its_rules_in_plain_words(app, passer_by):
    room = make_room(rules={RuleName.LEAD_DAYS: 21, RuleName.CLOSED_SEASON: ["11-01", "03-31"]})
    page = opens(passer_by, room)
    assert dutch("Ask at least %(days)s days and at most %(months)s months ahead", days=21, months=6) in page.text
    assert dutch("Closed every year from %(first)s to %(last)s", first="1 november", last="31 maart") in page.text


def test_room_says_how_many_people_fit_per_set_up(app, passer_by):
    room = make_room(capacity=60, capacity_standing=90)
    page = opens(passer_by, room)
    facts = dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))
    assert facts[dutch("At table")] == dutch("%(num)d people", num=60)
    assert facts[dutch("Standing")] == dutch("%(num)d people", num=90)


def test_room_says_the_price_as_the_register_does(app, passer_by):
    page = opens(passer_by, make_room(price_note="Gratis voor verenigingen"))
    assert "Gratis voor verenigingen" in page.text


def test_fact_of_the_demonstration_bears_its_mark(app, passer_by):
    room = make_room(capacity=None)
    keep(HouseFact(venue_id=room.venue_id, room_id=room.id, name=CAPACITY_SEATED, value="40", is_demo=True))
    page = opens(passer_by, room)
    facts = dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))
    assert facts[dutch("At table")] == f"{dutch('%(num)d people', num=40)} {dutch('demonstration')}"


def test_room_that_is_asked_at_the_house_has_no_week_and_no_form(app, passer_by):
    room = make_room(unit=Unit.SEVERAL, venue=make_venue("huis", phone="09 123 45 67"))
    page = opens(passer_by, room)
    assert page.found(css="timegrid") == []
    assert page.addresses("/aanvragen/nieuw") == []
    assert page.addresses("tel:+3291234567") != []
    page = passer_by.opens("asking.new", zaal=f"huis/{room.slug}")
    assert passer_by.trail == [f"/zalen/huis/{room.slug}"]
    assert dutch("%(room)s cannot be asked here. Ask the house itself.", room=room.name) in page.text


def test_room_offers_its_calendar_to_follow(drongen, passer_by):
    page = opens(passer_by, drongen)
    feed = "/kalender/zaal/open-huis-drongen/zaal-open-huis.ics"
    assert page.addresses("webcal:") == [f"webcal://127.0.0.1:8000{feed}"]
    assert [one.get("value") for one in page.elements(tag="input") if one.get("readonly") is not None] == [
        f"http://127.0.0.1:8000{feed}"
    ]
    assert (
        dutch("Your calendar fetches news by itself. That can take up to a day. This page is always right.")
        in page.text
    )


def test_room_names_its_desk(drongen, passer_by):
    facts = opens(passer_by, drongen)
    assert (
        dict(zip(facts.found(tag="dt"), facts.found(tag="dd"), strict=True))[dutch("Who decides")]
        == "Open Huis Drongen"
    )


def test_facility_of_the_register_and_of_the_house_stand_side_by_side(app, passer_by):
    room = make_room()
    kitchen = keep(Facility(slug="keuken", name="Keuken", group="a"))
    keep(Facility(slug="beamer", name="Beamer", group="a"))
    keep(RoomFacility(room_id=room.id, facility_id=kitchen.id))
    keep(HouseFact(venue_id=room.venue_id, room_id=room.id, name="facility", value="beamer", is_demo=True))
    things = opens(passer_by, room).found(tag="li")
    assert "Keuken" in things
    assert f"Beamer {dutch('demonstration')}" in things


def test_week_asks_the_database_as_often_for_three_bookings_as_for_one(drongen, passer_by, queries_of):
    def look():
        opens(passer_by, drongen, week=WEEK)

    make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"))
    one = queries_of(look)
    make_request(Status.APPROVED, room=drongen, slot=at("12:00", "14:00"))
    make_request(Status.REQUESTED, room=drongen, slot=at("14:00", "16:00"))
    assert len(queries_of(look)) == len(one)


@pytest.mark.parametrize("venue, room", [("open-huis-drongen", "kelder"), ("nergens", "zaal-open-huis"), ("x", "y")])
def test_room_that_is_not_there_is_not_found(drongen, passer_by, venue, room):
    passer_by.opens("rooms.show", venue=venue, room=room, status=404)


def test_room_of_two_places_with_the_same_slug_are_two(app, passer_by):
    one = make_room("zaal", venue=make_venue("een"), capacity=11)
    other = make_room("zaal", venue=make_venue("ander"), capacity=22)
    make_desk(venue=one.venue)
    assert dutch("%(count)d people at table", count=11) in opens(passer_by, one).text
    assert dutch("%(count)d people at table", count=22) in opens(passer_by, other).text
