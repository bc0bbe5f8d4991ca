"""Which desk decides: the first line that fits, with its reason."""

from datetime import date, time

import pytest

from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.routing import Asked, Line, Route, route
from zalenzoeker.domain.slots import Slot

CITY = Route(99, "")
SATURDAY = date(2027, 1, 16)


def asked(starts: time = time(14), ends: time = time(18), *, kind: RequesterKind = RequesterKind.ASSOCIATION) -> Asked:
    return Asked(venue_id=1, room_id=10, slot=Slot.on(SATURDAY, starts, ends), requester_kind=kind)


@pytest.mark.parametrize(
    "sentence,fits,line",
    [
        ("an empty line fits everything", True, {}),
        ("this place", True, {"venue_id": 1}),
        ("another place", False, {"venue_id": 2}),
        ("this room", True, {"room_id": 10}),
        ("another room of this place", False, {"venue_id": 1, "room_id": 11}),
        ("on Saturdays", True, {"weekdays": frozenset({5})}),
        ("on weekdays", False, {"weekdays": frozenset(range(5))}),
        ("from its first minute", True, {"from_time": time(14)}),
        ("from a minute later", False, {"from_time": time(14, 1)}),
        ("until its first minute", False, {"to_time": time(14)}),
        ("until a minute later", True, {"to_time": time(14, 1)}),
        ("associations", True, {"requester_kind": RequesterKind.ASSOCIATION}),
        ("people who ask for themselves", False, {"requester_kind": RequesterKind.PERSON}),
        (
            "all of it together",
            True,
            {"venue_id": 1, "room_id": 10, "weekdays": frozenset({5}), "from_time": time(9), "to_time": time(17)},
        ),
    ],
)
def test_line_fits_what_it_names(sentence, fits, line):
    assert Line(7, sentence, **line).fits(asked()) is fits
    assert route(asked(), [Line(7, sentence, **line)], CITY) == (Route(7, sentence) if fits else CITY)


def test_first_line_that_fits_wins_and_keeps_its_reason():
    lines = [
        Line(1, "een ander huis", venue_id=2),
        Line(2, "de avond", venue_id=1, from_time=time(18)),
        Line(3, "het huis", venue_id=1),
        Line(4, "iedereen"),
    ]
    assert route(asked(), lines, CITY) == Route(3, "het huis")
    assert route(asked(time(18), time(22)), lines, CITY) == Route(2, "de avond")


def test_request_that_no_line_knows_goes_to_the_city():
    assert route(asked(), [], CITY) == CITY


def test_evening_past_midnight_is_routed_by_its_start():
    evening = Line(5, "de avond", from_time=time(18), weekdays=frozenset({5}))
    assert route(asked(time(20), time(1)), [evening], CITY) == Route(5, "de avond")
