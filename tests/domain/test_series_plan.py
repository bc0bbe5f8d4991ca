"""A series before it is sent: what a date meets, and the nearest that is free instead."""

from datetime import UTC, date, datetime, time

import pytest

from tests.domain.rooms import a_room
from zalenzoeker.domain.availability import Code, Need
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series_plan import meet, merged, moments_near, one_of
from zalenzoeker.domain.slots import Slot, Week
from zalenzoeker.domain.taken import Taken, TakenBy
from zalenzoeker.domain.ways_on import Asked, WayKind, rooms_instead

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THURSDAY, FRIDAY = date(2027, 1, 14), date(2027, 1, 15)


def slot(starts="19:00", ends="22:00", day=THURSDAY):
    return Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))


def taken(starts="19:00", ends="22:00", by=TakenBy.BOOKING, day=THURSDAY):
    one = slot(starts, ends, day)
    return Taken(one.from_epoch, one.to_epoch, by)


def facts(*rooms, **holders):
    """Return the facts of each room by its id; ``zaal=[…]``: what holds the room with this slug."""
    return {room.id: room.facts(holders.get(room.slug, [])) for room in rooms}


HALL = a_room("zaal")
KITCHEN = a_room("keuken")


@pytest.mark.parametrize(
    "holders, can_be_asked, queued, codes",
    [
        ({}, True, 0, []),
        ({"zaal": [taken()]}, False, 0, [Code.BOOKED]),
        ({"zaal": [taken(by=TakenBy.QUEUED), taken("21:00", "23:00", TakenBy.QUEUED)]}, True, 2, []),
        ({"keuken": [taken(by=TakenBy.REQUEST)]}, False, 0, [Code.REQUESTED]),
    ],
)
def test_date_meets_what_stands_in_any_of_its_rooms(holders, can_be_asked, queued, codes):
    met = meet([HALL, KITCHEN], Need(slot()), facts(HALL, KITCHEN, **holders), NOW)
    assert (met.can_be_asked, met.queued, [one.code for one in met.obstacles]) == (can_be_asked, queued, codes)


def test_date_that_is_short_notice_can_be_asked_as_an_exception():
    met = meet([HALL], Need(slot(day=date(2026, 12, 3))), facts(HALL), NOW)
    assert (met.can_be_asked, met.needs_exception) == (True, True)


def test_date_does_not_meet_what_another_moment_could_not_mend():
    small = a_room("klein", capacity=5)
    assert meet([small], Need(slot(), people=50), facts(small), NOW).obstacles == []


def test_rooms_that_are_left_are_those_with_nothing_in_the_way():
    met = meet([HALL, KITCHEN], Need(slot()), facts(HALL, KITCHEN, keuken=[taken()]), NOW)
    assert met.rooms_left == [HALL]


def near(*rooms, avoid=(), asked=None, **holders):
    asked = asked or Asked(rooms[0], Need(slot()))
    found = moments_near(rooms, asked, facts(*rooms, **holders), NOW, avoid=avoid)
    return [(one.day, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}") for one in found]


def test_moments_near_are_two_of_the_day_and_one_of_its_week():
    assert near(HALL, zaal=[taken()]) == [
        (THURSDAY, "16:00", "19:00"),
        (THURSDAY, "13:00", "16:00"),
        (FRIDAY, "19:00", "22:00"),
    ]


def test_moments_near_are_free_in_every_room_and_touch_no_other_date():
    found = near(HALL, KITCHEN, zaal=[taken()], keuken=[taken("12:00", "17:00")], avoid=[(HALL, slot(day=FRIDAY))])
    assert found == [
        (THURSDAY, "09:00", "12:00"),
        (date(2027, 1, 13), "19:00", "22:00"),
        (date(2027, 1, 16), "19:00", "22:00"),
    ]


def test_moments_near_do_not_leave_the_week():
    week = [taken("09:00", "23:45", day=date(2027, 1, day)) for day in range(11, 18)]
    assert near(HALL, zaal=week) == []


def instead(asked, *rooms, **holders):
    known = facts(*rooms, **holders)
    return rooms_instead(asked, rooms, lambda room: known[room.id], NOW)


def test_rooms_instead_are_those_of_the_house_and_then_the_nearest_houses():
    rooms = [
        a_room("groot", capacity=200, venue_id=HALL.venue_id),
        a_room("klein", capacity=60, venue_id=HALL.venue_id),
        a_room("bezet", capacity=60, venue_id=HALL.venue_id),
        a_room("te-klein", capacity=10, venue_id=HALL.venue_id),
        a_room("ver", capacity=60, point=(51.10, 3.80)),
        a_room("dichtbij", capacity=60, point=(51.06, 3.73)),
    ]
    asked = Asked(HALL, Need(slot(), people=50))
    found = instead(asked, HALL, *rooms, bezet=[taken()])
    assert [(one.kind, one.room.slug) for one in found] == [
        (WayKind.OTHER_ROOM, "klein"),
        (WayKind.OTHER_ROOM, "groot"),
        (WayKind.OTHER_PLACE, "dichtbij"),
        (WayKind.OTHER_PLACE, "ver"),
    ]


def test_room_that_others_queue_for_is_not_offered_instead():
    other = a_room("klein")
    assert instead(Asked(HALL, Need(slot())), HALL, other, klein=[taken(by=TakenBy.QUEUED)]) == []


PERSON = RequesterKind.PERSON
ONLY_GROUPS = {RuleName.WHO: ["vereniging"]}


@pytest.mark.parametrize(
    "rules, asked, offered",
    [
        ({}, {"kind": PERSON}, 3),
        (ONLY_GROUPS, {"kind": PERSON}, 0),
        (ONLY_GROUPS, {"kind": RequesterKind.ASSOCIATION}, 3),
        ({RuleName.NEIGHBOURHOOD_FIRST: 0}, {"kind": PERSON, "neighbourhood": "elders"}, 0),
        ({RuleName.NEIGHBOURHOOD_FIRST: 0}, {"kind": PERSON}, 3),
        ({RuleName.EXCLUDED: [ActivityKind.PARTY.value]}, {"activity_kind": ActivityKind.PARTY}, 0),
        ({RuleName.OPEN_REQUESTS: 3}, {"open_requests": 3}, 0),
        ({RuleName.WEEK_HOURS: 5}, {"used": 2}, 3),
        ({RuleName.WEEK_HOURS: 5}, {"used": 3}, 0),
    ],
)
def test_moments_and_rooms_instead_are_those_this_asker_can_have(rules, asked, offered):
    hall = a_room("zaal", rules=rules)
    other = a_room("klein", rules=rules, venue_id=hall.venue_id)
    told = dict(asked)
    used = {(hall.venue_id, Week.of(THURSDAY)): told.pop("used", 0) * 60}
    neighbourhood = told.pop("neighbourhood", None)
    one = Asked(hall, Need(slot(), **told), neighbourhood=neighbourhood, used=used)
    found = len(near(hall, asked=one, zaal=[taken()])), len(instead(one, hall, other))
    assert found == (offered, int(offered > 0))


def test_other_dates_of_a_series_use_hours_of_the_house_too():
    hall = a_room("zaal", rules={RuleName.WEEK_HOURS: 5})
    asked = Asked(hall, Need(slot()))
    for other, offered in ((slot(day=FRIDAY), 0), (slot(day=date(2027, 1, 21)), 3)):
        assert len(near(hall, asked=one_of(asked, hall, slot(), [(hall, other)]))) == offered


@pytest.mark.parametrize(
    "spans, found",
    [
        ([], []),
        ([(1, 3), (5, 8)], [(1, 3), (5, 8)]),
        ([(5, 8), (1, 5)], [(1, 8)]),
        ([(1, 9), (2, 3), (8, 12), (20, 21)], [(1, 12), (20, 21)]),
    ],
)
def test_spans_that_touch_become_one(spans, found):
    assert merged(spans) == found
