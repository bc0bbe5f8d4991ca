"""Choosing a moment of one room without a table: the days of a month, then the times of a day, then the form."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.availability import RoomFacts, first_day, last_day
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.moments import DayState, Moment, RoomDay, hours_of_part, room_day
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
    return _month("moments/days.html", venue, room)


@blueprint.get("/zalen/<venue>/<room>/maand")
@public
def month(venue: str, room: str) -> ResponseReturnValue:
    """The same month as a table of weeks."""
    return _month("moments/month.html", venue, room)


def _month(template: str, venue: str, room: str) -> str:
    known = _room(venue, room)
    today = to_local(clock.now()).date()
    facts = known.facts()
    opening = first_day(facts.rules, clock.now(), facts.special)
    first = _asked_month(today) or opening.replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    found = _days(known, list(days_from(first, last.day)))
    earliest, latest = today.replace(day=1), add_months(today.replace(day=1), MONTHS_AHEAD)
    weeks = [list(of_week) for _week, of_week in groupby(found, key=lambda one: Week.of(one.day))]
    return render_template(
        template,
        room=known,
        month=first,
        weeks=weeks,
        days=[one for one in found if one.day >= today],
        today=today,
        previous=add_months(first, -1) if first > earliest else None,
        following=add_months(first, 1) if first < latest else None,
        last_day=last_day(facts.rules, clock.now()),
        first_day=opening,
        states=DayState,
    )


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
        whole=_whole_day(known.facts(), found, known),
        states=DayState,
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        parts=[part.value for part in DayPart],
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


def _whole_day(facts: RoomFacts, found: RoomDay, room: KnownRoom) -> tuple[Moment, str] | None:
    """The whole day, when all of it is free."""
    hours = hours_of_part(facts, DayPart.WHOLE_DAY, found.day)
    slot = wall_day(found.day).slot(*hours)
    if not slot or not found.moments:
        return None
    is_free = any(one.from_epoch <= slot.from_epoch and slot.to_epoch <= one.to_epoch for one in found.free)
    return (Moment(slot, DayPart.WHOLE_DAY), _form(room, slot)) if is_free else None
