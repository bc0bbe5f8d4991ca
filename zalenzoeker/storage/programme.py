"""Own programme and closures of the houses: their lines, and how far they are written out."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import joinedload, selectinload

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.slots import from_epoch
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, Occupancy, OwnProgramme, Room, RoomSpace
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
    """One line with its exceptions."""
    query = select(OwnProgramme).where(OwnProgramme.id == line_id)
    return db.session.scalar(query.options(selectinload(OwnProgramme.exceptions)))


def by_code(code: str) -> OwnProgramme | None:
    """One line with its room, place and exceptions."""
    query = select(OwnProgramme).where(OwnProgramme.code == code)
    place = joinedload(OwnProgramme.room).joinedload(Room.venue)
    return db.session.scalar(query.options(place, selectinload(OwnProgramme.exceptions)))


def of_venue(venue_id: int) -> Sequence[OwnProgramme]:
    """The lines of a house in the order of the week, with their rooms and exceptions."""
    query = (
        select(OwnProgramme)
        .join(OwnProgramme.room)
        .where(Room.venue_id == venue_id)
        .options(joinedload(OwnProgramme.room), selectinload(OwnProgramme.exceptions))
        .order_by(OwnProgramme.weekday, OwnProgramme.from_minute, OwnProgramme.id)
    )
    return db.session.scalars(query).all()


def closures_of_venue(venue_id: int, since: date) -> Sequence[tuple[Closure, str]]:
    """The closures of a house that end on a day or later, each with the name of its room."""
    query = (
        select(Closure, Room.name)
        .join(Room, Room.id == Closure.room_id)
        .where(Room.venue_id == venue_id, Closure.last_day >= since)
        .order_by(Closure.first_day, Closure.id)
    )
    return [(closure, name) for closure, name in db.session.execute(query)]


def closure(closure_id: int) -> tuple[Closure, int] | None:
    """A closure with the id of its place."""
    query = select(Closure, Room.venue_id).join(Room, Room.id == Closure.room_id).where(Closure.id == closure_id)
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def days_held(line_id: int) -> set[date]:
    """The days on which a line has its room."""
    query = select(Occupancy.from_epoch).where(Occupancy.programme_id == line_id).distinct()
    return {from_epoch(seconds).date() for seconds in db.session.scalars(query)}


def of_rooms_that_share(room_id: int) -> list[int]:
    """The ids of the lines of every room that takes a space of this one."""
    query = select(OwnProgramme.id).where(OwnProgramme.room_id.in_(rooms_that_share(room_id)))
    return list(db.session.scalars(query.order_by(OwnProgramme.id)))


def _of_rooms(room_ids: Collection[int], first_epoch: int, last_epoch: int) -> tuple[ColumnElement[bool], ...]:
    spaces = select(RoomSpace.space_id).where(RoomSpace.room_id.in_(room_ids))
    return (
        Occupancy.space_id.in_(spaces),
        Occupancy.from_epoch < last_epoch,
        Occupancy.from_epoch > first_epoch - LONGEST_TAKEN,
        Occupancy.to_epoch > first_epoch,
    )


def free(room_ids: Collection[int], first_epoch: int, last_epoch: int) -> None:
    """Clear own programme out of these rooms between two moments, so that the house can close."""
    query = delete(Occupancy).where(Occupancy.programme_id.is_not(None), *_of_rooms(room_ids, first_epoch, last_epoch))
    db.session.execute(query, execution_options={"synchronize_session": False})


def promised_days(room_ids: Collection[int], first_epoch: int, last_epoch: int, *, now_epoch: int) -> list[date]:
    """The days between two moments on which somebody has been promised one of these rooms, or holds it now."""
    query = select(Occupancy.from_epoch).where(
        Occupancy.occurrence_id.is_not(None),
        Occupancy.by != TakenBy.QUEUED,
        or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch),
        *_of_rooms(room_ids, first_epoch, last_epoch),
    )
    return sorted({from_epoch(seconds).date() for seconds in db.session.scalars(query)})


def is_closed(room_ids: Collection[int], first_epoch: int, last_epoch: int) -> bool:
    """Is a space of one of these rooms closed already on one of these days?"""
    query = select(Occupancy.id).where(Occupancy.closure_id.is_not(None), *_of_rooms(room_ids, first_epoch, last_epoch))
    return db.session.scalar(query.limit(1)) is not None


def in_feed_of(room_id: int, first_epoch: int, last_epoch: int) -> Sequence[tuple[OwnProgramme, int, int]]:
    """The dates of own programme of a room between two moments, each once: line, start, end (epoch seconds)."""
    query = (
        select(OwnProgramme, Occupancy.from_epoch, Occupancy.to_epoch)
        .join(Occupancy, Occupancy.programme_id == OwnProgramme.id)
        .where(OwnProgramme.room_id.in_(rooms_that_share(room_id)))
        .where(Occupancy.to_epoch > first_epoch, Occupancy.from_epoch < last_epoch)
        .where(Occupancy.from_epoch > first_epoch - LONGEST_TAKEN)
        .distinct()
        .order_by(Occupancy.from_epoch)
    )
    return [(line, starts, ends) for line, starts, ends in db.session.execute(query)]
