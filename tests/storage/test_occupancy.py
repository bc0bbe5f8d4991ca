"""Who has which space when: the database itself refuses overlap, whoever writes."""

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError

from tests.builders import NOW, SATURDAY, at, make_closure, make_request, make_room, make_space, make_venue
from tests.race import together
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.storage import guards, occupancy, self_check
from zalenzoeker.storage.db import db, is_sqlite, write_unit
from zalenzoeker.storage.models import Occupancy, RoomSpace
from zalenzoeker.storage.occupancy import Hold

pytestmark = pytest.mark.both

HOUR = 3600
NOON = epoch(at("12:00", "13:00").starts_at)
NOW_EPOCH = epoch(NOW)


@pytest.fixture
def venue(app):
    return make_venue()


@pytest.fixture
def space(venue):
    return make_space(venue, "A").id


@pytest.fixture
def other(venue):
    return make_space(venue, "B").id


def take(*space_ids: int, hours: tuple[float, float] = (0, 2), held_until: int | None = None, now: int = NOW_EPOCH):
    starts, ends = (NOON + int(hour * HOUR) for hour in hours)
    with write_unit():
        occupancy.take(space_ids, [(starts, ends)], Hold(TakenBy.BOOKING, held_until), now_epoch=now)


def rows() -> list[tuple[int, float, float]]:
    """Space, and from and to in hours after noon."""
    db.session.close()
    found = db.session.scalars(select(Occupancy).order_by(Occupancy.space_id, Occupancy.from_epoch))
    return [(row.space_id, (row.from_epoch - NOON) / HOUR, (row.to_epoch - NOON) / HOUR) for row in found]


RAW_INSERT = text('INSERT INTO occupancy (space_id, from_epoch, to_epoch, "by") VALUES (:space, :starts, :ends, :by)')


def insert(space_id: int, hours: tuple[float, float]) -> None:
    """As anybody with an SQL prompt would."""
    starts, ends = (NOON + int(hour * HOUR) for hour in hours)
    with write_unit() as session:
        session.execute(RAW_INSERT, {"space": space_id, "starts": starts, "ends": ends, "by": "booking"})


@pytest.mark.parametrize("hours", [(0, 2), (-1, 0.25), (1.75, 3), (0.5, 1), (-1, 3)])
def test_overlap_is_refused_by_the_database_at_insert(space, hours):
    insert(space, (0, 2))
    with pytest.raises(IntegrityError, match="occupancy_no_overlap"):
        insert(space, hours)
    assert rows() == [(space, 0, 2)]


@pytest.mark.parametrize("hours", [(-1, 0), (2, 3)])
def test_stretches_that_touch_are_allowed(space, hours):
    insert(space, (0, 2))
    insert(space, hours)
    assert rows() == sorted([(space, 0, 2), (space, *hours)])


def test_same_hours_in_another_space_are_allowed(space, other):
    insert(space, (0, 2))
    insert(other, (0, 2))
    assert rows() == [(space, 0, 2), (other, 0, 2)]


@pytest.mark.parametrize(
    "change",
    ["from_epoch = from_epoch - 7200", "to_epoch = to_epoch + 86400", "space_id = space_id - 1"],
    ids=["begins earlier", "ends later", "moves to the other space"],
)
def test_overlap_is_refused_by_the_database_at_update(space, other, change):
    for space_id, hours in [(space, (24, 25)), (other, (0, 2)), (other, (3, 4)), (other, (24, 26))]:
        insert(space_id, hours)
    before = rows()
    moved = text(f"UPDATE occupancy SET {change} WHERE space_id = :space AND from_epoch = :starts")
    starts = NOON + (24 if "space" in change else 3) * HOUR
    with pytest.raises(IntegrityError, match="occupancy_no_overlap"), write_unit() as session:
        session.execute(moved, {"space": other, "starts": starts})
    assert rows() == before


def test_row_may_be_moved_over_its_own_place(space):
    insert(space, (0, 2))
    with write_unit() as session:
        session.execute(text("UPDATE occupancy SET from_epoch = from_epoch + 3600, to_epoch = to_epoch + 3600"))
    assert rows() == [(space, 1, 3)]


def test_two_overlapping_rows_in_one_statement_are_refused(space):
    both = (
        f'INSERT INTO occupancy (space_id, from_epoch, to_epoch, "by") VALUES '
        f"({space}, {NOON}, {NOON + 2 * HOUR}, 'booking'), ({space}, {NOON + HOUR}, {NOON + 3 * HOUR}, 'booking')"
    )
    with pytest.raises(IntegrityError, match="occupancy_no_overlap"), write_unit() as session:
        session.execute(text(both))
    assert rows() == []


@pytest.mark.parametrize(
    "starts,ends,constraint", [(0, 0, "in_order"), (HOUR, 0, "in_order"), (30, HOUR, "whole_minutes")]
)
def test_stretch_that_is_none_is_refused_by_the_database(space, starts, ends, constraint):
    with pytest.raises(IntegrityError, match=constraint), write_unit() as session:
        session.execute(
            RAW_INSERT, {"space": space, "starts": NOON + starts, "ends": NOON + ends, "by": TakenBy.BOOKING.value}
        )


def test_all_spaces_are_taken_or_none(space, other):
    take(other, hours=(1, 3))
    with pytest.raises(occupancy.AlreadyTaken):
        take(space, other)
    assert rows() == [(other, 1, 3)]
    take(other, space, hours=(3, 4))
    assert rows() == [(space, 3, 4), (other, 1, 3), (other, 3, 4)]


def test_refusal_that_is_no_overlap_is_not_called_already_taken(space):
    with pytest.raises(IntegrityError, match=r"in_order"):
        take(space, hours=(2, 1))


@pytest.mark.parametrize("seconds,is_dropped", [(-1, False), (0, True), (1, True)])
def test_hold_stands_in_the_way_until_it_lapses(space, seconds, is_dropped):
    take(space, hours=(0, 2), held_until=NOW_EPOCH)
    if is_dropped:
        take(space, hours=(1, 3), now=NOW_EPOCH + seconds)
        assert rows() == [(space, 1, 3)]
        return
    with pytest.raises(occupancy.AlreadyTaken):
        take(space, hours=(1, 3), now=NOW_EPOCH + seconds)
    assert rows() == [(space, 0, 2)]


def test_lapsed_hold_elsewhere_is_left_alone(space, other):
    take(space, hours=(0, 1), held_until=NOW_EPOCH)
    take(space, hours=(4, 5), held_until=NOW_EPOCH)
    take(other, hours=(0, 1), held_until=NOW_EPOCH)
    take(space, hours=(0, 2))
    assert rows() == [(space, 0, 2), (space, 4, 5), (other, 0, 1)]


def test_spaces_of_a_room_are_told_in_ascending_order(venue, space, other):
    hall = make_room("hal", venue=venue, spaces=[])
    with write_unit() as session:
        session.execute(delete(RoomSpace).where(RoomSpace.room_id == hall.id))
        session.add_all(RoomSpace(room_id=hall.id, space_id=one) for one in (other, space))
    assert occupancy.spaces_of(hall.id) == [space, other]


def test_date_is_held_until_its_hold_lapses_and_for_good_once_kept(app):
    date = make_request(Status.UNPROVED).first
    until = NOW_EPOCH + 15 * 60
    assert [occupancy.is_held([date.id], moment) for moment in (NOW_EPOCH, until - 1, until)] == [True, True, False]
    with write_unit():
        occupancy.keep([date.id], by=TakenBy.BOOKING)
    assert occupancy.is_held([date.id], until + 10**6) is True
    assert list(db.session.execute(select(Occupancy.by, Occupancy.held_until))) == [(TakenBy.BOOKING, None)]
    with write_unit():
        occupancy.release([date.id])
    assert (occupancy.is_held([date.id], NOW_EPOCH), rows()) == (False, [])


@pytest.mark.parametrize("attempt", range(3))
def test_one_of_many_gets_the_space_and_nobody_hears_of_locks(app, space, other, attempt):
    def try_it(*space_ids: int) -> str:
        try:
            take(*space_ids, hours=(attempt, attempt + 2))
        except occupancy.AlreadyTaken:
            return "taken"
        return "mine"

    outcomes = together(app, *[lambda: try_it(space, other), lambda: try_it(other, space)] * 4)
    assert sorted(outcomes) == ["mine", *["taken"] * 7]
    assert rows() == [(space, attempt, attempt + 2), (other, attempt, attempt + 2)]


def test_nothing_is_wrong_with_a_database_in_use(app):
    room = make_room()
    make_request(Status.APPROVED, room=room)
    make_request(Status.CANCELLED, room=room, slot=at("20:00", "22:00"))
    make_request(Status.UNPROVED, room=room, slot=at("19:00", "20:00"))
    make_closure(room, SATURDAY.replace(day=20))
    assert (self_check.overlaps(), self_check.faults()) == (0, [])


def drop_guard(name: str) -> None:
    with write_unit() as session:
        drop = "DROP TRIGGER" if is_sqlite() else "ALTER TABLE occupancy DROP CONSTRAINT"
        session.execute(text(f"{drop} {name}"))


def guard_names() -> list[str]:
    return [guards.NO_OVERLAP_INSERT, guards.NO_OVERLAP_UPDATE] if is_sqlite() else [guards.NO_OVERLAP]


@pytest.mark.parametrize("number", [0, -1])
def test_guard_that_is_missing_is_told_and_made_again(app, space, number):
    drop_guard(guard_names()[number])
    assert self_check.faults() == ["guard occupancy_no_overlap is missing"]
    with write_unit() as session:
        guards.make(session.connection())
    assert self_check.faults() == []
    insert(space, (0, 2))
    with pytest.raises(IntegrityError, match="occupancy_no_overlap"):
        insert(space, (1, 3))


def test_overlap_that_came_in_without_a_guard_is_told(app, space):
    for name in guard_names():
        drop_guard(name)
    for hours in ((0, 2), (1, 3), (2, 4)):
        insert(space, hours)
    assert self_check.faults() == [
        "guard occupancy_no_overlap is missing",
        "2 overlapping pairs",
        "3 spaces taken for nothing",
    ]


def test_request_that_lost_its_spaces_is_told(app):
    make_request(Status.APPROVED)
    with write_unit() as session:
        session.execute(delete(Occupancy))
    assert self_check.faults() == ["1 dates without exactly their room's spaces"]


def test_request_that_has_one_space_of_two_is_told(venue, space, other):
    half = make_room("hal", venue=venue, spaces=[])
    with write_unit() as session:
        session.add_all(RoomSpace(room_id=half.id, space_id=one) for one in (space, other))
    make_request(room=half)
    assert self_check.faults() == []
    with write_unit() as session:
        session.execute(delete(Occupancy).where(Occupancy.space_id == other))
    assert self_check.faults() == ["1 dates without exactly their room's spaces"]


def test_refused_request_holds_nothing_and_is_no_fault(app):
    make_request(Status.REFUSED)
    assert (db.session.scalar(select(func.count()).select_from(Occupancy)), self_check.faults()) == (0, [])
