"""Mail that waits: put it in the transaction of the deed, claim it, mark what became of it."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, or_, select, update

from zalenzoeker.domain.letters import LEASE, SECRETS, LetterKind, Parcel
from zalenzoeker.storage.db import db, insert_into
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState

STILL_NEEDED = (LetterState.WAITING, LetterState.SENDING, LetterState.HELD, LetterState.TO_PRINT)


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
        once = insert_into(Letter).on_conflict_do_nothing(index_elements=["event_key", "recipient"])
        db.session.connection().execute(once, rows)


def _on_paper(kind: LetterKind, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a printed letter may say: others have it in their hands first."""
    return {**{name: value for name, value in facts.items() if name != SECRETS.get(kind)}, "is_printed": True}


class Claim(NamedTuple):
    """A letter that one worker has. ``until``: the end of its lease, which no other claim of that letter shares."""

    parcel: Parcel
    tries: int
    until: datetime


def is_anything_due(now: datetime) -> bool:
    """A look without a lock: a worker that has nothing to do stops nobody who asks for a room."""
    is_due = or_(exists().where(*_waits(now)), exists().where(*_was_left(now)))
    return bool(db.session.scalar(select(is_due)))


def claim(now: datetime, limit: int = 1) -> list[Claim]:
    """At most so many letters that are due, in their order, leased to this worker for two minutes."""
    # First what a worker that died left behind: it is the oldest.
    claimed = _lease(_was_left(now), now, limit)
    if len(claimed) < limit:
        claimed += _lease(_waits(now), now, limit - len(claimed))
    return claimed


def _waits(now: datetime) -> Sequence[ColumnElement[bool]]:
    return Letter.state == LetterState.WAITING, Letter.next_try_at <= now


def _was_left(now: datetime) -> Sequence[ColumnElement[bool]]:
    return Letter.state == LetterState.SENDING, Letter.leased_until <= now


def _lease(which: Sequence[ColumnElement[bool]], now: datetime, limit: int) -> list[Claim]:
    # In a part of its own: PostgreSQL would look for the rows once more for each that it changes, and take too many.
    first = select(Letter.id).where(*which).order_by(Letter.next_try_at, Letter.id).limit(limit)
    due = first.with_for_update(skip_locked=True).cte("due")
    rows = db.session.scalars(
        update(Letter)
        .where(Letter.id.in_(select(due.c.id)))
        .values(state=LetterState.SENDING, leased_until=now + LEASE, tries=Letter.tries + 1)
        .returning(Letter),
        execution_options={"synchronize_session": False},
    ).all()
    claimed = []
    for row in sorted(rows, key=lambda row: (row.next_try_at, row.id)):
        assert row.leased_until is not None, "it was just written"
        try:
            claimed.append(Claim(row.parcel, row.tries, row.leased_until))
        except ValueError as error:
            # Written by a newer version of the site: nobody here can read it, and it must not stop the others.
            dead = {"state": LetterState.DEAD, "leased_until": None, "last_error": str(error)}
            _update([Letter.code == row.code], dead)
    return claimed


def sent(parcels: Iterable[Parcel], now: datetime, *, keeps_secrets: bool = False) -> None:
    """They left the house, and take their secrets along; ``keeps_secrets``: these stay readable here.

    That holds whoever has them now: a worker that was held up past its lease knows that they were accepted.
    """
    values: dict[str, Any] = {"state": LetterState.SENT, "sent_at": now, "leased_until": None, "last_error": ""}
    as_they_are, less = [], []
    for parcel in parcels:
        if not keeps_secrets and (without := parcel.facts_without_secret) != parcel.facts:
            less.append({**values, "of": parcel.code, "facts": without})
        else:
            as_they_are.append(parcel.code)
    if less:
        # Past the session, which takes rows that differ one by one.
        db.session.connection().execute(_each_by_itself(), less)
    if as_they_are:
        _update([Letter.code.in_(as_they_are)], values)


@cache
def _each_by_itself() -> Any:
    table = Letter.__table__
    return update(table).where(table.c.code == bindparam("of"))


def failed(claim: Claim, reason: str, next_try_at: datetime | None) -> None:
    """It did not leave the house: wait for another try, or give it up, with its secret, when there is none."""
    if next_try_at is None:
        facts = claim.parcel.facts_without_secret
        _mark_mine(claim, state=LetterState.DEAD, leased_until=None, last_error=reason, facts=facts)
    else:
        _mark_mine(claim, state=LetterState.WAITING, leased_until=None, last_error=reason, next_try_at=next_try_at)


def unclaim(claims: Iterable[Claim], reason: str, next_try_at: datetime) -> None:
    """The server refused us, not these letters: give their tries back."""
    for claim in claims:
        _mark_mine(
            claim,
            state=LetterState.WAITING,
            leased_until=None,
            last_error=reason,
            next_try_at=next_try_at,
            tries=Letter.tries - 1,
        )


def release(claims: Iterable[Claim]) -> None:
    """Nobody began these letters: they wait as if they had never been claimed."""
    for claim in claims:
        _mark_mine(claim, state=LetterState.WAITING, leased_until=None, tries=Letter.tries - 1)


def _mark_mine(claim: Claim, **values: Any) -> None:
    """Only while nobody else has claimed the letter since."""
    still_mine = (Letter.state == LetterState.SENDING, Letter.leased_until == claim.until)
    _update([Letter.code == claim.parcel.code, *still_mine], values)


def _update(which: Sequence[ColumnElement[bool]], values: Mapping[str, Any]) -> None:
    query = update(Letter).where(*which).values(values)
    db.session.execute(query, execution_options={"synchronize_session": False})


def forget_bodies(before: datetime, now: datetime, limit: int) -> int:
    """Forget what at most so many old letters said, not that they were written nor what became of them.

    One that still waits, for the server, the daily letter or a printer, is kept whole. Returns how many were forgotten.
    """
    is_over = Letter.state.not_in(STILL_NEEDED)
    which = select(Letter.id).where(is_over, Letter.created_at < before, Letter.forgotten_at.is_(None)).limit(limit)
    query = update(Letter).where(Letter.id.in_(which)).values(facts={}, forgotten_at=now)
    return db.session.connection().execute(query).rowcount
