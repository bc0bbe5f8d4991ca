"""The hours of a house and of each of its rooms, with who was promised a room outside them."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.domain.hours import is_open, wall_minutes
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import house_hours as service
from zalenzoeker.storage import openings
from zalenzoeker.storage.models import Occurrence, Venue
from zalenzoeker.storage.openings import Days
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.dates import WEEKDAYS, when
from zalenzoeker.web.hours_form import HoursForm, rows_for
from zalenzoeker.web.keeping import frame, kept_house, rooms_of

blueprint = Blueprint("house_hours", __name__)

MOST_OUTSIDE = 30


@dataclass(frozen=True)
class Hours:
    """Whose hours are looked at: of the house, or of one of its rooms."""

    venue: Venue
    room: str
    room_name: str
    week: Days
    house_week: Days

    @property
    def version(self) -> str:
        return version_of(service.as_kept(self.week))


def _hours(slug: str) -> Hours:
    """The hours that the address asks for; without ``zaal`` those of the house."""
    venue = kept_house(slug)
    wanted = request.args.get("zaal", "")
    room = next((one for one in rooms_of(venue) if one.slug == wanted), None) if wanted else None
    if wanted and room is None:
        abort(404)
    house_week = openings.week_of(venue.id, None)
    week = openings.week_of(venue.id, room.id) if room else house_week
    return Hours(venue, wanted, room.name if room else "", week, house_week)


@blueprint.route("/balie/huizen/<venue>/uren", methods=["GET", "POST"])
@desk_only
def show(venue: str) -> ResponseReturnValue:
    hours = _hours(venue)
    form = HoursForm.sized(rows_for(hours.week, request.form))()
    if not form.is_submitted():
        form.show(hours.week)
        form.version.data = hours.version
    if not form.validate_on_submit():
        return _page(hours, form), 422 if form.is_submitted() else 200
    try:
        service.set_week(venue, hours.room, form.week(), by=actor(), now=clock.now(), version=form.version.data or "")
    except ChangedMeanwhile:
        hours = _hours(venue)
        form.version.data = hours.version
        return _page(hours, form, meanwhile=True), 409
    flash(_("Kept. The hours count for what is asked from now on. What was promised stays."), "ok")
    return redirect(url_for("house_hours.show", venue=venue, zaal=hours.room or None))


def _page(hours: Hours, form: HoursForm, *, meanwhile: bool = False) -> str:
    rooms = rooms_of(hours.venue)
    own = openings.rooms_with_own_hours(hours.venue.id)
    outside = _outside(hours)
    return render_template(
        "house_hours/show.html",
        **frame(hours.venue),
        hours=hours,
        form=form,
        days=[(day, form.rows(weekday)) for weekday, day in enumerate(WEEKDAYS)],
        there_now=[(WEEKDAYS[day], hours.week[day]) for day in sorted(hours.week)] if meanwhile else None,
        rooms=[(room, room.id in own) for room in rooms],
        outside=[(one, when(one.slot)) for one in outside[:MOST_OUTSIDE]],
        outside_more=max(0, len(outside) - MOST_OUTSIDE),
    )


def _outside(hours: Hours) -> list[Occurrence]:
    """What was promised for a moment at which the room is closed now."""
    rooms = {room.id: room for room in rooms_of(hours.venue) if not hours.room or room.slug == hours.room}
    found = openings.promised([room.id for room in rooms.values() if room.hours], epoch(clock.now()))
    return [
        one for one in found if not is_open(rooms[one.room_id].hours, one.slot.day.weekday(), *wall_minutes(one.slot))
    ]
