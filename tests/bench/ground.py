"""The grounds of the measurements: sites with data on them, and beside them the floor, on the same server."""

import contextlib
import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests import postgres, running
from tests.running import Site
from zalenzoeker import cli, clock
from zalenzoeker.app import create_app
from zalenzoeker.config import ROOT, Config
from zalenzoeker.domain.slots import to_local
from zalenzoeker.gateways.processes import site_command
from zalenzoeker.storage.db import db

HALL = "open-huis-drongen/zaal-open-huis"
FLOOR = Path(__file__).parent / "floor"
KEPT = ROOT / "var" / "bench"
VENUES, ROOMS = 60, 120
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True)
class Ground:
    """What runs: a site with its database, and an app on the same database, to look things up in."""

    name: str
    site: Site
    database: str
    app: Flask

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith(SQLITE)


@contextmanager
def demonstration(folder: Path, clock_file: Path | None = None) -> Iterator[tuple[Site, str, Flask]]:
    """Start the site on a new database with the demonstration; gives it, the address of its database, and an app on it.

    ``clock_file``: what holds the moment that counts as now.
    """
    database = f"sqlite:///{folder}/zalenzoeker.db"
    app = prepared(database, folder, clock_file)
    moment = {"DEMO_CLOCK": str(clock_file)} if clock_file else {}
    with running.site(database, folder, DEMO="1", **moment) as site:
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


@contextmanager
def bench_data(folder: Path, bookings: int, engine: str = SQLITE) -> Iterator[Ground]:
    """Start the site on a copy of the set with so many bookings, which is gone at the end with all that was asked."""
    folder = folder / f"{engine}-{bookings}"
    folder.mkdir()
    with contextlib.ExitStack() as things:
        if engine == SQLITE:
            shutil.copyfile(kept_set(bookings), folder / "zalenzoeker.db")
            database = f"sqlite:///{folder}/zalenzoeker.db"
        else:
            database = postgres.fresh_database(things.enter_context(postgres.server(durable=True)))
            _fill(database, bookings)
        app = create_app(Config(database_url=database, secret_key=running.SECRET, map_tiles_url="", var_dir=folder))
        site = things.enter_context(running.site(database, folder))
        yield Ground(f"{engine}, {bookings:,}", site, database, app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def kept_set(bookings: int) -> Path:
    """A file with the set as it is made today, kept until the day or what makes it changes."""
    digest = hashlib.sha256(to_local(clock.now()).date().isoformat().encode())
    package = ROOT / "zalenzoeker"
    makers = [*package.glob("services/bench_*.py"), *package.glob("storage/models/*.py"), package / "storage/guards.py"]
    for maker in sorted([*makers, *ROOT.glob("migrations/versions/*.py")]):
        digest.update(maker.read_bytes())
    file = KEPT / f"{bookings}-{digest.hexdigest()[:12]}.db"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        for old in KEPT.glob(f"{bookings}-*"):
            old.unlink()
        fresh = file.with_suffix(".new")
        _fill(f"sqlite:///{fresh}", bookings)
        fresh.rename(file)
    return file


def _fill(database: str, bookings: int) -> None:
    """Run the commands that make the set in a new database."""
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    size = ["--venues", str(VENUES), "--rooms", str(ROOMS), "--bookings", str(bookings)]
    for command in (["db", "upgrade"], ["bench-data", *size]):
        environ = running.environment(DATABASE_URL=database)
        done = subprocess.run([*flask, *command], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, check=False)
        assert done.returncode == 0, f"flask {' '.join(command)} failed"


def floor(folder: Path) -> Site:
    """The constant page on a server like the site's, with the same options, ready to be started."""
    port = running.free_port()
    environ = running.environment(PYTHONPATH=str(ROOT))
    return Site(site_command(port), environ, folder / "floor.log", FLOOR, port=port)
