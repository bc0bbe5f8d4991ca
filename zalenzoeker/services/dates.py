"""The dates of a request, one by one: let go, put back, another moment; this one, this and following, or all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, may_withdraw
from zalenzoeker.domain.requests import Action, NotPossible, Policy, Status, may_follow
from zalenzoeker.domain.series import Scope, in_scope, is_shrunk
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.services import admission, checking, desk_clock, giving, notices, queueing, waiting
from zalenzoeker.services.moving import Change, Changed, Move, check, check_length, code_of, put_beside
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import decided_about, step
from zalenzoeker.services.wishes import UnknownRequest, UnknownRoom, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import desks, occupancy, requests, rooms
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Desk, Occurrence, Request

__all__ = ["Changed", "Move", "change", "let_go", "put_back"]


def let_go(
    code: str, uid: str, scope: Scope, *, by: Actor, now: datetime, note: str = "", only_at: int | None = None
) -> int:
    """Give up this date, this and the following, or all; returns how many. It needs nobody's yes.

    Of a new moment that waits for an answer: the change that it is part of is taken back as a whole. ``only_at``: by
    the link of a letter, which stands for its asker, and only while the date begins then (epoch seconds).

    Raises UnknownRequest, NotAllowed, NotPossible.
    """
    with write_unit():
        request, desk, chosen = _opened(code, uid, scope, by, now, is_by_letter=only_at is not None)
        if only_at is not None and any(date.from_epoch != only_at for date in chosen):
            raise NotPossible(request.status, Action.LET_GO)
        decided = decided_about(request)
        gone = step(request, Action.LET_GO, by=by, now=now, note=note, dates=_with_changes(request, chosen))
        free_dates(gone)
        _hold_again(request, now)
        if desk is not None:
            notices.dates_let_go(request, desk, now, dates=gone, note=note, fell=decided != decided_about(request))
        count = len(gone)
    waiting.serve(now)
    return count


def _with_changes(request: Request, chosen: Collection[Occurrence]) -> list[Occurrence]:
    """These dates and the new moments that were asked for them."""
    ids = {date.id for date in chosen}
    return [date for date in request.occurrences if date.id in ids or date.replaces_id in ids]


def _hold_again(request: Request, now: datetime) -> None:
    """New moments that lay where a date was that is gone must hold that themselves."""
    if asked := _asked(request):
        for by, dates in admission.by_hold(request, asked).items():
            # What stands in a queue takes nothing, and stands where it stood.
            if by is not TakenBy.QUEUED:
                occupancy.release([date.id for date in dates])
                occupancy.take_dates(dates, by, now_epoch=epoch(now))


def _opened(
    code: str,
    uid: str,
    scope: Scope,
    by: Actor,
    now: datetime,
    *,
    also: Collection[int] = (),
    is_by_letter: bool = False,
) -> tuple[Request, Desk | None, list[Occurrence]]:
    """The request, its desk, and the dates of it that are meant and still to come.

    ``also``: the ids of rooms that they may go to. A new moment that waits for an answer means all of them: each may
    lie where another date of the same change was.
    """
    request = requests.locked(code, also=also)
    if request is None:
        raise UnknownRequest
    if not is_by_letter and not may_withdraw(by, request.parties):
        raise NotAllowed
    chosen = next((date for date in request.occurrences if date.uid == uid), None)
    if chosen is None:
        raise UnknownRequest
    of_request = [date for date in request.occurrences if date.replaces_id is None]
    in_reach = in_scope(of_request, chosen, scope) if chosen.replaces_id is None else _asked(request)
    meant = [date for date in in_reach if not is_over(date.slot.starts_at, now)]
    desk = desks.by_id(request.desk_id) if request.desk_id else None
    return request, desk, meant


def put_back(code: str, uid: str, *, by: Actor, now: datetime) -> bool:
    """A date that was left out comes back into the series; returns whether a desk must say yes to it first.

    Raises UnknownRequest, NotAllowed, NotPossible, Refused.
    """
    try:
        with write_unit():
            request, desk, chosen = _opened(code, uid, Scope.THIS, by, now)
            dates = [date for date in chosen if date.status is Status.SKIPPED]
            if not dates or desk is None or request.status not in (Status.REQUESTED, Status.APPROVED):
                raise NotPossible(request.status, Action.PUT_BACK)
            check(request, [(date, date.slot, code_of(date)) for date in dates], [], by, now)
            step(request, Action.PUT_BACK, by=by, now=now, dates=dates)
            admission.take(request, dates, now)
            needs_yes = _asked_anew(request, desk, dates, now)
    except occupancy.AlreadyTaken:
        raise _lost(code, uid, now) from None
    return needs_yes


def change(code: str, uid: str, scope: Scope, move: Move, *, by: Actor, now: datetime) -> Changed:
    """Move these dates, all of them or none.

    What only gets shorter is so at once. What grows or moves is asked: a date that was confirmed stays as it is until
    somebody says yes, which the rules of the house may do at once; one that still waited waits at its new moment, at
    the desk that decides about that.

    Raises UnknownRequest, NotAllowed, NotPossible, NotASlot, UnknownRoom, Refused.
    """
    try:
        with write_unit():
            goes_to = checking.known(cities.city(), move.room) if move.room else None
            request, desk, chosen = _opened(code, uid, scope, by, now, also=[goes_to.id] if goes_to else [])
            if goes_to and any(date.room.venue_id != goes_to.venue_id for date in chosen):
                # Another house has its own desk: that is another request.
                raise UnknownRoom(move.room)
            dates = [date for date in chosen if may_follow(date.status, Action.CHANGE)]
            if not dates or desk is None or _are_asked(request, dates):
                raise NotPossible(request.status, Action.CHANGE)
            shifted = move.from_date(next(date for date in request.occurrences if date.uid == uid))
            new = [(date, shifted.of(date), move.room or code_of(date)) for date in dates]
            is_other = [one for one in new if (one[0].slot, code_of(one[0])) != one[1:]]
            changed = _apply(request, desk, is_other, by, now) if is_other else Changed.NOTHING
    except occupancy.AlreadyTaken:
        raise _lost(code, uid, now) from None
    waiting.serve(now)
    return changed


def _asked(request: Request) -> list[Occurrence]:
    """The new moments that wait for a yes already."""
    return [date for date in request.occurrences if date.replaces_id is not None and date.status is Status.REQUESTED]


def _are_asked(request: Request, dates: Collection[Occurrence]) -> bool:
    """Does one of these dates wait for another moment already, or is it such a new moment itself?"""
    ids, asked = {date.id for date in dates}, _asked(request)
    return any(date.replaces_id in ids or date.id in ids for date in asked)


def _apply(request: Request, desk: Desk, new: Sequence[Change], by: Actor, now: datetime) -> Changed:
    """Shrink at once what shrinks, ask for the rest; inside the write unit."""
    shrunk = [one for one in new if code_of(one[0]) == one[2] and is_shrunk(one[0].slot, one[1])]
    grown = [one for one in new if one not in shrunk]
    own = [date.id for date, _, _ in new]
    check(request, grown, own, by, now)
    check_length(request, shrunk, own, by, now)
    waited = [one for one in grown if one[0].status is Status.REQUESTED]
    confirmed = [one for one in grown if one[0].status is Status.APPROVED]
    at_once = [*shrunk, *waited]
    if at_once:
        changed, before = [one[0] for one in at_once], {one[0].uid: one[0].slot for one in at_once}
        decided = decided_about(request)
        step(request, Action.CHANGE, by=by, now=now, dates=changed, facts=_told(at_once))
        _replace(request, at_once, now)
        fell = decided != decided_about(request)
        to = admission.route_anew(request, now) if waited else None
        if waited:
            _wait_anew(request, now)
        if to is not None:
            notices.dates_moved_on(request, desk, now, to=to, dates=changed, before=before, fell=fell)
        else:
            notices.dates_changed(request, desk, now, dates=changed, needs_yes=bool(waited), before=before, fell=fell)
    came_of_it = Changed.WAITS if waited else Changed.SHORTER
    if confirmed:
        must_say_yes = _ask_for(request, desk, confirmed, by, now)
        came_of_it = max(came_of_it, Changed.ASKED if must_say_yes else Changed.MOVED)
    return came_of_it


def _told(new: Sequence[Change]) -> dict[str, list[str]]:
    return {
        "from": [date.starts.isoformat() for date, _, _ in new],
        "to": [f"{slot.starts.isoformat()}/{slot.ends.isoformat()}" for _, slot, _ in new],
    }


def _replace(request: Request, new: Sequence[Change], now: datetime) -> None:
    """The dates themselves get their new moment, all at once, so that they do not stand in each other's way."""
    changed = [date for date, _, _ in new]
    for date, slot, room in new:
        _set(date, slot, room, now)
    db.session.flush()
    # Before their own moments are free: who waits for those is not meant.
    if request.takes_space and waiting_list.is_waited_for(changed, now):
        raise occupancy.AlreadyTaken
    admission.join_queue(request, changed)
    holds = admission.by_hold(request, changed)
    occupancy.release([date.id for date in changed])
    for by, dates in holds.items():
        occupancy.take_dates(dates, by, now_epoch=epoch(now))


def _set(date: Occurrence, slot: Slot, room: str, now: datetime) -> None:
    place = cities.city().by_code[room]
    if date.room_id != place.id or not is_shrunk(date.slot, slot):
        buffers = place.buffers(takes_space=date.request.takes_space)
        date.setup_minutes, date.cleanup_minutes = buffers
    if date.room_id != place.id:
        date.room = rooms.by_ids({place.id})[place.id]
        date.room_id = place.id
    date.slot = slot
    date.from_epoch, date.to_epoch = slot.from_epoch, slot.to_epoch
    date.sequence += 1
    date.changed_at = now


def _ask_for(request: Request, desk: Desk, new: Sequence[Change], by: Actor, now: datetime) -> bool:
    """The new moments stand beside the old ones until the desk says yes; returns whether it must."""
    added = put_beside(request, new, now)
    step(request, Action.PUT_BACK, by=by, now=now, dates=added, facts=_told(new))
    admission.take(request, added, now)
    return _asked_anew(request, desk, added, now)


def _asked_anew(request: Request, desk: Desk, dates: list[Occurrence], now: datetime) -> bool:
    """The desk has something to decide again, with the time that this takes, unless the house says yes at once.

    Returns whether somebody must say yes first.
    """
    if _is_instant(request, dates):
        before = _had_before(request, dates)
        confirmed = step(request, Action.CONFIRM, by=ANYONE, now=now, dates=dates)
        given = giving.give(request, confirmed, now)
        queueing.answer_the_rest(given, now)
        notices.dates_changed(request, desk, now, dates=given, needs_yes=False, is_moved=True, before=before)
        return False
    _wait_anew(request, now)
    notices.dates_changed(request, desk, now, dates=dates, needs_yes=True)
    return True


def _had_before(request: Request, dates: Collection[Occurrence]) -> Mapping[str, Slot]:
    """The moments of the dates that these would take the place of, by the uid of the date."""
    ids = {date.replaces_id for date in dates}
    return {one.uid: one.slot for one in request.occurrences if one.id in ids}


def _wait_anew(request: Request, now: datetime) -> None:
    """The desk has as much time for what was asked now as for any request."""
    desk_clock.start(request, now)
    request.hold_until = admission.hold_until(request, now)


def _is_instant(request: Request, dates: Collection[Occurrence]) -> bool:
    """Does the house say yes at once to these moments, as it did to the request?"""
    if request.policy is not Policy.INSTANT or request.exceptions:
        return False
    by_id = cities.city().by_id
    asked = [(by_id[date.room_id], date.slot) for date in dates]
    return admission.policy_for(asked, request.requester_kind, request.association_id) is Policy.INSTANT


def _lost(code: str, uid: str, now: datetime) -> Exception:
    """Somebody was first: ways on from the date that was meant."""
    request = requests.by_code(code)
    date = next((one for one in request.occurrences if one.uid == uid), None) if request else None
    if request is None or date is None:
        return UnknownRequest()
    wish = checking.wish_for(request, [WishedDate(code_of(date), date.slot)])
    return checking.refusal(wish, [], now, was_lost=True, without=[date.id for date in request.occurrences])
