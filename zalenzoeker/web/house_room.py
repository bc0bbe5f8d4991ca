"""What a house says of one of its rooms: a text, how many people fit, what is in it."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.services import house_rooms as service
from zalenzoeker.services.house_rooms import RoomWords
from zalenzoeker.storage import facilities as things
from zalenzoeker.storage import rooms
from zalenzoeker.storage.models import Facility, Room, Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.keeping import frame, kept_house
from zalenzoeker.web.room_form import ASKED_APART, RoomForm

blueprint = Blueprint("house_room", __name__)


def _room(place: Venue, slug: str) -> Room:
    return things.with_facilities(place.id, slug) or abort(404)


@blueprint.route("/balie/huizen/<venue>/zalen/<room>", methods=["GET", "POST"])
@desk_only
def show(venue: str, room: str) -> ResponseReturnValue:
    place = kept_house(venue)
    found = _room(place, room)
    there = service.told(place, found)
    facilities = rooms.all_facilities()
    form = RoomForm.for_room(found, facilities)()
    form.offer(facilities)
    if not form.is_submitted():
        form.show(there)
        form.version.data = version_of(there.as_kept())
    if not form.validate_on_submit():
        return _page(place, found, form, facilities), 422 if form.is_submitted() else 200
    try:
        service.say(venue, room, form.words(there), by=actor(), now=clock.now(), version=form.version.data or "")
    except ChangedMeanwhile:
        place = kept_house(venue)
        found = _room(place, room)
        there = service.told(place, found)
        form.version.data = version_of(there.as_kept())
        return _page(place, found, form, facilities, there), 409
    flash(_("Kept. Everybody reads it on the page of the room, and the search counts with it."), "ok")
    return redirect(url_for("house.show", venue=venue))


def _page(
    place: Venue, room: Room, form: RoomForm, facilities: Sequence[Facility], there: RoomWords | None = None
) -> str:
    names = {one.slug: one.name for one in facilities}
    ticked = [one for one in facilities if one.slug not in ASKED_APART]
    return render_template(
        "house_room/show.html",
        **frame(place),
        room=room,
        form=form,
        groups=[(group, [*of_group]) for group, of_group in groupby(ticked, key=lambda one: one.group)],
        there=there,
        there_named=sorted(names.get(slug, slug) for slug in there.there) if there else [],
    )
