"""answers and bounces by mail: what came in, and by which address an answer is known."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_inbox"
down_revision = "2026_11_30_keeping"

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
]
NEW_ACTION = [*OLD_ACTION, "bounce", "stranger"]
OUTCOME = ["kept", "stranger", "refused", "bounced", "left"]


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.create_table(
        "incoming_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("request_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(one_of("outcome", OUTCOME), name=op.f("ck_incoming_letter_outcome")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_incoming_letter_request_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_incoming_letter_key")),
    )
    op.create_index(op.f("ix_incoming_letter_at"), "incoming_letter", ["at"])
    op.create_index(op.f("ix_incoming_letter_request_id"), "incoming_letter", ["request_id"])
    op.add_column("letter", sa.Column("reply_token", sa.String(24), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("bounced_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("letter") as batch:
        batch.alter_column("reply_token", existing_type=sa.String(24), server_default=None)
    op.create_index(op.f("ix_letter_reply_token"), "letter", ["reply_token"])
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of("action", NEW_ACTION))


def downgrade() -> None:
    new = ", ".join(repr(action) for action in NEW_ACTION if action not in OLD_ACTION)
    op.execute(f"DELETE FROM event WHERE action IN ({new})")
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of("action", OLD_ACTION))
    op.drop_index(op.f("ix_letter_reply_token"), "letter")
    with op.batch_alter_table("letter") as batch:
        batch.drop_column("bounced_at")
        batch.drop_column("reply_token")
    op.drop_table("incoming_letter")
