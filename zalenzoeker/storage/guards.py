"""The database's own guards against overlap, in each engine's words."""

from sqlalchemy import DDL, Connection, event, inspect, text

from zalenzoeker.storage.models.occupancy import Occupancy

NO_OVERLAP = "occupancy_no_overlap"
NO_OVERLAP_INSERT = "occupancy_no_overlap_insert"
NO_OVERLAP_UPDATE = "occupancy_no_overlap_update"

# One name in the message of either engine, so that the storage recognises the refusal.
GUARD_NAMES = (NO_OVERLAP,)

# A range of one space id needs no extension, where "space_id WITH =" would need btree_gist.
POSTGRESQL = [
    """
    ALTER TABLE occupancy ADD CONSTRAINT occupancy_no_overlap EXCLUDE USING gist (
        int8range(space_id, space_id, '[]') WITH &&,
        int8range(from_epoch, to_epoch) WITH &&
    )
    """
]

SQLITE = [
    """
    CREATE TRIGGER IF NOT EXISTS occupancy_no_overlap_insert BEFORE INSERT ON occupancy
    WHEN EXISTS (
        SELECT 1 FROM occupancy AS other
        WHERE other.space_id = NEW.space_id
          AND other.from_epoch < NEW.to_epoch AND NEW.from_epoch < other.to_epoch
    )
    BEGIN SELECT RAISE(ABORT, 'occupancy_no_overlap'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS occupancy_no_overlap_update
    BEFORE UPDATE OF space_id, from_epoch, to_epoch ON occupancy
    WHEN EXISTS (
        SELECT 1 FROM occupancy AS other
        WHERE other.rowid <> OLD.rowid AND other.space_id = NEW.space_id
          AND other.from_epoch < NEW.to_epoch AND NEW.from_epoch < other.to_epoch
    )
    BEGIN SELECT RAISE(ABORT, 'occupancy_no_overlap'); END
    """,
]

STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}

for dialect, statements in STATEMENTS.items():
    for statement in statements:
        # DDL() reads a percent sign as its own; the guards have none.
        event.listen(Occupancy.__table__, "after_create", DDL(statement).execute_if(dialect=dialect))


def present(connection: Connection) -> set[str]:
    """Which guards this database has. On SQLite both triggers must be there to count."""
    if connection.dialect.name == "postgresql":
        query = text("SELECT conname FROM pg_constraint WHERE contype = 'x'")
        return set(connection.scalars(query)) & set(GUARD_NAMES)
    triggers = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    return {NO_OVERLAP} if {NO_OVERLAP_INSERT, NO_OVERLAP_UPDATE} <= triggers else set()


def make(connection: Connection) -> None:
    """Put the guards in place where they are missing: Alembic's batch mode drops SQLite's triggers."""
    if NO_OVERLAP in present(connection) or not inspect(connection).has_table("occupancy"):
        return
    for statement in STATEMENTS[connection.dialect.name]:
        connection.execute(text(statement))
