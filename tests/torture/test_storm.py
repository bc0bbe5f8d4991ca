"""Eight people ask for the same hours, the hours beside them and the whole hall: nobody has what another one has."""

import json
import threading
from collections import Counter
from itertools import islice

import pytest

from tests.builders import make_desk, make_room, make_space, make_venue
from tests.torture import asker, proofs
from tests.torture.askers import go, told_their_plans
from tests.torture.stage import FULL, WITHOUT_END, address_of, hours, make_asker, size
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage import backup

pytestmark = [pytest.mark.torture, pytest.mark.both]

ASKERS = 8
POSTS = 500
SLOWEST_SECONDS = 3.0
PATIENCE_SECONDS = 600


def plans(port, rooms):
    """What each asks, in step: the same hour and the hour beside it, in the whole hall or in one of its halves."""
    posts = size(POSTS)
    slots = list(islice(hours(), posts + 1))
    for number in range(ASKERS):
        mine = slots[number % 2 :][:posts]
        keyed = [
            (rooms[(number + slots.index(slot)) // 2 % len(rooms)], *slot, f"storm-{number}-{place}")
            for place, slot in enumerate(mine)
        ]
        yield {"port": port, "token": make_asker(number), "slots": keyed}


def storm(port, rooms, meanwhile):
    """Let all of them ask at once; `meanwhile` is called while they do. Returns what each answer said."""
    with told_their_plans(asker, plans(port, rooms)) as askers:
        told = [[] for _ in askers]
        readers = [
            threading.Thread(target=lambda said=said, lines=one.stdout: said.extend(map(json.loads, lines)))
            for said, one in zip(told, askers, strict=True)
        ]
        for reader in readers:
            reader.start()
        go(askers)
        meanwhile()
        for reader in readers:
            reader.join(PATIENCE_SECONDS)
        assert [one.wait(PATIENCE_SECONDS) for one in askers] == [0] * ASKERS
    return [answer for said in told for answer in said]


@pytest.fixture
def rooms(app):
    """The addresses of a hall and of its two halves."""
    venue = make_venue()
    front, back = make_space(venue, "voor"), make_space(venue, "achter")
    rules = {RuleName.OPEN_REQUESTS: WITHOUT_END}
    make_desk(venue=venue, email="balie@hal.example")
    return [
        address_of(make_room(slug, venue=venue, spaces=spaces, rules=rules))
        for slug, spaces in (("hal", [front, back]), ("voor", [front]), ("achter", [back]))
    ]


def test_hall_and_its_halves_asked_by_eight_at_once(start_site, database, engine, rooms, tmp_path, tell):
    site = start_site()
    kept = tmp_path / "kept.db"

    def keep_a_backup():
        if engine == "sqlite":
            backup.write(kept)

    answers = storm(site.port, rooms, keep_a_backup)

    won = Counter(tuple(answer["slot"]) for answer in answers if answer["status"] == 302)
    lost = [answer for answer in answers if answer["status"] != 302]
    letters = proofs.number(database, "SELECT count(*) FROM letter")
    slowest = max(answer["seconds"] for answer in answers)
    of_hour = {}
    for room, *hour in won:
        of_hour.setdefault(tuple(hour), []).append(rooms.index(room))
    tell(
        "storm",
        f"{ASKERS} x {size(POSTS)} posts",
        overlaps=proofs.number(database, proofs.OVERLAPS),
        hours=len(of_hour),
        winners=sum(won.values()),
        refused=len(lost),
        letters=letters,
        slowest=f"{slowest * 1000:.0f} ms",
    )
    assert len(answers) == ASKERS * size(POSTS)
    assert {answer["status"] for answer in lost} == {409}
    assert [answer for answer in lost if not answer["alternatives"]] == []
    # Nobody has the hall together with one of its halves, and every hour went to somebody.
    assert set(won.values()) == {1}
    assert {tuple(sorted(one)) for one in of_hour.values()} <= {(0,), (1,), (2,), (1, 2)}
    assert of_hour.keys() == {tuple(answer["slot"][1:]) for answer in answers}
    taken = sum(2 if room == rooms[0] else 1 for room, *_ in won)
    assert (len(proofs.rows(database, proofs.TAKEN)), letters) == (taken, 2 * len(won))
    assert proofs.faults(database) == []
    # The gate shares its machine with other tests, so that only the full size measures.
    assert slowest <= SLOWEST_SECONDS or not FULL
    assert site.words == ""
    if engine == "sqlite":
        backup.check(kept)
        assert proofs.faults(f"sqlite:///{kept}") == []
