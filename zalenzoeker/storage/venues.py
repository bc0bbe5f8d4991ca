"""Places, for the map, the list and their own page."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Neighbourhood, Room, Venue


def all_with_rooms() -> Sequence[Venue]:
    """Every place with its neighbourhood, rooms, their facilities, and what the houses told; by neighbourhood."""
    query = (
        select(Venue)
        .join(Venue.neighbourhood)
        .options(
            contains_eager(Venue.neighbourhood),
            selectinload(Venue.rooms).selectinload(Room.facilities),
            selectinload(Venue.facts),
        )
        .order_by(Neighbourhood.name, Venue.name)
    )
    return db.session.scalars(query).all()


def by_slug(slug: str) -> Venue | None:
    """One place with its neighbourhood, rooms, their facilities, and what the house told."""
    query = (
        select(Venue)
        .join(Venue.neighbourhood)
        .options(
            contains_eager(Venue.neighbourhood),
            selectinload(Venue.rooms).selectinload(Room.facilities),
            selectinload(Venue.facts),
        )
        .where(Venue.slug == slug)
    )
    return db.session.scalar(query)
