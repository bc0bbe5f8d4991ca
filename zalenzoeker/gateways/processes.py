"""Processes: the site's server and its worker run side by side and end together."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

LOOPBACK = "127.0.0.1"
GRACE = 10.0
LOOK_AGAIN = 0.1
SET_PARENT_DEATH_SIGNAL = 1

# Found before any process is started, because little may be done between fork and exec.
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def site_command(port: int, workers: int = 2) -> list[str]:
    """Return the command that serves `wsgi:app` on this machine's own address with so many processes."""
    return [sys.executable, "-m", "zalenzoeker.gateways.server", str(port), str(workers)]


def worker_command() -> list[str]:
    """Return the command of the worker that sends the mail and keeps the deadlines."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]


def is_free(port: int) -> bool:
    """Tell whether a server may take this port of the machine's own address; ask before starting one."""
    with socket.socket() as door:
        # Connections of a server that has just stopped linger in the system for a minute and are no reason to wait.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int, path: str = "/healthz") -> bool:
    """Tell whether a server on this machine gives any HTTP answer at this path, within a second."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def run_together(
    commands: Mapping[str, list[str]],
    *,
    is_ready: Callable[[], bool] = lambda: True,
    on_ready: Callable[[], None] = lambda: None,
    on_stop: Callable[[], None] = lambda: None,
    on_death: Callable[[str, int], None] = lambda *_: None,
    environ: Mapping[str, str] | None = None,
    grace: float = GRACE,
) -> int:
    """Run the named commands until one of them ends or this process is told to stop; then end them all.

    `on_ready` is called once, as soon as `is_ready` holds; `on_stop` when SIGINT, SIGTERM or SIGHUP asks for the end;
    `on_death` with the name and the exit status of a command that ended by itself. After `grace` seconds, or at a
    second signal, what still runs is killed. Returns 0 when it was told to stop, else the dead command's status or 1.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    with _told_to_stop() as orders:
        try:
            for name, command in commands.items():
                running[name] = _start(command, environ)
            is_announced = False
            while not orders:
                for name, process in running.items():
                    if (status := process.poll()) is not None:
                        on_death(name, status)
                        return status if status > 0 else 1
                if not is_announced and is_ready():
                    is_announced = True
                    on_ready()
                time.sleep(LOOK_AGAIN)
            on_stop()
            return 0
        finally:
            _end(list(running.values()), orders, grace)


def _start(command: list[str], environ: Mapping[str, str] | None) -> "subprocess.Popen[bytes]":
    """Start a command in a session of its own, so that Ctrl-C reaches only us and we can end all it started."""
    return subprocess.Popen(  # noqa: S603 -- our own commands, no shell
        command,
        env=None if environ is None else dict(environ),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 -- one thread runs here when processes are started
    )


def die_with_parent(parent: int) -> None:
    """Ask the system to send this process SIGTERM when `parent`, which started it, is gone.

    A supervisor that is killed outright (kill -9, out of memory) cannot end its children, and a server that lives on
    would hold the port against the next start. Only Linux has such a call: elsewhere they must be ended by hand.
    """
    if _PRCTL is not None:
        _PRCTL(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # It died between our start and our asking.
            os._exit(1)


@contextmanager
def _told_to_stop() -> Iterator[list[int]]:
    """Give the list of signals that asked for the end so far; the former handlers come back afterwards."""
    orders: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        orders.append(number)

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield orders
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _end(processes: "list[subprocess.Popen[bytes]]", orders: list[int], grace: float) -> None:
    """Ask each process to stop, wait, and kill what is left of them and of what they started."""
    heard = len(orders)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + grace
    while time.monotonic() < until and len(orders) <= heard:
        if all(process.poll() is not None for process in processes):
            break
        time.sleep(LOOK_AGAIN / 2)
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):  # Nothing is left of it; macOS says the latter of a zombie.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
