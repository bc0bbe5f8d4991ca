"""That the calendar of a room changed, as the database marks it, and the dates that stand in it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests import decisions
from tests.builders import (
    NOW,
    SATURDAY,
    STATES,
    actor_of,
    at,
    make_account,
    make_closure,
    make_decider,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import closures, dates
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, feeds, programme
from zalenzoeker.storage.city import last_read
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import CalendarMark, Occupancy, Occurrence, OwnProgramme, Request, Room, RoomSpace
from zalenzoeker.storage.models.special_days import FACTS

pytestmark = pytest.mark.both

AN = "an@harmonie.example"
# Every state that is reached without somebody else's request, and without the day itself.
ONCE = [status for status in STATES if status not in {Status.EXPIRED, *ON_THE_WAITING_LIST}]


@pytest.fixture
def room(app):
    return make_room()


def mark(*room_ids: int) -> int:
    return feeds.standing(feeds.written(room_ids)).mark


def changes(room, deed) -> bool:
    """Whether this room's calendar got another mark while something was done."""
    before = mark(room.id)
    db.session.close()
    deed()
    db.session.close()
    return mark(room.id) != before


def an():
    return actor_of(accounts.by_email(AN))


def test_calendar_that_never_changed_has_no_mark(room):
    assert mark(room.id) == 0


def test_standing_is_told_by_the_driver_itself_as_by_sqlalchemy(room):
    make_request(Status.APPROVED, room=room)
    number, _city = last_read()
    engine, values = db.engine, {"facts": FACTS, "room_ids": feeds.written([room.id])}
    name = engine.dialect.name
    direct = tuple(feeds.asked_directly(engine, feeds.IN_SQL[name], values))
    with engine.connect() as connection:
        usual = tuple(connection.execute(feeds.STANDING[name], values).one())
    assert direct == usual == (number, mark(room.id))
    assert mark(room.id) > 0


def test_dates_are_never_older_than_the_mark_that_was_read_before_them(room):
    request = make_request(Status.APPROVED, room=room)
    db.session.close()
    assert db.session.scalar(db.select(Request.activity)) == request.activity
    with db.engine.begin() as somebody_else:
        somebody_else.execute(text("UPDATE request SET activity = 'Iets anders'"))
    mark(room.id)
    assert [one.activity for one in feeds.booked([room.id], 0, 1 << 40, since=NOW)] == ["Iets anders"]


def test_standing_of_a_database_without_its_tables_is_the_usual_error(room):
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE calendar_mark RENAME TO elsewhere"))
    with pytest.raises(DatabaseError, match="calendar_mark"):
        mark(room.id)


def test_request_changes_the_calendar_with_its_yes_and_when_it_falls_away(room):
    desk = make_decider(room)
    assert not changes(room, lambda: make_request(room=room))
    request = make_request(room=room, slot=at("19:00", "20:00"))
    assert changes(room, lambda: decisions.approve(request.code, by=desk, now=NOW, version=request.version))
    request = read(request.code)
    assert changes(room, lambda: decisions.cancel(request.code, by=desk, now=NOW, version=request.version, note="Lek"))


@pytest.mark.parametrize("status", [Status.REFUSED, Status.WITHDRAWN, Status.EXPIRED, Status.LAPSED])
def test_request_that_was_never_confirmed_changes_nothing(room, status):
    assert not changes(room, lambda: make_request(status, room=room))


def change(model, row_id, **values):
    """Change a row as any writer may, in one statement."""
    with write_unit() as session:
        session.execute(db.update(model).where(model.id == row_id).values(**values))


def test_date_that_moves_to_another_room_changes_both(room):
    other = make_room("andere", venue=room.venue)
    date = make_request(Status.APPROVED, room=room).first
    before = [mark(one.id) for one in (room, other)]
    db.session.close()
    change(Occurrence, date.id, room_id=other.id)
    after = [mark(one.id) for one in (room, other)]
    assert [later != earlier for earlier, later in zip(before, after, strict=True)] == [True, True]


@pytest.mark.parametrize("values", [{"activity": "Anders"}, {"is_public": True}])
def test_words_of_what_is_confirmed_change_the_calendar(room, values):
    booked, waiting = make_request(Status.APPROVED, room=room), make_request(room=room, slot=at("19:00", "20:00"))
    assert changes(room, lambda: change(Request, booked.id, **values))
    assert not changes(room, lambda: change(Request, waiting.id, **values))
    assert not changes(room, lambda: change(Request, booked.id, remarks="Graag de grote tafel."))


def test_date_of_a_series_that_is_let_go_changes_the_calendar(room):
    series = make_series(room, status=Status.APPROVED, pattern=weekly(count=6))
    uid = series.dates[2].uid
    assert changes(room, lambda: dates.let_go(series.code, uid, Scope.THIS, by=an(), now=NOW))


def test_database_that_was_put_back_never_comes_to_a_mark_it_had(room):
    """Two lives that part: what comes after in the one is not taken for what came after in the other."""
    room_id, date_id, marks = room.id, make_request(Status.APPROVED, room=room).first.id, set()
    for number in range(20):
        execute(db.delete(CalendarMark))
        change(Occurrence, date_id, sequence=number + 1)
        marks.add(mark(room_id))
        db.session.close()
    assert len(marks) == 20


def test_own_programme_changes_the_calendar_when_it_comes_changes_and_goes(room):
    made = []
    assert changes(room, lambda: made.append(make_programme(room).id))
    assert changes(room, lambda: change(OwnProgramme, made[0], title="Naaiatelier"))
    assert not changes(room, lambda: change(OwnProgramme, made[0], written_until=SATURDAY))
    gone = db.delete(Occupancy).where(Occupancy.programme_id == made[0], Occupancy.from_epoch > at().from_epoch)
    assert changes(room, lambda: execute(gone))
    assert changes(room, lambda: execute(db.delete(OwnProgramme).where(OwnProgramme.id == made[0])))


def execute(statement):
    with write_unit() as session:
        session.execute(statement)


def test_closing_days_clear_own_programme_and_change_the_calendar(room):
    marcel = make_account("marcel@huis.example")
    make_desk(venue=room.venue, members=[marcel])
    make_programme(room, weekday=3)
    day = SATURDAY + timedelta(days=5)
    by = actor_of(marcel)
    assert changes(room, lambda: closures.close(room.venue.slug, [room.slug], day, day, "Verlof", by=by, now=NOW))


def test_closing_and_opening_again_change_the_calendar_of_an_empty_room(room):
    marcel = make_account("marcel@huis.example")
    make_desk(venue=room.venue, members=[marcel])
    by = actor_of(marcel)
    day = SATURDAY + timedelta(days=5)
    assert changes(room, lambda: closures.close(room.venue.slug, [room.slug], day, day, "Verlof", by=by, now=NOW))
    (closure,) = programme.closures_of_venue(room.venue.id, day)
    assert [one.code for one in feeds.closed([room.id], day, day)] == [closure.code]
    assert changes(room, lambda: closures.reopen(room.venue.slug, [closure.id], by=by, now=NOW))
    assert feeds.closed([room.id], day, day) == []


def test_feed_holds_the_closed_days_that_touch_its_window(room):
    make_closure(room, SATURDAY, SATURDAY + timedelta(days=2))
    touching = [(-1, 0), (0, 0), (1, 1), (2, 9)]
    apart = [(-3, -1), (3, 9)]
    for first, last in touching + apart:
        found = feeds.closed([room.id], SATURDAY + timedelta(days=first), SATURDAY + timedelta(days=last))
        assert len(found) == ((first, last) in touching)
    assert feeds.closed([make_room("andere", venue=room.venue).id], SATURDAY, SATURDAY) == []


def test_marks_of_several_rooms_add_up_and_others_do_not_count(room):
    other, third = make_room("andere", venue=room.venue), make_room("derde", venue=room.venue)
    for one in (room, other, third):
        make_request(Status.APPROVED, room=one)
    each = [mark(one.id) for one in (room, other, third)]
    assert mark(room.id, other.id) == each[0] + each[1]
    assert mark() == 0


def test_room_that_goes_takes_its_mark_along(room):
    other = make_room("andere", venue=room.venue)
    line = make_programme(other).id
    execute(db.delete(Occupancy).where(Occupancy.programme_id == line))
    execute(db.delete(RoomSpace).where(RoomSpace.room_id == other.id))
    execute(db.delete(Room).where(Room.id == other.id))
    assert mark(other.id) == 0


# The dates that stand in them.


def on(days: int):
    """The same hours so many days after the usual Saturday."""
    return at(day=SATURDAY + timedelta(days=days))


FEED = (NOW - timedelta(days=60), NOW + timedelta(days=540))


def in_feed(room, first=FEED[0], last=FEED[1], cancelled_since=NOW - timedelta(days=30)) -> list[tuple[str, Status]]:
    found = feeds.booked([room.id], epoch(first), epoch(last), since=cancelled_since)
    return [(date.activity, date.status) for date in sorted(found, key=lambda one: one.starts)]


def test_feed_holds_confirmed_dates_and_those_that_fell_away(room):
    for number, status in enumerate(ONCE):
        make_request(status, room=room, slot=on(number), activity=status.value)
    approved = make_request(Status.APPROVED, room=room, slot=on(20), activity="ingetrokken na goedkeuring")
    asking.withdraw(approved.code, by=an(), now=NOW)
    assert in_feed(room) == [
        ("approved", Status.APPROVED),
        ("cancelled", Status.CANCELLED),
        ("ingetrokken na goedkeuring", Status.WITHDRAWN),
    ]


@pytest.mark.parametrize("seconds,is_shown", [(-1, True), (0, False)])
def test_cancelled_date_leaves_the_feed_after_its_days(room, seconds, is_shown):
    make_request(Status.CANCELLED, room=room)
    found = in_feed(room, cancelled_since=NOW + timedelta(seconds=seconds))
    assert found == [("Repetitie", Status.CANCELLED)] * is_shown


def test_feed_holds_what_touches_its_window_and_only_this_room(room):
    other = make_room("hal", venue=make_venue())
    for days in (0, 1, 2):
        make_request(Status.APPROVED, room=room, slot=on(days), activity=str(days))
    make_request(Status.APPROVED, room=other, slot=on(1), activity="elders")
    window = {"first": on(1).starts_at, "last": on(2).starts_at}
    assert in_feed(room, **window) == [("1", Status.APPROVED)]
    window = {"first": on(0).ends_at - timedelta(minutes=1), "last": on(2).starts_at + timedelta(minutes=1)}
    assert [title for title, _ in in_feed(room, **window)] == ["0", "1", "2"]
    assert [title for title, _ in in_feed(other)] == ["elders"]


def test_feed_of_what_is_for_everybody_leaves_out_the_rest(room):
    make_request(Status.APPROVED, room=room, slot=on(0), activity="Repaircafé", is_public=True)
    make_request(Status.APPROVED, room=room, slot=on(1), activity="Bestuur")
    make_programme(room, "Soepcafé")
    make_programme(room, "Overleg", weekday=2, is_public=False)
    span = epoch(FEED[0]), epoch(FEED[1])
    told = {"since": NOW - timedelta(days=30), "only_public": True}
    assert [one.activity for one in feeds.booked([room.id], *span, **told)] == ["Repaircafé"]
    assert {one.title for one in feeds.programmed([room.id], *span, **told)} == {"Soepcafé"}
