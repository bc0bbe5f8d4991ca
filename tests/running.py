"""The site as it runs for people: its own processes and its own port, to be met from outside, stopped or killed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests import spawning
from zalenzoeker.config import ROOT
from zalenzoeker.gateways import processes

PATIENCE = 30.0
LAST_WORDS = 3_000
SECRET = "only to try the site out: forty letters, none secret."
# What a program needs of the machine; settings of the site that happen to be set there must not come along.
OF_THE_MACHINE = ("PATH", "HOME", "LANG", "TMPDIR")


def free_port() -> int:
    """A port of this machine's own address that nobody listens on."""
    with socket.socket() as door:
        door.bind((processes.LOOPBACK, 0))
        return int(door.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    """The settings of a site to try out: no limits on trying, no map tiles; what is given goes before."""
    machine = {name: os.environ[name] for name in OF_THE_MACHINE if name in os.environ}
    return {**machine, "SECRET_KEY": SECRET, "RATE_LIMITS": "off", "MAP_TILES_URL": "", **settings}


@dataclass
class Program:
    """One program in a session of its own, so that it can be killed with all that it started; it writes to a log."""

    command: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    folder: Path = ROOT
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        assert self.process is None, "it runs already"
        with self.log.open("ab") as output:
            self.process = spawning.start(
                self.command,
                cwd=self.folder,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self.process is not None, "it does not run"
        return self.process.pid

    def kill(self) -> None:
        """End it and all that it started at once, without a chance to tidy up."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        """Ask it and all that it started to end, as Ctrl-C in a terminal does."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        self.kill()

    @property
    def words(self) -> str:
        """Everything it has said so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    @property
    def last_words(self) -> str:
        """The end of it: an error with the way it came."""
        return self.words[-LAST_WORDS:]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()


@dataclass
class Site(Program):
    """A server on a port of its own."""

    port: int = 0

    @property
    def url(self) -> str:
        return f"http://{processes.LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        until = time.monotonic() + PATIENCE
        while not processes.answers(self.port):
            assert self.process is not None
            assert self.process.poll() is None, f"the site ended at once:\n{self.words}"
            assert time.monotonic() < until, f"the site did not answer within {PATIENCE:.0f} s:\n{self.words}"
            time.sleep(0.02)


def site(database_url: str, folder: Path, *, workers: int = 2, **settings: str) -> Site:
    """The site on this database with so many processes, ready to be started; its log goes into the folder."""
    port = free_port()
    environ = environment(DATABASE_URL=database_url, PUBLIC_URL=f"http://{processes.LOOPBACK}:{port}", **settings)
    return Site(processes.site_command(port, workers), environ, folder / "site.log", port=port)


def worker(database_url: str, folder: Path, **settings: str) -> Program:
    """The worker that sends the mail and keeps the deadlines, ready to be started."""
    environ = environment(DATABASE_URL=database_url, **settings)
    return Program(processes.command("worker"), environ, folder / "worker.log")
