"""Who belongs to a desk: who may say so, the last one stays, and who is out is out at once."""

import pytest

from tests.builders import (
    AT_HOME,
    NOW,
    PASSER_BY,
    actor_of,
    make_account,
    make_an,
    make_city_desk,
    make_decider,
    make_desk,
    make_request,
    make_room,
    make_venue,
    read,
)
from tests.race import together
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.decision_links import LinkState
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import advice, crew, from_mail, handing, handover, membership
from zalenzoeker.services.desks import UnknownDesk
from zalenzoeker.storage import changes, desks, duty, handovers, letters
from zalenzoeker.storage.db import db

DESK = "drongen"
NEW = "mia@drongen.example"


@pytest.fixture
def marcel(room):
    account = make_account("marcel@drongen.example", "Marcel")
    make_desk(DESK, venue=room.venue, members=[account])
    return actor_of(account)


def adds(by, email=NEW, desk=DESK):
    membership.add(desk, email, by=by, now=NOW, visitor=AT_HOME)


def removes(by, email, desk=DESK):
    membership.remove(desk, f"code-of-{email}", by=by, now=NOW)


def members(desk=DESK):
    db.session.close()
    return [member.email for member in desks.by_slug(desk).members]


def log(desk=DESK):
    db.session.close()
    found = changes.of_desk(desks.by_slug(desk).id, 100)
    return [(one.what.value, one.before, one.after) for one in reversed(found)]


@pytest.mark.both
def test_member_is_added_told_and_can_add_others(room, marcel):
    mia = make_account(NEW, "Mia")
    adds(marcel, "MIA@drongen.example")
    assert members() == ["marcel@drongen.example", NEW]
    letter = letters.newest()[0]
    assert (letter.kind, letter.recipient) == ("member_added", NEW)
    assert letter.facts == {"desk": "Drongen", "by_name": "Marcel"}
    adds(actor_of(mia), "lies@drongen.example")
    assert members() == ["lies@drongen.example", "marcel@drongen.example", NEW]
    assert log()[0] == ("member", None, {"people": [mia.id]})


def test_member_is_added_once(room, marcel):
    adds(marcel)
    with pytest.raises(membership.AlreadyMember):
        adds(marcel)
    assert len([one for one in letters.newest() if one.kind == "member_added"]) == 1


@pytest.mark.both
def test_member_who_is_removed_decides_no_longer(room, marcel):
    mia = make_account(NEW, "Mia")
    adds(marcel)
    request = make_request(Status.REQUESTED, room=room)
    handing.hand(request.code, mia.code, by=marcel, now=NOW)
    assert read(request.code).handler_id == mia.id
    removes(marcel, NEW)
    assert (members(), actor_of(mia).desk_ids) == (["marcel@drongen.example"], frozenset())
    assert read(request.code).handler_id is None
    removes(marcel, NEW)
    assert [what for what, *_ in log()] == ["member", "member"]


@pytest.mark.both
def test_member_who_is_removed_is_on_duty_no_longer_and_decides_nothing_by_an_old_letter(room, marcel):
    mia = make_account(NEW, "Mia")
    adds(marcel)
    crew.put_on_duty(DESK, mia.code, NOW.date(), NOW.date(), by=marcel, now=NOW)
    crew.join_rota(DESK, mia.code, by=marcel, now=NOW)
    request = make_request(Status.REQUESTED, room=room)
    db.session.close()
    token = next(one.facts["token"] for one in letters.newest() if one.recipient == NEW and "token" in one.facts)
    removes(marcel, NEW)
    desk_id = desks.by_slug(DESK).id
    assert (duty.on_duty(desk_id, NOW.date()), duty.rota_rows(desk_id)) == (None, [])
    # Back again, she starts anew.
    adds(marcel)
    assert from_mail.opened(token, NOW).state is LinkState.EXPIRED
    assert (duty.on_duty(desk_id, NOW.date()), read(request.code).status) == (None, Status.REQUESTED)


@pytest.mark.both
def test_votes_are_counted_anew_without_who_is_removed(room, marcel):
    mia, jan = make_account(NEW, "Mia"), make_account("jan@drongen.example", "Jan")
    for one in (mia, jan):
        adds(marcel, one.email)
    advice.set_advice(DESK, AdviceKind.DECIDES, needed=3, days=7, silence=Silence.NOTHING, by=marcel, now=NOW)
    request = make_request(Status.REQUESTED, room=room)
    for who in (marcel, actor_of(mia)):
        advice.vote(request.code, True, by=who, now=NOW, version=request.version)
    assert read(request.code).decision is None
    removes(marcel, "jan@drongen.example")
    assert read(request.code).decision.votes == {"yes": 2, "of": 2, "needed": 2, "is_silence": False}


def test_member_may_leave_but_the_last_one_stays(room, marcel):
    with pytest.raises(membership.LastMember):
        removes(marcel, "marcel@drongen.example")
    adds(marcel)
    removes(marcel, "marcel@drongen.example")
    assert members() == [NEW]
    with pytest.raises(NotAllowed):
        adds(marcel, "terug@drongen.example")


def test_members_are_kept_by_the_desk_and_the_city_alone(room, marcel):
    make_account(NEW)
    adds(marcel)
    elsewhere = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    for who in (PASSER_BY, make_an(), elsewhere):
        with pytest.raises(NotAllowed):
            adds(who, "x@x.example")
        with pytest.raises(NotAllowed):
            removes(who, NEW)
    sofie = make_account("sofie@stad.example")
    make_city_desk([sofie])
    adds(actor_of(sofie), "lies@drongen.example")
    removes(actor_of(sofie), NEW)
    assert members() == ["lies@drongen.example", "marcel@drongen.example"]
    with pytest.raises(UnknownDesk):
        adds(marcel, desk="nergens")


def test_offer_of_a_removed_member_falls_away(room, marcel):
    mia = make_account(NEW, "Mia")
    adds(marcel)
    handover.offer(DESK, "lies@huis.example", "", by=actor_of(mia), now=NOW, visitor=AT_HOME)
    removes(marcel, NEW)
    db.session.close()
    assert handovers.open_for(desks.by_slug(DESK).id, NOW) is None


@pytest.mark.both
def test_two_members_who_remove_each_other_at_once_leave_one(app, room, marcel):
    mia = make_account(NEW, "Mia")
    adds(marcel)
    other = actor_of(mia)
    found = together(app, lambda: removes(marcel, NEW), lambda: removes(other, "marcel@drongen.example"))
    assert sorted(type(one).__name__ for one in found) == ["NoneType", "NotAllowed"]
    assert len(members()) == 1


# The address that they share.


@pytest.mark.both
def test_shared_address_changes_and_everybody_hears_of_it(room, marcel):
    adds(marcel)
    for email in ("Samen@drongen.example", "nieuw@drongen.example"):
        membership.set_address(DESK, email, by=marcel, now=NOW, visitor=AT_HOME)
    told = [one for one in letters.newest() if one.kind == "address_changed"]
    first = {"samen@drongen.example", NEW}
    assert {one.recipient for one in told} == {*first, "nieuw@drongen.example"}
    assert len(told) == len(first) + 3
    assert log()[-1] == ("address", {"address": "samen@drongen.example"}, {"address": "nieuw@drongen.example"})


def test_shared_address_that_stays_is_no_change(room, marcel):
    for _twice in range(2):
        membership.set_address(DESK, "samen@drongen.example", by=marcel, now=NOW, visitor=AT_HOME)
    assert [what for what, _before, _after in log()] == ["address"]


@pytest.mark.both
def test_letter_to_a_former_shared_address_decides_nothing_even_when_it_comes_back(room, marcel):
    shared, other = "samen@drongen.example", "ander@drongen.example"
    membership.set_address(DESK, shared, by=marcel, now=NOW, visitor=AT_HOME)
    make_request(room=room)
    token = next(one.facts["token"] for one in letters.newest() if one.recipient == shared and "token" in one.facts)
    assert from_mail.opened(token, NOW).state is LinkState.OPEN
    for email in (other, shared):
        membership.set_address(DESK, email, by=marcel, now=NOW, visitor=AT_HOME)
        db.session.close()
        assert from_mail.opened(token, NOW).state is not LinkState.OPEN


def test_shared_address_is_not_changed_by_who_does_not_belong_to_the_desk(room, marcel):
    stranger = actor_of(make_account("lies@iemand.example", "Lies"))
    for by in (stranger, make_an()):
        with pytest.raises(NotAllowed):
            membership.set_address(DESK, "samen@iemand.example", by=by, now=NOW, visitor=AT_HOME)
    assert (log(), desks.by_slug(DESK).email) == ([], "")
