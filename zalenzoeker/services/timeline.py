"""A step in the life of a request: states, version and timeline change together, nowhere else."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.requests import (
    CHANGES_NOTHING,
    INTERNAL,
    IS_ALIVE,
    IS_OPEN,
    VOTES_FALL,
    WAITS_FOR_THE_DESK,
    Action,
    NotPossible,
    Policy,
    Status,
    after,
    may_be_said,
    may_follow,
    whole,
)
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import behalf, voting
from zalenzoeker.storage import desks, occupancy
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Decision, Event, Occurrence, Request

AT_THE_DESK = frozenset(
    {
        Action.APPROVE,
        Action.REFUSE,
        Action.CANCEL,
        Action.CONFIRM,
        Action.OVERTAKE,
        Action.DECIDE,
        Action.UNDO,
        Action.ASK,
        Action.NOTE,
        Action.FORWARD,
        Action.HAND,
        Action.REMIND,
        Action.TO_DEPUTY,
        Action.TO_CITY,
        Action.VOTE,
        Action.ADVISE,
        Action.PROPOSE,
        Action.PROPOSAL_END,
    }
)
# The fact of a step by which what was proposed instead of its dates fell.
PROPOSAL_FELL = "proposal_fell"


def step(
    request: Request,
    action: Action,
    *,
    by: Actor,
    now: datetime,
    note: str = "",
    dates: Collection[Occurrence] | None = None,
    facts: dict[str, Any] | None = None,
) -> list[Occurrence]:
    """Move the dates of a request on, or only these, inside a write unit; returns those that moved.

    What was decided about these dates and is not told yet falls: it was about them as they stood; and what was proposed
    instead of them. Raises NotPossible when this can follow for none of them.
    """
    alive = [date for date in request.occurrences if date.status in IS_ALIVE - {Status.PROPOSED}]
    chosen = request.occurrences if dates is None else dates
    moved = [date for date in chosen if may_follow(date.status, action)]
    if not moved:
        raise NotPossible(request.status, action)
    _void(request, moved, now)
    fallen = _end_proposals(request, moved, now)
    for date in moved:
        date.status = after(date.status, action)
        date.changed_at = now
    request.status = standing(request)
    request.version += 1
    request.changed_at = now
    _keep_votes(request, action, now)
    told = {**(facts or {}), **({PROPOSAL_FELL: True} if fallen else {})}
    if len(alive) > 1:
        # Of a series it matters which dates.
        told["dates"] = [date.starts.isoformat() for date in moved]
    _write(request, action, by=by, now=now, note=note, facts=told)
    return moved


def tell(
    request: Request, action: Action, *, by: Actor, now: datetime, note: str = "", facts: dict[str, Any] | None = None
) -> None:
    """Write down what moves no date, inside a write unit. Raises NotPossible where it cannot be said of the request."""
    if not may_be_said(request.status, action):
        raise NotPossible(request.status, action)
    if action not in CHANGES_NOTHING:
        request.version += 1
    _keep_votes(request, action, now)
    _write(request, action, by=by, now=now, note=note, facts=dict(facts or {}))


def decided_about(request: Request) -> frozenset[str]:
    """The dates, by their uid, about which something is decided that is not told yet."""
    return frozenset(request.decision.answers) if request.decision else frozenset()


def who_decided(request: Request, decision: Decision) -> Actor:
    """Whoever decided, for the desk for which they did, whatever they belong to by now."""
    told = next((one for one in reversed(request.events) if one.action is Action.DECIDE), None)
    desk_id = told.desk_id if told else request.desk_id
    return Actor(
        decision.account_id,
        desk_ids=frozenset() if desk_id is None else frozenset({desk_id}),
        is_city=desk_id is not None and desk_id == desks.city_id(),
    )


def _keep_votes(request: Request, action: Action, now: datetime) -> None:
    """Votes about what has changed meanwhile fall; where nothing waits any more, the time to vote is over."""
    if action in VOTES_FALL:
        voting.begin_anew(request, now)
    elif request.status not in WAITS_FOR_THE_DESK:
        request.vote_until = None


def drop_decision(request: Request) -> None:
    """A decision that is not told yet falls: the rooms that were kept for its yes go back to the queue."""
    decision, request.decision = request.decision, None
    if decision is not None:
        _give_back(request, [date for date in request.occurrences if decision.answers.get(date.uid) == Action.APPROVE])
        _forget_proposed(request, request.occurrences)


def _void(request: Request, moved: Collection[Occurrence], now: datetime) -> None:
    """Take dates out of a decision that is not told yet; what was decided about the others stands."""
    decision = request.decision
    gone = [date for date in moved if decision is not None and date.uid in decision.answers]
    if decision is None or not gone:
        return
    left = {uid: action for uid, action in decision.answers.items() if uid not in {date.uid for date in gone}}
    if not left:
        tell(request, Action.VOID, by=ANYONE, now=now)
        drop_decision(request)
        return
    _give_back(request, [date for date in gone if decision.answers[date.uid] == Action.APPROVE])
    _forget_proposed(request, gone)
    decision.answers = left


def _forget_proposed(request: Request, dates: Collection[Occurrence]) -> None:
    """What would have been proposed instead of these dates, and whose letter has not left: nobody knows of it."""
    ids = {date.id for date in dates}
    gone = [one for one in request.occurrences if one.status is Status.SKIPPED and one.replaces_id in ids]
    occupancy.release([one.id for one in gone])
    for one in gone:
        request.occurrences.remove(one)
        db.session.delete(one)


def _end_proposals(request: Request, moved: Collection[Occurrence], now: datetime) -> list[Occurrence]:
    """What was proposed instead of dates that move on by themselves falls, and its rooms are free."""
    ids = {date.id for date in moved}
    fallen = [
        one
        for one in request.occurrences
        if one.status is Status.PROPOSED and one.replaces_id in ids and one.id not in ids
    ]
    for one in fallen:
        one.status, one.changed_at = after(one.status, Action.PROPOSAL_END), now
    occupancy.release([one.id for one in fallen])
    return fallen


def _give_back(request: Request, dates: Collection[Occurrence]) -> None:
    """Where a request stands in a queue, what was kept for its yes belongs to the queue again."""
    if request.policy is Policy.QUEUE:
        occupancy.keep([date.id for date in dates], by=TakenBy.QUEUED)


def standing(request: Request) -> Status:
    """Where a request stands by its dates; a new moment counts for as long as it waits for an answer."""
    return whole(date.status for date in request.occurrences if date.replaces_id is None or date.status in IS_OPEN)


def _acted_for(request: Request, by: Actor) -> int | None:
    """For which desk somebody did it: the one that has the request, its deputy, or the city desk; else the first."""
    if request.desk_id in by.desk_ids or not by.is_signed_in:
        return request.desk_id
    if request.deputy_desk_id in by.desk_ids:
        return request.deputy_desk_id
    return desks.city_id() if by.is_city else request.desk_id


def _write(request: Request, action: Action, *, by: Actor, now: datetime, note: str, facts: dict[str, Any]) -> None:
    if action not in AT_THE_DESK | INTERNAL and "entered" not in facts and behalf.is_said_for(request, by):
        facts = {**facts, "at_request": True}
    request.events.append(
        Event(
            at=now,
            action=action,
            status=request.status,
            account_id=by.account_id,
            desk_id=_acted_for(request, by) if action in AT_THE_DESK else None,
            note=note,
            facts=facts,
            is_internal=action in INTERNAL,
        )
    )
