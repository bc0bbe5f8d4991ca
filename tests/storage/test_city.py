"""The facts of all rooms at once: the same as asked one by one, kept until one changes, and few queries."""

from datetime import date

import pytest
from sqlalchemy import event

from tests.builders import (
    EVERY_DAY,
    NOW,
    at,
    keep,
    make_closure,
    make_neighbourhood,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_venue,
)
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import WeeklyHours, epoch
from zalenzoeker.domain.taken import Taken, TakenBy
from zalenzoeker.storage import city, rooms
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Facility, HouseFact, Opening, Room, RoomFacility, RuleLine
from zalenzoeker.storage.models.rooms import CAPACITY_SEATED, FACILITY

A_DAY = (at("00:00", "23:45").from_epoch, at("00:00", "23:45").to_epoch)


class Counted:
    """Counts the statements that go to the database."""

    def __enter__(self):
        self.statements = []
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error):
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            self.statements.append(statement)

    def __len__(self):
        return len(self.statements)


def known(room):
    return city.city().by_id[room.id]


@pytest.mark.both
def test_rooms_are_known_as_they_are_when_asked_one_by_one(app):
    venue = make_venue("huis", wheelchair=Known.YES)
    keep(Opening(venue_id=venue.id, weekday=0, from_minute=540, to_minute=1320))
    keep(RuleLine(name=RuleName.LEAD_DAYS, value=14, source="stad"))
    keep(RuleLine(venue_id=venue.id, name=RuleName.HORIZON_MONTHS, value=9, source="huis"))
    made = [
        make_room("grote-zaal", venue=venue, capacity=None, hours=(), rules={RuleName.LEAD_DAYS: 3}),
        make_room("kleine-zaal", venue=venue, capacity=12),
        make_room("zaal", venue=make_venue("elders", joined=True), hours=()),
    ]
    keep(HouseFact(venue_id=venue.id, room_id=made[0].id, name=CAPACITY_SEATED, value="80", is_demo=True))
    keep(HouseFact(venue_id=venue.id, room_id=made[0].id, name=FACILITY, value="keuken"))
    keep(Facility(slug="keuken", name="Keuken", group="eten"))
    beamer = keep(Facility(slug="beamer", name="Beamer", group="techniek"))
    keep(RoomFacility(room_id=made[0].id, facility_id=beamer.id))
    for room in (rooms.by_id(one.id) for one in made):
        one, facts = known(room), rooms.facts(room, *A_DAY, epoch(NOW))
        assert one.facts() == facts
        assert (one.code, one.venue_name) == (f"{room.venue.slug}/{room.slug}", room.venue.name)
        assert one.facilities == {thing.slug for thing in rooms.things(room) if thing.is_there}
    assert (known(made[0]).capacity, known(made[0]).is_capacity_demo, known(made[1]).capacity) == (80, True, 12)


def test_rooms_with_equal_rules_and_hours_share_them(app):
    one, other, own = make_room(), make_room(), make_room(rules={RuleName.LEAD_DAYS: 3}, hours=EVERY_DAY[:3])
    assert known(one).rules is known(other).rules
    assert known(one).hours is known(other).hours
    assert known(own).rules is not known(one).rules
    assert known(own).hours is not known(one).hours


def test_place_without_exact_point_stands_in_the_middle_of_its_neighbourhood(app):
    wijk = make_neighbourhood("drongen", "Drongen", lat=51.05, lon=3.66)
    vague = make_room(venue=make_venue(neighbourhood=wijk, lat=51.0, lon=3.0, coord_precision="street"))
    exact = make_room(venue=make_venue(neighbourhood=wijk, lat=51.04, lon=3.65))
    assert (known(vague).has_exact_point, known(vague).point) == (False, (51.05, 3.66))
    assert (known(exact).has_exact_point, known(exact).point) == (True, (51.04, 3.65))


@pytest.mark.both
def test_snapshot_is_kept_until_a_fact_changes(app):
    room = make_room(capacity=20)
    first = city.city()
    with Counted() as counted:
        assert city.city() is first
    assert len(counted) == 0
    db.session.close()
    with Counted() as counted:
        assert city.city() is first
    assert len(counted) == 1
    make_request(Status.APPROVED, room=room)
    assert city.city() is first
    with write_unit() as session:
        session.get(Room, room.id).capacity_seated = 30
    assert known(room).capacity == 30


@pytest.mark.both
def test_snapshot_notices_every_kind_of_fact(app):
    room = make_room(hours=())
    seen = [city.city()]
    rows = [
        Opening(venue_id=room.venue_id, weekday=0, from_minute=540, to_minute=1320),
        RuleLine(name=RuleName.LEAD_DAYS, value=14),
        HouseFact(venue_id=room.venue_id, name="joined"),
        Facility(slug="keuken", name="Keuken", group="eten"),
    ]
    for row in rows:
        keep(row)
        seen.append(city.city())
    assert len({id(one) for one in seen}) == len(rows) + 1
    assert known(room).hours == (WeeklyHours(0, 540, 1320),)


def test_snapshot_is_forgotten_when_the_engine_lets_go(app):
    make_room()
    first = city.city()
    db.session.close()
    db.engine.dispose()
    assert city.city() is not first


@pytest.mark.both
def test_number_of_queries_does_not_grow_with_rooms(app):
    counts = []
    for _round in range(2):
        make_room()
        make_room()
        with Counted() as counted:
            city.city()
        counts.append(len(counted))
    assert counts[0] == counts[1]


@pytest.mark.both
def test_taken_tells_what_holds_every_room_in_one_query(app):
    venue = make_venue("huis")
    half, other_half = make_space(venue, "Voor"), make_space(venue, "Achter")
    whole = make_room("zaal", venue=venue, spaces=[half, other_half])
    front = make_room("voor", venue=venue, spaces=[half])
    apart = make_room("apart")
    make_request(Status.APPROVED, room=whole, slot=at("10:00", "12:00"))
    make_request(Status.REQUESTED, room=front, slot=at("14:00", "16:00"))
    make_programme(apart, "Soepcafé", weekday=5)
    make_closure(apart, date(2027, 1, 17))
    everything = city.city()
    with Counted() as counted:
        found = city.taken(everything, *A_DAY, epoch(NOW))
    assert len(counted) == 1
    booked = Taken(at("10:00", "12:00").from_epoch, at("10:00", "12:00").to_epoch, TakenBy.BOOKING)
    asked = Taken(at("14:00", "16:00").from_epoch, at("14:00", "16:00").to_epoch, TakenBy.REQUEST)
    own = Taken(at("11:00", "14:00").from_epoch, at("11:00", "14:00").to_epoch, TakenBy.OWN_PROGRAMME)
    assert found == {whole.id: [booked, asked], front.id: [booked, asked], apart.id: [own]}
    assert city.taken(everything, *A_DAY, epoch(NOW), room_ids=[apart.id]) == {apart.id: [own]}


def test_taken_leaves_out_dates_and_lapsed_holds(app):
    room = make_room()
    booked = make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"))
    make_request(Status.UNPROVED, room=room, slot=at("14:00", "16:00"))
    everything = city.city()
    later = epoch(NOW) + 3600
    assert [one.from_epoch for one in city.taken(everything, *A_DAY, epoch(NOW))[room.id]] == [
        at("10:00", "12:00").from_epoch,
        at("14:00", "16:00").from_epoch,
    ]
    assert [one.from_epoch for one in city.taken(everything, *A_DAY, later)[room.id]] == [
        at("10:00", "12:00").from_epoch
    ]
    assert city.taken(everything, *A_DAY, later, without=[booked.first.id]) == {}


@pytest.mark.both
def test_several_stretches_of_time_are_asked_in_one_query(app):
    room = make_room()
    days = [date(2027, 1, 14), date(2027, 1, 21), date(2027, 1, 28)]
    for day in days:
        make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00", day))
    make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00", date(2027, 1, 15)))
    spans = [(at("09:00", "13:00", day).from_epoch, at("09:00", "13:00", day).to_epoch) for day in days]
    with Counted() as counted:
        everything = city.city()
        found = city.held(everything, spans, epoch(NOW))
    assert [one[0] for one in found[room.id]] == [at("10:00", "12:00", day).from_epoch for day in days]
    assert all(by == "booking" for _from, _to, by in found[room.id])
    assert sum("occupancy" in statement for statement in counted.statements) == 1
