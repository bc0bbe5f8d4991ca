"""an identity for days on which a room is closed, for the calendars that show them, and since when they say so."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_closed_days"
down_revision = "2026_12_05_dates"

SINCE = datetime(2026, 11, 24, tzinfo=UTC)


def upgrade() -> None:
    op.add_column("closure", sa.Column("code", sa.String(43), nullable=True))
    op.add_column("closure", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    fill()
    with op.batch_alter_table("closure") as batch:
        batch.alter_column("code", existing_type=sa.String(43), nullable=False)
        batch.alter_column("closed_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.create_unique_constraint(op.f("uq_closure_code"), ["code"])


def fill() -> None:
    """Nobody wrote down when a house closed: calendars name the day of this change."""
    closure = sa.table(
        "closure", sa.column("id"), sa.column("code"), sa.column("closed_at", sa.DateTime(timezone=True))
    )
    for (closure_id,) in op.get_bind().execute(sa.select(closure.c.id)).all():
        values = {"code": secrets.token_urlsafe(16), "closed_at": SINCE}
        op.execute(sa.update(closure).where(closure.c.id == closure_id).values(values))


def downgrade() -> None:
    with op.batch_alter_table("closure") as batch:
        batch.drop_constraint(op.f("uq_closure_code"), type_="unique")
        batch.drop_column("closed_at")
        batch.drop_column("code")
