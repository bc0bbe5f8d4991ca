"""What the houses do in a play: they close and open again, and keep a programme of their own."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from tests.torture.play import FIRST_DAY, Play, Step
from zalenzoeker.domain.programme import Line
from zalenzoeker.services import closures, houses
from zalenzoeker.storage import programme
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, OwnProgramme, Room

# From and to in minutes since midnight: what touches, what overlaps, and what goes on after midnight.
MINUTES = ((600, 690), (660, 750), (720, 840), (690, 750), (1320, 1500))
LAST_DAY = FIRST_DAY + timedelta(weeks=5)


def line_of(room: str, weekday: int, hours: int, first: int = 0) -> Line:
    starts, ends = MINUTES[hours % len(MINUTES)]
    first_day = FIRST_DAY + timedelta(days=first)
    return Line(room, "Soepcafé", weekday, starts, ends, first_day=first_day, until=LAST_DAY)


@dataclass(frozen=True)
class Close(Step):
    """One room is closed for some days, or all rooms of its house."""

    room: int
    day: int
    days: int
    is_whole: bool = False

    def do(self, play: Play) -> object:
        venue, _, room = play.city.rooms[self.room].partition("/")
        all_rooms = [one.partition("/")[2] for one in play.city.rooms if one.startswith(f"{venue}/")]
        first = FIRST_DAY + timedelta(days=self.day)
        last = first + timedelta(days=self.days)
        rooms = all_rooms if self.is_whole else [room]
        return closures.close(venue, rooms, first, last, "Verlof", by=play.city.desk, now=play.now)


@dataclass(frozen=True)
class Reopen(Step):
    """A closure falls away, alone or with those of the same days in the same house."""

    number: int
    is_whole: bool = False

    def do(self, play: Play) -> object:
        query = select(Closure, Room.venue_id).join(Room, Room.id == Closure.room_id)
        found = db.session.execute(query.order_by(Closure.first_day, Closure.room_id, Closure.id)).all()
        db.session.close()
        if not found:
            raise houses.UnknownHouse
        chosen, venue_id = found[self.number % len(found)]
        days = chosen.first_day, chosen.last_day
        same = [one.id for one, where in found if (where, one.first_day, one.last_day) == (venue_id, *days)]
        venue = play.city.rooms[play.city.room_ids.index(chosen.room_id)].partition("/")[0]
        closures.reopen(venue, same if self.is_whole else [chosen.id], by=play.city.desk, now=play.now)
        return None


@dataclass(frozen=True)
class AddLine(Step):
    """The house begins a weekly line of its own programme, written out for some weeks."""

    room: int
    weekday: int
    hours: int
    first: int

    def do(self, play: Play) -> object:
        venue, _, room = play.city.rooms[self.room].partition("/")
        line = line_of(room, self.weekday, self.hours, self.first)
        code, overtaken = houses.add_line(venue, line, by=play.city.desk, now=play.now)
        play.lines.append(code)
        return overtaken


@dataclass(frozen=True)
class ChangeLine(Step):
    """A line goes to other hours, another day of the week, or another room of its house."""

    number: int
    room: int
    weekday: int
    hours: int

    def do(self, play: Play) -> object:
        venue, row = a_line(play, self.number)
        rooms = [one.partition("/")[2] for one in play.city.rooms if one.startswith(f"{venue}/")]
        line = line_of(rooms[self.room % len(rooms)], self.weekday, self.hours)
        return houses.change_line(venue, row.code, line, by=play.city.desk, now=play.now)


@dataclass(frozen=True)
class DropLine(Step):
    number: int

    def do(self, play: Play) -> object:
        venue, row = a_line(play, self.number)
        houses.drop_line(venue, row.code, by=play.city.desk, now=play.now)
        return None


@dataclass(frozen=True)
class LeaveOut(Step):
    """One day of a line is left out."""

    number: int
    week: int

    def do(self, play: Play) -> object:
        venue, row = a_line(play, self.number)
        houses.leave_out(venue, row.code, day_of(row, self.week), by=play.city.desk, now=play.now)
        return None


@dataclass(frozen=True)
class PutIn(Step):
    """A day that was left out comes back, or one that was not written because somebody had the room."""

    number: int
    week: int

    def do(self, play: Play) -> object:
        venue, row = a_line(play, self.number)
        return houses.put_in(venue, row.code, day_of(row, self.week), by=play.city.desk, now=play.now)


def a_line(play: Play, number: int) -> tuple[str, OwnProgramme]:
    """One of the lines so far, and the slug of its house. Raises UnknownHouse."""
    if not play.lines:
        raise houses.UnknownHouse
    row = programme.by_code(play.lines[number % len(play.lines)])
    assert row is not None
    db.session.close()
    return play.city.rooms[play.city.room_ids.index(row.room_id)].partition("/")[0], row


def day_of(row: OwnProgramme, week: int) -> date:
    return FIRST_DAY + timedelta(weeks=week, days=(row.weekday - FIRST_DAY.weekday()) % 7)
