"""The rules of a house in plain sentences, and the form of each."""

import pytest

from tests.browser import Browser, dutch
from tests.builders import keep, make_room, make_venue
from zalenzoeker.domain.register import is_rule_value
from zalenzoeker.domain.rules import DEFAULTS, HouseRules, Rule, RuleName, rules_for_room
from zalenzoeker.storage import accounts, city
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import RuleLine
from zalenzoeker.web.rule_form import NUMBERS
from zalenzoeker.web.rule_forms import FORMS
from zalenzoeker.web.rule_words import GROUPS, SENTENCES, TITLE, said
from zalenzoeker.web.rulebook import ADDRESS

HOUSE = "open-huis-drongen"
REASON = "afgesproken op de vergadering"
PARTS = {"voormiddag": ["09:00", "12:00"], "namiddag": ["13:00", "17:00"], "hele-dag": ["09:00", "22:00"]}
# Values of every rule that are not the usual ones, as a register may hold them.
VALUES = [
    (RuleName.LEAD_DAYS, 14),
    (RuleName.LEAD_COUNTS, "working"),
    (RuleName.HORIZON_MONTHS, 12),
    (RuleName.LEAST_MINUTES, 90),
    (RuleName.MOST_MINUTES, 240),
    (RuleName.LATEST_END, "01:00"),
    (RuleName.SETUP_MINUTES, 15),
    (RuleName.CLEANUP_MINUTES, 30),
    (RuleName.DAY_PARTS, {**PARTS, "avond": ["18:00", "01:00"]}),
    (
        RuleName.DAY_PARTS,
        {**PARTS, "avond": {"*": ["18:00", "22:00"], "4": ["18:00", "23:00"], "5": ["18:00", "01:00"]}},
    ),
    (RuleName.WEEKLY_MONTHS, 3),
    (RuleName.OPEN_REQUESTS, 2),
    (RuleName.WEEK_HOURS, 8),
    (RuleName.WHO, ["vereniging", "vzw"]),
    (RuleName.NEIGHBOURHOOD_FIRST, 0),
    (RuleName.NEIGHBOURHOOD_FIRST, 14),
    (RuleName.EXCLUDED, ["feest", ["partijpolitiek", "2027-01-01", "2027-06-13"]]),
    (RuleName.CLOSED_SEASON, ["11-01", "03-31"]),
    (RuleName.CLOSED_ON, []),
    (RuleName.CLOSED_ON, ["feestdag", "sluitingsdag"]),
    (RuleName.PENDING, {"default": "queue", "vzw": "hold", "particulier": "instant"}),
    (RuleName.HOLD_DAYS, 7),
    (RuleName.INSTANT, {"trusted": True, "desk_hours": [[1, "09:00", "12:00"], [3, "13:00", "17:00"]]}),
    (RuleName.EXCEPTIONS, []),
    (RuleName.INSIDE, True),
    (RuleName.INSIDE, False),
    (RuleName.EXCEPTIONS, ["too_soon", "too_long"]),
]
ALL = [*((name, rule.value) for name, rule in DEFAULTS.items()), *VALUES]


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def form_of(marcel, name, **query):
    return marcel.opens("rulebook.change", venue=HOUSE, rule=ADDRESS[name], **query).form("rulebook.change")


def stored(name):
    db.session.close()
    return [
        (line.value, line.source, line.room_id is not None) for line in db.session.query(RuleLine).filter_by(name=name)
    ]


def test_rules_all_have_a_name_a_sentence_an_address_a_form_and_one_place():
    in_groups = [name for _title, names in GROUPS for name in names]
    everything = set(RuleName)
    assert set(TITLE) == set(SENTENCES) == set(ADDRESS) == set(FORMS) == set(in_groups) == everything
    assert (len(in_groups), len(set(ADDRESS.values()))) == (len(everything), len(everything))


@pytest.mark.parametrize("name, value", ALL, ids=str)
def test_rules_are_sentences_whatever_they_say(app, name, value):
    with app.test_request_context():
        sentences = said(rules_for_room([Rule(name, value)]), name)
    assert sentences, name
    assert [one for one in sentences if one[0].islower() or not one.endswith(".") or "%(" in one] == []


def test_rules_differ_in_what_they_say(app):
    with app.test_request_context():
        usual = {name: said(HouseRules(), name) for name in RuleName}
        same = [name for name, value in VALUES if said(rules_for_room([Rule(name, value)]), name) == usual[name]]
    assert same == []


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_have_the_bounds_of_their_rule(name):
    asked = NUMBERS[name]
    inside = [is_rule_value(name, value) for value in (asked.lowest, asked.highest)]
    outside = [is_rule_value(name, value) for value in (asked.lowest - 1, asked.highest + 1)]
    assert (inside, outside, is_rule_value(name, None)) == ([True, True], [False, False], asked.is_optional)


@pytest.mark.parametrize("name, value", ALL, ids=str)
def test_form_of_a_rule_keeps_what_it_shows(marcel, drongen, name, value):
    """Whoever opens a form and presses the button changes nothing but the reason."""
    keep(RuleLine(venue_id=drongen.venue_id, name=name, value=value, source="van vroeger", is_own=True))
    form = form_of(marcel, name)
    assert form["bron"] == "van vroeger"
    form.fills_in(bron=REASON).sends()
    assert stored(name) == [(value, REASON, False)]


FILLED_IN = [
    (RuleName.LEAD_DAYS, {"aantal": "14"}, 14),
    (RuleName.LEAD_COUNTS, {"dagen": "working"}, "working"),
    (RuleName.LEAST_MINUTES, {"aantal": "120"}, 120),
    (RuleName.WEEK_HOURS, {"aantal": ""}, None),
    (RuleName.LATEST_END, {"tot": "23:30"}, "23:30"),
    (RuleName.LATEST_END, {"tot": ""}, None),
    (RuleName.WHO, {"keuze": ["bewonersgroep", "vzw"]}, ["bewonersgroep", "vzw"]),
    (
        RuleName.CLOSED_SEASON,
        {"dicht": "ja", "eerste-dag": "1", "eerste-maand": "11", "laatste-dag": "31", "laatste-maand": "3"},
        ["11-01", "03-31"],
    ),
    (
        RuleName.PENDING,
        {"gewoon": "hold", "particulier": "queue", "vzw": "instant"},
        {"default": "hold", "particulier": "queue", "vzw": "instant"},
    ),
    (
        RuleName.INSTANT,
        {"vertrouwd": True, "dag-2": "1", "van-2": "09:00", "tot-2": "12:00"},
        {"trusted": True, "desk_hours": [[1, "09:00", "12:00"]]},
    ),
    (
        RuleName.EXCLUDED,
        {"nooit": ["verkoop"], "soort-1": "feest", "van-1": "2027-01-01", "tot-1": "2027-01-31"},
        ["verkoop", ["feest", "2027-01-01", "2027-01-31"]],
    ),
    (
        RuleName.DAY_PARTS,
        {"tot-voormiddag": "12:30", "dag-1": "5", "deel-1": "avond", "van-1": "18:00", "tot-1": "01:00"},
        {
            "voormiddag": ["09:00", "12:30"],
            "namiddag": ["13:00", "17:00"],
            "avond": {"*": ["18:00", "22:00"], "5": ["18:00", "01:00"]},
            "hele-dag": ["09:00", "22:00"],
        },
    ),
]


@pytest.mark.parametrize("name, typed, value", FILLED_IN, ids=str)
def test_form_of_a_rule_keeps_what_is_typed(marcel, drongen, name, typed, value):
    page = form_of(marcel, name).fills_in(**typed, bron=REASON).sends()
    assert stored(name) == [(value, REASON, False)]
    assert REASON in page.main
    with marcel.app.test_request_context():
        sentences = said(rules_for_room([Rule(name, value)]), name)
    assert [sentence for sentence in sentences if sentence not in page.main] == []


WRONG = [
    (RuleName.LEAD_DAYS, {"aantal": "400"}, "aantal"),
    (RuleName.LEAD_DAYS, {"aantal": ""}, "aantal"),
    (RuleName.LEAD_DAYS, {"aantal": "veel"}, "aantal"),
    (RuleName.LEAD_DAYS, {"aantal": "300"}, "aantal"),
    (RuleName.LATEST_END, {"tot": "laat"}, "tot"),
    (RuleName.CLOSED_SEASON, {"dicht": "ja", "eerste-dag": "31", "eerste-maand": "2"}, "eerste-dag"),
    (RuleName.CLOSED_SEASON, {"dicht": "ja"}, "eerste-dag"),
    (RuleName.INSTANT, {"dag-1": "1", "van-1": "09:00"}, "tot-1"),
    (RuleName.INSTANT, {"dag-1": "1", "van-1": "12:00", "tot-1": "09:00"}, "vertrouwd"),
    (RuleName.EXCLUDED, {"soort-1": "feest", "van-1": "2027-02-01", "tot-1": "2027-01-31"}, "nooit"),
    (RuleName.DAY_PARTS, {"van-avond": ""}, "van-voormiddag"),
]


@pytest.mark.parametrize("name, typed, field", WRONG, ids=str)
def test_form_of_a_rule_says_what_cannot_be(marcel, drongen, name, typed, field):
    page = form_of(marcel, name).fills_in(**typed, bron=REASON).sends(status=422)
    assert (list(page.errors), stored(name)) == ([field], [])


@pytest.mark.parametrize("name", RuleName)
def test_form_of_a_rule_wants_a_reason(marcel, drongen, name):
    page = form_of(marcel, name).fills_in(bron="").sends(status=422)
    assert (list(page.errors), stored(name)) == (["bron"], [])


@pytest.mark.parametrize("name", RuleName)
def test_form_of_a_rule_survives_anything(marcel, drongen, name):
    form = form_of(marcel, name)
    nonsense = dict.fromkeys([field for field in form.offered if field != "csrf_token"], "zot\x00")
    form.forges(**nonsense).sends(status=422)
    assert stored(name) == []


def test_rules_say_whose_they_are_and_go_back_to_the_city(marcel, drongen):
    page = form_of(marcel, RuleName.LEAD_DAYS).fills_in(aantal="14", bron=REASON).sends()
    own = page.found(css="is-own")
    assert len(own) == 1
    assert (
        dutch("Rule of this house") in own[0],
        dutch("People ask at least %(days)s days before.", days=14) in own[0],
    ) == (
        True,
        True,
    )
    page = marcel.opens("rulebook.change", venue=HOUSE, rule="vooraf")
    assert dutch("People ask at least %(days)s days before.", days=28) in page.main
    page = page.form("rulebook.drop").sends()
    assert (page.found(css="is-own"), stored(RuleName.LEAD_DAYS)) == ([], [])


def test_rules_of_one_room_leave_its_sibling_and_go_back_to_the_house(marcel, drongen):
    sibling = make_room("kleine-zaal", venue=drongen.venue)
    form_of(marcel, RuleName.LEAD_DAYS).fills_in(aantal="14", bron=REASON).sends()
    page = form_of(marcel, RuleName.LEAD_DAYS, zaal="kleine-zaal").fills_in(aantal="7", bron="kleiner").sends()
    assert page.heading == dutch("Rules of %(room)s", room="Kleine zaal")
    assert dutch("Rule of this room") in page.found(css="is-own")[0]
    db.session.close()
    by_id = city.city().by_id
    assert (by_id[sibling.id].rules.lead_days, by_id[drongen.id].rules.lead_days) == (7, 14)
    page = marcel.opens("rulebook.show", venue=HOUSE)
    assert dutch("How long before").lower() in page.main
    page = marcel.opens("rulebook.change", venue=HOUSE, rule="vooraf", zaal="kleine-zaal")
    assert dutch("Back to the rule of the house") in page.main
    page.form("rulebook.drop").sends()
    assert stored(RuleName.LEAD_DAYS) == [(14, REASON, False)]


def test_rule_that_must_stay_says_why(marcel, drongen):
    form_of(marcel, RuleName.LEAST_MINUTES).fills_in(aantal="180", bron=REASON).sends()
    form_of(marcel, RuleName.LEAST_MINUTES, zaal=drongen.slug).fills_in(aantal="60", bron=REASON).sends()
    form_of(marcel, RuleName.MOST_MINUTES, zaal=drongen.slug).fills_in(aantal="120", bron=REASON).sends()
    page = marcel.opens("rulebook.change", venue=HOUSE, rule="kortste-duur", zaal=drongen.slug)
    page = page.form("rulebook.drop").sends()
    assert dutch("Then nobody could ask any more: the shortest time is longer than the longest.") in page.main
    assert len(stored(RuleName.LEAST_MINUTES)) == 2


def test_rules_need_the_same_queries_for_one_room_and_for_three(marcel, drongen, queries_of):
    few = len(queries_of(lambda: marcel.opens("rulebook.show", venue=HOUSE)))
    for number in range(2):
        make_room(f"zaal-{number}", venue=drongen.venue)
    assert len(queries_of(lambda: marcel.opens("rulebook.show", venue=HOUSE))) == few


@pytest.mark.parametrize("rule, zaal, status", [("onbestaand", "", 404), ("vooraf", "kelder", 404)])
def test_rules_that_are_not_there_are_not_found(marcel, drongen, rule, zaal, status):
    marcel.opens("rulebook.change", venue=HOUSE, rule=rule, zaal=zaal, status=status)
    marcel.opens("rulebook.show", venue="nergens", status=404)


def test_rules_of_another_house_are_not_for_this_desk(marcel):
    make_room("zaal", venue=make_venue("malem"))
    marcel.opens("rulebook.show", venue="malem", status=403)
