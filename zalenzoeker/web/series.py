"""Planning a series before it is asked: what each date meets, to keep, leave out or move, one by one."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.availability import ABOUT_THE_MOMENT, Code, Need, Obstacle, obstacles
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.storage import city
from zalenzoeker.web.access import public
from zalenzoeker.web.notation import form_address
from zalenzoeker.web.patterns import pattern_words
from zalenzoeker.web.request_form import OWN_HOURS
from zalenzoeker.web.series_form import KEEP, MOVE, OWN, PART, SKIP, SeriesForm, rooms_of
from zalenzoeker.web.series_look import choice_words, count_words
from zalenzoeker.web.series_rows import Row, rows
from zalenzoeker.web.ways import Said, said

blueprint = Blueprint("series", __name__)

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
    found = rows(form, everything, now)
    undecided = [row for row in found if row.dates is None]
    wants_on = bool(request.args.get("verder")) and bool(found)
    is_empty = bool(found) and not undecided and not any(_is_wanted(row) for row in found)
    if wants_on and not undecided and not is_empty:
        return redirect(_onward(form, found))
    page = _page(form, found, everything, now, asks_on=wants_on, is_empty=is_empty)
    return (page, 422) if form.errors or wants_on else page


def _is_wanted(row: Row) -> bool:
    return any(not date.is_skipped for date in row.dates or ())


def _onward(form: SeriesForm, found: Sequence[Row]) -> str:
    """The form with the dates as they were chosen."""
    kept: dict[str, list[str]] = {}
    for name, value in form.kept:
        kept.setdefault(name, []).append(value)
    dates = [date for row in found for date in row.dates or ()]
    return form_address(form.room.code, dates, form.pattern, **kept)


def _page(
    form: SeriesForm, found: Sequence[Row], everything: City, now: datetime, *, asks_on: bool, is_empty: bool
) -> str:
    home = form.room
    undecided = [row for row in found if row.dates is None]
    too_long = _general(form, now)
    rules, day = home.rules, form.day.data
    return render_template(
        "series/plan.html",
        form=form,
        room=home,
        rows=found,
        # What needs a decision comes first, and stays there when it has got one.
        groups=[
            (_("Not free: keep them out or move them"), [row for row in found if not row.is_free]),
            (_("Free to ask for"), [row for row in found if row.is_free]),
        ],
        undecided=undecided,
        asks_on=asks_on,
        is_empty=is_empty,
        choices=CHOICES,
        count=count_words(len(found), sum(row.is_free for row in found)),
        chosen=_chosen(found),
        pattern=pattern_words(form.pattern) if form.pattern else "",
        general=[_said(one, home) for one in too_long],
        shorter=next((one.facts["until"] for one in too_long if one.code is Code.WEEKLY_TOO_LONG), None),
        others=[one for one in everything.rooms if one.venue_id == home.venue_id and one.is_asked_here and one != home],
        part_hours={part.value: rules.hours_of(part, day.weekday() if day else None) for part in DayPart},
        own_hours=OWN_HOURS,
    )


def _general(form: SeriesForm, now: datetime) -> list[Obstacle]:
    """What is in the way of the whole series, whatever its days: how long it lasts, how long each time, how many."""
    slot = next((one.slot for one in form.rows if one.slot), None)
    if slot is None or form.pattern is None:
        return []
    rule = form.pattern
    need = Need(slot, form.people.data, is_weekly=rule.is_weekly, pattern_end=rule.last_day)
    found = {one.code: one for room in form.rooms for one in obstacles(need, room.facts(), now)}
    return [one for code, one in found.items() if code not in ABOUT_THE_MOMENT]


def _said(one: Obstacle, home: KnownRoom) -> Said:
    return said(one, home.name)


def _chosen(found: Sequence[Row]) -> str:
    """What was chosen so far, in one sentence."""
    undecided = sum(row.dates is None for row in found)
    left_out = sum(row.chosen == SKIP for row in found)
    moved = sum(bool(row.moved_to) for row in found)
    return choice_words(len(found) - undecided - left_out - moved, left_out, moved, undecided)
