"""Many visitors at once, as a program of its own: a plan comes in, what they were answered goes out."""

# One process and one thread that waits for all of them, because what it costs is taken from the server it measures.
# It imports nothing of the site.

import json
import re
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 30.0
CHUNK = 1024 * 1024
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Visitor:
    """One connection that stays open; it asks the next thing as soon as the answer to the last is there."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests
        self.received = b""
        self.whole = 0
        self.begun = 0.0

    def ask(self) -> bool:
        """Send the next request; False when there is none."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.received, self.whole = b"", 0
        self.begun = time.perf_counter()
        self.socket.sendall(request)
        return True

    def listen(self) -> bool:
        """Take in what has come; True when the answer is complete."""
        more = self.socket.recv(CHUNK)
        assert more, "the server hung up"
        self.received += more
        if not self.whole:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return False
            length = LENGTH.search(self.received, 0, end)
            self.whole = end + 4 + (int(length[1]) if length else 0)
        return len(self.received) >= self.whole

    @property
    def status(self) -> str:
        return self.received[9:12].decode()


def visit(port: int, queues: list[list[bytes]], seconds: float | None) -> dict[str, Any]:
    """Let each queue be asked over a connection of its own: once, or again and again for so many seconds.

    What was asked in time and answered later is waited for and does not count, so that nothing goes on behind our back.
    """
    visitors = [Visitor(port, iter(queue) if seconds is None else cycle(queue)) for queue in queues]
    statuses: Counter[str] = Counter()
    slowest = 0.0
    with selectors.DefaultSelector() as ready:
        for visitor in visitors:
            ready.register(visitor.socket, selectors.EVENT_READ, visitor)
        begun = now = time.perf_counter()
        until = begun + (seconds or PATIENCE)
        waiting = sum(visitor.ask() for visitor in visitors)
        while waiting and now < until + PATIENCE:
            for key, _ in ready.select(PATIENCE):
                visitor = key.data
                if not visitor.listen():
                    continue
                now = time.perf_counter()
                if now < until:
                    slowest = max(slowest, now - visitor.begun)
                    statuses[visitor.status] += 1
                waiting -= not (now < until and visitor.ask())
    for visitor in visitors:
        visitor.socket.close()
    return {"seconds": seconds or now - begun, "statuses": statuses, "slowest": slowest}


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    texts = [[request.encode("latin-1") for request in queue] for queue in plan["queues"]]
    json.dump(visit(plan["port"], texts, plan["seconds"]), sys.stdout)
