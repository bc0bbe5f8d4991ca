"""What a desk sees around a request: the days before and after, and whether it fits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from zalenzoeker.domain import availability, dayplan
from zalenzoeker.domain.availability import OVERLAP, Code, Obstacle, Taken, TakenBy
from zalenzoeker.domain.dayplan import KIND_OF_TAKEN, Stretch, StretchKind
from zalenzoeker.domain.permissions import ANYONE, may_decide
from zalenzoeker.domain.slots import Slot, days_from, epoch, from_epoch, to_local
from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Trouble, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import rooms
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import day_plain, hours_short
from zalenzoeker.web.refusals import sentence, source
from zalenzoeker.web.standing import days_named
from zalenzoeker.web.timegrid import Grid, grid
from zalenzoeker.web.wording import STRETCH

DAYS = 3


@dataclass(frozen=True)
class Point:
    """One thing a desk wants to know: ``look`` is ok, wait, no or info."""

    look: str
    icon: str
    text: str


def days_around(asked: Occurrence, now: datetime, *, rivals: Sequence[Occurrence] = ()) -> Grid:
    """The day of a date with the days beside it; the asked stretch stands out, everything else has its name.

    ``rivals``: dates that wait for the same. Two that overlap have no place in one line, so each gets its own.
    """
    first = asked.slot.day - timedelta(days=1)
    sight = rooms.Sight(all_titles=True, without=tuple(one.id for one in rivals))
    facts = rooms.facts(asked.room, *availability.span_of_days(first, DAYS), epoch(now), sight)
    start, end = dayplan.grid_hours(facts)
    asked_from, asked_to = _minutes(asked)
    shown = [one for one in rivals if one.slot.day in days_from(first, DAYS)]
    minutes = [_minutes(one) for one in (asked, *shown)]
    span = (
        min(start, *(from_minute // 60 * 60 for from_minute, _to in minutes)),
        max(end, *(-(-to_minute // 60) * 60 for _from, to_minute in minutes)),
    )
    plans = [
        (
            day,
            [
                _for_desk(one)
                for one in dayplan.day_plan(
                    day, facts, now, from_minute=span[0], to_minute=span[1], with_own_buffers=False
                )
            ],
        )
        for day in days_from(first, DAYS)
    ]

    def is_asked(stretch: Stretch) -> bool:
        return (stretch.day, stretch.from_minute, stretch.to_minute) == (asked.slot.day, asked_from, asked_to)

    caption = _(
        "%(room)s from %(first)s to %(last)s",
        room=asked.room.name,
        first=day_plain(first),
        last=day_plain(first + timedelta(days=DAYS - 1)),
    )
    below = [_in_line(one) for one in shown]
    return grid(caption, span, plans, today=to_local(now).date(), this=is_asked, below=below)


def _in_line(one: Occurrence) -> Stretch:
    """A rival as a stretch of its day; what another desk decides about keeps its name."""
    title = one.request.activity if may_decide(actor(), one.request.parties) else ""
    return Stretch(one.slot.day, *_minutes(one), StretchKind.REQUESTED, title)


def _for_desk(stretch: Stretch) -> Stretch:
    """How much ahead one must ask is for askers; to a desk, free is free."""
    is_free = stretch.kind in (StretchKind.FREE_BUT_SOON, StretchKind.NOT_YET)
    return replace(stretch, kind=StretchKind.FREE) if is_free else stretch


def same_day(asked: Sequence[Occurrence], now: datetime) -> dict[int, list[str]]:
    """What else happens in the room on the day of each date, in words, by the id of the date."""
    around = rooms.taken_around([date.id for date in asked], epoch(now))
    return {date.id: [_said(one) for one in around.get(date.id, []) if _is_on(one, date)] for date in asked}


def _is_on(one: Taken, date: Occurrence) -> bool:
    return from_epoch(one.from_epoch).date() <= date.slot.day <= from_epoch(one.to_epoch - 1).date()


def _said(one: Taken) -> str:
    hours = hours_short(Slot(from_epoch(one.from_epoch), from_epoch(one.to_epoch)))
    title = one.title or str(STRETCH[KIND_OF_TAKEN[one.by]])
    if one.by in (TakenBy.REQUEST, TakenBy.QUEUED):
        return _("%(hours)s %(title)s (also requested)", hours=hours, title=title)
    return f"{hours} {title}"


def _minutes(asked: Occurrence) -> tuple[int, int]:
    """From when till when the room is taken for a date, in minutes since the midnight of its day."""
    day = wall_day(asked.slot.day)
    return day.minute(asked.taken_from), day.minute(asked.taken_to)


@dataclass(frozen=True)
class Fit:
    """Whether a request fits: all that a desk wants to know, and the rules it asks to set aside with their sources."""

    points: list[Point]
    rules: list[tuple[str, str]]


def fit(request: Request, dates: Sequence[Occurrence], *, has_rivals: bool = False) -> Fit:
    """Do these dates fit? What is in the way and what is not, looked up again, without the request itself.

    ``has_rivals``: others wait for the same, so that nothing is confirmed yet is all that can be said. The number of
    queries does not depend on that of dates.
    """
    asked_at = request.asked_at or request.created_at
    rooms_by_id = cities.city().by_id
    wish = checking.wish_for(request, [WishedDate(rooms_by_id[one.room_id].code, one.slot) for one in dates])
    own = [one.id for one in request.occurrences]
    found: dict[Code, list[tuple[Obstacle, Trouble]]] = {}
    for trouble in checking.look(wish, ANYONE, asked_at, without=own, is_judged_whole=False):
        for one in trouble.obstacles:
            found.setdefault(one.code, []).append((one, trouble))
    words = {code: _for_the_desk(request, dates, of_code) for code, of_code in found.items()}
    said = [Point("no" if code in OVERLAP else "wait", "warn", words[code]) for code in found]
    sizes = [rooms_by_id[one.room_id].capacity for one in dates]
    smallest = None if None in sizes else min((size for size in sizes if size is not None), default=None)
    rules = [(words[code], source(of_code[0][0])) for code, of_code in found.items() if code in request.exceptions]
    return Fit([*said, *_what_fits(request, dates, smallest, found, has_rivals=has_rivals)], rules)


def _for_the_desk(request: Request, dates: Sequence[Occurrence], found: Sequence[tuple[Obstacle, Trouble]]) -> str:
    """The sentence about an obstacle; where it speaks to the asker, the desk gets its own."""
    one, trouble = found[0]
    if one.code is Code.TOO_SOON:
        day = min(each.date.slot.day for _one, each in found)
        said = _(
            "Asked %(days)s days ahead; the rule is %(rule)s days.",
            days=_days_ahead(request, day),
            rule=one.facts["days"],
        )
    else:
        said = sentence(one, room=trouble.room.name)
    if len(dates) < 2 or one.code is Code.WEEKLY_TOO_LONG:
        return said
    return f"{said} {_('About %(days)s.', days=days_named([each.date.slot.day for _one, each in found]))}"


def _days_ahead(request: Request, day: date) -> int:
    asked_at = request.asked_at or request.created_at
    return (day - to_local(asked_at).date()).days


def _what_fits(
    request: Request, dates: Sequence[Occurrence], capacity: int | None, found: Collection[Code], *, has_rivals: bool
) -> list[Point]:
    fits = []
    if dates and not {Code.TOO_SOON, Code.TOO_FAR, Code.IN_THE_PAST} & set(found):
        days = _days_ahead(request, min(one.slot.day for one in dates))
        fits.append(Point("ok", "check", _("Asked in time: %(days)s days ahead.", days=days)))
    if not OVERLAP & set(found):
        nothing = _("Nothing else in the room at that moment.")
        if has_rivals:
            nothing = _("Nothing is confirmed in the room then.")
        elif len(dates) > 1:
            nothing = _("Nothing else in the room on any of the %(count)s dates.", count=len(dates))
        fits.append(Point("ok", "check", nothing))
    if capacity is None:
        unknown = _("How many people fit in the room is unknown. They expect %(people)s.", people=request.people)
        fits.append(Point("info", "info", unknown))
    elif Code.TOO_MANY_PEOPLE not in found:
        enough = _("%(people)s people fit: there is room for %(capacity)s.", people=request.people, capacity=capacity)
        fits.append(Point("ok", "check", enough))
    return fits
