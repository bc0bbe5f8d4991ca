"""The page of one place."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import may_keep_house
from zalenzoeker.gateways import pins
from zalenzoeker.storage import city, desks, facilities, house_texts, rooms, venues
from zalenzoeker.storage.models.house_texts import TextName
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import actor, public
from zalenzoeker.web.answering import if_asked_now
from zalenzoeker.web.dates import WEEKDAYS, minutes_short
from zalenzoeker.web.drawing import sketch

blueprint = Blueprint("venues", __name__)

# What is said of every place, also where nobody knows.
ACCESS = ("lift", "aangepast-toilet", "ringleiding", "parking")


@blueprint.get("/locaties/<venue>")
@public
def show(venue: str) -> ResponseReturnValue:
    place = venues.by_slug(venue) or abort(404)
    inside = _inside(place.id)
    drawing, desk, words = sketch(), desks.of_venue(place.id), house_texts.texts(place.id)
    known = city.city().by_id
    return render_template(
        "venues/show.html",
        venue=place,
        rooms=[(room, known[room.id].is_asked_here, rooms.capacities(room, place)) for room in place.rooms],
        desk=desk,
        answer=if_asked_now(desk, clock.now()),
        openings=[
            (WEEKDAYS[line.weekday], minutes_short(line.from_minute, line.to_minute), line.is_demo)
            for line in rooms.openings_of_venue(place.id)
        ],
        is_kept=actor().is_desk_member and may_keep_house(actor(), desks.keepers_of_venue(place.id)),
        access=facilities.access(place, ACCESS),
        feed_url=absolute("feeds.venue", venue=venue),
        about=words.get(TextName.ABOUT),
        practical=words.get(TextName.PRACTICAL),
        schematic=drawing,
        pins=pins.stand(drawing, [place]),
        inside=inside,
    )


def _inside(venue_id: int) -> KnownRoom | None:
    """The room of a house in which most people fit, of those where one can come during the open hours."""
    offered = [room for room in city.city().rooms if room.venue_id == venue_id and room.offers_inside]
    return max(offered, key=lambda room: room.capacity or 0, default=None)
