"""What all feeds have in common: where their dates are, their bytes with a mark, and their pace."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from flask import Response, current_app, request
from flask_babel import gettext as _
from werkzeug.http import parse_accept_header, quote_etag

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.limits import LIMITS, Limited, TooMany
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import network_of

MAX_AGE_SECONDS = 300
ENCODINGS = ("br", "gzip")
KEPT_ENCODINGS = 256
PACE = LIMITS[Limited.FEED_FOR_ADDRESS]


class Place(NamedTuple):
    """Where a date is, as its feed says: in words, and the address of the page of the room."""

    location: str
    page: str
    lat: float | None
    lon: float | None


def place_of(room: KnownRoom) -> Place:
    parts = (room.name, room.venue_name, room.address, room.town)
    page = absolute("rooms.show", venue=room.venue_slug, room=room.slug)
    return Place(", ".join(part for part in parts if part), page, room.lat, room.lon)


def cancelled_prefix() -> str:
    return _("Cancelled:")


def described(words: str) -> str:
    """What a feed says of itself; in a demonstration that it is one."""
    return _("Demonstration, made up: %(words)s", words=words) if current_app.config["DEMO"] else words


def keep_pace() -> None:
    """Before each fetch: raise TooMany for an address that fetches too often, whatever it fetches."""
    if current_app.config["RATE_LIMITS"]:
        address = network_of(request.remote_addr or "")
        wait = current_app.extensions["feed_pace"].wait(address, clock.now().timestamp(), PACE)
        if wait:
            raise TooMany(Limited.FEED_FOR_ADDRESS, wait)


def answered(name: str, version: str, build: Callable[[], bytes], *, is_private: bool = False) -> Response:
    """The bytes with a strong ETag of their own for each encoding; who has them already gets 304 and nothing else.

    ``name``: by which they are kept, ``version``: changes with what ``build`` makes. ``is_private``: no cache on the
    way keeps it, and whoever has it asks each time, so that it ends at once.
    """
    store = current_app.extensions["feed_store"]
    encoding = _encoding(request.headers.get("Accept-Encoding", ""))
    known = _marked(store.etag(name, version, build), encoding)
    if request.if_none_match.contains(known):
        return Response(status=304, headers=_headers(known, is_private=is_private))
    etag, content = store.feed(name, version, encoding, build)
    headers = _headers(_marked(etag, encoding), is_private=is_private)
    answer = Response(content, headers=headers, content_type="text/calendar; charset=utf-8")
    if encoding != "identity":
        answer.content_encoding = encoding
    return answer


@lru_cache(maxsize=KEPT_ENCODINGS)
def _encoding(accepted: str) -> str:
    """The best of what a program takes, by its header."""
    return parse_accept_header(accepted).best_match(ENCODINGS) or "identity"


def _marked(etag: str, encoding: str) -> str:
    return etag if encoding == "identity" else f"{etag}-{encoding}"


def _headers(etag: str, *, is_private: bool) -> dict[str, str]:
    kept = "private, no-cache" if is_private else f"public, max-age={MAX_AGE_SECONDS}"
    return {"ETag": quote_etag(etag), "Vary": "Accept-Encoding", "Cache-Control": kept}
