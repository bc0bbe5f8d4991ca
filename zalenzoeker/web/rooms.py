"""The page of one room, with its week."""

from datetime import date, timedelta

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain import availability, dayplan
from zalenzoeker.domain.availability import RoomFacts
from zalenzoeker.domain.dayplan import Stretch
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import DAY, Week, epoch, to_local
from zalenzoeker.storage import desks, rooms
from zalenzoeker.storage.models import Room
from zalenzoeker.web.access import public
from zalenzoeker.web.dates import day_plain, minute_clock
from zalenzoeker.web.houserules import spoken
from zalenzoeker.web.timegrid import Grid, grid

blueprint = Blueprint("rooms", __name__)

# What people ask for most: said as unknown where nobody told.
ASKED_MOST = ("keuken", "beamer", "wifi", "rolstoeltoegankelijk")
WEEKS_BACK, WEEKS_AHEAD = 8, 80


@blueprint.get("/zalen/<venue>/<room>")
@public
def show(venue: str, room: str) -> ResponseReturnValue:
    place = rooms.by_slug(venue, room) or abort(404)
    now = clock.now()
    asked = _asked_week(now.date())
    rules = rooms.rules(place)
    first_day = availability.first_day(rules, now)
    week = asked or Week.of(first_day)
    facts = rooms.facts(place, *availability.span_of_days(week.monday, 7), epoch(now), known_rules=rules)
    things = rooms.things(place, also=ASKED_MOST)
    return render_template(
        "rooms/show.html",
        room=place,
        venue=place.venue,
        is_asked_here=facts.is_asked_here,
        grid=_week_grid(place, week, facts) if facts.is_asked_here else None,
        week=week,
        is_first_askable=asked is None,
        previous=week.shifted(-1),
        following=week.shifted(1),
        first_day=first_day,
        capacities=rooms.capacities(place, place.venue),
        facilities=[thing for thing in things if thing.is_there],
        missing=[thing for thing in things if not thing.is_there],
        rules=spoken(facts.rules),
        rule_source=facts.rules.rule(RuleName.LEAD_DAYS).source,
        hours_known=bool(facts.hours),
        desk=desks.of_venue(place.venue_id),
        feed_url=_feed_url(place),
    )


def _asked_week(today: date) -> Week | None:
    """The week of the address; anything that is no week near by counts as none."""
    try:
        week = Week.parse(request.args.get("week", ""))
    except ValueError:
        return None
    this_week = Week.of(today)
    return week if this_week.shifted(-WEEKS_BACK) <= week <= this_week.shifted(WEEKS_AHEAD) else None


def _week_grid(room: Room, week: Week, facts: RoomFacts) -> Grid:
    now = clock.now()
    span = dayplan.grid_hours(facts)
    plans = [(day, dayplan.day_plan(day, facts, now, from_minute=span[0], to_minute=span[1])) for day in week.days]

    form = url_for("requests.new", zaal=f"{room.venue.slug}/{room.slug}")

    def link(stretch: Stretch) -> str:
        # After midnight a row goes on into the next day, and so does the address.
        day = stretch.day + timedelta(days=stretch.from_minute // DAY)
        return f"{form}&dag={day}&van={stretch.starts:%H:%M}&tot={stretch.ends:%H:%M}"

    caption = _(
        "%(room)s, week of %(first)s to %(last)s, from %(from_hour)s to %(to_hour)s",
        room=room.name,
        first=day_plain(week.days[0]),
        last=day_plain(week.days[-1]),
        from_hour=minute_clock(span[0]),
        to_hour=minute_clock(span[1]),
    )
    return grid(caption, span, plans, today=to_local(now).date(), link=link)


def _feed_url(room: Room) -> str:
    address = url_for("feeds.room", venue=room.venue.slug, room=room.slug)
    return f"{current_app.config['PUBLIC_URL']}{address}"
