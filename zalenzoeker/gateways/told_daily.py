"""What a daily letter was told, turned back into values that its templates use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zalenzoeker.domain.daily import News
from zalenzoeker.domain.slots import Slot
from zalenzoeker.gateways.told import slot_of

# So many dates of one request are named; its page names them all.
MOST_DATES = 3


@dataclass(frozen=True)
class Happened:
    """What happened to a request; ``more``: how many dates are not named here."""

    activity: str
    asker: str
    code: str
    reference: str
    room: str
    slots: tuple[Slot, ...]
    more: int


@dataclass(frozen=True)
class Waits:
    """A request that waits for the desk. ``answer_by``: when the asker expects an answer."""

    activity: str
    asker: str
    code: str
    reference: str
    room: str
    slot: Slot
    count: int
    answer_by: datetime | None


def facts_of_daily(facts: Mapping[str, Any]) -> dict[str, Any]:
    """``news``: what happened, by what it was, in the order of ``News``; ``waits``: what waits for an answer."""
    happened: Sequence[Mapping[str, Any]] = facts["happened"]
    by_news = {news: [_happened(one) for one in happened if one["news"] == news] for news in News}
    return {
        **facts,
        "news": {news.value: found for news, found in by_news.items() if found},
        "waits": [_waits(one) for one in facts["waits"]],
    }


def _happened(one: Mapping[str, Any]) -> Happened:
    slots = tuple(slot_of(date) for date in one["dates"])
    rooms = ", ".join(one["rooms"])
    names = (one["activity"], one["asker"], one["code"], one["reference"], rooms)
    return Happened(*names, slots[:MOST_DATES], max(0, len(slots) - MOST_DATES))


def _waits(one: Mapping[str, Any]) -> Waits:
    answer_by = datetime.fromisoformat(one["answer_by"]) if one["answer_by"] else None
    names = (one["activity"], one["asker"], one["code"], one["reference"], one["room"])
    return Waits(*names, slot_of(one), one["count"], answer_by)
