"""Everything of a place whose seconds follow from a wall time, to derive them anew when zone data changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import joinedload

from zalenzoeker.domain.availability import LONGEST_TAKEN
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, Occupancy, Occurrence, OwnProgramme, Request, Room, Space, Venue

ROWS_AT_ONCE = 500


def venue_ids() -> list[int]:
    """Every place that has a room."""
    return list(db.session.scalars(select(Room.venue_id).distinct().order_by(Room.venue_id)))


def venue_name(venue_id: int) -> str:
    return db.session.scalars(select(Venue.name).where(Venue.id == venue_id)).one()


def spaces_of(venue_id: int) -> list[int]:
    """The ids of the spaces of a place, ascending."""
    return list(db.session.scalars(select(Space.id).where(Space.venue_id == venue_id).order_by(Space.id)))


def rows(space_ids: Collection[int], now_epoch: int) -> Sequence[Occupancy]:
    """What takes these spaces from now on, and what may still touch that; no hold that has lapsed."""
    query = (
        select(Occupancy)
        .where(Occupancy.space_id.in_(space_ids), Occupancy.to_epoch > now_epoch - LONGEST_TAKEN)
        .where(or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch))
        .order_by(Occupancy.from_epoch, Occupancy.id)
    )
    return db.session.scalars(query).all()


def dates(venue_id: int, now_epoch: int) -> Sequence[Occurrence]:
    """The dates of all requests, whatever became of them, that begin after now, with their request and room."""
    query = (
        select(Occurrence)
        .join(Room, Room.id == Occurrence.room_id)
        .options(joinedload(Occurrence.request), joinedload(Occurrence.room))
        .where(Room.venue_id == venue_id, Occurrence.from_epoch > now_epoch)
        .order_by(Occurrence.from_epoch, Occurrence.id)
    )
    return db.session.scalars(query).all()


def programme(venue_id: int) -> dict[int, OwnProgramme]:
    """The lines of own programme of a place, by their id, with their room."""
    query = select(OwnProgramme).join(OwnProgramme.room).options(joinedload(OwnProgramme.room))
    return {line.id: line for line in db.session.scalars(query.where(Room.venue_id == venue_id))}


def closures(venue_id: int) -> dict[int, tuple[str, str]]:
    """The reason and the room's name of each closure of a place, by its id."""
    query = select(Closure.id, Closure.reason, Room.name).join(Room, Room.id == Closure.room_id)
    return {key: (reason, room) for key, reason, room in db.session.execute(query.where(Room.venue_id == venue_id))}


def references(occurrence_ids: Collection[int]) -> dict[int, str]:
    """The label of the request of each of these dates."""
    query = select(Occurrence.id, Request.reference).join(Request, Request.id == Occurrence.request_id)
    return dict(db.session.execute(query.where(Occurrence.id.in_(occurrence_ids))).all())


def replace(space_ids: Collection[int], now_epoch: int, old: Iterable[int], new: Sequence[Mapping[str, Any]]) -> None:
    """Write these rows in the place of those with these ids; a hold that has lapsed must not stand in the way."""
    gone = list(old)
    for first in range(0, len(gone), ROWS_AT_ONCE):
        _delete(Occupancy.id.in_(gone[first : first + ROWS_AT_ONCE]))
    _delete(Occupancy.space_id.in_(space_ids) & (Occupancy.held_until <= now_epoch))
    for first in range(0, len(new), ROWS_AT_ONCE):
        db.session.execute(insert(Occupancy).values([dict(row) for row in new[first : first + ROWS_AT_ONCE]]))


def _delete(which: Any) -> None:
    db.session.execute(delete(Occupancy).where(which), execution_options={"synchronize_session": False})
