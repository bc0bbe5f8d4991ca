"""Activities inside the open hours of a house: which houses take them, and what lies inside."""

from datetime import date, time

import pytest

from zalenzoeker.domain.inside import is_offered, is_within
from zalenzoeker.domain.places import VenueKind
from zalenzoeker.domain.slots import Slot, WeeklyHours

SATURDAY, SUNDAY = date(2027, 1, 16), date(2027, 1, 17)
EVENING = (WeeklyHours(5, 18 * 60, 25 * 60),)
# Each row: the sentence, what the house says, its kind, whether its hours are known, and the answer.
HOUSES = [
    ("an Open Huis that says nothing", None, VenueKind.OPEN_HUIS, True, True),
    ("a buurtcentrum that says nothing", None, VenueKind.BUURTCENTRUM, True, True),
    ("a buurthuis that says nothing: its manager decides", None, VenueKind.BUURTHUIS, True, False),
    ("an LDC that says nothing: it has a programme of its own", None, VenueKind.LDC, True, False),
    ("another building of the city that says nothing", None, VenueKind.CITY, True, False),
    ("a private house that says nothing", None, VenueKind.PRIVATE, True, False),
    ("an Open Huis that says no", False, VenueKind.OPEN_HUIS, True, False),
    ("a buurthuis that says yes", True, VenueKind.BUURTHUIS, True, True),
    ("an Open Huis whose hours nobody knows", None, VenueKind.OPEN_HUIS, False, False),
    ("a buurthuis that says yes, whose hours nobody knows", True, VenueKind.BUURTHUIS, False, False),
]


@pytest.mark.parametrize("said,kind,is_known,answer", [row[1:] for row in HOUSES], ids=[row[0] for row in HOUSES])
def test_house_offers_its_open_hours(said, kind, is_known, answer):
    assert is_offered(said, kind, EVENING if is_known else ()) is answer


def test_every_kind_of_house_has_a_row():
    assert {row[2] for row in HOUSES if row[1] is None and row[3]} == set(VenueKind)


@pytest.mark.parametrize(
    "day,starts,ends,answer",
    [
        (SATURDAY, "18:00", "01:00", True),
        (SATURDAY, "17:45", "20:00", False),
        (SATURDAY, "20:00", "01:15", False),
        (SUNDAY, "00:00", "01:00", True),
        (SUNDAY, "18:00", "20:00", False),
    ],
    ids=["all of it", "from before", "till after", "after midnight, of the evening before", "another day"],
)
def test_date_lies_wholly_inside(day, starts, ends, answer):
    slot = Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))
    assert is_within(slot, EVENING) is answer


def test_nothing_lies_inside_hours_that_nobody_knows():
    assert is_within(Slot.on(SATURDAY, time(14), time(16)), ()) is False
