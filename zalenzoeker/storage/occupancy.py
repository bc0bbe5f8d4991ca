"""Who has which space when: take, confirm, release, and prove that nothing overlaps."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Select, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.storage.db import db, is_sqlite
from zalenzoeker.storage.guards import GUARD_NAMES, present
from zalenzoeker.storage.models import Occupancy, Occurrence, Request, RoomSpace


class AlreadyTaken(Exception):
    """The database refused: somebody else has this space at this time."""


def spaces_of(room_id: int) -> list[int]:
    """The spaces a room takes, in ascending order."""
    query = select(RoomSpace.space_id).where(RoomSpace.room_id == room_id).order_by(RoomSpace.space_id)
    return list(db.session.scalars(query))


def lock(space_ids: Sequence[int]) -> None:
    """Wait for everybody else who writes about these spaces.

    On PostgreSQL an advisory lock per space, in ascending order: the exclusion constraint alone deadlocks when two
    writers meet. On SQLite the write unit has the only write lock already.
    """
    if is_sqlite():
        return
    for space_id in sorted(space_ids):
        db.session.execute(select(func.pg_advisory_xact_lock(space_id)))


@dataclass(frozen=True)
class Hold:
    """Who takes a space, and until when (epoch seconds) where it is only a short hold."""

    by: TakenBy
    held_until: int | None = None
    occurrence_id: int | None = None
    programme_id: int | None = None
    closure_id: int | None = None


def take(space_ids: Sequence[int], from_epoch: int, to_epoch: int, hold: Hold, *, now_epoch: int) -> None:
    """Take all these spaces between two moments, or none.

    Raises AlreadyTaken; the write unit must then be left, or the savepoint around this rolled back.
    """
    lock(space_ids)
    _drop_lapsed(space_ids, from_epoch, to_epoch, now_epoch)
    db.session.add_all(
        Occupancy(space_id=space_id, from_epoch=from_epoch, to_epoch=to_epoch, **asdict(hold))
        for space_id in sorted(space_ids)
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        if any(name in str(error.orig) for name in GUARD_NAMES):
            raise AlreadyTaken from error
        raise


def _drop_lapsed(space_ids: Sequence[int], from_epoch: int, to_epoch: int, now_epoch: int) -> None:
    """A hold that lapsed must not stand in the way, even when the clock's worker did not come by yet."""
    db.session.execute(
        delete(Occupancy).where(
            Occupancy.space_id.in_(space_ids),
            Occupancy.held_until <= now_epoch,
            Occupancy.from_epoch < to_epoch,
            Occupancy.to_epoch > from_epoch,
        )
    )


def is_held(occurrence_id: int, now_epoch: int) -> bool:
    """Does this date still have its spaces?"""
    query = select(Occupancy.held_until).where(Occupancy.occurrence_id == occurrence_id)
    held = list(db.session.scalars(query))
    return bool(held) and all(until is None or until > now_epoch for until in held)


def keep(occurrence_id: int, *, by: TakenBy) -> None:
    """What was held becomes taken for good, as a request or a booking."""
    query = update(Occupancy).where(Occupancy.occurrence_id == occurrence_id).values(by=by, held_until=None)
    db.session.execute(query, execution_options={"synchronize_session": False})


def release(occurrence_ids: Sequence[int]) -> None:
    """Free the spaces of these dates."""
    query = delete(Occupancy).where(Occupancy.occurrence_id.in_(occurrence_ids))
    db.session.execute(query, execution_options={"synchronize_session": False})


def overlaps() -> int:
    """How many pairs of rows overlap on one space; anything but 0 is a fault."""
    one, other = aliased(Occupancy), aliased(Occupancy)
    clash = and_(
        one.space_id == other.space_id,
        one.id < other.id,
        one.from_epoch < other.to_epoch,
        other.from_epoch < one.to_epoch,
    )
    return db.session.scalar(select(func.count()).select_from(one).join(other, clash)) or 0


def incomplete(statuses: Sequence[str]) -> Select[tuple[int]]:
    """The dates in these states whose spaces are not exactly those of their room."""
    held = func.count(Occupancy.id.distinct())
    needed = func.count(RoomSpace.space_id.distinct())
    return (
        select(Occurrence.id)
        .join(Request)
        .join(RoomSpace, RoomSpace.room_id == Occurrence.room_id)
        .outerjoin(
            Occupancy,
            and_(Occupancy.occurrence_id == Occurrence.id, Occupancy.space_id == RoomSpace.space_id),
        )
        .where(Request.status.in_(statuses))
        .group_by(Occurrence.id)
        .having(held != needed)
    )


def faults(statuses: Sequence[str]) -> list[str]:
    """What is wrong with the table, in words for the person who runs the server; empty when all is well."""
    found = missing_guards()
    if count := overlaps():
        found.append(f"{count} overlapping pairs")
    if incomplete_dates := list(db.session.scalars(incomplete(statuses))):
        found.append(f"{len(incomplete_dates)} dates without exactly their room's spaces")
    return found


def missing_guards() -> list[str]:
    """The guards this database lacks, in words; quick enough to ask at every look at the site's health."""
    there = present(db.session.connection())
    return [f"guard {name} is missing" for name in GUARD_NAMES if name not in there]
