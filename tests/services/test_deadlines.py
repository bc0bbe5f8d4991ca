"""What the clock does: each thing that lasted too long ends once, and own programme never goes over a promise."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_closure,
    make_decider,
    make_programme,
    make_request,
    make_room,
    read,
)
from tests.race import together
from tests.services.looks import totals
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Action, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import from_epoch
from zalenzoeker.services import deadlines, programme
from zalenzoeker.services import requests as asking
from zalenzoeker.services.programme import DAYS_AHEAD
from zalenzoeker.storage import accounts, letters, limits, occupancy, self_check
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Attempt, Occupancy, Occurrence, OwnProgramme, Request

pytestmark = pytest.mark.both

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
THURSDAYS = 58  # in the 400 days from 23 November 2026 on


def own_programme() -> list[date]:
    db.session.close()
    query = select(Occupancy.from_epoch).where(Occupancy.by == TakenBy.OWN_PROGRAMME).order_by(Occupancy.from_epoch)
    return [from_epoch(seconds).date() for seconds in db.session.scalars(query)]


@pytest.mark.parametrize("minutes,status", [(14, Status.UNPROVED), (15, Status.LAPSED), (600, Status.LAPSED)])
def test_form_nobody_proved_lapses_after_its_hold_and_frees_the_room(room, minutes, status):
    code = make_request(Status.UNPROVED, room=room).code
    deadlines.tick(NOW + minutes * MINUTE)
    lapsed = status is Status.LAPSED
    assert (read(code).status, totals()) == (status, [int(lapsed), 1, int(not lapsed)])


def test_request_nobody_answered_ends_when_its_moment_begins_with_one_letter(app):
    room = make_room(rules={RuleName.HOLD_DAYS: 100})
    make_decider(room)
    code = make_request(room=room).code
    starts = at().starts_at
    deadlines.tick(starts - MINUTE)
    assert read(code).status is Status.REQUESTED
    deadlines.tick(starts)
    found = read(code)
    assert (found.status, found.version, found.first.sequence) == (Status.EXPIRED, 3, 1)
    assert [(event.action, event.at, event.account_id) for event in found.events][1:] == [
        (Action.TO_CITY, starts - MINUTE, None),
        (Action.EXPIRE, starts, None),
    ]
    newest = letters.newest()
    assert [(letter.kind, letter.recipient) for letter in newest] == [
        (LetterKind.REQUEST_EXPIRED, "an@harmonie.example"),
        (LetterKind.REQUEST_TO_CITY, "an@harmonie.example"),
        (LetterKind.REQUEST_TO_DECIDE, "fatima@amandsberg.example"),
        (LetterKind.REQUEST_RECEIVED, "an@harmonie.example"),
    ]


def test_second_round_of_the_clock_changes_nothing(room):
    make_request(room=room)
    make_request(Status.UNPROVED, room=room, slot=at("19:00", "20:00"))
    make_programme(room)
    for moment in (NOW + DAY, at().starts_at):
        deadlines.tick(moment)
        before = totals()
        deadlines.tick(moment)
        assert totals() == before


def test_clock_that_jumps_back_and_forth_does_everything_once(room):
    make_request(room=room)
    for moment in (at().starts_at, NOW, at().starts_at + DAY, NOW - DAY):
        deadlines.tick(moment)
    assert [letter.kind for letter in letters.newest()].count(LetterKind.REQUEST_EXPIRED) == 1


def test_rounds_side_by_side_do_everything_once(app, room):
    make_request(room=room)
    make_request(Status.UNPROVED, room=room, slot=at("19:00", "20:00"))
    with write_unit() as session:
        session.add(
            OwnProgramme(
                code="p", room_id=room.id, title="Kaarten", weekday=0, from_minute=600, to_minute=660, changed_at=NOW
            )
        )
    assert together(app, *[lambda: deadlines.tick(at().starts_at)] * 3) == [None] * 3
    kinds = [letter.kind for letter in letters.newest()]
    assert kinds.count(LetterKind.REQUEST_EXPIRED) == 1
    assert len(own_programme()) == len(set(own_programme())) > 50


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REFUSED, Status.CANCELLED, Status.WITHDRAWN])
def test_request_that_was_answered_does_not_expire(room, status):
    code = make_request(status, room=room).code
    deadlines.tick(at().starts_at + DAY)
    assert read(code).status is status


def test_proof_and_lapse_at_the_same_moment_have_one_story(app, room):
    code = make_request(Status.UNPROVED, room=room).code
    by = actor_of(accounts.by_email("an@harmonie.example"))
    moment = NOW + 15 * MINUTE
    outcomes = together(app, lambda: deadlines.tick(moment), lambda: asking.prove(code, by=by, now=moment))
    assert outcomes == [None, None]
    found = read(code)
    assert found.status is Status.REQUESTED
    assert [event.action for event in found.events] in ([Action.PROVE], [Action.LAPSE, Action.PROVE])
    assert self_check.faults() == []


def test_old_attempts_are_forgotten(room):
    make_request(room=room)
    deadlines.tick(NOW + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 2
    deadlines.tick(NOW + timedelta(days=1, seconds=1))
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_worker_tells_that_it_is_alive(app):
    deadlines.beat(NOW)
    assert limits.last_beat("worker") == NOW


def test_own_programme_is_written_out_further_than_anybody_may_ask(room):
    make_programme(room, weekday=3)
    dates = own_programme()
    assert (len(dates), dates[0], {day.weekday() for day in dates}) == (THURSDAYS - 1, date(2026, 11, 26), {3})
    assert (dates[-1] - NOW.date()).days in range(DAYS_AHEAD - 7, DAYS_AHEAD)


def test_own_programme_moves_on_with_the_clock(room):
    make_programme(room, weekday=3)
    before = own_programme()
    deadlines.tick(NOW + 14 * DAY)
    assert own_programme() == [*before, before[-1] + 7 * DAY, before[-1] + 14 * DAY]


def test_own_programme_keeps_its_hour_when_the_clock_changes(room):
    make_programme(room, weekday=3, hours=(11, 14))
    db.session.close()
    hours = {from_epoch(seconds).hour for seconds in db.session.scalars(select(Occupancy.from_epoch))}
    assert hours == {11}


@pytest.mark.parametrize("status", [Status.UNPROVED, Status.REQUESTED, Status.APPROVED])
def test_own_programme_never_goes_over_what_was_promised(room, status):
    promised = date(2027, 1, 14)
    code = make_request(status, room=room, slot=at("13:00", "15:00", promised)).code
    make_programme(room, weekday=3, hours=(11, 14))
    dates = own_programme()
    assert (promised in dates, len(dates), read(code).status) == (False, THURSDAYS - 2, status)
    assert self_check.faults() == []


def test_two_lines_that_clash_give_way_to_the_first(room):
    make_programme(room, "Soepcafé", weekday=3, hours=(11, 14))
    make_programme(room, "Naaiatelier", weekday=3, hours=(13, 16))
    assert len(own_programme()) == THURSDAYS - 1


def test_line_that_is_gone_leaves_no_dates(room):
    make_programme(room)
    with write_unit() as session:
        session.execute(delete(OwnProgramme))
    assert own_programme() == []


def test_closure_takes_each_day_as_long_as_it_is(room):
    make_closure(room, date(2027, 3, 27), date(2027, 3, 28))
    db.session.close()
    rows = db.session.scalars(select(Occupancy).order_by(Occupancy.from_epoch)).all()
    assert [(from_epoch(row.from_epoch).isoformat(), from_epoch(row.to_epoch).isoformat()) for row in rows] == [
        ("2027-03-27T00:00:00", "2027-03-28T00:00:00"),
        ("2027-03-28T00:00:00", "2027-03-29T00:00:00"),
    ]
    assert [(row.to_epoch - row.from_epoch, row.by) for row in rows] == [
        (24 * 3600, TakenBy.CLOSURE),
        (23 * 3600, TakenBy.CLOSURE),
    ]


def test_closure_over_a_promise_is_refused(room):
    make_request(Status.APPROVED, room=room)
    with pytest.raises(occupancy.AlreadyTaken):
        make_closure(room, SATURDAY - DAY, SATURDAY + DAY)
    assert [row.by for row in db.session.scalars(select(Occupancy))] == [TakenBy.BOOKING]


def test_nothing_to_do_is_done_without_a_trace(app):
    deadlines.tick(NOW)
    assert (totals(), programme.write_out(NOW)) == ([0, 0, 0], 0)


def test_expired_request_of_a_group_is_told_to_its_contact(room):
    an = actor_of(make_account("an@harmonie.example", "An"))
    make_request(room=room, by=an, requester_kind=RequesterKind.DE_FACTO, association_name="Samen aan Tafel")
    deadlines.tick(at().starts_at)
    newest = letters.newest(1)[0]
    assert (newest.recipient, newest.facts["asker"]) == ("an@harmonie.example", "Samen aan Tafel")


def test_request_that_cannot_be_ended_keeps_no_other_one_waiting(room, caplog):
    broken = make_request(room=room).code
    code = make_request(room=room, slot=at("19:00", "20:00"), contact_email="bert@post.example").code
    with write_unit() as session:
        which = select(Request.id).where(Request.code == broken).scalar_subquery()
        session.execute(update(Occurrence).where(Occurrence.request_id == which).values(zone="Nergens"))
    deadlines.tick(at("19:00", "20:00").starts_at)
    assert read(code).status is Status.EXPIRED
    logged = {one.getMessage() for one in caplog.records if one.name == "zalenzoeker.services.deadlines"}
    assert logged == {f"the clock could not do its work for {broken}"}
