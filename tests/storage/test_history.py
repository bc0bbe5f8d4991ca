"""What those who ask had in a place before."""

from datetime import timedelta

import pytest

from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_an,
    make_association,
    make_request,
    make_room,
    make_venue,
    read,
)
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import history
from zalenzoeker.storage.history import History

pytestmark = pytest.mark.both

DAY = timedelta(days=1)


@pytest.fixture
def room(app):
    return make_room()


def on(days: int):
    """The same hours so many days after the usual Saturday."""
    return at(day=SATURDAY + days * DAY)


def had(request, *, now=NOW) -> History:
    return history.of_askers([request], request.first.room.venue_id, now)[request.id]


def test_history_is_of_this_person_and_their_group_in_this_place(room):
    an = make_an()
    (harmonie,) = an.association_ids
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_id": harmonie, "association_name": "Harmonie"}
    hall = make_room("hal", venue=room.venue)
    elsewhere = make_room("zaal", venue=make_venue())
    make_request(Status.APPROVED, room=room, by=an, slot=on(1))
    make_request(Status.APPROVED, room=hall, by=an, slot=on(2), **group)
    make_request(Status.APPROVED, room=elsewhere, by=an, slot=on(3))
    make_request(Status.REFUSED, room=room, by=an, slot=on(4))
    of_an = make_request(room=room, by=an, slot=on(5))
    bert = make_account("bert@harmonie.example", "Bert")
    make_association("Andere", members=[bert])
    of_bert = make_request(room=room, by=actor_of(bert), slot=on(6))
    assert (had(of_an), had(of_bert)) == (History(to_come=2), History())


def test_history_knows_what_took_place_from_what_is_to_come(room):
    for days in (0, 7, 14):
        make_request(Status.APPROVED, room=room, slot=on(days))
    request = make_request(room=room, slot=on(21))
    later = on(7).ends_at
    assert had(request, now=later - timedelta(seconds=1)) == History(1, 2, 0, SATURDAY)
    assert had(request, now=later) == History(2, 1, 0, SATURDAY + 7 * DAY)


def test_history_ends_after_two_years(room):
    make_request(Status.APPROVED, room=room)
    request = make_request(room=room, slot=on(7))
    first = on(0).starts_at + history.LOOKS_BACK
    assert [had(request, now=first - DAY).took_place, had(request, now=first).took_place] == [1, 0]


@pytest.mark.parametrize(("before", "late"), [(timedelta(days=2), 0), (timedelta(hours=47), 1)])
def test_history_counts_what_was_given_up_in_its_last_two_days(room, before, late):
    an = make_an()
    given_up = make_request(Status.APPROVED, room=room, by=an)
    asking.withdraw(given_up.code, by=an, now=on(0).starts_at - before)
    assert read(given_up.code).status is Status.WITHDRAWN
    assert had(make_request(room=room, by=an, slot=on(7))) == History(given_up_late=late)


def test_history_forgives_what_was_withdrawn_before_anybody_said_yes(room):
    an = make_an()
    waiting = make_request(room=room, by=an)
    asking.withdraw(waiting.code, by=an, now=on(0).starts_at - timedelta(hours=1))
    assert had(make_request(room=room, by=an, slot=on(7))) == History()


def test_history_of_several_askers_comes_at_once(room, queries_of):
    make_request(Status.APPROVED, room=room, contact_email="koor@x.example")
    asked = [
        make_request(room=room, slot=on(days), contact_email=f"{name}@x.example")
        for days, name in ((7, "koor"), (14, "dans"), (21, "yoga"))
    ]
    found = []
    queries = queries_of(lambda: found.append(history.of_askers(asked, room.venue_id, NOW)))
    assert ([found[0][one.id].to_come for one in asked], len(queries)) == ([1, 0, 0], 1)


def test_latest_requests_of_an_asker_are_named_whatever_became_of_them(room):
    make_request(Status.UNPROVED, room=room, slot=on(1))
    for number, status in enumerate([Status.REFUSED, Status.APPROVED, Status.WITHDRAWN, Status.REQUESTED]):
        make_request(status, room=room, slot=on(7 * (number + 1)), now=NOW + number * DAY, activity=f"Nummer {number}")
    make_request(room=room, slot=on(2), contact_email="ander@x.example")
    request = make_request(room=room, slot=on(70), now=NOW + 9 * DAY)
    found = history.latest(request, room.venue_id, limit=3)
    assert [one.activity for one in found] == ["Nummer 3", "Nummer 2", "Nummer 1"]
