"""The hours of a house: who sets them, what they may be, two editors at once, and what was promised stays."""

import pytest

from tests.builders import (
    NOW,
    PASSER_BY,
    at,
    make_an,
    make_decider,
    make_request,
    make_room,
    make_venue,
    make_wish,
    read,
)
from tests.race import together
from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.domain.hours import NotAWeek
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import checking, house_hours, houses
from zalenzoeker.storage import changes, city, openings
from zalenzoeker.storage.db import db

SATURDAYS = {5: [(9 * 60, 12 * 60), (13 * 60, 17 * 60)]}
NIGHT = {5: [(20 * 60, 25 * 60)]}


@pytest.fixture
def room(app):
    return make_room("zaal", venue=make_venue("open-huis-drongen"), hours=())


def version(room, room_id=None):
    db.session.close()
    return version_of(house_hours.as_kept(openings.week_of(room.venue_id, room_id)))


def sets(room, by, week=None, *, of_room="", seen=None):
    room_id = room.id if of_room else None
    seen = version(room, room_id) if seen is None else seen
    week = SATURDAYS if week is None else week
    house_hours.set_week(room.venue.slug, of_room, week, by=by, now=NOW, version=seen)


def week(room, room_id=None):
    db.session.close()
    return openings.week_of(room.venue_id, room_id)


def hours(room):
    db.session.close()
    return [(one.weekday, one.from_minute, one.to_minute) for one in city.city().by_id[room.id].hours]


def in_the_way(room, *times):
    db.session.close()
    return [
        one.code for trouble in checking.look(make_wish(room, at(*times)), ANYONE, NOW) for one in trouble.obstacles
    ]


@pytest.mark.both
def test_hours_hold_at_once_for_what_is_asked(room, marcel):
    assert in_the_way(room, "14:00", "18:00") == []
    sets(room, marcel)
    assert (in_the_way(room, "14:00", "17:00"), in_the_way(room, "14:00", "18:00")) == ([], [Code.OUTSIDE_HOURS])
    sets(room, marcel, NIGHT)
    assert in_the_way(room, "20:00", "01:00") == []
    sets(room, marcel, {})
    assert hours(room) == []


@pytest.mark.both
def test_hours_of_a_room_go_before_those_of_its_house(room, marcel):
    other = make_room("keuken", venue=room.venue, hours=())
    sets(room, marcel)
    sets(room, marcel, NIGHT, of_room="zaal")
    assert (hours(room), hours(other)) == ([(5, 1200, 1500)], [(5, 540, 720), (5, 780, 1020)])
    sets(room, marcel, {}, of_room="zaal")
    assert hours(room) == hours(other)


@pytest.mark.both
def test_hours_stand_on_the_log_day_by_day_and_only_where_they_changed(room, marcel):
    sets(room, marcel)
    sets(room, marcel)
    sets(room, marcel, {**SATURDAYS, 1: [(540, 1080)]}, of_room="zaal")
    db.session.close()
    day = {"room": "", "weekday": 5}
    found = [(one.before, one.after) for one in reversed(changes.of_house(room.venue_id, [], 10, 0))]
    assert found == [
        ({**day, "periods": []}, {**day, "periods": [[540, 720], [780, 1020]]}),
        ({"room": "Zaal", "weekday": 1, "periods": []}, {"room": "Zaal", "weekday": 1, "periods": [[540, 1080]]}),
        (
            {"room": "Zaal", "weekday": 5, "periods": []},
            {"room": "Zaal", "weekday": 5, "periods": [[540, 720], [780, 1020]]},
        ),
    ]


def test_hours_leave_what_was_promised(room, marcel):
    request = make_request(Status.APPROVED, room=room, slot=at("18:00", "22:00"), by=make_an())
    sets(room, marcel)
    assert read(request.code).status is Status.APPROVED
    db.session.close()
    assert [one.request.code for one in openings.promised([room.id], 0)] == [request.code]


@pytest.mark.parametrize(
    "week",
    [
        {7: [(540, 720)]},
        {0: [(720, 540)]},
        {0: [(540, 545)]},
        {0: [(540, 1440 + 375)]},
        {0: [(1440, 1500)]},
        {0: [(540, 720), (700, 800)]},
        {0: [(540 + 60 * number, 570 + 60 * number) for number in range(7)]},
    ],
)
def test_hours_that_cannot_be_are_refused(room, marcel, week):
    with pytest.raises(NotAWeek):
        sets(room, marcel, week)
    assert hours(room) == []


@pytest.mark.both
def test_hours_changed_by_two_at_once_are_told_to_the_later(app, room, marcel):
    seen = version(room)
    found = together(
        app,
        lambda: sets(room, marcel, SATURDAYS, seen=seen),
        lambda: sets(room, marcel, NIGHT, seen=seen),
    )
    assert sorted(type(one).__name__ for one in found) == ["ChangedMeanwhile", "NoneType"]
    with pytest.raises(ChangedMeanwhile):
        sets(room, marcel, {0: [(540, 600)]}, seen=seen)


def test_hours_are_kept_only_by_those_who_decide(room):
    elsewhere = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    for who in (PASSER_BY, make_an(), elsewhere):
        with pytest.raises(NotAllowed):
            sets(room, who)
    assert week(room) == {}


def test_hours_of_a_room_or_a_house_that_is_not_there_are_not_found(room, marcel):
    for slug, of_room in (("nergens", ""), (room.venue.slug, "kelder")):
        with pytest.raises(houses.UnknownHouse):
            house_hours.set_week(slug, of_room, SATURDAYS, by=marcel, now=NOW, version="")
