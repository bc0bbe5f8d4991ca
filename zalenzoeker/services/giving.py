"""A yes: the rooms become theirs, and a new moment takes the place of the old one."""

from collections.abc import Collection
from datetime import datetime

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.requests import HOLDS, Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.storage import occupancy
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occurrence, Request


def give(request: Request, dates: Collection[Occurrence], now: datetime) -> list[Occurrence]:
    """The rooms become theirs; a new moment takes the place of the old one, which keeps its identity in calendars.

    Returns the dates that stand now.
    """
    moved = [date for date in dates if date.replaces_id is not None]
    plain = [date for date in dates if date.replaces_id is None]
    ids = [date.id for date in plain]
    if Status.REQUESTED in HOLDS[request.policy]:
        occupancy.keep(ids, by=TakenBy.BOOKING)
    elif plain:
        occupancy.release(ids)
        occupancy.take_dates(plain, TakenBy.BOOKING, now_epoch=epoch(now))
    for date in plain:
        date.was_confirmed = True
    return [*plain, *_settle(request, moved, now)]


def _settle(request: Request, moved: Collection[Occurrence], now: datetime) -> list[Occurrence]:
    if not moved:
        return []
    old = move_over(request, moved, now)
    occupancy.take_dates(old, TakenBy.BOOKING, now_epoch=epoch(now))
    return old


def move_over(request: Request, moved: Collection[Occurrence], now: datetime) -> list[Occurrence]:
    """These new moments become those of the dates they take the place of; returns these, whose rooms are not taken."""
    by_id = {date.id: date for date in request.occurrences}
    old = [by_id[date.replaces_id] for date in moved if date.replaces_id is not None]
    occupancy.release([date.id for date in (*moved, *old)])
    for new, former in zip(moved, old, strict=True):
        former.room, former.slot = new.room, new.slot
        former.room_id = new.room_id
        former.from_epoch, former.to_epoch = new.from_epoch, new.to_epoch
        former.setup_minutes, former.cleanup_minutes = new.setup_minutes, new.cleanup_minutes
        former.sequence += 1
        former.changed_at = now
        request.occurrences.remove(new)
        db.session.delete(new)
    db.session.flush()
    return old
