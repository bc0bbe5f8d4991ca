"""What pages cost beside a constant page, on the bench set: a room's week, a search, a day of all rooms, a series."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from tests.bench import addresses
from tests.bench.ground import HALL, ROOMS, Ground
from tests.bench.load import Line, request
from tests.bench.table import Figure, against, at_least
from tests.bench.ways import MANY, WARM_UP, Party, floor_party, in_turns, loops, per_second
from tests.running import Site

WEEK = f"/zalen/{HALL}"
FEED = f"/kalender/zaal/{HALL}.ics"
GROWTH, OTHER_ENGINE = 1.15, 2.0
# The best peer answered so many searches a second over 16 connections, on the same data and machine.
SEARCHES_OF_THE_PEER = 19.4
TURNS = 200


@dataclass(frozen=True)
class Page:
    """A line of the table: what is asked, how often, and how many times as long as the floor it may take.

    ``warm_up``: as of a Party.
    """

    name: str
    addresses: Callable[[Ground], Iterator[str]]
    limit: float | None = None
    turns: int = TURNS
    warm_up: int = WARM_UP

    def party(self, ground: Ground, **headers: str) -> Party:
        return Party(ground.site, self.requests(ground, **headers), self.turns, warm_up=self.warm_up)

    def requests(self, ground: Ground, **headers: str) -> Iterator[bytes]:
        return (request(address, headers) for address in self.addresses(ground))


WEEKS = Page("room's week, varied", addresses.weeks, 30, 300, warm_up=ROOMS // 4)
ONE_WEEK = Page("  one week of one room, over and over", addresses.one_week)
SEARCH = Page("search over all rooms, varied", addresses.searches, 35, 300)
DAY = Page("one day of all rooms, varied", addresses.days, 150, 60)
SERIES = Page("series search, 26 Thursdays, varied", addresses.series, 200, 60)


def p50s(page: Page, grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    """The median of a page on the first ground beside the floor, then the other grounds beside the first."""
    bottom = floor_party(floor)
    parties = [page.party(ground) for ground in grounds]
    loops([bottom, *parties])
    yield from compared(page.name, grounds, parties, bottom, limit=page.limit)


def compared(
    name: str, grounds: Sequence[Ground], parties: Sequence[Party], floor: Party, *, limit: float | None
) -> Iterator[Figure]:
    """A line beside the floor, and below it what it grows to with more bookings, and on the other engine."""
    first, mine = grounds[0], parties[0]
    yield against(f"{name}, p50", mine.p50, floor.p50, limit=limit)
    yield against("  the fastest tenth", mine.p10, floor.p10)
    for ground, party in zip(grounds[1:], parties[1:], strict=True):
        # Each had its loops beside the same floor, so that the floor's own change falls away.
        limit = GROWTH if ground.is_sqlite == first.is_sqlite else OTHER_ENGINE
        yield against(f"  on {ground.name}, beside {first.name}", party.p50, mine.p50, limit=limit)


def week(grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    yield from p50s(WEEKS, grounds, floor)
    yield from p50s(ONE_WEEK, grounds[:1], floor)
    yield from in_turns("  in turns with the floor", WEEKS.party(grounds[0]), floor_party(floor))
    compressed = WEEKS.party(grounds[0], **{"Accept-Encoding": "gzip, deflate, br"})
    yield from in_turns("  compressed, in turns with the floor", compressed, floor_party(floor))
    site = per_second(WEEKS.party(grounds[0]))
    bottom = per_second(floor_party(floor))
    yield at_least(f"  a second, {MANY} connections", site, 0.06 * bottom, "/s", baseline=f"{bottom:.0f}/s, 6 %")


def search(grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    yield from p50s(SEARCH, grounds, floor)
    yield from in_turns("  in turns with the floor", SEARCH.party(grounds[0]), floor_party(floor))
    site = per_second(SEARCH.party(grounds[0]))
    peer = f"peer {SEARCHES_OF_THE_PEER}/s"
    yield at_least(f"  a second, {MANY} connections", site, 12 * SEARCHES_OF_THE_PEER, "/s", baseline=peer)


def day(grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    yield from p50s(DAY, grounds, floor)
    yield from in_turns("  in turns with the floor", DAY.party(grounds[0]), floor_party(floor))


def series(grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    yield from p50s(SERIES, grounds, floor)
    yield from in_turns("  in turns with the floor", SERIES.party(grounds[0]), floor_party(floor))


def landing(site: Site, floor: Site) -> Iterator[Figure]:
    """The landing page of the demonstration."""
    party = Party(site, repeat(request("/")), TURNS)
    yield from in_turns("landing page, in turns with the floor", party, floor_party(floor))


def feed(site: Site, floor: Site) -> Iterator[Figure]:
    """A calendar program that comes back and has everything already."""
    with Line(site.port) as line:
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
    party = Party(site, repeat(asked), TURNS, status=304)
    yield from in_turns("  in turns with the floor", party, floor_party(floor))
