"""Which letters to a desk are held for the daily letters of its readers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zalenzoeker.domain.daily import news_of
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services.readers import Readers
from zalenzoeker.storage import daily as storage
from zalenzoeker.storage.models import DailyLetter, Desk, Request


def address_of(daily: DailyLetter, desk: Desk) -> str:
    """Where a daily letter goes; ``daily`` with its account."""
    return daily.account.email if daily.account else desk.email


def who_wait(kind: LetterKind, request: Request, facts: Mapping[str, Any], readers: Readers) -> list[str]:
    """The addresses of a desk whose readers want to read this in their daily letter, and may."""
    starts = [slot_of(one).starts_at for one in facts.get("told") or facts["dates"]]
    news = news_of(kind, facts, starts, readers.now)
    if news is None:
        return []
    chosen = [address_of(one, readers.desk) for one in storage.of_desk(readers.desk.id) if news in one.news]
    shared = readers.desk.email
    return [one for one in chosen if one and (one == shared or not readers.asks(one, request))]


def slot_of(facts: Mapping[str, Any]) -> Slot:
    """A moment as the facts of a letter keep it."""
    starts, ends = datetime.fromisoformat(facts["starts"]), datetime.fromisoformat(facts["ends"])
    return Slot(starts, ends, facts["zone"])
