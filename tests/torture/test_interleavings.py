"""Two who meet at one request or one moment, stopped at every named point: one outcome, and letters match it."""

from datetime import date, timedelta
from itertools import islice
from random import Random

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_decider,
    make_request,
    make_room,
    make_venue,
    make_wish,
    read,
)
from tests.race import Interleaving
from tests.torture import aftermath
from tests.torture.stage import WITHOUT_END, hours, size
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import NotPossible, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates, waiting
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import ChangedMeanwhile, NoLongerFree
from zalenzoeker.services.wishes import Refused
from zalenzoeker.storage import self_check
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter

pytestmark = [pytest.mark.torture, pytest.mark.both]

TIMES = 500
LATER = NOW + timedelta(hours=1)
UNLIMITED = Visitor(is_limited=False)
RULES = {RuleName.OPEN_REQUESTS: WITHOUT_END}


@pytest.fixture
def people(app):
    """Three who ask."""
    return [actor_of(make_account(f"vrager{number}@post.example", "An Peeters")) for number in range(3)]


@pytest.fixture
def room(app):
    return make_room(rules=RULES)


@pytest.fixture
def queue_room(app):
    return make_room("rij", venue=make_venue(), rules={**RULES, RuleName.PENDING: {"default": "queue"}})


@pytest.fixture
def desk(room):
    return make_decider(room)


def slots(step=1):
    """A moment of its own for each time."""
    for day, starts, ends in islice(hours(), 0, size(TIMES) * step, step):
        yield at(starts, ends, date.fromisoformat(day))


def letters_of(request) -> list[str]:
    """What the asker was told, in order."""
    db.session.close()
    query = db.select(Letter.kind).where(Letter.request_id == request.id, Letter.recipient == request.contact_email)
    return list(db.session.scalars(query.order_by(Letter.id)))


def asked(room, slot, by, **fields):
    return make_request(room=room, slot=slot, by=by, visitor=UNLIMITED, **fields)


def approve(request, desk):
    return lambda: decisions.approve(request.code, by=desk, now=LATER, version=request.version)


def said(outcome) -> str:
    return "" if outcome is None or isinstance(outcome, (bool, int)) else type(outcome).__name__


class Meetings:
    """The same people meet again and again, each time in an order of their own."""

    def __init__(self, app):
        self.app, self.count, self.orders = app, 0, set()

    def of(self, **deeds) -> tuple[dict[str, str], list[str]]:
        """What each was told, by name, and the order in which it went."""
        race = Interleaving(self.app, Random(self.count))
        found = race.of(**deeds)
        self.count += 1
        self.orders.add(tuple(race.story))
        return {name: said(one) for name, one in found.items()}, race.story


def test_approval_against_withdrawal(app, room, desk, people, tell):
    meetings, wins = Meetings(app), []
    for slot in slots():
        request = asked(room, slot, people[0])
        answers, order = meetings.of(
            approve=approve(request, desk),
            withdraw=lambda code=request.code: asking.withdraw(code, by=people[0], now=LATER),
        )
        told = letters_of(request)
        # Who withdraws after the decision and before it is told makes it void.
        was_approved = "request_approved" in told
        assert answers["withdraw"] == "", order
        assert answers["approve"] in {"", NotPossible.__name__, ChangedMeanwhile.__name__}, order
        assert not (was_approved and answers["approve"]), order
        assert told == [
            "request_received",
            *(["request_approved"] if was_approved else []),
            "request_withdrawn",
        ], order
        stands = read(request.code)
        assert (stands.status, stands.first.was_confirmed) == (Status.WITHDRAWN, was_approved), order
        wins.append(was_approved)
    assert aftermath.faults() == []
    tell("approve against withdraw", f"{len(wins)} times", approved_first=sum(wins), orders=len(meetings.orders))


def test_cancellation_against_letting_go(app, room, desk, people, tell):
    meetings, wins = Meetings(app), []
    for slot in slots():
        request = asked(room, slot, people[0])
        approve(request, desk)()
        request = read(request.code)
        uid = request.first.uid
        answers, order = meetings.of(
            cancel=lambda one=request: decisions.cancel(
                one.code, by=desk, now=LATER, version=one.version, note="Waterschade."
            ),
            let_go=lambda one=request, uid=uid: dates.let_go(one.code, uid, Scope.ALL, by=people[0], now=LATER),
        )
        was_cancelled = "request_cancelled" in letters_of(request)
        assert answers["let_go"] == (NotPossible.__name__ if was_cancelled else ""), order
        assert answers["cancel"] in {"", *([] if was_cancelled else [NotPossible.__name__])}, order
        last = "request_cancelled" if was_cancelled else "dates_let_go"
        assert letters_of(request)[2:] == [last], order
        assert read(request.code).status is (Status.CANCELLED if was_cancelled else Status.WITHDRAWN), order
        wins.append(was_cancelled)
    assert aftermath.faults() == []
    tell("cancel against let go", f"{len(wins)} times", cancelled=sum(wins), orders=len(meetings.orders))


def test_edit_against_approval(app, room, desk, people, tell):
    meetings, wins = Meetings(app), []
    for slot in slots(2):
        request = asked(room, slot, people[0])
        move = dates.Move(slot.ends.time(), (slot.ends + timedelta(hours=1)).time())
        answers, order = meetings.of(
            approve=approve(request, desk),
            edit=lambda one=request, move=move: dates.change(
                one.code, one.first.uid, Scope.THIS, move, by=people[0], now=LATER
            ),
        )
        was_approved = "request_approved" in letters_of(request)
        assert answers["edit"] == "", order
        assert answers["approve"] in {"", *([] if was_approved else [ChangedMeanwhile.__name__])}, order
        stands = read(request.code)
        new = [date for date in stands.occurrences if date.replaces_id is not None]
        told = letters_of(request)[1:]
        if was_approved:
            # What the desk saw is theirs; the edit came after it and waits for a yes.
            assert (stands.first.status, stands.first.slot, len(new)) == (Status.APPROVED, slot, 1), order
            assert told == ["request_approved", "dates_changed"], order
        else:
            assert (stands.first.status, stands.first.starts, new) == (Status.REQUESTED, slot.ends, []), order
            assert told == ["dates_changed"], order
        assert stands.status is Status.REQUESTED
        wins.append(was_approved)
    assert aftermath.faults() == []
    tell("edit against approve", f"{len(wins)} times", approved_first=sum(wins), orders=len(meetings.orders))


def test_two_approvals_of_requests_in_a_queue(app, queue_room, people, tell):
    desk, meetings, wins = make_decider(queue_room), Meetings(app), []
    for slot in slots():
        first, second = (asked(queue_room, slot, by) for by in people[:2])
        answers, order = meetings.of(first=approve(first, desk), second=approve(second, desk))
        won, lost = (first, second) if not answers["first"] else (second, first)
        assert min(answers.values()) == "", order
        assert max(answers.values()) in {one.__name__ for one in (NotPossible, NoLongerFree, ChangedMeanwhile)}, order
        assert [read(one.code).status for one in (won, lost)] == [Status.APPROVED, Status.REFUSED], order
        assert letters_of(won) == ["request_received", "request_approved"], order
        assert letters_of(lost) == ["request_received", "request_overtaken"], order
        wins.append(won is first)
    assert aftermath.faults() == []
    tell("two approvals in a queue", f"{len(wins)} times", first=sum(wins), orders=len(meetings.orders))


def test_offer_against_a_new_request(app, room, desk, people, tell):
    meetings = Meetings(app)
    for slot in slots():
        before = asked(room, slot, people[0])
        waits = read(asking.ask(make_wish(room, slot, is_waiting=True), by=people[1], now=NOW, visitor=UNLIMITED).code)
        new = make_wish(room, slot, contact_email=people[2].email)
        answers, order = meetings.of(
            withdraw=lambda code=before.code: asking.withdraw(code, by=people[0], now=LATER),
            ask=lambda wish=new: asking.ask(wish, by=people[2], now=LATER, visitor=UNLIMITED),
            clock=lambda: waiting.serve(LATER),
        )
        assert answers == {"withdraw": "", "ask": Refused.__name__, "clock": ""}, order
        stands = read(waits.code)
        assert stands.status is Status.OFFERED, order
        told = letters_of(stands)
        assert told == ["waiting_joined", "place_offered"], order
        if meetings.count % 50 == 0:
            assert self_check.faults() == []
    assert aftermath.faults() == []
    tell("offer against a new request", f"{meetings.count} times", offered=meetings.count, orders=len(meetings.orders))
