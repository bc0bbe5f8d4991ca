"""Who decides for a house: its lines in their order, each as a sentence, and where a made-up request would go."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.services import routing as service
from zalenzoeker.storage import city, desks, routing
from zalenzoeker.storage.models import Desk, RoutingLine
from zalenzoeker.storage.models.desks import CITY_DESK
from zalenzoeker.web.access import actor, city_only, desk_only
from zalenzoeker.web.dates import when
from zalenzoeker.web.keeping import frame, kept_house, rooms_of
from zalenzoeker.web.routing_forms import RestForm, RoutingForm, TryForm
from zalenzoeker.web.routing_table import Table, rest_of, shown, table_of
from zalenzoeker.web.routing_words import conditions, reason_said

blueprint = Blueprint("routing", __name__)

# What can have changed between looking at the lines and sending the form.
NOT_KEPT = (
    service.LineExists,
    service.NotALine,
    service.NotThisDesk,
    service.OtherLines,
    service.RestStays,
    service.UnknownHouse,
    service.UnknownLine,
)

UP, DOWN = "hoger", "lager"
MOVED = {UP: True, DOWN: False}


@blueprint.get("/balie/huizen/<venue>/verdeling")
@desk_only
def show(venue: str) -> ResponseReturnValue:
    table = table_of(venue)
    rooms = rooms_of(table.venue)
    form, went = _tried(rooms)
    page = render_template(
        "routing/show.html",
        **frame(table.venue),
        lines=shown(table),
        rest=rest_of(table),
        version=table.version,
        form=form if rooms else None,
        several_rooms=len(rooms) > 1,
        went=went,
        is_city=actor().is_city,
    )
    return (page, 422) if form.errors else page


@dataclass(frozen=True)
class Went:
    """Where a made-up request would go. ``why``: the line in words, empty where none fits; ``reason``: what is kept."""

    moment: str
    desk: str
    line_id: int | None
    why: str
    reason: str
    holidays: Sequence[str]


def _tried(rooms: Sequence[KnownRoom]) -> tuple[TryForm, Went | None]:
    """The form with what stands in the address, and its answer once all of it is there."""
    is_filled = any(name in request.args for name in ("dag", "van", "tot", "zaal", "als", "soort"))
    form = TryForm(request.args if is_filled else None)
    form.offer(rooms)
    if not is_filled or not rooms:
        return form, None
    if not form.where.data and len(rooms) == 1:
        form.where.data = rooms[0].slug
    is_right = form.validate()
    if not form.make_slot() or not is_right or form.slot is None:
        return form, None
    known = city.city()
    asked = form.asked(rooms, form.slot, known.special)
    to = routing.chosen(asked)
    desk = desks.by_id(to.desk_id) or abort(404)
    names = {room.id: room.name for room in rooms}
    line = next((one for one in known.routing if one.id == to.line_id), None)
    special = known.special.on(form.slot.day)
    return form, Went(
        moment=when(form.slot),
        desk=desk.name,
        line_id=to.line_id,
        why=conditions(line, names) if line else "",
        reason=reason_said(to.reason),
        holidays=[one.name for one in special if one.kind is SpecialKind.LEGAL],
    )


@blueprint.route("/balie/huizen/<venue>/verdeling/nieuw", methods=["GET", "POST"])
@desk_only
def add(venue: str) -> ResponseReturnValue:
    table = table_of(venue)
    form = _form(table)
    if not form.validate_on_submit():
        return _line_page(table, form, None), 422 if form.is_submitted() else 200
    try:
        service.add(venue, form.wanted(_reason(table, form)), by=actor(), version=form.version.data, now=clock.now())
    except NOT_KEPT as error:
        return _again(venue, form, error), 409
    flash(_("The line stands there. It counts for what is asked from now on."), "ok")
    return _back(venue)


@blueprint.route("/balie/huizen/<venue>/verdeling/<code>", methods=["GET", "POST"])
@desk_only
def change(venue: str, code: str) -> ResponseReturnValue:
    table = table_of(venue)
    row, form = table.one(code), _form(table)
    if row is None:
        if not form.is_submitted():
            abort(404)
        form.validate()
        gone = _("This line is gone meanwhile. Do you still need it? Then add it again.")
        form.form_errors, form.version.data = [*form.form_errors, gone], table.version
        return _line_page(table, form, None), 409
    if not form.is_submitted():
        form.show(row.line, rooms_of(table.venue))
        form.desk.data, form.reason.data = row.desk.slug, table.words_of(row)
    if not form.validate_on_submit():
        return _line_page(table, form, row), 422 if form.is_submitted() else 200
    try:
        service.change(
            venue, code, form.wanted(_reason(table, form)), by=actor(), version=form.version.data, now=clock.now()
        )
    except NOT_KEPT as error:
        return _again(venue, form, error, code), 409
    flash(_("Changed. It counts for what is asked from now on."), "ok")
    return _back(venue)


def _form(table: Table) -> RoutingForm:
    """The form of a line with what this house may choose."""
    form = RoutingForm.for_desks(_desks(table))
    form.offer_rooms(rooms_of(table.venue))
    if not form.is_submitted():
        form.version.data = table.version
    return form


def _desks(table: Table) -> list[Desk]:
    return routing.desks_for(table.venue.id, is_city=actor().is_city)


def _reason(table: Table, form: RoutingForm) -> str:
    """The house's own words, or else the conditions in words, without those that say nothing."""
    if form.reason.data:
        return str(form.reason.data)
    wanted = form.wanted("")
    room_id = next((room.id for room in rooms_of(table.venue) if room.slug == wanted.room), None)
    return table.said(wanted.line(desk_id=0, room_id=room_id).conditions)


def _line_page(table: Table, form: RoutingForm, row: RoutingLine | None) -> str:
    return render_template(
        "routing/line.html",
        **frame(table.venue),
        form=form,
        row=row,
        said=table.said(row.line) if row else "",
        several_rooms=len(rooms_of(table.venue)) > 1,
    )


def _again(venue: str, form: RoutingForm, error: Exception, code: str = "") -> str:
    """The same page with what was typed, what is wrong with it, and the lines as they are now."""
    table = table_of(venue)
    form.form_errors = [*form.form_errors, _wrong(table, error)]
    form.version.data = table.version
    return _line_page(table, form, table.one(code))


def _wrong(table: Table, error: Exception) -> str:
    if isinstance(error, service.LineExists):
        there = next((table.said(row.line) for row in table.own if row.code == str(error)), "")
        return _("There is a line with exactly this already: %(line)s. Change that one.", line=there)
    if isinstance(error, service.NotALine):
        return _("Choose at least one thing: a day, hours, or for whom or what.")
    return _("Somebody changed the lines meanwhile. Look at them again and then keep yours.")


@blueprint.route("/balie/huizen/<venue>/verdeling/al-de-rest", methods=["GET", "POST"])
@city_only
def rest(venue: str) -> ResponseReturnValue:
    table = table_of(venue)
    form = RestForm.for_desks(_desks(table))
    if not form.is_submitted():
        form.version.data = table.version
        form.desk.data = table.rest.desk.slug if table.rest else CITY_DESK
        form.reason.data = table.words_of(table.rest) if table.rest else ""
    if not form.validate_on_submit():
        page = render_template("routing/rest.html", **frame(table.venue), form=form)
        return page, 422 if form.is_submitted() else 200
    try:
        service.set_rest(
            venue, form.desk.data, form.reason.data or "", by=actor(), version=form.version.data, now=clock.now()
        )
    except NOT_KEPT as error:
        form.form_errors = [_wrong(table, error)]
        form.version.data = table_of(venue).version
        return render_template("routing/rest.html", **frame(table.venue), form=form), 409
    flash(_("Changed. It counts for what is asked from now on."), "ok")
    return _back(venue)


@blueprint.post("/balie/huizen/<venue>/verdeling/<code>/weg")
@desk_only
def drop(venue: str, code: str) -> ResponseReturnValue:
    kept_house(venue)
    try:
        service.drop(venue, code, by=actor(), version=request.form.get("versie", ""), now=clock.now())
        flash(_("The line is gone. Requests that wait stay where they are."), "ok")
    except service.UnknownLine:
        flash(_("That line was gone already."), "info")
    except (service.OtherLines, service.NotThisDesk, service.RestStays) as error:
        _tell(error)
    return _back(venue)


@blueprint.post("/balie/huizen/<venue>/verdeling/<code>/plaats")
@desk_only
def move(venue: str, code: str) -> ResponseReturnValue:
    """One place up or down, as the button says."""
    kept_house(venue)
    way = request.form.get("naar", "")
    if way not in MOVED:
        abort(400)
    try:
        service.move(venue, code, is_up=MOVED[way], by=actor(), version=request.form.get("versie", ""), now=clock.now())
    except service.UnknownLine:
        flash(_("That line was gone already."), "info")
    except (service.OtherLines, service.NotThisDesk, service.RestStays) as error:
        _tell(error)
    return redirect(url_for("routing.show", venue=venue, _anchor="regels"))


def _tell(error: Exception) -> None:
    if isinstance(error, service.RestStays):
        flash(_("The last line stays at the end: without it, requests would come to nobody."), "no")
    else:
        flash(_("The lines changed meanwhile. Look at them, and press again if it is still needed."), "info")


def _back(venue: str) -> ResponseReturnValue:
    return redirect(url_for("routing.show", venue=venue))
