"""The daily letter of a desk: what may wait for it, and when it is due."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.slots import to_local

# Before the desk opens its doors, and after the night in which the clock may change.
SEND_AT = time(7)
# What is about today or tomorrow goes at once: somebody may stand at the door with a key.
TOO_SOON_TO_WAIT = timedelta(days=2)


class News(StrEnum):
    """What may wait for the daily letter: nobody of the desk has to decide anything about it."""

    CONFIRMED = "confirmed"
    FREED = "freed"
    MOVED = "moved"
    AGREED = "agreed"


NEWS_OF = {
    LetterKind.REQUEST_CONFIRMED: News.CONFIRMED,
    LetterKind.REQUEST_WITHDRAWN: News.FREED,
    LetterKind.DATES_LET_GO: News.FREED,
    LetterKind.DATES_CHANGED: News.MOVED,
    LetterKind.PROPOSAL_ACCEPTED: News.AGREED,
}


def news_of(kind: LetterKind, facts: Mapping[str, Any], starts_at: Collection[datetime], now: datetime) -> News | None:
    """What a letter to a desk would be in its daily letter; None when it goes at once, whatever its reader chose.

    ``starts_at``: when the dates it is about begin. What needs a decision never waits, nor what undoes a decision, nor
    what is about today or tomorrow.
    """
    if facts.get("needs_yes") or facts.get("decision_fell"):
        return None
    if any(now - timedelta(days=1) < one < now + TOO_SOON_TO_WAIT for one in starts_at):
        return None
    return NEWS_OF.get(kind)


def is_due(last_day: date | None, now: datetime) -> bool:
    """Once a day from seven o'clock in Ghent on, however many days were skipped before."""
    local = to_local(now)
    return local.time() >= SEND_AT and (last_day is None or last_day < local.date())
