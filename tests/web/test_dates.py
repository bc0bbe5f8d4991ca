"""How hours are said on a page: in full, where there is little room, and when it is a whole day."""

from datetime import datetime, timedelta

import pytest

from tests.browser import dutch
from tests.builders import at, make_closure, make_request, make_room
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import Slot
from zalenzoeker.web.around import same_day
from zalenzoeker.web.dates import hours, hours_short, minutes_short

MIDNIGHT = datetime(2027, 1, 16)
DAY = timedelta(days=1)
WHOLE = Slot(MIDNIGHT, MIDNIGHT + DAY)


@pytest.mark.parametrize(
    "slot, in_full, short",
    [
        (at("14:00", "18:00"), "14.00 tot 18.00 uur", "14.00–18.00"),
        (at("20:00", "01:00"), "20.00 tot zondag 1.00 uur", "20.00–1.00"),
        (WHOLE, "hele dag", "hele dag"),
        (Slot(MIDNIGHT, MIDNIGHT + 2 * DAY), "0.00 tot maandag 0.00 uur", "0.00–0.00"),
    ],
)
def test_hours_of_a_slot_are_said_in_full_and_short(app, slot, in_full, short):
    with app.test_request_context():
        assert (hours(slot), hours_short(slot)) == (in_full, short)


@pytest.mark.parametrize(
    "minutes, short", [((540, 1380), "9.00–23.00"), ((0, 1440), "hele dag"), ((0, 600), "0.00–10.00")]
)
def test_minutes_of_a_day_are_said_short(app, minutes, short):
    with app.test_request_context():
        assert minutes_short(*minutes) == short


def test_desk_reads_that_a_closure_lasts_all_day(app, drongen):
    room = make_room("klein", venue=drongen.venue, rules={RuleName.PENDING: {"default": "queue"}})
    request = make_request(Status.REQUESTED, room=room)
    make_closure(room, request.first.slot.day, reason="Schilders")
    with app.test_request_context():
        said = same_day([request.first], at().starts_at - timedelta(days=40))
        assert said == {request.first.id: [f"{dutch('all day')} Schilders"]}
