"""The poster of a place's week for its door: the page that prints it, and the PDF."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.poster import Format
from zalenzoeker.domain.slots import Week, to_local
from zalenzoeker.domain.whats_on import Day, by_day
from zalenzoeker.gateways import posters
from zalenzoeker.storage import city, rooms, venues
from zalenzoeker.storage.models import Opening, Venue
from zalenzoeker.web import poster_words
from zalenzoeker.web.access import public
from zalenzoeker.web.whats_on import events

blueprint = Blueprint("poster", __name__)

WEEKS_BACK, WEEKS_AHEAD = 8, 80
MAX_AGE_SECONDS = 300


@dataclass(frozen=True)
class Shown:
    """A place and its week, as both the page and the PDF show it."""

    venue: Venue
    week: Week
    days: list[Day]
    openings: list[Opening]


@blueprint.get("/locaties/<venue>/affiche")
@public
def show(venue: str) -> ResponseReturnValue:
    shown = _shown(venue)
    this_week = Week.of(_today())
    return render_template(
        "poster/show.html",
        venue=shown.venue,
        week=shown.week,
        days=shown.days,
        is_placed=len({event.room_id for day in shown.days for event in day.events}) > 1,
        words=poster_words.words(shown.venue, shown.week, shown.openings),
        code=poster_words.code(shown.venue),
        formats=list(Format),
        previous=shown.week.shifted(-1) if shown.week > this_week.shifted(-WEEKS_BACK) else None,
        following=shown.week.shifted(1) if shown.week < this_week.shifted(WEEKS_AHEAD) else None,
        this_week=this_week,
    )


@blueprint.get("/locaties/<venue>/affiche.pdf")
@public
def sheet(venue: str) -> ResponseReturnValue:
    """Written once for what it says, and kept as feeds are: who prints it again gets the same bytes."""
    asked = _format(request.args.get("formaat", ""))
    shown = _shown(venue)
    facts = poster_words.facts(shown.venue, shown.week, shown.days, shown.openings, asked)
    said = json.dumps(facts, sort_keys=True)
    version = f"{posters.FORM} {hashlib.sha256(said.encode()).hexdigest()}"
    fonts = poster_words.fonts()
    etag, content = current_app.extensions["poster_store"].feed(
        f"{request.path} {shown.week} {asked}", version, "identity", lambda: posters.write(facts, fonts)
    )
    answer = Response(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{shown.venue.slug}-{shown.week}-{asked}.pdf"'
    answer.set_etag(etag)
    answer.cache_control.public, answer.cache_control.max_age = True, MAX_AGE_SECONDS
    return answer.make_conditional(request)


def _shown(slug: str) -> Shown:
    venue = venues.by_slug(slug) or abort(404)
    week = _asked_week(_today())
    first, last = week.days[0], week.days[-1]
    those = [one for one in city.city().rooms if one.venue_slug == slug]
    found = events(those, first, last, clock.now())
    return Shown(venue, week, by_day(found, first=first, last=last), rooms.openings_of_venue(venue.id))


def _asked_week(today: date) -> Week:
    """The week of the address; anything that is no week near by counts as this one."""
    this_week = Week.of(today)
    try:
        week = Week.parse(request.args.get("week", ""))
    except ValueError:
        return this_week
    return week if this_week.shifted(-WEEKS_BACK) <= week <= this_week.shifted(WEEKS_AHEAD) else this_week


def _format(asked: str) -> Format:
    return Format(asked) if asked in set(Format) else Format.A4


def _today() -> date:
    return to_local(clock.now()).date()
