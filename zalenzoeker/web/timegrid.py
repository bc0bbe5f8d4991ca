"""The one table of time, for a room's week and for the days around a request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zalenzoeker.domain.dayplan import CAN_BE_ASKED, Stretch, StretchKind
from zalenzoeker.web.dates import WEEKDAYS, day_plain, minute_clock, minutes_short
from zalenzoeker.web.wording import STRETCH

QUARTER = 15
# Below so many minutes a cell is too narrow for the whole sentence.
THIN_MINUTES = 180
# In so many a short name still fits.
NAMED_MINUTES = 90

LOOK = {
    StretchKind.FREE: "free",
    StretchKind.FREE_BUT_SOON: "soon",
    StretchKind.NOT_YET: "off",
    StretchKind.PAST: "past",
    StretchKind.QUEUED: "queue",
    StretchKind.REQUESTED: "pend",
    StretchKind.BOOKED: "busy",
    StretchKind.OWN_PROGRAMME: "own",
    StretchKind.DIARY: "diary",
    StretchKind.CLOSED: "off",
}


@dataclass(frozen=True)
class Cell:
    """One stretch of a row. ``span``: quarter hours; ``whole``: the day, for those who hear the table.

    ``is_named``: the words are a name that fits, of which no shorter form says the same.
    """

    span: int
    look: str
    hours: str
    words: str
    href: str | None = None
    is_thin: bool = False
    is_named: bool = False
    whole: str = ""


@dataclass(frozen=True)
class Row:
    """One day or one room; more than one line when waiting requests overlap."""

    name: str
    note: str
    is_today: bool
    lines: list[list[Cell]]


@dataclass(frozen=True)
class Grid:
    """A table of time; each hour label spans four of its columns."""

    caption: str
    hour_labels: list[str]
    columns: int
    rows: list[Row] = field(default_factory=list)


Link = Callable[[Stretch], str | None]


def no_link(_stretch: Stretch) -> None:
    """A table to look at, not to choose from."""
    return


def grid(
    caption: str,
    span: tuple[int, int],
    plans: Iterable[tuple[date, Sequence[Stretch]]],
    *,
    today: date,
    link: Link = no_link,
    this: Callable[[Stretch], bool] = lambda _stretch: False,
    below: Sequence[Stretch] = (),
) -> Grid:
    """A table of days between two minutes of the day.

    ``link`` gives the address a stretch leads to, or None; ``this`` says which stretch it is all about; ``below``:
    stretches that overlap others of their day, each on a line of its own.
    """
    from_minute, to_minute = span
    labels = [minute_clock(minute) for minute in range(from_minute, to_minute, 60)]
    # Each word is looked up once for the table, not once for each of its cells.
    said = {kind: str(words) for kind, words in STRETCH.items()}
    rows = []
    for day, stretches in plans:
        name, note = str(WEEKDAYS[day.weekday()]), day_plain(day)
        whole = f"{name.lower()} {note}"
        cells = [_cell(one, said, link, is_this=this(one), whole=whole) for one in stretches]
        more = [
            _alone(_cell(one, said, no_link, is_this=False, whole=whole), one, span) for one in below if one.day == day
        ]
        rows.append(Row(name, note, is_today=day == today, lines=[cells, *more]))
    return Grid(caption, labels, (to_minute - from_minute) // QUARTER, rows)


def _alone(cell: Cell, stretch: Stretch, span: tuple[int, int]) -> list[Cell]:
    """A line with one stretch on it, and nothing before and after."""
    before, after = span_of(span[0], stretch.from_minute), span_of(stretch.to_minute, span[1])
    whole_line = [Cell(before, "gap", "", ""), cell, Cell(after, "gap", "", "")]
    return [one for one in whole_line if one.span > 0]


def _cell(stretch: Stretch, said: Mapping[StretchKind, str], link: Link, *, is_this: bool, whole: str) -> Cell:
    return Cell(
        span=span_of(stretch.from_minute, stretch.to_minute),
        look="this" if is_this else LOOK[stretch.kind],
        hours=minutes_short(stretch.from_minute, stretch.to_minute),
        words=stretch.title or said[stretch.kind],
        href=link(stretch) if stretch.kind in CAN_BE_ASKED else None,
        is_thin=stretch.minutes < THIN_MINUTES,
        is_named=bool(stretch.title) and stretch.minutes >= NAMED_MINUTES,
        whole=whole,
    )


def span_of(from_minute: int, to_minute: int) -> int:
    """Quarter hours between two minutes, so that a row always adds up to its width."""
    return -(-to_minute // QUARTER) - -(-from_minute // QUARTER)
