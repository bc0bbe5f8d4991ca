"""The worker is killed at each step of handing over a letter: nothing is lost, and a copy is one that was accepted."""

import asyncio
import threading
from collections import Counter
from datetime import timedelta

import pytest

from tests import smtp
from tests.smtp import Moment, Postbox
from tests.torture import proofs
from tests.torture.stage import FULL
from tests.torture.test_letters import PATIENCE, SENDER, WAITING, message_id, put_letters, wait_until
from zalenzoeker.domain.letters import LEASE
from zalenzoeker.domain.posting import MARKED_TOGETHER
from zalenzoeker.gateways.processes import LOOPBACK

pytestmark = pytest.mark.torture

KILLS = 100 if FULL else 1
ENGINES = ("sqlite", "postgresql") if FULL else ("sqlite",)
# Each run may send a few before it reaches the moment at which it is killed.
LETTERS_A_KILL = 3


class StoppingPostbox(Postbox):
    """A server that stands still at a moment, in the letter that is to be the one, until it is told to go on."""

    def __init__(self):
        super().__init__()
        self.stops_at, self.letters_before = None, 0
        self.stands, self.goes_on = threading.Event(), threading.Event()
        self.accepted = [[]]

    async def at(self, moment):
        if moment is Moment.ACCEPTED:
            self.accepted[-1].append(message_id(self.messages[-1]))
        if moment is not self.stops_at or len(self.accepted[-1]) < self.letters_before:
            return
        self.stops_at = None
        self.stands.set()
        await asyncio.to_thread(self.goes_on.wait, PATIENCE)

    def stop_at(self, moment, letters_before):
        self.stands.clear()
        self.goes_on.clear()
        self.accepted.append([])
        self.letters_before = letters_before
        self.stops_at = moment


@pytest.mark.both(*ENGINES)
@pytest.mark.parametrize("moment", [one for one in Moment if one is not Moment.GOODBYE], ids=lambda one: one.name)
def test_worker_killed_at_one_step(make_worker, clock, database, tell, moment):
    postbox = StoppingPostbox()
    with smtp.running(postbox):
        mail = {"MAIL_SERVER": LOOPBACK, "MAIL_PORT": str(postbox.port), "MAIL_DEFAULT_SENDER": SENDER}
        worker = make_worker(**mail)
        put_letters(LETTERS_A_KILL * KILLS + 1)
        for number in range(KILLS):
            is_first = moment in (Moment.GREETING, Moment.SENDER)
            before = 0 if is_first else max(number % LETTERS_A_KILL, moment in (Moment.ACCEPTED, Moment.TOLD))
            postbox.stop_at(moment, before)
            worker.start()
            assert postbox.stands.wait(PATIENCE), worker.last_words
            worker.kill()
            postbox.goes_on.set()
            clock.passes(LEASE + timedelta(seconds=1))
        postbox.accepted.append([])
        worker.start()
        wait_until(lambda: proofs.number(database, WAITING) == 0, "everything is sent")
        worker.stop()
    codes = {f"<{code}@huis.example>" for (code,) in proofs.rows(database, "SELECT code FROM letter")}
    sent = Counter(letter for run in postbox.accepted for letter in run)
    tell(f"kill -9 at {moment.name.lower()}", f"{KILLS} times", letters=len(codes), copies=sent.total() - len(sent))
    assert set(sent) == codes
    assert {state for (state,) in proofs.rows(database, "SELECT DISTINCT state FROM letter")} == {"sent"}
    # Twice goes only what a server had accepted from a worker that was killed before it had marked it.
    once = Counter(letter for run in postbox.accepted[:-1] for letter in run[:-MARKED_TOGETHER])
    once.update(postbox.accepted[-1])
    assert set(once.values()) == {1}
