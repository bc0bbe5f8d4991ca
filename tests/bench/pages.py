"""What pages cost beside a constant page: a room's week, the landing page, a feed that did not change, asking."""

from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice
from statistics import median
from urllib.parse import urlencode

from tests.bench.family import processor_seconds
from tests.bench.ground import HALL, Ground
from tests.bench.load import Line, in_turns, per_second, request
from tests.bench.table import Figure, against
from tests.torture import proofs
from tests.torture.caller import Caller, filled_in, form_of
from zalenzoeker import clock
from zalenzoeker.domain import availability
from zalenzoeker.domain.availability import Need
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import Slot, days_from, epoch
from zalenzoeker.services import accounts
from zalenzoeker.storage import rooms
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Room, RuleLine

WEEK = f"/zalen/{HALL}"
FEED = f"/kalender/zaal/{HALL}.ics"
TURNS = 300
WARM_UP = 20
DAYS = 120
MANY = 16
SECONDS = 4.0
FLOOR_PAGE = request("/")


def _against_floor(
    ground: Ground, name: str, asked: Iterator[bytes] | bytes, *, limit: float | None = None
) -> Iterator[Figure]:
    """The median time of a request beside the median time of the floor, one client, in turns.

    Then the same in processor time, which a machine that is busy with other things does not change.
    """
    ones = iter([asked] * (WARM_UP + TURNS)) if isinstance(asked, bytes) else asked
    with Line(ground.site.port) as site, Line(ground.floor.port) as floor:
        in_turns(site, islice(ones, WARM_UP), floor, FLOOR_PAGE)
        worked = [processor_seconds(server.pid) for server in (ground.site, ground.floor)]
        mine, floors = in_turns(site, islice(ones, TURNS), floor, FLOOR_PAGE)
        work = [
            (processor_seconds(server.pid) - before) / TURNS
            for server, before in zip((ground.site, ground.floor), worked, strict=True)
        ]
    yield against(f"{name}, p50", median(mine), median(floors), limit=limit)
    yield against("  its processor time", *work)


def _answered(ground: Ground, asked: bytes, status: int = 200) -> None:
    with Line(ground.site.port) as line:
        answer = line.ask(asked)
    assert answer.status == status, f"expected {status}:\n{answer.head}"


def week(ground: Ground) -> Iterator[Figure]:
    """A room's week, as its address without a week shows it."""
    for name, headers, limit in (
        ("room week page", {}, 40),
        ("room week page, compressed", {"Accept-Encoding": "gzip, deflate, br"}, None),
    ):
        asked = request(WEEK, headers)
        _answered(ground, asked)
        yield from _against_floor(ground, name, asked, limit=limit)


def loops(ground: Ground) -> Iterator[Figure]:
    """The same two pages, each in a loop of its own: neither cools the other's caches, so the floor is at its best."""
    times = []
    for server, asked in ((ground.site, request(WEEK)), (ground.floor, FLOOR_PAGE)):
        with Line(server.port) as line:
            times.append(median([line.ask(asked).seconds for _ in range(WARM_UP + TURNS)][WARM_UP:]))
    yield against("room week page, p50, loops apart", *times)


def landing(ground: Ground) -> Iterator[Figure]:
    asked = request("/")
    _answered(ground, asked)
    yield from _against_floor(ground, "landing page", asked)


def feed(ground: Ground) -> Iterator[Figure]:
    """A calendar program that comes back and has everything already."""
    with Line(ground.site.port) as line:
        first = line.ask(request(FEED))
        asked = request(FEED, {"If-None-Match": first.header("ETag")})
        again = line.ask(asked)
    yield Figure(
        "unchanged feed, asked again",
        f"{again.status}, {len(again.body)} bytes",
        f"{first.status}, {len(first.body)} bytes",
        limit="304, 0 bytes",
        kept=(again.status, again.body) == (304, b""),
    )
    yield from _against_floor(ground, "unchanged feed", asked)


def rate(ground: Ground) -> Iterator[Figure]:
    """How much the machine carries with a crowd; the crowd itself runs on it too."""
    site = per_second(ground.site.port, request(WEEK), connections=MANY, seconds=SECONDS)
    floor = per_second(ground.floor.port, FLOOR_PAGE, connections=MANY, seconds=SECONDS)
    yield Figure(f"room week pages a second, {MANY} connections", f"{site:.0f}/s", f"{floor:.0f}/s", floor / site)


def ask(ground: Ground) -> Iterator[Figure]:
    """Somebody who has signed in asks for a room: the form is sent, the request is written, the address comes back."""
    now = clock.now()
    with ground.app.app_context():
        room = _without_end()
        slots = list(islice(_free_slots(room, now), WARM_UP + TURNS))
        token = accounts.make_link("vrager@post.example", now=now)
    forms = list(_forms(ground, token, slots))
    yield from _against_floor(ground, "asking for a room", iter(forms))
    asked = len(proofs.rows(ground.database, "SELECT id FROM request WHERE contact_email = 'vrager@post.example'"))
    assert asked == len(forms), f"{len(forms)} forms were sent and {asked} requests are there"


def _without_end() -> Room:
    """The hall, in which one person may now have any number of requests open."""
    room = rooms.by_slug(*HALL.split("/"))
    assert room is not None, f"the register has no {HALL}"
    with write_unit() as session:
        session.add(RuleLine(venue_id=room.venue_id, room_id=room.id, name=RuleName.OPEN_REQUESTS, value=1_000_000))
    return room


def _free_slots(room: Room, now: datetime) -> Iterator[Slot]:
    """Hours that can be asked, day after day."""
    first = availability.first_day(rooms.rules(room), now)
    facts = rooms.facts(room, *availability.span_of_days(first, DAYS), epoch(now))
    for day in days_from(first, DAYS):
        for hour in range(9, 22):
            slot = Slot.on(day, time(hour), time(hour + 1))
            if not availability.obstacles(Need(slot), facts, now):
                yield slot


def _forms(ground: Ground, token: str, slots: list[Slot]) -> Iterator[bytes]:
    """A form for each slot, as the browser of one visit sends it."""
    address = form_of(HALL)
    with Caller(ground.site.port).sign_in(token) as caller:
        form = caller.get(address).hidden
        cookie = {"Cookie": caller.cookie}
    for number, slot in enumerate(slots):
        hours = {"day": slot.day.isoformat(), "starts": f"{slot.starts:%H:%M}", "ends": f"{slot.ends:%H:%M}"}
        fields = filled_in(form, key=f"bench-{number}", **hours)
        yield request(address, cookie, body=urlencode(fields))
