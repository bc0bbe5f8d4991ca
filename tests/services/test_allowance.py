"""How much one asker may have: posts that come at the same moment do not outrun it."""

from datetime import timedelta
from itertools import count
from random import Random

import pytest
from sqlalchemy import event

from tests.builders import (
    NOW,
    PASSER_BY,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_association,
    make_room,
    make_wish,
    read,
)
from tests.race import Interleaving, together
from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates
from zalenzoeker.services import requests as asking
from zalenzoeker.services.wishes import Receipt, Refused
from zalenzoeker.storage.db import db

pytestmark = pytest.mark.both

UNLIMITED = Visitor(is_limited=False)
DAY = timedelta(days=1)
WITHOUT_END = 1_000_000


@pytest.fixture
def an(app):
    return make_account("an@harmonie.example")


@pytest.fixture
def bert(app):
    return make_account("bert@harmonie.example")


@pytest.fixture
def group(an, bert):
    """What a wish says of the association of these two."""
    harmonie = make_association(members=[an, bert])
    kind = RequesterKind.NON_PROFIT
    return {"requester_kind": kind, "association_id": harmonie.id, "association_name": harmonie.name}


def ask(wish, by) -> Receipt:
    return asking.ask(wish, by=by, now=NOW, visitor=UNLIMITED)


def said(outcomes) -> list[str]:
    """What came of each, without who was first."""
    return sorted(
        ",".join(one.code for one in outcome.obstacles) if isinstance(outcome, Refused) else type(outcome).__name__
        for outcome in outcomes
    )


def rooms_of(rules):
    """Two rooms of two houses, so that nobody waits for the other's rooms."""
    return [make_room(rules=rules) for _ in range(2)]


@pytest.mark.parametrize("attempt", range(4))
def test_open_requests_are_not_outrun_by_one_person(app, an, attempt):
    rooms, by = rooms_of({RuleName.OPEN_REQUESTS: 1}), actor_of(an)
    wishes = [make_wish(room, contact_email=by.email) for room in rooms]
    race = Interleaving(app, Random(attempt))
    found = race.of(first=lambda: ask(wishes[0], by), second=lambda: ask(wishes[1], by))
    assert said(found.values()) == ["Receipt", Code.TOO_MANY_OPEN], race.story


@pytest.mark.parametrize("attempt", range(4))
def test_open_requests_are_not_outrun_by_two_of_one_association(app, an, bert, group, attempt):
    rooms, people = rooms_of({RuleName.OPEN_REQUESTS: 1}), [actor_of(an), actor_of(bert)]
    wishes = [make_wish(room, contact_email=by.email, **group) for room, by in zip(rooms, people, strict=True)]
    outcomes = together(app, lambda: ask(wishes[0], people[0]), lambda: ask(wishes[1], people[1]))
    assert said(outcomes) == ["Receipt", Code.TOO_MANY_OPEN], attempt


@pytest.mark.parametrize("attempt", range(4))
def test_hours_of_a_week_are_not_outrun(app, an, bert, group, attempt):
    room = make_room(rules={RuleName.WEEK_HOURS: 4})
    hall = make_room("hal", venue=room.venue, rules={RuleName.WEEK_HOURS: 4})
    wishes = [make_wish(one, at("14:00", "17:00"), **group) for one in (room, hall)]
    people = [actor_of(an), actor_of(bert)]
    race = Interleaving(app, Random(attempt))
    found = race.of(first=lambda: ask(wishes[0], people[0]), second=lambda: ask(wishes[1], people[1]))
    assert said(found.values()) == ["Receipt", Code.TOO_MANY_HOURS], race.story


@pytest.mark.parametrize("attempt", range(4))
def test_hours_of_a_week_are_not_outrun_by_dates_that_grow(app, an, bert, group, attempt):
    rules = {RuleName.WEEK_HOURS: 4}
    room = make_room(rules=rules)
    hall = make_room("hal", venue=room.venue, rules=rules)
    people = [actor_of(an), actor_of(bert)]
    asked = [
        read(ask(make_wish(one, at("14:00", "15:00"), contact_email=by.email, **group), by).code)
        for one, by in zip((room, hall), people, strict=True)
    ]
    move = dates.Move(at().starts.time(), at("14:00", "17:00").ends.time())
    outcomes = together(
        app,
        *[
            lambda one=one, by=by: dates.change(one.code, one.first.uid, Scope.THIS, move, by=by, now=NOW)
            for one, by in zip(asked, people, strict=True)
        ],
    )
    assert said(outcomes) == ["Changed", Code.TOO_MANY_HOURS], attempt


@pytest.mark.parametrize("attempt", range(4))
def test_proofs_do_not_outrun_the_open_requests(app, an, attempt):
    rooms, by = rooms_of({RuleName.OPEN_REQUESTS: 1}), actor_of(an)
    stranger = Visitor("a browser", "198.51.100.7", is_limited=False)
    codes = [
        asking.ask(make_wish(room, contact_email=by.email), by=PASSER_BY, now=NOW, visitor=stranger).code
        for room in rooms
    ]
    outcomes = together(app, *[lambda code=code: asking.prove(code, by=by, now=NOW) for code in codes])
    assert said(outcomes) == ["NoneType", Code.TOO_MANY_OPEN], attempt
    assert sorted(read(code).status for code in codes) == [Status.REQUESTED, Status.UNPROVED]


def in_the_write_unit(deed) -> int:
    """How many statements it sends while nobody else can write."""
    seen = []

    def note(connection, _cursor, statement, *_rest) -> None:
        if connection.get_execution_options().get("sqlite_begin") and not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        deed()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_both_limits_are_judged_in_one_statement(an, group):
    by, number = actor_of(an), count()
    rules = [
        {RuleName.OPEN_REQUESTS: WITHOUT_END},
        {RuleName.OPEN_REQUESTS: 9},
        {RuleName.OPEN_REQUESTS: 9, RuleName.WEEK_HOURS: 30},
        {RuleName.OPEN_REQUESTS: WITHOUT_END, RuleName.WEEK_HOURS: 30},
    ]
    counted = []
    for one in rules:
        room = make_room(rules=one)
        # The first one warms up what is kept of the city.
        for _ in range(2):
            wish = make_wish(room, at("14:00", "15:00", SATURDAY + next(number) * DAY), **group)
            sent = in_the_write_unit(lambda wish=wish: ask(wish, by))
        counted.append(sent)
    assert len(set(counted)) == 1
