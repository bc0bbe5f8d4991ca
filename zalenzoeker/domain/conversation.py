"""Whose turn it is to say something, by what was said and decided so far."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.requests import WITH_THE_DESK, Action, Status


class Turn(StrEnum):
    """ASKER: a question waits for an answer. DESK: the asker wrote, and nobody has answered that yet."""

    ASKER = "asker"
    DESK = "desk"


TURN_AFTER: dict[Action, Turn | None] = {
    Action.ASK: Turn.ASKER,
    Action.REPLY: Turn.DESK,
    # Whoever decided has read what was said; until it is told, the asker is waited for as before.
    Action.APPROVE: None,
    Action.REFUSE: None,
    Action.CANCEL: None,
}


def turn(actions: Iterable[Action]) -> Turn | None:
    """Who is waited for after all of this, the earliest first; None when nobody is."""
    found = None
    for action in actions:
        found = TURN_AFTER.get(action, found)
    return found


def has_ended(dates: Iterable[tuple[Status, datetime]], now: datetime) -> bool:
    """Is there nothing left to talk about? ``dates``: where each stands, and when it ends."""
    return all(is_over(ends_at, now) for status, ends_at in dates if status in WITH_THE_DESK)
