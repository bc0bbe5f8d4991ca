"""The weekly letter: once a week to each who asked for it, with what is on where they chose."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.weekly_letter import MOST_TOLD, days_told, issue_of
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import activities, outbox
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import subscriptions as storage
from zalenzoeker.storage.db import write_unit

LOG = logging.getLogger(__name__)
# So a round of the clock stays short; the next one is soon.
LETTERS_A_ROUND = 100


class OnThatWeek(NamedTuple):
    """One date of an activity, by what it is chosen, and as the letter tells it."""

    neighbourhood: str
    theme: Theme | None
    facts: dict[str, Any]


def send(now: datetime, *, limit: int = LETTERS_A_ROUND) -> int:
    """Write this week's letter to ``limit`` who have not got it yet, each in a write unit; returns to how many.

    One that fails keeps nobody else waiting: it is logged, and the next round tries it again.
    """
    issue = issue_of(now)
    waiting = storage.waiting(issue, limit=limit)
    if not waiting:
        return 0
    week, count = _week(*days_told(issue, now)), 0
    for subscription_id in waiting:
        try:
            count += _write(subscription_id, issue, week, now)
        except Exception:
            LOG.exception("the weekly letter could not be written to subscription %d", subscription_id)
    return count


def _week(first_epoch: int, last_epoch: int) -> list[OnThatWeek]:
    """What begins in these days and was not called off; what runs already has no place in a plan."""
    rooms = cities.city().by_id
    told = []
    for one in activities.listed(first_epoch, last_epoch):
        room = rooms.get(one.room_id)
        if room is None or one.is_cancelled or one.slot.from_epoch < first_epoch:
            continue
        facts = {
            "code": one.code,
            "title": one.title,
            "starts": one.slot.starts.isoformat(),
            "ends": one.slot.ends.isoformat(),
            "room": room.name,
            "venue": room.venue_name,
            "neighbourhood": room.neighbourhood_name,
            "price": one.price,
            "audience": one.audience,
            "sign_up": bool(one.words.sign_up),
        }
        told.append(OnThatWeek(room.neighbourhood_slug, one.theme, facts))
    return told


def _write(subscription_id: int, issue: date, week: Sequence[OnThatWeek], now: datetime) -> bool:
    """The letter, and that it was written, in one transaction: whatever stops the worker, it is written once.

    Where nothing is on, none is written, and nobody waits for one.
    """
    with write_unit():
        found = storage.locked(subscription_id)
        if found is None or found.confirmed_at is None or (found.last_issue is not None and found.last_issue >= issue):
            return False
        found.last_issue = issue
        chosen = [one.facts for one in week if found.choices.fits(one.neighbourhood, one.theme)]
        if not chosen:
            return False
        token = new_token()
        storage.add_link(found, hash_of(token), now, None)
        facts = {
            "token": token,
            "issue": issue.isoformat(),
            "activities": chosen[:MOST_TOLD],
            "more": max(0, len(chosen) - MOST_TOLD),
        }
        key = f"weekly:{issue}:{hash_of(found.email)[:32]}"
        outbox.put(LetterKind.WEEKLY_LETTER, [found.email], event_key=key, facts=facts, now=now)
        return True
