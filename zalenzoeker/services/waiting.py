"""The waiting list: the first in line is offered what came free, says yes, or lets it go."""

import logging
import secrets
from datetime import datetime

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, may_withdraw
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, Action, NotPossible, Policy, Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.domain.waiting import offer_until
from zalenzoeker.services import admission, checking, notices, tokens
from zalenzoeker.services.timeline import step
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import desks, occupancy, requests
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

LOG = logging.getLogger(__name__)
# Where an offer that was taken stands: it waits for the desk, or somebody said yes already.
YES_WAS_SAID = frozenset({Status.REQUESTED, Status.APPROVED})


def serve(now: datetime) -> int:
    """Offer what has come free to the first in line, each in a write unit of its own; returns how many were offered.

    Called after every deed that frees a room, and by the clock's round, so that nothing depends on the first: an offer
    that fails is logged, for the deed before it stands.
    """
    count = 0
    for one in waiting_list.with_free_room(now):
        try:
            with write_unit():
                count += _offer(one.code, now)
        except occupancy.AlreadyTaken:
            # Somebody before them in the line took it, or a deed of this very moment did.
            continue
        except Exception:
            LOG.exception("what came free could not be offered to %s", one.code)
    return count


def _offer(code: str, now: datetime) -> bool:
    request = requests.locked(code)
    if request is None or request.status is not Status.WAITING:
        return False
    date = request.first
    until = offer_until(now, date.slot.starts_at)
    if until is None:
        return False
    if _is_barred(request, now):
        _end(request, now)
        return False
    occupancy.take_dates([date], TakenBy.REQUEST, now_epoch=epoch(now), held_until=epoch(until))
    token = tokens.new_token()
    request.answer_token_hash = tokens.hash_of(token)
    request.offer_until = until
    step(request, Action.OFFER, by=ANYONE, now=now)
    desk = desks.by_id(request.desk_id) if request.desk_id else None
    if desk is not None:
        notices.place_offered(request, desk, now, token=token)
    return True


def _end(request: Request, now: datetime) -> None:
    """Nothing will come of it any more, and nobody else must be kept from the room for it."""
    gone = step(request, Action.EXPIRE, by=ANYONE, now=now)
    desk = desks.by_id(request.desk_id) if request.desk_id else None
    if desk is not None:
        notices.waiting_ended(request, desk, now, dates=gone)


def _is_barred(request: Request, now: datetime) -> bool:
    """A rule that did not stand in the way when they came to wait; the lead time is judged as of then."""
    wish = checking.wish_of(request)
    found = checking.look(wish, ANYONE, request.asked_at or now, is_judged_whole=False)
    return bool(checking.not_excepted(checking.without_overlap(found), request.exceptions))


def accept(code: str, *, by: Actor, now: datetime, token: str = "") -> bool:
    """Yes to an offer: from here on it is a request like any other. By the asker's group, or by the letter's token.

    Returns whether it was said now; a second time changes nothing. Raises UnknownRequest, NotAllowed, or NotPossible
    when the offer has ended.
    """
    with write_unit():
        request = _answered(code, by, token)
        if request.status in YES_WAS_SAID and any(one.action is Action.ACCEPT for one in request.events):
            # A second tap on the same button.
            return False
        date = request.first
        if request.status is not Status.OFFERED or not occupancy.is_held([date.id], epoch(now)):
            raise NotPossible(request.status, Action.ACCEPT)
        room = cities.city().by_id[date.room_id]
        policy = admission.policy_for([(room, date.slot)], request.requester_kind, request.association_id)
        # It is theirs already: a queue is for those who come later.
        request.policy = Policy.HOLD if policy is Policy.QUEUE else policy
        occupancy.keep([date.id], by=TakenBy.REQUEST)
        admission.remember(request, by, now)
        desk = admission.admit(request, Action.ACCEPT, by=by, now=now)
        admission.announce(request, desk, now)
    return True


def leave(code: str, *, by: Actor, now: datetime, token: str = "") -> None:
    """Off the waiting list, or no to an offer. A second time changes nothing. Raises UnknownRequest, NotAllowed."""
    with write_unit():
        request = _answered(code, by, token)
        if request.status is Status.WITHDRAWN:
            return
        if request.status not in ON_THE_WAITING_LIST:
            raise NotPossible(request.status, Action.WITHDRAW)
        gone = step(request, Action.WITHDRAW, by=by, now=now)
        occupancy.release([date.id for date in gone])
    serve(now)


def code_of(token: str) -> str:
    """The request that a letter's token answers for. Raises UnknownRequest."""
    code = requests.by_answer_token(tokens.hash_of(token))
    if code is None:
        raise UnknownRequest
    return code


def _answered(code: str, by: Actor, token: str) -> Request:
    request = requests.locked(code)
    if request is None:
        raise UnknownRequest
    is_by_letter = bool(token) and secrets.compare_digest(request.answer_token_hash, tokens.hash_of(token))
    if not is_by_letter and not may_withdraw(by, request.parties):
        raise NotAllowed
    return request


def end_offer(code: str, now: datetime) -> None:
    """Silence: the offer ends, and whoever is next in line gets theirs."""
    with write_unit():
        request = requests.locked(code)
        if request is None or request.status is not Status.OFFERED:
            return
        if request.offer_until is not None and request.offer_until > now:
            return
        gone = step(request, Action.MISS, by=ANYONE, now=now)
        occupancy.release([date.id for date in gone])
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk is not None:
            notices.offer_ended(request, desk, now)
