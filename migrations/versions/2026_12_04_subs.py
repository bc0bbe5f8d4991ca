"""addresses of private calendars, and the weekly letter."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_subs"
down_revision = "2026_12_04_inside"


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
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_issue", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("email", name=op.f("uq_subscription_email")),
    )
    for column in ("asked_at", "last_issue"):
        op.create_index(op.f(f"ix_subscription_{column}"), "subscription", [column], unique=False)
    op.create_table(
        "subscription_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_subscription_link_subscription_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_subscription_link_token_hash")),
    )
    for column in ("subscription_id", "created_at"):
        op.create_index(op.f(f"ix_subscription_link_{column}"), "subscription_link", [column], unique=False)


def downgrade() -> None:
    op.drop_table("subscription_link")
    op.drop_table("subscription")
    op.drop_table("feed_token")
