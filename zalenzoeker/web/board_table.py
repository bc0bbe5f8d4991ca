"""The planning board as a page draws it: cells with their words, and the addresses they lead to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.board import Block, Board, Part, Placed, RoomWeek, Span
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import Actor, may_see_parties
from zalenzoeker.domain.slots import DAY, to_local
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.web.dates import minute_clock, minutes_short

# Short, because a board has a thousand of them.
LOOK = {
    TakenBy.BOOKING: "b",
    TakenBy.REQUEST: "p",
    TakenBy.QUEUED: "q",
    TakenBy.OWN_PROGRAMME: "o",
    TakenBy.DIARY: "d",
    TakenBy.CLOSURE: "x",
}
FREE, SHUT, GAP = "f", "c", "g"
STATE = {
    "b": _l("confirmed"),
    "p": _l("waits for a decision"),
    "q": _l("waits, with others"),
    "o": _l("own programme"),
    "d": _l("taken (diary of the house)"),
    "x": _l("closed"),
    FREE: _l("Free"),
    SHUT: _l("Not open"),
}
# The board explains what stands on it, in this order.
LEGEND = ("f", "p", "q", "b", "o", "d", "x")
# On a board as full as this, what is left of a room is too narrow to read, and would only make the page heavy.
CROWDED = 200
# What somebody may want to see alone, as addresses say it.
WAITS, IS_FREE = "wacht", "vrij"


@dataclass(frozen=True)
class Cell:
    """A cell of a line. ``look``: a letter that the style sheet knows; ``quarters``: how wide it is."""

    look: str
    quarters: int
    href: str = ""
    hours: str = ""
    words: str = ""
    asker: str = ""
    state: str = ""
    note: str = ""
    is_shielded: bool = False


@dataclass(frozen=True)
class TableRow:
    """A room with its lines."""

    room: KnownRoom
    lines: list[list[Cell]]


@dataclass(frozen=True)
class Looker:
    """Who looks at the board, and when: what lies behind them is not made any more."""

    who: Actor
    now: datetime

    @property
    def today(self) -> date:
        return to_local(self.now).date()


def table(board: Board, looker: Looker) -> list[TableRow]:
    """The lines of a board, with what is free told where there is room to tell it."""
    said = {look: str(words) for look, words in STATE.items()}
    spans = list(chain.from_iterable(chain.from_iterable(row.lines for row in board.rows)))
    is_crowded = sum(span.placed is not None for span in spans) > CROWDED
    tells_free = not is_crowded and board.day >= looker.today

    def cell(span: Span, room: KnownRoom, *, is_first: bool) -> Cell:
        if span.placed:
            return _block(span.placed, span.quarters, board.day, room, looker, said)
        if not is_first:
            return Cell(GAP, span.quarters)
        if not span.is_open:
            return Cell(SHUT, span.quarters, words="" if is_crowded else _why_shut(room, board.day) or said[SHUT])
        if not tells_free:
            return Cell(FREE, span.quarters)
        hours = minutes_short(span.from_minute, span.to_minute)
        href = make_address(room, board.day, span.from_minute, span.to_minute)
        return Cell(FREE, span.quarters, href, hours, said[FREE])

    return [
        TableRow(row.room, [[cell(one, row.room, is_first=not n) for one in line] for n, line in enumerate(row.lines)])
        for row in board.rows
    ]


def _why_shut(room: KnownRoom, day: date) -> str:
    """The name of the special day on which the rules close the room, where that is why."""
    closing = room.rules.closing_day(day, room.special)
    return closing.name if closing else ""


def _block(one: Placed, quarters: int, day: date, room: KnownRoom, looker: Looker, said: dict[str, str]) -> Cell:
    block = one.block
    look = LOOK[block.by]
    hours = minutes_short(*one.hours)
    note = minutes_short(one.from_minute, one.to_minute)
    return Cell(
        look,
        quarters,
        address(one, day, room) if may_open(one, looker.who) else "",
        hours,
        block.title or said[look].capitalize(),
        block.asker,
        _state(block, said[look]),
        note if note != hours else "",
        is_shielded=block.is_shielded,
    )


def _state(block: Block, said: str) -> str:
    """What it is, and what only a desk should know of it."""
    inside = _("takes no room") if block.is_inside else ""
    shielded = _("shielded") if block.is_shielded else ""
    return ", ".join(words for words in (said, inside, shielded) if words)


def may_open(one: Placed, who: Actor) -> bool:
    """Whether there is a page behind it for this person: of another desk's request there is none."""
    if not one.block.code:
        return False
    return one.block.parties is None or may_see_parties(who, one.block.parties)


def address(one: Placed, day: date, room: KnownRoom) -> str:
    """Where what stands there is opened: named by its moment, because that stands in the cell already.

    Codes that nobody can guess would be half the weight of a full board, and names of rooms a tenth; only who keeps the
    house may open it.
    """
    days, minute = divmod(one.from_minute, DAY)
    number = f"-{one.number}" if one.number > 1 else ""
    return f"planbord/{day + timedelta(days=days)}/{room.id}/{minute_clock(minute)}{number}"


def make_address(room: KnownRoom, day: date, from_minute: int, to_minute: int) -> str:
    """Where something is made in a room between two minutes of a day."""
    starts, ends = (f"{minute // 60 % 24:02d}:{minute % 60:02d}" for minute in (from_minute, to_minute))
    # A slash may stand in a query as it is.
    asked = urlencode({"zaal": room.code, "dag": day, "van": starts, "tot": ends}, safe="/:")
    return f"planbord/nieuw?{asked}"


def only(rows: Sequence[TableRow], asked: str) -> list[TableRow]:
    """The rooms in which something waits, or where something is free; all of them for anything else that was asked."""
    looks = {WAITS: {"p", "q"}, IS_FREE: {FREE}}.get(asked)
    if looks is None:
        return list(rows)
    return [row for row in rows if any(cell.look in looks for line in row.lines for cell in line)]


def looks_of(rows: Iterable[TableRow]) -> list[str]:
    """Which looks stand on the board, to be explained."""
    shown = {cell.look for row in rows for line in row.lines for cell in line}
    return [look for look in LEGEND if look in shown or look == FREE]


@dataclass(frozen=True)
class PartCell:
    """A part of a day in the week of a room: what stands there, and where something is made."""

    cells: list[Cell]
    is_open: bool
    href: str
    is_today: bool


def week_rows(weeks: Sequence[RoomWeek], looker: Looker) -> list[tuple[KnownRoom, list[tuple[str, list[PartCell]]]]]:
    """Per room three lines, each with the name of the part and its seven days."""
    said = {look: str(words) for look, words in STATE.items()}

    def cell(part: Part, room: KnownRoom) -> PartCell:
        cells = [_block(one, 0, part.day, room, looker, said) for one in part.there]
        starts, ends = room.rules.hours_of(part.part, part.day.weekday())
        href = f"planbord/nieuw?zaal={room.code}&dag={part.day}&van={starts:%H:%M}&tot={ends:%H:%M}"
        is_past = part.day < looker.today
        return PartCell(cells, part.is_open, "" if is_past else href, part.day == looker.today)

    return [
        (week.room, [(line[0].part, [cell(part, week.room) for part in line]) for line in week.parts]) for week in weeks
    ]
