"""Which confirmed dates are near and were not told of yet, and the links in the letters that told of the others."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, select

from zalenzoeker.domain.requests import Status
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import DateReminder, Occurrence, Request


class NearDate(NamedTuple):
    """A date of a request, by its address and its uid, the moment it has in epoch seconds, and when it last changed."""

    code: str
    uid: str
    from_epoch: int
    changed_at: datetime


WAS_TOLD = and_(
    DateReminder.occurrence_id == Occurrence.id,
    # Of a date that moves, its asker is told again.
    DateReminder.from_epoch == Occurrence.from_epoch,
)


def near(after: int, until: int) -> list[NearDate]:
    """Confirmed dates that begin after one moment and no later than another, the nearest first; none told of."""
    query = (
        select(Request.code, Occurrence.uid, Occurrence.from_epoch, Occurrence.changed_at)
        .join(Occurrence.request)
        .outerjoin(DateReminder, WAS_TOLD)
        .where(Occurrence.status == Status.APPROVED, Occurrence.replaces_id.is_(None), DateReminder.id.is_(None))
        .where(Occurrence.from_epoch > after, Occurrence.from_epoch <= until)
        .order_by(Occurrence.from_epoch, Occurrence.id)
    )
    return [NearDate(*row) for row in db.session.execute(query)]


def was_told(occurrence_id: int, from_epoch: int) -> bool:
    query = select(DateReminder.id)
    query = query.where(DateReminder.occurrence_id == occurrence_id, DateReminder.from_epoch == from_epoch)
    return db.session.scalar(query) is not None


def add(reminder: DateReminder) -> None:
    db.session.add(reminder)


def by_hash(token_hash: str) -> NearDate | None:
    """The date that a letter was about, with the moment it had then."""
    query = (
        select(Request.code, Occurrence.uid, DateReminder.from_epoch, Occurrence.changed_at)
        .join(Occurrence, Occurrence.id == DateReminder.occurrence_id)
        .join(Request, Request.id == Occurrence.request_id)
        .where(DateReminder.token_hash == token_hash)
    )
    row = db.session.execute(query).one_or_none()
    return NearDate(*row) if row else None


def forget_before(moment: datetime) -> None:
    """What was told before a moment; that must lie further back than a reminder comes ahead of its date."""
    db.session.execute(delete(DateReminder).where(DateReminder.created_at < moment))
