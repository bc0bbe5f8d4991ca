"""The link in a letter by which somebody decides: how long it lives, and what it still opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zalenzoeker.domain.requests import Action

LINK_LIVES = timedelta(hours=72)


class LinkState(StrEnum):
    """What a link opens now. Only OPEN lets somebody decide; each of the others has its page that says why not.

    REVOKED: who got it does not belong to the desk any more. MOVED: another desk decides. CHANGED: the request is not
    what it was when the letter was written. OWN: nobody decides on their own request.
    """

    OPEN = "open"
    USED = "used"
    DECIDED = "decided"
    CHANGED = "changed"
    MOVED = "moved"
    EXPIRED = "expired"
    REVOKED = "revoked"
    OWN = "own"


@dataclass(frozen=True)
class LinkFacts:
    """What is true of a link now. ``is_decided``: somebody decided in another way since it was made."""

    expires_at: datetime
    is_member: bool
    is_used: bool
    is_own: bool
    is_at_desk: bool
    is_decided: bool
    is_same_version: bool


def state_of(link: LinkFacts, now: datetime) -> LinkState:
    """The first reason that counts: who may not look learns nothing, and who used it learns what came of it."""
    reasons = (
        (LinkState.REVOKED, not link.is_member),
        (LinkState.USED, link.is_used),
        (LinkState.OWN, link.is_own),
        (LinkState.MOVED, not link.is_at_desk),
        (LinkState.DECIDED, link.is_decided and not link.is_same_version),
        (LinkState.CHANGED, not link.is_same_version),
        (LinkState.EXPIRED, link.expires_at <= now),
    )
    return next((state for state, is_so in reasons if is_so), LinkState.OPEN)


def last_decision(actions: Sequence[Action]) -> int | None:
    """Where in this story the decision stands that nothing took back; None where there is none."""
    found = None
    for number, action in enumerate(actions):
        if action is Action.DECIDE:
            found = number
        elif action in (Action.UNDO, Action.VOID):
            found = None
    return found
