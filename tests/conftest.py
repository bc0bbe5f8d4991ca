"""The stage of every test: a database of its own, the app on it, its clock, and no road to the outside."""

import contextvars
import ipaddress
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings

from tests import postgres
from tests.builders import NOW
from zalenzoeker import clock as system_clock
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.storage.db import db

SECRET = "only for tests: forty-eight letters, none secret."


def pytest_configure(config):
    config.addinivalue_line("markers", "both: runs on SQLite and on PostgreSQL; without it a test runs on SQLite alone")
    sys.addaudithook(_stay_inside)
    # The same examples each time, on a machine of any speed: a failure can be looked at again.
    settings.register_profile("house", derandomize=True, deadline=None, database=None)
    settings.load_profile("house")


def _stay_inside(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection that would leave this machine: a test that needs one is wrong."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise AssertionError(f"a test wanted to reach {host}: give it a server on 127.0.0.1")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        engines = ["sqlite"]
        if metafunc.definition.get_closest_marker("both"):
            engines.append(pytest.param("postgresql", marks=pytest.mark.postgres))
        metafunc.parametrize("engine", engines)


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
    """A migrated database without rows; each test gets a copy."""
    address = postgres.fresh_database(postgres_server)
    _migrate(address)
    return address


def _migrate(address: str) -> None:
    with create_app(Config(database_url=address, secret_key=SECRET)).app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture
def database(engine, request, tmp_path) -> Iterator[str]:
    """The address of a database of one's own, with all tables and no rows."""
    if engine == "sqlite":
        file = tmp_path / "zalenzoeker.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    template = request.getfixturevalue("postgres_template")
    address = postgres.fresh_database(request.getfixturevalue("postgres_server"), template=template)
    yield address
    postgres.drop_database(address)


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
def clock(tmp_path) -> Iterator[Clock]:
    """The clock of the app, which stands at NOW until the test moves it."""
    clock = Clock(tmp_path / "clock.txt", NOW)
    clock.stands_at(NOW)
    yield clock
    system_clock.set_file(None)


@pytest.fixture
def config(database, clock, tmp_path) -> Config:
    """The settings of the app; a test that wants others asks ``make_app``."""
    return Config(
        database_url=database, secret_key=SECRET, map_tiles_url="", demo_clock=clock.file, var_dir=tmp_path / "var"
    )


class Visit(FlaskClient):
    """A test client whose requests share nothing with the test: neither ``g`` nor what the session has read."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.close()
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def make_app(config) -> Iterator[Callable[..., Flask]]:
    """Make an app on this test's database, with other settings than ``config``: ``make_app(demo=True)``."""
    made = []

    def make(**settings: Any) -> Flask:
        app = create_app(replace(config, **settings))
        app.testing = True
        app.test_client_class = Visit
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app) -> Iterator[Flask]:
    """The app, with a context, so that builders, services and storage can be called as they are."""
    app = make_app()
    with app.app_context():
        yield app
        db.session.remove()
