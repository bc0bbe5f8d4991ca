"""What a desk decides: yes, no, or the end of a booking. For ten minutes it can be undone; then it is done and told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from zalenzoeker.domain.advice import AdviceKind, AdviceNeeded
from zalenzoeker.domain.deadlines import UNDO_WITHIN, is_over, undo_until
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import (
    DECISIONS,
    HOLDS,
    NEEDS_A_REASON,
    Action,
    NotPossible,
    Status,
    may_follow,
)
from zalenzoeker.domain.slots import epoch
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import giving, notices, proposing, queueing, waiting
from zalenzoeker.services.conversation import opened
from zalenzoeker.services.requests import free_dates
from zalenzoeker.services.timeline import drop_decision, step, tell, who_decided
from zalenzoeker.storage import advice, desks, occupancy, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Decision, Desk, Occurrence, Request

# By what is decided: the dates it is decided about.
Chosen = Mapping[Action, list[Occurrence]]


class ChangedMeanwhile(Exception):
    """Somebody else changed the request after this page was opened."""


class ReasonNeeded(Exception):
    """This cannot be decided without words: a no, the end of a booking, an exception to a rule."""


class OverruleNeeded(ReasonNeeded):
    """Where members of a desk vote, the city desk decides before them only in its own words."""


class Contradiction(Exception):
    """A date cannot be cancelled and moved at once."""


class NoLongerFree(Exception):
    """Something else stands in the room now, so this request, which only stood in a queue, cannot have it."""


@dataclass(frozen=True)
class Said:
    """The words of a decision: a reason from the list and own words. ``via``: how it came, where not by the desk."""

    note: str = ""
    reason: str = ""
    via: str = ""


def decide(
    code: str,
    answers: Mapping[str, Action],
    *,
    by: Actor,
    now: datetime,
    version: int,
    note: str = "",
    reason: str = "",
    undo_within: timedelta = UNDO_WITHIN,
) -> datetime:
    """Decide about dates of a request, by their uid; returns until when it can be undone.

    Until then nobody is told and nothing changes, but that the rooms of a yes are kept. ``reason``: from the list, goes
    with a no; ``note``: the desk's own words. Every no needs one of both, and a yes that breaks a rule needs own words.
    Where the members of the desk vote, only the city desk decides by itself. Raises UnknownRequest, NotAllowed,
    AdviceNeeded, NotPossible, ChangedMeanwhile, ReasonNeeded, Contradiction, NoLongerFree.
    """
    try:
        with write_unit():
            said = Said(note, reason)
            return enter(opened(code, by), answers, said, by=by, now=now, version=version, undo_within=undo_within)
    except occupancy.AlreadyTaken:
        raise NoLongerFree from None


def check_alone(request: Request, by: Actor) -> None:
    """Raise AdviceNeeded for a member of a desk whose members vote; the city desk decides in any case."""
    if request.voting and not by.is_city:
        raise AdviceNeeded


def enter(
    request: Request,
    answers: Mapping[str, Action],
    said: Said,
    *,
    by: Actor,
    now: datetime,
    version: int,
    undo_within: timedelta = UNDO_WITHIN,
) -> datetime:
    """Write down a decision about a locked request of somebody who may decide, inside a write unit; see ``decide``.

    Raises AlreadyTaken besides, in place of NoLongerFree.
    """
    check_alone(request, by)
    chosen = _chosen(request, answers, now)
    if request.version != version or request.decision is not None:
        raise ChangedMeanwhile
    _check_words(request, chosen, note=said.note, reason=said.reason)
    told = Decision(account_id=by.account_id, at=now, note=said.note, reason=said.reason)
    words = _joined(said.reason, said.note)
    return _put(request, chosen, told, by=by, said=words, via=said.via, undo_within=undo_within)


def put_voted(
    request: Request, action: Action, *, by: Actor, now: datetime, votes: dict[str, Any], note: str, said: str
) -> None:
    """What votes have decided about every date that waits, inside a write unit. ``by``: who voted last, if anybody.

    ``note``: goes to the asker; ``said``: for the desk. Raises NotPossible, AlreadyTaken.
    """
    answers = {date.uid: action for date in request.occurrences if _waits(date)}
    told = Decision(account_id=by.account_id, at=now, note=note, reason="", votes=votes)
    _put(request, _chosen(request, answers, now), told, by=by, said=said)


def _put(
    request: Request,
    chosen: Chosen,
    decision: Decision,
    *,
    by: Actor,
    said: str,
    via: str = "",
    undo_within: timedelta = UNDO_WITHIN,
) -> datetime:
    """Keep a decision until it can no longer be undone, and the rooms of its yes; returns until when that is."""
    now = decision.at
    _end_proposals(request, chosen, by, now)
    _keep_rooms(request, chosen.get(Action.APPROVE, []), now)
    told = {date.uid: action.value for action, dates in chosen.items() for date in dates}
    facts: dict[str, Any] = {"answers": told}
    if decision.votes:
        facts["votes"] = decision.votes
    if via:
        facts["via"] = via
    tell(request, Action.DECIDE, by=by, now=now, note=said, facts=facts)
    decision.answers, decision.due_at = told, undo_until(now, _starts(request, chosen), undo_within)
    request.decision = decision
    return decision.due_at


def undo(code: str, *, by: Actor, now: datetime) -> None:
    """Take a decision back before it is told; the request waits again, and where its desk votes, it votes anew.

    Of what votes decided, only by the city desk and by who voted for it: nobody goes round the votes of the others.
    Raises UnknownRequest, NotAllowed, AdviceNeeded, NotPossible.
    """
    with write_unit():
        take_back(opened(code, by), by=by, now=now)


def take_back(request: Request, *, by: Actor, now: datetime) -> None:
    """The same about a locked request of somebody who may decide, inside a write unit. Raises NotPossible."""
    if request.decision is None or request.decision.due_at <= now:
        raise NotPossible(request.status, Action.UNDO)
    if request.decision.votes is None or not advice.has_voted_for(request, by.account_id):
        check_alone(request, by)
    drop_decision(request)
    tell(request, Action.UNDO, by=by, now=now)


def carry_out(code: str, now: datetime) -> None:
    """Do what was decided, once it can no longer be undone; asked twice, it is done once."""
    try:
        with write_unit():
            request = requests.locked(code)
            if request is None or request.decision is None or request.decision.due_at > now:
                return
            decision, request.decision = request.decision, None
            _carry_out(request, decision, now)
    except (occupancy.AlreadyTaken, NotPossible):
        _give_up(code, now)
    # What fell away may be what somebody waits for, and a date that moved left its old moment.
    waiting.serve(now)


def _carry_out(request: Request, decision: Decision, now: datetime) -> None:
    desk, by = _desk_of(request), who_decided(request, decision)
    chosen = _dates(request, {uid: Action(action) for uid, action in decision.answers.items()})
    said = _joined(decision.reason, decision.note)
    request.decision_note = said
    if Action.PROPOSE in decision.answers.values():
        proposing.send(request, desk, by, now)
    if dates := chosen.get(Action.CANCEL):
        ids = {date.id for date in dates}
        if asked := [date for date in request.occurrences if date.replaces_id in ids and _waits(date)]:
            # With the dates themselves falls what they would have become.
            free_dates(step(request, Action.REFUSE, by=by, now=now, note=said, dates=asked))
        free_dates(step(request, Action.CANCEL, by=by, now=now, note=said, dates=dates))
        notices.request_cancelled(request, desk, now, dates=dates)
    if dates := chosen.get(Action.REFUSE):
        votes = {"votes": decision.votes} if decision.votes else None
        free_dates(step(request, Action.REFUSE, by=by, now=now, note=said, dates=dates, facts=votes))
        notices.request_refused(request, desk, now, dates=dates, votes=decision.votes)
    if dates := chosen.get(Action.APPROVE):
        words = _words_of_a_yes(request, decision, is_mixed=bool(NEEDS_A_REASON & chosen.keys()))
        facts = {"overruled": request.exceptions} if request.exceptions else None
        step(request, Action.APPROVE, by=by, now=now, note=words, dates=dates, facts=facts)
        given = giving.give(request, dates, now)
        queueing.answer_the_rest(given, now)
        request.decision_note = words
        notices.request_approved(request, desk, now, dates=given)
        request.decision_note = said


def _words_of_a_yes(request: Request, decision: Decision, *, is_mixed: bool) -> str:
    """Where no reason was chosen from the list, the desk's own words are the reason of its no, and go with that."""
    return decision.note if not is_mixed or decision.reason or request.exceptions else ""


def _give_up(code: str, now: datetime) -> None:
    """A room that was kept is gone all the same: the request goes back to the desk, which is told."""
    with write_unit():
        request = requests.locked(code)
        if request is not None and request.decision is not None:
            dates = [date for date in request.occurrences if date.uid in request.decision.answers]
            tell(request, Action.VOID, by=Actor(), now=now)
            drop_decision(request)
            notices.decision_fell(request, _desk_of(request), now, dates=dates)


def _end_proposals(request: Request, chosen: Chosen, by: Actor, now: datetime) -> None:
    """Who decides about a date no longer proposes something else instead of it."""
    ids = {date.id for dates in chosen.values() for date in dates}
    if dates := [one for one in proposing.live(request) if one.replaces_id in ids]:
        proposing.take_back(request, _desk_of(request), dates, by, now)


def _chosen(request: Request, answers: Mapping[str, Action], now: datetime) -> Chosen:
    """The dates that can still be decided about as asked. Raises NotPossible when there is none."""
    found = _dates(request, answers)
    possible = {
        action: [date for date in dates if may_follow(date.status, action) and not is_too_late(date, request, now)]
        for action, dates in found.items()
    }
    if not any(possible.values()):
        raise NotPossible(request.status, next(iter(answers.values()), Action.APPROVE))
    falls = {date.id for date in possible.get(Action.CANCEL, [])}
    if any(date.replaces_id in falls for date in possible.get(Action.APPROVE, [])):
        raise Contradiction
    # With a date that falls, falls what it would have become.
    left = {action: [date for date in dates if date.replaces_id not in falls] for action, dates in possible.items()}
    return {action: dates for action, dates in left.items() if dates}


def _check_words(request: Request, chosen: Chosen, *, note: str, reason: str) -> None:
    is_no = bool(NEEDS_A_REASON & chosen.keys())
    if is_no and not (note or reason):
        raise ReasonNeeded
    if request.exceptions and Action.APPROVE in chosen and not note:
        raise ReasonNeeded
    if chosen.keys() - {Action.CANCEL}:
        check_overrules(request, note)


def check_overrules(request: Request, note: str) -> None:
    """Raise OverruleNeeded where the votes of a desk decide, and who decides before them says no word of why."""
    voting = request.way_of_voting
    if voting is not None and voting.kind is AdviceKind.DECIDES and not note:
        raise OverruleNeeded


def _starts(request: Request, chosen: Chosen) -> list[datetime]:
    """When what is decided about begins, as far as it is still to come; of a date that moves, both its moments."""
    by_id = {date.id: date for date in request.occurrences}
    dates = [date for of_action in chosen.values() for date in of_action]
    former = [by_id[date.replaces_id] for date in dates if date.replaces_id]
    return [date.slot.starts_at for date in (*dates, *former)]


def _joined(reason: str, note: str) -> str:
    return " ".join(words for words in (reason, note) if words)


def _dates(request: Request, answers: Mapping[str, Action]) -> Chosen:
    return {
        action: [date for date in request.occurrences if answers.get(date.uid) is action]
        for action in DECISIONS
        if action in answers.values()
    }


def _keep_rooms(request: Request, dates: Collection[Occurrence], now: datetime) -> None:
    """Where a request only stood in a queue, its rooms are kept for its yes. Raises AlreadyTaken."""
    if dates and Status.REQUESTED not in HOLDS[request.policy]:
        occupancy.release([date.id for date in dates])
        occupancy.take_dates(list(dates), TakenBy.REQUEST, now_epoch=epoch(now))


def _desk_of(request: Request) -> Desk:
    desk = desks.by_id(request.desk_id) if request.desk_id else None
    assert desk is not None, "a request refers to its desk"
    return desk


def _waits(date: Occurrence) -> bool:
    return date.status is Status.REQUESTED


def is_too_late(date: Occurrence, request: Request, now: datetime) -> bool:
    """Is it too late to decide? Another moment for a date that has begun already is void."""
    former = next((one for one in request.occurrences if one.id == date.replaces_id), None)
    return is_over(date.slot.ends_at, now) or (former is not None and is_over(former.slot.starts_at, now))
