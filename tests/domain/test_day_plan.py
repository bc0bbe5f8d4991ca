"""How a day of a room looks, and which moments near a lost one are free."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zalenzoeker.domain.availability import (
    DAYS_AROUND,
    Code,
    Need,
    RoomFacts,
    Taken,
    TakenBy,
    obstacles,
    span_around,
    span_of_days,
)
from zalenzoeker.domain.dayplan import KIND_OF_TAKEN, StretchKind, day_plan, grid_hours
from zalenzoeker.domain.rules import Rule, RuleName, rules_for_room
from zalenzoeker.domain.slots import NotASlot, Slot, WeeklyHours, epoch, from_epoch, to_utc
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind
from zalenzoeker.domain.ways_on import free_moments

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SATURDAY = date(2027, 1, 16)
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
ALL_DAY = tuple(WeeklyHours(weekday, 9 * 60, 23 * 60) for weekday in range(7))
QUARTER = 15


def taken(starts: str, ends: str, by: TakenBy = TakenBy.BOOKING, title: str = "", day: date = SATURDAY) -> Taken:
    slot = Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))
    return Taken(slot.from_epoch, slot.to_epoch, by, title)


def room(*held: Taken, hours=ALL_DAY, capacity=None, **rules) -> RoomFacts:
    lines = [Rule(RuleName(name), value) for name, value in rules.items()]
    return RoomFacts(is_asked_here=True, capacity=capacity, hours=hours, rules=rules_for_room(lines), taken=held)


def said(day: date, facts: RoomFacts, now: datetime = NOW, **window) -> list[str]:
    return [
        f"{one.starts:%H:%M}–{one.ends:%H:%M} {one.kind}{' ' + one.title if one.title else ''}"
        for one in day_plan(day, facts, now, **window)
    ]


def test_plan_of_a_day_says_each_stretch_once():
    facts = room(
        taken("11:00", "14:00", TakenBy.OWN_PROGRAMME, "Soepcafé"),
        taken("14:00", "18:00"),
        taken("18:00", "19:00"),
        taken("20:00", "22:00", TakenBy.REQUEST),
    )
    assert said(SATURDAY, facts) == [
        "08:00–09:00 closed",
        "09:00–11:00 free",
        "11:00–14:00 own_programme Soepcafé",
        "14:00–19:00 booked",
        "19:00–20:00 free",
        "20:00–22:00 requested",
        "22:00–23:00 free",
        "23:00–00:00 closed",
    ]


def test_plan_of_a_room_without_known_hours_is_free_all_day():
    assert said(SATURDAY, room(hours=())) == ["08:00–00:00 free"]


def test_plan_past_midnight_belongs_to_the_evening():
    facts = room(taken("22:00", "01:00"), hours=(WeeklyHours(5, 9 * 60, 26 * 60),))
    assert said(SATURDAY, facts, from_minute=20 * 60, to_minute=27 * 60) == [
        "20:00–22:00 free",
        "22:00–01:00 booked",
        "01:00–02:00 free",
        "02:00–03:00 closed",
    ]


def test_plan_of_a_closed_day_says_why():
    facts = room(taken("00:00", "23:45", TakenBy.CLOSURE, "Verlof"), taken("14:00", "18:00"))
    assert said(SATURDAY, facts, to_minute=23 * 60) == ["08:00–23:00 closed Verlof"]


def test_plan_says_what_others_asked_and_may_still_be_asked():
    facts = room(
        taken("10:00", "12:00", TakenBy.QUEUED, "Lezing"),
        taken("11:00", "13:00", TakenBy.QUEUED),
        taken("11:30", "12:00"),
    )
    assert said(SATURDAY, facts) == [
        "08:00–09:00 closed",
        "09:00–10:00 free",
        "10:00–11:30 queued Lezing",
        "11:30–12:00 booked",
        "12:00–13:00 queued",
        "13:00–23:00 free",
        "23:00–00:00 closed",
    ]


@pytest.mark.parametrize("now", ["2027-01-16T12:00+00:00", "2026-06-01T12:00+00:00"], ids=["past", "too far"])
def test_plan_does_not_call_for_a_queue_where_nobody_can_ask(now):
    facts = room(taken("10:00", "12:00", TakenBy.QUEUED), taken("07:00", "09:30", TakenBy.QUEUED))
    kind = "past" if now.startswith("2027") else "not_yet"
    assert said(SATURDAY, facts, datetime.fromisoformat(now), to_minute=13 * 60) == [
        "08:00–09:00 closed",
        f"09:00–13:00 {kind}",
    ]


def test_plan_keeps_the_time_to_set_up_and_to_clean_around_what_is_taken():
    facts = room(taken("12:00", "14:00"), setup_minutes=30, cleanup_minutes=45)
    assert said(SATURDAY, facts, from_minute=9 * 60, to_minute=23 * 60) == [
        "09:00–11:15 free",
        "11:15–14:30 booked",
        "14:30–23:00 free",
    ]
    assert said(SATURDAY, facts, from_minute=9 * 60, to_minute=23 * 60, with_own_buffers=False) == [
        "09:00–12:00 free",
        "12:00–14:00 booked",
        "14:00–23:00 free",
    ]


def test_plan_shows_what_begins_just_after_the_window_when_there_is_no_time_left_to_clean():
    facts = room(taken("13:00", "14:00"), cleanup_minutes=30)
    assert said(SATURDAY, facts, from_minute=12 * 60, to_minute=13 * 60) == ["12:00–12:30 free", "12:30–13:00 booked"]


@pytest.mark.parametrize(
    "latest,expected",
    [
        ("22:00", ["20:00–22:00 free", "22:00–03:00 closed"]),
        ("01:00", ["20:00–01:00 free", "01:00–03:00 closed"]),
        ("03:00", ["20:00–02:00 free", "02:00–03:00 closed"]),
    ],
)
def test_plan_ends_at_the_latest_end_or_when_the_house_closes(latest, expected):
    facts = room(hours=(WeeklyHours(5, 9 * 60, 26 * 60),), latest_end=latest)
    assert said(SATURDAY, facts, from_minute=20 * 60, to_minute=27 * 60) == expected


def test_plan_of_a_closing_day_says_its_name():
    special = SpecialDays((SpecialDay(SpecialKind.CITY_CLOSING, "Brugdag", SATURDAY, SATURDAY),))
    facts = replace(room(taken("12:00", "13:00")), special=special)
    assert said(SATURDAY, facts, to_minute=14 * 60) == [
        "08:00–12:00 closed Brugdag",
        "12:00–13:00 booked",
        "13:00–14:00 closed Brugdag",
    ]


def test_plan_of_a_closed_season_is_closed():
    assert said(SATURDAY, room(closed_season=["11-01", "03-31"])) == ["08:00–00:00 closed"]


@pytest.mark.parametrize(
    "day,rules,expected",
    [
        ("2026-11-22", {}, ["08:00–09:00 closed", "09:00–23:00 past", "23:00–00:00 closed"]),
        (
            "2026-11-23",
            {},
            ["08:00–09:00 closed", "09:00–10:15 past", "10:15–23:00 free_but_soon", "23:00–00:00 closed"],
        ),
        ("2026-12-20", {}, ["08:00–09:00 closed", "09:00–23:00 free_but_soon", "23:00–00:00 closed"]),
        ("2026-12-20", {"exceptions": []}, ["08:00–09:00 closed", "09:00–23:00 not_yet", "23:00–00:00 closed"]),
        ("2026-12-21", {}, ["08:00–09:00 closed", "09:00–23:00 free", "23:00–00:00 closed"]),
        ("2027-05-23", {}, ["08:00–09:00 closed", "09:00–23:00 free", "23:00–00:00 closed"]),
        ("2027-05-24", {}, ["08:00–09:00 closed", "09:00–23:00 not_yet", "23:00–00:00 closed"]),
    ],
    ids=["yesterday", "today", "soon", "soon, no exceptions", "first day", "last day", "too far"],
)
def test_free_stretch_is_what_it_is_to_somebody_who_asks_now(day, rules, expected):
    assert said(date.fromisoformat(day), room(**rules)) == expected


@pytest.mark.parametrize(
    "day,now", [(SPRING, datetime(2027, 2, 1, tzinfo=UTC)), (AUTUMN, datetime(2026, 9, 1, tzinfo=UTC))]
)
def test_plan_of_the_days_the_clock_changes_shows_wall_times(day, now):
    facts = room(taken("00:30", "04:00", day=day), taken("10:00", "12:00", day=day), hours=())
    assert said(day, facts, now, from_minute=0) == [
        "00:00–00:30 free",
        "00:30–04:00 booked",
        "04:00–10:00 free",
        "10:00–12:00 booked",
        "12:00–00:00 free",
    ]


DAYS = st.sampled_from([SATURDAY, SPRING, AUTUMN, date(2028, 2, 29), NOW.date(), SPRING - timedelta(days=1)])
HELD = st.lists(
    st.tuples(st.integers(-8 * 4, 30 * 4), st.integers(1, 60), st.sampled_from(list(TakenBy)), st.sampled_from("ab")),
    max_size=6,
)
HOURS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 95), st.integers(1, 60)).map(
        lambda line: WeeklyHours(line[0], line[1] * QUARTER, min((line[1] + line[2]) * QUARTER, 30 * 60))
    ),
    max_size=10,
)


def held_on(day: date, rows) -> tuple[Taken, ...]:
    """Stretches that really pass, from so many quarters after midnight on, over any change of the clock."""
    midnight = epoch(to_utc(datetime.combine(day, time())))
    return tuple(
        Taken(midnight + start * 900, midnight + (start + length) * 900, by, title) for start, length, by, title in rows
    )


@given(DAYS, HELD, HOURS, st.integers(0, 40), st.integers(1, 72), st.integers(-3, 3))
def test_stretches_tile_the_window_without_gap_or_overlap(day, rows, hours, first, length, days):
    facts = room(*held_on(day, rows), hours=tuple(hours))
    window = (first * QUARTER, (first + length) * QUARTER)
    plan = day_plan(day, facts, NOW + timedelta(days=days), from_minute=window[0], to_minute=window[1])
    edges = [plan[0].from_minute, *(one.to_minute for one in plan)]
    assert (edges[0], edges[-1]) == window
    assert edges == sorted(set(edges))
    assert [one.from_minute for one in plan[1:]] == edges[1:-1]
    assert all((one.kind, one.title) != (other.kind, other.title) for one, other in pairwise(plan))


@given(DAYS, HELD, HOURS)
@example(AUTUMN, [(9, 6, TakenBy.BOOKING, "a")], [])
def test_stretch_that_is_taken_is_never_shown_as_free(day, rows, hours):
    facts = room(*held_on(day, rows), hours=tuple(hours))
    for one in day_plan(day, facts, NOW, from_minute=3 * 60):
        if one.kind in KIND_OF_TAKEN.values():
            continue
        midnight = datetime.combine(day, time())
        starts, ends = (epoch(to_utc(midnight + timedelta(minutes=edge))) for edge in (one.from_minute, one.to_minute))
        in_the_way = [held for held in facts.taken if held.by is not TakenBy.QUEUED]
        assert [held for held in in_the_way if held.from_epoch < ends and starts < held.to_epoch] == []


BUFFERS = st.sampled_from([0, 0, 15, 45])


@given(DAYS, HELD, HOURS, BUFFERS, BUFFERS, st.sampled_from([None, "22:00", "01:00"]))
def test_stretch_that_is_free_to_ask_has_no_obstacle(day, rows, hours, setup, cleanup, latest):
    rules = {"setup_minutes": setup, "cleanup_minutes": cleanup, "latest_end": latest}
    facts = room(*held_on(day, rows), hours=tuple(hours), **rules)
    for one in day_plan(day, facts, NOW, from_minute=6 * 60):
        if one.kind in (StretchKind.FREE, StretchKind.QUEUED):
            starts = datetime.combine(day, time()) + timedelta(minutes=one.from_minute)
            # The first quarter, and all of it: the plan is right about every moment of the stretch.
            for minutes in {QUARTER, one.minutes}:
                slot = Slot.between(starts, starts + timedelta(minutes=minutes))
                codes = {found.code for found in obstacles(Need(slot), facts, NOW)}
                assert codes <= (set() if one.kind is StretchKind.FREE else {Code.TOO_SOON})


def test_free_moments_are_the_nearest_first():
    lost = Slot.on(SATURDAY, time(14), time(18))
    facts = room(taken("14:00", "18:00"))
    assert [(one.starts, one.ends) for one in free_moments(lost, facts, NOW)] == [
        (datetime(2027, 1, 16, 18), datetime(2027, 1, 16, 22)),
        (datetime(2027, 1, 16, 10), datetime(2027, 1, 16, 14)),
        (datetime(2027, 1, 17, 14), datetime(2027, 1, 17, 18)),
        (datetime(2027, 1, 15, 14), datetime(2027, 1, 15, 18)),
    ]


def test_free_moments_leave_out_what_others_wait_for():
    lost = Slot.on(SATURDAY, time(14), time(18))
    facts = room(taken("14:00", "18:00"), taken("18:00", "22:00", TakenBy.QUEUED))
    assert free_moments(lost, facts, NOW, limit=1) == [Slot.on(SATURDAY, time(10), time(14))]


def test_free_moments_are_free_for_who_asks_and_for_what():
    lost = Slot.on(SATURDAY, time(14), time(18))
    facts = room(taken("09:00", "23:00"), neighbourhood_first=54)
    stranger = Need(lost, is_neighbour=False)
    assert [one.day for one in free_moments(lost, facts, NOW, limit=2)] == [date(2027, 1, 17), date(2027, 1, 15)]
    assert [one.day for one in free_moments(lost, facts, NOW, limit=2, need=stranger)] == [
        date(2027, 1, 15),
        date(2027, 1, 14),
    ]
    assert free_moments(lost, room(capacity=10), NOW, need=Need(lost, people=11)) == []


def test_free_moments_keep_the_time_to_set_up_and_to_clean():
    lost = Slot.on(SATURDAY, time(14), time(18))
    facts = room(taken("14:00", "18:00"), setup_minutes=30, cleanup_minutes=60)
    assert free_moments(lost, facts, NOW, limit=2) == [
        Slot.on(SATURDAY, time(18, 30), time(22, 30)),
        Slot.on(SATURDAY, time(9), time(13)),
    ]


def test_free_moments_of_a_room_that_is_never_free_are_none():
    lost = Slot.on(SATURDAY, time(14), time(18))
    assert free_moments(lost, room(hours=(WeeklyHours(2, 9 * 60, 10 * 60),)), NOW) == []


def test_free_moments_keep_their_wall_time_across_the_change_of_the_clock():
    lost = Slot.on(SPRING, time(14), time(18))
    facts = room(taken("09:00", "23:00", day=SPRING))
    now = datetime(2027, 2, 1, tzinfo=UTC)
    assert [one.starts.isoformat() for one in free_moments(lost, facts, now, limit=2)] == [
        "2027-03-29T14:00:00",
        "2027-03-27T14:00:00",
    ]


@settings(max_examples=60)
@given(DAYS, HELD, HOURS, st.integers(0, 90), st.integers(1, 40))
def test_free_moment_has_no_obstacle_and_none_overlaps_another(day, rows, hours, start, length):
    starts = datetime.combine(day, time()) + timedelta(minutes=start * QUARTER)
    try:
        lost = Slot.between(starts, starts + timedelta(minutes=length * QUARTER))
    except NotASlot:
        return
    facts = room(*held_on(day, rows), hours=tuple(hours))
    found = free_moments(lost, facts, NOW)
    assert [obstacles(Need(one), facts, NOW) for one in found] == [[]] * len(found)
    assert [one.overlaps(other) for one in found for other in found if one is not other and one.overlaps(other)] == []
    assert all(one.ends - one.starts == lost.ends - lost.starts for one in found)
    first, last = span_around(lost, DAYS_AROUND)
    assert all(first <= one.from_epoch and one.to_epoch <= last for one in found)
    assert len(found) <= 4


@pytest.mark.parametrize(
    "hours,expected",
    [
        ((), (480, 1440)),
        ((WeeklyHours(0, 9 * 60, 12 * 60),), (540, 720)),
        ((WeeklyHours(0, 9 * 60 + 30, 12 * 60 + 15),), (540, 780)),
        ((WeeklyHours(0, 10 * 60, 12 * 60), WeeklyHours(5, 14 * 60, 25 * 60)), (600, 1500)),
    ],
)
def test_week_table_runs_over_whole_hours(hours, expected):
    assert grid_hours(room(hours=hours)) == expected


def test_span_of_days_runs_from_midnight_to_six_after_the_last():
    first, last = span_of_days(SPRING, 7)
    assert (from_epoch(first), from_epoch(last)) == (datetime(2027, 3, 28), datetime(2027, 4, 4, 6))


def test_what_is_left_of_today_begins_at_a_quarter():
    now = datetime(2027, 1, 16, 12, 7, tzinfo=UTC)
    plan = day_plan(SATURDAY, room(lead_days=0), now, from_minute=12 * 60, to_minute=16 * 60)
    assert [(one.kind, one.from_minute, one.to_minute) for one in plan] == [
        (StretchKind.PAST, 12 * 60, 13 * 60 + 15),
        (StretchKind.FREE, 13 * 60 + 15, 16 * 60),
    ]
