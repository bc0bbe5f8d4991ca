"""Which days of the agenda are looked at, where, and what stands on them: read from the address of the page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from zalenzoeker.domain.city import City, KnownRoom, Point
from zalenzoeker.domain.feeds import AHEAD, BACK
from zalenzoeker.domain.programme import span_of
from zalenzoeker.domain.slots import to_local
from zalenzoeker.domain.wanted import kilometres
from zalenzoeker.storage import activities
from zalenzoeker.storage.activities import Listed
from zalenzoeker.web import near
from zalenzoeker.web.agenda_choice import THEMES, Choice
from zalenzoeker.web.dates import day_long, day_plain

WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
LONGEST_WORDS = 100
# How far somebody goes on foot or by bike for soup; further away is another neighbourhood.
NEAR_KM = 2.5


class Shown(NamedTuple):
    """One date of the agenda with its room; ``km``: how far that is, None where nobody asked."""

    one: Listed
    room: KnownRoom
    km: float | None = None


@dataclass
class Look:
    """What the agenda shows. ``notes``: what of the address was left aside; ``error``: about ``bij``."""

    choice: Choice
    first: date
    last: date
    today: date
    typed_day: str = ""
    typed_place: str = ""
    point: Point | None = None
    place: str = ""
    error: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last

    @property
    def title(self) -> str:
        """Week van 23 tot en met 29 november, or the one day."""
        if self.is_one_day:
            return _("Today") if self.first == self.today else day_long(self.first)
        return _("From %(first)s to %(last)s", first=day_plain(self.first), last=day_plain(self.last))

    def query(self, **changes: Any) -> dict[str, Any]:
        """The same look as the end of an address, with these names changed; None leaves one out."""
        found: dict[str, Any] = {**self.choice.query, "dag": self.typed_day, "bij": self.typed_place, **changes}
        return {name: value for name, value in found.items() if value}

    def week(self, weeks: int) -> str | None:
        """The name of the week so many weeks on, as far as there is one to see."""
        monday = self.first - timedelta(days=self.first.weekday()) + timedelta(weeks=weeks)
        if not self.today - BACK <= monday + timedelta(days=6) or monday > self.today + AHEAD:
            return None
        year, number, _weekday = monday.isocalendar()
        return f"{year}-W{number:02}"


def read(args: MultiDict[str, str], city: City, now: datetime) -> Look:
    """What the address asks for; whatever it names that is not there is left aside, and said."""
    today, notes = to_local(now).date(), list[str]()
    choice = _choice(args, city, notes)
    look = Look(choice, today, today + timedelta(days=6 - today.weekday()), today, notes=notes)
    look.typed_place = args.get("bij", "").strip()[:LONGEST_WORDS]
    if monday := _week(args.get("week", "").strip(), notes):
        look.first, look.last = max(monday, min(today, monday + timedelta(days=6))), monday + timedelta(days=6)
        if look.last < today:
            look.first = monday
    if day := _day(args.get("dag", "").strip(), notes):
        look.first = look.last = day
        look.typed_day = day.isoformat()
    elif look.typed_place and not args.get("week"):
        look.last = today
    _find_place(look, city)
    return look


def _choice(args: MultiDict[str, str], city: City, notes: list[str]) -> Choice:
    known = {one.slug for one in city.neighbourhoods}
    slugs = dict.fromkeys(one for one in args.getlist("wijk") if one)
    themes = dict.fromkeys(one for one in args.getlist("thema") if one)
    unknown = [*(slugs.keys() - known), *(themes.keys() - THEMES.keys())]
    notes += [_("We do not know “%(value)s”, so we left it aside.", value=value[:40]) for value in sorted(unknown)]
    chosen = sorted(one for one in themes if one in THEMES)
    return Choice(tuple(sorted(known & slugs.keys())), tuple(THEMES[one] for one in chosen))


def _week(typed: str, notes: list[str]) -> date | None:
    found = WEEK.fullmatch(typed)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    return _near_enough(typed, monday, notes)


def _day(typed: str, notes: list[str]) -> date | None:
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        day = None
    return _near_enough(typed, day, notes)


def _near_enough(typed: str, day: date | None, notes: list[str]) -> date | None:
    # Years at the edge of the calendar have no next week.
    if typed and (day is None or not 2000 <= day.year <= 2100):
        notes.append(_("We do not know “%(value)s”, so we left it aside.", value=typed[:40]))
        return None
    return day


def _find_place(look: Look, city: City) -> None:
    """Where the visitor is, by the point their device gave or by the words they typed."""
    if not look.typed_place:
        return
    look.point = near.point(look.typed_place)
    if look.point is None and (spots := near.find(city, look.typed_place)):
        look.point, look.place = spots[0].point, spots[0].name
    if look.point is None:
        look.error = _("We do not know this address. Type the street of a place, its name, or a neighbourhood.")


def shown(look: Look, city: City, now: datetime) -> list[Shown]:
    """What stands on these days: by day, and then by hour or, close to somewhere, by how far it is."""
    slugs = look.choice.neighbourhoods
    room_ids = [room.id for room in city.rooms if room.neighbourhood_slug in slugs] if slugs else None
    span = span_of(look.first, look.last)
    found = activities.listed(*span, room_ids=room_ids, themes=look.choice.themes)
    rows = [Shown(one, city.by_id[one.room_id]) for one in found if one.room_id in city.by_id]
    rows = [row for row in rows if row.one.slot.day >= look.first]
    if look.first <= look.today <= look.last:
        rows = [row for row in rows if row.one.slot.ends_at > now]
    if look.point is None:
        return rows
    measured = [row._replace(km=kilometres(look.point, row.room.point)) for row in rows]
    close = [row for row in measured if (row.km or 0) <= NEAR_KM]
    return sorted(close, key=lambda row: (row.one.slot.day, row.km, row.one.slot.from_epoch, row.one.uid))


def by_day(rows: Iterable[Shown]) -> list[tuple[date, Sequence[Shown]]]:
    return [(day, list(those)) for day, those in groupby(rows, key=lambda row: row.one.slot.day)]
