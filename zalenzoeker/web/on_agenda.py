"""Whether residents read of a booking, for those who may change that."""

from dataclasses import dataclass

from zalenzoeker.domain.activities import may_publish, may_take_down
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import AWAITS_PROOF, IS_ALIVE, Status
from zalenzoeker.storage import activities
from zalenzoeker.storage.models import Request


@dataclass(frozen=True)
class OnAgenda:
    """``code``: of the page in the agenda, empty while there is none. ``may_take_down``: this visitor may end it."""

    is_public: bool
    code: str
    may_publish: bool
    may_take_down: bool


def on_agenda(found: Request, who: Actor) -> OnAgenda | None:
    """How it stands with a booking; None for who has nothing to do with it, and for what goes on no more."""
    publishes, ends = may_publish(who, found.parties), may_take_down(who, found.parties)
    if found.status not in IS_ALIVE or found.status in AWAITS_PROOF or not (publishes or ends):
        return None
    activity = activities.of_request(found.id) if found.is_public and found.status is Status.APPROVED else None
    return OnAgenda(found.is_public, activity.code if activity else "", publishes, ends)
