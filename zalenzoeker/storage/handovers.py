"""Offers to take over a desk: by their token, and the one that is open."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Handover


def by_token(token_hash: str) -> Handover | None:
    """The offer with this token, with its desk and who made it."""
    query = select(Handover).where(Handover.token_hash == token_hash)
    return db.session.scalar(query.options(joinedload(Handover.desk), joinedload(Handover.by)))


def locked(handover_id: int) -> Handover | None:
    """The offer as it is now; nobody else changes it until the write unit ends."""
    query = select(Handover).where(Handover.id == handover_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def open_for(desk_id: int, now: datetime) -> Handover | None:
    """The offer of this desk that still waits for an answer."""
    query = (
        select(Handover)
        .where(
            Handover.desk_id == desk_id,
            Handover.confirmed_at.is_(None),
            Handover.revoked_at.is_(None),
            Handover.expires_at > now,
        )
        .options(joinedload(Handover.by))
        .order_by(Handover.id.desc())
    )
    return db.session.scalars(query.limit(1)).one_or_none()


def revoke_all(desk_id: int, now: datetime, *, by_id: int | None = None) -> None:
    """Offers that wait no longer work: all of a desk, or only those that one person made."""
    query = update(Handover).where(
        Handover.desk_id == desk_id, Handover.confirmed_at.is_(None), Handover.revoked_at.is_(None)
    )
    if by_id is not None:
        query = query.where(Handover.by_id == by_id)
    db.session.execute(query.values(revoked_at=now), execution_options={"synchronize_session": False})


def forget_ended(now: datetime) -> None:
    """Offers whose time is over, whatever came of them."""
    db.session.execute(delete(Handover).where(Handover.expires_at <= now))
