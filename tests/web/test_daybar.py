"""The day of a room in one line: what is closed, what holds it, and the frame around the asked hours."""

import re
from datetime import date

import pytest

from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.web.daybar import drawn, frame, ground, hour_marks

DAY = wall_day(date(2027, 1, 16))
BLOCK = re.compile(r'<rect class="(\w+)" x="(\d+)" y="[\d.]+" width="(\d+)"')


def at(hour):
    return DAY.seconds(hour * 60)


def blocks(opened, held, asked=""):
    """What stands in the line, as (look, x, width), from below."""
    found = drawn(ground(opened), held, DAY, asked)
    return [(look, int(x), int(width)) for look, x, width in BLOCK.findall(found)]


def test_line_shows_closed_hours_below_what_holds_the_room():
    held = [(at(10), at(12), "own_programme"), (at(20), at(25), "booking")]
    assert blocks([(9 * 60, 23 * 60)], held, frame("ask", (14 * 60, 18 * 60))) == [
        ("off", 0, 20),
        ("off", 300, 20),
        ("own", 40, 40),
        ("busy", 240, 80),
        ("ask", 120, 80),
    ]


def test_line_of_a_closed_day_is_closed_from_end_to_end():
    assert blocks([], []) == [("off", 0, 320)]


def test_line_of_a_house_that_closes_at_noon_shows_it():
    assert blocks([(9 * 60, 12 * 60), (13 * 60, 24 * 60)], []) == [("off", 0, 20), ("off", 80, 20)]


def test_what_lies_outside_the_line_is_not_drawn():
    assert blocks([(0, 7 * 60), (8 * 60, 24 * 60)], [(at(1), at(7), "booking")]) == []


def test_frame_is_higher_than_the_blocks():
    assert str(drawn(ground([(480, 1440)]), [(at(8), at(9), "queued")], DAY, frame("clash", (600, 660)))) == (
        '<rect class="pend" x="0" y="4" width="20" height="20" rx="2"/>'
        '<rect class="clash" x="40" y="1.5" width="20" height="25" rx="2"/>'
    )


@pytest.mark.parametrize(
    "asked, hours",
    [
        (None, [8, 12, 16, 20, 24]),
        ((14 * 60, 18 * 60), [8, 12, 14, 16, 18, 20, 24]),
        ((12 * 60 + 30, 17 * 60), [8, 12, 17, 20, 24]),
        ((20 * 60, 25 * 60), [8, 12, 16, 20, 24]),
    ],
)
def test_asked_hours_are_named_and_others_leave_them_room(asked, hours):
    assert [hour for _x, hour in hour_marks(asked)] == hours
