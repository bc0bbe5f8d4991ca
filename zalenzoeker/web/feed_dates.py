"""The dates of public calendars, ready to be written: bookings, own programme, and closed days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.feeds import AHEAD, BACK, since, span
from zalenzoeker.domain.programme import uid_of
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Slot, from_epoch
from zalenzoeker.gateways.calendar import Entry
from zalenzoeker.storage import feeds, programme_dates
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.activity_words import THEME
from zalenzoeker.web.closed_days import closed_days
from zalenzoeker.web.feed_answer import Place


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

    @property
    def which(self) -> dict[str, Any]:
        return {"only_public": not self.shows_taken, "themes": self.themes, "code": self.code}


def entries(feed: Feed, today: date) -> list[Entry]:
    """Every date of a calendar as it is written today."""
    # That a room is closed matters where it matters that it is taken.
    closed = closed_days(feed.places, today - BACK, today + AHEAD) if feed.shows_taken else ()
    return [*_booked(feed, today), *_programmed(feed, today), *closed]


def _booked(feed: Feed, today: date) -> Iterator[Entry]:
    """Bookings, by name only when their activity is for everybody; never a person or a group."""
    room_taken, pages, categories = taken(), _pages(), _categories()
    for row in feeds.booked(feed.places, *span(today), since=since(today), **feed.which):
        location, page, lat, lon = feed.places[row.room_id]
        yield Entry(
            uid=row.uid,
            slot=Slot(row.starts, row.ends, row.zone),
            summary=row.activity if row.is_public else room_taken,
            stamp=max(row.changed_at, row.said_at or row.changed_at),
            sequence=row.sequence,
            is_cancelled=row.status is not Status.APPROVED,
            description=row.text or "",
            location=location,
            url=f"{pages}{row.page}" if row.page else page,
            lat=lat,
            lon=lon,
            categories=categories[row.theme],
            is_free=not row.takes_space,
        )


def _programmed(feed: Feed, today: date) -> Iterable[Entry]:
    """The dates of own programme, and those that fell away; each day of a line once, as it stands last."""
    room_taken, found, pages, categories = taken(), {}, _pages(), _categories()
    rows = feeds.programmed(feed.places, *span(today), since=since(today), **feed.which)
    changed = programme_dates.changed({row.line_id for row in rows})
    for row in rows:
        location, page, lat, lon = feed.places[row.room_id]
        slot = Slot(from_epoch(row.from_epoch), from_epoch(row.to_epoch))
        uid = row.uid or uid_of(row.code, slot.day)
        by_itself = changed.get(uid, programme_dates.Changed(0, row.changed_at))
        found[uid] = Entry(
            uid=uid,
            slot=slot,
            summary=row.title if row.is_public else room_taken,
            stamp=max(row.gone_at or row.changed_at, row.said_at or row.changed_at, by_itself.changed_at),
            sequence=row.sequence + by_itself.sequence,
            is_cancelled=row.gone_at is not None,
            description=row.text or "",
            location=location,
            url=f"{pages}{row.page}" if row.page else page,
            lat=lat,
            lon=lon,
            categories=categories[row.theme],
        )
    return found.values()


def _pages() -> str:
    """What the address of every activity begins with: building ten thousand of them would take a fifth of a second."""
    return absolute("activities.show", code="-").removesuffix("-")


def _categories() -> dict[Theme | None, tuple[str, ...]]:
    """What each theme is called; no theme is none."""
    return {None: (), **{theme: (str(name),) for theme, name in THEME.items()}}


def taken() -> str:
    return _("Taken")
