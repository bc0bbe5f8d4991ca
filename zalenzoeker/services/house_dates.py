"""One date of own programme, or a closure, put somewhere else: all or nothing, and what was promised stays."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.programme import DAYS_AHEAD, Line, NotAWeeklyLine, to_come
from zalenzoeker.domain.slots import WeeklyHours, to_local
from zalenzoeker.services import activities, changes, programme, queueing, waiting
from zalenzoeker.services.closures import check_period, close_rooms, release_closures, write_back
from zalenzoeker.services.houses import Promised, UnknownHouse, fill, kept, line_told, room_id_of
from zalenzoeker.storage import houses, programme_dates
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import OwnProgramme, ProgrammeException, Venue
from zalenzoeker.storage.programme_dates import Date


def once(
    room: str, title: str, day: date, from_minute: int, to_minute: int, *, is_public: bool, is_shielded: bool = False
) -> Line:
    """Own programme of one day only; minutes since its midnight, up to 30 x 60 for the next morning."""
    weekday = day.weekday()
    return Line(room, title, weekday, from_minute, to_minute, is_public, day, day, is_shielded=is_shielded)


def is_once(row: OwnProgramme) -> bool:
    """Whether a line is there on one day only."""
    return row.first_day is not None and row.first_day == row.until


def add_once(venue_slug: str, line: Line, *, by: Actor, now: datetime) -> int:
    """Own programme on one day, for which the room must be free.

    Returns how many requests stood in a queue for it, and were told no.
    Raises UnknownHouse, NotAllowed, NotAWeeklyLine, and Promised when anything stands there.
    """
    _check(line, now)
    with write_unit():
        venue = kept(venue_slug, by)
        return _add(venue, line, by, now, is_demo=houses.is_of_demonstration(venue.id))


def move_date(
    venue_slug: str, code: str, day: date, *, room: str, to: date, minutes: tuple[int, int], by: Actor, now: datetime
) -> int:
    """Put one date of a line somewhere else, to another room, day or hour; its other dates stay.

    What is moved leaves its own place first, so that it may overlap it. Returns how many requests stood in a queue for
    the new moment, and were told no. Raises what ``add_once`` does; UnknownHouse also when the date is not there any
    more, so that moving it twice moves it once.
    """
    with write_unit():
        venue = kept(venue_slug, by)
        room_id = room_id_of(venue, room)
        row = lines.for_change(code, also=[room_id])
        if row is None or row.room.venue_id != venue.id:
            raise UnknownHouse
        slot = next((one for one in to_come(row.hours, row.first_day, row.until, now) if one.day == day), None)
        if slot is None or day in {one.day for one in row.exceptions}:
            raise UnknownHouse
        line = once(room, row.title, to, *minutes, is_public=row.is_public, is_shielded=row.is_shielded)
        _check(line, now)
        lines.let_go_date(row.id, slot, now)
        moved = Date(row.id, row.code, day)
        if is_once(row):
            before = line_told(venue, row)
            programme_dates.move(moved, row.id, now)
            fill(row, room_id, line, now)
            changes.log(venue, Subject.PROGRAMME, before, line_told(venue, row), by=by, now=now)
            overtaken = _write(row, to, now)
        else:
            row.exceptions.append(ProgrammeException(day=day))
            changes.log(venue, Subject.PROGRAMME_DAY, changes.of_day(row, day), None, by=by, now=now)
            overtaken = _add(venue, line, by, now, is_demo=row.is_demo, moved=moved, sequence=row.sequence)
    waiting.serve(now)
    return overtaken


def move_closure(
    venue_slug: str,
    closure_ids: Collection[int],
    room_slugs: Sequence[str],
    first_day: date,
    last_day: date,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Close other rooms or other days instead; own programme comes back on the days that are open again.

    Returns how many requests stood in a queue for one of the new days, and were told no.
    Raises UnknownHouse, NotAllowed, NotAPeriod, AlreadyClosed, Promised; then nothing has changed.
    """
    check_period(first_day, last_day, reason, now)
    with write_unit():
        venue = kept(venue_slug, by)
        room_ids = [room_id_of(venue, slug) for slug in dict.fromkeys(room_slugs)]
        closures, line_ids = release_closures(venue, closure_ids, by=by, now=now, also=room_ids)
        overtaken = close_rooms(venue, room_ids, first_day, last_day, reason, by=by, now=now)
        write_back(closures, line_ids, now)
    waiting.serve(now)
    return overtaken


def _check(line: Line, now: datetime) -> None:
    """Raise NotAWeeklyLine for what is past, lies further ahead than lines are written out, or cannot be."""
    today = to_local(now).date()
    line.check(today)
    if line.first_day is None or line.first_day >= today + timedelta(days=DAYS_AHEAD):
        raise NotAWeeklyLine
    hours = WeeklyHours(line.weekday, line.from_minute, line.to_minute)
    if not to_come(hours, line.first_day, line.until, now):
        raise NotAWeeklyLine


def _add(
    venue: Venue, line: Line, by: Actor, now: datetime, *, is_demo: bool, moved: Date | None = None, sequence: int = 0
) -> int:
    """``moved``: the date of another line that this one is from now on, with the ``sequence`` of that line."""
    row = OwnProgramme(code=secrets.token_urlsafe(16), exceptions=[], sequence=sequence, is_demo=is_demo)
    fill(row, room_id_of(venue, line.room), line, now)
    db.session.add(row)
    db.session.flush()
    if moved:
        programme_dates.move(moved, row.id, now)
    else:
        activities.stand_by_line(row, now)
    changes.log(venue, Subject.PROGRAMME, None, line_told(venue, row), by=by, now=now)
    assert line.first_day is not None, "it was checked"
    return _write(row, line.first_day, now)


def _write(row: OwnProgramme, day: date, now: datetime) -> int:
    """Write a line of one day out, inside a write unit. Raises Promised when something else stands there."""
    db.session.flush()
    programme.write_line(row, now)
    if day not in lines.days_held(row.id):
        raise Promised([day])
    return queueing.answer_for_the_house(now, programme_ids=[row.id])
