"""What the clock has to look at: forms, holds, offers, moments and series whose time has come."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import aliased

from zalenzoeker.domain.deadlines import ClockStep
from zalenzoeker.domain.requests import Policy, Status
from zalenzoeker.domain.series import RENEWAL_DAYS
from zalenzoeker.domain.slots import epoch
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Decision, Occurrence, Proposal, Request

IS_DECIDED = select(Decision.request_id)
IS_PROPOSED = select(Occurrence.request_id).where(Occurrence.status == Status.PROPOSED)


def lapsed(before: datetime) -> list[str]:
    """Codes of unproved requests older than this moment."""
    query = select(Request.code).where(Request.status == Status.UNPROVED, Request.created_at <= before)
    return list(db.session.scalars(query.order_by(Request.id)))


def decided(now: datetime) -> list[str]:
    """Codes of requests with a decision that can no longer be undone, the oldest first."""
    query = select(Request.code).join(Request.decision).where(Decision.due_at <= now)
    return list(db.session.scalars(query.order_by(Decision.due_at, Decision.id)))


def vote_ended(now: datetime) -> list[str]:
    """Codes of requests whose time to vote is over, the first one first."""
    query = select(Request.code).where(Request.vote_until <= now, Request.id.not_in(IS_DECIDED))
    return list(db.session.scalars(query.order_by(Request.vote_until, Request.id)))


def unanswered(from_epoch: int) -> list[str]:
    """Codes of requests with a date that still waits, for an answer or on the list, although its moment has begun.

    A new moment is over as well when the date it would take the place of has begun. What is decided is answered.
    """
    waits, former = (Status.REQUESTED, Status.WAITING), aliased(Occurrence)
    query = (
        select(Request.code)
        .join(Occurrence)
        .outerjoin(former, former.id == Occurrence.replaces_id)
        .where(Request.id.not_in(IS_DECIDED))
        .where(Occurrence.status.in_(waits), or_(Occurrence.from_epoch <= from_epoch, former.from_epoch <= from_epoch))
        .distinct()
    )
    return sorted(db.session.scalars(query))


def with_ended_hold(now: datetime) -> list[str]:
    """Codes of requests that nobody answered for as long as they may hold a room; a proposal is an answer."""
    query = select(Request.code).where(
        Request.policy.in_((Policy.HOLD, Policy.INSTANT)),
        Request.status == Status.REQUESTED,
        Request.hold_until <= now,
        Request.id.not_in(IS_DECIDED),
        Request.id.not_in(IS_PROPOSED),
    )
    return list(db.session.scalars(query.order_by(Request.id)))


def with_step(now: datetime, *, limit: int) -> list[str]:
    """Codes of requests of which a step of the clock may be due, the longest overdue first; at most so many.

    What is decided and not told yet waits for nobody, and a proposal waits for its asker.
    """
    query = select(Request.code).where(
        Request.status == Status.REQUESTED,
        Request.next_step_at <= now,
        Request.id.not_in(IS_DECIDED),
        Request.id.not_in(IS_PROPOSED),
    )
    return list(db.session.scalars(query.order_by(Request.next_step_at, Request.id).limit(limit)))


class OpenClock(NamedTuple):
    """What the clock of a request that waits is counted from; ``starts``: of its waiting dates, in epoch seconds."""

    code: str
    desk_id: int
    since: datetime
    step: ClockStep | None
    next_step_at: datetime | None
    answer_by: datetime | None
    starts: int


def open_clocks(desk_id: int | None = None) -> list[OpenClock]:
    """Every request that waits for this desk, or for any, with the first of its waiting dates after it came there."""
    former = aliased(Occurrence)
    begins = case((former.from_epoch < Occurrence.from_epoch, former.from_epoch), else_=Occurrence.from_epoch)
    columns = Request.code, Request.desk_id, Request.clock_since, Request.clock_step
    query = (
        select(*columns, Request.next_step_at, Request.answer_by, begins)
        .join(Request.occurrences)
        .outerjoin(former, former.id == Occurrence.replaces_id)
        .where(Request.status == Status.REQUESTED, Occurrence.status == Status.REQUESTED)
        .where(Request.clock_since.is_not(None), Request.desk_id.is_not(None))
        .order_by(Request.id, begins)
    )
    if desk_id is not None:
        query = query.where(Request.desk_id == desk_id)
    found: dict[str, OpenClock] = {}
    for row in db.session.execute(query):
        one = OpenClock(*row)
        if one.starts > epoch(one.since):
            found.setdefault(one.code, one)
    return list(found.values())


def set_clock(one: OpenClock, *, next_step_at: datetime | None, answer_by: datetime) -> None:
    """Keep what was counted anew, unless the request went on meanwhile; inside a write unit."""
    query = update(Request).where(Request.code == one.code, Request.status == Status.REQUESTED)
    query = query.where(Request.clock_since == one.since, Request.clock_step.is_not_distinct_from(one.step))
    values = {"next_step_at": next_step_at, "answer_by": answer_by}
    db.session.execute(query.values(values), execution_options={"synchronize_session": False})


def with_pattern_ending(today: date) -> list[str]:
    """Codes of series whose last date is near, and whose asker was not asked yet whether it goes on."""
    last = func.max(Occurrence.starts)
    query = (
        select(Request.code)
        .join(Occurrence)
        .where(Occurrence.status == Status.APPROVED, Request.pattern.is_not(None), Request.renewal_told_at.is_(None))
        .group_by(Request.id, Request.code)
        .having(
            last >= datetime.combine(today, time()),
            last < datetime.combine(today + timedelta(days=RENEWAL_DAYS + 1), time()),
        )
    )
    return list(db.session.scalars(query.order_by(Request.id)))


def with_ended_offer(now: datetime) -> list[str]:
    """Codes of requests whose offer from the waiting list was not taken in time."""
    query = select(Request.code).where(Request.status == Status.OFFERED, Request.offer_until <= now)
    return list(db.session.scalars(query.order_by(Request.id)))


def with_ended_proposal(now: datetime) -> list[str]:
    """Codes of requests whose asker did not answer a proposal in time."""
    query = select(Request.code).join(Request.proposal)
    query = query.where(Proposal.until <= now, Request.id.in_(IS_PROPOSED))
    return list(db.session.scalars(query.order_by(Proposal.until, Proposal.id)))
