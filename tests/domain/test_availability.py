"""Why a room cannot be had: every obstacle with a case that raises it and the nearest case that does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    queued_before,
)
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.rules import Rule, RuleName, rules_for_room
from zalenzoeker.domain.slots import Slot, WeeklyHours
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind
from zalenzoeker.domain.taken import TakenInOrder

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SATURDAY = date(2027, 1, 16)
FIRST, LAST = date(2026, 12, 21), date(2027, 5, 23)
ASKED_HERE = RoomFacts(is_asked_here=True)
A_CLOSING_DAY = SpecialDays((SpecialDay(SpecialKind.CITY_CLOSING, "Brugdag", SATURDAY, SATURDAY),))
SATURDAYS = (WeeklyHours(5, 9 * 60, 12 * 60), WeeklyHours(5, 13 * 60, 25 * 60))

HALVES = (WeeklyHours(5, 9 * 60, 12 * 60), WeeklyHours(5, 12 * 60, 22 * 60))


def on(day: date = SATURDAY, starts: str = "14:00", ends: str = "18:00") -> Slot:
    return Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))


def facts(**values) -> RoomFacts:
    lines = [Rule(name, values.pop(name)) for name in list(RuleName) if name in values]
    return RoomFacts(**{"is_asked_here": True, "rules": rules_for_room(lines), **values})


def taken(by: TakenBy, starts: str = "17:00", ends: str = "20:00", title: str = "") -> RoomFacts:
    slot = on(starts=starts, ends=ends)
    return facts(taken=(Taken(slot.from_epoch, slot.to_epoch, by, title),))


def with_buffers(room: RoomFacts, **minutes: int) -> RoomFacts:
    return replace(room, rules=rules_for_room([Rule(RuleName(name), value) for name, value in minutes.items()]))


# Its rooms can be asked from early till late, but the house itself is only open on Saturdays.
OPEN = RoomFacts(is_asked_here=True, open_hours=SATURDAYS, offers_inside=True)


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
        "an activity inside the hours of a house that does not want any",
        Code.NOT_INSIDE,
        (Need(on(), takes_space=False), facts(open_hours=SATURDAYS)),
        (Need(on(), takes_space=False), OPEN),
    ),
    (
        "inside the open hours, from before the house opens",
        Code.NOT_WHILE_OPEN,
        (Need(on(starts="12:45"), takes_space=False), OPEN),
        (Need(on(starts="13:00"), takes_space=False), OPEN),
    ),
    (
        "inside the open hours, over the noon hour",
        Code.NOT_WHILE_OPEN,
        (Need(on(starts="11:00"), takes_space=False), OPEN),
        (Need(on(starts="11:00"), takes_space=False), replace(OPEN, open_hours=HALVES)),
    ),
    (
        "inside the open hours, on a day on which the house does not open",
        Code.NOT_WHILE_OPEN,
        (Need(on(date(2027, 1, 17)), takes_space=False), OPEN),
        (Need(on(date(2027, 1, 23)), takes_space=False), OPEN),
    ),
    (
        "inside the open hours of a house whose hours nobody knows",
        Code.NOT_WHILE_OPEN,
        (Need(on(), takes_space=False), replace(OPEN, open_hours=())),
        (Need(on()), replace(OPEN, open_hours=())),
    ),
    (
        "inside the open hours, on a day on which the house is closed",
        Code.CLOSED,
        (Need(on(), takes_space=False), replace(OPEN, taken=taken(TakenBy.CLOSURE).taken)),
        (Need(on(ends="17:00"), takes_space=False), replace(OPEN, taken=taken(TakenBy.CLOSURE).taken)),
    ),
    (
        "inside the open hours of a house of ten people",
        Code.TOO_MANY_PEOPLE,
        (Need(on(), people=11, takes_space=False), replace(OPEN, capacity=10)),
        (Need(on(), people=10, takes_space=False), replace(OPEN, capacity=10)),
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
        "a private person in a room for associations",
        Code.WHO_MAY_ASK,
        (Need(on(), kind=RequesterKind.PERSON), facts(who=["vereniging"])),
        (Need(on(), kind=RequesterKind.ASSOCIATION), facts(who=["vereniging"])),
    ),
    (
        "somebody of another neighbourhood",
        Code.NEIGHBOURHOOD_FIRST,
        (Need(on(), is_neighbour=False), facts(neighbourhood_first=35)),
        (Need(on(), is_neighbour=True), facts(neighbourhood_first=35)),
    ),
    (
        "somebody of whom nobody knows the neighbourhood",
        Code.NEIGHBOURHOOD_FIRST,
        (Need(on(), is_neighbour=False), facts(neighbourhood_first=0)),
        (Need(on(), is_neighbour=None), facts(neighbourhood_first=0)),
    ),
    (
        "a kind of activity the house does not have",
        Code.EXCLUDED_ACTIVITY,
        (Need(on(), activity_kind=ActivityKind.SALE), facts(excluded=["verkoop"])),
        (Need(on(), activity_kind=None), facts(excluded=["verkoop"])),
    ),
    (
        "half an hour where the house wants an hour",
        Code.TOO_SHORT,
        (Need(on(ends="14:30")), facts(least_minutes=60)),
        (Need(on(ends="15:00")), facts(least_minutes=60)),
    ),
    (
        "longer than the house allows",
        Code.TOO_LONG,
        (Need(on(ends="17:15")), facts(most_minutes=180)),
        (Need(on(ends="17:00")), facts(most_minutes=180)),
    ),
    (
        "every week for longer than half a year",
        Code.WEEKLY_TOO_LONG,
        (Need(on(), is_weekly=True, pattern_end=date(2027, 7, 17)), facts()),
        (Need(on(), is_weekly=True, pattern_end=date(2027, 7, 16)), facts()),
    ),
    (
        "more hours in a week than the house allows",
        Code.TOO_MANY_HOURS,
        (Need(on(), week_minutes=15), facts(week_hours=4)),
        (Need(on(), week_minutes=0), facts(week_hours=4)),
    ),
    (
        "a closing day of the city",
        Code.CITY_CLOSED,
        (Need(on()), facts(special=A_CLOSING_DAY)),
        (Need(on()), facts(special=A_CLOSING_DAY, closed_on=["feestdag"])),
    ),
    (
        "later than the latest end",
        Code.ENDS_TOO_LATE,
        (Need(on(starts="20:00", ends="22:15")), facts(latest_end="22:00")),
        (Need(on(starts="20:00", ends="22:00")), facts(latest_end="22:00")),
    ),
    (
        "in the night after the evening, later than the latest end",
        Code.ENDS_TOO_LATE,
        (Need(on(starts="00:15", ends="01:15")), facts(latest_end="01:00")),
        (Need(on(starts="00:15", ends="01:00")), facts(latest_end="01:00")),
    ),
    (
        "early in the morning, where evenings end at ten",
        Code.ENDS_TOO_LATE,
        (Need(on(starts="05:00", ends="06:00")), facts(latest_end="22:00")),
        (Need(on(starts="05:00", ends="06:15")), facts(latest_end="22:00")),
    ),
    (
        "over two lines of hours that touch",
        Code.OUTSIDE_HOURS,
        (Need(on(starts="11:00", ends="14:00")), facts(hours=HALVES[:1])),
        (Need(on(starts="11:00", ends="14:00")), facts(hours=HALVES)),
    ),
    (
        "too little time to set up after a booking",
        Code.BOOKED,
        (Need(on(starts="20:15", ends="22:00")), with_buffers(taken(TakenBy.BOOKING), setup_minutes=30)),
        (Need(on(starts="20:30", ends="22:00")), with_buffers(taken(TakenBy.BOOKING), setup_minutes=30)),
    ),
    (
        "too little time to clean before the house's own programme",
        Code.OWN_PROGRAMME,
        (Need(on(ends="16:45")), with_buffers(taken(TakenBy.OWN_PROGRAMME), cleanup_minutes=30)),
        (Need(on(ends="16:30")), with_buffers(taken(TakenBy.OWN_PROGRAMME), cleanup_minutes=30)),
    ),
    (
        "another request in a house where more may ask",
        Code.REQUESTED,
        (Need(on()), taken(TakenBy.REQUEST)),
        (Need(on()), taken(TakenBy.QUEUED)),
    ),
    (
        "the diary that the house keeps elsewhere",
        Code.DIARY,
        (Need(on()), taken(TakenBy.DIARY)),
        (Need(on()), facts()),
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
        Code.DIARY,
    ]


def test_obstacle_carries_the_facts_of_its_sentence():
    def told(need: Need, room: RoomFacts) -> dict:
        return dict(obstacles(need, room, NOW)[0].facts)

    assert told(Need(on(), people=61), facts(capacity=60)) == {"people": 61, "capacity": 60}
    assert told(Need(on(), open_requests=10), facts()) == {"limit": 10}
    assert told(Need(on(date(2026, 12, 1))), facts()) == {
        "days": 28,
        "first_day": FIRST,
        "in_working_days": False,
    }
    assert told(Need(on(date(2027, 9, 1))), facts()) == {"months": 6, "last_day": LAST}
    assert told(Need(on()), facts(closed_season=["11-01", "03-31"])) == {"season": ["11-01", "03-31"]}
    assert told(Need(on(starts="08:00")), facts(hours=SATURDAYS)) == {
        "hours": [on(starts="09:00", ends="12:00"), on(starts="13:00", ends="01:00")],
        "day": SATURDAY,
    }
    assert told(Need(on()), facts(lead_days=60, lead_counts="working")) == {
        "days": 60,
        "first_day": date(2027, 2, 15),
        "in_working_days": True,
    }
    assert told(Need(on(), kind=RequesterKind.PERSON), facts(who=["vzw", "vereniging"])) == {
        "kinds": [RequesterKind.ASSOCIATION, RequesterKind.NON_PROFIT]
    }
    assert told(Need(on(), is_neighbour=False), facts(neighbourhood_first=40)) == {
        "days": 40,
        "from_day": date(2026, 12, 7),
    }
    assert told(Need(on(), activity_kind=ActivityKind.SALE), facts(excluded=["verkoop"])) == {"kind": ActivityKind.SALE}
    assert told(Need(on()), facts(least_minutes=300)) == {"minutes": 300}
    assert told(Need(on()), facts(most_minutes=120)) == {"minutes": 120}
    weekly = Need(on(), is_weekly=True, pattern_end=date(2027, 12, 31))
    assert told(weekly, facts(weekly_months=2)) == {"months": 2, "until": date(2027, 3, 16)}
    assert told(Need(on()), facts(week_hours=2)) == {"week_hours": 2}
    assert told(Need(on()), facts(special=A_CLOSING_DAY)) == {"day": SATURDAY, "name": "Brugdag"}
    assert told(Need(on(ends="02:00")), facts(latest_end="01:00")) == {"latest": time(1), "is_next_morning": True}
    assert told(Need(on()), facts(latest_end="17:30")) == {"latest": time(17, 30), "is_next_morning": False}
    assert told(Need(on()), taken(TakenBy.OWN_PROGRAMME, title="Soepcafé")) == {
        "slot": on(starts="17:00", ends="20:00"),
        "title": "Soepcafé",
    }


def test_obstacle_names_the_rule_it_comes_from():
    found = obstacles(Need(on(date(2026, 12, 1))), facts(), NOW)
    assert [(one.code, one.rule and one.rule.name, one.rule and one.rule.source) for one in found] == [
        (Code.TOO_SOON, RuleName.LEAD_DAYS, "stad.gent, zalen Dienst Ontmoeten en Verbinden")
    ]


@pytest.mark.parametrize("by", sorted(set(TakenBy) - {TakenBy.CLOSURE}))
def test_what_takes_no_space_is_in_nobodys_way(by):
    there = replace(OPEN, taken=taken(by, "09:00", "22:00").taken)
    assert codes(Need(on(), takes_space=False), there) == []


def test_what_takes_no_space_counts_for_no_hours_of_a_week():
    room = replace(OPEN, rules=rules_for_room([Rule(RuleName.WEEK_HOURS, 1)]))
    assert (codes(Need(on()), room), codes(Need(on(), takes_space=False), room)) == ([Code.TOO_MANY_HOURS], [])


RULE_OF_CODE = {
    Code.TOO_MANY_OPEN: RuleName.OPEN_REQUESTS,
    Code.WHO_MAY_ASK: RuleName.WHO,
    Code.NEIGHBOURHOOD_FIRST: RuleName.NEIGHBOURHOOD_FIRST,
    Code.EXCLUDED_ACTIVITY: RuleName.EXCLUDED,
    Code.TOO_SHORT: RuleName.LEAST_MINUTES,
    Code.TOO_LONG: RuleName.MOST_MINUTES,
    Code.WEEKLY_TOO_LONG: RuleName.WEEKLY_MONTHS,
    Code.TOO_MANY_HOURS: RuleName.WEEK_HOURS,
    Code.TOO_SOON: RuleName.LEAD_DAYS,
    Code.TOO_FAR: RuleName.HORIZON_MONTHS,
    Code.CLOSED_SEASON: RuleName.CLOSED_SEASON,
    Code.CITY_CLOSED: RuleName.CLOSED_ON,
    Code.ENDS_TOO_LATE: RuleName.LATEST_END,
    Code.NOT_INSIDE: RuleName.INSIDE,
}


@pytest.mark.parametrize("code", list(Code))
def test_obstacle_of_a_rule_carries_the_rule_with_its_source(code):
    _, _, (need, room), _ = next(row for row in TABLE if row[1] is code)
    lines = [replace(line, source="het reglement") for line in room.rules.lines.values()]
    (found,) = obstacles(need, replace(room, rules=rules_for_room(lines)), NOW)
    assert (found.rule and (found.rule.name, found.rule.source)) == (
        (RULE_OF_CODE[code], "het reglement") if code in RULE_OF_CODE else None
    )


def test_many_bookings_in_the_way_are_one_obstacle_with_the_first():
    first, second = on(starts="14:00", ends="15:00"), on(starts="16:00", ends="17:00")
    room = facts(taken=tuple(Taken(one.from_epoch, one.to_epoch, TakenBy.BOOKING) for one in (first, second)))
    assert [(one.code, one.facts["slot"]) for one in obstacles(Need(on()), room, NOW)] == [(Code.BOOKED, first)]


@pytest.mark.parametrize("code", list(Code))
def test_exception_may_be_asked_only_where_the_house_and_reason_allow(code):
    _, _, (need, room), _ = next(row for row in TABLE if row[1] is code)
    lines = [*room.rules.lines.values(), Rule(RuleName.EXCEPTIONS, [every.value for every in Code])]
    willing = replace(room, rules=rules_for_room(lines))
    (found,) = obstacles(need, willing, NOW)
    assert found.may_be_excepted is (code not in NEVER_AN_EXCEPTION)


def test_what_can_never_be_excepted_is_this():
    assert set(NEVER_AN_EXCEPTION) == OVERLAP | {
        Code.NOT_ASKED_HERE,
        Code.IN_THE_PAST,
        Code.CLOSED_SEASON,
        Code.CITY_CLOSED,
        Code.TOO_MANY_OPEN,
        Code.NOT_INSIDE,
        Code.NOT_WHILE_OPEN,
    }


def test_exception_that_is_asked_lifts_only_what_may_be_excepted():
    room = facts(capacity=10)
    found = obstacles(Need(on(FIRST - timedelta(days=1)), people=11), room, NOW)
    assert [one.code for one in blocking(found, asks_exception=False)] == [Code.TOO_MANY_PEOPLE, Code.TOO_SOON]
    assert [one.code for one in blocking(found, asks_exception=True)] == [Code.TOO_MANY_PEOPLE]
    assert blocking(found[1:], asks_exception=True) == []


def test_groups_of_obstacles_cover_what_holds_a_room():
    assert set(CODE_OF_TAKEN) == set(TakenBy) - {TakenBy.QUEUED}
    assert set(CODE_OF_TAKEN.values()) == OVERLAP
    assert set(Code) - ABOUT_THE_MOMENT == {
        Code.NOT_ASKED_HERE,
        Code.TOO_MANY_PEOPLE,
        Code.TOO_MANY_OPEN,
        Code.WHO_MAY_ASK,
        Code.EXCLUDED_ACTIVITY,
        Code.TOO_SHORT,
        Code.TOO_LONG,
        Code.WEEKLY_TOO_LONG,
        Code.TOO_MANY_HOURS,
        Code.NOT_INSIDE,
    }


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


def test_lead_in_working_days_leaves_out_weekends_and_holidays():
    monday = date(2026, 12, 21)
    holidays = SpecialDays(
        (
            SpecialDay(SpecialKind.LEGAL, "Kerstmis", date(2026, 12, 25), date(2026, 12, 25)),
            SpecialDay(SpecialKind.SCHOOL, "Kerstvakantie", monday, date(2027, 1, 3)),
            SpecialDay(SpecialKind.LEGAL, "Nieuwjaar", date(2027, 1, 1), date(2027, 1, 1)),
        )
    )
    now = datetime.combine(monday, time(9), UTC)
    rules = [facts(lead_days=days, lead_counts="working").rules for days in (0, 1, 3, 4, 7, 8)]
    assert [first_day(one, now, holidays) for one in rules] == [
        monday,
        date(2026, 12, 22),
        date(2026, 12, 24),
        date(2026, 12, 28),
        date(2026, 12, 31),
        date(2027, 1, 4),
    ]


def test_requests_in_a_queue_are_counted_and_stop_nobody():
    first, second, other = (
        on(starts="13:00", ends="15:00"),
        on(starts="17:45", ends="20:00"),
        on(starts="18:00", ends="19:00"),
    )
    waiting = [Taken(one.from_epoch, one.to_epoch, TakenBy.QUEUED) for one in (first, second, other)]
    booking = Taken(other.from_epoch, other.to_epoch, TakenBy.BOOKING)
    room = facts(taken=(*waiting, booking))
    assert (codes(Need(on()), room), queued_before(on(), room.taken)) == ([], 2)
    assert (codes(Need(other), room), queued_before(other, room.taken)) == ([Code.BOOKED], 2)


def test_buffers_keep_real_minutes_over_the_change_of_the_clock():
    night = Slot.on(date(2027, 3, 28), time(3, 30), time(6))
    before = Slot.on(date(2027, 3, 27), time(22), time(1, 30))
    booking = Taken(before.from_epoch, before.to_epoch, TakenBy.BOOKING)
    hour, more = (with_buffers(facts(taken=(booking,)), setup_minutes=minutes) for minutes in (60, 75))
    assert (codes(Need(night), hour), codes(Need(night), more)) == ([], [Code.BOOKED])


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60), st.sampled_from(list(TakenBy))), max_size=40),
    st.integers(0, 200),
    st.integers(1, 30),
)
def test_stretches_in_the_way_are_the_same_however_many_there_are(rows, start, length):
    every = [Taken(at * 900, (at + long) * 900, by) for at, long, by in rows]
    found = TakenInOrder(every).between(start * 900, (start + length) * 900)
    looked_through = [one for one in every if one.from_epoch < (start + length) * 900 and start * 900 < one.to_epoch]
    assert sorted(found, key=repr) == sorted(looked_through, key=repr)
