"""Why a room cannot be had, in sentences: each quotes its rule and says where the rule is written."""

from datetime import UTC, date, datetime, time

import pytest
from flask_babel import force_locale

from zalenzoeker.domain.availability import Need, RoomFacts, Taken, TakenBy, obstacles
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.rules import Rule, RuleName, rules_for_room
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind
from zalenzoeker.web import refusals

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SATURDAY = date(2027, 1, 16)
SLOT = Slot.on(SATURDAY, time(14), time(18))
BRIDGE = SpecialDays((SpecialDay(SpecialKind.CITY_CLOSING, "Brugdag", SATURDAY, SATURDAY),))


@pytest.fixture(autouse=True)
def in_english(app):
    # The sentences of the code; their Dutch is the catalogue's.
    with app.test_request_context(), force_locale("en"):
        yield


# Each row: the rules, what somebody needs of the room, and the sentence.
TABLE = [
    (
        {RuleName.LEAD_DAYS: 60},
        {},
        (
            "You ask later than the rule allows: at least 60 days before. "
            "From Friday 22 January 2027 on you can ask freely."
        ),
    ),
    (
        {RuleName.LEAD_DAYS: 60, RuleName.LEAD_COUNTS: "working"},
        {},
        (
            "You ask later than the rule allows: at least 60 working days before. "
            "From Monday 15 February 2027 on you can ask freely."
        ),
    ),
    (
        {RuleName.HORIZON_MONTHS: 1},
        {},
        "That is too far ahead: you can ask at most 1 months before, now until Wednesday 23 December 2026.",
    ),
    (
        {RuleName.WHO: ["bewonersgroep", "vereniging"]},
        {"kind": RequesterKind.PERSON},
        "De Zaal is only for residents' groups and associations. Look for another room.",
    ),
    (
        {RuleName.NEIGHBOURHOOD_FIRST: 40},
        {"is_neighbour": False},
        (
            "The neighbourhood goes first: others can ask for De Zaal from 40 days before. "
            "For this day that is from Monday 7 December 2026."
        ),
    ),
    (
        {RuleName.NEIGHBOURHOOD_FIRST: 0},
        {"is_neighbour": False},
        "De Zaal is only for people and groups of the neighbourhood. Look for another room.",
    ),
    (
        {RuleName.EXCLUDED: ["eredienst"]},
        {"activity_kind": ActivityKind.WORSHIP},
        "De Zaal is not lent for this kind of activity: Religious service. Look for another room.",
    ),
    (
        {RuleName.LEAST_MINUTES: 330},
        {},
        "De Zaal can be asked for at least 5 hours and 30 minutes at a time. Choose a longer time.",
    ),
    (
        {RuleName.MOST_MINUTES: 60},
        {},
        "De Zaal can be asked for at most 1 hour at a time. Choose a shorter time.",
    ),
    (
        {RuleName.WEEKLY_MONTHS: 2},
        {"is_weekly": True, "pattern_end": date(2027, 5, 1)},
        "Weekly use lasts at most 2 months, here until Tuesday 16 March 2027. After that you ask again.",
    ),
    (
        {RuleName.OPEN_REQUESTS: 2},
        {"open_requests": 2},
        "You have 2 requests waiting for an answer. Wait for one, or withdraw one.",
    ),
    (
        {RuleName.WEEK_HOURS: 8},
        {"week_minutes": 300},
        "You can use this house at most 8 hours a week, and this would be more. Choose another week or a shorter time.",
    ),
    (
        {RuleName.CLOSED_SEASON: ["11-01", "03-31"]},
        {},
        "De Zaal is closed every year from 1 November to 31 March.",
    ),
    (
        {RuleName.CLOSED_ON: ["sluitingsdag"]},
        {},
        "De Zaal is closed on Saturday 16 January 2027: Brugdag. Choose another day.",
    ),
    (
        {RuleName.LATEST_END: "17:30"},
        {},
        "Everything ends in De Zaal at 17.30 at the latest. End earlier.",
    ),
    (
        {RuleName.LATEST_END: "01:00"},
        {"slot": Slot.on(SATURDAY, time(20), time(2))},
        "Everything ends in De Zaal at 1.00 in the night at the latest. End earlier.",
    ),
]


def found(rules, need, **facts):
    lines = [Rule(name, value, "https://huis.example/reglement", is_of_venue=True) for name, value in rules.items()]
    special = BRIDGE if RuleName.CLOSED_ON in rules else SpecialDays()
    room = RoomFacts(is_asked_here=True, rules=rules_for_room(lines), special=special, **facts)
    return obstacles(Need(**{"slot": SLOT, **need}), room, NOW)


@pytest.mark.parametrize("rules,need,expected", TABLE, ids=[row[2][:60] for row in TABLE])
def test_refusal_by_a_rule_quotes_the_rule(rules, need, expected):
    assert [refusals.sentence(one, room="De Zaal") for one in found(rules, need)] == [expected]


@pytest.mark.parametrize("rules,need,_", TABLE, ids=[row[2][:60] for row in TABLE])
def test_refusal_by_a_rule_names_its_source(rules, need, _):
    assert [refusals.source(one) for one in found(rules, need)] == [
        "Rule of this house, source: https://huis.example/reglement"
    ]


@pytest.mark.parametrize(
    "rule,expected",
    [
        (Rule(RuleName.LEAD_DAYS, 60, "stad"), "Rule for all rooms, source: stad"),
        (Rule(RuleName.LEAD_DAYS, 60), "Rule for all rooms"),
        (Rule(RuleName.LEAD_DAYS, 60, is_of_venue=True), "Rule of this house"),
        (Rule(RuleName.LEAD_DAYS, 60, "huis", is_of_venue=True, is_of_room=True), "Rule of this room, source: huis"),
    ],
)
def test_source_says_for_which_rooms_a_rule_was_made(rule, expected):
    room = RoomFacts(is_asked_here=True, rules=rules_for_room([rule]))
    assert [refusals.source(one) for one in obstacles(Need(SLOT), room, NOW)] == [expected]


def test_refusal_for_another_booking_has_no_source():
    booking = Taken(SLOT.from_epoch, SLOT.to_epoch, TakenBy.BOOKING)
    assert [refusals.source(one) for one in found({}, {}, taken=(booking,))] == [""]


def test_queue_says_how_many_asked_before():
    assert [refusals.queued(1), refusals.queued(3)] == [
        "Somebody has asked for this moment before you. You can ask too: the house chooses.",
        "3 others have asked for this moment before you. You can ask too: the house chooses.",
    ]
