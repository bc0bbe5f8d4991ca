"""Eight people ask for the same hours and the hours beside them, all at once: each hour is won exactly once."""

import json
import subprocess
import sys
import threading
from collections import Counter
from itertools import islice

import pytest

from tests.running import environment
from tests.torture import proofs
from tests.torture.stage import address_of, hours, make_asker, make_hall, size
from zalenzoeker.config import ROOT
from zalenzoeker.storage import backup

pytestmark = [pytest.mark.torture, pytest.mark.both]

ASKERS = 8
POSTS = 300
PATIENCE_SECONDS = 600


def plans(port, room):
    """What each asks, in step: half of them want the same hour, the other half the hour after it."""
    posts = size(POSTS)
    slots = list(islice(hours(), posts + 1))
    for number in range(ASKERS):
        mine = slots[number % 2 :][:posts]
        keyed = [(*slot, f"storm-{number}-{place}") for place, slot in enumerate(mine)]
        yield {"port": port, "room": room, "token": make_asker(number), "slots": keyed}


def start_asker(plan):
    asker = subprocess.Popen(
        [sys.executable, "-m", "tests.torture.asker"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asker.stdin.write(json.dumps(plan) + "\n")
    asker.stdin.flush()
    return asker


def go(asker):
    asker.stdin.write("go\n")
    asker.stdin.close()


def storm(port, room, meanwhile):
    """Let all of them ask at once; `meanwhile` is called while they do. Returns what each answer said."""
    askers = [start_asker(plan) for plan in plans(port, room)]
    try:
        assert [asker.stdout.readline() for asker in askers] == ["ready\n"] * ASKERS
        told = [[] for _ in askers]
        readers = [
            threading.Thread(target=lambda said=said, lines=asker.stdout: said.extend(map(json.loads, lines)))
            for said, asker in zip(told, askers, strict=True)
        ]
        for reader in readers:
            reader.start()
        for asker in askers:
            go(asker)
        meanwhile()
        for reader in readers:
            reader.join(PATIENCE_SECONDS)
        assert [asker.wait(PATIENCE_SECONDS) for asker in askers] == [0] * ASKERS
    finally:
        for asker in askers:
            asker.kill()
            asker.wait()
            asker.stdout.close()
    return [answer for said in told for answer in said]


def test_room_asked_by_eight_at_once(start_site, database, engine, tmp_path, tell):
    room = make_hall()
    site = start_site()
    kept = tmp_path / "kept.db"

    def keep_a_backup():
        if engine == "sqlite":
            backup.write(kept)

    answers = storm(site.port, address_of(room), keep_a_backup)

    won = Counter(tuple(answer["slot"]) for answer in answers if answer["status"] == 302)
    lost = [answer for answer in answers if answer["status"] != 302]
    letters = proofs.number(database, "SELECT count(*) FROM letter")
    tell(
        "storm",
        f"{ASKERS} x {size(POSTS)} posts",
        overlaps=proofs.number(database, proofs.OVERLAPS),
        slots=len({tuple(answer["slot"]) for answer in answers}),
        winners=sum(won.values()),
        refused=len(lost),
        letters=letters,
        slowest=f"{max(answer['seconds'] for answer in answers) * 1000:.0f} ms",
    )
    assert len(answers) == ASKERS * size(POSTS)
    assert {answer["status"] for answer in lost} == {409}
    assert [answer for answer in lost if not answer["alternatives"]] == []
    assert won == Counter({tuple(answer["slot"]): 1 for answer in answers})
    assert len(proofs.rows(database, proofs.TAKEN)) == len(won)
    assert letters == 2 * len(won)
    assert proofs.faults(database) == []
    assert site.words == ""
    if engine == "sqlite":
        backup.check(kept)
        assert proofs.faults(f"sqlite:///{kept}") == []
