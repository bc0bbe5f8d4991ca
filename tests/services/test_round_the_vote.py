"""Nobody of a desk whose members vote goes round the votes of the others, by whatever deed."""

from datetime import time, timedelta

import pytest

from tests.builders import (
    NOW,
    actor_of,
    code_of,
    make_account,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_venue,
    read,
)
from zalenzoeker.domain.advice import AdviceKind, AdviceNeeded, Silence
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.services import advice, agreeing, deadlines, decisions, handing, proposals
from zalenzoeker.services.decisions import OverruleNeeded
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import accounts, desks

pytestmark = pytest.mark.both

LATER = NOW + timedelta(hours=1)
TOLD = LATER + UNDO_WITHIN
EVENING = Move(time(19), time(22))
WHY = "Er is geen tijd voor stemmen."


def volunteers(kind=AdviceKind.DECIDES, silence=Silence.NOTHING, name="drongen"):
    """Three volunteers of an Open Huis, of whom two must say yes, and its room."""
    room = make_room("zaal", venue=make_venue(f"open-huis-{name}"))
    people = [make_account(f"{one}@{name}.example", one.title()) for one in ("mia", "jan", "omar")]
    make_desk(name, venue=room.venue, members=people)
    group = [actor_of(one) for one in people]
    advice.set_advice(name, kind, needed=2, days=7, silence=silence, by=group[0], now=NOW)
    return room, group


@pytest.fixture
def sofie(app):
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    return actor_of(sofie)


def vote(request, by, is_yes=True):
    version = read(request.code).version
    return advice.vote(request.code, is_yes, by=by, now=LATER, version=version, note="" if is_yes else WHY)


def propose(request, by, move=EVENING, **more):
    uids, version = [one.uid for one in request.dates], read(request.code).version
    return proposals.propose(request.code, uids, move, by=by, now=LATER, version=version, **more)


def steps(request):
    return [one.action for one in read(request.code).events[1:]]


@pytest.mark.parametrize("kind", [AdviceKind.DECIDES, AdviceKind.ADVISES])
def test_member_forwards_to_the_city_desk_and_nowhere_else(app, sofie, kind):
    room, group = volunteers(kind)
    friends = make_desk("vrienden", venue=make_venue("elders"), members=[make_account("rita@elders.example")])
    request = make_request(room=room)
    with pytest.raises(AdviceNeeded):
        handing.forward(request.code, friends.slug, by=group[0], now=LATER, note=WHY)
    assert steps(request) == []
    handing.forward(request.code, desks.city().slug, by=group[0], now=LATER, note=WHY)
    found = read(request.code)
    assert (found.desk_id, found.voting, steps(request)) == (desks.city_id(), None, [Action.FORWARD])
    # The city desk sends it wherever it belongs.
    handing.forward(request.code, friends.slug, by=sofie, now=LATER, note=WHY)
    assert read(request.code).desk_id == friends.id


def test_member_neither_proposes_nor_takes_the_proposal_of_the_city_desk_back(app, sofie):
    room, group = volunteers()
    request = make_request(room=room)
    with pytest.raises(AdviceNeeded):
        propose(request, group[0])
    with pytest.raises(OverruleNeeded):
        propose(request, sofie)
    propose(request, sofie, note=WHY)
    deadlines.tick(TOLD)
    assert steps(request) == [Action.DECIDE, Action.PROPOSE]
    with pytest.raises(AdviceNeeded):
        proposals.withdraw(request.code, by=group[0], now=TOLD)
    proposals.withdraw(request.code, by=sofie, now=TOLD)
    assert steps(request)[-1] is Action.PROPOSAL_END


@pytest.mark.parametrize("is_same_house", [False, True])
def test_member_of_another_desk_as_well_proposes_nothing_past_its_votes(app, is_same_house):
    """Whose own desk needs no votes would otherwise give away what another one votes about."""
    voted, _group = volunteers()
    other = make_room("kelder", venue=voted.venue) if is_same_house else make_room("zaal", venue=make_venue("elders"))
    if is_same_house:
        desk = make_desk("kelderploeg", room=other, position=50, members=[accounts.by_email("mia@drongen.example")])
    else:
        desk = make_desk("elders", venue=other.venue, members=[accounts.by_email("mia@drongen.example")])
    mia = actor_of(accounts.by_email("mia@drongen.example"))
    request = make_request(room=other)
    assert read(request.code).desk_id == desk.id
    propose(request, mia, Move(time(14), time(18), room=code_of(voted)))
    deadlines.tick(TOLD)
    agreeing.agree(request.code, by=actor_of(accounts.by_email("an@harmonie.example")), now=TOLD)
    found = read(request.code)
    assert (found.status, found.desk.slug, bool(found.voting)) == (Status.REQUESTED, "drongen", True)


def test_what_silence_decided_is_not_undone_by_who_was_silent(app, sofie):
    room, group = volunteers(silence=Silence.YES)
    request = make_request(room=room)
    vote(request, group[0])
    ended = read(request.code).vote_until
    deadlines.tick(ended)
    assert read(request.code).decision.account_id is None
    with pytest.raises(AdviceNeeded):
        decisions.undo(request.code, by=group[1], now=ended)
    decisions.undo(request.code, by=sofie, now=ended)
    assert read(request.code).decision is None
