"""What visitors of the bench set ask for: each time another room, week, day or wish, the same in every run of a day."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import combinations, count
from random import Random
from urllib.parse import urlencode

from tests.bench.ground import Ground
from tests.torture import proofs
from zalenzoeker import clock
from zalenzoeker.domain.slots import Week, to_local

SEED = 7
HOURS = (("09:00", "12:00"), ("13:30", "16:30"), ("18:00", "22:00"), ("19:30", "22:00"), ("14:00", "18:00"))
PEOPLE = (None, 8, 12, 20, 25, 30, 40, 60)
FACILITIES = (None, None, "keuken", "beamer", "podium")
DAY_PARTS = ("voormiddag", "namiddag", "avond")
NEAREST_DAY, FURTHEST_DAY = 29, 170
THURSDAY, DATES_OF_A_SERIES = 3, 26


@cache
def room_codes(database: str) -> tuple[str, ...]:
    """The rooms as addresses name them: venue/room."""
    query = "SELECT venue.slug, room.slug FROM room JOIN venue ON venue.id = room.venue_id ORDER BY room.id"
    return tuple(f"{venue}/{room}" for venue, room in proofs.rows(database, query))


def room_feeds(ground: Ground) -> list[str]:
    return [f"/kalender/zaal/{code}.ics" for code in room_codes(ground.database)]


def place_feeds(ground: Ground) -> list[str]:
    """The feeds of the places, the one where most happens first."""
    query = (
        "SELECT venue.slug FROM venue JOIN room ON room.venue_id = venue.id"
        " JOIN occurrence ON occurrence.room_id = room.id"
        " GROUP BY venue.slug ORDER BY count(*) DESC, venue.slug"
    )
    return [f"/kalender/locatie/{slug}.ics" for (slug,) in proofs.rows(ground.database, query)]


def theme_feeds(ground: Ground, number: int) -> list[str]:
    """The feeds of every so many together of the themes of which there is most."""
    query = (
        "SELECT activity.theme FROM activity JOIN occurrence ON occurrence.request_id = activity.request_id"
        " GROUP BY activity.theme ORDER BY count(*) DESC, activity.theme LIMIT 5"
    )
    themes = [slug for (slug,) in proofs.rows(ground.database, query)]
    chosen = combinations(themes, number)
    return [f"/kalender/agenda.ics?{urlencode([('thema', one) for one in some])}" for some in chosen]


def today() -> date:
    return to_local(clock.now()).date()


def weeks(ground: Ground) -> Iterator[str]:
    """Weeks of rooms, from a month ago until half a year ahead."""
    codes, this_week = room_codes(ground.database), Week.of(today())
    for number in count():
        # One step further in both at each request: every room comes by before a week of it comes again.
        yield f"/zalen/{codes[number * 7 % len(codes)]}?week={this_week.shifted(number * 5 % 30 - 4)}"


def one_week(ground: Ground) -> Iterator[str]:
    """The same week of the same room, over and over."""
    address = next(weeks(ground))
    while True:
        yield address


def searches(_ground: Ground) -> Iterator[str]:
    """Wishes for a day and hours, some with people and things."""
    chance = Random(SEED)
    while True:
        starts, ends = chance.choice(HOURS)
        day = today() + timedelta(days=chance.randint(NEAREST_DAY, FURTHEST_DAY))
        yield _search(dag=day, van=starts, tot=ends, **_wanted(chance))


def days(_ground: Ground) -> Iterator[str]:
    """Whole days of all rooms."""
    for number in count():
        day = today() + timedelta(days=NEAREST_DAY + number * 13 % (FURTHEST_DAY - NEAREST_DAY))
        yield _search(dag=day)


def series(_ground: Ground) -> Iterator[str]:
    """Every Thursday of half a year, from another week and at another part of the day."""
    chance = Random(SEED)
    thursday = today() + timedelta(days=(THURSDAY - today().weekday()) % 7)
    while True:
        first = thursday + timedelta(weeks=chance.randint(4, 7))
        last = first + timedelta(weeks=DATES_OF_A_SERIES - 1)
        wish = {"dagdeel": chance.choice(DAY_PARTS), "herhaal": "wekelijks", "tot-en-met": last.isoformat()}
        yield _search(dag=first, **wish, **_wanted(chance))


def _wanted(chance: Random) -> dict[str, object]:
    wanted = {"personen": chance.choice(PEOPLE), "faciliteit": chance.choice(FACILITIES)}
    return {name: value for name, value in wanted.items() if value is not None}


def _search(**wish: object) -> str:
    return f"/zalen?{urlencode(wish)}"
