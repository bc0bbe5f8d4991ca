"""decisions that can be undone, questions and notes on the timeline, and who looks after a request."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_decisions"
down_revision = "2026_11_23_rules_series_queue"

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
]
NEW_ACTION = [*OLD_ACTION, "decide", "undo", "void", "ask", "reply", "note", "forward", "hand"]


def one_of(values: Iterable[str]) -> str:
    return f"action IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_decision_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_decision_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("request_id", name=op.f("uq_decision_request_id")),
    )
    op.create_index(op.f("ix_decision_due_at"), "decision", ["due_at"])
    with op.batch_alter_table("request") as batch:
        batch.add_column(sa.Column("handler_id", sa.Integer()))
        batch.create_foreign_key(op.f("fk_request_handler_id"), "account", ["handler_id"], ["id"], ondelete="SET NULL")
    op.add_column("event", sa.Column("is_internal", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of(NEW_ACTION))
        batch.alter_column("is_internal", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    new = ", ".join(repr(action) for action in NEW_ACTION if action not in OLD_ACTION)
    op.execute(f"DELETE FROM event WHERE action IN ({new})")
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of(OLD_ACTION))
        batch.drop_column("is_internal")
    with op.batch_alter_table("request") as batch:
        batch.drop_constraint(op.f("fk_request_handler_id"), type_="foreignkey")
        batch.drop_column("handler_id")
    op.drop_table("decision")
