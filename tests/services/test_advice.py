"""Several decide: votes, what they come to, silence, and the city desk that decides instead or after advice."""

from datetime import time, timedelta

import pytest

from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    keep,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
)
from tests.race import together
from zalenzoeker.domain.advice import AdviceKind, AdviceNeeded, Outcome, Silence, Tally
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest
from zalenzoeker.domain.requests import Action, NotPossible, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import advice, conversation, dates, deadlines, decisions, handing, waiting
from zalenzoeker.services import requests as asking
from zalenzoeker.services.advice import NotAWayToVote
from zalenzoeker.services.desks import UnknownDesk
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import accounts, desks, due, letters
from zalenzoeker.storage import advice as storage
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import DeskMember

pytestmark = pytest.mark.both

LATER = NOW + timedelta(hours=1)
TOLD = LATER + timedelta(minutes=10)
# The end of the seventh day in Ghent.
ENDED = NOW.replace(day=30, hour=22, minute=59)
NAMES = ("Mia", "Jan", "Fatima", "Omar", "Lies")
HOURS = time(14), time(18)
WHY = "Dan is het te druk."


@pytest.fixture
def room(app):
    return make_room("zaal", venue=make_venue("open-huis-drongen"))


@pytest.fixture
def group(room):
    """Five volunteers who decide together."""
    people = [make_account(f"{name.lower()}@drongen.example", name) for name in NAMES]
    make_desk("drongen", name="Open Huis Drongen", venue=room.venue, members=people)
    return [actor_of(one) for one in people]


@pytest.fixture
def sofie(app):
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    return actor_of(sofie)


def votes_by(kind=AdviceKind.DECIDES, needed=3, silence=Silence.NOTHING, days=7):
    """From now on the desk votes like this."""
    by = actor_of(accounts.by_email("mia@drongen.example"))
    advice.set_advice("drongen", kind, needed=needed, days=days, silence=silence, by=by, now=NOW)


def says(request, is_yes, by, *, note="", now=LATER, version=None, **more):
    version = read(request.code).version if version is None else version
    return advice.vote(
        request.code, is_yes, by=by, now=now, version=version, note=note or ("" if is_yes else WHY), **more
    )


def said(code):
    """What happened after the arrival, and for which desk."""
    return [(one.action, one.note, one.desk_id) for one in read(code).events[1:]]


def actions(code):
    return [one.action for one in read(code).events[1:]]


def counted(request):
    return storage.about(read(request.code)).tally


# Their votes are the decision.


def test_yes_of_enough_members_is_the_decision_which_is_told_after_ten_minutes(room, group):
    votes_by(needed=3)
    request = make_request(room=room)
    assert [says(request, True, by=one) for one in group[:2]] == [Outcome.OPEN] * 2
    assert (read(request.code).decision, counted(request)) == (None, Tally(2, 0, 5, 3))
    assert says(request, True, by=group[2], note="Fijne groep.") is Outcome.YES
    found = read(request.code)
    assert (found.status, found.decision.account_id, found.decision.due_at) == (
        Status.REQUESTED,
        group[2].account_id,
        TOLD,
    )
    assert found.decision.votes == {"yes": 3, "of": 5, "needed": 3, "is_silence": False}
    decided = found.events[-1]
    assert (decided.action, decided.note, decided.facts["votes"]) == (
        Action.DECIDE,
        "Fijne groep.",
        found.decision.votes,
    )
    deadlines.tick(TOLD)
    assert (read(request.code).status, read(request.code).vote_until) == (Status.APPROVED, None)
    # What a volunteer wrote for the others goes to nobody else.
    letter = next(one for one in letters.newest(5) if one.kind == LetterKind.REQUEST_APPROVED)
    assert letter.facts["note"] == ""


def test_no_of_so_many_that_a_yes_cannot_be_reached_is_a_no_with_words_for_the_asker(room, group):
    votes_by(needed=4)
    request = make_request(room=room)
    says(request, False, by=group[0], note="Te veel volk.")
    outcome = says(request, False, by=group[1], note="De kok is er niet.", to_asker="Vraag het gerust in maart.")
    found = read(request.code)
    assert (outcome, found.decision.answers) == (Outcome.NO, {found.first.uid: "refuse"})
    assert found.events[-1].note == "Te veel volk.\nDe kok is er niet."
    deadlines.tick(TOLD)
    found = read(request.code)
    assert (found.status, found.decision_note) == (Status.REFUSED, "Vraag het gerust in maart.")
    letter = next(one for one in letters.newest(5) if one.kind == LetterKind.REQUEST_REFUSED)
    told = {"yes": 0, "of": 5, "needed": 4, "is_silence": False}
    assert (letter.facts["note"], letter.facts["votes"]) == ("Vraag het gerust in maart.", told)
    assert found.events[-1].facts == {"votes": told}


def test_vote_can_be_changed_until_there_is_an_outcome(room, group):
    votes_by(needed=2)
    request = make_request(room=room)
    says(request, False, by=group[0])
    says(request, True, by=group[0])
    assert (counted(request), len(actions(request.code))) == (Tally(1, 0, 5, 2), 2)
    assert says(request, True, by=group[1]) is Outcome.YES
    with pytest.raises(NotPossible):
        says(request, False, by=group[0])
    with pytest.raises(NotPossible):
        says(request, True, by=group[2])


def test_same_vote_sent_twice_is_one_also_when_it_was_the_last(room, group):
    votes_by(needed=2)
    request = make_request(room=room)
    for _ in range(2):
        assert says(request, True, by=group[0]) is Outcome.OPEN
    for _ in range(2):
        assert says(request, True, by=group[1]) is Outcome.YES
    assert actions(request.code) == [Action.VOTE, Action.VOTE, Action.DECIDE]
    deadlines.tick(TOLD)
    with pytest.raises(NotPossible):
        says(request, True, by=group[1])


def test_two_last_votes_at_once_make_one_decision(app, room, group):
    votes_by(needed=3)
    request = make_request(room=room)
    for one in group[:2]:
        says(request, True, by=one)
    found = together(
        app,
        lambda: advice.vote(request.code, True, by=group[2], now=LATER, version=request.version),
        lambda: advice.vote(request.code, True, by=group[3], now=LATER, version=request.version),
    )
    assert sorted(type(one).__name__ for one in found) == ["NotPossible", "Outcome"]
    assert actions(request.code) == [Action.VOTE] * 3 + [Action.DECIDE]


def test_votes_at_once_of_the_two_that_are_needed_make_one_decision(app, room, group):
    votes_by(needed=2)
    request = make_request(room=room)
    found = together(
        app,
        lambda: advice.vote(request.code, True, by=group[0], now=LATER, version=request.version),
        lambda: advice.vote(request.code, True, by=group[1], now=LATER, version=request.version),
    )
    assert sorted(found) == [Outcome.OPEN, Outcome.YES]
    assert actions(request.code) == [Action.VOTE, Action.VOTE, Action.DECIDE]


def test_no_needs_a_reason_and_a_yes_to_an_exception_too(room, group):
    votes_by(needed=1)
    request = make_request(room=room)
    with pytest.raises(decisions.ReasonNeeded):
        advice.vote(request.code, False, by=group[0], now=LATER, version=request.version)
    soon = NOW.date() + timedelta(days=12)
    special = make_request(room=room, slot=request.first.slot.on(soon, *HOURS), exception_reason="Ziekte.")
    with pytest.raises(decisions.ReasonNeeded):
        advice.vote(special.code, True, by=group[0], now=LATER, version=special.version)
    assert says(special, True, by=group[0], note="We zijn er toch.") is Outcome.YES
    assert read(special.code).decision.note == "We zijn er toch."
    assert actions(request.code) == []


# Who votes.


def test_nobody_votes_about_their_own_request_and_so_many_fewer_are_needed(room, group):
    votes_by(needed=5)
    club = make_association(members=[accounts.by_email(f"{name.lower()}@drongen.example") for name in NAMES[:2]])
    own = actor_of(accounts.by_email("mia@drongen.example"))
    of_club = {"association_id": club.id, "association_name": club.name, "requester_kind": RequesterKind.NON_PROFIT}
    request = make_request(room=room, by=own, **of_club)
    for one in ("mia@drongen.example", "jan@drongen.example"):
        with pytest.raises(OwnRequest):
            says(request, True, by=actor_of(accounts.by_email(one)))
    assert counted(request) == Tally(0, 0, 3, 3)
    assert [says(request, True, by=one) for one in group[2:]] == [Outcome.OPEN, Outcome.OPEN, Outcome.YES]


def test_request_of_all_members_is_decided_by_the_city_alone_whatever_silence_means(room, group, sofie):
    votes_by(needed=1, silence=Silence.YES)
    club = make_association(members=[accounts.by_email(f"{name.lower()}@drongen.example") for name in NAMES])
    own = actor_of(accounts.by_email("mia@drongen.example"))
    of_club = {"association_id": club.id, "association_name": club.name, "requester_kind": RequesterKind.NON_PROFIT}
    request = make_request(room=room, by=own, **of_club)
    deadlines.tick(ENDED)
    assert (actions(request.code), read(request.code).vote_until) == ([], None)
    decide(request, sofie, note="Goed voor ons.")
    assert read(request.code).decision.account_id == sofie.account_id


def test_silence_gives_no_yes_to_a_member_of_the_desk(room, group):
    votes_by(needed=1, silence=Silence.YES)
    request = make_request(room=room, by=group[0])
    deadlines.tick(ENDED)
    assert [one for one in actions(request.code) if one is not Action.REMIND] == []
    assert (read(request.code).status, read(request.code).decision) == (Status.REQUESTED, None)


def test_only_members_of_the_desk_vote(room, group, sofie):
    votes_by()
    request = make_request(room=room)
    rita = make_account("rita@elders.example")
    make_desk("elders", members=[rita])
    for by in (sofie, actor_of(rita), actor_of(accounts.by_email("an@harmonie.example"))):
        with pytest.raises(NotAllowed):
            says(request, True, by=by)
    with pytest.raises(UnknownRequest):
        advice.vote("bestaat-niet", True, by=group[0], now=LATER, version=1)
    assert actions(request.code) == []


def test_vote_of_a_member_who_left_no_longer_counts(room, group):
    votes_by(needed=3)
    request = make_request(room=room)
    for one in group[:2]:
        says(request, True, by=one)
    with write_unit() as session:
        for one in (group[0], group[4]):
            session.delete(session.get(DeskMember, (request.desk_id, one.account_id)))
    assert (counted(request), [one.account.name for one in storage.about(read(request.code)).older]) == (
        Tally(1, 0, 3, 3),
        ["Mia"],
    )
    with pytest.raises(NotAllowed):
        says(request, True, by=actor_of(accounts.by_email("mia@drongen.example")))


def test_votes_are_counted_anew_when_a_member_leaves(room, group):
    votes_by(needed=5)
    request, other = make_request(room=room), make_request(room=make_room("boven", venue=room.venue))
    for one in group[:4]:
        says(request, True, by=one)
    with write_unit() as session:
        session.delete(session.get(DeskMember, (request.desk_id, group[4].account_id)))
    for _ in range(2):
        advice.count_anew(request.desk_id, LATER)
    assert read(request.code).decision.votes == {"yes": 4, "of": 4, "needed": 4, "is_silence": False}
    assert (actions(request.code), actions(other.code)) == ([Action.VOTE] * 4 + [Action.DECIDE], [])


def test_request_from_the_waiting_list_is_voted_about_from_then_on(room, group):
    request = make_request(Status.OFFERED, room=room, contact_email="wim@post.example")
    votes_by(needed=2)
    waiting.accept(request.code, by=actor_of(accounts.by_email("wim@post.example")), now=LATER)
    assert (read(request.code).vote_until, counted(request)) == (ENDED, Tally(0, 0, 5, 2))


def test_member_who_came_later_votes_too(room, group):
    votes_by(needed=5)
    request = make_request(room=room)
    els = make_account("els@drongen.example", "Els")
    keep(DeskMember(desk_id=request.desk_id, account_id=els.id, since=NOW))
    says(request, True, by=actor_of(els))
    assert counted(request) == Tally(1, 0, 6, 5)


def test_where_nobody_votes_there_is_nothing_to_vote_about(room, group):
    request = make_request(room=room)
    with pytest.raises(NotPossible):
        says(request, True, by=group[0])
    assert (request.voting, request.vote_until) == (None, None)


# Nobody of the desk decides alone; the city desk does.


def decide(request, by, *, action=Action.APPROVE, note="", now=LATER):
    found = read(request.code)
    answers = {one.uid: action for one in found.occurrences}
    return decisions.decide(request.code, answers, by=by, now=now, version=found.version, note=note)


@pytest.mark.parametrize("kind", [AdviceKind.DECIDES, AdviceKind.ADVISES])
@pytest.mark.parametrize("action", [Action.APPROVE, Action.REFUSE])
def test_member_of_a_desk_that_votes_does_not_decide_alone(room, group, kind, action):
    votes_by(kind, needed=1)
    request = make_request(room=room)
    with pytest.raises(AdviceNeeded):
        decide(request, group[0], action=action, note="Ik beslis.")
    assert (read(request.code).decision, actions(request.code)) == (None, [])


def test_member_does_not_end_alone_what_all_have_approved(room, group, sofie):
    votes_by(needed=2)
    request = make_request(room=room)
    for one in group[:2]:
        says(request, True, by=one)
    deadlines.tick(TOLD)
    with pytest.raises(AdviceNeeded):
        decide(request, group[4], action=Action.CANCEL, note="Toch niet.", now=TOLD)
    decide(request, sofie, action=Action.CANCEL, note="Waterschade.", now=TOLD)
    assert read(request.code).decision.account_id == sofie.account_id


def test_city_desk_decides_before_the_votes_with_its_own_words(room, group, sofie):
    votes_by(needed=3)
    request = make_request(room=room)
    says(request, False, by=group[0])
    with pytest.raises(decisions.OverruleNeeded):
        decide(request, sofie)
    decide(request, sofie, note="Het is dringend.")
    # What the city desk decided, no member takes back.
    with pytest.raises(AdviceNeeded):
        decisions.undo(request.code, by=group[0], now=LATER)
    deadlines.tick(TOLD)
    assert read(request.code).status is Status.APPROVED


def test_city_desk_decides_before_advice_without_more(room, group, sofie):
    votes_by(AdviceKind.ADVISES)
    request = make_request(room=room)
    decide(request, sofie)
    assert read(request.code).decision.votes is None


def test_who_voted_for_what_votes_decided_undoes_it_and_then_all_vote_anew(room, group):
    votes_by(needed=2)
    request = make_request(room=room)
    for one in group[:2]:
        says(request, True, by=one)
    # Nobody goes round the votes of the others.
    with pytest.raises(AdviceNeeded):
        decisions.undo(request.code, by=group[4], now=LATER)
    decisions.undo(request.code, by=group[0], now=LATER)
    found = read(request.code)
    assert (found.decision, counted(request), len(storage.about(found).older)) == (None, Tally(0, 0, 5, 2), 2)
    assert found.vote_until == ENDED
    deadlines.tick(TOLD)
    assert read(request.code).status is Status.REQUESTED
    assert [says(request, True, by=one, now=TOLD) for one in group[:2]] == [Outcome.OPEN, Outcome.YES]


# What was voted about is no longer what is asked.


def test_votes_fall_when_the_asker_changes_the_request(room, group):
    votes_by(needed=2)
    request = make_request(room=room)
    says(request, True, by=group[0])
    an, first = actor_of(accounts.by_email("an@harmonie.example")), request.first
    later = NOW + timedelta(days=2)
    move = dates.Move(first.starts.time(), (first.ends + timedelta(hours=1)).time())
    dates.change(request.code, first.uid, Scope.THIS, move, by=an, now=later)
    found = read(request.code)
    votes = storage.about(found)
    assert (votes.tally, [one.account.name for one in votes.older]) == (Tally(0, 0, 5, 2), ["Mia"])
    assert found.vote_until == ENDED + timedelta(days=2)
    with pytest.raises(decisions.ChangedMeanwhile):
        says(request, True, by=group[1], version=request.version)
    assert [says(request, True, by=one, now=later) for one in group[:2]] == [Outcome.OPEN, Outcome.YES]


def test_what_votes_decided_falls_when_the_asker_writes(room, group):
    votes_by(needed=1)
    request = make_request(room=room)
    says(request, True, by=group[0])
    conversation.reply(
        request.code,
        "We komen met meer.",
        by=actor_of(accounts.by_email("an@harmonie.example")),
        now=LATER,
        visitor=AT_HOME,
    )
    deadlines.tick(TOLD)
    assert (read(request.code).status, counted(request)) == (Status.REQUESTED, Tally(0, 0, 5, 1))


def test_question_and_note_leave_the_votes(room, group):
    votes_by(needed=2)
    request = make_request(room=room)
    says(request, True, by=group[0])
    conversation.ask(request.code, "Met hoeveel?", by=group[1], now=LATER)
    conversation.note(request.code, "Opletten.", by=group[1], now=LATER)
    assert says(request, True, by=group[1]) is Outcome.YES


def test_votes_stay_with_the_desk_that_cast_them(room, group, sofie):
    votes_by(needed=2)
    rita = make_account("rita@elders.example")
    make_desk("elders", members=[rita])
    request = make_request(room=room)
    says(request, True, by=group[0])
    handing.forward(request.code, "elders", by=sofie, now=LATER, note="Jullie zaal.")
    assert (read(request.code).voting, read(request.code).vote_until) == (None, None)
    handing.forward(request.code, "drongen", by=actor_of(rita), now=LATER, note="Toch niet.")
    assert (counted(request), read(request.code).vote_until) == (Tally(0, 0, 5, 2), ENDED)


def test_vote_is_about_every_date_of_a_series_and_the_city_decides_date_by_date(room, group, sofie):
    votes_by(needed=2)
    request = make_series(room)
    uids = [one.uid for one in request.occurrences]
    answers = {uids[0]: Action.REFUSE}
    decisions.decide(request.code, answers, by=sofie, now=LATER, version=request.version, note="Feestdag.")
    deadlines.tick(TOLD)
    for one in group[:2]:
        says(request, True, by=one, now=TOLD)
    assert read(request.code).decision.answers == dict.fromkeys(uids[1:], "approve")
    deadlines.tick(TOLD + timedelta(minutes=10))
    stand = [one.status for one in read(request.code).occurrences]
    assert stand == [Status.REFUSED] + [Status.APPROVED] * 5


# Silence.


@pytest.mark.parametrize(
    "silence,status,note",
    [(Silence.YES, Status.APPROVED, ""), (Silence.NO, Status.REFUSED, ""), (Silence.NOTHING, Status.REQUESTED, "")],
)
def test_silence_means_what_the_house_chose(room, group, silence, status, note):
    votes_by(needed=3, silence=silence)
    request = make_request(room=room)
    says(request, True, by=group[0])
    assert (request.vote_until, due.vote_ended(ENDED - timedelta(seconds=1))) == (ENDED, [])
    deadlines.tick(ENDED)
    for _ in range(2):
        advice.close(request.code, ENDED)
    decided = [] if silence is Silence.NOTHING else [Action.DECIDE]
    # Where it goes on waiting, those whose vote is missing are reminded.
    assert [one for one in actions(request.code) if one is not Action.REMIND] == [Action.VOTE, *decided]
    deadlines.tick(ENDED + timedelta(minutes=10))
    found = read(request.code)
    assert (found.status, found.decision_note, found.vote_until, due.vote_ended(ENDED)) == (status, note, None, [])


def test_votes_count_also_after_silence_that_means_nothing(room, group):
    votes_by(needed=2)
    request = make_request(room=room)
    says(request, True, by=group[0])
    deadlines.tick(ENDED)
    assert says(request, True, by=group[1], now=ENDED + timedelta(days=1)) is Outcome.YES


def test_silence_allows_no_exception(room, group):
    votes_by(needed=2, silence=Silence.YES)
    soon = NOW.date() + timedelta(days=12)
    slot = make_request(room=room).first.slot.on(soon, *HOURS)
    special = make_request(room=room, slot=slot, exception_reason="Ziekte.")
    advice.close(special.code, special.vote_until)
    assert (read(special.code).decision, read(special.code).vote_until) == (None, None)


def test_silence_gives_no_room_that_is_gone(room, group, sofie):
    votes_by(needed=2, silence=Silence.YES)
    hall = make_room("rij", venue=room.venue, rules={RuleName.PENDING: {"default": "queue"}})
    first, second = make_request(room=hall), make_request(room=hall, contact_email="bert@post.example")
    advice.close(first.code, ENDED)
    advice.close(second.code, ENDED)
    assert [one is None for one in (read(first.code).decision, read(second.code).decision)] == [False, True]
    assert (read(second.code).vote_until, actions(second.code)) == (None, [])


def test_time_to_vote_ends_with_the_request(room, group):
    votes_by(needed=2, silence=Silence.YES)
    request = make_request(room=room)
    asking.withdraw(request.code, by=actor_of(accounts.by_email("an@harmonie.example")), now=LATER)
    deadlines.tick(ENDED)
    assert (read(request.code).vote_until, actions(request.code)) == (None, [Action.WITHDRAW])


# A committee advises, the city decides.


def test_advice_brings_the_request_to_the_city_desk_which_decides(room, group, sofie):
    votes_by(AdviceKind.ADVISES, needed=2)
    request = make_request(room=room)
    says(request, False, by=group[0])
    says(request, True, by=group[1])
    assert says(request, True, by=group[2]) is Outcome.YES
    found = read(request.code)
    city = desks.city_id()
    assert (found.desk_id, found.voting, found.vote_until, found.decision) == (city, None, None, None)
    given = {"outcome": "yes", "yes": 2, "of": 5, "needed": 2, "is_silence": False}
    last = found.events[-1]
    assert (last.action, last.note, last.desk_id, last.is_internal) == (Action.ADVISE, "", request.desk_id, False)
    assert last.facts == {
        "former": "Open Huis Drongen",
        "desk": "Stadsbalie",
        "advice": given,
        "reason": "vrijwilligersgroep",
    }
    letter = letters.newest(1)[0]
    assert (letter.kind, letter.recipient, letter.facts["advice"]) == (
        LetterKind.REQUEST_TO_DECIDE,
        sofie.email,
        given,
    )
    # Sent twice, the last vote is one; and nobody of the committee decides any more.
    assert advice.vote(request.code, True, by=group[2], now=LATER, version=request.version) is Outcome.YES
    with pytest.raises(NotAllowed):
        says(request, True, by=group[3])
    decide(request, sofie, action=Action.REFUSE, note="De vloer wordt geschuurd.")
    deadlines.tick(TOLD)
    assert read(request.code).status is Status.REFUSED
    assert [one.account.name for one in storage.at_desk(request.id, request.desk_id)] == ["Mia", "Jan", "Fatima"]


@pytest.mark.parametrize("silence", list(Silence))
def test_silence_of_a_committee_goes_to_the_city_desk_once(room, group, sofie, silence):
    votes_by(AdviceKind.ADVISES, needed=2, silence=silence)
    request = make_request(room=room)
    deadlines.tick(ENDED)
    advice.close(request.code, ENDED)
    found = read(request.code)
    assert ([one.action for one in found.events[1:]], found.desk_id) == ([Action.ADVISE], desks.city_id())
    given = {"outcome": silence.value, "yes": 0, "of": 5, "needed": 2, "is_silence": True}
    assert (found.events[-1].facts["advice"], found.events[-1].account_id) == (given, None)


# How a desk votes.


def test_letter_asks_every_member_who_can_vote(room, group):
    votes_by(needed=2, silence=Silence.NO)
    with write_unit() as session:
        session.merge(desks.by_slug("drongen")).email = "huis@drongen.example"
    make_request(room=room, by=group[0])
    asked = [one for one in letters.newest(20) if one.kind == LetterKind.REQUEST_TO_DECIDE]
    assert sorted(one.recipient for one in asked) == ["fatima@drongen.example", "huis@drongen.example", *(
        f"{name}@drongen.example" for name in ("jan", "lies", "omar")
    )]  # fmt: skip
    told = {"kind": "decides", "needed": 2, "may_vote": 4, "silence": "no", "until": ENDED.isoformat()}
    assert {str(one.facts["vote"]) for one in asked} == {str(told)}


def test_way_of_voting_counts_for_what_comes_from_then_on(room, group):
    before = make_request(room=room)
    votes_by(needed=2)
    during = make_request(room=make_room("boven", venue=room.venue), contact_email="bert@post.example")
    votes_by(AdviceKind.NONE)
    decide(before, group[0])
    # What waits is voted about as it was when it came: nobody sets the votes aside for it.
    with pytest.raises(AdviceNeeded):
        decide(during, group[0])
    assert desks.by_slug("drongen").voting is None


def test_way_of_voting_is_chosen_by_the_desk_and_the_city(room, group, sofie):
    rita = make_account("rita@elders.example")
    make_desk("elders", members=[rita])
    wanted = {"needed": 2, "days": 5, "silence": Silence.YES}
    with pytest.raises(NotAllowed):
        advice.set_advice("drongen", AdviceKind.DECIDES, by=actor_of(rita), now=NOW, **wanted)
    with pytest.raises(UnknownDesk):
        advice.set_advice("bestaat-niet", AdviceKind.DECIDES, by=sofie, now=NOW, **wanted)
    advice.set_advice("drongen", AdviceKind.DECIDES, by=sofie, now=NOW, **wanted)
    found = desks.by_slug("drongen")
    assert (found.advice, found.votes_needed, found.advice_days, found.silence_means) == (
        AdviceKind.DECIDES,
        2,
        5,
        Silence.YES,
    )


@pytest.mark.parametrize("slug,needed,days", [("drongen", 6, 7), ("drongen", 0, 7), ("drongen", 1, 0), ("stad", 1, 7)])
def test_way_of_voting_that_cannot_be_is_refused(room, group, sofie, slug, needed, days):
    with pytest.raises(NotAWayToVote):
        advice.set_advice(slug, AdviceKind.DECIDES, needed=needed, days=days, silence=Silence.NO, by=sofie, now=NOW)
    assert desks.by_slug(slug).advice is AdviceKind.NONE


def test_votes_are_gone_with_the_request(room, group):
    votes_by()
    request = make_request(room=room)
    says(request, True, by=group[0])
    with write_unit() as session:
        session.execute(db.text("DELETE FROM request"))
    assert list(storage.at_desk(request.id, request.desk_id)) == []
