"""The set to measure on: as large as asked, the same for the same seed, and nothing in it overlaps."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders import NOW, at, make_account, make_an, make_room, make_wish
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import bench_data
from zalenzoeker.services import requests as asking
from zalenzoeker.services.bench_data import CannotBeMade, Size
from zalenzoeker.storage import rooms, self_check
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Account,
    Event,
    Letter,
    Occupancy,
    Occurrence,
    Request,
    Room,
    RoomSpace,
    Space,
    Venue,
)

SMALL = Size(venues=12, rooms=26, bookings=1500)
ROUND = 7 * 24 * 3600


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def everything() -> dict[str, list[tuple]]:
    """Every row of every table, without the numbers that only hold rows together."""
    found = {}
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.columns if not column.primary_key and not column.foreign_keys]
        if columns:
            found[table.name] = sorted(map(tuple, db.session.execute(select(*columns))), key=repr)
    return found


@pytest.mark.both
def test_set_has_the_size_asked_and_no_fault(app):
    added = []
    assert bench_data.make(SMALL, now=NOW, on_progress=added.append) is True
    assert (sum(added), count(Occurrence)) == (1500, 1500)
    assert (count(Venue), count(Room), count(Space)) == (12, 26, 24)
    assert self_check.faults() == []


def test_every_tenth_place_has_a_hall_of_two_halves(app):
    bench_data.make(SMALL, now=NOW)
    spaces = (
        select(Venue.slug, Room.slug, func.count()).join(Room.venue).join(RoomSpace).group_by(Venue.slug, Room.slug)
    )
    halls = sorted((venue, room) for venue, room, number in db.session.execute(spaces) if number == 2)
    assert halls == [("huis-01", "grote-zaal"), ("huis-11", "grote-zaal")]


def test_set_holds_bookings_and_requests_and_own_programme_around_today(app):
    bench_data.make(SMALL, now=NOW)
    around = (Occupancy.from_epoch > epoch(NOW) - 26 * ROUND, Occupancy.from_epoch < epoch(NOW) + 26 * ROUND)
    kinds = Counter(db.session.scalars(select(Occupancy.by).where(*around)))
    assert set(kinds) == {TakenBy.BOOKING, TakenBy.REQUEST, TakenBy.QUEUED, TakenBy.OWN_PROGRAMME}
    in_series = select(func.count()).select_from(Request).where(Request.pattern.is_not(None))
    assert (db.session.scalar(in_series) or 0) > 10


def test_nothing_waits_for_an_answer_about_the_past(app):
    bench_data.make(SMALL, now=NOW)
    late = select(Occurrence.id).where(Occurrence.status == Status.REQUESTED, Occurrence.from_epoch < epoch(NOW))
    assert list(db.session.scalars(late)) == []


@pytest.mark.both
def test_same_seed_gives_the_same_set_and_another_one_another(app, make_app, tmp_path):
    bench_data.make(SMALL, now=NOW)
    first = everything()
    for seed, is_same in ((1, True), (2, False)):
        with make_app(database_url=f"sqlite:///{tmp_path}/{seed}.db").app_context():
            db.create_all()
            bench_data.make(Size(12, 26, 1500, seed), now=NOW + timedelta(hours=3))
            assert (everything()["occurrence"] == first["occurrence"]) is is_same
            assert (everything()["request"] == first["request"]) is is_same
            db.session.remove()
            db.engine.dispose()


def test_set_that_is_there_is_left_alone(app):
    bench_data.make(SMALL, now=NOW)
    before = everything()
    assert bench_data.make(SMALL, now=NOW + timedelta(days=3)) is False
    assert everything() == before


@pytest.mark.parametrize("other", [Size(12, 26, 1500, 2), Size(12, 26, 1501)])
def test_another_set_in_the_same_database_is_refused(app, other):
    bench_data.make(SMALL, now=NOW)
    with pytest.raises(CannotBeMade, match="has other places already"):
        bench_data.make(other, now=NOW)


def test_database_with_real_places_is_refused(app):
    make_room()
    with pytest.raises(CannotBeMade, match="has other places already"):
        bench_data.make(SMALL, now=NOW)
    assert (count(Venue), count(Request), bench_data.is_there()) == (1, 0, False)


@pytest.mark.parametrize("venues, rooms", [(10, 11), (1, 2), (1, 4)])
def test_rooms_that_do_not_go_round_are_refused(venues, rooms):
    with pytest.raises(CannotBeMade, match="every place needs a room"):
        Size(venues, rooms)


@pytest.mark.both
def test_people_can_ask_as_before_beside_the_set(app):
    bench_data.make(SMALL, now=NOW)
    make_account()
    room = rooms.by_slug("huis-02", "zaal-1")
    free = at("22:30", "23:00")
    receipt = asking.ask(make_wish(room, free), by=make_an(), now=NOW, visitor=Visitor(browser_hash="x", address="y"))
    request = db.session.scalars(select(Request).where(Request.code == receipt.code)).one()
    assert request.status is Status.REQUESTED
    assert request.id == count(Request)
    assert count(Event) > count(Request)
    assert count(Letter) == 2
    assert count(Account) > 200
