"""What the clock has to look at: forms, holds, offers, moments and series whose time has come."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from zalenzoeker.domain.requests import Policy, Status
from zalenzoeker.domain.series import RENEWAL_DAYS
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
