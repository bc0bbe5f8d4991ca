"""What private calendars show: the dates of a person, a group or a desk, as plain rows, and a mark of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from zalenzoeker.domain.feeds import FELL_AWAY
from zalenzoeker.domain.private_feeds import FeedOf
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage.city import REVISION
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occurrence, Request

Whose = ColumnElement[bool]


@dataclass(frozen=True)
class Shown:
    """Which dates a private calendar shows: in one of ``statuses``, of requests for which ``whose`` holds, between two
    moments in epoch seconds; those that fell away before ``since`` are left out.
    """

    of: FeedOf
    statuses: frozenset[Status]
    whose: Whose
    first_epoch: int
    last_epoch: int
    since: datetime


class Dated(NamedTuple):
    """One date with what its own people may know of it. ``starts`` and ``ends``: wall times of ``zone``."""

    room_id: int
    uid: str
    starts: datetime
    ends: datetime
    zone: str
    status: Status
    changed_at: datetime
    sequence: int
    code: str
    reference: str
    activity: str
    is_shielded: bool
    association_name: str
    contact_name: str
    people: int


def of_person(account_id: int, association_ids: Collection[int], *, email: str) -> Whose:
    """What a person or their groups asked, and what a desk typed in for their proved address, as on ``/mijn``."""
    typed_in = and_(Request.contact_email == email, Request.came_by.is_not(None), email != "")
    return or_(Request.account_id == account_id, Request.association_id.in_(association_ids), typed_in)


def of_association(association_id: int) -> Whose:
    return Request.association_id == association_id


def of_desk(desk_id: int) -> Whose:
    """What was routed or forwarded there, and what it decides as a deputy."""
    return or_(Request.desk_id == desk_id, Request.deputy_desk_id == desk_id)


def mark(shown: Shown) -> str:
    """Other words whenever one of these dates comes, goes or changes; they are counted and added up by the database.

    No trigger keeps it, as one does for rooms: a row for each desk would be written by everybody who asks there.
    """
    counted = select(
        func.count(),
        func.sum(Occurrence.id),
        func.sum(Occurrence.sequence),
        func.sum(Occurrence.from_epoch),
        func.sum(Request.version),
        func.max(Occurrence.changed_at),
        func.max(Request.changed_at),
        # What rooms and places are called and where they are.
        REVISION.scalar_subquery(),
    )
    return " ".join(str(one) for one in db.session.execute(_shown(counted, shown)).one())


def dates(shown: Shown) -> Sequence[Dated]:
    """The dates of a private calendar."""
    columns = select(
        Occurrence.room_id,
        Occurrence.uid,
        Occurrence.starts,
        Occurrence.ends,
        Occurrence.zone,
        Occurrence.status,
        Occurrence.changed_at,
        Occurrence.sequence,
        Request.code,
        Request.reference,
        Request.activity,
        Request.is_shielded,
        Request.association_name,
        Request.contact_name,
        Request.people,
    )
    return [Dated(*row) for row in db.session.execute(_shown(columns, shown))]


def _shown(query: Select[Any], shown: Shown) -> Select[Any]:
    fell_away = and_(Occurrence.was_confirmed, Occurrence.status.in_(FELL_AWAY), Occurrence.changed_at > shown.since)
    return (
        query.select_from(Occurrence)
        .join(Request, Request.id == Occurrence.request_id)
        .where(shown.whose)
        .where(Occurrence.to_epoch > shown.first_epoch, Occurrence.from_epoch < shown.last_epoch)
        .where(or_(Occurrence.status.in_(shown.statuses), fell_away))
    )
