"""The daily letter of a desk: who wants it, what is kept for it, and that each is written exactly once."""

# What happens is a letter like any other, written in the transaction of its deed, but held. In the morning all that is
# held for a reader becomes one letter, in one write unit with the mark that it did: a worker that is killed, or a day
# on which nobody worked, loses nothing and doubles nothing.

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.daily import News, is_due, news_of
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import changes
from zalenzoeker.services.desks import opened
from zalenzoeker.services.holding import address_of, slot_of
from zalenzoeker.services.readers import Readers
from zalenzoeker.storage import daily as storage
from zalenzoeker.storage import desks, duty, outbox, requests
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import DailyLetter, Desk, Letter

LOG = logging.getLogger(__name__)

# So many requests that wait are named in a letter; the desk's page names them all.
MOST_WAITING = 10


def choose(slug: str, news: Collection[News], *, is_shared: bool, by: Actor, now: datetime) -> None:
    """These come once a day from now on, and everything else at once; none at all ends the daily letter.

    Each member says so for themselves; ``is_shared``: for the shared address, which is for all of them and stands on
    the log. What was kept comes at once when the daily letter ends. Raises UnknownDesk, NotAllowed.
    """
    with write_unit():
        desk = opened(slug, by)
        if not is_shared and desk.id not in by.desk_ids:
            raise NotAllowed
        _keep(desk, None if is_shared else by.account_id, news, by, now)


def _keep(desk: Desk, account_id: int | None, news: Collection[News], by: Actor, now: datetime) -> None:
    wanted = sorted(one.value for one in set(news))
    row = storage.of_reader(desk.id, account_id)
    before = list(row.news) if row else []
    if before == wanted:
        return
    if row is None:
        row = DailyLetter(desk_id=desk.id, account_id=account_id, news=wanted)
        db.session.add(row)
    row.news = wanted
    email = desk.email if account_id is None else next((m.email for m in desk.members if m.id == account_id), "")
    if not wanted:
        storage.release(desk.id, [email], now)
    if account_id is None:
        changes.log(desk, Subject.DAILY, _as_logged(before), _as_logged(wanted), by=by, now=now)


def _as_logged(news: Sequence[str]) -> dict[str, Any] | None:
    return {"news": list(news)} if news else None


def stop(desk_id: int, email: str, now: datetime) -> bool:
    """No daily letter to this address any more, whoever pressed the button in it; what is news comes at once again.

    Returns whether there was one. To be called inside a write unit.
    """
    desk = desks.by_id(desk_id)
    found = [one for one in storage.of_desk(desk_id) if desk and address_of(one, desk) == email and one.news]
    for one in found:
        one.news = []
        storage.release(desk_id, [email], now)
    return bool(found)


def tell(now: datetime) -> int:
    """Write every daily letter that is due; returns how many. One that fails keeps nobody else waiting."""
    count = 0
    today = to_local(now).date()
    # Before the morning there is nothing to look up.
    for daily_id in storage.due(today) if is_due(None, now) else ():
        try:
            count += _tell(daily_id, now)
        except Exception:
            LOG.exception("a daily letter could not be written")
    _settle_strays(now)
    return count


def _tell(daily_id: int, now: datetime) -> bool:
    today = to_local(now).date()
    with write_unit():
        daily = storage.locked(daily_id)
        if daily is None or not is_due(daily.last_day, now):
            # Another worker was here a moment ago.
            return False
        daily.last_day = today
        if duty.is_quiet(daily.desk_id, today):
            # The desk is away: what happens is kept until they are back.
            return False
        desk = desks.by_id(daily.desk_id)
        mine = [one for one in storage.of_desk(daily.desk_id) if one.id == daily_id]
        email = address_of(mine[0], desk) if desk and mine else ""
        if desk is None or not email or not daily.news:
            return False
        happened, waits = storage.held(desk.id, email), _waiting(desk, email, now)
        if not happened and not waits:
            return False
        facts = {
            "desk": desk.name,
            "desk_slug": desk.slug,
            "happened": [_happened(one) for one in happened],
            "waits": waits[:MOST_WAITING],
            "waiting_count": len(waits),
        }
        key = f"daily:{daily_id}:{today}"
        outbox.put(LetterKind.DAILY_LETTER, [email], event_key=key, facts=facts, now=now, desk_id=desk.id)
        storage.bundle(happened, now)
        return True


def _happened(letter: Letter) -> dict[str, Any]:
    """What a letter that was held told."""
    facts = letter.facts
    dates = facts.get("told") or facts["dates"]
    starts = [slot_of(one).starts_at for one in dates]
    news = news_of(LetterKind(letter.kind), facts, (), letter.created_at)
    return {
        "news": news.value if news else News.FREED.value,
        "activity": facts["activity"],
        "asker": facts["asker"],
        "code": facts["code"],
        "reference": facts["reference"],
        "rooms": list(dict.fromkeys(one["room"] for one in dates)),
        "dates": [dates[starts.index(one)] for one in sorted(set(starts))],
    }


def _waiting(desk: Desk, email: str, now: datetime) -> list[dict[str, Any]]:
    """What waits for an answer of this desk, nearest deadline first; nobody's own request is named to them."""
    readers = Readers(desk, now)
    found = [one for one in requests.waiting_for([desk.id]) if email == desk.email or not readers.asks(email, one)]
    return [
        {
            "activity": one.activity,
            "asker": one.asker,
            "code": one.code,
            "reference": one.reference,
            "room": one.first.room.name,
            "starts": one.first.starts.isoformat(),
            "ends": one.first.ends.isoformat(),
            "zone": one.first.zone,
            "count": len(one.dates),
            "answer_by": one.answer_by.isoformat() if one.answer_by else "",
        }
        for one in found
    ]


def _settle_strays(now: datetime) -> None:
    """What is held for who has no daily letter any more goes by itself; for who left the desk, not at all."""
    for desk_id, email in storage.with_something_held():
        with write_unit():
            desk = desks.by_id(desk_id)
            chosen = [address_of(one, desk) for one in storage.of_desk(desk_id) if one.news] if desk else []
            if desk is None or email in chosen:
                continue
            if email in desk.addresses:
                storage.release(desk_id, [email], now)
            else:
                storage.forget(desk_id, [email])
