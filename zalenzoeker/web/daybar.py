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
    TakenBy.DIARY.value: "busy",
    TakenBy.CLOSURE.value: "off",
}

# A hundred lines stand on a page, each with its own blocks: a template would take longer to draw them than the search
# takes to find them. Nothing in them was typed by anybody.
BLOCK = '<rect class="%s" x="%d" y="4" width="%d" height="20" rx="2"/>'
FRAME = '<rect class="%s" x="%d" y="1.5" width="%d" height="25" rx="2"/>'


def drawn(ground: str, held: Sequence[Held], wall: WallDay, frame: str = "") -> Markup:
    """The line of a day: the closed hours below, what holds the room on top of them, and the asked hours around it."""
    blocks = [_block(BLOCK, LOOK[by], wall.minute(starts), wall.minute(ends)) for starts, ends, by in held]
    return written("".join((ground, *blocks, frame)))


def ground(opened: Sequence[Minutes]) -> str:
    """The hours at which a house is closed; the same for all rooms with its rules and hours."""
    edges = [FIRST, *(edge for opens_and_closes in opened for edge in opens_and_closes), LAST]
    return "".join(_block(BLOCK, "off", closes, opens) for closes, opens in zip(edges[::2], edges[1::2], strict=True))


def frame(look: str, minutes: Minutes) -> str:
    """The asked hours; ``look``: "ask" where they are free, "clash" where they are not."""
    return _block(FRAME, look, *minutes)


def hour_marks(minutes: Minutes | None) -> list[tuple[int, int]]:
    """Which hours are named under the line, as (units, hour): the asked ones, and others that leave them room."""
    wanted = [minute for minute in minutes or () if minute % 60 == 0 and FIRST <= minute <= LAST]
    others = [minute for minute in range(FIRST, LAST + 1, 240) if all(abs(minute - one) >= 120 for one in wanted)]
    return [((minute - FIRST) // MINUTES_PER_UNIT, minute // 60) for minute in sorted({*wanted, *others})]


def _block(shape: str, look: str, starts: int, ends: int) -> str:
    first, last = max(starts, FIRST), min(ends, LAST)
    if first >= last:
        return ""
    x = (first - FIRST) // MINUTES_PER_UNIT
    return shape % (look, x, (last - FIRST) // MINUTES_PER_UNIT - x)
