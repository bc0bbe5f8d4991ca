"""The room that the demonstration shows: free every Thursday evening but for three, each for another reason."""

from datetime import date, datetime, time, timedelta

from zalenzoeker.domain import availability
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.programme import span_of
from zalenzoeker.domain.requests import Action
from zalenzoeker.domain.rules import HouseRules
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services import demo_wishes, programme
from zalenzoeker.services.demo_facts import (
    ASKED_WEEK,
    ASSOCIATIONS,
    BOOKED_WEEK,
    CLOSED_WEEK,
    SHOWN_HOURS,
    SHOWN_HOUSE,
    SHOWN_ROOM,
    SHOWN_WEEKDAY,
    Group,
)
from zalenzoeker.storage import accounts, city, desks, requests
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import write_unit

ACTIVITY = "Algemene vergadering"
REASON = "De vloer wordt geboend"


def make(now: datetime) -> int:
    """Book one of the evenings, ask for another, close a third; returns how many requests that took."""
    room = city.city().by_code.get(f"{SHOWN_HOUSE}/{SHOWN_ROOM}")
    if room is None:
        return 0
    first = first_evening(room.rules, now)
    closed = first + timedelta(weeks=CLOSED_WEEK)
    with write_unit():
        lines.free([room.id], *span_of(closed, closed), now)
        programme.close(room.id, closed, closed, REASON, now=now, is_demo=True)
    booked = _ask(room, first + timedelta(weeks=BOOKED_WEEK), ASSOCIATIONS[0], now)
    asked = _ask(room, first + timedelta(weeks=ASKED_WEEK), ASSOCIATIONS[1], now)
    if booked is not None:
        _approve(booked, now)
    return sum(code is not None for code in (booked, asked))


def first_evening(rules: HouseRules, now: datetime) -> date:
    """The first such evening that may be asked now."""
    day = availability.first_day(rules, now)
    return day + timedelta(days=(SHOWN_WEEKDAY - day.weekday()) % 7)


def _ask(room: KnownRoom, day: date, group: Group, now: datetime) -> str | None:
    starts, ends = (time(hour) for hour in SHOWN_HOURS)
    slot = Slot.on(day, starts, ends)
    return demo_wishes.ask(room.code, slot, group, activity=ACTIVITY, people=30, is_public=False, now=now)


def _approve(code: str, now: datetime) -> None:
    request = requests.by_code(code)
    assert request is not None, "it was asked a moment ago"
    desk = desks.by_id(request.desk_id or 0)
    if desk is not None and desk.members:
        demo_wishes.decide(request, Action.APPROVE, by=accounts.actor(desk.members[0]), now=now)
