"""The landing page with the map and the list, the pages about the site, and the site's own health."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from zalenzoeker import clock
from zalenzoeker.domain.places import VenueKind, WayIn
from zalenzoeker.gateways import pins
from zalenzoeker.storage import limits, mail_stop, rooms, self_check, venues
from zalenzoeker.storage.models import Facility, Neighbourhood, Venue
from zalenzoeker.web.access import public
from zalenzoeker.web.drawing import sketch

blueprint = Blueprint("pages", __name__)

MOST_PEOPLE = 5000
LONGEST_QUERY = 100


@dataclass(frozen=True)
class PlaceFilter:
    """What the list is narrowed to; empty means everything."""

    q: str = ""
    kinds: frozenset[VenueKind] = frozenset()
    neighbourhood: str = ""
    facility: str = ""
    people: int | None = None
    way: WayIn | None = None

    @property
    def is_empty(self) -> bool:
        return self == PlaceFilter()

    def fits(self, venue: Venue) -> bool:
        return (
            self._names(venue)
            and (not self.kinds or venue.kind in self.kinds)
            and self.neighbourhood in ("", venue.neighbourhood.slug)
            and (self.way is None or self.way in venue.ways_in)
            and self._has_room(venue)
        )

    def _names(self, venue: Venue) -> bool:
        words = f"{venue.name} {venue.address} {venue.neighbourhood.name}".casefold()
        return all(word in words for word in self.q.casefold().split())

    def _has_room(self, venue: Venue) -> bool:
        """One room must have both; a room of unknown size counts when people are asked for nothing more."""
        if not self.facility and self.people is None:
            return True
        return any(
            (not self.facility or self.facility in rooms.facility_slugs(room, venue))
            and (self.people is None or (rooms.largest_capacity(room, venue) or 0) >= self.people)
            for room in venue.rooms
        )


@blueprint.get("/")
@public
def landing() -> ResponseReturnValue:
    everything = venues.all_with_rooms()
    neighbourhoods = rooms.all_neighbourhoods()
    facilities = rooms.all_facilities()
    chosen, notes = read_filter(request.args, neighbourhoods, facilities)
    shown = [venue for venue in everything if chosen.fits(venue)]
    drawing = sketch()
    counted = Counter(venue.kind for venue in everything)
    return render_template(
        "pages/landing.html",
        groups=[(place, list(group)) for place, group in groupby(shown, lambda venue: venue.neighbourhood)],
        filter=chosen,
        notes=notes,
        kinds=[(kind, counted[kind]) for kind in VenueKind],
        neighbourhoods=neighbourhoods,
        facilities=facilities,
        total=len(everything),
        shown=len(shown),
        capacities={venue.id: rooms.largest_of_venue(venue) for venue in shown},
        schematic=drawing,
        pins=pins.stand(drawing, shown),
        tiles=current_app.config["MAP_TILES"]["url"],
        attribution=current_app.config["MAP_TILES"]["attribution"],
    )


def read_filter(
    args: MultiDict[str, str], neighbourhoods: list[Neighbourhood], facilities: list[Facility]
) -> tuple[PlaceFilter, list[str]]:
    """The filter of an address, and what of it was not understood and left aside."""
    notes: list[str] = []

    def unknown(value: str) -> str:
        return _("We do not know “%(value)s”, so we left it aside.", value=value[:40])

    def known(name: str, allowed: set[str]) -> str:
        value = args.get(name, "")
        if value and value not in allowed:
            notes.append(unknown(value))
            return ""
        return value

    kinds = {kind.value for kind in VenueKind}
    notes += [unknown(kind) for kind in dict.fromkeys(args.getlist("soort")) if kind and kind not in kinds]
    people = args.get("personen", "").strip()
    if people and not (people.isascii() and people.isdigit() and len(people) < 6 and 0 < int(people) <= MOST_PEOPLE):
        notes.append(_("“%(value)s” is not a number of people, so we left it aside.", value=people[:40]))
        people = ""
    way = known("manier", {way.value for way in WayIn})
    chosen = PlaceFilter(
        q=args.get("q", "").strip()[:LONGEST_QUERY],
        kinds=frozenset(VenueKind(kind) for kind in args.getlist("soort") if kind in kinds),
        neighbourhood=known("wijk", {place.slug for place in neighbourhoods}),
        facility=known("faciliteit", {facility.slug for facility in facilities}),
        people=int(people) if people else None,
        way=WayIn(way) if way else None,
    )
    return chosen, notes


@blueprint.get("/hulp", endpoint="help")
@public
def help_page() -> ResponseReturnValue:
    return render_template("pages/help.html")


@blueprint.get("/toegankelijkheid")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("pages/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return render_template("pages/privacy.html")


@blueprint.get("/accent.css")
@public
def accent() -> ResponseReturnValue:
    """The city's own colour: a style sheet, because the content policy allows no style in a page."""
    style = render_template("pages/accent.css", accent=current_app.config["SITE_ACCENT"])
    return Response(style, mimetype="text/css")


@blueprint.get("/logo")
@public
def logo() -> ResponseReturnValue:
    """The city's own mark, where one is set."""
    path = current_app.config["SITE_LOGO"]
    return send_file(path) if path else abort(404)


@blueprint.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """200 when the database answers, its guards stand and the worker was seen; else 503 with what is wrong."""
    problems = []
    try:
        problems += self_check.missing_guards()
        if last := self_check.last():
            # What the last look found about the guards is asked anew: they may stand again.
            problems += [fault for fault in last.faults if fault not in self_check.LACKS]
        if limits.is_worker_silent(clock.now()):
            problems.append("worker not seen")
        if mail_stop.standing():
            # What the server said is for those who run the site: `flask --app wsgi doctor`.
            problems.append("mail stopped")
    except SQLAlchemyError as error:
        problems.append(f"database: {type(error).__name__}")
    answer = jsonify(status="ok" if not problems else "trouble", problems=problems)
    answer.status_code = 503 if problems else 200
    return answer
