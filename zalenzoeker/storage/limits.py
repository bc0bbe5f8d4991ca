"""Counted attempts and signs of life, kept in the database so that all processes share them."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from zalenzoeker.domain.limits import LIMITS, Limited, TooMany, Visitor
from zalenzoeker.domain.slots import epoch
from zalenzoeker.storage.db import db, insert_into, is_sqlite
from zalenzoeker.storage.models import Attempt, Heartbeat

LOCKS_OF_LIMITS = 1

WORKER_SILENT = timedelta(minutes=1)


def _key(limited: Limited, whose: str) -> str:
    """A hash, so that no list of addresses is kept."""
    return hashlib.sha256(f"{limited}:{whose}".encode()).hexdigest()


def spend(limited: Limited, whose: str, now: datetime, visitor: Visitor) -> None:
    """Count one attempt, inside a write unit. Raises TooMany, with the seconds to wait, when the limit is reached."""
    if not visitor.is_limited:
        return
    limit, key, since = LIMITS[limited], _key(limited, whose), epoch(now - LIMITS[limited].window)
    _lock(key)
    count, oldest = db.session.execute(
        select(func.count(), func.min(Attempt.at_epoch)).where(Attempt.key == key, Attempt.at_epoch > since)
    ).one()
    if count >= limit.count:
        raise TooMany(limited, max(1, oldest - since))
    db.session.add(Attempt(key=key, at_epoch=epoch(now)))


def _lock(key: str) -> None:
    """Wait for others who count under this key: PostgreSQL would let many at once each see room for one more."""
    if not is_sqlite():
        # Two numbers: these locks never meet those of the spaces, which have one.
        db.session.execute(select(func.pg_advisory_xact_lock(LOCKS_OF_LIMITS, int(key[:7], 16))))


def forget_before(moment: datetime) -> None:
    """Drop attempts that no limit counts any more."""
    db.session.execute(delete(Attempt).where(Attempt.at_epoch < epoch(moment)))


def longest_window() -> timedelta:
    return max(limit.window for limit in LIMITS.values())


def beat(name: str, now: datetime) -> None:
    """Note that a process is at work."""
    # Two workers may begin at the same moment.
    sign = insert_into(Heartbeat).values(name=name, seen_at=now)
    db.session.execute(sign.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))


def is_worker_silent(now: datetime) -> bool:
    """Was the worker not seen for a minute?"""
    seen = last_beat("worker")
    return seen is None or now - seen > WORKER_SILENT


def last_beat(name: str) -> datetime | None:
    return db.session.scalar(select(Heartbeat.seen_at).where(Heartbeat.name == name))
