"""How long a newcomer waits after `make run` on a fresh clone, how fast it starts again, and what memory it takes."""

import http.client
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests import running
from tests.bench.family import family, pss
from tests.bench.ground import kept_set
from tests.bench.load import Line, request
from tests.bench.table import Figure, at_most
from tests.running import Program
from zalenzoeker.config import ROOT
from zalenzoeker.gateways.processes import LOOPBACK

FIRST_SECONDS, SECOND_SECONDS, COLD_SECONDS = 120, 5, 0.8
MEMORY_MIB = 165
PATIENCE = 600.0
STARTS, TIMES = 5, 100
BOOKINGS = 100_000
ROOM = "huis-01/grote-zaal"
PAGES = (
    "/",
    "/aanmelden",
    "/locaties/huis-01",
    f"/zalen/{ROOM}",
    "/zalen?dag=2027-01-16&van=14:00&tot=18:00&personen=30",
    "/zalen?dag=2027-01-16",
    f"/aanvragen/nieuw?zaal={ROOM}&dag=2027-01-16&van=14:00&tot=18:00",
    f"/kalender/zaal/{ROOM}.ics",
)


def seconds_until_open(program: Program, port: int) -> float:
    """Start `make run` and wait for the landing page. Returns the seconds."""
    begun = time.monotonic()
    program.start()
    while not _is_open(port):
        assert program.process is not None
        assert program.process.poll() is None, f"make run ended:\n{program.words}"
        assert time.monotonic() - begun < PATIENCE, f"no landing page after {PATIENCE:.0f} s:\n{program.words}"
        time.sleep(0.005)
    return time.monotonic() - begun


def _is_open(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _make_run(folder: Path, log: Path, port: int, **settings: str) -> Program:
    machine = {name: os.environ[name] for name in running.OF_THE_MACHINE if name in os.environ}
    return Program(["make", "run", f"PORT={port}"], {**machine, **settings}, log, folder)


def clone() -> Iterator[Figure]:
    """From `git clone` of what is committed here to the first page; then the second start."""
    with tempfile.TemporaryDirectory(prefix="zz-clone-") as name:
        folder = Path(name)
        begun = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
        cloned = time.monotonic() - begun
        port = running.free_port()
        program = _make_run(folder / "clone", folder / "run.log", port)
        try:
            first = cloned + seconds_until_open(program, port)
            program.stop()
            assert not _is_open(port), "the site still answers after it was stopped"
            second = seconds_until_open(program, port)
        finally:
            program.kill()
    yield at_most("fresh clone to first page, make run", first, FIRST_SECONDS, "s", digits=1)
    yield at_most("second start", second, SECOND_SECONDS, "s", digits=1)


def memory() -> Iterator[Figure]:
    """Start and memory of `make run` with 100,000 bookings: from asking for it to the landing page, and what all its
    processes hold after many of every page, each shared page counted once (PSS)."""
    with tempfile.TemporaryDirectory(prefix="zz-memory-") as name:
        folder, port = Path(name), running.free_port()
        shutil.copyfile(kept_set(BOOKINGS), folder / "zalenzoeker.db")
        program = _make_run(ROOT, folder / "run.log", port, DATABASE_URL=f"sqlite:///{folder}/zalenzoeker.db")
        try:
            starts = []
            for _ in range(1 + STARTS):
                program.stop()
                starts.append(seconds_until_open(program, port))
            for path in PAGES:
                for _ in range(TIMES):
                    with Line(port) as line:
                        assert line.ask(request(path)).status == 200, path
            parts = {pid: pss(pid) for pid in family(program.pid)}
        finally:
            program.stop()
    # The first one finishes what the set lacks, and compiles.
    yield at_most("cold start to first page, make run", median(starts[1:]), COLD_SECONDS, "s", digits=2)
    yield at_most(f"memory of make run, {len(parts)} processes", sum(parts.values()), MEMORY_MIB, "MiB")
