"""Fetches the diary of a house from its address: over https, from a host on the list, in the open net alone."""

# Nowhere else does the site itself go to an address that somebody typed.

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import Timer
from urllib.parse import urljoin, urlsplit

from zalenzoeker.domain.diaries import (
    LARGEST_BYTES,
    Fetched,
    NotAnAddress,
    Trouble,
    Unchanged,
    diary_address,
)

HTTPS_PORT = 443
# Seconds: for one step, and for one question; the worker sends no letter meanwhile.
PATIENCE, LONGEST = 4, 6
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_ETAG, LONGEST_DATE = 200, 100
HEADERS = {
    "Accept": "text/calendar, */*;q=0.1",
    "Accept-Encoding": "identity",
    "User-Agent": "Zalenzoeker",
}
# In these another address is written inside one of the open net.
DISGUISES = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")]


def addresses_of(host: str) -> list[str]:
    """Every address a name stands for, as the system says. Raises OSError."""
    found = socket.getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_open(address: str) -> bool:
    """Does an address belong to the open net: no machine of our own, no private network, no disguise of one?"""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None or known.scope_id or any(known in one for one in DISGUISES):
            return False
        if known.is_site_local:
            return False
    return known.is_global and not known.is_multicast and not known.is_reserved


@dataclass(frozen=True)
class Door:
    """How the net is reached. The worker uses the one below, as it is; no setting changes it.

    A test that needs a server on its own machine hands in another one: that is the only way to reach one, and it takes
    code.
    """

    resolve: Callable[[str], list[str]] = addresses_of
    is_open: Callable[[str], bool] = is_open
    port: int = HTTPS_PORT
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    longest: float = LONGEST


@dataclass(frozen=True)
class _Elsewhere:
    """It says to ask at another address."""

    address: str


class _Connection(http.client.HTTPSConnection):
    """To the address that was looked at, whatever its name means by now; the certificate is still that of the name."""

    def __init__(self, host: str, address: str, door: Door) -> None:
        super().__init__(host, door.port, timeout=PATIENCE, context=door.context)
        self._to = address
        self._door = door
        self.took_too_long = False
        # Kept apart: the library lets go of its own as soon as it has read the head of the answer.
        self.line: socket.socket | None = None

    def connect(self) -> None:
        raw = socket.create_connection((self._to, self._door.port), PATIENCE)
        # Known before a word is said, so that a server that drips its greeting is hung up on too.
        line = self._door.context.wrap_socket(raw, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = self.line = line
        if self.took_too_long:
            raise TimeoutError
        line.do_handshake()


def fetch(
    address: str, etag: str, modified: str, *, hosts: Collection[str], door: Door | None = None
) -> Fetched | Unchanged | Trouble:
    """What stands at an address, or that it is the same as what had these marks; or why it could not be had.

    Neither the address nor what stands there is ever written in a log: it may be a secret of the house.
    """
    door = door or Door()
    headers = dict(HEADERS)
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    for _ in range(MOST_REDIRECTS + 1):
        try:
            address = diary_address(address, hosts)
            found = _ask(address, headers, door)
        except NotAnAddress:
            return Trouble.NOT_ALLOWED
        except (OSError, http.client.HTTPException, ValueError):
            return Trouble.NO_ANSWER
        if not isinstance(found, _Elsewhere):
            return found
        address = found.address
    return Trouble.REFUSED


def _ask(address: str, headers: Mapping[str, str], door: Door) -> Fetched | Unchanged | Trouble | _Elsewhere:
    """One question."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    there = door.resolve(host)
    # One that is not open among them is reason enough: which of them is reached would be a matter of luck.
    if not there or not all(door.is_open(one) for one in there):
        raise NotAnAddress
    connection = _Connection(host, there[0], door)
    alarm = Timer(door.longest, _hang_up, [connection])
    alarm.daemon = True
    alarm.start()
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers=dict(headers))
        with connection.getresponse() as response:
            found = _answer(address, headers, response)
        # What was cut off by ourselves may look whole.
        return Trouble.NO_ANSWER if connection.took_too_long else found
    finally:
        alarm.cancel()
        connection.close()


def _answer(
    address: str, headers: Mapping[str, str], response: http.client.HTTPResponse
) -> Fetched | Unchanged | Trouble | _Elsewhere:
    if response.status in REDIRECTS:
        return _Elsewhere(urljoin(address, response.getheader("Location") or ""))
    if response.status == 304 and {"If-None-Match", "If-Modified-Since"} & set(headers):
        return Unchanged()
    if response.status != 200:
        return Trouble.REFUSED
    raw = response.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        return Trouble.TOO_LARGE
    if response.length:
        # It hung up before all of it was there.
        return Trouble.NO_ANSWER
    return Fetched(raw, _mark(response, "ETag", LONGEST_ETAG), _mark(response, "Last-Modified", LONGEST_DATE))


def _mark(response: http.client.HTTPResponse, name: str, longest: int) -> str:
    """A mark that can be sent back as it is, or none."""
    words = response.getheader(name) or ""
    return words if len(words) <= longest and words.isascii() and words.isprintable() else ""


def _hang_up(connection: _Connection) -> None:
    """A server that sends a letter a second would hold the worker for hours: no single step takes too long."""
    connection.took_too_long = True
    try:
        if connection.line is not None:
            connection.line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
