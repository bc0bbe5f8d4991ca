"""The rules of a house: who sets them, what they may be, and that they hold for what is asked next."""

from datetime import date, timedelta

import pytest

from tests.builders import (
    NOW,
    PASSER_BY,
    actor_of,
    at,
    make_account,
    make_an,
    make_decider,
    make_desk,
    make_request,
    make_room,
    make_venue,
    make_wish,
    read,
)
from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.domain.requests import Policy, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import checking, closures, house_rules, houses
from zalenzoeker.storage import city
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import RuleLine

REASON = "afgesproken op de vergadering"


def sets(room, by, name, value, *, of_room="", source=REASON):
    house_rules.set_rule(room.venue.slug, of_room, name, value, source, by=by, now=NOW)


def drops(room, by, name, *, of_room=""):
    house_rules.drop_rule(room.venue.slug, of_room, name, by=by, now=NOW)


def rules_of(room):
    db.session.close()
    return city.city().by_id[room.id].rules


def in_the_way(room, **wish):
    """Return the codes of what is in the way of a wish."""
    db.session.close()
    troubles = checking.look(make_wish(room, **wish), ANYONE, NOW)
    return [one.code for trouble in troubles for one in trouble.obstacles]


@pytest.mark.both
def test_rule_of_the_house_holds_for_what_is_asked_next_and_falls_away_again(room, marcel):
    assert in_the_way(room) == []
    sets(room, marcel, RuleName.LATEST_END, "17:00")
    assert (in_the_way(room), rules_of(room).latest_end) == ([Code.ENDS_TOO_LATE], 17 * 60)
    rule = rules_of(room).rule(RuleName.LATEST_END)
    assert (rule.source, rule.is_of_venue, rule.is_of_room) == (REASON, True, False)
    sets(room, marcel, RuleName.LATEST_END, "19:00")
    assert (in_the_way(room), db.session.query(RuleLine).count()) == ([], 1)
    drops(room, marcel, RuleName.LATEST_END)
    assert (rules_of(room).latest_end, db.session.query(RuleLine).count()) == (None, 0)
    drops(room, marcel, RuleName.LATEST_END)


@pytest.mark.both
def test_rule_of_a_room_goes_before_that_of_its_house(room, marcel):
    sibling = make_room("kleine-zaal", venue=room.venue)
    sets(room, marcel, RuleName.LEAD_DAYS, 14)
    sets(room, marcel, RuleName.LEAD_DAYS, 7, of_room="zaal")
    assert (rules_of(room).lead_days, rules_of(sibling).lead_days) == (7, 14)
    drops(room, marcel, RuleName.LEAD_DAYS, of_room="zaal")
    assert (rules_of(room).lead_days, rules_of(sibling).lead_days) == (14, 14)


def test_rule_that_changes_leaves_what_was_asked_before(room, marcel):
    an = make_an()
    request = make_request(Status.REQUESTED, room=room, by=an)
    sets(room, marcel, RuleName.PENDING, {"default": "queue"})
    assert read(request.code).policy is Policy.HOLD
    second = make_request(Status.REQUESTED, room=room, slot=at(day=date(2027, 1, 23)), by=an)
    assert second.policy is Policy.QUEUE


def test_rule_of_the_city_stays_out_of_reach(room, marcel):
    db.session.close()
    before = rules_of(room).rule(RuleName.WEEKLY_MONTHS)
    drops(room, marcel, RuleName.WEEKLY_MONTHS)
    assert rules_of(room).rule(RuleName.WEEKLY_MONTHS) == before


@pytest.mark.parametrize(
    "name, value",
    [
        (RuleName.LEAD_DAYS, -1),
        (RuleName.LEAD_DAYS, "veel"),
        (RuleName.LEAD_DAYS, None),
        (RuleName.HORIZON_MONTHS, 13),
        (RuleName.LATEST_END, "25:00"),
        (RuleName.WHO, ["iedereen"]),
        (RuleName.CLOSED_SEASON, ["02-30", "03-31"]),
        (RuleName.PENDING, {"default": "wait"}),
        (RuleName.INSTANT, {"trusted": "ja"}),
        (RuleName.DAY_PARTS, {"avond": ["18:00", "22:00"]}),
    ],
)
def test_rule_with_a_value_that_cannot_be_is_refused(room, marcel, name, value):
    with pytest.raises(house_rules.NotARuleValue):
        sets(room, marcel, name, value)
    assert db.session.query(RuleLine).count() == 0


@pytest.mark.parametrize("source", ["", "   "])
def test_rule_without_a_reason_is_refused(room, marcel, source):
    with pytest.raises(house_rules.NotARuleValue):
        sets(room, marcel, RuleName.LEAD_DAYS, 14, source=source)


@pytest.mark.both
def test_rules_under_which_nobody_could_ask_are_refused(room, marcel):
    sets(room, marcel, RuleName.MOST_MINUTES, 120)
    with pytest.raises(house_rules.Contradiction):
        sets(room, marcel, RuleName.LEAST_MINUTES, 180)
    with pytest.raises(house_rules.Contradiction):
        sets(room, marcel, RuleName.LEAD_DAYS, 200)
    assert (rules_of(room).least_minutes, rules_of(room).lead_days) == (None, 28)


def test_rule_whose_end_would_leave_nothing_to_ask_stays(room, marcel):
    sets(room, marcel, RuleName.LEAST_MINUTES, 180)
    sets(room, marcel, RuleName.LEAST_MINUTES, 60, of_room="zaal")
    sets(room, marcel, RuleName.MOST_MINUTES, 120, of_room="zaal")
    with pytest.raises(house_rules.Contradiction):
        drops(room, marcel, RuleName.LEAST_MINUTES, of_room="zaal")
    assert rules_of(room).least_minutes == 60


def test_rules_are_kept_only_by_those_who_decide(room):
    elsewhere = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    for who in (PASSER_BY, make_an(), elsewhere):
        with pytest.raises(NotAllowed):
            sets(room, who, RuleName.LEAD_DAYS, 14)
        with pytest.raises(NotAllowed):
            drops(room, who, RuleName.LEAD_DAYS)


def test_rules_of_a_room_or_a_house_that_is_not_there_are_not_found(room, marcel):
    for slug, of_room in (("nergens", ""), (room.venue.slug, "kelder")):
        with pytest.raises(houses.UnknownHouse):
            house_rules.set_rule(slug, of_room, RuleName.LEAD_DAYS, 14, REASON, by=marcel, now=NOW)
        with pytest.raises(houses.UnknownHouse):
            house_rules.drop_rule(slug, of_room, RuleName.LEAD_DAYS, by=marcel, now=NOW)


def test_rules_of_the_demonstrations_people_are_marked_as_such(room):
    account = make_account("marcel@demo.example")
    make_desk("demo", venue=room.venue, members=[account], is_demo=True)
    sets(room, actor_of(account), RuleName.LEAD_DAYS, 14)
    assert db.session.query(RuleLine.is_demo).all() == [(True,)]


@pytest.mark.both
def test_closed_days_say_their_reason_to_who_asks(room, marcel):
    first = date(2027, 1, 16)
    closures.close(room.venue.slug, ["zaal"], first, first + timedelta(days=1), "Vloer", by=marcel, now=NOW)
    db.session.close()
    (trouble,) = checking.look(make_wish(room, at(day=first)), ANYONE, NOW)
    assert [(one.code, one.facts["title"]) for one in trouble.obstacles] == [(Code.CLOSED, "Vloer")]
