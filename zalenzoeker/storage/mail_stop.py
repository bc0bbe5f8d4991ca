"""The stopped queue of letters: since when, why, and when it is tried again; no row while all is well."""

from datetime import datetime

from sqlalchemy import delete, select, update

from zalenzoeker.domain.posting import next_look
from zalenzoeker.storage.db import db, insert_into
from zalenzoeker.storage.models import MailStop

ONLY = 1


def standing() -> MailStop | None:
    """Why no letter leaves the house, if so."""
    return db.session.scalar(select(MailStop).where(MailStop.id == ONLY))


def begin(reason: str, now: datetime) -> None:
    """Stop all workers, inside a write unit. Where they are stopped already, the newest reason counts."""
    row = {"id": ONLY, "since": now, "reason": reason, "tries": 0, "next_try_at": next_look(0, now)}
    stop = insert_into(MailStop).values(row)
    db.session.execute(stop.on_conflict_do_update(index_elements=["id"], set_={"reason": reason}))


def is_mine_to_try(now: datetime) -> bool:
    """Whether this worker tries again now, inside a write unit: one does, the others after the next pause."""
    due = update(MailStop).where(MailStop.id == ONLY, MailStop.next_try_at <= now)
    tries = db.session.scalar(due.values(tries=MailStop.tries + 1, next_try_at=now).returning(MailStop.tries))
    if tries is None:
        return False
    db.session.execute(update(MailStop).where(MailStop.id == ONLY).values(next_try_at=next_look(tries + 1, now)))
    return True


def try_soon(now: datetime) -> None:
    """Let the next round try again, inside a write unit."""
    db.session.execute(update(MailStop).where(MailStop.id == ONLY, MailStop.next_try_at > now).values(next_try_at=now))


def end() -> None:
    """The server takes letters again, inside a write unit."""
    db.session.execute(delete(MailStop).where(MailStop.id == ONLY))
