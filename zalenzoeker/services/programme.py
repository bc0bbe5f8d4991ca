"""What a house keeps for itself, its own programme and its closures, written out date by date."""

import logging
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.programme import DAYS_AHEAD, days_of, midnight
from zalenzoeker.domain.slots import Slot, days_from, epoch, to_local
from zalenzoeker.services import queueing
from zalenzoeker.storage import diaries, occupancy, programme, programme_dates
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Closure, OwnProgramme
from zalenzoeker.storage.occupancy import Hold
from zalenzoeker.storage.programme_dates import Date

LOG = logging.getLogger(__name__)
# A little longer than the calendars show what fell away.
GONE_IS_KEPT = timedelta(days=40)


def write_out(now: datetime) -> int:
    """Write out every line of own programme until DAYS_AHEAD; returns how many dates were added.

    A date that somebody else has already is skipped: what was promised stays. Who stood in a queue for one is told no,
    as when the house adds a line by hand. A line that fails keeps no other one waiting: it is logged, and the next
    round tries it again.
    """
    today = to_local(now).date()
    _forget(now - GONE_IS_KEPT)
    added = 0
    for line_id in programme.lines_to_write(today + timedelta(days=DAYS_AHEAD - 1)):
        try:
            added += _write_out(line_id, now)
        except Exception:
            LOG.exception("line %s of own programme could not be written out", line_id)
    return added


def _write_out(line_id: int, now: datetime) -> int:
    with write_unit():
        line = programme.line(line_id)
        added = write_line(line, now) if line is not None else 0
        if added:
            queueing.answer_for_the_house(now, programme_ids=[line_id])
        return added


def _forget(moment: datetime) -> None:
    """What fell away long ago is out of every calendar."""
    if programme.has_gone_before(moment):
        with write_unit():
            programme.forget_gone_before(moment)


def write_line(line: OwnProgramme, now: datetime) -> int:
    """Write out one line from where it was written last, inside a write unit; its exceptions are left out."""
    today = to_local(now).date()
    first = max(today, line.first_day or today)
    if line.written_until is not None:
        first = max(first, line.written_until + timedelta(days=1))
    last = today + timedelta(days=DAYS_AHEAD - 1)
    line.written_until = last
    if line.until is not None:
        last = min(last, line.until)
    left_out = {one.day for one in line.exceptions}
    dates = [slot for slot in days_of(line.hours, first, last, now) if slot.day not in left_out]
    return _take_each(line, dates, now) if dates else 0


def _take_each(line: OwnProgramme, dates: list[Slot], now: datetime) -> int:
    """All dates at once; only where one of them is gone already, one by one."""
    try:
        with db.session.begin_nested():
            take(line, dates, now)
    except occupancy.AlreadyTaken:
        return sum(_take_each(line, [slot], now) for slot in dates) if len(dates) > 1 else 0
    return len(dates)


def write_again(line: OwnProgramme, first_day: date, last_day: date, now: datetime) -> int:
    """Write out the days of a line between two days once more, as far as it was written and the room is free."""
    first = max(first_day, line.first_day or first_day)
    last = min(last_day, line.until or last_day, line.written_until or last_day)
    left_out = {one.day for one in line.exceptions}
    dates = [slot for slot in days_of(line.hours, first, last, now) if slot.day not in left_out]
    back = [slot for slot in dates if _take_each(line, [slot], now)]
    programme_dates.touch([Date(line.id, line.code, slot.day) for slot in back], now)
    return len(back)


def take(line: OwnProgramme, dates: list[Slot], now: datetime) -> None:
    """Take the room for these dates of a line, all or none. Raises AlreadyTaken."""
    stretches = [(slot.from_epoch, slot.to_epoch) for slot in dates]
    hold = Hold(TakenBy.OWN_PROGRAMME, programme_id=line.id)
    _take(occupancy.spaces_of(line.room_id), stretches, hold, now)


def close(
    room_id: int,
    first_day: date,
    last_day: date,
    reason: str,
    *,
    now: datetime,
    is_demo: bool = False,
    space_ids: Sequence[int] | None = None,
) -> Closure:
    """Close a room for some days, inside a write unit. Raises AlreadyTaken when something was promised there.

    ``space_ids``: only these of its spaces, where the others are closed already.
    A day is a row of its own, so that nobody who looks at a moment has to look far back.
    """
    closure = Closure(
        code=secrets.token_urlsafe(16),
        room_id=room_id,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        closed_at=now,
        is_demo=is_demo,
    )
    db.session.add(closure)
    db.session.flush()
    midnights = [midnight(day) for day in days_from(first_day, (last_day - first_day).days + 2)]
    stretches = list(pairwise(midnights))
    hold = Hold(TakenBy.CLOSURE, closure_id=closure.id)
    _take(space_ids or occupancy.spaces_of(room_id), stretches, hold, now)
    return closure


def _take(space_ids: Sequence[int], stretches: Sequence[tuple[int, int]], hold: Hold, now: datetime) -> None:
    """What the house says here goes before the diary it keeps elsewhere. Raises AlreadyTaken."""
    occupancy.lock(space_ids)
    diaries.give_way(space_ids, stretches)
    occupancy.take(space_ids, stretches, hold, now_epoch=epoch(now))
