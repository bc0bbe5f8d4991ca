"""The steps of the clock: who is written when nobody answers, each exactly once, whatever happens to the clock."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests import decisions as deciding
from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    keep,
    make_account,
    make_city_desk,
    make_desk,
    make_request,
    make_series,
    make_venue,
    read,
    weekly,
)
from tests.race import together
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.slots import to_utc
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.services import deadlines, decisions, desk_clock, handing, reminders
from zalenzoeker.storage import letters, requests
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Desk, DeskMember, Duty, DutyRota, Occurrence, QuietPeriod, Request, SpecialDay

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
STEPS = {Action.REMIND, Action.TO_DEPUTY, Action.TO_CITY}
KINDS = {LetterKind.REQUEST_REMINDER, LetterKind.REQUEST_TO_DEPUTY, LetterKind.REQUEST_TO_CITY}
AN = "an@harmonie.example"
FATIMA = "fatima@amandsberg.example"
STAD = "mia@stad.example"
BUREN = "balie@buren.example"


@pytest.fixture
def city(room):
    return actor_of(make_city_desk([make_account(STAD, "Mia")]).members[0])


@pytest.fixture
def deputy(room, desk):
    """A desk that stands in for the one of the house, with a member."""
    rita = make_account("rita@buren.example", "Rita")
    stands_in = make_desk("buren", name="De buren", venue=make_venue("buren"), members=[rita], email=BUREN)
    set_desk(desk, deputy_desk_id=stands_in.id)
    return actor_of(rita)


def set_desk(desk, **columns):
    with write_unit() as session:
        found = session.get(Desk, min(desk.desk_ids))
        for name, value in columns.items():
            setattr(found, name, value)


def quiet(desk, first, last, reason="Verlof"):
    days = {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}
    keep(QuietPeriod(desk_id=min(desk.desk_ids), reason=reason, **days))


def steps_of(request):
    """The steps on the timeline: what, and so many days after the request."""
    return [(one.action, (one.at - NOW) / DAY) for one in read(request.code).events if one.action in STEPS]


def written():
    """The letters of the clock: (kind, to whom), the earliest first."""
    return [(one.kind, one.recipient) for one in reversed(letters.newest(limit=1000)) if one.kind in KINDS]


def every_day(first, last):
    for day in range(first, last + 1):
        deadlines.tick(NOW + day * DAY)


def test_request_that_nobody_answers_goes_to_deputy_and_city_desk(room, desk, city, deputy):
    request = make_request(room=room)
    every_day(1, 20)
    assert steps_of(request) == [(Action.REMIND, 5), (Action.TO_DEPUTY, 8), (Action.TO_CITY, 11)]
    assert written() == [
        (LetterKind.REQUEST_REMINDER, FATIMA),
        (LetterKind.REQUEST_TO_DEPUTY, BUREN),
        (LetterKind.REQUEST_TO_CITY, STAD),
        (LetterKind.REQUEST_TO_CITY, AN),
    ]
    found = read(request.code)
    assert (found.status, found.version, found.next_step_at) == (Status.REQUESTED, request.version, None)


def test_steps_of_a_desk_without_deputy_or_duty_are_a_reminder_and_the_city_desk(room, desk, city):
    request = make_request(room=room)
    every_day(1, 20)
    assert steps_of(request) == [(Action.REMIND, 5), (Action.TO_CITY, 11)]


def test_request_at_the_city_desk_is_only_reminded(room, city):
    request = make_request(room=room)
    every_day(1, 20)
    assert (steps_of(request), written()) == ([(Action.REMIND, 5)], [(LetterKind.REQUEST_REMINDER, STAD)])


def test_round_that_runs_twice_does_each_step_once(room, desk, city, deputy):
    request = make_request(room=room)
    for day in (5, 5, 8, 8, 11, 11, 11):
        deadlines.tick(NOW + day * DAY)
        reminders.take_steps([request.code], NOW + day * DAY)
    assert len(steps_of(request)) == 3
    assert len(written()) == 4


def test_workers_that_come_at_the_same_moment_do_each_step_once(app, room, desk, city, deputy):
    request = make_request(room=room)
    for day in (5, 8, 11):
        moment = NOW + day * DAY
        assert together(app, *[lambda moment=moment: reminders.take_steps([request.code], moment)] * 3) == [None] * 3
    assert (len(steps_of(request)), len(written())) == (3, 4)


def test_decision_and_step_at_the_same_moment_are_one_after_the_other(app, room, desk, city):
    request, moment = make_request(room=room), NOW + 5 * DAY
    answers = {request.first.uid: Action.APPROVE}
    outcomes = together(
        app,
        lambda: reminders.take_steps([request.code], moment),
        lambda: decisions.decide(request.code, answers, by=desk, now=moment, version=request.version),
    )
    assert outcomes == [None, moment + timedelta(minutes=10)]
    assert len(steps_of(request)) == len(written())


def test_step_that_fails_keeps_nobody_else_waiting_and_is_tried_again(room, desk, city, deputy):
    several = make_several(room, 3)
    broken = several[1]
    which = select(Request.id).where(Request.code == broken.code).scalar_subquery()
    for zone, reminded in ("Nergens", [several[0], several[2]]), ("Europe/Brussels", several):
        with write_unit() as session:
            session.execute(update(Occurrence).where(Occurrence.request_id == which).values(zone=zone))
        deadlines.tick(NOW + 5 * DAY)
        told = [one.facts["code"] for one in letters.newest(limit=100) if one.kind == LetterKind.REQUEST_REMINDER]
        assert sorted(told) == sorted(one.code for one in reminded)


def test_steps_of_many_requests_ask_the_database_as_often_as_those_of_one(room, desk, city, queries_of):
    codes = [one.code for one in make_several(room, 8)]
    due = NOW + 5 * DAY
    # Each is looked at twice: the first time with nothing known, and the second with a step of its own that is due.
    first = iter([codes[:1], codes[1:2]])
    one = queries_of(lambda: reminders.take_steps(next(first), due))
    several = iter([codes[2:5], codes[5:]])
    assert reads(queries_of(lambda: reminders.take_steps(next(several), due))) == reads(one)
    assert len(written()) == len(codes)


def make_several(room, count):
    days = [SATURDAY + timedelta(weeks=number) for number in range(count)]
    return [
        make_request(room=room, slot=at(day=day), contact_email=f"vrager{number}@post.example")
        for number, day in enumerate(days)
    ]


def reads(statements):
    return [one.split("WHERE")[0] for one in statements if one.startswith("SELECT")]


def test_clock_that_was_set_back_says_nothing_again(room, desk, city, deputy):
    request = make_request(room=room)
    for hours in (5 * 24, 5 * 24 - 1, 8 * 24, 4 * 24, 8 * 24):
        deadlines.tick(NOW + timedelta(hours=hours))
    assert [one for one, _ in steps_of(request)] == [Action.REMIND, Action.TO_DEPUTY]


@pytest.mark.parametrize(
    "day,expected",
    [
        (6, [(Action.REMIND, 6), (Action.TO_DEPUTY, 8), (Action.TO_CITY, 11)]),
        (9, [(Action.TO_DEPUTY, 9), (Action.TO_CITY, 11)]),
        (15, [(Action.TO_CITY, 15)]),
    ],
)
def test_worker_that_slept_for_days_does_only_the_last_step(room, desk, city, deputy, day, expected):
    request = make_request(room=room)
    every_day(day, 20)
    assert steps_of(request) == expected


def test_worker_that_slept_does_the_last_step_that_reaches_somebody(room, desk, city):
    request = make_request(room=room)
    every_day(9, 20)
    assert steps_of(request) == [(Action.REMIND, 9), (Action.TO_CITY, 11)]


@pytest.fixture
def broken_outbox():
    """From here on the database refuses every letter of the clock."""
    db.session.close()
    is_sqlite = db.engine.dialect.name == "sqlite"
    stop = (
        "CREATE TRIGGER no_letters BEFORE INSERT ON letter BEGIN SELECT RAISE(ABORT, 'no letters'); END"
        if is_sqlite
        else "ALTER TABLE letter ADD CONSTRAINT no_letters CHECK (kind <> 'request_reminder') NOT VALID"
    )
    mend = "DROP TRIGGER no_letters" if is_sqlite else "ALTER TABLE letter DROP CONSTRAINT no_letters"

    def run(statement):
        with db.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    return lambda: run(stop), lambda: run(mend)


def test_step_whose_letter_fails_did_not_happen_and_is_done_later(room, desk, city, broken_outbox):
    request, (stop, mend) = make_request(room=room), broken_outbox
    stop()
    deadlines.tick(NOW + 5 * DAY)
    assert (steps_of(request), written(), read(request.code).clock_step) == ([], [], None)
    db.session.close()
    mend()
    deadlines.tick(NOW + 6 * DAY)
    assert (steps_of(request), len(written())) == ([(Action.REMIND, 6)], 1)


def test_step_waits_while_a_decision_is_not_told_yet(room, desk, city):
    request = make_request(room=room)
    due = NOW + 5 * DAY
    answers = {request.first.uid: Action.APPROVE}
    decisions.decide(request.code, answers, by=desk, now=due - timedelta(minutes=1), version=request.version)
    deadlines.tick(due)
    assert steps_of(request) == []
    decisions.undo(request.code, by=desk, now=due)
    deadlines.tick(due)
    assert steps_of(request) == [(Action.REMIND, 5)]


@pytest.mark.parametrize("decide", [deciding.approve, deciding.refuse])
def test_request_that_was_answered_hears_nothing_of_the_clock(room, desk, city, decide):
    request = make_request(room=room)
    decide(request.code, by=desk, now=NOW + DAY, version=request.version, note="Dag")
    every_day(2, 20)
    assert (steps_of(request), written()) == ([], [])


def test_request_that_was_forwarded_begins_anew_at_the_other_desk(room, desk, city, deputy):
    make_desk("wijkwerk", name="Wijkwerk", email="balie@wijkwerk.example")
    request = make_request(room=room)
    every_day(1, 9)
    handing.forward(request.code, "wijkwerk", by=desk, now=NOW + 9 * DAY, note="Niet voor ons.")
    found = read(request.code)
    assert (found.clock_step, found.deputy_desk_id) == (None, None)
    assert (found.next_step_at, found.answer_by) == (NOW + 14 * DAY, NOW + 23 * DAY)
    every_day(10, 30)
    assert steps_of(request) == [
        (Action.REMIND, 5),
        (Action.TO_DEPUTY, 8),
        (Action.REMIND, 14),
        (Action.TO_CITY, 20),
    ]


def test_deputy_decides_from_its_step_on_and_not_before(room, desk, city, deputy):
    request = make_request(room=room)
    every_day(1, 7)
    with pytest.raises(NotAllowed):
        deciding.approve(request.code, by=deputy, now=NOW + 7 * DAY, version=request.version)
    assert [one.code for one in requests.waiting_for(deputy.desk_ids)] == []
    every_day(8, 8)
    assert [one.code for one in requests.waiting_for(deputy.desk_ids)] == [request.code]
    deciding.approve(request.code, by=deputy, now=NOW + 8 * DAY, version=request.version)
    assert read(request.code).status is Status.APPROVED


def test_deputy_does_not_decide_on_their_own_request(room, desk, city, deputy):
    request = make_request(room=room, by=deputy)
    every_day(1, 8)
    with pytest.raises(NotAllowed):
        deciding.approve(request.code, by=deputy, now=NOW + 8 * DAY, version=request.version)


def test_deputy_that_is_away_itself_is_passed_over(room, desk, city, deputy):
    quiet(deputy, "2026-11-30", "2026-12-02")
    request = make_request(room=room)
    every_day(1, 20)
    assert steps_of(request) == [(Action.REMIND, 5), (Action.TO_CITY, 11)]


def on_rota(desk, *accounts):
    desk_id = min(desk.desk_ids)
    set_desk(desk, rota_from=date(2026, 11, 23))
    members = [DeskMember(desk_id=desk_id, account_id=one.id, since=NOW) for one in accounts]
    keep(*members, *(DutyRota(desk_id=desk_id, account_id=one.id, position=n) for n, one in enumerate(accounts)))


def test_person_on_duty_is_written_first_and_the_group_in_copy(room, desk, city):
    bob, cem = make_account("bob@amandsberg.example", "Bob"), make_account("cem@amandsberg.example", "Cem")
    on_rota(desk, bob, cem)
    make_request(room=room)
    told = [
        (one.recipient, one.facts["on_duty"], one.facts.get("is_copy", False)) for one in reversed(letters.newest(3))
    ]
    assert told == [(bob.email, "Bob", False), (cem.email, "Bob", True), (FATIMA, "Bob", True)]
    every_day(1, 8)
    assert written() == [
        # The second week Cem is on duty, and then Bob is the next one.
        (LetterKind.REQUEST_REMINDER, bob.email),
        (LetterKind.REQUEST_REMINDER, cem.email),
        (LetterKind.REQUEST_REMINDER, FATIMA),
        (LetterKind.REQUEST_TO_DEPUTY, bob.email),
    ]


def test_duty_by_hand_goes_before_the_rota_and_needs_a_member(room, desk, city):
    bob, cem = make_account("bob@amandsberg.example", "Bob"), make_account("cem@amandsberg.example", "Cem")
    gone = make_account("weg@amandsberg.example", "Weg")
    on_rota(desk, bob, cem)
    for account in (gone, cem):
        days = {"first_day": NOW.date(), "last_day": NOW.date()}
        keep(Duty(desk_id=min(desk.desk_ids), account_id=account.id, **days))
    make_request(room=room)
    assert [one.recipient for one in reversed(letters.newest(3))] == [cem.email, bob.email, FATIMA]


def test_person_on_duty_who_asked_it_is_not_asked_to_look(room, desk, city):
    bob = make_account("bob@amandsberg.example", "Bob")
    on_rota(desk, bob)
    make_request(room=room, by=actor_of(bob))
    to_desk = [one for one in letters.newest(5) if one.kind == LetterKind.REQUEST_TO_DECIDE]
    assert [(one.recipient, one.facts["on_duty"]) for one in reversed(to_desk)] == [(FATIMA, "")]


def test_quiet_days_are_not_counted_and_push_the_answer_out(room, desk, city):
    quiet(desk, "2026-11-26", "2026-12-06")
    request = make_request(room=room)
    assert read(request.code).answer_by == NOW + 25 * DAY
    every_day(1, 30)
    assert steps_of(request) == [(Action.REMIND, 16), (Action.TO_CITY, 22)]


def test_step_that_is_due_waits_for_a_desk_that_went_away_meanwhile(room, desk, city):
    request = make_request(room=room)
    quiet(desk, "2026-11-30", "2026-12-02")
    # The worker slept over the reminder of the 28th.
    every_day(7, 20)
    assert steps_of(request) == [(Action.REMIND, 10), (Action.TO_CITY, 14)]


def test_request_for_soon_does_not_wait_for_a_desk_that_comes_back_too_late(room, desk, city, deputy):
    quiet(desk, "2026-11-20", "2027-01-10")
    soon = at(day=date(2026, 12, 26))
    request = make_request(room=room, slot=soon)
    every_day(1, 33)
    assert [one for one, _ in steps_of(request)] == [Action.TO_DEPUTY, Action.TO_CITY]


def test_working_days_leave_out_weekends_and_legal_holidays(room, desk, city):
    set_desk(desk, counts_working_days=True)
    keep(
        SpecialDay(
            kind=SpecialKind.LEGAL, name="Dag", first_day=date(2026, 11, 25), last_day=date(2026, 11, 25), source=""
        )
    )
    request = make_request(room=room)
    every_day(1, 30)
    assert steps_of(request) == [(Action.REMIND, 8), (Action.TO_CITY, 16)]


def test_steps_come_at_the_same_time_on_the_clock_after_it_changed(room, desk, city):
    asked = to_utc(datetime.fromisoformat("2027-03-25 10:00"))
    request = make_request(room=room, slot=at(day=date(2027, 5, 15)), now=asked)
    due = to_utc(datetime.fromisoformat("2027-03-30 10:00"))
    deadlines.tick(due - timedelta(seconds=1))
    assert steps_of(request) == []
    deadlines.tick(due)
    assert [one for one, _ in steps_of(request)] == [Action.REMIND]


def test_days_that_change_are_counted_anew_for_what_waits(room, desk, city):
    request, other = make_request(room=room), make_request(room=room, slot=at(day=date(2027, 1, 23)))
    deciding.approve(other.code, by=desk, now=NOW, version=other.version)
    set_desk(desk, reminder_days=2, deputy_days=4, city_days=6)
    assert desk_clock.recount(min(desk.desk_ids)) == 1
    found = read(request.code)
    assert (found.next_step_at, found.answer_by, found.version) == (NOW + 2 * DAY, NOW + 9 * DAY, request.version)
    assert desk_clock.recount(min(desk.desk_ids)) == 0


def test_quiet_period_that_is_told_later_moves_what_waits_in_the_night(room, desk, city):
    request = make_request(room=room)
    deadlines.tick(NOW)
    quiet(desk, "2026-11-26", "2026-12-06")
    deadlines.tick(NOW + DAY)
    assert read(request.code).next_step_at == NOW + 16 * DAY


def test_series_is_counted_to_its_first_date_that_waits(room, desk, city):
    series = make_series(room, pattern=weekly(first=date(2026, 12, 26), count=4))
    found = read(series.code)
    assert (found.next_step_at, found.answer_by) == (NOW + 5 * DAY, NOW + 14 * DAY)


def test_every_clock_is_found_by_its_index(room, desk, city):
    make_request(room=room)
    if db.engine.dialect.name != "sqlite":
        return
    plan = db.session.execute(
        db.text("EXPLAIN QUERY PLAN SELECT code FROM request WHERE status = 'requested' AND next_step_at <= '2027'")
    ).all()
    assert "ix_request_status_next_step_at" in plan[0][-1]


def answered_in(room, desk, days):
    slots = (at(day=date(2027, 1, 16) + timedelta(weeks=number)) for number in range(len(days)))
    for slot, after in zip(slots, days, strict=True):
        asked = make_request(room=room, slot=slot)
        deciding.approve(asked.code, by=desk, now=NOW + after * DAY, version=asked.version)


def usual():
    db.session.close()
    return db.session.scalar(select(Desk.usual_days).where(Desk.slug != "stad"))


def test_desk_tells_how_fast_it_answers_after_five_answers(room, desk, city):
    answered_in(room, desk, [1, 2, 4, 6])
    deadlines.tick(NOW + 7 * DAY)
    assert usual() is None


def test_desk_tells_in_how_many_days_half_of_its_answers_come(room, desk, city):
    answered_in(room, desk, [1, 2, 4, 6, 0])
    deadlines.tick(NOW + 7 * DAY)
    assert usual() == 2
    # A year later nothing is known of it any more.
    deadlines.tick(NOW + 380 * DAY)
    assert usual() is None


def test_clock_of_an_earlier_version_is_counted_in_its_first_round(room, desk, city):
    request = make_request(room=room)
    with write_unit() as session:
        session.execute(db.text("UPDATE request SET next_step_at = asked_at"))
    deadlines.tick(NOW)
    found = read(request.code)
    assert (found.next_step_at, found.clock_step, steps_of(request)) == (NOW + 5 * DAY, None, [])


def test_timeline_says_for_which_desk_somebody_decided(room, desk, deputy, city):
    """Who stands in does so for their own desk, from the decision to what is told of it."""
    for who, hours in ((deputy, ("09:00", "11:00")), (city, ("12:00", "14:00"))):
        request = make_request(room=room, slot=at(*hours))
        with write_unit():
            requests.locked(request.code).deputy_desk_id = min(deputy.desk_ids)
        deciding.approve(request.code, by=who, now=NOW, version=read(request.code).version)
        said = [(one.action, one.desk_id) for one in read(request.code).events if one.account_id == who.account_id]
        assert said == [(Action.DECIDE, min(who.desk_ids)), (Action.APPROVE, min(who.desk_ids))]
