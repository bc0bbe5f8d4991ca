"""What several decide together: a vote, what the votes come to, and how a desk votes from now on."""

from collections.abc import Iterable
from datetime import datetime

from zalenzoeker.domain.advice import MOST_DAYS, AdviceKind, Outcome, Silence
from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, check_may_decide
from zalenzoeker.domain.requests import Action, NotPossible, Status, may_be_said
from zalenzoeker.services import changes, decisions, handing, notices
from zalenzoeker.services.desks import opened
from zalenzoeker.services.timeline import tell
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import advice as storage
from zalenzoeker.storage import desks, occupancy, requests
from zalenzoeker.storage.advice import Votes
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Request, Vote
from zalenzoeker.storage.models.desks import DeskKind


class NotAWayToVote(ValueError):
    """A desk cannot vote like this: more votes than it has members, no days, or it is the city desk."""


def vote(
    code: str, is_yes: bool, *, by: Actor, now: datetime, version: int, note: str = "", to_asker: str = ""
) -> Outcome:
    """One member says yes or no about every date that waits; returns what the votes come to with it.

    A later vote takes the place of an earlier one, until there is an outcome; the same vote twice is one. ``note``:
    why, for the desk; a no needs it, and so does a yes to an exception, where the asker reads it. ``to_asker``: goes to
    the asker when it becomes a no. Raises UnknownRequest, NotAllowed, NotPossible, ChangedMeanwhile, ReasonNeeded,
    NoLongerFree.
    """
    try:
        with write_unit():
            request = requests.locked(code)
            if request is None or request.desk_id is None:
                raise UnknownRequest
            cast = Vote(is_yes=is_yes, note=note, to_asker=to_asker, at=now, version=request.version)
            if _was_the_last(request, cast, by):
                return Outcome.YES if is_yes else Outcome.NO
            return enter(request, cast, by=by, version=version)
    except occupancy.AlreadyTaken:
        raise decisions.NoLongerFree from None


def enter(request: Request, cast: Vote, *, by: Actor, version: int) -> Outcome:
    """The same about a locked request inside a write unit; raises AlreadyTaken in place of NoLongerFree."""
    check_may_decide(by, request.parties)
    if request.desk_id not in by.desk_ids:
        raise NotAllowed
    if request.voting is None or not may_be_said(request.status, Action.VOTE):
        raise NotPossible(request.status, Action.VOTE)
    former = storage.of_member(request.id, request.desk_id, by.account_id)
    counts = former is not None and former.version >= request.votes_from
    if former is not None and counts and _is_same(former, cast):
        return _outcome(_votes(request), is_over=False)
    if request.decision is not None:
        raise NotPossible(request.status, Action.VOTE)
    if request.version != version:
        raise decisions.ChangedMeanwhile
    if not cast.note and (not cast.is_yes or request.exceptions):
        raise decisions.ReasonNeeded
    facts = {"is_yes": cast.is_yes, "changed": counts}
    tell(request, Action.VOTE, by=by, now=cast.at, note=cast.note, facts=facts)
    _keep(request, cast, former, by)
    return _settle(request, by=by, now=cast.at, is_over=False)


def close(code: str, now: datetime) -> None:
    """The time to vote is over: what silence means comes true, once."""
    try:
        with write_unit():
            request = requests.locked(code)
            if request is None or request.vote_until is None or request.vote_until > now or request.decision:
                return
            request.vote_until = None
            if request.status is Status.REQUESTED:
                _settle(request, by=ANYONE, now=now, is_over=True)
    except (occupancy.AlreadyTaken, NotPossible):
        # The room went to somebody else, or the moment has come: silence decides nothing then.
        with write_unit():
            request = requests.locked(code)
            if request is not None and request.decision is None:
                request.vote_until = None


def count_anew(desk_id: int, now: datetime) -> None:
    """Somebody left this desk or came to it: what is voted there may have an outcome by that. Each by itself."""
    for code in storage.codes_at(desk_id):
        try:
            with write_unit():
                request = requests.locked(code)
                if request is not None and request.decision is None and storage.about(request) is not None:
                    _settle(request, by=ANYONE, now=now, is_over=False)
        except (occupancy.AlreadyTaken, NotPossible):
            # The room went to somebody else: the request waits on, as after a vote that could not be kept.
            continue


def set_advice(
    slug: str, kind: AdviceKind, *, needed: int, days: int, silence: Silence, by: Actor, now: datetime
) -> None:
    """How a desk votes about what comes to it from now on; what waits there is voted about as it was when it came.

    Raises UnknownDesk, NotAllowed for who is not of the desk, NotAWayToVote.
    """
    with write_unit():
        desk = opened(slug, by)
        if desk.kind is DeskKind.CITY:
            raise NotAWayToVote
        if kind is not AdviceKind.NONE and not (1 <= needed <= len(desk.members) and 1 <= days <= MOST_DAYS):
            raise NotAWayToVote
        before = changes.of_advice(desk)
        desk.advice = kind
        if kind is not AdviceKind.NONE:
            desk.votes_needed, desk.advice_days, desk.silence_means = needed, days, silence
        changes.log(desk, Subject.ADVICE, before, changes.of_advice(desk), by=by, now=now)


def _was_the_last(request: Request, cast: Vote, by: Actor) -> bool:
    """Was this the vote by which the request went on to another desk? The form was sent twice then."""
    former = storage.elsewhere(request.id, by.account_id, request.desk_id)
    given = next((one for one in reversed(request.events) if one.action is Action.ADVISE), None)
    if former is None or given is None or request.desk_id in by.desk_ids:
        return False
    return given.account_id == by.account_id and given.desk_id == former.desk_id and _is_same(former, cast)


def _is_same(former: Vote, cast: Vote) -> bool:
    return (former.is_yes, former.note, former.to_asker) == (cast.is_yes, cast.note, cast.to_asker)


def _keep(request: Request, cast: Vote, former: Vote | None, by: Actor) -> None:
    """The new vote, or the former one with what is said now."""
    if former is None:
        cast.request_id, cast.desk_id, cast.account_id = request.id, request.desk_id or 0, by.account_id or 0
        db.session.add(cast)
    else:
        former.is_yes, former.note, former.to_asker = cast.is_yes, cast.note, cast.to_asker
        former.at, former.version = cast.at, cast.version
    db.session.flush()


def _settle(request: Request, *, by: Actor, now: datetime, is_over: bool) -> Outcome:
    """Do what the votes come to, if they do; inside a write unit that has the request."""
    votes = _votes(request)
    outcome = _outcome(votes, is_over=is_over)
    if outcome is Outcome.OPEN:
        return outcome
    if votes.voting.kind is AdviceKind.ADVISES:
        _advise(request, outcome, votes, by=by, now=now)
    elif outcome is not Outcome.NOTHING:
        _decide(request, outcome, votes, by=by, now=now)
    return outcome


def _votes(request: Request) -> Votes:
    found = storage.about(request)
    assert found is not None, "it waits for the votes of its desk"
    return found


def _outcome(votes: Votes, *, is_over: bool) -> Outcome:
    return votes.tally.outcome(votes.voting.silence, is_over=is_over)


def _decide(request: Request, outcome: Outcome, votes: Votes, *, by: Actor, now: datetime) -> None:
    """The decision that the votes have made. Raises NotPossible, AlreadyTaken."""
    is_yes = outcome is Outcome.YES
    own = [one for one in votes.counted if one.is_yes is is_yes]
    why = _together(one.note for one in own)
    # Who sets a rule aside says so to everybody; besides, words for the asker go with a no only.
    words = next((one.to_asker for one in reversed(own) if one.to_asker), "") if not is_yes else ""
    decisions.put_voted(
        request,
        Action.APPROVE if is_yes else Action.REFUSE,
        by=by,
        now=now,
        votes=_counted(votes),
        note=why if is_yes and request.exceptions else words,
        said=why,
    )


def _advise(request: Request, outcome: Outcome, votes: Votes, *, by: Actor, now: datetime) -> None:
    """The city desk decides from here on, and sees the advice."""
    city, former = desks.by_id(desks.city_id() or 0), request.desk
    assert city is not None, "the city desk is made with the register"
    assert former is not None, "a request refers to its desk"
    given = {"outcome": outcome.value, **_counted(votes)}
    # Why it came here first; from here on the line that routed it says nothing.
    told = {"former": former.name, "desk": city.name, "advice": given, "reason": request.route_reason}
    tell(request, Action.ADVISE, by=by, now=now, facts=told)
    # The event belongs to the desk that advised: it is written before the request goes on.
    handing.bring_to(request, city, now)
    notices.advice_given(request, city, now, former=former.name, given=given)


def _counted(votes: Votes) -> dict[str, int | bool]:
    """How the votes stood, as a timeline and a letter keep it, and whether it took silence to end it."""
    counts = votes.tally
    is_silence = counts.outcome(Silence.NOTHING, is_over=False) is Outcome.OPEN
    return {"yes": counts.yes, "of": counts.may_vote, "needed": counts.needed, "is_silence": is_silence}


def _together(notes: Iterable[str]) -> str:
    return "\n".join(one for one in notes if one)
