"""The houses' rules: which line holds, and of each rule a case that passes and one that does not."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from zalenzoeker.domain.availability import Code, Need, RoomFacts, Taken, TakenBy, blocking, obstacles
from zalenzoeker.domain.inside import is_offered
from zalenzoeker.domain.places import VenueKind
from zalenzoeker.domain.register import RULE_FORMS, is_rule_value
from zalenzoeker.domain.requests import ActivityKind, Policy, RequesterKind
from zalenzoeker.domain.rules import CITY_SOURCE, DEFAULTS, DayPart, HouseRules, Rule, RuleName, rules_for_room
from zalenzoeker.domain.slots import Slot, WeeklyHours
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind
from zalenzoeker.gateways.register import read

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SATURDAY, MONDAY, FRIDAY = date(2027, 1, 16), date(2027, 1, 18), date(2027, 1, 22)
A_DAY = timedelta(days=1)
WINTER = ["11-01", "03-31"]
CHRISTMAS, BRIDGE = date(2026, 12, 25), date(2027, 1, 4)
SPECIAL = SpecialDays(
    (
        SpecialDay(SpecialKind.LEGAL, "Kerstmis", CHRISTMAS, CHRISTMAS),
        SpecialDay(SpecialKind.CITY_CLOSING, "Brugdag", BRIDGE, BRIDGE),
    )
)


def rules(**values) -> HouseRules:
    return rules_for_room([Rule(RuleName(name), value) for name, value in values.items()])


def on(day: date = SATURDAY, starts: str = "14:00", ends: str = "18:00") -> Slot:
    return Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))


MORNINGS = (WeeklyHours(0, 9 * 60, 12 * 60),)
BOOKED = on(starts="10:00", ends="12:00")
Case = Callable[[RoomFacts], bool]


def asks(slot: Slot | None = None, *, exception: bool = False, **need: Any) -> Case:
    """Somebody asks: whether nothing stops them."""
    wanted = Need(slot or on(), **need)
    return lambda room: not blocking(obstacles(wanted, room, NOW), asks_exception=exception)


def waits_as(policy: Policy, kind: RequesterKind, slot: Slot | None = None, *, is_trusted: bool = False) -> Case:
    """A request of somebody waits like this."""
    return lambda room: room.rules.pending_policy(kind, is_trusted=is_trusted, slot=slot or on()) is policy


def lasts(part: DayPart, weekday: int, starts: time, ends: time) -> Case:
    return lambda room: room.rules.hours_of(part, weekday) == (starts, ends)


def takes_inside(kind: VenueKind, hours: tuple[WeeklyHours, ...]) -> Case:
    return lambda room: is_offered(room.rules.inside, kind, hours)


class Row(NamedTuple):
    """A rule with its value (and the rules it leans on), and what it lets pass and what not, each in words."""

    rule: RuleName
    value: Any
    passes: tuple[str, Case]
    fails: tuple[str, Case]
    also: Mapping[RuleName, Any] = MappingProxyType({})


ASSOCIATION, PERSON = RequesterKind.ASSOCIATION, RequesterKind.PERSON
PARTS = {part.value: ["09:00", "12:00"] for part in DayPart}
TABLE = [
    Row(
        RuleName.LEAD_DAYS,
        28,
        ("four weeks ahead can be asked", asks(on(date(2026, 12, 21)))),
        ("27 days ahead is too soon", asks(on(date(2026, 12, 20)))),
    ),
    Row(
        RuleName.LEAD_COUNTS,
        "working",
        # Tuesday 24 November is the first of them; Friday 25 December does not count.
        ("the 24th working day, with Christmas left out, can be asked", asks(on(date(2026, 12, 28)))),
        ("the Sunday before is too soon", asks(on(date(2026, 12, 27)))),
        {RuleName.LEAD_DAYS: 24},
    ),
    Row(
        RuleName.HORIZON_MONTHS,
        6,
        ("six months ahead can be asked", asks(on(date(2027, 5, 23)))),
        ("six months and a day is too far", asks(on(date(2027, 5, 24)))),
    ),
    Row(
        RuleName.LEAST_MINUTES,
        120,
        ("two hours are enough", asks(on(starts="14:00", ends="16:00"))),
        ("a quarter less is too short", asks(on(starts="14:00", ends="15:45"))),
    ),
    Row(
        RuleName.MOST_MINUTES,
        240,
        ("four hours are not too long", asks(on(starts="14:00", ends="18:00"))),
        ("a quarter more is too long", asks(on(starts="14:00", ends="18:15"))),
    ),
    Row(
        RuleName.LATEST_END,
        "01:00",
        ("a party until one in the night", asks(on(starts="20:00", ends="01:00"))),
        ("a party until a quarter past", asks(on(starts="20:00", ends="01:15"))),
    ),
    Row(
        RuleName.LATEST_END,
        "22:00",
        ("an evening until ten", asks(on(starts="19:00", ends="22:00"))),
        ("half an hour after midnight, which belongs to the evening before", asks(on(starts="00:00", ends="00:30"))),
    ),
    Row(
        RuleName.SETUP_MINUTES,
        60,
        ("an hour after the booking before, there is time to set up", asks(on(starts="13:00", ends="16:00"))),
        ("less than an hour after it there is not", asks(on(starts="12:45", ends="16:00"))),
    ),
    Row(
        RuleName.CLEANUP_MINUTES,
        30,
        ("half an hour before the next booking, there is time to clean", asks(on(starts="08:00", ends="09:30"))),
        ("less than half an hour before it there is not", asks(on(starts="08:00", ends="09:45"))),
    ),
    Row(
        RuleName.DAY_PARTS,
        {**PARTS, "avond": {"*": ["18:00", "22:00"], "4": ["19:00", "01:00"]}},
        ("the evening of Friday has its own hours", lasts(DayPart.EVENING, 4, time(19), time(1))),
        ("the evening of Saturday does not", lasts(DayPart.EVENING, 5, time(19), time(1))),
    ),
    Row(
        RuleName.WEEKLY_MONTHS,
        6,
        ("every week for six months", asks(is_weekly=True, pattern_end=date(2027, 7, 16))),
        ("every week for six months and a day", asks(is_weekly=True, pattern_end=date(2027, 7, 17))),
    ),
    Row(
        RuleName.WEEKLY_MONTHS,
        6,
        ("every two weeks for a year", asks(is_weekly=False, pattern_end=date(2028, 1, 15))),
        ("every week for a year", asks(is_weekly=True, pattern_end=date(2028, 1, 15))),
    ),
    Row(
        RuleName.OPEN_REQUESTS,
        3,
        ("a third request while two wait", asks(open_requests=2)),
        ("a fourth request while three wait", asks(open_requests=3)),
    ),
    Row(
        RuleName.WEEK_HOURS,
        10,
        ("four hours more in a week with six", asks(week_minutes=6 * 60)),
        ("four hours more in a week with six and a quarter", asks(week_minutes=6 * 60 + 15)),
    ),
    Row(
        RuleName.WHO,
        ["vereniging", "vzw"],
        ("an association asks where associations may", asks(kind=ASSOCIATION)),
        ("a private person asks where associations may", asks(kind=PERSON)),
    ),
    Row(
        RuleName.WHO,
        ["vereniging"],
        ("nobody knows yet who asks", asks(kind=None)),
        ("a non-profit asks where associations may", asks(kind=RequesterKind.NON_PROFIT)),
    ),
    Row(
        RuleName.NEIGHBOURHOOD_FIRST,
        40,
        ("somebody of elsewhere, 40 days before", asks(on(date(2027, 1, 2)), is_neighbour=False)),
        ("somebody of elsewhere, 41 days before", asks(on(date(2027, 1, 3)), is_neighbour=False)),
    ),
    Row(
        RuleName.NEIGHBOURHOOD_FIRST,
        40,
        ("a neighbour, 41 days before", asks(on(date(2027, 1, 3)), is_neighbour=True)),
        ("somebody of elsewhere, six months before", asks(on(date(2027, 5, 23)), is_neighbour=False)),
    ),
    Row(
        RuleName.NEIGHBOURHOOD_FIRST,
        0,
        ("a neighbour, in a house of the neighbourhood", asks(is_neighbour=True)),
        ("somebody of elsewhere, in a house of the neighbourhood", asks(is_neighbour=False)),
    ),
    Row(
        RuleName.EXCLUDED,
        ["eredienst", "verkoop"],
        ("a meeting, where no services are held", asks(activity_kind=ActivityKind.MEETING)),
        ("a service, where no services are held", asks(activity_kind=ActivityKind.WORSHIP)),
    ),
    Row(
        RuleName.EXCLUDED,
        [["partijpolitiek", "2027-01-16", "2027-02-28"]],
        ("a party meets before the elections", asks(on(SATURDAY - A_DAY), activity_kind=ActivityKind.PARTY_POLITICS)),
        ("a party meets in the weeks of the elections", asks(on(), activity_kind=ActivityKind.PARTY_POLITICS)),
    ),
    Row(
        RuleName.CLOSED_SEASON,
        WINTER,
        ("the first of April, when the winter is over", asks(on(date(2027, 4, 1)))),
        ("the last of March, in a hall without heating", asks(on(date(2027, 3, 31)))),
    ),
    Row(
        RuleName.CLOSED_ON,
        ["sluitingsdag"],
        ("Christmas, where only the city's closing days close", asks(on(CHRISTMAS))),
        ("a closing day of the city", asks(on(BRIDGE))),
    ),
    Row(
        RuleName.CLOSED_ON,
        ["feestdag"],
        ("a closing day of the city, where only holidays close", asks(on(BRIDGE))),
        ("Christmas, where holidays close", asks(on(CHRISTMAS))),
    ),
    Row(
        RuleName.PENDING,
        {"default": "hold", "particulier": "queue"},
        ("a private person's request lets others ask too", waits_as(Policy.QUEUE, PERSON)),
        ("an association's request does not", waits_as(Policy.QUEUE, ASSOCIATION)),
    ),
    Row(
        RuleName.HOLD_DAYS,
        5,
        ("a request holds the room for five days", lambda room: room.rules.hold_days >= 5),
        ("it does not for six", lambda room: room.rules.hold_days >= 6),
    ),
    Row(
        RuleName.INSTANT,
        {"trusted": True, "desk_hours": []},
        ("a trusted group gets a yes at once", waits_as(Policy.INSTANT, ASSOCIATION, is_trusted=True)),
        ("another group waits", waits_as(Policy.INSTANT, ASSOCIATION)),
    ),
    Row(
        RuleName.INSTANT,
        {"trusted": False, "desk_hours": [[0, "09:00", "12:00"]]},
        (
            "the whole of Monday morning, inside desk hours",
            waits_as(Policy.INSTANT, PERSON, on(MONDAY, "09:00", "12:00")),
        ),
        ("a quarter longer than the desk is there", waits_as(Policy.INSTANT, PERSON, on(MONDAY, "09:00", "12:15"))),
    ),
    Row(
        RuleName.EXCEPTIONS,
        ["too_long"],
        ("too long, with a reason, where that may be asked", asks(on(ends="19:00"), exception=True)),
        ("too soon, with a reason, where that may not be asked", asks(on(date(2026, 12, 1)), exception=True)),
        {RuleName.MOST_MINUTES: 240},
    ),
    Row(
        RuleName.EXCEPTIONS,
        [code.value for code in Code],
        ("outside the neighbourhood, with a reason", asks(is_neighbour=False, exception=True)),
        ("where somebody else is, with any reason", asks(BOOKED, exception=True)),
        {RuleName.NEIGHBOURHOOD_FIRST: 0},
    ),
    Row(
        RuleName.INSIDE,
        True,
        ("inside the open hours of a buurthuis that says so", takes_inside(VenueKind.BUURTHUIS, MORNINGS)),
        ("inside hours that nobody knows", takes_inside(VenueKind.BUURTHUIS, ())),
    ),
    Row(
        RuleName.INSIDE,
        None,
        ("inside the open hours of an Open Huis that says nothing", takes_inside(VenueKind.OPEN_HUIS, MORNINGS)),
        ("of a private house that says nothing", takes_inside(VenueKind.PRIVATE, MORNINGS)),
    ),
    Row(
        RuleName.INSIDE,
        False,
        ("a room of an Open Huis that wants nothing inside its hours", asks()),
        ("inside the hours of that house", takes_inside(VenueKind.OPEN_HUIS, MORNINGS)),
    ),
]


def room_of(row: Row) -> RoomFacts:
    lines = [Rule(name, value, "een reglement") for name, value in {row.rule: row.value, **row.also}.items()]
    booking = Taken(BOOKED.from_epoch, BOOKED.to_epoch, TakenBy.BOOKING)
    return RoomFacts(is_asked_here=True, rules=rules_for_room(lines), taken=(booking,), special=SPECIAL)


@pytest.mark.parametrize("row", TABLE, ids=[row.passes[0] for row in TABLE])
def test_rule_lets_pass(row):
    assert row.passes[1](room_of(row)) is True


@pytest.mark.parametrize("row", TABLE, ids=[row.fails[0] for row in TABLE])
def test_rule_stops_what_it_forbids(row):
    assert row.fails[1](room_of(row)) is False


def test_every_rule_has_a_case_that_passes_and_one_that_does_not():
    assert {row.rule for row in TABLE} == set(RuleName)


@pytest.mark.parametrize("row", TABLE, ids=[row.passes[0] for row in TABLE])
def test_values_of_the_table_have_the_form_of_their_rule(row):
    assert [name for name, value in {row.rule: row.value, **row.also}.items() if not is_rule_value(name, value)] == []


CITY = Rule(RuleName.LEAD_DAYS, 21, "stad")
VENUE = Rule(RuleName.LEAD_DAYS, 14, "huis", is_of_venue=True)
ROOM = Rule(RuleName.LEAD_DAYS, 7, "zaal", is_of_venue=True, is_of_room=True)
ROOM_ALONE = Rule(RuleName.LEAD_DAYS, 3, "zaal", is_of_room=True)


@pytest.mark.parametrize(
    "lines,days,source",
    [
        ([], 28, CITY_SOURCE),
        ([CITY], 21, "stad"),
        ([CITY, VENUE], 14, "huis"),
        ([VENUE, CITY], 14, "huis"),
        ([ROOM, CITY, VENUE], 7, "zaal"),
        ([ROOM, CITY], 7, "zaal"),
        ([ROOM_ALONE, VENUE, CITY], 3, "zaal"),
    ],
    ids=["no line", "city", "venue", "venue first", "room", "room without venue", "room that names no venue"],
)
def test_nearest_line_wins_and_is_named(lines, days, source):
    found = rules_for_room(lines)
    assert (found.lead_days, found.rule(RuleName.LEAD_DAYS).source) == (days, source)


@pytest.mark.parametrize("name", list(RuleName))
def test_line_of_any_rule_is_inherited_from_the_house_by_a_room_that_is_silent(name):
    value = next(row.value for row in TABLE if row.rule is name)
    line = Rule(name, value, "huis", is_of_venue=True)
    other = Rule(name, DEFAULTS[name].value, "stad")
    assert rules_for_room([line, other]).rule(name) == line


def test_line_of_one_rule_leaves_the_others_as_they_are():
    found = rules_for_room([ROOM])
    assert (found.horizon_months, found.open_requests, found.exceptions) == (6, 10, {"too_soon"})


def test_every_rule_has_a_default_of_its_form():
    assert set(DEFAULTS) == set(RULE_FORMS) == set(RuleName)
    assert [rule.name for rule in DEFAULTS.values() if not is_rule_value(rule.name, rule.value)] == []


def test_defaults_stop_nobody_but_by_the_citys_own_rules():
    need = Need(on(), people=20, kind=PERSON, is_neighbour=False, activity_kind=ActivityKind.PARTY, week_minutes=9999)
    assert obstacles(need, RoomFacts(is_asked_here=True, special=SPECIAL), NOW) == []
    assert HouseRules().pending_policy(PERSON, is_trusted=True, slot=on()) is Policy.HOLD


@pytest.mark.parametrize(
    "name,value",
    [
        (RuleName.LEAD_DAYS, -1),
        (RuleName.LEAD_DAYS, True),
        (RuleName.LEAD_DAYS, "28"),
        (RuleName.LEAD_COUNTS, "days"),
        (RuleName.LEAD_COUNTS, None),
        (RuleName.LEAD_COUNTS, ["working"]),
        (RuleName.HORIZON_MONTHS, 13),
        (RuleName.LEAST_MINUTES, 0),
        (RuleName.MOST_MINUTES, 24 * 60 + 1),
        (RuleName.LATEST_END, "24:00"),
        (RuleName.LATEST_END, 22),
        (RuleName.SETUP_MINUTES, None),
        (RuleName.CLEANUP_MINUTES, 361),
        (RuleName.DAY_PARTS, {"avond": ["18:00", "22:00"]}),
        (RuleName.DAY_PARTS, {**PARTS, "avond": ["18:00", "18:00"]}),
        (RuleName.DAY_PARTS, {**PARTS, "avond": ["18:00", "07:00"]}),
        (RuleName.DAY_PARTS, {**PARTS, "avond": {"4": ["18:00", "22:00"]}}),
        (RuleName.DAY_PARTS, {**PARTS, "avond": {"*": ["18:00", "22:00"], "7": ["18:00", "22:00"]}}),
        (RuleName.DAY_PARTS, {**PARTS, "avond": {"*": ["18:00"]}}),
        (RuleName.DAY_PARTS, None),
        (RuleName.WEEKLY_MONTHS, 0),
        (RuleName.OPEN_REQUESTS, None),
        (RuleName.WEEK_HOURS, 169),
        (RuleName.WHO, "vereniging"),
        (RuleName.WHO, ["bedrijf"]),
        (RuleName.WHO, [["vereniging"]]),
        (RuleName.NEIGHBOURHOOD_FIRST, -1),
        (RuleName.EXCLUDED, ["dansen"]),
        (RuleName.EXCLUDED, [["eredienst", "2027-01-01"]]),
        (RuleName.EXCLUDED, [["eredienst", "2027-02-01", "2027-01-01"]]),
        (RuleName.EXCLUDED, [["eredienst", "2027-02-30", "2027-03-01"]]),
        (RuleName.EXCLUDED, [["eredienst", None, "2027-03-01"]]),
        (RuleName.CLOSED_SEASON, ["11-31", "12-01"]),
        (RuleName.CLOSED_ON, ["zondag"]),
        (RuleName.CLOSED_ON, None),
        (RuleName.PENDING, "hold"),
        (RuleName.PENDING, {"particulier": "hold"}),
        (RuleName.PENDING, {"default": "wait"}),
        (RuleName.PENDING, {"default": "hold", "bedrijf": "hold"}),
        (RuleName.HOLD_DAYS, 0),
        (RuleName.INSTANT, True),
        (RuleName.INSTANT, {"trusted": 1}),
        (RuleName.INSTANT, {"desk_hours": [[7, "09:00", "12:00"]]}),
        (RuleName.INSTANT, {"desk_hours": [[0, "12:00", "09:00"]]}),
        (RuleName.INSTANT, {"desk_hours": [["0", "09:00", "12:00"]]}),
        (RuleName.INSTANT, {"always": True}),
        (RuleName.PENDING, {"default": "inside"}),
        (RuleName.INSIDE, "ja"),
        (RuleName.INSIDE, 1),
        (RuleName.EXCEPTIONS, ["too_late"]),
        (RuleName.EXCEPTIONS, {"too_soon": True}),
    ],
    ids=repr,
)
def test_value_of_another_form_is_no_value_of_the_rule(name, value):
    assert is_rule_value(name, value) is False


def test_city_ships_its_rules_with_their_sources():
    lines = read(Path("zalenzoeker/data")).rules
    assert lines is not None
    assert [(one.name, one.value) for one in lines if not one.venue] == [
        (RuleName.LEAD_DAYS, 28),
        (RuleName.HORIZON_MONTHS, 6),
        (RuleName.WEEKLY_MONTHS, 6),
    ]
    assert [(one.venue, one.name) for one in lines if not one.source.startswith("http")] == []


@pytest.mark.parametrize(
    "part,expected",
    [
        (DayPart.MORNING, (time(9), time(12))),
        (DayPart.AFTERNOON, (time(13), time(17))),
        (DayPart.EVENING, (time(18), time(22))),
        (DayPart.WHOLE_DAY, (time(9), time(22))),
    ],
)
def test_day_part_has_its_hours_on_every_weekday(part, expected):
    assert [HouseRules().hours_of(part, weekday) for weekday in (None, *range(7))] == [expected] * 8


def test_day_part_of_a_house_goes_before_the_citys():
    assert rules(day_parts={"avond": ["19:00", "23:30"]}).hours_of(DayPart.EVENING, 3) == (time(19), time(23, 30))


def test_day_part_of_a_weekday_goes_before_that_of_the_others():
    found = rules(day_parts={"avond": {"*": ["18:00", "22:00"], "4": ["19:00", "23:30"]}})
    evenings = [found.hours_of(DayPart.EVENING, weekday)[0].hour for weekday in (None, *range(7))]
    assert evenings == [18, 18, 18, 18, 18, 19, 18, 18]


@pytest.mark.parametrize(
    "value,minute", [(None, None), ("22:00", 1320), ("00:00", 1440), ("01:00", 1500), ("06:00", 1800), ("06:15", 375)]
)
def test_latest_end_up_to_six_is_of_the_next_morning(value, minute):
    assert rules(latest_end=value).latest_end == minute


@pytest.mark.parametrize(
    "season,day,is_closed",
    [
        (None, "2027-01-16", False),
        (["07-01", "08-31"], "2027-06-30", False),
        (["07-01", "08-31"], "2027-07-01", True),
        (["07-01", "08-31"], "2027-08-31", True),
        (["07-01", "08-31"], "2027-09-01", False),
        # A season over New Year.
        (WINTER, "2026-10-31", False),
        (WINTER, "2026-11-01", True),
        (WINTER, "2026-12-31", True),
        (WINTER, "2027-01-01", True),
        (WINTER, "2027-03-31", True),
        (WINTER, "2027-04-01", False),
        # The leap day lies between 28 February and 1 March.
        (["02-28", "03-01"], "2028-02-29", True),
        (["12-24", "12-24"], "2026-12-24", True),
        (["12-24", "12-24"], "2026-12-25", False),
    ],
)
def test_season_closes_from_its_first_to_its_last_day(season, day, is_closed):
    assert rules(closed_season=season).is_closed_season(date.fromisoformat(day)) is is_closed


def test_policy_of_a_slot_inside_desk_hours_goes_before_that_of_its_asker():
    found = rules(pending={"default": "queue"}, instant={"desk_hours": [[0, "09:00", "12:00"], [0, "13:00", "17:00"]]})
    slots = [on(MONDAY, "13:00", "17:00"), on(MONDAY, "11:00", "14:00"), on(FRIDAY, "13:00", "17:00")]
    policies = [found.pending_policy(None, is_trusted=False, slot=slot) for slot in slots]
    assert policies == [Policy.INSTANT, Policy.QUEUE, Policy.QUEUE]


def test_policy_past_midnight_is_never_inside_desk_hours():
    found = rules(instant={"desk_hours": [[0, "00:00", "23:45"]]})
    assert found.pending_policy(None, is_trusted=False, slot=on(MONDAY, "22:00", "01:00")) is Policy.HOLD


def test_rules_work_out_what_they_say_only_once_and_stay_equal():
    one, other = rules(lead_days=3), rules(lead_days=3)
    assert (one.lead_days, one.exceptions, one.excludes(ActivityKind.SALE, SATURDAY)) == (3, {"too_soon"}, False)
    assert one == other
    assert replace(one, lines={**one.lines, RuleName.LEAD_DAYS: CITY}).lead_days == 21
