"""Choosing a moment of one room without a table: the days of a month, then the times of a day, then the form."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.availability import first_day
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.moments import DayState, RoomDay, room_day
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import Slot, Week, add_months, days_from, epoch, to_local
from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.storage import city
from zalenzoeker.web.access import public

blueprint = Blueprint("moments", __name__)

MONTHS_AHEAD = 18


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
    known = _room(venue, room)
    today = to_local(clock.now()).date()
    facts = known.facts()
    opening = first_day(facts.rules, clock.now(), facts.special)
    first = _asked_month(today) or opening.replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    found = _days(known, list(days_from(first, last.day)))
    earliest, latest = today.replace(day=1), add_months(today.replace(day=1), MONTHS_AHEAD)
    weeks = [list(of_week) for _week, of_week in groupby(found, key=lambda one: Week.of(one.day))]
    return {
        "room": known,
        "month": first,
        "weeks": weeks,
        "days": [one for one in found if one.day >= today],
        "previous": add_months(first, -1) if first > earliest else None,
        "following": add_months(first, 1) if first < latest else None,
    }


@blueprint.get("/zalen/<venue>/<room>/dagen/<day>")
@public
def times(venue: str, room: str, day: str) -> ResponseReturnValue:
    """What is free on one day: parts of it by their name, and what is left around them."""
    known = _room(venue, room)
    chosen = _asked_day(day)
    found = _days(known, [chosen])[0]
    return render_template(
        "moments/times.html",
        room=known,
        day=found,
        moments=[(moment, _form(known, moment.slot)) for moment in found.moments],
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


def _days(room: KnownRoom, wanted: Sequence[date]) -> list[RoomDay]:
    """These days of a room, with one query however many there are."""
    if not room.is_asked_here:
        return [RoomDay(day, DayState.CLOSED) for day in wanted]
    now = clock.now()
    first, last = wall_day(wanted[0]).span[0], wall_day(wanted[-1]).span[1]
    taken = city.taken(city.city(), first, last, epoch(now), room_ids=[room.id])
    facts = room.facts(taken.get(room.id, ()))
    return [room_day(day, facts, now) for day in wanted]


def _form(room: KnownRoom, slot: Slot) -> str:
    return url_for("asking.new", zaal=room.code, dag=slot.day, van=f"{slot.starts:%H:%M}", tot=f"{slot.ends:%H:%M}")
