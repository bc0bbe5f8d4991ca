"""What feeds show: a mark that changes with the calendars of rooms, and the dates that stand in them, as plain rows."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Engine, Integer, Select, String, and_, bindparam, cast, func, null, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.feeds import FELL_AWAY
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.taken import LONGEST_TAKEN
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Activity,
    CalendarMark,
    Closure,
    Occupancy,
    Occurrence,
    OwnProgramme,
    ProgrammeDate,
    ProgrammeGone,
    Request,
    Revision,
)
from zalenzoeker.storage.models.special_days import FACTS
from zalenzoeker.storage.programme_dates import LINE_ID, with_moved

Row = TypeVar("Row")
# Asked at every fetch: by their tables, and written once. The rooms are one value however many there are, because
# SQLAlchemy writes a list of values anew each time.
MARKS, REVISIONS = CalendarMark.__table__.c, Revision.__table__.c
ROOM_IDS = {
    "sqlite": select(func.json_each(bindparam("room_ids", type_=String)).table_valued("value").c.value),
    "postgresql": select(
        func.jsonb_array_elements_text(cast(bindparam("room_ids", type_=String), JSONB))
        .table_valued("value")
        .c.value.cast(Integer)
    ),
}
STANDING = {
    engine: select(
        select(REVISIONS.number).where(REVISIONS.name == bindparam("facts")).scalar_subquery(),
        select(func.sum(MARKS.mark)).where(MARKS.room_id.in_(ids)).scalar_subquery(),
    )
    for engine, ids in ROOM_IDS.items()
}
PLAIN = {"sqlite": sqlite.dialect(paramstyle="named"), "postgresql": postgresql.psycopg.dialect()}
SAID = (Activity.code, Activity.text, Activity.theme, Activity.changed_at)
IN_SQL = {engine: str(STANDING[engine].compile(dialect=dialect)) for engine, dialect in PLAIN.items()}


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
    takes_space: bool
    page: str | None = None
    text: str | None = None
    theme: Theme | None = None
    said_at: datetime | None = None


class Programmed(NamedTuple):
    """A date of own programme in epoch seconds; ``gone_at``: since when it is there no more, None while it stands.

    ``line_id``: the line whose words are read about it, and ``uid``: what it is known by, where it was moved; else by
    ``code`` and its day. The words as in Booked.
    """

    room_id: int
    from_epoch: int
    to_epoch: int
    line_id: int
    uid: str | None
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


class Closed(NamedTuple):
    """Days on which a room is closed, both included, with the reason that everybody reads."""

    room_id: int
    code: str
    first_day: date
    last_day: date
    reason: str
    closed_at: datetime


class Standing(NamedTuple):
    """``number``: how often a fact of the city has changed. ``mark``: another one whenever the calendar of one of the
    rooms changed.
    """

    number: int | None
    mark: int


def written(room_ids: Iterable[int]) -> str:
    """Rooms as ``standing`` takes them: a list of their ids in JSON."""
    return json.dumps([*room_ids])


def standing(room_ids: str) -> Standing:
    """How the city and the calendars of these rooms (``written``) stand: one small question by itself."""
    if db.session.registry.has():
        # What the session reads stands still at its first look: dates may not be older than the mark read before them.
        db.session.close()
    engine, values = db.engine, {"facts": FACTS, "room_ids": room_ids}
    # Straight to the driver: thousands of phones ask this every hour, and SQLAlchemy takes longer than the answer.
    try:
        found = asked_directly(engine, IN_SQL[engine.dialect.name], values)
    except engine.dialect.loaded_dbapi.Error:
        # Whatever is the matter, here it is raised as everywhere else.
        with engine.connect() as connection:
            found = connection.execute(STANDING[engine.dialect.name], values).one()
    return Standing(found[0], int(found[1] or 0))


def asked_directly(engine: Engine, question: str, values: Mapping[str, Any]) -> Any:
    """The first row of an answer; what goes wrong is raised as the driver does."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(question, values)
        return cursor.fetchone()
    finally:
        connection.close()


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
    # The dates of a few themes are found by their activities: SQLite would go through all dates of the city by their
    # status, if it may use the index of that.
    if themes or code:
        is_approved = cast(Occurrence.status, String) == Status.APPROVED.value
        may_have_fallen = cast(Occurrence.status, String).in_([one.value for one in FELL_AWAY])
    else:
        is_approved, may_have_fallen = Occurrence.status == Status.APPROVED, Occurrence.status.in_(FELL_AWAY)
    fell_away = and_(Occurrence.was_confirmed, may_have_fallen, Occurrence.changed_at > since)
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
            Request.takes_space,
            *SAID,
        )
        .join(Request, Request.id == Occurrence.request_id)
        .outerjoin(Activity, and_(Activity.request_id == Request.id, Request.is_public))
        .where(Occurrence.room_id.in_(room_ids))
        .where(_is_within(Occurrence, first_epoch, last_epoch))
        .where(or_(is_approved, fell_away))
    )
    # What takes no space makes no room taken: it stands there by its name, or not at all.
    shown = Request.is_public if only_public else or_(Request.is_public, Request.takes_space)
    query = query.where(shown, *_which(themes, code))
    return _rows(Booked, query)


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
    known_by = LINE_ID, ProgrammeDate.uid, OwnProgramme.code
    line = *known_by, title, OwnProgramme.is_public, OwnProgramme.changed_at, OwnProgramme.sequence
    words = and_(Activity.programme_id == LINE_ID, OwnProgramme.is_public)
    gone = with_moved(
        select(
            ProgrammeGone.room_id, ProgrammeGone.from_epoch, ProgrammeGone.to_epoch, *line, ProgrammeGone.gone_at, *SAID
        ).join(OwnProgramme, OwnProgramme.id == ProgrammeGone.programme_id)
    )
    gone = (
        gone.outerjoin(Activity, words)
        .where(ProgrammeGone.room_id.in_(room_ids), ProgrammeGone.gone_at > since)
        .where(_is_within(ProgrammeGone, first_epoch, last_epoch))
        .order_by(ProgrammeGone.gone_at, ProgrammeGone.from_epoch)
    )
    there = with_moved(
        select(OwnProgramme.room_id, Occupancy.from_epoch, Occupancy.to_epoch, *line, null(), *SAID).join(
            Occupancy, Occupancy.programme_id == OwnProgramme.id
        )
    )
    there = (
        there.outerjoin(Activity, words)
        .where(OwnProgramme.room_id.in_(room_ids))
        .where(_is_within(Occupancy, first_epoch, last_epoch))
        .distinct()
    )
    if only_public:
        gone, there = gone.where(OwnProgramme.is_public), there.where(OwnProgramme.is_public)
    which = _which(themes, code)
    return [*_rows(Programmed, gone.where(*which)), *_rows(Programmed, there.where(*which))]


def _rows(kind: Callable[..., Row], query: Select[Any]) -> list[Row]:
    """Ten thousand rows past the session, which would look at each of them for objects to keep."""
    return [kind(*row) for row in db.session.connection().execute(query)]


def closed(room_ids: Collection[int], first_day: date, last_day: date) -> list[Closed]:
    """The days between two days on which these rooms are closed, in the order in which they were closed."""
    one = Closure
    query = select(one.room_id, one.code, one.first_day, one.last_day, one.reason, one.closed_at)
    within = one.last_day >= first_day, one.first_day <= last_day
    query = query.where(one.room_id.in_(room_ids), *within).order_by(one.id)
    return [Closed(*row) for row in db.session.execute(query)]


def _which(themes: Collection[Theme], code: str) -> list[ColumnElement[bool]]:
    found = [Activity.theme.in_(themes)] if themes else []
    return [*found, Activity.code == code] if code else found


def _is_within(dates: Any, first_epoch: int, last_epoch: int) -> Any:
    """Bounded on both sides: what a room was used for in former years is not looked through."""
    begun = dates.from_epoch > first_epoch - LONGEST_TAKEN
    return and_(begun, dates.from_epoch < last_epoch, dates.to_epoch > first_epoch)
