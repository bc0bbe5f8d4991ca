"""Asking for a room, proving who asks, and withdrawing."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from zalenzoeker.domain import availability, deadlines
from zalenzoeker.domain.availability import Need, Obstacle, TakenBy
from zalenzoeker.domain.limits import UNPROVED_PER_ROOM, Limited, TooMany, Visitor
from zalenzoeker.domain.permissions import Actor, NotAllowed, may_withdraw
from zalenzoeker.domain.requests import AWAITS_PROOF, Action, NotPossible, RequesterKind, Status
from zalenzoeker.domain.routing import Asked, Route, route
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.services import accounts, associations, notices
from zalenzoeker.services.timeline import step
from zalenzoeker.services.wishes import Receipt, Refused, UnknownRequest, UnknownRoom, Wish
from zalenzoeker.storage import desks, limits, occupancy, requests, rooms
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Occurrence, Request, Room
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.storage.occupancy import Hold
from zalenzoeker.storage.requests import FormAnswer
from zalenzoeker.storage.rooms import Sight


def ask(wish: Wish, *, by: Actor, now: datetime, visitor: Visitor) -> Receipt:
    """Ask for a room. The same form posted again gives the first answer.

    Raises UnknownRoom, NotAllowed (an association one is no member of), Refused, TooMany.
    """
    room = rooms.by_slug(wish.venue_slug, wish.room_slug)
    if room is None:
        raise UnknownRoom
    if wish.association_id is not None and wish.association_id not in by.association_ids:
        raise NotAllowed
    earlier = requests.by_form(wish.form_key)
    if receipt := _first_answer(wish, earlier):
        return receipt
    superseded = [answer for answer in earlier if answer.status in AWAITS_PROOF]
    try:
        excepted = _check(room, wish, by, now, superseded)
    except Refused:
        # What is in the way may be the first post of this same form, which landed between the two looks.
        if receipt := _first_answer(wish, requests.by_form(wish.form_key)):
            return receipt
        raise
    space_ids = occupancy.spaces_of(room.id)
    try:
        with write_unit() as session:
            occupancy.lock(space_ids)
            if receipt := _first_answer(wish, requests.by_form(wish.form_key)):
                return receipt
            _spend_limits(room, by, now, visitor)
            _withdraw(superseded, by, now)
            request = _new_request(room, wish, excepted, now, visitor)
            session.add(request)
            session.flush()
            if by.is_signed_in:
                _take(request, space_ids, now)
                _make_known(request, by, now)
            else:
                _take(request, space_ids, now, held_until=deadlines.hold_until(now))
                accounts.issue_code(wish.contact_email, visitor=visitor, now=now)
            return Receipt(request.code, needs_proof=not by.is_signed_in)
    except occupancy.AlreadyTaken:
        raise refusal(room, wish.slot, now, was_lost=True) from None


def _first_answer(wish: Wish, earlier: Iterable[FormAnswer]) -> Receipt | None:
    for answer in earlier:
        if answer.form_hash == wish.fingerprint:
            return Receipt(answer.code, needs_proof=answer.status in AWAITS_PROOF, is_repeat=True)
    return None


def _withdraw(superseded: Iterable[FormAnswer], by: Actor, now: datetime) -> None:
    """Somebody went back and changed the form before proving the address: the new version replaces the first."""
    for answer in superseded:
        request = requests.for_change(answer.code)
        if request and request.status in AWAITS_PROOF:
            step(request, Action.WITHDRAW, by=by, now=now)
            # The same words may be posted again later, and then they are a new request.
            request.form_hash = f"superseded:{request.id}"
            occupancy.release([date.id for date in request.occurrences])


def _check(room: Room, wish: Wish, by: Actor, now: datetime, superseded: list[FormAnswer]) -> list[Obstacle]:
    """Raise Refused when something is in the way; else the obstacles for which an exception is asked."""
    slot = wish.slot
    sight = Sight(without=tuple(answer.occurrence_id for answer in superseded))
    facts = rooms.facts(room, slot.from_epoch, slot.to_epoch, epoch(now), sight)
    # Only of somebody who proved who they are: a stranger must not learn what an address has asked.
    open_requests = requests.open_count(by.account_id) if by.is_signed_in else 0
    found = availability.obstacles(Need(slot, wish.people, open_requests), facts, now)
    if availability.blocking(found, asks_exception=bool(wish.exception_reason)):
        raise refusal(room, slot, now, obstacles=found)
    return found


def refusal(
    room: Room, slot: Slot, now: datetime, *, obstacles: list[Obstacle] | None = None, was_lost: bool = False
) -> Refused:
    """Why not, looked up again, with the free moments of the room around the wished one."""
    facts = rooms.facts(room, *availability.span_around(slot), epoch(now))
    found = availability.obstacles(Need(slot), facts, now) if obstacles is None else obstacles
    about_moment = any(one.code in availability.ABOUT_THE_MOMENT for one in found)
    alternatives = availability.free_moments(slot, facts, now) if about_moment or was_lost else []
    return Refused(found, alternatives, was_lost=was_lost)


def _spend_limits(room: Room, by: Actor, now: datetime, visitor: Visitor) -> None:
    limits.spend(Limited.ASK_FOR_ADDRESS, visitor.address, now, visitor)
    if by.is_signed_in:
        limits.spend(Limited.ASK_FOR_ACCOUNT, str(by.account_id), now, visitor)
        return
    limits.spend(Limited.UNPROVED_FOR_ADDRESS, visitor.address, now, visitor)
    holds = requests.unproved_count_of_room(room.id, now - deadlines.UNPROVED_HOLD)
    if visitor.is_limited and holds >= UNPROVED_PER_ROOM:
        raise TooMany(Limited.UNPROVED_FOR_ADDRESS, int(deadlines.UNPROVED_HOLD.total_seconds()))


def _new_request(room: Room, wish: Wish, excepted: list[Obstacle], now: datetime, visitor: Visitor) -> Request:
    slot = wish.slot
    return Request(
        code=secrets.token_urlsafe(16),
        reference=_free_reference(room),
        status=Status.UNPROVED,
        version=1,
        requester_kind=wish.requester_kind,
        association_id=wish.association_id,
        association_name=wish.association_name,
        enterprise_number=wish.enterprise_number,
        contact_name=wish.contact_name,
        contact_email=wish.contact_email,
        contact_phone=wish.contact_phone,
        activity=wish.activity,
        people=wish.people,
        is_public=wish.is_public,
        facilities=list(wish.facilities),
        remarks=wish.remarks,
        exceptions=[one.code.value for one in excepted],
        exception_reason=wish.exception_reason if excepted else "",
        created_at=now,
        changed_at=now,
        form_key=wish.form_key,
        form_hash=wish.fingerprint,
        browser_hash=visitor.browser_hash,
        events=[],
        occurrences=[
            Occurrence(
                room_id=room.id,
                uid=secrets.token_hex(16),
                sequence=0,
                slot=slot,
                from_epoch=slot.from_epoch,
                to_epoch=slot.to_epoch,
                changed_at=now,
            )
        ],
    )


def _free_reference(room: Room) -> str:
    prefix = room.venue.neighbourhood.slug[:2].upper()
    while True:
        reference = requests.new_reference(prefix)
        if requests.is_reference_free(reference):
            return reference


def _take(request: Request, space_ids: list[int], now: datetime, *, held_until: datetime | None = None) -> None:
    """Take the room for every date, only for a while where ``held_until`` says so."""
    until = epoch(held_until) if held_until else None
    for date in request.occurrences:
        hold = Hold(TakenBy.REQUEST, held_until=until, occurrence_id=date.id)
        occupancy.take(space_ids, date.from_epoch, date.to_epoch, hold, now_epoch=epoch(now))


def _make_known(request: Request, by: Actor, now: datetime) -> None:
    """From here on the desk knows: the route is chosen, the room is held while it waits, letters are written."""
    whole = requests.for_change(request.code)
    assert whole is not None, "the request was added in this write unit"
    date = whole.first
    whole.account_id = by.account_id
    accounts.remember(by, name=whole.contact_name, phone=whole.contact_phone)
    associations.attach(whole, by, now)
    chosen = _route(date.room, date.slot, whole.requester_kind)
    desk = desks.by_id(chosen.desk_id)
    assert desk is not None, "a routing line refers to its desk"
    whole.desk_id, whole.route_reason = chosen.desk_id, chosen.reason
    whole.asked_at = now
    whole.answer_by = deadlines.answer_by(now, date.slot.starts_at)
    step(whole, Action.PROVE, by=by, now=now)
    notices.request_received(whole, desk, now)


def _route(room: Room, slot: Slot, requester_kind: RequesterKind) -> Route:
    city_id = desks.city_id()
    assert city_id is not None, "the register's import makes the city desk"
    asked = Asked(room.venue_id, room.id, slot, requester_kind)
    return route(asked, desks.lines_for(room), Route(city_id, DeskKind.CITY))


def prove(code: str, *, by: Actor, now: datetime) -> None:
    """The address answered: the request becomes known to its desk. A second proof changes nothing.

    Raises UnknownRequest, NotAllowed, or Refused when the hold lapsed and something is in the way now.
    """
    try:
        with write_unit():
            request = requests.for_change(code)
            if request is None:
                raise UnknownRequest
            if request.contact_email != by.email:
                raise NotAllowed
            if request.status not in AWAITS_PROOF:
                return
            space_ids = occupancy.spaces_of(request.first.room_id)
            # Before any row is touched: somebody who asks for this room now would wait for the row, and we for them.
            occupancy.lock(space_ids)
            is_held = occupancy.is_held(request.first.id, epoch(now))
            _check_again(request, by, request.created_at if is_held else now)
            if is_held:
                occupancy.keep(request.first.id, by=TakenBy.REQUEST)
            else:
                occupancy.release([request.first.id])
                _take(request, space_ids, now)
            _make_known(request, by, now)
    except occupancy.AlreadyTaken:
        lost = requests.by_code(code)
        assert lost is not None, "it was there a moment ago"
        raise refusal(lost.first.room, lost.first.slot, now, was_lost=True) from None


def _check_again(request: Request, by: Actor, moment: datetime) -> None:
    """What was true when the form was typed may be so no longer; judged as of ``moment``.

    Raises Refused, but not for overlap: that the database tells when the room is taken again.
    """
    slot, room = request.first.slot, request.first.room
    facts = rooms.facts(room, slot.from_epoch, slot.to_epoch, epoch(moment))
    need = Need(slot, request.people, requests.open_count(by.account_id))
    found = [one for one in availability.obstacles(need, facts, moment) if one.code not in availability.OVERLAP]
    if availability.blocking(found, asks_exception=bool(request.exception_reason)):
        raise refusal(room, slot, moment, obstacles=found)


def withdraw(code: str, *, by: Actor, now: datetime, note: str = "") -> None:
    """The asker, or a member of the asking association, lets the room go.

    Raises UnknownRequest, NotAllowed, NotPossible.
    """
    with write_unit():
        request = requests.for_change(code)
        if request is None:
            raise UnknownRequest
        if not may_withdraw(by, request.parties):
            raise NotAllowed
        if deadlines.is_over(request.first.slot.ends_at, now):
            raise NotPossible(request.status, Action.WITHDRAW)
        step(request, Action.WITHDRAW, by=by, now=now, note=note)
        request.decision_note = note
        free_dates(request, now)
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk:
            notices.request_withdrawn(request, desk, now)


def free_dates(request: Request, now: datetime) -> None:
    """Free every date of a request; calendars are told by a higher sequence."""
    for date in request.occurrences:
        date.sequence += 1
        date.changed_at = now
    occupancy.release([date.id for date in request.occurrences])
