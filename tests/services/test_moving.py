"""Another moment for a date: what it comes to, whose date is in its way, and what its letters tell."""

from datetime import time, timedelta

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    code_of,
    make_decider,
    make_request,
    make_room,
    make_series,
    make_wish,
    read,
    weekly,
)
from tests.race import outcome_of
from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import closures, dates, houses
from zalenzoeker.services.dates import Changed, Move
from zalenzoeker.services.wishes import Refused, WishedDate
from zalenzoeker.storage import accounts, letters, self_check
from zalenzoeker.storage.db import db

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
LATER = NOW + DAY
AN, BERT = "an@harmonie.example", "bert@post.example"
INSTANT = {RuleName.PENDING: {"default": "instant"}}
QUEUE = {RuleName.PENDING: {"default": "queue"}}


def person(email: str = AN):
    return actor_of(accounts.by_email(email))


def newest(kind: LetterKind, to: str = AN):
    db.session.close()
    return next(one for one in letters.newest() if one.kind == kind and one.recipient == to)


def change(request, move: Move, number: int = 0, scope: Scope = Scope.THIS) -> Changed:
    uid = read(request.code).occurrences[number].uid
    return dates.change(request.code, uid, scope, move, by=person(), now=LATER)


def own(refused) -> list[tuple[Code, bool]]:
    return [(one.code, bool(one.facts.get("is_own"))) for one in refused.obstacles]


# What it comes to.


def test_date_that_moves_where_the_house_says_yes_at_once_has_moved(app):
    room = make_room(rules=INSTANT)
    desk = make_decider(room)
    request = make_request(room=room, slot=at("14:00", "16:00"))
    assert (request.status, change(request, Move(time(16), time(18)))) == (Status.APPROVED, Changed.MOVED)
    for to in (AN, desk.email):
        facts = newest(LetterKind.DATES_CHANGED, to).facts
        (moment,) = facts["told"]
        assert (facts["needs_yes"], facts["is_moved"]) == (False, True)
        assert (moment["starts"], moment["before"]["starts"]) == ("2027-01-16T16:00:00", "2027-01-16T14:00:00")


def test_date_that_gets_shorter_has_not_moved(app):
    request = make_request(room=make_room(rules=INSTANT), slot=at("14:00", "16:00"))
    assert change(request, Move(time(14), time(15))) is Changed.SHORTER
    assert newest(LetterKind.DATES_CHANGED).facts["is_moved"] is False


@pytest.mark.parametrize("rules,needs_yes", [(INSTANT, False), ({}, True)], ids=["at once", "the desk decides"])
def test_date_that_is_put_back_says_whether_somebody_must_say_yes(app, rules, needs_yes):
    series = make_series(make_room(rules=rules), pattern=weekly(count=3), skipped=[1])
    assert dates.put_back(series.code, series.occurrences[1].uid, by=person(), now=LATER) is needs_yes


def test_day_to_go_to_is_counted_from_where_the_date_is_now(app):
    series = make_series(make_room(), pattern=weekly(count=2))
    uid = series.first.uid
    move = Move(time(18), time(22), to_day=SATURDAY + 2 * DAY)
    # Both were posted from a page on which the date still stood on its Saturday.
    for by in (DAY, None):
        moved = Move(time(18), time(22), days=by.days) if by else move
        dates.change(series.code, uid, Scope.ALL, moved, by=person(), now=LATER)
    days = [one.slot.day for one in read(series.code).occurrences]
    assert days == [SATURDAY + 2 * DAY, SATURDAY + 9 * DAY]


# Whose date is in the way.


@pytest.mark.parametrize("rules", [{}, QUEUE], ids=["hold", "queue"])
def test_date_put_back_over_another_date_of_the_same_request_is_told_so(app, rules):
    room = make_room(rules=rules)
    moments = [WishedDate(code_of(room), at("14:00", "16:00"), is_skipped=True)]
    moments.append(WishedDate(code_of(room), at("15:00", "17:00")))
    request = make_request(room=room, dates=tuple(moments))
    with pytest.raises(Refused) as refused:
        dates.put_back(request.code, request.occurrences[0].uid, by=person(), now=LATER)
    assert (own(refused.value), refused.value.was_lost) == ([(Code.REQUESTED, True)], False)
    assert read(request.code).occurrences[0].status is Status.SKIPPED


def test_date_that_moves_over_another_date_of_the_same_request_is_told_so(app):
    series = make_series(make_room(), pattern=weekly(count=2), status=Status.APPROVED)
    with pytest.raises(Refused) as refused:
        change(series, Move(time(18), time(22), days=7))
    assert own(refused.value) == [(Code.BOOKED, True)]


def test_date_of_somebody_else_in_the_way_is_theirs(app):
    room = make_room()
    series = make_series(room, pattern=weekly(count=2), skipped=[1])
    make_request(room=room, slot=at("19:00", "20:00", SATURDAY + 7 * DAY), contact_email=BERT)
    with pytest.raises(Refused) as refused:
        dates.put_back(series.code, series.occurrences[1].uid, by=person(), now=LATER)
    assert own(refused.value) == [(Code.REQUESTED, False)]


# A new moment that goes to somebody else, or to the house.


def test_move_that_is_overtaken_leads_to_moving_that_date_again(app):
    room = make_room(rules=QUEUE)
    desk = make_decider(room)
    request = make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"))
    change(request, Move(time(14), time(16)))
    other = make_request(room=room, slot=at("14:00", "16:00"), contact_email=BERT)
    decisions.approve(other.code, by=desk, now=LATER, version=other.version)
    facts = newest(LetterKind.REQUEST_OVERTAKEN).facts
    assert (facts["moves"], facts["house"]) == (request.first.uid, "")
    assert facts["told"][0]["before"]["starts"] == "2027-01-16T10:00:00"
    assert (read(request.code).first.slot, self_check.faults()) == (at("10:00", "12:00"), [])


@pytest.mark.parametrize("house", ["closure", "own_programme"])
def test_house_that_takes_the_room_itself_says_so(app, house):
    room = make_room(rules=QUEUE)
    desk = make_decider(room)
    request = make_request(room=room)
    if house == "closure":
        closures.close(room.venue.slug, [room.slug], SATURDAY, SATURDAY, "Vloer", by=desk, now=LATER)
    else:
        line = houses.Line(room.slug, "Soepcafé", SATURDAY.weekday(), 0, 24 * 60)
        assert houses.add_line(room.venue.slug, line, by=desk, now=LATER)[1] == 1
    facts = newest(LetterKind.REQUEST_OVERTAKEN).facts
    assert (facts["moves"], facts["house"]) == ("", house)
    assert read(request.code).events[-1].facts["house"] == house


def test_change_that_is_taken_back_lets_no_room_go(app):
    room = make_room()
    make_decider(room)
    request = make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"))
    change(request, Move(time(14), time(16)))
    new = next(one for one in read(request.code).occurrences if one.replaces_id)
    assert dates.let_go(request.code, new.uid, Scope.THIS, by=person(), now=LATER) == 1
    facts = newest(LetterKind.DATES_LET_GO).facts
    assert (facts["is_change"], facts["told"][0]["before"]["starts"]) == (True, "2027-01-16T10:00:00")
    assert (read(request.code).status, read(request.code).first.slot) == (Status.APPROVED, at("10:00", "12:00"))
    dates.let_go(request.code, request.first.uid, Scope.THIS, by=person(), now=LATER)
    assert newest(LetterKind.DATES_LET_GO).facts["is_change"] is False


def test_wish_for_the_moment_of_ones_own_request_is_refused_as_any_other(app):
    room = make_room()
    make_request(room=room)
    refused = outcome_of(lambda: make_request(room=room, dates=make_wish(room).dates))
    assert own(refused) == [(Code.REQUESTED, False)]
