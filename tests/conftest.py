"""The stage of every test: a database of its own, the app on it, its clock, and no road to the outside."""

import contextvars
import gc
import ipaddress
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy.engine import make_url

from tests import postgres
from tests import smtp as mail_server
from tests.builders import NOW
from tests.statements import asked
from zalenzoeker import clock as system_clock
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.storage import migrating
from zalenzoeker.storage.db import db
from zalenzoeker.storage.guards import GUARD_NAMES

ENGINES = ("sqlite", "postgresql")
POSTGRES_DATABASES = pytest.StashKey[list[str]]()
SECRET = "only for tests: forty-eight letters, none secret."


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "both(*engines): runs on SQLite and PostgreSQL, or on these; else on SQLite alone"
    )
    sys.addaudithook(_stay_inside)
    # The same examples each time, on a machine of any speed: a failure can be looked at again.
    settings.register_profile("house", derandomize=True, deadline=None, database=None)
    settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What was imported stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _stay_inside(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection that would leave this machine: a test that needs one is wrong."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise AssertionError(f"a test wanted to reach {host}: give it a server on 127.0.0.1")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both")
        engines = (both.args or ENGINES) if both else ["sqlite"]
        marks = {"postgresql": [pytest.mark.postgres]}
        metafunc.parametrize("engine", [pytest.param(engine, marks=marks.get(engine, [])) for engine in engines])


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A migrated file without rows; each test gets a copy."""
    file = tmp_path_factory.mktemp("template") / "zalenzoeker.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def postgres_template(postgres_server) -> str:
    """A migrated database without rows, to make others from."""
    address = postgres.fresh_database(postgres_server)
    _migrate(address)
    return address


def _migrate(address: str) -> None:
    app = create_app(Config(database_url=address, secret_key=SECRET))
    migrating.init_app(app)
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A folder that the tests of one process use one after the other, so that they can share their apps."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def database(engine, request, home) -> Iterator[str]:
    """The address of a database of one's own, with all tables and no rows."""
    if engine == "postgresql":
        with _postgres_database(request) as address:
            yield address
        return
    for file in home.glob("zalenzoeker.db*"):
        file.unlink()
    shutil.copyfile(request.getfixturevalue("sqlite_template"), home / "zalenzoeker.db")
    yield f"sqlite:///{home / 'zalenzoeker.db'}"


@contextmanager
def _postgres_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Emptying a database is ten times quicker than making one; one that a test has bent is thrown away."""
    kept: list[str] = request.session.stash.setdefault(POSTGRES_DATABASES, [])
    if not kept:
        template = request.getfixturevalue("postgres_template")
        kept.append(postgres.fresh_database(request.getfixturevalue("postgres_server"), template=template))
    yield kept[0]
    plain = make_url(kept[0]).set(drivername="postgresql").render_as_string(hide_password=False)
    # The count of changed facts goes on, or what was kept of the last test's rooms would be taken for the next one's.
    tables = [table for table in reversed(db.metadata.sorted_tables) if table.name != "revision"]
    empty = [f'DELETE FROM "{table.name}"' for table in tables]
    try:
        with psycopg.connect(plain) as connection:
            connection.execute("; ".join(["SET lock_timeout = '2s'", *empty]))
            guards = connection.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'x'").fetchone()
        is_sound = guards == (len(GUARD_NAMES),)
    except psycopg.Error:
        is_sound = False
    if not is_sound:
        postgres.drop_database(kept.pop())


@dataclass
class Clock:
    """What time the app thinks it is. Services and domain do not look: they are told ``now``."""

    file: Path
    now: datetime

    def stands_at(self, moment: datetime) -> None:
        self.now = moment
        fresh = self.file.with_suffix(".new")
        fresh.write_text(moment.isoformat(), encoding="utf-8")
        fresh.replace(self.file)

    def passes(self, time: timedelta) -> None:
        self.stands_at(self.now + time)


@pytest.fixture
def clock(home) -> Iterator[Clock]:
    """The clock of the app, which stands at NOW until the test moves it."""
    clock = Clock(home / "clock.txt", NOW)
    clock.stands_at(NOW)
    yield clock
    system_clock.set_file(None)


@pytest.fixture
def config(database, clock, home) -> Config:
    """The settings of the app; a test that wants others asks ``make_app``."""
    var = home / "var"
    shutil.rmtree(var, ignore_errors=True)
    return Config(database_url=database, secret_key=SECRET, map_tiles_url="", demo_clock=clock.file, var_dir=var)


class Visit(FlaskClient):
    """A test client whose requests share nothing with the test: neither ``g`` nor what the session has read."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.close()
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def make_app(config) -> Iterator[Callable[..., Flask]]:
    """Make an app on this test's database, with other settings than ``config``: ``make_app(demo=True)``."""
    before: list[tuple[Flask, dict[str, Any]]] = []

    def make(**settings: Any) -> Flask:
        wanted = replace(config, **settings)
        app = _app_with(wanted)
        system_clock.set_file(wanted.demo_clock)
        before.append((app, dict(app.config)))
        return app

    yield make
    for app, former in reversed(before):
        app.config.clear()
        app.config.update(former)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@cache
def _app_with(config: Config) -> Flask:
    """An app costs as much as a short test; those with the same settings share one."""
    app = create_app(config)
    migrating.init_app(app)
    app.testing = True
    app.test_client_class = Visit
    return app


@pytest.fixture
def app(make_app) -> Iterator[Flask]:
    """The app, with a context, so that builders, services and storage can be called as they are."""
    app = make_app()
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def queries_of() -> Callable[[Callable[[], object]], list[str]]:
    """Return a function that looks at something twice and gives what was asked of the database the second time."""

    def count(look: Callable[[], object]) -> list[str]:
        look()
        with asked() as seen:
            look()
        return seen

    return count


@pytest.fixture
def smtp() -> Iterator[mail_server.Postbox]:
    """A real mail server of one's own; what it should do wrong is put in ``smtp.faults``."""
    with mail_server.running() as postbox:
        yield postbox
