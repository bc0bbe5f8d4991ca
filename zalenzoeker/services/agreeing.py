"""The asker says yes or no to what a desk proposes, on the page of the request or by the letter's token."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, may_withdraw
from zalenzoeker.domain.requests import MAY_BE_MOVED, Action, NotPossible, Policy, Status
from zalenzoeker.services import admission, giving, handing, notices, queueing, tokens, waiting
from zalenzoeker.services.proposing import LOST, desk_at, desk_of, finish, last_said, live, proposal_of, told
from zalenzoeker.services.timeline import step, tell
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import desks, occupancy, requests
from zalenzoeker.storage import proposals as storage
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Desk, Occurrence, Request


def agree(code: str, *, by: Actor, now: datetime, token: str = "") -> bool:
    """The asker's group, or whoever has the letter's token, says yes: the house already did.

    Where another desk decides, it becomes a request to that desk. Returns whether it was said now; a second time
    changes nothing. Raises UnknownRequest, NotAllowed, or NotPossible when the proposal has ended.
    """
    try:
        with write_unit():
            request, desk = _answered(code, by, token)
            dates = live(request)
            if not dates and last_said(request) is Action.AGREE:
                # A second tap on the same button.
                return False
            if not dates or proposal_of(request).until <= now:
                raise NotPossible(request.status, Action.AGREE)
            if proposal_of(request).desk is None:
                _book(request, desk, dates, by, now)
            else:
                _ask_there(request, desk, dates, by, now)
    except occupancy.AlreadyTaken:
        _lose(code, now)
        raise NotPossible(Status.PROPOSED, Action.AGREE) from None
    waiting.serve(now)
    return True


def _lose(code: str, now: datetime) -> None:
    """A room that nobody could keep for it is somebody else's by now: the proposal is over, and both hear so."""
    with write_unit():
        request = requests.locked(code)
        if request is not None and (dates := live(request)):
            gone = finish(request, Action.PROPOSAL_END, dates, ANYONE, now, facts={LOST: True})
            notices.proposal_ended(request, desk_of(request), now, dates=gone, is_lost=True)


def decline(code: str, *, by: Actor, now: datetime, token: str = "", words: str = "") -> bool:
    """No, and what was asked first waits for the desk again; ``words``: for the desk. The rest is as with ``agree``."""
    with write_unit():
        request, desk = _answered(code, by, token)
        dates = live(request)
        if not dates and last_said(request) is Action.DECLINE:
            return False
        if not dates:
            raise NotPossible(request.status, Action.DECLINE)
        gone = finish(request, Action.DECLINE, dates, by, now, note=words)
        notices.proposal_declined(request, desk, now, dates=gone, words=words)
    waiting.serve(now)
    return True


def code_of_token(token: str) -> str:
    """The request that a letter's token answers for. Raises UnknownRequest."""
    code = storage.by_token(tokens.hash_of(token))
    if code is None:
        raise UnknownRequest
    return code


def _answered(code: str, by: Actor, token: str) -> tuple[Request, Desk]:
    request = requests.locked(code)
    if request is None or request.desk_id is None:
        raise UnknownRequest
    known = request.proposal.token_hash if request.proposal else ""
    is_by_letter = bool(token and known) and secrets.compare_digest(known, tokens.hash_of(token))
    if not is_by_letter and not may_withdraw(by, request.parties):
        raise NotAllowed
    return request, desk_of(request)


def _book(request: Request, desk: Desk, dates: Sequence[Occurrence], by: Actor, now: datetime) -> None:
    """The house said yes by proposing it: what is proposed becomes the date, with its identity in calendars."""
    ids = {date.replaces_id for date in dates}
    old = [date for date in request.occurrences if date.id in ids]
    facts = told(request, dates)
    step(request, Action.AGREE, by=by, now=now, dates=[*dates, *old], facts=facts)
    given = giving.give(request, dates, now)
    for date in given:
        date.was_confirmed = True
    queueing.answer_the_rest(given, now)
    request.decision_note = ""
    notices.request_approved(request, desk, now, dates=given)
    notices.proposal_accepted(request, desk, now, dates=given)
    _follow(request, desk, given, now)


def _follow(request: Request, former: Desk, given: Sequence[Occurrence], now: datetime) -> None:
    """Where all of it has gone to another house, the desk there looks after it from here on, and hears so."""
    houses = {date.room.venue_id for date in request.dates if date.status in MAY_BE_MOVED}
    date, city = given[0], cities.city()
    if houses != {date.room.venue_id}:
        return
    if former.id in desks.keepers_of_venue(date.room.venue_id):
        return
    desk = desks.to_write_to(desk_at(request, city.by_id[date.room_id], date.slot))
    if desk is None or desk.id == former.id:
        return
    handing.bring_to(request, desk, now)
    request.version += 1
    notices.proposal_accepted(request, desk, now, dates=given)


def _ask_there(request: Request, former: Desk, dates: Sequence[Occurrence], by: Actor, now: datetime) -> None:
    """It becomes a request to the desk that decides there, with all that was said. Raises AlreadyTaken."""
    proposal = proposal_of(request)
    desk = desks.to_write_to(proposal.desk_id or 0)
    assert desk is not None, "a proposal refers to its desk"
    step(request, Action.AGREE, by=by, now=now, dates=dates, facts={**told(request, dates), "desk": desk.name})
    moved = giving.move_over(request, dates, now)
    by_id = cities.city().by_id
    wanted = [(by_id[date.room_id], date.slot) for date in moved]
    kind, group = request.requester_kind, request.association_id
    policy = admission.policy_for(wanted, kind, group, takes_space=request.takes_space)
    # That house was not asked yet: it does not say yes at once.
    request.policy = Policy.HOLD if policy is Policy.INSTANT else policy
    request.exceptions, request.exception_reason = proposal.overruled, proposal.note if proposal.overruled else ""
    admission.take(request, moved, now)
    request.hold_until = admission.hold_until(request, now)
    tell(request, Action.FORWARD, by=by, now=now, facts={"desk": desk.name, "former": former.name})
    handing.bring_to(request, desk, now)
    notices.request_forwarded(request, desk, now, former=former.name, note=proposal.note)
