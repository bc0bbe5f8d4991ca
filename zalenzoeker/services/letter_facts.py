"""The facts of a letter as they are now: it keeps saying what was true when it was written."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zalenzoeker.domain.availability import first_day
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.slots import NotASlot, Slot
from zalenzoeker.domain.ways_on import WayKind, WayOn
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import rooms
from zalenzoeker.storage.advice import Votes
from zalenzoeker.storage.models import Desk, Occurrence, Request, Venue

# A letter names so many of each kind of way on; the page behind it shows all of them.
MOST_OF_A_KIND = 2


def facts_of(request: Request, desk: Desk) -> dict[str, Any]:
    """What every letter about a request may say. ``dates``: those not left out, as ``about_dates`` writes them."""
    date = request.first
    venue = date.room.venue
    return {
        "code": request.code,
        "reference": request.reference,
        "thread": thread_of(request.code),
        "activity": request.activity,
        "people": request.people,
        "is_public": request.is_public,
        "is_shielded": request.is_shielded,
        "takes_space": request.takes_space,
        "asker": request.asker,
        "contact_name": request.contact_name,
        "contact_email": request.contact_email,
        "contact_phone": request.contact_phone,
        "came_by": request.came_by.value if request.came_by else "",
        "facilities": rooms.names_of_facilities(request.facilities) if request.facilities else [],
        "remarks": request.remarks,
        "exceptions": list(request.exceptions),
        "exception_reason": request.exception_reason,
        "room": date.room.name,
        "room_slug": date.room.slug,
        "room_code": f"{venue.slug}/{date.room.slug}",
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


def thread_of(code: str) -> str:
    """What ties all letters of a request together, whatever becomes of its dates; it tells nothing of its address."""
    return hashlib.sha256(f"thread of {code}".encode()).hexdigest()[:32]


def vote_facts(request: Request, votes: Votes | None) -> dict[str, Any] | None:
    """How its desk votes about a request, and until when; None where nobody votes."""
    if votes is None:
        return None
    return {
        "kind": votes.voting.kind.value,
        "needed": votes.tally.needed,
        "may_vote": votes.tally.may_vote,
        "silence": votes.voting.silence.value,
        "until": request.vote_until.isoformat() if request.vote_until else "",
    }


def _location(date: Occurrence, venue: Venue) -> str:
    place = ", ".join(part for part in (venue.name, venue.address, f"{venue.postal_code} {venue.city}".strip()) if part)
    return f"{date.room.name}, {place}"


def hold_days(request: Request) -> int:
    """How many days its rooms are held while nobody answers: what the least patient of its houses allows."""
    by_id = cities.city().by_id
    return min(by_id[date.room_id].rules.hold_days for date in request.dates)


def about_dates(
    dates: Sequence[Occurrence], *, among: Sequence[Occurrence] = (), before: Mapping[str, Slot] | None = None
) -> list[dict[str, Any]]:
    """Dates as a letter keeps them; ``status`` is where each stands now.

    ``before``: the moment that a date had or, of a new moment that is only asked, the one of the date ``among`` these
    that it would take the place of.
    """
    by_id = {date.id: date.slot for date in among}
    left = before or {}
    return [
        {
            **_written(date.slot),
            "uid": date.uid,
            "sequence": date.sequence,
            "room": date.room.name,
            "venue": date.room.venue.name,
            "location": _location(date, date.room.venue),
            "status": date.status.value,
            "was_confirmed": date.was_confirmed,
            "before": _written(old) if (old := left.get(date.uid) or by_id.get(date.replaces_id or 0)) else None,
        }
        for date in sorted(dates, key=lambda date: (date.from_epoch, date.room_id))
    ]


def _written(slot: Slot) -> dict[str, str]:
    return {"starts": slot.starts.isoformat(), "ends": slot.ends.isoformat(), "zone": slot.zone}


def ways_on_from(request: Request, dates: Sequence[Occurrence], now: datetime) -> dict[str, Any]:
    """What can be asked instead of the first of these dates that is to come, free at this moment.

    ``ways_on``: each with the room (``venue/room``), its name and its place's, and the slot; empty when there is
    nothing. ``instead_of``: the moment they were looked for. When every date has begun, that is the same weekday and
    time as soon as the house can be asked again. ``moves``: the uid of the date that only wanted to move, and stays as
    it was: the ways on are for it to go to; empty where what was asked fell away.
    """
    date = next((one for one in dates if one.slot.starts_at > now), None) or next(iter(dates), None)
    if date is None:
        return {"ways_on": []}
    room = cities.city().by_id[date.room_id]
    slot = date.slot if date.slot.starts_at > now else _again(date.slot, room, now)
    if slot is None:
        return {"ways_on": []}
    moves = next((one.uid for one in request.occurrences if one.id == date.replaces_id), "")
    wish = checking.wish_for(request, [WishedDate(room.code, slot)])
    given_up = [one.slot for one in dates]
    found = []
    if slot != date.slot and checking.preview(wish.dates, now, wish.asker) is None:
        found.append(WayOn(WayKind.OTHER_TIME, room, slot))
        given_up.append(slot)
    found += checking.instead_of(checking.asked_of(wish, wish.dates[0]), now, given_up=given_up)
    return {
        "ways_on": [
            {
                **_written(one.slot),
                "kind": one.kind.value,
                "room": one.room.code,
                "room_name": one.room.name,
                "venue": one.room.venue_name,
                "distance": round(one.distance, 1),
            }
            for one in _some_of_each(found)
        ],
        "instead_of": {**_written(slot), "room": room.code},
        "moves": moves,
    }


def _some_of_each(found: Sequence[WayOn]) -> list[WayOn]:
    return [one for kind in WayKind for one in [way for way in found if way.kind is kind][:MOST_OF_A_KIND]]


def _again(slot: Slot, room: KnownRoom, now: datetime) -> Slot | None:
    """The same weekday and time on the first day that this room can be asked for."""
    days = (first_day(room.rules, now, room.special) - slot.day).days
    weeks_up = -(-days // 7)
    try:
        return slot.moved(days=7 * max(1, weeks_up))
    except NotASlot:
        return None
