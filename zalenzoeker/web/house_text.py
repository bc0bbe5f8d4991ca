"""What a house says of itself: a text, what is practical to know, and whether one gets in with a wheelchair."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.services import house_texts as service
from zalenzoeker.services.house_texts import HouseWords
from zalenzoeker.storage.models import Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.keeping import frame, kept_house
from zalenzoeker.web.room_form import HouseTextForm

blueprint = Blueprint("house_text", __name__)


@blueprint.route("/balie/huizen/<venue>/tekst", methods=["GET", "POST"])
@desk_only
def show(venue: str) -> ResponseReturnValue:
    place = kept_house(venue)
    there = service.told(place)
    form = HouseTextForm.for_house(place.wheelchair)()
    if not form.is_submitted():
        form.show(there, place.wheelchair)
        form.version.data = version_of(there.as_kept())
    if not form.validate_on_submit():
        return _page(place, form), 422 if form.is_submitted() else 200
    try:
        service.say(venue, form.words(), by=actor(), now=clock.now(), version=form.version.data or "")
    except ChangedMeanwhile:
        place = kept_house(venue)
        there = service.told(place)
        form.version.data = version_of(there.as_kept())
        return _page(place, form, there), 409
    flash(_("Kept. Everybody reads it on the page of the house."), "ok")
    return redirect(url_for("house.show", venue=venue))


def _page(place: Venue, form: HouseTextForm, there: HouseWords | None = None) -> str:
    return render_template("house_text/show.html", **frame(place), form=form, there=there)
