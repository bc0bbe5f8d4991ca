"""One file with the whole database and the pictures that belong to it, checked, and back again."""

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.engine import make_url

from zalenzoeker.storage.db import db


class NoBackup(Exception):
    """The database cannot be kept or put back like this; the message says why and what to do."""


def write(path: Path, pictures: Iterable[tuple[str, bytes]] = ()) -> None:
    """Copy the database and the pictures, each with its name, into one file, while the site runs. Raises NoBackup."""
    source = _file()
    if path.exists():
        raise NoBackup(f"{path} exists already: name another file, or move that one away.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(source) as connection:
        connection.execute("VACUUM INTO ?", (str(path),))
    connection.close()
    # After the database: a picture that came meanwhile is one too many, never one too few. The site itself has no such
    # table, because it has its pictures in a folder.
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE kept_picture (name TEXT PRIMARY KEY, content BLOB NOT NULL)")
        connection.executemany("INSERT INTO kept_picture VALUES (?, ?)", pictures)
    connection.close()
    check(path)


def restore(path: Path, keep: Callable[[str, bytes], None] = lambda _name, _content: None) -> None:
    """Put a backup in the place of the database; the site must not run. Raises NoBackup.

    ``keep``: is given each picture, with its name.
    """
    target = _file()
    check(path)
    with sqlite3.connect(path) as kept, sqlite3.connect(target) as connection:
        for name, content in kept.execute("SELECT name, content FROM kept_picture") if _has_pictures(kept) else ():
            keep(name, content)
        kept.backup(connection)
        connection.execute("DROP TABLE IF EXISTS kept_picture")
    kept.close()
    connection.close()


def _has_pictures(kept: sqlite3.Connection) -> bool:
    """Backups of former days have none."""
    return kept.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept_picture'").fetchone() is not None


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
