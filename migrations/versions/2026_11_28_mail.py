"""links in letters, by which a desk decides and an asker gives up a date."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_mail"
down_revision = "2026_11_27_proposal"


def upgrade() -> None:
    op.create_table(
        "decision_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("used_by_id", sa.Integer()),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_decision_link_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_decision_link_desk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_decision_link_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["account.id"], name=op.f("fk_decision_link_used_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_decision_link_token_hash")),
    )
    op.create_index(op.f("ix_decision_link_request_id"), "decision_link", ["request_id"])
    op.create_table(
        "date_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("from_epoch", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_date_reminder_occurrence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_reminder")),
        sa.UniqueConstraint("occurrence_id", "from_epoch", name=op.f("uq_date_reminder_occurrence_id_from_epoch")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_date_reminder_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("date_reminder")
    op.drop_table("decision_link")
