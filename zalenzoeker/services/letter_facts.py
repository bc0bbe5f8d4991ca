"""The facts of a letter as they are now: it keeps saying what was true when it was written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zalenzoeker.domain.availability import Need
from zalenzoeker.domain.ways_on import Asked
from zalenzoeker.services import checking
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import rooms
from zalenzoeker.storage.models import Desk, Occurrence, Request, Venue


def facts_of(request: Request, desk: Desk) -> dict[str, Any]:
    """What every letter about a request may say. ``dates``: those not left out, as ``about_dates`` writes them."""
    date = request.first
    venue = date.room.venue
    return {
        "code": request.code,
        "reference": request.reference,
        "thread": date.uid,
        "activity": request.activity,
        "people": request.people,
        "is_public": request.is_public,
        "asker": request.asker,
        "contact_name": request.contact_name,
        "contact_email": request.contact_email,
        "contact_phone": request.contact_phone,
        "facilities": rooms.names_of_facilities(request.facilities) if request.facilities else [],
        "remarks": request.remarks,
        "exceptions": list(request.exceptions),
        "exception_reason": request.exception_reason,
        "room": date.room.name,
        "room_slug": date.room.slug,
        "venue": venue.name,
        "venue_slug": venue.slug,
        "location": _location(date, venue),
        "phone": venue.phone,
        "starts": date.starts.isoformat(),
        "ends": date.ends.isoformat(),
        "zone": date.zone,
        "uid": date.uid,
        "sequence": date.sequence,
        "stamp": request.changed_at.isoformat(),
        "desk": desk.name,
        "route_reason": request.route_reason,
        "answer_by": request.answer_by.isoformat() if request.answer_by else "",
        "was_confirmed": date.was_confirmed,
        "note": request.decision_note,
        "policy": request.policy.value,
        "pattern": request.pattern,
        "dates": about_dates(request.dates),
    }


def _location(date: Occurrence, venue: Venue) -> str:
    place = ", ".join(part for part in (venue.name, venue.address, f"{venue.postal_code} {venue.city}".strip()) if part)
    return f"{date.room.name}, {place}"


def about_dates(dates: Sequence[Occurrence]) -> list[dict[str, Any]]:
    """Dates as a letter keeps them; ``status`` is where each stands now."""
    return [
        {
            "uid": date.uid,
            "sequence": date.sequence,
            "starts": date.starts.isoformat(),
            "ends": date.ends.isoformat(),
            "zone": date.zone,
            "room": date.room.name,
            "venue": date.room.venue.name,
            "location": _location(date, date.room.venue),
            "status": date.status.value,
            "was_confirmed": date.was_confirmed,
        }
        for date in sorted(dates, key=lambda date: (date.from_epoch, date.room_id))
    ]


def ways_on_from(request: Request, dates: Sequence[Occurrence], now: datetime) -> list[dict[str, Any]]:
    """What can be asked instead of the first of these dates that is to come, free at this moment.

    Each with the room (``venue/room``), its name and its place's, and the slot; empty when there is nothing.
    """
    date = next((one for one in dates if one.slot.starts_at > now), None)
    if date is None:
        return []
    need = Need(date.slot, request.people, kind=request.requester_kind, activity_kind=request.activity_kind)
    asked = Asked(cities.city().by_id[date.room_id], need, frozenset(request.facilities))
    return [
        {
            "kind": one.kind.value,
            "room": one.room.code,
            "room_name": one.room.name,
            "venue": one.room.venue_name,
            "starts": one.slot.starts.isoformat(),
            "ends": one.slot.ends.isoformat(),
            "zone": one.slot.zone,
            "distance": round(one.distance, 1),
        }
        for one in checking.instead_of(asked, now)
    ]
