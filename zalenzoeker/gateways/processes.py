"""Processes: the commands they start with, the port they answer on, with whom they end, and when they may be forked."""

import ctypes
import http.client
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable

LOOPBACK = "127.0.0.1"
SET_PARENT_DEATH_SIGNAL = 1

# Found before any process is started, because little may be done between fork and exec.
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def command(*words: str) -> list[str]:
    """Return the line that runs one of the site's commands, such as `worker`."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def site_command(port: int, workers: int = 2) -> list[str]:
    """Return the line that serves `wsgi:app` on this machine's own address with so many processes, without a worker."""
    return [sys.executable, "-m", "zalenzoeker.gateways.server", str(port), str(workers)]


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


def die_with_parent(parent: int) -> None:
    """Ask the system to send this process SIGTERM when `parent`, which started it, is gone.

    A server that is killed outright (kill -9, out of memory) cannot end its processes, and one that lives on would hold
    the port against the next start. Only Linux has such a call: elsewhere they must be ended by hand.
    """
    if _PRCTL is not None:
        _PRCTL(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # It died between our start and our asking.
            os._exit(1)


class Quiet:
    """Held by a thread while this process may not be forked: what it has open then would be open twice."""

    def __init__(self, let_go: Callable[[], None]) -> None:
        """From now on each fork waits until nobody holds this, and calls `let_go` just before."""
        self._lock = threading.Lock()
        self._let_go = let_go
        os.register_at_fork(before=self._before, after_in_parent=self._lock.release, after_in_child=self._lock.release)

    def _before(self) -> None:
        self._lock.acquire()
        self._let_go()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self._lock.release()
