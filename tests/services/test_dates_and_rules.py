"""What the rules of a house say when a date of a request grows or moves later."""

from datetime import time, timedelta

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    decider_of,
    make_account,
    make_association,
    make_decider,
    make_request,
    make_room,
    make_trusted,
    read,
)
from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates
from zalenzoeker.services.dates import Move
from zalenzoeker.services.decisions import ReasonNeeded
from zalenzoeker.services.wishes import Refused
from zalenzoeker.storage import accounts

pytestmark = pytest.mark.both

TEN_DAYS_BEFORE = NOW.replace(year=2027, month=1, day=6)
GROWN = Move(time(14), time(19))


def an():
    return actor_of(accounts.by_email("an@harmonie.example"))


def test_date_that_grows_shortly_before_is_asked_as_an_exception(app):
    room = make_room()
    make_decider(room)
    request = make_request(Status.APPROVED, room=room)
    dates.change(request.code, request.first.uid, Scope.THIS, GROWN, by=an(), now=TEN_DAYS_BEFORE)
    asked = read(request.code)
    assert (asked.status, asked.exceptions) == (Status.REQUESTED, [Code.TOO_SOON.value])
    desk = decider_of(asked)
    with pytest.raises(ReasonNeeded):
        decisions.approve(asked.code, by=desk, now=TEN_DAYS_BEFORE, version=asked.version)
    decisions.approve(asked.code, by=desk, now=TEN_DAYS_BEFORE, version=asked.version, note="Er staat niets achter.")
    assert read(request.code).first.slot == at("14:00", "19:00")


def test_date_that_grows_past_the_hours_of_a_week_is_refused(app):
    rules = {RuleName.WEEK_HOURS: 4, RuleName.INSTANT: {"trusted": True, "desk_hours": []}}
    room = make_room(rules=rules)
    make_decider(room)
    account = make_account("an@harmonie.example", "An Peeters")
    group = make_association(members=[account])
    make_trusted(group.id, room.venue)
    by, fields = actor_of(account), {"requester_kind": RequesterKind.NON_PROFIT, "association_id": group.id}
    make_request(room=room, slot=at("09:00", "11:00"), by=by, **fields)
    second = make_request(room=room, slot=at("14:00", "16:00"), by=by, **fields)
    with pytest.raises(Refused) as refused:
        dates.change(second.code, second.first.uid, Scope.THIS, Move(time(14), time(18)), by=by, now=NOW)
    assert [one.code for one in refused.value.obstacles] == [Code.TOO_MANY_HOURS]
    assert read(second.code).first.slot == at("14:00", "16:00")


def test_request_that_moves_gives_the_desk_its_time_anew(app):
    room = make_room()
    make_decider(room)
    request = make_request(room=room, slot=at("14:00", "18:00", SATURDAY + timedelta(days=28)))
    later = NOW + timedelta(days=10)
    dates.change(request.code, request.first.uid, Scope.THIS, Move(time(14), time(18), days=-28), by=an(), now=later)
    moved = read(request.code)
    assert (moved.answer_by, moved.hold_until) == (later + timedelta(days=14), later + timedelta(days=21))
