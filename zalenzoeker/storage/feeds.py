"""What feeds show: a mark that changes with the calendars of rooms, and the dates that stand in them, as plain rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from zalenzoeker.domain.requests import Status
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import CalendarMark, Occupancy, Occurrence, OwnProgramme, ProgrammeGone, Request

FELL_AWAY = (Status.CANCELLED, Status.WITHDRAWN)
# Asked at every fetch: by its table, and written once.
MARKS = CalendarMark.__table__.c
MARK = select(func.sum(MARKS.mark)).where(MARKS.room_id.in_(bindparam("room_ids", expanding=True)))


class Booked(NamedTuple):
    """A confirmed date, or one that was and fell away. ``starts`` and ``ends``: wall times of ``zone``."""

    room_id: int
    uid: str
    starts: datetime
    ends: datetime
    zone: str
    status: Status
    changed_at: datetime
    sequence: int
    activity: str
    is_public: bool
    takes_space: bool


class Programmed(NamedTuple):
    """A date of own programme in epoch seconds; ``gone_at``: since when it is there no more, None while it stands."""

    room_id: int
    from_epoch: int
    to_epoch: int
    code: str
    title: str
    is_public: bool
    changed_at: datetime
    sequence: int
    gone_at: datetime | None = None


def mark(room_ids: Collection[int]) -> int:
    """Another number whenever the calendar of one of these rooms changed; without a change it stays."""
    return int(db.session.scalar(MARK, {"room_ids": [*room_ids]}) or 0)


def booked(
    room_ids: Collection[int], first_epoch: int, last_epoch: int, *, since: datetime, only_public: bool = False
) -> Sequence[Booked]:
    """The dates of these rooms between two moments; those that fell away before ``since`` are left out."""
    fell_away = and_(Occurrence.was_confirmed, Occurrence.status.in_(FELL_AWAY), Occurrence.changed_at > since)
    query = (
        select(
            Occurrence.room_id,
            Occurrence.uid,
            Occurrence.starts,
            Occurrence.ends,
            Occurrence.zone,
            Occurrence.status,
            Occurrence.changed_at,
            Occurrence.sequence,
            Request.activity,
            Request.is_public,
            Request.takes_space,
        )
        .join(Request, Request.id == Occurrence.request_id)
        .where(Occurrence.room_id.in_(room_ids))
        .where(Occurrence.to_epoch > first_epoch, Occurrence.from_epoch < last_epoch)
        .where(or_(Occurrence.status == Status.APPROVED, fell_away))
    )
    # What takes no space makes no room taken: it stands there by its name, or not at all.
    shown = Request.is_public if only_public else or_(Request.is_public, Request.takes_space)
    query = query.where(shown)
    return [Booked(*row) for row in db.session.execute(query)]


def programmed(
    room_ids: Collection[int], first_epoch: int, last_epoch: int, *, since: datetime, only_public: bool = False
) -> list[Programmed]:
    """The dates of own programme of these rooms: those that went since then, in that order, before those that stand."""
    line = OwnProgramme.code, OwnProgramme.title, OwnProgramme.is_public, OwnProgramme.changed_at, OwnProgramme.sequence
    gone = (
        select(ProgrammeGone.room_id, ProgrammeGone.from_epoch, ProgrammeGone.to_epoch, *line, ProgrammeGone.gone_at)
        .join(OwnProgramme, OwnProgramme.id == ProgrammeGone.programme_id)
        .where(ProgrammeGone.room_id.in_(room_ids), ProgrammeGone.gone_at > since)
        .where(ProgrammeGone.from_epoch < last_epoch, ProgrammeGone.to_epoch > first_epoch)
        .order_by(ProgrammeGone.gone_at, ProgrammeGone.from_epoch)
    )
    there = (
        select(OwnProgramme.room_id, Occupancy.from_epoch, Occupancy.to_epoch, *line)
        .join(Occupancy, Occupancy.programme_id == OwnProgramme.id)
        .where(OwnProgramme.room_id.in_(room_ids))
        .where(Occupancy.from_epoch < last_epoch, Occupancy.to_epoch > first_epoch)
        .distinct()
    )
    if only_public:
        gone, there = gone.where(OwnProgramme.is_public), there.where(OwnProgramme.is_public)
    rows = [*db.session.execute(gone), *db.session.execute(there)]
    return [Programmed(*row) for row in rows]
