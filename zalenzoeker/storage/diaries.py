"""Diaries that houses keep elsewhere: which there are, what is due, what they take, and what stands in their way."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import undefer

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.diaries import Stretch, left_of
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.storage import occupancy
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Diary, DiaryTime, Occupancy, Occurrence, Request, Room, RoomSpace

# Longer than fetching and reading one may take: a worker that died is relieved after this.
LEASE = timedelta(minutes=2)


def of_venue(venue_id: int) -> dict[int, Diary]:
    """The diaries of the rooms of a place, by the id of the room."""
    query = select(Diary).join(Room, Room.id == Diary.room_id).where(Room.venue_id == venue_id)
    return {one.room_id: one for one in db.session.scalars(query)}


def of_room(room_id: int) -> Diary | None:
    return db.session.scalar(select(Diary).where(Diary.room_id == room_id))


def for_change(room_id: int) -> Diary | None:
    """The diary of a room, with its spaces locked, inside a write unit."""
    occupancy.lock_rooms([room_id])
    return db.session.scalar(select(Diary).where(Diary.room_id == room_id).with_for_update())


def claim(now: datetime) -> Diary | None:
    """The next diary that is due, with its file, leased to this worker; None when nothing is due."""
    first = select(Diary.id).where(Diary.due_at <= now).order_by(Diary.due_at, Diary.id).limit(1)
    query = update(Diary).where(Diary.id == first.with_for_update(skip_locked=True).scalar_subquery())
    claimed = db.session.scalar(query.values(due_at=now + LEASE).returning(Diary.id))
    if claimed is None:
        return None
    return db.session.scalars(select(Diary).options(undefer(Diary.raw)).where(Diary.id == claimed)).one()


def is_due(now: datetime) -> bool:
    return db.session.scalar(select(Diary.id).where(Diary.due_at <= now).limit(1)) is not None


def times(diary_id: int) -> list[Stretch]:
    """When a diary says that its room is busy, in epoch seconds, in order."""
    query = select(DiaryTime.from_epoch, DiaryTime.to_epoch).where(DiaryTime.diary_id == diary_id)
    return [(starts, ends) for starts, ends in db.session.execute(query.order_by(DiaryTime.from_epoch))]


def replace_times(diary_id: int, new: Sequence[Stretch]) -> None:
    """From now on the diary says this, and nothing else."""
    db.session.execute(delete(DiaryTime).where(DiaryTime.diary_id == diary_id))
    if new:
        rows = [{"diary_id": diary_id, "from_epoch": starts, "to_epoch": ends} for starts, ends in new]
        db.session.execute(insert(DiaryTime), rows)


def fill(diary: Diary, now: datetime) -> None:
    """Take what the diary says, as far as nobody else has it or has asked for it, inside a write unit.

    What it had and should not have any more is free afterwards. Nothing that belongs to somebody else is touched.
    """
    wanted = times(diary.id)
    for space_id, held in _held(diary, wanted, epoch(now)).items():
        had = [stretch for stretch, owner in held if owner == diary.id]
        left = left_of(wanted, [stretch for stretch, owner in held if owner != diary.id])
        if sorted(had) == left:
            continue
        _free(Occupancy.diary_id == diary.id, Occupancy.space_id == space_id)
        occupancy.take([space_id], left, occupancy.Hold(TakenBy.DIARY, diary_id=diary.id), now_epoch=epoch(now))


def _held(diary: Diary, wanted: Sequence[Stretch], now_epoch: int) -> dict[int, list[tuple[Stretch, int | None]]]:
    """Who has the spaces of the room, or waits for them, about the time a diary speaks of; its own rows always."""
    spaces = occupancy.lock_rooms([diary.room_id])[diary.room_id]
    first, last = (wanted[0][0] - LONGEST_TAKEN, wanted[-1][1]) if wanted else (0, 0)
    query = select(Occupancy.space_id, Occupancy.from_epoch, Occupancy.to_epoch, Occupancy.diary_id).where(
        Occupancy.space_id.in_(spaces),
        or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch),
        or_(Occupancy.diary_id == diary.id, (Occupancy.from_epoch > first) & (Occupancy.from_epoch < last)),
    )
    found: dict[int, list[tuple[Stretch, int | None]]] = {space_id: [] for space_id in spaces}
    for space_id, starts, ends, owner in db.session.execute(query):
        found[space_id].append(((starts, ends), owner))
    return found


def give_way(space_ids: Collection[int], stretches: Sequence[Stretch]) -> None:
    """What the house types in here goes before its diary: free these stretches (in order) of it, and nothing around
    them, inside a write unit that has the spaces locked.
    """
    if not stretches:
        return
    query = select(Occupancy).where(
        Occupancy.space_id.in_(space_ids),
        Occupancy.by == TakenBy.DIARY,
        Occupancy.from_epoch < max(ends for _, ends in stretches),
        Occupancy.from_epoch > min(starts for starts, _ in stretches) - LONGEST_TAKEN,
    )
    for row in db.session.scalars(query).all():
        left = left_of([(row.from_epoch, row.to_epoch)], stretches)
        if left == [(row.from_epoch, row.to_epoch)]:
            continue
        _free(Occupancy.id == row.id)
        db.session.expunge(row)
        if left:
            values = {"space_id": row.space_id, "by": TakenBy.DIARY, "diary_id": row.diary_id}
            new = [{**values, "from_epoch": starts, "to_epoch": ends} for starts, ends in left]
            db.session.execute(insert(Occupancy).values(new))


def _free(*which: ColumnElement[bool]) -> None:
    query = delete(Occupancy).where(*which)
    db.session.execute(query, execution_options={"synchronize_session": False})


class Clash(NamedTuple):
    """A date of a request in a stretch in which the diary says that the room is busy."""

    room_id: int
    slot: Slot
    code: str
    reference: str
    activity: str
    status: Status


# Nobody knows yet who that is, and it ends by itself.
NAMELESS = (Status.UNPROVED, Status.OFFERED)


def clashes(venue_id: int, now_epoch: int) -> list[Clash]:
    """Every date to come that somebody has, or waits for, while the diary of its room says something else is there."""
    query = (
        select(Diary.room_id, Occurrence, Request)
        .select_from(Diary)
        .join(Room, Room.id == Diary.room_id)
        .join(DiaryTime, DiaryTime.diary_id == Diary.id)
        .join(RoomSpace, RoomSpace.room_id == Diary.room_id)
        .join(
            Occupancy,
            (Occupancy.space_id == RoomSpace.space_id)
            & (Occupancy.from_epoch < DiaryTime.to_epoch)
            & (Occupancy.to_epoch > DiaryTime.from_epoch)
            & (Occupancy.from_epoch > DiaryTime.from_epoch - LONGEST_TAKEN),
        )
        .join(Occurrence, Occurrence.id == Occupancy.occurrence_id)
        .join(Request, Request.id == Occurrence.request_id)
        .where(Room.venue_id == venue_id, Occupancy.to_epoch > now_epoch, Occurrence.status.not_in(NAMELESS))
        .where(or_(Occupancy.held_until.is_(None), Occupancy.held_until > now_epoch))
        .order_by(Occurrence.from_epoch, Occurrence.id)
    )
    found = {}
    for room_id, date, request in db.session.execute(query):
        slot = Slot(date.starts, date.ends, date.zone)
        found[room_id, date.id] = Clash(room_id, slot, request.code, request.reference, request.activity, date.status)
    return list(found.values())
