"""a queue of letters that stopped, and letters of which it is forgotten what they said."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_worker"
down_revision = "2026_12_04_busy"


def upgrade() -> None:
    op.create_table(
        "mail_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_stop")),
    )
    # Not in batch mode: SQLite adds a column by itself, and a table of letters made anew costs minutes.
    op.add_column("letter", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("letter", "forgotten_at")
    op.drop_table("mail_stop")
