"""The waiting list: who waits for which room and moment, and for whom it has come free."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.waiting import priority
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occupancy, Occurrence, Request, Room, RoomSpace, Venue


class InLine(NamedTuple):
    """Somebody who waits: the address of the request, and what decides about their place in the line."""

    code: str
    kind: RequesterKind
    neighbourhood_id: int | None
    venue_neighbourhood_id: int
    asked_at: float

    @property
    def place(self) -> tuple[int, float, str]:
        """Who is first: the class, then who waits longest."""
        is_neighbour = self.neighbourhood_id == self.venue_neighbourhood_id
        return priority(self.kind, is_neighbour=is_neighbour), self.asked_at, self.code


def _line(*conditions: ColumnElement[bool]) -> list[InLine]:
    query = (
        select(Request.code, Request.requester_kind, Request.neighbourhood_id, Venue.neighbourhood_id, Request.asked_at)
        .join(Occurrence, Occurrence.request_id == Request.id)
        .join(Room, Room.id == Occurrence.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .where(Occurrence.status == Status.WAITING, *conditions)
        .distinct()
    )
    rows = db.session.execute(query)
    found = [InLine(code, kind, own, house, at.timestamp() if at else 0.0) for code, kind, own, house, at in rows]
    return sorted(found, key=lambda one: one.place)


def with_free_room(now_epoch: int) -> list[InLine]:
    """Those who wait for a moment at which all their room's spaces are free now, the first in line first."""
    in_the_way = (
        select(Occupancy.id)
        .join(RoomSpace, RoomSpace.space_id == Occupancy.space_id)
        .where(
            RoomSpace.room_id == Occurrence.room_id,
            Occupancy.by != TakenBy.QUEUED,
            or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch),
            Occupancy.from_epoch < Occurrence.to_epoch + 60 * Occurrence.cleanup_minutes,
            Occupancy.from_epoch > Occurrence.from_epoch - 60 * Occurrence.setup_minutes - LONGEST_TAKEN,
            Occupancy.to_epoch > Occurrence.from_epoch - 60 * Occurrence.setup_minutes,
        )
    )
    return _line(Occurrence.from_epoch > now_epoch, ~exists(in_the_way))


def is_waited_for(dates: Sequence[Occurrence]) -> bool:
    """Does somebody stand in line for what one of these dates would take?"""
    spaces = aliased(RoomSpace)
    for date in dates:
        own = select(RoomSpace.space_id).where(RoomSpace.room_id == date.room_id)
        query = (
            select(Occurrence.id)
            .join(spaces, spaces.room_id == Occurrence.room_id)
            .where(
                Occurrence.status == Status.WAITING,
                spaces.space_id.in_(own),
                Occurrence.from_epoch < date.taken_to,
                Occurrence.to_epoch > date.taken_from,
                Occurrence.request_id != date.request_id,
            )
            .limit(1)
        )
        if db.session.scalar(query) is not None:
            return True
    return False


def line_for(date: Occurrence) -> list[str]:
    """Codes of those who wait for a moment that overlaps this one in the same room, the first in line first."""
    overlap = and_(
        Occurrence.room_id == date.room_id,
        Occurrence.from_epoch < date.to_epoch,
        Occurrence.to_epoch > date.from_epoch,
    )
    return [one.code for one in _line(overlap)]


def counts(room_ids: Collection[int], from_epoch: int, to_epoch: int) -> dict[int, int]:
    """How many wait for each of these rooms between two moments (epoch seconds)."""
    query = (
        select(Occurrence.room_id, func.count())
        .where(Occurrence.status == Status.WAITING, Occurrence.room_id.in_(room_ids))
        .where(Occurrence.from_epoch < to_epoch, Occurrence.to_epoch > from_epoch)
        .group_by(Occurrence.room_id)
    )
    return dict(db.session.execute(query).tuples().all())
