"""The server: Granian, with each body read before the site is asked; run as `python -m zalenzoeker.gateways.server`."""

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from io import BytesIO
from threading import BoundedSemaphore, Event, Thread
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from zalenzoeker.gateways.processes import LOOPBACK, die_with_parent

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

AT_ONCE = 8
BODIES = 512
CONNECTIONS = 2048
READ_FIRST = 2 * 1024 * 1024
# Requests under way get so long to end, and then the worker's round.
GRACE_SECONDS = 5


def patient(app: WsgiApp, at_once: int = AT_ONCE, read_first: int = READ_FIRST) -> WsgiApp:
    """Wrap the site so that only whole requests reach it, and no more than `at_once` at a time.

    Granian asks Python as soon as the headers are there. Without this, a client that drips its form byte by byte would
    hold a connection to the database meanwhile, and a crowd would hold more of them than there are. A body of more than
    `read_first` bytes is left to the site, which refuses it by its length.
    """
    gate = BoundedSemaphore(at_once)

    def serve(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        is_small = length.isdigit() and int(length) <= read_first
        if "HTTP_TRANSFER_ENCODING" in environ or (is_small and length != "0"):
            body = environ["wsgi.input"].read(read_first + 1)
            environ["wsgi.input"] = BytesIO(body)
        with gate:
            return app(environ, start)

    return serve


def load_site(server: int, target: str) -> WsgiApp:
    """Give `module:name` in a process of the server, whose id is `server`, and from then on end when it does.

    A forked process has it already and shares the memory of it; one that was started anew imports it.
    """
    die_with_parent(server)
    module, _, name = target.partition(":")
    # By name, as any WSGI server does: the app stands on the highest floor and is not known down here.
    app: WsgiApp = getattr(import_module(module), name)
    return patient(app)


def serve_site(port: int, workers: int = 2, *, beside: Callable[[Event], None] | None = None) -> None:
    """Serve `wsgi:app` until told to stop, and run `beside` in a thread of this process until its event is set.

    Each body that is still on its way costs a thread of about 80 kB, each connection without one costs nearly nothing:
    300 clients that drip headers and 300 that drip bodies were answered around. A process that dies is started again,
    unless it dies again within seconds: then the server gives up, with exit status 1.
    """
    if sys.platform == "linux":
        # Newer Pythons would start each process anew, with all its memory its own. macOS does not bear a fork.
        multiprocessing.set_start_method("fork", force=True)
    server = MPServer(
        "wsgi:app",
        address=LOOPBACK,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=BODIES,
        blocking_threads_idle_timeout=10,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=GRACE_SECONDS,
        # An address may be a key: of a private calendar, of a letter. Nothing writes down which ones were asked.
        log_access=False,
        # Its warnings are about the number of threads, which is meant.
        log_level=LogLevels.error,
    )
    # A terminal that is closed ends the site; Granian would take the signal as a wish for new processes.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM)))
    fell = Event()
    if beside is not None:
        _run_beside(server, beside, fell)
    # What is there now stays: the collector of each process would look at it in vain, and get a copy of every page.
    gc.freeze()
    gc.enable()
    server.serve(target_loader=partial(load_site, os.getpid()))
    if fell.is_set():
        sys.exit(1)


def _run_beside(server: MPServer, work: Callable[[Event], None], fell: Event) -> None:
    """Start the work with the server and end it after; when it ends by itself it `fell`, and the server ends too."""
    stopping = Event()

    def run() -> None:
        try:
            work(stopping)
        finally:
            if not stopping.is_set():  # A site without it is not whole.
                fell.set()
                os.kill(os.getpid(), signal.SIGTERM)

    thread = Thread(target=run, daemon=True)

    def end() -> None:
        stopping.set()
        thread.join(GRACE_SECONDS)

    server.on_startup(thread.start)
    server.on_shutdown(end)


if __name__ == "__main__":
    sys.path.insert(0, os.curdir)
    serve_site(port=int(sys.argv[1]), workers=int(sys.argv[2]))
