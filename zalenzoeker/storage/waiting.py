"""The waiting list: who waits for which room and moment, and for whom it has come free."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select

from zalenzoeker.domain.availability import LONGEST_TAKEN
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.domain.waiting import priority, soonest_offer
from zalenzoeker.storage import occupancy
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occupancy, Occurrence, Request, Room, RoomSpace, Venue
from zalenzoeker.storage.rooms import rooms_that_share

TAKEN_FROM = Occurrence.from_epoch - 60 * Occurrence.setup_minutes
TAKEN_TO = Occurrence.to_epoch + 60 * Occurrence.cleanup_minutes


class InLine(NamedTuple):
    """Somebody who waits: the address of the request, and what decides about their place in the line."""

    code: str
    kind: RequesterKind
    neighbourhood_id: int | None
    venue_neighbourhood_id: int
    asked_at: float
    number: int

    @property
    def place(self) -> tuple[int, float, int]:
        """Who is first: the class, then who waits longest."""
        is_neighbour = self.neighbourhood_id == self.venue_neighbourhood_id
        return priority(self.kind, is_neighbour=is_neighbour), self.asked_at, self.number


def _line(*conditions: ColumnElement[bool]) -> list[InLine]:
    query = (
        select(
            Request.code,
            Request.requester_kind,
            Request.neighbourhood_id,
            Venue.neighbourhood_id,
            Request.asked_at,
            Request.id,
        )
        .join(Occurrence, Occurrence.request_id == Request.id)
        .join(Room, Room.id == Occurrence.room_id)
        .join(Venue, Venue.id == Room.venue_id)
        .where(Occurrence.status == Status.WAITING, *conditions)
        .distinct()
    )
    rows = db.session.execute(query)
    found = [InLine(*who, at.timestamp() if at else 0.0, number) for *who, at, number in rows]
    return sorted(found, key=lambda one: one.place)


def with_free_room(now: datetime) -> list[InLine]:
    """Those who can still be offered a moment at which all their room's spaces are free now, the first in line first.

    Who stands in a queue for it asked before: it is free for the waiting list only when nobody else asks for it.
    """
    return _line(Occurrence.from_epoch >= epoch(soonest_offer(now)), _has_free_room(epoch(now)))


def _has_free_room(now_epoch: Any) -> ColumnElement[bool]:
    in_the_way = (
        select(Occupancy.id)
        .join(RoomSpace, RoomSpace.space_id == Occupancy.space_id)
        .where(
            RoomSpace.room_id == Occurrence.room_id,
            or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch),
            Occupancy.from_epoch < TAKEN_TO,
            Occupancy.from_epoch > TAKEN_FROM - LONGEST_TAKEN,
            Occupancy.to_epoch > TAKEN_FROM,
        )
    )
    return ~exists(in_the_way)


def is_waited_for(dates: Sequence[Occurrence], now: datetime) -> bool:
    """Has what one of these dates would take come free for somebody in line, who can still be offered it?

    Who waits for more than has come free, or for what begins too soon to be offered, stops nobody.
    """
    given = {
        "soonest": epoch(soonest_offer(now)),
        "latest": max((date.taken_to for date in dates), default=0) + LONGEST_TAKEN,
        "now_epoch": epoch(now),
    }
    waiting = db.session.execute(_offerable(), given).all()
    if not waiting:
        return False
    spaces = occupancy.spaces_of_rooms({date.room_id for date in dates})
    return any(
        space_id in spaces[date.room_id] and starts < date.taken_to and date.taken_from < ends
        for space_id, starts, ends, request_id in waiting
        for date in dates
        if request_id != date.request_id
    )


@cache
def _offerable() -> Select[Any]:
    """What has come free for somebody in line. Written once: it is asked while nobody else can write."""
    return (
        select(RoomSpace.space_id, TAKEN_FROM, TAKEN_TO, Occurrence.request_id)
        .join(Occurrence, Occurrence.room_id == RoomSpace.room_id)
        .where(
            Occurrence.status == Status.WAITING,
            Occurrence.from_epoch >= bindparam("soonest"),
            Occurrence.from_epoch < bindparam("latest"),
            _has_free_room(bindparam("now_epoch")),
        )
    )


def place_of(request: Request) -> int:
    """Where a request stands in its line, 1 for the first; 0 for what does not wait."""
    if request.status is not Status.WAITING:
        return 0
    line = line_for(request.first)
    return line.index(request.code) + 1 if request.code in line else 0


def line_for(date: Occurrence) -> list[str]:
    """Codes of those who wait for what would fill this moment too, the first in line first.

    That is every room that shares a space with this one, set-up and clean-up included.
    """
    overlap = and_(
        Occurrence.room_id.in_(rooms_that_share(date.room_id)),
        date.taken_to > TAKEN_FROM,
        date.taken_from < TAKEN_TO,
    )
    return [one.code for one in _line(overlap)]
