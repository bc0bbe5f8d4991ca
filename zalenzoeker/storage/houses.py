"""What a house keeps itself: its rooms by name and its lines of rules."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Desk, Room, RoutingLine, RuleLine, Venue
from zalenzoeker.storage.models.desks import CITY_DESK


def venue(slug: str) -> Venue | None:
    return db.session.scalar(select(Venue).where(Venue.slug == slug))


def room_id(venue_id: int, slug: str) -> int | None:
    return db.session.scalar(select(Room.id).where(Room.venue_id == venue_id, Room.slug == slug))


def room_names(venue_id: int) -> dict[int, str]:
    """The names of the rooms of a place, by their ids."""
    return dict(iter(db.session.execute(select(Room.id, Room.name).where(Room.venue_id == venue_id))))


def rooms_of(venue_id: int) -> Sequence[Room]:
    return db.session.scalars(select(Room).where(Room.venue_id == venue_id).order_by(Room.name)).all()


def rule_line(venue_id: int, room_id: int | None, name: RuleName) -> RuleLine | None:
    """The line in which a house says a rule itself, for all or for one of its rooms; the oldest where there are two."""
    query = select(RuleLine).where(RuleLine.venue_id == venue_id, RuleLine.name == name, RuleLine.is_own)
    same_room = RuleLine.room_id.is_(None) if room_id is None else RuleLine.room_id == room_id
    return db.session.scalars(query.where(same_room).order_by(RuleLine.id).limit(1)).one_or_none()


def rule_lines(venue_id: int) -> Sequence[RuleLine]:
    """Every line that speaks of a place, of the city, the place, its rooms; what the house says itself comes last."""
    query = select(RuleLine).where(or_(RuleLine.venue_id.is_(None), RuleLine.venue_id == venue_id))
    return db.session.scalars(query.order_by(RuleLine.is_own, RuleLine.id)).all()


def is_of_demonstration(venue_id: int) -> bool:
    """Whether only the demonstration's people decide for a place, so that what they keep goes when they go."""
    # The city desk is nobody's demonstration, and may decide some hours of any house.
    query = select(Desk.is_demo).join(RoutingLine, RoutingLine.desk_id == Desk.id).where(Desk.slug != CITY_DESK)
    found = list(db.session.scalars(query.where(RoutingLine.venue_id == venue_id)))
    return bool(found) and all(found)
