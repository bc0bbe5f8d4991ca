"""Why a room cannot be had: every obstacle with a case that raises it and the nearest case that does not."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from zalenzoeker.domain.availability import (
    ABOUT_THE_MOMENT,
    CODE_OF_TAKEN,
    NEVER_AN_EXCEPTION,
    OVERLAP,
    Code,
    Need,
    RoomFacts,
    Taken,
    TakenBy,
    blocking,
    first_day,
    last_day,
    obstacles,
)
from zalenzoeker.domain.rules import Rule, RuleName, rules_for_room
from zalenzoeker.domain.slots import Slot, WeeklyHours

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SATURDAY = date(2027, 1, 16)
FIRST, LAST = date(2026, 12, 21), date(2027, 5, 23)
ASKED_HERE = RoomFacts(is_asked_here=True)
SATURDAYS = (WeeklyHours(5, 9 * 60, 12 * 60), WeeklyHours(5, 13 * 60, 25 * 60))


def on(day: date = SATURDAY, starts: str = "14:00", ends: str = "18:00") -> Slot:
    return Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))


def facts(**values) -> RoomFacts:
    lines = [Rule(name, values.pop(name)) for name in list(RuleName) if name in values]
    return RoomFacts(**{"is_asked_here": True, "rules": rules_for_room(lines), **values})


def taken(by: TakenBy, starts: str = "17:00", ends: str = "20:00", title: str = "") -> RoomFacts:
    slot = on(starts=starts, ends=ends)
    return facts(taken=(Taken(slot.from_epoch, slot.to_epoch, by, title),))


def codes(need: Need, room: RoomFacts, now: datetime = NOW) -> list[Code]:
    return [one.code for one in obstacles(need, room, now)]


# Each row: the sentence, the obstacle, what raises it, and the nearest that does not.
TABLE = [
    (
        "a room that is not asked here",
        Code.NOT_ASKED_HERE,
        (Need(on()), RoomFacts(is_asked_here=False)),
        (Need(on()), RoomFacts(is_asked_here=True)),
    ),
    (
        "a moment that begins now",
        Code.IN_THE_PAST,
        (Need(on(NOW.date(), "10:00")), facts(lead_days=0)),
        (Need(on(NOW.date(), "10:15")), facts(lead_days=0)),
    ),
    (
        "27 days ahead, where 28 are asked",
        Code.TOO_SOON,
        (Need(on(FIRST - timedelta(days=1))), facts()),
        (Need(on(FIRST)), facts()),
    ),
    (
        "six months and a day ahead",
        Code.TOO_FAR,
        (Need(on(LAST + timedelta(days=1))), facts()),
        (Need(on(LAST)), facts()),
    ),
    (
        "a house of ten days ahead",
        Code.TOO_SOON,
        (Need(on(date(2026, 12, 2))), facts(lead_days=10)),
        (Need(on(date(2026, 12, 3))), facts(lead_days=10)),
    ),
    (
        "a house that looks a year ahead",
        Code.TOO_FAR,
        (Need(on(date(2027, 11, 24))), facts(horizon_months=12)),
        (Need(on(date(2027, 11, 23))), facts(horizon_months=12)),
    ),
    (
        "a closing day",
        Code.CLOSED,
        (Need(on()), taken(TakenBy.CLOSURE)),
        (Need(on(ends="17:00")), taken(TakenBy.CLOSURE)),
    ),
    (
        "a hall that is closed in winter",
        Code.CLOSED_SEASON,
        (Need(on()), facts(closed_season=["11-01", "03-31"])),
        (Need(on(date(2027, 4, 1))), facts(closed_season=["11-01", "03-31"])),
    ),
    (
        "earlier than the house opens",
        Code.OUTSIDE_HOURS,
        (Need(on(starts="08:45", ends="11:00")), facts(hours=SATURDAYS)),
        (Need(on(starts="09:00", ends="12:00")), facts(hours=SATURDAYS)),
    ),
    (
        "over the noon hour",
        Code.OUTSIDE_HOURS,
        (Need(on(starts="11:00", ends="14:00")), facts(hours=SATURDAYS)),
        (Need(on(starts="13:00", ends="14:00")), facts(hours=SATURDAYS)),
    ),
    (
        "later in the night than the house is open",
        Code.OUTSIDE_HOURS,
        (Need(on(starts="20:00", ends="01:15")), facts(hours=SATURDAYS)),
        (Need(on(starts="20:00", ends="01:00")), facts(hours=SATURDAYS)),
    ),
    (
        "after midnight, when the evening before is over",
        Code.OUTSIDE_HOURS,
        (Need(on(date(2027, 1, 17), "00:15", "01:15")), facts(hours=SATURDAYS)),
        (Need(on(date(2027, 1, 17), "00:00", "01:00")), facts(hours=SATURDAYS)),
    ),
    (
        "on a day without hours",
        Code.OUTSIDE_HOURS,
        (Need(on(date(2027, 1, 17))), facts(hours=SATURDAYS)),
        (Need(on(date(2027, 1, 17))), facts(hours=())),
    ),
    (
        "the house's own programme",
        Code.OWN_PROGRAMME,
        (Need(on()), taken(TakenBy.OWN_PROGRAMME)),
        (Need(on(starts="20:00", ends="22:00")), taken(TakenBy.OWN_PROGRAMME)),
    ),
    (
        "another booking",
        Code.BOOKED,
        (Need(on(ends="17:15")), taken(TakenBy.BOOKING)),
        (Need(on(ends="17:00")), taken(TakenBy.BOOKING)),
    ),
    (
        "another request",
        Code.REQUESTED,
        (Need(on()), taken(TakenBy.REQUEST)),
        (Need(on(date(2027, 1, 23))), taken(TakenBy.REQUEST)),
    ),
    (
        "one person too many",
        Code.TOO_MANY_PEOPLE,
        (Need(on(), people=61), facts(capacity=60)),
        (Need(on(), people=60), facts(capacity=60)),
    ),
    (
        "many people in a room of which nobody knows the size",
        Code.TOO_MANY_PEOPLE,
        (Need(on(), people=2), facts(capacity=1)),
        (Need(on(), people=5000), facts(capacity=None)),
    ),
    (
        "ten requests that wait",
        Code.TOO_MANY_OPEN,
        (Need(on(), open_requests=10), facts()),
        (Need(on(), open_requests=9), facts()),
    ),
    (
        "a house that lets you ask twice",
        Code.TOO_MANY_OPEN,
        (Need(on(), open_requests=2), facts(open_requests=2)),
        (Need(on(), open_requests=1), facts(open_requests=2)),
    ),
]


@pytest.mark.parametrize("sentence,code,raises,_", TABLE, ids=[row[0] for row in TABLE])
def test_obstacle_is_found(sentence, code, raises, _):
    assert codes(*raises) == [code]


@pytest.mark.parametrize("sentence,code,_,passes", TABLE, ids=[row[0] for row in TABLE])
def test_nearest_case_without_the_obstacle_is_free(sentence, code, _, passes):
    assert codes(*passes) == []


def test_every_obstacle_has_a_row():
    assert {row[1] for row in TABLE} == set(Code)


def test_all_obstacles_are_told_at_once():
    long_ago = on(date(2026, 11, 21), "08:00", "20:00")
    room = RoomFacts(
        is_asked_here=False,
        capacity=10,
        hours=SATURDAYS,
        rules=rules_for_room([Rule(RuleName.CLOSED_SEASON, ["11-01", "03-31"])]),
        taken=tuple(Taken(long_ago.from_epoch, long_ago.to_epoch, by) for by in TakenBy),
    )
    assert codes(Need(long_ago, people=11, open_requests=10), room) == [
        Code.NOT_ASKED_HERE,
        Code.TOO_MANY_PEOPLE,
        Code.TOO_MANY_OPEN,
        Code.IN_THE_PAST,
        Code.CLOSED_SEASON,
        Code.OUTSIDE_HOURS,
        Code.BOOKED,
        Code.REQUESTED,
        Code.OWN_PROGRAMME,
        Code.CLOSED,
    ]


def test_obstacle_carries_the_facts_of_its_sentence():
    def told(need: Need, room: RoomFacts) -> dict:
        return dict(obstacles(need, room, NOW)[0].facts)

    assert told(Need(on(), people=61), facts(capacity=60)) == {"people": 61, "capacity": 60}
    assert told(Need(on(), open_requests=10), facts()) == {"limit": 10}
    assert told(Need(on(date(2026, 12, 1))), facts()) == {"days": 28, "first_day": FIRST}
    assert told(Need(on(date(2027, 9, 1))), facts()) == {"months": 6, "last_day": LAST}
    assert told(Need(on()), facts(closed_season=["11-01", "03-31"])) == {"season": ["11-01", "03-31"]}
    assert told(Need(on(starts="08:00")), facts(hours=SATURDAYS)) == {
        "hours": [on(starts="09:00", ends="12:00"), on(starts="13:00", ends="01:00")],
        "day": SATURDAY,
    }
    assert told(Need(on()), taken(TakenBy.OWN_PROGRAMME, title="Soepcafé")) == {
        "slot": on(starts="17:00", ends="20:00"),
        "title": "Soepcafé",
    }


def test_obstacle_names_the_rule_it_comes_from():
    found = obstacles(Need(on(date(2026, 12, 1))), facts(), NOW)
    assert [(one.code, one.rule and one.rule.name, one.rule and one.rule.source) for one in found] == [
        (Code.TOO_SOON, RuleName.LEAD_DAYS, "stad.gent, zalen Dienst Ontmoeten en Verbinden")
    ]


def test_many_bookings_in_the_way_are_one_obstacle_with_the_first():
    first, second = on(starts="14:00", ends="15:00"), on(starts="16:00", ends="17:00")
    room = facts(taken=tuple(Taken(one.from_epoch, one.to_epoch, TakenBy.BOOKING) for one in (first, second)))
    assert [(one.code, one.facts["slot"]) for one in obstacles(Need(on()), room, NOW)] == [(Code.BOOKED, first)]


@pytest.mark.parametrize("code", list(Code))
def test_exception_may_be_asked_only_where_the_house_and_reason_allow(code):
    _, _, (need, room), _ = next(row for row in TABLE if row[1] is code)
    lines = [*room.rules.lines.values(), Rule(RuleName.EXCEPTIONS, [every.value for every in Code])]
    willing = RoomFacts(room.is_asked_here, room.capacity, room.hours, rules_for_room(lines), room.taken)
    (found,) = obstacles(need, willing, NOW)
    assert found.may_be_excepted is (code not in NEVER_AN_EXCEPTION)


def test_what_can_never_be_excepted_is_this():
    assert set(Code) - NEVER_AN_EXCEPTION == {Code.TOO_SOON, Code.TOO_FAR, Code.OUTSIDE_HOURS, Code.TOO_MANY_PEOPLE}


def test_exception_that_is_asked_lifts_only_what_may_be_excepted():
    room = facts(capacity=10)
    found = obstacles(Need(on(FIRST - timedelta(days=1)), people=11), room, NOW)
    assert [one.code for one in blocking(found, asks_exception=False)] == [Code.TOO_MANY_PEOPLE, Code.TOO_SOON]
    assert [one.code for one in blocking(found, asks_exception=True)] == [Code.TOO_MANY_PEOPLE]
    assert blocking(found[1:], asks_exception=True) == []


def test_groups_of_obstacles_cover_what_holds_a_room():
    assert set(CODE_OF_TAKEN) == set(TakenBy)
    assert set(CODE_OF_TAKEN.values()) == OVERLAP
    assert set(Code) - ABOUT_THE_MOMENT == {Code.NOT_ASKED_HERE, Code.TOO_MANY_PEOPLE, Code.TOO_MANY_OPEN}


@pytest.mark.parametrize(
    "now,first,last",
    [
        ("2026-11-23T22:59+00:00", "2026-12-21", "2027-05-23"),
        ("2026-11-23T23:00+00:00", "2026-12-22", "2027-05-24"),
        ("2026-08-31T12:00+00:00", "2026-09-28", "2027-02-28"),
    ],
    ids=["a minute before midnight in Ghent", "midnight in Ghent", "the last of August"],
)
def test_days_that_may_be_asked_are_counted_on_the_wall_calendar(now, first, last):
    moment = datetime.fromisoformat(now)
    assert first_day(ASKED_HERE.rules, moment) == date.fromisoformat(first)
    assert last_day(ASKED_HERE.rules, moment) == date.fromisoformat(last)


def test_open_house_on_the_evening_before_the_doubled_hour_can_be_asked():
    evening = Slot.on(date(2026, 10, 24), time(20), time(22))
    hours = (WeeklyHours(5, 9 * 60, 26 * 60),)
    now = datetime(2026, 9, 1, tzinfo=UTC)
    assert codes(Need(evening), facts(hours=hours), now) == []
