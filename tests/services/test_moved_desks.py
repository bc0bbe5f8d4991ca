"""A request that moves to hours of another desk: that desk decides, the former one is told, and nobody is lost."""

from datetime import time, timedelta

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_an,
    make_desk,
    make_request,
    make_series,
    make_venue,
    read,
    weekly,
)
from tests.services.looks import told
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates, handing
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import letters, requests
from zalenzoeker.storage.models import RoutingLine

pytestmark = pytest.mark.both

LATER = NOW + timedelta(minutes=1)
EVENING, AFTERNOON = Move(time(19), time(22)), Move(time(14), time(18))
BEA = "bea@wijkteam.example"


@pytest.fixture
def team(room, desk):
    """The community workers, who decide about the evenings of this house."""
    made = make_desk("wijkteam", name="Wijkteam", venue=make_venue("centrum"), members=[make_account(BEA, "Bea")])
    keep(
        RoutingLine(
            position=1, venue_id=room.venue_id, desk_id=made.id, reason="’s Avonds", from_time=time(18), weekdays=[]
        )
    )
    return made


def move(request, to=EVENING, *, by, now=LATER):
    dates.change(request.code, request.first.uid, Scope.ALL, to, by=by, now=now)
    return read(request.code)


def test_waiting_request_that_moves_goes_to_the_desk_of_its_new_hours(room, desk, team):
    an = make_an()
    request = make_request(room=room, slot=at("14:00", "18:00"), by=an)
    former = request.desk.name
    found = move(request, by=an)
    assert (found.desk.slug, found.route_reason, found.status) == ("wijkteam", "’s Avonds", Status.REQUESTED)
    last = found.events[-1]
    facts = {"desk": "Wijkteam", "former": former, "reason": request.route_reason}
    assert (last.action, last.account_id, last.facts) == (Action.FORWARD, None, facts)
    assert [[one.code for one in requests.waiting_for(ids)] for ids in (desk.desk_ids, {team.id})] == [[], [found.code]]
    assert told(BEA) == [LetterKind.REQUEST_TO_DECIDE]
    assert told(desk.email)[-1] == LetterKind.DATES_CHANGED
    by_side = {one.facts["is_for_desk"]: one.facts for one in letters.newest(3) if one.kind == "dates_changed"}
    assert (by_side[True]["goes_to"], by_side[True]["needs_yes"], by_side[False]["desk"]) == (
        "Wijkteam",
        False,
        "Wijkteam",
    )
    again = move(found, AFTERNOON, by=an, now=LATER + timedelta(minutes=1))
    assert (again.desk.name, told(desk.email)[-1]) == (former, LetterKind.REQUEST_TO_DECIDE)


def test_move_within_the_hours_of_a_desk_leaves_it_there(room, desk, team):
    an = make_an()
    request = make_request(room=room, slot=at("14:00", "18:00"), by=an)
    found = move(request, Move(time(13), time(17)), by=an)
    assert (found.desk_id, found.events[-1].action, told(BEA)) == (request.desk_id, Action.CHANGE, [])


def test_new_moment_of_a_confirmed_date_is_decided_by_who_confirmed_it(room, desk, team):
    an = make_an()
    series = make_series(room, pattern=weekly("14:00", "17:00", count=2), by=an)
    answers = {series.occurrences[0].uid: Action.APPROVE}
    decisions.decide(series.code, answers, by=desk, now=NOW, version=series.version)
    found = move(read(series.code), by=an)
    assert (found.desk_id, told(BEA)) == (series.desk_id, [])


def test_request_that_a_person_forwarded_stays_there(room, desk, team):
    an = make_an()
    bea = actor_of(team.members[0])
    make_desk("elders", name="Elders", members=[make_account("els@elders.example")])
    request = make_request(room=room, slot=at("19:00", "22:00"), by=an)
    handing.forward(request.code, "elders", by=bea, now=NOW, note="Voor jullie.")
    found = move(read(request.code), AFTERNOON, by=an)
    assert found.desk.slug == "elders"


def test_decision_that_nobody_heard_of_falls_with_the_move(room, desk, team):
    an = make_an()
    request = make_request(room=room, slot=at("14:00", "18:00"), by=an)
    answers = {request.first.uid: Action.APPROVE}
    deciding.decide(request.code, answers, by=desk, now=NOW, version=request.version)
    found = move(request, by=an)
    assert (found.desk.slug, found.decision) == ("wijkteam", None)
    to_former = next(one for one in letters.newest(5) if one.recipient == desk.email)
    assert to_former.facts["decision_fell"] is True
