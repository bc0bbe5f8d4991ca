"""single dates of own programme that the house changed by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_dates"
down_revision = "2026_12_04_subs"

# They know of the new table; the migration's surroundings make them again.
LOOKS_INTO = ("activity_calendar_insert", "activity_calendar_update")


def upgrade() -> None:
    op.create_table(
        "programme_date",
        sa.Column("uid", sa.String(length=60), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_to_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["own_programme.id"], name=op.f("fk_programme_date_programme_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["moved_to_id"], ["own_programme.id"], name=op.f("fk_programme_date_moved_to_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_programme_date")),
        sa.UniqueConstraint("moved_to_id", name=op.f("uq_programme_date_moved_to_id")),
    )
    op.create_index(op.f("ix_programme_date_programme_id"), "programme_date", ["programme_id"], unique=False)
    drop_markers()


def drop_markers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in LOOKS_INTO:
            op.execute(f"DROP TRIGGER IF EXISTS {trigger}")


def downgrade() -> None:
    drop_markers()
    op.drop_table("programme_date")
