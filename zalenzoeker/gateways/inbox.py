"""The mailbox that answers and bounces come to, read by IMAP."""

# The library of Python itself, because it can fetch the beginning of a mail only: whatever somebody sends, no more than
# that is ever held here. Nothing is deleted, and a mail counts as read only when ``done`` says so.

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

T = TypeVar("T")

TIMEOUT_SECONDS = 10.0
# The text stands before what is attached to it, and a report with its letter is smaller.
MOST_BYTES = 256 * 1024
TROUBLE = (imaplib.IMAP4.error, OSError, ValueError, LookupError, TypeError, AttributeError, EOFError)


class NoMailbox(Exception):
    """The mailbox does not answer, or does not let us in."""


@dataclass(frozen=True)
class Mailbox:
    """Where it is, and how it is opened. ``address``: what people write to; what follows a plus comes here too."""

    host: str
    port: int
    user: str
    folder: str
    address: str
    is_encrypted: bool
    password: str = field(repr=False)

    def address_for(self, token: str) -> str:
        """The address by which an answer names the letter that it answers."""
        name, _at, domain = self.address.rpartition("@")
        return f"{name}+{token}@{domain}"


def at(setting: str, *, sender: str) -> Mailbox:
    """The mailbox of a setting, ``imaps://user:password@host:port/folder``.

    Its address is the name of the user where that is one, else the ``sender`` of our letters.
    """
    parts = urlsplit(setting)
    is_encrypted, user = parts.scheme == "imaps", unquote(parts.username or "")
    return Mailbox(
        host=parts.hostname or "",
        port=parts.port or (993 if is_encrypted else 143),
        user=user,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        address=user if "@" in user else sender,
        is_encrypted=is_encrypted,
        password=unquote(parts.password or ""),
    )


class OpenMailbox:
    """A mailbox that is open: what is new in it, and the mark that a mail was dealt with."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def new(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """The mails that nobody dealt with, the oldest first, each with its number. Raises NoMailbox."""
        found = _asked(lambda: self._ask("SEARCH", "UNSEEN"))
        numbers = found[0].split() if found and isinstance(found[0], bytes) else []
        for number in sorted(numbers, key=_as_number)[:limit]:
            uid = number.decode("ascii", "replace")
            if raw := self._beginning(uid):
                yield uid, raw

    def _beginning(self, uid: str) -> bytes:
        """So much of a mail as is looked at; nothing of one that somebody deleted meanwhile."""
        answer = _asked(lambda: self._ask("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
        held = next((one[1] for one in answer if isinstance(one, tuple)), b"")
        return bytes(held[:MOST_BYTES])

    def done(self, uid: str) -> None:
        """This mail was dealt with. Raises NoMailbox: then it comes again."""
        _asked(lambda: self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))

    def _ask(self, command: str, *words: str) -> list[Any]:
        status, answer = self._server.uid(command, *words)
        if status != "OK":
            raise NoMailbox(f"{command}: {status} {answer!r}"[:200])
        return answer


@contextmanager
def opened(box: Mailbox, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[OpenMailbox]:
    """Sign in to the mailbox and open its folder. Raises NoMailbox; never waits long."""
    server = _asked(lambda: _connected(box, timeout))
    try:
        _asked(lambda: _sign_in(server, box))
        yield OpenMailbox(server)
    finally:
        _hang_up(server)


def knock(box: Mailbox) -> None:
    """Open the mailbox and read nothing. Raises NoMailbox."""
    with opened(box):
        pass


def _connected(box: Mailbox, timeout: float) -> imaplib.IMAP4:
    if box.is_encrypted:
        return imaplib.IMAP4_SSL(box.host, box.port, ssl_context=ssl.create_default_context(), timeout=timeout)
    return imaplib.IMAP4(box.host, box.port, timeout=timeout)


def _sign_in(server: imaplib.IMAP4, box: Mailbox) -> None:
    server.login(box.user, box.password)
    folder = box.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, answer = server.select(f'"{folder}"')
    if status != "OK":
        raise NoMailbox(f"no folder {box.folder}: {answer!r}"[:200])


def _asked(ask: Callable[[], T]) -> T:
    """What the server answers; whatever goes wrong with it is one kind of trouble, and the password is in none."""
    try:
        return ask()
    except TROUBLE as error:
        raise NoMailbox(f"{type(error).__name__}: {error}"[:200]) from error


def _as_number(uid: bytes) -> int:
    return int(uid) if uid.isdigit() else 0


def _hang_up(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except TROUBLE:
        server.shutdown()
