"""The database: its extension, write units, column types, and how each engine is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, MetaData, String, Table, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_SECONDS = 15
# Each connection has its own; the system keeps the pages of the file as well, once for all of them.
CACHE_KIB = 512

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: constraint names by convention."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC on both engines; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Flask-SQLAlchemy 3.1 with SQLAlchemy 2.1 refuses a type map on the base, so the types are annotated.
Key = Annotated[int, mapped_column(primary_key=True)]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
EpochSeconds = Annotated[int, mapped_column(BigInteger)]
WallTime = Annotated[datetime, mapped_column(DateTime(timezone=False))]
Facts = Annotated[dict[str, Any], mapped_column(JSON)]
Name = Annotated[str, mapped_column(String(200))]
Slug = Annotated[str, mapped_column(String(100))]
Code = Annotated[str, mapped_column(String(43), unique=True)]


class WriteUnitOpen(RuntimeError):
    """A write unit was opened inside another one, or over changes nobody committed."""


@contextmanager
def write_unit() -> Iterator[Session]:
    """One transaction that writes: committed at the end, rolled back on any exception.

    On SQLite it takes the write lock at once, so that two writers wait for each other in the open instead of failing
    with "database is locked"; therefore it is the first use of the session. What was read before stays readable as it
    was, but belongs to the session no longer.
    """
    session = db.session
    if session.new or session.dirty or session.deleted or session.info.get("in_write_unit"):
        raise WriteUnitOpen
    session.close()
    session.info["in_write_unit"] = True
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_write_unit"] = False


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def insert_into(model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what is done where the row is there already, in the words of the database in use."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    return insert(cast(Table, model.__table__))


@event.listens_for(Engine, "connect")
def set_up_connection(connection: Any, entry: ConnectionPoolEntry) -> None:
    """SQLite: our own BEGIN, write-ahead log, nothing acknowledged before it is on disk."""
    if type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
        f"cache_size=-{CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def begin(connection: Connection) -> None:
    """SQLite: readers begin deferred, write units take the lock at once."""
    if connection.dialect.name == "sqlite":
        kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")
