"""Looking for a room across all places: at one moment, on one of several days, for a whole day, or for a series."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from zalenzoeker import clock
from zalenzoeker.domain.availability import first_day
from zalenzoeker.domain.city import City
from zalenzoeker.domain.day_search import search_day
from zalenzoeker.domain.dayline import Held
from zalenzoeker.domain.moments import first_free, horizon
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.search import CAN_BE_ASKED, Found, Group, Judge, rank, search
from zalenzoeker.domain.series import PatternKind
from zalenzoeker.domain.series_search import Share, search_series, spans
from zalenzoeker.domain.slots import DAY, days_from, epoch
from zalenzoeker.domain.wallday import WallDay, wall_day
from zalenzoeker.storage import city
from zalenzoeker.web import daybar, near, search_form
from zalenzoeker.web.access import public
from zalenzoeker.web.answers import Line, Speaker, heads, line
from zalenzoeker.web.answers_more import day_heads, day_line, days_line, series_heads, series_line
from zalenzoeker.web.dates import day_long, minute_clock
from zalenzoeker.web.kept import kept, language, written
from zalenzoeker.web.patterns import pattern_words
from zalenzoeker.web.search_form import Look, SearchForm
from zalenzoeker.web.wording import DAY_PART

blueprint = Blueprint("search", __name__)

# What people ask for most, as boxes to tick; everything else is in a list.
ASKED_MOST = ("keuken", "beamer", "wifi", "geluid", "podium", "bar", "lift", "piano")
LONGEST_MINUTES = 24 * 60
USUAL_MINUTES = 120
DAYS_TO_CHOOSE = 7
NO_BAR = frozenset({Group.ASK_THE_HOUSE, Group.UNFIT})


@dataclass(frozen=True)
class Section:
    """Rooms that answer alike."""

    name: str
    head: str
    lines: list[Line]
    hint: str = ""


@dataclass(frozen=True)
class Results:
    """What the page shows below the form. ``marks``: the hours below the lines of the day."""

    title: str
    count: int
    sections: list[Section]
    marks: list[tuple[int, int]]


@blueprint.get("/zalen")
@public
def show() -> ResponseReturnValue:
    if request.args.get("zaal"):
        return _to_first_free()
    now, everything = clock.now(), city.city()
    form = search_form.read(request.args, everything, now)
    results = LOOKS[form.look](form, everything, now) if form.look in LOOKS else None
    page = render_template(
        "search/show.html",
        form=form,
        results=results,
        where=_where(form, everything),
        neighbourhoods=_neighbourhoods(everything, form.typed["wijk"]),
        facilities=_facilities(everything, form.facilities),
        known_names=_known_names(everything),
        chosen=_chosen(form, everything) if results else [],
        days_to_choose=[] if results else _days_to_choose(everything, now),
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
        ("neighbourhoods", chosen, language()),
        lambda: written(
            render_template("search/_neighbourhoods.html", neighbourhoods=everything.neighbourhoods, chosen=chosen)
        ),
    )


def _facilities(everything: City, chosen: tuple[str, ...]) -> Markup:
    known = everything.facility_names
    boxes = [slug for slug in ASKED_MOST if slug in known]
    return kept(
        everything,
        ("facilities", chosen, language()),
        lambda: written(render_template("search/_facilities.html", names=known, boxes=boxes, chosen=chosen)),
    )


def _known_names(everything: City) -> Markup:
    """What may be typed as an address: neighbourhoods, and the places with their streets."""

    def make() -> Markup:
        names = [spot.name for spot in near.spots(everything).values()]
        return written(render_template("search/_names.html", names=sorted(names)))

    return kept(everything, ("names", language()), make)


def _chosen(form: SearchForm, everything: City) -> list[str]:
    """What was chosen behind "more choices", in words: the results stand above them."""
    chosen = [str(DAY_PART[form.wanted.part])] if form.wanted.part else []
    chosen += [everything.facility_names[slug] for slug in form.facilities]
    chosen += [_("wheelchair")] if form.wheelchair else []
    if form.spot:
        chosen.append(_where(form, everything))
    if form.pattern:
        chosen.append(next(words for value, words in _repeats() if value == form.typed["herhaal"]))
    return [one[:1].lower() + one[1:] for one in chosen]


def _days_to_choose(everything: City, now: datetime) -> list[date]:
    """The first days that can be asked without an exception, for who has no day in mind."""
    days = [first_day(room.rules, now, everything.special) for room in everything.rooms if room.is_asked_here]
    return list(days_from(min(days), DAYS_TO_CHOOSE)) if days else []


def _where(form: SearchForm, everything: City) -> str:
    """Where is looked, as a part of a sentence."""
    wijk = next((one.name for one in everything.neighbourhoods if one.slug == form.wanted.neighbourhood), "")
    name = form.spot.name if form.spot and form.spot.name else _("the point you chose")
    if form.spot and form.wanted.radius_km:
        said = _("at most %(km)s km from %(name)s", km=f"{form.wanted.radius_km:g}".replace(".", ","), name=name)
    elif form.spot:
        said = _("close to %(name)s first", name=name)
    else:
        return _("in %(name)s", name=wijk) if wijk else _("in the whole of Ghent")
    return _("in %(name)s, %(more)s", name=wijk, more=said) if wijk else said


def _moment_words(form: SearchForm) -> str:
    """The wanted hours as a part of a sentence."""
    if form.wanted.part:
        return str(DAY_PART[form.wanted.part]).lower()
    starts, ends = form.wanted.hours or (0, 0)
    words = _("%(starts)s to %(ends)s", starts=minute_clock(starts), ends=minute_clock(ends))
    return words if ends <= DAY else _("%(hours)s the next morning", hours=words)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _sections(
    found: Iterable[Any], names: dict[Any, str], group: Callable[[Any], Any], say: Callable[[Any], Line]
) -> list[Section]:
    return [Section(key.value, names[key], [say(one) for one in lines]) for key, lines in groupby(found, key=group)]


def _moment(form: SearchForm, everything: City, now: datetime) -> Results:
    day, judge, speaker = form.days[0], Judge(now, form.wanted), Speaker(everything, form.wanted)
    wall = wall_day(day)
    held = city.held(everything, [wall.span], epoch(now))
    found = search(everything.rooms, day, held, judge)

    def say(one: Found) -> Line:
        return line(one, speaker, wall, _bar(one, held.get(one.room.id, ()), judge, wall))

    names = heads(form.wanted, _moment_words(form))
    return Results(
        title=_capital(f"{day_long(day)}, {_moment_words(form)}"),
        count=sum(one.answer in CAN_BE_ASKED for one in found),
        sections=_sections(found, names, lambda one: one.group, say),
        marks=daybar.hour_marks(form.wanted.hours),
    )


def _bar(one: Found, held: Sequence[Held], judge: Judge, wall: WallDay) -> Markup | None:
    """The line of the day, where the day is what matters."""
    if one.slot is None or one.group in NO_BAR:
        return None
    look = "ask" if one.answer in CAN_BE_ASKED else "clash"
    return daybar.drawn(judge.open_minutes(one.room, wall), held, wall, (look, judge.asked(one.room, wall).minutes))


def _days(form: SearchForm, everything: City, now: datetime) -> Results:
    judge, speaker = Judge(now, form.wanted), Speaker(everything, form.wanted)
    held = city.held(everything, [wall_day(day).span for day in form.days], epoch(now))
    by_room: dict[int, dict[date, Found]] = {}
    for day in form.days:
        for one in search(everything.rooms, day, held, judge):
            by_room.setdefault(one.room.id, {})[day] = one
    ordered = sorted((min(of_room.values(), key=rank) for of_room in by_room.values()), key=rank)
    names = heads(form.wanted, _moment_words(form))
    return Results(
        title=_capital(_("One of %(count)d days, %(hours)s", count=len(form.days), hours=_moment_words(form))),
        count=sum(one.answer in CAN_BE_ASKED for one in ordered),
        sections=_sections(ordered, names, lambda one: one.group, lambda one: days_line(by_room[one.room.id], speaker)),
        marks=[],
    )


def _day(form: SearchForm, everything: City, now: datetime) -> Results:
    day, judge, speaker = form.days[0], Judge(now, form.wanted), Speaker(everything, form.wanted)
    wall = wall_day(day)
    held = city.held(everything, [wall.span], epoch(now))
    found = search_day(everything.rooms, day, held, judge)

    def say(one: Any) -> Line:
        of_room = held.get(one.room.id, ())
        bar = None if one.group in NO_BAR else daybar.drawn(judge.open_minutes(one.room, wall), of_room, wall, None)
        return day_line(one, speaker, wall, bar)

    names = day_heads(has_people=form.wanted.people is not None)
    return Results(
        title=_capital(day_long(day)),
        count=sum(bool(one.free) and one.answer in CAN_BE_ASKED for one in found),
        sections=_sections(found, names, lambda one: one.group, say),
        marks=daybar.hour_marks(None),
    )


def _series(form: SearchForm, everything: City, now: datetime) -> Results:
    judge, speaker = Judge(now, form.wanted), Speaker(everything, form.wanted)
    asked = spans(everything.rooms, form.days, judge)
    held = city.held(everything, asked, epoch(now))
    offers = search_series(everything.rooms, form.days, held, judge)
    pattern = {name: form.typed[name] for name in ("dag", "herhaal", "tot-en-met")}
    query = "&" + urlencode(pattern | ({"personen": form.wanted.people} if form.wanted.people else {}))
    return Results(
        title=_capital(_series_words(form)),
        count=sum(one.share in (Share.ALL, Share.SOME) for one in offers),
        sections=_sections(offers, series_heads(), lambda one: one.share, lambda one: series_line(one, speaker, query)),
        marks=[],
    )


def _series_words(form: SearchForm) -> str:
    pattern = form.pattern
    assert pattern is not None, "only a series is looked for as one"
    if form.wanted.hours:
        return pattern_words(pattern)
    days = pattern.days()
    return _(
        "%(count)d dates from %(first)s to %(last)s, %(part)s",
        count=len(days),
        first=day_long(days[0]),
        last=day_long(days[-1]),
        part=_moment_words(form),
    )


LOOKS: dict[Look, Callable[[SearchForm, City, datetime], Results]] = {
    Look.DAY: _day,
    Look.MOMENT: _moment,
    Look.DAYS: _days,
    Look.SERIES: _series,
}


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
