"""All letters of a request are one thread, and all that they tell a calendar is about one date with one identity."""

from datetime import time
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from tests import decisions
from tests.builders import NOW, actor_of, at, decider_of, make_request, make_room, make_series, make_venue, read, weekly
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.gateways import calendar, mailer
from zalenzoeker.services import agreeing, dates, proposals
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services import requests as asking
from zalenzoeker.services.dates import Move
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Request

HOUSE = {"sender": "zalen@stad.example", "sender_name": "Zalenzoeker", "public_url": "https://zalen.stad.example"}
ASKER = "an@harmonie.example"


@pytest.fixture
def room(app):
    return make_room("zaal", venue=make_venue("open-huis-drongen"))


def an():
    return actor_of(accounts.by_email(ASKER))


def written(recipient=None):
    """Every letter as it arrives, the oldest first."""
    db.session.close()
    found = [one.parcel for one in reversed(letters.newest(500)) if recipient in (None, one.recipient)]
    sent = (mailer.compose(one, **HOUSE).as_bytes() for one in found)
    return [message_from_bytes(one, EmailMessage, policy=policy.default) for one in sent]


def events():
    """What the letters to the asker tell a calendar, in order: identity, method, state, sequence and beginning."""
    told = []
    for message in written(ASKER):
        parts = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
        if not parts:
            continue
        assert len({one.get_content() for one in parts}) == 1
        read = Calendar.from_ical(parts[0].get_content())
        assert {one.get_param("method") for one in parts} == {str(read["METHOD"])}
        for one in read.walk("VEVENT"):
            begins = f"{one.start:%d.%m %H}"
            told.append((str(one["UID"]), str(read["METHOD"]), str(one["STATUS"]), int(one["SEQUENCE"]), begins))
    return told


def version(request):
    return {"now": NOW, "version": read(request.code).version}


def threads():
    """The threads of a reader as a mail program makes them: by the first message that a letter refers to."""
    return {str(message["References"]) for message in written() if message["References"]}


def test_letters_of_a_request_stay_one_thread_whatever_becomes_of_its_dates(room):
    request = make_series(room, status=Status.APPROVED, pattern=weekly(count=4))
    dates.let_go(request.code, request.occurrences[0].uid, Scope.THIS, by=an(), now=NOW)
    to = Move(from_time=time(10), to_time=time(12), room="open-huis-drongen/zaal", days=-15)
    dates.change(request.code, request.occurrences[2].uid, Scope.THIS, to, by=an(), now=NOW)
    decisions.approve(request.code, by=decider_of(request), **version(request))
    asking.withdraw(request.code, by=an(), now=NOW)
    assert len(written()) > 6
    assert len(threads()) == 1


def test_proposal_that_leaves_out_the_only_date_stays_in_the_thread(room):
    request = make_request(room=room)
    by = decider_of(request)
    to = Move(from_time=time(9), to_time=time(11), days=-2, room="open-huis-drongen/zaal")
    proposals.propose(request.code, [request.first.uid], to, by=by, now=NOW, version=2, undo_within=decisions.AT_ONCE)
    deciding.carry_out(request.code, NOW)
    agreeing.agree(request.code, by=an(), now=NOW)
    kinds = {one.kind for one in letters.newest()}
    assert "proposal_made" in kinds
    assert len(threads()) == 1


def test_every_letter_of_a_thread_answers_to_it_by_both_headers(room):
    request = make_request(Status.APPROVED, room=room)
    for message in written():
        assert message["In-Reply-To"] == message["References"]
        assert message["Thread-Topic"] == request.reference
        assert request.code not in str(message["References"])


def test_two_requests_are_two_threads(room):
    make_request(room=room)
    make_request(room=room, slot=at().moved(days=7))
    assert len(threads()) == 2


def test_booking_that_moves_and_is_withdrawn_keeps_its_identity_and_counts_on(room):
    request = make_request(Status.APPROVED, room=room)
    identity = f"{request.first.uid}{calendar.UID_SUFFIX}"
    to = Move(from_time=time(9), to_time=time(11), room="open-huis-drongen/zaal")
    dates.change(request.code, request.first.uid, Scope.THIS, to, by=an(), now=NOW)
    decisions.approve(request.code, by=decider_of(request), **version(request))
    asking.withdraw(request.code, by=an(), now=NOW)
    told = events()
    assert {one[0] for one in told} == {identity}
    assert [one[1:3] for one in told] == [("REQUEST", "CONFIRMED"), ("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")]
    assert [one[4] for one in told] == ["16.01 14", "16.01 09", "16.01 09"]
    sequences = [one[3] for one in told]
    assert sequences == sorted(set(sequences))
    found = db.session.query(Request).filter_by(code=request.code).one()
    # The feed of the room tells the same date by the same identity and number.
    assert [(one.uid, one.sequence) for one in read(found.code).dates] == [(request.first.uid, sequences[-1])]


def test_booking_that_the_house_cancels_is_cancelled_in_the_calendar(room):
    request = make_request(Status.APPROVED, room=room)
    decisions.cancel(request.code, by=decider_of(request), **version(request), note="Waterschade.")
    first, last = events()
    assert (first[0], first[1:4], last[1:4]) == (last[0], ("REQUEST", "CONFIRMED", 0), ("CANCEL", "CANCELLED", 1))


def test_part_of_a_series_that_is_given_up_leaves_the_rest_in_the_calendar(room):
    request = make_series(room, status=Status.APPROVED, pattern=weekly(count=4))
    dates.let_go(request.code, request.occurrences[2].uid, Scope.FOLLOWING, by=an(), now=NOW)
    told = events()
    last = {one[0]: one[1:4] for one in told}
    in_order = [last[f"{one.uid}{calendar.UID_SUFFIX}"] for one in read(request.code).occurrences]
    stays, gone = ("PUBLISH", "CONFIRMED", 0), ("PUBLISH", "CANCELLED", 1)
    assert in_order == [stays, stays, gone, gone]


def test_place_that_was_proposed_and_accepted_stands_in_the_calendar(room):
    request = make_request(room=room)
    to = Move(from_time=time(9), to_time=time(11), room="open-huis-drongen/zaal")
    by = decider_of(request)
    proposals.propose(request.code, [request.first.uid], to, by=by, now=NOW, version=2, undo_within=decisions.AT_ONCE)
    deciding.carry_out(request.code, NOW)
    agreeing.agree(request.code, by=an(), now=NOW)
    ((identity, method, state, _sequence, begins),) = events()
    assert (identity, method, state, begins) == (
        f"{request.first.uid}{calendar.UID_SUFFIX}",
        "REQUEST",
        "CONFIRMED",
        "16.01 09",
    )


def test_move_that_the_house_refuses_changes_no_calendar(room):
    request = make_request(Status.APPROVED, room=room)
    to = Move(from_time=time(9), to_time=time(11), room="open-huis-drongen/zaal")
    dates.change(request.code, request.first.uid, Scope.THIS, to, by=an(), now=NOW)
    decisions.refuse(request.code, by=decider_of(request), **version(request), note="Dan is er soep.")
    assert [one[1:4] for one in events()] == [("REQUEST", "CONFIRMED", 0)]
    assert {one.action for one in read(request.code).events} >= {Action.REFUSE}
