"""What a desk proposes, from the moment its letter may leave until it is answered or ends."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.domain.routing import Asked
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services import admission, desk_clock, notices, tokens
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import step
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import desks, routing
from zalenzoeker.storage.models import Desk, Occurrence, Proposal, Request

# The fact of the end of a proposal whose room somebody else has by now.
LOST = "is_lost"
# How a proposal comes to its end, the beginning among it.
ANSWERS = frozenset({Action.PROPOSE, Action.AGREE, Action.DECLINE, Action.PROPOSAL_END})


def desk_of(request: Request) -> Desk:
    desk = desks.by_id(request.desk_id) if request.desk_id else None
    assert desk is not None, "a request refers to its desk"
    return desk


def desk_at(request: Request, room: KnownRoom, slot: Slot) -> int:
    kinds = request.requester_kind, request.activity_kind
    return routing.chosen(Asked(room.venue_id, room.id, slot, *kinds, special=cities.city().special)).desk_id


def last_said(request: Request) -> Action | None:
    """What was said last about a proposal."""
    return next((event.action for event in reversed(request.events) if event.action in ANSWERS), None)


def live(request: Request) -> list[Occurrence]:
    """What waits for the asker's answer, the earliest first."""
    return [date for date in request.occurrences if date.status is Status.PROPOSED]


def untold(request: Request) -> list[Occurrence]:
    """What is proposed in a letter that has not left yet, the earliest first."""
    return [date for date in request.occurrences if date.status is Status.SKIPPED and date.replaces_id is not None]


def proposal_of(request: Request) -> Proposal:
    """What was proposed last, where something is."""
    assert request.proposal is not None, "what is proposed says until when"
    return request.proposal


def send(request: Request, desk: Desk, by: Actor, now: datetime) -> None:
    """The letter leaves, inside a write unit. Raises NotPossible when that is too late to answer."""
    dates, proposal = untold(request), proposal_of(request)
    if proposal.until <= now:
        raise NotPossible(request.status, Action.PROPOSE)
    token = tokens.new_token()
    proposal.token_hash = tokens.hash_of(token)
    facts: dict[str, Any] = {**told(request, dates), "until": proposal.until.isoformat()}
    if proposal.desk is not None:
        facts["desk"] = proposal.desk.name
    if proposal.overruled:
        facts["overruled"] = list(proposal.overruled)
    step(request, Action.PROPOSE, by=by, now=now, note=proposal.note, dates=dates, facts=facts)
    notices.proposal_made(request, desk, now, dates=dates, token=token)


def told(request: Request, dates: Sequence[Occurrence]) -> dict[str, Any]:
    """What became, or would become, of which moment, as the timeline keeps it; with the rooms where these differ."""
    by_id = {date.id: date for date in request.occurrences}
    pairs = [(by_id[date.replaces_id or date.id], date) for date in dates]
    rooms = ["" if old.room_id == new.room_id else _place(old, new) for old, new in pairs]
    return {
        "from": [old.starts.isoformat() for old, _new in pairs],
        "to": [f"{new.starts.isoformat()}/{new.ends.isoformat()}" for _old, new in pairs],
        **({"rooms": rooms} if any(rooms) else {}),
    }


def _place(old: Occurrence, new: Occurrence) -> str:
    is_here = old.room.venue_id == new.room.venue_id
    return new.room.name if is_here else f"{new.room.name}, {new.room.venue.name}"


def finish(
    request: Request,
    action: Action,
    dates: Collection[Occurrence],
    by: Actor,
    now: datetime,
    *,
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> list[Occurrence]:
    """What was proposed is answered no or ends; what was asked first waits for the desk again, with time for that."""
    gone = step(request, action, by=by, now=now, note=note, dates=dates, facts=facts)
    free_dates(gone)
    if any(date.status is Status.REQUESTED for date in request.occurrences):
        desk_clock.start(request, now)
        request.hold_until = admission.hold_until(request, now)
    return gone


def take_back(request: Request, desk: Desk, dates: Collection[Occurrence], by: Actor, now: datetime) -> None:
    """The desk takes its proposal back, and the asker is told, inside a write unit."""
    gone = finish(request, Action.PROPOSAL_END, dates, by, now)
    notices.proposal_ended(request, desk, now, dates=gone, is_taken_back=True)
