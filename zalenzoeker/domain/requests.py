"""The life of a request: its states, what can be done in each, and what follows."""

from enum import StrEnum


class Status(StrEnum):
    """Where a request stands.

    UNPROVED: the e-mail address has not answered yet, no desk knows of it. LAPSED: it answered too late to keep the
    room; it still counts when the room is free. EXPIRED: the moment came and no desk had answered.
    """

    UNPROVED = "unproved"
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LAPSED = "lapsed"


class Action(StrEnum):
    """What can happen to a request."""

    PROVE = "prove"
    LAPSE = "lapse"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    EXPIRE = "expire"


class RequesterKind(StrEnum):
    """Who asks: for oneself, or for a group."""

    PERSON = "particulier"
    RESIDENTS = "bewonersgroep"
    ASSOCIATION = "vereniging"
    DE_FACTO = "feitelijke_vereniging"
    NON_PROFIT = "vzw"


GROUP_KINDS = tuple(kind for kind in RequesterKind if kind is not RequesterKind.PERSON)

NEXT: dict[tuple[Status, Action], Status] = {
    (Status.UNPROVED, Action.PROVE): Status.REQUESTED,
    (Status.UNPROVED, Action.LAPSE): Status.LAPSED,
    (Status.UNPROVED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.LAPSED, Action.PROVE): Status.REQUESTED,
    (Status.LAPSED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.REQUESTED, Action.APPROVE): Status.APPROVED,
    (Status.REQUESTED, Action.REFUSE): Status.REFUSED,
    (Status.REQUESTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.REQUESTED, Action.EXPIRE): Status.EXPIRED,
    (Status.APPROVED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.APPROVED, Action.CANCEL): Status.CANCELLED,
}

# With the policy "hold" a room is taken from the moment somebody asks.
HOLDS_THE_ROOM = frozenset({Status.UNPROVED, Status.REQUESTED, Status.APPROVED})
WAITS_FOR_THE_DESK = frozenset({Status.REQUESTED})
AWAITS_PROOF = frozenset({Status.UNPROVED, Status.LAPSED})
IS_OPEN = frozenset({Status.UNPROVED, Status.REQUESTED})
NEEDS_A_REASON = frozenset({Action.REFUSE, Action.CANCEL})


class NotPossible(Exception):
    """The request is no longer in a state in which this can be done. ``status`` says where it stands."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"cannot {action} a request that is {status}")
        self.status = status
        self.action = action


def after(status: Status, action: Action) -> Status:
    """The state that follows. Raises NotPossible when nothing does."""
    try:
        return NEXT[status, action]
    except KeyError:
        raise NotPossible(status, action) from None


def may_follow(status: Status, action: Action) -> bool:
    return (status, action) in NEXT
