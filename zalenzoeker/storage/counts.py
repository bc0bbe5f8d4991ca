"""How much somebody has asked already: requests that wait, hours in a week, forms nobody proved."""

from collections.abc import Collection, Iterable
from datetime import datetime, time
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, WAITS_FOR_THE_DESK, Status
from zalenzoeker.domain.slots import Week
from zalenzoeker.storage.db import db, is_sqlite
from zalenzoeker.storage.models import Occurrence, Request, Room

# Two numbers: these locks never meet those of the spaces, which have one; 1 is of the limits.
LOCKS_OF_PEOPLE, LOCKS_OF_ASSOCIATIONS = 2, 3


def lock_asker(account_id: int | None, association_id: int | None) -> None:
    """Wait for others who ask in this association's name, or else for this person, until the write unit ends."""
    if not is_sqlite():
        kind = LOCKS_OF_PEOPLE if association_id is None else LOCKS_OF_ASSOCIATIONS
        db.session.execute(select(func.pg_advisory_xact_lock(kind, association_id or account_id or 0)))


def open_count(account_id: int | None, association_id: int | None = None) -> int:
    """How many requests of this association, or of this person for themselves, wait for an answer."""
    given = {"account_id": account_id, "association_id": association_id}
    return db.session.scalar(_open_count(is_of_group=association_id is not None), given) or 0


@cache
def _open_count(*, is_of_group: bool) -> Select[tuple[int]]:
    """Asked twice for every form that is sent, once while nobody else can write: written once."""
    return select(func.count()).select_from(Request).where(_is_open(is_of_group=is_of_group))


def _is_open(*, is_of_group: bool) -> ColumnElement[bool]:
    of_group = Request.association_id == bindparam("association_id", type_=Integer)
    of_person = and_(Request.account_id == bindparam("account_id", type_=Integer), Request.association_id.is_(None))
    is_open = Request.status.in_(WAITS_FOR_THE_DESK | ON_THE_WAITING_LIST)
    return and_(of_group if is_of_group else of_person, is_open)


def week_minutes(
    association_id: int, venue_ids: Collection[int], first: Week, last: Week, *, without: Collection[int] = ()
) -> dict[tuple[int, Week], int]:
    """The minutes an association asked for or has, per place and ISO week, from one week to another.

    ``without``: ids of dates that are left out of account.
    """
    return _per_week(db.session.execute(_in_weeks(association_id, venue_ids, first, last, without)))


def open_count_and_week_minutes(
    account_id: int | None, association_id: int | None, venue_ids: Collection[int], first: Week, last: Week
) -> tuple[int, dict[tuple[int, Week], int]]:
    """What ``open_count`` and ``week_minutes`` tell, in one statement: it is asked while nobody else can write."""
    no_place, no_time = literal(0), cast(null(), DateTime())
    count = select(no_place, no_time, func.count(), literal(0)).select_from(Request)
    counted = count.where(_is_open(is_of_group=association_id is not None))
    given = {"account_id": account_id, "association_id": association_id}
    rows = db.session.execute(union_all(counted, _in_weeks(association_id, venue_ids, first, last)), given).all()
    open_requests = sum(number for venue_id, _starts, number, _end in rows if not venue_id)
    return open_requests, _per_week(row for row in rows if row[0])


def _in_weeks(
    association_id: int | None, venue_ids: Collection[int], first: Week, last: Week, without: Collection[int] = ()
) -> Select[tuple[int, datetime, int, int]]:
    return (
        select(Room.venue_id, Occurrence.starts, Occurrence.from_epoch, Occurrence.to_epoch)
        .join(Occurrence, Occurrence.room_id == Room.id)
        .join(Request, Request.id == Occurrence.request_id)
        .where(Request.association_id == association_id, Room.venue_id.in_(venue_ids), Request.takes_space)
        .where(Occurrence.status.in_((Status.REQUESTED, Status.APPROVED)), Occurrence.replaces_id.is_(None))
        .where(Occurrence.id.not_in(without), Occurrence.starts >= datetime.combine(first.monday, time()))
        .where(Occurrence.starts < datetime.combine(last.shifted(1).monday, time()))
    )


def _per_week(rows: Iterable[Any]) -> dict[tuple[int, Week], int]:
    minutes: dict[tuple[int, Week], int] = {}
    for venue_id, starts, from_epoch, to_epoch in rows:
        week = (venue_id, Week.of(starts.date()))
        minutes[week] = minutes.get(week, 0) + (to_epoch - from_epoch) // 60
    return minutes


def unproved_count_of_rooms(room_ids: Collection[int], since: datetime) -> int:
    """How many unproved requests hold the fullest of these rooms now, so that a stranger cannot block a hall."""
    query = (
        select(func.count(Request.id.distinct()))
        .join(Occurrence)
        .where(Occurrence.room_id.in_(room_ids), Request.status == Status.UNPROVED, Request.created_at > since)
        .where(Request.takes_space)
        .group_by(Occurrence.room_id)
    )
    return max(db.session.scalars(query), default=0)
