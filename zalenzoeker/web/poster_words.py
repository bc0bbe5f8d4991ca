"""What stands on the poster of a week: the words of its page and of its PDF."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from zalenzoeker.domain import poster
from zalenzoeker.domain.poster import Format, breakable
from zalenzoeker.domain.slots import Week
from zalenzoeker.domain.whats_on import Day, Event
from zalenzoeker.gateways import codes, gables
from zalenzoeker.storage.models import Opening, Venue
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.dates import (
    WEEKDAYS,
    clock,
    day_long,
    day_plain,
    day_shortest,
    format_list,
    is_whole_day,
    minutes_short,
    weekday,
    weekday_short,
)
from zalenzoeker.web.wording import KIND_CLASS

# The deep colours of the six kinds of places, as static/css/tokens.css has them for paper.
COLOURS = {
    "buurtcentrum": "#00608b",
    "open-huis": "#23733a",
    "buurthuis": "#b3401f",
    "ldc": "#75378f",
    "groep": "#806000",
    "privaat": "#4c5d66",
}
# A day with more than this is written in pieces that each say which day it is, so that it can go on overleaf.
MOST_IN_A_PIECE = 4
# Longer words about dropping in would take the place of the week itself; they stand on the page of the place.
LONGEST_WELCOME = 140


def period(week: Week) -> str:
    """maandag 11 tot zondag 17 januari 2027; a month or a year is said twice only where there are two."""
    first, last = week.days[0], week.days[-1]
    if first.year != last.year:
        begins = day_long(first)
    elif first.month != last.month:
        begins = f"{weekday(first)} {day_plain(first)}"
    else:
        begins = f"{weekday(first)} {first.day}"
    return _("%(first_day)s to %(last_day)s", first_day=begins, last_day=day_long(last))


def room_hours(openings: Iterable[Opening]) -> list[str]:
    """Maandag tot vrijdag 9.00–12.00 en 13.00–17.00: days in a row with the same hours are said together."""
    found: dict[int, list[str]] = {}
    for line in openings:
        found.setdefault(line.weekday, []).append(minutes_short(line.from_minute, line.to_minute))
    rows: list[tuple[list[int], list[str]]] = []
    for day, hours in sorted(found.items()):
        if rows and rows[-1][1] == hours and rows[-1][0][-1] == day - 1:
            rows[-1][0].append(day)
        else:
            rows.append(([day], hours))
    return [f"{_days(days)} {format_list(hours)}" for days, hours in rows]


def _days(days: Sequence[int]) -> str:
    names = [str(WEEKDAYS[day]).lower() for day in days]
    return names[0] if len(names) == 1 else _("%(first_day)s to %(last_day)s", first_day=names[0], last_day=names[-1])


def words(venue: Venue, week: Week, openings: Sequence[Opening]) -> dict[str, Any]:
    """What stands around the week, for the page and the PDF alike."""
    drop_in = (venue.drop_in_hours or "").strip()
    hours = room_hours(openings)
    is_short = len(drop_in) <= LONGEST_WELCOME
    return {
        "place": venue.name,
        "heading": _("This week you are welcome"),
        "period": period(week),
        "welcome": _("Drop in: %(hours)s", hours=drop_in) if drop_in and is_short else "",
        "hours": _("The rooms are open: %(hours)s", hours=", ".join(hours)) if hours else "",
        "empty": _("Nothing is announced for this week."),
        "empty_more": _("The house may be open all the same: ask inside, or look at the page of this place."),
        "call": _("Put this agenda in your calendar"),
        "scan": _("Scan the code with your phone, or go to %(address)s", address=_spoken(_page(venue))),
        "demo": _("Demonstration: the hours and activities are made up.") if current_app.config["DEMO"] else "",
        "code_of": _("QR code to the calendar of %(place)s", place=venue.name),
    }


def code(venue: Venue) -> str:
    """The square that leads to where one subscribes: a telephone that opens a feed itself is rare."""
    return codes.square(f"{_page(venue)}#feed")


def facts(venue: Venue, week: Week, days: Sequence[Day], openings: Sequence[Opening], sheet: Format) -> dict[str, Any]:
    """What ``data/poster.typ`` reads."""
    said = words(venue, week, openings)
    kind = KIND_CLASS[venue.kind].removeprefix("k-")
    lines = [said["scan"], said["hours"], said["demo"]]
    is_placed = len({event.room_id for day in days for event in day.events}) > 1
    return {
        "title": f"{venue.name}, {said['period']}",
        "site": current_app.config["SITE_NAME"],
        "lang": str(get_locale()),
        "place": breakable(venue.name),
        "heading": said["heading"],
        "period": said["period"],
        "welcome": breakable(said["welcome"]),
        "house": gables.front(_static() / "img" / "icons.svg", f"g-{kind}", COLOURS[kind]),
        "days": [piece for day in days for piece in _pieces(day, is_placed=is_placed)],
        "empty": said["empty"],
        "empty-more": said["empty_more"],
        "pages": _("Sheet {page} of {pages}"),
        "goes-on": _("goes on on the next sheet"),
        "foot": {
            "call": said["call"],
            "lines": [line for line in lines if line],
            "code": code(venue),
            "alt": said["code_of"],
        },
        "sheet": {
            "format": sheet.value,
            "colour": COLOURS[kind],
            "sizes": poster.sizes(sheet),
            "nearby": poster.nearby(),
        },
    }


def fonts() -> Path:
    """The built fonts of the site, as a poster wants them."""
    return _static() / "dist" / "print"


def _pieces(day: Day, *, is_placed: bool) -> Iterable[dict[str, Any]]:
    rows = [_row(event, is_placed=is_placed) for event in day.events]
    count = -(-len(rows) // MOST_IN_A_PIECE)
    size = -(-len(rows) // count)
    for start in range(0, len(rows), size):
        yield {**_named(day.day), "events": rows[start : start + size]}


def _named(day: date) -> dict[str, str]:
    return {"name": weekday_short(day), "date": day_shortest(day)}


def _row(event: Event, *, is_placed: bool) -> dict[str, Any]:
    whole = is_whole_day(event.slot)
    return {
        "starts": _("all day") if whole else clock(event.slot.starts),
        "ends": "" if whole else _("to %(time)s", time=clock(event.slot.ends)),
        "title": breakable(event.title),
        "place": breakable(event.place) if is_placed else "",
        "is_cancelled": event.is_cancelled,
        "mark": _("Does not go on") if event.is_cancelled else "",
    }


def _page(venue: Venue) -> str:
    return absolute("venues.show", venue=venue.slug)


def _spoken(address: str) -> str:
    """An address as one types it."""
    return address.partition("://")[2]


def _static() -> Path:
    return Path(current_app.config["STATIC_FILES"])
