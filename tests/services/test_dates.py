"""The dates of a request one by one: let go, put back, shrunk, grown and moved; this one, the following, or all."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, text

from tests import decisions
from tests.builders import (
    NOW,
    PASSER_BY,
    SATURDAY,
    actor_of,
    at,
    code_of,
    decider_of,
    make_account,
    make_closure,
    make_decider,
    make_request,
    make_room,
    make_series,
    make_series_wish,
    make_space,
    make_venue,
    read,
    weekly,
)
from tests.race import together
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.slots import NotASlot
from zalenzoeker.services import dates, deadlines
from zalenzoeker.services import requests as asking
from zalenzoeker.services.dates import Changed, Move
from zalenzoeker.services.decisions import NoLongerFree
from zalenzoeker.services.wishes import Refused, UnknownRequest, UnknownRoom
from zalenzoeker.storage import accounts, letters, self_check
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Occupancy, Occurrence

pytestmark = pytest.mark.both

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LATER = NOW + DAY
AN, BERT = "an@harmonie.example", "bert@post.example"
FAR = Visitor(is_limited=False)
USUAL = time(18), time(22)


@pytest.fixture
def series(room, desk):
    """Six Saturday evenings that were approved."""
    return make_series(room, status=Status.APPROVED)


def person(email: str = AN):
    return actor_of(accounts.by_email(email))


def told(email: str = AN) -> list[str]:
    db.session.close()
    return [one.kind for one in reversed(letters.newest()) if one.recipient == email]


def states(request) -> list[Status]:
    """Where the dates stand, without the new moments that wait."""
    return [one.status for one in read(request.code).occurrences if one.replaces_id is None]


def asked(request) -> list[Occurrence]:
    """The new moments that wait for a yes."""
    found = read(request.code).occurrences
    return [one for one in found if one.replaces_id is not None and one.status is Status.REQUESTED]


def taken() -> list[tuple[int, int, TakenBy]]:
    """From and to in epoch seconds, and by what, of every row."""
    db.session.close()
    rows = db.session.execute(select(Occupancy.from_epoch, Occupancy.to_epoch, Occupancy.by).order_by(text("1")))
    return [(starts, ends, by) for starts, ends, by in rows]


def change(request, number: int, scope: Scope, move: Move, *, by=None, now=LATER) -> Changed:
    uid = read(request.code).occurrences[number].uid
    return dates.change(request.code, uid, scope, move, by=by or person(), now=now)


def let_go(request, number: int, scope: Scope = Scope.THIS, *, by=None, now=LATER) -> int:
    uid = read(request.code).occurrences[number].uid
    return dates.let_go(request.code, uid, scope, by=by or person(), now=now)


def decide(request, deed, by, now=LATER) -> None:
    deed(request.code, by=by, now=now, version=read(request.code).version, note="Daarom.")


# A series is asked as a whole.


def test_series_is_one_request_with_a_date_for_each_week(room, desk):
    series = make_series(room)
    assert (series.is_series, len(series.occurrences), series.pattern["kind"]) == (True, 6, "weekly")
    assert [one.slot.day for one in series.occurrences] == [SATURDAY + number * WEEK for number in range(6)]
    assert (told(), told(desk.email)) == ([LetterKind.REQUEST_RECEIVED], [LetterKind.REQUEST_TO_DECIDE])
    assert ([by for *_, by in taken()], self_check.faults()) == ([TakenBy.REQUEST] * 6, [])


def test_all_dates_of_a_series_or_none(room, desk):
    make_request(Status.APPROVED, room=room, slot=at("20:00", "21:00", SATURDAY + 3 * WEEK), contact_email=BERT)
    before = taken()
    with pytest.raises(Refused) as refused:
        make_series(room)
    assert [(one.date.slot.day, [two.code for two in one.obstacles]) for one in refused.value.troubles] == [
        (SATURDAY + 3 * WEEK, [Code.BOOKED])
    ]
    assert (len(refused.value.ways_on) > 0, taken(), told()) == (True, before, [])


def test_series_in_two_rooms_takes_both_or_none(room, desk):
    other = make_room("hal", venue=room.venue)
    both = make_series(room, other, pattern=weekly(count=3))
    assert len(taken()) == 6
    assert [one.room.slug for one in both.occurrences].count("hal") == 3
    with pytest.raises(Refused):
        make_series(room, make_room("zolder", venue=room.venue), pattern=weekly(count=2), contact_email=BERT)
    assert (len(taken()), self_check.faults()) == (6, [])


def test_date_that_is_left_out_is_kept_and_can_be_put_back(room, desk):
    series = make_series(room, skipped=[1, 4])
    assert states(series).count(Status.SKIPPED) == 2
    assert (len(taken()), series.first.slot.day) == (4, SATURDAY)
    decide(series, decisions.approve, desk)
    dates.put_back(series.code, series.occurrences[1].uid, by=person(), now=LATER)
    found = read(series.code)
    assert (found.status, found.occurrences[1].status, found.occurrences[0].status) == (
        Status.REQUESTED,
        Status.REQUESTED,
        Status.APPROVED,
    )
    assert (found.events[-1].action, told()[-1]) == (Action.PUT_BACK, LetterKind.DATES_CHANGED)
    decide(series, decisions.approve, desk)
    assert (states(series).count(Status.APPROVED), self_check.faults()) == (5, [])


def test_date_that_was_taken_meanwhile_is_not_put_back(room, desk):
    series = make_series(room, skipped=[1])
    make_request(Status.APPROVED, room=room, slot=series.occurrences[1].slot, contact_email=BERT)
    with pytest.raises(Refused) as refused:
        dates.put_back(series.code, series.occurrences[1].uid, by=person(), now=LATER)
    assert ([one.code for one in refused.value.obstacles], states(series)[1]) == ([Code.BOOKED], Status.SKIPPED)


@pytest.mark.parametrize("deed", ["over", "not left out", "nothing is left of the series"])
def test_date_that_cannot_be_put_back(room, desk, deed):
    series = make_series(room, skipped=[1])
    number, now = 1, LATER
    if deed == "over":
        now = series.occurrences[1].slot.starts_at
    elif deed == "not left out":
        number = 0
    else:
        decide(series, decisions.refuse, desk)
    with pytest.raises(NotPossible):
        dates.put_back(series.code, series.occurrences[number].uid, by=person(), now=now)
    assert states(series)[1] is Status.SKIPPED


# Letting go needs nobody's yes.


@pytest.mark.parametrize(
    "scope,gone", [(Scope.THIS, [2]), (Scope.FOLLOWING, [2, 3, 4, 5]), (Scope.ALL, [0, 1, 2, 3, 4, 5])]
)
def test_dates_are_let_go_and_free_at_once(series, desk, scope, gone):
    assert let_go(series, 2, scope) == len(gone)
    expected = [Status.WITHDRAWN if number in gone else Status.APPROVED for number in range(6)]
    assert (states(series), len(taken())) == (expected, 6 - len(gone))
    assert [one.sequence for one in read(series.code).occurrences] == [int(number in gone) for number in range(6)]
    assert (told()[-1], told(desk.email)[-1]) == (LetterKind.DATES_LET_GO, LetterKind.DATES_LET_GO)
    assert self_check.faults() == []


def test_dates_that_have_begun_are_not_let_go(series):
    now = series.occurrences[2].slot.starts_at
    assert let_go(series, 0, Scope.ALL, now=now) == 3
    assert states(series) == [Status.APPROVED] * 3 + [Status.WITHDRAWN] * 3
    with pytest.raises(NotPossible):
        let_go(series, 1, now=now)
    assert read(series.code).status is Status.APPROVED


def test_date_is_let_go_once(series):
    let_go(series, 2)
    before = told()
    with pytest.raises(NotPossible):
        let_go(series, 2)
    assert told() == before


def test_date_of_somebody_elses_request_is_not_found(series, room):
    other = make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"), contact_email=BERT)
    for deed in (
        lambda: dates.let_go(series.code, other.first.uid, Scope.THIS, by=person(), now=LATER),
        lambda: dates.put_back(series.code, other.first.uid, by=person(), now=LATER),
        lambda: dates.change(series.code, other.first.uid, Scope.THIS, Move(*USUAL), by=person(), now=LATER),
        lambda: dates.let_go("nothing", other.first.uid, Scope.THIS, by=person(), now=LATER),
    ):
        with pytest.raises(UnknownRequest):
            deed()
    assert read(other.code).first.status is Status.APPROVED


def test_dates_of_others_are_not_touched(series):
    stranger = actor_of(make_account("x@post.example"))
    for by in (stranger, PASSER_BY):
        with pytest.raises(NotAllowed):
            let_go(series, 0, by=by)
        with pytest.raises(NotAllowed):
            change(series, 0, Scope.THIS, Move(time(19), time(21)), by=by)
        with pytest.raises(NotAllowed):
            dates.put_back(series.code, series.occurrences[0].uid, by=by, now=LATER)
    assert states(series) == [Status.APPROVED] * 6


# Shrinking is so at once; growing and moving is asked.


@pytest.mark.parametrize("scope,count", [(Scope.THIS, 1), (Scope.FOLLOWING, 5), (Scope.ALL, 6)])
def test_dates_that_get_shorter_are_shorter_at_once(series, desk, scope, count):
    assert change(series, 1, scope, Move(time(19), time(21, 30))) is Changed.SHORTER
    found = read(series.code)
    assert (found.status, [one.status for one in found.occurrences]) == (Status.APPROVED, [Status.APPROVED] * 6)
    assert [one.slot.minutes for one in found.occurrences].count(150) == count
    assert [one.sequence for one in found.occurrences].count(1) == count
    assert (told()[-1], self_check.faults()) == (LetterKind.DATES_CHANGED, [])


def test_date_that_stays_as_it_is_changes_nothing(series):
    before = (told(), series.version, taken())
    assert change(series, 1, Scope.ALL, Move(*USUAL)) is Changed.NOTHING
    assert (told(), read(series.code).version, taken()) == before


def test_date_that_gets_too_short_for_the_house_is_refused(app):
    room = make_room(rules={RuleName.LEAST_MINUTES: 120})
    request = make_request(Status.APPROVED, room=room)
    with pytest.raises(Refused) as refused:
        change(request, 0, Scope.THIS, Move(time(14), time(15)))
    assert [one.code for one in refused.value.obstacles] == [Code.TOO_SHORT]


def test_date_that_grows_stays_as_it_was_until_the_desk_says_yes(series, desk):
    old = series.occurrences[2]
    assert change(series, 2, Scope.THIS, Move(time(17), time(23))) is Changed.ASKED
    (new,) = asked(series)
    found = read(series.code)
    assert (found.status, states(series), new.slot.minutes) == (Status.REQUESTED, [Status.APPROVED] * 6, 360)
    # The new moment holds what the old one does not have already.
    hours = [(one.from_epoch, one.to_epoch) for one in (old, new)]
    ours = [row[:2] for row in taken() if hours[1][0] <= row[0] < hours[1][1]]
    assert ours == [(hours[1][0], hours[0][0]), hours[0], (hours[0][1], hours[1][1])]
    assert self_check.faults() == []
    decide(series, decisions.approve, desk)
    found = read(series.code)
    settled = found.occurrences[2]
    assert (found.status, len(found.occurrences), settled.slot.minutes) == (Status.APPROVED, 6, 360)
    assert (settled.uid, settled.sequence, settled.was_confirmed) == (old.uid, 1, True)
    letter = letters.newest(1)[0]
    assert (letter.kind, [(one["uid"], one["sequence"]) for one in letter.facts["told"]]) == (
        LetterKind.REQUEST_APPROVED,
        [(old.uid, 1)],
    )
    assert self_check.faults() == []


def test_no_to_another_moment_keeps_the_old_one(series, desk):
    before = taken()
    change(series, 2, Scope.FOLLOWING, Move(*USUAL, days=1))
    assert len(asked(series)) == 4
    decide(series, decisions.refuse, desk)
    found = read(series.code)
    assert (found.status, states(series), taken()) == (Status.APPROVED, [Status.APPROVED] * 6, before)
    assert [one.sequence for one in found.occurrences if one.replaces_id is None] == [0] * 6
    assert (told()[-1], self_check.faults()) == (LetterKind.REQUEST_REFUSED, [])


def test_series_that_moves_by_a_week_lies_where_its_own_dates_were(series, desk):
    assert change(series, 0, Scope.ALL, Move(*USUAL, days=7)) is Changed.ASKED
    # Only the last one needs a moment that the series has not got already.
    assert (len(taken()), self_check.faults()) == (7, [])
    decide(series, decisions.approve, desk)
    found = read(series.code)
    assert [one.slot.day for one in found.occurrences] == [SATURDAY + number * WEEK for number in range(1, 7)]
    assert (states(series), len(taken()), self_check.faults()) == ([Status.APPROVED] * 6, 6, [])


def test_series_that_moves_by_half_an_hour_overlaps_itself(series, desk):
    change(series, 0, Scope.ALL, Move(time(18, 30), time(22, 30)))
    assert (len(taken()), self_check.faults()) == (12, [])
    decide(series, decisions.approve, desk)
    assert [one.slot.starts.time() for one in read(series.code).occurrences] == [time(18, 30)] * 6
    assert (len(taken()), self_check.faults()) == (6, [])


def test_date_that_is_let_go_leaves_its_moment_to_the_one_that_comes_there(series, desk):
    change(series, 0, Scope.ALL, Move(*USUAL, days=7))
    assert dates.let_go(series.code, series.occurrences[2].uid, Scope.THIS, by=person(), now=LATER) == 2
    third = SATURDAY + 2 * WEEK
    # Where the third was, the second one's new moment now holds the room itself.
    with pytest.raises(Refused):
        make_request(room=series.occurrences[0].room, slot=at("18:00", "22:00", third), contact_email=BERT)
    decide(series, decisions.approve, desk)
    days = [one.slot.day for one in read(series.code).occurrences if one.status is Status.APPROVED]
    assert (len(days), third in days, self_check.faults()) == (5, True, [])


def test_change_that_waits_is_taken_back_as_a_whole(series, desk):
    before = taken()
    change(series, 0, Scope.ALL, Move(*USUAL, days=7))
    assert dates.let_go(series.code, asked(series)[0].uid, Scope.THIS, by=person(), now=LATER) == 6
    assert (read(series.code).status, states(series), taken()) == (Status.APPROVED, [Status.APPROVED] * 6, before)
    assert self_check.faults() == []


@pytest.mark.parametrize("which", ["the date", "its new moment"])
def test_date_that_waits_for_another_moment_is_not_changed_again(series, which):
    change(series, 0, Scope.THIS, Move(*USUAL, days=1))
    uid = series.occurrences[0].uid if which == "the date" else asked(series)[0].uid
    with pytest.raises(NotPossible):
        dates.change(series.code, uid, Scope.THIS, Move(*USUAL, days=2), by=person(), now=LATER)
    assert len(asked(series)) == 1


def test_date_that_waits_still_waits_at_its_new_moment(room, desk):
    request = make_request(room=room)
    old = request.first
    assert change(request, 0, Scope.THIS, Move(time(10), time(12), days=1)) is Changed.WAITS
    found = read(request.code)
    assert (found.status, len(found.occurrences), found.first.uid) == (Status.REQUESTED, 1, old.uid)
    assert (found.first.slot, found.first.sequence, len(taken())) == (at("10:00", "12:00", SATURDAY + DAY), 1, 1)
    assert (told(desk.email)[-1], self_check.faults()) == (LetterKind.DATES_CHANGED, [])


def test_series_moves_to_another_room_of_the_house(series, room, desk):
    other = make_room("hal", venue=room.venue)
    change(series, 0, Scope.ALL, Move(*USUAL, room=code_of(other)))
    assert len(taken()) == 12
    decide(series, decisions.approve, desk)
    found = read(series.code)
    assert ({one.room.slug for one in found.occurrences}, len(taken()), self_check.faults()) == ({"hal"}, 6, [])


def test_move_to_what_is_taken_changes_nothing_and_shows_ways_on(series, room):
    make_request(Status.APPROVED, room=room, slot=at("18:00", "22:00", SATURDAY + 3 * WEEK + DAY), contact_email=BERT)
    before = (taken(), told(), read(series.code).version)
    with pytest.raises(Refused) as refused:
        change(series, 0, Scope.ALL, Move(*USUAL, days=1))
    assert [one.code for one in refused.value.obstacles] == [Code.BOOKED]
    assert (len(refused.value.ways_on) > 0, (taken(), told(), read(series.code).version)) == (True, before)


def test_move_onto_another_date_of_the_series_itself_is_refused(series):
    with pytest.raises(Refused) as refused:
        change(series, 0, Scope.THIS, Move(*USUAL, days=7))
    assert ([one.code for one in refused.value.obstacles], asked(series)) == ([Code.BOOKED], [])


@pytest.mark.parametrize(
    "move,error",
    [(Move(time(22), time(18)), NotASlot), (Move(*USUAL, room="elders/zaal"), UnknownRoom)],
    ids=["end before start", "no such room"],
)
def test_move_that_cannot_be(series, move, error):
    with pytest.raises(error):
        change(series, 0, Scope.THIS, move)
    assert asked(series) == []


def test_new_moment_is_void_when_the_date_itself_begins(series, desk):
    change(series, 0, Scope.THIS, Move(*USUAL, days=1))
    begins = series.occurrences[0].slot.starts_at
    with pytest.raises(NotPossible):
        decide(series, decisions.approve, desk, now=begins)
    deadlines.tick(begins)
    assert (read(series.code).status, asked(series), states(series)) == (Status.APPROVED, [], [Status.APPROVED] * 6)
    # In the same round the asker is reminded of the date a week later.
    assert (told()[-2:], self_check.faults()) == ([LetterKind.REQUEST_EXPIRED, LetterKind.DATE_REMINDER], [])


def test_one_date_of_a_series_that_nobody_answered_ends_alone(room, desk):
    series = make_series(room)
    deadlines.tick(series.occurrences[1].slot.starts_at)
    assert (read(series.code).status, states(series)) == (
        Status.REQUESTED,
        [Status.EXPIRED] * 2 + [Status.REQUESTED] * 4,
    )
    decide(series, decisions.approve, desk, now=series.occurrences[1].slot.ends_at)
    assert (states(series).count(Status.APPROVED), self_check.faults()) == (4, [])


@pytest.mark.parametrize("deed", ["withdrawn", "cancelled"])
def test_series_that_is_half_over_loses_only_what_is_to_come(series, desk, deed):
    change(series, 4, Scope.THIS, Move(*USUAL, days=1))
    now = series.occurrences[2].slot.ends_at
    if deed == "withdrawn":
        asking.withdraw(series.code, by=person(), now=now)
    else:
        decide(series, decisions.cancel, desk, now=now)
    assert (states(series), asked(series)) == ([Status.APPROVED] * 3 + [Status(deed)] * 3, [])
    assert (read(series.code).status, len(taken()), self_check.faults()) == (Status.APPROVED, 3, [])


def test_cancelled_series_stands_as_cancelled_whatever_was_asked_for_it(series, desk):
    change(series, 0, Scope.ALL, Move(*USUAL, days=7))
    decide(series, decisions.cancel, desk)
    assert (read(series.code).status, asked(series), taken(), self_check.faults()) == (Status.CANCELLED, [], [], [])
    assert told()[-1] == LetterKind.REQUEST_CANCELLED


def test_withdrawn_series_stands_as_withdrawn_although_a_change_was_refused(series, desk):
    change(series, 0, Scope.THIS, Move(*USUAL, days=1))
    decide(series, decisions.refuse, desk)
    asking.withdraw(series.code, by=person(), now=LATER)
    assert read(series.code).status is Status.WITHDRAWN


# Time to set up and to clean, and parts of a hall.


def test_time_to_set_up_and_to_clean_is_taken_in_the_database(app):
    room = make_room(rules={RuleName.SETUP_MINUTES: 60, RuleName.CLEANUP_MINUTES: 30})
    request = make_request(Status.APPROVED, room=room)
    date_of = request.first
    assert taken() == [(date_of.from_epoch - 3600, date_of.to_epoch + 1800, TakenBy.BOOKING)]
    for slot in (at("18:00", "20:00"), at("19:00", "20:00"), at("12:00", "13:00")):
        with pytest.raises(Refused) as refused:
            make_request(room=room, slot=slot, contact_email=BERT, visitor=FAR)
        assert [one.code for one in refused.value.obstacles] == [Code.BOOKED]
    assert make_request(room=room, slot=at("19:30", "20:30"), contact_email=BERT).status is Status.REQUESTED
    assert self_check.faults() == []


def test_date_that_shrinks_keeps_its_buffers_although_the_house_now_wants_more(app):
    room = make_room(rules={RuleName.CLEANUP_MINUTES: 30})
    request = make_request(Status.APPROVED, room=room)
    make_request(Status.APPROVED, room=room, slot=at("18:30", "20:00"), contact_email=BERT)
    with write_unit() as session:
        session.execute(text("UPDATE rule SET value = '120' WHERE name = 'cleanup_minutes'"))
    assert change(request, 0, Scope.THIS, Move(time(14), time(17, 30))) is Changed.SHORTER
    assert (read(request.code).first.cleanup_minutes, self_check.faults()) == (30, [])


def test_series_in_a_hall_takes_its_parts_and_gives_back_one_date_of_both(app):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall, half = make_room("hal", venue=venue, spaces=[front, back]), make_room("helft", venue=venue, spaces=[back])
    series = make_series(hall, status=Status.APPROVED, pattern=weekly(count=3))
    assert len(taken()) == 6
    let_go(series, 1)
    found = make_request(room=half, slot=series.occurrences[1].slot, contact_email=BERT)
    assert (found.status, len(taken()), self_check.faults()) == (Status.REQUESTED, 5, [])
    change(series, 0, Scope.THIS, Move(*USUAL, room=code_of(half)))
    decide(series, decisions.approve, decider_of(read(series.code)))
    assert (read(series.code).occurrences[0].room.slug, self_check.faults()) == ("helft", [])


def test_closure_on_one_day_refuses_that_date_of_the_series(room, desk):
    make_closure(room, SATURDAY + 2 * WEEK)
    with pytest.raises(Refused) as refused:
        make_series(room)
    assert [one.code for one in refused.value.obstacles] == [Code.CLOSED]
    assert make_series(room, skipped=[2], visitor=FAR).status is Status.REQUESTED


# Two at once.


@pytest.mark.parametrize("attempt", range(3))
def test_two_requests_that_swap_rooms_do_not_wait_for_each_other(app, room, desk, attempt):
    other = make_room("hal", venue=room.venue)
    first = make_request(room=room, slot=at("10:00", "12:00"))
    second = make_request(room=other, slot=at("14:00", "16:00"), contact_email=BERT)
    moves = [(first, AN, Move(time(10), time(12), room=code_of(other)))]
    moves.append((second, BERT, Move(time(14), time(16), room=code_of(room))))
    people = [person(email) for _, email, _ in moves]
    outcomes = together(
        app,
        *[
            lambda one=one, by=by: dates.change(one[0].code, one[0].first.uid, Scope.THIS, one[2], by=by, now=LATER)
            for one, by in zip(moves, people, strict=True)
        ],
    )
    assert (outcomes, self_check.faults()) == ([Changed.WAITS] * 2, [])
    assert [read(one.code).first.room.slug for one in (first, second)] == ["hal", "zaal"]


def test_queue_of_new_moments_is_decided_by_the_first_yes(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue"}})
    desk = make_decider(room)
    first = make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"))
    second = make_request(Status.APPROVED, room=room, slot=at("14:00", "16:00"), contact_email=BERT)
    for request, email in ((first, AN), (second, BERT)):
        change(request, 0, Scope.THIS, Move(time(18), time(20)), by=person(email))
    decide(second, decisions.approve, desk)
    assert [read(one.code).first.slot.starts.time() for one in (first, second)] == [time(10), time(18)]
    assert (read(first.code).status, told()[-1]) == (Status.APPROVED, LetterKind.REQUEST_OVERTAKEN)
    assert self_check.faults() == []


def test_change_that_cannot_be_given_any_more_is_told_and_changes_nothing(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue"}})
    desk = make_decider(room)
    request = make_request(Status.APPROVED, room=room)
    change(request, 0, Scope.THIS, Move(time(14), time(18), days=1))
    make_closure(room, SATURDAY + DAY)
    with pytest.raises(NoLongerFree):
        decide(request, decisions.approve, desk)
    assert (states(request), len(asked(request)), self_check.faults()) == ([Status.APPROVED], 1, [])


def test_wish_of_a_series_says_its_rule(room):
    wish = make_series_wish(room, skipped=[0], pattern=weekly(first=date(2027, 1, 16), count=3))
    assert ([one.is_skipped for one in wish.dates], len(wish.wanted)) == ([True, False, False], 2)
