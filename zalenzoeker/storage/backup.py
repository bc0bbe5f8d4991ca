"""One file with the whole database, checked, and back again."""

import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

from zalenzoeker.storage.db import db


class NoBackup(Exception):
    """The database cannot be kept or put back like this; the message says why and what to do."""


def write(path: Path) -> None:
    """Copy the database into one file, while the site runs. Raises NoBackup."""
    source = _file()
    if path.exists():
        raise NoBackup(f"{path} exists already: name another file, or move that one away.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(source) as connection:
        connection.execute("VACUUM INTO ?", (str(path),))
    connection.close()
    check(path)


def restore(path: Path) -> None:
    """Put a backup in the place of the database; the site must not run. Raises NoBackup."""
    target = _file()
    check(path)
    with sqlite3.connect(path) as kept, sqlite3.connect(target) as connection:
        kept.backup(connection)
    kept.close()
    connection.close()


def check(path: Path) -> None:
    """Raise NoBackup when a file is no whole database of this site."""
    if not path.is_file():
        raise NoBackup(f"there is no file {path}.")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise NoBackup(f"{path} is no database ({error}).") from error
    finally:
        connection.close()
    if not whole or not {"request", "occupancy", "alembic_version"} <= tables:
        raise NoBackup(f"{path} is damaged or no database of this site.")


def _file() -> Path:
    """The file of the SQLite database. Raises NoBackup on PostgreSQL, which has its own tools."""
    url = make_url(str(db.engine.url))
    if url.get_backend_name() != "sqlite" or not url.database:
        raise NoBackup("this database is PostgreSQL: keep it with pg_dump, put it back with pg_restore.")
    return Path(url.database)
