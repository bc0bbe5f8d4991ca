"""The log of a house: every deed of who keeps it stands there once, and nothing that did not change."""

from datetime import date, time, timedelta

import pytest

from tests.builders import (
    NOW,
    actor_of,
    make_account,
    make_association,
    make_city_desk,
    make_decider,
    make_desk,
    make_room,
    make_venue,
)
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.programme import Line
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import closures, house_rules, houses, routing
from zalenzoeker.services import desks as trusting
from zalenzoeker.storage import changes, desks
from zalenzoeker.storage import routing as lines
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Change

SOUP = Line(room="zaal", title="Soepcafé", weekday=3, from_minute=11 * 60, to_minute=14 * 60)
THURSDAY = date(2026, 11, 26)
REASON = "afgesproken op de vergadering"


def log(room):
    """Return what stands on the log of a house, the oldest first: (what, before, after)."""
    db.session.close()
    found = changes.of_house(room.venue_id, desks.keepers_of_venue(room.venue_id), 100, 0)
    return [(one.what.value, one.before, one.after) for one in reversed(found)]


@pytest.mark.both
def test_log_tells_of_own_programme(room, marcel):
    slug = room.venue.slug
    code, _ = houses.add_line(slug, SOUP, by=marcel, now=NOW)
    houses.change_line(slug, code, Line(**{**vars(SOUP), "title": "Soep"}), by=marcel, now=NOW)
    houses.leave_out(slug, code, THURSDAY, by=marcel, now=NOW)
    houses.leave_out(slug, code, THURSDAY, by=marcel, now=NOW)
    houses.put_in(slug, code, THURSDAY, by=marcel, now=NOW)
    houses.drop_line(slug, code, by=marcel, now=NOW)
    first = {
        "title": "Soepcafé",
        "room": "Zaal",
        "weekday": 3,
        "minutes": [660, 840],
        "first_day": "",
        "until": "",
        "is_public": True,
        "is_shielded": False,
    }
    second = {**first, "title": "Soep"}
    day = {"title": "Soep", "day": "2026-11-26"}
    assert log(room) == [
        ("programme", None, first),
        ("programme", first, second),
        ("programme_day", day, None),
        ("programme_day", None, day),
        ("programme", second, None),
    ]


@pytest.mark.both
def test_log_tells_of_closing_and_opening(room, marcel):
    kitchen = make_room("keuken", venue=room.venue)
    closures.close(room.venue.slug, ["zaal", "keuken"], THURSDAY, THURSDAY, "Verlof", by=marcel, now=NOW)
    db.session.close()
    ids = list(db.session.scalars(db.text("SELECT id FROM closure")))
    closures.reopen(room.venue.slug, ids, by=marcel, now=NOW)
    told = {
        "first_day": "2026-11-26",
        "last_day": "2026-11-26",
        "reason": "Verlof",
        "rooms": sorted([room.name, kitchen.name]),
    }
    assert log(room) == [("closure", None, told), ("closure", told, None)]


@pytest.mark.both
def test_log_tells_of_rules_with_what_stood_there(room, marcel):
    slug = room.venue.slug
    house_rules.set_rule(slug, "", RuleName.LEAD_DAYS, 14, REASON, by=marcel, now=NOW)
    house_rules.set_rule(slug, "", RuleName.LEAD_DAYS, 14, REASON, by=marcel, now=NOW)
    house_rules.drop_rule(slug, "", RuleName.LEAD_DAYS, by=marcel, now=NOW)
    house_rules.drop_rule(slug, "", RuleName.LEAD_DAYS, by=marcel, now=NOW)
    rule = {"name": "lead_days", "room": "", "value": 14, "source": REASON}
    assert log(room) == [("rule", None, rule), ("rule", rule, None)]


def test_log_tells_of_who_decides(room, marcel):
    slug = room.venue.slug

    def version():
        db.session.close()
        return lines.version_of([one for one in lines.lines_for(room.venue_id) if not lines.is_of_city(one)])

    desk = desks.of_venue(room.venue_id).slug
    wanted = routing.WantedLine(desk, "'s Avonds anders", weekdays=frozenset({4}), from_time=time(18))
    other = routing.WantedLine(desk, "Zondag", weekdays=frozenset({6}))
    code = routing.add(slug, wanted, by=marcel, version=version(), now=NOW)
    routing.add(slug, other, by=marcel, version=version(), now=NOW)
    routing.move(slug, code, is_up=False, by=marcel, version=version(), now=NOW)
    routing.drop(slug, code, by=marcel, version=version(), now=NOW)
    told = [(what, before and before.get("reason"), after and after.get("reason")) for what, before, after in log(room)]
    assert told == [
        ("routing", None, "'s Avonds anders"),
        ("routing", None, "Zondag"),
        ("routing_order", "'s Avonds anders", "'s Avonds anders"),
        ("routing", "'s Avonds anders", None),
    ]


def test_log_tells_of_trust_once(room, marcel):
    club = make_association("De Eendracht")
    for _ in range(2):
        trusting.trust(room.venue_id, club.id, by=marcel, now=NOW)
    for _ in range(2):
        trusting.untrust(room.venue_id, club.id, by=marcel, now=NOW)
    group = {"group": "De Eendracht"}
    assert log(room) == [("trust", None, group), ("trust", group, None)]


def test_log_keeps_nothing_of_what_was_refused(room, marcel):
    stranger = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    with pytest.raises(NotAllowed):
        house_rules.set_rule(room.venue.slug, "", RuleName.LEAD_DAYS, 14, REASON, by=stranger, now=NOW)
    with pytest.raises(house_rules.Contradiction):
        house_rules.set_rule(room.venue.slug, "", RuleName.LEAD_DAYS, 200, REASON, by=marcel, now=NOW)
    assert log(room) == []


@pytest.mark.both
def test_log_stays_when_who_wrote_on_it_is_gone(room):
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    house_rules.set_rule(room.venue.slug, "", RuleName.LEAD_DAYS, 14, REASON, by=actor_of(sofie), now=NOW)
    db.session.close()
    change = db.session.query(Change).one()
    assert (change.account_id, change.by_desk_id) == (sofie.id, desks.city_id())
    db.session.execute(db.delete(Account).where(Account.id == sofie.id))
    db.session.commit()
    assert [(one.account_id, one.by_desk_id) for one in db.session.query(Change)] == [(None, desks.city_id())]


def test_log_of_the_demonstration_goes_with_it(room):
    account = make_account("marcel@demo.example", is_demo=True)
    house = make_room("zaal", venue=make_venue("demo-huis"))
    make_desk("demo", venue=house.venue, members=[account], is_demo=True)
    for place, by in ((house, actor_of(account)), (room, make_decider(room))):
        house_rules.set_rule(place.venue.slug, "", RuleName.LEAD_DAYS, 14, REASON, by=by, now=NOW + timedelta(days=1))
    db.session.close()
    assert [(one.venue_id, one.is_demo) for one in db.session.query(Change)] == [
        (house.venue_id, True),
        (room.venue_id, False),
    ]
