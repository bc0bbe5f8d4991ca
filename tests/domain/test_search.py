"""Looking through all rooms: one of six answers each, never silent about what nobody knows, and best first."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.domain.rooms import EVERY_DAY, a_room
from zalenzoeker.domain.availability import Code, Need, obstacles
from zalenzoeker.domain.day_search import search_day
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.search import CAN_BE_ASKED, Answer, Group, search
from zalenzoeker.domain.series import Pattern, PatternKind
from zalenzoeker.domain.series_search import Share, search_series, spans
from zalenzoeker.domain.slots import Slot, WeeklyHours, epoch
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind
from zalenzoeker.domain.taken import Taken, TakenBy
from zalenzoeker.domain.wanted import WHEELCHAIR, Judge, Wanted

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SATURDAY = date(2027, 1, 16)
AFTERNOON = Wanted(hours=(14 * 60, 18 * 60))
CLOSING = SpecialDays((SpecialDay(SpecialKind.CITY_CLOSING, "Stad gesloten", SATURDAY, SATURDAY),))


def slot(starts, ends, day=SATURDAY):
    return Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))


def held(starts, ends, by=TakenBy.BOOKING, day=SATURDAY):
    one = slot(starts, ends, day)
    return one.from_epoch, one.to_epoch, by.value


def found(room, *holders, day=SATURDAY, wanted=AFTERNOON):
    return search([room], day, {room.id: sorted(holders)}, Judge(NOW, wanted))[0]


@pytest.mark.parametrize(
    "room, holders, answer, group",
    [
        (a_room(), [], Answer.FREE, Group.FITS),
        (a_room(hours=()), [], Answer.FREE, Group.FITS),
        (a_room(), [held("12:00", "14:00"), held("18:00", "20:00")], Answer.FREE, Group.FITS),
        (a_room(), [held("15:00", "16:00", TakenBy.QUEUED)], Answer.REQUESTED, Group.FITS),
        (a_room(), [held("15:00", "16:00")], Answer.TAKEN, Group.OTHER_HOUR),
        (a_room(), [held("15:00", "16:00", TakenBy.REQUEST)], Answer.TAKEN, Group.OTHER_HOUR),
        (a_room(), [held("15:00", "16:00", TakenBy.OWN_PROGRAMME)], Answer.TAKEN, Group.OTHER_HOUR),
        (a_room(), [held("09:00", "23:00")], Answer.TAKEN, Group.NOT_THEN),
        (a_room(), [held("00:00", "23:45", TakenBy.CLOSURE)], Answer.CLOSED, Group.NOT_THEN),
        (a_room(hours=[WeeklyHours(5, 540, 720)]), [], Answer.CLOSED, Group.NOT_THEN),
        (a_room(hours=[WeeklyHours(5, 540, 840)]), [], Answer.CLOSED, Group.OTHER_HOUR),
        (a_room(rules={"closed_season": ["11-01", "03-31"]}), [], Answer.CLOSED, Group.NOT_THEN),
        (a_room(special=CLOSING), [], Answer.CLOSED, Group.NOT_THEN),
        (a_room(rules={"most_minutes": 120}), [], Answer.UNFIT, Group.NOT_THEN),
        (a_room(rules={"latest_end": "17:00"}), [], Answer.UNFIT, Group.OTHER_HOUR),
        (a_room(rules={"lead_days": 90}), [], Answer.UNFIT, Group.BY_EXCEPTION),
        (a_room(rules={"lead_days": 90, "exceptions": []}), [], Answer.UNFIT, Group.NOT_THEN),
        (a_room(rules={"setup_minutes": 30}), [held("12:00", "14:00")], Answer.TAKEN, Group.OTHER_HOUR),
        (a_room(is_asked_here=False), [held("15:00", "16:00")], Answer.ASK_THE_HOUSE, Group.ASK_THE_HOUSE),
    ],
)
def test_room_says_exactly_one_of_six(room, holders, answer, group):
    one = found(room, *holders)
    assert (one.answer, one.group) == (answer, group)


@pytest.mark.parametrize(
    "facts, wanted, answer, group",
    [
        ({"capacity": 30}, {"people": 30}, Answer.FREE, Group.FITS),
        ({"capacity": 29}, {"people": 30}, Answer.UNFIT, Group.NEARLY_FITS),
        ({"capacity": 20}, {"people": 30}, Answer.UNFIT, Group.UNFIT),
        ({"capacity": None}, {"people": 30}, Answer.FREE, Group.SIZE_UNKNOWN),
        ({"capacity": None}, {}, Answer.FREE, Group.FITS),
        ({"facilities": ["keuken"]}, {"facilities": frozenset({"keuken"})}, Answer.FREE, Group.FITS),
        ({}, {"facilities": frozenset({"keuken"})}, Answer.FREE, Group.PARTLY_KNOWN),
        ({"wheelchair": Known.YES}, {"needs_wheelchair": True}, Answer.FREE, Group.FITS),
        ({"wheelchair": Known.UNKNOWN}, {"needs_wheelchair": True}, Answer.FREE, Group.PARTLY_KNOWN),
        ({"wheelchair": Known.NO}, {"needs_wheelchair": True}, Answer.UNFIT, Group.UNFIT),
    ],
)
def test_what_nobody_knows_is_neither_in_nor_out(facts, wanted, answer, group):
    one = found(a_room(**facts), wanted=Wanted(hours=(14 * 60, 18 * 60), **wanted))
    assert (one.answer, one.group) == (answer, group)


def test_unknown_things_are_named():
    wanted = Wanted((840, 1080), facilities=frozenset({"keuken", "beamer"}), needs_wheelchair=True)
    assert found(a_room(facilities=["beamer"]), wanted=wanted).unknown == {"keuken", WHEELCHAIR}


def test_taken_room_names_the_nearest_free_hour_of_that_day():
    assert found(a_room(), held("15:00", "16:00")).other == slot("16:00", "20:00")
    assert found(a_room(), held("14:00", "19:15")).other == slot("10:00", "14:00")
    assert found(a_room(), held("09:30", "16:20")).other == slot("16:30", "20:30")


def test_nearest_free_hour_keeps_time_to_set_up():
    room = a_room(rules={"setup_minutes": 30, "cleanup_minutes": 15})
    assert found(room, held("10:00", "16:00")).other == slot("16:30", "20:30")


def test_nearest_free_hour_is_never_past():
    room = a_room(rules={"lead_days": 0})
    today = date(2026, 11, 23)
    one = search([room], today, {}, Judge(NOW, Wanted((9 * 60, 10 * 60))))[0]
    assert (one.answer, one.other) == (Answer.UNFIT, slot("10:15", "11:15", today))


def test_smallest_room_that_fits_comes_first_then_the_nearest():
    near, far = (51.05, 3.72), (51.10, 3.80)
    rooms = [
        a_room("groot", capacity=80, point=near),
        a_room("ver", capacity=30, point=far),
        a_room("dichtbij", capacity=30, point=near),
        a_room("bijna", capacity=24),
        a_room("onbekend", capacity=None),
        a_room("zonder keuken", capacity=30, facilities=()),
        a_room("vol", capacity=30),
        a_room("elders", is_asked_here=False),
    ]
    for room in rooms[:3]:
        object.__setattr__(room, "facilities", frozenset({"keuken"}))
    wanted = Wanted((840, 1080), people=25, near=near, facilities=frozenset({"keuken"}))
    holders = {rooms[6].id: [held("09:00", "23:00")]}
    assert [one.room.name for one in search(rooms, SATURDAY, holders, Judge(NOW, wanted))] == [
        "dichtbij",
        "ver",
        "groot",
        "zonder keuken",
        "onbekend",
        "bijna",
        "vol",
        "elders",
    ]


def test_rooms_out_of_reach_are_left_out():
    here, there = a_room("hier"), a_room("daar", point=(51.10, 3.80), neighbourhood_slug="oostakker")
    for wanted in (
        Wanted((840, 1080), near=(51.05, 3.72), radius_km=2.0),
        Wanted((840, 1080), neighbourhood="drongen"),
    ):
        assert [one.room.name for one in search([here, there], SATURDAY, {}, Judge(NOW, wanted))] == ["hier"]


def test_part_of_the_day_follows_the_hours_of_each_house():
    usual, early = a_room(), a_room(rules={"day_parts": {part: ["17:00", "21:00"] for part in DayPart}})
    judge = Judge(NOW, Wanted(part=DayPart.EVENING))
    answers = search([usual, early], SATURDAY, {}, judge)
    assert {one.room: one.slot for one in answers} == {usual: slot("18:00", "22:00"), early: slot("17:00", "21:00")}


def test_hours_past_midnight_belong_to_the_evening():
    room = a_room(hours=[WeeklyHours(5, 540, 1500)])
    one = found(room, wanted=Wanted((20 * 60, 25 * 60)))
    assert (one.answer, one.slot) == (Answer.FREE, slot("20:00", "01:00"))


def test_hour_that_the_clock_skips_cannot_be_had():
    assert found(a_room(hours=()), day=date(2027, 3, 28), wanted=Wanted((150, 300))).answer is Answer.CLOSED


STRETCHES = some.builds(
    lambda start, length, by: (start, length, by),
    some.integers(0, 95),
    some.integers(1, 40),
    some.sampled_from(list(TakenBy)),
)


@given(
    stretches=some.lists(STRETCHES, max_size=6),
    asked=some.tuples(some.integers(0, 95), some.integers(1, 30)),
    rules=some.fixed_dictionaries(
        {},
        optional={
            "setup_minutes": some.sampled_from([0, 15, 30]),
            "cleanup_minutes": some.sampled_from([0, 45]),
            "latest_end": some.sampled_from(["21:00", "01:00"]),
            "most_minutes": some.sampled_from([60, 240]),
            "least_minutes": some.sampled_from([60]),
            "lead_days": some.sampled_from([0, 28, 90]),
            "closed_season": some.just(["11-01", "03-31"]),
        },
    ),
    day=some.sampled_from([SATURDAY, date(2027, 3, 28), date(2026, 11, 24), date(2027, 9, 1)]),
    hours=some.sampled_from([(), EVERY_DAY, (WeeklyHours(5, 540, 840), WeeklyHours(5, 840, 1500))]),
)
def test_answer_is_that_of_the_rules_asked_one_by_one(stretches, asked, rules, day, hours):
    """The quick way through all rooms says free exactly where the rules find nothing in the way."""
    room = a_room(rules=rules, hours=hours)
    wanted = Wanted((asked[0] * 15, (asked[0] + asked[1]) * 15))
    start = epoch(datetime.combine(day, time(), UTC))
    taken = [Taken(start + a * 900, start + (a + b) * 900, by) for a, b, by in stretches]
    holders = sorted((one.from_epoch, one.to_epoch, one.by.value) for one in taken)
    one = search([room], day, {room.id: holders}, Judge(NOW, wanted))[0]
    if one.slot is not None:
        in_the_way = obstacles(Need(one.slot), room.facts(taken), NOW)
        assert (one.answer in CAN_BE_ASKED) == (not in_the_way)
    if one.other is not None:
        assert obstacles(Need(one.other), room.facts(taken), NOW) == []


# A whole day.


def test_day_shows_what_is_free_of_each_room():
    room, full, shut = a_room("vrij"), a_room("vol"), a_room("dicht", hours=[WeeklyHours(0, 540, 720)])
    holders = {room.id: [held("11:00", "14:00")], full.id: [held("09:00", "23:00")]}
    days = search_day(
        [shut, full, room, a_room("elders", is_asked_here=False)], SATURDAY, holders, Judge(NOW, Wanted())
    )
    assert [(one.room.name, one.answer, one.free) for one in days] == [
        ("vrij", Answer.FREE, (slot("09:00", "11:00"), slot("14:00", "23:00"))),
        ("dicht", Answer.CLOSED, ()),
        ("vol", Answer.TAKEN, ()),
        ("elders", Answer.ASK_THE_HOUSE, ()),
    ]


def test_day_at_short_notice_is_by_exception():
    soon = date(2026, 11, 28)
    one = search_day([a_room()], soon, {}, Judge(NOW, Wanted()))[0]
    assert (one.group, [what.code for what in one.obstacles], one.free) == (
        Group.BY_EXCEPTION,
        [Code.TOO_SOON],
        (slot("09:00", "23:00", soon),),
    )


# A series.

THURSDAYS = [date(2027, 1, 7) + timedelta(weeks=week) for week in range(10)]
EVENING = Wanted(part=DayPart.EVENING, people=25)


def test_series_is_ranked_by_the_share_of_dates():
    names = ["alle", "meeste", "onbekend", "geen", "klein", "elders"]
    every, most, unknown, none, small, elsewhere = (
        a_room(name, capacity={"onbekend": None, "klein": 10}.get(name, 40), is_asked_here=name != "elders")
        for name in names
    )
    holders = {
        every.id: [held("19:00", "20:00", TakenBy.QUEUED, THURSDAYS[2])],
        most.id: [
            held("19:00", "20:00", TakenBy.OWN_PROGRAMME, THURSDAYS[1]),
            held("17:00", "23:00", day=THURSDAYS[4]),
        ],
        none.id: [held("19:00", "20:00", day=day) for day in THURSDAYS],
    }
    offers = search_series([elsewhere, none, small, unknown, most, every], THURSDAYS, holders, Judge(NOW, EVENING))
    assert [(one.room.name, one.share, one.given) for one in offers] == [
        ("alle", Share.ALL, 10),
        ("meeste", Share.SOME, 8),
        ("onbekend", Share.SIZE_UNKNOWN, 10),
        ("geen", Share.NONE, 0),
        ("klein", Share.UNFIT, 10),
        ("elders", Share.ASK_THE_HOUSE, 10),
    ]
    assert offers[0].queued == (THURSDAYS[2],)
    assert [(one.day, one.answer, one.held[2]) for one in offers[1].missed] == [
        (THURSDAYS[1], Answer.TAKEN, "own_programme"),
        (THURSDAYS[4], Answer.TAKEN, "booking"),
    ]


def test_series_says_which_dates_the_rules_refuse():
    offer = search_series([a_room(rules={"closed_season": ["02-01", "02-20"]})], THURSDAYS, {}, Judge(NOW, EVENING))[0]
    assert [(one.day, one.code) for one in offer.missed] == [
        (date(2027, 2, day), Code.CLOSED_SEASON) for day in (4, 11, 18)
    ]


def test_series_is_judged_by_how_far_ahead_its_first_date_is():
    days = [date(2027, 5, 6) + timedelta(weeks=week) for week in range(8)]
    pattern = Pattern(PatternKind.WEEKLY, days[0], time(18), time(22), until=days[-1])
    offer = search_series([a_room()], days, {}, Judge(NOW, EVENING, pattern))[0]
    assert (offer.share, offer.too_long) == (Share.ALL, None)
    late = Pattern(PatternKind.WEEKLY, date(2027, 6, 3), time(18), time(22), until=days[-1])
    assert search_series([a_room()], late.days(), {}, Judge(NOW, EVENING, late))[0].share is Share.NONE


def test_weekly_use_that_goes_on_too_long_says_so():
    pattern = Pattern(PatternKind.WEEKLY, THURSDAYS[0], time(18), time(22), until=date(2027, 8, 5))
    offer = search_series([a_room()], pattern.days(), {}, Judge(NOW, EVENING, pattern))[0]
    assert offer.too_long.code is Code.WEEKLY_TOO_LONG


def test_series_looks_only_at_the_hours_it_needs():
    rooms = [a_room(), a_room(rules={"setup_minutes": 60, "day_parts": {part: ["17:00", "21:00"] for part in DayPart}})]
    assert spans(rooms, THURSDAYS[:2], Judge(NOW, EVENING)) == [
        (slot("16:00", "17:00", day).from_epoch, slot("21:00", "22:00", day).to_epoch) for day in THURSDAYS[:2]
    ]


@given(
    taken=some.lists(some.tuples(some.integers(0, 9), some.integers(60, 92), some.integers(1, 12)), max_size=12),
)
def test_series_answers_each_date_as_a_search_of_that_date(taken):
    room = a_room(rules={"cleanup_minutes": 30})
    holders = sorted(
        (base + a * 900, base + (a + b) * 900, "booking")
        for week, a, b in taken
        for base in [epoch(datetime.combine(THURSDAYS[week], time(), UTC))]
    )
    offer = search_series([room], THURSDAYS, {room.id: holders}, Judge(NOW, EVENING))[0]
    one_by_one = [
        day
        for day in THURSDAYS
        if search([room], day, {room.id: holders}, Judge(NOW, EVENING))[0].answer not in CAN_BE_ASKED
    ]
    assert [one.day for one in offer.missed] == one_by_one
