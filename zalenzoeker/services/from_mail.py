"""Deciding from the mail: what a link opens now, and the yes, the no or the question of whoever got it."""

from dataclasses import dataclass, replace
from datetime import datetime

from zalenzoeker.domain.advice import Outcome
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.decision_links import LinkFacts, LinkState, last_decision, state_of
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, check_may_decide, is_at_desk, is_own
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.services import advice, conversation, decisions
from zalenzoeker.services.telling import votes_by_mail
from zalenzoeker.services.tokens import hash_of
from zalenzoeker.storage import accounts, desks, occupancy, requests
from zalenzoeker.storage import conversation as desk_people
from zalenzoeker.storage import decision_links as links
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Account, Decision, DecisionLink, Desk, Event, Occurrence, Request, Vote
from zalenzoeker.storage.models.desks import CITY_DESK

FROM_MAIL, SHARED_MAILBOX = "mail", "mailbox"
# What a link was used for where it was a vote.
YES_VOTE, NO_VOTE = f"{Action.VOTE}-{Action.APPROVE}", f"{Action.VOTE}-{Action.REFUSE}"


class UnknownLink(Exception):
    """There is no such link, or not any more."""


class LinkClosed(Exception):
    """Nothing can be decided by this link: its page says why."""


class WhoDecides(Exception):
    """In a shared mailbox, somebody says who decides; this is nobody who may."""


@dataclass(frozen=True)
class Reader:
    """Who sits before the page: who is signed in there, if anybody, and the mark of the browser, which may undo.

    ``member``: in a shared mailbox, who decides, by the code of their account.
    """

    visitor: Actor = ANYONE
    member: str = ""
    browser: str = ""


@dataclass(frozen=True)
class Word:
    """A vote. ``note``: why, for the desk, and with a yes to an exception for the asker; ``to_asker``: with a no."""

    is_yes: bool
    note: str = ""
    to_asker: str = ""


@dataclass(frozen=True)
class Opened:
    """A link with what it is about. ``members``: who may decide by it. ``decision``: what was decided meanwhile."""

    link: DecisionLink
    request: Request
    state: LinkState
    members: tuple[Account, ...]
    decision: Event | None

    @property
    def is_shared(self) -> bool:
        return self.link.account_id is None

    @property
    def made_the_decision(self) -> bool:
        """Was what is not told yet decided by this very link?"""
        decision = self.request.decision
        return decision is not None and _was_made_by(self.link, decision)

    @property
    def is_vote(self) -> bool:
        """Is it one vote of several by which its reader answers?"""
        return votes_by_mail(self.request, self.link.desk_id)


def opened(token: str, now: datetime, *, visitor: Actor = ANYONE) -> Opened:
    """What a link says now; looking changes nothing. ``visitor``: who is signed in there. Raises UnknownLink."""
    request = requests.by_code(_code_of(token))
    assert request is not None, "a link refers to its request"
    return _opened(_found(token), request, now, visitor)


def decide(token: str, action: Action, said: decisions.Said, *, by: Reader, now: datetime, version: int) -> datetime:
    """Decide about all that waits, as whose link it is; returns until when it can be undone.

    Raises UnknownLink, LinkClosed, WhoDecides, and what ``decisions.decide`` raises.
    """
    try:
        with write_unit():
            found, who = _locked(token, by, now, version)
            answers = {date.uid: action for date in waiting_dates(found.request, now)}
            how = replace(said, via=SHARED_MAILBOX if found.is_shared else FROM_MAIL)
            due_at = decisions.enter(found.request, answers, how, by=who, now=now, version=version)
            link = found.link
            link.used_at, link.used_by_id, link.answer = now, who.account_id, action.value
            link.browser_hash = by.browser
            return due_at
    except occupancy.AlreadyTaken:
        raise decisions.NoLongerFree from None


def vote(token: str, word: Word, *, by: Reader, now: datetime, version: int) -> Outcome:
    """Where the members of the desk vote: a yes or a no of whose link it is; returns what the votes come to with it.

    Raises UnknownLink, LinkClosed, WhoDecides, and what ``advice.vote`` raises.
    """
    try:
        with write_unit():
            found, who = _locked(token, by, now, version)
            request, link = found.request, found.link
            said = Vote(is_yes=word.is_yes, note=word.note, to_asker=word.to_asker, at=now, version=request.version)
            outcome = advice.enter(request, said, by=who, version=version)
            link.used_at, link.used_by_id, link.browser_hash = now, who.account_id, by.browser
            link.answer = YES_VOTE if word.is_yes else NO_VOTE
            return outcome
    except occupancy.AlreadyTaken:
        raise decisions.NoLongerFree from None


def ask(token: str, question: str, *, by: Reader, now: datetime, version: int) -> None:
    """Put a question to the asker; the link goes on, because nothing was decided.

    Raises UnknownLink, LinkClosed, WhoDecides, NotPossible.
    """
    with write_unit():
        found, who = _locked(token, by, now, version)
        conversation.put_question(found.request, question, by=who, now=now)
        found.link.version = found.request.version


def undo(token: str, *, now: datetime, browser: str) -> None:
    """Take back what was decided by this link, in the browser that did; the link opens again.

    Raises UnknownLink, NotAllowed, NotPossible.
    """
    with write_unit():
        link, request = _both(token)
        decision = request.decision
        if link.used_at is None or decision is None or not _was_made_by(link, decision):
            raise NotPossible(request.status, Action.UNDO)
        if not browser or link.browser_hash != browser or link.used_by is None:
            raise NotAllowed
        by = accounts.actor(link.used_by)
        check_may_decide(by, request.parties)
        decisions.take_back(request, by=by, now=now)
        link.used_at = link.used_by_id = None
        link.answer = link.browser_hash = ""
        link.version = request.version


def waiting_dates(request: Request, now: datetime) -> list[Occurrence]:
    """What a desk decides about: the dates, and the new moments, that wait and are still to come."""
    waits = [one for one in request.occurrences if one.status is Status.REQUESTED]
    return sorted((one for one in waits if not is_over(one.slot.ends_at, now)), key=lambda one: one.from_epoch)


def as_desk(desk: Desk) -> Actor:
    """What a desk may see and decide, nobody in particular: for looking only."""
    return Actor(desk_ids=frozenset({desk.id}), is_city=desk.slug == CITY_DESK)


def _was_made_by(link: DecisionLink, decision: Decision) -> bool:
    """Of several who vote by mail, only the last one's letter made the decision."""
    return (decision.at, decision.account_id) == (link.used_at, link.used_by_id)


def _code_of(token: str) -> str:
    code = links.request_of(hash_of(token))
    if code is None:
        raise UnknownLink
    return code


def _found(token: str) -> DecisionLink:
    link = links.by_hash(hash_of(token))
    if link is None:
        raise UnknownLink
    return link


def _both(token: str) -> tuple[DecisionLink, Request]:
    """A link and its request, locked: first the request, as everybody does, so that the link is read as it stays."""
    request = requests.locked(_code_of(token))
    assert request is not None, "a link refers to its request"
    return _found(token), request


def _locked(token: str, by: Reader, now: datetime, version: int) -> tuple[Opened, Actor]:
    """For a deed: the link, open, and who does it."""
    link, request = _both(token)
    found = _opened(link, request, now, by.visitor)
    if found.state is not LinkState.OPEN or version != request.version:
        raise LinkClosed
    chosen = next((one for one in found.members if not found.is_shared or one.code == by.member), None)
    if chosen is None:
        raise WhoDecides
    who = accounts.actor(chosen)
    check_may_decide(who, request.parties)
    return found, who


def _opened(link: DecisionLink, request: Request, now: datetime, visitor: Actor) -> Opened:
    members = _members(link, request)
    is_reader = link.account is None or desks.is_member(link.desk_id, link.account.id)
    since = [event for event in request.events if event.at >= link.created_at]
    decided = last_decision([event.action for event in since])
    facts = LinkFacts(
        expires_at=link.expires_at,
        is_member=is_reader and (link.account is not None or link.email == link.desk.email.casefold()),
        is_used=link.used_at is not None,
        is_own=not members or is_own(visitor, request.parties) or link.email == request.contact_email.casefold(),
        is_at_desk=is_at_desk(as_desk(link.desk), request.parties),
        is_decided=decided is not None,
        # What has begun while nobody answered waits for nobody, even before the clock has said so.
        is_same_version=link.version == request.version and bool(waiting_dates(request, now)),
    )
    return Opened(link, request, state_of(facts, now), members, since[decided] if decided is not None else None)


def _members(link: DecisionLink, request: Request) -> tuple[Account, ...]:
    """Who may decide by this link: its reader, or in a shared mailbox each of the desk whose own request it is not."""
    if link.account is not None:
        return () if is_own(accounts.actor(link.account), request.parties) else (link.account,)
    others = desk_people.colleagues(link.desk_id, request.association_id)
    return tuple(one for one in others if not is_own(Actor(one.id, one.email), request.parties))
