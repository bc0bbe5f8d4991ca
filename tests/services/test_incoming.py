"""Mail that comes in: each is put where it belongs, once, by who may say something, and nothing is decided by it."""

from datetime import timedelta

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_desk,
    make_request,
    make_venue,
    read,
)
from tests.race import together
from tests.services.looks import told
from zalenzoeker.domain.incoming import LONGEST_WORDS, IncomingMail, Nature, Outcome
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Action, RequesterKind, Status
from zalenzoeker.services import conversation, incoming
from zalenzoeker.services import decisions as deciding
from zalenzoeker.storage import accounts, letters, limits
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import IncomingLetter, Letter

pytestmark = pytest.mark.both

LATER = NOW + timedelta(hours=1)
ASKER = "an@harmonie.example"


@pytest.fixture
def asked(room, desk):
    request = make_request(room=room)
    conversation.ask(request.code, "Met hoeveel?", by=desk, now=NOW)
    return read(request.code)


def letter_to(email, kind=None):
    db.session.close()
    return next(one for one in letters.newest(100) if one.recipient == email and kind in (None, one.kind))


def mail(letter, sender, words="Met twintig.", key="een", **more):
    return IncomingMail(key, sender, Nature.PERSON, (letter.reply_token,), words=words, **more)


def take(*mails, now=LATER):
    """Deal with these; returns which were marked as done."""
    done = []
    incoming.take_in([(one.key, one) for one in mails], done=done.append, now=lambda: now)
    return done


def said(request):
    return [(one.action, one.note, one.account_id) for one in read(request.code).events[1:]]


def outcomes():
    db.session.close()
    return {one.key: one.outcome for one in db.session.query(IncomingLetter)}


def test_every_letter_about_a_request_has_an_address_of_its_own_for_answers(asked):
    tokens = [one.reply_token for one in letters.newest(100)]
    assert (len(tokens), len(set(tokens)), {len(one) for one in tokens}) == (3, 3, {24})


def test_asker_answers_by_mail_as_on_the_page(asked, desk):
    assert take(mail(letter_to(ASKER), ASKER, attachments=2)) == ["een"]
    an = accounts.by_email(ASKER)
    assert said(asked)[-1] == (Action.REPLY, "Met twintig.", an.id)
    assert read(asked.code).events[-1].facts == {"by_mail": True, "attachments": 2, "is_cut": False}
    assert told(desk.email)[-1] == LetterKind.QUESTION_ANSWERED
    assert letters.newest(1)[0].facts["is_answer"] is True
    assert outcomes() == {"een": Outcome.KEPT}


def test_member_of_the_asking_group_answers_too(room, desk):
    an, els = make_account(ASKER, "An"), make_account("els@harmonie.example", "Els")
    club = make_association(members=[an, els])
    kind = {"association_id": club.id, "association_name": club.name, "requester_kind": RequesterKind.NON_PROFIT}
    request = make_request(room=room, by=actor_of(an), **kind)
    take(mail(letter_to(ASKER), els.email, "Wij komen."))
    assert said(request)[-1] == (Action.REPLY, "Wij komen.", els.id)


def test_desk_that_answers_its_letter_writes_to_the_asker_and_decides_nothing(asked, desk):
    take(mail(letter_to(desk.email), desk.email, "Ja, goedgekeurd!"))
    assert said(asked)[-1] == (Action.ASK, "Ja, goedgekeurd!", desk.account_id)
    assert (read(asked.code).status, read(asked.code).decision) == (Status.REQUESTED, None)
    assert told(ASKER)[-1] == LetterKind.QUESTION_ASKED


def test_shared_address_of_a_desk_speaks_for_it_without_a_name(room):
    bea = make_account("bea@huis.example", "Bea")
    make_desk("huis", venue=room.venue, members=[bea], email="Balie@huis.example", position=1)
    request = make_request(room=room)
    take(mail(letter_to("Balie@huis.example"), "balie@huis.example", "Welkom."))
    found = read(request.code).events[-1]
    assert (found.action, found.note, found.account_id, found.desk_id) == (Action.ASK, "Welkom.", None, request.desk_id)


def test_asker_who_is_of_the_desk_speaks_as_the_asker(room, desk):
    request = make_request(room=room, by=desk)
    take(mail(letter_to(desk.email), desk.email, "Ik keur goed."))
    assert said(request)[-1] == (Action.REPLY, "Ik keur goed.", desk.account_id)


def test_stranger_is_read_by_the_desk_alone_and_hears_nothing(asked, desk):
    before = letters.newest(1)[0].id
    mails = [mail(letter_to(ASKER), "wie@ergens.example", f"Dag {number}", key=f"m{number}") for number in range(7)]
    assert len(take(*mails)) == 7
    found = [one for one in read(asked.code).events if one.action is Action.STRANGER]
    assert [(one.note, one.is_internal, one.facts["from"]) for one in found] == [
        (f"Dag {number}", True, "wie@ergens.example") for number in range(5)
    ]
    assert letters.newest(1)[0].id == before
    assert (read(asked.code).version, outcomes()["m6"]) == (asked.version, Outcome.LEFT)


def test_member_of_another_desk_is_a_stranger(asked):
    rita = make_account("rita@elders.example", "Rita")
    make_desk("elders", venue=make_venue("elders"), members=[rita])
    take(mail(letter_to(ASKER), rita.email))
    assert said(asked)[-1][0] is Action.STRANGER


@pytest.mark.parametrize(
    "more",
    [
        {"tokens": ("0" * 24,)},
        {"tokens": ()},
        {"tokens": ("",)},
        {"letters": ("x" * 22,)},
        {"nature": Nature.AUTOMATIC},
    ],
)
def test_mail_that_answers_nothing_or_comes_from_a_machine_changes_nothing(asked, more):
    right = {"tokens": (letter_to(ASKER).reply_token,)} if "nature" in more else {}
    one = IncomingMail(**{"key": "een", "sender": ASKER, "nature": Nature.PERSON, "words": "Dag", **right, **more})
    events, written = len(read(asked.code).events), letters.newest(1)[0].id
    assert take(one) == ["een"]
    assert (len(read(asked.code).events), letters.newest(1)[0].id) == (events, written)
    assert outcomes() == {"een": Outcome.LEFT}


def test_letter_is_known_by_its_message_id_where_the_address_is_lost(asked):
    code = letter_to(ASKER).code
    take(IncomingMail("een", ASKER, Nature.PERSON, letters=("iets-anders-dan-dat", code), words="Met tien."))
    assert said(asked)[-1][:2] == (Action.REPLY, "Met tien.")


def test_mail_is_dealt_with_once_however_often_it_comes(asked):
    one = mail(letter_to(ASKER), ASKER)
    assert take(one, one) == ["een", "een"]
    take(mail(letter_to(ASKER), ASKER, "Nog iets.", key="twee"), now=LATER)
    assert take(one, now=LATER + timedelta(days=1)) == ["een"]
    assert [note for _action, note, _who in said(asked)] == ["Met hoeveel?", "Met twintig.", "Nog iets."]


def test_worker_that_is_killed_between_keeping_and_marking_adds_nothing_twice(asked):
    one = mail(letter_to(ASKER), ASKER)

    def killed(_number):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        incoming.take_in([("1", one)], done=killed, now=lambda: LATER)
    assert take(one) == ["een"]
    assert [action for action, _note, _who in said(asked)] == [Action.ASK, Action.REPLY]


def test_two_workers_that_read_the_same_mail_keep_it_once(app, asked):
    one = mail(letter_to(ASKER), ASKER)
    together(app, lambda: take(one), lambda: take(one))
    assert [action for action, _note, _who in said(asked)] == [Action.ASK, Action.REPLY]


@pytest.mark.parametrize("case", ["closed", "over", "decided", "often", "empty"])
def test_who_wrote_what_cannot_be_kept_hears_why_once_with_their_words(room, asked, desk, case):
    words, sender, now = "Kan het toch?", ASKER, LATER
    if case == "closed":
        decisions.refuse(asked.code, by=desk, now=NOW, version=asked.version, note="Nee")
    elif case == "over":
        decisions.approve(asked.code, by=desk, now=NOW, version=asked.version)
        now = at().ends_at
    elif case == "decided":
        answers = {asked.first.uid: Action.APPROVE}
        deciding.decide(asked.code, answers, by=desk, now=LATER, version=asked.version)
        sender = desk.email
    elif case == "often":
        take(*(mail(letter_to(ASKER), ASKER, f"Nog {n}", key=f"m{n}") for n in range(10)))
    else:
        words = ""
    letter = letter_to(sender)
    events = len(read(asked.code).events)
    assert take(*(mail(letter, sender, words, key=key) for key in "abc"), now=now) == ["a", "b", "c"]
    assert len(read(asked.code).events) == events
    refused = [one for one in letters.newest(100) if one.kind == LetterKind.MAIL_NOT_KEPT]
    why = {"over": "closed"}.get(case, case)
    assert [(one.recipient, one.facts["why"], one.facts["note"]) for one in refused] == [(sender, why, words)]
    assert refused[0].facts["is_for_desk"] is (case == "decided")
    assert {outcomes()[key] for key in "abc"} == {Outcome.REFUSED}


def test_long_mail_is_kept_as_far_as_a_message_goes_and_that_is_told(asked):
    take(mail(letter_to(ASKER), ASKER, "a" * (LONGEST_WORDS + 1)))
    found = read(asked.code).events[-1]
    assert (len(found.note), found.facts["is_cut"]) == (LONGEST_WORDS, True)


def bounce(letter, key="terug", why="5.1.1 no such user"):
    return IncomingMail(key, "mailer-daemon@x.example", Nature.BOUNCE, letters=(letter.code,), why=why)


def test_letter_that_came_back_is_marked_and_stands_on_the_timeline_of_the_desk_once(asked):
    letter = letter_to(ASKER)
    take(bounce(letter), bounce(letter, "nog-een"))
    found = [one for one in read(asked.code).events if one.action is Action.BOUNCE]
    assert [(one.facts, one.is_internal) for one in found] == [({"to": ASKER, "why": "5.1.1 no such user"}, True)]
    marked = db.session.get(Letter, letter.id)
    assert (marked.bounced_at, marked.last_error, marked.state) == (LATER, "5.1.1 no such user", letter.state)
    assert outcomes() == {"terug": Outcome.BOUNCED, "nog-een": Outcome.BOUNCED}


def test_mail_that_cannot_be_dealt_with_keeps_no_other_one_waiting(asked, caplog):
    broken = mail(letter_to(ASKER), ASKER, key="x" * 5)
    object.__setattr__(broken, "attachments", object())
    assert take(broken, mail(letter_to(ASKER), ASKER, key="goed")) == ["goed"]
    assert [record.message for record in caplog.records] == ["a mail could not be dealt with"]


def test_what_is_long_past_is_forgotten_and_the_mailbox_gives_a_sign_of_life(asked):
    take(mail(letter_to(ASKER), ASKER))
    incoming.looked(LATER + timedelta(days=89))
    assert len(outcomes()) == 1
    incoming.looked(LATER + timedelta(days=91))
    assert (outcomes(), limits.last_beat(incoming.LOOKED)) == ({}, LATER + timedelta(days=91))


def test_request_that_is_of_nobody_any_more_is_left(asked):
    letter = letter_to(ASKER)
    keep(make_account("los@x.example"))
    take(mail(letter, ""))
    assert said(asked)[-1][0] is Action.STRANGER
