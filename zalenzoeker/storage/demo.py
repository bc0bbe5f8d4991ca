"""The demonstration's rows: find them, mark them, remove them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Account,
    Activity,
    Association,
    Change,
    Closure,
    Desk,
    HouseFact,
    HouseText,
    Letter,
    Opening,
    OwnProgramme,
    Request,
    Room,
    RoomSpace,
    RoutingLine,
    RuleLine,
    SignInCode,
    Trust,
)
from zalenzoeker.storage.rooms import by_id


def rooms_with_own_programme() -> list[Room]:
    """The rooms of the demonstration, in a fixed order."""
    query = select(OwnProgramme.room_id).where(OwnProgramme.is_demo).distinct().order_by(OwnProgramme.room_id)
    return [room for room_id in db.session.scalars(query) if (room := by_id(room_id))]


def join_spaces(hall_id: int, part_ids: Sequence[int]) -> None:
    """A hall that takes the spaces of these rooms as well as its own."""
    spaces = db.session.scalars(select(RoomSpace.space_id).where(RoomSpace.room_id.in_(part_ids)))
    db.session.add_all(RoomSpace(room_id=hall_id, space_id=space_id, is_demo=True) for space_id in set(spaces))


def trust(venue_id: int, association: str, now: datetime) -> None:
    """A group of the demonstration that this house trusts."""
    query = select(Association.id).where(Association.is_demo, Association.name == association)
    db.session.add_all(Trust(venue_id=venue_id, association_id=one, since=now) for one in db.session.scalars(query))


def activities() -> Sequence[Activity]:
    """The activities of the demonstration, to be changed inside a write unit."""
    return db.session.scalars(select(Activity).where(Activity.is_demo).order_by(Activity.id)).all()


def mark(code: str) -> None:
    """A request of the demonstration, with its activity."""
    which = select(Request.id).where(Request.code == code)
    db.session.execute(update(Request).where(Request.code == code).values(is_demo=True))
    db.session.execute(update(Activity).where(Activity.request_id.in_(which)).values(is_demo=True))


def purge() -> None:
    """Remove the demonstration's rows, and every request that lies at one of its desks."""
    demo_desks = select(Desk.id).where(Desk.is_demo)
    demo_people = select(Account.id).where(Account.is_demo)
    requests: Sequence[int] = db.session.scalars(
        select(Request.id).where(
            or_(Request.is_demo, Request.desk_id.in_(demo_desks), Request.account_id.in_(demo_people))
        )
    ).all()
    for request_id in requests:
        db.session.execute(delete(Letter).where(Letter.request_id == request_id))
        db.session.execute(delete(Request).where(Request.id == request_id))
    emails = select(Account.email).where(Account.is_demo)
    db.session.execute(delete(Letter).where(Letter.recipient.in_(emails)))
    db.session.execute(delete(SignInCode).where(SignInCode.email.in_(emails)))
    told = (Closure, OwnProgramme, Opening, HouseFact, HouseText, Change, RuleLine, RoutingLine, RoomSpace)
    for table in (*told, Desk, Association, Account):
        db.session.execute(delete(table).where(table.is_demo))
