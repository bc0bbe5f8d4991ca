"""What the search shows: rooms in groups that answer alike, for a moment, several days, a whole day or a series."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import render_template
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup

from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.day_search import search_day
from zalenzoeker.domain.dayline import Held
from zalenzoeker.domain.search import CAN_BE_ASKED, Found, rank, search
from zalenzoeker.domain.series import PatternKind
from zalenzoeker.domain.series_search import Share, search_series, spans
from zalenzoeker.domain.slots import DAY, STEP_MINUTES, epoch
from zalenzoeker.domain.wallday import WallDay, wall_day
from zalenzoeker.domain.wanted import Judge
from zalenzoeker.storage import city
from zalenzoeker.web import daybar
from zalenzoeker.web.answers import NO_OTHER_DAY, Line, Speaker, heads, line
from zalenzoeker.web.answers_more import day_heads, day_line, days_line, series_heads, series_line
from zalenzoeker.web.dates import day_long, day_plain, minute_clock, weekday
from zalenzoeker.web.kept import kept_as_it_is, language, written
from zalenzoeker.web.patterns import pattern_words
from zalenzoeker.web.search_form import Look, SearchForm
from zalenzoeker.web.wording import DAY_PART

HeldByRoom = Mapping[int, Sequence[Held]]


@dataclass(frozen=True)
class Section:
    """Rooms that answer alike."""

    name: str
    head: str
    lines: list[Line]


@dataclass(frozen=True)
class Answers:
    """What was found. ``marks``: the hours below the lines of the day."""

    title: str
    count: int
    sections: list[Section]
    marks: list[tuple[int, int]]


@dataclass(frozen=True)
class Results:
    """What the page shows below the form, written out."""

    title: str
    count: int
    rooms: Markup
    is_empty: bool

    def __len__(self) -> int:
        return len(self.title) + len(self.rooms)


def results(form: SearchForm, everything: City, now: datetime) -> Results | None:
    """What was found, or None when there is nothing to look for yet.

    What holds the rooms is always asked of the database. Where that is what it was, nothing is worked out anew: the
    rest changes only with the facts of the rooms, and with the clock, by the quarter of an hour.
    """
    look = LOOKS.get(form.look)
    if look is None:
        return None
    judge = Judge(now, form.wanted, form.pattern)
    asked = spans(everything.rooms, form.days, judge) if form.pattern else [wall_day(day).span for day in form.days]
    held = city.held(everything, asked, epoch(now))
    rows = tuple((room_id, *of_room) for room_id, of_room in held.items())
    version = (form.look, form.days, form.wanted, form.ending, epoch(now) // (60 * STEP_MINUTES), language(), rows)

    def make() -> Results:
        found = look(form, everything, held, judge)
        rooms = written(render_template("search/_rooms.html", found=found))
        return Results(found.title, found.count, rooms, is_empty=not found.sections)

    return kept_as_it_is(everything, version, make)


def where(form: SearchForm, everything: City) -> str:
    """Where is looked, as a part of a sentence."""
    wijk = next((one.name for one in everything.neighbourhoods if one.slug == form.wanted.neighbourhood), "")
    name = form.spot.name if form.spot and form.spot.name else _("the point you chose")
    if form.spot and form.wanted.radius_km:
        said = _("at most %(km)s km from %(name)s", km=f"{form.wanted.radius_km:g}".replace(".", ","), name=name)
    elif form.spot:
        said = _("measured from %(name)s", name=name)
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


def _moment(form: SearchForm, everything: City, held: HeldByRoom, judge: Judge) -> Answers:
    day, speaker = form.days[0], Speaker(everything, form.wanted)
    wall = wall_day(day)
    found = search(everything.rooms, day, held, judge)

    def say(one: Found) -> Line:
        return line(one, speaker, wall, _bar(one, held.get(one.room.id, ()), judge, speaker, wall))

    names = heads(form.wanted, _moment_words(form))
    return Answers(
        title=_capital(f"{day_long(day)}, {_moment_words(form)}"),
        count=sum(one.answer in CAN_BE_ASKED for one in found),
        sections=_sections(found, names, lambda one: one.group, say),
        marks=daybar.hour_marks(form.wanted.hours),
    )


def _bar(one: Found, held: Sequence[Held], judge: Judge, speaker: Speaker, wall: WallDay) -> Markup | None:
    """The line of the day, where the day is what matters."""
    if one.slot is None or one.group in NO_OTHER_DAY:
        return None
    look, minutes = "ask" if one.answer in CAN_BE_ASKED else "clash", judge.asked(one.room, wall).minutes
    frame = speaker.said((look, minutes), lambda: daybar.frame(look, minutes))
    return daybar.drawn(_ground(one.room, judge, speaker, wall), held, wall, frame)


def _ground(room: KnownRoom, judge: Judge, speaker: Speaker, wall: WallDay) -> str:
    opened = judge.open_minutes(room, wall)
    return speaker.said(opened, lambda: daybar.ground(opened))


def _days(form: SearchForm, everything: City, held: HeldByRoom, judge: Judge) -> Answers:
    speaker = Speaker(everything, form.wanted)
    by_room: dict[int, dict[date, Found]] = {}
    for day in form.days:
        for one in search(everything.rooms, day, held, judge):
            by_room.setdefault(one.room.id, {})[day] = one
    ordered = sorted((min(of_room.values(), key=rank) for of_room in by_room.values()), key=rank)
    names = heads(form.wanted, _moment_words(form))
    return Answers(
        title=_capital(_("One of %(count)d days, %(hours)s", count=len(form.days), hours=_moment_words(form))),
        count=sum(one.answer in CAN_BE_ASKED for one in ordered),
        sections=_sections(ordered, names, lambda one: one.group, lambda one: days_line(by_room[one.room.id], speaker)),
        marks=[],
    )


def _day(form: SearchForm, everything: City, held: HeldByRoom, judge: Judge) -> Answers:
    day, speaker = form.days[0], Speaker(everything, form.wanted)
    wall = wall_day(day)
    found = search_day(everything.rooms, day, held, judge)

    def say(one: Any) -> Line:
        of_room = held.get(one.room.id, ())
        bar = (
            None if one.group in NO_OTHER_DAY else daybar.drawn(_ground(one.room, judge, speaker, wall), of_room, wall)
        )
        return day_line(one, speaker, wall, bar)

    names = day_heads(has_people=form.wanted.people is not None)
    return Answers(
        title=_capital(day_long(day)),
        count=sum(bool(one.free) and one.answer in CAN_BE_ASKED for one in found),
        sections=_sections(found, names, lambda one: one.group, say),
        marks=daybar.hour_marks(None),
    )


def _series(form: SearchForm, everything: City, held: HeldByRoom, judge: Judge) -> Answers:
    speaker = Speaker(everything, form.wanted)
    offers = search_series(everything.rooms, form.days, held, judge)
    return Answers(
        title=_capital(_series_words(form)),
        count=sum(one.share in (Share.ALL, Share.SOME) for one in offers),
        sections=_sections(
            offers, series_heads(), lambda one: one.share, lambda one: series_line(one, speaker, form.ending)
        ),
        marks=[],
    )


def _series_words(form: SearchForm) -> str:
    pattern = form.pattern
    assert pattern is not None, "only a series is looked for as one"
    if form.wanted.hours:
        return pattern_words(pattern)
    days = pattern.days()
    facts = {
        "weekday": weekday(days[0]),
        "part": _moment_words(form),
        "first": day_plain(days[0]),
        "last": format_date(days[-1], "d MMMM y"),
    }
    if pattern.kind is PatternKind.WEEKLY:
        return _("every %(weekday)s, %(part)s, from %(first)s to %(last)s", **facts)
    if pattern.kind is PatternKind.FORTNIGHTLY:
        return _("every two weeks on %(weekday)s, %(part)s, from %(first)s to %(last)s", **facts)
    return _("every month on %(weekday)s, %(part)s, from %(first)s to %(last)s", **facts)


LOOKS: dict[Look, Callable[[SearchForm, City, HeldByRoom, Judge], Answers]] = {
    Look.DAY: _day,
    Look.MOMENT: _moment,
    Look.DAYS: _days,
    Look.SERIES: _series,
}
