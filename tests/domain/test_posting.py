"""What a mail server's no means, how long a stopped queue rests, and how long a claim may be used."""

from datetime import UTC, datetime, timedelta

import pytest

from zalenzoeker.domain.letters import LEASE, NoServer, SendLater, SendNever
from zalenzoeker.domain.posting import (
    BEGUN_WITHIN,
    MARKED_TOGETHER,
    MARKED_WITHIN,
    MailStopped,
    Step,
    are_to_be_marked,
    may_begin,
    next_look,
    verdict,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "said, step, code, means",
    [
        ("too many connections from you", Step.CONNECT, 421, NoServer),
        ("come back later", Step.CONNECT, 450, NoServer),
        ("no mail service here", Step.CONNECT, 554, MailStopped),
        ("I do not speak to you", Step.HELLO, 550, MailStopped),
        ("busy at the hello", Step.HELLO, 421, NoServer),
        ("encryption is out of order for now", Step.ENCRYPT, 454, NoServer),
        ("no encryption here", Step.ENCRYPT, 502, MailStopped),
        ("wrong password", Step.SIGN_IN, 535, MailStopped),
        ("the password must be renewed", Step.SIGN_IN, 534, MailStopped),
        ("who knows passwords is away", Step.SIGN_IN, 454, NoServer),
        ("we take nothing from you", Step.SENDER, 550, MailStopped),
        ("sign in first", Step.SENDER, 530, MailStopped),
        ("not now, from you", Step.SENDER, 450, NoServer),
        ("the disk is full", Step.SENDER, 452, NoServer),
        ("closing", Step.SENDER, 421, NoServer),
        ("this letter is too large", Step.SENDER, 552, SendNever),
        ("no such user", Step.RECIPIENT, 550, SendNever),
        ("greylisted", Step.RECIPIENT, 450, SendLater),
        ("the mailbox is full", Step.RECIPIENT, 452, SendLater),
        ("closing at the recipient", Step.RECIPIENT, 421, NoServer),
        ("sign in first, said late", Step.RECIPIENT, 530, MailStopped),
        ("we do not like this letter", Step.CONTENT, 554, SendNever),
        ("try again", Step.CONTENT, 451, SendLater),
        ("closing instead of an answer", Step.CONTENT, 421, NoServer),
    ],
)
def test_no_of_a_mail_server(said, step, code, means):
    assert verdict(step, code) is means, said


@pytest.mark.parametrize("tries, minutes", [(0, 5), (1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (1000, 60)])
def test_stopped_queue_rests_ever_longer_up_to_an_hour(tries, minutes):
    assert next_look(tries, NOW) == NOW + minutes * MINUTE


@pytest.mark.parametrize(
    "what, after, may",
    [
        ("right after the claim", timedelta(0), True),
        ("just within", BEGUN_WITHIN - timedelta(seconds=1), True),
        ("too late", BEGUN_WITHIN, False),
        ("the machine slept past the lease", LEASE + MINUTE, False),
        ("the clock was set back", -timedelta(seconds=1), False),
    ],
)
def test_letter_is_begun_only_soon_after_its_claim(what, after, may):
    assert may_begin(NOW, NOW + after) is may, what


@pytest.mark.parametrize(
    "what, count, after, is_time",
    [
        ("one that went quickly", 1, MARKED_WITHIN / 2, False),
        ("one that took long", 1, MARKED_WITHIN, True),
        ("nearly enough", MARKED_TOGETHER - 1, MARKED_WITHIN / 2, False),
        ("enough of them", MARKED_TOGETHER, timedelta(0), True),
        ("the clock was set back", 1, -timedelta(seconds=1), True),
    ],
)
def test_accepted_letters_are_marked_together_only_when_they_go_quickly(what, count, after, is_time):
    assert are_to_be_marked(count, NOW, NOW + after) is is_time, what
