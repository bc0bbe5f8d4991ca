"""Who has which space when: take, keep, queue, release."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.settling import outside
from zalenzoeker.storage.db import db, is_sqlite
from zalenzoeker.storage.guards import GUARD_NAMES
from zalenzoeker.storage.models import Occupancy, Occurrence, RoomSpace

# Written once: they are asked while nobody else can write.
SPACES = (
    select(RoomSpace.room_id, RoomSpace.space_id)
    .where(RoomSpace.room_id.in_(bindparam("rooms", expanding=True)))
    .order_by(RoomSpace.space_id)
)
NEW = insert(Occupancy.__table__)
QUEUED_FOR = select(Occupancy.space_id, Occupancy.from_epoch, Occupancy.to_epoch, Occupancy.occurrence_id).where(
    Occupancy.by == TakenBy.QUEUED,
    Occupancy.space_id.in_(bindparam("spaces", expanding=True)),
    Occupancy.from_epoch < bindparam("last"),
    Occupancy.from_epoch > bindparam("first"),
)
LAPSED = delete(Occupancy).where(
    Occupancy.space_id.in_(bindparam("spaces", expanding=True)),
    Occupancy.held_until <= bindparam("now_epoch"),
    Occupancy.from_epoch < bindparam("last"),
    Occupancy.from_epoch > bindparam("first"),
)


# The spaces of rooms, by the id of the room, ascending.
Spaces = Mapping[int, Sequence[int]]


class AlreadyTaken(Exception):
    """The database refused: somebody else has this space at this time."""


def spaces_of(room_id: int) -> list[int]:
    """The spaces a room takes, in ascending order."""
    return spaces_of_rooms([room_id]).get(room_id, [])


def spaces_of_rooms(room_ids: Collection[int]) -> dict[int, list[int]]:
    """The spaces of each of these rooms, in ascending order."""
    spaces: dict[int, list[int]] = {}
    for room_id, space_id in db.session.execute(SPACES, {"rooms": sorted(set(room_ids))}):
        spaces.setdefault(room_id, []).append(space_id)
    return spaces


def lock(space_ids: Iterable[int]) -> None:
    """Wait for everybody else who writes about these spaces.

    On PostgreSQL an advisory lock per space, in ascending order: the exclusion constraint alone deadlocks when two
    writers meet. On SQLite the write unit has the only write lock already.
    """
    if is_sqlite():
        return
    for space_id in sorted(set(space_ids)):
        db.session.execute(select(func.pg_advisory_xact_lock(space_id)))


def lock_rooms(room_ids: Collection[int]) -> dict[int, list[int]]:
    """Lock the spaces of these rooms; returns them."""
    spaces = spaces_of_rooms(room_ids)
    lock(space_id for ids in spaces.values() for space_id in ids)
    return spaces


@dataclass(frozen=True)
class Hold:
    """Who takes a space, and until when (epoch seconds) where it is only a short hold."""

    by: TakenBy
    held_until: int | None = None
    occurrence_id: int | None = None
    programme_id: int | None = None
    closure_id: int | None = None
    diary_id: int | None = None


def take(space_ids: Sequence[int], stretches: Sequence[tuple[int, int]], hold: Hold, *, now_epoch: int) -> None:
    """Take all these spaces in all these stretches (from and to in epoch seconds), or none.

    Raises AlreadyTaken; the write unit must then be left, or the savepoint around this rolled back.
    """
    lock(space_ids)
    _write(list(_rows(space_ids, stretches, hold)), now_epoch)


def take_dates(
    dates: Sequence[Occurrence],
    by: TakenBy,
    *,
    now_epoch: int,
    held_until: int | None = None,
    spaces: Spaces | None = None,
) -> None:
    """Take the rooms of all these dates, set-up and clean-up included, or none of them. Raises AlreadyTaken.

    New moments of dates that keep their old ones take what none of these has already: in a series that moves by a week
    each of them lies where another one was. QUEUED takes nothing, it only tells that somebody asked; what somebody else
    has cannot be queued for. ``spaces``: those of the rooms, where they are locked already. Dates of a request that
    takes no space are left out here, so that nobody can forget it.
    """
    dates = [date for date in dates if date.request.takes_space]
    spaces = spaces or lock_rooms({date.room_id for date in dates})
    replaced = _stretches_of({date.replaces_id for date in dates if date.replaces_id})
    rows: list[dict[str, Any]] = []
    for date in dates:
        hold = Hold(by, held_until=held_until, occurrence_id=date.id)
        for space_id in spaces[date.room_id]:
            had = replaced.get(space_id, []) if date.replaces_id else []
            rows += _rows([space_id], outside(date.taken_from, date.taken_to, had), hold)
    if by is TakenBy.QUEUED and _are_taken(rows, now_epoch):
        raise AlreadyTaken
    _write(rows, now_epoch)


def _rows(space_ids: Iterable[int], stretches: Sequence[tuple[int, int]], hold: Hold) -> Iterator[dict[str, Any]]:
    for space_id in sorted(space_ids):
        for starts, ends in stretches:
            yield {"space_id": space_id, "from_epoch": starts, "to_epoch": ends, **asdict(hold)}


def _stretches_of(occurrence_ids: Collection[int]) -> Mapping[int, list[tuple[int, int]]]:
    """What these dates have of each space, in order; what stands in a queue has nothing."""
    found: dict[int, list[tuple[int, int]]] = {}
    if occurrence_ids:
        query = select(Occupancy.space_id, Occupancy.from_epoch, Occupancy.to_epoch)
        query = query.where(Occupancy.occurrence_id.in_(occurrence_ids), Occupancy.by != TakenBy.QUEUED)
        query = query.order_by(Occupancy.from_epoch)
        for space_id, starts, ends in db.session.execute(query):
            found.setdefault(space_id, []).append((starts, ends))
    return found


def _are_taken(rows: Collection[Mapping[str, Any]], now_epoch: int) -> bool:
    """Does anybody have one of these stretches of a space?"""
    if not rows:
        return False
    query = select(Occupancy.space_id, Occupancy.from_epoch, Occupancy.to_epoch).where(
        Occupancy.space_id.in_({row["space_id"] for row in rows}),
        Occupancy.by != TakenBy.QUEUED,
        or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch),
        Occupancy.from_epoch < max(row["to_epoch"] for row in rows),
        Occupancy.from_epoch > min(row["from_epoch"] for row in rows) - LONGEST_TAKEN,
    )
    return any(
        space_id == row["space_id"] and starts < row["to_epoch"] and row["from_epoch"] < ends
        for space_id, starts, ends in db.session.execute(query)
        for row in rows
    )


def _write(rows: list[dict[str, Any]], now_epoch: int) -> None:
    if not rows:
        return
    if any(row["by"] is not TakenBy.QUEUED for row in rows):
        _drop_lapsed(rows, now_epoch)
    try:
        if is_sqlite():
            db.session.execute(NEW, rows)
        else:
            # Row by row psycopg would send them in a pipeline, and complain in the log of one that is refused.
            db.session.execute(NEW.values(rows))
    except IntegrityError as error:
        if any(name in str(error.orig) for name in GUARD_NAMES):
            raise AlreadyTaken from error
        raise


def _drop_lapsed(rows: list[dict[str, Any]], now_epoch: int) -> None:
    """A hold that lapsed must not stand in the way, even when the clock's worker did not come by yet."""
    given = {
        "spaces": sorted({row["space_id"] for row in rows}),
        "now_epoch": now_epoch,
        "last": max(row["to_epoch"] for row in rows),
        "first": min(row["from_epoch"] for row in rows) - LONGEST_TAKEN,
    }
    db.session.execute(LAPSED, given, execution_options={"synchronize_session": False})


def is_held(occurrence_ids: Collection[int], now_epoch: int) -> bool:
    """Do all these dates still have their spaces?"""
    query = select(Occupancy.occurrence_id, Occupancy.held_until).where(Occupancy.occurrence_id.in_(occurrence_ids))
    held: dict[int, bool] = {}
    for occurrence_id, until in db.session.execute(query):
        held[occurrence_id] = held.get(occurrence_id, True) and (until is None or until > now_epoch)
    return len(held) == len(occurrence_ids) and all(held.values())


def keep(occurrence_ids: Collection[int], *, by: TakenBy) -> None:
    """What was held becomes taken for good, as a request or a booking."""
    query = update(Occupancy).where(Occupancy.occurrence_id.in_(occurrence_ids)).values(by=by, held_until=None)
    db.session.execute(query, execution_options={"synchronize_session": False})


def release(occurrence_ids: Collection[int]) -> None:
    """Free the spaces of these dates; where there is none, nothing is written, and nobody's write waits for it."""
    if not occurrence_ids:
        return
    query = delete(Occupancy).where(Occupancy.occurrence_id.in_(occurrence_ids))
    db.session.execute(query, execution_options={"synchronize_session": False})


def release_closure(closure_id: int) -> None:
    query = delete(Occupancy).where(Occupancy.closure_id == closure_id)
    db.session.execute(query, execution_options={"synchronize_session": False})


def is_queued_for(stretches: Sequence[tuple[int, int, int]], *, without: Collection[int] = ()) -> bool:
    """Does anybody stand in a queue for one of these stretches of a space (space, from and to in epoch seconds)?

    ``without``: the ids of dates that are left out of account.
    """
    if not stretches:
        return False
    given = {
        "spaces": sorted({space_id for space_id, _, _ in stretches}),
        "last": max(ends for _, _, ends in stretches),
        "first": min(starts for _, starts, _ in stretches) - LONGEST_TAKEN,
    }
    return any(
        occurrence_id not in without and space_id == one[0] and starts < one[2] and one[1] < ends
        for space_id, starts, ends, occurrence_id in db.session.execute(QUEUED_FOR, given)
        for one in stretches
    )


def overtaken_by_the_house(*, programme_ids: Collection[int] = (), closure_ids: Collection[int] = ()) -> list[int]:
    """The ids of the dates that waited in a queue for what these lines of own programme or these closures have now."""
    own, waits = aliased(Occupancy), aliased(Occupancy)
    clash = and_(
        waits.space_id == own.space_id,
        waits.by == TakenBy.QUEUED,
        waits.from_epoch < own.to_epoch,
        waits.from_epoch > own.from_epoch - LONGEST_TAKEN,
        waits.to_epoch > own.from_epoch,
    )
    query = select(waits.occurrence_id).select_from(own).join(waits, clash)
    query = query.where(or_(own.programme_id.in_(programme_ids), own.closure_id.in_(closure_ids)))
    return list(db.session.scalars(query.distinct().order_by(waits.occurrence_id)))


def overtaken_by(dates: Sequence[Occurrence]) -> list[int]:
    """The ids of the dates of other requests that waited in the queue for what these dates have now."""
    dates = [date for date in dates if date.request.takes_space]
    if not dates:
        return []
    spaces = spaces_of_rooms({date.room_id for date in dates})
    clashes = [
        and_(
            Occupancy.space_id.in_(spaces[date.room_id]),
            Occupancy.from_epoch < date.taken_to,
            Occupancy.from_epoch > date.taken_from - LONGEST_TAKEN,
            Occupancy.to_epoch > date.taken_from,
        )
        for date in dates
    ]
    query = select(Occupancy.occurrence_id).where(
        Occupancy.by == TakenBy.QUEUED, or_(*clashes), Occupancy.occurrence_id.not_in([date.id for date in dates])
    )
    return list(db.session.scalars(query.distinct().order_by(Occupancy.occurrence_id)))
