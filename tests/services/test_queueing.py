"""What a waiting request does is the house's choice: hold the room, stand in a queue, or be confirmed at once."""

from datetime import date, timedelta

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    decider_of,
    make_account,
    make_an,
    make_association,
    make_closure,
    make_decider,
    make_request,
    make_room,
    make_series,
    make_space,
    make_trusted,
    make_venue,
    make_wish,
    read,
    weekly,
)
from tests.services.looks import holders, told
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.programme import Line
from zalenzoeker.domain.requests import Action, Policy, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import closures, deadlines, houses
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import NoLongerFree
from zalenzoeker.services.wishes import Refused
from zalenzoeker.storage import accounts, letters, self_check

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
LATER = NOW + DAY
AN, BERT = "an@harmonie.example", "bert@post.example"
FAR = Visitor(is_limited=False)
QUEUE = {RuleName.PENDING: {"default": "queue"}}


@pytest.fixture
def room(app):
    return make_room(rules=QUEUE)


def approve(request, by, now=LATER, **fields) -> None:
    decisions.approve(request.code, by=by, now=now, version=read(request.code).version, **fields)


def person(email: str):
    return actor_of(accounts.by_email(email))


def test_two_may_ask_for_what_nobody_decided_yet(room, desk):
    first, second = make_request(room=room), make_request(room=room, contact_email=BERT)
    assert [one.policy for one in (first, second)] == [Policy.QUEUE] * 2
    assert (holders(), self_check.faults()) == ([TakenBy.QUEUED] * 2, [])


def test_one_who_is_chosen_overtakes_the_other_who_hears_of_it_with_ways_on(room, desk):
    first, second = make_request(room=room), make_request(room=room, contact_email=BERT)
    approve(second, desk)
    first, second = read(first.code), read(second.code)
    assert [first.status, second.status] == [Status.REFUSED, Status.APPROVED]
    assert (first.events[-1].action, first.events[-1].account_id) == (Action.OVERTAKE, None)
    assert told(AN) == [LetterKind.REQUEST_RECEIVED, LetterKind.REQUEST_OVERTAKEN]
    assert told(BERT) == [LetterKind.REQUEST_RECEIVED, LetterKind.REQUEST_APPROVED]
    overtaken = next(one for one in letters.newest() if one.kind == LetterKind.REQUEST_OVERTAKEN)
    starts = [one["starts"] for one in overtaken.facts["ways_on"]]
    assert (len(starts) > 0, at().starts.isoformat() in starts) == (True, False)
    assert (holders(), self_check.faults()) == ([TakenBy.BOOKING], [])


def test_one_who_overlaps_only_for_a_part_is_overtaken_and_one_beside_it_is_not(room, desk):
    chosen = make_request(room=room, slot=at("14:00", "16:00"))
    part = make_request(room=room, slot=at("15:30", "18:00"), contact_email=BERT)
    beside = make_request(room=room, slot=at("16:00", "18:00"), contact_email="els@yoga.example")
    approve(chosen, desk)
    assert [read(one.code).status for one in (part, beside)] == [Status.REFUSED, Status.REQUESTED]


def test_queue_is_left_by_a_no_and_the_other_still_waits(room, desk):
    first, second = make_request(room=room), make_request(room=room, contact_email=BERT)
    decisions.refuse(first.code, by=desk, now=LATER, version=first.version, note="Nee.")
    assert [read(one.code).status for one in (first, second)] == [Status.REFUSED, Status.REQUESTED]
    approve(second, desk)
    assert holders() == [TakenBy.BOOKING]


def test_series_in_a_queue_loses_only_the_date_that_went_to_another(room, desk):
    series = make_series(room, pattern=weekly(count=4))
    single = make_request(room=room, slot=series.occurrences[1].slot, contact_email=BERT)
    approve(single, desk)
    series = read(series.code)
    assert (series.status, [one.status for one in series.occurrences]) == (
        Status.REQUESTED,
        [Status.REQUESTED, Status.REFUSED, Status.REQUESTED, Status.REQUESTED],
    )
    approve(series, desk)
    assert [one.status for one in read(series.code).occurrences].count(Status.APPROVED) == 3
    assert self_check.faults() == []


def test_request_for_a_part_of_the_hall_is_overtaken_by_the_whole(app):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall = make_room("hal", venue=venue, spaces=[front, back], rules=QUEUE)
    half = make_room("helft", venue=venue, spaces=[back], rules=QUEUE)
    part, whole = make_request(room=half), make_request(room=hall, contact_email=BERT)
    approve(whole, decider_of(whole))
    assert [read(one.code).status for one in (part, whole)] == [Status.REFUSED, Status.APPROVED]
    assert self_check.faults() == []


def test_what_is_taken_cannot_be_queued_for(room, desk):
    make_request(Status.APPROVED, room=room)
    with pytest.raises(Refused) as refused:
        make_request(room=room, contact_email=BERT)
    assert [one.code for one in refused.value.obstacles] == [Code.BOOKED]


def test_form_that_was_proved_after_the_moment_was_given_away_is_refused(room, desk):
    late = make_request(Status.UNPROVED, room=room)
    other = make_request(room=room, contact_email=BERT)
    approve(other, desk, now=NOW)
    with pytest.raises(Refused) as refused:
        asking.prove(late.code, by=person(AN), now=NOW)
    assert (refused.value.was_lost, read(late.code).status) == (True, Status.UNPROVED)
    assert (holders(), self_check.faults()) == ([TakenBy.BOOKING], [])


def test_form_nobody_proved_stands_in_no_queue(room, desk):
    make_request(Status.UNPROVED, room=room)
    assert holders() == []


def test_one_in_the_queue_is_not_approved_over_a_closure(room, desk):
    request = make_request(room=room)
    make_closure(room, at().day)
    with pytest.raises(NoLongerFree):
        approve(request, desk)
    assert (read(request.code).status, told(AN)) == (Status.REQUESTED, [LetterKind.REQUEST_RECEIVED])
    assert self_check.faults() == []


@pytest.mark.parametrize(
    "kind,policy",
    [
        (RequesterKind.PERSON, Policy.QUEUE),
        (RequesterKind.RESIDENTS, Policy.HOLD),
        (RequesterKind.NON_PROFIT, Policy.INSTANT),
    ],
)
def test_house_chooses_a_policy_for_each_kind_of_requester(app, kind, policy):
    room = make_room(rules={RuleName.PENDING: {"default": "hold", "particulier": "queue", "vzw": "instant"}})
    request = make_request(room=room, requester_kind=kind, association_name="Samen")
    held = {Policy.QUEUE: TakenBy.QUEUED, Policy.HOLD: TakenBy.REQUEST, Policy.INSTANT: TakenBy.BOOKING}
    assert (request.policy, holders()) == (policy, [held[policy]])


@pytest.fixture
def an(app):
    return make_an()


def trusted(an, **rules):
    room = make_room(rules={RuleName.INSTANT: {"trusted": True}, **rules})
    (harmonie,) = an.association_ids
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_id": harmonie, "association_name": "Harmonie"}
    return room, group


def test_group_that_the_house_trusts_is_confirmed_at_once_and_the_desk_is_told(an):
    room, group = trusted(an)
    desk = make_decider(room)
    make_trusted(make_association("Een andere harmonie").id, room.venue)
    stranger = make_request(room=room, by=an, slot=at("10:00", "12:00"), **group)
    make_trusted(group["association_id"], room.venue)
    request = make_request(room=room, by=an, **group)
    assert (stranger.status, request.status) == (Status.REQUESTED, Status.APPROVED)
    assert [event.action for event in request.events] == [Action.PROVE, Action.CONFIRM]
    assert (request.first.was_confirmed, told(AN)[-1]) == (True, LetterKind.REQUEST_APPROVED)
    assert told(desk.email)[-1] == LetterKind.REQUEST_CONFIRMED
    assert self_check.faults() == []


@pytest.mark.parametrize(
    "slot,status",
    [
        (at("09:00", "11:00", date(2027, 1, 18)), Status.APPROVED),
        (at("10:00", "12:30", date(2027, 1, 18)), Status.REQUESTED),
        (at("09:00", "11:00", date(2027, 1, 19)), Status.REQUESTED),
    ],
    ids=["inside", "longer", "another day"],
)
def test_slot_inside_desk_hours_is_confirmed_at_once(app, slot, status):
    room = make_room(rules={RuleName.INSTANT: {"desk_hours": [[0, "09:00", "12:00"]]}})
    assert make_request(room=room, slot=slot).status is status


def test_series_waits_for_the_desk_when_one_date_must(app):
    room = make_room(rules={RuleName.INSTANT: {"desk_hours": [[5, "09:00", "12:00"]]}})
    inside = make_series(room, pattern=weekly("09:00", "11:00", count=3))
    make_decider(room)
    assert (inside.status, inside.policy) == (Status.APPROVED, Policy.INSTANT)


def test_exception_is_never_confirmed_at_once(an):
    room, group = trusted(an)
    make_trusted(group["association_id"], room.venue)
    soon = at(day=(NOW + 10 * DAY).date())
    request = make_request(room=room, by=an, slot=soon, exception_reason="Een afscheid", **group)
    assert (request.status, holders()) == (Status.REQUESTED, [TakenBy.REQUEST])


def test_confirmation_at_once_does_not_go_before_who_waited_in_the_queue(an):
    room, group = trusted(an, **{RuleName.PENDING: {"default": "queue"}})
    make_trusted(group["association_id"], room.venue)
    waits = make_request(room=room, contact_email=BERT)
    request = make_request(room=room, by=an, **group)
    assert [read(one.code).status for one in (waits, request)] == [Status.REQUESTED] * 2
    assert (request.policy, told(BERT)) == (Policy.QUEUE, [LetterKind.REQUEST_RECEIVED])


def test_hold_that_nobody_answered_ends_and_becomes_a_queue(app):
    room = make_room(rules={RuleName.HOLD_DAYS: 5})
    desk = make_decider(room)
    request = make_request(room=room)
    deadlines.tick(NOW + 5 * DAY - timedelta(seconds=1))
    assert (read(request.code).policy, holders()) == (Policy.HOLD, [TakenBy.REQUEST])
    deadlines.tick(NOW + 5 * DAY)
    deadlines.tick(NOW + 5 * DAY)
    found = read(request.code)
    assert (found.status, found.policy, holders()) == (Status.REQUESTED, Policy.QUEUE, [TakenBy.QUEUED])
    assert [event.action for event in found.events] == [Action.PROVE, Action.HOLD_END]
    assert (told(AN)[1:], told(desk.email)[1:]) == ([LetterKind.HOLD_ENDED], [LetterKind.HOLD_ENDED])
    assert self_check.faults() == []


@pytest.mark.parametrize("chosen", [0, 1])
def test_room_whose_hold_ended_is_asked_by_another_and_the_desk_chooses(app, chosen):
    room = make_room(rules={RuleName.HOLD_DAYS: 5})
    desk = make_decider(room)
    first = make_request(room=room)
    deadlines.tick(NOW + 5 * DAY)
    second = make_request(room=room, contact_email=BERT, now=NOW + 6 * DAY)
    assert (second.policy, holders()) == (Policy.QUEUE, [TakenBy.QUEUED] * 2)
    approve((first, second)[chosen], desk, now=NOW + 6 * DAY)
    other = (second, first)[chosen]
    assert (read((first, second)[chosen].code).status, read(other.code).status) == (Status.APPROVED, Status.REFUSED)
    assert self_check.faults() == []


@pytest.mark.parametrize("chosen", [0, 1])
@pytest.mark.parametrize("policy", ["hold", "instant"])
def test_one_who_may_hold_joins_the_queue_that_stands(app, policy, chosen):
    room = make_room(rules={RuleName.PENDING: {"default": "queue", "vzw": policy}})
    desk = make_decider(room)
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_name": "Samen"}
    both = [make_request(room=room), make_request(room=room, contact_email=BERT, **group)]
    assert ([one.policy for one in both], holders()) == ([Policy.QUEUE] * 2, [TakenBy.QUEUED] * 2)
    approve(both[chosen], desk)
    assert [read(both[one].code).status for one in (chosen, 1 - chosen)] == [Status.APPROVED, Status.REFUSED]
    assert self_check.faults() == []


def test_one_who_proves_the_address_later_joins_the_queue_too(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue", "vzw": "hold"}})
    first = make_request(room=room)
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_name": "Samen"}
    late = make_request(Status.UNPROVED, room=room, contact_email=BERT, **group)
    asking.prove(late.code, by=person(BERT), now=NOW)
    assert [read(one.code).policy for one in (first, late)] == [Policy.QUEUE] * 2
    assert (holders(), self_check.faults()) == ([TakenBy.QUEUED] * 2, [])


def test_house_that_closes_or_keeps_the_room_itself_answers_who_waits(room, desk):
    first, beside = make_request(room=room), make_request(room=room, slot=at(day=at().day + DAY), contact_email=BERT)
    venue = room.venue.slug
    count = closures.close(venue, [room.slug], at().day, at().day, "Vloer", by=desk, now=LATER)
    assert (count, [read(one.code).status for one in (first, beside)]) == (1, [Status.REFUSED, Status.REQUESTED])
    assert told(AN)[-1] == LetterKind.REQUEST_OVERTAKEN
    line = Line(room.slug, "Soepcafé", beside.first.slot.day.weekday(), 0, 24 * 60)
    assert houses.add_line(venue, line, by=desk, now=LATER)[1] == 1
    assert (read(beside.code).status, told(BERT)[-1]) == (Status.REFUSED, LetterKind.REQUEST_OVERTAKEN)
    assert self_check.faults() == []


@pytest.mark.parametrize("deed", ["change", "put in"])
def test_line_that_comes_back_answers_who_waits(room, desk, deed):
    day, venue = at().day, room.venue.slug
    whole, early = (Line(room.slug, "Soepcafé", day.weekday(), *hours) for hours in ((0, 24 * 60), (0, 60)))
    code, _told_no = houses.add_line(venue, whole if deed == "put in" else early, by=desk, now=NOW)
    if deed == "put in":
        houses.leave_out(venue, code, day, by=desk, now=NOW)
    request = make_request(room=room)
    if deed == "put in":
        count = houses.put_in(venue, code, day, by=desk, now=LATER)
    else:
        count = houses.change_line(venue, code, whole, by=desk, now=LATER)
    assert (count, read(request.code).status, self_check.faults()) == (1, Status.REFUSED, [])


def test_hold_of_what_was_answered_does_not_end(app):
    room = make_room(rules={RuleName.HOLD_DAYS: 5})
    approved = make_request(Status.APPROVED, room=room)
    deadlines.tick(NOW + 6 * DAY)
    assert (read(approved.code).policy, holders()) == (Policy.HOLD, [TakenBy.BOOKING])


def test_decision_that_fails_leaves_no_trace_with_anybody(room, desk):
    first, second = make_request(room=room), make_request(room=room, contact_email=BERT)
    make_closure(room, at().day)
    before = [told(AN), told(BERT), [len(read(one.code).events) for one in (first, second)]]
    with pytest.raises(NoLongerFree):
        approve(first, desk)
    assert [told(AN), told(BERT), [len(read(one.code).events) for one in (first, second)]] == before


def test_newest_form_of_a_wish_with_two_overlapping_dates_is_refused(room, desk):
    wish = make_wish(room)
    twice = (*wish.dates, *make_wish(room, at("15:00", "19:00")).dates)
    with pytest.raises(Refused) as refused:
        make_request(room=room, dates=twice)
    assert [one.code for one in refused.value.obstacles] == [Code.REQUESTED]


def test_bystander_with_an_account_cannot_decide_in_a_queue(room, desk):
    request = make_request(room=room)
    with pytest.raises(NotAllowed):
        approve(request, actor_of(make_account("x@post.example")))
    assert read(request.code).status is Status.REQUESTED
