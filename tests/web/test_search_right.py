"""The search is right on every room: what its page says of each is what its own facts say, looked up one by one."""

from collections import Counter
from datetime import date, time, timedelta
from random import Random
from urllib.parse import urlencode

import html5lib
import pytest

from tests.builders import NOW
from zalenzoeker.domain import availability
from zalenzoeker.domain.availability import OVERLAP, Code, Need
from zalenzoeker.domain.slots import Slot, epoch, to_local
from zalenzoeker.services import bench_data
from zalenzoeker.services.bench_data import Size
from zalenzoeker.storage import city, rooms

ROOMS = 120
SAID_BY = {
    "check": "free",
    "hourglass": "requested",
    "cross": "taken",
    "clock": "closed",
    "info": "unfit",
    "out": "ask the house",
}
CLOSED = {Code.CLOSED, Code.CLOSED_SEASON, Code.CITY_CLOSED, Code.OUTSIDE_HOURS}
HOURS = [("09:00", "12:00"), ("13:30", "16:00"), ("18:00", "22:00"), ("19:30", "21:30"), ("12:00", "13:00")]
PEOPLE = [None, 18, 35, 70]
SVG, HTML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def town(app):
    """A town as full as on any day: halls of two halves, houses that queue, hours of their own, time to clean."""
    bench_data.make(Size(venues=60, rooms=ROOMS, bookings=12_000, seed=3), now=NOW)


def wishes() -> list[tuple[date, str, str, int | None]]:
    """Moments soon and late, in every part of the day, for few and for many."""
    chance = Random(3)
    today = to_local(NOW).date()
    days = [today + timedelta(days=number) for number in (1, 15, 30, 61, 90, 118, 150, 200)]
    return [(day, *chance.choice(HOURS), chance.choice(PEOPLE)) for day in days]


def told(app, day: date, starts: str, ends: str, people: int | None) -> dict[str, str]:
    """What the page says of each room."""
    wish = {"dag": day.isoformat(), "van": starts, "tot": ends, "personen": people or ""}
    answer = app.test_client().get(f"/zalen?{urlencode(wish)}")
    assert answer.status_code == 200
    return dict(map(_room_and_answer, html5lib.parse(answer.text).iter(f"{HTML}article")))


def _room_and_answer(row) -> tuple[str, str]:
    address = next(link.get("href") for link in row.find(f".//{HTML}h3"))
    symbol = row.find(f".//{HTML}div[@class='meta']//{SVG}use").get("href").rpartition("#")[2]
    return address.removeprefix("/zalen/"), SAID_BY[symbol]


def true(code: str, day: date, starts: str, ends: str, people: int | None) -> str:
    """What the room's own facts say, read for this room alone by the queries of its own page."""
    room = rooms.by_slug(*code.split("/"))
    slot = Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))
    facts = rooms.facts(room, *availability.span_around(slot), epoch(NOW))
    found = {one.code for one in availability.obstacles(Need(slot, people), facts, NOW)}
    if Code.NOT_ASKED_HERE in found:
        return "ask the house"
    if Code.TOO_MANY_PEOPLE in found:
        return "unfit"
    if found & CLOSED:
        return "closed"
    if found & OVERLAP:
        return "taken"
    if found:
        return "unfit"
    return "requested" if availability.queued_before(slot, facts.taken) else "free"


def test_search_is_right_on_every_room(app, town):
    codes = [room.code for room in city.city().rooms]
    answers: Counter[str] = Counter()
    for wish in wishes():
        said = told(app, *wish)
        assert said == {code: true(code, *wish) for code in codes}, wish
        answers.update(said.values())
    assert len(codes) == ROOMS
    assert set(answers) == {"free", "requested", "taken", "closed", "unfit"}
