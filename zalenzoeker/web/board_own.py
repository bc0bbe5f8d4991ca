"""What a house does itself, made and moved on the planning board: own programme and closing days, each by a form."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.programme import Line, NotAWeeklyLine, Standing, midnight, span_of
from zalenzoeker.domain.slots import epoch, from_epoch, to_local
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.services import closures, house_dates, houses
from zalenzoeker.storage import city, desks, programme
from zalenzoeker.storage.models import Closure, OwnProgramme, Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.board_forms import Make, MakeForm, MomentOnBoard, MoveForm, Which
from zalenzoeker.web.dates import day_long
from zalenzoeker.web.house_forms import ClosureForm, room_choices, time_of
from zalenzoeker.web.keeping import counts, frame, kept_house, rooms_of, said_days, tell_overtaken

blueprint = Blueprint("board_own", __name__)

NUMBER = re.compile("[0-9]{1,9}")
There = list[tuple[date, Standing]]


@blueprint.route("/balie/planbord/nieuw", methods=["GET", "POST"])
@desk_only
def new() -> ResponseReturnValue:
    form, rooms = MakeForm(), _rooms()
    form.offer(rooms)
    if not form.is_submitted():
        form.prefill(request.args)
        return _new(form, rooms)
    if form.what.data == Make.REQUEST and form.room.validate(form) and form.day.validate(form):
        return redirect(_behalf(form))
    now = clock.now()
    if not form.validate_on_submit() or not form.check(to_local(now).date()):
        return _new(form, rooms), 422
    venue, room = form.place
    try:
        overtaken, address = _made(form, venue, room, now)
    except (houses.Promised, closures.AlreadyClosed):
        return _new(form, rooms, _in_the_way(form, _room_of(form), now)), 409
    except NotAWeeklyLine:
        form.from_time.errors = [_("That moment is past. Choose one that is still to come.")]
        return _new(form, rooms), 422
    flash(_("It stands on the board. Nobody can ask for the room then."), "ok")
    tell_overtaken(overtaken)
    return redirect(address)


def _rooms() -> list[KnownRoom]:
    """The rooms of the houses that these desks keep."""
    kept = {one.id for one in desks.houses_of(actor().desk_ids, is_city=actor().is_city)}
    return [room for room in city.city().rooms if room.venue_id in kept and room.space_ids]


def _new(form: MakeForm, rooms: Sequence[KnownRoom], there: There | None = None) -> str:
    return render_template("board_own/new.html", form=form, has_rooms=bool(rooms), there=there or [], **counts())


def _made(form: MakeForm, venue: str, room: str, now: datetime) -> tuple[int, str]:
    """Make it: how many in a queue were told no for it, and where to go on."""
    day = form.day.data
    if form.what.data == Make.CLOSURE:
        return closures.close(venue, [room], day, day, form.title.data, by=actor(), now=now), _back(day, venue)
    if form.what.data == Make.WEEKLY:
        code, overtaken = houses.add_line(venue, form.line(), by=actor(), now=now)
        # The page of the line says on which days somebody else has the room.
        return overtaken, url_for("house.line", venue=venue, code=code)
    return house_dates.add_once(venue, form.line(), by=actor(), now=now), _back(day, venue)


def _room_of(form: MomentOnBoard) -> KnownRoom:
    """The room that was chosen; the form has checked that there is one."""
    return city.city().by_code[form.room.data]


def _behalf(form: MakeForm) -> str:
    """Where a request for somebody else is typed in, with this room and moment."""
    times = {field.name: f"{field.data:%H:%M}" for field in (form.from_time, form.to_time) if field.data}
    return url_for("behalf.new", zaal=form.room.data, dag=form.day.data.isoformat(), **times)


def _in_the_way(form: MomentOnBoard, room: KnownRoom, now: datetime, *, without: int = 0) -> There:
    """What stands in the room at the moment that was typed, each with its day."""
    day = form.day.data
    if isinstance(form, MakeForm) and form.what.data == Make.CLOSURE:
        span = span_of(day, day)
    else:
        wall = wall_day(day)
        span = wall.seconds(form.minutes[0]), wall.seconds(form.minutes[1])
    there = programme.standing({room.id}, *span, now_epoch=epoch(now), without=without)
    return [(from_epoch(one.from_epoch).date(), one) for one in there]


def _back(day: date, venue: str) -> str:
    """To the day on the board; with one house only where somebody keeps more."""
    return url_for("board.show", dag=day, huis=request.args.get("huis") and venue)


@blueprint.route("/balie/planbord/werking/<venue>/<code>/<day>", methods=["GET", "POST"])
@desk_only
def change(venue: str, code: str, day: str) -> ResponseReturnValue:
    """One date of own programme: put it somewhere else, or leave it out."""
    place = kept_house(venue)
    line, on = _line(place, code), _day(day)
    form, rooms = MoveForm(), rooms_of(place)
    form.offer(rooms)
    if not form.is_submitted():
        _fill(form, line, on)
        form.prefill(request.args)
        return _change(place, line, on, form)
    now = clock.now()
    if not form.validate_on_submit() or not form.check(to_local(now).date()):
        return _change(place, line, on, form), 422
    try:
        overtaken = _moved(place, line, on, form, now)
    except houses.Promised:
        there = _in_the_way(form, _room_of(form), now, without=line.id)
        return _change(place, line, on, form, there), 409
    except NotAWeeklyLine:
        form.from_time.errors = [_("That moment is past. Choose one that is still to come.")]
        return _change(place, line, on, form), 422
    except houses.UnknownHouse:
        flash(_("That time is no longer there. Somebody moved it or left it out before you."), "info")
        return redirect(_back(form.day.data, venue))
    flash(_("Moved to %(day)s.", day=day_long(form.day.data)), "ok")
    tell_overtaken(overtaken)
    if form.which.data == Which.ALL:
        # The page of the line says on which days somebody else has the room.
        return redirect(url_for("house.line", venue=venue, code=code))
    return redirect(_back(form.day.data, venue))


def _line(place: Venue, code: str) -> OwnProgramme:
    line = programme.by_code(code)
    if line is None or line.room.venue_id != place.id:
        abort(404)
    return line


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _fill(form: MoveForm, line: OwnProgramme, on: date) -> None:
    """What the line says now, with the length of it kept where only the start is dragged."""
    form.room.data, form.day.data = f"{line.room.venue.slug}/{line.room.slug}", on
    form.from_time.data, form.to_time.data = time_of(line.from_minute), time_of(line.to_minute)


def _change(place: Venue, line: OwnProgramme, on: date, form: MoveForm, there: There | None = None) -> str:
    return render_template(
        "board_own/change.html",
        **frame(place),
        form=form,
        line=line,
        day=on,
        is_once=house_dates.is_once(line),
        there=there or [],
    )


def _moved(place: Venue, line: OwnProgramme, on: date, form: MoveForm, now: datetime) -> int:
    _venue, room = form.place
    if form.which.data == Which.ALL and not house_dates.is_once(line):
        first, last = form.minutes
        weekly = Line(
            room, line.title, form.day.data.weekday(), first, last, line.is_public,
            first_day=line.first_day, until=line.until, is_shielded=line.is_shielded,
        )  # fmt: skip
        return houses.change_line(place.slug, line.code, weekly, by=actor(), now=now)
    return house_dates.move_date(
        place.slug, line.code, on, room=room, to=form.day.data, minutes=form.minutes, by=actor(), now=now
    )


@blueprint.post("/balie/planbord/werking/<venue>/<code>/<day>/weg")
@desk_only
def leave_out(venue: str, code: str, day: str) -> ResponseReturnValue:
    """This one time not."""
    _line(kept_house(venue), code)
    try:
        houses.leave_out(venue, code, _day(day), by=actor(), now=clock.now())
        flash(_("Not on %(day)s. The room is free then for others to ask for.", day=day_long(_day(day))), "ok")
    except houses.UnknownHouse:
        flash(_("That time is no longer there. Somebody moved it or left it out before you."), "info")
    return redirect(_back(_day(day), venue))


@blueprint.route("/balie/planbord/sluiting/<venue>/<number>", methods=["GET", "POST"])
@desk_only
def closure(venue: str, number: str) -> ResponseReturnValue:
    """Days on which rooms are closed: other days, other rooms, or open after all."""
    place = kept_house(venue)
    group = _group(place, number)
    form, rooms = ClosureForm(), rooms_of(place)
    form.rooms.choices = room_choices(rooms)
    if not form.is_submitted():
        _show(form, group, rooms)
        return _closure(place, group, form)
    now = clock.now()
    if not form.validate_on_submit() or not form.check_days(to_local(now).date()):
        return _closure(place, group, form), 422
    first, last, ids = form.first_day.data, form.last, [one.id for one in group]
    try:
        overtaken = house_dates.move_closure(
            venue, ids, form.rooms.data, first, last, form.reason.data, by=actor(), now=now
        )
    except (houses.Promised, closures.AlreadyClosed):
        return _closure(place, group, form, _standing(rooms, form, group, now)), 409
    flash(_("Closed: %(days)s. Everybody reads why.", days=said_days(first, last)), "ok")
    tell_overtaken(overtaken)
    return redirect(_back(first, venue))


def _group(place: Venue, number: str) -> list[Closure]:
    """The closures that were made together with this one; 404 for one that is not of this house."""
    found = programme.closure(int(number)) if NUMBER.fullmatch(number) else None
    if found is None or found[1] != place.id:
        abort(404)
    one = found[0]
    same = (one.first_day, one.last_day, one.reason)
    rows = programme.closures_of_venue(place.id, one.last_day)
    return [row for row in rows if (row.first_day, row.last_day, row.reason) == same]


def _show(form: ClosureForm, group: Sequence[Closure], rooms: Sequence[KnownRoom]) -> None:
    """What is closed now; the address may name another room or day, where somebody dragged it."""
    ids = {one.room_id for one in group}
    form.rooms.data = [room.slug for room in rooms if room.id in ids]
    form.first_day.data, form.last_day.data = group[0].first_day, group[0].last_day
    form.reason.data = group[0].reason
    asked = request.args.get("zaal", "")
    dragged = [room.slug for room in rooms if room.code == asked]
    if dragged and len(group) == 1:
        form.rooms.data = dragged


def _closure(place: Venue, group: Sequence[Closure], form: ClosureForm, there: There | None = None) -> str:
    days = said_days(group[0].first_day, group[0].last_day)
    return render_template(
        "board_own/closure.html", **frame(place), form=form, group=group, days=days, there=there or []
    )


def _standing(rooms: Sequence[KnownRoom], form: ClosureForm, group: Sequence[Closure], now: datetime) -> There:
    """What stands in the rooms on the days somebody wants to close, without what the closure itself has there."""
    ids = {room.id for room in rooms if room.slug in form.rooms.data}
    there = programme.standing(ids, *span_of(form.first_day.data, form.last), now_epoch=epoch(now))
    own = {midnight(group[0].first_day + timedelta(days=n)) for n in range(400)}
    return [
        (from_epoch(one.from_epoch).date(), one)
        for one in there
        if one.by in (TakenBy.BOOKING, TakenBy.REQUEST)
        or (one.by is TakenBy.CLOSURE and (one.title != group[0].reason or one.from_epoch not in own))
    ]
