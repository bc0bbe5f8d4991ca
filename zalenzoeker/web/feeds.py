"""Calendars that programs subscribe to: of a room, a place, a neighbourhood, a theme, what somebody chose, the city."""

import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.feeds import span
from zalenzoeker.domain.slots import to_local
from zalenzoeker.gateways import calendar
from zalenzoeker.storage import activities, feeds
from zalenzoeker.storage import city as cities
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import public
from zalenzoeker.web.activity_words import THEME
from zalenzoeker.web.agenda_choice import THEMES, read_choice
from zalenzoeker.web.feed_answer import Place, answered, cancelled_prefix, described, keep_pace, place_of
from zalenzoeker.web.feed_dates import Feed, entries, taken
from zalenzoeker.web.kept import kept_as_it_is

blueprint = Blueprint("feeds", __name__)
blueprint.before_request(keep_pace)


@dataclass(frozen=True)
class Told:
    """A feed in words: its rooms as the database is asked about them, how long its words are, and their hash."""

    feed: Feed
    room_ids: str
    length: int
    hash: str

    def __len__(self) -> int:
        return self.length


@blueprint.get("/kalender/zaal/<venue>/<room>.ics", endpoint="room")
@public
def room_feed(venue: str, room: str) -> ResponseReturnValue:
    """What fills a room that shares its space fills this one too: it stands here as if it were in this room."""

    def about(city: City) -> Feed:
        known = city.by_code.get(f"{venue}/{room}") or abort(404)
        place = place_of(known)
        shared = {one.id for space_id in known.space_ids for one in city.rooms_of_space[space_id]}
        return Feed(
            name=_("%(room)s, %(venue)s", room=known.name, venue=known.venue_name),
            words=_("When this room is taken, and the public activities in it. May lag a day behind."),
            address=absolute("feeds.room", venue=venue, room=room),
            page=place.page,
            places=dict.fromkeys(sorted({known.id, *shared}), place),
            shows_taken=True,
        )

    return _answer(about)


@blueprint.get("/kalender/locatie/<venue>.ics", endpoint="venue")
@public
def venue_feed(venue: str) -> ResponseReturnValue:
    def about(city: City) -> Feed:
        rooms = [one for one in city.rooms if one.venue_slug == venue] or abort(404)
        return Feed(
            name=rooms[0].venue_name,
            words=_("When the rooms of this place are taken, and its public activities. May lag a day behind."),
            address=absolute("feeds.venue", venue=venue),
            page=absolute("venues.show", venue=venue),
            places=_places(rooms),
            shows_taken=True,
        )

    return _answer(about)


@blueprint.get("/kalender/wijk/<neighbourhood>.ics", endpoint="neighbourhood")
@public
def neighbourhood_feed(neighbourhood: str) -> ResponseReturnValue:
    def about(city: City) -> Feed:
        known = next((one for one in city.neighbourhoods if one.slug == neighbourhood), None) or abort(404)
        return Feed(
            name=_("Activities in %(neighbourhood)s", neighbourhood=known.name),
            words=_("What is on for everybody in the places of this neighbourhood. May lag a day behind."),
            address=absolute("feeds.neighbourhood", neighbourhood=neighbourhood),
            page=absolute("activities.index", wijk=neighbourhood),
            places=_places(one for one in city.rooms if one.neighbourhood_slug == neighbourhood),
            shows_taken=False,
        )

    return _answer(about)


@blueprint.get("/kalender/gent.ics", endpoint="city")
@public
def city_feed() -> ResponseReturnValue:
    def about(city: City) -> Feed:
        return Feed(
            name=_("Activities in the places of the city"),
            words=_("What is on for everybody in all places. May lag a day behind."),
            address=absolute("feeds.city"),
            page=absolute("activities.index"),
            places=_places(city.rooms),
            shows_taken=False,
        )

    return _answer(about)


@blueprint.get("/kalender/thema/<theme>.ics", endpoint="theme")
@public
def theme_feed(theme: str) -> ResponseReturnValue:
    known = THEMES.get(theme) or abort(404)

    def about(city: City) -> Feed:
        return Feed(
            name=_("%(theme)s in Ghent", theme=THEME[known]),
            words=_("Every activity of this theme, in all places. May lag a day behind."),
            address=absolute("feeds.theme", theme=theme),
            page=absolute("activities.index", thema=theme),
            places=_places(city.rooms),
            shows_taken=False,
            themes=(known,),
        )

    return _answer(about)


@blueprint.get("/kalender/agenda.ics", endpoint="agenda")
@public
def agenda_feed() -> ResponseReturnValue:
    """What somebody chose on the agenda. However its address is put, the same choice is one feed."""
    choice = read_choice(request.args) or abort(404)

    def about(city: City) -> Feed:
        slugs = choice.neighbourhoods
        return Feed(
            name=choice.words(city),
            words=_("What you chose from the agenda, also what is still to come. May lag a day behind."),
            address=absolute("feeds.agenda", **choice.query),
            page=absolute("activities.index", **choice.query),
            places=_places(one for one in city.rooms if not slugs or one.neighbourhood_slug in slugs),
            shows_taken=False,
            themes=choice.themes,
        )

    return _answer(about, of=choice)


@blueprint.get("/agenda/<code>.ics", endpoint="activity")
@public
def activity_feed(code: str) -> ResponseReturnValue:
    found = activities.listed(*span(to_local(clock.now()).date()), codes=[code])
    if not found and activities.by_code(code) is None:
        abort(404)
    rooms = {one.room_id for one in found}
    told = _in_words(
        Feed(
            # What is shown to nobody any more leaves the calendars that follow it: they would keep what is not found.
            name=found[0].title if found else _("An activity that is not shown any more"),
            words=_("Every time of this activity. May lag a day behind."),
            address=absolute("feeds.activity", code=code),
            page=absolute("activities.show", code=code),
            places=_places(one for one in cities.city().rooms if one.id in rooms),
            shows_taken=False,
            code=code,
        )
    )
    return _sent(told, feeds.standing(told.room_ids).mark)


def _places(rooms: Iterable[KnownRoom]) -> dict[int, Place]:
    return {one.id: place_of(one) for one in sorted(rooms, key=lambda one: one.id)}


def _answer(about: Callable[[City], Feed], *, of: Hashable = None) -> Response:
    """``about``: what this address is a feed of; asked once for each city and address, or what it is a feed ``of``."""
    return _sent(*_as_it_stands(about, of or request.path))


def _sent(told: Told, mark: int) -> Response:
    """What the bytes come from: the dates of its rooms, as the database marks their changes, every word, and the day.

    The mark is read before the dates, so that a change meanwhile is a new version, never an old one with new dates.
    """
    today = to_local(clock.now()).date()
    return answered(told.feed.address, f"{mark} {told.hash} {today}", _builder(told.feed, today))


def _as_it_stands(about: Callable[[City], Feed], of: Hashable) -> tuple[Told, int]:
    """A feed in words and the mark of its calendars: one question to the database while no fact of the city changed."""
    if read := cities.last_read():
        number, city = read
        told = _told(city, about, of)
        standing = feeds.standing(told.room_ids)
        if standing.number == number:
            return told, standing.mark
    told = _told(cities.city(), about, of)
    return told, feeds.standing(told.room_ids).mark


def _told(city: City, about: Callable[[City], Feed], of: Hashable) -> Told:
    return kept_as_it_is(city, ("feed", current_app.config["PUBLIC_URL"], of), lambda: _in_words(about(city)))


def _in_words(feed: Feed) -> Told:
    words = repr((feed, cancelled_prefix(), taken(), described(feed.words), calendar.FORM))
    return Told(feed, feeds.written(feed.places), len(words), hashlib.sha256(words.encode()).hexdigest())


def _builder(feed: Feed, today: date) -> Callable[[], bytes]:
    def build() -> bytes:
        return calendar.write(
            entries(feed, today),
            name=feed.name,
            description=described(feed.words),
            source=feed.address,
            url=feed.page,
            cancelled_prefix=cancelled_prefix(),
        )

    return build
