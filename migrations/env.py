"""How Alembic meets the database: through the app, in one transaction, with the guards made again afterwards."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from zalenzoeker.storage import guards, models
from zalenzoeker.storage.db import Base, UtcDateTime, db

assert models.__all__, "importing the models fills the metadata"


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a migration needs nothing of today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """Migrate on the app's own engine."""
    configure_args = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_item=render_item, **configure_args
        )
        with context.begin_transaction():
            context.run_migrations()
            # Batch mode copies a table on SQLite and loses its triggers on the way.
            guards.make(connection)
        connection.commit()


run()
