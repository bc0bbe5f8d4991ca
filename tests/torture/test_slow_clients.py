"""Hundreds of clients that send one byte at a time: everybody else is answered as if they were not there."""

import asyncio
import contextlib
import threading
import time
from urllib.parse import urlencode

import pytest

from tests.torture.caller import HOST, Caller, form_of
from tests.torture.stage import address_of, make_hall

pytestmark = pytest.mark.torture

# Never a tenth: what stops a server is their number, and they cost nothing here.
CLIENTS = 300
REQUESTS = 10
LONGEST_SECONDS = 1.0
DRIP_SECONDS = 0.5

HEADERS = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: "
BODY = (
    f"POST {form_of('huis/zaal')} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    f"Content-Length: 5000\r\n\r\n{urlencode({'activiteit': ''})}"
)


async def drip(port, beginning, dripping, is_over):
    """Send the beginning of a request, then a letter now and then, until it is over or the server has had enough."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(beginning.encode())
    dripping.append(writer)
    with contextlib.suppress(ConnectionError):
        while not is_over.is_set():
            await asyncio.sleep(DRIP_SECONDS)
            writer.write(b"x")
            await writer.drain()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    dripping.remove(writer)
    del reader


def times_among(port, beginning, path):
    """Ask for a page ten times, each over a connection of its own, while the slow ones drip. Returns the seconds."""
    dripping, is_over = [], threading.Event()

    async def drip_all():
        await asyncio.gather(*(drip(port, beginning, dripping, is_over) for _ in range(CLIENTS)))

    crowd = threading.Thread(target=asyncio.run, args=(drip_all(),))
    crowd.start()
    try:
        until = time.monotonic() + 30
        while len(dripping) < CLIENTS:
            assert time.monotonic() < until, f"only {len(dripping)} slow clients were let in"
            time.sleep(0.05)
        time.sleep(2 * DRIP_SECONDS)
        times = [time_of(port, path) for _ in range(REQUESTS)]
        still_there = len(dripping)
    finally:
        is_over.set()
        crowd.join()
    return times, still_there


def time_of(port, path):
    with Caller(port) as caller:
        begun = time.perf_counter()
        assert caller.get(path).status == 200
        return time.perf_counter() - begun


@pytest.mark.parametrize("what, beginning", [("headers", HEADERS), ("bodies", BODY)], ids=["headers", "bodies"])
def test_page_while_slow_clients_drip(start_site, tell, what, beginning):
    room = make_hall()
    site = start_site()
    path = form_of(address_of(room))
    for _ in range(4):  # Each process reads its templates at its first page.
        time_of(site.port, path)

    times, still_there = times_among(site.port, beginning, path)

    shown = ", ".join(f"{seconds * 1000:.0f}" for seconds in sorted(times))
    tell(f"slow {what}", f"{CLIENTS} clients", dripping_still=still_there, milliseconds=shown)
    assert [seconds for seconds in times if seconds > LONGEST_SECONDS] == []
    assert still_there == CLIENTS
