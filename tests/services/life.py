"""The life of a request as tables: what can be done where, by whom, and what follows; with everybody of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from sqlalchemy import update

from tests import decisions
from tests.builders import (
    NOW,
    PASSER_BY,
    SATURDAY,
    STATES,
    actor_of,
    at,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    read,
)
from zalenzoeker.domain.advice import AdviceKind
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import AWAITS_PROOF, Action, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import advice, agreeing, conversation, dates, handing, proposals, waiting
from zalenzoeker.services import decisions as undoable
from zalenzoeker.services import requests as asking
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

LATER = NOW + timedelta(hours=1)
VISITOR = Visitor(is_limited=False)
# Where a request stands, and what it waits for besides: the answer of its asker to a proposal, the votes of its desk.
PROPOSED, VOTED = "proposed", "voted on"
STAGES = (*(str(status) for status in STATES), PROPOSED, VOTED)
# What a desk types in is known at once.
NEVER_TYPED = {str(status) for status in AWAITS_PROOF}

# Whose deed it is. `fellow`: of the asking group. `desk, own` and `city, own`: they may decide, but not about this one.
# `deputy`: of the desk that the clock asked to step in; `deputy to be`: of the one that it would ask.
WHO = """
deed       anybody  somebody  asker  fellow  desk  desk, own  other desk  deputy to be  deputy  city  city, own
prove      -        -         yes    -       -     -          -           -             -       -     -
withdraw   -        -         yes    yes     -     yes        -           -             -       -     yes
let_go     -        -         yes    yes     -     yes        -           -             -       -     yes
shorten    -        -         yes    yes     -     yes        -           -             -       -     yes
accept     -        -         yes    yes     -     yes        -           -             -       -     yes
leave      -        -         yes    yes     -     yes        -           -             -       -     yes
reply      -        -         yes    yes     -     yes        -           -             -       -     yes
agree      -        -         yes    yes     -     yes        -           -             -       -     yes
decline    -        -         yes    yes     -     yes        -           -             -       -     yes
approve    -        -         -      -       yes   -          -           -             yes     yes   -
refuse     -        -         -      -       yes   -          -           -             yes     yes   -
cancel     -        -         -      -       yes   -          -           -             yes     yes   -
decide     -        -         -      -       yes   -          -           -             yes     yes   -
undo       -        -         -      -       yes   -          -           -             yes     yes   -
propose    -        -         -      -       yes   -          -           -             yes     yes   -
take_back  -        -         -      -       yes   -          -           -             yes     yes   -
vote       -        -         -      -       yes   -          -           -             -       -     -
ask        -        -         -      -       yes   -          -           -             yes     yes   -
note       -        -         -      -       yes   -          -           -             yes     yes   -
forward    -        -         -      -       yes   -          -           -             yes     yes   -
hand       -        -         -      -       yes   -          -           -             yes     yes   -
"""

# The same of what was typed in for somebody without an e-mail address, whom the desk speaks for.
WHO_TYPED = """
deed       anybody  somebody  typed it in  desk  other desk  deputy to be  deputy  city
prove      -        -         -            -     -           -             -       -
withdraw   -        -         yes          yes   -           -             -       yes
let_go     -        -         yes          yes   -           -             -       yes
shorten    -        -         yes          yes   -           -             -       yes
accept     -        -         yes          yes   -           -             -       yes
leave      -        -         yes          yes   -           -             -       yes
reply      -        -         yes          yes   -           -             -       yes
agree      -        -         yes          yes   -           -             -       yes
decline    -        -         yes          yes   -           -             -       yes
approve    -        -         -            yes   -           -             yes     yes
refuse     -        -         -            yes   -           -             yes     yes
cancel     -        -         -            yes   -           -             yes     yes
decide     -        -         -            yes   -           -             yes     yes
undo       -        -         -            yes   -           -             yes     yes
propose    -        -         -            yes   -           -             yes     yes
take_back  -        -         -            yes   -           -             yes     yes
vote       -        -         -            yes   -           -             -       -
ask        -        -         -            yes   -           -             yes     yes
note       -        -         -            yes   -           -             yes     yes
forward    -        -         -            yes   -           -             yes     yes
hand       -        -         -            yes   -           -             yes     yes
"""

# What comes of it where it stands. `same`: nothing is to be done, and nobody is told off. `-`: it cannot be done.
# `no desk`: no desk knows of it yet, so that for a desk it is not there. `votes`: nobody of the desk does it alone; for
# the city desk it is as with any request.
LIFE = """
deed       unproved   lapsed     requested  approved   refused  withdrawn  cancelled  expired  waiting    offered    proposed   voted on
prove      requested  requested  same       same       same     same       same       same     same       same       same       same
withdraw   withdrawn  withdrawn  withdrawn  withdrawn  -        -          -          -        withdrawn  withdrawn  withdrawn  withdrawn
let_go     -          -          withdrawn  withdrawn  -        -          -          -        -          -          withdrawn  withdrawn
shorten    -          -          same       same       -        -          -          -        -          -          same       same
accept     -          -          -          -          -        -          -          -        -          requested  -          -
leave      -          -          -          -          -        same       -          -        withdrawn  withdrawn  -          -
reply      -          -          same       same       -        -          -          -        -          -          same       same
agree      no desk    no desk    -          -          -        -          -          -        -          -          approved   -
decline    no desk    no desk    -          -          -        -          -          -        -          -          same       -
approve    no desk    no desk    approved   -          -        -          -          -        -          -          approved   votes
refuse     no desk    no desk    refused    -          -        -          -          -        -          -          refused    votes
cancel     no desk    no desk    -          cancelled  -        -          -          -        -          -          -          votes
decide     no desk    no desk    same       same       -        -          -          -        -          -          same       votes
undo       no desk    no desk    same       same       -        -          -          -        -          -          same       -
propose    no desk    no desk    same       same       -        -          -          -        -          -          -          votes
take_back  no desk    no desk    -          -          -        -          -          -        -          -          same       votes
vote       no desk    no desk    -          -          -        -          -          -        -          -          -          same
ask        no desk    no desk    same       same       -        -          -          -        -          -          same       same
note       no desk    no desk    same       same       same     same       same       same     same       same       same       same
forward    no desk    no desk    same       -          -        -          -          -        -          -          same       votes
hand       no desk    no desk    same       -          -        -          -          -        -          -          same       same
"""  # noqa: E501 -- a table is read by its columns


def table(text: str) -> dict[str, dict[str, str]]:
    """The cells of a table by the name of their line and of their column; two spaces end a cell."""
    lines = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.strip().splitlines()]
    head = lines[0][1:]
    return {line[0]: dict(zip(head, line[1:], strict=True)) for line in lines[1:]}


ALLOWED, ALLOWED_TYPED, FOLLOWS = table(WHO), table(WHO_TYPED), table(LIFE)


@dataclass
class People:
    """Everybody of the tables, and where they meet. ``is_typed``: the request is of somebody without e-mail."""

    room: Any
    voting_room: Any
    group: Any
    everybody: dict[str, Actor]
    colleague: str
    elsewhere: str
    deputies: int
    is_typed: bool = False
    ready: list[str] = field(default_factory=list)

    @property
    def allowed(self) -> dict[str, dict[str, str]]:
        return ALLOWED_TYPED if self.is_typed else ALLOWED

    @property
    def by_role(self) -> dict[str, Actor]:
        return {role: self.everybody[role] for role in self.allowed["note"]}

    def request(self, stage: str, week: int) -> Request:
        """A request at this stage, so many weeks on; one of those that stand there already, where there is one."""
        if week < len(self.ready):
            return read(self.ready[week])
        status = Status.REQUESTED if stage in (PROPOSED, VOTED) else Status(stage)
        found = self._request(status, week, self.voting_room if stage == VOTED else self.room)
        if stage == PROPOSED:
            propose(found, self.everybody["desk"], undo_within=timedelta(0))
            undoable.carry_out(found.code, LATER)
        if status not in AWAITS_PROOF:
            self.call_deputy(found)
        return read(found.code)

    def call_deputy(self, request: Request) -> None:
        """The clock has asked the deputy to step in; where it starts anew, that is over."""
        with write_unit() as session:
            session.execute(update(Request).where(Request.id == request.id).values(deputy_desk_id=self.deputies))

    def _request(self, status: Status, week: int, room: Any) -> Request:
        """Of the group, or typed in for somebody; one that nobody proved yet cannot be of a group."""
        asker, slot = self.everybody["asker"], at(day=SATURDAY + timedelta(weeks=week))
        if self.is_typed:
            told = {"came_by": CameBy.PHONE, "contact_email": "", "contact_phone": "09 226 00 00"}
            return make_request(status, room=room, slot=slot, by=self.everybody["typed it in"], **told)
        if status in AWAITS_PROOF:
            return make_request(status, room=room, slot=slot, contact_email=asker.email)
        group = {"association_id": self.group.id, "association_name": self.group.name}
        kind = RequesterKind.NON_PROFIT
        return make_request(status, room=room, slot=slot, by=asker, requester_kind=kind, **group)


def make_people(*, is_typed: bool = False) -> People:
    an, bea, dora, fatima, fons, greet, joke, rita, sofie, stan, wim = (
        make_account(f"{name.casefold()}@post.example", name)
        for name in ("An", "Bea", "Dora", "Fatima", "Fons", "Greet", "Joke", "Rita", "Sofie", "Stan", "Wim")
    )
    rules = {RuleName.OPEN_REQUESTS: 100}
    room, voting_room = make_room(rules=rules), make_room(rules=rules)
    make_city_desk([sofie, stan])
    would = make_desk("zouden-invallen", members=[dora])
    do = make_desk("vallen-in", members=[joke])
    crew = [fatima, fons, greet]
    make_desk("huis", venue=room.venue, members=crew, email="huis@huis.example", deputy_desk_id=would.id)
    votes = {"advice": AdviceKind.DECIDES, "votes_needed": 2, "deputy_desk_id": would.id}
    make_desk("samen", venue=voting_room.venue, members=crew, email="samen@huis.example", **votes)
    make_desk("elders", members=[rita])
    group = make_association(members=[an, bea, fons, stan])
    roles = {
        "somebody": wim,
        "asker": an,
        "fellow": bea,
        "typed it in": greet,
        "desk": fatima,
        "desk, own": fons,
        "other desk": rita,
        "deputy to be": dora,
        "deputy": joke,
        "city": sofie,
        "city, own": stan,
    }
    everybody = {"anybody": PASSER_BY, **{role: actor_of(account) for role, account in roles.items()}}
    return People(room, voting_room, group, everybody, fatima.code, "elders", do.id, is_typed)


def decide(request: Request, by: Actor) -> None:
    action = decisions.Action.CANCEL if request.status is Status.APPROVED else decisions.Action.REFUSE
    answers = {date.uid: action for date in request.dates}
    undoable.decide(request.code, answers, by=by, now=LATER, version=request.version, note="Daarom.")


def propose(request: Request, by: Actor, **more: Any) -> None:
    evening = dates.Move(time(19), time(22))
    uids = [date.uid for date in request.dates]
    told = {"now": LATER, "version": request.version, "note": "Dan is de zaal warm.", **more}
    proposals.propose(request.code, uids, evening, by=by, **told)


def shorten(request: Request, by: Actor) -> None:
    move = dates.Move(time(14), time(17), days=0, room="")
    dates.change(request.code, request.dates[0].uid, Scope.THIS, move, by=by, now=LATER)


def let_go(request: Request, by: Actor) -> None:
    dates.let_go(request.code, request.dates[0].uid, Scope.THIS, by=by, now=LATER)


def decided(deed: Callable[..., None]) -> Callable[[Request, Actor], None]:
    return lambda request, by: deed(request.code, by=by, now=LATER, version=request.version, note="Daarom.")


DEEDS: dict[str, Callable[[Request, Actor, People], object]] = {
    "prove": lambda request, by, people: asking.prove(request.code, by=by, now=LATER),
    "withdraw": lambda request, by, people: asking.withdraw(request.code, by=by, now=LATER),
    "let_go": lambda request, by, people: let_go(request, by),
    "shorten": lambda request, by, people: shorten(request, by),
    "accept": lambda request, by, people: waiting.accept(request.code, by=by, now=LATER),
    "leave": lambda request, by, people: waiting.leave(request.code, by=by, now=LATER),
    "reply": lambda request, by, people: conversation.reply(
        request.code, "Met twintig.", by=by, now=LATER, visitor=VISITOR
    ),
    "agree": lambda request, by, people: agreeing.agree(request.code, by=by, now=LATER),
    "decline": lambda request, by, people: agreeing.decline(request.code, by=by, now=LATER),
    "approve": lambda request, by, people: decided(decisions.approve)(request, by),
    "refuse": lambda request, by, people: decided(decisions.refuse)(request, by),
    "cancel": lambda request, by, people: decided(decisions.cancel)(request, by),
    "decide": lambda request, by, people: decide(request, by),
    "undo": lambda request, by, people: undoable.undo(request.code, by=by, now=LATER),
    "propose": lambda request, by, people: propose(request, by),
    "take_back": lambda request, by, people: proposals.withdraw(request.code, by=by, now=LATER),
    "vote": lambda request, by, people: advice.vote(request.code, True, by=by, now=LATER, version=request.version),
    "ask": lambda request, by, people: conversation.ask(request.code, "Met hoeveel?", by=by, now=LATER),
    "note": lambda request, by, people: conversation.note(request.code, "Sleutel.", by=by, now=LATER),
    "forward": lambda request, by, people: handing.forward(
        request.code, people.elsewhere, by=by, now=LATER, note="Zij beslissen."
    ),
    "hand": lambda request, by, people: handing.hand(request.code, people.colleague, by=by, now=LATER),
}
# What each deed is called on the timeline.
CALLED = {
    **{deed: Action(deed) for deed in DEEDS if deed in set(Action)},
    "shorten": Action.CHANGE,
    "leave": Action.WITHDRAW,
    "take_back": Action.PROPOSAL_END,
}
# What the clock does, or what follows from what somebody else did.
BY_THE_CLOCK = {
    Action.LAPSE,
    Action.EXPIRE,
    Action.HOLD_END,
    Action.MISS,
    Action.REMIND,
    Action.TO_DEPUTY,
    Action.TO_CITY,
    Action.PROPOSAL_END,
}
FOLLOWS_FROM_OTHERS = {Action.CONFIRM, Action.OVERTAKE, Action.OFFER, Action.VOID, Action.ADVISE}
# How it begins on the waiting list, a date that was left out, and what comes by mail: each has tests of its own.
BESIDES = {Action.WAIT, Action.PUT_BACK, Action.BOUNCE, Action.STRANGER, Action.SHIELD}
