"""Own programme of the houses: its lines, and how far they are written out."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from zalenzoeker.domain.slots import from_epoch
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occupancy, OwnProgramme
from zalenzoeker.storage.rooms import rooms_that_share


def lines_with_last_date() -> list[tuple[OwnProgramme, date | None]]:
    """Every line of own programme with the last date written out for it, or None."""
    query = (
        select(OwnProgramme, func.max(Occupancy.from_epoch))
        .outerjoin(Occupancy, Occupancy.programme_id == OwnProgramme.id)
        .group_by(OwnProgramme.id)
        .order_by(OwnProgramme.id)
    )
    return [(line, from_epoch(last).date() if last else None) for line, last in db.session.execute(query)]


def in_feed_of(room_id: int, first_epoch: int, last_epoch: int) -> Sequence[tuple[OwnProgramme, int, int]]:
    """The dates of own programme of a room between two moments, each once: line, start, end (epoch seconds)."""
    query = (
        select(OwnProgramme, Occupancy.from_epoch, Occupancy.to_epoch)
        .join(Occupancy, Occupancy.programme_id == OwnProgramme.id)
        .where(OwnProgramme.room_id.in_(rooms_that_share(room_id)))
        .where(Occupancy.to_epoch > first_epoch, Occupancy.from_epoch < last_epoch)
        .distinct()
        .order_by(Occupancy.from_epoch)
    )
    return [(line, starts, ends) for line, starts, ends in db.session.execute(query)]
