"""An activity inside the open hours of a house: the same way to the same desk, and no space wherever it stands."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    code_of,
    make_account,
    make_an,
    make_association,
    make_closure,
    make_decider,
    make_entered,
    make_request,
    make_room,
    make_series,
    make_trusted,
    make_venue,
    make_wish,
    read,
    weekly,
)
from tests.services.looks import holders, told
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.places import VenueKind
from zalenzoeker.domain.requests import NotPossible, Policy, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import agreeing, closures, dates, deadlines, house_rules, houses, proposals, times
from zalenzoeker.services import requests as asking
from zalenzoeker.services.moving import Changed, Move
from zalenzoeker.services.wishes import Refused, WishedDate
from zalenzoeker.storage import accounts, self_check
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Occupancy, RoomSpace

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
LATER = NOW + DAY
FAR = Visitor(is_limited=False)
AN, BERT = "an@harmonie.example", "bert@post.example"
BUFFERS = {RuleName.SETUP_MINUTES: 30, RuleName.CLEANUP_MINUTES: 30}


@pytest.fixture
def room(app):
    return make_room(rules=BUFFERS)


def person(email: str = AN):
    return actor_of(accounts.by_email(email))


def inside(room, status=Status.REQUESTED, **fields):
    return make_request(status, room=room, takes_space=False, **fields)


def faults() -> list[str]:
    db.session.close()
    return self_check.faults()


def refused(room, **fields) -> list[Code]:
    with pytest.raises(Refused) as why:
        asking.ask(make_wish(room, takes_space=False, **fields), by=make_an("ze@post.example"), now=NOW, visitor=FAR)
    return [one.code for one in why.value.obstacles]


@pytest.mark.parametrize(
    "status", [Status.UNPROVED, Status.REQUESTED, Status.APPROVED, Status.REFUSED, Status.WITHDRAWN, Status.CANCELLED]
)
def test_request_inside_takes_nothing_wherever_it_stands(room, status):
    request = inside(room, status)
    assert (request.status, request.takes_space, request.policy) == (status, False, Policy.INSIDE)
    assert (holders(), request.first.setup_minutes, request.first.cleanup_minutes) == ([], 0, 0)
    assert faults() == []


def test_request_inside_goes_the_same_way_to_the_same_desk(room):
    desk = make_decider(room)
    request = inside(room)
    other = make_request(room=room, contact_email=BERT)
    assert (request.desk_id, request.route_reason) == (other.desk_id, other.route_reason)
    assert (told(AN), told(desk.email)) == (["request_received"], ["request_to_decide", "request_to_decide"])


def test_request_inside_stands_beside_whatever_has_the_room(room):
    booked = make_request(Status.APPROVED, room=room, contact_email=BERT)
    beside = inside(room, Status.APPROVED)
    assert (booked.status, beside.status, holders()) == (Status.APPROVED, Status.APPROVED, [TakenBy.BOOKING])
    after = make_request(Status.APPROVED, room=room, slot=at("10:00", "13:00"), contact_email="later@post.example")
    assert (after.status, faults()) == (Status.APPROVED, [])


def test_yes_to_a_request_inside_tells_nobody_no_who_waits_for_the_room(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue"}})
    queued = make_request(room=room, contact_email=BERT)
    inside(room, Status.APPROVED)
    assert (read(queued.code).status, holders()) == (Status.REQUESTED, [TakenBy.QUEUED])


def test_request_inside_is_never_confirmed_by_a_rule_and_its_hold_never_ends(app):
    room = make_room(rules={RuleName.PENDING: {"default": "instant"}, RuleName.HOLD_DAYS: 1})
    request = inside(room)
    assert (request.status, request.hold_until) == (Status.REQUESTED, None)
    deadlines.tick(NOW + 3 * DAY)
    assert (read(request.code).status, read(request.code).policy) == (Status.REQUESTED, Policy.INSIDE)


@pytest.mark.parametrize(
    "kind,said,is_offered",
    [
        (VenueKind.OPEN_HUIS, None, True),
        (VenueKind.BUURTCENTRUM, None, True),
        (VenueKind.BUURTHUIS, None, False),
        (VenueKind.OPEN_HUIS, False, False),
        (VenueKind.BUURTHUIS, True, True),
    ],
)
def test_house_says_whether_it_takes_activities_inside_its_hours(app, kind, said, is_offered):
    rules = {} if said is None else {RuleName.INSIDE: said}
    room = make_room(venue=make_venue(kind=kind), rules=rules)
    if is_offered:
        assert inside(room).status is Status.REQUESTED
    else:
        assert refused(room) == [Code.NOT_INSIDE]


def test_house_that_says_no_keeps_what_it_was_asked_before(room):
    desk = make_decider(room)
    request = inside(room)
    house_rules.set_rule(room.venue.slug, "", RuleName.INSIDE, False, "vergadering", by=desk, now=NOW)
    house_rules.set_rule(room.venue.slug, room.slug, RuleName.INSIDE, False, "vergadering", by=desk, now=NOW)
    assert refused(room) == [Code.NOT_INSIDE]
    decisions.approve(request.code, by=desk, now=LATER, version=request.version)
    assert read(request.code).status is Status.APPROVED


@pytest.mark.parametrize(
    "starts,ends,found",
    [("09:00", "01:00", []), ("08:45", "10:00", [Code.NOT_WHILE_OPEN]), ("22:00", "01:15", [Code.NOT_WHILE_OPEN])],
)
def test_date_lies_wholly_inside_the_open_hours(room, starts, ends, found):
    if found:
        assert refused(room, slot=at(starts, ends)) == found
    else:
        assert inside(room, slot=at(starts, ends)).status is Status.REQUESTED


def test_day_on_which_the_house_is_closed_is_no_day_for_it(room):
    make_closure(room, at().day)
    assert refused(room) == [Code.CLOSED]


def test_house_does_not_close_over_what_it_was_asked_inside_its_hours(room):
    desk, request = make_decider(room), inside(room)
    days = {"first_day": at().day, "last_day": at().day, "reason": "Verlof"}
    with pytest.raises(houses.Promised) as promised:
        closures.close(room.venue.slug, [room.slug], **days, by=desk, now=NOW)
    assert promised.value.days == [at().day]
    asking.withdraw(request.code, by=person(), now=NOW)
    assert closures.close(room.venue.slug, [room.slug], **days, by=desk, now=NOW) == 0


def test_nobody_waits_for_what_takes_no_space(room):
    wish = make_wish(room, takes_space=False, is_waiting=True)
    with pytest.raises(NotPossible):
        asking.ask(wish, by=make_an(), now=NOW, visitor=FAR)


def test_group_that_the_house_trusts_and_counts_is_not_counted_for_it(app):
    house = make_venue()
    room = make_room(venue=house, rules={RuleName.WEEK_HOURS: 4, RuleName.INSTANT: {"trusted": True, "desk_hours": []}})
    an = make_account(AN)
    group = make_association(members=[an])
    make_trusted(group.id, house)
    own = {"association_id": group.id, "requester_kind": group.kind, "by": actor_of(an)}
    beside = inside(room, **own)
    booked = make_request(room=room, **own)
    assert (beside.status, booked.status) == (Status.REQUESTED, Status.APPROVED)


def test_series_inside_takes_nothing_on_any_date(room):
    desk = make_decider(room)
    make_request(Status.APPROVED, room=room, slot=at("18:00", "22:00"), contact_email=BERT)
    series = make_series(room, takes_space=False, pattern=weekly(count=4), skipped=[2])
    decisions.approve(series.code, by=desk, now=NOW, version=series.version)
    assert [one.status for one in read(series.code).dates] == [Status.APPROVED] * 3
    dates.put_back(series.code, series.occurrences[2].uid, by=person(), now=NOW)
    assert (holders(), faults()) == ([TakenBy.BOOKING], [])
    dates.let_go(series.code, series.occurrences[0].uid, Scope.THIS, by=person(), now=NOW)
    assert (holders(), faults()) == ([TakenBy.BOOKING], [])


@pytest.mark.parametrize("status,comes_of_it", [(Status.REQUESTED, Changed.WAITS), (Status.APPROVED, Changed.ASKED)])
def test_date_inside_that_moves_takes_nothing_on_the_way(room, status, comes_of_it):
    desk = make_decider(room)
    make_request(Status.APPROVED, room=room, slot=at("10:00", "13:00"), contact_email=BERT)
    request = inside(room, status)
    to = at("10:00", "12:00")
    move = Move(to.starts.time(), to.ends.time())
    done = dates.change(request.code, request.first.uid, Scope.THIS, move, by=person(), now=LATER)
    assert (done, holders(), faults()) == (comes_of_it, [TakenBy.BOOKING], [])
    decisions.approve(request.code, by=desk, now=LATER, version=read(request.code).version)
    moved = read(request.code)
    assert (moved.first.slot, moved.first.setup_minutes, moved.takes_space) == (to, 0, False)
    assert (holders(), faults()) == ([TakenBy.BOOKING], [])


def test_date_inside_that_moves_out_of_the_open_hours_is_refused(room):
    request = inside(room)
    out = at("08:00", "10:00")
    move = Move(out.starts.time(), out.ends.time())
    with pytest.raises(Refused) as why:
        dates.change(request.code, request.first.uid, Scope.THIS, move, by=person(), now=LATER)
    assert [one.code for one in why.value.obstacles] == [Code.NOT_WHILE_OPEN]


def test_proposal_for_a_date_inside_takes_nothing_and_stays_inside(room):
    desk, request = make_decider(room), inside(room)
    make_request(Status.APPROVED, room=room, slot=at("10:00", "13:00"), contact_email=BERT)
    to = at("10:00", "12:00")
    move = Move(to.starts.time(), to.ends.time())
    proposals.propose(
        request.code,
        [request.first.uid],
        move,
        by=desk,
        now=NOW,
        version=request.version,
        undo_within=timedelta(0),
    )
    decisions.decisions.carry_out(request.code, NOW)
    assert (holders(), faults()) == ([TakenBy.BOOKING], [])
    agreeing.agree(request.code, by=person(), now=LATER)
    agreed = read(request.code)
    assert (agreed.first.slot, agreed.status, agreed.takes_space) == (to, Status.APPROVED, False)
    assert (holders(), faults()) == ([TakenBy.BOOKING], [])


def test_request_inside_that_is_proved_late_is_looked_at_anew_and_takes_nothing(room):
    request = inside(room, Status.LAPSED)
    asking.prove(request.code, by=person(), now=LATER)
    assert (read(request.code).status, holders(), faults()) == (Status.REQUESTED, [], [])


def test_desk_types_in_a_request_inside_for_somebody(room):
    request = make_entered(room, by=make_decider(room), takes_space=False)
    assert (request.takes_space, request.status, holders()) == (False, Status.REQUESTED, [])


def test_two_dates_of_a_wish_at_one_moment_are_in_nobodys_way(room):
    second = make_room("keuken", venue=room.venue)
    wished = (WishedDate(code_of(room), at()), WishedDate(code_of(second), at()))
    request = make_request(room=room, takes_space=False, dates=wished)
    assert ([one.status for one in request.dates], holders()) == ([Status.REQUESTED] * 2, [])


def test_self_check_finds_a_space_that_is_taken_for_what_takes_none(room):
    request = inside(room, Status.APPROVED)
    with write_unit() as session:
        session.add(
            Occupancy(
                space_id=session.scalars(select(RoomSpace.space_id)).one(),
                from_epoch=request.first.from_epoch,
                to_epoch=request.first.to_epoch,
                by=TakenBy.BOOKING,
                occurrence_id=request.first.id,
            )
        )
    assert faults() == ["1 spaces taken for nothing"]


def test_seconds_that_are_counted_anew_give_what_takes_no_space_none(room):
    request = inside(room, Status.APPROVED)
    with write_unit():
        date = asking.requests.locked(request.code).first
        date.from_epoch, date.to_epoch = date.from_epoch + 3600, date.to_epoch + 3600
    done = times.recompute(room.venue_id, NOW)
    assert (done.moved, done.overlaps, read(request.code).first.from_epoch) == (1, (), request.first.from_epoch)
    assert (holders(), faults()) == ([], [])
