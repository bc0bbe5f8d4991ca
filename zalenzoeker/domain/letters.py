"""Letters as values: what is sent, when a failed one is tried again, and when it is given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)
LEASE = timedelta(minutes=2)
JITTER = 0.2
SERVER_AWAY_PAUSE = timedelta(seconds=30)


class LetterKind(StrEnum):
    """Every kind of letter; each has its folder of templates."""

    SIGN_IN_CODE = "sign_in_code"
    INVITATION = "invitation"
    REQUEST_RECEIVED = "request_received"
    REQUEST_TO_DECIDE = "request_to_decide"
    REQUEST_APPROVED = "request_approved"
    REQUEST_REFUSED = "request_refused"
    REQUEST_CANCELLED = "request_cancelled"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REQUEST_EXPIRED = "request_expired"
    REQUEST_CONFIRMED = "request_confirmed"
    REQUEST_OVERTAKEN = "request_overtaken"
    HOLD_ENDED = "hold_ended"
    DATES_LET_GO = "dates_let_go"
    DATES_CHANGED = "dates_changed"
    WAITING_JOINED = "waiting_joined"
    PLACE_OFFERED = "place_offered"
    OFFER_ENDED = "offer_ended"
    WAITING_ENDED = "waiting_ended"
    RENEWAL_DUE = "renewal_due"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    DECISION_FELL = "decision_fell"
    MAIL_NOT_KEPT = "mail_not_kept"
    REQUEST_FORWARDED = "request_forwarded"
    REQUEST_HANDED = "request_handed"
    REQUEST_REMINDER = "request_reminder"
    REQUEST_TO_DEPUTY = "request_to_deputy"
    REQUEST_TO_CITY = "request_to_city"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_DECLINED = "proposal_declined"
    PROPOSAL_ENDED = "proposal_ended"
    DATE_REMINDER = "date_reminder"
    MEMBER_ADDED = "member_added"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_TOLD = "handover_told"
    ADDRESS_CHANGED = "address_changed"
    DAILY_LETTER = "daily_letter"
    SUBSCRIPTION_ASKED = "subscription_asked"
    WEEKLY_LETTER = "weekly_letter"


# What opens a door: it leaves the database as soon as the letter has left the house.
SECRETS = {
    LetterKind.SIGN_IN_CODE: "code",
    LetterKind.INVITATION: "token",
    LetterKind.WAITING_JOINED: "token",
    LetterKind.PLACE_OFFERED: "token",
    LetterKind.PROPOSAL_MADE: "token",
    # Of the letters to a desk: by which its reader decides.
    LetterKind.REQUEST_TO_DECIDE: "token",
    LetterKind.REQUEST_REMINDER: "token",
    LetterKind.REQUEST_TO_DEPUTY: "token",
    LetterKind.REQUEST_TO_CITY: "token",
    LetterKind.QUESTION_ANSWERED: "token",
    LetterKind.DATES_CHANGED: "token",
    LetterKind.HOLD_ENDED: "token",
    LetterKind.REQUEST_HANDED: "token",
    LetterKind.DATE_REMINDER: "token",
    LetterKind.HANDOVER_OFFERED: "token",
    LetterKind.SUBSCRIPTION_ASKED: "token",
    LetterKind.WEEKLY_LETTER: "token",
}


# A code that comes too late opens nothing.
GIVE_UP_SOONER = {LetterKind.SIGN_IN_CODE: timedelta(minutes=10)}


# What its reader can end with one press (RFC 8058). Everything else is an answer to what they did, or their work.
STOPPABLE = frozenset({LetterKind.DAILY_LETTER, LetterKind.DATE_REMINDER, LetterKind.RENEWAL_DUE})


@dataclass(frozen=True)
class Parcel:
    """A letter ready to be written out and sent. ``thread``: what ties the letters of one request together, if any.

    ``reply_token``: by which an answer by mail is known, of a letter about a request.
    """

    code: str
    kind: LetterKind
    recipient: str
    reply_to: str
    language: str
    facts: Mapping[str, Any]
    thread: str
    created_at: datetime
    reply_token: str = ""

    @property
    def facts_without_secret(self) -> dict[str, Any]:
        """The facts that may be kept once the letter is gone."""
        return {name: value for name, value in self.facts.items() if name != SECRETS.get(self.kind)}


class SendLater(Exception):
    """This letter did not work now and may work later: the server was busy, or broke off."""


class SendNever(Exception):
    """It will not work for this letter: the other side refuses the address."""


class NoServer(Exception):
    """The mail server is away or refuses us, not this letter: all letters wait, and none loses a try by it."""


def next_try(
    tries: int, created_at: datetime, now: datetime, chance: Random, *, give_up_after: timedelta = GIVE_UP_AFTER
) -> datetime | None:
    """When to try again after so many tries: 30 s, doubling to an hour, a fifth more or less; None after 72 hours."""
    if now - created_at >= give_up_after:
        return None
    delay = min(FIRST_DELAY * (1 << min(tries - 1, 10)), LONGEST_DELAY)
    return now + delay * chance.uniform(1 - JITTER, 1 + JITTER)
