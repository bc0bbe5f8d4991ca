"""Looking for a room: every room answers, what is unknown is said, nothing typed is lost, and each answer leads on."""

import re
from datetime import date, timedelta

import pytest

from tests.browser import dutch
from tests.builders import (
    EVERY_DAY,
    SATURDAY,
    at,
    keep,
    make_closure,
    make_neighbourhood,
    make_programme,
    make_room,
    make_venue,
)
from zalenzoeker.domain.places import Known, Manager, Operator, VenueKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import WeeklyHours, epoch
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Facility, HouseFact, Occupancy, RoomSpace
from zalenzoeker.storage.models.rooms import CAPACITY_SEATED, FACILITY

MOMENT = {"dag": "2027-01-16", "van": "14:00", "tot": "18:00"}
THURSDAYS = {"dag": "2027-01-07", "herhaal": "wekelijks", "tot-en-met": "2027-02-04"}


def hold(room, starts, ends, day=SATURDAY, by=TakenBy.BOOKING, **columns):
    """Take the spaces of a room, as a request would."""
    slot = at(starts, ends, day)
    spaces = db.session.query(RoomSpace.space_id).filter_by(room_id=room.id).all()
    for (space_id,) in spaces:
        keep(Occupancy(space_id=space_id, from_epoch=slot.from_epoch, to_epoch=slot.to_epoch, by=by, **columns))


def answers(page):
    """Return (heading of the group, room, answer) of every row of the results."""
    found, head = [], ""
    for one in page.elements():
        if "group-head" in (one.get("class") or ""):
            head = one.text.strip()
        if one.tag == "article":
            name = next(part for part in one.iter("h3"))[0].text
            tag = next(part for part in one.iter() if "tag" in (part.get("class") or "").split())
            found.append((head, name, "".join(tag.itertext()).strip()))
    return found


def rows(page):
    return {name: (head, words) for head, name, words in answers(page)}


def room_named(name, **facts):
    return make_room(name.lower().replace(" ", "-"), name=name, **facts)


@pytest.fixture
def kitchen(app):
    return keep(Facility(slug="keuken", name="Keuken", group="eten"))


@pytest.mark.both
def test_every_room_answers_with_one_of_six_words(app, passer_by):
    room_named("Vrij")
    hold(room_named("Gevraagd"), "15:00", "16:00", by=TakenBy.QUEUED)
    hold(room_named("Bezet"), "13:00", "16:00")
    hold(room_named("Vastgehouden"), "09:00", "23:00", by=TakenBy.REQUEST)
    make_programme(room_named("Eigen"), "Soepcafé", weekday=5, hours=(9, 24))
    make_closure(room_named("Dicht"), SATURDAY)
    room_named("Zondag", hours=[WeeklyHours(6, 540, 1320)])
    room_named("Kort", rules={RuleName.MOST_MINUTES: 120})
    private = make_venue(kind=VenueKind.PRIVATE, operator=Operator.PRIVATE, managed_by=Manager.UNKNOWN)
    room_named("Privaat", venue=private)
    said = {name: words for name, (_head, words) in rows(passer_by.opens("search.show", **MOMENT)).items()}
    assert said == {
        "Vrij": dutch("Free to ask for"),
        "Gevraagd": dutch("Requested"),
        "Bezet": dutch("Taken from %(starts)s to %(ends)s") % {"starts": "13.00", "ends": "16.00"},
        "Vastgehouden": dutch("Taken: asked for from %(starts)s to %(ends)s") % {"starts": "9.00", "ends": "23.00"},
        "Eigen": dutch("Taken: own programme from %(starts)s to %(ends)s") % {"starts": "9.00", "ends": "24.00"},
        "Dicht": dutch("Closed"),
        "Zondag": dutch("Closed on %(day)s") % {"day": "zaterdag"},
        "Kort": dutch("Does not fit"),
        "Privaat": dutch("Ask the house"),
    }


def test_rooms_of_unknown_size_are_a_group_of_their_own(app, passer_by):
    room_named("Groot", capacity=40)
    room_named("Onbekend", capacity=None)
    room_named("Net te klein", capacity=28)
    room_named("Veel te klein", capacity=8)
    page = passer_by.opens("search.show", **MOMENT, personen="30")
    assert [(head, name) for head, name, _words in answers(page)] == [
        (dutch("Free, and large enough"), "Groot"),
        (
            dutch("Free, but we do not know the size of these rooms, nor whether %(people)s people fit")
            % {"people": 30},
            "Onbekend",
        ),
        (dutch("Free, but a little too small for %(people)s people") % {"people": 30}, "Net te klein"),
        (dutch("Does not fit what you look for"), "Veel te klein"),
    ]
    assert rows(page)["Veel te klein"][1] == dutch("Does not fit: room for %(capacity)d") % {"capacity": 8}


def test_unknown_facility_is_said_and_the_room_stays(kitchen, passer_by):
    has = room_named("Met keuken")
    keep(HouseFact(venue_id=has.venue_id, room_id=has.id, name=FACILITY, value="keuken"))
    room_named("Onbekend")
    room_named("Niet toegankelijk", venue=make_venue(wheelchair=Known.NO))
    page = passer_by.opens("search.show", **MOMENT, faciliteit="keuken", toegankelijk="rolstoel")
    assert {name: head for name, (head, _words) in rows(page).items()} == {
        "Met keuken": dutch("Free, but we do not know whether everything you need is there"),
        "Onbekend": dutch("Free, but we do not know whether everything you need is there"),
        "Niet toegankelijk": dutch("Does not fit what you look for"),
    }
    notes = page.found(tag="p", css="muted")
    assert notes.count(dutch("Unknown whether there is: %(facility)s.") % {"facility": "keuken"}) == 2


def test_free_room_leads_into_the_form_with_everything_filled_in(app, passer_by):
    room = make_room("zaal", venue=make_venue("open-huis"))
    page = passer_by.opens("search.show", **MOMENT, personen="30")
    wanted = f"/aanvragen/nieuw?zaal={room.venue.slug}/zaal&dag=2027-01-16&van=14:00&tot=18:00&personen=30"
    assert page.addresses("/aanvragen/nieuw?") == [wanted]


def test_taken_room_leads_to_its_nearest_free_hour(app, passer_by):
    room = make_room("zaal", venue=make_venue("open-huis"))
    hold(room, "09:00", "15:40")
    page = passer_by.opens("search.show", **MOMENT)
    assert answers(page)[0][0] == dutch("Not %(moment)s, but at another hour") % {"moment": "14.00 tot 18.00 uur"}
    assert page.addresses("/aanvragen/nieuw?") == [
        "/aanvragen/nieuw?zaal=open-huis/zaal&dag=2027-01-16&van=15:45&tot=19:45"
    ]


def test_short_notice_leads_to_an_exception(app, passer_by):
    make_room()
    page = passer_by.opens("search.show", dag="2026-12-05", van="14:00", tot="18:00")
    assert answers(page)[0][0] == dutch("Only by exception")
    assert dutch("Ask for an exception") in [words for words, _address in page.links]


def test_room_that_is_not_for_everybody_says_for_whom(app, passer_by):
    rules = {RuleName.WHO: ["vereniging", "vzw"], RuleName.NEIGHBOURHOOD_FIRST: 42}
    make_room(rules=rules)
    page = passer_by.opens("search.show", **MOMENT)
    kinds = f"{dutch('Association').lower()}, {dutch('Non-profit (vzw)').lower()}"
    first = "Until %(days)s days before, only people and groups of %(name)s can ask."
    assert page.found(tag="p", css="muted")[-2:] == [
        dutch("Only for: %(kinds)s.") % {"kinds": kinds},
        dutch(first) % {"days": 42, "name": "Sint-Amandsberg"},
    ]


def test_part_of_the_day_has_the_hours_of_each_house(app, passer_by):
    late = {part: ["19:00", "23:00"] for part in ("voormiddag", "namiddag", "avond", "hele-dag")}
    make_room("gewoon")
    make_room("laat", rules={RuleName.DAY_PARTS: late})
    page = passer_by.opens("search.show", dag="2027-01-16", dagdeel="avond")
    hours = [re.search(r"/(\w+)&.*(van=.*)", one).groups() for one in page.addresses("/aanvragen/nieuw?")]
    assert sorted(hours) == [("gewoon", "van=18:00&tot=22:00"), ("laat", "van=19:00&tot=23:00")]
    assert page.heading == "Zaterdag 16 januari 2027, avond"


def test_only_rooms_of_the_neighbourhood_are_shown(app, passer_by):
    room_named("Hier", venue=make_venue(neighbourhood=make_neighbourhood("drongen", "Drongen")))
    room_named("Daar")
    page = passer_by.opens("search.show", **MOMENT, wijk="drongen")
    assert list(rows(page)) == ["Hier"]


def test_distance_counts_from_a_street_we_know(app, passer_by):
    near = make_venue("dichtbij", street="Kikvorsstraat", house_number="1", lat=51.03, lon=3.70)
    far = make_venue("ver", street="Dorpsstraat", house_number="9", lat=51.10, lon=3.80)
    for venue in (far, near):
        room_named(f"Zaal {venue.slug}", venue=venue, capacity=20)
    page = passer_by.opens("search.show", **MOMENT, bij="kikvorstraat 12")
    assert list(rows(page)) == ["Zaal dichtbij", "Zaal ver"]
    page = passer_by.opens("search.show", **MOMENT, bij="Kikvorsstraat", straal="2")
    assert list(rows(page)) == ["Zaal dichtbij"]
    page = passer_by.opens("search.show", **MOMENT, punt="51.10,3.80", straal="1,5")
    assert list(rows(page)) == ["Zaal ver"]


def test_nothing_within_reach_says_so_and_leads_on(app, passer_by):
    make_room(venue=make_venue(lat=51.10, lon=3.80))
    make_neighbourhood("drongen", "Drongen", lat=51.0, lon=3.6)
    page = passer_by.opens("search.show", **MOMENT, bij="Drongen", straal="1")
    assert dutch("No room lies within what you asked") in page.found(tag="h2")
    assert len(answers(page.clicks("Look in the whole of Ghent"))) == 1


# Whole days, several days, series.


def test_day_of_all_rooms_shows_their_free_stretches_as_links(app, passer_by):
    room = make_room("zaal", venue=make_venue("open-huis"))
    hold(room, "12:00", "14:00")
    full = room_named("Vol", hours=[WeeklyHours(5, 540, 1380)])
    hold(full, "09:00", "23:00")
    page = passer_by.opens("search.show", dag="2027-01-16")
    assert [(name, words) for _head, name, words in answers(page)] == [
        ("Zaal", dutch("Free to ask for")),
        ("Vol", dutch("Taken all day")),
    ]
    assert page.addresses("/aanvragen/nieuw?zaal=open-huis/zaal") == [
        "/aanvragen/nieuw?zaal=open-huis/zaal&dag=2027-01-16&van=09:00&tot=12:00",
        "/aanvragen/nieuw?zaal=open-huis/zaal&dag=2027-01-16&van=14:00&tot=01:00",
    ]


@pytest.mark.both
def test_one_of_several_days_shows_which_is_free(app, passer_by):
    room = make_room("zaal", venue=make_venue("open-huis"))
    hold(room, "10:00", "22:00", date(2027, 1, 16))
    page = passer_by.opens("search.show", **MOMENT, dagen=["2027-01-17", "2027-01-18"])
    assert rows(page)["Zaal"][1] == dutch("Free to ask for")
    assert {re.search(r"dag=([\d-]+)", one)[1] for one in page.addresses("/aanvragen/nieuw?")} == {
        "2027-01-17",
        "2027-01-18",
    }


@pytest.mark.both
def test_series_ranks_rooms_by_their_share_and_names_the_dates_they_miss(app, passer_by):
    some, every = room_named("Deels"), room_named("Altijd")
    hold(some, "19:00", "21:00", date(2027, 1, 14))
    hold(some, "19:00", "21:00", date(2027, 1, 21))
    make_closure(some, date(2027, 2, 4))
    page = passer_by.opens("search.show", **THURSDAYS, dagdeel="avond", personen="25")
    assert [(name, words) for _head, name, words in answers(page)] == [
        ("Altijd", dutch("Free to ask for: all %(total)d dates") % {"total": 5}),
        ("Deels", dutch("Free to ask for: %(given)d of %(total)d dates") % {"given": 2, "total": 5}),
    ]
    notes = page.found(tag="p", css="muted")
    assert dutch("Taken on %(days)s") % {"days": "14 en 21 januari"} in notes
    assert dutch("Closed on %(days)s") % {"days": "4 februari"} in notes
    assert page.addresses("/aanvragen/reeks")[0] == (
        f"/aanvragen/reeks?zaal={every.venue.slug}/altijd&dag=2027-01-07&herhaal=wekelijks&tot-en-met=2027-02-04"
        "&personen=25&van=18:00&tot=22:00"
    )


# What is wrong is said at once, and stays.


def test_every_error_is_told_at_once_and_nothing_is_lost(app, passer_by):
    make_room()
    typed = {
        "dag": "2020-01-16",
        "van": "18:00",
        "tot": "nooit",
        "personen": "veel",
        "wijk": "atlantis",
        "bij": "xyzzy",
        "straal": "ver",
        "herhaal": "soms",
    }
    page = passer_by.opens("search.show", **typed, status=422)
    assert set(page.errors) == {"dag", "tot", "personen", "wijk", "bij", "straal", "herhaal"}
    kept = {name: page.by_id(name).get("value") for name in ("dag", "van", "tot", "personen", "bij", "straal")}
    assert kept == {name: typed[name] for name in kept}
    assert len(page.elements(css="error-summary")) == 1


@pytest.mark.parametrize(
    "query, wrong",
    [
        ({"van": "14:00", "tot": "18:00"}, "dag"),
        ({"dag": "2027-01-16", "van": "14:00"}, "tot"),
        ({"dag": "2027-01-16", "tot": "14:00"}, "van"),
        ({"dag": "2027-01-16", "van": "18:00", "tot": "14:00"}, "tot"),
        ({"dag": "2027-01-16", "van": "14:05", "tot": "18:00"}, "van"),
        ({"dag": "2027-03-28", "van": "02:30", "tot": "05:00"}, "tot"),
        ({"dag": "2027-02-30"}, "dag"),
        ({"dag": "2027-01-16", "personen": "0"}, "personen"),
        ({"dag": "2027-01-16", "straal": "2"}, "bij"),
        ({"dag": "2027-01-16", "punt": "48.85,2.35"}, "punt"),
        ({"dag": "2027-01-16", "dagdeel": "avond", "herhaal": "wekelijks"}, "tot-en-met"),
        ({"dag": "2027-01-16", "dagdeel": "avond", "herhaal": "wekelijks", "tot-en-met": "2027-01-01"}, "tot-en-met"),
        ({"dag": "2027-01-16", "dagdeel": "avond", "herhaal": "wekelijks", "tot-en-met": "2029-01-01"}, "tot-en-met"),
        ({"dag": "2027-01-16", "dagen": "2020-01-01"}, "dagen"),
    ],
)
def test_wrong_word_has_its_error_beside_its_field(app, passer_by, query, wrong):
    make_room()
    assert set(passer_by.opens("search.show", **query, status=422).errors) == {wrong}


@pytest.mark.parametrize(
    "query",
    [
        {"faciliteit": "zwembad"},
        {"dagdeel": "nacht"},
        {"dagen": "2027-01-17"},
        {"herhaal": "wekelijks", "tot-en-met": "2027-03-01"},
    ],
)
def test_choice_that_is_missing_or_not_on_the_list_is_an_error(app, passer_by, query):
    page = passer_by.opens("search.show", dag="2027-01-16", status=422, **query)
    assert len(page.elements(css="error")) == 1


def test_form_without_a_day_offers_the_first_days_that_can_be_asked(app, passer_by):
    make_room()
    page = passer_by.opens("search.show")
    assert page.addresses("/zalen?dag=")[0] == "/zalen?dag=2026-12-21"
    assert page.clicks("maandag 21 december 2026").heading == "Maandag 21 december 2026"


def test_search_is_in_the_menu_of_every_page(app, passer_by):
    assert passer_by.opens("pages.landing").goes_to("search.show").heading == dutch("Find a room")


# The first free moment.


def test_first_free_moment_leads_into_the_form(app, passer_by):
    room = make_room("zaal", venue=make_venue("open-huis"))
    hold(room, "09:00", "23:00", date(2026, 12, 21))
    page = passer_by.opens("search.first", venue="open-huis", room="zaal", duur="180")
    assert "dinsdag 22 december 2026, 9.00 tot 12.00 uur" in page.main
    assert page.addresses("/aanvragen/nieuw?") == [
        "/aanvragen/nieuw?zaal=open-huis/zaal&dag=2026-12-22&van=09:00&tot=12:00"
    ]


def test_first_free_moment_is_asked_in_the_search_address_too(app, passer_by):
    make_room("zaal", venue=make_venue("open-huis"))
    passer_by.visits("/zalen?zaal=open-huis/zaal&duur=120")
    assert passer_by.trail == ["/zalen/open-huis/zaal/eerste?duur=120"]


def test_first_free_moment_of_a_full_room_says_so(app, passer_by):
    room = make_room("zaal", venue=make_venue("open-huis"), rules={RuleName.CLOSED_SEASON: ["01-01", "12-31"]})
    page = passer_by.opens("search.first", venue="open-huis", room=room.slug)
    assert dutch("Nothing free for so long") in page.main


@pytest.mark.parametrize("typed", ["0", "7", "lang", "999999"])
def test_duration_that_is_none_is_an_error(app, passer_by, typed):
    make_room("zaal", venue=make_venue("open-huis"))
    page = passer_by.opens("search.first", venue="open-huis", room="zaal", duur=typed, status=422)
    assert set(page.errors) == {"duur"}


# What was worked out once is not told when it is no longer so.


def test_answer_changes_when_somebody_books(app, passer_by):
    room = room_named("Zaal")
    before = rows(passer_by.opens("search.show", **MOMENT))["Zaal"][1]
    hold(room, "15:00", "16:00")
    after = rows(passer_by.opens("search.show", **MOMENT))["Zaal"][1]
    assert (before, after) == (
        dutch("Free to ask for"),
        dutch("Taken from %(starts)s to %(ends)s") % {"starts": "15.00", "ends": "16.00"},
    )


def test_answer_changes_when_a_fact_of_the_room_does(app, passer_by):
    room = room_named("Zaal", capacity=None)
    passer_by.opens("search.show", **MOMENT, personen="30")
    keep(HouseFact(venue_id=room.venue_id, room_id=room.id, name=CAPACITY_SEATED, value="40"))
    page = passer_by.opens("search.show", **MOMENT, personen="30")
    assert rows(page)["Zaal"][0] == dutch("Free, and large enough")


def test_answer_changes_with_the_clock(app, clock, passer_by):
    room_named("Zaal")
    passer_by.opens("search.show", **MOMENT)
    clock.stands_at(at("00:00", "01:00", date(2026, 12, 20)).starts_at)
    assert rows(passer_by.opens("search.show", **MOMENT))["Zaal"][0] == dutch("Only by exception")


def test_short_hold_that_ended_leaves_the_room_free(app, clock, passer_by):
    room = room_named("Zaal")
    hold(room, "15:00", "16:00", by=TakenBy.REQUEST, held_until=epoch(clock.now) + 900)
    assert rows(passer_by.opens("search.show", **MOMENT))["Zaal"][1] != dutch("Free to ask for")
    clock.passes(timedelta(minutes=15))
    assert rows(passer_by.opens("search.show", **MOMENT))["Zaal"][1] == dutch("Free to ask for")


# Cost.


@pytest.mark.parametrize(
    "query",
    [
        {"dag": "2027-01-16"},
        dict(MOMENT, personen="30"),
        dict(MOMENT, dagen=["2027-01-17", "2027-01-20"]),
        dict(THURSDAYS, dagdeel="avond"),
    ],
)
def test_number_of_queries_does_not_depend_on_what_is_shown(app, passer_by, queries_of, query):
    counts = []
    for number in range(2):
        for _again in range(1 + 2 * number):
            hold(make_room(hours=EVERY_DAY), "10:00", "16:00")
        asked = queries_of(lambda: passer_by.opens("search.show", **query))
        counts.append(len([one for one in asked if not one.startswith("BEGIN")]))
    # The number that tells whether a fact changed, and what holds the rooms.
    assert counts == [2, 2]


def test_search_without_a_free_room_says_not_one(drongen, passer_by):
    page = passer_by.opens("search.show", dag="2027-01-16", van="14:00", tot="18:00", personen="900")
    assert dutch("Not one room is free to ask for.") in page.main


def test_point_from_the_map_is_said_and_asks_for_a_day(drongen, passer_by):
    page = passer_by.opens("search.show", punt="51.05,3.70")
    assert dutch("We look around the point you chose. Say when.") in page.main
    assert [one.get("open") for one in page.elements(tag="details")] == [None]
