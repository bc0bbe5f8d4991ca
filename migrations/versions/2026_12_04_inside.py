"""activities inside the open hours of a house, and shielded ones."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_inside"
down_revision = "2026_12_04_letters"

OLD_POLICY = ["hold", "queue", "instant", "wait"]
NEW_POLICY = [*OLD_POLICY, "inside"]
OLD_RULE = [
    "lead_days",
    "lead_counts",
    "horizon_months",
    "least_minutes",
    "most_minutes",
    "latest_end",
    "setup_minutes",
    "cleanup_minutes",
    "day_parts",
    "weekly_months",
    "open_requests",
    "week_hours",
    "who",
    "neighbourhood_first",
    "excluded",
    "closed_season",
    "closed_on",
    "pending",
    "hold_days",
    "instant",
    "exceptions",
]
NEW_RULE = [*OLD_RULE, "inside"]
OLD_ACTION = [
    "prove",
    "lapse",
    "approve",
    "confirm",
    "refuse",
    "overtake",
    "withdraw",
    "cancel",
    "expire",
    "hold_end",
    "change",
    "let_go",
    "put_back",
    "wait",
    "offer",
    "accept",
    "miss",
    "decide",
    "undo",
    "void",
    "ask",
    "reply",
    "note",
    "forward",
    "hand",
    "remind",
    "to_deputy",
    "to_city",
    "vote",
    "advise",
    "propose",
    "agree",
    "decline",
    "proposal_end",
    "bounce",
    "stranger",
]
NEW_ACTION = [*OLD_ACTION, "shield"]
SHIELDED = "NOT (is_shielded AND is_public)"
# What looks into a table that is made anew stands in its way; the migration's surroundings make them again.
LOOKS_INTO = (
    "occupancy_calendar_insert",
    "occupancy_calendar_delete",
    "request_calendar_update",
    "activity_calendar_insert",
    "activity_calendar_update",
)


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def drop_markers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in LOOKS_INTO:
            op.execute(f"DROP TRIGGER IF EXISTS {trigger}")


def upgrade() -> None:
    drop_markers()
    for table in ("request", "own_programme"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("is_shielded", sa.Boolean(), nullable=False, server_default=sa.false()))
            batch.create_check_constraint(op.f(f"ck_{table}_shielded_is_not_public"), SHIELDED)
        with op.batch_alter_table(table) as batch:
            batch.alter_column("is_shielded", existing_type=sa.Boolean(), server_default=None)
    check("request", "policy", "policy", NEW_POLICY)
    check("rule", "rule_name", "name", NEW_RULE)
    check("event", "action", "action", NEW_ACTION)


def check(table: str, name: str, column: str, values: Iterable[str]) -> None:
    """From here on a column has one of these values."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), one_of(column, values))


def downgrade() -> None:
    drop_markers()
    op.execute("DELETE FROM event WHERE action = 'shield'")
    op.execute("DELETE FROM rule WHERE name = 'inside'")
    # The old table knows none that takes nothing; in a queue it takes nothing while it waits.
    op.execute("UPDATE request SET policy = 'queue' WHERE policy = 'inside'")
    check("event", "action", "action", OLD_ACTION)
    check("rule", "rule_name", "name", OLD_RULE)
    check("request", "policy", "policy", OLD_POLICY)
    for table in ("request", "own_programme"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_shielded_is_not_public"), type_="check")
            batch.drop_column("is_shielded")
