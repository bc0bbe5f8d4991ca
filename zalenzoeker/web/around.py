"""What a desk sees around a request: the days before and after, and whether it fits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from flask_babel import gettext as _

from zalenzoeker.domain import availability, dayplan
from zalenzoeker.domain.availability import OVERLAP, Code, Need, Obstacle, RoomFacts, Taken, TakenBy
from zalenzoeker.domain.dayplan import KIND_OF_TAKEN, Stretch, StretchKind
from zalenzoeker.domain.slots import days_from, epoch, from_epoch, to_local
from zalenzoeker.storage import rooms
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.dates import clock, day_plain
from zalenzoeker.web.refusals import sentence
from zalenzoeker.web.timegrid import Grid, grid
from zalenzoeker.web.wording import STRETCH

DAYS = 3


@dataclass(frozen=True)
class Point:
    """One thing a desk wants to know: ``look`` is ok, wait, no or info."""

    look: str
    icon: str
    text: str


def days_around(asked: Occurrence, now: datetime) -> Grid:
    """The day of a date with the days beside it; the asked stretch stands out, everything else has its name."""
    first = asked.slot.day - timedelta(days=1)
    facts = rooms.facts(asked.room, *availability.span_of_days(first, DAYS), epoch(now), rooms.Sight(all_titles=True))
    start, end = dayplan.grid_hours(facts)
    asked_from, asked_to = _minutes(asked)
    span = min(start, asked_from // 60 * 60), max(end, -(-asked_to // 60) * 60)
    plans = [
        (
            day,
            [_for_desk(one) for one in dayplan.day_plan(day, facts, now, from_minute=span[0], to_minute=span[1])],
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
    return grid(caption, span, plans, today=to_local(now).date(), this=is_asked)


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
    hours = f"{clock(from_epoch(one.from_epoch))}–{clock(from_epoch(one.to_epoch))}"
    title = one.title or str(STRETCH[KIND_OF_TAKEN[one.by]])
    if one.by is TakenBy.REQUEST:
        return _("%(hours)s %(title)s (also requested)", hours=hours, title=title)
    return f"{hours} {title}"


def _minutes(asked: Occurrence) -> tuple[int, int]:
    """Start and end of a date in minutes since the midnight of its day."""
    midnight = datetime.combine(asked.slot.day, time())
    starts, ends = asked.slot.starts - midnight, asked.slot.ends - midnight
    return int(starts.total_seconds()) // 60, int(ends.total_seconds()) // 60


def points(request: Request, now: datetime) -> list[Point]:
    """Does it fit? What is in the way and what is not, looked up again, without the request itself."""
    date = request.first
    facts = rooms.facts(
        date.room,
        date.from_epoch,
        date.to_epoch,
        epoch(now),
        rooms.Sight(all_titles=True, without=(date.id,)),
    )
    asked_at = request.asked_at or request.created_at
    found = {one.code: one for one in availability.obstacles(Need(date.slot, request.people), facts, asked_at)}
    said = [
        Point("no" if code in OVERLAP else "wait", "warn", _for_the_desk(one, request)) for code, one in found.items()
    ]
    return [*said, *_what_fits(request, facts, found)]


def _for_the_desk(one: Obstacle, request: Request) -> str:
    """The sentence about an obstacle; where it speaks to the asker, the desk gets its own."""
    if one.code is not Code.TOO_SOON:
        return sentence(one, room=request.first.room.name)
    return _("Asked %(days)s days ahead; the rule is %(rule)s days.", days=_days_ahead(request), rule=one.facts["days"])


def _days_ahead(request: Request) -> int:
    asked_at = request.asked_at or request.created_at
    return (request.first.slot.day - to_local(asked_at).date()).days


def _what_fits(request: Request, facts: RoomFacts, found: Collection[Code]) -> list[Point]:
    fits = []
    if not {Code.TOO_SOON, Code.TOO_FAR, Code.IN_THE_PAST} & set(found):
        fits.append(Point("ok", "check", _("Asked in time: %(days)s days ahead.", days=_days_ahead(request))))
    if not OVERLAP & set(found):
        fits.append(Point("ok", "check", _("Nothing else in the room at that moment.")))
    if facts.capacity is None:
        fits.append(
            Point(
                "info",
                "info",
                _("How many people fit in the room is unknown. They expect %(people)s.", people=request.people),
            )
        )
    elif Code.TOO_MANY_PEOPLE not in found:
        fits.append(
            Point(
                "ok",
                "check",
                _(
                    "%(people)s people fit: there is room for %(capacity)s.",
                    people=request.people,
                    capacity=facts.capacity,
                ),
            )
        )
    return fits
