"""From a request that proved itself to a desk that knows: what it does while it waits, who decides, who is told."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.requests import HOLDS, Action, Policy, RequesterKind, Status
from zalenzoeker.domain.routing import Asked, Route
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.services import accounts, associations, desk_clock, notices, queueing, tokens, voting
from zalenzoeker.services.letter_facts import hold_days
from zalenzoeker.services.timeline import step, tell
from zalenzoeker.storage import associations as stored_associations
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import desks, occupancy, routing
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.models import Desk, Occurrence, Request
from zalenzoeker.storage.occupancy import Spaces

# The strictest first: a series waits for a desk as soon as one of its dates must.
STRICTEST = (Policy.HOLD, Policy.QUEUE, Policy.INSTANT)


def policy_for(
    dates: Iterable[tuple[KnownRoom, Slot]],
    kind: RequesterKind,
    association_id: int | None,
    *,
    takes_space: bool = True,
) -> Policy:
    """What a request for these rooms and moments does while it waits, by the rules of the houses.

    Where somebody stands in a queue already, one joins it: nobody who may hold goes before them. What takes no space
    has a policy of its own, and always waits for a person: rules that say yes at once are about an empty room.
    """
    if not takes_space:
        return Policy.INSIDE
    wanted = list(dates)
    trusting = stored_associations.trusting(association_id, {room.venue_id for room, _ in wanted})
    found = {room.rules.pending_policy(kind, is_trusted=room.venue_id in trusting, slot=slot) for room, slot in wanted}
    wanted_stretches = [
        (space_id, slot.from_epoch - 60 * room.rules.setup_minutes, slot.to_epoch + 60 * room.rules.cleanup_minutes)
        for room, slot in wanted
        for space_id in room.space_ids
    ]
    if occupancy.is_queued_for(wanted_stretches):
        return Policy.QUEUE
    return next(policy for policy in STRICTEST if policy in found)


def take(
    request: Request,
    dates: Collection[Occurrence],
    now: datetime,
    *,
    held_until: datetime | None = None,
    spaces: Spaces | None = None,
) -> None:
    """Take the rooms of these dates as the policy of the request says, only for a while where ``held_until`` says so.

    ``spaces``: those of the rooms, where they are locked already. Raises AlreadyTaken, also for what came free a moment
    ago and belongs to who has waited for it.
    """
    if not request.takes_space:
        return
    if waiting_list.is_waited_for(list(dates), now):
        raise occupancy.AlreadyTaken
    join_queue(request, dates, spaces=spaces)
    until = epoch(held_until) if held_until else None
    for by, some in by_hold(request, dates).items():
        # Nobody stands in a queue before they proved who they are.
        if until is None or by is not TakenBy.QUEUED:
            occupancy.take_dates(some, by, now_epoch=epoch(now), held_until=until, spaces=spaces)


def join_queue(request: Request, dates: Collection[Occurrence], *, spaces: Spaces | None = None) -> None:
    """Where others stand in a queue for these dates, their request joins it, inside a write unit that locked the rooms.

    A request has one policy: what else of it waits for the desk stands in a queue from here on too. Raises AlreadyTaken
    where it was confirmed already as nobody stood there a moment ago.
    """
    if request.policy not in (Policy.HOLD, Policy.INSTANT):
        return
    spaces = spaces or occupancy.lock_rooms({date.room_id for date in dates})
    stretches = [(one, date.taken_from, date.taken_to) for date in dates for one in spaces[date.room_id]]
    if not occupancy.is_queued_for(stretches, without=[date.id for date in request.occurrences]):
        return
    if request.policy is Policy.INSTANT and any(date.status is Status.APPROVED for date in dates):
        raise occupancy.AlreadyTaken
    request.policy = Policy.QUEUE
    waits = [date.id for date in request.occurrences if date.status is Status.REQUESTED]
    occupancy.keep(waits, by=TakenBy.QUEUED)


def by_hold(request: Request, dates: Collection[Occurrence]) -> dict[TakenBy, list[Occurrence]]:
    """By what each of these dates stands in its room, as far as it has come."""
    waits = TakenBy.REQUEST if Status.REQUESTED in HOLDS[request.policy] else TakenBy.QUEUED
    found: dict[TakenBy, list[Occurrence]] = {}
    for date in dates:
        found.setdefault(TakenBy.BOOKING if date.status is Status.APPROVED else waits, []).append(date)
    return found


def remember(request: Request, by: Actor, now: datetime) -> None:
    """Keep what somebody told of themselves and of their group, for the next form; inside a write unit.

    What a desk typed in was told by nobody who proved who they are: it says nothing of an account.
    """
    if request.came_by is not None:
        return
    request.account_id = request.account_id or by.account_id
    if by.account_id is not None and by.account_id == request.account_id:
        accounts.remember(by, name=request.contact_name, phone=request.contact_phone)
        associations.attach(request, by, now)


def admit(request: Request, action: Action, *, by: Actor, now: datetime, facts: dict[str, Any] | None = None) -> Desk:
    """Choose the desk and move the request on; nothing is written, and ``announce`` then tells it.

    ``action``: PROVE or ACCEPT, after which the house's rules may say yes at once; or WAIT, by which it comes to stand
    on the waiting list. ``facts``: what the timeline keeps with it.
    """
    desk = _route(request)
    request.asked_at = request.asked_at or now
    if action is not Action.WAIT:
        request.hold_until = hold_until(request, now)
    step(request, action, by=by, now=now, facts=facts)
    if action is not Action.WAIT:
        desk_clock.start(request, now)
    voting.begin(request, desk, now)
    if request.status is Status.REQUESTED and request.policy is Policy.INSTANT and not request.exceptions:
        for date in step(request, Action.CONFIRM, by=ANYONE, now=now):
            date.was_confirmed = True
    return desk


def announce(request: Request, desk: Desk, now: datetime) -> None:
    """From here on the desk knows. The rooms are taken; who waited in a queue for what was confirmed is told no."""
    if request.status is Status.WAITING:
        token = tokens.new_token()
        request.answer_token_hash = tokens.hash_of(token)
        notices.put_on_waiting_list(request, desk, now, token=token)
        return
    confirmed = [date for date in request.occurrences if date.status is Status.APPROVED]
    if not confirmed:
        notices.request_received(request, desk, now)
        return
    occupancy.keep([date.id for date in confirmed], by=TakenBy.BOOKING)
    queueing.answer_the_rest(confirmed, now)
    notices.request_confirmed(request, desk, now)


def _route(request: Request) -> Desk:
    """The desk that decides, chosen by the first date, written on the request."""
    chosen = _chosen(request, request.first)
    desk = desks.to_write_to(chosen.desk_id)
    assert desk is not None, "a routing line refers to its desk"
    request.desk_id, request.route_reason = chosen.desk_id, chosen.reason
    return desk


def _chosen(request: Request, date: Occurrence) -> Route:
    city = cities.city()
    venue_id = city.by_id[date.room_id].venue_id
    kinds = request.requester_kind, request.activity_kind
    return routing.chosen(Asked(venue_id, date.room_id, date.slot, *kinds, special=city.special))


def route_anew(request: Request, now: datetime) -> Desk | None:
    """Another desk, where the table names one for the moment that a waiting request moved to; None where none changes.

    Who said yes to a date decides about its new moment too: they know what they promised. And what a person forwarded
    stays where that person thought it belongs; so does what was advised about stay with the city desk.
    """
    waits = [date for date in request.occurrences if date.status is Status.REQUESTED]
    is_promised = any(date.status is Status.APPROVED for date in request.occurrences)
    is_sent_on = any(
        event.action is Action.ADVISE or (event.action is Action.FORWARD and event.account_id)
        for event in request.events
    )
    if not waits or is_promised or is_sent_on:
        return None
    chosen, former = _chosen(request, min(waits, key=lambda date: date.from_epoch)), request.desk
    desk = desks.by_id(chosen.desk_id)
    if desk is None or former is None or desk.id == former.id:
        return None
    told = {"desk": desk.name, "former": former.name, "reason": request.route_reason}
    tell(request, Action.FORWARD, by=ANYONE, now=now, facts=told)
    request.desk_id, request.desk, request.route_reason = desk.id, desk, chosen.reason
    request.handler_id = request.handler = None
    voting.begin(request, desk, now)
    return desk


def hold_until(request: Request, now: datetime) -> datetime | None:
    """Until when the request holds its rooms while nobody answers: what the least patient of its houses allows.

    None where it holds none.
    """
    if not request.takes_space:
        return None
    return now + timedelta(days=hold_days(request))
