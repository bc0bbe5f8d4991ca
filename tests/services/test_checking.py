"""What is in the way of a wish, and that every way on that is shown can be asked at that moment."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    code_of,
    make_account,
    make_an,
    make_association,
    make_closure,
    make_neighbourhood,
    make_programme,
    make_request,
    make_room,
    make_series_wish,
    make_space,
    make_venue,
    make_wish,
    weekly,
)
from zalenzoeker.domain.availability import Code, TakenBy
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import Slot, WeeklyHours, epoch
from zalenzoeker.domain.ways_on import WayKind
from zalenzoeker.services import checking
from zalenzoeker.services import requests as asking
from zalenzoeker.services.wishes import Receipt, Refused, WishedDate
from zalenzoeker.storage import occupancy
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Event, Letter, Occupancy, Occurrence, Opening, Request, RuleLine
from zalenzoeker.storage.occupancy import Hold

BERT = "bert@post.example"
UNLIMITED = Visitor(is_limited=False)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
# What a generated city has beside its rooms.
OF_A_DAY = (Occupancy, Event, Letter, Occurrence, Request, RuleLine, Opening)


def codes(troubles) -> list[Code]:
    return [one.code for trouble in troubles for one in trouble.obstacles]


def refused(wish, by) -> Refused:
    """What the asker hears, as a whole."""
    try:
        asking.ask(wish, by=by, now=NOW, visitor=UNLIMITED)
    except Refused as found:
        return found
    raise AssertionError("nothing was in the way")


def asks(way, wish, by, number: int) -> type:
    """Whether this way on can be asked, with everything typed along; the room is given back."""
    again = replace(
        wish,
        dates=(WishedDate(way.room.code, way.slot),),
        form_key=f"{wish.form_key}-{number}",
        pattern=None,
    )
    receipt = asking.ask(again, by=by, now=NOW, visitor=UNLIMITED)
    asking.withdraw(receipt.code, by=by, now=NOW)
    return type(receipt)


@pytest.mark.both
def test_every_date_is_looked_at_with_as_many_queries_as_one(app, queries_of):
    room, by = make_room(rules={RuleName.WEEK_HOURS: 30}), make_an()
    counts = []
    for count in (1, 6):
        wish = make_series_wish(room, pattern=weekly(count=count))
        counts.append(len(queries_of(partial(checking.look, wish, by, NOW))))
    assert counts[0] == counts[1]


@pytest.mark.both
def test_troubles_are_told_date_by_date(app):
    room = make_room()
    make_closure(room, SATURDAY + WEEK)
    make_programme(room, weekday=5, hours=(18, 19), first_day=SATURDAY + 2 * WEEK, until=SATURDAY + 2 * WEEK)
    troubles = checking.look(make_series_wish(room, pattern=weekly(count=4)), ANYONE, NOW)
    assert [(one.date.slot.day, [two.code for two in one.obstacles]) for one in troubles] == [
        (SATURDAY + WEEK, [Code.CLOSED]),
        (SATURDAY + 2 * WEEK, [Code.OWN_PROGRAMME]),
    ]


@pytest.mark.both
def test_dates_of_one_wish_stand_in_each_others_way_also_in_rooms_that_share(app):
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    hall, half = make_room("hal", venue=venue, spaces=[front, back]), make_room("helft", venue=venue, spaces=[back])
    both = (WishedDate(code_of(hall), at()), WishedDate(code_of(half), at("17:00", "19:00")))
    assert codes(checking.look(make_wish(hall, dates=both), ANYONE, NOW)) == [Code.REQUESTED]
    beside = (both[0], WishedDate(code_of(half), at("18:00", "19:00")))
    assert codes(checking.look(make_wish(hall, dates=beside), ANYONE, NOW)) == []


@pytest.mark.both
def test_hours_of_the_week_are_counted_over_the_dates_of_the_wish(app):
    room, by = make_room(rules={RuleName.WEEK_HOURS: 6}), make_an()
    (club,) = by.association_ids
    group = {"association_id": club, "requester_kind": RequesterKind.NON_PROFIT}
    dates = tuple(WishedDate(code_of(room), at(day=day)) for day in (SATURDAY - DAY, SATURDAY, SATURDAY + 2 * DAY))
    troubles = checking.look(make_wish(room, dates=dates, **group), by, NOW)
    assert [(one.date.slot.day, codes([one])) for one in troubles] == [(SATURDAY, [Code.TOO_MANY_HOURS])]


@pytest.mark.both
def test_ways_on_are_the_same_room_then_the_house_then_the_nearest_house(app):
    venue = make_venue(lat=51.05, lon=3.72)
    room = make_room(venue=venue, capacity=40)
    small = make_room("zaaltje", venue=venue, capacity=10)
    beside = make_room("hal", venue=venue, capacity=80)
    near = make_room("zaal", venue=make_venue("nabij", lat=51.051, lon=3.72), capacity=50)
    far = make_room("zaal", venue=make_venue("ver", lat=51.09, lon=3.8), capacity=30)
    make_request(Status.APPROVED, room=room, contact_email=BERT)
    by = make_an()
    found = refused(make_wish(room, people=20), by)
    assert [(way.kind, way.room.code) for way in found.ways_on if way.kind is not WayKind.OTHER_TIME] == [
        (WayKind.OTHER_ROOM, code_of(beside)),
        (WayKind.OTHER_PLACE, code_of(near)),
        (WayKind.OTHER_PLACE, code_of(far)),
    ]
    assert [way.slot for way in found.ways_on[:2]] == [at("18:00", "22:00"), at("10:00", "14:00")]
    assert code_of(small) not in {way.room.code for way in found.ways_on}


@pytest.mark.both
def test_house_that_is_for_its_neighbourhood_is_no_way_on_for_others(app):
    here, there = make_neighbourhood("drongen", "Drongen"), make_neighbourhood("malem", "Malem")
    room = make_room(venue=make_venue(neighbourhood=here))
    own = make_room(venue=make_venue("malem", neighbourhood=there), rules={RuleName.NEIGHBOURHOOD_FIRST: 0})
    make_request(Status.APPROVED, room=room, contact_email=BERT)
    by = make_an()
    for neighbourhood, is_shown in (("drongen", False), ("malem", True), ("", False)):
        found = refused(make_wish(room, neighbourhood=neighbourhood), by)
        assert (code_of(own) in {way.room.code for way in found.ways_on}) is is_shown


@pytest.mark.both
def test_week_that_is_full_for_the_group_is_no_way_on(app):
    room, by = make_room(rules={RuleName.WEEK_HOURS: 8}), make_an()
    (club,) = by.association_ids
    group = {"association_id": club, "requester_kind": RequesterKind.NON_PROFIT, "association_name": "Club"}
    make_request(room=room, by=by, slot=at("09:00", "14:00", SATURDAY - DAY), **group)
    make_request(Status.APPROVED, room=room, slot=at("14:00", "18:00", SATURDAY + 2 * DAY), contact_email=BERT)
    found = refused(make_wish(room, at("14:00", "18:00", SATURDAY + 2 * DAY), **group), by)
    moments = [one.slot for one in found.ways_on if one.kind is WayKind.OTHER_TIME]
    assert moments != []
    full = range((SATURDAY - 5 * DAY).toordinal(), (SATURDAY + 2 * DAY).toordinal())
    assert [slot for slot in moments if slot.day.toordinal() in full] == []


hours_of = st.lists(
    st.builds(
        lambda weekday, starts, lasts: WeeklyHours(weekday, starts * 60, (starts + lasts) * 60),
        st.integers(0, 6),
        st.integers(8, 20),
        st.integers(2, 6),
    ),
    max_size=8,
)
rules_of = st.fixed_dictionaries(
    {},
    optional={
        RuleName.LEAD_DAYS: st.sampled_from([0, 14, 40, 60]),
        RuleName.SETUP_MINUTES: st.sampled_from([0, 30, 60]),
        RuleName.CLEANUP_MINUTES: st.sampled_from([0, 15, 90]),
        RuleName.MOST_MINUTES: st.sampled_from([120, 240]),
        RuleName.LATEST_END: st.sampled_from(["21:00", "01:00"]),
        RuleName.WHO: st.sampled_from([[], ["vzw"], ["particulier", "vzw"]]),
        RuleName.NEIGHBOURHOOD_FIRST: st.sampled_from([0, 30, 100]),
        RuleName.WEEK_HOURS: st.sampled_from([3, 6]),
        RuleName.CLOSED_SEASON: st.just(["01-10", "01-20"]),
        RuleName.PENDING: st.sampled_from([{"default": "queue"}, {"default": "hold", "vzw": "queue"}]),
        RuleName.OPEN_REQUESTS: st.sampled_from([1, 5]),
    },
)
moments = st.builds(
    lambda day, starts, lasts: Slot.on(SATURDAY + day * DAY, time(starts), time(starts + lasts)),
    st.integers(-3, 10),
    st.integers(10, 19),
    st.integers(1, 4),
)
holds = st.lists(st.tuples(st.integers(0, 4), moments, st.sampled_from(TakenBy)), max_size=14)


@pytest.fixture
def city(app):
    """Five rooms of three houses in two neighbourhoods; two share a space, one takes both."""
    here, there = make_neighbourhood("drongen", "Drongen"), make_neighbourhood("malem", "Malem")
    house, near = make_venue("huis", neighbourhood=here), make_venue("nabij", neighbourhood=here, lat=51.07)
    far = make_venue("ver", neighbourhood=there, lat=51.1)
    front, back = make_space(house, "voor"), make_space(house, "achter")
    made = [
        make_room("hal", venue=house, spaces=[front, back], capacity=80, hours=()),
        make_room("voor", venue=house, spaces=[front], capacity=40, hours=()),
        make_room("achter", venue=house, spaces=[back], capacity=None, hours=()),
        make_room("zaal", venue=near, capacity=40, hours=()),
        make_room("zaal", venue=far, capacity=25, hours=()),
    ]
    an = make_account("an@harmonie.example", "An")
    make_association(members=[an])
    make_account(BERT, "Bert")
    return made, actor_of(an)


def furnish(rooms, hours, rules, taken) -> None:
    """Give the rooms these hours and rules, and let somebody have some moments of theirs."""
    db.session.rollback()
    with write_unit() as session:
        for table in OF_A_DAY:
            session.execute(delete(table))
        session.add_all(
            Opening(
                venue_id=room.venue_id,
                room_id=room.id,
                weekday=line.weekday,
                from_minute=line.from_minute,
                to_minute=line.to_minute,
            )
            for room, lines in zip(rooms, hours, strict=True)
            for line in lines
        )
        session.add_all(
            RuleLine(name=name, value=value, venue_id=room.venue_id, room_id=room.id, source="")
            for room, lines in zip(rooms, rules, strict=True)
            for name, value in lines.items()
        )
        for number, slot, by in taken:
            with suppress(occupancy.AlreadyTaken), session.begin_nested():
                spaces = occupancy.spaces_of(rooms[number].id)
                occupancy.take(spaces, [(slot.from_epoch, slot.to_epoch)], Hold(by), now_epoch=epoch(NOW))


@settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(
    hours=st.lists(hours_of, min_size=5, max_size=5),
    rules=st.lists(rules_of, min_size=5, max_size=5),
    taken=holds,
    asked=st.tuples(st.integers(0, 4), moments, st.sampled_from([1, 30, 60])),
    asker=st.tuples(
        st.sampled_from(["particulier", "vzw", "bewonersgroep"]), st.sampled_from(["", "drongen", "malem"])
    ),
)
def test_every_way_on_of_a_generated_city_can_be_asked(city, hours, rules, taken, asked, asker):
    (rooms, by), (who, neighbourhood) = city, asker
    furnish(rooms, hours, rules, taken)
    group = {}
    if who != "particulier":
        (club,) = by.association_ids
        group = {"association_id": club, "association_name": "Harmonie"}
    wish = make_wish(
        rooms[asked[0]],
        asked[1],
        people=asked[2],
        requester_kind=RequesterKind(who),
        neighbourhood=neighbourhood,
        **group,
    )
    try:
        receipt = asking.ask(wish, by=by, now=NOW, visitor=UNLIMITED)
    except Refused as found:
        ways = found.ways_on
    else:
        # It is free: what could be had instead, were it lost, can be asked as well.
        asking.withdraw(receipt.code, by=by, now=NOW)
        ways = checking.instead_of(checking.asked_of(wish, wish.dates[0], by=by), NOW)
    assert [asks(way, wish, by, number) for number, way in enumerate(ways)] == [Receipt] * len(ways)


def test_first_day_of_a_generated_city_lies_ahead():
    assert (SATURDAY - 3 * DAY - NOW.date()).days > 28 > (date(2026, 12, 1) - NOW.date()).days
