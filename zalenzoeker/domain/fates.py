"""What became of a letter, as its reader and its desk are told."""

import re
from enum import StrEnum

# A 5xx of the other side, as a gateway writes it down.
REFUSED = re.compile(r"5\d\d ")


class Fate(StrEnum):
    """WAITING: it leaves soon. TRYING: it did not work yet, and is tried again. SENT: the other side took it.

    REFUSED: the other side does not want it. GIVEN_UP: nobody took it for days, or it could not be written.
    CAME_BACK: taken, and returned later. HELD: kept for the daily letter; BUNDLED: told in one. TO_PRINT, HANDED_OVER:
    on paper.
    """

    WAITING = "waiting"
    TRYING = "trying"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    CAME_BACK = "came_back"
    HELD = "held"
    BUNDLED = "bundled"
    TO_PRINT = "to_print"
    HANDED_OVER = "handed_over"


# Of these somebody has to look what is wrong.
IS_LOST = frozenset({Fate.REFUSED, Fate.GIVEN_UP, Fate.CAME_BACK})
OF_STATE = {
    "sent": Fate.SENT,
    "held": Fate.HELD,
    "bundled": Fate.BUNDLED,
    "to_print": Fate.TO_PRINT,
    "printed": Fate.HANDED_OVER,
}


def fate_of(state: str, *, last_error: str, has_bounced: bool) -> Fate:
    """``state``: where the letter is, as storage knows it; ``last_error``: what the other side said last."""
    if has_bounced:
        return Fate.CAME_BACK
    if state == "dead":
        return Fate.REFUSED if REFUSED.match(last_error) else Fate.GIVEN_UP
    if state in ("waiting", "sending"):
        return Fate.TRYING if last_error else Fate.WAITING
    return OF_STATE[state]
