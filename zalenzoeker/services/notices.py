"""Who is told what: each letter with its facts, written in the transaction of the deed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zalenzoeker.domain.advice import AdviceKind
from zalenzoeker.domain.incoming import WhyNot
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import IS_ALIVE, WAITS_FOR_THE_DESK
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services.letter_facts import about_dates, facts_of, hold_days, vote_facts, ways_on_from
from zalenzoeker.services.readers import Readers
from zalenzoeker.services.telling import put, reply_to_house, tell_asker, tell_crew, tell_desk, tell_member
from zalenzoeker.storage import advice, outbox
from zalenzoeker.storage.models import Desk, Occurrence, Request


def sign_in_code(email: str, code: str, *, minutes: int, event_key: str, now: datetime) -> None:
    facts = {"code": code, "minutes": minutes}
    outbox.put(LetterKind.SIGN_IN_CODE, [email], event_key=event_key, facts=facts, now=now)


def invitation(email: str, *, token: str, association: str, invited_by: str, event_key: str, now: datetime) -> None:
    facts = {"token": token, "association": association, "invited_by": invited_by}
    outbox.put(LetterKind.INVITATION, [email], event_key=event_key, facts=facts, now=now)


def request_received(request: Request, desk: Desk, now: datetime) -> None:
    """To the asker that it arrived, to the desk that it waits."""
    tell_asker(LetterKind.REQUEST_RECEIVED, request, desk, now)
    _ask_desk(request, desk, now)


def request_confirmed(request: Request, desk: Desk, now: datetime) -> None:
    """The house's rules said yes at once: to the asker as any yes, to the desk so that it knows."""
    tell_asker(LetterKind.REQUEST_APPROVED, request, desk, now, is_instant=True)
    tell_desk(LetterKind.REQUEST_CONFIRMED, request, desk, now)


def request_approved(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence]) -> None:
    """A new moment that was approved is told as the date it became: that one stands in the asker's calendar."""
    by_id = {date.id: date for date in request.occurrences}
    settled = [by_id.get(date.replaces_id or 0, date) for date in dates]
    tell_asker(LetterKind.REQUEST_APPROVED, request, desk, now, told=about_dates(settled))


def request_refused(
    request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence], votes: Mapping[str, Any] | None = None
) -> None:
    """With what can be asked instead, free at this moment. ``votes``: how they stood where the desk voted."""
    _tell_no(LetterKind.REQUEST_REFUSED, request, desk, now, dates, votes=votes)


def request_overtaken(
    request: Request, desk: Desk, now: datetime, *, lost: Sequence[Occurrence], house: TakenBy | None = None
) -> None:
    """Somebody else who waited for the same was chosen, or the ``house`` has taken the room itself, as this."""
    _tell_no(LetterKind.REQUEST_OVERTAKEN, request, desk, now, lost, house=house.value if house else "")


def request_cancelled(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence]) -> None:
    _tell_no(LetterKind.REQUEST_CANCELLED, request, desk, now, dates)


def request_withdrawn(
    request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence], fell: bool = False
) -> None:
    """To the desk and, for the record, to the asker: another member may have done it.

    ``fell``: here and below, what the desk had decided about these dates, and nobody knew yet, no longer counts.
    """
    told = about_dates([date for date in dates if date.replaces_id is None] or dates)
    tell_asker(LetterKind.REQUEST_WITHDRAWN, request, desk, now, told=told)
    tell_desk(LetterKind.REQUEST_WITHDRAWN, request, desk, now, told=told, decision_fell=fell)


def request_expired(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence]) -> None:
    _tell_no(LetterKind.REQUEST_EXPIRED, request, desk, now, dates)


def hold_ended(request: Request, desk: Desk, now: datetime) -> None:
    """Nobody answered for so long that others may ask too: to the asker with ways on, to the desk as a reminder."""
    days = hold_days(request)
    waits = [date for date in request.occurrences if date.status in WAITS_FOR_THE_DESK]
    told = about_dates(waits, among=request.occurrences)
    ways = ways_on_from(request, waits, now)
    tell_asker(LetterKind.HOLD_ENDED, request, desk, now, told=told, days=days, **ways)
    tell_desk(LetterKind.HOLD_ENDED, request, desk, now, told=told, days=days)


def dates_let_go(
    request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence], note: str, fell: bool = False
) -> None:
    """Some dates of a series were given up: to both, so that nobody opens a door for nothing."""
    gone = [date for date in dates if date.replaces_id is None]
    told = about_dates(gone or dates, among=request.occurrences)
    # Only another moment was taken back: nobody lets a room go.
    is_change = not gone
    tell_asker(LetterKind.DATES_LET_GO, request, desk, now, told=told, note=note, is_change=is_change)
    more: dict[str, Any] = {"told": told, "note": note, "is_change": is_change, "decision_fell": fell}
    tell_desk(LetterKind.DATES_LET_GO, request, desk, now, **more)


def dates_changed(
    request: Request,
    desk: Desk,
    now: datetime,
    *,
    dates: Sequence[Occurrence],
    needs_yes: bool,
    is_moved: bool = False,
    before: Mapping[str, Slot] | None = None,
    fell: bool = False,
) -> None:
    """Some dates got another moment, or would like to; ``before``: the moments they had, by the uid of the date.

    ``is_moved``: the rules of the house said yes at once; what is neither asked nor moved only got shorter.
    """
    told = about_dates(dates, among=request.occurrences, before=before)
    tell_asker(LetterKind.DATES_CHANGED, request, desk, now, told=told, needs_yes=needs_yes, is_moved=is_moved)
    more = {"told": told, "needs_yes": needs_yes, "is_moved": is_moved, "decision_fell": fell}
    votes = advice.about(request) if needs_yes else None
    # Whoever voted votes anew, and until when is counted anew.
    voters = [one.email for one in votes.missing] if votes else []
    tell_desk(LetterKind.DATES_CHANGED, request, desk, now, also=voters, vote=vote_facts(request, votes), **more)


def dates_moved_on(
    request: Request,
    former: Desk,
    now: datetime,
    *,
    to: Desk,
    dates: Sequence[Occurrence],
    before: Mapping[str, Slot],
    fell: bool,
) -> None:
    """The same, where another desk decides about the new moment: to the asker, and to both desks."""
    told: dict[str, Any] = {
        "told": about_dates(dates, among=request.occurrences, before=before),
        "is_moved": False,
    }
    tell_asker(LetterKind.DATES_CHANGED, request, to, now, **told, needs_yes=True)
    tell_desk(
        LetterKind.DATES_CHANGED, request, former, now, **told, needs_yes=False, decision_fell=fell, goes_to=to.name
    )
    _ask_desk(request, to, now)


def put_on_waiting_list(request: Request, desk: Desk, now: datetime, *, token: str) -> None:
    tell_asker(LetterKind.WAITING_JOINED, request, desk, now, token=token)


def place_offered(request: Request, desk: Desk, now: datetime, *, token: str) -> None:
    """A place came free: kept until the end of the offer; ``token`` opens the page on which to answer.

    A letter on paper comes too late for that: who has no e-mail address is called by the desk.
    """
    until = request.offer_until.isoformat() if request.offer_until else ""
    tell_asker(LetterKind.PLACE_OFFERED, request, desk, now, token=token, offer_until=until)
    if not request.contact_email:
        tell_desk(LetterKind.PLACE_OFFERED, request, desk, now, offer_until=until)


def offer_ended(request: Request, desk: Desk, now: datetime) -> None:
    _tell_no(LetterKind.OFFER_ENDED, request, desk, now, request.dates)


def waiting_ended(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence]) -> None:
    """The moment came, and no place had come free."""
    _tell_no(LetterKind.WAITING_ENDED, request, desk, now, dates)


def question_asked(request: Request, desk: Desk, now: datetime, *, question: str) -> None:
    """The desk wants to know something before it decides."""
    tell_asker(LetterKind.QUESTION_ASKED, request, desk, now, note=question)


def question_answered(
    request: Request, desk: Desk, now: datetime, *, answer: str, is_answer: bool, had_decided: bool
) -> None:
    """``is_answer``: a question waited for it. ``had_decided``: what the desk had decided fell by it."""
    more: dict[str, Any] = {"note": answer, "is_answer": is_answer, "had_decided": had_decided}
    tell_desk(LetterKind.QUESTION_ANSWERED, request, desk, now, **more)


def decision_fell(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence]) -> None:
    """What the desk decided about these dates could not be done once its ten minutes were over: it must look again."""
    tell_desk(LetterKind.DECISION_FELL, request, desk, now, told=about_dates(dates, among=request.occurrences))


def mail_not_kept(
    request: Request, desk: Desk, now: datetime, *, to: str, is_for_desk: bool, why: WhyNot, words: str
) -> None:
    """What somebody of the request wrote by mail could not be kept; they hear so at most once a day."""
    facts = {**facts_of(request, desk), "is_for_desk": is_for_desk, "why": why.value, "note": words}
    reply_to = request.contact_email if is_for_desk else reply_to_house(request, desk)
    put(LetterKind.MAIL_NOT_KEPT, [to], request, facts, now, reply_to=reply_to, mark=f":{now:%Y-%m-%d}")


def request_forwarded(request: Request, desk: Desk, now: datetime, *, former: str, note: str) -> None:
    """Another desk decides from here on: to the asker, and to that desk that it waits. ``former``: who had it."""
    tell_asker(LetterKind.REQUEST_FORWARDED, request, desk, now, former=former, note=note)
    _ask_desk(request, desk, now, former=former, note=note)


def advice_given(request: Request, city: Desk, now: datetime, *, former: str, given: Mapping[str, Any]) -> None:
    """The members of the ``former`` desk gave their advice: to the city desk, which decides."""
    _ask_desk(request, city, now, former=former, advice=dict(given))


def request_handed(request: Request, desk: Desk, now: datetime, *, to: str, by: str) -> None:
    """To the colleague who looks after it from here on; ``by``: the name of who asks them to."""
    tell_member(LetterKind.REQUEST_HANDED, to, request, Readers(desk, now), handed_by=by)


def proposal_made(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence], token: str) -> None:
    """Something else than what was asked, kept for a while; ``token`` opens the page on which to answer."""
    assert request.proposal is not None, "it is told of"
    other = request.proposal.desk
    more = {"token": token, "offer_until": request.proposal.until.isoformat(), "note": request.proposal.note}
    told = about_dates(dates, among=request.occurrences)
    tell_asker(LetterKind.PROPOSAL_MADE, request, desk, now, told=told, other_desk=other.name if other else "", **more)


def proposal_accepted(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence]) -> None:
    """To the desk that proposed it: these dates are booked now."""
    tell_desk(LetterKind.PROPOSAL_ACCEPTED, request, desk, now, told=about_dates(dates))


def proposal_declined(request: Request, desk: Desk, now: datetime, *, dates: Sequence[Occurrence], words: str) -> None:
    """To the desk: what was asked first waits for it again, or what was booked stays. ``words``: of the asker."""
    told = about_dates(dates, among=request.occurrences)
    tell_desk(LetterKind.PROPOSAL_DECLINED, request, desk, now, told=told, note=words)


def proposal_ended(
    request: Request,
    desk: Desk,
    now: datetime,
    *,
    dates: Sequence[Occurrence],
    is_taken_back: bool = False,
    is_lost: bool = False,
) -> None:
    """Nobody answered, or the room is somebody else's by now, which both hear; or the desk took it back."""
    told = about_dates(dates, among=request.occurrences)
    more: dict[str, Any] = {"is_taken_back": is_taken_back, "is_lost": is_lost}
    tell_asker(LetterKind.PROPOSAL_ENDED, request, desk, now, told=told, **more)
    if not is_taken_back:
        tell_desk(LetterKind.PROPOSAL_ENDED, request, desk, now, told=told, **more)


def date_reminder(request: Request, desk: Desk, now: datetime, *, date: Occurrence, token: str) -> None:
    """A confirmed date is near; ``token`` opens the page on which it is given up."""
    told = about_dates([date], among=request.occurrences)
    tell_asker(
        LetterKind.DATE_REMINDER, request, desk, now, told=told, token=token, mark=f":{date.uid}:{date.sequence}"
    )


def renewal_due(request: Request, desk: Desk, now: datetime) -> None:
    """Weekly use ends soon: does it go on?"""
    stand = [date for date in request.dates if date.status in IS_ALIVE]
    tell_asker(LetterKind.RENEWAL_DUE, request, desk, now, told=about_dates(stand))


def _tell_no(
    kind: LetterKind, request: Request, desk: Desk, now: datetime, dates: Sequence[Occurrence], **more: Any
) -> None:
    """To the asker about dates that fell away, with what can be asked instead, free at this moment."""
    told = about_dates(dates, among=request.occurrences)
    tell_asker(kind, request, desk, now, told=told, **ways_on_from(request, dates, now), **more)


def _ask_desk(request: Request, desk: Desk, now: datetime, **more: Any) -> None:
    """To the desk that a request waits; where its members vote, to each who can vote, with how and until when."""
    votes = advice.about(request)
    if votes and votes.voting.kind is AdviceKind.ADVISES and not votes.tally.may_vote:
        # Nobody here can: the clock brings it to the city desk in its next round, which is told then.
        return
    voters = [one.email for one in votes.missing] if votes else []
    readers = Readers(desk, now)
    tell_crew(LetterKind.REQUEST_TO_DECIDE, request, readers, also=voters, vote=vote_facts(request, votes), **more)
