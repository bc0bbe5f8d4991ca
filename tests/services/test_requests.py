"""Asking for a room: what is held, who is told, what is refused, and that the same form asks only once."""

import threading
import time
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url

from tests.builders import (
    AT_HOME,
    NOW,
    PASSER_BY,
    SATURDAY,
    actor_of,
    at,
    keep,
    make_account,
    make_an,
    make_association,
    make_city_desk,
    make_closure,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_venue,
    make_wish,
    read,
)
from tests.race import together
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import UNPROVED_PER_ROOM, Limited, TooMany, Visitor
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Action, NotPossible, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import deadlines
from zalenzoeker.services import requests as asking
from zalenzoeker.services.wishes import Receipt, Refused, UnknownRequest, UnknownRoom, WishedDate
from zalenzoeker.storage import accounts, associations, letters, occupancy, requests, self_check
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import (
    Account,
    Attempt,
    Event,
    Facility,
    Letter,
    Occupancy,
    Occurrence,
    Request,
    SignInCode,
)

pytestmark = pytest.mark.both

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FAR = Visitor("another browser", "198.51.100.9")
ASKER, DESK = "an@harmonie.example", "fatima@amandsberg.example"


@pytest.fixture
def an(app):
    return make_an()


def ask(wish, by=PASSER_BY, now=NOW, visitor=AT_HOME) -> Receipt:
    return asking.ask(wish, by=by, now=now, visitor=visitor)


def written() -> list[tuple[str, str]]:
    """Kind and recipient of every letter, in the order in which they were written."""
    db.session.close()
    return [(letter.kind, letter.recipient) for letter in reversed(letters.newest())]


def held() -> list[tuple]:
    """What holds a space, and until how many minutes after NOW."""
    db.session.close()
    rows = db.session.scalars(select(Occupancy).order_by(Occupancy.id))
    return [(row.by, row.held_until and (row.held_until - epoch(NOW)) // 60) for row in rows]


def counts() -> dict[str, int]:
    db.session.close()
    tables = (Request, Occurrence, Occupancy, Event, Letter, Account, SignInCode, Attempt)
    return {table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


def codes(refused: Refused) -> list[Code]:
    return [one.code for one in refused.obstacles]


def test_signed_in_person_asks_and_the_desk_knows_at_once(room, desk, an):
    receipt = ask(make_wish(room, contact_phone="0470 12 34 56", remarks="Met piano"), an)
    request = read(receipt.code)
    assert receipt.needs_proof is False
    assert (request.status, request.version, request.account_id, request.asked_at, request.answer_by) == (
        Status.REQUESTED,
        2,
        an.account_id,
        NOW,
        NOW + 14 * DAY,
    )
    assert (request.desk_id, request.route_reason) == (min(desk.desk_ids), "vrijwilligersgroep")
    assert (request.first.slot, request.first.from_epoch, request.first.to_epoch) == (
        at(),
        at().from_epoch,
        at().to_epoch,
    )
    assert [(event.action, event.status, event.account_id, event.at) for event in request.events] == [
        (Action.PROVE, Status.REQUESTED, an.account_id, NOW)
    ]
    assert held() == [(TakenBy.REQUEST, None)]
    assert written() == [(LetterKind.REQUEST_RECEIVED, ASKER), (LetterKind.REQUEST_TO_DECIDE, DESK)]
    known = accounts.by_email(ASKER)
    assert (known.name, known.phone) == ("An Peeters", "0470 12 34 56")


def test_passer_by_asks_and_only_a_code_is_sent(room, desk):
    receipt = ask(make_wish(room))
    request = read(receipt.code)
    assert (receipt.needs_proof, request.status, request.desk_id, request.asked_at, request.account_id) == (
        True,
        Status.UNPROVED,
        None,
        None,
        None,
    )
    assert held() == [(TakenBy.REQUEST, 15)]
    assert written() == [(LetterKind.SIGN_IN_CODE, ASKER)]


def test_address_that_answers_makes_the_request_known(room, desk):
    code = ask(make_wish(room)).code
    by = actor_of(make_account(ASKER))
    asking.prove(code, by=by, now=NOW + 5 * MINUTE)
    request = read(code)
    assert (request.status, request.account_id, request.asked_at, request.desk_id) == (
        Status.REQUESTED,
        by.account_id,
        NOW + 5 * MINUTE,
        min(desk.desk_ids),
    )
    assert held() == [(TakenBy.REQUEST, None)]
    assert written()[1:] == [(LetterKind.REQUEST_RECEIVED, ASKER), (LetterKind.REQUEST_TO_DECIDE, DESK)]


def test_second_proof_changes_nothing(room, desk):
    code = ask(make_wish(room)).code
    by = actor_of(make_account(ASKER))
    asking.prove(code, by=by, now=NOW + MINUTE)
    before = counts(), read(code).version
    asking.prove(code, by=by, now=NOW + 2 * MINUTE)
    assert (counts(), read(code).version) == before


def test_proofs_side_by_side_tell_the_desk_once(app, room, desk):
    code = ask(make_wish(room)).code
    by = actor_of(make_account(ASKER))
    assert together(app, *[lambda: asking.prove(code, by=by, now=NOW)] * 4) == [None] * 4
    assert written() == [
        (LetterKind.SIGN_IN_CODE, ASKER),
        (LetterKind.REQUEST_RECEIVED, ASKER),
        (LetterKind.REQUEST_TO_DECIDE, DESK),
    ]


def test_other_address_proves_nothing(room, desk):
    code = ask(make_wish(room)).code
    with pytest.raises(NotAllowed):
        asking.prove(code, by=actor_of(make_account("bert@post.example")), now=NOW)
    with pytest.raises(UnknownRequest):
        asking.prove("nothing", by=PASSER_BY, now=NOW)
    assert read(code).status is Status.UNPROVED


@pytest.mark.parametrize("is_ticked", [True, False])
def test_proof_that_came_too_late_still_counts_while_the_room_is_free(room, desk, is_ticked):
    code = ask(make_wish(room)).code
    if is_ticked:
        deadlines.tick(NOW + 15 * MINUTE)
    asking.prove(code, by=actor_of(make_account(ASKER)), now=NOW + 20 * MINUTE)
    assert read(code).status is Status.REQUESTED
    assert held() == [(TakenBy.REQUEST, None)]


@pytest.mark.parametrize("is_ticked", [True, False])
def test_proof_that_came_too_late_is_refused_when_somebody_else_has_the_room(room, desk, an, is_ticked):
    code = ask(make_wish(room, contact_email="bert@post.example"), visitor=FAR).code
    if is_ticked:
        deadlines.tick(NOW + 15 * MINUTE)
    ask(make_wish(room), an, now=NOW + 15 * MINUTE)
    bert = actor_of(make_account("bert@post.example"))
    with pytest.raises(Refused) as refused:
        asking.prove(code, by=bert, now=NOW + 16 * MINUTE)
    assert (refused.value.was_lost, codes(refused.value)) == (True, [Code.REQUESTED])
    assert refused.value.ways_on[0].slot == at("18:00", "22:00")
    assert read(code).status in (Status.LAPSED, Status.UNPROVED)
    assert len(held()) == 1


def test_proof_that_came_after_the_moment_had_begun_is_refused(room, desk):
    soon = at("14:00", "18:00")
    code = ask(make_wish(room, soon, contact_email="bert@post.example"), visitor=FAR).code
    bert = actor_of(make_account("bert@post.example"))
    with pytest.raises(Refused) as refused:
        asking.prove(code, by=bert, now=soon.starts_at + MINUTE)
    assert codes(refused.value) == [Code.IN_THE_PAST]
    assert read(code).status is Status.UNPROVED


def test_hold_keeps_others_out_for_a_quarter_of_an_hour(room, desk, an):
    ask(make_wish(room, contact_email="bert@post.example"), visitor=FAR)
    with pytest.raises(Refused) as refused:
        ask(make_wish(room), an, now=NOW + 15 * MINUTE - timedelta(seconds=1))
    assert codes(refused.value) == [Code.REQUESTED]
    assert ask(make_wish(room), an, now=NOW + 15 * MINUTE).needs_proof is False


@pytest.mark.both("postgresql")
def test_late_proof_and_a_new_request_do_not_wait_for_each_other(app, database, room, desk):
    """Two writers who lock in different orders end in a deadlock; here the asker is played by hand."""
    code = ask(make_wish(room)).code
    by = actor_of(make_account(ASKER))
    space_id = occupancy.spaces_of(room.id)[0]
    db.session.close()
    plain = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    outcomes = []

    def prove() -> None:
        with app.app_context():
            asking.prove(code, by=by, now=NOW + 20 * MINUTE)
            outcomes.append("proved")

    with psycopg.connect(plain) as asker:
        asker.execute("SELECT pg_advisory_xact_lock(%s)", [space_id])
        thread = threading.Thread(target=prove)
        thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until = time.monotonic() + 10
        while asker.execute(waiting).fetchone() == (0,) and time.monotonic() < until:
            time.sleep(0.02)
        asker.execute("DELETE FROM occupancy WHERE held_until <= %s", [epoch(NOW + 20 * MINUTE)])
        asker.commit()
        thread.join(10)
    assert (outcomes, read(code).status) == (["proved"], Status.REQUESTED)


def test_same_form_posted_again_gives_the_first_answer(room, desk, an):
    wish = make_wish(room)
    first = ask(wish, an)
    before = counts()
    assert ask(wish, an, now=NOW + MINUTE) == first
    assert counts() == before


def test_same_form_of_a_passer_by_gives_the_first_answer_and_one_code(room, desk):
    wish = make_wish(room)
    first = ask(wish)
    before = counts()
    assert (ask(wish, now=NOW + MINUTE), counts()) == (first, before)


OVER = [Status.REFUSED, Status.CANCELLED, Status.WITHDRAWN, Status.EXPIRED]


@pytest.mark.parametrize("status", [Status.APPROVED, *OVER])
def test_same_form_posted_after_the_end_gives_the_first_answer(room, an, status):
    request = make_request(status, room=room, by=an, form_key="one form")
    before = counts()
    assert ask(make_wish(room, form_key="one form"), an) == Receipt(request.code, needs_proof=False)
    assert counts() == before


def test_same_form_posted_many_times_at_once_asks_once(app, room, desk, an):
    wish = make_wish(room)
    outcomes = together(app, *[lambda: ask(wish, an)] * 6)
    assert len({outcome.code for outcome in outcomes}) == 1, outcomes
    assert [outcome.is_repeat for outcome in outcomes].count(False) == 1
    assert (outcomes[0].needs_proof, counts()["request"]) == (False, 1)
    assert written() == [(LetterKind.REQUEST_RECEIVED, ASKER), (LetterKind.REQUEST_TO_DECIDE, DESK)]


def test_same_form_of_a_passer_by_posted_many_times_at_once_asks_once(app, room, desk):
    wish = make_wish(room)
    outcomes = together(app, *[lambda: ask(wish)] * 6)
    assert len({outcome.code for outcome in outcomes}) == 1, outcomes
    assert [outcome.is_repeat for outcome in outcomes].count(False) == 1
    assert (outcomes[0].needs_proof, counts()["request"]) == (True, 1)
    assert written() == [(LetterKind.SIGN_IN_CODE, ASKER)]


def test_form_changed_before_the_proof_takes_the_place_of_the_first(room, desk):
    wish = make_wish(room)
    first = ask(wish).code
    second = ask(replace(wish, people=25), now=NOW + MINUTE).code
    assert [read(first).status, read(second).status] == [Status.WITHDRAWN, Status.UNPROVED]
    assert (first != second, held()) == (True, [(TakenBy.REQUEST, 16)])


def test_form_changed_back_to_what_it_was_is_asked_again(room, desk):
    wish = make_wish(room)
    first = ask(wish).code
    second = ask(replace(wish, people=25), now=NOW + MINUTE).code
    third = ask(wish, now=NOW + 2 * MINUTE).code
    assert [read(one).status for one in (first, second, third)] == [
        Status.WITHDRAWN,
        Status.WITHDRAWN,
        Status.UNPROVED,
    ]
    assert (len({first, second, third}), held()) == (3, [(TakenBy.REQUEST, 17)])


def test_form_changed_after_it_lapsed_leaves_one_request_to_prove(room, desk):
    wish = make_wish(room)
    first = ask(wish).code
    deadlines.tick(NOW + 15 * MINUTE)
    second = ask(replace(wish, people=25), now=NOW + 16 * MINUTE).code
    assert [read(first).status, read(second).status] == [Status.WITHDRAWN, Status.UNPROVED]
    assert requests.unproved_of_browser(AT_HOME.browser_hash, ASKER, NOW - DAY) == [second]


def test_form_changed_after_the_proof_is_another_request(room, desk, an):
    wish = make_wish(room)
    first = ask(wish, an).code
    second = ask(replace(wish, dates=make_wish(room, at("19:00", "22:00")).dates), an).code
    assert [read(first).status, read(second).status] == [Status.REQUESTED, Status.REQUESTED]


def test_lost_race_is_refused_with_moments_that_are_free(app, room, desk):
    people = [f"iemand{number}@post.example" for number in range(6)]
    actors = [actor_of(make_account(email)) for email in people]
    wishes = [make_wish(room, contact_email=email) for email in people]
    outcomes = together(app, *[lambda pair=pair: ask(pair[0], pair[1]) for pair in zip(wishes, actors, strict=True)])
    lost = [one for one in outcomes if isinstance(one, Refused)]
    assert [type(one) for one in outcomes if one not in lost] == [Receipt]
    assert [(codes(one), [way.slot for way in one.ways_on[:2]]) for one in lost] == [
        ([Code.REQUESTED], [at("18:00", "22:00"), at("10:00", "14:00")])
    ] * 5
    assert counts()["request"] == 1
    assert (len(written()), self_check.overlaps()) == (2, 0)


def test_halls_that_share_a_space_cannot_both_be_had(app, an):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall = make_room("hal", venue=venue, spaces=[front, back])
    half = make_room("halve-hal", venue=venue, spaces=[back])
    other_half = make_room("andere-helft", venue=venue, spaces=[front])
    ask(make_wish(half), an)
    with pytest.raises(Refused) as refused:
        ask(make_wish(hall), an)
    assert codes(refused.value) == [Code.REQUESTED]
    assert ask(make_wish(other_half), an).needs_proof is False
    assert self_check.faults() == []


def test_every_obstacle_is_told_at_once_and_nothing_is_stored(room, desk, an):
    make_programme(room, weekday=5, hours=(13, 16))
    make_closure(room, SATURDAY + DAY)
    before = counts()
    with pytest.raises(Refused) as refused:
        ask(make_wish(room, at("07:00", "14:00", SATURDAY), people=61), an)
    assert codes(refused.value) == [Code.TOO_MANY_PEOPLE, Code.OUTSIDE_HOURS, Code.OWN_PROGRAMME]
    assert (refused.value.was_lost, counts()) == (False, before)


def test_refusal_that_is_not_about_the_moment_offers_no_other_moment(room, desk, an):
    with pytest.raises(Refused) as refused:
        ask(make_wish(room, people=61), an)
    assert (codes(refused.value), refused.value.ways_on) == ([Code.TOO_MANY_PEOPLE], [])


@pytest.mark.parametrize("fault", ["in the past", "closed", "house not joined"])
def test_refusal_leaves_nothing_behind(room, desk, an, fault):
    wish = make_wish(room)
    if fault == "in the past":
        wish = make_wish(room, at(day=date(2026, 11, 20)))
    elif fault == "closed":
        make_closure(room, SATURDAY)
    else:
        wish = make_wish(make_room("zaaltje", venue=make_venue(), unit="permission"))
    before = counts()
    with pytest.raises(Refused):
        ask(wish, an)
    with pytest.raises(Refused):
        ask(wish)
    assert counts() == before


SOON = date(2026, 12, 5)


def test_exception_that_is_asked_reaches_the_desk_with_its_reason(room, desk, an):
    wish = make_wish(room, at(day=SOON), exception_reason="Een afscheid")
    request = read(ask(wish, an).code)
    assert (request.exceptions, request.exception_reason) == (["too_soon"], "Een afscheid")
    facts = [letter.facts for letter in letters.newest()]
    assert [(one["exceptions"], one["exception_reason"]) for one in facts] == [(["too_soon"], "Een afscheid")] * 2


def test_exception_that_is_not_asked_is_refused(room, desk, an):
    with pytest.raises(Refused) as refused:
        ask(make_wish(room, at(day=SOON)), an)
    assert [(one.code, one.may_be_excepted) for one in refused.value.obstacles] == [(Code.TOO_SOON, True)]


def test_exception_that_is_not_needed_is_forgotten(room, desk, an):
    request = read(ask(make_wish(room, exception_reason="Voor de zekerheid"), an).code)
    assert (request.exceptions, request.exception_reason) == ([], "")


def test_exception_does_not_lift_what_cannot_be_excepted(room, desk, an):
    with pytest.raises(Refused) as refused:
        ask(make_wish(room, at(day=SOON), people=99, exception_reason="Een afscheid"), an)
    assert codes(refused.value) == [Code.TOO_MANY_PEOPLE, Code.TOO_SOON]


def test_person_with_too_many_open_requests_is_refused(an):
    room = make_room(rules={RuleName.OPEN_REQUESTS: 2})
    for hours in (("09:00", "10:00"), ("10:00", "11:00")):
        ask(make_wish(room, at(*hours)), an)
    with pytest.raises(Refused) as refused:
        ask(make_wish(room), an)
    assert codes(refused.value) == [Code.TOO_MANY_OPEN]


def hours_of(number: int):
    return at(f"{9 + number:02}:00", f"{10 + number:02}:00")


def test_address_that_asks_too_often_waits(an):
    room = make_room(rules={RuleName.OPEN_REQUESTS: 50})
    for number in range(10):
        ask(make_wish(room, hours_of(number)), an, now=NOW + number * MINUTE)
    before = counts()
    with pytest.raises(TooMany) as refused:
        ask(make_wish(room, hours_of(10)), an, now=NOW + 10 * MINUTE)
    assert (refused.value.limited, refused.value.retry_after) == (Limited.ASK_FOR_ACCOUNT, 50 * 60)
    assert counts() == before
    assert ask(make_wish(room, hours_of(10)), an, now=NOW + 60 * MINUTE).needs_proof is False


def test_limits_refuse_and_keep_nothing(room, desk):
    for number in range(5):
        ask(make_wish(room, hours_of(number), contact_email=f"iemand{number}@post.example"))
    before = counts()
    with pytest.raises(TooMany) as refused:
        ask(make_wish(room, hours_of(5), contact_email="nog@post.example"))
    assert (refused.value.limited, refused.value.retry_after) == (Limited.UNPROVED_FOR_ADDRESS, 1800)
    assert counts() == before


def test_strangers_cannot_hold_a_whole_room_by_unproved_forms(room, desk, an):
    for number in range(UNPROVED_PER_ROOM):
        visitor = Visitor(f"browser {number}", f"192.0.2.{number + 10}")
        ask(make_wish(room, hours_of(number), contact_email=f"iemand{number}@post.example"), visitor=visitor)
    with pytest.raises(TooMany) as refused:
        ask(make_wish(room, hours_of(9)), visitor=FAR)
    assert (refused.value.limited, refused.value.retry_after) == (Limited.UNPROVED_FOR_ADDRESS, 900)
    assert ask(make_wish(room, hours_of(9)), an, visitor=FAR).needs_proof is False


def test_association_one_is_no_member_of_is_not_allowed(room, desk, an):
    other = make_association("Samen aan Tafel")
    before = counts()
    for by in (an, PASSER_BY):
        with pytest.raises(NotAllowed):
            ask(make_wish(room, requester_kind=RequesterKind.DE_FACTO, association_id=other.id), by)
    assert counts() == before


def test_unknown_room_is_told(room, an):
    for code in (f"{room.venue.slug}/kelder", "elders/zaal", "zaal", ""):
        with pytest.raises(UnknownRoom):
            ask(replace(make_wish(room), dates=(WishedDate(code, at()),)), an)


GROUP = {"requester_kind": RequesterKind.RESIDENTS, "association_name": "Buurtcomité"}


def test_group_that_is_named_for_the_first_time_becomes_an_association(room, desk):
    code = ask(make_wish(room, enterprise_number="0123.456.749", **GROUP)).code
    by = actor_of(make_account(ASKER))
    asking.prove(code, by=by, now=NOW)
    request = read(code)
    (association,) = associations.of_person(actor_of(accounts.by_email(ASKER)).association_ids)
    assert (request.association_id, association.name, association.kind, association.enterprise_number) == (
        association.id,
        "Buurtcomité",
        RequesterKind.RESIDENTS,
        "0123.456.749",
    )


def test_group_that_is_named_again_is_the_same_association(room, desk, an):
    first = read(ask(make_wish(room, **GROUP), an).code)
    again = actor_of(accounts.by_email(ASKER))
    shouted = {**GROUP, "association_name": "BUURTCOMITÉ"}
    second = read(ask(make_wish(room, at("19:00", "20:00"), **shouted), again).code)
    assert (second.association_id, len(again.association_ids)) == (first.association_id, 2)


def test_person_who_asks_for_themselves_gets_no_association(room, desk):
    asking.prove(ask(make_wish(room)).code, by=(by := actor_of(make_account(ASKER))), now=NOW)
    assert actor_of(accounts.by_email(by.email)).association_ids == frozenset()


def test_request_without_a_line_of_its_own_goes_to_the_city_desk(room, an):
    sofie = make_account("sofie@stad.example")
    city = make_city_desk([sofie])
    request = read(ask(make_wish(room), an).code)
    assert (request.desk_id, request.route_reason) == (city.id, "stad")
    assert written()[1] == (LetterKind.REQUEST_TO_DECIDE, "sofie@stad.example")


def test_desk_with_an_address_gets_one_letter_and_one_without_gets_one_for_each_member(room, an):
    members = [make_account("b@balie.example"), make_account("a@balie.example")]
    make_desk(room=room, position=1, members=members)
    make_desk(venue=room.venue, position=2, members=members, email="samen@balie.example")
    ask(make_wish(room), an)
    assert written()[1:] == [
        (LetterKind.REQUEST_TO_DECIDE, "a@balie.example"),
        (LetterKind.REQUEST_TO_DECIDE, "b@balie.example"),
    ]
    hall = make_room("hal", venue=room.venue)
    ask(make_wish(hall), an)
    assert written()[4:] == [(LetterKind.REQUEST_TO_DECIDE, "samen@balie.example")]


def test_letters_say_where_an_answer_goes(room, desk, an):
    make_desk(room=room, position=1, email="samen@balie.example")
    ask(make_wish(room), an)
    answers = {letter.recipient: letter.reply_to for letter in letters.newest()}
    # Who decides from the letter does not answer it to the asker: the link would come along.
    assert answers == {ASKER: "samen@balie.example", "samen@balie.example": "samen@balie.example"}
    hall = make_room("hal", venue=room.venue)
    ask(make_wish(hall), an)
    answers = {letter.recipient: letter.reply_to for letter in letters.newest(2)}
    assert answers == {ASKER: room.venue.email, DESK: ""}


def test_letter_keeps_the_facts_as_they_were_told(room, desk, an):
    keep(Facility(slug="beamer", name="Beamer", group="techniek"))
    ask(make_wish(room, people=33, facilities=("beamer",), remarks="Met piano"), an)
    with write_unit() as session:
        session.execute(text("UPDATE room SET name = 'Andere naam'"))
    facts = letters.newest()[0].facts
    names = ("room", "people", "starts", "ends", "zone", "facilities", "remarks", "asker")
    told = {name: facts[name] for name in names}
    assert told == {
        "room": "Zaal",
        "people": 33,
        "starts": "2027-01-16T14:00:00",
        "ends": "2027-01-16T18:00:00",
        "zone": "Europe/Brussels",
        "facilities": ["Beamer"],
        "remarks": "Met piano",
        "asker": "An Peeters",
    }


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.APPROVED])
def test_asker_withdraws_and_the_room_is_free(room, desk, an, status):
    request = make_request(status, room=room, by=an)
    letters_before = len(written())
    asking.withdraw(request.code, by=an, now=NOW + DAY, note="We zijn met te weinig")
    after = read(request.code)
    assert (after.status, after.version, after.first.sequence, after.first.changed_at, after.decision_note) == (
        Status.WITHDRAWN,
        request.version + 1,
        1,
        NOW + DAY,
        "We zijn met te weinig",
    )
    assert held() == []
    assert written()[letters_before:] == [(LetterKind.REQUEST_WITHDRAWN, ASKER), (LetterKind.REQUEST_WITHDRAWN, DESK)]


def test_form_nobody_proved_is_withdrawn_without_a_word_to_the_desk(room, desk, an):
    request = make_request(Status.UNPROVED, room=room, by=an)
    asking.withdraw(request.code, by=an, now=NOW)
    assert (read(request.code).status, held(), len(written())) == (Status.WITHDRAWN, [], 1)


def test_every_member_of_the_association_may_withdraw(room, desk, an):
    (harmonie,) = an.association_ids
    request = make_request(
        room=room, by=an, requester_kind=RequesterKind.NON_PROFIT, association_id=harmonie, association_name="Harmonie"
    )
    bert = make_account("bert@harmonie.example")
    with pytest.raises(NotAllowed):
        asking.withdraw(request.code, by=actor_of(bert), now=NOW)
    with pytest.raises(NotAllowed):
        asking.withdraw(request.code, by=desk, now=NOW)
    member = replace(actor_of(bert), association_ids=frozenset({harmonie}))
    asking.withdraw(request.code, by=member, now=NOW)
    assert read(request.code).status is Status.WITHDRAWN


@pytest.mark.parametrize("status", OVER)
def test_request_that_is_over_cannot_be_withdrawn(room, an, status):
    request = make_request(status, room=room, by=an)
    before = counts()
    with pytest.raises(NotPossible) as refused:
        asking.withdraw(request.code, by=an, now=NOW)
    assert (refused.value.status, counts()) == (status, before)
    with pytest.raises(UnknownRequest):
        asking.withdraw("nothing", by=an, now=NOW)


def test_withdrawals_side_by_side_are_one(app, room, desk, an):
    request = make_request(room=room, by=an)
    outcomes = together(app, *[lambda: asking.withdraw(request.code, by=an, now=NOW)] * 4)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", *["NotPossible"] * 3]
    assert len(written()) == 4


def test_codes_and_references_cannot_be_guessed_from_each_other(room, desk, an):
    found = [make_request(room=room, by=an, slot=hours_of(number)) for number in range(5)]
    assert {len(request.code) for request in found} == {22}
    assert len({request.code for request in found} | {request.first.uid for request in found}) == 10
    assert {request.reference[:3] for request in found} == {"SI-"}


def test_form_changed_to_a_moment_that_is_taken_keeps_the_first(room, desk, an):
    ask(make_wish(room, at("18:00", "20:00")), an)
    wish = make_wish(room, contact_email="bert@post.example")
    first = ask(wish, visitor=FAR).code
    with pytest.raises(Refused):
        ask(replace(wish, dates=make_wish(room, at("18:00", "20:00")).dates), visitor=FAR)
    assert (read(first).status, len(held())) == (Status.UNPROVED, 2)


def test_form_changed_to_another_hour_does_not_stand_in_its_own_way(room, desk):
    wish = make_wish(room)
    first = ask(wish).code
    second = ask(replace(wish, dates=make_wish(room, at("15:00", "19:00")).dates)).code
    assert [read(first).status, read(second).status] == [Status.WITHDRAWN, Status.UNPROVED]


def test_activity_that_has_taken_place_cannot_be_withdrawn(room, desk, an):
    request = make_request(Status.APPROVED, room=room, by=an)
    before = counts()
    with pytest.raises(NotPossible):
        asking.withdraw(request.code, by=an, now=at().ends_at)
    assert (read(request.code).status, counts()) == (Status.APPROVED, before)


def test_two_forms_of_one_group_make_one_association(room, desk):
    group = {
        "requester_kind": RequesterKind.DE_FACTO,
        "association_name": "Kaartclub",
        "contact_email": "bert@post.example",
    }
    codes_of = [
        ask(make_wish(room, slot, **group), visitor=FAR).code for slot in (at("09:00", "11:00"), at("12:00", "13:00"))
    ]
    bert = actor_of(make_account("bert@post.example"))
    for code in codes_of:
        asking.prove(code, by=bert, now=NOW + MINUTE)
    assert len({read(code).association_id for code in codes_of}) == 1


def test_wish_without_a_date_asks_nothing(room):
    one = make_wish(room).dates[0]
    with pytest.raises(NotPossible):
        ask(make_wish(room, dates=(replace(one, is_skipped=True),)), make_an())


def test_wish_to_wait_is_for_one_moment(room):
    days = tuple(WishedDate(f"{room.venue.slug}/{room.slug}", at(day=SATURDAY + timedelta(days=n))) for n in (0, 7))
    with pytest.raises(NotPossible):
        ask(make_wish(room, dates=days, is_waiting=True), make_an())


def test_wish_for_rooms_of_two_houses_is_two_requests(room):
    other = make_room("hal", venue=make_venue())
    dates = tuple(WishedDate(f"{one.venue.slug}/{one.slug}", at()) for one in (room, other))
    with pytest.raises(UnknownRoom):
        ask(make_wish(room, dates=dates), make_an())


@pytest.mark.both("sqlite")
def test_asking_writes_nothing_before_it_has_the_lock(app):
    """A write in a transaction that began by reading would fail at once as soon as somebody else writes meanwhile."""
    wish, by, seen = make_wish(make_room()), make_an(), []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement.split()[0] + (" IMMEDIATE" if "IMMEDIATE" in statement else ""))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        asking.ask(wish, by=by, now=NOW, visitor=AT_HOME)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    before = seen[: seen.index("BEGIN IMMEDIATE")]
    assert (set(before) <= {"BEGIN", "SELECT"}, "INSERT" in seen) == (True, True)
