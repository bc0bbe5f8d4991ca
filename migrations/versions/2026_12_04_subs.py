"""addresses of private calendars, and the weekly letter."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_subs"
down_revision = "2026_12_03_feeds"


def upgrade() -> None:
    op.create_table(
        "feed_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("association_id IS NULL OR desk_id IS NULL", name=op.f("ck_feed_token_of_one_thing")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_feed_token_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name=op.f("fk_feed_token_association_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_feed_token_desk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_token_hash")),
    )
    for column in ("account_id", "association_id", "desk_id"):
        op.create_index(op.f(f"ix_feed_token_{column}"), "feed_token", [column], unique=False)


def downgrade() -> None:
    op.drop_table("feed_token")
