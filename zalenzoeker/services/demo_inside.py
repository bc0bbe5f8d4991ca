"""What the demonstration holds inside the open hours of a house, and what it shields: one of each."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from zalenzoeker.domain import availability
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.programme import Line
from zalenzoeker.domain.requests import Action
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services import checking, demo_wishes, houses
from zalenzoeker.services.demo_facts import ASSOCIATIONS, DRONGEN, MARCEL, Group
from zalenzoeker.storage import city, requests

SEWING, TALKING, MOURNING = "Naaiatelier voor iedereen", "Zelfhulpgroep", "Praatgroep rouw"
# Weekdays (0 is Monday) and whole hours.
SEWING_AT, TALKING_AT, MOURNING_AT = (2, 14, 16), (1, 19, 21), (0, 10, 12)
WEEKS = 10


def make(now: datetime) -> int:
    """An activity that takes no room, a shielded one, and a shielded line of the house's own week.

    Returns how many requests that took. What cannot be had, as the house is missing, is left out.
    """
    room = next((one for one in city.city().rooms if one.venue_slug == DRONGEN and one.offers_inside), None)
    if room is None or not requests_go_to_marcel(room):
        return 0
    weekday, first, last = MOURNING_AT
    line = Line(room.slug, MOURNING, weekday, first * 60, last * 60, is_public=False, is_shielded=True)
    houses.add_line(DRONGEN, line, by=demo_wishes.actor_of(MARCEL), now=now)
    sewing = _ask(room, SEWING, SEWING_AT, ASSOCIATIONS[2], now, takes_space=False)
    talking = _ask(room, TALKING, TALKING_AT, ASSOCIATIONS[1], now, takes_space=True)
    return sum((sewing, talking))


def requests_go_to_marcel(room: KnownRoom) -> bool:
    """Whether the demonstration's desk of this house is there."""
    return any(line.venue_id == room.venue_id for line in city.city().routing)


def _ask(
    room: KnownRoom, title: str, at: tuple[int, int, int], group: Group, now: datetime, *, takes_space: bool
) -> bool:
    """Asked and confirmed two days ago: for everybody where it takes no room, else shielded."""
    asked_at = now - timedelta(days=2)
    weekday, first, last = at
    day = availability.first_day(room.rules, now, room.special) + timedelta(weeks=1)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    for one in (day + timedelta(weeks=number) for number in range(WEEKS)):
        wish = demo_wishes.wish_of(
            group, room.code, _slot(one, first, last), activity=title, people=10, is_public=not takes_space
        )
        wish = replace(wish, takes_space=takes_space, is_shielded=takes_space)
        if checking.look(wish, ANYONE, asked_at, is_judged_whole=False):
            continue
        code = demo_wishes.send(wish, by=demo_wishes.actor_of(group.person), now=asked_at)
        found = requests.by_code(code) if code else None
        if found is not None:
            demo_wishes.decide(found, Action.APPROVE, by=demo_wishes.actor_of(MARCEL), now=asked_at)
        return found is not None
    return False


def _slot(day: date, first: int, last: int) -> Slot:
    return Slot.on(day, time(first), time(last))
