"""Who asked for the same: the dates in a queue that fall away when one is chosen."""

from datetime import timedelta

import pytest

from tests.builders import NOW, at, make_request, make_room, make_series, make_space, make_venue, read
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage import queue

pytestmark = pytest.mark.both
LETS_WAIT = {RuleName.PENDING: {"default": "queue"}}


def rivals(request):
    found = read(request.code)
    return [one.request.activity for one in queue.rivals_of(found.dates)]


def ask(room, activity, minutes=0, **fields):
    now = NOW + timedelta(minutes=minutes)
    return make_request(room=room, activity=activity, now=now, contact_email=f"{activity.lower()}@x.example", **fields)


def test_rivals_stand_in_the_order_in_which_they_asked(app):
    room = make_room(rules=LETS_WAIT)
    first = ask(room, "Yoga")
    ask(room, "Dans", 2, slot=at("17:30", "20:00"))
    ask(room, "Koor", 1, slot=at("12:00", "14:30"))
    ask(room, "Later", 3, slot=at("18:00", "20:00"))
    assert rivals(first) == ["Koor", "Dans"]


def test_rivals_are_found_by_the_spaces_they_share(app):
    venue = make_venue()
    left, right = make_space(venue, "Links"), make_space(venue, "Rechts")
    whole = make_room("grote-zaal", venue=venue, spaces=[left, right], rules=LETS_WAIT)
    half = make_room("linkerhelft", venue=venue, spaces=[left], rules=LETS_WAIT)
    other = make_room("rechterhelft", venue=venue, spaces=[right], rules=LETS_WAIT)
    asked = ask(half, "Yoga")
    ask(whole, "Fuif")
    ask(other, "Koor")
    assert rivals(asked) == ["Fuif"]


def test_rivals_of_a_series_are_one_date_each(app):
    room = make_room(rules=LETS_WAIT)
    series = make_series(room, activity="Elke week")
    asked = ask(room, "Yoga", slot=at("19:00", "20:00"))
    assert rivals(asked) == ["Elke week"]
    assert rivals(series) == ["Yoga"]


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REFUSED, Status.UNPROVED])
def test_rivals_are_only_those_that_wait(app, status):
    room = make_room(rules=LETS_WAIT)
    asked = ask(room, "Yoga")
    make_request(status, room=room, contact_email="dans@x.example")
    assert rivals(asked) == []


def test_rivals_of_no_dates_are_none(app):
    assert queue.rivals_of([]) == []
