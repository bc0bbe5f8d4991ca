"""What is asked of the database, written down."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from zalenzoeker.storage.db import db


@contextmanager
def asked(*, at_least: int = 1) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile; there must be one, or nothing was looked at.

    What is asked of the driver itself is not among them (``storage.feeds.standing``).
    """
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) >= at_least, "Nothing was asked of the database: nothing was seen."
