"""What a house keeps itself: its own programme, its closing days, its rules, and the groups it trusts."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from zalenzoeker.domain.permissions import Actor, NotAllowed, may_keep_house
from zalenzoeker.domain.register import is_rule_value
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import DAY, days_from, epoch, to_local
from zalenzoeker.services import programme, waiting
from zalenzoeker.storage import desks, houses, occupancy
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import OwnProgramme, ProgrammeException, RuleLine, Venue


class UnknownHouse(Exception):
    """There is no such place, room, line or closure."""


class NotAWeeklyLine(ValueError):
    """The end does not come after the start, or the last day lies before the first."""


class NotARuleValue(ValueError):
    """The value has not the form that this rule needs."""


class AlreadyClosed(Exception):
    """One of these rooms is closed on one of these days already."""


class Promised(Exception):
    """Somebody was promised the room on these days; that is settled with them first."""

    def __init__(self, days: Sequence[date]) -> None:
        super().__init__(", ".join(day.isoformat() for day in days))
        self.days = list(days)


@dataclass(frozen=True)
class Line:
    """A line of own programme as somebody typed it; minutes since midnight, up to 30 x 60 for the next morning."""

    room: str
    title: str
    weekday: int
    from_minute: int
    to_minute: int
    is_public: bool = True
    first_day: date | None = None
    until: date | None = None

    def check(self) -> None:
        """Raise NotAWeeklyLine for what cannot be."""
        is_in_order = self.from_minute < self.to_minute <= self.from_minute + DAY
        is_ended = self.first_day is not None and self.until is not None and self.until < self.first_day
        if not is_in_order or is_ended:
            raise NotAWeeklyLine


def _kept(venue_slug: str, by: Actor) -> Venue:
    """The place, for somebody of a desk that decides for it. Raises UnknownHouse, NotAllowed."""
    venue = houses.venue(venue_slug)
    if venue is None:
        raise UnknownHouse
    if not may_keep_house(by, desks.ids_of_venue(venue.id)):
        raise NotAllowed
    return venue


def add_line(venue_slug: str, line: Line, *, by: Actor, now: datetime) -> list[date]:
    """A new line of own programme; returns the days on which the room is promised to somebody already.

    Raises UnknownHouse, NotAllowed, NotAWeeklyLine.
    """
    line.check()
    with write_unit():
        venue = _kept(venue_slug, by)
        row = OwnProgramme(code=secrets.token_urlsafe(16), exceptions=[])
        _fill(row, venue, line, now)
        db.session.add(row)
        db.session.flush()
        programme.write_line(row, now)
        return _missed(row, now)


def change_line(venue_slug: str, code: str, line: Line, *, by: Actor, now: datetime) -> list[date]:
    """Change a line from today on. Returns and raises what ``add_line`` does."""
    line.check()
    with write_unit():
        venue = _kept(venue_slug, by)
        row = _line(venue, code)
        occupancy.lock_rooms({row.room_id})
        _clear(row, now)
        _fill(row, venue, line, now)
        db.session.flush()
        programme.write_line(row, now)
        missed = _missed(row, now)
    waiting.serve(now)
    return missed


def drop_line(venue_slug: str, code: str, *, by: Actor, now: datetime) -> None:
    """A line ends today; what has been stays in the calendars. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        row = _line(_kept(venue_slug, by), code)
        _clear(row, now)
        row.until = to_local(now).date() - timedelta(days=1)
        row.changed_at = now
    waiting.serve(now)


def leave_out(venue_slug: str, code: str, day: date, *, by: Actor, now: datetime) -> None:
    """One day on which a line is left out; a second time changes nothing. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        row = _line(_kept(venue_slug, by), code)
        slot = row.hours.on(day)
        if slot is None:
            raise UnknownHouse
        if day not in {one.day for one in row.exceptions}:
            row.exceptions.append(ProgrammeException(day=day))
            row.changed_at = now
        occupancy.release_programme(row.id, after_epoch=slot.from_epoch, until_epoch=slot.to_epoch)
    waiting.serve(now)


def put_in(venue_slug: str, code: str, day: date, *, by: Actor, now: datetime) -> None:
    """A day that was left out comes back. Raises UnknownHouse, NotAllowed, Promised."""
    try:
        with write_unit():
            row = _line(_kept(venue_slug, by), code)
            exception = next((one for one in row.exceptions if one.day == day), None)
            slot = row.hours.on(day)
            if exception is None or slot is None:
                return
            row.exceptions.remove(exception)
            db.session.delete(exception)
            row.changed_at = now
            programme.take(row, [slot], now)
    except occupancy.AlreadyTaken:
        raise Promised([day]) from None


def _line(venue: Venue, code: str) -> OwnProgramme:
    row = lines.by_code(code)
    if row is None or row.room.venue_id != venue.id:
        raise UnknownHouse
    return row


def _fill(row: OwnProgramme, venue: Venue, line: Line, now: datetime) -> None:
    room_id = houses.room_id(venue.id, line.room)
    if room_id is None:
        raise UnknownHouse
    row.room_id, row.title, row.is_public = room_id, line.title, line.is_public
    row.weekday, row.from_minute, row.to_minute = line.weekday, line.from_minute, line.to_minute
    row.first_day, row.until, row.written_until, row.changed_at = line.first_day, line.until, None, now


def _clear(row: OwnProgramme, now: datetime) -> None:
    """Free what is still to come of a line."""
    occupancy.release_programme(row.id, after_epoch=epoch(now))


def _missed(row: OwnProgramme, now: datetime) -> list[date]:
    """The days until the end of what was written out on which the line could not take its room."""
    left_out = {one.day for one in row.exceptions}
    today = to_local(now).date()
    first, last = max(today, row.first_day or today), min(row.until or date.max, row.written_until or today)
    days = (day for day in days_from(first, max(0, (last - first).days + 1)) if day.weekday() == row.weekday)
    held = lines.days_held(row.id)
    return [day for day in days if day not in left_out and day not in held]


def close(
    venue_slug: str,
    room_slugs: Sequence[str],
    first_day: date,
    last_day: date,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Close these rooms for some days, own programme included, all of them or none.

    Raises UnknownHouse, NotAllowed, NotAWeeklyLine (the last day lies before the first), AlreadyClosed, Promised.
    """
    if last_day < first_day or (last_day - first_day).days > programme.DAYS_AHEAD:
        raise NotAWeeklyLine
    with write_unit():
        venue = _kept(venue_slug, by)
        found = [houses.room_id(venue.id, slug) for slug in room_slugs]
        room_ids = [room_id for room_id in found if room_id is not None]
        if not room_ids or len(room_ids) != len(room_slugs):
            raise UnknownHouse
        spaces = occupancy.lock_rooms(room_ids)
        span = programme.midnight(first_day), programme.midnight(last_day + timedelta(days=1))
        if lines.is_closed(room_ids, *span):
            raise AlreadyClosed
        lines.free(room_ids, *span)
        promised = lines.promised_days(room_ids, *span, now_epoch=epoch(now))
        if promised:
            raise Promised(promised)
        closed: set[int] = set()
        for room_id in room_ids:
            # Rooms that share a space are closed with it.
            left = [space_id for space_id in spaces[room_id] if space_id not in closed]
            if left:
                programme.close(room_id, first_day, last_day, reason, now=now, space_ids=left)
            closed.update(left)


def reopen(venue_slug: str, closure_id: int, *, by: Actor, now: datetime) -> None:
    """A closure falls away, and own programme comes back on its days. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        venue = _kept(venue_slug, by)
        found = lines.closure(closure_id)
        if found is None or found[1] != venue.id:
            raise UnknownHouse
        closure = found[0]
        occupancy.lock_rooms({closure.room_id})
        occupancy.release_closure(closure.id)
        db.session.delete(closure)
        db.session.flush()
        for line_id in lines.of_rooms_that_share(closure.room_id):
            row = lines.line(line_id)
            if row is not None:
                programme.write_again(row, closure.first_day, closure.last_day, now)
    waiting.serve(now)


def set_rule(venue_slug: str, room_slug: str, name: RuleName, value: Any, source: str, *, by: Actor) -> None:
    """A rule of a place, or of one of its rooms where ``room_slug`` says which. It holds for what is asked from now on.

    Raises UnknownHouse, NotAllowed, NotARuleValue.
    """
    if not is_rule_value(name, value):
        raise NotARuleValue(name)
    with write_unit():
        venue = _kept(venue_slug, by)
        room_id = _room_of(venue, room_slug)
        line = houses.rule_line(venue.id, room_id, name)
        if line is None:
            line = RuleLine(venue_id=venue.id, room_id=room_id, name=name)
            db.session.add(line)
        line.value, line.source = value, source


def drop_rule(venue_slug: str, room_slug: str, name: RuleName, *, by: Actor) -> None:
    """The rule of the place, or of the city, holds again. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        venue = _kept(venue_slug, by)
        line = houses.rule_line(venue.id, _room_of(venue, room_slug), name)
        if line is not None:
            db.session.delete(line)


def _room_of(venue: Venue, room_slug: str) -> int | None:
    if not room_slug:
        return None
    room_id = houses.room_id(venue.id, room_slug)
    if room_id is None:
        raise UnknownHouse
    return room_id
