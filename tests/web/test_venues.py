"""The page of a place: what is known, what is unknown, where it comes from, and where it leads."""

from datetime import date

import pytest

from tests.browser import dutch
from tests.builders import keep, make_desk, make_room, make_venue
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, Unit, VenueKind
from zalenzoeker.storage.models import HouseFact, Opening
from zalenzoeker.storage.models.rooms import CAPACITY_SEATED

PRIVATE = {"kind": VenueKind.PRIVATE, "operator": Operator.PRIVATE, "managed_by": Manager.UNKNOWN}


def facts_of(page):
    """Return the pairs of every list of facts."""
    return dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))


def test_place_that_nobody_knows_much_of_says_unknown_and_invents_nothing(app, passer_by):
    make_venue(
        "leeg", street="", house_number="", email="", wheelchair=Known.UNKNOWN, source_year=None, source="", **PRIVATE
    )
    page = passer_by.opens("venues.show", venue="leeg")
    facts = facts_of(page)
    unknown = dutch("unknown")
    wanted = ("Run by", "Drop in", "Telephone", "Mail", "Website", "Source", "From the year")
    assert {name: facts[dutch(name)] for name in wanted} == dict.fromkeys(wanted, unknown)
    assert facts[dutch("Address")] == f"{unknown} 9040 Gent"
    rows = dict(zip(page.found(tag="th")[2:], page.found(tag="td"), strict=True))
    assert set(rows.values()) == {unknown}


def test_place_says_where_its_facts_come_from_and_that_nobody_confirmed_them(app, passer_by):
    make_venue("huis", source="stad.gent, overzicht", source_year=2018, confidence=Confidence.MEDIUM)
    facts = facts_of(passer_by.opens("venues.show", venue="huis"))
    assert facts[dutch("Source")] == "stad.gent, overzicht"
    assert facts[dutch("From the year")] == "2018"
    assert facts[dutch("How sure are we?")] == dutch("fairly sure")
    assert facts[dutch("Confirmed by the place")] == dutch("not yet confirmed by the place")


def test_place_that_was_confirmed_says_when(app, passer_by):
    make_venue("huis", confirmed_on=date(2026, 10, 5))
    facts = facts_of(passer_by.opens("venues.show", venue="huis"))
    assert facts[dutch("Confirmed by the place")] == "maandag 5 oktober 2026"


def test_remark_of_a_researcher_stands_only_under_the_source(app, passer_by):
    make_venue("huis", notes="Huisnummer uit één bron; te verifiëren.")
    page = passer_by.opens("venues.show", venue="huis")
    assert page.html.count("te verifiëren") == 1
    assert [words for words in page.found(tag="details") if "te verifiëren" in words] == [
        f"{dutch('What stands beside it in the register')} Huisnummer uit één bron; te verifiëren."
    ]


@pytest.mark.parametrize(
    "precision, said",
    [
        (CoordPrecision.EXACT, "A sketch: the house stands where the place is, roughly."),
        (CoordPrecision.STREET, "We do not know the precise spot. That is why only the neighbourhood stands out."),
        (
            CoordPrecision.NEIGHBOURHOOD,
            "We do not know the precise spot. That is why only the neighbourhood stands out.",
        ),
        (CoordPrecision.APPROX, "We do not know the precise spot. That is why only the neighbourhood stands out."),
    ],
)
def test_place_has_a_pin_only_where_its_point_is_exact(app, passer_by, precision, said):
    make_venue("huis", coord_precision=precision)
    page = passer_by.opens("venues.show", venue="huis")
    assert page.found(tag="figcaption") == [dutch(said)]
    assert len(page.elements(css="pin-back")) == (precision is CoordPrecision.EXACT)


def test_place_lists_the_rooms_you_ask_here_apart_from_the_others(app, passer_by):
    venue = make_venue("huis")
    make_room("zaal", venue=venue, capacity=60)
    make_room("lokalen", venue=venue, capacity=None, unit=Unit.SEVERAL)
    page = passer_by.opens("venues.show", venue="huis")
    assert page.found(tag="h2")[:2] == [
        dutch("Rooms that you can ask for here"),
        dutch("Rooms for which you ask the house itself"),
    ]
    first, second = page.found(tag="li", css="row")
    assert dutch("up to %(people)d", people=60) in first
    assert dutch("This stands for several rooms") in second
    assert f"{dutch('People')}: {dutch('unknown')}" in second
    assert page.goes_to("rooms.show", venue="huis", room="zaal").heading == "Zaal"


def test_place_without_rooms_says_that_it_is_unknown(app, passer_by):
    make_venue("huis")
    page = passer_by.opens("venues.show", venue="huis")
    unknown = dutch("unknown")
    said = dutch("Whether there is a room here for your group: %(unknown)s. Ask the house itself.", unknown=unknown)
    assert said in page.text


def test_place_of_others_says_that_its_conditions_are_its_own(app, passer_by):
    make_venue("zaal", **PRIVATE)
    page = passer_by.opens("venues.show", venue="zaal")
    assert dutch("A private place") in page.found(tag="h3")
    make_venue("huis")
    assert dutch("A private place") not in passer_by.opens("venues.show", venue="huis").found(tag="h3")


def test_place_names_the_desk_that_decides(app, passer_by):
    room = make_room(venue=make_venue("huis"))
    make_desk("groep", name="De vrijwilligers van het huis", venue=room.venue)
    page = passer_by.opens("venues.show", venue="huis")
    said = "Your request goes to %(desk)s. They look whether it fits, and answer you by mail."
    assert dutch(said, desk="De vrijwilligers van het huis") in page.text


def test_fact_of_the_demonstration_bears_its_mark(app, passer_by):
    venue = make_venue("huis")
    room = make_room("zaal", venue=venue, capacity=None, hours=())
    keep(HouseFact(venue_id=venue.id, room_id=room.id, name=CAPACITY_SEATED, value="40", is_demo=True))
    keep(Opening(venue_id=venue.id, weekday=0, from_minute=540, to_minute=1380, is_demo=True))
    page = passer_by.opens("venues.show", venue="huis")
    assert len(page.elements(css="demo-mark")) == 2
    assert f"{dutch('up to %(people)d', people=40)} {dutch('demonstration')}" in page.text
    assert f"{dutch('Monday')} 9.00–23.00 {dutch('demonstration')}" in page.text


def test_place_asks_the_database_as_often_for_three_rooms_as_for_one(app, passer_by, queries_of):
    def look():
        passer_by.opens("venues.show", venue="huis")

    venue = make_venue("huis")
    make_room("zaal", venue=venue)
    one = queries_of(look)
    make_room("keuken", venue=venue)
    make_room("lokaal", venue=venue)
    assert len(queries_of(look)) == len(one)


def test_place_that_is_not_there_is_not_found(app, passer_by):
    passer_by.opens("venues.show", venue="luchtkasteel", status=404)
