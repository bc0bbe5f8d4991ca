"""The rules of a house as a list: what each rule says to somebody who reads it before asking."""

from pathlib import Path

import pytest
from flask_babel import force_locale

from zalenzoeker.domain.availability import NEVER_AN_EXCEPTION, Code
from zalenzoeker.domain.rules import DEFAULTS, HouseRules, Rule, RuleName, rules_for_room
from zalenzoeker.web.houserules import EXCEPTION, sources, spoken

USUAL = [
    "Closed on closing days of the city",
    "Ask at least 28 days and at most 6 months ahead",
    "Later than that? Ask for an exception, with your reason",
    "You have at most 10 requests waiting at a time",
    "Weekly use lasts at most 6 months at a time",
    "While your request waits, nobody else can ask, for at most 21 days",
    "The house's own programme always goes first",
    "You set up, tidy and clean yourself",
    "You do not pass the room on to anybody else",
]
PARTS = {part: ["09:00", "12:00"] for part in ("voormiddag", "namiddag", "hele-dag")}

# Each row: a rule with its value, and the lines of the list that it adds or changes.
TABLE = [
    (RuleName.LEAD_DAYS, 14, ["Ask at least 14 days and at most 6 months ahead"]),
    (RuleName.LEAD_COUNTS, "working", ["Ask at least 28 working days and at most 6 months ahead"]),
    (RuleName.HORIZON_MONTHS, 12, ["Ask at least 28 days and at most 12 months ahead"]),
    (RuleName.LEAST_MINUTES, 90, ["At least 1 hour and 30 minutes at a time"]),
    (RuleName.MOST_MINUTES, 480, ["At most 8 hours at a time"]),
    (RuleName.LATEST_END, "22:30", ["Everything ends at 22.30 at the latest"]),
    (RuleName.LATEST_END, "01:00", ["Everything ends at 1.00 in the night at the latest"]),
    (RuleName.SETUP_MINUTES, 45, ["Kept free before your activity, to set up: 45 minutes"]),
    (RuleName.CLEANUP_MINUTES, 60, ["Kept free after your activity, to clean: 1 hour"]),
    (
        RuleName.DAY_PARTS,
        {**PARTS, "avond": {"*": ["18:00", "23:30"], "4": ["19:00", "01:00"]}},
        [
            (
                "The parts of the day here: Morning 9.00 to 12.00, Afternoon 9.00 to 12.00, Evening 18.00 to 23.30, "
                "and Whole day 9.00 to 12.00"
            )
        ],
    ),
    (RuleName.WEEKLY_MONTHS, 3, ["Weekly use lasts at most 3 months at a time"]),
    (RuleName.OPEN_REQUESTS, 2, ["You have at most 2 requests waiting at a time"]),
    (RuleName.WEEK_HOURS, 6, ["At most 6 hours a week in this house"]),
    (RuleName.WHO, ["vzw", "vereniging"], ["Only for associations and non-profits (vzw)"]),
    (RuleName.NEIGHBOURHOOD_FIRST, 60, ["The neighbourhood goes first, others can ask from 60 days before"]),
    (RuleName.NEIGHBOURHOOD_FIRST, 0, ["Only for people and groups of the neighbourhood"]),
    (
        RuleName.EXCLUDED,
        ["verkoop", ["partijpolitiek", "2030-07-01", "2030-10-13"]],
        ["Not for: Sale", "Not from Monday 1 July 2030 to Sunday 13 October 2030: Activity of a political party"],
    ),
    (RuleName.CLOSED_SEASON, ["11-01", "03-31"], ["Closed every year from 1 November to 31 March"]),
    (RuleName.CLOSED_ON, ["sluitingsdag", "feestdag"], ["Closed on legal holidays and closing days of the city"]),
    (RuleName.PENDING, {"default": "queue"}, ["While your request waits, others can ask too; the house chooses"]),
    (
        RuleName.PENDING,
        {"default": "hold", "particulier": "queue", "vzw": "instant", "vereniging": "hold"},
        [
            "For private persons: While your request waits, others can ask too; the house chooses",
            "For non-profits (vzw): You get a yes at once when the room is free",
        ],
    ),
    (RuleName.HOLD_DAYS, 7, ["While your request waits, nobody else can ask, for at most 7 days"]),
    (
        RuleName.INSTANT,
        {"trusted": True, "desk_hours": [[0, "09:00", "12:00"]]},
        [
            "Groups that the house knows well get a yes at once",
            "A moment on Monday between 9.00 and 12.00 gets a yes at once",
        ],
    ),
    (
        RuleName.EXCEPTIONS,
        ["too_soon", "too_long", "ends_too_late", "booked"],
        ["You can also ask for an exception from: the longest time and the latest end"],
    ),
    (RuleName.INSIDE, True, ["You can also hold an activity while the house is open: that takes no room"]),
]


@pytest.fixture(autouse=True)
def in_english(app):
    # The sentences of the code; their Dutch is the catalogue's.
    with app.test_request_context(), force_locale("en"):
        yield


def said(rules: HouseRules) -> list[str]:
    return [words for _icon, words in spoken(rules)]


def test_house_without_rules_of_its_own_says_the_usual_ones():
    assert said(HouseRules()) == USUAL


@pytest.mark.parametrize("name,value,expected", TABLE)
def test_rule_is_said(name, value, expected):
    rules = rules_for_room([Rule(name, value, is_of_venue=True)])
    assert [words for words in said(rules) if words not in USUAL] == expected


def test_every_rule_is_said():
    assert {row[0] for row in TABLE} == set(RuleName)


def test_rules_without_exceptions_promise_none():
    rules = rules_for_room([Rule(RuleName.EXCEPTIONS, []), Rule(RuleName.CLOSED_ON, [])])
    assert [words for words in USUAL if words not in said(rules)] == [USUAL[0], USUAL[2]]


def test_exceptions_that_may_be_asked_all_have_words():
    assert set(EXCEPTION) == set(Code) - NEVER_AN_EXCEPTION - {Code.TOO_SOON}


def test_sources_are_each_told_once():
    rules = rules_for_room([Rule(RuleName.LATEST_END, "01:00", "huis"), Rule(RuleName.WHO, ["vzw"], "huis")])
    assert sources(HouseRules()) == [DEFAULTS[RuleName.LEAD_DAYS].source, DEFAULTS[RuleName.WEEKLY_MONTHS].source]
    assert sources(rules) == [*sources(HouseRules())[:1], "huis", *sources(HouseRules())[1:]]


def test_icons_of_rules_are_all_in_the_sprite(app):
    sprite = (Path(app.root_path).parent / "static/img/icons.svg").read_text(encoding="utf-8")
    icons = {icon for name, value, _ in TABLE for icon, _words in spoken(rules_for_room([Rule(name, value)]))}
    assert sorted(icon for icon in icons if f'id="{icon}"' not in sprite) == []
