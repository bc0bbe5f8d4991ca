"""The day of a room in one line: when it is open, what holds it, and the asked hours."""

from collections.abc import Sequence

from markupsafe import Markup

from zalenzoeker.domain.dayline import Held, Minutes
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import WallDay
from zalenzoeker.web.kept import written

FIRST, LAST = 8 * 60, 24 * 60
# Twenty units of the drawing are an hour.
MINUTES_PER_UNIT = 3
LOOK = {
    TakenBy.BOOKING.value: "busy",
    TakenBy.REQUEST.value: "pend",
    TakenBy.QUEUED.value: "pend",
    TakenBy.OWN_PROGRAMME.value: "own",
    TakenBy.CLOSURE.value: "off",
}
Piece = tuple[str, int, int]

# A hundred lines stand on a page, each with its own blocks: a template would take longer to draw them than the search
# takes to find them. Nothing in them was typed by anybody.
BLOCK = '<rect class="{0}" x="{1}" y="4" width="{2}" height="20" rx="2"/>'
FRAME = '<rect class="{0}" x="{1}" y="1.5" width="{2}" height="25" rx="2"/>'
FRAMES = frozenset({"ask", "clash"})


def drawn(opened: Sequence[Minutes], held: Sequence[Held], wall: WallDay, frame: tuple[str, Minutes] | None) -> Markup:
    """The blocks of the line of a day; ``frame``: how the asked hours are drawn, and which they are."""
    blocks = [(FRAME if one[0] in FRAMES else BLOCK).format(*one) for one in pieces(opened, held, wall, frame)]
    return written("".join(blocks))


def pieces(
    opened: Sequence[Minutes], held: Sequence[Held], wall: WallDay, frame: tuple[str, Minutes] | None
) -> list[Piece]:
    """What stands in the line, as (look, x, width): the closed hours first, so that what holds the room lies on top."""
    found = []
    edge = FIRST
    for opens, closes in opened:
        found += _piece("off", edge, opens)
        edge = max(edge, closes)
    found += _piece("off", edge, LAST)
    for starts, ends, by in held:
        found += _piece(LOOK[by], wall.minute(starts), wall.minute(ends))
    return found + (_piece(frame[0], *frame[1]) if frame else [])


def hour_marks(minutes: Minutes | None) -> list[tuple[int, int]]:
    """Which hours are named under the line, as (units, hour): the asked ones, and others that leave them room."""
    wanted = [minute for minute in minutes or () if minute % 60 == 0 and FIRST <= minute <= LAST]
    others = [minute for minute in range(FIRST, LAST + 1, 240) if all(abs(minute - one) >= 120 for one in wanted)]
    return [((minute - FIRST) // MINUTES_PER_UNIT, minute // 60) for minute in sorted({*wanted, *others})]


def _piece(look: str, starts: int, ends: int) -> list[Piece]:
    first, last = max(starts, FIRST), min(ends, LAST)
    if first >= last:
        return []
    x = (first - FIRST) // MINUTES_PER_UNIT
    return [(look, x, (last - FIRST) // MINUTES_PER_UNIT - x)]
