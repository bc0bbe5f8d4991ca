"""What a desk proposes instead of what was asked: another moment, room or place, kept until its asker answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zalenzoeker.domain.availability import NEVER_AN_EXCEPTION
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.deadlines import UNDO_WITHIN, proposal_until, undo_until
from zalenzoeker.domain.permissions import ANYONE, Actor, check_may_decide
from zalenzoeker.domain.requests import MAY_BE_MOVED, Action, NotPossible, Status
from zalenzoeker.domain.slots import epoch
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import checking, notices, waiting
from zalenzoeker.services.decisions import ChangedMeanwhile, ReasonNeeded, check_alone, check_overrules
from zalenzoeker.services.moving import Change, Move, code_of, put_beside
from zalenzoeker.services.proposing import desk_at, desk_of, finish, last_said, live, take_back
from zalenzoeker.services.timeline import tell
from zalenzoeker.services.wishes import Trouble, UnknownRequest, UnknownRoom, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import counts, desks, occupancy, requests
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Decision, Desk, Occurrence, Proposal, Request


class TooLate(Exception):
    """It begins so soon that nobody could still answer: by telephone, then."""


class SameMoment(Exception):
    """That is what was asked already."""


class OtherDesk(Exception):
    """Another desk decides there, and can only be asked about a request as a whole that nobody said yes to."""


class NoteNeeded(ReasonNeeded):
    """A rule is in the way, which the desk may set aside in its own words."""

    def __init__(self, troubles: list[Trouble]) -> None:
        super().__init__()
        self.troubles = troubles


@dataclass(frozen=True)
class Proposed:
    """What was proposed: until when it can be undone, and until when it is kept for its asker."""

    undo_until: datetime
    until: datetime


def propose(
    code: str,
    uids: Collection[str],
    move: Move,
    *,
    by: Actor,
    now: datetime,
    version: int,
    note: str = "",
    undo_within: timedelta = UNDO_WITHIN,
) -> Proposed:
    """Offer something else instead of these dates, by their uid, all moved alike; its rooms are kept from now on.

    The letter leaves when it can no longer be undone, as with every decision. ``note``: the desk's own words, needed
    where a rule is set aside. Rooms that another desk decides about are not kept.

    Raises UnknownRequest, NotAllowed, AdviceNeeded, NotPossible, ChangedMeanwhile, NotASlot, UnknownRoom, SameMoment,
    TooLate, OtherDesk, NoteNeeded, OverruleNeeded, Refused.
    """
    new: list[Change] = []
    try:
        with write_unit():
            goes_to = _room(move.room) if move.room else None
            request, _desk = _opened(code, by, also=[goes_to.id] if goes_to else [])
            check_alone(request, by)
            dates = _movable(request, uids, now)
            if request.version != version or request.decision is not None:
                raise ChangedMeanwhile
            check_overrules(request, note)
            new = _changes(dates, move)
            other = _other_desk(request, new, by)
            until = proposal_until(now, [one for date, slot, _ in new for one in (date.slot.starts_at, slot.starts_at)])
            if until is None:
                raise TooLate
            overruled = _overruled(request, new, now, note=note, is_elsewhere=other is not None)
            # Left out until its letter leaves.
            added = put_beside(request, new, now)
            if other is None and request.takes_space:
                _hold(added, until, now)
            due_at = undo_until(now, [one for date, slot, _ in new for one in (date.slot.starts_at, slot.starts_at)])
            due_at = min(due_at, now + undo_within)
            answers = {date.uid: Action.PROPOSE.value for date, _, _ in new}
            tell(request, Action.DECIDE, by=by, now=now, note=note, facts={"answers": answers})
            request.decision = Decision(account_id=by.account_id, at=now, due_at=due_at, answers=answers, note=note)
            _remember(request, by, now, until, other, note=note, overruled=overruled)
            return Proposed(due_at, until)
    except occupancy.AlreadyTaken:
        raise _lost(code, new, now) from None


def withdraw(code: str, *, by: Actor, now: datetime) -> None:
    """The desk takes its proposal back; the asker is told, and what was asked first waits again.

    A second time changes nothing. Raises UnknownRequest, NotAllowed, AdviceNeeded, NotPossible.
    """
    with write_unit():
        request, desk = _opened(code, by)
        check_alone(request, by)
        if dates := live(request):
            take_back(request, desk, dates, by, now)
        elif last_said(request) is not Action.PROPOSAL_END:
            raise NotPossible(request.status, Action.PROPOSAL_END)
    waiting.serve(now)


def end(code: str, now: datetime) -> None:
    """Silence: what was proposed is free again, what was asked first waits, and both hear so."""
    with write_unit():
        request = requests.locked(code)
        if request is None or request.proposal is None or request.proposal.until > now or not live(request):
            return
        gone = finish(request, Action.PROPOSAL_END, live(request), ANYONE, now)
        notices.proposal_ended(request, desk_of(request), now, dates=gone)


def can_be_moved(request: Request, now: datetime) -> list[Occurrence]:
    """The dates instead of which something else can be proposed: to come, and not about to move already."""
    moving = {date.replaces_id for date in request.occurrences if date.status in (Status.REQUESTED, Status.PROPOSED)}
    return [
        date
        for date in request.occurrences
        if date.replaces_id is None
        and date.status in MAY_BE_MOVED
        and date.id not in moving
        and date.slot.starts_at > now
    ]


def _opened(code: str, by: Actor, *, also: Collection[int] = ()) -> tuple[Request, Desk]:
    request = requests.locked(code, also=also)
    if request is None or request.desk_id is None:
        raise UnknownRequest
    check_may_decide(by, request.parties)
    return request, desk_of(request)


def _room(code: str) -> KnownRoom:
    """A room that can be asked here. Raises UnknownRoom."""
    room = checking.known(cities.city(), code)
    if not room.is_asked_here:
        raise UnknownRoom(code)
    return room


def _movable(request: Request, uids: Collection[str], now: datetime) -> list[Occurrence]:
    dates = [date for date in can_be_moved(request, now) if date.uid in uids]
    if not dates or live(request):
        raise NotPossible(request.status, Action.PROPOSE)
    return dates


def _changes(dates: Sequence[Occurrence], move: Move) -> list[Change]:
    """Each date with its new moment and room, as far as that is another."""
    shifted = move.from_date(dates[0])
    new = [(date, shifted.of(date), move.room or code_of(date)) for date in dates]
    other = [one for one in new if (one[0].slot, code_of(one[0])) != one[1:]]
    if not other:
        raise SameMoment
    return other


def _other_desk(request: Request, new: Sequence[Change], by: Actor) -> Desk | None:
    """The desk that must still decide after a yes, because that moment is none of theirs who propose it."""
    city, (date, slot, code) = cities.city(), new[0]
    room = city.by_code[code]
    if room.venue_id == date.room.venue_id and date.status is Status.APPROVED:
        # Who confirmed a date decides about its new moment too.
        return None
    chosen = desks.by_id(desk_at(request, room, slot))
    known = {request.desk_id, desk_at(request, city.by_id[date.room_id], date.slot)}
    # Who belongs to that desk as well speaks for it, but not where its members vote.
    is_theirs = chosen is None or chosen.id in known or (chosen.id in by.desk_ids and chosen.voting is None)
    if by.is_city or is_theirs:
        return None
    alive = [one for one in request.dates if one.status in MAY_BE_MOVED]
    if [one.id for one in alive] != [one.id for one, _, _ in new] or date.status is not Status.REQUESTED:
        raise OtherDesk
    return chosen


def _overruled(request: Request, new: Sequence[Change], now: datetime, *, note: str, is_elsewhere: bool) -> list[str]:
    """The codes of the rules that are set aside for it. Raises NoteNeeded, or Refused where no desk may do so."""
    own = [date.id for date, _, _ in new]
    wish = checking.wish_for(request, [WishedDate(room, slot) for _, slot, room in new])
    # The hours of their association in a week are counted, and somebody else of it may be asking now.
    counts.lock_asker(None, request.association_id)
    troubles = checking.look(wish, ANYONE, now, without=own, is_judged_whole=False)
    found = {one.code for trouble in troubles for one in trouble.obstacles}
    is_barred = checking.in_the_way(troubles, asks_exception=True) if is_elsewhere else found & NEVER_AN_EXCEPTION
    if is_barred:
        raise checking.refusal(wish, troubles, now, without=own)
    if found and not note:
        raise NoteNeeded(troubles)
    return sorted(code.value for code in found)


def _hold(dates: Sequence[Occurrence], until: datetime, now: datetime) -> None:
    """Keep the rooms of what is proposed, each beside its own date. Raises AlreadyTaken."""
    if waiting_list.is_waited_for(dates, now):
        raise occupancy.AlreadyTaken
    for date in dates:
        occupancy.take_dates([date], TakenBy.REQUEST, now_epoch=epoch(now), held_until=epoch(until))


def _remember(
    request: Request,
    by: Actor,
    now: datetime,
    until: datetime,
    other: Desk | None,
    *,
    note: str,
    overruled: list[str],
) -> None:
    proposal = request.proposal or Proposal()
    proposal.account_id, proposal.at, proposal.until = by.account_id, now, until
    proposal.desk_id, proposal.desk = other.id if other else None, other
    proposal.note, proposal.overruled = note, overruled
    request.proposal = proposal


def _lost(code: str, new: Sequence[Change], now: datetime) -> Exception:
    """Somebody was first: ways on from what was proposed."""
    request = requests.by_code(code)
    if request is None or not new:
        return UnknownRequest()
    wish = checking.wish_for(request, [WishedDate(room, slot) for _, slot, room in new])
    return checking.refusal(wish, [], now, was_lost=True)
