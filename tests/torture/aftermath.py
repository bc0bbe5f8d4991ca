"""What must hold after anything that happened, and where everything stands then."""

from collections.abc import Iterator
from datetime import datetime
from itertools import filterfalse
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, selectinload

from tests.builders import NOW
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.programme import days_of, span_of
from zalenzoeker.domain.requests import HOLDS, IS_OPEN, Policy, Status, whole
from zalenzoeker.domain.slots import epoch, to_local
from zalenzoeker.storage import occupancy, requests, self_check
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, Letter, Occupancy, Occurrence, OwnProgramme, Request


def faults(now: datetime = NOW) -> list[str]:
    """What is not as it must be, whatever happened."""
    db.session.close()
    found = (
        _wrong_wholes(),
        _wrong_rows(),
        _wrong_proposals(),
        _wrong_lines(now),
        _wrong_closures(),
        _left_in_a_queue(),
        _told_twice(),
    )
    return [*self_check.faults(), *(fault for those in found for fault in those)]


def _wrong_wholes() -> Iterator[str]:
    for request in db.session.scalars(select(Request)).all():
        dates_of = db.session.scalars(select(Occurrence).where(Occurrence.request_id == request.id)).all()
        counted = [one.status for one in dates_of if one.replaces_id is None or one.status in IS_OPEN]
        if request.status is not whole(counted):
            yield f"{request.status} although its dates are {counted}"


def _wrong_rows() -> Iterator[str]:
    """Each date against what it has of each space, looked at one by one."""
    policies = dict(db.session.execute(select(Request.id, Request.policy)).all())
    has: dict[int, dict[int, list[Occupancy]]] = {}
    for row in db.session.scalars(select(Occupancy).where(Occupancy.occurrence_id.is_not(None))):
        has.setdefault(row.occurrence_id or 0, {}).setdefault(row.space_id, []).append(row)
    all_dates = list(filterfalse(_is_proposed, db.session.scalars(select(Occurrence))))
    moving = {one.replaces_id for one in all_dates if one.replaces_id and one.status is Status.REQUESTED}
    for one in all_dates:
        policy, own = policies[one.request_id], has.get(one.id, {})
        by = _should_have(policy, one.status)
        spaces = occupancy.spaces_of(one.room_id)
        if by is None:
            if own and (policy is Policy.INSIDE or one.status not in (Status.UNPROVED, Status.OFFERED)):
                yield f"{one.status} ({policy}) has {_said(own)}"
            continue
        if any(row.by is not by or row.held_until is not None for rows in own.values() for row in rows):
            yield f"{one.status} ({policy}) is held as {_said(own)}"
        for space_id in spaces:
            covered = sorted((row.from_epoch, row.to_epoch) for row in own.get(space_id, []))
            is_right = covered == [(one.taken_from, one.taken_to)]
            if one.replaces_id is not None:
                # It may lie where dates are that leave when it comes.
                others = [row for former in moving for row in has.get(former or 0, {}).get(space_id, [])]
                covered = sorted([*covered, *((row.from_epoch, row.to_epoch) for row in others)])
                is_right = _covers(covered, one.taken_from, one.taken_to)
            if not is_right:
                yield f"{one.status} ({policy}) {one.starts} has {covered} of {space_id}"
        if set(own) - set(spaces):
            yield f"{one.status} ({policy}) has a space of another room"


def _should_have(policy: Policy, status: Status) -> TakenBy | None:
    if policy is Policy.INSIDE:
        return None
    if status is Status.APPROVED:
        return TakenBy.BOOKING
    if status is Status.REQUESTED:
        return TakenBy.REQUEST if Status.REQUESTED in HOLDS[policy] else TakenBy.QUEUED
    return None


def _wrong_proposals() -> Iterator[str]:
    """What is proposed is only held for a while."""
    query = select(Occupancy, Occurrence).join(Occurrence, Occurrence.id == Occupancy.occurrence_id)
    for row, one in db.session.execute(query):
        if _is_proposed(one) and (row.by is not TakenBy.REQUEST or not row.held_until):
            yield f"{one.status} {one.starts} is held by {row.by} until {row.held_until}"


def _is_proposed(one: Occurrence) -> bool:
    """Also while its letter has not left."""
    return one.status is Status.PROPOSED or (one.status is Status.SKIPPED and one.replaces_id is not None)


def _covers(stretches: list[tuple[int, int]], starts: int, ends: int) -> bool:
    for first, last in stretches:
        if first <= starts < last:
            starts = last
    return starts >= ends


def _said(own: dict[int, list[Occupancy]]) -> list[str]:
    return [f"{row.by} {row.space_id} until {row.held_until}" for rows in own.values() for row in rows]


def _rows_of(owner: Any) -> dict[int, dict[int, list[tuple[int, int]]]]:
    """From and to of every row, by whom it is of (a line, a closure) and by space."""
    found: dict[int, dict[int, list[tuple[int, int]]]] = {}
    for row in db.session.scalars(select(Occupancy).where(owner.is_not(None)).order_by(Occupancy.from_epoch)):
        spaces = found.setdefault(getattr(row, owner.key), {})
        spaces.setdefault(row.space_id, []).append((row.from_epoch, row.to_epoch))
    return found


def _wrong_lines(now: datetime) -> Iterator[str]:
    """Own programme that is still to come lies on the dates of its line, in the whole of its room."""
    has = _rows_of(Occupancy.programme_id)
    today = to_local(now).date()
    for line in db.session.scalars(select(OwnProgramme).options(selectinload(OwnProgramme.exceptions))):
        left_out = {one.day for one in line.exceptions}
        last = min(line.until or line.written_until or today, line.written_until or today)
        slots = days_of(line.hours, max(today, line.first_day or today), last, now)
        dates = {(slot.from_epoch, slot.to_epoch) for slot in slots if slot.day not in left_out}
        to_come = {
            space_id: [one for one in rows if one[0] > epoch(now)] for space_id, rows in has.get(line.id, {}).items()
        }
        to_come = {space_id: rows for space_id, rows in to_come.items() if rows}
        for space_id, rows in to_come.items():
            if not dates.issuperset(rows) or len(set(rows)) != len(rows):
                yield f"line {line.id} has {rows} of {space_id}, and its dates are {sorted(dates)}"
        if to_come and (
            set(to_come) != set(occupancy.spaces_of(line.room_id)) or len(set(map(str, to_come.values()))) > 1
        ):
            yield f"line {line.id} has not the whole of its room: {to_come}"


def _wrong_closures() -> Iterator[str]:
    """A closure has what it closed from its first midnight to its last, and something of its room."""
    has = _rows_of(Occupancy.closure_id)
    for closure in db.session.scalars(select(Closure)):
        own = has.get(closure.id, {})
        if not own or not set(own) <= set(occupancy.spaces_of(closure.room_id)):
            yield f"closure {closure.id} has the spaces {sorted(own)}"
        starts, ends = span_of(closure.first_day, closure.last_day)
        if any((rows[0][0], rows[-1][1]) != (starts, ends) or not _covers(rows, starts, ends) for rows in own.values()):
            yield f"closure {closure.id} from {closure.first_day} to {closure.last_day} has {own}"


def _left_in_a_queue() -> Iterator[str]:
    """Nobody waits in a queue for what the house has itself."""
    queued, taken = aliased(Occupancy), aliased(Occupancy)
    of_the_house = (TakenBy.OWN_PROGRAMME, TakenBy.CLOSURE)
    query = select(queued, taken).where(
        queued.by == TakenBy.QUEUED,
        taken.by.in_(of_the_house),
        queued.space_id == taken.space_id,
        queued.from_epoch < taken.to_epoch,
        taken.from_epoch < queued.to_epoch,
    )
    for waits, has in db.session.execute(query):
        yield f"date {waits.occurrence_id} waits for {has.by} from {has.from_epoch} to {has.to_epoch}"


def _told_twice() -> Iterator[str]:
    """Weekly use that ends is asked about once."""
    query = select(Letter.request_id).where(Letter.kind == LetterKind.RENEWAL_DUE)
    asked = list(db.session.scalars(query))
    yield from (f"request {one} was asked twice whether it goes on" for one in set(asked) if asked.count(one) > 1)


def story(codes: list[str]) -> list[Any]:
    """Where everything stands, without what differs from one database to the next."""
    db.session.close()
    found: list[Any] = []
    for code in codes:
        request = requests.by_code(code)
        assert request is not None
        told = db.session.scalars(select(Letter).where(Letter.request_id == request.id).order_by(Letter.id)).all()
        found.append(
            (
                request.status,
                request.policy,
                request.version,
                request.renews_id is not None,
                [
                    (one.room.slug, one.starts, one.ends, one.status, one.sequence, one.replaces_id is not None)
                    for one in sorted(request.occurrences, key=lambda one: (one.from_epoch, one.room.slug, one.id))
                ],
                [event.action for event in request.events],
                [(letter.kind, letter.recipient) for letter in told],
            )
        )
    rows = db.session.execute(select(Occupancy.space_id, Occupancy.from_epoch, Occupancy.to_epoch, Occupancy.by))
    return [*found, sorted(tuple(row) for row in rows)]
