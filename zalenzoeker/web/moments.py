"""Choosing a moment of one room without a table: the days of a month, then the times of a day, then the form."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.availability import Need, RoomFacts, first_day, obstacles
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.dayline import Minutes, open_minutes
from zalenzoeker.domain.moments import DayState, RoomDay, room_day
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import STEP_MINUTES, Slot, Week, add_months, days_from, epoch, to_local
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.storage import city
from zalenzoeker.web.access import public
from zalenzoeker.web.ways import MAY_COME_FREE

blueprint = Blueprint("moments", __name__)

MONTHS_AHEAD = 18
# What somebody may still let go of: a closure or the house's own programme is not waited for.
BY_OTHERS = frozenset({TakenBy.BOOKING, TakenBy.REQUEST})


@blueprint.get("/zalen/<venue>/<room>/dagen")
@public
def days(venue: str, room: str) -> ResponseReturnValue:
    """The days of a month that are still to come, each with what is free."""
    return render_template("moments/days.html", **_month(venue, room))


@blueprint.get("/zalen/<venue>/<room>/maand")
@public
def month(venue: str, room: str) -> ResponseReturnValue:
    """The same month as a table of weeks."""
    return render_template("moments/month.html", **_month(venue, room))


def _month(venue: str, room: str) -> dict[str, Any]:
    known, now = _room(venue, room), clock.now()
    today = to_local(now).date()
    opening = first_day(known.rules, now, known.special)
    first = _asked_month(today) or opening.replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    wanted = list(days_from(first, last.day))
    facts = _facts(known, wanted, now)
    found = _days(known, wanted, facts, now)
    earliest, latest = today.replace(day=1), add_months(today.replace(day=1), MONTHS_AHEAD)
    weeks = [list(of_week) for _week, of_week in groupby(found, key=lambda one: Week.of(one.day))]
    return {
        "room": known,
        "month": first,
        "weeks": weeks,
        "waits": {one.day for one in found if one.state is DayState.FULL and _to_wait_for(one.day, facts, now)},
        "days": [one for one in found if one.day >= today],
        "previous": add_months(first, -1) if first > earliest else None,
        "following": add_months(first, 1) if first < latest else None,
    }


@blueprint.get("/zalen/<venue>/<room>/dagen/<day>")
@public
def times(venue: str, room: str, day: str) -> ResponseReturnValue:
    """What is free on one day: parts of it by their name, and what is left around them."""
    known, now = _room(venue, room), clock.now()
    chosen = _asked_day(day)
    facts = _facts(known, [chosen], now)
    found = _days(known, [chosen], facts, now)[0]
    waits = _to_wait_for(chosen, facts, now) if known.is_asked_here else []
    return render_template(
        "moments/times.html",
        room=known,
        day=found,
        moments=[(moment, _form(known, moment.slot)) for moment in found.moments],
        waits=[(slot, _form(known, slot)) for slot in waits],
        whole=_form(known, found.whole) if found.whole else None,
        whole_part=DayPart.WHOLE_DAY,
    )


def _room(venue: str, room: str) -> KnownRoom:
    return city.city().by_code.get(f"{venue}/{room}") or abort(404)


def _asked_month(today: date) -> date | None:
    """The month of the address; anything that is no month near by counts as none."""
    words = request.args.get("maand", "")
    try:
        month = date.fromisoformat(f"{words}-01") if len(words) == 7 else None
    except ValueError:
        return None
    first = today.replace(day=1)
    return month if month and first <= month <= add_months(first, MONTHS_AHEAD) else None


def _asked_day(words: str) -> date:
    try:
        day = date.fromisoformat(words) if len(words) == 10 else None
    except ValueError:
        day = None
    today = to_local(clock.now()).date()
    if day is None or not today - timedelta(days=366) <= day <= add_months(today, MONTHS_AHEAD + 1):
        abort(404)
    return day


def _facts(room: KnownRoom, wanted: Sequence[date], now: datetime) -> RoomFacts:
    """What is known of a room on these days, in order, with one query however many there are."""
    if not room.is_asked_here:
        return room.facts()
    first, last = wall_day(wanted[0]).span[0], wall_day(wanted[-1]).span[1]
    taken = city.taken(city.city(), first, last, epoch(now), room_ids=[room.id])
    return room.facts(taken.get(room.id, ()))


def _days(room: KnownRoom, wanted: Sequence[date], facts: RoomFacts, now: datetime) -> list[RoomDay]:
    if not room.is_asked_here:
        return [RoomDay(day, DayState.CLOSED) for day in wanted]
    return [room_day(day, facts, now) for day in wanted]


def _to_wait_for(day: date, facts: RoomFacts, now: datetime) -> list[Slot]:
    """What others hold of a day, in whole quarters, where all that is in the way is that they hold it."""
    wall = wall_day(day)
    first, last = wall.span
    held = {
        (wall.minute(one.from_epoch), wall.minute(one.to_epoch))
        for one in facts.taken
        if one.by in BY_OTHERS and one.from_epoch < last and first < one.to_epoch
    }
    opened = open_minutes(facts.hours, facts.rules, facts.special, wall)
    stretches = sorted({inside for one in held for hours in opened if (inside := _inside(one, hours))})
    slots = [slot for one in stretches if (slot := wall.slot(*one))]
    return [slot for slot in slots if _is_in_the_way_alone(slot, facts, now)]


def _inside(held: Minutes, opened: Minutes) -> Minutes | None:
    starts, ends = max(held[0], opened[0]), min(held[1], opened[1])
    starts, ends = starts // STEP_MINUTES * STEP_MINUTES, -(-ends // STEP_MINUTES) * STEP_MINUTES
    return (starts, ends) if starts < ends else None


def _is_in_the_way_alone(slot: Slot, facts: RoomFacts, now: datetime) -> bool:
    codes = {one.code for one in obstacles(Need(slot), facts, now) if not one.may_be_excepted}
    return bool(codes) and codes <= MAY_COME_FREE


def _form(room: KnownRoom, slot: Slot) -> str:
    return url_for("asking.new", zaal=room.code, dag=slot.day, van=f"{slot.starts:%H:%M}", tot=f"{slot.ends:%H:%M}")
