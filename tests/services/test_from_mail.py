"""Deciding from the mail: once, as a member of the desk, about the request as the letter told of it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_decider,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from tests.race import together
from tests.services.looks import told, totals
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.decision_links import LINK_LIVES, LinkState
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import conversation, dates, deadlines, decisions, from_mail, handing
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import NoLongerFree, ReasonNeeded, Said
from zalenzoeker.services.from_mail import LinkClosed, Reader, UnknownLink, WhoDecides
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import DecisionLink, DeskMember, Request

pytestmark = pytest.mark.both

FATIMA, MARCEL, AN = "fatima@amandsberg.example", "marcel@drongen.example", "an@harmonie.example"
SHARED = "balie@drongen.example"
YES, NO = Said(note="Veel plezier!"), Said(reason="We hebben de zaal zelf nodig.")
PHONE = Reader(browser="telefoon van Fatima")


def token_of(email=FATIMA, kind="request_to_decide"):
    db.session.close()
    newest = [one for one in letters.newest(limit=200) if (one.recipient, one.kind) == (email, kind)]
    return newest[0].facts["token"]


def state(token, *, now=NOW, visitor=ANYONE):
    db.session.close()
    return from_mail.opened(token, now, visitor=visitor).state


def decide(token, request, action=Action.APPROVE, said=YES, *, by=PHONE, now=NOW, version=None):
    version = version or read(request.code).version
    return from_mail.decide(token, action, said, by=by, now=now, version=version)


def deeds(request):
    return [(one.action, one.account_id) for one in read(request.code).events if one.action is not Action.PROVE]


@pytest.fixture
def shared(app):
    """A house whose volunteers share one mailbox: Fatima, Marcel and An, who asks for a room herself."""
    room = make_room("zaal", venue=make_venue("open-huis-drongen"))
    people = [make_account(FATIMA, "Fatima"), make_account(MARCEL, "Marcel"), make_account(AN, "An Peeters")]
    make_desk("drongen", venue=room.venue, email=SHARED, members=people)
    return room


# What goes out.


def test_each_member_gets_a_link_of_their_own_kept_as_a_hash(room, desk, marcel):
    make_desk("twee", room=room, position=1, members=[accounts.by_email(FATIMA), accounts.by_email(MARCEL)])
    make_request(room=room)
    tokens = [token_of(FATIMA), token_of(MARCEL)]
    rows = db.session.query(DecisionLink).order_by(DecisionLink.id).all()
    assert len(set(tokens)) == 2
    assert min(map(len, tokens)) >= 22
    assert [one.email for one in rows] == [FATIMA, MARCEL]
    assert {one.expires_at - one.created_at for one in rows} == {timedelta(hours=72)}
    assert [one for one in rows if one.token_hash in tokens] == []


def test_shared_mailbox_gets_one_link_for_nobody_in_particular(shared):
    make_request(room=shared)
    assert token_of(SHARED)
    assert [(one.account_id, one.email) for one in db.session.query(DecisionLink)] == [(None, SHARED)]


def test_member_who_asked_gets_no_letter_to_the_desk(room, desk):
    an = make_account(AN, "An Peeters")
    make_desk("twee", room=room, position=1, members=[an, accounts.by_email(FATIMA)])
    make_request(room=room, by=actor_of(an))
    by_reader = {one.recipient: "token" in one.facts for one in letters.newest() if one.kind == "request_to_decide"}
    assert by_reader == {FATIMA: True}


def test_mailbox_that_asked_itself_gets_no_link(shared):
    request = make_request(room=shared, contact_email=SHARED, by=actor_of(make_account(SHARED)))
    assert [one.facts.get("token") for one in letters.newest() if one.kind == "request_to_decide"] == [None]
    assert read(request.code).status is Status.REQUESTED


@pytest.mark.parametrize("kind", ["question_answered", "hold_ended", "request_handed"])
def test_letters_that_remind_of_what_waits_bring_a_fresh_link(room, desk, kind):
    request = make_request(room=room)
    first = token_of()
    if kind == "question_answered":
        conversation.ask(request.code, "Hoeveel?", by=desk, now=NOW)
        conversation.reply(request.code, "Twintig.", by=actor_of(accounts.by_email(AN)), now=NOW, visitor=AT_HOME)
    elif kind == "hold_ended":
        deadlines.tick(read(request.code).hold_until)
    else:
        colleague = make_account(MARCEL)
        keep(DeskMember(desk_id=read(request.code).desk_id, account_id=colleague.id, since=NOW))
        handing.hand(request.code, colleague.code, by=desk, now=NOW)
    fresh = token_of(MARCEL if kind == "request_handed" else FATIMA, kind)
    now = read(request.code).hold_until if kind == "hold_ended" else NOW
    assert (fresh != first, state(fresh, now=now)) == (True, LinkState.OPEN)


# Deciding.


def test_yes_is_the_members_and_told_ten_minutes_later(room, desk):
    request = make_request(room=room)
    assert decide(token_of(), request) == NOW + UNDO_WITHIN
    event = read(request.code).events[-1]
    assert deeds(request) == [(Action.DECIDE, desk.account_id)]
    assert (event.desk_id, event.note, event.facts["via"]) == (request.desk_id, "Veel plezier!", "mail")
    deadlines.tick(NOW + UNDO_WITHIN)
    assert (read(request.code).status, told(AN)[-1]) == (Status.APPROVED, "request_approved")


def test_no_needs_a_reason_and_changes_nothing_without(room, desk):
    request, token = make_request(room=room), token_of()
    before = totals()
    with pytest.raises(ReasonNeeded):
        decide(token, request, Action.REFUSE, Said())
    assert (totals(), state(token)) == (before, LinkState.OPEN)
    decide(token, request, Action.REFUSE, NO)
    deadlines.tick(NOW + UNDO_WITHIN)
    assert (read(request.code).status, read(request.code).decision_note) == (Status.REFUSED, NO.reason)


def test_every_date_of_a_series_that_waits_is_decided(room, desk):
    request = make_series(room, pattern=weekly(count=4), skipped=[1])
    decide(token_of(), request)
    assert sorted(read(request.code).decision.answers.values()) == ["approve"] * 3


def test_link_is_used_once(room, desk):
    request, token = make_request(room=room), token_of()
    version = request.version
    decide(token, request)
    before = totals()
    for action in (Action.APPROVE, Action.REFUSE):
        for seen in (version, read(request.code).version):
            with pytest.raises(LinkClosed):
                decide(token, request, action, NO, version=seen)
    assert (totals(), state(token)) == (before, LinkState.USED)
    found = from_mail.opened(token, NOW)
    assert (found.link.used_by.email, found.link.answer, found.decision.account.email) == (FATIMA, "approve", FATIMA)


def test_note_for_the_desk_voids_nothing(room, desk):
    request, token = make_request(room=room), token_of()
    conversation.note(request.code, "Let op het licht.", by=desk, now=NOW)
    assert state(token) is LinkState.OPEN
    decide(token, request)


def test_question_from_the_mail_leaves_the_link_open(room, desk):
    request, token = make_request(room=room), token_of()
    from_mail.ask(token, "Met hoeveel?", by=PHONE, now=NOW, version=request.version)
    assert (deeds(request), told(AN)[-1]) == ([(Action.ASK, desk.account_id)], "question_asked")
    assert state(token) is LinkState.OPEN
    with pytest.raises(LinkClosed):
        # A page that was opened before the question.
        decide(token, request, version=request.version)
    decide(token, request)
    assert state(token) is LinkState.USED


# What voids it.


def change(request, room, desk):
    """The asker answers, and the desk knows more than the letter said."""
    conversation.reply(request.code, "We zijn met meer.", by=actor_of(accounts.by_email(AN)), now=NOW, visitor=AT_HOME)


def withdraw(request, room, desk):
    asking.withdraw(request.code, by=actor_of(accounts.by_email(AN)), now=NOW)


def decide_at_desk(request, room, desk):
    answers = {request.first.uid: Action.REFUSE}
    decisions.decide(request.code, answers, by=desk, now=NOW, version=request.version, note="Verlof.")


def forward(request, room, desk):
    make_desk("wijkwerk", members=[make_account("rita@wijkwerk.example")])
    handing.forward(request.code, "wijkwerk", by=desk, now=NOW, note="Wij zijn met verlof.")


def leave(request, room, desk):
    with write_unit() as session:
        session.execute(delete(DeskMember).where(DeskMember.account_id == desk.account_id))


def join_the_askers(request, room, desk):
    group = make_association("Yogagroep", members=[accounts.by_email(FATIMA)])
    with write_unit() as session:
        session.execute(update(Request).where(Request.id == request.id).values(association_id=group.id))


def take_the_address(request, room, desk):
    with write_unit() as session:
        session.execute(update(Request).where(Request.id == request.id).values(contact_email=FATIMA.upper()))


@pytest.mark.parametrize(
    "deed, found",
    [
        (change, LinkState.CHANGED),
        (withdraw, LinkState.CHANGED),
        (decide_at_desk, LinkState.DECIDED),
        (forward, LinkState.MOVED),
        (leave, LinkState.REVOKED),
        (join_the_askers, LinkState.OWN),
        (take_the_address, LinkState.OWN),
    ],
)
def test_link_is_void_after(room, desk, deed, found):
    request, token = make_request(room=room), token_of()
    deed(request, room, desk)
    before = totals()
    assert state(token) is found
    for version in (request.version, read(request.code).version):
        with pytest.raises(LinkClosed):
            decide(token, request, version=version)
        with pytest.raises(LinkClosed):
            from_mail.ask(token, "Met hoeveel?", by=PHONE, now=NOW, version=version)
    assert totals() == before


def test_link_is_too_old_after_three_days(room, desk):
    request, token = make_request(room=room), token_of()
    late = NOW + LINK_LIVES
    with pytest.raises(LinkClosed):
        decide(token, request, now=late)
    assert (state(token, now=late), deeds(request)) == (LinkState.EXPIRED, [])


def test_link_about_what_is_over_opens_nothing_even_before_the_clock_comes_by(room, desk):
    soon = at(day=(NOW + timedelta(days=1)).date())
    request = make_request(room=room, slot=soon, exception_reason="Het is dringend.")
    with pytest.raises(LinkClosed):
        decide(token_of(), request, now=soon.ends_at)
    assert (state(token_of(), now=soon.ends_at), deeds(request)) == (LinkState.CHANGED, [])


def test_mailbox_that_the_desk_no_longer_shares_is_revoked(shared):
    request, token = make_request(room=shared, contact_email="els@yoga.example"), token_of(SHARED)
    with write_unit() as session:
        session.execute(db.text("UPDATE desk SET email = 'nieuw@drongen.example' WHERE slug = 'drongen'"))
    assert state(token) is LinkState.REVOKED
    with pytest.raises(LinkClosed):
        decide(token, request, by=Reader(member=accounts.by_email(FATIMA).code))


def test_asker_who_is_signed_in_cannot_use_a_link_that_was_sent_on(room, desk):
    request, token = make_request(room=room), token_of()
    an = actor_of(accounts.by_email(AN))
    assert (state(token, visitor=an), state(token)) == (LinkState.OWN, LinkState.OPEN)
    with pytest.raises(LinkClosed):
        decide(token, request, by=Reader(visitor=an))


def test_link_that_is_none_is_unknown(room, desk):
    request = make_request(room=room)
    for token in ("", "verzonnen", token_of()[:-1]):
        with pytest.raises(UnknownLink):
            from_mail.opened(token, NOW)
        with pytest.raises(UnknownLink):
            decide(token, request)
        with pytest.raises(UnknownLink):
            from_mail.undo(token, now=NOW, browser=PHONE.browser)


# A mailbox that several share.


def test_shared_mailbox_says_who_decides(shared):
    request, token = make_request(room=shared, contact_email="els@yoga.example"), token_of(SHARED)
    names = [one.name for one in from_mail.opened(token, NOW).members]
    assert names == ["An Peeters", "Fatima", "Marcel"]
    marcel = accounts.by_email(MARCEL)
    decide(token, request, by=Reader(member=marcel.code))
    event = read(request.code).events[-1]
    assert (event.account.email, event.facts["via"]) == (MARCEL, "mailbox")


def test_shared_mailbox_does_not_offer_who_asked(shared):
    request, token = make_request(room=shared, by=actor_of(accounts.by_email(AN))), token_of(SHARED)
    assert [one.name for one in from_mail.opened(token, NOW).members] == ["Fatima", "Marcel"]
    stranger = make_account("rita@malem.example")
    for member in ("", accounts.by_email(AN).code, stranger.code, "verzonnen"):
        with pytest.raises(WhoDecides):
            decide(token, request, by=Reader(member=member))
    assert deeds(request) == []


def test_shared_mailbox_does_not_offer_members_of_the_group_that_asks(shared):
    els = make_account("els@yoga.example", "Els")
    group = make_association("Yogagroep", members=[els, accounts.by_email(MARCEL)])
    make_request(room=shared, by=actor_of(els), association_id=group.id, association_name=group.name)
    assert [one.name for one in from_mail.opened(token_of(SHARED), NOW).members] == ["An Peeters", "Fatima"]


# Two at once, and back again.


def test_two_members_at_once_decide_once(app, room, desk, marcel):
    make_desk("twee", room=room, position=1, members=[accounts.by_email(FATIMA), accounts.by_email(MARCEL)])
    request = make_request(room=room)
    tokens = token_of(FATIMA), token_of(MARCEL)
    found = together(
        app,
        lambda: from_mail.decide(tokens[0], Action.APPROVE, YES, by=PHONE, now=NOW, version=request.version),
        lambda: from_mail.decide(tokens[1], Action.REFUSE, NO, by=PHONE, now=NOW, version=request.version),
    )
    assert sorted(type(one).__name__ for one in found) == ["LinkClosed", "datetime"]
    assert [action for action, _who in deeds(request)] == [Action.DECIDE]
    assert sorted(state(token) for token in tokens) == [LinkState.DECIDED, LinkState.USED]


def test_one_link_twice_at_once_decides_once(app, room, desk):
    request, token = make_request(room=room), token_of()
    found = together(
        app,
        *[
            lambda: from_mail.decide(token, Action.APPROVE, YES, by=PHONE, now=NOW, version=request.version)
            for _ in range(3)
        ],
    )
    assert sorted(type(one).__name__ for one in found) == ["LinkClosed", "LinkClosed", "datetime"]
    assert [action for action, _who in deeds(request)] == [Action.DECIDE]


def test_link_and_desk_at_once_decide_once(app, room, desk):
    request, token = make_request(room=room), token_of()
    answers = {request.first.uid: Action.REFUSE}
    found = together(
        app,
        lambda: from_mail.decide(token, Action.APPROVE, YES, by=PHONE, now=NOW, version=request.version),
        lambda: decisions.decide(request.code, answers, by=desk, now=NOW, version=request.version, note="Nee."),
    )
    assert sum(type(one).__name__ == "datetime" for one in found) == 1
    assert [action for action, _who in deeds(request)] == [Action.DECIDE]


def test_undo_in_the_same_browser_opens_the_link_again(room, desk):
    request, token = make_request(room=room), token_of()
    decide(token, request)
    from_mail.undo(token, now=NOW + UNDO_WITHIN / 2, browser=PHONE.browser)
    assert [action for action, _who in deeds(request)] == [Action.DECIDE, Action.UNDO]
    assert (state(token), read(request.code).decision) == (LinkState.OPEN, None)
    decide(token, request, Action.REFUSE, NO)
    assert state(token) is LinkState.USED


@pytest.mark.parametrize("browser", ["", "een andere"])
def test_undo_in_another_browser_is_refused(room, desk, browser):
    request, token = make_request(room=room), token_of()
    decide(token, request)
    with pytest.raises(NotAllowed):
        from_mail.undo(token, now=NOW, browser=browser)
    assert state(token) is LinkState.USED


def test_undo_comes_too_late_after_ten_minutes(room, desk):
    request, token = make_request(room=room), token_of()
    decide(token, request)
    for _ in range(2):
        with pytest.raises(NotPossible):
            from_mail.undo(token, now=NOW + UNDO_WITHIN, browser=PHONE.browser)
        deadlines.tick(NOW + UNDO_WITHIN)
    assert read(request.code).status is Status.APPROVED


def test_undo_of_nothing_is_not_possible(room, desk):
    make_request(room=room)
    with pytest.raises(NotPossible):
        from_mail.undo(token_of(), now=NOW, browser=PHONE.browser)


def test_what_the_desk_undid_is_no_longer_decided_and_the_link_stays_used(room, desk):
    request, token = make_request(room=room), token_of()
    decide(token, request)
    decisions.undo(request.code, by=desk, now=NOW)
    found = from_mail.opened(token, NOW)
    assert (found.state, found.decision) == (LinkState.USED, None)


def test_room_that_is_gone_is_told_and_the_link_stays(app):
    queue = make_room("rij", rules={RuleName.PENDING: {"default": "queue"}})
    make_decider(queue, FATIMA)
    mine, other = make_request(room=queue), make_request(room=queue, contact_email="els@yoga.example")
    tokens = {one.request_id: one.facts["token"] for one in letters.newest() if one.recipient == FATIMA}
    decide(tokens[other.id], other)
    with pytest.raises(NoLongerFree):
        decide(tokens[mine.id], mine)
    assert state(tokens[mine.id]) is LinkState.OPEN


def test_date_that_wants_to_move_is_decided_from_the_letter_about_it(room, desk):
    request = make_request(Status.APPROVED, room=room)
    an = actor_of(accounts.by_email(AN))
    slot = request.first.slot.moved(days=7)
    move = dates.Move(slot.starts.time(), slot.ends.time(), days=7)
    dates.change(request.code, request.first.uid, Scope.THIS, move, by=an, now=NOW)
    decide(token_of(kind="dates_changed"), request)
    deadlines.tick(NOW + UNDO_WITHIN)
    assert [(one.slot, one.status) for one in read(request.code).occurrences] == [(slot, Status.APPROVED)]
