"""Planning a series before it is asked: what each date meets, to keep, leave out or move, one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.availability import ABOUT_THE_MOMENT, Code, Obstacle, obstacles
from zalenzoeker.domain.city import City
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Asker
from zalenzoeker.storage import city
from zalenzoeker.web import prefill
from zalenzoeker.web.access import actor, public
from zalenzoeker.web.moment_form import day_part_hints
from zalenzoeker.web.notation import form_address
from zalenzoeker.web.patterns import pattern_words
from zalenzoeker.web.series_form import KEEP, MOVE, OWN, PART, SKIP, SeriesForm, rooms_of
from zalenzoeker.web.series_look import choice_words, count_words
from zalenzoeker.web.series_rows import Row, rows
from zalenzoeker.web.ways import said

blueprint = Blueprint("series", __name__)

# So many dates that are simply free are shown at once; more are folded away.
FEW = 4
CHOICES = {"keep": KEEP, "part": PART, "skip": SKIP, "move": MOVE, "own": OWN}


@blueprint.get("/aanvragen/reeks")
@public
def plan() -> ResponseReturnValue:
    everything, now = city.city(), clock.now()
    home = everything.by_code.get(request.args.get("zaal", "")) or abort(404)
    if not home.is_asked_here:
        flash(_("%(room)s cannot be asked here. Ask the house itself.", room=home.name))
        return redirect(url_for("rooms.show", venue=home.venue_slug, room=home.slug))
    form = SeriesForm(request.args)
    house = {room.code for room in everything.rooms if room.venue_id == home.venue_id and room.is_asked_here}
    form.read(request.args, home, rooms_of(request.args, home, everything), house)
    asker = prefill.asker(form.people.data)
    found = rows(form, everything, now, asker, actor())
    undecided = [row for row in found if row.dates is None]
    wants_on = bool(request.args.get("verder")) and bool(found)
    is_empty = bool(found) and not undecided and not any(_is_wanted(row) for row in found)
    if wants_on and not undecided and not is_empty:
        return redirect(_onward(form, found))
    page = _page(form, found, everything, _general(form, now, asker), asks_on=wants_on, is_empty=is_empty)
    return (page, 422) if form.errors or wants_on else page


def _is_wanted(row: Row) -> bool:
    return any(not date.is_skipped for date in row.dates or ())


def _onward(form: SeriesForm, found: Sequence[Row]) -> str:
    """The form with the dates as they were chosen."""
    dates = [date for row in found for date in row.dates or ()]
    return form_address(form.room.code, dates, form.pattern, **form.kept_by_name)


def _page(
    form: SeriesForm,
    found: Sequence[Row],
    everything: City,
    general: Sequence[Obstacle],
    *,
    asks_on: bool,
    is_empty: bool,
) -> str:
    home = form.room
    undecided = [row for row in found if row.dates is None]
    plain = [row for row in found if row.is_plain]
    return render_template(
        "series/plan.html",
        form=form,
        known=home,
        crumb=_("Several dates"),
        rows=found,
        # What needs a decision comes first, and stays there when it has got one.
        groups=[
            (head, of_head)
            for head, of_head in (
                (_("Not free: keep them out or move them"), [row for row in found if not row.is_free]),
                (_("Free, but look first"), [row for row in found if row.is_free and not row.is_plain]),
            )
            if of_head
        ],
        plain=plain,
        opens_plain=len(plain) <= FEW,
        undecided=undecided,
        errors=_errors(undecided, is_empty=is_empty) if asks_on else [],
        asks_on=asks_on,
        choices=CHOICES,
        count=count_words(len(found), sum(row.is_free for row in found)),
        chosen=_chosen(found),
        pattern=pattern_words(form.pattern) if form.pattern else "",
        general=[said(one, home.name) for one in general],
        shorter=next((one.facts["until"] for one in general if one.code is Code.WEEKLY_TOO_LONG), None),
        others=[one for one in everything.rooms if one.venue_id == home.venue_id and one.is_asked_here and one != home],
        part_hints=day_part_hints(home, form.day.data),
    )


def _errors(undecided: Sequence[Row], *, is_empty: bool) -> list[tuple[str, str]]:
    """What is still to be chosen, each with the part of the page it is about."""
    if is_empty:
        return [("datums", _("All dates are left out. Keep at least one."))]
    return [(f"datum-{row.number}", _("Choose what you do with %(date)s", date=row.when)) for row in undecided]


def _general(form: SeriesForm, now: datetime, asker: Asker) -> list[Obstacle]:
    """What is in the way of the whole series, whatever its days: who asks, how long it lasts, how long each time."""
    slot = next((one.slot for one in form.rows if one.slot), None)
    if slot is None or form.pattern is None:
        return []
    rule = form.pattern
    need = checking.asked_by(asker, form.room, [slot], by=actor()).need_of(form.room, slot)
    need = replace(need, is_weekly=rule.is_weekly, pattern_end=rule.last_day)
    found = {one.code: one for room in form.rooms for one in obstacles(need, room.facts(), now)}
    return [one for code, one in found.items() if code not in ABOUT_THE_MOMENT]


def _chosen(found: Sequence[Row]) -> str:
    """What was chosen so far, in one sentence."""
    undecided = sum(row.dates is None for row in found)
    left_out = sum(row.chosen == SKIP for row in found)
    moved = sum(bool(row.moved_to) for row in found)
    return choice_words(len(found) - undecided - left_out - moved, left_out, moved, undecided)
