"""Activities: their words, and when and where they are, read from the bookings and the own programme they lean on."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, null, or_, select

from zalenzoeker.domain.activities import Theme, theme_of
from zalenzoeker.domain.feeds import FELL_AWAY
from zalenzoeker.domain.programme import uid_of
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Slot, from_epoch
from zalenzoeker.domain.taken import LONGEST_TAKEN
from zalenzoeker.storage import programme_dates
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Activity,
    Occupancy,
    Occurrence,
    OwnProgramme,
    ProgrammeDate,
    ProgrammeGone,
    Request,
)
from zalenzoeker.storage.programme_dates import LINE_ID, with_moved

# Without letters and digits that are read for one another on paper or by telephone.
CODE_LETTERS, CODE_LENGTH = "23456789abcdefghjkmnpqrstvwxyz", 8

WORDS = (
    Activity.code,
    Activity.title,
    Activity.text,
    Activity.theme,
    Activity.audience,
    Activity.price,
    Activity.sign_up,
    Activity.is_accessible,
    Activity.languages,
    Activity.picture,
    Activity.picture_words,
    Activity.changed_at,
    Activity.is_demo,
)


class Words(NamedTuple):
    """What is said of an activity, as ``domain.activities.Published`` has it."""

    code: str
    title: str
    text: str
    theme: Theme | None
    audience: str
    price: str
    sign_up: bool | None
    is_accessible: bool | None
    languages: list[str]
    picture: str
    picture_words: str
    changed_at: datetime
    is_demo: bool


class Listed(NamedTuple):
    """One date of a public activity, with its words; there is nobody's name in it.

    ``uid`` and ``sequence``: of this date in calendars. ``changed_at``: when its words or its date changed last.
    """

    code: str
    title: str
    theme: Theme | None
    room_id: int
    slot: Slot
    is_cancelled: bool
    words: Words
    uid: str
    sequence: int
    changed_at: datetime

    @property
    def price(self) -> str:
        return self.words.price

    @property
    def audience(self) -> str:
        return self.words.audience


def listed(
    first_epoch: int,
    last_epoch: int,
    *,
    room_ids: Collection[int] | None = None,
    themes: Collection[Theme] = (),
    codes: Collection[str] = (),
    since: datetime | None = None,
) -> list[Listed]:
    """Every date of public activities between two moments (epoch seconds), the earliest first; in three queries.

    ``room_ids``: only in these rooms. ``themes``: only of these, ``codes``: only these activities; none for all.
    ``since``: what fell away before is left out.
    """
    which: list[ColumnElement[bool]] = [Activity.theme.in_(themes)] if themes else []
    if codes:
        which.append(Activity.code.in_(codes))
    found = [
        *_of_requests(first_epoch, last_epoch, room_ids, which, since),
        *_of_programme(first_epoch, last_epoch, room_ids, which, since),
    ]
    return sorted(found, key=lambda one: (one.slot.from_epoch, one.title, one.uid))


def _of_requests(
    first_epoch: int,
    last_epoch: int,
    room_ids: Collection[int] | None,
    which: Iterable[ColumnElement[bool]],
    since: datetime | None,
) -> Iterable[Listed]:
    fell_away = [Occurrence.was_confirmed, Occurrence.status.in_(FELL_AWAY)]
    if since is not None:
        fell_away.append(Occurrence.changed_at > since)
    query = (
        select(
            Occurrence.room_id,
            Occurrence.starts,
            Occurrence.ends,
            Occurrence.zone,
            Occurrence.status,
            Occurrence.uid,
            Occurrence.sequence,
            Occurrence.changed_at,
            *WORDS,
        )
        .join(Request, Request.id == Occurrence.request_id)
        .join(Activity, Activity.request_id == Request.id)
        .where(Request.is_public, *which)
        .where(Occurrence.from_epoch > first_epoch - LONGEST_TAKEN)
        .where(Occurrence.to_epoch > first_epoch, Occurrence.from_epoch < last_epoch)
        .where(or_(Occurrence.status == Status.APPROVED, and_(*fell_away)))
    )
    query = query if room_ids is None else query.where(Occurrence.room_id.in_(room_ids))
    for room_id, starts, ends, zone, status, uid, sequence, changed_at, *told in db.session.execute(query):
        is_off = status is not Status.APPROVED
        yield _listed(Words(*told), room_id, Slot(starts, ends, zone), uid, sequence, changed_at, is_off=is_off)


def _of_programme(
    first_epoch: int,
    last_epoch: int,
    room_ids: Collection[int] | None,
    which: Iterable[ColumnElement[bool]],
    since: datetime | None,
) -> Iterable[Listed]:
    """Each day of a line once, as it stands last: what is there goes before what went."""
    known_by = LINE_ID, ProgrammeDate.uid, OwnProgramme.code
    line = *known_by, OwnProgramme.sequence, OwnProgramme.changed_at
    went = ProgrammeGone.room_id, ProgrammeGone.from_epoch, ProgrammeGone.to_epoch, ProgrammeGone.gone_at
    stands = OwnProgramme.room_id, Occupancy.from_epoch, Occupancy.to_epoch, null()
    gone = (
        with_moved(select(*went, *line, *WORDS).join(OwnProgramme, OwnProgramme.id == ProgrammeGone.programme_id))
        .join(Activity, Activity.programme_id == LINE_ID)
        .where(OwnProgramme.is_public, *which)
        .where(ProgrammeGone.from_epoch < last_epoch, ProgrammeGone.to_epoch > first_epoch)
        .order_by(ProgrammeGone.gone_at, ProgrammeGone.from_epoch)
    )
    there = (
        with_moved(select(*stands, *line, *WORDS).join(Occupancy, Occupancy.programme_id == OwnProgramme.id))
        .join(Activity, Activity.programme_id == LINE_ID)
        .where(OwnProgramme.is_public, *which)
        .where(Occupancy.from_epoch < last_epoch, Occupancy.to_epoch > first_epoch)
    )
    if since is not None:
        gone = gone.where(ProgrammeGone.gone_at > since)
    if room_ids is not None:
        gone, there = gone.where(ProgrammeGone.room_id.in_(room_ids)), there.where(OwnProgramme.room_id.in_(room_ids))
    rows = [*db.session.execute(gone), *db.session.execute(there)]
    by_itself = programme_dates.changed({row[4] for row in rows})
    found: dict[str, Listed] = {}
    for room_id, starts, ends, gone_at, _line_id, moved_uid, code, sequence, changed_at, *told in rows:
        slot = Slot(from_epoch(starts), from_epoch(ends))
        uid = moved_uid or uid_of(code, slot.day)
        alone = by_itself.get(uid, programme_dates.Changed(0, changed_at))
        changed, times = max(gone_at or changed_at, alone.changed_at), sequence + alone.sequence
        found[uid] = _listed(Words(*told), room_id, slot, uid, times, changed, is_off=gone_at is not None)
    return found.values()


def _listed(
    words: Words, room_id: int, slot: Slot, uid: str, sequence: int, changed_at: datetime, *, is_off: bool
) -> Listed:
    changed = max(changed_at, words.changed_at)
    return Listed(words.code, words.title, words.theme, room_id, slot, is_off, words, uid, sequence, changed)


def by_code(code: str) -> Activity | None:
    """An activity by the code in its address, public or not."""
    return db.session.scalar(select(Activity).where(Activity.code == code))


def add(title: str, now: datetime, *, is_demo: bool = False, **leans_on: int) -> Activity:
    """The activity of a new ``request_id`` or ``programme_id``, with the words that are known: inside a write unit."""
    new = Activity(
        code="".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
        title=title,
        theme=theme_of(title),
        languages=[],
        changed_at=now,
        is_demo=is_demo,
        **leans_on,
    )
    db.session.add(new)
    return new


def of_request(request_id: int) -> Activity | None:
    return db.session.scalar(select(Activity).where(Activity.request_id == request_id))


def of_line(programme_id: int) -> Activity | None:
    return db.session.scalar(select(Activity).where(Activity.programme_id == programme_id))


def is_shown(picture: str) -> bool:
    """Whether an activity shows this picture."""
    return db.session.scalar(select(Activity.id).where(Activity.picture == picture).limit(1)) is not None


def is_for_everybody(picture: str) -> bool:
    """Whether an activity that everybody may read of has this picture."""
    query = (
        select(Activity.id)
        .outerjoin(Request, Request.id == Activity.request_id)
        .outerjoin(OwnProgramme, OwnProgramme.id == Activity.programme_id)
        .where(Activity.picture == picture, or_(Request.is_public, OwnProgramme.is_public))
    )
    return db.session.scalar(query.limit(1)) is not None
