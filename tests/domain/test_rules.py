"""The houses' rules: which line holds, and what each says."""

from datetime import date, time

import pytest

from zalenzoeker.domain.rules import CITY_SOURCE, DEFAULTS, DayPart, HouseRules, Rule, RuleName, rules_for_room


def rules(**values) -> HouseRules:
    return rules_for_room([Rule(RuleName(name), value) for name, value in values.items()])


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


def test_line_of_one_rule_leaves_the_others_as_they_are():
    found = rules_for_room([ROOM])
    assert (found.horizon_months, found.open_requests, found.exceptions) == (6, 10, {"too_soon"})


def test_every_rule_has_a_default():
    assert set(DEFAULTS) == set(RuleName)


@pytest.mark.parametrize(
    "part,expected",
    [
        (DayPart.MORNING, (time(9), time(12))),
        (DayPart.AFTERNOON, (time(13), time(17))),
        (DayPart.EVENING, (time(18), time(22))),
        (DayPart.WHOLE_DAY, (time(9), time(22))),
    ],
)
def test_day_part_has_its_hours(part, expected):
    assert HouseRules().hours_of(part) == expected


def test_day_part_of_a_house_goes_before_the_citys():
    assert rules(day_parts={"avond": ["19:00", "23:30"]}).hours_of(DayPart.EVENING) == (time(19), time(23, 30))


@pytest.mark.parametrize(
    "season,day,is_closed",
    [
        (None, "2027-01-16", False),
        (["07-01", "08-31"], "2027-06-30", False),
        (["07-01", "08-31"], "2027-07-01", True),
        (["07-01", "08-31"], "2027-08-31", True),
        (["07-01", "08-31"], "2027-09-01", False),
        # A season over New Year.
        (["11-01", "03-31"], "2026-10-31", False),
        (["11-01", "03-31"], "2026-11-01", True),
        (["11-01", "03-31"], "2026-12-31", True),
        (["11-01", "03-31"], "2027-01-01", True),
        (["11-01", "03-31"], "2027-03-31", True),
        (["11-01", "03-31"], "2027-04-01", False),
        # The leap day lies between 28 February and 1 March.
        (["02-28", "03-01"], "2028-02-29", True),
        (["12-24", "12-24"], "2026-12-24", True),
        (["12-24", "12-24"], "2026-12-25", False),
    ],
)
def test_season_closes_from_its_first_to_its_last_day(season, day, is_closed):
    assert rules(closed_season=season).is_closed_season(date.fromisoformat(day)) is is_closed
