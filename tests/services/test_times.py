"""The seconds of every date derived anew: the wall time stays, what overlaps now is told, and nothing is lost."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests.builders import NOW, SATURDAY, at, make_closure, make_programme, make_room, make_space, make_venue
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.requests import Policy, RequesterKind, Status
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.services import times
from zalenzoeker.services.times import Overlap
from zalenzoeker.storage import occupancy, self_check
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Occupancy, Occurrence, Request, Room
from zalenzoeker.storage.times import venue_ids

pytestmark = pytest.mark.both

HOUR = 3600
TAKES = {Status.APPROVED: TakenBy.BOOKING, Status.REQUESTED: TakenBy.REQUEST}


@pytest.fixture
def hall(app) -> Room:
    """A hall of two spaces."""
    venue = make_venue("huis", name="Het Huis")
    return make_room("zaal", venue=venue, name="Zaal", spaces=[make_space(venue, "A"), make_space(venue, "B")])


def make_date(
    room: Room,
    slot: Slot,
    reference: str,
    status: Status = Status.APPROVED,
    *,
    by: TakenBy | None = None,
    wrong_by: int = 0,
    held_until: int | None = None,
    replaces: Occurrence | None = None,
    minutes: tuple[int, int] = (0, 0),
) -> Occurrence:
    """A request with one date, as older zone data would have kept it: ``wrong_by`` seconds off."""
    request = Request(
        code=f"code-{reference}",
        reference=reference,
        status=status,
        policy=Policy.HOLD,
        requester_kind=RequesterKind.PERSON,
        contact_name="An Peeters",
        contact_email="an@harmonie.example",
        activity="Repetitie",
        people=20,
        is_public=False,
        created_at=NOW,
        changed_at=NOW,
        form_key=reference,
        form_hash="",
    )
    one = Occurrence(
        room_id=room.id,
        status=status,
        uid=f"uid-{reference}",
        slot=slot,
        from_epoch=slot.from_epoch + wrong_by,
        to_epoch=slot.to_epoch + wrong_by,
        setup_minutes=minutes[0],
        cleanup_minutes=minutes[1],
        replaces_id=replaces.id if replaces else None,
        changed_at=NOW,
    )
    with write_unit() as session:
        session.add(request)
        session.flush()
        one.request_id = request.id
        session.add(one)
        session.flush()
        if by := by or TAKES.get(status):
            occupancy.take_dates([one], by, now_epoch=epoch(NOW), held_until=held_until)
        session.refresh(one)
        session.expunge(one)
    return one


def everything() -> Sequence[tuple[object, ...]]:
    """All that is derived: of every date and of every row."""
    db.session.close()
    dates = select(Occurrence.id, Occurrence.from_epoch, Occurrence.to_epoch).order_by(Occurrence.id)
    rows = select(
        Occupancy.space_id, Occupancy.from_epoch, Occupancy.to_epoch, Occupancy.by, Occupancy.occurrence_id,
        Occupancy.programme_id, Occupancy.closure_id, Occupancy.held_until,
    )  # fmt: skip
    found = db.session.execute(rows.order_by(Occupancy.space_id, Occupancy.from_epoch, Occupancy.id)).all()
    return [*map(tuple, db.session.execute(dates).all()), *map(tuple, found)]


def go_wrong(seconds: int) -> None:
    """Move all that was derived, as other zone data would have had it; the rows one by one, so that none touches."""
    with write_unit() as session:
        moved = {"from_epoch": Occurrence.from_epoch + seconds, "to_epoch": Occurrence.to_epoch + seconds}
        session.execute(update(Occurrence).values(moved))
        first = Occupancy.from_epoch.desc() if seconds > 0 else Occupancy.from_epoch
        for row in session.scalars(select(Occupancy).order_by(first)).all():
            row.from_epoch += seconds
            row.to_epoch += seconds
            session.flush()


@pytest.mark.parametrize("seconds", [-HOUR, HOUR, -30 * 60, 2 * HOUR])
def test_everything_moves_together_when_the_zone_changes(hall, seconds):
    make_date(hall, at("14:00", "18:00"), "DR-1", minutes=(30, 0))
    make_date(hall, at("18:00", "20:00"), "DR-2")
    make_date(hall, at("20:00", "01:00"), "DR-3", Status.REQUESTED, held_until=epoch(NOW) + 900)
    make_date(hall, at("14:00", "18:00"), "DR-4", Status.REFUSED)
    make_date(hall, at("09:00", "10:00"), "DR-5", Status.REQUESTED, by=TakenBy.QUEUED)
    make_closure(hall, SATURDAY + timedelta(days=2))
    make_programme(hall, weekday=3, hours=(23, 25))
    right = everything()
    go_wrong(seconds)
    wrong = everything()
    tried = times.recompute(hall.venue_id, NOW, dry_run=True)
    assert (everything(), tried.overlaps) == (wrong, ())
    done = times.recompute(hall.venue_id, NOW)
    assert (done, everything()) == (tried, right)
    assert done.moved == done.dates > 50
    again = times.recompute(hall.venue_id, NOW)
    assert (again.dates, again.moved, again.overlaps) == (done.dates, 0, ())
    assert self_check.overlaps() == 0


def test_date_whose_place_is_taken_keeps_its_seconds_and_is_told(hall):
    make_date(hall, at("14:00", "18:00"), "DR-1", wrong_by=-2 * HOUR)
    make_date(hall, at("16:00", "19:00"), "DR-2")
    before = everything()
    found = times.recompute(hall.venue_id, NOW)
    assert found == times.Recomputed(2, 0, (Overlap("DR-1", "DR-2", "Zaal, Het Huis", at("14:00", "18:00")),))
    assert everything() == before


def test_booking_goes_before_a_request_that_wants_its_place(hall):
    make_date(hall, at("14:00", "16:00"), "DR-1", Status.REQUESTED, wrong_by=-4 * HOUR)
    make_date(hall, at("15:00", "17:00"), "DR-2", wrong_by=3 * HOUR)
    found = times.recompute(hall.venue_id, NOW)
    assert (found.moved, found.overlaps) == (
        1,
        (Overlap("DR-1", "DR-2", "Zaal, Het Huis", at("14:00", "16:00")),),
    )
    assert self_check.overlaps() == 0


def test_closure_and_own_programme_are_named_when_they_are_in_the_way(hall):
    make_programme(hall, "Soepcafé", weekday=3, hours=(11, 14))
    make_closure(hall, SATURDAY, reason="Verbouwing")
    thursday = at("13:00", "15:00", SATURDAY + timedelta(days=5))
    make_date(hall, thursday, "DR-1", wrong_by=2 * HOUR)
    make_date(hall, at("10:00", "12:00"), "DR-2", wrong_by=-24 * HOUR)
    assert times.recompute(hall.venue_id, NOW).overlaps == (
        Overlap("DR-1", "Soepcafé", "Zaal, Het Huis", thursday),
        Overlap("DR-2", "Verbouwing", "Zaal, Het Huis", at("10:00", "12:00")),
    )


def test_new_moment_that_waits_for_a_yes_moves_with_its_date(hall):
    old = make_date(hall, at("14:00", "18:00"), "DR-1")
    make_date(hall, at("16:00", "20:00"), "DR-2", Status.REQUESTED, replaces=old)
    right = everything()
    assert len(right) == 6
    go_wrong(-HOUR)
    assert times.recompute(hall.venue_id, NOW).moved == 1
    assert everything() == right


def test_date_that_has_begun_stays_as_it_is(hall):
    make_date(hall, at("14:00", "18:00"), "DR-1", wrong_by=HOUR)
    before = everything()
    assert times.recompute(hall.venue_id, at("16:00", "17:00").starts_at) == times.Recomputed(0, 0, ())
    assert everything() == before


def test_hold_that_lapsed_is_not_in_the_way(hall):
    make_date(hall, at("14:00", "18:00"), "DR-1", wrong_by=-4 * HOUR)
    make_date(hall, at("16:00", "19:00"), "DR-2", Status.UNPROVED, by=TakenBy.REQUEST, held_until=epoch(NOW))
    found = times.recompute(hall.venue_id, NOW)
    assert (found.moved, found.overlaps) == (1, ())
    assert [row[1:4] for row in everything() if len(row) > 3] == [
        (at("14:00", "18:00").from_epoch, at("14:00", "18:00").to_epoch, TakenBy.BOOKING)
    ] * 2


def test_hours_that_the_clock_does_not_show_any_more_are_told(hall):
    """As if the night of the change had been another one when this was asked."""
    slot = Slot(datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 3, 0))
    make_date(hall, at("02:30", "03:00", date(2027, 3, 29)), "DR-1")
    with write_unit() as session:
        session.execute(update(Occurrence).values(starts=slot.starts, ends=slot.ends))
    before = everything()
    assert times.recompute(hall.venue_id, NOW).overlaps == (Overlap("DR-1", "", "Zaal, Het Huis", slot),)
    assert everything() == before


def test_every_place_with_rooms_is_gone_through(hall):
    make_venue("leeg")
    other = make_room("zaal", venue=make_venue("ander"))
    assert venue_ids() == [hall.venue_id, other.venue_id]
