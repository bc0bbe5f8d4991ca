"""The database counts itself how often the calendar of a room changed, so that no writer can forget it."""

from dataclasses import dataclass

TABLE = "calendar_version"


@dataclass(frozen=True)
class Counter:
    """A trigger: after this deed on a table, where ``when`` holds, the rooms that ``rooms`` selects are counted."""

    table: str
    deed: str
    when: str
    rooms: str

    @property
    def trigger(self) -> str:
        return f"{self.table}_calendar_{self.deed}"


def _differ(*columns: str) -> str:
    return "(" + " OR ".join(f"OLD.{one} <> NEW.{one}" for one in columns) + ")"


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

COUNTERS = (
    Counter("occurrence", "insert", STANDS.format(row="NEW"), NEW_ROOM),
    Counter(
        "occurrence",
        "update",
        f"({STANDS.format(row='OLD')} OR {STANDS.format(row='NEW')})"
        f" AND {_differ('status', 'room_id', 'from_epoch', 'to_epoch', 'sequence', 'changed_at')}",
        BOTH_ROOMS,
    ),
    Counter("occurrence", "delete", STANDS.format(row="OLD"), OLD_ROOM),
    Counter(
        "request",
        "update",
        _differ("activity", "is_public"),
        ROOMS_OF_REQUEST,
    ),
    Counter("own_programme", "update", _differ("title", "is_public", "room_id", "sequence", "changed_at"), BOTH_ROOMS),
    Counter("own_programme", "delete", "1 = 1", OLD_ROOM),
    Counter("occupancy", "insert", "NEW.programme_id IS NOT NULL", ROOM_OF_PROGRAMME.format(row="NEW")),
    Counter("occupancy", "delete", "OLD.programme_id IS NOT NULL", ROOM_OF_PROGRAMME.format(row="OLD")),
    Counter("programme_gone", "insert", "1 = 1", NEW_ROOM),
)
TABLES = frozenset(one.table for one in COUNTERS)
TRIGGERS = frozenset(one.trigger for one in COUNTERS)


# Without a condition, SQLite would take ON CONFLICT for that of a join.
COUNT = """
    INSERT INTO calendar_version (room_id, number) SELECT one.*, 1 FROM (ROOMS) AS one WHERE 1 = 1
    ON CONFLICT (room_id) DO UPDATE SET number = calendar_version.number + 1
"""


def _count(rooms: str) -> str:
    return COUNT.replace("ROOMS", rooms)


def _sqlite(one: Counter) -> list[str]:
    head = f"CREATE TRIGGER IF NOT EXISTS {one.trigger} AFTER {one.deed.upper()} ON {one.table}"
    return [f"{head} WHEN {one.when} BEGIN {_count(one.rooms)}; END"]


def _postgresql(one: Counter) -> list[str]:
    body = f"$$ BEGIN {_count(one.rooms)}; RETURN NULL; END $$"
    head = f"CREATE OR REPLACE TRIGGER {one.trigger} AFTER {one.deed.upper()} ON {one.table}"
    return [
        f"CREATE OR REPLACE FUNCTION {one.trigger}() RETURNS trigger AS {body} LANGUAGE plpgsql",
        f"{head} FOR EACH ROW WHEN ({one.when}) EXECUTE FUNCTION {one.trigger}()",
    ]


STATEMENTS = {
    "sqlite": [statement for one in COUNTERS for statement in _sqlite(one)],
    "postgresql": [statement for one in COUNTERS for statement in _postgresql(one)],
}
