"""Questions and answers about a request, and notes: said by the right people, once, and told to the right people."""

from datetime import timedelta
from functools import partial

import pytest

from tests.builders import (
    AT_HOME,
    NOW,
    PASSER_BY,
    actor_of,
    at,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_venue,
    read,
)
from tests.services.looks import holders
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest
from zalenzoeker.domain.requests import Action, NotPossible, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import conversation, deadlines, decisions
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage import conversation as storage

pytestmark = pytest.mark.both

LATER = NOW + timedelta(hours=1)
ASKER = "an@harmonie.example"
reply = partial(conversation.reply, visitor=AT_HOME)
SAY = {Action.ASK: conversation.ask, Action.NOTE: conversation.note, Action.REPLY: reply}


def asker():
    return actor_of(accounts.by_email(ASKER))


def said(code):
    """What stands on the timeline after the request itself: (action, words, who, desk, is it internal)."""
    events = read(code).events[1:]
    return [(one.action, one.note, one.account_id, one.desk_id, one.is_internal) for one in events]


def written():
    """Every letter but those of the request itself: (kind, to whom)."""
    known = {LetterKind.REQUEST_RECEIVED, LetterKind.REQUEST_TO_DECIDE}
    return [(one.kind, one.recipient) for one in reversed(letters.newest(limit=100)) if one.kind not in known]


@pytest.mark.parametrize("ends, is_possible", [(timedelta(minutes=-1), True), (timedelta(0), False)])
def test_after_the_last_date_nothing_is_asked_or_answered(room, desk, ends, is_possible):
    request = make_request(Status.APPROVED, room=room)
    version, last = request.version, at().ends_at + ends
    for deed, by in ((conversation.ask, desk), (reply, asker())):
        if is_possible:
            deed(request.code, "Nog iets?", by=by, now=last)
        else:
            with pytest.raises(NotPossible):
                deed(request.code, "Nog iets?", by=by, now=last)
    conversation.note(request.code, "De sleutel is terug.", by=desk, now=last)
    assert read(request.code).version == version + 2 * is_possible


def test_question_stands_on_the_timeline_and_leaves_to_the_asker(room, desk):
    request = make_request(room=room)
    conversation.ask(request.code, "Met hoeveel zijn jullie?", by=desk, now=LATER)
    found = read(request.code)
    assert said(request.code) == [
        (Action.ASK, "Met hoeveel zijn jullie?", desk.account_id, request.desk_id, False),
    ]
    assert (found.status, found.version, found.events[-1].at) == (Status.REQUESTED, request.version + 1, LATER)
    letter = letters.newest(1)[0]
    assert written() == [(LetterKind.QUESTION_ASKED, ASKER)]
    assert (letter.facts["note"], letter.facts["is_for_desk"]) == ("Met hoeveel zijn jullie?", False)
    assert letter.reply_to == room.venue.email


def test_answer_stands_on_the_timeline_and_leaves_to_the_desk(room, desk):
    request = make_request(room=room)
    conversation.ask(request.code, "Met hoeveel?", by=desk, now=NOW)
    reply(request.code, "Met twintig.", by=asker(), now=LATER)
    assert said(request.code)[-1] == (Action.REPLY, "Met twintig.", asker().account_id, None, False)
    assert written()[-1] == (LetterKind.QUESTION_ANSWERED, desk.email)
    facts = letters.newest(1)[0].facts
    assert (facts["note"], facts["is_answer"], facts["had_decided"]) == ("Met twintig.", True, False)
    # It carries a link by which the desk decides, which must not come to the asker in what an answer quotes.
    assert letters.newest(1)[0].reply_to == ""


def test_message_that_nobody_asked_for_is_told_as_one(room, desk):
    request = make_request(room=room)
    reply(request.code, "We komen om 9 uur.", by=asker(), now=LATER)
    assert letters.newest(1)[0].facts["is_answer"] is False


def test_answer_of_another_member_of_the_group_counts(room, desk):
    an, els = make_account(ASKER, "An"), make_account("els@harmonie.example", "Els")
    club = make_association(members=[an, els])
    request = make_request(
        room=room, by=actor_of(an), association_id=club.id, association_name=club.name, requester_kind=club.kind
    )
    reply(request.code, "Wij zijn met twintig.", by=actor_of(els), now=LATER)
    assert said(request.code) == [(Action.REPLY, "Wij zijn met twintig.", els.id, None, False)]


def test_note_stays_at_the_desk_and_changes_nothing(room, desk):
    request = make_request(room=room)
    conversation.note(request.code, "Vorige keer bleef het licht aan.", by=desk, now=LATER)
    assert said(request.code) == [
        (Action.NOTE, "Vorige keer bleef het licht aan.", desk.account_id, request.desk_id, True),
    ]
    assert (read(request.code).version, written()) == (request.version, [])


def test_note_is_in_no_letter_that_leaves_afterwards(room, desk):
    request = make_request(room=room)
    conversation.note(request.code, "Geheim van de balie", by=desk, now=NOW)
    conversation.ask(request.code, "Met hoeveel?", by=desk, now=NOW)
    reply(request.code, "Twintig", by=asker(), now=NOW)
    answers = {request.first.uid: Action.APPROVE}
    decisions.decide(request.code, answers, by=desk, now=NOW, version=read(request.code).version)
    deadlines.tick(LATER)
    found = letters.newest(limit=100)
    assert sorted({one.kind for one in found}) == [
        "question_answered", "question_asked", "request_approved", "request_received", "request_to_decide",
    ]  # fmt: skip
    assert [one.kind for one in found if "Geheim" in repr(one.facts)] == []


@pytest.mark.parametrize("action", [Action.ASK, Action.NOTE, Action.REPLY])
def test_same_words_twice_in_a_row_are_said_once(room, desk, action):
    request = make_request(room=room)
    by = asker() if action is Action.REPLY else desk
    for moment in (NOW, LATER):
        SAY[action](request.code, "Hetzelfde", by=by, now=moment)
    assert [one[0] for one in said(request.code)] == [action]
    assert len(written()) == (action is not Action.NOTE)
    SAY[action](request.code, "Iets anders", by=by, now=LATER)
    SAY[action](request.code, "Hetzelfde", by=by, now=LATER)
    assert [one[1] for one in said(request.code)] == ["Hetzelfde", "Iets anders", "Hetzelfde"]


def people(room, request):
    """Everybody who may not speak as the desk, by who they are."""
    elsewhere = make_venue("elders")
    rita = make_account("rita@elders.example")
    make_desk(venue=elsewhere, members=[rita])
    return {
        "passer-by": PASSER_BY,
        "somebody": actor_of(make_account("iemand@post.example")),
        "asker": asker(),
        "another desk": actor_of(rita),
    }


@pytest.mark.parametrize("who", ["passer-by", "somebody", "asker", "another desk"])
@pytest.mark.parametrize("action", [Action.ASK, Action.NOTE])
def test_nobody_but_the_desk_speaks_as_the_desk(room, desk, action, who):
    request = make_request(room=room)
    with pytest.raises(NotAllowed):
        SAY[action](request.code, "Dag", by=people(room, request)[who], now=LATER)
    assert said(request.code) == []


@pytest.mark.parametrize("who", ["passer-by", "somebody", "another desk", "desk", "city"])
def test_nobody_but_the_asker_answers_as_the_asker(room, desk, who):
    request = make_request(room=room)
    sofie = make_account("sofie@stad.example")
    make_city_desk([sofie])
    by = {**people(room, request), "desk": desk, "city": actor_of(sofie)}[who]
    with pytest.raises(NotAllowed):
        reply(request.code, "Dag", by=by, now=LATER)
    assert said(request.code) == []


def test_city_speaks_for_every_desk(room, desk):
    sofie = make_account("sofie@stad.example")
    city = make_city_desk([sofie])
    request = make_request(room=room)
    conversation.ask(request.code, "Met hoeveel?", by=actor_of(sofie), now=LATER)
    assert said(request.code) == [(Action.ASK, "Met hoeveel?", sofie.id, city.id, False)]


@pytest.mark.parametrize("way", ["same account", "member of the association", "at the city desk"])
@pytest.mark.parametrize("action", [Action.ASK, Action.NOTE])
def test_nobody_speaks_as_the_desk_about_their_own_request(room, action, way):
    fatima = make_account("fatima@amandsberg.example", "Fatima")
    other = make_account(ASKER, "An")
    club = make_association(members=[fatima, other], kind=RequesterKind.ASSOCIATION)
    if way == "at the city desk":
        make_city_desk([fatima])
        make_desk(venue=room.venue, members=[make_account("bob@post.example")])
    else:
        make_desk(venue=room.venue, members=[fatima])
    of_club = {"association_id": club.id, "association_name": club.name, "requester_kind": club.kind}
    by = actor_of(other if way == "member of the association" else fatima)
    request = make_request(room=room, by=by, **(of_club if way == "member of the association" else {}))
    with pytest.raises(OwnRequest):
        SAY[action](request.code, "Dag", by=actor_of(fatima), now=LATER)
    assert said(request.code) == []


@pytest.mark.parametrize("action", list(SAY))
def test_request_that_is_not_there_hears_nothing(room, desk, action):
    with pytest.raises(UnknownRequest):
        SAY[action]("bestaat-niet", "Dag", by=desk, now=NOW)


def test_question_waits_until_a_decision_is_undone(room, desk):
    request = make_request(room=room)
    answers = {request.first.uid: Action.REFUSE}
    decisions.decide(request.code, answers, by=desk, now=NOW, version=request.version, note="Nee.")
    with pytest.raises(NotPossible):
        conversation.ask(request.code, "Toch nog iets?", by=desk, now=NOW)
    conversation.note(request.code, "Bellen we nog?", by=desk, now=NOW)
    decisions.undo(request.code, by=desk, now=NOW)
    conversation.ask(request.code, "Toch nog iets?", by=desk, now=NOW)
    assert [one[0] for one in said(request.code)] == [Action.DECIDE, Action.NOTE, Action.UNDO, Action.ASK]


@pytest.mark.parametrize("policy", ["hold", "queue"])
def test_answer_voids_a_decision_that_nobody_heard_of(desk, room, policy):
    hall = make_room("kelder", venue=room.venue, rules={RuleName.PENDING: {"default": policy}})
    request = make_request(room=hall)
    answers = {request.first.uid: Action.APPROVE}
    decisions.decide(request.code, answers, by=desk, now=NOW, version=request.version)
    reply(request.code, "We zijn met honderd.", by=asker(), now=NOW + timedelta(minutes=5))
    assert [one[0] for one in said(request.code)] == [Action.DECIDE, Action.REPLY, Action.VOID]
    assert (read(request.code).decision, letters.newest(1)[0].facts["had_decided"]) == (None, True)
    assert holders() == [TakenBy.QUEUED if policy == "queue" else TakenBy.REQUEST]
    deadlines.tick(LATER)
    assert (read(request.code).status, written()[-1][0]) == (Status.REQUESTED, LetterKind.QUESTION_ANSWERED)


def test_what_was_said_of_many_requests_is_read_at_once(room, desk):
    first, second = make_request(room=room), make_request(room=room, slot=at("20:00", "22:00"))
    conversation.ask(first.code, "Met hoeveel?", by=desk, now=NOW)
    conversation.note(first.code, "Nota", by=desk, now=NOW)
    reply(first.code, "Twintig", by=asker(), now=NOW)
    assert storage.said([first.id, second.id]) == {first.id: [Action.ASK, Action.REPLY]}
    assert storage.said([]) == {}
