"""Handing letters over: how many at once, for how long, and what a mail server's no means at each step."""

from datetime import datetime, timedelta
from enum import Enum

from zalenzoeker.domain.letters import LEASE, NoServer, SendLater, SendNever

# So many letters are claimed with one write.
BATCH = 40
# What was accepted is marked with one write for so many letters, or for those of so long: of these alone there may be
# a second copy when a worker is killed. A letter that took longer is marked by itself.
MARKED_TOGETHER = 20
MARKED_WITHIN = timedelta(seconds=0.1)
# A letter is begun only so soon after its claim. A server may then take ten seconds for each of some eight answers, and
# the lease still lasts: no second worker has the letter meanwhile.
BEGUN_WITHIN = timedelta(seconds=10)
LONGEST_LETTER = timedelta(seconds=100)
assert BEGUN_WITHIN + LONGEST_LETTER < LEASE

FIRST_STOP = timedelta(minutes=5)
LONGEST_STOP = timedelta(hours=1)

SERVICE_ENDS = 421
TOO_LARGE = 552
TEMPORARY, PERMANENT = 400, 500
# "Authentication required" and its kin (RFC 4954, 6): wherever they are said, they are said to us.
ABOUT_US = frozenset({530, 534, 535, 538})


class MailStopped(Exception):
    """The mail server refuses us, and not for now: nothing leaves until a person has looked, or it changes its mind."""


class Step(Enum):
    """What was said to the mail server when it answered."""

    CONNECT = "connect"
    HELLO = "hello"
    ENCRYPT = "encrypt"
    SIGN_IN = "sign in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"

    @property
    def is_about_us(self) -> bool:
        """Tell whether no letter has been named yet, so that a no is said to us and not to a letter."""
        return self not in {Step.RECIPIENT, Step.CONTENT}


Verdict = type[SendLater] | type[SendNever] | type[NoServer] | type[MailStopped]


def verdict(step: Step, code: int) -> Verdict:
    """What a server's no means: for the letter or for all of them, for now or for ever.

    A 5xx is for ever and a 4xx for now (RFC 5321, 4.2.1); 421 closes the connection, whatever it answers. A sender may
    be refused because the letter is too large (RFC 1870, 6.1), which says nothing about the next one.
    """
    if code in ABOUT_US:
        return MailStopped
    if code == SERVICE_ENDS:
        return NoServer
    if step is Step.SENDER and code == TOO_LARGE:
        return SendNever
    is_for_ever = code >= PERMANENT
    if step.is_about_us:
        return MailStopped if is_for_ever else NoServer
    return SendNever if is_for_ever else SendLater


def next_look(tries: int, now: datetime) -> datetime:
    """When a stopped queue is tried again after so many tries in vain: 5 minutes, doubling to an hour."""
    return now + min(FIRST_STOP * (1 << min(max(tries, 1) - 1, 10)), LONGEST_STOP)


def may_begin(claimed_at: datetime, now: datetime) -> bool:
    """Whether a letter may still be begun: not when its worker was held up, nor when the clock was set back."""
    return timedelta(0) <= now - claimed_at < BEGUN_WITHIN


def are_to_be_marked(count: int, since: datetime, now: datetime) -> bool:
    """Whether so many accepted letters are marked now, of which the first was begun ``since``."""
    return count >= MARKED_TOGETHER or not timedelta(0) <= now - since < MARKED_WITHIN
