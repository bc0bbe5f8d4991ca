"""Calendars that programs subscribe to."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Slot, epoch, from_epoch
from zalenzoeker.gateways import calendar
from zalenzoeker.gateways.calendar import Entry
from zalenzoeker.storage import programme, requests, rooms
from zalenzoeker.storage.models import Occurrence, OwnProgramme, Room
from zalenzoeker.web.access import public

blueprint = Blueprint("feeds", __name__)

BACK = timedelta(days=60)
AHEAD = timedelta(days=548)
CANCELLED_STAYS = timedelta(days=30)
MAX_AGE_SECONDS = 300


@blueprint.get("/kalender/zaal/<venue>/<room>.ics", endpoint="room")
@public
def room_feed(venue: str, room: str) -> ResponseReturnValue:
    place = rooms.by_slug(venue, room) or abort(404)
    now = clock.now()
    first, last = epoch(now - BACK), epoch(now + AHEAD)
    where = _location(place)
    page = _absolute(url_for("rooms.show", venue=venue, room=room))
    booked = requests.in_feed_of(place.id, first, last, cancelled_since=now - CANCELLED_STAYS)
    entries = [_of_request(date, where, page) for date in booked]
    entries += _of_programme(place, (first, last), now - CANCELLED_STAYS, where, page)
    content = calendar.write(
        entries,
        name=_("%(room)s, %(venue)s", room=place.name, venue=place.venue.name),
        description=_description(),
        source=_absolute(url_for("feeds.room", venue=venue, room=room)),
        url=page,
        cancelled_prefix=_("Cancelled:"),
    )
    return _answer(content)


def _of_request(date: Occurrence, where: str, page: str) -> Entry:
    """A booking, by name only when its activity is for everybody; never a person or a group."""
    fell_away = date.status is not Status.APPROVED
    name = date.request.activity if date.request.is_public else _("Taken")
    return Entry(
        uid=date.uid,
        slot=date.slot,
        summary=name,
        stamp=date.changed_at,
        sequence=date.sequence,
        is_cancelled=fell_away,
        location=where,
        url=page,
    )


def _of_programme(room: Room, span: tuple[int, int], since: datetime, where: str, page: str) -> list[Entry]:
    """The dates of own programme, and those that fell away since a moment; each day of a line is there once."""
    entries = {}
    for line, gone in programme.gone_from_feed_of(room.id, *span, since):
        one = _of_line(line, gone.from_epoch, gone.to_epoch, where, page)
        entries[one.uid] = replace(one, stamp=gone.gone_at, is_cancelled=True)
    for line, starts, ends in programme.in_feed_of(room.id, *span):
        one = _of_line(line, starts, ends, where, page)
        entries[one.uid] = one
    return list(entries.values())


def _of_line(line: OwnProgramme, starts: int, ends: int, where: str, page: str) -> Entry:
    slot = Slot(from_epoch(starts), from_epoch(ends))
    return Entry(
        uid=f"{line.code}-{slot.day:%Y%m%d}",
        slot=slot,
        summary=line.title if line.is_public else _("Taken"),
        stamp=line.changed_at,
        sequence=line.sequence,
        is_cancelled=False,
        location=where,
        url=page,
    )


def _description() -> str:
    words = _("When this room is taken, and the public activities in it. May lag a day behind.")
    if current_app.config["DEMO"]:
        return _("Demonstration, made up: %(words)s", words=words)
    return words


def _location(room: Room) -> str:
    venue = room.venue
    town = f"{venue.postal_code} {venue.city}".strip()
    return ", ".join(part for part in (room.name, venue.name, venue.address, town) if part)


def _absolute(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"


def _answer(content: bytes) -> Response:
    """The bytes with a strong ETag: a calendar program that has them already gets 304 and nothing else."""
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    answer.cache_control.public = True
    answer.cache_control.max_age = MAX_AGE_SECONDS
    return answer.make_conditional(request)
