"""A step in the life of a request: states, version and timeline change together, nowhere else."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import IS_ALIVE, IS_OPEN, Action, NotPossible, Status, after, may_follow, whole
from zalenzoeker.storage.models import Event, Occurrence, Request

AT_THE_DESK = frozenset({Action.APPROVE, Action.REFUSE, Action.CANCEL, Action.CONFIRM, Action.OVERTAKE})


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

    Raises NotPossible when this can follow for none of them.
    """
    alive = [date for date in request.occurrences if date.status in IS_ALIVE]
    chosen = request.occurrences if dates is None else dates
    moved = [date for date in chosen if may_follow(date.status, action)]
    if not moved:
        raise NotPossible(request.status, action)
    for date in moved:
        date.status = after(date.status, action)
        date.changed_at = now
    request.status = standing(request)
    request.version += 1
    request.changed_at = now
    told = dict(facts or {})
    if len(alive) > 1:
        # Of a series it matters which dates.
        told["dates"] = [date.starts.isoformat() for date in moved]
    request.events.append(
        Event(
            at=now,
            action=action,
            status=request.status,
            account_id=by.account_id,
            desk_id=request.desk_id if action in AT_THE_DESK else None,
            note=note,
            facts=told,
        )
    )
    return moved


def standing(request: Request) -> Status:
    """Where a request stands by its dates; a new moment counts for as long as it waits for an answer."""
    return whole(date.status for date in request.occurrences if date.replaces_id is None or date.status in IS_OPEN)
