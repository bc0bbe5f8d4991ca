"""A decision can be undone for ten minutes; until it is told nothing has changed, and then it is done once."""

from datetime import timedelta

import pytest

from tests.builders import (
    NOW,
    PASSER_BY,
    actor_of,
    at,
    make_account,
    make_an,
    make_city_desk,
    make_decider,
    make_request,
    make_room,
    make_series,
    read,
    weekly,
)
from tests.race import together
from tests.services.looks import holders, totals
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest
from zalenzoeker.domain.requests import Action, NotPossible, Policy, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import dates, deadlines, decisions
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import ChangedMeanwhile, Contradiction, NoLongerFree, ReasonNeeded
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import letters, self_check

pytestmark = pytest.mark.both

MINUTE = timedelta(minutes=1)
DUE = NOW + UNDO_WITHIN
QUEUE = {RuleName.PENDING: {"default": "queue"}}


def decide(request, by, *actions, now=NOW, note="Goed.", version=None):
    """Answer the dates of a request in their order; None leaves a date for later."""
    uids = [date.uid for date in request.occurrences]
    answers = {uid: action for uid, action in zip(uids, actions, strict=False) if action}
    version = request.version if version is None else version
    return decisions.decide(request.code, answers, by=by, now=now, version=version, note=note)


def states(request):
    return [str(date.status) for date in read(request.code).occurrences]


def steps(request):
    return [str(event.action) for event in read(request.code).events]


@pytest.fixture
def marcel(room):
    return make_decider(room)


@pytest.fixture
def room(app):
    return make_room()


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REFUSE])
def test_until_it_is_told_nothing_has_changed_but_the_timeline_of_the_desk(room, marcel, action):
    request = make_request(room=room)
    before = totals()
    assert decide(request, marcel, action) == DUE
    deadlines.tick(DUE - MINUTE)
    found = read(request.code)
    assert (found.status, holders(), found.first.sequence) == (Status.REQUESTED, [TakenBy.REQUEST], 0)
    assert totals()[1] == before[1]
    assert [(str(event.action), event.is_internal) for event in found.events[-1:]] == [("decide", True)]


@pytest.mark.parametrize(
    "action,follows,kind",
    [(Action.APPROVE, "approved", "request_approved"), (Action.REFUSE, "refused", "request_refused")],
)
def test_when_it_can_no_longer_be_undone_the_clock_does_it_once(room, marcel, action, follows, kind):
    request = make_request(room=room)
    before = totals()[1]
    decide(request, marcel, action)
    for moment in (DUE, DUE, DUE + MINUTE):
        deadlines.tick(moment)
    assert (states(request), totals()[1] - before, letters.newest(1)[0].kind) == ([follows], 1, kind)
    assert steps(request).count(str(action)) == 1
    assert read(request.code).decision is None


def test_cancelling_waits_as_well(room, marcel):
    request = make_request(Status.APPROVED, room=room)
    decide(request, marcel, Action.CANCEL)
    assert (states(request), holders()) == (["approved"], [TakenBy.BOOKING])
    deadlines.tick(DUE)
    assert (states(request), holders()) == (["cancelled"], [])


def test_undone_it_waits_again_and_nobody_hears_of_it(room, marcel):
    request = make_request(room=room)
    before = totals()[1]
    decide(request, marcel, Action.REFUSE)
    decisions.undo(request.code, by=marcel, now=DUE - MINUTE)
    deadlines.tick(DUE + MINUTE)
    assert (states(request), holders(), totals()[1]) == (["requested"], [TakenBy.REQUEST], before)
    assert steps(request)[-2:] == ["decide", "undo"]
    decide(read(request.code), marcel, Action.APPROVE, now=DUE + MINUTE)


def test_too_late_to_undo_says_so_even_before_the_clock_came_by(room, marcel):
    request = make_request(room=room)
    decide(request, marcel, Action.APPROVE)
    with pytest.raises(NotPossible):
        decisions.undo(request.code, by=marcel, now=DUE)
    deadlines.tick(DUE)
    with pytest.raises(NotPossible):
        decisions.undo(request.code, by=marcel, now=DUE)
    assert states(request) == ["approved"]


def test_only_who_may_decide_may_undo(room, marcel):
    request = make_request(room=room, by=make_an())
    decide(request, marcel, Action.APPROVE)
    for who in (PASSER_BY, actor_of(make_account("els@elders.example"))):
        with pytest.raises(NotAllowed):
            decisions.undo(request.code, by=who, now=NOW)
    sofie = make_account("sofie@stad.example")
    make_city_desk([sofie])
    decisions.undo(request.code, by=actor_of(sofie), now=NOW)
    assert read(request.code).decision is None


def test_own_request_is_neither_decided_nor_undone(room, marcel):
    request = make_request(room=room, by=marcel)
    with pytest.raises(OwnRequest):
        decide(request, marcel, Action.APPROVE)
    with pytest.raises(OwnRequest):
        decisions.undo(request.code, by=marcel, now=NOW)


def test_second_decision_while_one_waits_to_be_told_is_refused(room, marcel):
    request = make_request(room=room)
    decide(request, marcel, Action.APPROVE)
    for version in (request.version, read(request.code).version):
        with pytest.raises(ChangedMeanwhile):
            decide(request, marcel, Action.REFUSE, version=version)
    deadlines.tick(DUE)
    assert states(request) == ["approved"]


@pytest.mark.parametrize("deed", ["withdraw", "change"])
def test_what_the_asker_does_meanwhile_goes_before_it(room, marcel, deed):
    an = make_an()
    request = make_request(room=room, by=an)
    decide(request, marcel, Action.APPROVE)
    if deed == "withdraw":
        asking.withdraw(request.code, by=an, now=NOW + MINUTE)
    else:
        dates.let_go(request.code, request.first.uid, Scope.THIS, by=an, now=NOW + MINUTE)
    deadlines.tick(DUE)
    assert (states(request), holders(), read(request.code).decision) == (["withdrawn"], [], None)
    assert steps(request)[-2] == "void"
    assert self_check.faults() == []


def test_series_is_answered_date_by_date(room, marcel):
    request = make_series(room, pattern=weekly(count=4))
    before = totals()[1]
    decide(request, marcel, Action.APPROVE, Action.REFUSE, None, Action.APPROVE, note="Dan is er bingo.")
    deadlines.tick(DUE)
    assert states(request) == ["approved", "refused", "requested", "approved"]
    assert totals()[1] - before == 2
    told = {letter.kind: [one["status"] for one in letter.facts["told"]] for letter in letters.newest(2)}
    assert {kind: len(dates) for kind, dates in told.items()} == {"request_approved": 2, "request_refused": 1}
    decide(read(request.code), marcel, Action.CANCEL, None, Action.APPROVE, now=DUE)
    deadlines.tick(DUE + UNDO_WITHIN)
    assert states(request) == ["cancelled", "refused", "approved", "approved"]
    assert self_check.faults() == []


def test_no_to_one_date_needs_a_reason_and_an_answer_that_cannot_follow_is_none(room, marcel):
    request = make_series(room, pattern=weekly(count=2))
    with pytest.raises(ReasonNeeded):
        decide(request, marcel, Action.APPROVE, Action.REFUSE, note="")
    with pytest.raises(NotPossible):
        decide(request, marcel, Action.CANCEL, None)
    with pytest.raises(NotPossible):
        decisions.decide(request.code, {"nobody": Action.APPROVE}, by=marcel, now=NOW, version=request.version)
    assert read(request.code).decision is None


def test_yes_to_one_of_a_queue_keeps_its_room_and_a_second_yes_is_refused(app):
    room = make_room(rules=QUEUE)
    marcel = make_decider(room)
    first = make_request(room=room, contact_email="a@x.example")
    second = make_request(room=room, contact_email="b@x.example")
    assert (first.policy, second.policy) == (Policy.QUEUE, Policy.QUEUE)
    decide(first, marcel, Action.APPROVE)
    assert self_check.faults() == []
    with pytest.raises(NoLongerFree):
        decide(second, marcel, Action.APPROVE)
    decisions.undo(first.code, by=marcel, now=NOW + MINUTE)
    assert holders() == [TakenBy.QUEUED, TakenBy.QUEUED]
    decide(read(second.code), marcel, Action.APPROVE, now=NOW + MINUTE)
    deadlines.tick(NOW + 20 * MINUTE)
    assert (states(first), states(second), holders()) == (["refused"], ["approved"], [TakenBy.BOOKING])
    assert self_check.faults() == []


def test_what_begins_within_ten_minutes_is_told_when_it_begins(room, marcel):
    request = make_request(room=room)
    starts = request.first.slot.starts_at
    assert decide(request, marcel, Action.APPROVE, now=starts - 3 * MINUTE) == starts
    deadlines.tick(starts)
    assert states(request) == ["approved"]


def test_decided_in_time_nothing_expires_and_no_hold_ends(room, marcel):
    request = make_request(room=room)
    decide(request, marcel, Action.APPROVE, now=request.hold_until - MINUTE)
    deadlines.tick(request.hold_until + MINUTE)
    assert (states(request), read(request.code).policy, steps(request).count("hold_end")) == (
        ["requested"],
        Policy.HOLD,
        0,
    )
    deadlines.tick(request.hold_until + UNDO_WITHIN)
    assert states(request) == ["approved"]


@pytest.mark.parametrize("attempt", range(3))
def test_undoing_against_the_clock_has_one_outcome(app, room, marcel, attempt):
    request = make_request(room=room)
    before = totals()[1]
    decide(request, marcel, Action.APPROVE)
    undone, _done = together(
        app,
        lambda: decisions.undo(request.code, by=marcel, now=DUE - MINUTE),
        lambda: decisions.carry_out(request.code, DUE),
    )
    was_undone = undone is None
    assert (states(request), totals()[1] - before) == ((["requested"], 0) if was_undone else (["approved"], 1))


# What a reader found.


def moved(request, an, days=1):
    """Ask another moment for the first date, which needs a yes; returns the date that would replace it."""
    slot = request.first.slot
    move = Move(slot.starts.time(), slot.ends.time(), days=days)
    dates.change(request.code, request.first.uid, Scope.THIS, move, by=an, now=NOW)
    return next(date for date in read(request.code).occurrences if date.replaces_id)


def test_date_is_not_cancelled_and_moved_at_once(room, marcel):
    an = make_an()
    request = make_request(Status.APPROVED, room=room, by=an)
    new = moved(request, an)
    version = read(request.code).version
    both = {request.first.uid: Action.CANCEL, new.uid: Action.APPROVE}
    with pytest.raises(Contradiction):
        decisions.decide(request.code, both, by=marcel, now=NOW, version=version, note="Tja.")
    both = {request.first.uid: Action.CANCEL, new.uid: Action.REFUSE}
    decisions.decide(request.code, both, by=marcel, now=NOW, version=version, note="Waterschade.")
    deadlines.tick(DUE)
    assert (sorted(states(request)), holders(), read(request.code).decision) == (["cancelled", "refused"], [], None)


def test_no_of_the_desk_is_told_with_its_reason_although_another_was_chosen(app):
    room = make_room(rules=QUEUE)
    marcel = make_decider(room)
    first = make_request(room=room, contact_email="a@x.example")
    second = make_request(room=room, contact_email="b@x.example")
    decide(first, marcel, Action.APPROVE)
    decide(second, marcel, Action.REFUSE, now=NOW + MINUTE, note="Jullie waren hier vorige week al.")
    deadlines.tick(DUE)
    assert states(second) == ["requested"]
    deadlines.tick(DUE + MINUTE)
    told = [(letter.kind, letter.facts["note"]) for letter in letters.newest(1)]
    assert (states(second), told) == (["refused"], [("request_refused", "Jullie waren hier vorige week al.")])


def test_date_that_another_gets_leaves_what_was_decided_about_the_others(app):
    room = make_room(rules=QUEUE)
    marcel = make_decider(room)
    series = make_series(room, pattern=weekly(count=3), contact_email="b@x.example")
    rival = make_request(room=room, slot=series.first.slot, contact_email="a@x.example")
    decide(rival, marcel, Action.APPROVE)
    decide(series, marcel, None, Action.APPROVE, Action.APPROVE)
    deadlines.tick(DUE)
    assert (states(rival), states(series)) == (["approved"], ["refused", "approved", "approved"])
    assert "void" not in steps(series)
    assert self_check.faults() == []


@pytest.mark.parametrize("deed", ["_expire", "_end_hold"])
def test_clock_leaves_alone_what_was_decided_after_it_looked(room, marcel, deed):
    request = make_request(room=room)
    late = request.hold_until if deed == "_end_hold" else request.first.slot.starts_at
    decide(request, marcel, Action.APPROVE, now=late - MINUTE)
    getattr(deadlines, deed)(request.code, late)
    assert (states(request), steps(request)[-1], read(request.code).policy) == (["requested"], "decide", Policy.HOLD)


def test_reason_of_a_no_is_not_said_with_the_yes(room, marcel):
    request = make_series(room, pattern=weekly(count=2))
    answers = dict(zip((date.uid for date in request.occurrences), (Action.APPROVE, Action.REFUSE), strict=True))
    told = {"reason": "Er zijn dan werken.", "note": "Groeten van Marcel."}
    decisions.decide(request.code, answers, by=marcel, now=NOW, version=request.version, **told)
    deadlines.tick(DUE)
    notes = {letter.kind: letter.facts["note"] for letter in letters.newest(2)}
    assert notes == {
        "request_approved": "Groeten van Marcel.",
        "request_refused": "Er zijn dan werken. Groeten van Marcel.",
    }


def test_own_words_that_are_the_reason_go_with_the_no_only(room, marcel):
    request = make_series(room, pattern=weekly(count=2))
    decide(request, marcel, Action.APPROVE, Action.REFUSE, note="Dan is er bingo.")
    deadlines.tick(DUE)
    notes = {letter.kind: letter.facts["note"] for letter in letters.newest(2)}
    assert notes == {"request_approved": "", "request_refused": "Dan is er bingo."}


def test_listed_reason_does_not_overrule_a_rule(room, marcel):
    request = make_request(room=room, slot=at(day=NOW.date() + timedelta(days=5)), exception_reason="Brand op school")
    answers = {request.first.uid: Action.APPROVE}
    with pytest.raises(ReasonNeeded):
        decisions.decide(request.code, answers, by=marcel, now=NOW, version=request.version, reason="Er zijn werken.")


def test_series_of_which_one_date_goes_on_can_be_undone(room, marcel):
    request = make_series(room, status=Status.APPROVED, pattern=weekly(count=3))
    midway = request.first.slot.starts_at + 30 * MINUTE
    due = decide(read(request.code), marcel, *[Action.CANCEL] * 3, now=midway, note="Waterschade.")
    assert due == midway + UNDO_WITHIN


def test_move_is_told_before_the_old_moment_begins(room, marcel):
    an = make_an()
    request = make_request(Status.APPROVED, room=room, by=an)
    new = moved(request, an)
    starts = request.first.slot.starts_at
    version = read(request.code).version
    now = starts - 2 * MINUTE
    due = decisions.decide(request.code, {new.uid: Action.APPROVE}, by=marcel, now=now, version=version)
    assert due == starts
