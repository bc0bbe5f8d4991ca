"""What the desk's own pages cost: an inbox in which much waits beside an empty one."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import time, timedelta
from itertools import repeat
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event

from tests import running
from tests.bench.load import request
from tests.bench.table import Figure
from tests.bench.ways import Party, in_turns
from tests.builders import make_account, make_city_desk, make_desk, make_request, make_room, make_venue
from tests.running import Site
from tests.torture.caller import Caller
from zalenzoeker import clock
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.slots import Slot, to_local
from zalenzoeker.services import accounts
from zalenzoeker.storage import accounts as stored_accounts
from zalenzoeker.storage import migrating
from zalenzoeker.storage.db import db

ROOMS, WAITING = 40, 500
ROOMS_OF_A_HOUSE = 4
TURNS = 100
MOST_TIMES = 2
DECIDER = "marcel@bench.example"
INBOX = "/balie"


def fill(waiting: int) -> None:
    """Houses with forty rooms and one desk for all of them, and so many requests that wait for it."""
    make_city_desk()
    member = make_account(DECIDER, "Marcel De Smet")
    first = None
    rooms = []
    for number in range(ROOMS // ROOMS_OF_A_HOUSE):
        venue = make_venue(f"huis-{number}")
        rooms += [make_room(f"zaal-{one}", venue=venue) for one in range(ROOMS_OF_A_HOUSE)]
        first = make_desk(f"balie-{number}", venue=venue, members=[member], email=f"balie{number}@bench.example")
    assert first is not None
    now = clock.now()
    begins = to_local(now).date() + timedelta(days=35)
    for number in range(waiting):
        day = begins + timedelta(days=number // (2 * ROOMS))
        hour = 10 if number % (2 * ROOMS) < ROOMS else 14
        slot = Slot.on(day, time(hour), time(hour + 3))
        make_request(
            room=rooms[number % ROOMS],
            slot=slot,
            now=now,
            visitor=Visitor(is_limited=False),
            contact_email=f"vrager{number}@bench.example",
        )


@contextmanager
def site_with(folder: Path, waiting: int) -> Iterator[tuple[Site, Flask]]:
    """The site on a new database with so many requests that wait, and an app on the same."""
    folder.mkdir()
    database = f"sqlite:///{folder}/zalenzoeker.db"
    app = create_app(Config(database_url=database, secret_key=running.SECRET, map_tiles_url="", var_dir=folder))
    migrating.init_app(app)
    with app.app_context():
        upgrade()
        fill(waiting)
        db.session.remove()
    with running.site(database, folder) as site:
        yield site, app
    with app.app_context():
        db.engine.dispose()


def party_of(site: Site, app: Flask) -> Party:
    """The decider, who has signed in and opens the inbox again and again."""
    with app.app_context():
        token = accounts.make_link(DECIDER, now=clock.now())
        db.session.remove()
    with Caller(site.port).sign_in(token) as caller:
        cookie = caller.cookie
    return Party(site, repeat(request(INBOX, {"Cookie": cookie})), TURNS)


def queries(app: Flask) -> int:
    """How many times the inbox asks the database, once the site knows its rooms."""
    browser = app.test_client()
    with browser.session_transaction() as session, app.app_context():
        account = stored_accounts.by_email(DECIDER)
        assert account is not None
        session.update({"_user_id": account.code, "_fresh": True})
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    browser.get(INBOX)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        browser.get(INBOX)
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def inbox() -> Iterator[Figure]:
    """Five hundred requests that wait over forty rooms, in turns with an empty inbox."""
    with tempfile.TemporaryDirectory(prefix="zz-bench-") as folder, ExitStack() as things:
        empty, full = (things.enter_context(site_with(Path(folder) / str(many), many)) for many in (0, WAITING))
        few, many = queries(empty[1]), queries(full[1])
        yield Figure(
            "inbox, 500 requests over 40 rooms: queries", str(many), str(few), limit="the same", kept=many == few
        )
        yield from in_turns("  in turns with an empty inbox", party_of(*full), party_of(*empty), limit=MOST_TIMES)
