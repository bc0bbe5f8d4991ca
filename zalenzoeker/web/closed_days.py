"""The days on which rooms are closed, as calendars show them: whole days, with the reason that everybody reads."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from zalenzoeker.domain.slots import Slot
from zalenzoeker.gateways.calendar import Entry
from zalenzoeker.storage import feeds
from zalenzoeker.web.feed_answer import Place


def closed_days(places: Mapping[int, Place], first: date, last: date) -> Iterable[Entry]:
    """The closed days of these rooms that touch the days between two, both included.

    A calendar of one room follows all that share its space: what was closed in one go stands in it once.
    """
    found: dict[tuple[Place, date, date], Entry] = {}
    for row in feeds.closed([*places], first, last):
        place = places[row.room_id]
        entry = Entry(
            uid=row.code,
            slot=Slot(_midnight(row.first_day), _midnight(row.last_day + timedelta(days=1))),
            summary=_("Closed: %(name)s", name=row.reason),
            stamp=row.closed_at,
            location=place.location,
            url=place.page,
            lat=place.lat,
            lon=place.lon,
            # It takes nothing of the day of who reads it.
            is_free=True,
            is_whole_days=True,
        )
        found.setdefault((place, row.first_day, row.last_day), entry)
    return found.values()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
