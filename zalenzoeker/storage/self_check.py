"""What is wrong with who has which space when: looked up whole, when the site starts and every night."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.requests import HOLDS, IS_ALIVE, Policy, Status
from zalenzoeker.storage import guards
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occupancy, Occurrence, Request, RoomSpace, SelfCheck

LACKS = frozenset(f"guard {name} is missing" for name in guards.ALL)
EVERY = timedelta(hours=24)
# Their holds end by themselves, and whoever comes first clears them away.
MAY_LACK = frozenset({Status.UNPROVED, Status.OFFERED})


def overlaps() -> int:
    """How many pairs of rows overlap on one space; anything but 0 is a fault."""
    one, other = aliased(Occupancy), aliased(Occupancy)
    clash = and_(
        one.space_id == other.space_id,
        one.id != other.id,
        other.by != TakenBy.QUEUED,
        or_(one.from_epoch < other.from_epoch, and_(one.from_epoch == other.from_epoch, one.id < other.id)),
        other.from_epoch < one.to_epoch,
        other.from_epoch < one.from_epoch + LONGEST_TAKEN,
    )
    query = select(func.count()).select_from(one).join(other, clash).where(one.by != TakenBy.QUEUED)
    return db.session.scalar(query) or 0


def incomplete_dates() -> list[int]:
    """The ids of the dates that should hold their room and do not hold exactly its spaces, for exactly their time."""
    needed = select(RoomSpace.room_id, func.count().label("spaces")).group_by(RoomSpace.room_id).subquery("room_needs")
    exact = and_(
        RoomSpace.room_id == Occurrence.room_id,
        RoomSpace.space_id == Occupancy.space_id,
        Occupancy.by != TakenBy.QUEUED,
        Occupancy.from_epoch == Occurrence.from_epoch - 60 * Occurrence.setup_minutes,
        Occupancy.to_epoch == Occurrence.to_epoch + 60 * Occurrence.cleanup_minutes,
    )
    query = (
        select(Occurrence.id)
        .join(Request, Request.id == Occurrence.request_id)
        .join(needed, needed.c.room_id == Occurrence.room_id)
        .outerjoin(Occupancy, Occupancy.occurrence_id == Occurrence.id)
        .outerjoin(RoomSpace, exact)
        # The new moment of a date takes only what the old one does not have.
        .where(Occurrence.replaces_id.is_(None), _holds(HOLDS))
        .group_by(Occurrence.id, needed.c.spaces)
        .having(or_(func.count(RoomSpace.space_id) != needed.c.spaces, func.count(Occupancy.id) != needed.c.spaces))
    )
    return list(db.session.scalars(query))


def _holds(holds: Mapping[Policy, Iterable[Status]]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(Request.policy == policy, Occurrence.status.in_(set(statuses) - MAY_LACK))
            for policy, statuses in holds.items()
            if statuses
        )
    )


def needless_rows() -> int:
    """How many rows belong to a date that no longer asks for anything, or to nothing at all.

    What a desk proposes is left out until its letter leaves, and is kept all the same. What is inside the open hours
    of a house takes nothing, wherever it stands.
    """
    is_over = and_(
        Occurrence.status.in_(set(Status) - IS_ALIVE | {Status.WAITING}),
        or_(Occurrence.status != Status.SKIPPED, Occurrence.replaces_id.is_(None)),
    )
    owners = (Occupancy.occurrence_id, Occupancy.programme_id, Occupancy.closure_id)
    query = (
        select(func.count())
        .select_from(Occupancy)
        .outerjoin(Occurrence, Occurrence.id == Occupancy.occurrence_id)
        .outerjoin(Request, Request.id == Occurrence.request_id)
        .where(or_(is_over, Request.policy == Policy.INSIDE, and_(*(owner.is_(None) for owner in owners))))
    )
    return db.session.scalar(query) or 0


def faults() -> list[str]:
    """What is wrong with the table, in words for the person who runs the server; empty when all is well."""
    found = missing_guards()
    if count := overlaps():
        found.append(f"{count} overlapping pairs")
    if dates := incomplete_dates():
        found.append(f"{len(dates)} dates without exactly their room's spaces")
    if count := needless_rows():
        found.append(f"{count} spaces taken for nothing")
    return found


def missing_guards() -> list[str]:
    """The guards this database lacks, in words; quick enough to ask at every look at the site's health."""
    there = guards.present(db.session.connection())
    return [f"guard {name} is missing" for name in guards.ALL if name not in there]


def put(found: list[str], now: datetime) -> None:
    """Keep what the last look found, inside a write unit."""
    again = update(SelfCheck).where(SelfCheck.id == 1).values(at=now, faults=found)
    if db.session.scalars(again.returning(SelfCheck.id)).all():
        return
    try:
        with db.session.begin_nested() as savepoint:
            savepoint.session.add(SelfCheck(id=1, at=now, faults=found))
    except IntegrityError:
        # Somebody else looked for the first time too, at this very moment.
        db.session.execute(again)


def last() -> SelfCheck | None:
    """What the last look found, and when."""
    return db.session.get(SelfCheck, 1)


def is_due(now: datetime) -> bool:
    """Once a night, and when the site has never been looked at."""
    known = last()
    return known is None or now - known.at >= EVERY
