"""A diary is read in a process that stops by itself: nothing that anybody sends takes long, or much."""

import random
import subprocess
import sys
from time import perf_counter, process_time

import pytest

from tests.gateways.diary_files import BOMBS, GOOGLE, OUTLOOK, PLAIN, calendar, event
from tests.gateways.test_diary_dates import FIRST, LAST
from tests.torture.stage import FULL
from zalenzoeker.domain.diaries import MOST_MEBIBYTES, Reading, Skipped, Trouble
from zalenzoeker.gateways import diary_dates, diary_reader
from zalenzoeker.gateways.diary_lines import Unfit

MUTATED = 5_000
IN_THE_GATE = 250


def test_diary_read_in_its_own_process():
    found = diary_reader.read(GOOGLE, FIRST, LAST)
    assert found == diary_dates.read(GOOGLE, FIRST, LAST)
    assert isinstance(found, Reading)
    assert found.skipped == {Skipped.FREE: 1}


# Of these the libraries make so much work that only the end of their process stops them; the gate tries no others so.
HEAVY = ("two thousand rules of old", "a rule that never comes")
REFUSED = {
    "twenty thousand events": Trouble.TOO_LARGE,
    "as many as fit": Trouble.TOO_MANY,
    "two thousand rules of old": Trouble.TOO_HEAVY,
    "fifty thousand parts in each other": Trouble.TOO_MANY,
    "a thousand parts in each other": Trouble.BROKEN,
    "a zipped file": Trouble.ZIPPED,
    "a page of the web": Trouble.NOT_A_CALENDAR,
    "nothing": Trouble.NOT_A_CALENDAR,
    "zeros": Trouble.NOT_A_CALENDAR,
    "two megabytes": Trouble.TOO_LARGE,
    "half a diary": Trouble.BROKEN,
}


def in_this_process(raw):
    try:
        return diary_dates.read(raw, FIRST, LAST)
    except Unfit as unfit:
        return unfit.trouble


@pytest.mark.parametrize("bomb", [bomb for bomb in BOMBS if bomb not in HEAVY])
def test_bomb_is_read_or_refused_at_once(bomb):
    began = process_time()
    found = in_this_process(BOMBS[bomb])
    assert process_time() - began < 2
    assert (found if isinstance(found, Trouble) else None) is REFUSED.get(bomb)


# The system counts the memory of a child from that of its parent on, so that the parent of this one is a small process.
MEASURED = """
import resource, sys
from zalenzoeker.domain.diaries import Trouble
from zalenzoeker.gateways import diary_reader
found = diary_reader.read(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(found.value if isinstance(found, Trouble) else "", used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


@pytest.mark.torture
@pytest.mark.parametrize("bomb", BOMBS if FULL else HEAVY)
def test_bomb_ends_in_time(bomb):
    command = [sys.executable, "-c", MEASURED, str(FIRST), str(LAST)]
    done = subprocess.run(command, input=BOMBS[bomb], cwd=diary_reader.ROOT, capture_output=True, check=True)
    trouble, seconds, kibibytes = done.stdout.decode().split(" ")
    assert (Trouble(trouble) if trouble else None) is REFUSED.get(bomb)
    # Of the processor: the machine may be busy with something else.
    assert float(seconds) < 2.6
    assert int(kibibytes) < MOST_MEBIBYTES * 1024


def test_process_that_wants_more_memory_is_stopped():
    script = "from zalenzoeker.gateways import diary_child\ndiary_child.limit()\nbytearray(400 * 1024 * 1024)"
    done = subprocess.run([sys.executable, "-c", script], cwd=diary_reader.ROOT, capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


def mutations(count):
    """Real diaries with pieces of them lost, doubled, swapped and spoiled; the same ones each time."""
    lot = random.Random(5)
    sources = [OUTLOOK, GOOGLE, calendar(event(PLAIN, "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T000000Z"))]
    words = [
        b"\r\n",
        b":",
        b";",
        b'"',
        b"\0",
        b"\xff",
        b"BEGIN:VEVENT",
        b"END:VEVENT",
        b"99999999999",
        b"-1",
        b"T",
        b"Z",
    ]
    words += [
        b"FREQ=SECONDLY",
        b"COUNT=1000000000",
        b"INTERVAL=0",
        b"BYSETPOS=-366",
        b"19000101",
        b"00000000",
        b"PT-1S",
    ]
    for number in range(count):
        raw = bytearray(sources[number % len(sources)])
        for _ in range(lot.randrange(1, 8)):
            at, upto = sorted(lot.randrange(len(raw) + 1) for _ in range(2))
            upto = min(upto, at + 60)
            deed = lot.randrange(4)
            if deed == 0:
                del raw[at:upto]
            elif deed == 1:
                raw[at:at] = raw[at:upto]
            elif deed == 2:
                raw[at:upto] = lot.choice(words)
            else:
                raw[at:at] = bytes([lot.randrange(256)])
        yield bytes(raw)


@pytest.mark.torture
def test_spoiled_diaries_are_read_or_refused():
    slowest = 0.0
    for raw in mutations(MUTATED if FULL else IN_THE_GATE):
        began = perf_counter()
        found = in_this_process(raw)
        assert isinstance(found, Trouble) or all(FIRST <= starts < ends <= LAST for starts, ends in found.times)
        slowest = max(slowest, perf_counter() - began)
    assert slowest < 2
