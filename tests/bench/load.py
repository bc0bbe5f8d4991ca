"""A client that costs little: raw requests over connections that stay open, and how long each answer took."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from zalenzoeker.config import ROOT
from zalenzoeker.gateways.processes import LOOPBACK

PATIENCE = 30.0
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back, headers and body as they are, and in how many seconds."""

    head: str
    body: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.head.split(" ", 2)[1])

    def header(self, name: str) -> str:
        found = re.search(rf"^{name}: *(.*?)\r?$", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""


class Line:
    """One connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((LOOPBACK, port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Answer:
        begun = time.perf_counter()
        self.socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
        while length and len(body) < int(length[1]):
            body += self._more()
        return Answer(head.decode("latin-1"), body, time.perf_counter() - begun)

    def _more(self) -> bytes:
        received = self.socket.recv(CHUNK)
        assert received, "the server hung up"
        return received

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()


def request(path: str, headers: Mapping[str, str] | None = None, *, body: str | None = None) -> bytes:
    """A request as it goes over the line; with a body it is a form that is sent."""
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: {LOOPBACK}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join([*lines, "", body or ""]).encode()


def in_turns(one: Line, ones: Iterable[bytes], other: Line, theirs: bytes) -> tuple[list[float], list[float]]:
    """Ask A, B, A, B…, so that whatever else the machine does falls on both. Returns the seconds of each."""
    times: tuple[list[float], list[float]] = ([], [])
    for mine in ones:
        times[0].append(one.ask(mine).seconds)
        times[1].append(other.ask(theirs).seconds)
    return times


@dataclass(frozen=True)
class Told:
    """What a crowd was answered: how often each status, in how many seconds, and how long the slowest answer took."""

    statuses: Mapping[str, int]
    seconds: float
    slowest: float

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds


def crowd(port: int, queues: Sequence[Sequence[bytes]], *, seconds: float | None = None) -> Told:
    """Let a crowd ask from a process of its own, each queue over its connection: once, or for so many seconds."""
    plan = {"port": port, "seconds": seconds, "queues": [[one.decode("latin-1") for one in queue] for queue in queues]}
    program = [sys.executable, "-m", "tests.bench.crowd"]
    done = subprocess.run(program, input=json.dumps(plan), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Told(**json.loads(done.stdout))
