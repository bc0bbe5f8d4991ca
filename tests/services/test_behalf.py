"""Asking on behalf of somebody: who may, what is marked, and that nobody decides on what they typed in."""

from datetime import timedelta

import pytest

from tests import decisions
from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_entered,
    make_request,
    make_room,
    make_series_wish,
    make_venue,
    make_wish,
    read,
)
from tests.services.looks import holders
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.behalf import CameBy, NotReachable
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import ANYONE, NotAllowed, OwnRequest, is_own, may_see_parties, may_withdraw
from zalenzoeker.domain.requests import Action, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import accounts as signing_in
from zalenzoeker.services import conversation, dates, deadlines, handing, waiting
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services import requests as asking
from zalenzoeker.services.wishes import Refused
from zalenzoeker.storage import accounts, history, letters, requests
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import RoutingLine
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both

LATER = NOW + timedelta(days=1)
GODELIEVE = "godelieve@maes.example"


@pytest.fixture
def team(room):
    """Marcel and Rita, of the desk that keeps the house."""
    members = [make_account("marcel@drongen.example", "Marcel"), make_account("rita@drongen.example", "Rita")]
    make_desk("drongen", name="Open Huis Drongen", venue=room.venue, members=members)
    return [actor_of(one) for one in members]


@pytest.fixture
def marcel(team):
    return team[0]


@pytest.fixture
def rita(team):
    return team[1]


def ask(wish, by):
    return asking.ask(wish, by=by, now=NOW, visitor=AT_HOME)


def reception(*members):
    make_desk("onthaal", name="Onthaal Stad", kind=DeskKind.RECEPTION, members=members)
    return [actor_of(one) for one in members]


def told():
    return [(one.kind, one.recipient, one.state) for one in reversed(letters.newest())]


def decide(request, action, by):
    found = read(request.code)
    answers = {date.uid: action for date in found.dates}
    deciding.decide(found.code, answers, by=by, now=NOW, version=found.version, note="Neen.")


# What stands on the request.


def test_request_is_there_at_once_and_says_who_typed_it_in(room, marcel):
    request = make_entered(room, by=marcel, postal_address="Dorpsstraat 1\n9031 Drongen")
    assert (request.status, request.account_id, request.asked_at) == (Status.REQUESTED, None, NOW)
    assert (request.came_by, request.entered_by.name, request.entered_desk.name, request.postal_address) == (
        CameBy.PHONE,
        "Marcel",
        "Open Huis Drongen",
        "Dorpsstraat 1\n9031 Drongen",
    )
    (event,) = request.events
    assert (event.action, event.account.name, event.facts) == (
        Action.PROVE,
        "Marcel",
        {"entered": {"desk": "Open Huis Drongen", "how": "phone", "for": "Godelieve Maes"}},
    )
    assert holders() == [TakenBy.REQUEST]


def test_name_and_telephone_of_the_asker_are_not_kept_for_who_typed_them(room, marcel):
    make_entered(room, by=marcel)
    account = accounts.by_email(marcel.email)
    assert (account.name, account.phone) == ("Marcel", "")


def test_no_account_and_no_association_come_of_what_nobody_proved(room, marcel):
    request = make_entered(
        room,
        by=marcel,
        contact_email=GODELIEVE,
        requester_kind=RequesterKind.RESIDENTS,
        association_name="De Breiclub",
    )
    assert accounts.by_email(GODELIEVE) is None
    assert (request.account_id, request.association_id, request.association_name) == (None, None, "De Breiclub")


def test_the_same_form_posted_twice_asks_once(room, marcel):
    wish = make_wish(room, came_by=CameBy.DESK, contact_email="", contact_phone="09 226 00 00")
    first, second = ask(wish, marcel), ask(wish, marcel)
    assert (first.code, first.needs_proof, second.is_repeat) == (second.code, False, True)
    assert db.session.query(requests.Request).count() == 1


def test_series_is_typed_in_as_a_series(room, marcel):
    wish = make_series_wish(room, came_by=CameBy.PAPER, contact_email="", contact_phone="09 226 00 00")
    assert len(read(ask(wish, marcel).code).dates) == 6


@pytest.mark.parametrize(
    "fields, is_reached",
    [
        ({"contact_phone": ""}, False),
        ({"contact_phone": "", "postal_address": "  "}, False),
        ({"contact_phone": "09 226 00 00"}, True),
        ({"contact_phone": "", "postal_address": "Dorpsstraat 1, Drongen"}, True),
        ({"contact_phone": "", "contact_email": GODELIEVE}, True),
    ],
)
def test_asker_must_be_reachable_in_one_way_at_least(room, marcel, fields, is_reached):
    if is_reached:
        assert make_entered(room, by=marcel, **fields).status is Status.REQUESTED
        return
    with pytest.raises(NotReachable):
        make_entered(room, by=marcel, **fields)


# Who may.


def test_desk_of_another_house_may_not(room, team):
    rita = make_account("rita@malem.example")
    make_desk(venue=make_venue("malem"), members=[rita])
    with pytest.raises(NotAllowed):
        make_entered(room, by=actor_of(rita))


def test_asker_may_not_and_neither_may_a_stranger(room, team):
    for who in (actor_of(make_account("an@harmonie.example")), ANYONE):
        with pytest.raises(NotAllowed):
            make_entered(room, by=who)


def test_reception_and_city_desk_may_for_every_house(room, team):
    (els,) = reception(make_account("els@stad.example", "Els"))
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    first = make_entered(room, by=els)
    second = make_entered(room, by=actor_of(sofie), slot=at("19:00", "21:00"))
    assert [first.entered_desk.name, first.desk.name] == ["Onthaal Stad", "Open Huis Drongen"]
    assert [second.entered_desk.name, second.desk.name] == ["Stadsbalie", "Open Huis Drongen"]


def test_who_only_decides_about_some_hours_does_not_keep_the_house(room, team):
    other = make_account("wouter@wijkwerk.example")
    desk = make_desk("wijkwerk", members=[other])
    keep(RoutingLine(position=1, venue_id=room.venue.id, weekdays=[5], desk_id=desk.id, reason="Zaterdag"))
    with pytest.raises(NotAllowed):
        make_entered(room, by=actor_of(other))


# The same rules.


def test_the_same_obstacles_stand_in_the_way(room, marcel):
    make_request(room=room)
    with pytest.raises(Refused) as refused:
        make_entered(room, by=marcel)
    assert [one.code for one in refused.value.obstacles] == [Code.REQUESTED]


def test_exception_is_asked_with_its_reason(room, marcel):
    slot = at().moved(days=-42)
    with pytest.raises(Refused):
        make_entered(room, by=marcel, slot=slot)
    request = make_entered(room, by=marcel, slot=slot, exception_reason="De koffietafel na een begrafenis.")
    assert (request.exceptions, request.exception_reason) == (["too_soon"], "De koffietafel na een begrafenis.")


def test_pile_of_forms_is_no_flood_and_counts_for_nobody(marcel, room):
    rooms = [make_room(f"zaal-{number}", venue=room.venue) for number in range(12)]
    for one in rooms:
        make_entered(one, by=marcel)
    assert requests.waiting_count(marcel.desk_ids) == 12
    assert make_request(room=room, by=marcel).status is Status.REQUESTED


def test_requests_of_an_asker_who_is_known_count(marcel):
    few = make_room(venue=make_venue("klein"), rules={RuleName.OPEN_REQUESTS: 1})
    make_desk(venue=few.venue, members=[accounts.by_email(marcel.email)])
    make_request(room=few, contact_email=GODELIEVE)
    with pytest.raises(Refused) as refused:
        make_entered(
            few, by=actor_of(accounts.by_email(marcel.email)), contact_email=GODELIEVE, slot=at("19:00", "21:00")
        )
    assert [one.code for one in refused.value.obstacles] == [Code.TOO_MANY_OPEN]


# Nobody decides on what they typed in.


def test_who_typed_it_in_decides_by_no_path_and_a_colleague_does(room, marcel, rita):
    request = make_entered(room, by=marcel)
    for action in (Action.APPROVE, Action.REFUSE):
        with pytest.raises(OwnRequest):
            decide(request, action, marcel)
    for deed in (
        lambda: conversation.ask(request.code, "Met hoeveel?", by=marcel, now=NOW),
        lambda: conversation.note(request.code, "Kent het huis.", by=marcel, now=NOW),
        lambda: handing.forward(request.code, "stad", by=marcel, now=NOW, note="Wij niet."),
        lambda: handing.hand(request.code, accounts.by_email(rita.email).code, by=marcel, now=NOW),
        lambda: handing.hand(request.code, accounts.by_email(marcel.email).code, by=rita, now=NOW),
    ):
        with pytest.raises(OwnRequest):
            deed()
    decide(request, Action.APPROVE, rita)
    with pytest.raises(OwnRequest):
        deciding.undo(request.code, by=marcel, now=NOW)
    deciding.carry_out(request.code, NOW + timedelta(minutes=10))
    assert read(request.code).status is Status.APPROVED
    with pytest.raises(OwnRequest):
        decide(request, Action.CANCEL, marcel)


def test_request_for_ones_own_group_is_ones_own_and_its_members_too(room, team):
    marcel, rita = (accounts.by_email(one.email) for one in team)
    club = make_association("De Breiclub", members=[marcel, rita])
    request = make_entered(
        room,
        by=actor_of(marcel),
        association_id=club.id,
        association_name=club.name,
        requester_kind=RequesterKind.ASSOCIATION,
    )
    for who in (marcel, rita):
        with pytest.raises(OwnRequest):
            decide(request, Action.APPROVE, actor_of(who))
    with pytest.raises(NotAllowed):
        make_entered(room, by=team[0], association_id=club.id + 1)


def test_who_typed_it_in_for_another_house_does_not_decide_there_later(room, team):
    els = make_account("els@stad.example", "Els")
    (actor,) = reception(els)
    request = make_entered(room, by=actor)
    make_desk("nog-een", members=[els])
    handing.forward(request.code, "nog-een", by=team[0], now=NOW, note="Voor jullie.")
    with pytest.raises(OwnRequest):
        decide(request, Action.APPROVE, actor_of(els))


# Without an e-mail address.


def test_two_requests_without_an_address_are_not_each_others(room, marcel, rita):
    first = make_entered(room, by=marcel)
    decisions.approve(first.code, by=rita, now=NOW, version=first.version)
    second = make_entered(room, by=rita, slot=at("19:00", "21:00"), contact_name="Jef")
    assert history.of_askers([second], room.venue_id, NOW)[second.id].to_come == 0
    assert list(history.latest(second, room.venue_id, limit=3)) == []
    assert [is_own(marcel, second.parties), is_own(rita, second.parties)] == [False, True]


def test_account_never_shares_the_empty_address(room, marcel):
    request = make_entered(room, by=marcel)
    nobody = actor_of(make_account("leeg@post.example"))
    empty = actor_of(make_account(" "))
    assert [may_see_parties(who, request.parties) for who in (nobody, empty, ANYONE)] == [False] * 3
    assert [may_withdraw(who, request.parties) for who in (nobody, empty, ANYONE)] == [False] * 3
    assert requests.of_person(nobody.account_id, set(), email="") == []
    with pytest.raises(NotAllowed):
        asking.withdraw(request.code, by=nobody, now=NOW)


def test_person_it_was_typed_in_for_sees_it_as_their_own_after_signing_in(room, marcel):
    request = make_entered(room, by=marcel, contact_email=GODELIEVE)
    signing_in.make_link(GODELIEVE, now=NOW)
    godelieve = actor_of(accounts.by_email(GODELIEVE))
    (own,) = requests.of_person(godelieve.account_id, set(), email=GODELIEVE)
    assert (own.code, may_withdraw(godelieve, request.parties)) == (request.code, True)
    asking.withdraw(request.code, by=godelieve, now=LATER)
    found = read(request.code)
    assert (found.status, found.events[-1].facts) == (Status.WITHDRAWN, {})


def test_letters_wait_to_be_printed_and_the_desk_gets_mail(room, team):
    request = make_entered(room, by=team[0])
    assert told() == [
        (LetterKind.REQUEST_RECEIVED, "", LetterState.TO_PRINT),
        (LetterKind.REQUEST_TO_DECIDE, "marcel@drongen.example", LetterState.WAITING),
        (LetterKind.REQUEST_TO_DECIDE, "rita@drongen.example", LetterState.WAITING),
    ]
    decisions.approve(request.code, by=team[1], now=NOW, version=request.version)
    assert told()[-1] == (LetterKind.REQUEST_APPROVED, "", LetterState.TO_PRINT)


# What the desk does when the asker asks for it.


def test_colleague_withdraws_when_the_asker_asks_and_it_is_marked(room, marcel, rita):
    request = make_entered(room, by=marcel)
    asking.withdraw(request.code, by=rita, now=LATER)
    found = read(request.code)
    assert (found.status, found.events[-1].account.name, found.events[-1].facts) == (
        Status.WITHDRAWN,
        "Rita",
        {"at_request": True},
    )
    assert told()[-3] == (LetterKind.REQUEST_WITHDRAWN, "", LetterState.TO_PRINT)


def test_colleague_does_not_withdraw_for_who_can_do_it_themselves(room, marcel, rita):
    request = make_entered(room, by=marcel, contact_email=GODELIEVE)
    with pytest.raises(NotAllowed):
        asking.withdraw(request.code, by=rita, now=LATER)
    asking.withdraw(request.code, by=marcel, now=LATER)
    assert read(request.code).events[-1].facts == {"at_request": True}


def test_colleague_lets_a_date_go_and_answers_a_question(room, marcel, rita):
    wish = make_series_wish(room, came_by=CameBy.PHONE, contact_email="", contact_phone="09 226 00 00")
    request = read(ask(wish, marcel).code)
    conversation.ask(request.code, "Met hoeveel?", by=rita, now=NOW)
    conversation.reply(request.code, "Met twintig, zegt ze.", by=rita, now=NOW, visitor=AT_HOME)
    dates.let_go(request.code, request.dates[0].uid, Scope.THIS, by=rita, now=NOW)
    events = [(one.action, bool(one.facts.get("at_request"))) for one in read(request.code).events]
    assert events == [
        (Action.PROVE, False),
        (Action.ASK, False),
        (Action.REPLY, True),
        (Action.LET_GO, True),
    ]


def test_desk_of_another_house_does_nothing_for_the_asker(room, marcel):
    request = make_entered(room, by=marcel)
    other = make_account("rita@malem.example")
    make_desk(venue=make_venue("malem"), members=[other])
    with pytest.raises(NotAllowed):
        asking.withdraw(request.code, by=actor_of(other), now=LATER)


def test_who_left_the_desk_sees_and_does_nothing_any_more(room, team):
    code = make_entered(room, by=team[0]).code
    db.session.execute(db.text("DELETE FROM desk_member WHERE account_id = :id"), {"id": team[0].account_id})
    db.session.commit()
    gone = actor_of(accounts.by_email("marcel@drongen.example"))
    request = read(code)
    assert (may_see_parties(gone, request.parties), may_withdraw(gone, request.parties)) == (False, False)
    assert is_own(gone, request.parties) is True


def test_offer_to_who_has_no_address_is_told_to_the_desk_without_a_key(room, marcel, rita):
    before = make_request(Status.APPROVED, room=room)
    request = make_entered(room, by=marcel, is_waiting=True)
    assert request.status is Status.WAITING
    asking.withdraw(before.code, by=actor_of(accounts.by_email(before.contact_email)), now=LATER)
    offers = [one for one in letters.newest() if one.kind == LetterKind.PLACE_OFFERED]
    assert sorted((one.recipient, "token" in one.facts) for one in offers) == [
        ("", False),
        ("marcel@drongen.example", False),
        ("rita@drongen.example", False),
    ]
    of_the_asker = [one for one in letters.newest() if not one.facts["is_for_desk"] and one.request_id == request.id]
    assert ["token" in one.facts for one in of_the_asker] == [False, False]
    assert waiting.accept(request.code, by=rita, now=LATER) is True
    found = read(request.code)
    assert (found.status, found.account_id, found.events[-1].facts) == (Status.REQUESTED, None, {"at_request": True})
    decide(found, Action.APPROVE, rita)


def test_place_on_the_list_is_left_at_the_desk(room, marcel, rita):
    make_request(Status.APPROVED, room=room)
    request = make_entered(room, by=marcel, is_waiting=True)
    waiting.leave(request.code, by=rita, now=LATER)
    assert read(request.code).events[-1].facts == {"at_request": True}
    assert waiting_list.place_of(read(request.code)) in (0, None)


def test_request_without_an_answer_ends_with_a_letter_on_paper(room, team):
    request = make_entered(room, by=team[0])
    deadlines.tick(request.first.slot.starts_at)
    kinds = [one.kind for one in letters.newest() if one.recipient == ""]
    assert (read(request.code).status, kinds[0]) == (Status.EXPIRED, LetterKind.REQUEST_EXPIRED)
