"""What a house does itself, its own programme, line by line; and who may keep a house."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import Actor, NotAllowed, may_keep_house
from zalenzoeker.domain.programme import Line, NotAWeeklyLine, to_come
from zalenzoeker.domain.slots import Slot, epoch, to_local
from zalenzoeker.services import activities, changes, programme, queueing, waiting
from zalenzoeker.storage import desks, houses, occupancy, programme_dates
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import OwnProgramme, ProgrammeException, Venue
from zalenzoeker.storage.programme_dates import Date

__all__ = ["Line", "NotAWeeklyLine", "Promised", "UnknownHouse"]


class UnknownHouse(Exception):
    """There is no such place, room, line or closure."""


class Promised(Exception):
    """Somebody was promised the room on these days; that is settled with them first."""

    def __init__(self, days: Sequence[date]) -> None:
        super().__init__(", ".join(day.isoformat() for day in days))
        self.days = list(days)


def kept(venue_slug: str, by: Actor) -> Venue:
    """The place, for somebody of a desk that decides for it. Raises UnknownHouse, NotAllowed."""
    venue = houses.venue(venue_slug)
    if venue is None:
        raise UnknownHouse
    if not may_keep_house(by, desks.keepers_of_venue(venue.id)):
        raise NotAllowed
    return venue


def add_line(venue_slug: str, line: Line, *, by: Actor, now: datetime) -> tuple[str, int]:
    """A new line of own programme, written out at once as far as its room is free.

    Returns its code, and how many requests stood in a queue for one of its dates, and were told no.
    Raises UnknownHouse, NotAllowed, NotAWeeklyLine.
    """
    line.check(to_local(now).date())
    with write_unit():
        venue = kept(venue_slug, by)
        code = secrets.token_urlsafe(16)
        row = OwnProgramme(code=code, exceptions=[], sequence=0, is_demo=houses.is_of_demonstration(venue.id))
        fill(row, room_id_of(venue, line.room), line, now)
        db.session.add(row)
        db.session.flush()
        activities.stand_by_line(row, now)
        changes.log(venue, Subject.PROGRAMME, None, line_told(venue, row), by=by, now=now)
        programme.write_line(row, now)
        return code, queueing.answer_for_the_house(now, programme_ids=[row.id])


def change_line(venue_slug: str, code: str, line: Line, *, by: Actor, now: datetime) -> int:
    """Change what is still to come of a line; what began stays as it was. Raises what ``add_line`` does.

    Returns how many requests stood in a queue for one of its dates, and were told no.
    """
    line.check(to_local(now).date())
    with write_unit():
        venue = kept(venue_slug, by)
        room_id = room_id_of(venue, line.room)
        row = _line(venue, code, also=[room_id])
        before = line_told(venue, row)
        lines.let_go(row.id, now, after_epoch=epoch(now))
        former_title = row.title
        fill(row, room_id, line, now)
        activities.stand_by_line(row, now, former_title=former_title)
        activities.moved_follow(row, now)
        changes.log(venue, Subject.PROGRAMME, before, line_told(venue, row), by=by, now=now)
        row.sequence += 1
        today = to_local(now).date()
        if today in lines.days_held(row.id):
            # A line is there once a day: what was there today is not there a second time.
            row.written_until = today
        db.session.flush()
        programme.write_line(row, now)
        overtaken = queueing.answer_for_the_house(now, programme_ids=[row.id])
    waiting.serve(now)
    return overtaken


def drop_line(venue_slug: str, code: str, *, by: Actor, now: datetime) -> None:
    """A line ends today; what has been stays in the calendars. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        venue = kept(venue_slug, by)
        row = _line(venue, code)
        changes.log(venue, Subject.PROGRAMME, line_told(venue, row), None, by=by, now=now)
        lines.let_go(row.id, now, after_epoch=epoch(now))
        row.until = to_local(now).date() - timedelta(days=1)
        line_changed(row, now)
    waiting.serve(now)


def leave_out(venue_slug: str, code: str, day: date, *, by: Actor, now: datetime) -> None:
    """One day on which a line is left out; a second time changes nothing. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        venue = kept(venue_slug, by)
        row = _line(venue, code)
        slot = _date(row, day, now)
        if day not in {one.day for one in row.exceptions}:
            row.exceptions.append(ProgrammeException(day=day))
            changes.log(venue, Subject.PROGRAMME_DAY, changes.of_day(row, day), None, by=by, now=now)
        lines.let_go_date(row.id, slot, now)
    waiting.serve(now)


def put_in(venue_slug: str, code: str, day: date, *, by: Actor, now: datetime) -> int:
    """A day that was left out, or on which somebody else had the room, comes back; a second time changes nothing.

    Returns how many requests stood in a queue for it, and were told no.
    Raises UnknownHouse, NotAllowed, Promised.
    """
    try:
        with write_unit():
            venue = kept(venue_slug, by)
            row = _line(venue, code)
            slot = _date(row, day, now)
            if day in lines.days_held(row.id):
                return 0
            for exception in [one for one in row.exceptions if one.day == day]:
                row.exceptions.remove(exception)
                db.session.delete(exception)
            changes.log(venue, Subject.PROGRAMME_DAY, None, changes.of_day(row, day), by=by, now=now)
            programme.take(row, [slot], now)
            date_is_back(row, day, now)
            return queueing.answer_for_the_house(now, programme_ids=[row.id])
    except occupancy.AlreadyTaken:
        raise Promised([day]) from None


def date_is_back(row: OwnProgramme, day: date, now: datetime) -> None:
    """A date is there itself again; the line that it had become is one like any other from now on."""
    one = Date(row.id, row.code, day)
    programme_dates.touch([one], now)
    alone = programme_dates.stay(one)
    if alone is not None:
        alone.changed_at = now
        activities.stand_by_line(alone, now, like=row)


def _date(row: OwnProgramme, day: date, now: datetime) -> Slot:
    """The date of a line on a day, unless it is past or the line is not there then. Raises UnknownHouse."""
    slots = to_come(row.hours, row.first_day, row.until, now)
    found = next((slot for slot in slots if slot.day == day), None)
    if found is None:
        raise UnknownHouse
    return found


def _line(venue: Venue, code: str, *, also: Collection[int] = ()) -> OwnProgramme:
    row = lines.for_change(code, also=also)
    if row is None or row.room.venue_id != venue.id:
        raise UnknownHouse
    return row


def room_id_of(venue: Venue, slug: str) -> int:
    room_id = houses.room_id(venue.id, slug)
    if room_id is None:
        raise UnknownHouse
    return room_id


def fill(row: OwnProgramme, room_id: int, line: Line, now: datetime) -> None:
    row.room_id, row.title = room_id, line.title
    row.is_public, row.is_shielded = line.is_public and not line.is_shielded, line.is_shielded
    row.weekday, row.from_minute, row.to_minute = line.weekday, line.from_minute, line.to_minute
    row.first_day, row.until, row.written_until, row.changed_at = line.first_day, line.until, None, now


def line_told(venue: Venue, row: OwnProgramme) -> dict[str, Any]:
    """A line as the log keeps it."""
    return changes.of_line(row, houses.room_names(venue.id).get(row.room_id, ""))


def line_changed(row: OwnProgramme, now: datetime) -> None:
    row.changed_at, row.sequence = now, row.sequence + 1
