"""A real mail server on this machine that can be told to be busy, silent, forgetful, unfriendly, or to hang up."""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from enum import Enum, auto
from typing import Any

from aiosmtpd.smtp import SMTP

PATIENCE = 10.0
PORT_OF_THE_SYSTEM = 0


class Fault(Enum):
    """What goes wrong with one message."""

    NOTHING = auto()
    BUSY = auto()  # 421 at MAIL
    SENDER_LATER = auto()  # 451 at MAIL
    SENDER_REFUSED = auto()  # 550 at MAIL
    TOO_LARGE = auto()  # 552 at MAIL
    GREYLISTED = auto()  # 450 at RCPT
    UNKNOWN = auto()  # 550 at RCPT
    CLOSING = auto()  # 421 at RCPT
    DATA_LATER = auto()  # 451 at DATA
    DATA_NEVER = auto()  # 554 at DATA
    LATER = auto()  # 451 after the whole message
    NEVER = auto()  # 554 after the whole message
    HANG = auto()  # no answer to the message
    DROP_IN_DATA = auto()  # hangs up in the middle of the message
    DROP_BEFORE = auto()  # hangs up instead of accepting
    DROP_AFTER = auto()  # accepts, and hangs up before it can say so
    DROP_AT_QUIT = auto()  # accepts, says so, and hangs up at the goodbye


class Moment(Enum):
    """A moment in the handing over of a letter at which a server may stand still."""

    GREETING = auto()  # somebody called, and nothing was said yet
    SENDER = auto()  # a letter is announced
    RECIPIENT = auto()
    CONTENT = auto()  # its words may come
    WHOLE = auto()  # all of it came, and it is not accepted
    ACCEPTED = auto()  # it is, and nobody was told
    TOLD = auto()  # and now the next one is announced
    GOODBYE = auto()


class Door(Enum):
    """What happens to one who connects."""

    OPEN = auto()
    BUSY = auto()  # 421 instead of a greeting
    SHUT = auto()  # 554 instead of a greeting
    SLOW = auto()  # says nothing for long
    SLAMMED = auto()  # hangs up at once


GREETINGS = {Door.BUSY: "421 4.3.2 too many connections", Door.SHUT: "554 5.3.2 no mail from you"}
AT_MAIL = {
    Fault.BUSY: "421 4.3.2 busy, come back later",
    Fault.SENDER_LATER: "451 4.7.1 not now",
    Fault.SENDER_REFUSED: "550 5.7.1 we take nothing from you",
    Fault.TOO_LARGE: "552 5.3.4 too large",
}
AT_RCPT = {
    Fault.GREYLISTED: "450 4.2.0 greylisted",
    Fault.UNKNOWN: "550 5.1.1 no such user",
    Fault.CLOSING: "421 4.3.2 closing",
}
AT_DATA = {Fault.DATA_LATER: "451 4.3.0 not now", Fault.DATA_NEVER: "554 5.6.0 nothing from you"}


class Postbox:
    """The server: what it accepted, whom it does not know, and what it does wrong with the next messages, in order."""

    def __init__(self) -> None:
        self.port = PORT_OF_THE_SYSTEM
        self.messages: list[EmailMessage] = []
        self.dead: set[str] = set()
        self.faults: deque[Fault] = deque()
        self.doors: deque[Door] = deque()
        self.lines = 0
        self.letters_a_line = 1_000_000

    def recipients(self) -> list[str]:
        return [str(message["To"]) for message in self.messages]

    async def at(self, moment: Moment) -> None:
        """Whoever wants the server to stand still does so here."""

    # The names and arguments of what follows are aiosmtpd's.

    async def handle_MAIL(self, _server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:
        session.letters = getattr(session, "letters", 0) + 1
        await self.at(Moment.SENDER if session.letters == 1 else Moment.TOLD)
        if session.letters > self.letters_a_line:
            return "421 4.7.0 enough for one connection"
        session.fault = self.faults.popleft() if self.faults else Fault.NOTHING
        if session.fault in AT_MAIL:
            return AT_MAIL[session.fault]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:
        await self.at(Moment.RECIPIENT)
        if session.fault in AT_RCPT:
            return AT_RCPT[session.fault]
        if address in self.dead:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await self.at(Moment.WHOLE)
        if session.fault is Fault.LATER:
            return "451 4.3.0 try again"
        if session.fault is Fault.NEVER:
            return "554 5.6.0 we do not like this letter"
        if session.fault is Fault.HANG:
            await asyncio.sleep(PATIENCE)
        if session.fault is not Fault.DROP_BEFORE:
            self.messages.append(message_from_bytes(envelope.content, EmailMessage, policy=POLICY))
            await self.at(Moment.ACCEPTED)
        if session.fault in (Fault.DROP_BEFORE, Fault.DROP_AFTER):
            server.transport.abort()
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, _envelope: Any) -> str:
        await self.at(Moment.GOODBYE)
        if getattr(session, "fault", None) is Fault.DROP_AT_QUIT:
            server.transport.abort()
        return "221 Bye"


class FaultyServer(SMTP):
    """aiosmtpd, with what it never does by itself: an unfriendly greeting, and a no in the middle."""

    async def _handle_client(self) -> None:
        postbox: Postbox = self.event_handler
        postbox.lines += 1
        door = postbox.doors.popleft() if postbox.doors else Door.OPEN
        try:
            await postbox.at(Moment.GREETING)
            if door is Door.OPEN:
                await super()._handle_client()
            if door in GREETINGS:
                await self.push(GREETINGS[door])
            if door is Door.SLOW:
                await asyncio.sleep(PATIENCE)
        finally:
            # Also of one who is gone without a word.
            if self.transport is not None:
                self.transport.abort()

    async def smtp_DATA(self, arg: str) -> None:
        fault = getattr(self.session, "fault", Fault.NOTHING)
        await self.event_handler.at(Moment.CONTENT)
        if fault in AT_DATA:
            await self.push(AT_DATA[fault])
        elif fault is Fault.DROP_IN_DATA:
            await self.push("354 go on")
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


@contextmanager
def running(postbox: Postbox | None = None, **settings: Any) -> Iterator[Postbox]:
    """A server of one's own on 127.0.0.1, at ``port``; ``settings`` are aiosmtpd's."""
    postbox, loop, ready = postbox or Postbox(), asyncio.new_event_loop(), threading.Event()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        make = loop.create_server(lambda: FaultyServer(postbox, loop=loop, **settings), "127.0.0.1", PORT_OF_THE_SYSTEM)
        server = loop.run_until_complete(make)
        postbox.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        server.close()
        for task in (tasks := asyncio.all_tasks(loop)):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the mail server did not start"
    try:
        yield postbox
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
