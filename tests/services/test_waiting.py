"""The waiting list: who is first in line, an offer that keeps the room, silence that moves on, nobody before them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests import decisions
from tests.builders import (
    NOW,
    PASSER_BY,
    actor_of,
    at,
    make_account,
    make_an,
    make_closure,
    make_neighbourhood,
    make_request,
    make_room,
    make_space,
    make_venue,
    make_wish,
    read,
)
from tests.race import together
from tests.services.looks import holders, told
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Action, NotPossible, Policy, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import deadlines, waiting
from zalenzoeker.services import requests as asking
from zalenzoeker.services.wishes import Receipt, Refused, UnknownRequest
from zalenzoeker.storage import accounts, letters, self_check
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.db import write_unit

pytestmark = pytest.mark.both

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + DAY
AN, BERT, CAN, DIRK = "an@harmonie.example", "bert@post.example", "can@post.example", "dirk@post.example"
UNLIMITED = Visitor(is_limited=False)


@pytest.fixture
def room(app):
    return make_room(rules={RuleName.LEAD_DAYS: 0})


@pytest.fixture
def booked(room, desk):
    return make_request(Status.APPROVED, room=room)


def person(email: str):
    account = accounts.by_email(email)
    return actor_of(account or make_account(email, "Iemand"))


def wait(room, email: str, *, now=NOW, slot=None, **fields):
    """Somebody comes to stand in line; returns the request."""
    wish = make_wish(room, slot, contact_email=email, is_waiting=True, **fields)
    return read(asking.ask(wish, by=person(email), now=now, visitor=UNLIMITED).code)


def free(request, now=LATER) -> None:
    asking.withdraw(request.code, by=person(request.contact_email), now=now)


def token_of(email: str) -> str:
    """The token in the newest letter to somebody."""
    return next(one.facts["token"] for one in letters.newest() if one.recipient == email and "token" in one.facts)


def status(*found) -> list[Status]:
    return [read(one.code).status for one in found]


def test_one_who_waits_holds_nothing_and_the_desk_is_not_told(room, desk, booked):
    before = told(desk.email)
    request = wait(room, BERT)
    assert (request.status, request.policy, holders()) == (Status.WAITING, Policy.WAIT, [TakenBy.BOOKING])
    assert (told(BERT), told(desk.email)) == ([LetterKind.WAITING_JOINED], before)
    assert [event.action for event in request.events] == [Action.WAIT]


def test_passer_by_waits_after_proving_the_address(room, booked):
    wish = make_wish(room, contact_email=BERT, is_waiting=True)
    code = asking.ask(wish, by=PASSER_BY, now=NOW, visitor=UNLIMITED).code
    assert status(read(code)) == [Status.UNPROVED]
    asking.prove(code, by=person(BERT), now=NOW)
    assert (status(read(code)), told(BERT)[-1]) == ([Status.WAITING], LetterKind.WAITING_JOINED)


def test_first_in_line_is_offered_what_came_free_and_it_is_kept_for_them(room, desk, booked):
    request = wait(room, BERT)
    free(booked)
    found = read(request.code)
    assert (found.status, found.offer_until, holders()) == (Status.OFFERED, LATER + 48 * HOUR, [TakenBy.REQUEST])
    assert (found.events[-1].action, told(BERT)[-1]) == (Action.OFFER, LetterKind.PLACE_OFFERED)
    with pytest.raises(Refused) as refused:
        make_request(room=room, contact_email=CAN, now=LATER)
    assert ([one.code for one in refused.value.obstacles], self_check.faults()) == ([Code.REQUESTED], [])


def test_yes_makes_it_a_request_that_the_desk_hears_of(room, desk, booked):
    request = wait(room, BERT)
    free(booked)
    waiting.accept(request.code, by=person(BERT), now=LATER + HOUR)
    waiting.accept(request.code, by=person(BERT), now=LATER + HOUR)
    found = read(request.code)
    assert (found.status, found.policy, holders()) == (Status.REQUESTED, Policy.HOLD, [TakenBy.REQUEST])
    assert [event.action for event in found.events] == [Action.WAIT, Action.OFFER, Action.ACCEPT]
    assert (told(BERT)[-1], told(desk.email)[-1]) == (LetterKind.REQUEST_RECEIVED, LetterKind.REQUEST_TO_DECIDE)
    deadlines.tick(LATER + 50 * HOUR)
    decisions.approve(request.code, by=desk, now=LATER + 51 * HOUR, version=read(request.code).version)
    assert (status(request), holders(), self_check.faults()) == ([Status.APPROVED], [TakenBy.BOOKING], [])


def test_letter_alone_is_enough_to_answer(room, booked):
    request = wait(room, BERT)
    free(booked)
    token = token_of(BERT)
    assert waiting.code_of(token) == request.code
    waiting.accept(request.code, by=PASSER_BY, token=token, now=LATER)
    assert status(request) == [Status.REQUESTED]


def test_others_do_not_answer(room, booked):
    request = wait(room, BERT)
    first = token_of(BERT)
    free(booked)
    for by, token in ((PASSER_BY, ""), (PASSER_BY, first), (person(CAN), "guess"), (person(CAN), "")):
        for deed in (waiting.accept, waiting.leave):
            with pytest.raises(NotAllowed):
                deed(request.code, by=by, token=token, now=LATER)
    for token in ("", "guess", first):
        with pytest.raises(UnknownRequest):
            waiting.code_of(token)
    assert status(request) == [Status.OFFERED]


def test_silence_moves_on_to_the_next_in_line(room, booked):
    first, second = wait(room, BERT), wait(room, CAN, now=NOW + HOUR)
    free(booked)
    assert status(first, second) == [Status.OFFERED, Status.WAITING]
    end = read(first.code).offer_until
    deadlines.tick(end - timedelta(seconds=1))
    assert status(first, second) == [Status.OFFERED, Status.WAITING]
    deadlines.tick(end)
    assert status(first, second) == [Status.EXPIRED, Status.OFFERED]
    assert (read(first.code).events[-1].action, told(BERT)[-1]) == (Action.MISS, LetterKind.OFFER_ENDED)
    assert self_check.faults() == []


@pytest.mark.parametrize("is_ticked", [True, False])
def test_yes_after_the_offer_ended_is_too_late(room, booked, is_ticked):
    request = wait(room, BERT)
    free(booked)
    end = read(request.code).offer_until
    if is_ticked:
        deadlines.tick(end)
    with pytest.raises(NotPossible):
        waiting.accept(request.code, by=person(BERT), now=end)
    assert status(request) == [Status.EXPIRED if is_ticked else Status.OFFERED]


@pytest.mark.parametrize("seconds,is_in_time", [(-1, True), (0, False)])
def test_offer_lasts_to_the_second_in_which_the_room_is_kept(room, booked, seconds, is_in_time):
    request = wait(room, BERT)
    free(booked, now=LATER + timedelta(seconds=30, microseconds=5))
    end = read(request.code).offer_until + timedelta(seconds=seconds)
    outcome = Receipt
    try:
        # Whoever asks now would clear away a hold that had lapsed.
        asking.ask(make_wish(room, contact_email=CAN), by=person(CAN), now=end, visitor=UNLIMITED)
    except Refused:
        outcome = Refused
    assert outcome is (Refused if is_in_time else Receipt)
    if is_in_time:
        waiting.accept(request.code, by=person(BERT), now=end)
        assert (status(request), self_check.faults()) == ([Status.REQUESTED], [])


def test_no_moves_on_at_once(room, booked):
    first, second = wait(room, BERT), wait(room, CAN, now=NOW + HOUR)
    free(booked)
    waiting.leave(first.code, by=PASSER_BY, token=token_of(BERT), now=LATER)
    waiting.leave(first.code, by=person(BERT), now=LATER)
    assert (status(first, second), self_check.faults()) == ([Status.WITHDRAWN, Status.OFFERED], [])


def test_one_who_left_is_offered_nothing(room, booked):
    request = wait(room, BERT)
    waiting.leave(request.code, by=person(BERT), now=NOW)
    free(booked)
    assert (status(request), holders(), told(BERT)) == ([Status.WITHDRAWN], [], [LetterKind.WAITING_JOINED])


def test_request_that_came_out_of_the_list_is_not_left_but_withdrawn(room, booked):
    request = wait(room, BERT)
    free(booked)
    waiting.accept(request.code, by=person(BERT), now=LATER)
    with pytest.raises(NotPossible):
        waiting.leave(request.code, by=person(BERT), now=LATER)
    assert status(request) == [Status.REQUESTED]


def test_line_goes_by_class_and_then_by_who_waits_longest(app):
    here, there = make_neighbourhood("drongen", "Drongen"), make_neighbourhood("malem", "Malem")
    room = make_room(venue=make_venue(neighbourhood=here))
    booked = make_request(Status.APPROVED, room=room)
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_name": "Club"}
    line = [
        wait(room, "a@post.example", now=NOW),
        wait(room, "b@post.example", now=NOW + 1 * HOUR, **group),
        wait(room, "c@post.example", now=NOW + 2 * HOUR, neighbourhood=there.slug, **group),
        wait(room, "d@post.example", now=NOW + 3 * HOUR, neighbourhood=here.slug),
        wait(room, "e@post.example", now=NOW + 4 * HOUR, requester_kind=RequesterKind.RESIDENTS, association_name="B"),
    ]
    names = {one.code: one.contact_email[0] for one in line}
    assert [names[code] for code in waiting_list.line_for(booked.first)] == ["d", "e", "b", "c", "a"]
    free(booked)
    order = []
    for _ in line:
        (offered,) = [one for one in line if read(one.code).status is Status.OFFERED]
        order.append(names[offered.code])
        waiting.leave(offered.code, by=person(offered.contact_email), now=LATER)
    assert order == ["d", "e", "b", "c", "a"]


def test_two_who_wait_for_moments_that_do_not_touch_are_both_offered(room, booked):
    early, late = wait(room, BERT, slot=at("14:00", "16:00")), wait(room, CAN, slot=at("16:00", "18:00"))
    over = wait(room, DIRK, slot=at("15:00", "17:00"))
    free(booked)
    assert (status(early, late, over), self_check.faults()) == (
        [Status.OFFERED, Status.OFFERED, Status.WAITING],
        [],
    )


@pytest.mark.parametrize("deed", ["refused", "cancelled", "moved"])
def test_every_deed_that_frees_the_room_serves_the_line(room, desk, deed):
    before = make_request(Status.REQUESTED if deed == "refused" else Status.APPROVED, room=room)
    request = wait(room, BERT)
    version = read(before.code).version
    if deed == "refused":
        decisions.refuse(before.code, by=desk, now=LATER, version=version, note="Nee.")
    elif deed == "cancelled":
        decisions.cancel(before.code, by=desk, now=LATER, version=version, note="Nee.")
    else:
        with write_unit() as session:
            session.execute(text("DELETE FROM occupancy"))
            session.execute(text("UPDATE occurrence SET status = 'cancelled' WHERE status = 'approved'"))
            session.execute(text("UPDATE request SET status = 'cancelled' WHERE status = 'approved'"))
        deadlines.tick(LATER)
    assert (status(request), self_check.faults()) == ([Status.OFFERED], [])


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_one_whose_hold_ended_stands_before_the_waiting_list(room, desk, answer):
    before = make_request(room=room)
    request = wait(room, BERT)
    end = read(before.code).hold_until
    deadlines.tick(end)
    deadlines.tick(end + HOUR)
    assert (status(before, request), holders()) == ([Status.REQUESTED, Status.WAITING], [TakenBy.QUEUED])
    version = read(before.code).version
    if answer == "yes":
        decisions.approve(before.code, by=desk, now=end + HOUR, version=version)
    else:
        decisions.refuse(before.code, by=desk, now=end + HOUR, version=version, note="Nee.")
    expected = {"yes": [Status.APPROVED, Status.WAITING], "no": [Status.REFUSED, Status.OFFERED]}[answer]
    assert (status(before, request), self_check.faults()) == (expected, [])


def test_offer_that_fails_leaves_the_deed_and_the_next_in_line(room, booked, caplog):
    broken, next_one = wait(room, BERT), wait(room, CAN, now=NOW + HOUR)
    with write_unit() as session:
        session.execute(text("UPDATE occurrence SET zone = 'Nergens' WHERE request_id = :id"), {"id": broken.id})
    free(booked)
    assert status(booked, next_one) == [Status.WITHDRAWN, Status.OFFERED]
    logged = [one.getMessage() for one in caplog.records if one.name == "zalenzoeker.services.waiting"]
    assert logged == [f"what came free could not be offered to {broken.code}"]


def test_line_counts_who_waits_for_a_room_that_shares_a_space(app):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall, half = make_room("hal", venue=venue, spaces=[front, back]), make_room("helft", venue=venue, spaces=[back])
    make_request(Status.APPROVED, room=hall)
    first, second = wait(hall, BERT), wait(half, CAN, now=NOW + HOUR)
    assert waiting_list.line_for(read(second.code).first) == [first.code, second.code]


def test_one_who_can_be_offered_nothing_any_more_is_not_looked_at(room, booked):
    wait(room, BERT)
    now = at().starts_at - 27 * HOUR
    free(booked, now=now)
    assert waiting_list.with_free_room(now) == []


def test_one_who_waits_for_the_hall_does_not_stop_a_request_for_half_of_it(app):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall, half = make_room("hal", venue=venue, spaces=[front, back]), make_room("helft", venue=venue, spaces=[back])
    other = make_room("andere-helft", venue=venue, spaces=[front])
    blocks = make_request(Status.APPROVED, room=other)
    request = wait(hall, BERT)
    found = make_request(room=half, contact_email=CAN)
    assert (status(request), found.status) == ([Status.WAITING], Status.REQUESTED)
    free(found)
    free(blocks)
    assert (status(request), self_check.faults()) == ([Status.OFFERED], [])


def test_newcomer_does_not_snatch_what_came_free_a_moment_ago(room, booked):
    request = wait(room, BERT)
    with write_unit() as session:
        # As it is between the deed that frees the room and the offer that follows it.
        session.execute(text("UPDATE occurrence SET status = 'withdrawn' WHERE status = 'approved'"))
        session.execute(text("UPDATE request SET status = 'withdrawn' WHERE status = 'approved'"))
        session.execute(text("DELETE FROM occupancy"))
    with pytest.raises(Refused) as refused:
        make_request(room=room, contact_email=CAN)
    assert (refused.value.was_lost, status(request)) == (True, [Status.WAITING])
    deadlines.tick(NOW)
    assert status(request) == [Status.OFFERED]


def test_what_begins_too_soon_is_offered_to_nobody_and_may_be_asked_by_anybody(room, booked):
    request = wait(room, BERT)
    now = at().starts_at - 27 * HOUR
    free(booked, now=now)
    assert (status(request), told(BERT)) == ([Status.WAITING], [LetterKind.WAITING_JOINED])
    assert make_request(room=room, contact_email=CAN, now=now).status is Status.REQUESTED


@pytest.mark.parametrize("hours,lasts", [(28, 4), (30, 6), (72, 48), (100, 48)])
def test_offer_ends_a_day_before_the_activity(room, booked, hours, lasts):
    request = wait(room, BERT)
    now = at().starts_at - hours * HOUR
    free(booked, now=now)
    assert read(request.code).offer_until - now == lasts * HOUR


def test_waiting_ends_with_a_letter_when_the_moment_comes(room, booked):
    request = wait(room, BERT)
    deadlines.tick(at().starts_at)
    deadlines.tick(at().starts_at)
    assert (status(request), told(BERT)) == (
        [Status.EXPIRED],
        [LetterKind.WAITING_JOINED, LetterKind.WAITING_ENDED],
    )


def test_one_offer_a_person_after_two_cancellations(room, desk, booked):
    request = wait(room, BERT)
    free(booked)
    deadlines.tick(read(request.code).offer_until)
    again = make_request(Status.APPROVED, room=room, contact_email=CAN, now=LATER + 3 * DAY)
    free(again, now=LATER + 4 * DAY)
    assert (status(request), told(BERT).count(LetterKind.PLACE_OFFERED)) == ([Status.EXPIRED], 1)


def test_wait_ends_when_a_rule_now_stands_in_the_way_and_others_may_ask(room, booked):
    request = wait(room, BERT, people=30)
    with write_unit() as session:
        session.execute(text("UPDATE room SET capacity_seated = 25"))
    free(booked)
    assert (status(request), told(BERT)[-1]) == ([Status.EXPIRED], LetterKind.WAITING_ENDED)
    assert make_request(room=room, contact_email=CAN).status is Status.REQUESTED


def test_closed_day_is_offered_to_nobody(room, booked):
    request = wait(room, BERT)
    free_and_close = at().day
    with write_unit() as session:
        session.execute(text("DELETE FROM occupancy"))
        session.execute(text("UPDATE occurrence SET status = 'withdrawn' WHERE status = 'approved'"))
        session.execute(text("UPDATE request SET status = 'withdrawn' WHERE status = 'approved'"))
    make_closure(room, free_and_close)
    deadlines.tick(LATER)
    assert status(request) == [Status.WAITING]


def test_one_who_waits_with_a_trusted_house_is_confirmed_by_their_yes(app):
    room = make_room(rules={RuleName.PENDING: {"default": "instant"}})
    before = make_request(room=room)
    request = wait(room, BERT)
    free(before)
    waiting.accept(request.code, by=person(BERT), now=LATER)
    assert (status(request), told(BERT)[-1], self_check.faults()) == (
        [Status.APPROVED],
        LetterKind.REQUEST_APPROVED,
        [],
    )


def test_one_accepted_offer_in_a_house_with_a_queue_still_holds_the_room(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue"}})
    before = make_request(Status.APPROVED, room=room)
    request = wait(room, BERT)
    free(before)
    waiting.accept(request.code, by=person(BERT), now=LATER)
    assert (read(request.code).policy, holders()) == (Policy.HOLD, [TakenBy.REQUEST])


def test_withdrawing_from_the_list_tells_the_desk_nothing(room, desk, booked):
    before = told(desk.email)
    request = wait(room, BERT)
    asking.withdraw(request.code, by=person(BERT), now=NOW)
    assert (status(request), told(desk.email)) == ([Status.WITHDRAWN], before)


@pytest.mark.parametrize("attempt", range(3))
def test_many_who_serve_at_once_offer_it_once(app, room, booked, attempt):
    first, second = wait(room, BERT), wait(room, CAN, now=NOW + HOUR)
    by = person(booked.contact_email)
    deeds = [lambda: waiting.serve(LATER)] * 3
    outcomes = together(app, lambda: asking.withdraw(booked.code, by=by, now=LATER), *deeds)
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert status(first, second) == [Status.OFFERED, Status.WAITING]
    assert (told(BERT).count(LetterKind.PLACE_OFFERED), told(CAN)) == (1, [LetterKind.WAITING_JOINED])


@pytest.mark.parametrize("attempt", range(3))
def test_yes_and_silence_at_the_same_moment_have_one_story(app, room, booked, attempt):
    request = wait(room, BERT)
    free(booked)
    end, by = read(request.code).offer_until, person(BERT)
    together(
        app,
        lambda: deadlines.tick(end),
        lambda: waiting.accept(request.code, by=by, now=end - timedelta(seconds=1)),
    )
    found = read(request.code)
    assert found.status in (Status.REQUESTED, Status.EXPIRED)
    last = {Status.REQUESTED: LetterKind.REQUEST_RECEIVED, Status.EXPIRED: LetterKind.OFFER_ENDED}[found.status]
    assert (told(BERT)[-1], self_check.faults()) == (last, [])


def test_unknown_request_is_told(room):
    an = make_an()
    for deed in (waiting.accept, waiting.leave):
        with pytest.raises(UnknownRequest):
            deed("nothing", by=an, now=NOW)


def test_yes_that_is_said_twice_where_the_house_says_yes_at_once_is_one(app):
    room = make_room(rules={RuleName.LEAD_DAYS: 0, RuleName.PENDING: {"default": "instant"}})
    booked = make_request(room=room)
    request = wait(room, BERT)
    free(booked)
    said = [waiting.accept(request.code, by=person(BERT), now=LATER + HOUR) for _ in range(2)]
    assert (said, status(request)) == ([True, False], [Status.APPROVED])
    asking.withdraw(request.code, by=person(BERT), now=LATER + HOUR)
    with pytest.raises(NotPossible):
        waiting.accept(request.code, by=person(BERT), now=LATER + HOUR)
