"""The web processes are killed in the middle of requests: what was answered is there, and nothing is half."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.torture import proofs
from tests.torture.caller import Caller, filled_in, form_of
from tests.torture.stage import address_of, hours, make_asker, make_hall, size

pytestmark = [pytest.mark.torture, pytest.mark.both]

KILLS = 50
POSTERS = 4
BROKEN = (OSError, http.client.HTTPException)
WAIT_SECONDS = 30.0
LONGEST_RUN_SECONDS = 0.4


@dataclass
class Poster:
    """Somebody who asks for hour after hour, and sends a form again until it is answered."""

    caller: Caller
    address: str
    name: str
    answered: dict[str, str] = field(default_factory=dict)
    sent_again: set[str] = field(default_factory=set)
    strange: list[int] = field(default_factory=list)
    is_waiting: bool = False

    def __post_init__(self):
        # Before anything is killed: it is what they send again and again that must not be lost.
        self.form = self.caller.get(self.address).hidden

    def run(self, is_over):
        for place, (day, starts, ends) in enumerate(hours()):
            if is_over.is_set():
                return
            key = f"{self.name}-{place}"
            fields = filled_in(self.form, day=day, starts=starts, ends=ends, key=key)
            self.answered[key] = self._post_until_answered(fields)

    def _post_until_answered(self, fields):
        while True:
            self.is_waiting = True
            try:
                answer = self.caller.post(self.address, fields)
            except BROKEN:
                self.sent_again.add(fields["sleutel"])
                time.sleep(0.02)
                continue
            finally:
                self.is_waiting = False
            if answer.status == 302:
                return answer.location
            self.strange.append(answer.status)
            time.sleep(0.1)


def wait_for_an_answer(posters):
    """Wait until the site that was just started has answered somebody."""
    before = sum(len(poster.answered) for poster in posters)
    until = time.monotonic() + WAIT_SECONDS
    while sum(len(poster.answered) for poster in posters) == before:
        assert time.monotonic() < until, "nobody was answered any more"
        time.sleep(0.002)


def kill_again_and_again(site, posters, chance):
    """Kill the site at any moment and start it anew. Returns the requests under way, and the slowest start."""
    under_way, slowest = 0, 0.0
    for _ in range(size(KILLS)):
        wait_for_an_answer(posters)
        time.sleep(chance.uniform(0, LONGEST_RUN_SECONDS))
        under_way += sum(poster.is_waiting for poster in posters)
        site.kill()
        begun = time.monotonic()
        site.start()
        slowest = max(slowest, time.monotonic() - begun)
    return under_way, slowest


def test_site_killed_while_people_ask(start_site, database, tell):
    rooms = [make_hall(f"zaal-{number}") for number in range(POSTERS)]
    tokens = [make_asker(number) for number in range(POSTERS)]
    site = start_site()
    posters = [
        Poster(Caller(site.port).sign_in(token), form_of(address_of(room)), f"kill-{number}")
        for number, (room, token) in enumerate(zip(rooms, tokens, strict=True))
    ]
    is_over = threading.Event()
    threads = [threading.Thread(target=poster.run, args=(is_over,)) for poster in posters]
    for thread in threads:
        thread.start()
    try:
        under_way, slowest = kill_again_and_again(site, posters, Random(1))
        wait_for_an_answer(posters)
    finally:
        is_over.set()
        for thread in threads:
            thread.join(WAIT_SECONDS)
        for poster in posters:
            poster.caller.close()

    answered = {key: address for poster in posters for key, address in poster.answered.items()}
    there = dict(proofs.rows(database, "SELECT form_key, code FROM request"))
    tell(
        "kill -9 of the site",
        f"{size(KILLS)} times",
        under_way=under_way,
        answered=len(answered),
        lost=len(answered.keys() - there.keys()),
        sent_again=sum(len(poster.sent_again) for poster in posters),
        slowest_start=f"{slowest:.1f} s",
    )
    assert under_way > 0
    assert [status for poster in posters for status in poster.strange] == []
    assert answered == {key: f"/aanvragen/{code}" for key, code in there.items()}
    assert proofs.number(database, "SELECT count(*) FROM request") == len(there)
    assert proofs.faults(database) == []
    assert "Traceback" not in site.words
