"""The life of a request as one table: every state, every deed, everybody who may come by; each cell is tried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta

import pytest

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
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.domain.requests import AWAITS_PROOF, NotPossible, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import conversation, dates, deadlines, handing, waiting
from zalenzoeker.services import decisions as undoable
from zalenzoeker.services import requests as asking
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage.models import Request

LATER = NOW + timedelta(hours=1)

# Whose deed it is. `fellow`: of the asking group. `desk, own` and `city, own`: they may decide, but not about this one.
WHO = """
deed       anybody  somebody  asker  fellow  desk  desk, own  other desk  city  city, own
prove      -        -         yes    -       -     -          -           -     -
withdraw   -        -         yes    yes     -     yes        -           -     yes
let_go     -        -         yes    yes     -     yes        -           -     yes
shorten    -        -         yes    yes     -     yes        -           -     yes
accept     -        -         yes    yes     -     yes        -           -     yes
leave      -        -         yes    yes     -     yes        -           -     yes
reply      -        -         yes    yes     -     yes        -           -     yes
approve    -        -         -      -       yes   -          -           yes   -
refuse     -        -         -      -       yes   -          -           yes   -
cancel     -        -         -      -       yes   -          -           yes   -
decide     -        -         -      -       yes   -          -           yes   -
undo       -        -         -      -       yes   -          -           yes   -
ask        -        -         -      -       yes   -          -           yes   -
note       -        -         -      -       yes   -          -           yes   -
forward    -        -         -      -       yes   -          -           yes   -
hand       -        -         -      -       yes   -          -           yes   -
"""

# What comes of it where it stands. `same`: nothing is to be done, and nobody is told off. `-`: it cannot be done.
# `no desk`: no desk knows of it yet, so that for a desk it is not there.
LIFE = """
deed      unproved   lapsed     requested  approved   refused  withdrawn  cancelled  expired  waiting    offered
prove     requested  requested  same       same       same     same       same       same     same       same
withdraw  withdrawn  withdrawn  withdrawn  withdrawn  -        -          -          -        withdrawn  withdrawn
let_go    -          -          withdrawn  withdrawn  -        -          -          -        -          -
shorten   -          -          same       same       -        -          -          -        -          -
accept    -          -          -          -          -        -          -          -        -          requested
leave     -          -          -          -          -        same       -          -        withdrawn  withdrawn
reply     -          -          same       same       -        -          -          -        -          -
approve   no desk    no desk    approved   -          -        -          -          -        -          -
refuse    no desk    no desk    refused    -          -        -          -          -        -          -
cancel    no desk    no desk    -          cancelled  -        -          -          -        -          -
decide    no desk    no desk    same       same       -        -          -          -        -          -
undo      no desk    no desk    same       same       -        -          -          -        -          -
ask       no desk    no desk    same       same       -        -          -          -        -          -
note      no desk    no desk    same       same       same     same       same       same     same       same
forward   no desk    no desk    same       -          -        -          -          -        -          -
hand      no desk    no desk    same       -          -        -          -          -        -          -
"""


def table(text: str) -> dict[str, dict[str, str]]:
    """The cells of a table by the name of their line and of their column; two spaces end a cell."""
    lines = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.strip().splitlines()]
    head = lines[0][1:]
    return {line[0]: dict(zip(head, line[1:], strict=True)) for line in lines[1:]}


ALLOWED, FOLLOWS = table(WHO), table(LIFE)


@dataclass
class People:
    """Everybody of the table, and where they meet."""

    room: object
    group: object
    by_role: dict[str, Actor]
    colleague: str
    elsewhere: str

    def request(self, status: Status, week: int) -> Request:
        """A request of the group, so many weeks on; one that nobody proved yet cannot be of a group."""
        asker, slot = self.by_role["asker"], at(day=SATURDAY + timedelta(weeks=week))
        if status in AWAITS_PROOF:
            return make_request(status, room=self.room, slot=slot, contact_email=asker.email)
        group = {"association_id": self.group.id, "association_name": self.group.name}
        kind = RequesterKind.NON_PROFIT
        return make_request(status, room=self.room, slot=slot, by=asker, requester_kind=kind, **group)


@pytest.fixture
def people(app) -> People:
    an, bea, fatima, fons, rita, sofie, stan, wim = (
        make_account(f"{name.casefold()}@post.example", name)
        for name in ("An", "Bea", "Fatima", "Fons", "Rita", "Sofie", "Stan", "Wim")
    )
    room = make_room(rules={RuleName.OPEN_REQUESTS: 100})
    make_city_desk([sofie, stan])
    make_desk("huis", venue=room.venue, members=[fatima, fons], email="huis@huis.example")
    make_desk("elders", members=[rita])
    group = make_association(members=[an, bea, fons, stan])
    roles = {
        "somebody": wim,
        "asker": an,
        "fellow": bea,
        "desk": fatima,
        "desk, own": fons,
        "other desk": rita,
        "city": sofie,
        "city, own": stan,
    }
    by_role = {"anybody": PASSER_BY, **{role: actor_of(account) for role, account in roles.items()}}
    return People(room, group, by_role, fatima.code, "elders")


def decide(request: Request, by: Actor) -> None:
    action = decisions.Action.CANCEL if request.status is Status.APPROVED else decisions.Action.REFUSE
    answers = {date.uid: action for date in request.occurrences}
    undoable.decide(request.code, answers, by=by, now=LATER, version=request.version, note="Daarom.")


def undo(request: Request, by: Actor) -> None:
    undoable.undo(request.code, by=by, now=LATER)


def shorten(request: Request, by: Actor) -> None:
    move = dates.Move(time(14), time(17), days=0, room="")
    dates.change(request.code, request.occurrences[0].uid, Scope.THIS, move, by=by, now=LATER)


def let_go(request: Request, by: Actor) -> None:
    dates.let_go(request.code, request.occurrences[0].uid, Scope.THIS, by=by, now=LATER)


def decided(deed: Callable[..., None]) -> Callable[[Request, Actor], None]:
    return lambda request, by: deed(request.code, by=by, now=LATER, version=request.version, note="Daarom.")


DEEDS: dict[str, Callable[[Request, Actor, People], object]] = {
    "prove": lambda request, by, people: asking.prove(request.code, by=by, now=LATER),
    "withdraw": lambda request, by, people: asking.withdraw(request.code, by=by, now=LATER),
    "let_go": lambda request, by, people: let_go(request, by),
    "shorten": lambda request, by, people: shorten(request, by),
    "accept": lambda request, by, people: waiting.accept(request.code, by=by, now=LATER),
    "leave": lambda request, by, people: waiting.leave(request.code, by=by, now=LATER),
    "reply": lambda request, by, people: conversation.reply(request.code, "Met twintig.", by=by, now=LATER),
    "approve": lambda request, by, people: decided(decisions.approve)(request, by),
    "refuse": lambda request, by, people: decided(decisions.refuse)(request, by),
    "cancel": lambda request, by, people: decided(decisions.cancel)(request, by),
    "decide": lambda request, by, people: decide(request, by),
    "undo": lambda request, by, people: undo(request, by),
    "ask": lambda request, by, people: conversation.ask(request.code, "Met hoeveel?", by=by, now=LATER),
    "note": lambda request, by, people: conversation.note(request.code, "Sleutel.", by=by, now=LATER),
    "forward": lambda request, by, people: handing.forward(
        request.code, people.elsewhere, by=by, now=LATER, note="Zij beslissen."
    ),
    "hand": lambda request, by, people: handing.hand(request.code, people.colleague, by=by, now=LATER),
}
CELLS = [(deed, status) for deed in DEEDS for status in STATES]


def test_tables_name_every_deed_and_every_state():
    assert set(ALLOWED) == set(FOLLOWS) == set(DEEDS)
    assert {frozenset(line) for line in FOLLOWS.values()} == {frozenset(STATES)}
    assert {frozenset(line) for line in ALLOWED.values()} == {frozenset(next(iter(ALLOWED.values())))}


def before(deed: str, status: Status, people: People, week: int = 0) -> Request:
    """A request that stands there; where a decision is to be undone, decided a moment ago."""
    request = people.request(status, week)
    if deed == "undo" and FOLLOWS["undo"][status] == "same":
        decide(request, people.by_role["desk"])
        return read(request.code)
    return request


def may(deed: str, role: str, status: Status) -> bool:
    """May they, by the table? A form that nobody proved is of no group yet, so only its asker is known."""
    is_of_group = status not in AWAITS_PROOF or role == "asker"
    is_of_desk = FOLLOWS[deed][status] == "no desk"
    return ALLOWED[deed][role] == "yes" and (is_of_group or is_of_desk)


def fallen(request: Request) -> tuple[object, ...]:
    """What would show that a deed that was refused has left something."""
    return request.status, request.version, len(request.events), request.decision is None


@pytest.mark.parametrize("deed,status", CELLS)
def test_nobody_else_can_do_it(deed, status, people):
    request = before(deed, status, people)
    stands = fallen(request)
    answers = {}
    for role, actor in people.by_role.items():
        if may(deed, role, status):
            continue
        try:
            DEEDS[deed](request, actor, people)
        except NotAllowed:
            answers[role] = "not allowed"
        except UnknownRequest:
            answers[role] = "not there"
        else:
            answers[role] = "done"
    wanted = "not there" if FOLLOWS[deed][status] == "no desk" else "not allowed"
    assert answers == dict.fromkeys(answers, wanted)
    assert fallen(read(request.code)) == stands


@pytest.mark.parametrize("deed,status", CELLS)
def test_what_follows_for_everybody_who_may(deed, status, people):
    answers = {}
    roles = [role for role in people.by_role if may(deed, role, status)]
    for week, role in enumerate(roles):
        request = before(deed, status, people, week)
        try:
            DEEDS[deed](request, people.by_role[role], people)
        except NotPossible:
            answers[role] = "-"
        except UnknownRequest:
            answers[role] = "no desk"
        else:
            found = read(request.code)
            answers[role] = "same" if found.status is status else str(found.status)
    assert answers == dict.fromkeys(roles, FOLLOWS[deed][status])


# What the clock alone makes of it: after the quarter of an hour of a form, when an offer has ended, when it begins.
CLOCK = """
state      soon       in three days  when it begins
unproved   lapsed     lapsed         lapsed
lapsed     lapsed     lapsed         lapsed
requested  requested  requested      expired
approved   approved   approved       approved
refused    refused    refused        refused
withdrawn  withdrawn  withdrawn      withdrawn
cancelled  cancelled  cancelled      cancelled
expired    expired    expired        expired
waiting    waiting    waiting        expired
offered    offered    expired        expired
"""
MOMENTS = {
    "soon": NOW + timedelta(minutes=16),
    "in three days": NOW + timedelta(days=3),
    "when it begins": at(day=SATURDAY).starts_at,
}


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_what_the_clock_makes_of_it(moment, status, people):
    request = people.request(status, 0)
    for _again in range(2):
        deadlines.tick(MOMENTS[moment])
        assert str(read(request.code).status) == table(CLOCK)[status][moment]
