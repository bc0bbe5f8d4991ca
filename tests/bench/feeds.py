"""Calendars that programs fetch: made for the first time, fetched again, and by those who have them already."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from statistics import median

from sqlalchemy import select

from tests.bench import addresses
from tests.bench.ground import Ground
from tests.bench.load import Answer, Line, crowd, request
from tests.bench.table import Figure, against, at_least
from tests.bench.ways import FLOOR_PAGE, MANY, Party, floor_party, in_turns, per_second
from tests.running import Site
from zalenzoeker.config import ROOT
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways.feed_store import FeedStore
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Activity, Occurrence, Request, Room, Venue

# How many times as long as the floor a feed of so many dates may take the first time.
ROOM_LIMIT, ROOM_DATES = 145, 870
PLACE_LIMIT, PLACE_DATES = 1_400, 10_000
AGAIN_LIMIT, KNOWN_LIMIT = 10, 14
TURNS, MOST_ROOMS, MOST_PLACES = 200, 60, 5
SUBSCRIBERS = 1_000
CITY_FEED = "/kalender/gent.ics"
# Each theme of the first ground has some five thousand dates.
THEMES_CHOSEN = 2


def feeds(grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    """Rooms on the first ground, the largest places on the next one, which has ten times as many bookings."""
    first, large = grounds[0], grounds[min(1, len(grounds) - 1)]
    rooms = addresses.room_feeds(first)[:MOST_ROOMS]
    yield _first_time("room", first.site, rooms, floor, limit=ROOM_LIMIT / ROOM_DATES)
    places = addresses.place_feeds(large)[:MOST_PLACES]
    yield _first_time("place", large.site, places, floor, limit=PLACE_LIMIT / PLACE_DATES)
    chosen = addresses.theme_feeds(first, THEMES_CHOSEN)
    yield _first_time("choice of themes", first.site, chosen, floor, limit=PLACE_LIMIT / PLACE_DATES)
    yield from _again(first.site, rooms[0], floor, "room")
    yield from _again(large.site, places[0], floor, "place")
    yield from _burst(large, places[0])
    yield _of_the_city(large, places, floor)


def _first_time(name: str, site: Site, feeds: Sequence[str], floor: Site, *, limit: float) -> Figure:
    """Each feed once, in turns with the floor, so that none was kept; ``limit``: for each date, beside the floor."""
    with Line(site.port) as line, Line(floor.port) as bottom:
        for _warm in range(TURNS):
            bottom.ask(FLOOR_PAGE)
        found = [(line.ask(request(one)), bottom.ask(FLOOR_PAGE).seconds) for one in feeds]
    answers = [answer for answer, _seconds in found]
    assert {answer.status for answer in answers} == {200}, "a feed did not come"
    dates = round(median(answer.body.count(b"BEGIN:VEVENT") for answer in answers))
    seconds = median(answer.seconds for answer in answers)
    return against(
        f"feed of a {name}, {dates} dates, first time",
        seconds,
        median(seconds for _answer, seconds in found),
        limit=limit * dates,
    )


def _of_the_city(ground: Ground, places: Sequence[str], floor: Site) -> Figure:
    """The largest feed that there is, each time after a date in it changed."""
    found = []
    for place in places:
        _change(ground, place)
        found.append(_first_time("city", ground.site, [CITY_FEED], floor, limit=PLACE_LIMIT / PLACE_DATES))
    return sorted(found, key=lambda figure: figure.ratio or 0)[len(found) // 2]


def _again(site: Site, feed: str, floor: Site, name: str) -> Iterator[Figure]:
    compressed = {"Accept-Encoding": "gzip, br"}
    asked = request(feed, compressed)
    yield from in_turns(
        f"feed of a {name}, again", Party(site, repeat(asked), TURNS), floor_party(floor), limit=AGAIN_LIMIT
    )
    known = request(feed, {**compressed, "If-None-Match": _mark(site, asked)})
    party = Party(site, repeat(known), TURNS, status=304)
    yield from in_turns(f"feed of a {name}, known already", party, floor_party(floor), limit=KNOWN_LIMIT)
    many, bottom = per_second(Party(site, repeat(known), TURNS, status=304)), per_second(floor_party(floor))
    yield at_least(f"  a second, {MANY} connections", many, 0.25 * bottom, "/s", baseline=f"{bottom:.0f}/s, 25 %")


def _burst(ground: Ground, feed: str) -> Iterator[Figure]:
    """A thousand subscribers who have the feed as it was come at once, right after a date of it changed."""
    asked = request(feed, {"Accept-Encoding": "gzip, br"})
    known = request(feed, {"Accept-Encoding": "gzip, br", "If-None-Match": _mark(ground.site, asked)})
    store, name = FeedStore(ROOT / "var" / "feeds"), ground.site.url + feed
    before = store.times_built(name)
    _change(ground, feed)
    told = crowd(ground.site.port, [[known] * (SUBSCRIBERS // MANY + 1)] * MANY)
    assert set(told.statuses) == {"200"}, f"expected 200: {told.statuses}\n{ground.site.last_words}"
    count = store.times_built(name) - before
    kept = count == 1
    yield Figure(f"{told.statuses['200']:,} subscribers after a change: builds", str(count), limit="1", kept=kept)
    yield Figure("  all answered in", f"{told.seconds:.2f} s, the slowest in {told.slowest:.2f} s")


def _change(ground: Ground, place: str) -> None:
    """Put another title on a date of this place that everybody may see."""
    venue = place.removeprefix("/kalender/locatie/").removesuffix(".ics")
    with ground.app.app_context(), write_unit() as session:
        query = (
            select(Activity).join(Request, Request.id == Activity.request_id).join(Occurrence).join(Room).join(Venue)
        )
        query = query.where(Venue.slug == venue, Occurrence.status == Status.APPROVED, Request.is_public)
        one = session.scalars(query.order_by(Occurrence.starts.desc()).limit(1)).one()
        one.title += " (anders)"


def _mark(site: Site, asked: bytes) -> str:
    with Line(site.port) as line:
        answers: list[Answer] = [line.ask(asked) for _twice in range(2)]
    assert answers[0].body == answers[1].body, "the bytes of a feed changed by being read"
    return answers[0].header("ETag")
