"""Desks, their members, and the lines that route a request to them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import selectinload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Desk, DeskMember, Duty, DutyRota, Request, RoutingLine, Venue
from zalenzoeker.storage.models.desks import CITY_DESK


def by_slug(slug: str) -> Desk | None:
    return db.session.scalar(select(Desk).where(Desk.slug == slug).options(selectinload(Desk.members)))


def by_id(desk_id: int) -> Desk | None:
    return db.session.scalar(select(Desk).where(Desk.id == desk_id).options(selectinload(Desk.members)))


def to_write_to(desk_id: int) -> Desk | None:
    """A desk as a letter needs it: its members only where it has no address of its own."""
    desk = db.session.get(Desk, desk_id)
    return desk if desk is None or desk.email else by_id(desk_id)


def by_ids(desk_ids: Collection[int]) -> Sequence[Desk]:
    return db.session.scalars(select(Desk).where(Desk.id.in_(desk_ids)).order_by(Desk.name)).all()


def all_desks() -> Sequence[Desk]:
    return db.session.scalars(select(Desk).order_by(Desk.name)).all()


def city_id() -> int | None:
    """The city desk, which steps in where a place has no desk of its own."""
    return db.session.scalar(select(Desk.id).where(Desk.slug == CITY_DESK))


def of_venue(venue_id: int) -> Desk | None:
    """The desk that decides for a place as a rule: of its first line without conditions, else the city desk."""
    query = (
        select(Desk, RoutingLine)
        .join(RoutingLine, RoutingLine.desk_id == Desk.id)
        .where(RoutingLine.venue_id == venue_id)
        .order_by(RoutingLine.position, RoutingLine.id)
    )
    for desk, line in db.session.execute(query):
        if not line.line.has_conditions:
            return desk
    return db.session.scalar(select(Desk).where(Desk.slug == CITY_DESK))


def ids_of_venue(venue_id: int) -> set[int]:
    """The desks that decide for a place, whatever the conditions."""
    return set(db.session.scalars(select(RoutingLine.desk_id).where(RoutingLine.venue_id == venue_id)))


def keepers_of_venue(venue_id: int) -> set[int]:
    """The desks that keep a place: who only decides about one room, some hours or some requests does not.

    Rules, closures and lines of routing are about the whole house, and its rooms share spaces.
    """
    lines = db.session.scalars(select(RoutingLine).where(RoutingLine.venue_id == venue_id))
    return {one.desk_id for one in lines if not one.line.has_conditions}


def houses_of(desk_ids: Collection[int], *, is_city: bool) -> Sequence[Venue]:
    """The places these desks keep, by name; all that have a desk for the city desk."""
    lines = select(RoutingLine).where(RoutingLine.venue_id.is_not(None))
    if not is_city:
        lines = lines.where(RoutingLine.desk_id.in_(desk_ids))
    kept = {one.venue_id for one in db.session.scalars(lines) if not one.line.has_conditions}
    return db.session.scalars(select(Venue).where(Venue.id.in_(kept)).order_by(Venue.name)).all()


def city() -> Desk | None:
    """The city desk with its members; None before the register was imported."""
    return by_slug(CITY_DESK)


def unreachable() -> Sequence[Desk]:
    """Desks that decide about something but have no member and no address: a letter to them reaches nobody."""
    decides = or_(Desk.slug == CITY_DESK, Desk.id.in_(select(RoutingLine.desk_id)))
    query = select(Desk).where(decides, Desk.email == "", ~Desk.members.any()).order_by(Desk.name)
    return db.session.scalars(query).all()


def member_ids(desk_id: int) -> set[int]:
    return set(db.session.scalars(select(DeskMember.account_id).where(DeskMember.desk_id == desk_id)))


def is_member(desk_id: int, account_id: int) -> bool:
    query = select(DeskMember.desk_id).where(DeskMember.desk_id == desk_id, DeskMember.account_id == account_id)
    return db.session.scalar(query) is not None


def locked(slug: str) -> Desk | None:
    """A desk with its members as they are now; nobody else changes them until the write unit ends."""
    # Not against who writes something that refers to the desk: they have a request already, which is wanted here next.
    query = select(Desk).where(Desk.slug == slug).options(selectinload(Desk.members)).with_for_update(key_share=True)
    return db.session.scalar(query.execution_options(populate_existing=True))


def memberships(desk_id: int) -> Sequence[tuple[Account, datetime]]:
    """Who belongs to a desk and since when, in the order in which they came."""
    query = (
        select(Account, DeskMember.since)
        .join(DeskMember, DeskMember.account_id == Account.id)
        .where(DeskMember.desk_id == desk_id)
        .order_by(DeskMember.since, Account.id)
    )
    return [(account, since) for account, since in db.session.execute(query)]


def runs(desk_id: int, account_id: int | None) -> bool:
    """Whether somebody belongs to a desk, or to the city desk, at this very moment."""
    query = select(DeskMember.desk_id).join(Desk, Desk.id == DeskMember.desk_id)
    query = query.where(DeskMember.account_id == account_id, or_(Desk.id == desk_id, Desk.slug == CITY_DESK))
    return db.session.scalar(query.limit(1)) is not None


def end_membership(desk_id: int, account_ids: Collection[int]) -> None:
    """These people belong to the desk no longer, look after none of its requests, and are never on duty again."""
    left = DeskMember.account_id.in_(account_ids)
    db.session.execute(delete(DeskMember).where(DeskMember.desk_id == desk_id, left))
    handled = update(Request).where(Request.desk_id == desk_id, Request.handler_id.in_(account_ids))
    db.session.execute(handled.values(handler_id=None), execution_options={"synchronize_session": False})
    for of_duty in (Duty, DutyRota):
        turns = delete(of_duty).where(of_duty.desk_id == desk_id, of_duty.account_id.in_(account_ids))
        db.session.execute(turns, execution_options={"synchronize_session": False})
