"""A step in the life of a request: its state, its version and its timeline change together, nowhere else."""

from datetime import datetime

from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import Action, after
from zalenzoeker.storage.models import Event, Request


def step(request: Request, action: Action, *, by: Actor, now: datetime, note: str = "") -> None:
    """Move a request on, inside a write unit. Raises NotPossible when this cannot follow."""
    request.status = after(request.status, action)
    request.version += 1
    request.changed_at = now
    at_desk = action in (Action.APPROVE, Action.REFUSE, Action.CANCEL)
    request.events.append(
        Event(
            at=now,
            action=action,
            status=request.status,
            account_id=by.account_id,
            desk_id=request.desk_id if at_desk else None,
            note=note,
        )
    )
