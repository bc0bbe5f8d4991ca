"""Series: which days follow from a pattern, what a change in one touches, and when weekly use is asked anew."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zalenzoeker.domain.series import (
    LAST,
    MOST_DATES,
    NoDates,
    NoEnd,
    NotAPattern,
    NotTheLast,
    OutOfReach,
    Pattern,
    PatternKind,
    Scope,
    SeriesDate,
    TooManyDates,
    in_scope,
    is_shrunk,
    nth_of,
    renewal_due,
)
from zalenzoeker.domain.slots import DoubledHour, EndsBeforeStart, MissingHour, Slot, add_months

EVENING = (time(19), time(22))
THURSDAY = date(2027, 1, 7)
WEEKLY, FORTNIGHTLY, MONTHLY, LOOSE = PatternKind


def day(text: str) -> date:
    return date.fromisoformat(text)


def days_of(words: str) -> list[date]:
    return [day(word) for word in words.split()]


@pytest.mark.parametrize(
    "sentence, kind, first, end, days",
    [
        ("every Thursday, four times", WEEKLY, "2027-01-07", 4, "2027-01-07 2027-01-14 2027-01-21 2027-01-28"),
        ("every Thursday until a Thursday, which counts", WEEKLY, "2027-01-07", "2027-01-14", "2027-01-07 2027-01-14"),
        ("every Thursday until a Wednesday", WEEKLY, "2027-01-07", "2027-01-20", "2027-01-07 2027-01-14"),
        ("until its own first day", WEEKLY, "2027-01-07", "2027-01-07", "2027-01-07"),
        ("over New Year, in a year of 53 weeks", WEEKLY, "2026-12-24", 3, "2026-12-24 2026-12-31 2027-01-07"),
        ("every Tuesday over a leap day", WEEKLY, "2028-02-22", 3, "2028-02-22 2028-02-29 2028-03-07"),
        ("every two weeks", FORTNIGHTLY, "2027-01-07", "2027-02-10", "2027-01-07 2027-01-21 2027-02-04"),
        ("every two weeks over New Year", FORTNIGHTLY, "2026-12-24", 2, "2026-12-24 2027-01-07"),
        ("every first Friday", MONTHLY, "2027-01-01", 3, "2027-01-01 2027-02-05 2027-03-05"),
        ("every second Thursday", MONTHLY, "2027-01-14", 3, "2027-01-14 2027-02-11 2027-03-11"),
        ("every fourth Friday, also of five", MONTHLY, "2027-03-26", 3, "2027-03-26 2027-04-23 2027-05-28"),
        ("a fifth Friday means the last", MONTHLY, "2027-01-29", 4, "2027-01-29 2027-02-26 2027-03-26 2027-04-30"),
        ("a fifth one on a leap day", MONTHLY, "2028-02-29", 3, "2028-02-29 2028-03-28 2028-04-25"),
        ("every last Tuesday, over a leap day", MONTHLY, "2028-01-25 last", 2, "2028-01-25 2028-02-29"),
        ("every last Friday, of four", MONTHLY, "2027-02-26 last", 3, "2027-02-26 2027-03-26 2027-04-30"),
        ("every third Monday, over New Year", MONTHLY, "2026-12-21", "2027-02-14", "2026-12-21 2027-01-18"),
    ],
)
def test_pattern_has_these_days(sentence, kind, first, end, days):
    starts, _, last = first.partition(" ")
    ends = {"count": end} if isinstance(end, int) else {"until": day(end)}
    pattern = Pattern(kind, day(starts), *EVENING, **ends, is_last=last == "last")
    assert pattern.days() == days_of(days), sentence
    assert pattern.last_day == days_of(days)[-1]


def test_loose_days_are_put_in_order_and_each_once():
    days = days_of("2027-03-02 2027-01-07 2027-03-02 2028-02-29")
    pattern = Pattern.on_days(days, *EVENING)
    assert pattern.days() == days_of("2027-01-07 2027-03-02 2028-02-29")
    assert (pattern.kind, pattern.first) == (LOOSE, THURSDAY)


@pytest.mark.parametrize(
    "sentence, why, words",
    [
        ("it has no end", NoEnd, {}),
        ("it has two ends", NoEnd, {"count": 3, "until": date(2027, 2, 1)}),
        ("it ends before it begins", NoDates, {"until": date(2027, 1, 6)}),
        ("it is on no date at all", NoDates, {"count": 0}),
        ("it is on fewer dates than none", NoDates, {"count": -1}),
        ("sixty-one dates are too many", TooManyDates, {"count": 61}),
        ("a year and a half of weeks is too many", TooManyDates, {"until": date(2028, 7, 1)}),
        ("a week has no last day of the month", NotTheLast, {"count": 3, "is_last": True}),
        ("the 7th is not the last Thursday", NotTheLast, {"count": 3, "is_last": True, "kind": MONTHLY}),
        ("it has loose days and is weekly", NotAPattern, {"count": 3, "loose": (THURSDAY,)}),
        ("no loose day was chosen", NoDates, {"kind": LOOSE}),
        ("loose days have no count", NotAPattern, {"kind": LOOSE, "loose": (THURSDAY,), "count": 1}),
        ("loose days begin elsewhere", NotAPattern, {"kind": LOOSE, "loose": (date(2027, 1, 8),)}),
        ("loose days are in disorder", NotAPattern, {"kind": LOOSE, "loose": (THURSDAY, date(2027, 1, 6))}),
        ("it is long ago", OutOfReach, {"first": date(1999, 12, 31), "count": 1}),
        ("it never ends", OutOfReach, {"until": date.max}),
        ("it is later than anybody plans", OutOfReach, {"first": date(2101, 1, 1), "count": 1}),
        ("it ends when it begins", EndsBeforeStart, {"count": 1, "from_time": time(22)}),
        ("it ends after the morning", EndsBeforeStart, {"count": 1, "to_time": time(6, 1)}),
    ],
)
def test_pattern_that_cannot_be_is_refused_for_its_reason(sentence, why, words):
    values = {"kind": WEEKLY, "first": THURSDAY, "from_time": time(19), "to_time": time(22)} | words
    with pytest.raises(ValueError) as refused:
        Pattern(**values)
    assert refused.type is why, sentence


def test_loose_days_are_refused_when_none_or_too_many_are_chosen():
    with pytest.raises(NoDates):
        Pattern.on_days([], *EVENING)
    many = [THURSDAY + timedelta(days=number) for number in range(MOST_DATES + 1)]
    assert Pattern.on_days(many[:-1], *EVENING).days() == many[:-1]
    with pytest.raises(TooManyDates):
        Pattern.on_days(many, *EVENING)


def test_series_over_both_changes_of_the_clock_keeps_its_wall_time():
    pattern = Pattern(WEEKLY, date(2026, 10, 22), *EVENING, until=date(2027, 4, 1))
    slots = [one.slot for one in pattern.slots()]
    assert {(slot.starts.time(), slot.ends.time(), slot.minutes) for slot in slots} == {(time(19), time(22), 180)}
    assert [slot.starts_at for slot in (slots[0], slots[1], slots[-2], slots[-1])] == [
        datetime(2026, 10, 22, 17, tzinfo=UTC),
        datetime(2026, 10, 29, 18, tzinfo=UTC),
        datetime(2027, 3, 25, 18, tzinfo=UTC),
        datetime(2027, 4, 1, 17, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    "sentence, first, from_time, to_time, day_of_trouble, why",
    [
        ("it begins in the missing hour", "2027-03-21", time(2), time(4), "2027-03-28", MissingHour),
        ("it ends in the missing hour", "2027-03-20", time(22), time(2, 30), "2027-03-27", MissingHour),
        ("it begins in the doubled hour", "2027-10-24", time(2), time(4), "2027-10-31", DoubledHour),
        ("it ends in the doubled hour", "2027-10-23", time(22), time(2, 30), "2027-10-30", DoubledHour),
    ],
)
def test_date_in_the_night_the_clock_changes_has_its_reason(sentence, first, from_time, to_time, day_of_trouble, why):
    pattern = Pattern(WEEKLY, day(first), from_time, to_time, count=3)
    before, changed, after = pattern.slots()
    assert changed == SeriesDate(day(day_of_trouble), None, why), sentence
    for one in (before, after):
        assert one == SeriesDate(one.day, Slot.on(one.day, from_time, to_time))


def test_end_after_midnight_is_the_next_morning():
    slots = Pattern(WEEKLY, date(2026, 12, 31), time(20), time(1), count=2).slots()
    assert [one.slot.ends for one in slots] == [datetime(2027, 1, 1, 1), datetime(2027, 1, 8, 1)]


@pytest.mark.parametrize(
    "sentence, days, is_weekly, is_renewed",
    [
        ("one evening", "2027-01-07", False, False),
        ("two Thursdays in a row", "2027-01-07 2027-01-14", True, False),
        ("two days in a row", "2027-01-07 2027-01-08", True, False),
        ("a Thursday and the Friday of the next week", "2027-01-07 2027-01-15", False, False),
        ("five Thursdays: four weeks", "2027-01-07 2027-01-14 2027-01-21 2027-01-28 2027-02-04", True, False),
        ("a day longer", "2027-01-07 2027-01-14 2027-01-21 2027-01-28 2027-02-04 2027-02-05", True, True),
    ],
)
def test_use_at_least_once_a_week_is_weekly(sentence, days, is_weekly, is_renewed):
    pattern = Pattern.on_days(days_of(days), *EVENING)
    assert (pattern.is_weekly, pattern.is_renewed) == (is_weekly, is_renewed), sentence


@pytest.mark.parametrize(
    "kind, count, is_weekly", [(WEEKLY, 26, True), (WEEKLY, 1, False), (FORTNIGHTLY, 13, False), (MONTHLY, 6, False)]
)
def test_pattern_is_weekly_only_when_it_comes_every_week(kind, count, is_weekly):
    pattern = Pattern(kind, THURSDAY, *EVENING, count=count)
    assert (pattern.is_weekly, pattern.is_renewed) == (is_weekly, is_weekly)


FIRST_DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))
TIMES = st.sampled_from(
    [EVENING, (time(9), time(12)), (time(20), time(1)), (time(22), time(6)), (time(0), time(2, 15))]
)


@st.composite
def patterns(draw, kinds=tuple(PatternKind)) -> Pattern:
    """Any pattern of at most sixty dates."""
    times = draw(TIMES)
    kind = draw(st.sampled_from(kinds))
    first = draw(FIRST_DAYS)
    if kind is LOOSE:
        days = st.lists(st.integers(0, 700), min_size=1, max_size=MOST_DATES)
        return Pattern.on_days([first + timedelta(days=number) for number in draw(days)], *times)
    is_last = kind is MONTHLY and nth_of(first, LAST) == first and draw(st.booleans())
    if draw(st.booleans()):
        return Pattern(kind, first, *times, count=draw(st.integers(1, MOST_DATES)), is_last=is_last)
    return Pattern(kind, first, *times, until=first + timedelta(days=draw(st.integers(0, 400))), is_last=is_last)


@given(patterns())
def test_days_of_any_pattern_are_ascending_and_within_its_end(pattern):
    days = pattern.days()
    assert days == sorted(set(days))
    assert 1 <= len(days) <= MOST_DATES
    assert days[0] == pattern.first
    assert pattern.count in (None, len(days))
    if pattern.until:
        assert days[-1] <= pattern.until
    assert [one.day for one in pattern.slots()] == days


@given(patterns((WEEKLY, FORTNIGHTLY, MONTHLY)))
def test_days_of_any_pattern_are_on_their_weekday(pattern):
    assert {one.weekday() for one in pattern.days()} == {pattern.first.weekday()}
    steps = {(later - earlier).days for earlier, later in pairwise(pattern.days())}
    assert steps <= {WEEKLY: {7}, FORTNIGHTLY: {14}, MONTHLY: {28, 35}}[pattern.kind]


@given(patterns((MONTHLY,)))
def test_days_of_a_monthly_pattern_are_the_same_one_of_each_month(pattern):
    months = [add_months(pattern.first.replace(day=1), number) for number in range(len(pattern.days()))]
    assert [one.replace(day=1) for one in pattern.days()] == months
    for one in pattern.days():
        if pattern.nth == LAST:
            assert (one + timedelta(days=7)).month != one.month
        else:
            assert (one.day - 1) // 7 + 1 == pattern.nth


@given(patterns())
def test_slots_of_any_pattern_keep_their_wall_time(pattern):
    for one in pattern.slots():
        assert (one.slot is None) is (one.why is not None)
        if one.slot:
            assert (one.slot.starts.time(), one.slot.ends.time()) == (pattern.from_time, pattern.to_time)
            assert one.slot.day == one.day
            assert one.slot.from_epoch < one.slot.to_epoch


@given(patterns())
def test_pattern_survives_being_kept(pattern):
    assert Pattern.from_json(json.loads(json.dumps(pattern.as_json()))) == pattern


def test_pattern_is_kept_in_these_words():
    pattern = Pattern(MONTHLY, date(2027, 2, 26), *EVENING, until=date(2027, 6, 30), is_last=True)
    assert pattern.as_json() == {
        "kind": "monthly_nth",
        "first": "2027-02-26",
        "from": "19:00",
        "to": "22:00",
        "until": "2027-06-30",
        "is_last": True,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "yearly"},
        {"first": "7 januari"},
        {"first": None},
        {"from": "25:00"},
        {"to": "19:00"},
        {"count": "veel"},
        {"count": float("inf")},
        {"count": None},
        {"until": "2027-02-30"},
        {"loose": 3},
    ],
)
def test_words_that_are_no_pattern_are_refused(change):
    kept = Pattern(WEEKLY, THURSDAY, *EVENING, count=3).as_json()
    with pytest.raises(NotAPattern):
        Pattern.from_json(kept | change)


@pytest.mark.parametrize("words", [{}, {"kind": "weekly"}, [], None, "weekly"])
def test_words_without_any_pattern_are_refused(words):
    with pytest.raises(NotAPattern):
        Pattern.from_json(words)


@dataclass(frozen=True)
class Date:
    """One date of a series, in one of its rooms."""

    name: str
    from_epoch: int


@pytest.mark.parametrize(
    "scope, names",
    [(Scope.THIS, "b"), (Scope.FOLLOWING, "b d moved other-room"), (Scope.ALL, "a b d moved other-room")],
)
def test_change_in_a_series_is_about_these_dates(scope, names):
    """The third date was moved behind the fourth, and the second also takes another room."""
    dates = [Date("a", 100), Date("b", 200), Date("d", 400), Date("moved", 450), Date("other-room", 200)]
    assert [one.name for one in in_scope(dates, dates[1], scope)] == names.split()


@pytest.mark.parametrize(
    "sentence, new, shrunk",
    [
        ("the same", ("19:00", "22:00"), True),
        ("begins later", ("19:30", "22:00"), True),
        ("ends sooner", ("19:00", "21:00"), True),
        ("begins sooner", ("18:45", "22:00"), False),
        ("ends later", ("19:00", "22:15"), False),
        ("as long, but later", ("20:00", "23:00"), False),
        ("elsewhere in the day", ("09:00", "10:00"), False),
    ],
)
def test_slot_that_shrinks_takes_nothing_new(sentence, new, shrunk):
    assert is_shrunk(Slot.on(THURSDAY, *EVENING), Slot.on(THURSDAY, *map(time.fromisoformat, new))) is shrunk, sentence


def test_slot_on_another_day_is_not_shrunk():
    assert is_shrunk(Slot.on(THURSDAY, *EVENING), Slot.on(date(2027, 1, 8), *EVENING)) is False


@pytest.mark.parametrize(
    "today, is_due",
    [("2027-05-26", False), ("2027-05-27", True), ("2027-06-23", True), ("2027-06-24", True), ("2027-06-25", False)],
)
def test_weekly_use_is_asked_anew_in_the_four_weeks_before_its_end(today, is_due):
    assert renewal_due(day("2027-06-24"), day(today)) is is_due
