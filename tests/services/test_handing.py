"""A request that goes to another desk, or to one member of its own: who has it then, and who is told."""

from datetime import timedelta

import pytest

from tests import decisions as deciding
from tests.builders import (
    NOW,
    PASSER_BY,
    STATES,
    actor_of,
    keep,
    make_account,
    make_association,
    make_desk,
    make_request,
    make_venue,
    read,
)
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest
from zalenzoeker.domain.requests import Action, NotPossible, RequesterKind, Status
from zalenzoeker.services import conversation, decisions, handing
from zalenzoeker.services.handing import WrongDesk
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import accounts, letters, requests
from zalenzoeker.storage import conversation as storage
from zalenzoeker.storage.models import DeskMember

pytestmark = pytest.mark.both

LATER = NOW + timedelta(hours=1)
WHY = "Wij zijn dan met verlof."


@pytest.fixture
def rita(room):
    """Somebody of the desk that a request can be forwarded to."""
    rita = make_account("rita@wijkwerk.example", "Rita")
    make_desk("wijkwerk", name="Wijkwerk", venue=make_venue("elders"), members=[rita])
    return actor_of(rita)


@pytest.fixture
def bob(room, desk):
    """A colleague at the desk of the house."""
    bob = make_account("bob@amandsberg.example", "Bob")
    keep(DeskMember(desk_id=min(desk.desk_ids), account_id=bob.id, since=NOW))
    return bob


def said(code):
    """What stands on the timeline after the request itself: (action, words, facts, desk)."""
    return [(one.action, one.note, one.facts, one.desk_id) for one in read(code).events[1:]]


def written():
    """Every letter but those at the arrival: (kind, to whom)."""
    later = [one for one in reversed(letters.newest(limit=100)) if one.created_at == LATER]
    return [(one.kind, one.recipient) for one in later]


def test_forwarded_request_is_with_the_other_desk_alone(room, desk, rita):
    request = make_request(room=room)
    assert handing.forward(request.code, "wijkwerk", by=desk, now=LATER, note=WHY) == "Wijkwerk"
    found = read(request.code)
    assert (found.desk_id, found.route_reason, found.handler_id) == (min(rita.desk_ids), "", None)
    assert (found.status, found.version) == (Status.REQUESTED, request.version + 1)
    former = request.desk.name
    assert said(request.code) == [
        (Action.FORWARD, WHY, {"desk": "Wijkwerk", "former": former, "reason": "vrijwilligersgroep"}, request.desk_id),
    ]
    waiting = [[one.code for one in requests.waiting_for(by.desk_ids)] for by in (desk, rita)]
    assert waiting == [[], [request.code]]


def test_forwarded_request_is_told_to_the_asker_and_to_the_new_desk(room, desk, rita):
    request = make_request(room=room)
    handing.forward(request.code, "wijkwerk", by=desk, now=LATER, note=WHY)
    assert sorted(written()) == [
        (LetterKind.REQUEST_FORWARDED, "an@harmonie.example"),
        (LetterKind.REQUEST_TO_DECIDE, "rita@wijkwerk.example"),
    ]
    for letter in letters.newest(2):
        facts = letter.facts
        assert (facts["desk"], facts["former"], facts["note"]) == ("Wijkwerk", request.desk.name, WHY)


def test_forwarded_request_is_decided_by_the_new_desk_and_no_longer_by_the_former(room, desk, rita):
    request = make_request(room=room)
    handing.forward(request.code, "wijkwerk", by=desk, now=NOW, note=WHY)
    version = read(request.code).version
    deeds = {
        "decide": lambda by: deciding.approve(request.code, by=by, now=LATER, version=version),
        "ask": lambda by: conversation.ask(request.code, "Dag", by=by, now=LATER),
        "note": lambda by: conversation.note(request.code, "Dag", by=by, now=LATER),
        "forward": lambda by: handing.forward(request.code, "stad", by=by, now=LATER, note=WHY),
    }
    for deed in deeds.values():
        with pytest.raises(NotAllowed):
            deed(desk)
    deeds["decide"](rita)
    assert read(request.code).status is Status.APPROVED


def test_forwarded_request_takes_along_what_was_said(room, desk, rita):
    request = make_request(room=room)
    conversation.ask(request.code, "Met hoeveel?", by=desk, now=NOW)
    conversation.note(request.code, "Opletten met het licht.", by=desk, now=NOW)
    handing.forward(request.code, "wijkwerk", by=desk, now=NOW, note=WHY)
    assert [one[:2] for one in said(request.code)] == [
        (Action.ASK, "Met hoeveel?"),
        (Action.NOTE, "Opletten met het licht."),
        (Action.FORWARD, WHY),
    ]


def test_forwarded_request_can_go_on_and_come_back(room, desk, rita):
    request = make_request(room=room)
    handing.forward(request.code, "wijkwerk", by=desk, now=LATER, note=WHY)
    handing.forward(request.code, request.desk.slug, by=rita, now=LATER, note="Toch voor jullie.")
    assert read(request.code).desk_id == request.desk_id
    assert sorted(written()) == [
        (LetterKind.REQUEST_FORWARDED, "an@harmonie.example"),
        (LetterKind.REQUEST_FORWARDED, "an@harmonie.example"),
        (LetterKind.REQUEST_TO_DECIDE, desk.email),
        (LetterKind.REQUEST_TO_DECIDE, "rita@wijkwerk.example"),
    ]


def test_request_is_forwarded_to_no_desk_that_cannot_have_it(room, desk):
    make_desk("niemand")
    request = make_request(room=room)
    for slug in ("bestaat-niet", "", "niemand", request.desk.slug):
        with pytest.raises(WrongDesk):
            handing.forward(request.code, slug, by=desk, now=LATER, note=WHY)
    assert (said(request.code), read(request.code).desk_id) == ([], request.desk_id)


def test_desks_to_choose_from_are_the_others_that_a_letter_reaches(room, desk, rita):
    make_desk("niemand")
    make_desk("met-adres", name="Met adres", email="balie@post.example")
    request = make_request(room=room)
    assert [one.slug for one in storage.other_desks(request.desk_id)] == ["met-adres", "wijkwerk"]


@pytest.mark.parametrize("status", sorted(set(STATES) - {Status.REQUESTED, Status.UNPROVED, Status.LAPSED}))
def test_only_what_waits_for_an_answer_is_forwarded_or_handed(room, desk, rita, status):
    request = make_request(status, room=room)
    code = f"code-of-{desk.email}"[:43]
    with pytest.raises(NotPossible):
        handing.forward(request.code, "wijkwerk", by=desk, now=LATER, note=WHY)
    with pytest.raises(NotPossible):
        handing.hand(request.code, code, by=desk, now=LATER)
    assert read(request.code).desk_id == request.desk_id


def test_request_stays_until_a_decision_is_undone(room, desk, rita):
    request = make_request(room=room)
    answers = {request.first.uid: Action.APPROVE}
    decisions.decide(request.code, answers, by=desk, now=NOW, version=request.version)
    with pytest.raises(NotPossible):
        handing.forward(request.code, "wijkwerk", by=desk, now=NOW, note=WHY)
    with pytest.raises(NotPossible):
        handing.hand(request.code, f"code-of-{desk.email}"[:43], by=desk, now=NOW)
    decisions.undo(request.code, by=desk, now=NOW)
    handing.forward(request.code, "wijkwerk", by=desk, now=NOW, note=WHY)
    assert read(request.code).desk_id == min(rita.desk_ids)


@pytest.mark.parametrize("who", ["passer-by", "asker", "another desk"])
def test_nobody_but_the_desk_forwards_or_hands(room, desk, rita, bob, who):
    request = make_request(room=room)
    asker = actor_of(accounts.by_email("an@harmonie.example"))
    by = {"passer-by": PASSER_BY, "asker": asker, "another desk": rita}[who]
    with pytest.raises(NotAllowed):
        handing.forward(request.code, "wijkwerk", by=by, now=LATER, note=WHY)
    with pytest.raises(NotAllowed):
        handing.hand(request.code, bob.code, by=by, now=LATER)
    assert said(request.code) == []


def test_nobody_forwards_or_hands_their_own_request(room, desk, rita, bob):
    request = make_request(room=room, by=desk)
    with pytest.raises(OwnRequest):
        handing.forward(request.code, "wijkwerk", by=desk, now=LATER, note=WHY)
    with pytest.raises(OwnRequest):
        handing.hand(request.code, bob.code, by=desk, now=LATER)
    assert said(request.code) == []


def test_request_that_is_not_there_goes_nowhere(room, desk):
    with pytest.raises(UnknownRequest):
        handing.forward("bestaat-niet", "wijkwerk", by=desk, now=NOW, note=WHY)
    with pytest.raises(UnknownRequest):
        handing.hand("bestaat-niet", "x", by=desk, now=NOW)


def test_colleague_who_looks_after_a_request_gets_a_letter(room, desk, bob):
    request = make_request(room=room)
    assert handing.hand(request.code, bob.code, by=desk, now=LATER) == "Bob"
    found = read(request.code)
    assert (found.handler_id, found.handler.name, found.version) == (bob.id, "Bob", request.version)
    assert said(request.code) == [(Action.HAND, "", {"handler": "Bob"}, request.desk_id)]
    assert (written(), letters.newest(1)[0].facts["handed_by"]) == (
        [(LetterKind.REQUEST_HANDED, bob.email)],
        desk.name,
    )


def test_member_who_takes_a_request_gets_no_letter(room, desk):
    request = make_request(room=room)
    handing.hand(request.code, f"code-of-{desk.email}"[:43], by=desk, now=LATER)
    assert (read(request.code).handler_id, written()) == (desk.account_id, [])


def test_request_that_is_handed_back_and_forth_is_told_each_time_and_twice_to_the_same_once(room, desk, bob):
    request = make_request(room=room)
    own = f"code-of-{desk.email}"[:43]
    for code in (bob.code, bob.code, own, bob.code):
        handing.hand(request.code, code, by=desk, now=LATER)
    assert written() == [(LetterKind.REQUEST_HANDED, bob.email)] * 2
    assert len(said(request.code)) == 3


def test_request_is_handed_to_nobody_of_another_desk(room, desk, rita):
    request = make_request(room=room)
    for code in ("code-of-rita@wijkwerk.example", "bestaat-niet", ""):
        with pytest.raises(NotAllowed):
            handing.hand(request.code, code, by=desk, now=LATER)
    assert said(request.code) == []


def test_request_is_handed_to_nobody_who_asked_it(room, desk, bob):
    els = make_account("els@harmonie.example", "Els")
    club = make_association(members=[bob, els], kind=RequesterKind.ASSOCIATION)
    of_club = {"association_id": club.id, "association_name": club.name, "requester_kind": club.kind}
    request = make_request(room=room, by=actor_of(els), **of_club)
    with pytest.raises(OwnRequest):
        handing.hand(request.code, bob.code, by=desk, now=LATER)
    assert [one.email for one in storage.colleagues(request.desk_id, club.id)] == [desk.email]
    assert [one.name for one in storage.colleagues(request.desk_id, None)] == ["Bob", desk.name]


def test_request_that_was_handed_can_be_decided_by_every_member(room, desk, bob):
    request = make_request(room=room)
    handing.hand(request.code, bob.code, by=desk, now=NOW)
    # Who looks after it changes nothing that a decider must have seen.
    deciding.approve(request.code, by=desk, now=LATER, version=request.version)
    assert read(request.code).status is Status.APPROVED
