"""Looking for a room across all places: at one moment, on one of several days, for a whole day, or for a series."""

from datetime import date, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from zalenzoeker import clock
from zalenzoeker.domain.availability import first_day
from zalenzoeker.domain.city import City
from zalenzoeker.domain.moments import first_free, horizon
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.series import PatternKind
from zalenzoeker.domain.slots import days_from, epoch
from zalenzoeker.storage import city
from zalenzoeker.web import near, search_form
from zalenzoeker.web.access import public
from zalenzoeker.web.kept import kept
from zalenzoeker.web.results import results, where
from zalenzoeker.web.search_form import SearchForm
from zalenzoeker.web.wording import DAY_PART

blueprint = Blueprint("search", __name__)

# What people ask for most, as boxes to tick; everything else is in a list.
ASKED_MOST = ("keuken", "beamer", "wifi", "geluid", "podium", "bar", "lift", "piano")
LONGEST_MINUTES = 24 * 60
USUAL_MINUTES = 120
DAYS_TO_CHOOSE = 7


@blueprint.get("/zalen")
@public
def show() -> ResponseReturnValue:
    if request.args.get("zaal"):
        return _to_first_free()
    now, everything = clock.now(), city.city()
    form = search_form.read(request.args, everything, now)
    found = results(form, everything, now)
    page = render_template(
        "search/show.html",
        form=form,
        results=found,
        where=where(form, everything),
        neighbourhoods=_neighbourhoods(everything, form.typed["wijk"]),
        facilities=_facilities(everything, form.facilities),
        known_names=_known_names(everything),
        chosen=_chosen(form, everything) if found else [],
        days_to_choose=[] if found else _days_to_choose(everything, now),
        repeats=_repeats(),
        parts=[("", _("Own hours")), *((part.value, DAY_PART[part]) for part in DayPart)],
    )
    return (page, 422) if form.errors else page


def _to_first_free() -> ResponseReturnValue:
    venue, _slash, room = request.args["zaal"].partition("/")
    if not (venue and room):
        abort(404)
    return redirect(url_for("search.first", venue=venue, room=room, duur=request.args.get("duur") or None))


def _repeats() -> list[tuple[str, str]]:
    words = {
        PatternKind.WEEKLY: _("Every week"),
        PatternKind.FORTNIGHTLY: _("Every two weeks"),
        PatternKind.MONTHLY_NTH: _("Every month, on the same weekday"),
    }
    return [(value, words[kind]) for value, kind in search_form.REPEATS.items()]


def _neighbourhoods(everything: City, chosen: str) -> Markup:
    return kept(
        everything,
        ("neighbourhoods", chosen),
        lambda: render_template("search/_neighbourhoods.html", neighbourhoods=everything.neighbourhoods, chosen=chosen),
    )


def _facilities(everything: City, chosen: tuple[str, ...]) -> Markup:
    known = everything.facility_names
    boxes = [slug for slug in ASKED_MOST if slug in known]
    return kept(
        everything,
        ("facilities", chosen),
        lambda: render_template("search/_facilities.html", names=known, boxes=boxes, chosen=chosen),
    )


def _known_names(everything: City) -> Markup:
    """What may be typed as an address: neighbourhoods, and the places with their streets."""

    def make() -> str:
        names = [spot.name for spot in near.spots(everything).values()]
        return render_template("search/_names.html", names=sorted(names))

    return kept(everything, "names", make)


def _chosen(form: SearchForm, everything: City) -> list[str]:
    """What was chosen behind "more choices", in words: the results stand above them."""
    chosen = [str(DAY_PART[form.wanted.part])] if form.wanted.part else []
    chosen += [everything.facility_names[slug] for slug in form.facilities]
    chosen += [_("wheelchair")] if form.wheelchair else []
    if form.spot:
        chosen.append(where(form, everything))
    if form.pattern:
        chosen.append(next(words for value, words in _repeats() if value == form.typed["herhaal"]))
    return [one[:1].lower() + one[1:] for one in chosen]


def _days_to_choose(everything: City, now: datetime) -> list[date]:
    """The first days that can be asked without an exception, for who has no day in mind."""
    days = [first_day(room.rules, now, everything.special) for room in everything.rooms if room.is_asked_here]
    return list(days_from(min(days), DAYS_TO_CHOOSE)) if days else []


@blueprint.get("/zalen/<venue>/<room>/eerste")
@public
def first(venue: str, room: str) -> ResponseReturnValue:
    """The first moment at which a room is free for so many minutes."""
    now, everything = clock.now(), city.city()
    known = everything.by_code.get(f"{venue}/{room}") or abort(404)
    typed = request.args.get("duur", "").strip()[: search_form.LONGEST_WORDS]
    minutes = read_minutes(typed) if typed else USUAL_MINUTES
    found = None
    if minutes and known.is_asked_here:
        span = horizon(known.facts(), now)
        taken = city.taken(everything, *span, epoch(now), room_ids=[known.id]) if span[0] < span[1] else {}
        found = first_free(known.facts(taken.get(known.id, ())), minutes, now)
    page = render_template(
        "search/first.html", room=known, typed=typed, minutes=minutes, found=found, choices=MINUTES_TO_CHOOSE
    )
    return page if minutes else (page, 422)


MINUTES_TO_CHOOSE = (60, 90, 120, 180, 240, 360, 480)


def read_minutes(words: str) -> int | None:
    """So many minutes as an address says it, on the quarter hour; None when it is no such number."""
    if not (words.isascii() and words.isdigit() and len(words) < 5):
        return None
    minutes = int(words)
    return minutes if 0 < minutes <= LONGEST_MINUTES and minutes % 15 == 0 else None
