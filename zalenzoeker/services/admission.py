"""From a request that proved itself to a desk that knows: what it does while it waits, who decides, who is told."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from zalenzoeker.domain import deadlines
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.requests import HOLDS, Action, Policy, RequesterKind, Status
from zalenzoeker.domain.routing import Asked, Route, route
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.services import accounts, associations, notices, queueing
from zalenzoeker.services.timeline import step
from zalenzoeker.storage import associations as stored_associations
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import desks, occupancy
from zalenzoeker.storage.models import Desk, Occurrence, Request
from zalenzoeker.storage.models.desks import DeskKind

# The strictest first: a series waits for a desk as soon as one of its dates must.
STRICTEST = (Policy.HOLD, Policy.QUEUE, Policy.INSTANT)


def policy_for(dates: Iterable[tuple[KnownRoom, Slot]], kind: RequesterKind, association_id: int | None) -> Policy:
    """What a request for these rooms and moments does while it waits, by the rules of the houses."""
    wanted = list(dates)
    trusting = stored_associations.trusting(association_id, {room.venue_id for room, _ in wanted})
    found = {room.rules.pending_policy(kind, is_trusted=room.venue_id in trusting, slot=slot) for room, slot in wanted}
    return next(policy for policy in STRICTEST if policy in found)


def take(request: Request, dates: Collection[Occurrence], now: datetime, *, held_until: datetime | None = None) -> None:
    """Take the rooms of these dates as the policy of the request says, only for a while where ``held_until`` says so.

    Raises AlreadyTaken.
    """
    by = TakenBy.REQUEST if Status.REQUESTED in HOLDS[request.policy] else TakenBy.QUEUED
    until = epoch(held_until) if held_until else None
    if until is not None and by is TakenBy.QUEUED:
        # Nobody stands in a queue before they proved who they are.
        return
    occupancy.take_dates(list(dates), by, now_epoch=epoch(now), held_until=until)


def admit(request: Request, action: Action, *, by: Actor, now: datetime) -> None:
    """From here on the desk knows. The rooms are taken already, inside this write unit; ``request`` is whole.

    ``action``: PROVE or ACCEPT; or WAIT, by which it comes to stand on the waiting list.
    """
    request.account_id = request.account_id or by.account_id
    if by.account_id is not None and by.account_id == request.account_id:
        accounts.remember(by, name=request.contact_name, phone=request.contact_phone)
        associations.attach(request, by, now)
    desk = _route(request)
    request.asked_at = request.asked_at or now
    if action is Action.WAIT:
        token = secrets.token_urlsafe(16)
        request.answer_token_hash = accounts.hash_of(token)
        step(request, action, by=by, now=now)
        notices.put_on_waiting_list(request, desk, now, token=token)
        return
    request.answer_by = deadlines.answer_by(now, request.first.slot.starts_at)
    request.hold_until = hold_until(request, now)
    step(request, action, by=by, now=now)
    if request.policy is Policy.INSTANT and not request.exceptions:
        confirm(request, desk, now)
    else:
        notices.request_received(request, desk, now)


def confirm(request: Request, desk: Desk, now: datetime) -> None:
    """The house's rules say yes at once; who waited in a queue for the same is told no."""
    confirmed = step(request, Action.CONFIRM, by=ANYONE, now=now)
    for date in confirmed:
        date.was_confirmed = True
    occupancy.keep([date.id for date in confirmed], by=TakenBy.BOOKING)
    queueing.answer_the_rest(confirmed, now)
    notices.request_confirmed(request, desk, now)


def _route(request: Request) -> Desk:
    """The desk that decides, chosen by the first date, written on the request."""
    date = request.first
    city_id = desks.city_id()
    assert city_id is not None, "the register's import makes the city desk"
    asked = Asked(date.room.venue_id, date.room_id, date.slot, request.requester_kind)
    chosen = route(asked, desks.lines_for(date.room), Route(city_id, DeskKind.CITY))
    desk = desks.by_id(chosen.desk_id)
    assert desk is not None, "a routing line refers to its desk"
    request.desk_id, request.route_reason = chosen.desk_id, chosen.reason
    return desk


def hold_until(request: Request, now: datetime) -> datetime:
    """Until when the request holds its rooms while nobody answers: what the least patient of its houses allows."""
    rooms = cities.city().by_id
    return now + timedelta(days=min(rooms[date.room_id].rules.hold_days for date in request.dates))
