"""What is on in a house, for the screen in its hall: today, or the next day on which something is."""

from datetime import timedelta

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.programme import midnight
from zalenzoeker.domain.slots import epoch, to_local
from zalenzoeker.domain.whats_on import by_day, days_off, shown_first
from zalenzoeker.storage import city, venues
from zalenzoeker.web import poster_words
from zalenzoeker.web.access import public
from zalenzoeker.web.dates import clock as said_clock
from zalenzoeker.web.whats_on import events

blueprint = Blueprint("screen", __name__)

# So long a screen goes on by itself when the network is away.
DAYS_AHEAD = 8


@blueprint.get("/locaties/<venue>/scherm")
@public
def show(venue: str) -> ResponseReturnValue:
    """The coming week is in the page; the script shows the day whose turn it is, also without a network."""
    place, now = venues.by_slug(venue) or abort(404), clock.now()
    today = to_local(now).date()
    # An evening that began yesterday may still go on.
    first, last = today - timedelta(days=1), today + timedelta(days=DAYS_AHEAD - 1)
    rooms = [one for one in city.city().rooms if one.venue_slug == venue]
    days = by_day(events(rooms, first, last, now), first=first, last=last)
    days = [one for one in days if one.day >= today or any(not event.is_over(now) for event in one.events)]
    return render_template(
        "screen/show.html",
        venue=place,
        days=days,
        first=shown_first(days, now),
        midnights=[midnight(one.day) for one in days],
        off=[days_off(one.day, now) for one in days],
        is_placed=len({event.room_id for one in days for event in one.events}) > 1,
        now=now,
        now_words=said_clock(to_local(now)),
        moment=epoch(now),
        code=poster_words.code(place),
        code_of=_("QR code to the calendar of %(place)s", place=place.name),
    )
