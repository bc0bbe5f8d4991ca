"""The register's rows in the database: found by their slugs, written, and taken away where nothing refers to them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Select, delete, exists, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage.db import Base, db
from zalenzoeker.storage.models import (
    Change,
    Closure,
    Desk,
    Diary,
    Facility,
    HouseFact,
    HouseText,
    Neighbourhood,
    Occupancy,
    Occurrence,
    Opening,
    OwnProgramme,
    ProgrammeGone,
    Room,
    RoomFacility,
    RoomSpace,
    RoutingLine,
    RuleLine,
    Space,
    Trust,
    Venue,
)
from zalenzoeker.storage.models.desks import CITY_DESK, DeskKind
from zalenzoeker.storage.models.rooms import FACILITY, NO_FACILITY

Row = TypeVar("Row", bound=Base)
Named = TypeVar("Named", Neighbourhood, Facility, Venue)

# What people, houses and the demonstration hang on a room or a place. What is missing here is the register's own.
HANGS_ON_ROOM: tuple[InstrumentedAttribute[Any], ...] = (
    Occurrence.room_id,
    OwnProgramme.room_id,
    ProgrammeGone.room_id,
    Closure.room_id,
    Diary.room_id,
    HouseFact.room_id,
    HouseText.room_id,
    Opening.room_id,
    RoutingLine.room_id,
)
HANGS_ON_VENUE: tuple[InstrumentedAttribute[Any], ...] = (
    Room.venue_id,
    HouseFact.venue_id,
    HouseText.venue_id,
    Change.venue_id,
    Opening.venue_id,
    RoutingLine.venue_id,
    Trust.venue_id,
)


def by_slug(table: type[Named]) -> dict[str, Named]:
    """All rows of a table whose slug is unique."""
    return {row.slug: row for row in db.session.scalars(select(table).order_by(table.id))}


def neighbourhood_names() -> dict[str, str]:
    """The name of each neighbourhood by its slug."""
    return {row.slug: row.name for row in db.session.scalars(select(Neighbourhood))}


def rooms() -> dict[tuple[str, str], Room]:
    """All rooms by the slugs of their place and of themselves."""
    found = db.session.execute(select(Venue.slug, Room).join(Venue, Room.venue_id == Venue.id).order_by(Room.id))
    return {(venue, room.slug): room for venue, room in found}


def rules() -> dict[tuple[str, str, RuleName], RuleLine]:
    """The register's rule lines by the slugs of their place and room, empty where a line holds for more."""
    found = db.session.execute(
        select(Venue.slug, Room.slug, RuleLine)
        .select_from(RuleLine)
        .outerjoin(Venue, RuleLine.venue_id == Venue.id)
        .outerjoin(Room, RuleLine.room_id == Room.id)
        .where(RuleLine.is_demo.is_(False), RuleLine.is_own.is_(False))
        .order_by(RuleLine.id)
    )
    return {(venue or "", room or "", line.name): line for venue, room, line in found}


def facilities_of_rooms() -> dict[int, set[int]]:
    """The ids of the facilities of each room, by the id of the room."""
    return _grouped(select(RoomFacility.room_id, RoomFacility.facility_id))


def spaces_of_rooms() -> dict[int, set[int]]:
    """The ids of the spaces that each room takes, by the id of the room."""
    return _grouped(select(RoomSpace.room_id, RoomSpace.space_id))


def add(row: Row) -> Row:
    """Write a new row at once, so that it has its id."""
    db.session.add(row)
    db.session.flush()
    return row


def set_facilities(room_id: int, facility_ids: Iterable[int]) -> None:
    """The facilities of a room are these and no others."""
    db.session.execute(delete(RoomFacility).where(RoomFacility.room_id == room_id))
    lines = [{"room_id": room_id, "facility_id": facility_id} for facility_id in sorted(facility_ids)]
    if lines:
        db.session.execute(insert(RoomFacility), lines)


def add_spaces(room_id: int, space_ids: Iterable[int]) -> None:
    """The room takes these spaces too."""
    db.session.execute(
        insert(RoomSpace), [{"room_id": room_id, "space_id": space_id} for space_id in sorted(space_ids)]
    )


def remove_demo_rule(venue_id: int | None, room_id: int | None, name: RuleName) -> None:
    """Make room for the register's own line; a demonstration line cannot stand beside it."""
    same = RuleLine.venue_id.is_not_distinct_from(venue_id) & RuleLine.room_id.is_not_distinct_from(room_id)
    is_demo = RuleLine.is_demo.is_(True) & RuleLine.is_own.is_(False)
    db.session.execute(delete(RuleLine).where(same, RuleLine.name == name, is_demo))


def remove_rule(line: RuleLine) -> None:
    db.session.delete(line)
    db.session.flush()


def remove_room(room: Room) -> bool:
    """Take a room away with its own spaces. False: something refers to it, and it stays."""
    spaces = set(db.session.scalars(select(RoomSpace.space_id).where(RoomSpace.room_id == room.id)))
    others = set(db.session.scalars(select(RoomSpace.space_id).where(RoomSpace.room_id != room.id)))
    own = spaces - others
    if _is_any(HANGS_ON_ROOM, room.id) or _is_there(_told_rules(RuleLine.room_id, room.id)):
        return False
    if _is_there(select(Occupancy.id).where(Occupancy.space_id.in_(own))):
        return False
    _remove(Room, room.id)
    db.session.execute(delete(Space).where(Space.id.in_(own)))
    return True


def remove_venue(venue: Venue) -> bool:
    """Take a place away. False: something refers to it, and it stays."""
    if _is_any(HANGS_ON_VENUE, venue.id) or _is_there(_told_rules(RuleLine.venue_id, venue.id)):
        return False
    if _is_there(select(Occupancy.id).join(Space, Occupancy.space_id == Space.id).where(Space.venue_id == venue.id)):
        return False
    _remove(Venue, venue.id)
    return True


def remove_facility(facility: Facility) -> bool:
    """Take a facility away. False: a room or a house still names it, and it stays."""
    named = select(HouseFact.id).where(HouseFact.name.in_((FACILITY, NO_FACILITY)), HouseFact.value == facility.slug)
    if _is_any((RoomFacility.facility_id,), facility.id) or _is_there(named):
        return False
    _remove(Facility, facility.id)
    return True


def remove_neighbourhood(neighbourhood: Neighbourhood) -> bool:
    """Take a neighbourhood away. False: a place still lies in it, and it stays."""
    if _is_any((Venue.neighbourhood_id,), neighbourhood.id):
        return False
    _remove(Neighbourhood, neighbourhood.id)
    return True


def make_sure_of_city_desk(name: str) -> bool:
    """Whether the city desk had to be made. It has no address: letters go to its members."""
    if _is_there(select(Desk.id).where(Desk.slug == CITY_DESK)):
        return False
    add(Desk(slug=CITY_DESK, name=name, kind=DeskKind.CITY))
    return True


def _grouped(query: Select[int, int]) -> dict[int, set[int]]:
    groups: dict[int, set[int]] = {}
    for one, other in db.session.execute(query):
        groups.setdefault(one, set()).add(other)
    return groups


def _told_rules(column: InstrumentedAttribute[Any], key: int) -> Select[int]:
    """The rules that the house says itself, or the demonstration for it."""
    return select(RuleLine.id).where(column == key, or_(RuleLine.is_demo.is_(True), RuleLine.is_own.is_(True)))


def _is_any(columns: Iterable[InstrumentedAttribute[Any]], key: int) -> bool:
    return any(_is_there(select(column).where(column == key)) for column in columns)


def _is_there(query: Select[Any]) -> bool:
    return bool(db.session.scalar(select(exists(query))))


def _remove(table: type[Any], key: int) -> None:
    # By a statement and not through the session: the database takes what belongs to the row along (ON DELETE CASCADE).
    db.session.execute(delete(table).where(table.id == key))
