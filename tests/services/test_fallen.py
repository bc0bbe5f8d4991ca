"""A decision that nobody heard of falls: the desk is told so, and whoever asked never hears of it as the desk."""

from datetime import time, timedelta

import pytest

from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    keep,
    make_account,
    make_an,
    make_association,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_series,
    read,
    weekly,
)
from tests.services.looks import told
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Action, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import conversation, dates, deadlines
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services import requests as asking
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import DeskMember, Letter, Membership, Occupancy

pytestmark = pytest.mark.both

MINUTE = timedelta(minutes=1)


def decide(request, by, action=Action.APPROVE, dates=None):
    answers = {date.uid: action for date in dates or request.occurrences}
    deciding.decide(request.code, answers, by=by, now=NOW, version=request.version, note="Goed.")


def to_desk():
    """The last letter to the desk."""
    db.session.close()
    return next(one for one in letters.newest(limit=100) if one.facts["is_for_desk"])


@pytest.mark.parametrize("is_decided", [True, False])
@pytest.mark.parametrize("deed", ["withdraw", "let_go", "change"])
def test_desk_hears_in_the_same_letter_that_its_decision_fell(room, desk, deed, is_decided):
    an = make_an()
    request = make_request(room=room, by=an)
    uid, by = request.first.uid, {"by": an, "now": NOW + MINUTE}
    if is_decided:
        decide(request, desk)
    if deed == "withdraw":
        asking.withdraw(request.code, **by)
    elif deed == "let_go":
        dates.let_go(request.code, uid, Scope.THIS, **by)
    else:
        dates.change(request.code, uid, Scope.THIS, Move(time(14), time(17), room=""), **by)
    assert to_desk().facts["decision_fell"] is is_decided


def test_decision_about_other_dates_of_a_series_stands_and_is_not_told_as_fallen(room, desk):
    an = make_an()
    series = make_series(room, pattern=weekly(count=3), by=an)
    decide(series, desk, dates=series.occurrences[:2])
    dates.let_go(series.code, series.occurrences[2].uid, Scope.THIS, by=an, now=NOW + MINUTE)
    assert to_desk().facts["decision_fell"] is False
    dates.let_go(series.code, series.occurrences[1].uid, Scope.THIS, by=an, now=NOW + MINUTE)
    assert to_desk().facts["decision_fell"] is True


def test_decision_that_could_not_be_carried_out_is_told_to_the_desk_alone(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue"}})
    bea = make_account("bea@amandsberg.example", "Bea")
    make_desk("amandsberg", venue=room.venue, members=[bea])
    request = make_request(room=room)
    decide(request, actor_of(bea))
    with write_unit() as session:
        # What stood in the room for its yes is gone, and somebody else has it.
        taken = session.query(Occupancy).one()
        session.delete(taken)
    make_request(Status.APPROVED, room=room, contact_email="eerder@iemand.example")
    before = told("an@harmonie.example")
    for moment in (NOW + UNDO_WITHIN, NOW + UNDO_WITHIN + MINUTE):
        deadlines.tick(moment)
    letter = to_desk()
    assert (letter.kind, letter.recipient) == (LetterKind.DECISION_FELL, bea.email)
    assert told(bea.email).count(LetterKind.DECISION_FELL) == 1
    assert told("an@harmonie.example") == before
    assert read(request.code).decision is None


def test_member_of_the_desk_hears_nothing_as_the_desk_about_their_own_request(room, desk):
    bob = make_account("bob@amandsberg.example", "Bob")
    keep(DeskMember(desk_id=min(desk.desk_ids), account_id=bob.id, since=NOW))
    request = make_request(room=room, by=desk)
    decide(read(request.code), actor_of(bob))
    conversation.reply(request.code, "We komen later.", by=desk, now=NOW + MINUTE, visitor=AT_HOME)
    for_desk = {one.recipient for one in db.session.query(Letter) if one.facts["is_for_desk"]}
    assert for_desk == {"bob@amandsberg.example"}
    assert told(desk.email) == [LetterKind.REQUEST_RECEIVED]


def test_request_of_the_group_of_the_whole_desk_is_written_to_the_city_desk(room, desk):
    els = make_account("els@harmonie.example", "Els")
    club = make_association("Vrienden van het huis", members=[els])
    keep(Membership(association_id=club.id, account_id=desk.account_id, since=NOW))
    make_city_desk([make_account("sofie@stad.example", "Sofie")])
    make_request(
        room=room,
        by=actor_of(els),
        association_id=club.id,
        association_name=club.name,
        requester_kind=RequesterKind.NON_PROFIT,
    )
    assert (told(desk.email), told("sofie@stad.example")) == ([], [LetterKind.REQUEST_TO_DECIDE])


def test_shared_address_hears_of_every_request(app):
    room = make_room()
    bea = make_account("bea@amandsberg.example", "Bea")
    make_desk("amandsberg", venue=room.venue, members=[bea], email="huis@amandsberg.example")
    make_request(room=room, by=actor_of(bea))
    assert told("huis@amandsberg.example") == [LetterKind.REQUEST_TO_DECIDE]
