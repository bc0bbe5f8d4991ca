"""The database marks itself that the calendar of a room changed, so that no writer can forget it."""

from dataclasses import dataclass

TABLE = "calendar_mark"


@dataclass(frozen=True)
class Marker:
    """A trigger: after this deed on a table, where ``when`` holds, the rooms that ``rooms`` selects get a new mark."""

    table: str
    deed: str
    when: str
    rooms: str

    @property
    def trigger(self) -> str:
        return f"{self.table}_calendar_{self.deed}"


def _differ(*columns: str, or_none: tuple[str, ...] = ()) -> str:
    """Whether one of these columns changed; ``or_none``: texts that may be missing."""
    differences = [f"OLD.{one} <> NEW.{one}" for one in columns]
    differences += [f"COALESCE(OLD.{one}, '') <> COALESCE(NEW.{one}, '')" for one in or_none]
    return f"({' OR '.join(differences)})"


NEW_ROOM = "SELECT id FROM room WHERE id = NEW.room_id"
OLD_ROOM = "SELECT id FROM room WHERE id = OLD.room_id"
BOTH_ROOMS = "SELECT id FROM room WHERE id IN (NEW.room_id, OLD.room_id)"
ROOM_OF_PROGRAMME = "SELECT room_id FROM own_programme WHERE id = {row}.programme_id"
# What never stood in a calendar changes none: a request that waits, or that was refused.
STANDS = "({row}.status = 'approved' OR {row}.was_confirmed)"

ROOMS_OF_REQUEST = """
    SELECT DISTINCT room_id FROM occurrence AS one
    WHERE one.request_id = NEW.id AND (one.status = 'approved' OR one.was_confirmed)
"""

ROOMS_OF_ACTIVITY = """
    SELECT DISTINCT room_id FROM occurrence AS one
    WHERE one.request_id = NEW.request_id AND (one.status = 'approved' OR one.was_confirmed)
    UNION SELECT room_id FROM own_programme WHERE id = NEW.programme_id
    UNION SELECT moved.room_id FROM own_programme AS moved
    JOIN programme_date AS day ON day.moved_to_id = moved.id WHERE day.programme_id = NEW.programme_id
"""

ROOMS_OF_DATE = "SELECT DISTINCT room_id FROM own_programme WHERE id IN (NEW.programme_id, NEW.moved_to_id)"

MARKERS = (
    Marker("occurrence", "insert", STANDS.format(row="NEW"), NEW_ROOM),
    Marker(
        "occurrence",
        "update",
        f"({STANDS.format(row='OLD')} OR {STANDS.format(row='NEW')})"
        f" AND {_differ('status', 'room_id', 'from_epoch', 'to_epoch', 'sequence', 'changed_at')}",
        BOTH_ROOMS,
    ),
    Marker("occurrence", "delete", STANDS.format(row="OLD"), OLD_ROOM),
    Marker(
        "request",
        "update",
        _differ("activity", "is_public"),
        ROOMS_OF_REQUEST,
    ),
    Marker("own_programme", "update", _differ("title", "is_public", "room_id", "sequence", "changed_at"), BOTH_ROOMS),
    Marker("own_programme", "delete", "1 = 1", OLD_ROOM),
    Marker("occupancy", "insert", "NEW.programme_id IS NOT NULL", ROOM_OF_PROGRAMME.format(row="NEW")),
    Marker("occupancy", "delete", "OLD.programme_id IS NOT NULL", ROOM_OF_PROGRAMME.format(row="OLD")),
    Marker("programme_gone", "insert", "1 = 1", NEW_ROOM),
    Marker("programme_date", "insert", "1 = 1", ROOMS_OF_DATE),
    Marker("programme_date", "update", "1 = 1", ROOMS_OF_DATE),
    Marker("closure", "insert", "1 = 1", NEW_ROOM),
    Marker("closure", "update", _differ("room_id", "first_day", "last_day", "reason"), BOTH_ROOMS),
    Marker("closure", "delete", "1 = 1", OLD_ROOM),
    Marker("activity", "insert", "1 = 1", ROOMS_OF_ACTIVITY),
    Marker(
        "activity",
        "update",
        _differ("title", "text", "audience", "price", "changed_at", or_none=("theme",)),
        ROOMS_OF_ACTIVITY,
    ),
)
TABLES = frozenset(one.table for one in MARKERS)
TRIGGERS = frozenset(one.trigger for one in MARKERS)


# Drawn by lot, not counted: a database that was put back from a copy never comes to the marks it had before. They are
# small enough to be added up. Without a condition, SQLite would take ON CONFLICT for that of a join.
MARK = """
    INSERT INTO calendar_mark (room_id, mark) SELECT one.*, LOT FROM (ROOMS) AS one WHERE 1 = 1
    ON CONFLICT (room_id) DO UPDATE SET mark = excluded.mark
"""
LOT = {"sqlite": "abs(random() % 1099511627776)", "postgresql": "floor(random() * 1099511627776)"}


def _sqlite(one: Marker) -> list[str]:
    mark = MARK.replace("LOT", LOT["sqlite"]).replace("ROOMS", one.rooms)
    head = f"CREATE TRIGGER IF NOT EXISTS {one.trigger} AFTER {one.deed.upper()} ON {one.table}"
    return [f"{head} WHEN {one.when} BEGIN {mark}; END"]


def _postgresql(one: Marker) -> list[str]:
    mark = MARK.replace("LOT", LOT["postgresql"]).replace("ROOMS", one.rooms)
    head = f"CREATE OR REPLACE TRIGGER {one.trigger} AFTER {one.deed.upper()} ON {one.table}"
    body = f"$$ BEGIN {mark}; RETURN NULL; END $$"
    return [
        f"CREATE OR REPLACE FUNCTION {one.trigger}() RETURNS trigger AS {body} LANGUAGE plpgsql",
        f"{head} FOR EACH ROW WHEN ({one.when}) EXECUTE FUNCTION {one.trigger}()",
    ]


STATEMENTS = {
    "sqlite": [statement for one in MARKERS for statement in _sqlite(one)],
    "postgresql": [statement for one in MARKERS for statement in _postgresql(one)],
}
