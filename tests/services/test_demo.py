"""The demonstration: the same for the same seed, marked wherever it stands, and gone without a trace."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import (
    AT_HOME,
    NOW,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_city_desk,
    make_neighbourhood,
    make_room,
    make_venue,
    make_wish,
)
from zalenzoeker.domain.places import Manager, Operator, VenueKind
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.slots import to_local
from zalenzoeker.gateways import register as files
from zalenzoeker.services import accounts as signing_in
from zalenzoeker.services import associations as joining
from zalenzoeker.services import demo, desks, register
from zalenzoeker.services import requests as asking
from zalenzoeker.services.demo_facts import ASSOCIATIONS, DESK_PEOPLE, DRONGEN, HALLS, ROBINIA
from zalenzoeker.storage import accounts, counts, rooms, self_check
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Account,
    Association,
    Attempt,
    Change,
    Closure,
    Desk,
    DeskMember,
    Letter,
    Occurrence,
    OwnProgramme,
    Request,
    Room,
    RoutingLine,
)

DATA = Path(__file__).parents[2] / "zalenzoeker" / "data"
# What differs each time: what nobody may guess, and the numbers inside.
RANDOM = {
    "id",
    "code",
    "uid",
    "reference",
    "form_key",
    "form_hash",
    "facts",
    "event_key",
    "token_hash",
    "reply_token",
}


# That something changed, as the database itself keeps it.
CHANGES = ("revision", "calendar_mark")


@pytest.fixture
def town(app):
    """Four houses that are asked here, one that would join, and one that stays outside."""
    make_city_desk()
    make_neighbourhood()
    make_room("polyvalente-zaal", venue=make_venue(DRONGEN), hours=(), capacity=None)
    make_room("zaal", venue=make_venue(ROBINIA), hours=())
    make_room("zaal", venue=make_venue("buurtcentrum-x", managed_by=Manager.COMMUNITY_WORKER), hours=())
    make_room("zaal", venue=make_venue("buurthuis-malem", kind=VenueKind.BUURTHUIS), hours=())
    private = {"kind": VenueKind.PRIVATE, "operator": Operator.PRIVATE, "managed_by": Manager.NON_PROFIT}
    make_room("zaal", venue=make_venue("de-centrale", **private), hours=())
    make_room("zaal", venue=make_venue("een-kroeg", **private), hours=())


def everything() -> dict[str, list[tuple]]:
    """Every row of every table but the counted attempts and changes."""
    db.session.close()
    tables = [table for table in db.metadata.sorted_tables if table.name not in (Attempt.__tablename__, *CHANGES)]
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr) for table in tables}


def told() -> dict[str, list[tuple]]:
    """The same without what is random each time."""
    db.session.close()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name in CHANGES:
            continue
        columns = [column for column in table.columns if column.name not in RANDOM and not column.foreign_keys]
        if columns:
            found[table.name] = sorted(map(tuple, db.session.execute(select(*columns))), key=repr)
    return found


@pytest.mark.both
def test_demonstration_holds_requests_in_every_state_and_nothing_overlaps(town):
    count = demo.make(now=NOW)
    found = list(db.session.scalars(select(Request.status)))
    assert (len(found), set(found)) == (count, {Status.REQUESTED, Status.APPROVED, Status.REFUSED})
    assert count >= 9
    assert self_check.faults() == []


def test_everything_it_invents_is_marked(town):
    demo.make(now=NOW)
    for table in (Account, Association, Change, Request, OwnProgramme, Closure, RoutingLine):
        marks = list(db.session.scalars(select(table.is_demo)))
        assert (table.__tablename__, set(marks)) == (table.__tablename__, {True})
    assert dict(map(tuple, db.session.execute(select(Desk.slug, Desk.is_demo)))) == {
        "stad": False,
        "demo-open-huis-drongen": True,
        "demo-open-huis-robinia": True,
        "demo-buurtcentrum-x": True,
        "demo-buurthuis-malem": True,
        "demo-de-centrale": True,
    }
    # One of them has no address, and gets her letters on paper.
    people = set(db.session.scalars(select(Letter.recipient))) - {""}
    assert {email.rpartition("@")[2] for email in people} == {"demo.example"}


def test_its_rooms_have_hours_desks_and_people_who_decide(town):
    demo.make(now=NOW)
    for slug in (DRONGEN, "buurthuis-malem", "de-centrale"):
        room = rooms.by_slug(slug, "polyvalente-zaal" if slug == DRONGEN else "zaal")
        assert (slug, room.is_asked_here, len(rooms.hours(room))) == (slug, True, 7)
    hall = rooms.by_slug(DRONGEN, "polyvalente-zaal")
    assert rooms.largest_capacity(hall, hall.venue) in demo.SIZES
    assert rooms.by_slug("een-kroeg", "zaal").is_asked_here is False
    deciders = select(Desk.slug).join(DeskMember, DeskMember.desk_id == Desk.id).distinct()
    assert set(db.session.scalars(deciders)) >= {"demo-open-huis-drongen", "demo-buurthuis-malem", "stad"}


def test_same_seed_gives_the_same_set_and_another_seed_another(town):
    demo.make(now=NOW, seed=7)
    first = told()
    demo.renew(now=NOW, seed=7)
    assert told() == first
    demo.renew(now=NOW, seed=8)
    assert told() != first


def test_set_that_is_there_already_is_left_as_it_is(town):
    demo.make(now=NOW)
    before = everything()
    assert demo.make(now=NOW + timedelta(days=40), seed=2) == 0
    assert everything() == before


@pytest.mark.both
def test_purge_leaves_exactly_what_was_there_before(town):
    before = everything()
    demo.make(now=NOW)
    assert everything() != before
    demo.purge()
    assert everything() == before


@pytest.mark.both
def test_purge_takes_along_what_visitors_did_with_the_demonstration(town):
    make_account("echt@post.example", "Echt")
    before = everything()
    demo.make(now=NOW)
    real, an = (actor_of(accounts.by_email(email)) for email in ("echt@post.example", "an@demo.example"))
    room = rooms.by_slug(DRONGEN, "polyvalente-zaal")
    for hours, by in ((("09:00", "10:00"), real), (("22:00", "22:30"), an)):
        wish = make_wish(room, at(*hours, SATURDAY + timedelta(days=56)), contact_email=by.email, people=2)
        asking.ask(wish, by=by, now=NOW, visitor=AT_HOME)
    signing_in.send_code("an@demo.example", visitor=AT_HOME, now=NOW)
    desks.grant("echt@post.example", "demo-open-huis-drongen", now=NOW)
    code = db.session.scalar(select(Association.code).where(Association.id == min(an.association_ids)))
    joining.invite(code, "marcel@demo.example", by=an, now=NOW, visitor=AT_HOME)
    demo.purge()
    after = everything()
    after["account"] = [row for row in after["account"] if "echt@post.example" in row]
    # A real person stays, with the name they gave of themselves.
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}
    assert {name: rows for name, rows in after.items() if name != "account"} == {
        name: rows for name, rows in before.items() if name != "account"
    }


def test_purge_of_nothing_removes_nothing(town):
    before = everything()
    demo.purge()
    assert everything() == before


def test_renewed_set_begins_again_around_today(town):
    demo.make(now=NOW)
    later = NOW + timedelta(days=90)
    demo.renew(now=later)
    first = min(db.session.scalars(select(Occurrence.starts)))
    assert first.date() > to_local(later).date()
    assert {closed.year for closed in db.session.scalars(select(Closure.first_day))} == {2027}


def test_its_people_can_still_ask(town):
    demo.make(now=NOW)
    for group, number in db.session.execute(select(Association.name, Association.id)).all():
        waiting = counts.open_count(None, number)
        assert (group, 0 < waiting < 10) == (group, True)
    an = actor_of(accounts.by_email("an@demo.example"))
    room = rooms.by_slug("buurthuis-malem", "zaal")
    day = SATURDAY + timedelta(days=120)
    wish = make_wish(
        room,
        at("19:00", "20:00", day),
        contact_email=an.email,
        people=5,
        requester_kind=RequesterKind.NON_PROFIT,
        association_id=min(an.association_ids),
        association_name="Harmonie De Eendracht",
    )
    assert asking.ask(wish, by=an, now=NOW, visitor=AT_HOME).needs_proof is False


def test_part_of_a_hall_is_smaller_than_the_hall_and_has_its_own_hours(app):
    register.take_over(files.read(DATA))
    demo.make(now=NOW)
    for house, (hall, parts) in HALLS.items():
        whole = rooms.by_slug(house, hall)
        for part in (rooms.by_slug(house, slug) for slug in parts):
            sizes = [rooms.largest_capacity(room, room.venue) for room in (part, whole)]
            assert sizes == sorted(set(sizes))
            lines = select(OwnProgramme.weekday, OwnProgramme.from_minute)
            own = [set(db.session.execute(lines.filter_by(room_id=room.id)).all()) for room in (part, whole)]
            assert (len(own[0]), len(own[1]), own[0] & own[1]) == (demo.LINES_OF_A_ROOM, demo.LINES_OF_A_ROOM, set())


def test_shipped_register_gets_a_demonstration_in_which_every_room_has_somebody_who_decides(app):
    register.take_over(files.read(DATA))
    count = demo.make(now=NOW)
    assert count > len(ASSOCIATIONS) * demo.MOST_WAITING
    assert self_check.faults() == []
    with_people = {slug for slug in db.session.scalars(select(Desk.slug).join(DeskMember)) if slug != "stad"}
    all_desks = set(db.session.scalars(select(Desk.slug).where(Desk.is_demo)))
    assert all_desks - with_people == set()
    asked_here = [room for room in map(rooms.by_id, db.session.scalars(select(Room.id))) if room.is_asked_here]
    assert {f"demo-{room.venue.slug}" for room in asked_here} == all_desks
    assert {person.email for person in DESK_PEOPLE} <= set(db.session.scalars(select(Account.email)))
