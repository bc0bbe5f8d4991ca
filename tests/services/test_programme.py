"""What a house keeps for itself: its programme with a first day, an end and exceptions; closures day by day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from tests.builders import (
    NOW,
    SATURDAY,
    at,
    make_closure,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_venue,
    read,
)
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import from_epoch
from zalenzoeker.services import deadlines, programme
from zalenzoeker.services.wishes import Refused
from zalenzoeker.storage import letters, occupancy, self_check
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Occupancy, ProgrammeException

pytestmark = pytest.mark.both

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
THURSDAY = date(2026, 12, 3)


def days_of(by: TakenBy = TakenBy.OWN_PROGRAMME) -> list[date]:
    db.session.close()
    query = select(Occupancy.from_epoch).where(Occupancy.by == by).order_by(Occupancy.from_epoch)
    return [from_epoch(seconds).date() for seconds in db.session.scalars(query)]


def test_line_begins_on_its_first_day_and_ends_with_its_last(room):
    make_programme(room, first_day=THURSDAY, until=THURSDAY + 3 * WEEK)
    assert days_of() == [THURSDAY + number * WEEK for number in range(4)]
    for days in (1, 30, 300):
        deadlines.tick(NOW + days * DAY)
    assert days_of() == [THURSDAY + number * WEEK for number in range(4)]


def test_line_that_begins_far_ahead_comes_into_sight_with_the_clock(room):
    far = NOW.date() + 410 * DAY
    make_programme(room, weekday=far.weekday(), first_day=far)
    assert days_of() == []
    deadlines.tick(NOW + 20 * DAY)
    assert days_of()[0] == far


def test_days_that_are_left_out_stay_free(room):
    left_out = [ProgrammeException(day=THURSDAY + WEEK), ProgrammeException(day=THURSDAY + 2 * DAY)]
    make_programme(room, first_day=THURSDAY, until=THURSDAY + 3 * WEEK, exceptions=left_out)
    assert days_of() == [THURSDAY, THURSDAY + 2 * WEEK, THURSDAY + 3 * WEEK]


def test_line_is_written_out_again_only_for_days_that_are_new(room):
    line = make_programme(room)
    before = days_of()
    assert (programme.write_out(NOW), programme.write_out(NOW + DAY), days_of()) == (0, 0, before)
    assert line.written_until is None or line.written_until > NOW.date()


def test_own_programme_goes_first(room):
    make_programme(room, weekday=5, hours=(15, 16))
    with pytest.raises(Refused) as refused:
        make_request(room=room)
    assert [one.code for one in refused.value.obstacles] == [Code.OWN_PROGRAMME]


def test_own_programme_that_the_night_writes_out_answers_who_waits_in_a_queue(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue"}})
    request = make_request(room=room)
    make_programme(room, weekday=5, hours=(15, 16), first_day=SATURDAY, until=SATURDAY)
    assert (read(request.code).status, days_of(), self_check.faults()) == (Status.REFUSED, [SATURDAY], [])
    newest = letters.newest(1)[0]
    assert (newest.kind, newest.facts["house"]) == (LetterKind.REQUEST_OVERTAKEN, "own_programme")


def test_line_that_cannot_be_written_out_keeps_no_other_one_waiting(room, caplog):
    hall = make_room("hal", venue=room.venue)
    broken = make_programme(room, weekday=5)
    make_programme(hall, weekday=5)
    with write_unit() as session:
        session.execute(text("UPDATE own_programme SET to_minute = 32000 WHERE id = :id"), {"id": broken.id})
    before = len(days_of())
    programme.write_out(NOW + WEEK)
    logged = [one.getMessage() for one in caplog.records if one.name == "zalenzoeker.services.programme"]
    assert (len(days_of()) - before, logged) == (1, [f"line {broken.id} of own programme could not be written out"])


def test_programme_of_the_hall_takes_both_halves(app):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall, half = make_room("hal", venue=venue, spaces=[front, back]), make_room("helft", venue=venue, spaces=[back])
    make_programme(hall, weekday=5, hours=(15, 16))
    with pytest.raises(Refused) as refused:
        make_request(room=half)
    assert [one.code for one in refused.value.obstacles] == [Code.OWN_PROGRAMME]


def test_closure_is_a_row_for_each_day(room):
    make_closure(room, SATURDAY, SATURDAY + 9 * DAY)
    assert days_of(TakenBy.CLOSURE) == [SATURDAY + number * DAY for number in range(10)]
    with pytest.raises(Refused) as refused:
        make_request(room=room, slot=at(day=SATURDAY + 9 * DAY))
    assert [one.code for one in refused.value.obstacles] == [Code.CLOSED]
    assert make_request(room=room, slot=at(day=SATURDAY + 10 * DAY)).status is Status.REQUESTED


def test_closure_stops_at_what_was_promised_and_takes_no_day(room):
    make_request(Status.APPROVED, room=room, slot=at(day=SATURDAY + 5 * DAY))
    with pytest.raises(occupancy.AlreadyTaken):
        make_closure(room, SATURDAY, SATURDAY + 9 * DAY)
    assert (days_of(TakenBy.CLOSURE), self_check.faults()) == ([], [])
