"""The page of one room, with its week."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from zalenzoeker import clock
from zalenzoeker.domain import availability, dayplan
from zalenzoeker.domain.availability import RoomFacts
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.dayplan import Stretch
from zalenzoeker.domain.slots import DAY, STEP_MINUTES, Week, epoch, to_local
from zalenzoeker.storage import city, desks, house_texts, rooms
from zalenzoeker.storage.models.house_texts import TextName
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import public
from zalenzoeker.web.dates import day_plain, minute_clock
from zalenzoeker.web.houserules import sources, spoken
from zalenzoeker.web.keeping import may_ask_for_others
from zalenzoeker.web.kept import kept
from zalenzoeker.web.timegrid import Grid, grid
from zalenzoeker.web.wording import FACILITY_ICON

blueprint = Blueprint("rooms", __name__)

# What people ask for most: said as unknown where nobody told.
ASKED_MOST = ("keuken", "beamer", "wifi", "rolstoeltoegankelijk")
WEEKS_BACK, WEEKS_AHEAD = 8, 80
# In which order the looks of the week are explained; only those that stand in it are.
LEGEND = ("free", "soon", "queue", "pend", "busy", "diary", "own", "off", "past")


@blueprint.get("/zalen/<venue>/<room>")
@public
def show(venue: str, room: str) -> ResponseReturnValue:
    known = city.city().by_code.get(f"{venue}/{room}") or abort(404)
    now = clock.now()
    return render_template(
        "rooms/show.html",
        room=known,
        head=kept(known, "head", lambda: render_template("rooms/_head.html", **_about(known))),
        week=_week(known, now) if known.is_asked_here else None,
        entry=known.is_asked_here and may_ask_for_others(known.venue_id),
        facts=kept(known, "facts", lambda: render_template("rooms/_facts.html", **_about(known))),
    )


def _about(known: KnownRoom) -> dict[str, Any]:
    """What the parts of the page tell in which nothing depends on the day or on who looks."""
    room = rooms.by_id(known.id) or abort(404)
    things = rooms.things(room, also=ASKED_MOST)
    return {
        "room": room,
        "venue": room.venue,
        "place": known.code,
        "is_asked_here": known.is_asked_here,
        "unsure_since": min(one.read_at for one in known.diaries) if known.is_unsure else None,
        "capacities": rooms.capacities(room, room.venue),
        "facilities": [(one.name, _icon(one.slug), one.is_demo) for one in things if one.is_there],
        "missing": [(one.name, _icon(one.slug)) for one in things if not (one.is_there or one.is_absent)],
        "absent": [(one.name, _icon(one.slug)) for one in things if one.is_absent],
        "about": house_texts.texts(room.venue_id, room.id).get(TextName.ABOUT),
        "rules": spoken(known.rules),
        "rule_sources": sources(known.rules),
        "desk": desks.of_venue(room.venue_id),
        "feed_url": _feed_url(known),
    }


def _icon(facility: str) -> str:
    return FACILITY_ICON.get(facility, "check")


def _week(known: KnownRoom, now: datetime) -> Markup:
    """The table of the week; one that would say the same as before is not written anew."""
    asked = _asked_week(to_local(now).date())
    first_day = availability.first_day(known.rules, now, known.special)
    week = asked or Week.of(first_day)
    taken = tuple(rooms.taken(known.space_ids, *availability.span_of_days(week.monday, 7), epoch(now)))
    # The past grows by a quarter at a time, which is also when another day begins.
    version = (asked, week, taken, epoch(now) // (60 * STEP_MINUTES))
    return kept(known, version, lambda: _written_week(known, week, known.facts(taken), now, is_first=asked is None))


def _written_week(known: KnownRoom, week: Week, facts: RoomFacts, now: datetime, *, is_first: bool) -> str:
    table = _week_grid(known, week, facts, now)
    shown = {cell.look for row in table.rows for line in row.lines for cell in line}
    return render_template(
        "rooms/_week.html",
        room=known,
        grid=table,
        looks=[look for look in LEGEND if look in shown],
        read_at=min((one.read_at for one in known.diaries), default=None),
        week=week,
        is_first_askable=is_first,
        previous=week.shifted(-1),
        following=week.shifted(1),
        first_day=availability.first_day(known.rules, now, known.special),
        hours_known=bool(facts.hours),
    )


def _asked_week(today: date) -> Week | None:
    """The week of the address; anything that is no week near by counts as none."""
    try:
        week = Week.parse(request.args.get("week", ""))
    except ValueError:
        return None
    this_week = Week.of(today)
    return week if this_week.shifted(-WEEKS_BACK) <= week <= this_week.shifted(WEEKS_AHEAD) else None


def _week_grid(known: KnownRoom, week: Week, facts: RoomFacts, now: datetime) -> Grid:
    span = dayplan.grid_hours(facts)
    plans = [(day, dayplan.day_plan(day, facts, now, from_minute=span[0], to_minute=span[1])) for day in week.days]

    form = url_for("asking.new", zaal=known.code)

    def link(stretch: Stretch) -> str:
        # After midnight a row goes on into the next day, and so does the address.
        day = stretch.day + timedelta(days=stretch.from_minute // DAY)
        return f"{form}&dag={day}&van={stretch.starts:%H:%M}&tot={stretch.ends:%H:%M}"

    caption = _(
        "%(room)s, week of %(first)s to %(last)s, from %(from_hour)s to %(to_hour)s",
        room=known.name,
        first=day_plain(week.days[0]),
        last=day_plain(week.days[-1]),
        from_hour=minute_clock(span[0]),
        to_hour=minute_clock(span[1]),
    )
    return grid(caption, span, plans, today=to_local(now).date(), link=link)


def _feed_url(known: KnownRoom) -> str:
    return absolute("feeds.room", venue=known.venue_slug, room=known.slug)
