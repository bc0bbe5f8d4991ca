"""Answers and bounces by mail: each is put where it belongs, once, and nothing is ever decided by it."""

# Who answers a letter of ours knows an address that nobody can guess; who they are, their own address says. So the
# asker, or a member of the asking group, writes to the house, and who decides writes to the asker, as on the page. What
# comes from anybody else is kept for the desk alone, and not answered: its sender may be made up.

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from zalenzoeker.domain.incoming import IncomingMail, Nature, Outcome, WhyNot
from zalenzoeker.domain.limits import Limited, TooMany, Visitor
from zalenzoeker.domain.permissions import ANYONE, Actor, is_own, may_decide
from zalenzoeker.domain.requests import Action, NotPossible, may_be_said
from zalenzoeker.services import conversation, notices
from zalenzoeker.services.timeline import tell
from zalenzoeker.storage import accounts, desks, incoming, limits, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Letter, Request

LOG = logging.getLogger(__name__)

# The sign of life of the mailbox.
LOOKED = "inbox"
REMEMBERED_FOR = timedelta(days=90)
BY_MAIL = Visitor(address="mail")


class _NotKept(Exception):
    """Somebody of a request wrote what cannot be kept, and is told why."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why = why


def take_in(
    mails: Iterable[tuple[str, IncomingMail]], *, done: Callable[[str], None], now: Callable[[], datetime]
) -> int:
    """Deal with each of these mails, known to the mailbox by its number; returns how many.

    ``done`` is told of a mail after what came of it is kept: who is killed in between finds the mail again, and that it
    was dealt with. One that cannot be dealt with keeps no other one waiting, and is tried again.
    """
    count = 0
    for number, mail in mails:
        try:
            _take(mail, now())
        except Exception:
            LOG.exception("a mail could not be dealt with")
            continue
        done(number)
        count += 1
    return count


def _take(mail: IncomingMail, now: datetime) -> None:
    try:
        with write_unit():
            if incoming.claim(mail.key, now):
                letter = incoming.answered(mail.tokens, mail.letters)
                outcome = _put(mail, letter, now)
                incoming.settle(mail.key, outcome, letter.request_id if letter else None)
    except _NotKept as error:
        _refuse(mail, error.why, now)


def _put(mail: IncomingMail, letter: Letter | None, now: datetime) -> Outcome:
    if letter is None or mail.nature is Nature.AUTOMATIC:
        return Outcome.LEFT
    request = requests.locked(letter.request.code) if letter.request else None
    if mail.nature is Nature.BOUNCE:
        return _bounced(letter, request, mail.why, now)
    if request is None:
        return Outcome.LEFT
    by = _who(mail.sender, request)
    facts = {"by_mail": True, "attachments": mail.attachments, "is_cut": mail.is_cut}
    if by is None:
        return _of_a_stranger(request, mail, facts, now)
    if not mail.kept_words:
        raise _NotKept(WhyNot.EMPTY)
    try:
        if is_own(by, request.parties):
            conversation.put_reply(request, mail.kept_words, by=by, now=now, visitor=BY_MAIL, facts=facts)
        else:
            conversation.put_question(request, mail.kept_words, by=by, now=now, facts=facts)
    except TooMany:
        raise _NotKept(WhyNot.OFTEN) from None
    except NotPossible:
        raise _NotKept(WhyNot.DECIDED if request.decision else WhyNot.CLOSED) from None
    return Outcome.KEPT


def _who(sender: str, request: Request) -> Actor | None:
    """Who wrote, if they have a say in this request: on whose side they are, their rights tell.

    Somebody who writes from the shared address of a desk speaks for it, without a name.
    """
    account = accounts.by_email(sender) if sender else None
    by = accounts.actor(account) if account else ANYONE
    if is_own(by, request.parties) or may_decide(by, request.parties):
        return by
    desk = desks.by_id(request.desk_id) if request.desk_id else None
    if desk is not None and sender and sender == desk.email.casefold():
        return Actor(email=desk.email, name=desk.name, desk_ids=frozenset({desk.id}))
    return None


def _of_a_stranger(request: Request, mail: IncomingMail, facts: dict[str, bool | int], now: datetime) -> Outcome:
    """Perhaps the same person at another address, perhaps not: the desk reads it, and nobody else."""
    if not mail.kept_words or not may_be_said(request.status, Action.STRANGER):
        return Outcome.LEFT
    try:
        limits.spend(Limited.STRANGER_FOR_REQUEST, request.code, now, BY_MAIL)
    except TooMany:
        return Outcome.LEFT
    told = {**facts, "from": mail.sender}
    tell(request, Action.STRANGER, by=ANYONE, now=now, note=mail.kept_words, facts=told)
    return Outcome.STRANGER


def _bounced(letter: Letter, request: Request | None, why: str, now: datetime) -> Outcome:
    """A letter did not arrive: it is marked, and the desk of its request sees so, once."""
    if letter.bounced_at is None:
        incoming.bounced(letter, why, now)
        if request is not None and may_be_said(request.status, Action.BOUNCE):
            tell(request, Action.BOUNCE, by=ANYONE, now=now, facts=_told_of(letter, why))
    return Outcome.BOUNCED


def _told_of(letter: Letter, why: str) -> dict[str, str | bool]:
    """Whose letter came back: an address of a desk is not for every other desk that may see this request."""
    if letter.facts.get("is_for_desk"):
        return {"is_for_desk": True}
    return {"to": letter.recipient, "why": why}


def _refuse(mail: IncomingMail, why: WhyNot, now: datetime) -> None:
    """Whoever wrote is of the request, and hears at most once a day that it could not be kept, with their words."""
    with write_unit():
        letter = incoming.answered(mail.tokens, mail.letters)
        if letter is None or letter.request is None or not incoming.claim(mail.key, now):
            return
        incoming.settle(mail.key, Outcome.REFUSED, letter.request_id)
        request = requests.locked(letter.request.code)
        desk = desks.by_id(request.desk_id) if request and request.desk_id else None
        if request is None or desk is None:
            return
        by = _who(mail.sender, request)
        is_for_desk = by is None or not is_own(by, request.parties)
        notices.mail_not_kept(
            request, desk, now, to=mail.sender, is_for_desk=is_for_desk, why=why, words=mail.kept_words
        )


def looked(now: datetime) -> None:
    """The mailbox was read to its end; what is long past is forgotten."""
    with write_unit():
        limits.beat(LOOKED, now)
        incoming.forget_before(now - REMEMBERED_FOR)
