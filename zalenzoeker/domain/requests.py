"""The life of a request: its states, what can be done in each, and what follows."""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """Where a request, or one of its dates, stands.

    UNPROVED: the e-mail address has not answered yet, no desk knows of it. LAPSED: it answered too late to keep the
    room; it still counts when the room is free. EXPIRED: the moment came and no desk had answered, or an offer was not
    taken. SKIPPED: a date of a series that the asker left out. WAITING: on the waiting list. OFFERED: a place on that
    list came free and is kept for a while. PROPOSED: another moment, room or place that the desk offers for a date,
    kept until its asker answers; never the state of a request.
    """

    UNPROVED = "unproved"
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    SKIPPED = "skipped"
    WAITING = "waiting"
    OFFERED = "offered"
    PROPOSED = "proposed"


class Action(StrEnum):
    """What can happen to a date of a request, and what can be said of the request as a whole.

    CONFIRM: the house's rules say yes at once. OVERTAKE: another one that waited for the same moment was chosen.
    HOLD_END: nobody answered for so long that the room is free for others again. CHANGE: another moment. LET_GO: one
    date is given up. WAIT, OFFER, ACCEPT, MISS: the waiting list; MISS is silence, or an offer that came to nothing.
    DECIDE: a desk has decided and can still undo it. VOID: its asker changed the request before that was told.
    ASK and REPLY: a question and its answer. NOTE: for the desk alone. FORWARD: another desk decides. HAND: one of the
    desk looks after it. REMIND, TO_DEPUTY, TO_CITY: nobody answered for so long that the clock asked again, and whom.
    VOTE: one of several says yes or no. ADVISE: they gave their advice, and the city decides.
    PROPOSE: the desk offers something else, to which the asker says yes (AGREE) or no (DECLINE);
    PROPOSAL_END: nobody answered, or the desk took it back.
    BOUNCE: a letter about it did not arrive. STRANGER: somebody else than who got a letter
    answered it by mail. SHIELD: from here on nobody outside reads what it is, or that ends.
    """

    PROVE = "prove"
    LAPSE = "lapse"
    APPROVE = "approve"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    OVERTAKE = "overtake"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    EXPIRE = "expire"
    HOLD_END = "hold_end"
    CHANGE = "change"
    LET_GO = "let_go"
    PUT_BACK = "put_back"
    WAIT = "wait"
    OFFER = "offer"
    ACCEPT = "accept"
    MISS = "miss"
    DECIDE = "decide"
    UNDO = "undo"
    VOID = "void"
    ASK = "ask"
    REPLY = "reply"
    NOTE = "note"
    FORWARD = "forward"
    HAND = "hand"
    REMIND = "remind"
    TO_DEPUTY = "to_deputy"
    TO_CITY = "to_city"
    VOTE = "vote"
    ADVISE = "advise"
    PROPOSE = "propose"
    AGREE = "agree"
    DECLINE = "decline"
    PROPOSAL_END = "proposal_end"
    BOUNCE = "bounce"
    STRANGER = "stranger"
    SHIELD = "shield"


class RequesterKind(StrEnum):
    """Who asks: for oneself, or for a group."""

    PERSON = "particulier"
    RESIDENTS = "bewonersgroep"
    ASSOCIATION = "vereniging"
    DE_FACTO = "feitelijke_vereniging"
    NON_PROFIT = "vzw"


class ActivityKind(StrEnum):
    """What somebody wants a room for; a house may exclude some of these."""

    MEETING = "vergadering"
    COURSE = "vorming"
    REHEARSAL = "repetitie"
    NEIGHBOURHOOD = "buurtactiviteit"
    PARTY = "feest"
    PERFORMANCE = "optreden"
    SPORT = "beweging"
    WORSHIP = "eredienst"
    PARTY_POLITICS = "partijpolitiek"
    SALE = "verkoop"
    OTHER = "andere"


class Policy(StrEnum):
    """What a request that waits for an answer does with its room.

    HOLD: nobody else can ask. QUEUE: others may ask too, and see that somebody was before them. INSTANT: the answer
    is yes at once. WAIT: it holds nothing and stands on the waiting list. INSIDE: it takes no space, neither now nor
    after a yes: an activity inside the open hours of the house.
    """

    HOLD = "hold"
    QUEUE = "queue"
    INSTANT = "instant"
    WAIT = "wait"
    INSIDE = "inside"


GROUP_KINDS = tuple(kind for kind in RequesterKind if kind is not RequesterKind.PERSON)

NEXT: dict[tuple[Status, Action], Status] = {
    (Status.UNPROVED, Action.PROVE): Status.REQUESTED,
    (Status.UNPROVED, Action.WAIT): Status.WAITING,
    (Status.UNPROVED, Action.LAPSE): Status.LAPSED,
    (Status.UNPROVED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.LAPSED, Action.PROVE): Status.REQUESTED,
    (Status.LAPSED, Action.WAIT): Status.WAITING,
    (Status.LAPSED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.REQUESTED, Action.APPROVE): Status.APPROVED,
    (Status.REQUESTED, Action.CONFIRM): Status.APPROVED,
    (Status.REQUESTED, Action.REFUSE): Status.REFUSED,
    (Status.REQUESTED, Action.OVERTAKE): Status.REFUSED,
    (Status.REQUESTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.REQUESTED, Action.LET_GO): Status.WITHDRAWN,
    (Status.REQUESTED, Action.EXPIRE): Status.EXPIRED,
    (Status.REQUESTED, Action.HOLD_END): Status.REQUESTED,
    (Status.REQUESTED, Action.CHANGE): Status.REQUESTED,
    (Status.APPROVED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.APPROVED, Action.LET_GO): Status.WITHDRAWN,
    (Status.APPROVED, Action.CANCEL): Status.CANCELLED,
    (Status.APPROVED, Action.CHANGE): Status.APPROVED,
    (Status.SKIPPED, Action.PUT_BACK): Status.REQUESTED,
    (Status.WAITING, Action.OFFER): Status.OFFERED,
    (Status.WAITING, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.WAITING, Action.EXPIRE): Status.EXPIRED,
    (Status.OFFERED, Action.ACCEPT): Status.REQUESTED,
    (Status.OFFERED, Action.MISS): Status.EXPIRED,
    (Status.OFFERED, Action.WITHDRAW): Status.WITHDRAWN,
    # What is proposed comes into being left out; a yes to it is about the date it takes the place of too.
    (Status.SKIPPED, Action.PROPOSE): Status.PROPOSED,
    (Status.PROPOSED, Action.AGREE): Status.APPROVED,
    (Status.REQUESTED, Action.AGREE): Status.APPROVED,
    (Status.APPROVED, Action.AGREE): Status.APPROVED,
    (Status.PROPOSED, Action.DECLINE): Status.WITHDRAWN,
    (Status.PROPOSED, Action.PROPOSAL_END): Status.EXPIRED,
}

# What moves no date, and where a request must stand for it.
WITH_THE_DESK = frozenset({Status.REQUESTED, Status.APPROVED})
SAID_OF: dict[Action, frozenset[Status]] = {
    Action.DECIDE: WITH_THE_DESK,
    Action.UNDO: WITH_THE_DESK,
    Action.VOID: WITH_THE_DESK,
    Action.ASK: WITH_THE_DESK,
    Action.REPLY: WITH_THE_DESK,
    Action.NOTE: frozenset(Status) - {Status.UNPROVED, Status.LAPSED},
    Action.FORWARD: frozenset({Status.REQUESTED}),
    Action.HAND: frozenset({Status.REQUESTED}),
    Action.REMIND: frozenset({Status.REQUESTED}),
    Action.TO_DEPUTY: frozenset({Status.REQUESTED}),
    Action.TO_CITY: frozenset({Status.REQUESTED}),
    Action.VOTE: frozenset({Status.REQUESTED}),
    Action.ADVISE: frozenset({Status.REQUESTED}),
    Action.BOUNCE: frozenset(Status) - {Status.UNPROVED, Status.LAPSED},
    Action.STRANGER: frozenset(Status) - {Status.UNPROVED, Status.LAPSED},
    Action.SHIELD: frozenset(Status) - {Status.UNPROVED, Status.LAPSED},
}
# What is written on the timeline for the desk only; the line itself keeps that it is (``Event.is_internal``).
INTERNAL = frozenset(
    {Action.DECIDE, Action.UNDO, Action.VOID, Action.NOTE, Action.HAND, Action.VOTE, Action.BOUNCE, Action.STRANGER}
)
# What nobody who looks at an older page needs to see before they decide.
CHANGES_NOTHING = frozenset(
    {
        Action.NOTE,
        Action.HAND,
        Action.REMIND,
        Action.TO_DEPUTY,
        Action.TO_CITY,
        Action.VOTE,
        Action.BOUNCE,
        Action.STRANGER,
        Action.SHIELD,
    }
)
# After this, whoever voted votes anew: it is another request, or what they decided was taken back.
VOTES_FALL = frozenset({Action.CHANGE, Action.PUT_BACK, Action.UNDO, Action.VOID})
DECISIONS = (Action.APPROVE, Action.REFUSE, Action.CANCEL)
# Of which dates a desk can propose something else.
MAY_BE_MOVED = frozenset({Status.REQUESTED, Status.APPROVED})

# Which dates hold their room, by what the house lets a waiting request do. The short hold on an unproved form and the
# ones on an offer and on a proposal end by themselves.
HOLDS: dict[Policy, frozenset[Status]] = {
    Policy.HOLD: frozenset({Status.UNPROVED, Status.REQUESTED, Status.APPROVED}),
    Policy.INSTANT: frozenset({Status.UNPROVED, Status.REQUESTED, Status.APPROVED}),
    Policy.QUEUE: frozenset({Status.APPROVED}),
    Policy.WAIT: frozenset({Status.APPROVED, Status.OFFERED}),
    Policy.INSIDE: frozenset(),
}
WAITS_FOR_THE_DESK = frozenset({Status.REQUESTED})
AWAITS_PROOF = frozenset({Status.UNPROVED, Status.LAPSED})
ON_THE_WAITING_LIST = frozenset({Status.WAITING, Status.OFFERED})
IS_OPEN = frozenset({Status.UNPROVED, Status.REQUESTED, Status.WAITING, Status.OFFERED, Status.PROPOSED})
IS_ALIVE = IS_OPEN | {Status.APPROVED}
NEEDS_A_REASON = frozenset({Action.REFUSE, Action.CANCEL})

# Where the dates of a request stand differently, the first of these that one of them has is where it stands itself.
FOREMOST = (
    Status.UNPROVED,
    Status.REQUESTED,
    Status.OFFERED,
    Status.WAITING,
    Status.APPROVED,
    # What is proposed falls with the date it is for, so that it never stands alone.
    Status.PROPOSED,
    Status.LAPSED,
    Status.CANCELLED,
    Status.REFUSED,
    Status.EXPIRED,
    Status.WITHDRAWN,
    Status.SKIPPED,
)


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


def may_be_said(status: Status, action: Action) -> bool:
    """Can this be said of a request that stands there?"""
    return status in SAID_OF[action]


def whole(statuses: Iterable[Status]) -> Status:
    """Where a request stands whose dates stand here."""
    found = set(statuses)
    return next(status for status in FOREMOST if status in found)
