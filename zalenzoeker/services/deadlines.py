"""What the clock does: each round ends what has lasted too long, every step exactly once."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.deadlines import UNPROVED_HOLD
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import Action, NotPossible, Policy, Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import (
    advice,
    daily,
    date_reminders,
    decisions,
    desk_clock,
    forgetting,
    notices,
    programme,
    proposals,
    proposing,
    reminders,
    renewals,
    waiting,
    weekly_letter,
)
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import step
from zalenzoeker.storage import desks, due, limits, occupancy, requests, self_check
from zalenzoeker.storage.db import write_unit

LOG = logging.getLogger(__name__)
# So a round stays short after a long silence; the next one is soon.
STEPS_A_ROUND = 1000
# So nobody who asks a room waits long for the clock, which writes for so many requests at once.
STEPS_AT_ONCE = 25


def tick(now: datetime) -> None:
    """One round: what was decided or voted, forms nobody proved, what ends, who is reminded, weekly use, programme."""
    _each(due.lapsed(before=now - UNPROVED_HOLD), _lapse, now)
    # Before anything runs out: what a desk decided in time counts.
    _each(due.decided(now), decisions.carry_out, now)
    _each(due.vote_ended(now), advice.close, now)
    _each(due.unanswered(epoch(now)), _expire, now)
    _each(due.with_ended_hold(now), _end_hold, now)
    _each(due.with_ended_offer(now), waiting.end_offer, now)
    _each(due.with_ended_proposal(now), proposals.end, now)
    # After what ended: about that nobody is reminded.
    _some_at_once(due.with_step(now, limit=STEPS_A_ROUND), reminders.take_steps, now)
    waiting.serve(now)
    renewals.tell(now)
    if desk_clock.each_night(now):
        forgetting.each_night(now)
    date_reminders.tell(now)
    daily.tell(now)
    programme.write_out(now)
    # After the programme is written out: of that it tells.
    weekly_letter.send(now)
    if self_check.is_due(now):
        look_at_everything(now)
    with write_unit():
        limits.forget_before(now - limits.longest_window())


def _each(codes: Iterable[str], end: Callable[[str, datetime], None], now: datetime) -> None:
    """One request that cannot be ended keeps no other one waiting; the next round tries it again."""
    for code in codes:
        try:
            end(code, now)
        except Exception:
            LOG.exception("the clock could not do its work for %s", code)


def _some_at_once(codes: list[str], end: Callable[[list[str], datetime], None], now: datetime) -> None:
    """The same in one write unit for some at a time; where that fails, each of these in one of its own."""
    for first in range(0, len(codes), STEPS_AT_ONCE):
        some = codes[first : first + STEPS_AT_ONCE]
        try:
            end(some, now)
        except Exception:
            LOG.info("the clock does its work for each of these alone: %s", ", ".join(some), exc_info=True)
            _each(some, lambda code, now: end([code], now), now)


def look_at_everything(now: datetime) -> list[str]:
    """Look whether nothing overlaps and nothing is missing; what is found is kept for the page of the site's health."""
    found = self_check.faults()
    with write_unit():
        self_check.put(found, now)
    return found


def beat(now: datetime) -> None:
    """Tell that the worker is alive."""
    with write_unit():
        limits.beat("worker", now)


def _lapse(code: str, now: datetime) -> None:
    with write_unit():
        request = requests.locked(code)
        if request is None:
            return
        try:
            gone = step(request, Action.LAPSE, by=ANYONE, now=now)
        except NotPossible:
            # Somebody proved it a moment ago.
            return
        occupancy.release([date.id for date in gone])


def _expire(code: str, now: datetime) -> None:
    """The dates whose moment has come: nobody answered, or nothing came free."""
    with write_unit():
        request = requests.locked(code)
        if request is None or request.decision is not None:
            # Decided a moment ago.
            return
        by_id = {date.id: date for date in request.occurrences}
        # Where the date itself has begun, it took place as it was: another moment for it is void.
        begun = [
            date
            for date in request.occurrences
            if min(date.slot.starts_at, by_id[date.replaces_id or date.id].slot.starts_at) <= now
        ]
        was_waiting = request.status is Status.WAITING
        try:
            gone = step(request, Action.EXPIRE, by=ANYONE, now=now, dates=begun)
        except NotPossible:
            # Somebody decided a moment ago.
            return
        free_dates(gone)
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk is not None:
            told = notices.waiting_ended if was_waiting else notices.request_expired
            told(request, desk, now, dates=gone)


def _end_hold(code: str, now: datetime) -> None:
    """Nobody answered for so long that others may ask too; the request still waits, and stands first."""
    with write_unit():
        request = requests.locked(code)
        if request is None or request.policy is Policy.QUEUE or request.hold_until is None or request.hold_until > now:
            return
        if request.decision is not None or proposing.live(request):
            # Decided, or answered with a proposal, a moment ago.
            return
        try:
            waiting_dates = step(request, Action.HOLD_END, by=ANYONE, now=now)
        except NotPossible:
            return
        request.policy = Policy.QUEUE
        occupancy.release([date.id for date in waiting_dates])
        occupancy.take_dates(waiting_dates, TakenBy.QUEUED, now_epoch=epoch(now))
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk is not None:
            notices.hold_ended(request, desk, now)
