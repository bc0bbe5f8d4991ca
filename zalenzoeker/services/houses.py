"""What a house keeps itself: its own programme, and the days on which it is closed."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import Actor, NotAllowed, may_keep_house
from zalenzoeker.domain.programme import DAYS_AHEAD, LONGEST_NAME, Line, NotAWeeklyLine, is_far, span_of, to_come
from zalenzoeker.domain.slots import Slot, epoch, to_local
from zalenzoeker.services import changes, programme, queueing, waiting
from zalenzoeker.storage import desks, houses, occupancy
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import OwnProgramme, ProgrammeException, Venue

__all__ = ["AlreadyClosed", "Line", "NotAPeriod", "NotAWeeklyLine", "Promised", "UnknownHouse"]


class UnknownHouse(Exception):
    """There is no such place, room, line or closure."""


class NotAPeriod(ValueError):
    """The last day lies before the first, is past or very far away, or there is no usable reason."""


class AlreadyClosed(Exception):
    """One of these rooms is closed on one of these days already."""


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
        _fill(row, _room_id(venue, line.room), line, now)
        db.session.add(row)
        db.session.flush()
        changes.log(venue, Subject.PROGRAMME, None, _told(venue, row), by=by, now=now)
        programme.write_line(row, now)
        return code, queueing.answer_for_the_house(now, programme_ids=[row.id])


def change_line(venue_slug: str, code: str, line: Line, *, by: Actor, now: datetime) -> int:
    """Change what is still to come of a line; what began stays as it was. Raises what ``add_line`` does.

    Returns how many requests stood in a queue for one of its dates, and were told no.
    """
    line.check(to_local(now).date())
    with write_unit():
        venue = kept(venue_slug, by)
        room_id = _room_id(venue, line.room)
        row = _line(venue, code, also=[room_id])
        before = _told(venue, row)
        lines.let_go(row.id, now, after_epoch=epoch(now))
        _fill(row, room_id, line, now)
        changes.log(venue, Subject.PROGRAMME, before, _told(venue, row), by=by, now=now)
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
        changes.log(venue, Subject.PROGRAMME, _told(venue, row), None, by=by, now=now)
        lines.let_go(row.id, now, after_epoch=epoch(now))
        row.until = to_local(now).date() - timedelta(days=1)
        _changed(row, now)
    waiting.serve(now)


def leave_out(venue_slug: str, code: str, day: date, *, by: Actor, now: datetime) -> None:
    """One day on which a line is left out; a second time changes nothing. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        venue = kept(venue_slug, by)
        row = _line(venue, code)
        slot = _date(row, day, now)
        if day not in {one.day for one in row.exceptions}:
            row.exceptions.append(ProgrammeException(day=day))
            _changed(row, now)
            changes.log(venue, Subject.PROGRAMME_DAY, _on(row, day), None, by=by, now=now)
        lines.let_go(row.id, now, after_epoch=slot.from_epoch, until_epoch=slot.to_epoch)
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
            _changed(row, now)
            changes.log(venue, Subject.PROGRAMME_DAY, None, _on(row, day), by=by, now=now)
            programme.take(row, [slot], now)
            return queueing.answer_for_the_house(now, programme_ids=[row.id])
    except occupancy.AlreadyTaken:
        raise Promised([day]) from None


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


def _room_id(venue: Venue, slug: str) -> int:
    room_id = houses.room_id(venue.id, slug)
    if room_id is None:
        raise UnknownHouse
    return room_id


def _fill(row: OwnProgramme, room_id: int, line: Line, now: datetime) -> None:
    row.room_id, row.title, row.is_public = room_id, line.title, line.is_public
    row.weekday, row.from_minute, row.to_minute = line.weekday, line.from_minute, line.to_minute
    row.first_day, row.until, row.written_until, row.changed_at = line.first_day, line.until, None, now


def _told(venue: Venue, row: OwnProgramme) -> dict[str, Any]:
    """A line as the log keeps it."""
    return changes.of_line(row, houses.room_names(venue.id).get(row.room_id, ""))


def _on(row: OwnProgramme, day: date) -> dict[str, Any]:
    return {"title": row.title, "day": day.isoformat()}


def _changed(row: OwnProgramme, now: datetime) -> None:
    row.changed_at, row.sequence = now, row.sequence + 1


def close(
    venue_slug: str,
    room_slugs: Sequence[str],
    first_day: date,
    last_day: date,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Close these rooms for some days, own programme included, all of them or none.

    Returns how many requests stood in a queue for one of these days, and were told no.
    Raises UnknownHouse, NotAllowed, NotAPeriod, AlreadyClosed, Promised.
    """
    is_long = (last_day - first_day).days > DAYS_AHEAD
    today = to_local(now).date()
    is_past = last_day < today
    if (
        last_day < first_day
        or is_long
        or is_past
        or is_far(last_day, today)
        or not 0 < len(reason.strip()) <= LONGEST_NAME
    ):
        raise NotAPeriod
    with write_unit():
        venue = kept(venue_slug, by)
        room_ids = [_room_id(venue, slug) for slug in dict.fromkeys(room_slugs)]
        if not room_ids:
            raise UnknownHouse
        is_demo = houses.is_of_demonstration(venue.id)
        spaces = occupancy.lock_rooms(room_ids)
        span = span_of(first_day, last_day)
        if lines.is_closed(room_ids, *span):
            raise AlreadyClosed
        lines.free(room_ids, *span, now)
        promised_days = lines.promised_days(room_ids, *span, now_epoch=epoch(now))
        if promised_days:
            raise Promised(promised_days)
        closed: set[int] = set()
        closure_ids = []
        for room_id in room_ids:
            # Rooms that share a space are closed with it.
            left = [space_id for space_id in spaces[room_id] if space_id not in closed]
            if left:
                closure = programme.close(
                    room_id, first_day, last_day, reason, now=now, is_demo=is_demo, space_ids=left
                )
                closure_ids.append(closure.id)
            closed.update(left)
        names = houses.room_names(venue.id)
        told = changes.of_closure(first_day, last_day, reason, [names[one] for one in room_ids])
        changes.log(venue, Subject.CLOSURE, None, told, by=by, now=now)
        return queueing.answer_for_the_house(now, closure_ids=closure_ids)


def reopen(venue_slug: str, closure_ids: Collection[int], *, by: Actor, now: datetime) -> None:
    """Closures fall away, and own programme comes back on their days. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        venue = kept(venue_slug, by)
        found = [lines.closure(one) for one in sorted(set(closure_ids))]
        closures = [one[0] for one in found if one is not None and one[1] == venue.id]
        if not closures or len(closures) != len(found):
            raise UnknownHouse
        line_ids = {one.room_id: lines.of_rooms_that_share(one.room_id) for one in closures}
        # All rooms in one go, also those that lines lie in, so that nobody waits in a ring.
        occupancy.lock_rooms({one.room_id for one in closures} | lines.rooms_of({*chain(*line_ids.values())}))
        names = houses.room_names(venue.id)
        for period in sorted({(one.first_day, one.last_day, one.reason) for one in closures}):
            of_period = [one for one in closures if (one.first_day, one.last_day, one.reason) == period]
            told = changes.of_closure(*period, [names[one.room_id] for one in of_period])
            changes.log(venue, Subject.CLOSURE, told, None, by=by, now=now)
        for one in closures:
            occupancy.release_closure(one.id)
            db.session.delete(one)
        db.session.flush()
        for one in closures:
            # What begins the evening before goes on into the first closed day.
            evening_before = one.first_day - timedelta(days=1)
            for line_id in line_ids[one.room_id]:
                row = lines.line(line_id)
                if row is not None and programme.write_again(row, evening_before, one.last_day, now):
                    _changed(row, now)
                    queueing.answer_for_the_house(now, programme_ids=[line_id])
    waiting.serve(now)
