"""Own programme and closures of the houses: their lines, how far they are written out, and what fell away."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.programme import LineDate, Standing, dates, to_come
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Slot, epoch, from_epoch
from zalenzoeker.storage import occupancy, programme_dates
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Closure,
    Occupancy,
    Occurrence,
    OwnProgramme,
    ProgrammeGone,
    Request,
    Room,
    RoomSpace,
)
from zalenzoeker.storage.programme_dates import Date
from zalenzoeker.storage.rooms import rooms_that_share


def lines_to_write(last_day: date) -> list[int]:
    """The ids of the lines that are not written out until this day and have not ended before."""
    query = select(OwnProgramme.id).where(
        or_(OwnProgramme.written_until.is_(None), OwnProgramme.written_until < last_day),
        or_(
            OwnProgramme.until.is_(None),
            OwnProgramme.written_until.is_(None),
            OwnProgramme.until > OwnProgramme.written_until,
        ),
    )
    return list(db.session.scalars(query.order_by(OwnProgramme.id)))


def line(line_id: int) -> OwnProgramme | None:
    """One line with its exceptions, locked until the write unit ends, its room before its row."""
    return _locked(OwnProgramme.id == line_id)


def by_code(code: str) -> OwnProgramme | None:
    """One line with its room, place and exceptions."""
    query = select(OwnProgramme).where(OwnProgramme.code == code)
    place = joinedload(OwnProgramme.room).joinedload(Room.venue)
    return db.session.scalar(query.options(place, selectinload(OwnProgramme.exceptions)))


def for_change(code: str, *, also: Collection[int] = ()) -> OwnProgramme | None:
    """The same, read anew and locked until the write unit ends, its room and these others before its row."""
    return _locked(OwnProgramme.code == code, also)


def _locked(which: ColumnElement[bool], also: Collection[int] = ()) -> OwnProgramme | None:
    room_id = db.session.scalar(select(OwnProgramme.room_id).where(which))
    if room_id is None:
        return None
    # As everybody does, so that nobody waits in a ring.
    occupancy.lock_rooms({room_id, *also})
    place = joinedload(OwnProgramme.room).joinedload(Room.venue)
    query = select(OwnProgramme).where(which).options(place, selectinload(OwnProgramme.exceptions))
    query = query.with_for_update(of=OwnProgramme).execution_options(populate_existing=True)
    return db.session.scalar(query)


def of_venue(venue_id: int, since: date) -> Sequence[OwnProgramme]:
    """The lines of a house that last until a day or longer, in the order of the week, with rooms and exceptions."""
    query = (
        select(OwnProgramme)
        .join(OwnProgramme.room)
        .where(Room.venue_id == venue_id, or_(OwnProgramme.until.is_(None), OwnProgramme.until >= since))
        .options(joinedload(OwnProgramme.room), selectinload(OwnProgramme.exceptions))
        .order_by(OwnProgramme.weekday, OwnProgramme.from_minute, OwnProgramme.id)
    )
    return db.session.scalars(query).all()


def closures_of_venue(venue_id: int, since: date) -> Sequence[Closure]:
    """The closures of a house that end on a day or later, the first first."""
    query = (
        select(Closure)
        .join(Room, Room.id == Closure.room_id)
        .where(Room.venue_id == venue_id, Closure.last_day >= since)
        .order_by(Closure.first_day, Closure.last_day, Closure.id)
    )
    return db.session.scalars(query).all()


def closure(closure_id: int) -> tuple[Closure, int] | None:
    """A closure with the id of its place."""
    query = select(Closure, Room.venue_id).join(Room, Room.id == Closure.room_id).where(Closure.id == closure_id)
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def reasons_of_closures(
    room_ids: Collection[int], first_epoch: int, last_epoch: int
) -> dict[tuple[int, int, int], str]:
    """Why rooms are closed between two moments, by the room and the stretch (epoch seconds)."""
    query = (
        select(RoomSpace.room_id, Occupancy.from_epoch, Occupancy.to_epoch, Closure.reason)
        .join(Occupancy, Occupancy.space_id == RoomSpace.space_id)
        .join(Closure, Closure.id == Occupancy.closure_id)
        .where(RoomSpace.room_id.in_(room_ids), *_between(first_epoch, last_epoch))
    )
    return {(room_id, starts, ends): reason for room_id, starts, ends, reason in db.session.execute(query)}


def days_held(line_id: int) -> set[date]:
    """The days on which a line has its room."""
    query = select(Occupancy.from_epoch).where(Occupancy.programme_id == line_id).distinct()
    return {from_epoch(seconds).date() for seconds in db.session.scalars(query)}


def dates_of(line: OwnProgramme, now: datetime) -> list[LineDate]:
    """Every date of a line that is still to come, as far as lines are written out, and what is in its way.

    The query must have loaded ``exceptions``.
    """
    slots = to_come(line.hours, line.first_day, line.until, now)
    if not slots:
        return []
    first, last = slots[0].from_epoch, slots[-1].to_epoch
    return dates(
        slots,
        left_out={one.day for one in line.exceptions},
        held=days_held(line.id),
        standing=standing({line.room_id}, first, last, now_epoch=epoch(now), without=line.id),
    )


def of_rooms_that_share(room_id: int) -> list[int]:
    """The ids of the lines of every room that takes a space of this one."""
    query = select(OwnProgramme.id).where(OwnProgramme.room_id.in_(rooms_that_share(room_id)))
    return list(db.session.scalars(query.order_by(OwnProgramme.id)))


def is_any_shielded(line_ids: Collection[int]) -> bool:
    shielded = select(OwnProgramme.id).where(OwnProgramme.id.in_(line_ids), OwnProgramme.is_shielded)
    return db.session.scalar(shielded.limit(1)) is not None


def rooms_of(line_ids: Collection[int]) -> set[int]:
    """The ids of the rooms that these lines lie in."""
    return set(db.session.scalars(select(OwnProgramme.room_id).where(OwnProgramme.id.in_(line_ids))))


def _between(first_epoch: int, last_epoch: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Occupancy.from_epoch < last_epoch,
        Occupancy.from_epoch > first_epoch - LONGEST_TAKEN,
        Occupancy.to_epoch > first_epoch,
    )


def _of_rooms(room_ids: Collection[int], first_epoch: int, last_epoch: int) -> tuple[ColumnElement[bool], ...]:
    spaces = select(RoomSpace.space_id).where(RoomSpace.room_id.in_(room_ids))
    return (Occupancy.space_id.in_(spaces), *_between(first_epoch, last_epoch))


def let_go(line_id: int, now: datetime, *, after_epoch: int) -> None:
    """Free the dates of a line that begin after a moment; calendars show them as cancelled for a while."""
    _let_go([Occupancy.programme_id == line_id, Occupancy.from_epoch >= after_epoch], now)


def let_go_date(line_id: int, slot: Slot, now: datetime) -> None:
    """The same for one date of a line, which alone has changed."""
    is_it = (Occupancy.from_epoch >= slot.from_epoch, Occupancy.from_epoch < slot.to_epoch)
    programme_dates.touch(_let_go([Occupancy.programme_id == line_id, *is_it], now), now)


def free(room_ids: Collection[int], first_epoch: int, last_epoch: int, now: datetime) -> None:
    """Clear own programme out of these rooms between two moments, so that the house can close."""
    gone = _let_go([Occupancy.programme_id.is_not(None), *_of_rooms(room_ids, first_epoch, last_epoch)], now)
    programme_dates.touch(gone, now)


def _let_go(which: Sequence[ColumnElement[bool]], now: datetime) -> list[Date]:
    """Free these dates, note them as gone, and return them."""
    query = select(OwnProgramme.id, OwnProgramme.room_id, Occupancy.from_epoch, Occupancy.to_epoch, OwnProgramme.code)
    rows = db.session.execute(
        query.join(Occupancy, Occupancy.programme_id == OwnProgramme.id).where(*which).distinct()
    ).all()
    if not rows:
        return []
    key = tuple_(ProgrammeGone.programme_id, ProgrammeGone.room_id, ProgrammeGone.from_epoch)
    known = delete(ProgrammeGone).where(key.in_([tuple(row[:3]) for row in rows]))
    db.session.execute(known, execution_options={"synchronize_session": False})
    names = ("programme_id", "room_id", "from_epoch", "to_epoch")
    gone: list[dict[str, Any]] = [{**dict(zip(names, row[:4], strict=True)), "gone_at": now} for row in rows]
    db.session.execute(insert(ProgrammeGone), gone)
    db.session.execute(delete(Occupancy).where(*which), execution_options={"synchronize_session": False})
    return [Date(line_id, code, from_epoch(starts).date()) for line_id, _room, starts, _ends, code in rows]


def standing(
    room_ids: Collection[int], first_epoch: int, last_epoch: int, *, now_epoch: int, without: int = 0
) -> list[Standing]:
    """What stands in these rooms between two moments, each once, in order; a request that only queues does not.

    ``without``: the id of a line of own programme that is left out of account.
    """
    query = (
        select(
            Occupancy.from_epoch,
            Occupancy.to_epoch,
            Occupancy.by,
            OwnProgramme.title,
            Closure.reason,
            Request.activity,
            Request.status,
            Request.code,
            Request.association_name,
            Request.contact_name,
        )
        .distinct()
        .outerjoin(OwnProgramme, Occupancy.programme_id == OwnProgramme.id)
        .outerjoin(Closure, Occupancy.closure_id == Closure.id)
        .outerjoin(Occurrence, Occupancy.occurrence_id == Occurrence.id)
        .outerjoin(Request, Occurrence.request_id == Request.id)
        .where(
            # A diary that the house keeps elsewhere gives way to what it types in here.
            Occupancy.by.not_in((TakenBy.QUEUED, TakenBy.DIARY)),
            or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch),
            or_(Occupancy.programme_id.is_(None), Occupancy.programme_id != without),
            *_of_rooms(room_ids, first_epoch, last_epoch),
        )
        .order_by(Occupancy.from_epoch)
    )
    return [_standing(*row) for row in db.session.execute(query)]


def _standing(
    starts: int, ends: int, by: TakenBy, line_title: str, reason: str, *request: str | Status | None
) -> Standing:
    activity, status, code, association, contact = request
    if status is None:
        return Standing(starts, ends, by, line_title or reason or "")
    if status in (Status.UNPROVED, Status.OFFERED):
        # Nobody knows yet who that is: the desk hears of it when the address is proved, or the offer is taken.
        return Standing(starts, ends, by)
    return Standing(starts, ends, by, str(activity), str(association or contact), str(code))


def promised_days(room_ids: Collection[int], first_epoch: int, last_epoch: int, *, now_epoch: int) -> list[date]:
    """The days between two moments on which somebody has been promised one of these rooms, or holds it now.

    So has who asks to come inside the open hours of the house: that would be a closed house.
    """
    there = standing(room_ids, first_epoch, last_epoch, now_epoch=now_epoch)
    promised = (one for one in there if one.by in (TakenBy.BOOKING, TakenBy.REQUEST))
    starts = [one.from_epoch for one in promised] + inside(room_ids, first_epoch, last_epoch, now_epoch=now_epoch)
    return sorted({from_epoch(one).date() for one in starts})


def inside(room_ids: Collection[int], first_epoch: int, last_epoch: int, *, now_epoch: int) -> list[int]:
    """When the activities begin that are or may be held in these rooms and take no space, in epoch seconds."""
    query = (
        select(Occurrence.from_epoch)
        .join(Request, Request.id == Occurrence.request_id)
        .where(Occurrence.room_id.in_(room_ids), ~Request.takes_space, Occurrence.to_epoch > now_epoch)
        .where(Occurrence.status.in_((Status.REQUESTED, Status.APPROVED)))
        .where(Occurrence.from_epoch < last_epoch, Occurrence.to_epoch > first_epoch)
    )
    return list(db.session.scalars(query.order_by(Occurrence.from_epoch)))


def is_closed(room_ids: Collection[int], first_epoch: int, last_epoch: int) -> bool:
    """Is a space of one of these rooms closed already on one of these days?"""
    query = select(Occupancy.id).where(Occupancy.closure_id.is_not(None), *_of_rooms(room_ids, first_epoch, last_epoch))
    return db.session.scalar(query.limit(1)) is not None


def has_gone_before(moment: datetime) -> bool:
    query = select(ProgrammeGone.programme_id).where(ProgrammeGone.gone_at < moment).limit(1)
    return db.session.scalar(query) is not None


def forget_gone_before(moment: datetime) -> None:
    db.session.execute(delete(ProgrammeGone).where(ProgrammeGone.gone_at < moment))
