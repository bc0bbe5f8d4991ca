"""What a round of the clock costs while ten thousand requests wait, and that each step is told once to each person."""

import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from tests import running
from tests.bench.table import Figure, at_most
from tests.builders import NOW, make_account, make_desk, make_request, make_room, make_venue
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.services import deadlines
from zalenzoeker.storage.db import db, write_unit

OPEN, MEMBERS, ROUNDS = 10_000, 5, 2
MOST_SECONDS = 5.0
# Of each copy of a request: what must be its own.
OWN = {
    "request": {"id": "n", "code": "'clock-' || n", "reference": "'CL-' || n", "form_key": "'clock-' || n"},
    "occurrence": {"id": "n", "request_id": "n", "uid": "'clock-' || n"},
}
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)"
TWICE = "SELECT count(*) FROM (SELECT 1 FROM letter GROUP BY request_id, kind, recipient HAVING count(*) > 1)"


def clock() -> Iterator[Figure]:
    """A round in which nothing is due, the first rounds in which a reminder of everything is, and whom they wrote."""
    with tempfile.TemporaryDirectory(prefix="zz-clock-") as folder:
        database = f"sqlite:///{folder}/zalenzoeker.db"
        app = create_app(
            Config(database_url=database, secret_key=running.SECRET, map_tiles_url="", var_dir=Path(folder))
        )
        with app.app_context():
            db.create_all()
            _fill()
            yield from _figures(f"a night's round, {OPEN:,} requests wait", _round(NOW))
            yield from _figures("  and one in which nothing is due", _round(NOW + timedelta(hours=1)))
            due = NOW + timedelta(days=5)
            slowest = max(_round(due) for _number in range(ROUNDS))
            yield from _figures(f"  and one in which {deadlines.STEPS_A_ROUND:,} reminders are due", slowest)
            yield at_most("  letters that somebody got twice", db.session.scalar(text(TWICE)) or 0, 0, "")
            reminded = text("SELECT count(*) - :members * count(DISTINCT request_id) FROM letter WHERE kind = :kind")
            told = {"members": MEMBERS, "kind": "request_reminder"}
            yield at_most("  members who got none", abs(db.session.scalar(reminded, told) or 0), 0, "")
            db.session.remove()
            db.engine.dispose()


def _fill() -> None:
    """Ten thousand copies of one request that waits for a group of five."""
    room = make_room(venue=make_venue("klok"))
    members = [make_account(f"lid{number}@klok.example") for number in range(MEMBERS)]
    make_desk("klok", venue=room.venue, members=members)
    make_request(room=room)
    with write_unit() as session:
        for table, own in OWN.items():
            columns = [column.name for column in db.metadata.tables[table].columns]
            values = [own.get(name, f'one."{name}"') for name in columns]
            names = ", ".join(f'"{name}"' for name in columns)
            copies = f"{NUMBERS} SELECT {', '.join(values)} FROM {table} AS one, numbers WHERE one.id = 1"
            session.execute(text(f"INSERT INTO {table} ({names}) {copies}"), {"count": OPEN})


def _round(now: datetime) -> tuple[float, float]:
    """How many seconds it lasted, and how many of them the processor worked for it."""
    begun, worked = time.perf_counter(), time.process_time()
    deadlines.tick(now)
    return time.perf_counter() - begun, time.process_time() - worked


def _figures(name: str, took: tuple[float, float]) -> Iterator[Figure]:
    yield at_most(name, took[0], MOST_SECONDS, "s", digits=2)
    yield Figure("    its processor time", f"{took[1]:.2f} s")
