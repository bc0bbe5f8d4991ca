"""What a desk decides: by the right people, once, with words where they are needed, and everybody is told."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests import decisions
from tests.builders import (
    NOW,
    PASSER_BY,
    actor_of,
    at,
    make_account,
    make_an,
    make_association,
    make_city_desk,
    make_decider,
    make_desk,
    make_request,
    make_room,
    make_venue,
    read,
)
from tests.race import together
from tests.services.looks import holders, totals
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest
from zalenzoeker.domain.requests import Action, NotPossible, RequesterKind, Status
from zalenzoeker.services import decisions as service
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import ChangedMeanwhile, ReasonNeeded
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import accounts, letters, self_check
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import DeskMember

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
LATER = NOW + DAY
ASKER = "an@harmonie.example"
PATHS = {
    Action.APPROVE: (decisions.approve, Status.REQUESTED, Status.APPROVED, LetterKind.REQUEST_APPROVED),
    Action.REFUSE: (decisions.refuse, Status.REQUESTED, Status.REFUSED, LetterKind.REQUEST_REFUSED),
    Action.CANCEL: (decisions.cancel, Status.APPROVED, Status.CANCELLED, LetterKind.REQUEST_CANCELLED),
}


@pytest.fixture
def an(app):
    return make_an()


def now_of(email: str):
    """This person with the rights they have now."""
    return actor_of(accounts.by_email(email))


def decide(action: Action, request, by, *, note: str = "Goed", version: int | None = None, now=LATER) -> None:
    service = PATHS[action][0]
    service(request.code, by=by, now=now, version=request.version if version is None else version, note=note)


@pytest.mark.parametrize("action", list(PATHS))
def test_decision_changes_state_version_and_timeline_and_tells_the_asker(room, desk, action):
    _, before, after, letter = PATHS[action]
    request = make_request(before, room=room)
    decide(action, request, desk)
    found = read(request.code)
    assert (found.status, found.version, found.changed_at, found.decision_note) == (
        after,
        request.version + 2,  # It was decided, and then it was done.
        LATER,
        "Goed",
    )
    last = found.events[-1]
    assert (last.action, last.status, last.account_id, last.desk_id, last.note, last.at) == (
        action,
        after,
        desk.account_id,
        request.desk_id,
        "Goed",
        LATER,
    )
    newest = letters.newest(1)[0]
    assert (newest.kind, newest.recipient, newest.facts["note"], newest.facts["stamp"]) == (
        letter,
        ASKER,
        "Goed",
        LATER.isoformat(),
    )


@pytest.mark.parametrize(
    "status,holds,sequence,was_confirmed",
    [
        (Status.REQUESTED, [TakenBy.REQUEST], 0, False),
        (Status.APPROVED, [TakenBy.BOOKING], 0, True),
        (Status.REFUSED, [], 1, False),
        (Status.CANCELLED, [], 1, True),
    ],
)
def test_room_is_held_as_long_as_the_request_stands(room, desk, status, holds, sequence, was_confirmed):
    date = make_request(status, room=room).first
    assert (holders(), date.sequence, date.was_confirmed) == (holds, sequence, was_confirmed)


@pytest.mark.parametrize("status", [Status.REFUSED, Status.CANCELLED])
def test_room_that_came_free_can_be_asked_again(room, desk, status):
    make_request(status, room=room)
    assert make_request(Status.APPROVED, room=room, contact_email="bert@post.example").status is Status.APPROVED


WAYS_TO_OWN = ["same account", "same e-mail address", "member of the association", "at the city desk"]


@pytest.mark.parametrize("way", WAYS_TO_OWN)
@pytest.mark.parametrize("action", list(PATHS))
def test_nobody_decides_on_their_own_request(room, desk, an, way, action):
    (harmonie,) = an.association_ids
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_id": harmonie, "association_name": "Harmonie"}
    request = make_request(PATHS[action][1], room=room, by=an, **group)
    own_desk = make_desk(members=[]).id
    with write_unit() as session:
        session.execute(text(f"UPDATE request SET desk_id = {own_desk}"))
        if way == "same account":
            session.execute(text("UPDATE request SET contact_email = 'werk@post.example', association_id = NULL"))
            session.add(DeskMember(desk_id=own_desk, account_id=an.account_id, since=NOW))
        elif way == "same e-mail address":
            session.execute(text("UPDATE request SET account_id = NULL, association_id = NULL"))
            session.add(DeskMember(desk_id=own_desk, account_id=an.account_id, since=NOW))
    own = now_of(ASKER)
    if way == "member of the association":
        bert = make_account("bert@harmonie.example")
        with write_unit() as session:
            session.execute(text(f"INSERT INTO membership VALUES ({harmonie}, {bert.id}, '2026-11-23 09:00:00+00:00')"))
            session.add(DeskMember(desk_id=own_desk, account_id=bert.id, since=NOW))
        own = actor_of(bert)
    elif way == "at the city desk":
        make_city_desk([accounts.by_email(ASKER)])
        own = now_of(ASKER)
    before = totals()
    with pytest.raises(OwnRequest):
        decide(action, request, own)
    assert (totals(), read(request.code).status) == (before, PATHS[action][1])


@pytest.mark.parametrize("action", list(PATHS))
def test_others_do_not_decide(room, desk, an, action):
    request = make_request(PATHS[action][1], room=room)
    elsewhere = make_decider(make_room("hal", venue=make_venue()), "marcel@drongen.example")
    before = totals()
    for by in (elsewhere, actor_of(make_account("x@post.example")), PASSER_BY):
        with pytest.raises(NotAllowed) as refused:
            decide(action, request, by)
        assert refused.type is NotAllowed
    assert totals() == before


@pytest.mark.parametrize("action", list(PATHS))
def test_city_desk_steps_in_anywhere(room, desk, action):
    sofie = make_account("sofie@stad.example")
    city = make_city_desk([sofie])
    request = make_request(PATHS[action][1], room=room)
    decide(action, request, actor_of(sofie))
    found = read(request.code)
    # It stays with the desk of its house; who decided did so for the city.
    assert (found.status, found.events[-1].desk_id, found.desk_id) == (PATHS[action][2], city.id, min(desk.desk_ids))


@pytest.mark.parametrize("action", list(PATHS))
def test_decision_on_an_old_page_is_refused(room, desk, action):
    request = make_request(PATHS[action][1], room=room)
    before = totals()
    with pytest.raises(ChangedMeanwhile):
        decide(action, request, desk, version=request.version - 1)
    assert totals() == before


@pytest.mark.parametrize("action", [Action.REFUSE, Action.CANCEL])
def test_no_needs_a_reason(room, desk, action):
    request = make_request(PATHS[action][1], room=room)
    before = totals()
    with pytest.raises(ReasonNeeded):
        decide(action, request, desk, note="")
    assert (totals(), read(request.code).status) == (before, PATHS[action][1])


def test_yes_needs_no_reason(room, desk):
    request = make_request(room=room)
    decide(Action.APPROVE, request, desk, note="")
    assert read(request.code).status is Status.APPROVED


def test_yes_that_sets_a_rule_aside_needs_a_note(room, desk):
    soon = at(day=(NOW + 10 * DAY).date())
    request = make_request(room=room, slot=soon, exception_reason="Een afscheid")
    with pytest.raises(ReasonNeeded):
        decide(Action.APPROVE, request, desk, note="")
    decide(Action.APPROVE, request, desk, note="Voor één keer")
    assert (read(request.code).status, read(request.code).decision_note) == (Status.APPROVED, "Voor één keer")


def test_unknown_request_is_told(desk):
    with pytest.raises(UnknownRequest):
        decisions.approve("nothing", by=desk, now=NOW, version=1)


@pytest.mark.parametrize("attempt", range(3))
def test_two_who_decide_at_once_have_one_outcome(app, room, desk, attempt):
    other = make_account("rita@amandsberg.example")
    with write_unit() as session:
        session.add(DeskMember(desk_id=min(desk.desk_ids), account_id=other.id, since=NOW))
    rita, request = actor_of(other), make_request(room=room)
    letters_before = totals()[1]

    def says(action, by):
        answers = {request.first.uid: action}
        service.decide(request.code, answers, by=by, now=NOW, version=request.version, note="Goed")

    outcomes = together(
        app,
        lambda: says(Action.APPROVE, desk),
        lambda: says(Action.REFUSE, rita),
        lambda: says(Action.APPROVE, rita),
        lambda: says(Action.REFUSE, desk),
    )
    assert sorted(type(one).__name__ for one in outcomes) == [*["ChangedMeanwhile"] * 3, "NoneType"]
    assert (read(request.code).status, totals()[1]) == (Status.REQUESTED, letters_before)
    rounds = together(app, *[lambda: service.carry_out(request.code, LATER)] * 3)
    status = read(request.code).status
    winner = [Status.APPROVED, Status.REFUSED][outcomes.index(None) % 2]
    assert (rounds, status, totals()[1] - letters_before) == ([None] * 3, winner, 1)
    assert letters.newest(1)[0].kind == f"request_{status}"
    assert holders() == ([TakenBy.BOOKING] if status is Status.APPROVED else [])


@pytest.mark.parametrize("attempt", range(3))
def test_approval_against_withdrawal_has_one_story(app, room, desk, an, attempt):
    request = make_request(room=room, by=an)
    approved, withdrawn = together(
        app,
        lambda: decide(Action.APPROVE, request, desk),
        lambda: asking.withdraw(request.code, by=an, now=LATER),
    )
    assert (type(approved), withdrawn) in [(type(None), None), (NotPossible, None)]
    found = read(request.code)
    story = [event.action for event in found.events if not event.is_internal]
    assert story == [Action.PROVE, *([Action.APPROVE] if approved is None else []), Action.WITHDRAW]
    assert (found.status, holders(), found.first.was_confirmed) == (Status.WITHDRAWN, [], approved is None)
    assert self_check.faults() == []


def test_association_of_the_same_name_is_another_association(room, desk, an):
    request = make_request(room=room, by=an)
    make_association("Harmonie De Eendracht", members=[accounts.by_email("fatima@amandsberg.example")])
    decide(Action.APPROVE, request, now_of("fatima@amandsberg.example"))
    assert read(request.code).status is Status.APPROVED


@pytest.mark.parametrize("status,action", [(Status.REQUESTED, Action.APPROVE), (Status.APPROVED, Action.CANCEL)])
def test_activity_that_has_taken_place_is_decided_no_more(room, desk, status, action):
    request = make_request(status, room=room)
    before = totals()
    with pytest.raises(NotPossible):
        decide(action, request, desk, now=request.first.slot.ends_at)
    assert (read(request.code).status, totals()) == (status, before)
