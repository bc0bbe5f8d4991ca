"""The database's own guards: against overlap, and for counting changes of facts; in each engine's words."""

from typing import Any

from sqlalchemy import Connection, MetaData, event, inspect, text

from zalenzoeker.domain.availability import LONGEST_TAKEN
from zalenzoeker.storage import calendar_guards
from zalenzoeker.storage.db import Base

NO_OVERLAP = "occupancy_no_overlap"
NO_OVERLAP_INSERT = "occupancy_no_overlap_insert"
NO_OVERLAP_UPDATE = "occupancy_no_overlap_update"

# One name in the message of either engine, so that the storage recognises the refusal.
GUARD_NAMES = (NO_OVERLAP,)
COUNTS_FACTS = "counts_facts"
MARKS_CALENDARS = "marks_calendars"
ALL = (NO_OVERLAP, COUNTS_FACTS, MARKS_CALENDARS)

# A range of one space id needs no extension, where "space_id WITH =" would need btree_gist.
POSTGRESQL = [
    """
    ALTER TABLE occupancy ADD CONSTRAINT occupancy_no_overlap EXCLUDE USING gist (
        int8range(space_id, space_id, '[]') WITH &&,
        int8range(from_epoch, to_epoch) WITH &&
    ) WHERE (by <> 'queued')
    """
]

# No row is longer than LONGEST_TAKEN, so what began before that cannot be in the way and is not read.
CLASH = f"""
    other.space_id = NEW.space_id AND other.by <> 'queued'
    AND other.from_epoch < NEW.to_epoch AND other.from_epoch > NEW.from_epoch - {LONGEST_TAKEN}
    AND NEW.from_epoch < other.to_epoch
"""

SQLITE = [
    f"""
    CREATE TRIGGER IF NOT EXISTS occupancy_no_overlap_insert BEFORE INSERT ON occupancy
    WHEN NEW.by <> 'queued' AND EXISTS (SELECT 1 FROM occupancy AS other WHERE {CLASH})
    BEGIN SELECT RAISE(ABORT, 'occupancy_no_overlap'); END
    """,
    f"""
    CREATE TRIGGER IF NOT EXISTS occupancy_no_overlap_update
    BEFORE UPDATE OF space_id, from_epoch, to_epoch, by ON occupancy
    WHEN NEW.by <> 'queued' AND EXISTS (
        SELECT 1 FROM occupancy AS other WHERE other.rowid <> OLD.rowid AND {CLASH}
    )
    BEGIN SELECT RAISE(ABORT, 'occupancy_no_overlap'); END
    """,
]

# What is known of rooms besides who has them when. A change of any of it is counted by the database itself.
FACT_TABLES = (
    "neighbourhood",
    "venue",
    "room",
    "space",
    "room_space",
    "facility",
    "room_facility",
    "house_fact",
    "house_text",
    "opening",
    "rule",
    "special_day",
    "desk",
    "routing_line",
    "diary",
)
COUNT = "UPDATE revision SET number = number + 1 WHERE name = 'facts'"
BODY = f"$$ BEGIN {COUNT}; RETURN NULL; END $$"
FIRST_COUNT = "INSERT INTO revision (name, number) SELECT 'facts', 0 WHERE NOT EXISTS (SELECT 1 FROM revision)"
COUNTERS = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS {table}_counts_{deed} AFTER {deed} ON {table} BEGIN {COUNT}; END"
        for table in FACT_TABLES
        for deed in ("insert", "update", "delete")
    ],
    "postgresql": [
        f"CREATE OR REPLACE FUNCTION count_change() RETURNS trigger AS {BODY} LANGUAGE plpgsql",
        *(
            f"CREATE OR REPLACE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
            for table in FACT_TABLES
        ),
    ],
}

STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


@event.listens_for(Base.metadata, "after_create")
def make_with_tables(_metadata: MetaData, connection: Connection, **_options: Any) -> None:
    """Where tables are made without a migration, the guards come with them."""
    make(connection)


@event.listens_for(Base.metadata, "before_drop")
def stop_counting(_metadata: MetaData, connection: Connection, **_options: Any) -> None:
    """SQLite empties a table that refers to itself before it drops it, and the counter would look for what is gone."""
    if connection.dialect.name == "sqlite":
        for table in FACT_TABLES:
            for deed in ("insert", "update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_counts_{deed}"))
        for name in calendar_guards.TRIGGERS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))


def present(connection: Connection) -> set[str]:
    """Which guards this database has. On SQLite both triggers must be there to count."""
    if connection.dialect.name == "postgresql":
        names = set(connection.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'x'")))
        counters = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
        counted = {f"{table}_counts" for table in FACT_TABLES} <= counters
        calendars = counters >= calendar_guards.TRIGGERS
    else:
        triggers = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        names = {NO_OVERLAP} if {NO_OVERLAP_INSERT, NO_OVERLAP_UPDATE} <= triggers else set()
        deeds = ("insert", "update", "delete")
        counted = {f"{table}_counts_{deed}" for table in FACT_TABLES for deed in deeds} <= triggers
        calendars = triggers >= calendar_guards.TRIGGERS
    counters_there = {name for name, is_there in ((COUNTS_FACTS, counted), (MARKS_CALENDARS, calendars)) if is_there}
    return (names & {NO_OVERLAP}) | counters_there


def make(connection: Connection) -> None:
    """Put the guards in place where they are missing: Alembic's batch mode drops SQLite's triggers."""
    there, tables = present(connection), set(inspect(connection).get_table_names())
    if NO_OVERLAP not in there and "occupancy" in tables:
        for statement in STATEMENTS[connection.dialect.name]:
            connection.execute(text(statement))
    if COUNTS_FACTS not in there and {"revision", *FACT_TABLES} <= tables:
        connection.execute(text(FIRST_COUNT))
        for statement in COUNTERS[connection.dialect.name]:
            connection.execute(text(statement))
    if MARKS_CALENDARS not in there and {calendar_guards.TABLE, *calendar_guards.TABLES} <= tables:
        for statement in calendar_guards.STATEMENTS[connection.dialect.name]:
            connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Take the guards away, for a migration that changes what they stand on; it must call ``make`` afterwards."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE occupancy DROP CONSTRAINT IF EXISTS occupancy_no_overlap"))
        return
    for name in (NO_OVERLAP_INSERT, NO_OVERLAP_UPDATE):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
