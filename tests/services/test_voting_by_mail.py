"""Where the members of a desk vote, the letter lets each of them vote once, in one's own name."""

from datetime import timedelta

import pytest

from tests.builders import (
    NOW,
    actor_of,
    make_account,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_venue,
    read,
)
from zalenzoeker.domain.advice import AdviceKind, Outcome, Silence
from zalenzoeker.domain.decision_links import LinkState
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.services import advice, deadlines, decisions, from_mail
from zalenzoeker.services.decisions import OverruleNeeded, ReasonNeeded, Said
from zalenzoeker.services.from_mail import NO_VOTE, YES_VOTE, LinkClosed, Reader, WhoDecides, Word
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import DecisionLink

pytestmark = pytest.mark.both

MIA, JAN, OMAR, SOFIE = "mia@malem.example", "jan@malem.example", "omar@malem.example", "sofie@stad.example"
SHARED = "huis@malem.example"
YES, NO = Word(True), Word(False, "Te druk.", "In mei kan het wel.")
PHONE = Reader(browser="telefoon van Mia")


@pytest.fixture
def malem(app):
    """The room of a house where two of three must say yes; a city desk besides."""
    room = make_room("zaal", venue=make_venue("huis-malem"))
    people = [make_account(one, one.partition("@")[0].title()) for one in (MIA, JAN, OMAR)]
    make_desk("malem", venue=room.venue, members=people)
    make_city_desk([make_account(SOFIE, "Sofie")])
    votes()
    return room


def votes(kind=AdviceKind.DECIDES):
    by = actor_of(accounts.by_email(MIA))
    advice.set_advice("malem", kind, needed=2, days=7, silence=Silence.NOTHING, by=by, now=NOW)


def token_of(email, kind="request_to_decide"):
    db.session.close()
    found = [one for one in letters.newest(limit=200) if (one.recipient, one.kind) == (email, kind)]
    return found[0].facts["token"]


def vote(email, request, word=YES, *, by=PHONE, kind="request_to_decide"):
    version = read(request.code).version
    return from_mail.vote(token_of(email, kind), word, by=by, now=NOW, version=version)


def state(token):
    db.session.close()
    return from_mail.opened(token, NOW).state


def deeds(request):
    return [(one.action, one.account_id) for one in read(request.code).events[1:]]


def number(email):
    return accounts.by_email(email).id


def answers():
    db.session.close()
    return sorted(one.answer for one in db.session.query(DecisionLink) if one.used_at)


def test_each_member_votes_by_their_own_letter_until_there_are_enough(malem):
    request = make_request(room=malem)
    assert vote(MIA, request) is Outcome.OPEN
    assert (state(token_of(MIA)), state(token_of(JAN)), read(request.code).decision) == ("used", "open", None)
    assert vote(JAN, request) is Outcome.YES
    assert deeds(request) == [
        (Action.VOTE, number(MIA)),
        (Action.VOTE, number(JAN)),
        (Action.DECIDE, number(JAN)),
    ]
    assert (answers(), state(token_of(OMAR))) == ([YES_VOTE] * 2, LinkState.DECIDED)
    deadlines.tick(NOW + timedelta(minutes=10))
    assert read(request.code).status is Status.APPROVED


def test_second_vote_by_the_same_letter_counts_nothing(malem):
    request = make_request(room=malem)
    vote(MIA, request)
    with pytest.raises(LinkClosed):
        vote(MIA, request, NO)
    assert deeds(request) == [(Action.VOTE, number(MIA))]


def test_nobody_decides_alone_by_a_letter_that_asks_for_a_vote(malem):
    request = make_request(room=malem)
    with pytest.raises(decisions.AdviceNeeded):
        from_mail.decide(token_of(MIA), Action.APPROVE, Said(), by=PHONE, now=NOW, version=request.version)
    assert deeds(request) == []


def test_no_needs_a_reason_and_its_word_goes_to_the_asker(malem):
    request = make_request(room=malem)
    with pytest.raises(ReasonNeeded):
        vote(MIA, request, Word(False))
    vote(MIA, request, NO)
    assert vote(JAN, request, NO) is Outcome.NO
    deadlines.tick(NOW + timedelta(minutes=10))
    found = read(request.code)
    assert (found.status, found.decision_note, answers()) == (Status.REFUSED, NO.to_asker, [NO_VOTE] * 2)


def test_who_made_the_decision_takes_it_back_by_the_letter_and_the_others_do_not(malem):
    request = make_request(room=malem)
    vote(JAN, request, by=Reader(browser="gsm van Jan"))
    vote(MIA, request)
    with pytest.raises(decisions.NotPossible):
        from_mail.undo(token_of(JAN), now=NOW + timedelta(minutes=1), browser="gsm van Jan")
    from_mail.undo(token_of(MIA), now=NOW + timedelta(minutes=1), browser=PHONE.browser)
    assert (read(request.code).decision, state(token_of(MIA))) == (None, LinkState.OPEN)


def test_in_a_shared_mailbox_everybody_votes_as_themselves(app):
    room = make_room("zaal", venue=make_venue("huis-malem"))
    people = [make_account(one, one.partition("@")[0].title()) for one in (MIA, JAN)]
    make_desk("malem", venue=room.venue, members=people, email=SHARED)
    votes()
    request = make_request(room=room)
    with pytest.raises(WhoDecides):
        vote(SHARED, request)
    vote(SHARED, request, by=Reader(member=f"code-of-{JAN}"))
    # Each of them has a letter of their own besides.
    assert vote(MIA, request) is Outcome.YES
    assert [who for _action, who in deeds(request)] == [number(JAN), number(MIA), number(MIA)]


def test_advice_by_mail_brings_the_request_to_the_city_desk_and_ends_the_other_links(malem):
    votes(AdviceKind.ADVISES)
    request = make_request(room=malem)
    vote(MIA, request)
    assert vote(JAN, request) is Outcome.YES
    assert [action for action, _who in deeds(request)] == [Action.VOTE, Action.VOTE, Action.ADVISE]
    assert (state(token_of(OMAR)), state(token_of(MIA)), state(token_of(SOFIE))) == ("moved", "used", "open")


def test_city_desk_decides_by_its_letter_before_the_votes_with_its_own_words(malem):
    """Nobody voted in time, so that the clock has asked it."""
    request = make_request(room=malem)
    decided = NOW
    while not [one for one in letters.newest(200) if (one.recipient, one.kind) == (SOFIE, "request_to_city")]:
        decided += timedelta(days=1)
        deadlines.tick(decided)
        db.session.close()
    token, version = token_of(SOFIE, "request_to_city"), read(request.code).version
    with pytest.raises(OverruleNeeded):
        from_mail.decide(token, Action.APPROVE, Said(), by=PHONE, now=decided, version=version)
    from_mail.decide(token, Action.APPROVE, Said("Het is dringend."), by=PHONE, now=decided, version=version)
    assert read(request.code).decision.account_id == number(SOFIE)
