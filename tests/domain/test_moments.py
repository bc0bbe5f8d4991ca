"""Moments of one room: the free ones of a day in words people use, and the first one that lasts long enough."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.domain.rooms import EVERY_DAY, a_room
from zalenzoeker.domain.availability import Need, last_day, obstacles
from zalenzoeker.domain.moments import DayState, first_free, horizon, room_day
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import Slot, WeeklyHours
from zalenzoeker.domain.taken import Taken, TakenBy

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SATURDAY = date(2027, 1, 16)


def slot(starts, ends, day=SATURDAY):
    return Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))


def taken(starts, ends, by=TakenBy.BOOKING, day=SATURDAY):
    one = slot(starts, ends, day)
    return Taken(one.from_epoch, one.to_epoch, by)


def moments(*holders, day=SATURDAY, **facts):
    found = room_day(day, a_room(**facts).facts(holders), NOW)
    return found.state, [(one.part, one.slot.starts.hour, one.slot.ends.hour) for one in found.moments]


MORNING, AFTERNOON, EVENING = (
    (DayPart.MORNING, 9, 12),
    (DayPart.AFTERNOON, 13, 17),
    (DayPart.EVENING, 18, 22),
)


@pytest.mark.parametrize(
    "holders, facts, state, expected",
    [
        ([], {}, DayState.FREE, [MORNING, AFTERNOON, EVENING]),
        ([], {"hours": ()}, DayState.FREE, [MORNING, AFTERNOON, EVENING]),
        ([taken("10:00", "11:00")], {}, DayState.FREE, [(None, 9, 10), (None, 11, 13), AFTERNOON, EVENING]),
        ([taken("09:15", "21:00")], {}, DayState.FREE, [(None, 21, 23)]),
        ([taken("09:45", "22:15")], {}, DayState.FULL, []),
        ([taken("10:00", "11:00", TakenBy.QUEUED)], {}, DayState.FREE, [MORNING, AFTERNOON, EVENING]),
        ([taken("09:00", "23:00")], {}, DayState.FULL, []),
        ([], {"hours": [WeeklyHours(0, 540, 720)]}, DayState.CLOSED, []),
        ([], {"rules": {"closed_season": ["11-01", "03-31"]}}, DayState.CLOSED, []),
        ([], {"rules": {"latest_end": "21:00"}}, DayState.FREE, [MORNING, AFTERNOON, (None, 17, 21)]),
        ([], {"rules": {"lead_days": 90}}, DayState.SOON, [MORNING, AFTERNOON, EVENING]),
        ([], {"rules": {"lead_days": 90, "exceptions": []}}, DayState.NOT_YET, []),
        ([], {"rules": {"horizon_months": 1}}, DayState.NOT_YET, []),
        ([taken("09:00", "13:00")], {"rules": {"setup_minutes": 30}}, DayState.FREE, [(None, 13, 18), EVENING]),
    ],
)
def test_day_offers_what_can_be_asked(holders, facts, state, expected):
    assert moments(*holders, **facts) == (state, expected)


def test_day_that_has_passed_offers_nothing():
    assert moments(day=date(2026, 11, 20), rules={"lead_days": 0}) == (DayState.PAST, [])


def test_today_offers_only_what_is_to_come():
    assert moments(day=date(2026, 11, 23), rules={"lead_days": 0}) == (
        DayState.FREE,
        [(None, 10, 13), AFTERNOON, EVENING],
    )


def test_queued_moment_says_that_somebody_asked():
    found = room_day(SATURDAY, a_room().facts([taken("14:00", "15:00", TakenBy.QUEUED)]), NOW)
    assert [one.is_queued for one in found.moments] == [False, True, False]


@pytest.mark.parametrize(
    "holders, rules, whole",
    [
        ([], {}, slot("09:00", "22:00")),
        ([taken("12:00", "12:30")], {}, None),
        ([], {"most_minutes": 240}, None),
        ([], {"latest_end": "21:00"}, None),
    ],
)
def test_whole_day_is_offered_where_all_of_it_can_be_asked(holders, rules, whole):
    assert room_day(SATURDAY, a_room(rules=rules).facts(holders), NOW).whole == whole


def test_first_free_moment_is_the_first_day_that_can_be_asked():
    assert first_free(a_room().facts(), 120, NOW) == slot("09:00", "11:00", date(2026, 12, 21))


def test_first_free_moment_passes_over_what_is_taken():
    days = [date(2026, 12, 21) + timedelta(days=number) for number in range(3)]
    holders = [taken("09:00", "21:30", day=day) for day in days]
    room = a_room(rules={"setup_minutes": 30})
    assert first_free(room.facts(holders), 60, NOW) == slot("22:00", "23:00", days[0])
    assert first_free(room.facts(holders), 120, NOW) == slot("09:00", "11:00", date(2026, 12, 24))


def test_first_free_moment_of_a_room_that_is_never_open_is_none():
    assert first_free(a_room(rules={"closed_season": ["01-01", "12-31"]}).facts(), 60, NOW) is None
    assert first_free(a_room(hours=[WeeklyHours(0, 540, 600)]).facts(), 120, NOW) is None


@given(
    holders=some.lists(some.tuples(some.integers(0, 40), some.integers(30, 92), some.integers(1, 60)), max_size=40),
    minutes=some.sampled_from([30, 60, 90, 240, 600]),
    rules=some.sampled_from([{}, {"setup_minutes": 30}, {"latest_end": "20:00"}, {"lead_days": 0}]),
)
def test_first_free_moment_can_be_asked_and_nothing_before_it_can(holders, minutes, rules):
    start = datetime(2026, 12, 21, tzinfo=UTC)
    stretches = [
        (start + timedelta(days=day, minutes=a * 15), start + timedelta(days=day, minutes=(a + b) * 15))
        for day, a, b in holders
    ]
    facts = a_room(rules=rules, hours=EVERY_DAY).facts(
        Taken(int(one.timestamp()), int(other.timestamp()), TakenBy.BOOKING) for one, other in stretches
    )
    found = first_free(facts, minutes, NOW)
    assert found is not None
    assert obstacles(Need(found), facts, NOW) == []
    earlier = [found.moved(minutes=-15 * step) for step in range(1, 40) if found.starts.hour * 60 - 15 * step > 0]
    assert [one for one in earlier if not obstacles(Need(one), facts, NOW)] == []


def test_horizon_covers_every_day_that_may_be_asked():
    facts = a_room().facts()
    first, last = horizon(facts, NOW)
    assert first == slot("00:00", "01:00", date(2026, 12, 21)).from_epoch
    assert last == slot("00:00", "06:00", last_day(facts.rules, NOW) + timedelta(days=1)).to_epoch
