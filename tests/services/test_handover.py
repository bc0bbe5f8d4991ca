"""Handing a desk over: one offer, one yes, and nothing changes but who belongs to it."""

from datetime import timedelta

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
from zalenzoeker.domain.decision_links import LinkState
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.services import decisions, from_mail, handing, handover, membership
from zalenzoeker.services.desks import UnknownDesk
from zalenzoeker.storage import accounts, changes, desks, letters
from zalenzoeker.storage.db import db

DESK, LIES = "drongen", "lies@huis.example"
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def people(room):
    """Marcel and Mia, who have the desk."""
    marcel, mia = make_account("marcel@drongen.example", "Marcel"), make_account("mia@drongen.example", "Mia")
    make_desk(DESK, name="Huis", venue=room.venue, members=[marcel, mia], email="huis@drongen.example")
    return marcel, mia


@pytest.fixture
def marcel(people):
    return actor_of(people[0])


@pytest.fixture
def lies(app):
    return make_account(LIES, "Lies")


def offers(by, to=LIES, address="", now=NOW):
    """Offer it and return the token of the letter."""
    handover.offer(DESK, to, address, by=by, now=now, visitor=AT_HOME)
    db.session.close()
    return next(one.facts["token"] for one in letters.newest() if one.kind == "handover_offered")


def members():
    db.session.close()
    return [member.email for member in desks.by_slug(DESK).members]


def told(kind):
    db.session.close()
    return sorted((one.recipient, one.facts["is_done"]) for one in letters.newest() if one.kind == kind)


@pytest.mark.both
def test_after_handing_over_no_old_letter_decides_not_even_in_the_same_mailbox(room, marcel, lies):
    request = make_request(Status.REQUESTED, room=room)
    db.session.close()
    token = next(one.facts["token"] for one in letters.newest() if one.recipient == "huis@drongen.example")
    secret = offers(marcel, address="huis@drongen.example")
    handover.confirm(secret, by=actor_of(lies), now=NOW)
    db.session.close()
    assert (from_mail.opened(token, NOW).state, read(request.code).status) == (LinkState.EXPIRED, Status.REQUESTED)


@pytest.mark.both
def test_handing_over_changes_the_members_and_nothing_else(room, people, marcel, lies):
    request = make_request(Status.REQUESTED, room=room)
    handing.hand(request.code, people[1].code, by=marcel, now=NOW)
    decided = make_request(Status.REQUESTED, room=make_room("keuken", venue=room.venue))
    answers = {decided.first.uid: Action.APPROVE}
    decisions.decide(decided.code, answers, by=marcel, now=NOW, version=read(decided.code).version)
    before = read(request.code)
    token = offers(marcel, address="nieuw@huis.example")
    assert members() == ["marcel@drongen.example", "mia@drongen.example"]
    assert handover.confirm(token, by=actor_of(lies), now=NOW) == "Huis"
    assert (members(), desks.by_slug(DESK).email) == ([LIES], "nieuw@huis.example")
    assert [actor_of(one).desk_ids for one in people] == [frozenset(), frozenset()]
    after = read(request.code)
    assert (after.handler_id, after.status, after.version) == (None, before.status, before.version)
    assert [event.action for event in after.events] == [event.action for event in before.events]
    later = NOW + timedelta(minutes=10)
    decisions.carry_out(decided.code, later)
    assert read(decided.code).status is Status.APPROVED
    with pytest.raises(NotAllowed):
        decisions.decide(
            request.code, {request.first.uid: Action.APPROVE}, by=actor_of(people[0]), now=NOW, version=after.version
        )
    decisions.decide(
        request.code, {request.first.uid: Action.APPROVE}, by=actor_of(lies), now=NOW, version=after.version
    )
    decisions.carry_out(request.code, later)
    assert read(request.code).status is Status.APPROVED


def test_handing_over_tells_everybody_once(room, people, marcel, lies):
    token = offers(marcel)
    assert told("handover_told") == [("huis@drongen.example", False), ("mia@drongen.example", False)]
    handover.confirm(token, by=actor_of(lies), now=NOW)
    done = [one for one in told("handover_told") if one[1]]
    assert done == [
        ("huis@drongen.example", True),
        ("marcel@drongen.example", True),
        ("mia@drongen.example", True),
    ]
    assert desks.by_slug(DESK).email == ""


def test_handing_over_stands_on_the_log(room, people, marcel, lies):
    handover.confirm(offers(marcel), by=actor_of(lies), now=NOW)
    db.session.close()
    ids = sorted(one.id for one in people)
    found = [(one.account_id, one.before, one.after) for one in changes.of_desk(desks.by_slug(DESK).id, 10)]
    assert found == [
        (
            lies.id,
            {"step": "confirmed", "people": ids, "address": "huis@drongen.example"},
            {"step": "confirmed", "people": [lies.id], "address": ""},
        ),
        (marcel.account_id, None, {"step": "offered", "to": LIES}),
    ]


@pytest.mark.both
def test_second_yes_changes_nothing(room, people, marcel, lies):
    token = offers(marcel)
    by = actor_of(lies)
    handover.confirm(token, by=by, now=NOW)
    membership.add(DESK, "bert@huis.example", by=actor_of(lies), now=NOW, visitor=AT_HOME)
    assert handover.confirm(token, by=actor_of(lies), now=NOW + FORTNIGHT * 2) == "Huis"
    assert members() == ["bert@huis.example", LIES]
    assert handover.open_offer(token, NOW + FORTNIGHT * 2).confirmed_at == NOW


@pytest.mark.both
def test_two_yeses_at_once_are_one(app, room, people, marcel, lies):
    token, by = offers(marcel), actor_of(lies)
    assert together(app, *[lambda: handover.confirm(token, by=by, now=NOW)] * 2) == ["Huis", "Huis"]
    assert members() == [LIES]
    assert len([one for one in told("handover_told") if one[1]]) == 3


@pytest.mark.both
def test_yes_and_taking_back_at_once_leave_one_of_the_two(app, room, people, marcel, lies):
    token, by = offers(marcel), actor_of(lies)
    yes, back = together(
        app,
        lambda: handover.confirm(token, by=by, now=NOW),
        lambda: handover.revoke(DESK, by=marcel, now=NOW),
    )
    if yes == "Huis":
        assert (type(back), members()) == (NotAllowed, [LIES])
    else:
        assert (type(yes), back, len(members())) == (handover.NoOffer, None, 2)


def test_offer_is_for_one_address_and_takes_signing_in(room, people, marcel, lies):
    token = offers(marcel)
    with pytest.raises(NotAllowed):
        handover.confirm(token, by=PASSER_BY, now=NOW)
    with pytest.raises(handover.NotForYou):
        handover.confirm(token, by=make_an(), now=NOW)
    with pytest.raises(handover.NoOffer):
        handover.confirm("verzonnen", by=actor_of(lies), now=NOW)
    assert members() == ["marcel@drongen.example", "mia@drongen.example"]


def test_offer_ends_after_fourteen_days_by_taking_back_and_by_a_new_one(room, people, marcel, lies):
    by = actor_of(lies)
    old = offers(marcel)
    with pytest.raises(handover.NoOffer):
        handover.confirm(old, by=by, now=NOW + FORTNIGHT)
    second = offers(marcel, "bert@huis.example", now=NOW + timedelta(hours=1))
    for token in (old, "x"):
        with pytest.raises(handover.NoOffer):
            handover.open_offer(token, NOW)
    handover.revoke(DESK, by=actor_of(people[1]), now=NOW)
    handover.revoke(DESK, by=actor_of(people[1]), now=NOW)
    with pytest.raises(handover.NoOffer):
        handover.open_offer(second, NOW)
    with pytest.raises(handover.NoOffer):
        handover.confirm(second, by=actor_of(make_account("bert@huis.example")), now=NOW)
    assert len(members()) == 2


def test_offer_of_who_no_longer_belongs_to_the_desk_is_worth_nothing(room, people, marcel, lies):
    token = offers(marcel)
    membership.remove(DESK, people[0].code, by=actor_of(people[1]), now=NOW)
    with pytest.raises(handover.NoOffer):
        handover.confirm(token, by=actor_of(lies), now=NOW)
    assert members() == ["mia@drongen.example"]


def test_desk_is_offered_by_its_members_and_the_city_alone(room, people, marcel, lies):
    elsewhere = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    for who in (PASSER_BY, make_an(), elsewhere):
        with pytest.raises(NotAllowed):
            offers(who)
        with pytest.raises(NotAllowed):
            handover.revoke(DESK, by=who, now=NOW)
    with pytest.raises(handover.ToYourself):
        offers(marcel, "Marcel@drongen.example")
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    handover.confirm(offers(actor_of(sofie)), by=actor_of(lies), now=NOW)
    assert members() == [LIES]
    with pytest.raises(NotAllowed):
        handover.offer("stad", LIES, "", by=actor_of(sofie), now=NOW, visitor=AT_HOME)
    with pytest.raises(UnknownDesk):
        handover.offer("nergens", LIES, "", by=actor_of(sofie), now=NOW, visitor=AT_HOME)


def test_member_who_takes_over_stays_alone(room, people, marcel):
    handover.confirm(offers(marcel, "mia@drongen.example"), by=actor_of(people[1]), now=NOW)
    assert members() == ["mia@drongen.example"]


def test_successor_does_not_decide_on_their_own_request(room, people, marcel):
    request = make_request(Status.REQUESTED, room=room)
    asker = accounts.by_email(request.contact_email)
    handover.confirm(offers(marcel, request.contact_email), by=actor_of(asker), now=NOW)
    with pytest.raises(OwnRequest):
        decisions.decide(
            request.code, {request.first.uid: Action.APPROVE}, by=actor_of(asker), now=NOW, version=request.version
        )
