"""Calendars that programs subscribe to: of a room, a place, a neighbourhood, a theme, what somebody chose, the city."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.programme import midnight
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Slot, from_epoch, to_local
from zalenzoeker.gateways import calendar
from zalenzoeker.gateways.calendar import Entry
from zalenzoeker.storage import activities, feeds
from zalenzoeker.storage import city as cities
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import public
from zalenzoeker.web.activity_words import THEME
from zalenzoeker.web.agenda_choice import THEMES, read_choice

blueprint = Blueprint("feeds", __name__)

BACK, AHEAD = timedelta(days=60), timedelta(days=548)
CANCELLED_STAYS = timedelta(days=30)
MAX_AGE_SECONDS = 300
ENCODINGS = ("br", "gzip")


class Place(NamedTuple):
    """Where a date is, as its feed says: in words, and the address of the page of the room."""

    location: str
    page: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class Feed:
    """What a feed is about. ``places``: of each room whose dates it shows, by the id of the room.

    ``shows_taken``: it says of what is not for everybody that the room is taken; else that is left out. ``themes``: it
    shows these alone; none for all. ``code``: of the one activity that it shows.
    """

    name: str
    words: str
    address: str
    page: str
    places: dict[int, Place]
    shows_taken: bool
    themes: tuple[Theme, ...] = ()
    code: str = ""


@blueprint.get("/kalender/zaal/<venue>/<room>.ics", endpoint="room")
@public
def room_feed(venue: str, room: str) -> ResponseReturnValue:
    """What fills a room that shares its space fills this one too: it stands here as if it were in this room."""
    city = cities.city()
    known = city.by_code.get(f"{venue}/{room}") or abort(404)
    place = _place(known)
    shared = {one.id for space_id in known.space_ids for one in city.rooms_of_space[space_id]}
    return _answer(
        Feed(
            name=_("%(room)s, %(venue)s", room=known.name, venue=known.venue_name),
            words=_("When this room is taken, and the public activities in it. May lag a day behind."),
            address=absolute("feeds.room", venue=venue, room=room),
            page=place.page,
            places=dict.fromkeys(sorted({known.id, *shared}), place),
            shows_taken=True,
        )
    )


@blueprint.get("/kalender/locatie/<venue>.ics", endpoint="venue")
@public
def venue_feed(venue: str) -> ResponseReturnValue:
    rooms = [one for one in cities.city().rooms if one.venue_slug == venue] or abort(404)
    return _answer(
        Feed(
            name=rooms[0].venue_name,
            words=_("When the rooms of this place are taken, and its public activities. May lag a day behind."),
            address=absolute("feeds.venue", venue=venue),
            page=absolute("venues.show", venue=venue),
            places=_places(rooms),
            shows_taken=True,
        )
    )


@blueprint.get("/kalender/wijk/<neighbourhood>.ics", endpoint="neighbourhood")
@public
def neighbourhood_feed(neighbourhood: str) -> ResponseReturnValue:
    city = cities.city()
    known = next((one for one in city.neighbourhoods if one.slug == neighbourhood), None) or abort(404)
    return _answer(
        Feed(
            name=_("Activities in %(neighbourhood)s", neighbourhood=known.name),
            words=_("What is on for everybody in the places of this neighbourhood. May lag a day behind."),
            address=absolute("feeds.neighbourhood", neighbourhood=neighbourhood),
            page=absolute("activities.index", wijk=neighbourhood),
            places=_places(one for one in city.rooms if one.neighbourhood_slug == neighbourhood),
            shows_taken=False,
        )
    )


@blueprint.get("/kalender/gent.ics", endpoint="city")
@public
def city_feed() -> ResponseReturnValue:
    return _answer(
        Feed(
            name=_("Activities in the places of the city"),
            words=_("What is on for everybody in all places. May lag a day behind."),
            address=absolute("feeds.city"),
            page=absolute("activities.index"),
            places=_places(cities.city().rooms),
            shows_taken=False,
        )
    )


@blueprint.get("/kalender/thema/<theme>.ics", endpoint="theme")
@public
def theme_feed(theme: str) -> ResponseReturnValue:
    known = THEMES.get(theme) or abort(404)
    return _answer(
        Feed(
            name=_("%(theme)s in Ghent", theme=THEME[known]),
            words=_("Every activity of this theme, in all places. May lag a day behind."),
            address=absolute("feeds.theme", theme=theme),
            page=absolute("activities.index", thema=theme),
            places=_places(cities.city().rooms),
            shows_taken=False,
            themes=(known,),
        )
    )


@blueprint.get("/kalender/agenda.ics", endpoint="agenda")
@public
def agenda_feed() -> ResponseReturnValue:
    """What somebody chose on the agenda. However its address is put, the same choice is one feed."""
    choice = read_choice(request.args)
    if choice is None:
        abort(404)
    rooms = cities.city().rooms
    chosen = [one for one in rooms if not choice.neighbourhoods or one.neighbourhood_slug in choice.neighbourhoods]
    return _answer(
        Feed(
            name=choice.words(cities.city()),
            words=_("What you chose from the agenda, also what is still to come. May lag a day behind."),
            address=absolute("feeds.agenda", **choice.query),
            page=absolute("activities.index", **choice.query),
            places=_places(chosen),
            shows_taken=False,
            themes=choice.themes,
        )
    )


@blueprint.get("/agenda/<code>.ics", endpoint="activity")
@public
def activity_feed(code: str) -> ResponseReturnValue:
    found = activities.listed(*_span(to_local(clock.now()).date()), codes=[code]) or abort(404)
    rooms = {one.room_id for one in found}
    return _answer(
        Feed(
            name=found[0].title,
            words=_("Every time of this activity. May lag a day behind."),
            address=absolute("feeds.activity", code=code),
            page=absolute("activities.show", code=code),
            places=_places(one for one in cities.city().rooms if one.id in rooms),
            shows_taken=False,
            code=code,
        )
    )


def _places(rooms: Iterable[KnownRoom]) -> dict[int, Place]:
    return {one.id: _place(one) for one in sorted(rooms, key=lambda one: one.id)}


def _place(room: KnownRoom) -> Place:
    parts = (room.name, room.venue_name, room.address, room.town)
    page = absolute("rooms.show", venue=room.venue_slug, room=room.slug)
    return Place(", ".join(part for part in parts if part), page, room.lat, room.lon)


def _answer(feed: Feed) -> Response:
    """The bytes with a strong ETag of their own for each encoding; who has them already gets 304 and nothing else."""
    store, today = current_app.extensions["feed_store"], to_local(clock.now()).date()
    version, build = _version(feed, today), _builder(feed, today)
    encoding = request.accept_encodings.best_match(ENCODINGS) or "identity"
    known = _marked(store.etag(feed.address, version, build), encoding)
    if request.if_none_match.contains(known):
        answer = Response(status=304)
    else:
        etag, content = store.feed(feed.address, version, encoding, build)
        answer, known = Response(content, content_type="text/calendar; charset=utf-8"), _marked(etag, encoding)
        if encoding != "identity":
            answer.content_encoding = encoding
    answer.set_etag(known)
    answer.vary.add("Accept-Encoding")
    answer.cache_control.public, answer.cache_control.max_age = True, MAX_AGE_SECONDS
    return answer


def _marked(etag: str, encoding: str) -> str:
    return etag if encoding == "identity" else f"{etag}-{encoding}"


def _version(feed: Feed, today: date) -> str:
    """What the bytes come from: the dates of its rooms, as the database marks their changes, every word, and the day.

    It is read before the dates are, so that a change meanwhile is a new version, never an old one with new dates.
    """
    words = repr((feed, _cancelled(), _taken(), _described(feed), calendar.FORM))
    return f"{feeds.mark(feed.places)} {hashlib.sha256(words.encode()).hexdigest()} {today}"


def _builder(feed: Feed, today: date) -> Callable[[], bytes]:
    def build() -> bytes:
        return calendar.write(
            [*_booked(feed, today), *_programmed(feed, today)],
            name=feed.name,
            description=_described(feed),
            source=feed.address,
            url=feed.page,
            cancelled_prefix=_cancelled(),
        )

    return build


def _booked(feed: Feed, today: date) -> Iterator[Entry]:
    """Bookings, by name only when their activity is for everybody; never a person or a group."""
    taken, pages = _taken(), _pages()
    for row in feeds.booked(feed.places, *_span(today), since=_since(today), **_which(feed)):
        location, page, lat, lon = feed.places[row.room_id]
        yield Entry(
            uid=row.uid,
            slot=Slot(row.starts, row.ends, row.zone),
            summary=row.activity if row.is_public else taken,
            stamp=max(row.changed_at, row.said_at or row.changed_at),
            sequence=row.sequence,
            is_cancelled=row.status is not Status.APPROVED,
            description=row.text or "",
            location=location,
            url=f"{pages}{row.page}" if row.page else page,
            lat=lat,
            lon=lon,
            categories=_categories(row.theme),
        )


def _programmed(feed: Feed, today: date) -> Iterable[Entry]:
    """The dates of own programme, and those that fell away; each day of a line once, as it stands last."""
    taken, found, pages = _taken(), {}, _pages()
    for row in feeds.programmed(feed.places, *_span(today), since=_since(today), **_which(feed)):
        location, page, lat, lon = feed.places[row.room_id]
        slot = Slot(from_epoch(row.from_epoch), from_epoch(row.to_epoch))
        uid = f"{row.code}-{slot.day:%Y%m%d}"
        found[uid] = Entry(
            uid=uid,
            slot=slot,
            summary=row.title if row.is_public else taken,
            stamp=max(row.gone_at or row.changed_at, row.said_at or row.changed_at),
            sequence=row.sequence,
            is_cancelled=row.gone_at is not None,
            description=row.text or "",
            location=location,
            url=f"{pages}{row.page}" if row.page else page,
            lat=lat,
            lon=lon,
            categories=_categories(row.theme),
        )
    return found.values()


def _which(feed: Feed) -> dict[str, Any]:
    return {"only_public": not feed.shows_taken, "themes": feed.themes, "code": feed.code}


def _pages() -> str:
    """What the address of every activity begins with: building ten thousand of them would take a fifth of a second."""
    return absolute("activities.show", code="-").removesuffix("-")


def _categories(theme: Theme | None) -> tuple[str, ...]:
    return (str(THEME[theme]),) if theme else ()


def _span(today: date) -> tuple[int, int]:
    """Of which dates a feed tells, in epoch seconds: whole days, so that it changes by itself once a day at most."""
    return midnight(today - BACK), midnight(today + AHEAD)


def _since(today: date) -> datetime:
    """Since when something fell away that is still shown."""
    return datetime.fromtimestamp(midnight(today - CANCELLED_STAYS), UTC)


def _described(feed: Feed) -> str:
    return _("Demonstration, made up: %(words)s", words=feed.words) if current_app.config["DEMO"] else feed.words


def _cancelled() -> str:
    return _("Cancelled:")


def _taken() -> str:
    return _("Taken")
