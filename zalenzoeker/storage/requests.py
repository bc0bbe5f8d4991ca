"""Requests: by address, by form, of a person, of a desk, and the dates a feed shows."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from zalenzoeker.domain.requests import AWAITS_PROOF, WAITS_FOR_THE_DESK, Status
from zalenzoeker.storage import occupancy
from zalenzoeker.storage.db import db, is_sqlite
from zalenzoeker.storage.models import Decision, Event, Occurrence, Proposal, Request, Room, Venue

# Without letters and digits that are read for one another on paper or by telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str) -> str:
    """A short label such as DR-7K4M; it opens nothing."""
    return f"{prefix}-{''.join(secrets.choice(REFERENCE_LETTERS) for _ in range(4))}"


def is_reference_free(reference: str) -> bool:
    return db.session.scalar(select(Request.id).where(Request.reference == reference)) is None


def _whole(query: Select[tuple[Request]]) -> Select[tuple[Request]]:
    """A request with its dates, their rooms and places, its desk and timeline."""
    return query.options(
        selectinload(Request.occurrences)
        .joinedload(Occurrence.room)
        .joinedload(Room.venue)
        .options(joinedload(Venue.neighbourhood), selectinload(Venue.facts)),
        selectinload(Request.events).options(joinedload(Event.account), joinedload(Event.desk)),
        joinedload(Request.desk),
        joinedload(Request.association),
        joinedload(Request.account),
        joinedload(Request.handler),
        joinedload(Request.entered_by),
        joinedload(Request.entered_desk),
        joinedload(Request.decision).joinedload(Decision.account),
        joinedload(Request.proposal).joinedload(Proposal.desk),
    )


def by_code(code: str) -> Request | None:
    """A request with all that its page shows."""
    return db.session.scalar(_whole(select(Request)).where(Request.code == code))


def for_change(code: str) -> Request | None:
    """The same, read anew and locked until the write unit ends, so that two deciders come one after the other."""
    query = _whole(select(Request)).where(Request.code == code).with_for_update(of=Request)
    return db.session.scalar(query.execution_options(populate_existing=True))


def nobody_elses(codes: Collection[str]) -> list[Request]:
    """Those of these requests that nobody else is busy with, read anew and locked, in the order of ``codes``.

    It waits for nobody, so that it can be asked of many at once without locking their rooms.
    """
    query = _whole(select(Request)).where(Request.code.in_(codes)).with_for_update(of=Request, skip_locked=True)
    found = {one.code: one for one in db.session.scalars(query.execution_options(populate_existing=True))}
    return [found[code] for code in codes if code in found]


def locked(code: str, *, also: Collection[int] = ()) -> Request | None:
    """The same, with its rooms locked before its row, as everybody does, so that nobody waits in a ring.

    ``also``: the ids of other rooms that are about to be taken. The rooms of a request do not change without this lock.
    """
    if not is_sqlite():
        _lock_rooms_of(code, also)
    return for_change(code)


def _lock_rooms_of(code: str, also: Collection[int]) -> None:
    room_ids = {*_rooms_of(code), *also}
    while True:
        with db.session.begin_nested() as savepoint:
            occupancy.lock_rooms(room_ids)
            # Whoever was before us may have moved it to another room: then all of them are locked anew, in order.
            has_now = _rooms_of(code)
            if has_now <= room_ids:
                return
            savepoint.rollback()
        room_ids |= has_now


def _rooms_of(code: str) -> set[int]:
    return set(db.session.scalars(select(Occurrence.room_id).join(Request).where(Request.code == code).distinct()))


def rooms_of_forms(answers: Collection["FormAnswer"]) -> set[int]:
    """The ids of the rooms that were asked with these posts of a form."""
    dates = [occurrence_id for answer in answers for occurrence_id in answer.occurrence_ids]
    query = select(Occurrence.room_id).where(Occurrence.id.in_(dates)).distinct()
    return set(db.session.scalars(query)) if dates else set()


class FormAnswer(NamedTuple):
    """What became of one post of a form."""

    code: str
    form_hash: str
    status: Status
    occurrence_ids: tuple[int, ...]


# Asked twice for every form that is sent, once while nobody else can write: written once.
BY_FORM = (
    select(Request.id, Request.code, Request.form_hash, Request.status, Occurrence.id)
    .join(Occurrence)
    .where(Request.form_key == bindparam("form_key"))
    .order_by(Request.id.desc(), Occurrence.id)
)


def by_form(form_key: str) -> list[FormAnswer]:
    """What came of the posts of one form, newest first."""
    rows = db.session.execute(BY_FORM, {"form_key": form_key})
    dates: dict[int, list[int]] = {}
    answers = {}
    for request_id, *answer, occurrence_id in rows:
        dates.setdefault(request_id, []).append(occurrence_id)
        answers[request_id] = answer
    return [FormAnswer(*answer, tuple(dates[request_id])) for request_id, answer in answers.items()]


def unproved_of_browser(browser_hash: str, email: str, since: datetime) -> list[str]:
    """Codes of the requests made since a moment that wait for this address to be proved in this browser."""
    query = select(Request.code).where(
        Request.browser_hash == browser_hash,
        Request.contact_email == email,
        Request.status.in_(AWAITS_PROOF),
        Request.created_at > since,
    )
    return list(db.session.scalars(query.order_by(Request.id)))


def with_rooms(request: Request, rooms: Mapping[int, Room]) -> None:
    """Let a new request know its rooms, which were read before and belong to no session any more."""
    for date in request.occurrences:
        set_committed_value(date, "room", rooms[date.room_id])


def id_of(code: str) -> int | None:
    return db.session.scalar(select(Request.id).where(Request.code == code))


def _listed() -> Select[tuple[Request]]:
    return (
        select(Request)
        .join(Request.occurrences)
        .join(Occurrence.room)
        .join(Room.venue)
        .options(
            contains_eager(Request.occurrences).contains_eager(Occurrence.room).contains_eager(Room.venue),
            joinedload(Request.desk),
            joinedload(Request.handler),
        )
    )


def waiting_for(
    desk_ids: Collection[int], *, is_city: bool = False, limit: int | None = None, skip: int = 0
) -> Sequence[Request]:
    """What waits for these desks, nearest deadline first; the city desk sees all. At most ``limit``, after ``skip``."""
    chosen = select(Request.id).where(_is_waiting(desk_ids, is_city=is_city))
    chosen = chosen.order_by(Request.answer_by, Request.id).limit(limit).offset(skip)
    query = _listed().where(Request.id.in_(chosen))
    return db.session.scalars(query.order_by(Request.answer_by, Request.id, Occurrence.from_epoch)).unique().all()


def waiting_count(desk_ids: Collection[int], *, is_city: bool = False) -> int:
    query = select(func.count()).select_from(Request).where(_is_waiting(desk_ids, is_city=is_city))
    return db.session.scalar(query) or 0


def just_decided(desk_ids: Collection[int], *, is_city: bool = False, limit: int = 50) -> Sequence[Request]:
    """What these desks decided and can still undo, the latest first."""
    latest = select(Request.id).join(Request.decision).where(_of_desks(desk_ids, is_city=is_city))
    latest = latest.order_by(Decision.at.desc(), Request.id).limit(limit)
    query = _listed().join(Request.decision).options(contains_eager(Request.decision).joinedload(Decision.account))
    query = query.where(Request.id.in_(latest)).order_by(Decision.at.desc(), Request.id, Occurrence.from_epoch)
    return db.session.scalars(query).unique().all()


def _is_waiting(desk_ids: Collection[int], *, is_city: bool) -> ColumnElement[bool]:
    is_decided = Request.id.in_(select(Decision.request_id))
    return and_(Request.status.in_(WAITS_FOR_THE_DESK), _of_desks(desk_ids, is_city=is_city), ~is_decided)


def coming_at(desk_ids: Collection[int], *, is_city: bool = False, after: int, limit: int = 50) -> Sequence[Request]:
    """The bookings of these desks that are still to come, the nearest first."""
    query = (
        _listed()
        .where(Occurrence.status == Status.APPROVED, Occurrence.to_epoch > after)
        .where(_of_desks(desk_ids, is_city=is_city))
        .order_by(Occurrence.from_epoch)
        .limit(limit)
    )
    return db.session.scalars(query).unique().all()


def _of_desks(desk_ids: Collection[int], *, is_city: bool) -> ColumnElement[bool]:
    if is_city:
        return Request.desk_id.is_not(None)
    return or_(Request.desk_id.in_(desk_ids), Request.deputy_desk_id.in_(desk_ids))


def of_person(
    account_id: int,
    association_ids: Collection[int],
    *,
    email: str = "",
    limit: int | None = None,
    skip: int = 0,
) -> Sequence[Request]:
    """What a person or their associations asked, the latest date first; forms never proved are left out.

    ``email``: the proved address of that person, for what a desk typed in for them.

    At most ``limit``, after ``skip``: so what is still to come stands before what is past.
    """
    latest = func.max(Occurrence.from_epoch).desc()
    typed_in = and_(Request.contact_email == email, Request.came_by.is_not(None)) if email else false()
    chosen = (
        select(Request.id)
        .join(Request.occurrences)
        .where(or_(Request.account_id == account_id, Request.association_id.in_(association_ids), typed_in))
        .where(Request.asked_at.is_not(None))
        .group_by(Request.id)
        .order_by(latest, Request.id)
    )
    query = _listed().where(Request.id.in_(chosen.limit(limit).offset(skip)))
    return db.session.scalars(query.order_by(Occurrence.from_epoch.desc(), Request.id)).unique().all()


def of_dates(occurrence_ids: Collection[int]) -> list[str]:
    """Codes of the requests these dates belong to, oldest first."""
    query = select(Request.code, Request.id).join(Occurrence).where(Occurrence.id.in_(occurrence_ids)).distinct()
    return [code for code, _ in db.session.execute(query.order_by(Request.id))]


def by_answer_token(token_hash: str) -> str | None:
    """The code of the request that a letter's token answers for."""
    return db.session.scalar(select(Request.code).where(Request.answer_token_hash == token_hash, token_hash != ""))
