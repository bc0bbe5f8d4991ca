"""a mark of what the calendar of a room shows."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_feeds"
down_revision = "2026_12_02_address"

# As the guards name them today.
COUNTED = {
    "occurrence": ("insert", "update", "delete"),
    "request": ("update",),
    "own_programme": ("update", "delete"),
    "occupancy": ("insert", "delete"),
    "programme_gone": ("insert",),
    "closure": ("insert", "update", "delete"),
}


def upgrade() -> None:
    op.create_table(
        "calendar_mark",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_calendar_mark_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_calendar_mark")),
    )


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, deeds in COUNTED.items():
        for deed in deeds:
            name = f"{table}_calendar_{deed}"
            op.execute(
                f"DROP TRIGGER IF EXISTS {name} ON {table}" if is_postgresql else f"DROP TRIGGER IF EXISTS {name}"
            )
            if is_postgresql:
                op.execute(f"DROP FUNCTION IF EXISTS {name}()")
    op.drop_table("calendar_mark")
