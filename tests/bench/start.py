"""How long a newcomer waits after `make run` on a fresh clone, how fast it starts again, and what memory it takes."""

import http.client
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import running
from tests.bench.family import family, pss
from tests.bench.load import Line, request
from tests.bench.pages import WEEK
from tests.bench.table import Figure, at_most
from tests.running import Program
from zalenzoeker.config import ROOT
from zalenzoeker.gateways.processes import LOOPBACK

FIRST_SECONDS, SECOND_SECONDS = 120, 5
PATIENCE = 600.0
PAGES = 200


def seconds_until_open(program: Program, port: int) -> float:
    """Start `make run` and wait for the landing page. Returns the seconds."""
    begun = time.monotonic()
    program.start()
    while not _is_open(port):
        assert program.process is not None
        assert program.process.poll() is None, f"make run ended:\n{program.words}"
        assert time.monotonic() - begun < PATIENCE, f"no landing page after {PATIENCE:.0f} s:\n{program.words}"
        time.sleep(0.05)
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
    """The memory of `make run` with all its processes, after some pages: each shared page counted once (PSS)."""
    with tempfile.TemporaryDirectory(prefix="zz-memory-") as name:
        folder, port = Path(name), running.free_port()
        program = _make_run(ROOT, folder / "run.log", port, DATABASE_URL=f"sqlite:///{folder}/zalenzoeker.db")
        try:
            seconds_until_open(program, port)
            for _ in range(PAGES):
                with Line(port) as line:
                    assert line.ask(request(WEEK)).status == 200
            parts = {pid: pss(pid) for pid in family(program.pid)}
        finally:
            program.stop()
    largest = max(parts.values())
    yield Figure(
        f"memory of make run, {len(parts)} processes", f"{sum(parts.values()):.0f} MiB", f"largest {largest:.0f} MiB"
    )
