"""Requests: by address, by form, of a person, of a desk, and the dates a feed shows."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from zalenzoeker.domain.requests import AWAITS_PROOF, WAITS_FOR_THE_DESK, Status
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Event, Occurrence, Request, Room, Venue
from zalenzoeker.storage.rooms import rooms_that_share

# Without letters and digits that are read for one another on paper or by telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str) -> str:
    """A short label such as DR-7K4M; it opens nothing."""
    return f"{prefix}-{''.join(secrets.choice(REFERENCE_LETTERS) for _ in range(4))}"


def is_reference_free(reference: str) -> bool:
    return db.session.scalar(select(Request.id).where(Request.reference == reference)) is None


def _whole(query: Select[tuple[Request]]) -> Select[tuple[Request]]:
    """A request with its dates, their rooms and places, its desk and timeline."""
    return query.options(
        selectinload(Request.occurrences)
        .joinedload(Occurrence.room)
        .joinedload(Room.venue)
        .options(joinedload(Venue.neighbourhood), selectinload(Venue.facts)),
        selectinload(Request.events).options(joinedload(Event.account), joinedload(Event.desk)),
        joinedload(Request.desk),
        joinedload(Request.association),
        joinedload(Request.account),
    )


def by_code(code: str) -> Request | None:
    """A request with all that its page shows."""
    return db.session.scalar(_whole(select(Request)).where(Request.code == code))


def for_change(code: str) -> Request | None:
    """The same, read anew and locked until the write unit ends, so that two deciders come one after the other."""
    query = _whole(select(Request)).where(Request.code == code).with_for_update(of=Request)
    return db.session.scalar(query.execution_options(populate_existing=True))


class FormAnswer(NamedTuple):
    """What became of one post of a form."""

    code: str
    form_hash: str
    status: Status
    occurrence_id: int


def by_form(form_key: str) -> list[FormAnswer]:
    """What came of the posts of one form, newest first."""
    query = select(Request.code, Request.form_hash, Request.status, Occurrence.id).join(Occurrence)
    rows = db.session.execute(query.where(Request.form_key == form_key).order_by(Request.id.desc()))
    return [FormAnswer(*row) for row in rows]


def unproved_of_browser(browser_hash: str, email: str, since: datetime) -> list[str]:
    """Codes of the requests made since a moment that wait for this address to be proved in this browser."""
    query = select(Request.code).where(
        Request.browser_hash == browser_hash,
        Request.contact_email == email,
        Request.status.in_(AWAITS_PROOF),
        Request.created_at > since,
    )
    return list(db.session.scalars(query.order_by(Request.id)))


def open_count(account_id: int | None) -> int:
    """How many requests of this person wait for an answer."""
    mine = (Request.account_id == account_id, Request.status.in_(WAITS_FOR_THE_DESK))
    query = select(func.count()).select_from(Request).where(*mine)
    return db.session.scalar(query) or 0


def unproved_count_of_room(room_id: int, since: datetime) -> int:
    """How many unproved requests hold this room now, so that a stranger cannot block a hall."""
    query = (
        select(func.count())
        .select_from(Request)
        .join(Occurrence)
        .where(Occurrence.room_id == room_id, Request.status == Status.UNPROVED, Request.created_at > since)
    )
    return db.session.scalar(query) or 0


def _listed() -> Select[tuple[Request]]:
    return (
        select(Request)
        .join(Request.occurrences)
        .join(Occurrence.room)
        .join(Room.venue)
        .options(
            contains_eager(Request.occurrences).contains_eager(Occurrence.room).contains_eager(Room.venue),
            joinedload(Request.desk),
        )
    )


def waiting_for(desk_ids: Collection[int], *, is_city: bool = False) -> Sequence[Request]:
    """What waits for these desks, nearest deadline first; the city desk sees all."""
    query = _listed().where(Request.status.in_(WAITS_FOR_THE_DESK))
    query = query.where(_of_desks(desk_ids, is_city=is_city)).order_by(Request.answer_by, Request.id)
    return db.session.scalars(query).unique().all()


def waiting_count(desk_ids: Collection[int], *, is_city: bool = False) -> int:
    query = select(func.count()).select_from(Request).where(Request.status.in_(WAITS_FOR_THE_DESK))
    return db.session.scalar(query.where(_of_desks(desk_ids, is_city=is_city))) or 0


def coming_at(desk_ids: Collection[int], *, is_city: bool = False, after: int, limit: int = 50) -> Sequence[Request]:
    """The bookings of these desks that are still to come, the nearest first."""
    query = (
        _listed()
        .where(Request.status == Status.APPROVED, Occurrence.to_epoch > after)
        .where(_of_desks(desk_ids, is_city=is_city))
        .order_by(Occurrence.from_epoch)
        .limit(limit)
    )
    return db.session.scalars(query).unique().all()


def _of_desks(desk_ids: Collection[int], *, is_city: bool) -> ColumnElement[bool]:
    return Request.desk_id.is_not(None) if is_city else Request.desk_id.in_(desk_ids)


def of_person(account_id: int, association_ids: Collection[int]) -> Sequence[Request]:
    """Everything a person or their associations asked, the next date first; forms never proved are left out."""
    query = (
        _listed()
        .where(or_(Request.account_id == account_id, Request.association_id.in_(association_ids)))
        .where(Request.asked_at.is_not(None))
        .order_by(Occurrence.from_epoch.desc(), Request.id)
    )
    return db.session.scalars(query).unique().all()


def history(request: Request) -> int:
    """How many bookings this asker had in this place before."""
    query = (
        select(func.count())
        .select_from(Request)
        .join(Occurrence)
        .join(Room)
        .where(
            Room.venue_id == request.first.room.venue_id, Request.status == Status.APPROVED, Request.id != request.id
        )
        .where(
            or_(
                Request.contact_email == request.contact_email,
                and_(Request.association_id.is_not(None), Request.association_id == request.association_id),
            )
        )
    )
    return db.session.scalar(query) or 0


def lapsed(before: datetime) -> list[str]:
    """Codes of unproved requests older than this moment."""
    query = select(Request.code).where(Request.status == Status.UNPROVED, Request.created_at <= before)
    return list(db.session.scalars(query.order_by(Request.id)))


def unanswered(from_epoch: int) -> list[str]:
    """Codes of requests that still wait for an answer although their moment has begun."""
    query = (
        select(Request.code)
        .join(Occurrence)
        .where(Request.status == Status.REQUESTED, Occurrence.from_epoch <= from_epoch)
    )
    return list(db.session.scalars(query.order_by(Request.id)))


def in_feed_of(room_id: int, from_epoch: int, to_epoch: int, cancelled_since: datetime) -> Sequence[Occurrence]:
    """The confirmed dates of a room between two moments, and those that were confirmed and fell away since a moment."""
    fell_away = and_(
        Occurrence.was_confirmed,
        Request.status.in_((Status.CANCELLED, Status.WITHDRAWN)),
        Occurrence.changed_at > cancelled_since,
    )
    query = (
        select(Occurrence)
        .join(Occurrence.request)
        .options(contains_eager(Occurrence.request))
        .where(Occurrence.room_id.in_(rooms_that_share(room_id)))
        .where(Occurrence.to_epoch > from_epoch, Occurrence.from_epoch < to_epoch)
        .where(or_(Request.status == Status.APPROVED, fell_away))
        .order_by(Occurrence.from_epoch, Occurrence.id)
    )
    return db.session.scalars(query).all()
