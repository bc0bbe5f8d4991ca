"""A real mailbox on this machine, and a gate before it that can hang, or break off in the middle of a word."""

import imaplib
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

USER, PASSWORD = "zalen@zalen.example", "geheim"
PATIENCE = 20.0
SERVE = "from pymap.main import main; main()"


class Postbox:
    """The server: what is put in it, what was read, and its end."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self._process = process

    @property
    def setting(self) -> str:
        return self.setting_at(self.port)

    @staticmethod
    def setting_at(port: int) -> str:
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{port}/INBOX"

    @contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        server = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        server.login(USER, PASSWORD)
        server.select("INBOX")
        try:
            yield server
        finally:
            server.logout()

    def gets(self, *mails: bytes) -> None:
        """These mails arrive."""
        with self._open() as server:
            for mail in mails:
                status, answer = server.append("INBOX", "", None, mail)
                assert status == "OK", answer

    def unread(self) -> int:
        with self._open() as server:
            return len(server.uid("SEARCH", "UNSEEN")[1][0].split())

    def is_emptied(self) -> None:
        with self._open() as server:
            server.store("1:*", "+FLAGS", r"(\Deleted)")
            server.expunge()

    def dies(self) -> None:
        self._process.kill()
        self._process.wait(PATIENCE)


@contextmanager
def running() -> Iterator[Postbox]:
    """A server of one's own on 127.0.0.1, at ``port``."""
    port = _free_port()
    command = [sys.executable, "-c", SERVE, "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    words = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen([*command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Postbox(port, process)
    finally:
        process.kill()
        process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the mailbox did not open")


@contextmanager
def gate(port: int, *, lets_through: int, then_hangs: bool = False) -> Iterator[int]:
    """A way to the server at ``port`` by which so many bytes of its answers come through; yields its own port."""
    listener = socket.create_server(("127.0.0.1", 0))
    closing = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while not closing.is_set():
                inside, _address = listener.accept()
                _carry(inside, port, lets_through, closing, then_hangs=then_hangs)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        closing.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)


def _carry(inside: socket.socket, port: int, left: int, closing: threading.Event, *, then_hangs: bool) -> None:
    with inside, socket.create_connection(("127.0.0.1", port)) as outside:
        while not closing.is_set():
            ready, _, _ = select.select([inside, outside], [], [], 0.1)
            if inside in ready:
                if not (said := inside.recv(65536)):
                    return
                outside.sendall(said)
            if outside in ready:
                said = outside.recv(65536)
                inside.sendall(said[:left])
                left -= len(said)
                if left <= 0 or not said:
                    if then_hangs:
                        closing.wait(PATIENCE)
                    return
