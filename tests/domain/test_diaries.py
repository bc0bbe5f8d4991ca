"""The diary a house keeps elsewhere: which stretches come of it, what is left of them, and how long it counts."""

from datetime import UTC, datetime, timedelta

import pytest

from zalenzoeker.domain.diaries import DiaryKind, counts_until, joined, left_of, window
from zalenzoeker.domain.taken import LONGEST_TAKEN

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = 3600


@pytest.mark.parametrize(
    "circumstance, times, expected",
    [
        ("nothing stays nothing", [], ()),
        ("order does not matter", [(600, 660), (120, 180)], ((120, 180), (600, 660))),
        ("what overlaps is one", [(60, 240), (120, 300)], ((60, 300),)),
        ("what meets is one", [(60, 120), (120, 180)], ((60, 180),)),
        ("what lies inside another is no end of it", [(60, 600), (120, 180)], ((60, 600),)),
        ("seconds are rounded outward, so that the room is never called free too soon", [(61, 179)], ((60, 180),)),
        ("what reaches over the edges is cut", [(-600, 60), (6_600, 9_000)], ((0, 60), (6_600, 7_200))),
        ("what lies outside is left out", [(-600, 0), (7_200, 9_000)], ()),
        ("what ends before it starts is nothing", [(600, 540)], ()),
    ],
)
def test_times_that_meet_are_joined(circumstance, times, expected):
    assert joined(times, 0, 7_200) == expected, circumstance


@pytest.mark.parametrize(
    "circumstance, times, others, expected",
    [
        ("nobody else", [(0, 600)], [], [(0, 600)]),
        ("somebody has all of it", [(60, 600)], [(0, 660)], []),
        ("somebody has the middle", [(0, 600)], [(120, 180)], [(0, 120), (180, 600)]),
        ("somebody has the beginning, another the end", [(60, 600)], [(540, 700), (0, 120)], [(120, 540)]),
        ("one of the others lies over two", [(0, 120), (180, 600)], [(60, 240)], [(0, 60), (240, 600)]),
        (
            "others in disorder and over each other",
            [(0, 600)],
            [(300, 360), (60, 120), (90, 180)],
            [(0, 60), (180, 300), (360, 600)],
        ),
        ("others that only touch", [(60, 120)], [(0, 60), (120, 180)], [(60, 120)]),
        ("three days are two rows", [(0, 72 * HOUR)], [], [(0, LONGEST_TAKEN), (LONGEST_TAKEN, 72 * HOUR)]),
    ],
)
def test_what_is_left(circumstance, times, others, expected):
    assert left_of(times, others) == expected, circumstance


@pytest.mark.parametrize(
    "circumstance, kind, read_at, keep_days, expected",
    [
        ("an address counts a day and an hour", DiaryKind.ADDRESS, NOW, 30, NOW + timedelta(hours=25)),
        ("a file counts as long as the house says", DiaryKind.UPLOAD, NOW, 7, NOW + timedelta(days=7)),
        ("what was never read claimed nothing", DiaryKind.ADDRESS, None, 30, None),
    ],
)
def test_how_long_a_reading_counts(circumstance, kind, read_at, keep_days, expected):
    assert counts_until(kind, read_at, keep_days) == expected, circumstance


def test_window_from_last_midnight_on_the_wall():
    first, last = window(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))  # half past midnight, the 24th
    assert datetime.fromtimestamp(first, UTC) == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert datetime.fromtimestamp(last, UTC) == datetime(2028, 5, 23, 22, 0, tzinfo=UTC)
