"""What a desk proposes is kept, told after ten minutes, and ends in a yes, a no, or silence, each once."""

from datetime import date, time, timedelta

import pytest

from tests.builders import (
    NOW,
    PASSER_BY,
    actor_of,
    at,
    code_of,
    make_account,
    make_city_desk,
    make_closure,
    make_decider,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_space,
    make_venue,
    make_wish,
    read,
    weekly,
)
from tests.race import together
from tests.services.looks import holders, told, totals
from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import agreeing, dates, deadlines, decisions, handing, proposals, proposing
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import ChangedMeanwhile
from zalenzoeker.services.moving import Move
from zalenzoeker.services.proposals import NoteNeeded, OtherDesk, SameMoment, TooLate
from zalenzoeker.services.wishes import Refused, UnknownRequest, UnknownRoom
from zalenzoeker.storage import accounts, letters, self_check

pytestmark = pytest.mark.both

ASKER = "an@harmonie.example"
DUE = NOW + UNDO_WITHIN
MINUTE = timedelta(minutes=1)
UNTIL = NOW + timedelta(days=5)
EVENING = Move(time(19), time(22))
QUEUE = {RuleName.PENDING: {"default": "queue"}}


def propose(request, by, move=EVENING, *, uids=None, now=NOW, **more):
    """The desk proposes another moment for every date, or for these; the letter waits."""
    uids = uids or [one.uid for one in request.dates]
    more = {"version": read(request.code).version, **more}
    return proposals.propose(request.code, uids, move, by=by, now=now, **more)


def proposed(request, by, move=EVENING, **more):
    """The same, and its letter has left."""
    propose(request, by, move, **more)
    deadlines.tick(more.get("now", NOW) + UNDO_WITHIN)
    return read(request.code)


def asker():
    return actor_of(accounts.by_email(ASKER))


def token():
    return letters.newest()[0].facts["token"] if letters.newest()[0].kind == "proposal_made" else ""


def states(request):
    return sorted(str(one.status) for one in read(request.code).occurrences)


def steps(request):
    return [str(event.action) for event in read(request.code).events]


def moments(request):
    return [(one.room.slug, one.starts.hour, one.ends.hour) for one in read(request.code).dates]


@pytest.fixture
def request_(room, desk):
    return make_request(room=room)


def test_until_its_letter_leaves_only_the_room_is_kept_and_the_desk_knows(request_, desk):
    before = totals()
    found = propose(request_, desk)
    assert (found.undo_until, found.until) == (DUE, UNTIL)
    deadlines.tick(DUE - MINUTE)
    assert (read(request_.code).status, holders()) == (Status.REQUESTED, [TakenBy.REQUEST] * 2)
    assert (totals()[1], states(request_)) == (before[1], ["requested", "skipped"])
    assert [(str(one.action), one.is_internal) for one in read(request_.code).events[-1:]] == [("decide", True)]
    assert self_check.faults() == []


def test_when_its_letter_leaves_the_asker_is_asked_once(request_, desk):
    propose(request_, desk)
    for moment in (DUE, DUE, DUE + MINUTE):
        deadlines.tick(moment)
    assert (states(request_), steps(request_)[-2:]) == (["proposed", "requested"], ["decide", "propose"])
    assert (told(ASKER)[-1], told(ASKER).count("proposal_made")) == ("proposal_made", 1)
    assert (read(request_.code).status, holders(), self_check.faults()) == (
        Status.REQUESTED,
        [TakenBy.REQUEST] * 2,
        [],
    )


def test_what_is_undone_in_time_leaves_nothing_behind(request_, desk):
    propose(request_, desk)
    decisions.undo(request_.code, by=desk, now=DUE - MINUTE)
    deadlines.tick(DUE)
    assert (states(request_), holders(), told(ASKER)[-1]) == (["requested"], [TakenBy.REQUEST], "request_received")
    assert self_check.faults() == []


@pytest.mark.parametrize("is_by_letter", [True, False])
def test_yes_makes_it_the_date_at_once_with_letter_and_identity(request_, desk, is_by_letter):
    proposed(request_, desk)
    secret = token() if is_by_letter else ""
    by = PASSER_BY if is_by_letter else asker()
    assert agreeing.agree(request_.code, by=by, now=DUE, token=secret) is True
    found = read(request_.code)
    assert (found.status, moments(request_), len(found.occurrences)) == (Status.APPROVED, [("zaal", 19, 22)], 1)
    assert (found.first.uid, found.first.was_confirmed, found.first.sequence) == (request_.first.uid, True, 1)
    assert (holders(), told(ASKER)[-1], self_check.faults()) == ([TakenBy.BOOKING], "request_approved", [])
    assert agreeing.agree(request_.code, by=by, now=DUE, token=secret) is False
    assert steps(request_).count("agree") == 1


def test_no_leaves_the_request_with_the_desk_which_hears_the_words(request_, desk):
    proposed(request_, desk)
    assert agreeing.decline(request_.code, by=asker(), now=DUE, words="Dan is er geen dirigent.") is True
    assert agreeing.decline(request_.code, by=asker(), now=DUE) is False
    found = read(request_.code)
    assert (found.status, states(request_), holders()) == (
        Status.REQUESTED,
        ["requested", "withdrawn"],
        [TakenBy.REQUEST],
    )
    newest = letters.newest()[0]
    assert (newest.kind, newest.facts["note"]) == ("proposal_declined", "Dan is er geen dirigent.")
    assert found.answer_by == NOW + timedelta(days=14) + UNDO_WITHIN
    assert (moments(request_), self_check.faults()) == ([("zaal", 14, 18)], [])


def test_silence_ends_it_once_and_both_are_told(request_, desk):
    proposed(request_, desk)
    deadlines.tick(UNTIL - MINUTE)
    assert states(request_) == ["proposed", "requested"]
    for moment in (UNTIL, UNTIL, UNTIL + MINUTE):
        deadlines.tick(moment)
    assert (states(request_), holders(), steps(request_)[-1]) == (
        ["expired", "requested"],
        [TakenBy.REQUEST],
        "proposal_end",
    )
    ended = [(one.recipient, one.facts["is_taken_back"]) for one in letters.newest() if one.kind == "proposal_ended"]
    assert sorted(ended) == [(ASKER, False), ("fatima@amandsberg.example", False)]
    for answer in (agreeing.agree, agreeing.decline):
        with pytest.raises(NotPossible):
            answer(request_.code, by=asker(), now=UNTIL)


def test_yes_after_its_end_comes_too_late_even_before_the_clock_came_by(request_, desk):
    proposed(request_, desk)
    with pytest.raises(NotPossible):
        agreeing.agree(request_.code, by=asker(), now=UNTIL)
    assert states(request_) == ["proposed", "requested"]


def test_desk_takes_it_back_and_the_asker_hears(request_, desk):
    proposed(request_, desk)
    proposals.withdraw(request_.code, by=desk, now=DUE)
    proposals.withdraw(request_.code, by=desk, now=DUE)
    assert (states(request_), steps(request_).count("proposal_end"), holders()) == (
        ["expired", "requested"],
        1,
        [TakenBy.REQUEST],
    )
    assert [one.facts["is_taken_back"] for one in letters.newest() if one.kind == "proposal_ended"] == [True]


@pytest.mark.parametrize("action,follows", [(Action.APPROVE, "approved"), (Action.REFUSE, "refused")])
def test_deciding_about_the_date_takes_the_proposal_back(request_, desk, action, follows):
    found = proposed(request_, desk, Move(time(17), time(20)))
    decisions.decide(
        request_.code, {request_.first.uid: action}, by=desk, now=DUE, version=found.version, note="Toch maar."
    )
    assert states(request_) == ["expired", "requested"]
    deadlines.tick(DUE + UNDO_WITHIN)
    assert (states(request_), self_check.faults()) == (sorted(["expired", follows]), [])


def test_deciding_in_a_queue_keeps_the_moment_that_overlaps_the_proposal(app):
    room = make_room(rules=QUEUE)
    desk = make_decider(room)
    request = make_request(room=room)
    found = proposed(request, desk, Move(time(16), time(20)))
    assert holders() == [TakenBy.QUEUED, TakenBy.REQUEST]
    decisions.decide(
        request.code, {request.first.uid: Action.APPROVE}, by=desk, now=DUE, version=found.version, note="Toch."
    )
    deadlines.tick(DUE + UNDO_WITHIN)
    assert (read(request.code).status, holders(), self_check.faults()) == (Status.APPROVED, [TakenBy.BOOKING], [])


@pytest.mark.parametrize(
    "deed,follows",
    [
        (lambda code, uid, by: asking.withdraw(code, by=by, now=DUE), ["expired", "withdrawn"]),
        (lambda code, uid, by: dates.let_go(code, uid, Scope.THIS, by=by, now=DUE), ["expired", "withdrawn"]),
        (
            lambda code, uid, by: dates.change(code, uid, Scope.THIS, Move(time(18), time(20)), by=by, now=DUE),
            ["expired", "requested"],
        ),
    ],
    ids=["withdrawn", "let go", "changed"],
)
def test_what_the_asker_does_with_the_date_ends_the_proposal(request_, desk, deed, follows):
    proposed(request_, desk, Move(time(20), time(22)))
    deed(request_.code, request_.first.uid, asker())
    assert (states(request_), self_check.faults()) == (follows, [])
    assert read(request_.code).events[-1].facts["proposal_fell"] is True
    with pytest.raises(NotPossible):
        agreeing.agree(request_.code, by=asker(), now=DUE)


def test_what_the_asker_does_before_the_letter_leaves_takes_the_proposal_along(request_, desk):
    propose(request_, desk)
    asking.withdraw(request_.code, by=asker(), now=DUE - MINUTE)
    deadlines.tick(DUE)
    assert (states(request_), holders(), told(ASKER)[-1]) == (["withdrawn"], [], "request_withdrawn")


def test_letter_that_would_leave_after_its_end_does_not_leave(request_, desk):
    propose(request_, desk)
    deadlines.tick(UNTIL)
    # The same round reminds the desk, which has had its days by then.
    assert (states(request_), holders(), steps(request_)[-2:]) == (
        ["requested"],
        [TakenBy.REQUEST],
        ["void", "remind"],
    )
    assert (told(ASKER)[-1], self_check.faults()) == ("request_received", [])


def test_booking_is_moved_only_after_a_yes(room, desk):
    request = make_request(Status.APPROVED, room=room)
    found = proposed(request, desk)
    assert (found.status, holders()) == (Status.APPROVED, [TakenBy.BOOKING, TakenBy.REQUEST])
    agreeing.agree(request.code, by=asker(), now=DUE)
    assert (moments(request), holders(), self_check.faults()) == ([("zaal", 19, 22)], [TakenBy.BOOKING], [])


def test_booking_stays_after_a_no(room, desk):
    request = make_request(Status.APPROVED, room=room)
    proposed(request, desk)
    agreeing.decline(request.code, by=asker(), now=DUE)
    assert (read(request.code).status, moments(request), holders()) == (
        Status.APPROVED,
        [("zaal", 14, 18)],
        [TakenBy.BOOKING],
    )


def test_several_dates_are_proposed_and_agreed_together(room, desk):
    request = make_series(room, pattern=weekly(count=3))
    uids = [one.uid for one in request.dates[1:]]
    found = proposed(request, desk, Move(time(9), time(11)), uids=uids)
    assert states(request) == ["proposed"] * 2 + ["requested"] * 3
    assert found.events[-1].facts["dates"] == [one.starts.isoformat() for one in proposing.live(found)]
    agreeing.agree(request.code, by=asker(), now=DUE)
    assert (states(request), [hour for _room, hour, _end in moments(request)]) == (
        ["approved", "approved", "requested"],
        [18, 9, 9],
    )
    assert (read(request.code).status, self_check.faults()) == (Status.REQUESTED, [])


def test_another_room_of_the_house_is_agreed_at_once(room, desk):
    other = make_room("kelder", venue=room.venue)
    request = make_request(room=room)
    proposed(request, desk, Move(time(14), time(18), room=code_of(other)))
    agreeing.agree(request.code, by=asker(), now=DUE)
    assert (moments(request), read(request.code).desk_id) == ([("kelder", 14, 18)], request.desk_id)


def test_room_of_another_desk_is_not_kept_and_becomes_a_request_to_it(room, desk):
    elsewhere = make_room("refter", venue=make_venue("elders"))
    rita = make_account("rita@elders.example", "Rita")
    there = make_desk("balie-elders", venue=elsewhere.venue, members=[rita])
    request = make_request(room=room)
    found = proposed(request, desk, Move(time(14), time(18), room=code_of(elsewhere)))
    assert (holders(), found.proposal.desk.id) == ([TakenBy.REQUEST], there.id)
    assert letters.newest()[0].facts["other_desk"] == there.name
    agreeing.agree(request.code, by=asker(), now=DUE)
    found = read(request.code)
    assert (found.status, found.desk_id, moments(request)) == (Status.REQUESTED, there.id, [("refter", 14, 18)])
    assert (holders(), steps(request)[-2:], self_check.faults()) == ([TakenBy.REQUEST], ["agree", "forward"], [])
    assert (told(rita.email), told(ASKER)[-1]) == (["request_to_decide"], "request_forwarded")
    with pytest.raises(NotAllowed):
        propose(found, desk)


def test_room_of_another_desk_that_was_taken_meanwhile_is_not_had(room, desk):
    elsewhere = make_room("refter", venue=make_venue("elders"))
    make_desk(venue=elsewhere.venue)
    request = make_request(room=room)
    proposed(request, desk, Move(time(14), time(18), room=code_of(elsewhere)))
    make_request(Status.APPROVED, room=elsewhere, contact_email="bert@post.example")
    with pytest.raises(NotPossible):
        agreeing.agree(request.code, by=asker(), now=DUE)
    assert (states(request), self_check.faults()) == (["expired", "requested"], [])
    assert (told(ASKER)[-1], letters.newest()[0].facts["is_lost"]) == ("proposal_ended", True)


@pytest.mark.parametrize("status,pattern", [(Status.APPROVED, None), (Status.REQUESTED, weekly(count=2))])
def test_room_of_another_desk_is_not_proposed_for_a_booking_or_a_part(room, desk, status, pattern):
    elsewhere = make_room("refter", venue=make_venue("elders"))
    make_desk(venue=elsewhere.venue)
    request = make_series(room, pattern=pattern) if pattern else make_request(status, room=room)
    with pytest.raises(OtherDesk):
        propose(request, desk, Move(time(14), time(18), room=code_of(elsewhere)), uids=[request.first.uid])


def test_city_desk_proposes_any_house_and_that_desk_looks_after_it_then(room, desk):
    elsewhere = make_room("refter", venue=make_venue("elders"))
    rita = make_account("rita@elders.example", "Rita")
    there = make_desk(venue=elsewhere.venue, members=[rita])
    city = make_account("stad@gent.example", "Stad")
    make_city_desk([city])
    request = make_request(room=room)
    proposed(request, actor_of(city), Move(time(14), time(18), room=code_of(elsewhere)))
    agreeing.agree(request.code, by=asker(), now=DUE)
    found = read(request.code)
    assert (found.status, found.desk_id, moments(request)) == (Status.APPROVED, there.id, [("refter", 14, 18)])
    assert (told(rita.email), holders()) == (["proposal_accepted"], [TakenBy.BOOKING])


def test_taken_moment_is_refused_with_ways_on(room, desk):
    request = make_request(room=room)
    make_request(Status.APPROVED, room=room, slot=at("19:00", "22:00"), contact_email="bert@post.example")
    with pytest.raises(Refused) as refused:
        propose(request, desk)
    assert ([one.code for one in refused.value.obstacles], bool(refused.value.ways_on)) == ([Code.BOOKED], True)
    assert (states(request), steps(request)[-1]) == (["requested"], "prove")


def test_closed_day_is_refused_whatever_the_desk_writes(room, desk):
    request = make_request(room=room)
    day = request.first.slot.day + timedelta(days=1)
    make_closure(room, day)
    with pytest.raises(Refused):
        propose(request, desk, Move(time(14), time(18), days=1), note="Toch.")


def test_rule_that_is_set_aside_needs_words_which_are_kept(room, desk):
    request = make_request(room=room)
    soon = Move(time(14), time(18), to_day=date(2026, 12, 1))
    with pytest.raises(NoteNeeded) as needed:
        propose(request, desk, soon)
    assert [one.code for trouble in needed.value.troubles for one in trouble.obstacles] == [Code.TOO_SOON]
    found = proposed(request, desk, soon, note="De zaal staat dan toch leeg.")
    assert (found.events[-1].note, found.events[-1].facts["overruled"]) == (
        "De zaal staat dan toch leeg.",
        ["too_soon"],
    )


def test_same_moment_unknown_room_and_old_page_are_told(room, desk):
    request = make_request(room=room)
    with pytest.raises(SameMoment):
        propose(request, desk, Move(time(14), time(18)))
    with pytest.raises(UnknownRoom):
        propose(request, desk, Move(time(14), time(18), room="nergens/zaal"))
    with pytest.raises(ChangedMeanwhile):
        propose(request, desk, version=request.version - 1)
    with pytest.raises(UnknownRequest):
        proposals.propose("nergens", [], EVENING, by=desk, now=NOW, version=1)


def test_second_proposal_waits_for_the_end_of_the_first(request_, desk):
    proposed(request_, desk)
    with pytest.raises(NotPossible):
        propose(request_, desk, Move(time(9), time(11)))


def test_what_begins_within_two_hours_is_too_late_to_propose(room, desk):
    request = make_request(room=room)
    with pytest.raises(TooLate):
        propose(request, desk, now=request.first.slot.starts_at - timedelta(minutes=90))


def test_nobody_proposes_on_their_own_request_and_strangers_say_nothing(room, desk):
    own = make_request(room=room, by=desk)
    with pytest.raises(OwnRequest):
        propose(own, desk)
    stranger = actor_of(make_account("bert@post.example"))
    other = make_request(room=room, slot=at("09:00", "11:00"))
    with pytest.raises(NotAllowed):
        propose(other, stranger)
    proposed(other, desk)
    for answer in (agreeing.agree, agreeing.decline):
        for by in (stranger, desk, PASSER_BY):
            with pytest.raises(NotAllowed):
                answer(other.code, by=by, now=DUE, token="geraden")
    with pytest.raises(NotAllowed):
        proposals.withdraw(other.code, by=stranger, now=DUE)


def test_hold_of_the_request_does_not_end_while_the_asker_thinks(app):
    room = make_room(rules={RuleName.HOLD_DAYS: 1})
    desk = make_decider(room)
    request = make_request(room=room)
    proposed(request, desk)
    deadlines.tick(NOW + timedelta(days=2))
    assert (steps(request)[-1], read(request.code).policy) == ("propose", "hold")
    deadlines.tick(UNTIL)
    deadlines.tick(UNTIL + timedelta(days=1))
    assert (steps(request)[-1], read(request.code).policy) == ("hold_end", "queue")


def test_rival_that_got_a_proposal_is_not_told_no_when_another_is_chosen(app):
    room = make_room(rules=QUEUE)
    desk = make_decider(room)
    chosen = make_request(room=room)
    rival = make_request(room=room, contact_email="bert@post.example")
    proposed(rival, desk)
    decisions.decide(
        chosen.code, {chosen.first.uid: Action.APPROVE}, by=desk, now=DUE, version=read(chosen.code).version
    )
    deadlines.tick(DUE + UNDO_WITHIN)
    assert (read(chosen.code).status, states(rival)) == (Status.APPROVED, ["proposed", "requested"])
    bert = actor_of(accounts.by_email("bert@post.example"))
    agreeing.agree(rival.code, by=bert, now=DUE + UNDO_WITHIN)
    assert (read(rival.code).status, holders(), self_check.faults()) == (
        Status.APPROVED,
        [TakenBy.BOOKING] * 2,
        [],
    )


def test_proposal_of_a_room_others_queue_for_answers_them_after_a_yes(app):
    hall, small = make_room("hal", venue=(venue := make_venue("huis"))), make_room("klein", venue=venue, rules=QUEUE)
    desk = make_decider(hall)
    request = make_request(room=hall)
    rival = make_request(room=small, contact_email="bert@post.example")
    proposed(request, desk, Move(time(14), time(18), room=code_of(small)))
    assert read(rival.code).status is Status.REQUESTED
    agreeing.agree(request.code, by=asker(), now=DUE)
    assert (read(rival.code).status, moments(request)) == (Status.REFUSED, [("klein", 14, 18)])


def test_what_is_let_go_by_a_yes_comes_to_who_waits_for_it(request_, desk, room):
    wish = make_wish(room, contact_email="bert@post.example", is_waiting=True)
    bert = actor_of(make_account("bert@post.example"))
    code = asking.ask(wish, by=bert, now=NOW, visitor=Visitor(is_limited=False)).code
    proposed(request_, desk)
    agreeing.agree(request_.code, by=asker(), now=DUE)
    assert read(code).status is Status.OFFERED


def test_two_proposals_for_one_room_leave_one(app, room, desk):
    first, second = make_request(room=room), make_request(room=room, slot=at("09:00", "11:00"))
    outcomes = together(app, *(lambda one=one: propose(one, desk) for one in (first, second)))
    assert sorted(type(one).__name__ for one in outcomes) == ["Proposed", "Refused"]
    assert (holders(), self_check.faults()) == ([TakenBy.REQUEST] * 3, [])


@pytest.mark.parametrize(
    "other",
    [
        lambda code, desk, version: proposals.withdraw(code, by=desk, now=DUE),
        lambda code, desk, version: proposals.end(code, UNTIL),
        lambda code, desk, version: decisions.decide(
            code, {read(code).first.uid: Action.REFUSE}, by=desk, now=DUE, version=version, note="Nee."
        ),
        lambda code, desk, version: agreeing.decline(code, by=asker(), now=DUE),
        lambda code, desk, version: agreeing.agree(code, by=asker(), now=DUE),
    ],
    ids=["taken back", "ended", "decided", "declined", "agreed twice"],
)
def test_of_two_who_answer_at_once_one_is_first(app, request_, desk, other):
    found = proposed(request_, desk)
    by = asker()
    together(
        app,
        lambda: agreeing.agree(request_.code, by=by, now=DUE),
        lambda: other(request_.code, desk, found.version),
    )
    deadlines.tick(UNTIL)
    ends = [one for one in steps(request_) if one in ("agree", "decline", "proposal_end")]
    assert (len(ends), self_check.faults()) == (1, [])
    is_agreed = ends == ["agree"]
    assert (moments(request_) == [("zaal", 19, 22)], told(ASKER).count("request_approved")) == (is_agreed, is_agreed)


def test_part_of_a_hall_is_kept_for_a_proposal(app):
    venue = make_venue("huis")
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall, half = make_room("hal", venue=venue, spaces=[front, back]), make_room("helft", venue=venue, spaces=[back])
    desk = make_decider(hall)
    request = make_request(room=half)
    proposed(request, desk, Move(time(16), time(20), room=code_of(hall)))
    assert (len(holders()), self_check.faults()) == (3, [])
    agreeing.agree(request.code, by=asker(), now=DUE)
    assert (holders(), moments(request)) == ([TakenBy.BOOKING] * 2, [("hal", 16, 20)])


def test_request_that_goes_to_another_desk_leaves_the_proposal_behind(request_, desk):
    there = make_desk("wijkwerk", email="team@wijkwerk.example")
    proposed(request_, desk)
    handing.forward(request_.code, there.slug, by=desk, now=DUE, note="Wij zijn met verlof.")
    assert (states(request_), steps(request_)[-2:], holders()) == (
        ["expired", "requested"],
        ["proposal_end", "forward"],
        [TakenBy.REQUEST],
    )
    assert told(ASKER)[-2:] == ["proposal_ended", "request_forwarded"]


def test_desk_is_not_reminded_while_the_asker_thinks_and_has_its_days_anew_then(request_, desk):
    late = NOW + timedelta(days=4)
    proposed(request_, desk, now=late)
    deadlines.tick(late + timedelta(days=4))
    assert "remind" not in steps(request_)
    end = late + timedelta(days=5)
    proposals.end(request_.code, end)
    found = read(request_.code)
    assert (found.clock_since, found.clock_step) == (end, None)
    assert found.next_step_at > end
    deadlines.tick(found.next_step_at)
    assert "remind" in steps(request_)


def test_clock_of_the_other_desk_starts_with_the_yes(room, desk):
    elsewhere = make_room("refter", venue=make_venue("elders"))
    make_desk("balie-elders", venue=elsewhere.venue, members=[make_account("rita@elders.example", "Rita")])
    request = make_request(room=room)
    late = NOW + timedelta(days=4)
    proposed(request, desk, Move(time(14), time(18), room=code_of(elsewhere)), now=late)
    agreeing.agree(request.code, by=asker(), now=late + UNDO_WITHIN)
    assert read(request.code).clock_since == late + UNDO_WITHIN
