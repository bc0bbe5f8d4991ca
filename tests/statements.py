"""What is asked of the database, written down."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from zalenzoeker.storage.db import db


@contextmanager
def asked() -> Iterator[list[str]]:
    """Every statement that is sent meanwhile; there must be one, or nothing was looked at."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert seen, "Nothing was asked of the database: nothing was seen."
