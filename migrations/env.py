"""How Alembic meets the database: through the app, in one transaction, with the guards made again afterwards."""

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from zalenzoeker.storage import guards, models
from zalenzoeker.storage.db import Base, UtcDateTime, db

assert models.__all__, "importing the models fills the metadata"


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a migration needs nothing of today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def watch_references(connection: Connection, answer: str) -> None:
    """Whether SQLite looks after references."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None, "the connection is open"
        raw.execute(f"PRAGMA foreign_keys={answer}")


def check_references(connection: Connection) -> None:
    """What was not looked after meanwhile must be right at the end."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        assert not broken, f"references that lead nowhere: {broken[:5]}"


def run() -> None:
    """Migrate on the app's own engine."""
    configure_args = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        # A table made anew is dropped on the way, and with it would go what refers to it. Outside any transaction,
        # because SQLite does not listen inside one.
        watch_references(connection, "OFF")
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_item=render_item, **configure_args
        )
        with context.begin_transaction():
            context.run_migrations()
            # Batch mode copies a table on SQLite and loses its triggers on the way.
            guards.make(connection)
            check_references(connection)
        connection.commit()
        watch_references(connection, "ON")


run()
