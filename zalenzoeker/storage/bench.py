"""The rows of a large invented set, written in bulk; the database's guards look at each of them as always."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, text

from zalenzoeker.storage.db import Base, db, is_sqlite
from zalenzoeker.storage.models import Venue


def source_of_places() -> str | None:
    """What the first place of this database says of its source; None when there is no place."""
    return db.session.scalar(select(Venue.source).order_by(Venue.id).limit(1))


def last_id(table: type[Base]) -> int:
    """The highest id of a table, or 0."""
    return db.session.scalar(select(func.max(table.__table__.c.id))) or 0


def write(table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that bring their own ids, all with the same columns, inside a write unit."""
    if rows:
        db.session.execute(insert(table.__table__), list(rows))


def settle(tables: Sequence[type[Base]]) -> None:
    """After rows with ids of their own: let PostgreSQL count on from there, and know how many rows there are now.

    It would find the latter out by itself within minutes; SQLite keeps neither.
    """
    if is_sqlite():
        return
    for table in tables:
        name = table.__tablename__
        sequence = select(func.setval(func.pg_get_serial_sequence(name, "id"), func.max(table.__table__.c.id)))
        db.session.execute(sequence)
    db.session.execute(text("ANALYZE"))
