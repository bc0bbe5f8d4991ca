"""The tables as a whole: whether the last migration has run, told without Alembic, and how to let go of them all."""

import re
from pathlib import Path

from sqlalchemy import column, inspect, select, table

from zalenzoeker.storage import self_check
from zalenzoeker.storage.db import db

MIGRATIONS = Path(__file__).parents[2] / "migrations"
DOWN_REVISION = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
ALEMBIC_VERSION = table("alembic_version", column("version_num"))


def last_migrations() -> set[str]:
    """The migrations that no other one follows; more than one is a fault of the checkout, which Alembic will name."""
    files = list((MIGRATIONS / "versions").glob("*.py"))
    followed = {name for file in files for name in DOWN_REVISION.findall(file.read_text("utf-8"))}
    return {file.stem for file in files} - followed


def is_of_today() -> bool:
    """Whether the last migration has run and the guards stand: else the migrations are run, which make both right."""
    connection = db.session.connection()
    if not inspect(connection).has_table(ALEMBIC_VERSION.name):
        return False
    made = set(connection.scalars(select(ALEMBIC_VERSION.c.version_num)))
    return made == last_migrations() and not self_check.missing_guards()


def let_go() -> None:
    """Close what this thread reads and all that rests: a connection to SQLite must not live on in a forked process."""
    db.session.remove()
    db.engine.dispose()
