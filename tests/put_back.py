"""A database that took long to fill is filled once, and put back for every test that begins there."""

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from zalenzoeker.storage.db import db

KEPT: dict[Hashable, tuple[Any, bytes]] = {}


def filled_once(file: Path, key: Hashable, fill: Callable[[], Any]) -> Any:
    """Return what ``fill`` returned for this key, with its rows in the SQLite file."""
    if key not in KEPT:
        made = fill()
        close()
        KEPT[key] = made, file.read_bytes()
    made, _contents = KEPT[key]
    begin_again(file, key)
    return made


def begin_again(file: Path, key: Hashable) -> None:
    """Make everything as it was when it was filled."""
    close()
    file.write_bytes(KEPT[key][1])


def close() -> None:
    db.session.remove()
    # Closing the last connection also writes SQLite's log back into the file.
    db.engine.dispose()
