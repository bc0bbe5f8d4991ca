"""A date of own programme or a closure put somewhere else: all or nothing, once, and nobody loses what was promised."""

from datetime import timedelta

import pytest

from tests.builders import (
    NOW,
    SATURDAY,
    at,
    make_closure,
    make_decider,
    make_programme,
    make_request,
    make_room,
    make_venue,
    read,
)
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import from_epoch
from zalenzoeker.services import closures, house_dates, houses
from zalenzoeker.services.house_dates import once
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, Occupancy, OwnProgramme

SUNDAY = SATURDAY + timedelta(days=1)
EVENING = (18 * 60, 22 * 60)
QUEUE = {RuleName.PENDING: {"default": "queue"}}


@pytest.fixture
def hall(app):
    return make_room(rules=QUEUE)


@pytest.fixture
def fatima(hall):
    return make_decider(hall)


def held(day):
    """Return who has the hall on a day: by whom, from which till which hour."""
    db.session.close()
    rows = db.session.query(Occupancy).order_by(Occupancy.from_epoch, Occupancy.id).all()
    found = [(row.by.value, from_epoch(row.from_epoch), from_epoch(row.to_epoch)) for row in rows]
    return [(by, starts.hour, ends.hour) for by, starts, ends in found if starts.date() == day]


def add(hall, fatima, day=SATURDAY, minutes=EVENING, title="Quiz"):
    line = once(hall.slug, title, day, *minutes, is_public=True)
    return house_dates.add_once(hall.venue.slug, line, by=fatima, now=NOW)


def move(hall, fatima, code, *, day=SATURDAY, to=SUNDAY, minutes=EVENING, room=""):
    return house_dates.move_date(
        hall.venue.slug, code, day, room=room or hall.slug, to=to, minutes=minutes, by=fatima, now=NOW
    )


def only_code():
    return db.session.query(OwnProgramme.code).scalar()


@pytest.mark.both
def test_own_programme_of_one_day_takes_the_room_that_day(hall, fatima):
    assert add(hall, fatima) == 0
    assert (held(SATURDAY), held(SATURDAY + timedelta(days=7))) == ([("own_programme", 18, 22)], [])


@pytest.mark.both
def test_own_programme_where_somebody_was_promised_the_room_is_not_there(hall, fatima):
    make_request(Status.APPROVED, room=hall, slot=at("20:00", "23:00"))
    with pytest.raises(houses.Promised):
        add(hall, fatima)
    assert held(SATURDAY) == [("booking", 20, 23)]
    assert only_code() is None


def test_own_programme_tells_who_queued_no(hall, fatima):
    waiting = make_request(room=hall, slot=at("20:00", "23:00"))
    assert add(hall, fatima) == 1
    assert read(waiting.code).status is Status.REFUSED


@pytest.mark.parametrize("day, minutes", [
    (NOW.date() - timedelta(days=1), EVENING),
    (NOW.date(), (8 * 60, 9 * 60)),
    (NOW.date() + timedelta(days=400), EVENING),
    (SATURDAY, (22 * 60, 18 * 60)),
])  # fmt: skip
def test_own_programme_at_a_moment_that_cannot_be_is_refused(hall, fatima, day, minutes):
    with pytest.raises(houses.NotAWeeklyLine):
        add(hall, fatima, day, minutes)


@pytest.mark.both
def test_moved_date_leaves_its_place_and_its_line_stays(hall, fatima):
    line = make_programme(hall, weekday=5, hours=(18, 22))
    assert move(hall, fatima, line.code) == 0
    week_after = SATURDAY + timedelta(days=7)
    assert [held(day) for day in (SATURDAY, SUNDAY, week_after)] == [
        [], [("own_programme", 18, 22)], [("own_programme", 18, 22)],
    ]  # fmt: skip


def test_moved_date_may_overlap_its_own_place(hall, fatima):
    line = make_programme(hall, weekday=5, hours=(18, 22))
    move(hall, fatima, line.code, to=SATURDAY, minutes=(19 * 60, 23 * 60))
    assert held(SATURDAY) == [("own_programme", 19, 23)]


@pytest.mark.both
def test_moved_date_where_somebody_was_promised_the_room_stays_where_it_is(hall, fatima):
    line = make_programme(hall, weekday=5, hours=(18, 22))
    make_request(Status.APPROVED, room=hall, slot=at("20:00", "23:00", SUNDAY))
    with pytest.raises(houses.Promised):
        move(hall, fatima, line.code)
    assert (held(SATURDAY), held(SUNDAY)) == ([("own_programme", 18, 22)], [("booking", 20, 23)])


def test_date_moved_twice_is_moved_once(hall, fatima):
    line = make_programme(hall, weekday=5, hours=(18, 22))
    move(hall, fatima, line.code)
    with pytest.raises(houses.UnknownHouse):
        move(hall, fatima, line.code)
    assert held(SUNDAY) == [("own_programme", 18, 22)]


def test_line_of_one_day_moves_itself(hall, fatima):
    add(hall, fatima)
    code = only_code()
    move(hall, fatima, code)
    assert (held(SATURDAY), held(SUNDAY), only_code()) == ([], [("own_programme", 18, 22)], code)
    with pytest.raises(houses.UnknownHouse):
        move(hall, fatima, code)


def test_date_moves_to_another_room_of_the_house(hall, fatima):
    other = make_room("kelder", venue=hall.venue)
    line = make_programme(hall, weekday=5, hours=(18, 22))
    move(hall, fatima, line.code, to=SATURDAY, room="kelder")
    (new,) = db.session.query(OwnProgramme).filter_by(room_id=other.id)
    assert (new.title, new.first_day, new.until) == (line.title, SATURDAY, SATURDAY)


def test_date_of_another_house_is_not_moved(hall, fatima):
    elsewhere = make_programme(make_room(), weekday=5, hours=(18, 22))
    with pytest.raises(houses.UnknownHouse):
        move(hall, fatima, elsewhere.code)
    with pytest.raises(NotAllowed):
        move(make_room(venue=make_venue()), fatima, elsewhere.code)


def closed():
    db.session.close()
    return [(one.first_day, one.last_day) for one in db.session.query(Closure).order_by(Closure.id)]


def move_closure(hall, fatima, first, last, rooms=()):
    ids = [one for (one,) in db.session.query(Closure.id)]
    return house_dates.move_closure(
        hall.venue.slug, ids, rooms or [hall.slug], first, last, "Verlof", by=fatima, now=NOW
    )


@pytest.mark.both
def test_moved_closure_gives_the_house_its_own_programme_back(hall, fatima):
    line = make_programme(hall, weekday=5, hours=(18, 22))
    closures.close(hall.venue.slug, [hall.slug], SATURDAY, SATURDAY, "Verlof", by=fatima, now=NOW)
    assert held(SATURDAY) == [("closure", 0, 0)]
    move_closure(hall, fatima, SUNDAY, SUNDAY + timedelta(days=1))
    assert held(SATURDAY) == [("own_programme", 18, 22)]
    assert closed() == [(SUNDAY, SUNDAY + timedelta(days=1))]
    assert line.title == "Soepcafé"


@pytest.mark.both
def test_moved_closure_where_somebody_was_promised_the_room_stays(hall, fatima):
    make_closure(hall, SATURDAY)
    make_request(Status.APPROVED, room=hall, slot=at(day=SUNDAY))
    with pytest.raises(houses.Promised):
        move_closure(hall, fatima, SATURDAY, SUNDAY)
    assert closed() == [(SATURDAY, SATURDAY)]


def test_closure_may_grow_over_its_own_days(hall, fatima):
    make_closure(hall, SATURDAY)
    move_closure(hall, fatima, SATURDAY, SUNDAY)
    assert (closed(), held(SATURDAY)) == ([(SATURDAY, SUNDAY)], [("closure", 0, 0)])


def test_closure_of_days_that_cannot_be_is_refused(hall, fatima):
    make_closure(hall, SATURDAY)
    with pytest.raises(closures.NotAPeriod):
        move_closure(hall, fatima, SUNDAY, SATURDAY)
    with pytest.raises(houses.UnknownHouse):
        house_dates.move_closure(hall.venue.slug, [99], [hall.slug], SUNDAY, SUNDAY, "x", by=fatima, now=NOW)
    assert closed() == [(SATURDAY, SATURDAY)]
