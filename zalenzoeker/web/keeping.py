"""Who keeps a house, and what every page about it shows around its own part."""

from datetime import date

from flask import abort, flash
from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import may_keep_house, may_run_desk
from zalenzoeker.storage import city, desks, houses, printing, requests
from zalenzoeker.storage.models import Desk, Venue
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import day_long


def kept_house(slug: str) -> Venue:
    """The place, for who keeps it; 404 for one that is not there, 403 for everybody else."""
    venue = houses.venue(slug) or abort(404)
    if not may_keep_house(actor(), desks.keepers_of_venue(venue.id)):
        abort(403)
    return venue


def kept_desk(slug: str) -> Desk:
    """The desk with its members, for who belongs to it or to the city desk; 404 or 403 for everybody else."""
    desk = desks.by_slug(slug) or abort(404)
    if not may_run_desk(actor(), desk.id):
        abort(403)
    return desk


def desks_kept(venue: Venue) -> list[Desk]:
    """The desks that keep a house, as far as this visitor says who belongs to them."""
    return [desk for desk in desks.by_ids(desks.keepers_of_venue(venue.id)) if may_run_desk(actor(), desk.id)]


def rooms_of(venue: Venue) -> list[KnownRoom]:
    """The rooms of a house that can be taken."""
    return [room for room in city.city().rooms if room.venue_id == venue.id and room.space_ids]


def counts() -> dict[str, int]:
    """What the bar of the desk counts: requests that wait, letters to print."""
    who = actor()
    return {
        "waiting_count": requests.waiting_count(who.desk_ids, is_city=who.is_city),
        "to_print_count": printing.count(who.desk_ids, is_city=who.is_city),
    }


def frame(venue: Venue) -> dict[str, object]:
    """What every page about a house shows around its own part."""
    return {"venue": venue, **counts()}


def may_ask_for_others(venue_id: int) -> bool:
    """May this visitor type in a request for a room of this place? See ``services.behalf``."""
    kept = houses_to_ask_for()
    return kept is None or venue_id in kept


def houses_to_ask_for() -> set[int] | None:
    """The ids of the places for which this visitor may type in a request of somebody else; None: every place."""
    who = actor()
    if not who.is_desk_member:
        return set()
    if who.is_city or any(one.kind is DeskKind.RECEPTION for one in desks.by_ids(who.desk_ids)):
        return None
    return {one.id for one in desks.houses_of(who.desk_ids, is_city=False)}


def said_days(first: date, last: date) -> str:
    """One day, or from the first to the last."""
    if first == last:
        return day_long(first)
    return _("%(first)s until and including %(last)s", first=day_long(first), last=day_long(last))


def tell_overtaken(count: int) -> None:
    """Say how many waited in a queue for what the house took itself."""
    if count:
        flash(
            ngettext(
                "%(num)d request waited for that. It was told no.",
                "%(num)d requests waited for that. They were told no.",
                count,
            ),
            "info",
        )
