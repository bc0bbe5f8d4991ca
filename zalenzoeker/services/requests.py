"""Asking for rooms, proving who asks, and withdrawing."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from zalenzoeker.domain import deadlines
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.limits import UNPROVED_PER_ROOM, Limited, TooMany, Visitor
from zalenzoeker.domain.permissions import Actor, NotAllowed, may_withdraw
from zalenzoeker.domain.requests import AWAITS_PROOF, HOLDS, ON_THE_WAITING_LIST, Action, NotPossible, Policy, Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import accounts, admission, allowance, behalf, checking, notices, waiting
from zalenzoeker.services.checking import known
from zalenzoeker.services.timeline import decided_about, step
from zalenzoeker.services.wishes import Receipt, Trouble, UnknownRequest, UnknownRoom, Wish, WishedDate
from zalenzoeker.storage import activities, counts, desks, limits, occupancy, requests, rooms
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Desk, Occurrence, Request
from zalenzoeker.storage.requests import FormAnswer


def ask(wish: Wish, *, by: Actor, now: datetime, visitor: Visitor) -> Receipt:
    """Ask for every date of a wish, or for none. The same form posted again gives the first answer.

    What a desk types in for somebody needs no proof: it is there at once. Raises UnknownRoom (also for rooms of two
    houses), NotAllowed (an association one is no member of, or a house one may not ask for somebody), NotReachable (of
    somebody else nothing but a name), NotPossible (no date at all, or several to wait for), Refused, TooMany.
    """
    city = cities.city()
    places = {date.room: known(city, date.room) for date in wish.dates}
    desk = _check_may_be(wish, places, by)
    counted = behalf.counted_as(wish, by)
    earlier = requests.by_form(wish.form_key)
    if receipt := _first_answer(wish, earlier):
        return receipt
    superseded = [answer for answer in earlier if answer.status in AWAITS_PROOF]
    without = [one for answer in superseded for one in answer.occurrence_ids]
    troubles = checking.look(wish, counted, now, without=without)
    if wish.is_waiting:
        if not checking.is_taken(troubles):
            # Nobody waits for what can be asked: it would be kept for two days and count for nothing.
            raise NotPossible(Status.UNPROVED, Action.WAIT)
        # Who wants to wait is not stopped by the somebody for whose going they wait.
        troubles = checking.without_overlap(troubles)
    if checking.in_the_way(troubles, asks_exception=bool(wish.exception_reason)):
        # What is in the way may be the first post of this same form, which landed between the two looks.
        if receipt := _first_answer(wish, requests.by_form(wish.form_key)):
            return receipt
        raise checking.refusal(wish, troubles, now, by=counted, without=without)
    try:
        return _write(wish, places, troubles, superseded, by=by, now=now, visitor=visitor, entered_for=desk)
    except occupancy.AlreadyTaken:
        raise checking.refusal(wish, checking.look(wish, counted, now), now, by=counted, was_lost=True) from None
    except allowance.Outrun:
        raise checking.refusal(wish, checking.look(wish, counted, now, without=without), now, by=counted) from None


def _check_may_be(wish: Wish, places: Mapping[str, KnownRoom], by: Actor) -> Desk | None:
    """The desk that types it in, if one does."""
    if not wish.wanted or (wish.is_waiting and (len(wish.wanted) > 1 or not wish.takes_space)):
        # Nothing is asked when every date is left out, and one stands in line for one moment of a room.
        raise NotPossible(Status.SKIPPED, Action.WAIT if wish.is_waiting else Action.PROVE)
    if len({place.venue_id for place in places.values()}) > 1:
        # Another house has its own desk: that is another request.
        raise UnknownRoom
    if wish.association_id is not None and wish.association_id not in by.association_ids:
        raise NotAllowed
    return behalf.check(wish, by, places[wish.wanted[0].room].venue_id)


def _write(
    wish: Wish,
    places: Mapping[str, KnownRoom],
    troubles: list[Trouble],
    superseded: list[FormAnswer],
    *,
    by: Actor,
    now: datetime,
    visitor: Visitor,
    entered_for: Desk | None,
) -> Receipt:
    """The write unit of ``ask``. Raises AlreadyTaken, Outrun.

    What does not change by asking is looked up before: nobody else can write meanwhile.
    """
    own = rooms.by_ids({place.id for place in places.values()})
    request = _new_request(wish, places, troubles, now, visitor)
    requests.with_rooms(request, own)
    facts = behalf.mark(request, wish, entered_for, by)
    action = Action.WAIT if wish.is_waiting else Action.PROVE
    desk = admission.admit(request, action, by=by, now=now, facts=facts) if by.is_signed_in else None
    with write_unit() as session:
        former = requests.rooms_of_forms(superseded)
        spaces = occupancy.lock_rooms({*own, *former})
        if receipt := _first_answer(wish, requests.by_form(wish.form_key)):
            return receipt
        allowance.check(wish, places, behalf.counted_as(wish, by), request.exceptions)
        _spend_limits(wish, places, by, now, visitor)
        _withdraw(superseded, by, now)
        admission.remember(request, by, now)
        session.add(request)
        session.flush()
        if request.is_public:
            activities.add(request.activity, now, request_id=request.id)
        wanted = [date for date in request.occurrences if date.status is not Status.SKIPPED]
        if not wish.is_waiting:
            until = None if by.is_signed_in else deadlines.hold_until(now)
            admission.take(request, wanted, now, held_until=until, spaces=spaces)
        if desk is not None:
            admission.announce(request, desk, now)
        else:
            accounts.issue_code(wish.contact_email, visitor=visitor, now=now)
        return Receipt(request.code, needs_proof=not by.is_signed_in)


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


def _spend_limits(wish: Wish, places: Mapping[str, KnownRoom], by: Actor, now: datetime, visitor: Visitor) -> None:
    if wish.came_by is not None:
        # A pile of paper forms is no flood, and the people of a desk share one network address.
        limits.spend(Limited.ENTER_FOR_ACCOUNT, str(by.account_id), now, visitor)
        return
    limits.spend(Limited.ASK_FOR_ADDRESS, visitor.address, now, visitor)
    if by.is_signed_in:
        limits.spend(Limited.ASK_FOR_ACCOUNT, str(by.account_id), now, visitor)
        return
    limits.spend(Limited.UNPROVED_FOR_ADDRESS, visitor.address, now, visitor)
    ids = {place.id for place in places.values()}
    holds = counts.unproved_count_of_rooms(ids, now - deadlines.UNPROVED_HOLD)
    if visitor.is_limited and holds >= UNPROVED_PER_ROOM:
        raise TooMany(Limited.UNPROVED_FOR_ADDRESS, int(deadlines.UNPROVED_HOLD.total_seconds()))


def _new_request(
    wish: Wish,
    places: Mapping[str, KnownRoom],
    troubles: list[Trouble],
    now: datetime,
    visitor: Visitor,
) -> Request:
    excepted = {one.code.value for trouble in troubles for one in trouble.obstacles}
    first = places[wish.wanted[0].room]
    wanted = [(places[date.room], date.slot) for date in wish.wanted]
    policy = admission.policy_for(wanted, wish.requester_kind, wish.association_id, takes_space=wish.takes_space)
    return Request(
        code=secrets.token_urlsafe(16),
        reference=_free_reference(first.neighbourhood_slug),
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
        activity_kind=wish.activity_kind,
        people=wish.people,
        is_public=wish.is_public and not wish.is_shielded,
        is_shielded=wish.is_shielded,
        facilities=list(wish.facilities),
        remarks=wish.remarks,
        exceptions=sorted(excepted),
        exception_reason=wish.exception_reason if excepted else "",
        neighbourhood_id=rooms.neighbourhood_id(wish.neighbourhood) if wish.neighbourhood else None,
        policy=Policy.WAIT if wish.is_waiting else policy,
        pattern=dict(wish.pattern) if wish.pattern else None,
        renews_id=requests.id_of(wish.renews) if wish.renews else None,
        created_at=now,
        changed_at=now,
        form_key=wish.form_key,
        form_hash=wish.fingerprint,
        browser_hash=visitor.browser_hash,
        events=[],
        occurrences=[
            _new_date(date, places[date.room], now, takes_space=wish.takes_space)
            for date in sorted(wish.dates, key=lambda date: (date.slot.from_epoch, date.room))
        ],
    )


def _new_date(date: WishedDate, place: KnownRoom, now: datetime, *, takes_space: bool) -> Occurrence:
    setup, cleanup = place.buffers(takes_space=takes_space)
    return Occurrence(
        room_id=place.id,
        status=Status.SKIPPED if date.is_skipped else Status.UNPROVED,
        uid=secrets.token_hex(16),
        sequence=0,
        slot=date.slot,
        from_epoch=date.slot.from_epoch,
        to_epoch=date.slot.to_epoch,
        setup_minutes=setup,
        cleanup_minutes=cleanup,
        changed_at=now,
    )


def _free_reference(neighbourhood: str) -> str:
    while True:
        reference = requests.new_reference(neighbourhood[:2].upper())
        if requests.is_reference_free(reference):
            return reference


def prove(code: str, *, by: Actor, now: datetime) -> None:
    """The address answered: the request becomes known to its desk. A second proof changes nothing.

    Raises UnknownRequest, NotAllowed, or Refused when the hold lapsed and something is in the way now.
    """
    try:
        with write_unit():
            request = requests.locked(code)
            if request is None:
                raise UnknownRequest
            if not by.email or request.contact_email != by.email:
                raise NotAllowed
            if request.status not in AWAITS_PROOF:
                return
            wanted = [date for date in request.occurrences if date.status in AWAITS_PROOF]
            is_held = _is_held(request, wanted, now)
            counts.lock_asker(by.account_id, request.association_id)
            _check_again(request, by, request.created_at if is_held else now)
            if request.policy is Policy.WAIT:
                admission.remember(request, by, now)
                desk = admission.admit(request, Action.WAIT, by=by, now=now)
                admission.announce(request, desk, now)
                return
            ids = [date.id for date in wanted]
            if is_held and Status.REQUESTED in HOLDS[request.policy]:
                occupancy.keep(ids, by=TakenBy.REQUEST)
            else:
                occupancy.release(ids)
                admission.take(request, wanted, now)
            admission.remember(request, by, now)
            desk = admission.admit(request, Action.PROVE, by=by, now=now)
            admission.announce(request, desk, now)
    except occupancy.AlreadyTaken:
        lost = requests.by_code(code)
        assert lost is not None, "it was there a moment ago"
        wish = checking.wish_of(lost)
        raise checking.refusal(wish, checking.look(wish, by, now), now, by=by, was_lost=True) from None


def _is_held(request: Request, wanted: list[Occurrence], now: datetime) -> bool:
    """Is what the asker saw as free still kept for them?"""
    if Status.UNPROVED in HOLDS[request.policy]:
        return occupancy.is_held([date.id for date in wanted], epoch(now))
    return now <= deadlines.hold_until(request.created_at)


def _check_again(request: Request, by: Actor, moment: datetime) -> None:
    """What was true when the form was typed may be so no longer; judged as of ``moment``.

    Raises Refused, but not for overlap: that the database tells when the room is taken again.
    """
    wish = checking.wish_of(request)
    troubles = checking.without_overlap(checking.look(wish, by, moment))
    if checking.in_the_way(troubles, asks_exception=bool(request.exception_reason)):
        raise checking.refusal(wish, troubles, moment, by=by)


def withdraw(code: str, *, by: Actor, now: datetime, note: str = "") -> None:
    """The asker, or a member of the asking association, lets every date go that is still to come.

    Raises UnknownRequest, NotAllowed, NotPossible.
    """
    with write_unit():
        request = requests.locked(code)
        if request is None:
            raise UnknownRequest
        if not may_withdraw(by, request.parties):
            raise NotAllowed
        to_come = [date for date in request.occurrences if not deadlines.is_over(date.slot.ends_at, now)]
        if not to_come:
            raise NotPossible(request.status, Action.WITHDRAW)
        # Of who only waits for a place the desk was never told.
        was_known = request.asked_at is not None and request.status not in ON_THE_WAITING_LIST
        decided = decided_about(request)
        gone = step(request, Action.WITHDRAW, by=by, now=now, note=note, dates=to_come)
        request.decision_note = note
        free_dates(gone)
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk and was_known:
            notices.request_withdrawn(request, desk, now, dates=gone, fell=decided != decided_about(request))
    waiting.serve(now)


def free_dates(dates: Iterable[Occurrence]) -> None:
    """Free the rooms of dates that fall away; calendars are told by a higher sequence."""
    gone = list(dates)
    for date in gone:
        date.sequence += 1
    occupancy.release([date.id for date in gone])
