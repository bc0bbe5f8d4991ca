"""A house as its own people keep it: the week it fills itself, line by line, and what is to come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.programme import DAYS_AHEAD, DateState, LineDate
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import houses as service
from zalenzoeker.storage import city, desks, houses, programme
from zalenzoeker.storage.models import Closure, OwnProgramme, Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.dates import day_long, format_list, minute_clock
from zalenzoeker.web.house_forms import LineForm, room_choices
from zalenzoeker.web.keeping import counts, desks_kept, frame, kept_house, rooms_of, said_days, tell_overtaken

blueprint = Blueprint("house", __name__)

DAYS_SHOWN = 8


@blueprint.get("/balie/huizen")
@desk_only
def index() -> ResponseReturnValue:
    kept = desks.houses_of(actor().desk_ids, is_city=actor().is_city)
    if len(kept) == 1:
        return redirect(url_for("house.show", venue=kept[0].slug))
    return render_template("house/index.html", houses=kept, **counts())


@dataclass(frozen=True)
class LineShown:
    """A line of the week in words."""

    code: str
    title: str
    hours: str
    room: str
    period: str
    left_out: tuple[date, ...]
    is_public: bool
    is_shielded: bool
    is_demo: bool


@blueprint.get("/balie/huizen/<venue>")
@desk_only
def show(venue: str) -> ResponseReturnValue:
    place = kept_house(venue)
    rooms = rooms_of(place)
    today = to_local(clock.now()).date()
    of_week = groupby(programme.of_venue(place.id, today), key=lambda line: line.weekday)
    return render_template(
        "house/show.html",
        **frame(place),
        week=[(weekday, [_shown(line, rooms, today) for line in lines]) for weekday, lines in of_week],
        closures=_closures(programme.closures_of_venue(place.id, today), rooms),
        city_days=_city_days(rooms, today),
        has_rooms=bool(rooms),
        rooms=houses.rooms_of(place.id),
        desks=desks_kept(place),
    )


def _shown(line: OwnProgramme, rooms: Sequence[KnownRoom], today: date) -> LineShown:
    return LineShown(
        code=line.code,
        title=line.title,
        hours=said_hours(line),
        room=line.room.name if len(rooms) > 1 else "",
        period=_period(line, today),
        left_out=tuple(one.day for one in line.exceptions if one.day >= today and line.hours.on(one.day)),
        is_public=line.is_public,
        is_shielded=line.is_shielded,
        is_demo=line.is_demo,
    )


def said_hours(line: OwnProgramme) -> str:
    """11.00 tot 14.00 uur"""
    return _("%(starts)s to %(ends)s", starts=minute_clock(line.from_minute), ends=minute_clock(line.to_minute))


def _period(line: OwnProgramme, today: date) -> str:
    """From when till when a line lasts, where that is not always."""
    first = line.first_day if line.first_day and line.first_day > today else None
    if first and line.until:
        return _("From %(first)s until and including %(last)s", first=day_long(first), last=day_long(line.until))
    if first:
        return _("From %(first)s", first=day_long(first))
    return _("Until and including %(last)s", last=day_long(line.until)) if line.until else ""


@dataclass(frozen=True)
class ClosureShown:
    """Days on which some rooms are closed, with the rows behind it."""

    ids: tuple[int, ...]
    days: str
    rooms: str
    reason: str
    is_demo: bool


def _closures(rows: Iterable[Closure], rooms: Sequence[KnownRoom]) -> list[ClosureShown]:
    """Rooms that closed together are one line; a room that shares a space with a closed one is closed too."""
    shown = []
    for (first, last, reason), group in groupby(rows, key=lambda row: (row.first_day, row.last_day, row.reason)):
        of_group = list(group)
        closed = {room.id for room in rooms if room.id in {row.room_id for row in of_group}}
        spaces = {space for room in rooms if room.id in closed for space in room.space_ids}
        named = [room.name for room in rooms if spaces & set(room.space_ids)]
        where = _("The whole house") if len(named) == len(rooms) else format_list(named)
        is_demo = any(row.is_demo for row in of_group)
        shown.append(ClosureShown(tuple(row.id for row in of_group), said_days(first, last), where, reason, is_demo))
    return shown


def _city_days(rooms: Sequence[KnownRoom], today: date) -> list[tuple[str, str]]:
    """The special days of the coming year on which a rule closes every room of the house, each with its name."""
    until = today + timedelta(days=DAYS_AHEAD)
    known = [
        one
        for one in dict.fromkeys(city.city().special.days)
        if today <= one.last_day and one.first_day <= until and all(one.kind in room.rules.closed_on for room in rooms)
    ]
    ordered = sorted(known, key=lambda one: one.first_day) if rooms else []
    return [(said_days(one.first_day, one.last_day), one.name) for one in ordered]


@blueprint.route("/balie/huizen/<venue>/werking/nieuw", methods=["GET", "POST"])
@desk_only
def add(venue: str) -> ResponseReturnValue:
    place = kept_house(venue)
    rooms = rooms_of(place) or abort(404)
    form = LineForm(room=rooms[0].slug if len(rooms) == 1 else None)
    form.room.choices = room_choices(rooms)
    if not form.validate_on_submit() or not form.check_days(to_local(clock.now()).date()):
        status = 422 if form.is_submitted() else 200
        return render_template("house/line_form.html", **frame(place), form=form, line=None, rooms=rooms), status
    code, overtaken = service.add_line(venue, form.line(), by=actor(), now=clock.now())
    flash(_("It stands in your week. Nobody can ask for the room then."), "ok")
    tell_overtaken(overtaken)
    return redirect(url_for("house.line", venue=venue, code=code))


def _line(place: Venue, code: str) -> OwnProgramme:
    line = programme.by_code(code)
    if line is None or line.room.venue_id != place.id:
        abort(404)
    return line


@blueprint.get("/balie/huizen/<venue>/werking/<code>")
@desk_only
def line(venue: str, code: str) -> ResponseReturnValue:
    place = kept_house(venue)
    found = _line(place, code)
    now = clock.now()
    today = to_local(now).date()
    dates = programme.dates_of(found, now)
    return render_template(
        "house/line.html",
        **frame(place),
        line=found,
        shown=_shown(found, [*rooms_of(place)], today),
        room=found.room.name,
        dates=[(one, in_the_way(one)) for one in dates],
        promised=[(one.day, one.standing) for one in dates if one.state is DateState.PROMISED],
        is_over=found.until is not None and found.until < today,
        first_shown=DAYS_SHOWN,
    )


def in_the_way(one: LineDate) -> str:
    """What keeps a line from its room on a date, in words."""
    titles = format_list(list(dict.fromkeys(there.title for there in one.standing if there.title)))
    if one.state is DateState.CLOSED:
        return _("The house is closed: %(reason)s", reason=titles)
    if one.state is DateState.OTHER_LINE:
        return _("In the room then: %(titles)s", titles=titles)
    return ""


@blueprint.route("/balie/huizen/<venue>/werking/<code>/aanpassen", methods=["GET", "POST"])
@desk_only
def change(venue: str, code: str) -> ResponseReturnValue:
    place = kept_house(venue)
    found = _line(place, code)
    rooms = rooms_of(place)
    form = LineForm()
    form.room.choices = room_choices(rooms)
    if not form.is_submitted():
        form.show(found)
    if not form.validate_on_submit() or not form.check_days(to_local(clock.now()).date()):
        status = 422 if form.is_submitted() else 200
        return render_template("house/line_form.html", **frame(place), form=form, line=found, rooms=rooms), status
    overtaken = service.change_line(venue, code, form.line(), by=actor(), now=clock.now())
    flash(_("Changed from now on. What has been stays as it was."), "ok")
    tell_overtaken(overtaken)
    return redirect(url_for("house.line", venue=venue, code=code))


@blueprint.post("/balie/huizen/<venue>/werking/<code>/stoppen")
@desk_only
def stop(venue: str, code: str) -> ResponseReturnValue:
    title = _line(kept_house(venue), code).title
    service.drop_line(venue, code, by=actor(), now=clock.now())
    flash(_("%(title)s has stopped. The room is free then for others to ask for.", title=title), "ok")
    return redirect(url_for("house.show", venue=venue))


@blueprint.post("/balie/huizen/<venue>/werking/<code>/keren")
@desk_only
def days(venue: str, code: str) -> ResponseReturnValue:
    """One time not, or after all: ``niet`` and ``toch`` name the day."""
    _line(kept_house(venue), code)
    now = clock.now()
    try:
        if day := _day("niet"):
            service.leave_out(venue, code, day, by=actor(), now=now)
            flash(_("Not on %(day)s. The room is free then for others to ask for.", day=day_long(day)), "ok")
        elif day := _day("toch"):
            overtaken = service.put_in(venue, code, day, by=actor(), now=now)
            flash(_("On %(day)s after all.", day=day_long(day)), "ok")
            tell_overtaken(overtaken)
    except service.UnknownHouse:
        flash(_("That day is not one of the dates to come."), "no")
    except service.Promised as refused:
        when = day_long(refused.days[0])
        flash(_("Somebody else has the room on %(day)s meanwhile. So it stays as it was.", day=when), "no")
    return redirect(url_for("house.line", venue=venue, code=code, _anchor="keren"))


def _day(name: str) -> date | None:
    """The day that a button names; anything that is no day counts as none."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
