"""Asking on behalf of somebody at the desk, on the phone or on paper: who may, for whom it counts, what is marked."""

from typing import Any

from zalenzoeker.domain.behalf import NotReachable, is_reachable
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, is_asker, may_enter_for, may_speak_for
from zalenzoeker.services.wishes import Wish
from zalenzoeker.storage import accounts, desks
from zalenzoeker.storage.models import Desk, Request
from zalenzoeker.storage.models.desks import DeskKind


def desk_of(by: Actor, venue_id: int) -> Desk:
    """For which of their desks somebody types in a request for a room of this place. Raises NotAllowed.

    The one that keeps the place goes first, then a reception, then the city desk.
    """
    keepers = desks.keepers_of_venue(venue_id)
    own = desks.by_ids(by.desk_ids)
    receptions = [one for one in own if one.kind is DeskKind.RECEPTION]
    if not may_enter_for(by, keepers, is_reception=bool(receptions)):
        raise NotAllowed
    of_house = [one for one in own if one.id in keepers]
    of_city = [one for one in own if one.kind is DeskKind.CITY]
    return [*of_house, *receptions, *of_city][0]


def check(wish: Wish, by: Actor, venue_id: int) -> Desk | None:
    """The desk that a wish is typed in for; None for what people ask themselves. Raises NotAllowed, NotReachable."""
    if wish.came_by is None:
        return None
    desk = desk_of(by, venue_id)
    if not is_reachable(email=wish.contact_email, phone=wish.contact_phone, postal_address=wish.postal_address):
        raise NotReachable
    return desk


def counted_as(wish: Wish, by: Actor) -> Actor:
    """Whose requests count when the rules say how many one may have: never those of who only types."""
    if wish.came_by is None or wish.association_id is not None:
        return by
    known = accounts.by_email(wish.contact_email) if wish.contact_email else None
    return Actor(known.id, known.email) if known else ANYONE


def mark(request: Request, wish: Wish, desk: Desk | None, by: Actor) -> dict[str, Any]:
    """Write on a new request who typed it in; returns what its timeline says of that."""
    if desk is None:
        return {}
    request.came_by, request.postal_address = wish.came_by, wish.postal_address
    request.entered_by_id, request.entered_desk_id = by.account_id, desk.id
    return {"entered": {"desk": desk.name, "how": wish.came_by, "for": wish.contact_name}}


def is_said_for(request: Request, by: Actor) -> bool:
    """Does somebody of a desk do now what the asker asked them to?"""
    return request.came_by is not None and not is_asker(by, request.parties) and may_speak_for(by, request.parties)
