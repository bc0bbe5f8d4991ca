"""Links that no longer open anything are let go of at night, and nothing that still does."""

from datetime import timedelta

import pytest

from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    at,
    make_account,
    make_decider,
    make_desk,
    make_request,
)
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import date_reminders, deadlines, forgetting, from_mail, handover
from zalenzoeker.services.date_reminders import UnknownReminder
from zalenzoeker.services.from_mail import UnknownLink
from zalenzoeker.services.tokens import hash_of
from zalenzoeker.storage import changes, handovers, letters, outbox
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
NEAR = at().starts_at - 7 * DAY


def token_of(kind):
    db.session.close()
    return next(one.facts["token"] for one in letters.newest(limit=200) if one.kind == kind and "token" in one.facts)


def is_known(look, token, now, unknown):
    db.session.close()
    try:
        look(token, now)
    except unknown:
        return False
    return True


def test_link_to_decide_is_kept_for_ninety_days(room):
    make_decider(room)
    make_request(Status.REQUESTED, room=room)
    token = token_of("request_to_decide")
    for moment, is_there in ((NOW + 89 * DAY, True), (NOW + 91 * DAY, False)):
        deadlines.tick(moment)
        assert is_known(from_mail.opened, token, moment, UnknownLink) is is_there, moment


def test_link_to_give_up_a_date_is_kept_for_ninety_days(room, desk):
    make_request(Status.APPROVED, room=room)
    deadlines.tick(NEAR)
    token = token_of("date_reminder")
    for moment, is_there in ((NEAR + 89 * DAY, True), (NEAR + 91 * DAY, False)):
        deadlines.tick(moment)
        assert is_known(date_reminders.opened, token, moment, UnknownReminder) is is_there, moment


def test_offer_of_a_desk_is_let_go_when_it_ends_while_the_log_remembers(room):
    marcel = make_account("marcel@drongen.example", "Marcel")
    house = make_desk("drongen", name="Huis", venue=room.venue, members=[marcel], email="")
    handover.offer("drongen", "lies@huis.example", "", by=actor_of(marcel), now=NOW, visitor=AT_HOME)
    token = token_of("handover_offered")
    for moment, is_there in ((NOW + 13 * DAY, True), (NOW + 14 * DAY, False)):
        deadlines.tick(moment)
        db.session.close()
        assert (handovers.by_token(hash_of(token)) is not None) is is_there, moment
    assert [change.after for change in changes.of_desk(house.id, 9)] == [{"step": "offered", "to": "lies@huis.example"}]


# What is still to be done with a letter, for which its words are needed.
KEPT_WHOLE = {LetterState.WAITING, LetterState.SENDING, LetterState.HELD, LetterState.TO_PRINT}


@pytest.mark.parametrize("state", LetterState)
def test_letter_is_forgotten_as_soon_as_nothing_is_to_be_done_with_it(room, state):
    make_request(Status.APPROVED, room=room)
    letter = letters.newest()[0].code
    with write_unit():
        letters.by_code(letter).state = state
    forgetting.forget_letters(NOW + 91 * DAY)
    db.session.close()
    assert (letters.by_code(letter).facts == {}) is (state not in KEPT_WHOLE)


def test_what_a_letter_said_is_forgotten_after_ninety_days_and_what_became_of_it_stays(room, desk):
    make_request(Status.APPROVED, room=room)
    with write_unit():
        outbox.sent([claim.parcel for claim in outbox.claim(NOW + DAY, 2)], NOW)
    before = {one.code: (one.recipient, one.kind, one.state, one.sent_at) for one in letters.newest()}
    sent = [one.code for one in letters.newest() if one.state is LetterState.SENT]
    found = []
    for days in (89, 91, 92):
        found.append(forgetting.forget_letters(NOW + days * DAY))
        db.session.close()
    assert (found, len(sent)) == ([0, 2, 0], 2)
    rows = [letters.by_code(code) for code in before]
    assert {one.code: (one.recipient, one.kind, one.state, one.sent_at) for one in rows} == before
    # What still waits is kept whole.
    assert {one.code: one.facts == {} for one in rows} == {code: code in sent for code in before}
