"""Single dates of own programme as calendars know them: changed by themselves, moved, and put back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, update

from zalenzoeker.domain.programme import uid_of
from zalenzoeker.storage.db import db, insert_into
from zalenzoeker.storage.models import OwnProgramme, ProgrammeDate

# The line whose words residents read about a row of own programme: its own, or that of which it is a moved date.
LINE_ID = func.coalesce(ProgrammeDate.programme_id, OwnProgramme.id)


class Date(NamedTuple):
    """A date of a line, by the line's id and code."""

    line_id: int
    code: str
    day: date


class Changed(NamedTuple):
    """``sequence``: how often this one date changed, besides its line. ``changed_at``: when last."""

    sequence: int
    changed_at: datetime


def with_moved(query: Select[Any]) -> Select[Any]:
    """Read with each row of own programme which date of another line became it, where one did."""
    return query.outerjoin(ProgrammeDate, ProgrammeDate.moved_to_id == OwnProgramme.id)


def changed(line_ids: Collection[int]) -> dict[str, Changed]:
    """The dates of these lines that changed by themselves, by their UID."""
    columns = ProgrammeDate.uid, ProgrammeDate.sequence, ProgrammeDate.changed_at
    query = select(*columns).where(ProgrammeDate.programme_id.in_(line_ids))
    return {uid: Changed(*found) for uid, *found in db.session.execute(query)}


def moved(line_id: int) -> ProgrammeDate | None:
    """The date that became this line, where it is one that was moved."""
    query = select(ProgrammeDate).where(ProgrammeDate.moved_to_id == line_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def line_of_words(line_id: int) -> int:
    """The line whose words residents read about this one."""
    origin = moved(line_id)
    return origin.programme_id if origin else line_id


def moved_from(line_id: int) -> Sequence[OwnProgramme]:
    """The lines of one day that dates of this line became, itself left out."""
    query = select(OwnProgramme).join(ProgrammeDate, ProgrammeDate.moved_to_id == OwnProgramme.id)
    return db.session.scalars(query.where(ProgrammeDate.programme_id == line_id, OwnProgramme.id != line_id)).all()


def touch(dates: Collection[Date], now: datetime) -> None:
    """Note that these dates changed, and no others of their lines, inside a write unit."""
    origins = {line_id: moved(line_id) for line_id in {one.line_id for one in dates}}
    known = {one: (origins[one.line_id], uid_of(one.code, one.day)) for one in dates}
    rows = [
        {
            "uid": origin.uid if origin else uid,
            "programme_id": origin.programme_id if origin else one.line_id,
            "sequence": 1,
            "changed_at": now,
        }
        for one, (origin, uid) in known.items()
    ]
    if rows:
        row = insert_into(ProgrammeDate)
        again = {"sequence": ProgrammeDate.sequence + 1, "changed_at": row.excluded.changed_at}
        db.session.connection().execute(row.on_conflict_do_update(index_elements=["uid"], set_=again), rows)


def move(one: Date, to_id: int, now: datetime) -> None:
    """A date that was let go is from now on another line of one day, or its own line of one day, filled in anew."""
    origin = moved(one.line_id)
    if origin is None:
        row = {"uid": uid_of(one.code, one.day), "programme_id": one.line_id, "changed_at": now, "sequence": 1}
        # Where it stood in no calendar, letting it go left nothing.
        db.session.execute(insert_into(ProgrammeDate).values(row).on_conflict_do_nothing(index_elements=["uid"]))
    uid = origin.uid if origin else uid_of(one.code, one.day)
    query = update(ProgrammeDate).where(ProgrammeDate.uid == uid).values(moved_to_id=to_id)
    db.session.execute(query, execution_options={"synchronize_session": False})


def stay(one: Date) -> OwnProgramme | None:
    """A date is there itself again: the line that it had become, which stands alone from now on."""
    where = ProgrammeDate.uid == uid_of(one.code, one.day)
    to_id = db.session.scalar(select(ProgrammeDate.moved_to_id).where(where))
    query = update(ProgrammeDate).where(where).values(moved_to_id=None)
    db.session.execute(query, execution_options={"synchronize_session": False})
    return db.session.get(OwnProgramme, to_id) if to_id else None
