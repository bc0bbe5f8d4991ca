"""The ground of the measurements: a site with the demonstration on it, and beside it the floor, on the same server."""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests import running
from tests.running import Site
from zalenzoeker import cli
from zalenzoeker.app import create_app
from zalenzoeker.config import ROOT, Config
from zalenzoeker.gateways.processes import site_command
from zalenzoeker.storage.db import db

HALL = "open-huis-drongen/zaal-open-huis"
FLOOR = Path(__file__).parent / "floor"


@dataclass(frozen=True)
class Ground:
    """What runs: the site with its database, and the floor."""

    site: Site
    floor: Site
    database: str
    app: Flask


@contextmanager
def ground() -> Iterator[Ground]:
    """Start both; they are gone at the end with everything that was written."""
    with tempfile.TemporaryDirectory(prefix="zz-bench-") as name:
        folder = Path(name)
        with demonstration(folder) as (site, database, app), floor(folder) as flat:
            yield Ground(site, flat, database, app)


@contextmanager
def demonstration(folder: Path, clock_file: Path | None = None) -> Iterator[tuple[Site, str, Flask]]:
    """Start the site on a new database with the demonstration; gives it, the address of its database, and an app on it.

    ``clock_file``: what holds the moment that counts as now.
    """
    database = f"sqlite:///{folder}/zalenzoeker.db"
    app = prepared(database, folder, clock_file)
    clock = {"DEMO_CLOCK": str(clock_file)} if clock_file else {}
    with running.site(database, folder, DEMO="1", **clock) as site:
        yield site, database, app


def prepared(database: str, folder: Path, clock_file: Path | None) -> Flask:
    """An app on a new database that was filled as the first `make run` does: the register and a demonstration."""
    config = Config(
        database_url=database,
        secret_key=running.SECRET,
        demo=True,
        demo_clock=clock_file,
        map_tiles_url="",
        var_dir=folder,
    )
    app = create_app(config)
    with app.app_context(), contextlib.redirect_stdout(io.StringIO()):
        cli.prepare()
        db.engine.dispose()
    return app


def floor(folder: Path) -> Site:
    """The constant page on a server like the site's, with the same options, ready to be started."""
    port = running.free_port()
    environ = running.environment(PYTHONPATH=str(ROOT))
    return Site(site_command(port), environ, folder / "floor.log", FLOOR, port=port)
