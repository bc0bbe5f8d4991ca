"""Mail that waits: put it in the transaction of the deed, claim it, mark what became of it."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from zalenzoeker.domain.letters import LEASE, SECRETS, LetterKind, Parcel
from zalenzoeker.storage.db import db, is_sqlite
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState


def put(  # noqa: PLR0913 -- each is a column of a letter
    kind: LetterKind,
    recipients: Collection[str],
    *,
    event_key: str,
    facts: Mapping[str, Any],
    now: datetime,
    reply_to: str = "",
    request_id: int | None = None,
    own: Mapping[str, Mapping[str, Any]] | None = None,
    desk_id: int | None = None,
    is_held: bool = False,
) -> None:
    """A letter to each that waits, written in the transaction of the deed. An event tells the same person only once.

    Who has no e-mail address (an empty one) gets a letter on paper, without what opens a door: a desk prints it.
    ``own``: facts of the letter to one of them alone, by their address. ``desk_id``: the desk it is written to.
    ``is_held``: it is kept for their daily letters.
    """
    alone = own or {}
    rows = [
        {
            "code": secrets.token_urlsafe(16),
            "kind": kind.value,
            "event_key": event_key,
            "recipient": recipient,
            "language": "nl",
            "reply_to": reply_to,
            "request_id": request_id,
            "facts": {**facts, **alone.get(recipient, {})} if recipient else _on_paper(kind, facts),
            "state": (LetterState.HELD if is_held else LetterState.WAITING) if recipient else LetterState.TO_PRINT,
            "desk_id": desk_id,
            "tries": 0,
            "created_at": now,
            "next_try_at": now,
            "last_error": "",
            # Small letters and figures: some servers on the way change the others in an address.
            "reply_token": secrets.token_hex(12) if request_id else "",
        }
        for recipient in recipients
    ]
    if rows:
        # Past the session: what it has yet to write may wait until all letters of the deed are put.
        db.session.connection().execute(_once(is_sqlite=is_sqlite()), rows)


def _on_paper(kind: LetterKind, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a printed letter may say: others have it in their hands first."""
    return {**{name: value for name, value in facts.items() if name != SECRETS.get(kind)}, "is_printed": True}


@cache
def _once(*, is_sqlite: bool) -> Any:
    insert = sqlite.insert if is_sqlite else postgresql.insert
    return insert(Letter.__table__).on_conflict_do_nothing(index_elements=["event_key", "recipient"])


def claim(now: datetime) -> Parcel | None:
    """The next letter that is due, leased to this worker for two minutes; None when nothing is due."""
    due = or_(
        and_(Letter.state == LetterState.WAITING, Letter.next_try_at <= now),
        and_(Letter.state == LetterState.SENDING, Letter.leased_until <= now),
    )
    first = select(Letter.id).where(due).order_by(Letter.next_try_at, Letter.id).limit(1)
    claimed = db.session.scalar(
        update(Letter)
        .where(Letter.id == first.with_for_update(skip_locked=True).scalar_subquery())
        .values(state=LetterState.SENDING, leased_until=now + LEASE, tries=Letter.tries + 1)
        .returning(Letter)
    )
    if claimed is None:
        return None
    try:
        return claimed.parcel
    except ValueError as error:
        # Written by a newer version of the site: nobody here can read it, and it must not stop the others.
        failed(claimed.code, str(error), None)
        return claim(now)


def tries_of(code: str) -> int:
    return db.session.scalar(select(Letter.tries).where(Letter.code == code)) or 0


def sent(parcel: Parcel, now: datetime, *, keeps_secret: bool = False) -> None:
    """It left the house, and takes its secret along; ``keeps_secret``: it stays readable here."""
    facts = parcel.facts if keeps_secret else parcel.facts_without_secret
    _mark(parcel.code, state=LetterState.SENT, sent_at=now, leased_until=None, last_error="", facts=dict(facts))


def failed(code: str, reason: str, next_try_at: datetime | None) -> None:
    """It did not leave the house: wait for another try, or give it up when there is none."""
    if next_try_at is None:
        _mark(code, state=LetterState.DEAD, leased_until=None, last_error=reason)
    else:
        _mark(code, state=LetterState.WAITING, leased_until=None, last_error=reason, next_try_at=next_try_at)


def forget_secret(parcel: Parcel) -> None:
    """A letter that was given up keeps nothing that opens a door."""
    _mark(parcel.code, facts=parcel.facts_without_secret)


def unclaim(code: str, reason: str, next_try_at: datetime) -> None:
    """The server refused us, not the letter: give the try back."""
    _mark(
        code,
        state=LetterState.WAITING,
        leased_until=None,
        last_error=reason,
        next_try_at=next_try_at,
        tries=Letter.tries - 1,
    )


def _mark(code: str, **values: Any) -> None:
    query = update(Letter).where(Letter.code == code).values(**values)
    db.session.execute(query, execution_options={"synchronize_session": False})
