"""The stage of the heavy proofs: how big they are, and a hall that takes any number of requests."""

import os
from collections.abc import Iterator
from datetime import date, timedelta

from tests.builders import NOW, make_account, make_desk, make_room
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import days_from
from zalenzoeker.services import accounts
from zalenzoeker.storage.models import Room

FULL = os.environ.get("TORTURE") == "full"
FIRST_DAY = date(2027, 1, 4)
LAST_DAY = date(2027, 5, 20)
OPENS, CLOSES = 9, 23
WITHOUT_END = 1_000_000

Hour = tuple[str, str, str]


def size(full: int) -> int:
    """So many at full size; a tenth of it in the gate, at least one."""
    return full if FULL else -(-full // 10)


def make_hall(slug: str = "zaal") -> Room:
    """A room of a house with a desk that has one address, where one person may have any number of requests open."""
    room = make_room(slug, rules={RuleName.OPEN_REQUESTS: WITHOUT_END})
    make_desk(venue=room.venue, email=f"balie@{room.venue.slug}.example")
    return room


def address_of(room: Room) -> str:
    return f"{room.venue.slug}/{room.slug}"


def make_asker(number: int) -> str:
    """Somebody who can ask, known; returns the one-time token to sign in with."""
    email = f"vrager{number}@post.example"
    make_account(email, "An Peeters")
    return accounts.make_link(email, now=NOW)


def hours() -> Iterator[Hour]:
    """Hours that touch but do not overlap, day after day, as a form takes them: the day, from, to."""
    for day in days_from(FIRST_DAY, (LAST_DAY - FIRST_DAY) // timedelta(days=1)):
        for hour in range(OPENS, CLOSES):
            yield day.isoformat(), f"{hour:02d}:00", f"{hour + 1:02d}:00"
