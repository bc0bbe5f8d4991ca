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
    with tempfile.TemporaryDirectory(prefix="zz-bench-") as folder:
        database = f"sqlite:///{folder}/zalenzoeker.db"
        app = prepared(database, Path(folder))
        with running.site(database, Path(folder), DEMO="1") as site, floor(Path(folder)) as flat:
            assert isinstance(site, Site)
            assert isinstance(flat, Site)
            yield Ground(site, flat, database, app)


def prepared(database: str, folder: Path) -> Flask:
    """An app on a new database that was filled as the first `make run` does: the register and a demonstration."""
    config = Config(database_url=database, secret_key=running.SECRET, demo=True, map_tiles_url="", var_dir=folder)
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
