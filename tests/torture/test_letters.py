"""Letters through a bad day of the mail: the worker is killed while it sends, the server does everything wrong."""

import asyncio
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain
from random import Random

import pytest
from aiosmtpd.controller import Controller

from tests import running, smtp
from tests.builders import NOW
from tests.smtp import Fault, Postbox
from tests.torture import proofs
from tests.torture.stage import FULL, size
from zalenzoeker.config import MailSettings
from zalenzoeker.domain.letters import LEASE, NoServer
from zalenzoeker.domain.posting import MARKED_TOGETHER, MailStopped
from zalenzoeker.gateways import mailer
from zalenzoeker.gateways.processes import LOOPBACK
from zalenzoeker.services import delivery, notices
from zalenzoeker.storage.db import write_unit

pytestmark = pytest.mark.torture

SENDER = "zalen@huis.example"
# Each costs the start of a worker: the gate runs two of them.
KILLS = 100 if FULL else 2
SLOW_SECONDS = 0.02
LONGEST_RUN_SECONDS = 0.3
PATIENCE = 60.0
LETTERS = 1000
DEAD = 5
WORKERS = 4
DOWN = timedelta(hours=1)
DOWN_LETTERS = 500
BACK_WITHIN = timedelta(minutes=10)
# What goes wrong with how many of a hundred messages: as it was measured with another sender.
FAULTS = {Fault.BUSY: 6, Fault.LATER: 8, Fault.HANG: 4, Fault.DROP_BEFORE: 10, Fault.DROP_AFTER: 12}
WAITING = "SELECT count(*) FROM letter WHERE state IN ('waiting', 'sending')"
STATES = "SELECT recipient, state FROM letter"


class SlowPostbox(Postbox):
    """A server that takes its time before and after it accepts, and keeps the Message-IDs by the run of the worker."""

    def __init__(self):
        super().__init__()
        self.runs = [[]]

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(SLOW_SECONDS)
        answer = await super().handle_DATA(server, session, envelope)
        self.runs[-1].append(message_id(self.messages[-1]))
        await asyncio.sleep(SLOW_SECONDS)
        return answer


@contextmanager
def slow_server():
    postbox = SlowPostbox()
    controller = Controller(postbox, hostname=LOOPBACK, port=running.free_port())
    controller.start()
    try:
        postbox.port = controller.port
        yield postbox
    finally:
        controller.stop()


def message_id(message):
    return str(message["Message-ID"])


def put_letters(count):
    """So many letters, each to somebody else."""
    with write_unit():
        for number in range(count):
            email = f"lezer{number}@post.example"
            notices.sign_in_code(email, f"{number:06d}", minutes=10, event_key=f"torture:{number}", now=NOW)


def wait_until(is_so, what):
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, f"{what}: not within {PATIENCE:.0f} s"
        time.sleep(0.01)


@pytest.mark.both
def test_worker_killed_while_it_sends(make_worker, clock, database, tell):
    chance = Random(1)
    with slow_server() as postbox:
        mail = {"MAIL_SERVER": LOOPBACK, "MAIL_PORT": str(postbox.port), "MAIL_DEFAULT_SENDER": SENDER}
        worker = make_worker(**mail)
        put_letters(size(LETTERS))
        for _ in range(KILLS):
            worker.start()
            wait_until(lambda: postbox.runs[-1], "the worker sends something")
            time.sleep(chance.uniform(0, LONGEST_RUN_SECONDS))
            worker.kill()
            time.sleep(4 * SLOW_SECONDS)  # What was handed over when it died is accepted or thrown away.
            postbox.runs.append([])
            clock.passes(LEASE + timedelta(seconds=1))
        worker.start()
        wait_until(lambda: proofs.number(database, WAITING) == 0, "everything is sent")
        worker.kill()

    accepted = [letter for run in postbox.runs for letter in run]
    codes = {f"<{code}@huis.example>" for (code,) in proofs.rows(database, "SELECT code FROM letter")}
    tell(
        "kill -9 of the worker",
        f"{KILLS} times",
        letters=len(codes),
        lost=len(codes - set(accepted)),
        extra_copies=len(accepted) - len(set(accepted)),
    )
    assert {state for _recipient, state in proofs.rows(database, STATES)} == {"sent"}
    assert set(accepted) == codes
    # A letter goes twice only when it was one of the few that were accepted, and not yet marked, as the worker died.
    seen_before = [run[:-MARKED_TOGETHER] for run in postbox.runs[:-1]] + postbox.runs[-1:]
    once = Counter(letter for run in seen_before for letter in run)
    assert [letter for letter, times in once.items() if times > 1] == []
    assert "Traceback" not in worker.words


def faults(letters):
    """What will go wrong, in an order that is the same each time."""
    everything = [fault for fault, of_hundred in FAULTS.items() for _ in range(-(-letters * of_hundred // 100))]
    everything += [Fault.NOTHING] * (letters - len(everything))
    Random(1).shuffle(everything)
    return everything


def one_round(clock, chance) -> int:
    with mailer.sender_of(sender=SENDER, sender_name="Zalenzoeker", public_url="http://127.0.0.1:8000") as send:
        return delivery.deliver_waiting(send=send, now=lambda: clock.now, chance=chance, limit=200)


def deliver_until_done(clock, database):
    """Round after round, the clock moving on between them, until nothing waits. Returns how many rounds it took."""
    chance = Random(1)
    for rounds in range(1, 500):
        with suppress(NoServer, MailStopped):
            one_round(clock, chance)
        if proofs.number(database, WAITING) == 0:
            return rounds
        clock.passes(timedelta(seconds=30))
    raise AssertionError("letters wait for ever")


def test_letters_through_a_bad_mail_server(make_app, clock, database, tell):
    letters, dead = size(LETTERS), size(DEAD)
    with smtp.running() as postbox:
        app = make_app(mail=MailSettings(LOOPBACK, postbox.port, SENDER))
        postbox.dead = {f"lezer{number}@post.example" for number in range(dead)}
        planned = faults(letters)
        postbox.faults.extend(planned)
        with app.app_context():
            put_letters(letters)
            rounds = deliver_until_done(clock, database)

    copies = Counter(message_id(message) for message in postbox.messages)
    extra = sum(copies.values()) - len(copies)
    states = dict(proofs.rows(database, STATES))
    tell(
        "bad mail server",
        f"{letters} letters",
        sent=list(states.values()).count("sent"),
        dead=list(states.values()).count("dead"),
        tries=proofs.number(database, "SELECT sum(tries) FROM letter"),
        rounds=rounds,
        extra_copies=extra,
    )
    assert {recipient for recipient, state in states.items() if state == "dead"} == postbox.dead
    assert {recipient for recipient, state in states.items() if state == "sent"} == set(states) - postbox.dead
    assert set(postbox.recipients()) == set(states) - postbox.dead
    assert len(copies) == letters - dead
    # Only of a letter that was accepted without our hearing so may there be two.
    assert extra <= planned.count(Fault.DROP_AFTER) + planned.count(Fault.HANG)


@pytest.mark.both
def test_workers_side_by_side_send_each_letter_once(make_worker, clock, database, tell, tmp_path):
    with slow_server() as postbox:
        mail = {"MAIL_SERVER": LOOPBACK, "MAIL_PORT": str(postbox.port), "MAIL_DEFAULT_SENDER": SENDER}
        workers = [make_worker(**mail) for _ in range(WORKERS)]
        put_letters(size(LETTERS))
        for worker in workers:
            worker.start()
        wait_until(lambda: proofs.number(database, WAITING) == 0, "everything is sent")
        for worker in workers:
            worker.stop()
    accepted = list(chain.from_iterable(postbox.runs))
    tell("workers side by side", f"{WORKERS} of them", letters=size(LETTERS), accepted=len(accepted))
    assert (len(accepted), len(set(accepted))) == (size(LETTERS), size(LETTERS))
    assert "Traceback" not in "".join(worker.words for worker in workers)


def test_worker_that_is_asked_to_stop_gives_back_what_it_had_and_sends_nothing_twice(make_worker, clock, database):
    """No clock moves here: what waited for the end of a lease would never leave."""
    with slow_server() as postbox:
        mail = {"MAIL_SERVER": LOOPBACK, "MAIL_PORT": str(postbox.port), "MAIL_DEFAULT_SENDER": SENDER}
        worker = make_worker(**mail)
        put_letters(60)
        for _ in range(3):
            worker.start()
            before = len(postbox.messages)
            wait_until(lambda before=before: len(postbox.messages) > before, "the worker sends something")
            worker.stop()
            assert proofs.number(database, "SELECT count(*) FROM letter WHERE state = 'sending'") == 0
        worker.start()
        wait_until(lambda: proofs.number(database, WAITING) == 0, "everything is sent")
        worker.stop()
    accepted = list(chain.from_iterable(postbox.runs))
    assert (len(accepted), len(set(accepted))) == (60, 60)
    assert proofs.rows(database, "SELECT DISTINCT state, tries FROM letter") == [("sent", 1)]


@pytest.mark.both
def test_mail_server_that_is_down_for_an_hour(make_app, clock, database, tell):
    """Pages are read meanwhile: nothing of them waits for the mail."""
    letters = size(DOWN_LETTERS)
    port, chance, until = running.free_port(), Random(1), clock.now + DOWN
    app = make_app(mail=MailSettings(LOOPBACK, port, SENDER))
    with app.app_context():
        put_letters(letters)
        while clock.now < until:
            with pytest.raises(NoServer):
                one_round(clock, chance)
            assert app.test_client().get("/hulp").status_code == 200
            clock.passes(timedelta(seconds=30))
        assert set(proofs.rows(database, "SELECT DISTINCT state, tries FROM letter")) == {("waiting", 0)}
    back_at = clock.now
    with smtp.running() as postbox:
        app = make_app(mail=MailSettings(LOOPBACK, postbox.port, SENDER))
        with app.app_context():
            while proofs.number(database, WAITING):
                one_round(clock, chance)
                clock.passes(timedelta(seconds=1))
                assert clock.now - back_at < BACK_WITHIN, "letters still wait"
    copies = Counter(message_id(message) for message in postbox.messages)
    tell("mail server down for an hour", f"{letters} letters", minutes_after=(clock.now - back_at).seconds / 60)
    assert (len(copies), set(copies.values())) == (letters, {1})
    assert {state for _recipient, state in proofs.rows(database, STATES)} == {"sent"}
