"""What stands in rooms at once: names for the desk, halves of a room, holds that lapse, and one question."""

import pytest

from tests.builders import (
    NOW,
    SATURDAY,
    at,
    make_closure,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_venue,
)
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.domain.taken import span_of_days
from zalenzoeker.storage import board


def standing(*rooms, day=SATURDAY, now=NOW):
    found = board.blocks([room.id for room in rooms], *span_of_days(day, 1), epoch(now))
    return [[(one.by.value, one.title, one.asker) for one in found.get(room.id, [])] for room in rooms]


@pytest.mark.both
def test_blocks_have_names_and_whose_they_are(app):
    room = make_room()
    make_programme(room, weekday=5, hours=(9, 11))
    make_request(Status.APPROVED, room=room, slot=at("11:00", "13:00"), activity="Koor")
    make_request(room=room, slot=at("14:00", "16:00"), activity="Feest")
    make_closure(make_room(), SATURDAY)
    assert standing(room) == [
        [("own_programme", "Soepcafé", ""), ("booking", "Koor", "An Peeters"), ("request", "Feest", "An Peeters")]
    ]


@pytest.mark.both
def test_blocks_of_who_has_not_proved_the_address_have_no_name(app):
    request = make_request(Status.UNPROVED)
    assert standing(request.first.room) == [[("request", "", "")]]


def test_blocks_of_half_a_room_stand_in_the_whole_too(app):
    venue = make_venue()
    left, right = make_space(venue, "links"), make_space(venue, "rechts")
    whole = make_room("geheel", venue=venue, spaces=[left, right])
    half = make_room("links", venue=venue, spaces=[left])
    make_request(Status.APPROVED, room=half, slot=at(), activity="Koor")
    assert standing(whole, half) == [[("booking", "Koor", "An Peeters")]] * 2


def test_blocks_of_a_whole_room_stand_there_once(app):
    venue = make_venue()
    whole = make_room("geheel", venue=venue, spaces=[make_space(venue, "links"), make_space(venue, "rechts")])
    make_closure(whole, SATURDAY, reason="Vloer")
    assert standing(whole) == [[("closure", "Vloer", "")]]


def test_blocks_ask_the_same_for_one_room_and_for_three(app, queries_of):
    rooms = [make_room() for _ in range(3)]
    for room in rooms:
        make_request(Status.APPROVED, room=room)
    assert len(queries_of(lambda: standing(rooms[0]))) == len(queries_of(lambda: standing(*rooms))) == 2
