"""The dates of a request, one by one: let go, put back, another moment; this one, this and following, or all."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.deadlines import answer_by, is_over
from zalenzoeker.domain.permissions import Actor, NotAllowed, may_withdraw
from zalenzoeker.domain.requests import HOLDS, Action, NotPossible, Status, may_follow
from zalenzoeker.domain.series import Scope, in_scope, is_shrunk
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.services import admission, checking, notices, waiting
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import step
from zalenzoeker.services.wishes import Trouble, UnknownRequest, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import desks, occupancy, requests, rooms
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Desk, Occurrence, Request


@dataclass(frozen=True)
class Move:
    """Another moment for some dates: so many days later, from and to these times, in this room (``venue/room``)."""

    room: str
    from_time: time
    to_time: time
    days: int = 0

    def of(self, date: Occurrence) -> Slot:
        """The new moment of a date. Raises NotASlot."""
        return Slot.on(date.slot.day + timedelta(days=self.days), self.from_time, self.to_time, date.zone)


def let_go(code: str, uid: str, scope: Scope, *, by: Actor, now: datetime, note: str = "") -> int:
    """Give up this date, this and the following, or all; returns how many. It needs nobody's yes.

    Raises UnknownRequest, NotAllowed, NotPossible.
    """
    with write_unit():
        request, desk, chosen = _opened(code, uid, scope, by, now)
        gone = step(request, Action.LET_GO, by=by, now=now, note=note, dates=_with_changes(request, chosen))
        free_dates(gone)
        if desk is not None:
            notices.dates_let_go(request, desk, now, dates=gone, note=note)
        count = len(gone)
    waiting.serve(now)
    return count


def _with_changes(request: Request, chosen: Collection[Occurrence]) -> list[Occurrence]:
    """These dates and the new moments that were asked for them."""
    ids = {date.id for date in chosen}
    return [date for date in request.occurrences if date.id in ids or date.replaces_id in ids]


def _opened(
    code: str, uid: str, scope: Scope, by: Actor, now: datetime
) -> tuple[Request, Desk | None, list[Occurrence]]:
    """The request, its desk, and the dates of it that are meant and still to come."""
    request = requests.locked(code)
    if request is None:
        raise UnknownRequest
    if not may_withdraw(by, request.parties):
        raise NotAllowed
    chosen = next((date for date in request.occurrences if date.uid == uid), None)
    if chosen is None:
        raise UnknownRequest
    of_request = [date for date in request.occurrences if date.replaces_id is None]
    meant = [date for date in in_scope(of_request, chosen, scope) if not is_over(date.slot.starts_at, now)]
    desk = desks.by_id(request.desk_id) if request.desk_id else None
    return request, desk, meant


def put_back(code: str, uid: str, *, by: Actor, now: datetime) -> None:
    """A date that was left out comes back into the series: it is asked, and the desk decides on it.

    Raises UnknownRequest, NotAllowed, NotPossible, Refused.
    """
    try:
        with write_unit():
            request, desk, chosen = _opened(code, uid, Scope.THIS, by, now)
            dates = [date for date in chosen if date.status is Status.SKIPPED]
            if not dates or desk is None:
                raise NotPossible(request.status, Action.PUT_BACK)
            _check(request, [(date, date.slot, _code_of(date)) for date in dates], by, now)
            step(request, Action.PUT_BACK, by=by, now=now, dates=dates)
            admission.take(request, dates, now)
            _asked_anew(request, desk, dates, now)
    except occupancy.AlreadyTaken:
        raise _lost(code, now) from None


def change(code: str, uid: str, scope: Scope, move: Move, *, by: Actor, now: datetime) -> bool:
    """Move these dates, all of them or none; returns whether a desk must say yes first.

    What only gets shorter is so at once. What grows or moves is asked: a date that was confirmed stays as it is until
    the desk says yes; one that still waited waits at its new moment.

    Raises UnknownRequest, NotAllowed, NotPossible, NotASlot, UnknownRoom, Refused.
    """
    try:
        with write_unit():
            request, desk, chosen = _opened(code, uid, scope, by, now)
            dates = [date for date in chosen if may_follow(date.status, Action.CHANGE)]
            if (
                not dates
                or desk is None
                or any(date.replaces_id in {one.id for one in dates} for date in _asked(request))
            ):
                raise NotPossible(request.status, Action.CHANGE)
            room = checking.known(cities.city(), move.room)
            occupancy.lock_rooms({room.id, *(date.room_id for date in request.occurrences)})
            new = [(date, move.of(date)) for date in dates]
            needs_yes = _apply(request, desk, new, room.code, by, now)
    except occupancy.AlreadyTaken:
        raise _lost(code, now) from None
    waiting.serve(now)
    return needs_yes


def _asked(request: Request) -> list[Occurrence]:
    """The new moments that wait for a yes already."""
    return [date for date in request.occurrences if date.replaces_id is not None and date.status is Status.REQUESTED]


def _apply(
    request: Request, desk: Desk, new: Sequence[tuple[Occurrence, Slot]], room: str, by: Actor, now: datetime
) -> bool:
    """Shrink at once what shrinks, ask for the rest; inside the write unit."""
    shrunk = [(date, slot) for date, slot in new if _code_of(date) == room and is_shrunk(date.slot, slot)]
    grown = [(date, slot) for date, slot in new if (date, slot) not in shrunk]
    _check(request, [(date, slot, room) for date, slot in grown], by, now)
    _check_length(request, shrunk, room, by, now)
    waited = [(date, slot) for date, slot in grown if date.status is Status.REQUESTED]
    confirmed = [(date, slot) for date, slot in grown if date.status is Status.APPROVED]
    at_once = [*shrunk, *waited]
    if at_once:
        step(request, Action.CHANGE, by=by, now=now, dates=[date for date, _ in at_once], facts=_told(at_once))
        _replace(request, at_once, room, now)
    if confirmed:
        _ask_for(request, desk, confirmed, room, by, now)
    elif waited:
        notices.dates_changed(request, desk, now, dates=[date for date, _ in waited], needs_yes=True)
    elif shrunk:
        notices.dates_changed(request, desk, now, dates=[date for date, _ in shrunk], needs_yes=False)
    return bool(grown)


def _told(new: Sequence[tuple[Occurrence, Slot]]) -> dict[str, list[str]]:
    return {
        "from": [date.starts.isoformat() for date, _ in new],
        "to": [f"{slot.starts.isoformat()}/{slot.ends.isoformat()}" for _, slot in new],
    }


def _replace(request: Request, new: Sequence[tuple[Occurrence, Slot]], room: str, now: datetime) -> None:
    """The dates themselves get their new moment, all at once, so that they do not stand in each other's way."""
    holds = _by_hold(request, [date for date, _ in new])
    occupancy.release([date.id for date, _ in new])
    for date, slot in new:
        _set(date, slot, room, now)
    db.session.flush()
    for by, dates in holds.items():
        occupancy.take_dates(dates, by, now_epoch=epoch(now))


def _by_hold(request: Request, dates: Collection[Occurrence]) -> dict[TakenBy, list[Occurrence]]:
    """By what these dates hold their rooms."""
    waits = TakenBy.REQUEST if Status.REQUESTED in HOLDS[request.policy] else TakenBy.QUEUED
    found: dict[TakenBy, list[Occurrence]] = {}
    for date in dates:
        found.setdefault(TakenBy.BOOKING if date.status is Status.APPROVED else waits, []).append(date)
    return found


def _set(date: Occurrence, slot: Slot, room: str, now: datetime) -> None:
    place = cities.city().by_code[room]
    if date.room_id != place.id:
        date.room = rooms.by_ids({place.id})[place.id]
        date.room_id = place.id
    date.slot = slot
    date.from_epoch, date.to_epoch = slot.from_epoch, slot.to_epoch
    date.setup_minutes, date.cleanup_minutes = place.rules.setup_minutes, place.rules.cleanup_minutes
    date.sequence += 1
    date.changed_at = now


def _ask_for(
    request: Request, desk: Desk, new: Sequence[tuple[Occurrence, Slot]], room: str, by: Actor, now: datetime
) -> None:
    """The new moments stand beside the old ones until the desk says yes."""
    place = cities.city().by_code[room]
    own = rooms.by_ids({place.id})[place.id]
    added = [
        Occurrence(
            room=own,
            room_id=own.id,
            status=Status.SKIPPED,
            uid=secrets.token_hex(16),
            sequence=0,
            slot=slot,
            from_epoch=slot.from_epoch,
            to_epoch=slot.to_epoch,
            setup_minutes=place.rules.setup_minutes,
            cleanup_minutes=place.rules.cleanup_minutes,
            replaces_id=date.id,
            changed_at=now,
        )
        for date, slot in new
    ]
    request.occurrences.extend(added)
    db.session.flush()
    step(request, Action.PUT_BACK, by=by, now=now, dates=added, facts=_told(new))
    admission.take(request, added, now)
    _asked_anew(request, desk, added, now)


def _asked_anew(request: Request, desk: Desk, dates: list[Occurrence], now: datetime) -> None:
    """The desk has something to decide again, with the time that this takes; or the house says yes at once."""
    request.answer_by = answer_by(now, min(date.slot.starts_at for date in dates))
    request.hold_until = admission.hold_until(request, now)
    notices.dates_changed(request, desk, now, dates=dates, needs_yes=True)


def _check(request: Request, new: Sequence[tuple[Occurrence, Slot, str]], by: Actor, now: datetime) -> None:
    """Raise Refused when something is in the way of one of these moments, the dates themselves left out of account."""
    if not new:
        return
    own = [date.id for date in request.occurrences]
    wish = checking.wish_for(request, [WishedDate(room, slot) for _, slot, room in new])
    troubles = checking.look(wish, by, now, without=own, is_judged_whole=False)
    left: list[Trouble] = checking.not_excepted(troubles, request.exceptions)
    if left:
        raise checking.refusal(wish, left, now, without=own)


def _check_length(
    request: Request, new: Sequence[tuple[Occurrence, Slot]], room: str, by: Actor, now: datetime
) -> None:
    """What gets shorter may get too short for the house; nothing else is asked of it."""
    wish = checking.wish_for(request, [WishedDate(room, slot) for _, slot in new])
    own = [date.id for date in request.occurrences]
    troubles = checking.only_too_short(checking.look(wish, by, now, without=own, is_judged_whole=False)) if new else []
    if troubles:
        raise checking.refusal(wish, troubles, now, without=own)


def _code_of(date: Occurrence) -> str:
    return cities.city().by_id[date.room_id].code


def _lost(code: str, now: datetime) -> Exception:
    """Somebody was first: what is in the way now, with ways on."""
    request = requests.by_code(code)
    if request is None:
        return UnknownRequest()
    wish = checking.wish_for(request, [WishedDate(_code_of(date), date.slot) for date in request.dates])
    return checking.refusal(wish, [], now, was_lost=True, without=[date.id for date in request.occurrences])
