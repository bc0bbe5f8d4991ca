"""Shielded activities: never public, by whom they become so, and what stands in letters and calendars then."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.builders import (
    NOW,
    actor_of,
    keep,
    make_account,
    make_an,
    make_decider,
    make_entered,
    make_programme,
    make_request,
    make_room,
    read,
)
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.domain.programme import Line
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.services import houses, shielding
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import accounts, feeds, programme
from zalenzoeker.storage.db import db, write_unit

pytestmark = pytest.mark.both

AN = "an@harmonie.example"


@pytest.fixture
def room(app):
    return make_room()


def person(email: str = AN):
    return actor_of(accounts.by_email(email))


def mark(room) -> int:
    db.session.close()
    return feeds.standing(feeds.written([room.id])).mark


def stands(request) -> tuple[bool, bool]:
    found = read(request.code)
    return found.is_public, found.is_shielded


def test_request_that_is_shielded_is_not_public_whatever_was_chosen(room):
    assert stands(make_request(room=room, is_public=True, is_shielded=True)) == (False, True)


@pytest.mark.parametrize("table", ["request", "own_programme"])
def test_database_refuses_what_is_shielded_and_public(room, table):
    make_programme(room), make_request(room=room, is_public=True)
    with pytest.raises(IntegrityError), write_unit() as session:
        session.execute(text(f"UPDATE {table} SET is_shielded = is_public"))


def test_name_that_was_public_is_taken_away_from_every_calendar(room):
    request = make_request(Status.APPROVED, room=room, is_public=True)
    before = mark(room)
    assert shielding.shield(request.code, by=person(), now=NOW) is True
    assert (stands(request), mark(room) != before) == ((False, True), True)
    found = read(request.code)
    assert (found.first.changed_at, found.first.sequence, found.version) == (
        NOW,
        request.first.sequence,
        request.version,
    )
    assert [one.action for one in found.events][-1] is Action.SHIELD


def test_second_tap_shields_nothing_twice(room):
    request = make_request(room=room)
    assert [shielding.shield(request.code, by=person(), now=NOW) for _ in range(2)] == [True, False]
    assert [one.action for one in read(request.code).events].count(Action.SHIELD) == 1


def test_request_that_is_shielded_no_more_is_still_not_public(room):
    request = make_request(room=room, is_shielded=True)
    assert shielding.shield(request.code, by=person(), now=NOW, is_shielded=False) is True
    assert (stands(request), read(request.code).events[-1].facts) == ((False, False), {"ended": True})


def test_desk_shields_a_request_too_and_nobody_else(room):
    request, desk = make_request(room=room), make_decider(room)
    other = make_decider(make_room("elders"), "iemand@anders.example")
    for stranger in (ANYONE, make_an("ze@post.example"), other):
        with pytest.raises(NotAllowed):
            shielding.shield(request.code, by=stranger, now=NOW)
    with pytest.raises(UnknownRequest):
        shielding.shield("onbekend", by=desk, now=NOW)
    request = make_request(room=make_room("zaal-2", venue=room.venue))
    assert shielding.shield(request.code, by=desk, now=NOW) is True


def test_request_nobody_proved_yet_is_not_shielded_by_a_stranger_or_its_asker(room):
    request = make_request(Status.UNPROVED, room=room)
    with pytest.raises((NotPossible, NotAllowed)):
        shielding.shield(request.code, by=person(), now=NOW)
    assert stands(request) == (False, False)


def test_desk_types_in_a_shielded_request_for_somebody(room):
    assert stands(make_entered(room, by=make_decider(room), is_shielded=True)) == (False, True)


def test_house_shields_a_line_of_its_own_week(room):
    desk = make_decider(room)
    line = Line(room.slug, "Soepcafé", 3, 11 * 60, 14 * 60)
    code, _ = houses.add_line(room.venue.slug, line, by=desk, now=NOW)
    before = mark(room)
    shielded = Line(room.slug, "Praatgroep", 3, 11 * 60, 14 * 60, is_public=True, is_shielded=True)
    houses.change_line(room.venue.slug, code, shielded, by=desk, now=NOW)
    (found,) = programme.of_venue(room.venue_id, NOW.date())
    assert (found.is_public, found.is_shielded, mark(room) != before) == (False, True, True)


def test_account_of_somebody_else_is_no_party(room):
    request = make_request(room=room)
    keep(make_account("nog@iemand.example"))
    with pytest.raises(NotAllowed):
        shielding.shield(request.code, by=person("nog@iemand.example"), now=NOW)
