"""What a desk decides about itself: only its own people may, twice is once, two at once come after each other."""

from datetime import date, timedelta

import pytest

from tests.builders import NOW, actor_of, make_account, make_city_desk, make_desk
from tests.race import together
from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.services import crew
from zalenzoeker.services.crew import AlreadyOnDuty, Days, UnknownCrew
from zalenzoeker.services.desks import UnknownDesk
from zalenzoeker.storage import desks, duty
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Change, DeskMember

pytestmark = pytest.mark.both

DAYS = Days(2, 4, 6, counts_working_days=True)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 4)


@pytest.fixture
def fatima(room):
    """A member of the desk, which has three."""
    people = [make_account(f"{name.lower()}@balie.example", name) for name in ("Fatima", "Bob", "Cem")]
    make_desk("balie", venue=room.venue, members=people)
    return actor_of(people[0])


def code(name):
    return f"code-of-{name}@balie.example"


def order():
    db.session.close()
    return [one.name for one in duty.rota(desks.by_slug("balie").id)]


DEEDS = {
    "days": lambda by: crew.set_days("balie", DAYS, by=by, now=NOW),
    "quiet": lambda by: crew.be_quiet("balie", FIRST, LAST, "Verlof", by=by, now=NOW),
    "back": lambda by: crew.end_quiet("balie", 1, by=by, now=NOW),
    "duty": lambda by: crew.put_on_duty("balie", code("bob"), FIRST, LAST, by=by, now=NOW),
    "off duty": lambda by: crew.take_off_duty("balie", 1, by=by, now=NOW),
    "join": lambda by: crew.join_rota("balie", code("bob"), by=by, now=NOW),
    "leave": lambda by: crew.leave_rota("balie", code("bob"), by=by, now=NOW),
    "move": lambda by: crew.move_in_rota("balie", code("bob"), is_up=True, by=by, now=NOW),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_keeps_a_desk_but_its_members_and_the_city_desk(fatima, deed):
    rita = make_account("rita@elders.example")
    make_desk("elders", members=[rita])
    for by in (ANYONE, actor_of(rita)):
        with pytest.raises(NotAllowed):
            DEEDS[deed](by)
    city = actor_of(make_city_desk([make_account("mia@stad.example")]).members[0])
    for by in (fatima, city):
        try:
            DEEDS[deed](by)
        except UnknownCrew:
            # There is nothing to take away, which only its own people are told.
            assert deed in ("back", "off duty")


def test_desk_that_is_not_there_is_kept_by_nobody(fatima):
    with pytest.raises(UnknownDesk):
        crew.set_days("nergens", DAYS, by=fatima, now=NOW)


@pytest.mark.parametrize("deputy", ["nergens", "balie"])
def test_desk_does_not_stand_in_for_itself_or_is_one_that_is_not_there(fatima, deputy):
    with pytest.raises(UnknownCrew):
        crew.set_days("balie", Days(2, 4, 6, counts_working_days=False, deputy_desk=deputy), by=fatima, now=NOW)
    assert desks.by_slug("balie").reminder_days == 5


def test_same_thing_twice_is_once(fatima):
    for _time in range(2):
        for deed in ("quiet", "duty", "join"):
            DEEDS[deed](fatima)
    desk_id = desks.by_slug("balie").id
    assert (len(duty.quiet_periods([desk_id], FIRST)), len(duty.by_hand(desk_id, FIRST)), order()) == (1, 1, ["Bob"])


def test_period_of_another_desk_is_not_taken_away(fatima):
    rita = make_account("rita@elders.example")
    make_desk("elders", members=[rita])
    DEEDS["quiet"](fatima)
    period = duty.quiet_periods([desks.by_slug("balie").id], FIRST)[0].id
    with pytest.raises(UnknownCrew):
        crew.end_quiet("elders", period, by=actor_of(rita), now=NOW)


@pytest.mark.parametrize("first,last", [(FIRST, FIRST), (LAST, LAST + timedelta(days=9)), (FIRST, LAST)])
def test_two_people_are_not_on_duty_by_hand_on_one_day(fatima, first, last):
    DEEDS["duty"](fatima)
    with pytest.raises(AlreadyOnDuty, match="Bob"):
        crew.put_on_duty("balie", code("cem"), first, last, by=fatima, now=NOW)


def test_somebody_who_does_not_belong_takes_no_turns(fatima):
    make_account("gast@elders.example")
    for account in ("code-of-gast@elders.example", "bestaat-niet"):
        with pytest.raises(UnknownCrew):
            crew.join_rota("balie", account, by=fatima, now=NOW)
    assert order() == []


def test_member_who_left_is_no_longer_on_duty(fatima):
    DEEDS["join"](fatima)
    DEEDS["duty"](fatima)
    bob = db.session.query(DeskMember).filter_by(account_id=duty.rota(desks.by_slug("balie").id)[0].id).one()
    db.session.delete(bob)
    db.session.commit()
    assert (order(), duty.on_duty(desks.by_slug("balie").id, FIRST)) == ([], None)


def test_rota_begins_on_the_monday_of_this_week_and_ends_with_its_last_member(fatima):
    crew.join_rota("balie", code("bob"), by=fatima, now=NOW + timedelta(days=3))
    db.session.close()
    assert desks.by_slug("balie").rota_from == date(2026, 11, 23)
    DEEDS["leave"](fatima)
    db.session.close()
    assert desks.by_slug("balie").rota_from is None


def test_changes_of_the_order_at_the_same_moment_come_one_after_the_other(app, fatima):
    joins = [
        lambda name=name: crew.join_rota("balie", code(name), by=fatima, now=NOW) for name in ("bob", "cem", "fatima")
    ]
    assert together(app, *joins) == [None] * 3
    assert sorted(order()) == ["Bob", "Cem", "Fatima"]
    moves = [lambda: crew.move_in_rota("balie", code("cem"), is_up=True, by=fatima, now=NOW)] * 3
    assert together(app, *moves) == [None] * 3
    assert order()[0] == "Cem"


def test_what_a_desk_decides_about_itself_stands_on_its_log(fatima):
    crew.set_days("balie", DAYS, by=fatima, now=NOW)
    crew.set_days("balie", DAYS, by=fatima, now=NOW)
    crew.be_quiet("balie", FIRST, LAST, "Verlof", by=fatima, now=NOW)
    crew.put_on_duty("balie", code("bob"), FIRST, LAST, by=fatima, now=NOW)
    crew.join_rota("balie", code("bob"), by=fatima, now=NOW)
    crew.leave_rota("balie", code("bob"), by=fatima, now=NOW)
    db.session.close()
    found = db.session.query(Change).order_by(Change.id).all()
    assert [(one.what, one.before is None, one.after is None, one.account_id) for one in found] == [
        (Subject.DEADLINES, False, False, fatima.account_id),
        (Subject.QUIET, True, False, fatima.account_id),
        (Subject.DUTY, True, False, fatima.account_id),
        (Subject.DUTY, False, False, fatima.account_id),
        (Subject.DUTY, False, False, fatima.account_id),
    ]
