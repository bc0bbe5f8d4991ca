"""What a house keeps for itself, its own programme and its closures, written out date by date."""

from datetime import date, datetime, time, timedelta

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.slots import Slot, days_from, epoch, to_local, to_utc
from zalenzoeker.storage import occupancy, programme
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Closure, OwnProgramme
from zalenzoeker.storage.occupancy import Hold

# A little further than the longest horizon a rule may have, so that own programme always goes first.
DAYS_AHEAD = 400


def write_out(now: datetime) -> int:
    """Write out every line of own programme until DAYS_AHEAD; returns how many dates were added.

    A date that somebody else has already is skipped: what was promised stays.
    """
    today = to_local(now).date()
    added = 0
    for line, written_until in programme.lines_with_last_date():
        first = max(today, written_until + timedelta(days=1)) if written_until else today
        count = (today + timedelta(days=DAYS_AHEAD) - first).days
        dates = [slot for day in days_from(first, max(0, count)) if (slot := line.hours.on(day))]
        if dates:
            with write_unit():
                added += _take_each(line, dates, now)
    return added


def _take_each(line: OwnProgramme, dates: list[Slot], now: datetime) -> int:
    """All dates at once; only where one of them is gone already, one by one."""
    try:
        with db.session.begin_nested():
            _take(line, dates, now)
    except occupancy.AlreadyTaken:
        return sum(_take_each(line, [slot], now) for slot in dates) if len(dates) > 1 else 0
    return len(dates)


def _take(line: OwnProgramme, dates: list[Slot], now: datetime) -> None:
    space_ids = occupancy.spaces_of(line.room_id)
    hold = Hold(TakenBy.OWN_PROGRAMME, programme_id=line.id)
    for slot in dates:
        occupancy.take(space_ids, slot.from_epoch, slot.to_epoch, hold, now_epoch=epoch(now))


def close(room_id: int, first_day: date, last_day: date, reason: str, *, now: datetime, is_demo: bool = False) -> None:
    """Close a room for some days, inside a write unit. Raises AlreadyTaken when something was promised there."""
    closure = Closure(room_id=room_id, first_day=first_day, last_day=last_day, reason=reason, is_demo=is_demo)
    db.session.add(closure)
    db.session.flush()
    occupancy.take(
        occupancy.spaces_of(room_id),
        epoch(to_utc(datetime.combine(first_day, time()))),
        epoch(to_utc(datetime.combine(last_day + timedelta(days=1), time()))),
        Hold(TakenBy.CLOSURE, closure_id=closure.id),
        now_epoch=epoch(now),
    )
