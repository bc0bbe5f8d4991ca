"""The planning board: blocks become lines of quarter hours without gaps, and parts of the days of a week."""

from datetime import date, timedelta

import pytest

from tests.builders import EVERY_DAY, SATURDAY, at
from tests.domain.rooms import a_room
from zalenzoeker.domain.board import Block, board, placed, room_week, standing_at
from zalenzoeker.domain.slots import Slot, WeeklyHours, days_from
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import wall_day

FORWARD, BACK = date(2027, 3, 28), date(2027, 10, 31)
LETTERS = {
    TakenBy.BOOKING: "b", TakenBy.REQUEST: "r", TakenBy.QUEUED: "q", TakenBy.OWN_PROGRAMME: "o", TakenBy.CLOSURE: "x"
}  # fmt: skip
OF = {letter: by for by, letter in LETTERS.items()}


def block(words, day=SATURDAY, **columns):
    """``b 14:00-18:00``"""
    letter, hours = words.split()
    slot = at(*hours.split("-"), day)
    return Block(1, slot.from_epoch, slot.to_epoch, OF[letter], **columns)


def drawn(line):
    """A line as people would draw it: what stands from when till when."""
    return " ".join(
        f"{LETTERS[span.placed.block.by] if span.placed else '.' if span.is_open else '/'}"
        f"{span.from_minute / 60:g}-{span.to_minute / 60:g}"
        for span in line
    )


def lines(*blocks, day=SATURDAY, hours=EVERY_DAY, **columns):
    room = a_room(id=1, hours=tuple(hours), **columns)
    (row,) = board(day, [room], {1: blocks}).rows
    return [drawn(line) for line in row.lines]


OPEN_TILL_MIDNIGHT = tuple(WeeklyHours(weekday, 8 * 60, 24 * 60) for weekday in range(7))
WITH_A_BREAK = (WeeklyHours(5, 9 * 60, 12 * 60), WeeklyHours(5, 13 * 60 + 30, 22 * 60))


@pytest.mark.parametrize(
    "what, blocks, hours, expected",
    [
        ("an empty day", [], OPEN_TILL_MIDNIGHT, [".8-24"]),
        ("one booking", ["b 14:00-18:00"], OPEN_TILL_MIDNIGHT, [".8-14 b14-18 .18-24"]),
        ("from the first to the last minute", ["b 08:00-00:00"], OPEN_TILL_MIDNIGHT, ["b8-24"]),
        ("a break in the hours", ["b 10:00-11:00"], WITH_A_BREAK, [".9-10 b10-11 .11-12 /12-13.5 .13.5-22"]),
        ("two that touch", ["b 10:00-12:15", "o 12:15-14:00"], OPEN_TILL_MIDNIGHT,
            [".8-10 b10-12.25 o12.25-14 .14-24"]),
        (
            "rivals in a queue",
            ["q 18:00-23:00", "q 19:00-22:00", "q 22:00-24:00"],
            OPEN_TILL_MIDNIGHT,
            [".8-18 q18-23 .23-24", "/8-19 q19-22 q22-24"],
        ),
        (
            "a rival of a booking waits below it, wherever it begins",
            ["b 19:00-22:00", "q 18:00-23:00"],
            OPEN_TILL_MIDNIGHT,
            [".8-19 b19-22 .22-24", "/8-18 q18-23 /23-24"],
        ),
        ("before it opens", ["o 07:30-09:00"], OPEN_TILL_MIDNIGHT, ["/7-7.5 o7.5-9 .9-24"]),
        ("after midnight", ["b 20:00-01:30"], OPEN_TILL_MIDNIGHT, [".8-20 b20-25.5 /25.5-26"]),
        ("hours nobody told", ["b 14:00-18:00"], (), [".8-14 b14-18 .18-24"]),
    ],
)  # fmt: skip
def test_line_of_a_day_has_no_gaps(what, blocks, hours, expected):
    found = [block(one.replace("24:00", "00:00")) for one in blocks]
    assert lines(*found, hours=hours) == expected


def test_closure_is_as_long_as_the_hours_of_the_other_days():
    midnight = wall_day(SATURDAY)
    closed = Block(1, midnight.seconds(0), midnight.seconds(24 * 60), TakenBy.CLOSURE, "Verlof")
    assert lines(closed, hours=OPEN_TILL_MIDNIGHT) == ["x8-24"]


def test_day_on_which_nothing_is_open_shows_the_hours_of_the_week():
    on_mondays = (WeeklyHours(0, 10 * 60, 16 * 60),)
    room = a_room(id=1, hours=on_mondays)
    found = board(SATURDAY, [room], {})
    assert [drawn(line) for row in found.rows for line in row.lines] == ["/10-16"]


def test_what_began_the_evening_before_is_of_that_evening():
    party = block("b 22:00-03:00", SATURDAY - timedelta(days=1))
    assert lines(party, hours=OPEN_TILL_MIDNIGHT) == [".8-24"]


def test_half_of_a_room_and_the_other_half_stand_on_two_lines_of_the_whole():
    left, right = block("b 10:00-12:00", title="links"), block("b 11:00-13:00", title="rechts")
    assert lines(left, right, hours=OPEN_TILL_MIDNIGHT) == [".8-10 b10-12 .12-24", "/8-11 b11-13 /13-24"]


@pytest.mark.parametrize("day, expected", [
    (FORWARD, [".8-14 b14-18 .18-24"]),
    (BACK, [".8-14 b14-18 .18-24"]),
])  # fmt: skip
def test_day_on_which_the_clock_changes_shows_what_the_clock_shows(day, expected):
    assert lines(block("b 14:00-18:00", day), day=day, hours=OPEN_TILL_MIDNIGHT) == expected


def test_doubled_hour_shows_both_of_it():
    start = wall_day(BACK).seconds(2 * 60)
    first = Block(1, start, start + 3600, TakenBy.BOOKING)
    second = Block(1, start + 3600, start + 7200, TakenBy.BOOKING)
    expected = ["b2-2.25 /2.25-8 .8-24", "b2-3 /3-24"]
    assert lines(first, second, day=BACK, hours=OPEN_TILL_MIDNIGHT) == expected
    assert [(one.from_minute, one.number) for one in placed(wall_day(BACK), [second, first])] == [(120, 1), (120, 2)]


def test_set_up_and_clean_up_are_taken_but_are_no_hours():
    with_both = block("b 13:30-18:30", setup_minutes=30, cleanup_minutes=30)
    (one,) = placed(wall_day(SATURDAY), [with_both])
    assert (one.on_grid, one.hours) == ((810, 1110), (840, 1080))


def test_standing_at_names_the_one_with_this_number():
    rivals = [block("q 18:00-22:00", uid="a"), block("q 18:00-20:00", uid="b")]
    wall = wall_day(SATURDAY)
    found = [standing_at(wall, rivals, 18 * 60, number) for number in (1, 2, 3)]
    assert [one and one.block.uid for one in found] == ["a", "b", None]
    assert standing_at(wall, rivals, 17 * 60, 1) is None


def test_board_is_as_wide_as_the_widest_room():
    early, late = a_room(id=1, hours=[WeeklyHours(5, 7 * 60, 12 * 60)]), a_room(id=2, hours=EVERY_DAY)
    found = board(SATURDAY, [early, late], {})
    assert [drawn(line) for row in found.rows for line in row.lines] == [".7-12 /12-25", "/7-9 .9-25"]


def test_week_has_a_line_for_each_part_of_the_day():
    room = a_room(id=1, hours=EVERY_DAY)
    days = list(days_from(date(2027, 1, 11), 7))
    long = Block(1, *_epochs(at("11:00", "19:00")), TakenBy.BOOKING, "Lang")
    evening = Block(1, *_epochs(at("20:00", "01:00", days[0])), TakenBy.OWN_PROGRAMME, "Laat")
    week = room_week(days, room, [long, evening])
    said = [[" ".join(one.block.title for one in part.there) for part in line] for line in week.parts]
    assert said == [
        ["", "", "", "", "", "Lang", ""],
        ["", "", "", "", "", "Lang", ""],
        ["Laat", "", "", "", "", "Lang", ""],
    ]


def test_part_of_a_day_is_closed_when_the_room_is():
    room = a_room(id=1, hours=[WeeklyHours(5, 14 * 60, 17 * 60)])
    week = room_week([SATURDAY, SATURDAY + timedelta(days=1)], room, [])
    assert [[part.is_open for part in line] for line in week.parts] == [[False, False], [True, False], [False, False]]


def _epochs(slot: Slot):
    return slot.from_epoch, slot.to_epoch
