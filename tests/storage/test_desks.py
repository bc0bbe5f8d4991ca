"""Desks, and the lines that route to them."""

from datetime import time

import pytest

from tests.builders import make_account, make_city_desk, make_desk, make_room
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.storage import desks
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import RoutingLine

pytestmark = pytest.mark.both


def add_line(desk, position: int, **fields) -> None:
    with write_unit() as session:
        session.add(RoutingLine(desk_id=desk.id, position=position, reason=str(position), **fields))


@pytest.fixture
def room(app):
    return make_room()


def test_room_without_lines_is_the_citys(room):
    make_desk()
    assert desks.of_venue(room.venue_id).slug == "stad"


@pytest.mark.parametrize(
    "condition", [{"weekdays": [5]}, {"from_time": time(18)}, {"requester_kind": RequesterKind.PERSON}]
)
def test_line_with_a_condition_does_not_speak_for_the_whole_place(room, condition):
    desk = make_desk("avond")
    add_line(desk, 1, venue_id=room.venue_id, **condition)
    assert desks.of_venue(room.venue_id).slug == "stad"


def test_house_is_kept_by_whoever_decides_for_it_and_not_by_who_has_one_room_or_some_hours(room):
    own = make_desk("eigen", venue=room.venue)
    of_room, evening = make_desk("zaal"), make_desk("avond")
    add_line(of_room, 20, venue_id=room.venue_id, room_id=room.id)
    add_line(evening, 5, venue_id=room.venue_id, from_time=time(18))
    assert desks.keepers_of_venue(room.venue_id) == {own.id}
    houses = {
        desk.slug: [venue.id for venue in desks.houses_of({desk.id}, is_city=False)] for desk in (own, of_room, evening)
    }
    assert houses == {"eigen": [room.venue_id], "zaal": [], "avond": []}


def test_desk_that_nobody_can_reach_is_named(room):
    make_desk("leeg", venue=room.venue, name="Leeg")
    make_desk("bemand", venue=room.venue, members=[make_account("b@balie.example")])
    make_desk("adres", venue=room.venue, email="adres@balie.example")
    assert [desk.name for desk in desks.unreachable()] == ["Leeg", "Stadsbalie"]


def test_desk_of_a_place_is_that_of_its_first_line(room):
    make_desk("tweede", venue=room.venue, position=20)
    make_desk("eerste", venue=room.venue, position=10)
    assert desks.of_venue(room.venue_id).slug == "eerste"


def test_desks_are_found_with_their_members(app):
    members = [make_account("b@balie.example"), make_account("a@balie.example")]
    desk = make_desk("drongen", members=members, name="Open Huis Drongen")
    other = make_desk("aan-de-leie", name="Aan de Leie")
    db.session.close()
    found = desks.by_slug("drongen")
    assert [member.email for member in found.members] == ["a@balie.example", "b@balie.example"]
    assert (desks.by_id(desk.id).slug, desks.by_slug("nergens"), desks.by_id(999)) == ("drongen", None, None)
    assert [one.slug for one in desks.by_ids({desk.id, other.id, 999})] == ["aan-de-leie", "drongen"]
    assert [desks.is_member(desk.id, members[0].id), desks.is_member(other.id, members[0].id)] == [True, False]


def test_city_desk_is_found_once_it_is_made(app):
    assert desks.city_id() is None
    desk = make_city_desk()
    assert (desks.city_id(), desk.slug) == (desk.id, "stad")
