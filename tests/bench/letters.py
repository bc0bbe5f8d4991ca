"""How quickly ten thousand letters that wait are handed to a mail server, beside a bare loop of smtplib."""

import smtplib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import func, select, text

from tests import running
from tests.bench.table import Figure, at_least
from tests.builders import make_decider, make_request, make_room
from tests.running import Program
from zalenzoeker import rounds
from zalenzoeker.app import create_app
from zalenzoeker.config import Config, MailSettings
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways import mailer
from zalenzoeker.gateways.letter_draft import at_once
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState

LETTERS, SAMPLE = 10_000, 600
SENDER = "zalen@huis.example"
PATIENCE = 10.0
# Each of the letters of one request that was approved is written again to so many others.
OWN = {
    "id": "{kinds} * n + one.id",
    "code": "'bench-' || n || '-' || one.id",
    "event_key": "'bench-' || n || '-' || one.id",
    "recipient": "'lezer' || n || '@post.example'",
}
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)"


def letters() -> Iterator[Figure]:
    """The worker's letters a second, the bare loop's before and after it in the same run, and how they compare."""
    with tempfile.TemporaryDirectory(prefix="zz-letters-") as folder:
        port = running.free_port()
        command = [sys.executable, "-m", "tests.bench.postbox", str(port)]
        with Program(command, running.environment(), Path(folder) / "postbox.log"):
            _wait_for(port)
            config = Config(
                database_url=f"sqlite:///{folder}/zalenzoeker.db",
                secret_key=running.SECRET,
                map_tiles_url="",
                var_dir=Path(folder),
                mail=MailSettings(running.processes.LOOPBACK, port, SENDER),
            )
            with create_app(config).app_context():
                db.create_all()
                _fill()
                yield from _compared(port)
                db.session.remove()
                db.engine.dispose()


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while running.processes.is_free(port):
        assert time.monotonic() < until, "the mail server did not start"
        time.sleep(0.05)


def _fill() -> None:
    room = make_room()
    make_decider(room)
    make_request(Status.APPROVED, room=room)
    with write_unit() as session:
        kinds = session.scalar(select(func.count()).select_from(Letter)) or 1
        own = {name: value.format(kinds=kinds) for name, value in OWN.items()}
        columns = [column.name for column in Letter.__table__.columns]
        values = ", ".join(own.get(name, f'one."{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        copies = f"{NUMBERS} SELECT {values} FROM letter AS one, numbers WHERE one.id <= {kinds}"
        session.execute(text(f"INSERT INTO letter ({names}) {copies}"), {"count": -(-LETTERS // kinds)})
        session.execute(text("DELETE FROM letter WHERE id > :last"), {"last": LETTERS})


def _compared(port: int) -> Iterator[Figure]:
    messages, written = _messages()
    # Both over one connection, and each letter with a DATA of its own; the second has nothing to do but to send.
    loops: dict[str, Callable[[smtplib.SMTP], None]] = {
        "messages that are ready": lambda host: _send_messages(host, messages),
        "bytes that are ready": lambda host: _send_bytes(host, written),
    }
    before = {name: _rate(port, loop) for name, loop in loops.items()}
    waiting = _waiting()
    assert waiting == LETTERS, f"{waiting} letters wait instead of {LETTERS}"
    begun = time.perf_counter()
    while rounds.deliver():
        pass
    seconds = time.perf_counter() - begun
    assert _waiting() == 0, "letters were left behind"
    after = {name: _rate(port, loop) for name, loop in loops.items()}
    first, second = [(before[name] + after[name]) / 2 for name in loops]
    yield at_least(
        f"{LETTERS:,} letters handed over, one worker",
        LETTERS / seconds,
        second / 2,
        "/s",
        baseline=f"{second:.0f}/s, 50 %",
    )
    yield Figure("    beside a loop that writes out messages", f"{LETTERS / seconds:.0f}/s", f"{first:.0f}/s")


def _messages() -> tuple[Sequence[EmailMessage], Sequence[tuple[str, bytes]]]:
    """The same letters as objects of the email library, and as bytes."""
    rows = db.session.scalars(select(Letter).order_by(Letter.id).limit(SAMPLE)).all()
    house = {"sender": SENDER, "sender_name": "Zalenzoeker", "public_url": "http://127.0.0.1:8000"}
    messages = [mailer.compose(row.parcel, **house) for row in rows]
    written = [(row.recipient, at_once(mailer.write(row.parcel, **house))) for row in rows]
    db.session.close()
    return messages, written


def _waiting() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).where(Letter.state == LetterState.WAITING)) or 0


def _rate(port: int, loop: Callable[[smtplib.SMTP], None]) -> float:
    """Letters a second over one connection."""
    with smtplib.SMTP(running.processes.LOOPBACK, port) as host:
        begun = time.perf_counter()
        loop(host)
        return SAMPLE / (time.perf_counter() - begun)


def _send_messages(host: smtplib.SMTP, messages: Sequence[EmailMessage]) -> None:
    for message in messages:
        host.send_message(message)


def _send_bytes(host: smtplib.SMTP, written: Sequence[tuple[str, bytes]]) -> None:
    for recipient, content in written:
        host.sendmail(SENDER, recipient, content)
