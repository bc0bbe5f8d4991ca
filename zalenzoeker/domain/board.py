"""The planning board: what stands in many rooms, as lines of a day and as parts of the days of a week."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.dayline import USUAL_DAY, Minutes, open_minutes
from zalenzoeker.domain.permissions import Parties
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import DAY, STEP_MINUTES
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import LONGEST_DAY, WallDay, wall_day

# A desk plans so many rooms at a time; the city turns the page.
MOST_ROOMS = 30
PARTS = (DayPart.MORNING, DayPart.AFTERNOON, DayPart.EVENING)


@dataclass(frozen=True)
class Block:
    """What stands in a room, in epoch seconds, set-up and clean-up included.

    ``code``: of the request or of the line of own programme, or the number of the closure; empty for who has not
    proved their address yet. ``uid``: of the date of a request. ``room_id``: the room on whose line it stands, also
    where it only shares a space with the room it was asked for. ``is_inside``: during the open hours, beside
    what is there; it takes nothing. ``is_shielded``: who walks by must not read what it is.
    """

    room_id: int
    from_epoch: int
    to_epoch: int
    by: TakenBy
    title: str = ""
    asker: str = ""
    code: str = ""
    uid: str = ""
    setup_minutes: int = 0
    cleanup_minutes: int = 0
    parties: Parties | None = None
    is_inside: bool = False
    is_shielded: bool = False

    @property
    def waits(self) -> bool:
        return self.by in (TakenBy.REQUEST, TakenBy.QUEUED)


@dataclass(frozen=True)
class Placed:
    """A block on the wall clock of a day, in minutes since its midnight; ``number``: of those that begin then."""

    block: Block
    from_minute: int
    to_minute: int
    number: int = 1

    @property
    def hours(self) -> Minutes:
        """From when till when people are there: without the time to set up and to clean."""
        return self.from_minute + self.block.setup_minutes, self.to_minute - self.block.cleanup_minutes

    @property
    def on_grid(self) -> Minutes:
        """The same on quarter hours, at least one long, so that it can be seen."""
        first = self.from_minute // STEP_MINUTES * STEP_MINUTES
        return first, max(first + STEP_MINUTES, self.to_minute // STEP_MINUTES * STEP_MINUTES)


@dataclass(frozen=True)
class Span:
    """A cell of a line: something that stands there, or nothing while the room is open, closed, or of another line."""

    from_minute: int
    to_minute: int
    placed: Placed | None = None
    is_open: bool = True

    @property
    def quarters(self) -> int:
        return (self.to_minute - self.from_minute) // STEP_MINUTES


@dataclass(frozen=True)
class Row:
    """A room with its lines: the first says when it is open; what overlaps stands on the lines below."""

    room: KnownRoom
    lines: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class Board:
    """A day of many rooms, between two whole hours."""

    day: date
    from_minute: int
    to_minute: int
    rows: tuple[Row, ...]


Blocks = Mapping[int, Sequence[Block]]


def board(day: date, rooms: Sequence[KnownRoom], blocks: Blocks) -> Board:
    """The lines of these rooms on a day. ``blocks``: by the id of the room."""
    wall = wall_day(day)
    opened = {room.id: open_minutes(room.hours, room.rules, room.special, wall) for room in rooms}
    there = {room.id: placed(wall, blocks.get(room.id, ())) for room in rooms}
    window = _window(rooms, opened, there)
    rows = tuple(Row(room, _lines(there[room.id], opened[room.id], window)) for room in rooms)
    return Board(day, *window, rows)


def placed(wall: WallDay, blocks: Iterable[Block]) -> list[Placed]:
    """These blocks on the wall clock of a day, in order; those that begin at the same minute are numbered."""
    found: list[Placed] = []
    times: dict[int, int] = {}
    for one in sorted(blocks, key=lambda one: (one.from_epoch, one.by is TakenBy.QUEUED, one.uid, one.code)):
        first, last = wall.minute(one.from_epoch), wall.minute(one.to_epoch)
        times[first] = times.get(first, 0) + 1
        found.append(Placed(one, first, last, times[first]))
    return found


def standing_at(wall: WallDay, blocks: Iterable[Block], minute: int, number: int) -> Placed | None:
    """What begins in a room at a minute of the wall clock; where several do, the one with this number."""
    return next((one for one in placed(wall, blocks) if (one.from_minute, one.number) == (minute, number)), None)


def _window(
    rooms: Sequence[KnownRoom], opened: Mapping[int, Sequence[Minutes]], there: Mapping[int, Sequence[Placed]]
) -> Minutes:
    """From which to which hour the board runs: while a room is open, and longer for what stands outside of that."""
    of_day = [minutes for of_room in opened.values() for minutes in of_room]
    edges = of_day or [_usual(room) for room in rooms] or [USUAL_DAY]
    # What began the evening before, or begins after midnight, is another day's; a closure lasts all day long.
    own = [
        one.on_grid
        for of_room in there.values()
        for one in of_room
        if one.block.by is not TakenBy.CLOSURE and 0 <= one.from_minute < DAY
    ]
    first = min(start for start, _end in [*edges, *own])
    last = max(end for _start, end in [*edges, *own])
    return max(0, first // 60 * 60), min(LONGEST_DAY, -(-last // 60) * 60)


def _usual(room: KnownRoom) -> Minutes:
    """Between which minutes a room is open on any day of its week."""
    if not room.hours:
        return USUAL_DAY
    return min(line.from_minute for line in room.hours), max(line.to_minute for line in room.hours)


def _lines(there: Sequence[Placed], opened: Sequence[Minutes], window: Minutes) -> tuple[tuple[Span, ...], ...]:
    """Each block in the first line that has room for it, what only queues after what has the room.

    What takes nothing stands below the first line, which says when the room is free.
    """
    lanes: list[list[Placed]] = [[]]
    for one in sorted(there, key=lambda one: one.block.by is TakenBy.QUEUED):
        first, last = _within(one.on_grid, window)
        if first >= last:
            continue
        may_stand = lanes[1:] if one.block.is_inside else lanes
        lane = next((lane for lane in may_stand if not any(_meets(one, other) for other in lane)), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(one)
    return tuple(tuple(_filled(lane, () if number else opened, window)) for number, lane in enumerate(lanes))


def _meets(one: Placed, other: Placed) -> bool:
    return one.on_grid[0] < other.on_grid[1] and other.on_grid[0] < one.on_grid[1]


def _within(minutes: Minutes, window: Minutes) -> Minutes:
    return max(minutes[0], window[0]), min(minutes[1], window[1])


def _filled(lane: Sequence[Placed], opened: Sequence[Minutes], window: Minutes) -> Iterator[Span]:
    """A line without gaps: what stands in it, and between that what is open and what is not."""
    reached = window[0]
    for one in sorted(lane, key=lambda one: one.from_minute):
        first, last = _within(one.on_grid, window)
        yield from _between(reached, first, opened)
        yield Span(first, last, one)
        reached = last
    yield from _between(reached, window[1], opened)


def _between(first: int, last: int, opened: Sequence[Minutes]) -> Iterator[Span]:
    if first >= last:
        return
    edges = {minute // STEP_MINUTES * STEP_MINUTES for hours in opened for minute in hours}
    cuts = sorted({first, last, *(minute for minute in edges if first < minute < last)})
    for start, end in pairwise(cuts):
        yield Span(start, end, is_open=any(opens <= start < closes for opens, closes in opened))


@dataclass(frozen=True)
class Part:
    """A part of a day of one room: what stands in it, and whether the room is open then at all."""

    day: date
    part: DayPart
    from_minute: int
    to_minute: int
    there: tuple[Placed, ...]
    is_open: bool


@dataclass(frozen=True)
class RoomWeek:
    """A week of one room: per part of the day its seven days."""

    room: KnownRoom
    parts: tuple[tuple[Part, ...], ...]


def room_week(days: Sequence[date], room: KnownRoom, blocks: Sequence[Block]) -> RoomWeek:
    """What stands in each part of these days; what lasts longer than a part stands in each that it touches.

    The parts begin when the rules of the house say; together they are the whole day, until six the next morning.
    """
    of_days = [_parts_of(day, room, blocks) for day in days]
    return RoomWeek(room, tuple(tuple(of_day[number] for of_day in of_days) for number in range(len(PARTS))))


def _parts_of(day: date, room: KnownRoom, blocks: Sequence[Block]) -> list[Part]:
    wall = wall_day(day)
    opened = open_minutes(room.hours, room.rules, room.special, wall)
    there = [one for one in placed(wall, blocks) if 0 <= one.from_minute < DAY or _lasts(one)]
    begins = [_minute(room.rules.hours_of(part, day.weekday())[0]) for part in PARTS[1:]]
    parts = []
    for part, (first, last) in zip(PARTS, pairwise([0, *begins, LONGEST_DAY]), strict=True):
        here = tuple(one for one in there if one.from_minute < last and first < one.to_minute)
        is_open = any(opens < last and first < closes for opens, closes in opened)
        parts.append(Part(day, part, first, last, here, is_open))
    return parts


def _lasts(one: Placed) -> bool:
    """What began the day before and goes on after six in the morning is there that day too."""
    return one.from_minute < 0 and one.to_minute > LONGEST_DAY - DAY


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
