"""The lines that say which desk decides: those of a house, who may stand in them, and where a request goes."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from zalenzoeker.domain.desk_choice import Seat, nearby
from zalenzoeker.domain.routing import Asked, Route, route
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.db import db
from zalenzoeker.storage.desks import ids_of_venue
from zalenzoeker.storage.models import Desk, Neighbourhood, Room, RoutingLine, Venue
from zalenzoeker.storage.models.desks import CITY_DESK, DeskKind


def chosen(asked: Asked) -> Route:
    """Where a request goes as the table stands now, be it a real one or one that somebody tries out."""
    city = cities.city()
    assert city.city_desk_id, "the register's import makes the city desk"
    return route(asked, city.routing, Route(city.city_desk_id, DeskKind.CITY))


def lock(venue_slug: str) -> None:
    """Wait for everybody else who changes the lines of this place, until the write unit ends."""
    db.session.execute(select(Venue.id).where(Venue.slug == venue_slug).with_for_update())


def lines_for(venue_id: int) -> Sequence[RoutingLine]:
    """Every line that can say something of a place, in its order, each with its desk; also those of the whole city."""
    rooms = select(Room.id).where(Room.venue_id == venue_id)
    everywhere = RoutingLine.venue_id.is_(None) & RoutingLine.room_id.is_(None)
    query = (
        select(RoutingLine)
        .where(or_(RoutingLine.venue_id == venue_id, RoutingLine.room_id.in_(rooms), everywhere))
        .options(joinedload(RoutingLine.desk))
        .order_by(RoutingLine.position, RoutingLine.id)
    )
    return db.session.scalars(query).all()


def is_of_city(row: RoutingLine) -> bool:
    """Whether a line is of no place: the city's own, which no house can change."""
    return row.venue_id is None and row.room_id is None


def of_the_rest(rows: Iterable[RoutingLine]) -> RoutingLine | None:
    """The line of a house that takes what no other one takes: its first without conditions."""
    return next((row for row in rows if row.venue_id is not None and not row.line.has_conditions), None)


def version_of(rows: Iterable[RoutingLine]) -> str:
    """What the lines of a house say and in which order, as a short mark: another one when anything of it changed."""
    said = [(row.code, *astuple(row.line.conditions), row.desk_id, row.reason) for row in rows if not is_of_city(row)]
    return hashlib.sha256(repr([(*map(_plain, one),) for one in said]).encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    """A set is written in any order; a mark needs one."""
    return sorted(value) if isinstance(value, frozenset) else value


def desks_for(venue_id: int, *, is_city: bool) -> list[Desk]:
    """Who may stand in the lines of a place: its own desks, the community workers nearby, the city desk.

    The city desk may choose any desk. Its own come first, then by name, the city desk last.
    """
    own = ids_of_venue(venue_id)
    query = select(Desk).order_by(Desk.name, Desk.id)
    if not is_city:
        query = query.where(or_(Desk.id.in_(own | _nearby(venue_id)), Desk.slug == CITY_DESK))
    return sorted(db.session.scalars(query), key=lambda desk: (desk.slug == CITY_DESK, desk.id not in own))


def _nearby(venue_id: int) -> set[int]:
    """The desks of community workers in the neighbourhood of a place, or nearest to it."""
    at = select(Venue, Neighbourhood).join(Neighbourhood, Venue.neighbourhood_id == Neighbourhood.id)
    here = db.session.execute(at.where(Venue.id == venue_id)).one()
    query = (
        select(RoutingLine, Venue, Neighbourhood)
        .join(Desk, RoutingLine.desk_id == Desk.id)
        .join(Venue, RoutingLine.venue_id == Venue.id)
        .join(Neighbourhood, Venue.neighbourhood_id == Neighbourhood.id)
        .where(Desk.kind == DeskKind.COMMUNITY_WORKERS)
    )
    # A desk that only has some hours of a house does not work there, so that no house draws it ever further away.
    seats = [
        Seat(line.desk_id, venue.neighbourhood_id, _point(venue, neighbourhood))
        for line, venue, neighbourhood in db.session.execute(query)
        if not line.line.has_conditions
    ]
    return nearby(here[0].neighbourhood_id, _point(*here), seats)


def _point(venue: Venue, neighbourhood: Neighbourhood) -> tuple[float, float]:
    """The point of a place, or the middle of its neighbourhood where none is known."""
    if venue.lat is None or venue.lon is None:
        return neighbourhood.lat, neighbourhood.lon
    return venue.lat, venue.lon
