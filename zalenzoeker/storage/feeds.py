"""What feeds show: a mark that changes with the calendars of rooms, and the dates that stand in them, as plain rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, null, or_, select

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Activity,
    CalendarMark,
    Occupancy,
    Occurrence,
    OwnProgramme,
    ProgrammeGone,
    Request,
)

FELL_AWAY = (Status.CANCELLED, Status.WITHDRAWN)
# Asked at every fetch: by its table, and written once.
MARKS = CalendarMark.__table__.c
SAID = (Activity.code, Activity.text, Activity.theme, Activity.changed_at)
MARK = select(func.sum(MARKS.mark)).where(MARKS.room_id.in_(bindparam("room_ids", expanding=True)))


class Booked(NamedTuple):
    """A confirmed date, or one that was and fell away. ``starts`` and ``ends``: wall times of ``zone``.

    ``activity``: what residents read where it is public, else what was asked. ``page``: the code in the address of the
    activity, with ``text``, ``theme`` and since when it says so (``said_at``); nothing where there is none.
    """

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
    page: str | None = None
    text: str | None = None
    theme: Theme | None = None
    said_at: datetime | None = None


class Programmed(NamedTuple):
    """A date of own programme in epoch seconds; ``gone_at``: since when it is there no more, None while it stands.

    The words as in Booked.
    """

    room_id: int
    from_epoch: int
    to_epoch: int
    code: str
    title: str
    is_public: bool
    changed_at: datetime
    sequence: int
    gone_at: datetime | None = None
    page: str | None = None
    text: str | None = None
    theme: Theme | None = None
    said_at: datetime | None = None


def mark(room_ids: Collection[int]) -> int:
    """Another number whenever the calendar of one of these rooms changed; without a change it stays."""
    return int(db.session.scalar(MARK, {"room_ids": [*room_ids]}) or 0)


def booked(
    room_ids: Collection[int],
    first_epoch: int,
    last_epoch: int,
    *,
    since: datetime,
    only_public: bool = False,
    themes: Collection[Theme] = (),
    code: str = "",
) -> Sequence[Booked]:
    """The dates of these rooms between two moments; those that fell away before ``since`` are left out.

    ``themes``: only activities of these; none for all. ``code``: only this activity.
    """
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
            func.coalesce(Activity.title, Request.activity),
            Request.is_public,
            *SAID,
        )
        .join(Request, Request.id == Occurrence.request_id)
        .outerjoin(Activity, and_(Activity.request_id == Request.id, Request.is_public))
        .where(Occurrence.room_id.in_(room_ids))
        .where(Occurrence.to_epoch > first_epoch, Occurrence.from_epoch < last_epoch)
        .where(or_(Occurrence.status == Status.APPROVED, fell_away))
    )
    query = query.where(Request.is_public) if only_public else query
    query = query.where(*_which(themes, code))
    return [Booked(*row) for row in db.session.execute(query)]


def programmed(
    room_ids: Collection[int],
    first_epoch: int,
    last_epoch: int,
    *,
    since: datetime,
    only_public: bool = False,
    themes: Collection[Theme] = (),
    code: str = "",
) -> list[Programmed]:
    """The dates of own programme of these rooms: those that went since then, in that order, before those that stand."""
    title = func.coalesce(Activity.title, OwnProgramme.title)
    line = OwnProgramme.code, title, OwnProgramme.is_public, OwnProgramme.changed_at, OwnProgramme.sequence
    words = and_(Activity.programme_id == OwnProgramme.id, OwnProgramme.is_public)
    gone = (
        select(
            ProgrammeGone.room_id, ProgrammeGone.from_epoch, ProgrammeGone.to_epoch, *line, ProgrammeGone.gone_at, *SAID
        )
        .join(OwnProgramme, OwnProgramme.id == ProgrammeGone.programme_id)
        .outerjoin(Activity, words)
        .where(ProgrammeGone.room_id.in_(room_ids), ProgrammeGone.gone_at > since)
        .where(ProgrammeGone.from_epoch < last_epoch, ProgrammeGone.to_epoch > first_epoch)
        .order_by(ProgrammeGone.gone_at, ProgrammeGone.from_epoch)
    )
    there = (
        select(OwnProgramme.room_id, Occupancy.from_epoch, Occupancy.to_epoch, *line, null(), *SAID)
        .join(Occupancy, Occupancy.programme_id == OwnProgramme.id)
        .outerjoin(Activity, words)
        .where(OwnProgramme.room_id.in_(room_ids))
        .where(Occupancy.from_epoch < last_epoch, Occupancy.to_epoch > first_epoch)
        .distinct()
    )
    if only_public:
        gone, there = gone.where(OwnProgramme.is_public), there.where(OwnProgramme.is_public)
    which = _which(themes, code)
    rows = [*db.session.execute(gone.where(*which)), *db.session.execute(there.where(*which))]
    return [Programmed(*row) for row in rows]


def _which(themes: Collection[Theme], code: str) -> list[ColumnElement[bool]]:
    found = [Activity.theme.in_(themes)] if themes else []
    return [*found, Activity.code == code] if code else found
