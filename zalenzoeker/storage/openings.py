"""The hours that a house gives for all its rooms and for each of them, and who was promised a room meanwhile."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from zalenzoeker.domain.hours import Week
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occurrence, Opening, Request, Venue

Days = dict[int, list[tuple[int, int]]]


def week_of(venue_id: int, room_id: int | None) -> Days:
    """The hours of a house, or of one of its rooms where those are its own, by weekday; empty days are left out."""
    query = select(Opening.weekday, Opening.from_minute, Opening.to_minute).where(Opening.venue_id == venue_id)
    query = query.where(Opening.room_id.is_(None) if room_id is None else Opening.room_id == room_id)
    week: Days = {}
    for weekday, starts, ends in db.session.execute(query.order_by(Opening.weekday, Opening.from_minute)):
        week.setdefault(weekday, []).append((starts, ends))
    return week


def rooms_with_own_hours(venue_id: int) -> set[int]:
    query = select(Opening.room_id).where(Opening.venue_id == venue_id, Opening.room_id.is_not(None))
    return {room_id for room_id in db.session.scalars(query.distinct()) if room_id is not None}


def lock(venue_id: int) -> None:
    """Wait for everybody else who changes what this house says of itself, until the write unit ends."""
    db.session.execute(select(Venue.id).where(Venue.id == venue_id).with_for_update())


def replace(venue_id: int, room_id: int | None, week: Week, *, is_demo: bool) -> None:
    """These are the hours from now on, and no others."""
    old = Opening.room_id.is_(None) if room_id is None else Opening.room_id == room_id
    db.session.execute(delete(Opening).where(Opening.venue_id == venue_id, old))
    db.session.add_all(
        Opening(
            venue_id=venue_id,
            room_id=room_id,
            weekday=weekday,
            from_minute=starts,
            to_minute=ends,
            is_demo=is_demo,
        )
        for weekday, periods in week.items()
        for starts, ends in periods
    )


def promised(room_ids: Collection[int], now_epoch: int) -> Sequence[Occurrence]:
    """The dates to come that were promised in these rooms, with their requests, in their order."""
    query = (
        select(Occurrence)
        .join(Occurrence.request)
        .options(contains_eager(Occurrence.request).load_only(Request.code, Request.activity))
        .where(
            Occurrence.room_id.in_(room_ids),
            Occurrence.status == Status.APPROVED,
            Occurrence.from_epoch > now_epoch,
        )
        .order_by(Occurrence.from_epoch, Occurrence.id)
    )
    return db.session.scalars(query).all()
