"""Days on which a house or one of its rooms is closed: close, with who has the room then, and open again."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.programme import Standing, span_of
from zalenzoeker.domain.slots import epoch, from_epoch, to_local
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import closures as service
from zalenzoeker.services.houses import Promised, UnknownHouse
from zalenzoeker.storage import programme
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.house_forms import ClosureForm, room_choices
from zalenzoeker.web.keeping import frame, kept_house, rooms_of, said_days, tell_overtaken

blueprint = Blueprint("closures", __name__)

# What the number of a closure looks like; anything else counts as one that is not there.
NUMBER = re.compile("[0-9]{1,9}")


@blueprint.route("/balie/huizen/<venue>/sluiten", methods=["GET", "POST"])
@desk_only
def new(venue: str) -> ResponseReturnValue:
    place = kept_house(venue)
    rooms = rooms_of(place) or abort(404)
    now = clock.now()
    form = ClosureForm(rooms=[room.slug for room in rooms])
    form.rooms.choices = room_choices(rooms)
    if not form.validate_on_submit() or not form.check_days(to_local(now).date()):
        status = 422 if form.is_submitted() else 200
        return render_template(
            "closures/new.html", **frame(place), form=form, rooms=rooms, promised=[], closed=[]
        ), status
    first, last = form.first_day.data, form.last
    try:
        overtaken = service.close(venue, form.rooms.data, first, last, form.reason.data, by=actor(), now=now)
    except (Promised, service.AlreadyClosed):
        there = _standing(rooms, form, now)
        promised = [one for one in there if one[1].by in (TakenBy.BOOKING, TakenBy.REQUEST)]
        closed = [one for one in there if one[1].by is TakenBy.CLOSURE]
        return render_template(
            "closures/new.html", **frame(place), form=form, rooms=rooms, promised=promised, closed=closed
        ), 409
    flash(_("Closed: %(days)s. Everybody reads why.", days=said_days(first, last)), "ok")
    tell_overtaken(overtaken)
    return redirect(url_for("house.show", venue=venue, _anchor="sluiten"))


def _standing(rooms: Sequence[KnownRoom], form: ClosureForm, now: datetime) -> list[tuple[date, Standing]]:
    """What stands in the rooms on the days somebody wants to close, each with its day."""
    room_ids = {room.id for room in rooms if room.slug in form.rooms.data}
    there = programme.standing(room_ids, *span_of(form.first_day.data, form.last), now_epoch=epoch(now))
    return [(from_epoch(one.from_epoch).date(), one) for one in there]


@blueprint.post("/balie/huizen/<venue>/openen")
@desk_only
def end(venue: str) -> ResponseReturnValue:
    kept_house(venue)
    ids = [int(one) for one in request.form.getlist("sluiting") if NUMBER.fullmatch(one)]
    try:
        service.reopen(venue, ids, by=actor(), now=clock.now())
        flash(_("Open after all. What you do yourselves stands in the week again where the room is free."), "ok")
    except UnknownHouse:
        flash(_("Those days were open again already."), "info")
    return redirect(url_for("house.show", venue=venue, _anchor="sluiten"))
