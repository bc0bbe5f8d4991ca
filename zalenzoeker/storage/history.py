"""What those who ask had in a place before: what took place, what is still to come, what they gave up late."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from zalenzoeker.domain.requests import AWAITS_PROOF, Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occurrence, Request, Room

# What somebody did longer ago says little about them, and a desk needs not know it for ever.
LOOKS_BACK = timedelta(days=2 * 365)
# A room that is given up this late seldom finds somebody else.
LATE = timedelta(days=2)


class History(NamedTuple):
    """Confirmed dates of one asker in one place. ``last``: the day of the latest that took place."""

    took_place: int = 0
    to_come: int = 0
    given_up_late: int = 0
    last: date | None = None


def of_askers(requests: Collection[Request], venue_id: int, now: datetime) -> dict[int, History]:
    """What the askers of these requests had in a place, by the id of the request; these requests do not count.

    A group is known by itself, a person by their address. One query, however many requests.
    """
    was_given_up = and_(Occurrence.status == Status.WITHDRAWN, Occurrence.was_confirmed)
    query = (
        select(Occurrence)
        .join(Occurrence.request)
        .join(Occurrence.room)
        .options(contains_eager(Occurrence.request))
        .where(Room.venue_id == venue_id, Occurrence.from_epoch > epoch(now - LOOKS_BACK))
        .where(or_(Occurrence.status == Status.APPROVED, was_given_up))
        .where(Request.id.not_in([one.id for one in requests]), or_(*(_of_the_same(one) for one in requests)))
    )
    dates = db.session.scalars(query).all()
    return {one.id: _counted([date for date in dates if _is_of_the_same(one, date.request)], now) for one in requests}


def latest(request: Request, venue_id: int, *, limit: int) -> Sequence[Request]:
    """The latest other requests of this asker in a place, whatever became of them."""
    query = (
        select(Request)
        .join(Request.occurrences)
        .join(Occurrence.room)
        .where(Room.venue_id == venue_id, Request.id != request.id, Request.status.not_in(AWAITS_PROOF))
        .where(Request.asked_at.is_not(None), _of_the_same(request))
        .group_by(Request.id)
        .order_by(Request.asked_at.desc(), Request.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()


def _of_the_same(one: Request) -> ColumnElement[bool]:
    """Who has no address shares it with nobody."""
    by_address = and_(Request.contact_email == one.contact_email, Request.contact_email != "")
    if one.association_id is None:
        return by_address
    return or_(by_address, Request.association_id == one.association_id)


def _is_of_the_same(one: Request, other: Request) -> bool:
    is_same_group = one.association_id is not None and one.association_id == other.association_id
    return is_same_group or (bool(one.contact_email) and one.contact_email == other.contact_email)


def _counted(dates: Sequence[Occurrence], now: datetime) -> History:
    confirmed = [one for one in dates if one.status is Status.APPROVED]
    past = [one for one in confirmed if one.to_epoch <= epoch(now)]
    late = [one for one in dates if one.status is Status.WITHDRAWN and one.slot.starts_at - one.changed_at < LATE]
    return History(len(past), len(confirmed) - len(past), len(late), max((one.slot.day for one in past), default=None))
