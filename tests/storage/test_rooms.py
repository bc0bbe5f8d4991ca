"""Rooms, and all that is known of them when somebody looks or asks."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.builders import (
    EVERY_DAY,
    NOW,
    SATURDAY,
    at,
    keep,
    make_closure,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_venue,
)
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import WeeklyHours, epoch
from zalenzoeker.storage import occupancy, rooms
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Facility, HouseFact, Opening, RoomFacility, RuleLine
from zalenzoeker.storage.rooms import Sight

pytestmark = pytest.mark.both

NOW_EPOCH = epoch(NOW)
DAY = timedelta(days=1)
SPAN = (epoch(at().starts_at - DAY), epoch(at().ends_at + 20 * DAY))


@pytest.fixture
def room(app):
    return make_room()


def taken(room, sight=rooms.IN_PUBLIC, now: int = NOW_EPOCH) -> list[tuple]:
    """What holds the room: by what, its title, from and to in hours after the usual slot's start."""
    found = rooms.taken(occupancy.spaces_of(room.id), *SPAN, now, sight)
    start = at().from_epoch
    return [(one.by, one.title, (one.from_epoch - start) / 3600, (one.to_epoch - start) / 3600) for one in found]


def told(room, name: str, value: str = "", *, is_demo: bool = False) -> HouseFact:
    return keep(HouseFact(venue_id=room.venue_id, room_id=room.id, name=name, value=value, is_demo=is_demo))


def again(room):
    db.session.close()
    return rooms.by_id(room.id)


def test_room_is_read_with_its_house(room):
    db.session.close()
    found = rooms.by_slug(room.venue.slug, "zaal")
    db.session.close()
    assert (found.id, found.venue.neighbourhood.slug, found.venue.facts, found.is_asked_here) == (
        room.id,
        "sint-amandsberg",
        [],
        True,
    )


@pytest.mark.parametrize("venue,slug", [("open-huis", "kelder"), ("elders", "zaal")])
def test_unknown_room_is_none(app, venue, slug):
    make_room(venue=make_venue("open-huis"))
    assert (rooms.by_slug(venue, slug), rooms.by_id(999)) == (None, None)


def test_same_name_in_two_houses_is_two_rooms(app):
    first, second = make_room(venue=make_venue("een")), make_room(venue=make_venue("twee"))
    assert [rooms.by_slug(slug, "zaal").id for slug in ("een", "twee")] == [first.id, second.id]


def test_hours_of_a_room_go_before_those_of_its_house(room):
    hall = make_room("hal", venue=room.venue, hours=())
    keep(Opening(venue_id=room.venue_id, weekday=0, from_minute=600, to_minute=720))
    assert list(rooms.hours(room)) == list(EVERY_DAY)
    assert list(rooms.hours(hall)) == [WeeklyHours(0, 600, 720)]
    house = [(line.weekday, line.from_minute, line.to_minute) for line in rooms.openings_of_venue(room.venue_id)]
    assert house == [(0, 600, 720)]


def test_room_whose_hours_nobody_told_has_none(app):
    assert rooms.hours(make_room(hours=())) == ()


def test_rules_of_a_room_are_the_nearest_lines(app):
    room = make_room(rules={RuleName.LEAD_DAYS: 7})
    hall = make_room("hal", venue=room.venue)
    elsewhere = make_room(venue=make_venue())
    with write_unit() as session:
        session.add(RuleLine(name=RuleName.LEAD_DAYS, value=21, source="stad"))
        session.add(RuleLine(venue_id=room.venue_id, name=RuleName.LEAD_DAYS, value=14, source="huis"))
        session.add(RuleLine(name=RuleName.HORIZON_MONTHS, value=12, source="stad"))
    found = [rooms.rules(one) for one in (room, hall, elsewhere)]
    assert [(one.lead_days, one.horizon_months) for one in found] == [(7, 12), (14, 12), (21, 12)]
    assert found[1].rule(RuleName.LEAD_DAYS).source == "huis"


@pytest.mark.parametrize(
    "seated,standing,facts,largest,demonstrated",
    [
        (60, 100, {}, 100, set()),
        (60, None, {}, 60, set()),
        (None, None, {}, None, set()),
        (None, None, {"capacity_seated": "40"}, 40, {"capacity_seated"}),
        (None, 100, {"capacity_seated": "40"}, 100, {"capacity_seated"}),
        # What the register says is not overlaid.
        (60, None, {"capacity_seated": "400"}, 60, set()),
        (60, None, {"capacity_standing": "90"}, 90, {"capacity_standing"}),
    ],
)
def test_capacity_is_the_registers_and_what_the_house_adds(app, seated, standing, facts, largest, demonstrated):
    room = make_room(capacity=seated, capacity_standing=standing)
    for name, value in facts.items():
        told(room, name, value, is_demo=True)
    room = again(room)
    known = rooms.capacities(room, room.venue)
    assert (rooms.largest_capacity(room, room.venue), {name for name, (_, is_demo) in known.items() if is_demo}) == (
        largest,
        demonstrated,
    )


def test_fact_about_one_room_says_nothing_about_another(room):
    hall = make_room("hal", venue=room.venue, capacity=None)
    told(room, "capacity_standing", "90")
    assert rooms.largest_capacity(again(hall), again(hall).venue) is None


def test_facilities_are_the_registers_and_what_the_house_adds(room):
    kitchen = keep(Facility(slug="keuken", name="Keuken", group="g"))
    keep(Facility(slug="beamer", name="Beamer", group="g"), Facility(slug="wifi", name="Wifi", group="g"))
    keep(RoomFacility(room_id=room.id, facility_id=kitchen.id))
    told(room, "facility", "beamer", is_demo=True)
    told(room, "facility", "keuken", is_demo=True)
    room = again(room)
    assert [one.slug for one in rooms.things(room, also=["wifi"]) if not one.is_there] == ["wifi"]
    assert [(one.slug, one.is_demo) for one in rooms.things(room)] == [
        ("beamer", True),
        ("keuken", False),
    ]


@pytest.mark.parametrize("is_public", [True, False])
def test_public_sees_only_public_titles(room, is_public):
    make_request(Status.APPROVED, room=room, activity="Repetitie", is_public=is_public)
    make_request(room=room, slot=at("18:00", "19:00"), activity="Quiz", is_public=is_public)
    make_programme(room, "Soepcafé", weekday=5, hours=(20, 21), is_public=is_public)
    make_closure(room, SATURDAY + DAY, reason="Verlof")
    first_day = [one for one in taken(room) if one[2] < 24]
    assert first_day == [
        (TakenBy.BOOKING, "Repetitie" if is_public else "", 0, 4),
        (TakenBy.REQUEST, "", 4, 5),
        (TakenBy.OWN_PROGRAMME, "Soepcafé" if is_public else "", 6, 7),
        (TakenBy.CLOSURE, "Verlof", 10, 34),
    ]
    assert [one[1] for one in taken(room, Sight(all_titles=True)) if one[2] < 24] == [
        "Repetitie",
        "Quiz",
        "Soepcafé",
        "Verlof",
    ]


def test_no_name_of_an_asker_is_told_with_what_holds_a_room(room):
    make_request(Status.APPROVED, room=room, is_public=True, contact_name="An Peeters")
    assert "An Peeters" not in str(rooms.taken(occupancy.spaces_of(room.id), *SPAN, NOW_EPOCH, Sight(all_titles=True)))


def test_hold_that_lapsed_holds_nothing(room):
    make_request(Status.UNPROVED, room=room)
    until = NOW_EPOCH + 15 * 60
    assert [len(taken(room, now=moment)) for moment in (NOW_EPOCH, until - 1, until)] == [1, 1, 0]


def test_one_request_can_be_left_out_of_account(room):
    mine = make_request(room=room)
    make_request(Status.APPROVED, room=room, slot=at("19:00", "20:00"))
    make_programme(room, weekday=5, hours=(21, 22))
    without = Sight(without=(mine.first.id,))
    assert [one[0] for one in taken(room, without) if one[2] < 24] == [TakenBy.BOOKING, TakenBy.OWN_PROGRAMME]


def test_hall_is_taken_by_what_takes_its_parts_and_told_once(app):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall = make_room("hal", venue=venue, spaces=[front, back])
    half = make_room("helft", venue=venue, spaces=[back])
    other = make_room("andere", venue=venue, spaces=[front])
    make_request(Status.APPROVED, room=half, is_public=True, activity="Kaarten")
    make_request(Status.APPROVED, room=hall, slot=at("19:00", "21:00"), is_public=True, activity="Bal")
    assert taken(hall) == [(TakenBy.BOOKING, "Kaarten", 0, 4), (TakenBy.BOOKING, "Bal", 5, 7)]
    assert taken(half) == taken(hall)
    assert taken(other) == [(TakenBy.BOOKING, "Bal", 5, 7)]


def test_what_touches_a_moment_does_not_hold_it(room):
    make_request(Status.APPROVED, room=room)
    starts, ends = at().from_epoch, at().to_epoch
    spans = [(starts - 3600, starts), (ends, ends + 3600), (starts, starts + 60), (ends - 60, ends), (0, 2**40)]
    assert [len(rooms.taken(occupancy.spaces_of(room.id), *span, NOW_EPOCH)) for span in spans] == [0, 0, 1, 1, 1]


def test_facts_are_all_that_decides_about_a_room(app):
    room = make_room(capacity=40, rules={RuleName.OPEN_REQUESTS: 2})
    make_request(Status.APPROVED, room=room)
    facts = rooms.facts(room, *SPAN, NOW_EPOCH)
    assert (facts.is_asked_here, facts.capacity, facts.hours, facts.rules.open_requests) == (True, 40, EVERY_DAY, 2)
    assert [one.by for one in facts.taken] == [TakenBy.BOOKING]


def test_room_of_a_house_that_joined_is_asked_here(app):
    private = {"kind": "privaat", "operator": "privaat", "managed_by": "vzw"}
    asked, not_asked = make_room(venue=make_venue(joined=True, **private)), make_room(venue=make_venue(**private))
    assert [rooms.facts(one, *SPAN, NOW_EPOCH).is_asked_here for one in (asked, not_asked)] == [True, False]


def test_room_without_spaces_is_taken_by_nothing(room):
    make_request(Status.APPROVED, room=room)
    with write_unit() as session:
        session.execute(text("DELETE FROM room_space"))
    assert (taken(room), occupancy.spaces_of(room.id)) == ([], [])


def test_neighbourhoods_and_facilities_are_told_in_order(room):
    for slug, group in (("wifi", "techniek"), ("keuken", "eten"), ("beamer", "techniek")):
        keep(Facility(slug=slug, name=slug.capitalize(), group=group))
    assert [one.slug for one in rooms.all_facilities()] == ["keuken", "beamer", "wifi"]
    assert [one.name for one in rooms.all_neighbourhoods()] == ["Sint-Amandsberg"]
    assert rooms.names_of_facilities(["wifi", "beamer", "zwembad"]) == ["Beamer", "Wifi"]


def test_closure_of_many_days_is_one_stretch_a_day(room):
    make_closure(room, date(2027, 1, 17), date(2027, 1, 20))
    assert taken(room) == [(TakenBy.CLOSURE, "Verlof", hours, hours + 24) for hours in (10, 34, 58, 82)]
