"""The diary a house keeps elsewhere: handed in, followed at an address, read by the worker, let go."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.diaries import (
    KEEP_DAYS,
    LARGEST_BYTES,
    READ_EVERY,
    USUAL_KEEP_DAYS,
    DiaryKind,
    Fetched,
    Reading,
    Trouble,
    Unchanged,
    diary_address,
    host_of,
    window,
)
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import changes, waiting
from zalenzoeker.services.houses import UnknownHouse, kept, room_id_of
from zalenzoeker.storage import diaries, houses
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Diary, Venue

__all__ = ["NotAFile", "UnknownHouse"]

# An address, and the marks it was known by the last time (empty where it must be read whole).
Fetch = Callable[[str, str, str], Fetched | Unchanged | Trouble]
# The bytes of a calendar file, and the moments between which it is read, in epoch seconds.
Read = Callable[[bytes, int, int], Reading | Trouble]


class NotAFile(ValueError):
    """Nothing, or more than a diary may be; or it should count for a number of days that is not offered."""


def hand_in(venue_slug: str, room_slug: str, raw: bytes, keep_days: int, *, by: Actor, now: datetime) -> None:
    """A file with the diary of a room, which the worker reads; what was read before stands until then.

    Raises UnknownHouse, NotAllowed, NotAFile.
    """
    if not 0 < len(raw) <= LARGEST_BYTES or keep_days not in KEEP_DAYS:
        raise NotAFile
    with write_unit():
        diary = _from_now_on(venue_slug, room_slug, DiaryKind.UPLOAD, "", by=by, now=now)
        diary.raw, diary.keep_days = raw, keep_days


def follow(venue_slug: str, room_slug: str, address: str, hosts: Collection[str], *, by: Actor, now: datetime) -> None:
    """From now on the worker reads this address every hour. Raises UnknownHouse, NotAllowed, NotAnAddress."""
    address = diary_address(address, hosts)
    with write_unit():
        _from_now_on(venue_slug, room_slug, DiaryKind.ADDRESS, address, by=by, now=now)


def _from_now_on(venue_slug: str, room_slug: str, kind: DiaryKind, address: str, *, by: Actor, now: datetime) -> Diary:
    venue = kept(venue_slug, by)
    room_id = room_id_of(venue, room_slug)
    diary = diaries.for_change(room_id)
    before = _told(venue, diary) if diary is not None else None
    if diary is None:
        diary = Diary(room_id=room_id, dates=0, skipped={}, keep_days=USUAL_KEEP_DAYS)
        db.session.add(diary)
    diary.kind, diary.address, diary.raw = kind, address, None
    diary.etag = diary.modified = ""
    diary.mark, diary.trouble, diary.tried_at = secrets.token_hex(16), None, None
    diary.added_at = diary.due_at = now
    changes.log(venue, Subject.DIARY, before, _told(venue, diary), by=by, now=now)
    return diary


def let_go(venue_slug: str, room_slug: str, *, by: Actor, now: datetime) -> None:
    """The diary of a room counts no more, and all it took is free; a second time changes nothing.

    Raises UnknownHouse, NotAllowed.
    """
    with write_unit():
        venue = kept(venue_slug, by)
        diary = diaries.for_change(room_id_of(venue, room_slug))
        if diary is None:
            return
        changes.log(venue, Subject.DIARY, _told(venue, diary), None, by=by, now=now)
        # What it took goes with it: the database looks after that.
        db.session.delete(diary)
    waiting.serve(now)


def _told(venue: Venue, diary: Diary) -> dict[str, Any]:
    """A diary as the log keeps it: never its address, which may be a secret."""
    room = houses.room_names(venue.id)[diary.room_id]
    return {"room": room, "host": host_of(diary.address), "day": to_local(diary.added_at).date().isoformat()}


@dataclass(frozen=True)
class _Job:
    """What the worker needs of a diary while it holds no transaction open."""

    room_id: int
    kind: DiaryKind
    address: str
    raw: bytes | None
    mark: str
    etag: str
    modified: str


def read_next(now: datetime, *, fetch: Fetch, read: Read) -> bool:
    """Look at the next diary that is due; False when none is. What is fetched and read is in no transaction.

    A file is read once; an address every hour, and whole once a day, because eighteen months ahead of today is another
    stretch than yesterday. Each time what nobody else has any more is taken for it.
    """
    if not diaries.is_due(now):
        return False
    with write_unit():
        diary = diaries.claim(now)
        if diary is None:
            return False
        was_today = diary.read_at is not None and to_local(diary.read_at).date() == to_local(now).date()
        marks = (diary.etag, diary.modified) if was_today else ("", "")
        job = _Job(diary.room_id, diary.kind, diary.address, diary.raw, diary.mark, *marks)
    fetched: Fetched | Unchanged | Trouble | None = None
    if job.kind is DiaryKind.ADDRESS:
        fetched = fetch(job.address, job.etag, job.modified)
    elif job.raw is not None:
        fetched = Fetched(job.raw)
    found = read(fetched.raw, *window(now)) if isinstance(fetched, Fetched) else fetched
    with write_unit():
        diary = diaries.for_change(job.room_id)
        # Somebody handed in another one meanwhile: that is read next.
        if diary is not None and diary.mark == job.mark:
            diary.due_at = now + READ_EVERY
            _take_over(diary, fetched, found, now)
    return True


def _take_over(
    diary: Diary,
    fetched: Fetched | Unchanged | Trouble | None,
    found: Reading | Unchanged | Trouble | None,
    now: datetime,
) -> None:
    """Keep what a reading found, in the place of what the former one did, inside a write unit."""
    if isinstance(found, Trouble):
        diary.trouble, diary.tried_at, diary.raw = found, now, None
    elif found is not None:
        diary.trouble, diary.tried_at, diary.read_at = None, now, now
    if isinstance(found, Reading) and isinstance(fetched, Fetched):
        diary.raw, diary.etag, diary.modified = None, fetched.etag, fetched.modified
        diary.dates, diary.skipped = found.dates, {why.value: count for why, count in found.skipped.items()}
        db.session.flush()
        if list(found.times) != diaries.times(diary.id):
            diaries.replace_times(diary.id, found.times)
    db.session.flush()
    diaries.fill(diary, now)
