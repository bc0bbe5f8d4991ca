"""routing lines by kind of activity and public holiday, each with a code of its own."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_routing"
down_revision = "2026_11_24_decisions"

ACTIVITY_KIND = [
    "vergadering",
    "vorming",
    "repetitie",
    "buurtactiviteit",
    "feest",
    "optreden",
    "beweging",
    "eredienst",
    "partijpolitiek",
    "verkoop",
    "andere",
]


def upgrade() -> None:
    op.add_column("routing_line", sa.Column("code", sa.String(length=43)))
    line = sa.table("routing_line", sa.column("id", sa.Integer), sa.column("code", sa.String))
    for line_id in op.get_bind().scalars(sa.select(line.c.id)).all():
        op.execute(line.update().where(line.c.id == line_id).values(code=secrets.token_urlsafe(16)))
    values = ", ".join(repr(value) for value in ACTIVITY_KIND)
    with op.batch_alter_table("routing_line") as batch:
        batch.alter_column("code", existing_type=sa.String(length=43), nullable=False)
        batch.create_unique_constraint(op.f("uq_routing_line_code"), ["code"])
        batch.add_column(sa.Column("activity_kind", sa.String(length=40)))
        batch.create_check_constraint(op.f("ck_routing_line_activity_kind"), f"activity_kind IN ({values})")
        batch.add_column(sa.Column("on_holidays", sa.Boolean()))


def downgrade() -> None:
    # A line that says more than the old table can would let somebody else decide.
    op.execute("DELETE FROM routing_line WHERE activity_kind IS NOT NULL OR on_holidays IS NOT NULL")
    with op.batch_alter_table("routing_line") as batch:
        batch.drop_column("on_holidays")
        batch.drop_constraint(op.f("ck_routing_line_activity_kind"), type_="check")
        batch.drop_column("activity_kind")
        batch.drop_constraint(op.f("uq_routing_line_code"), type_="unique")
        batch.drop_column("code")
