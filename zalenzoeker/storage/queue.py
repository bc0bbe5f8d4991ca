"""Who asked for the same: the dates in a queue that fall away when one of them is chosen."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from zalenzoeker.storage import occupancy
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occurrence, Request


def rivals_of(dates: Sequence[Occurrence]) -> Sequence[Occurrence]:
    """The dates of other requests that wait for what these dates ask for, the earliest asked first; with requests."""
    if not dates:
        return []
    query = (
        select(Occurrence)
        .join(Occurrence.request)
        .options(contains_eager(Occurrence.request), joinedload(Occurrence.room))
        .where(Occurrence.id.in_(occupancy.overtaken_by(dates)), Request.id != dates[0].request_id)
        .order_by(Request.asked_at, Request.id, Occurrence.from_epoch)
    )
    return db.session.scalars(query).all()
