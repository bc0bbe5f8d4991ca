"""what a desk proposes instead: another moment, room or place, kept until its asker answers"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_proposal"
down_revision = "2026_11_26_advice"

OLD_STATUS = [
    "unproved",
    "requested",
    "approved",
    "refused",
    "withdrawn",
    "cancelled",
    "expired",
    "lapsed",
    "skipped",
    "waiting",
    "offered",
]
NEW_STATUS = [*OLD_STATUS, "proposed"]
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
]
NEW_ACTION = [*OLD_ACTION, "propose", "agree", "decline", "proposal_end"]


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def set_checks(statuses: Iterable[str], actions: Iterable[str]) -> None:
    for table in ("request", "occurrence", "event"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_status"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_status"), one_of("status", statuses))
            if table == "event":
                batch.drop_constraint(op.f("ck_event_action"), type_="check")
                batch.create_check_constraint(op.f("ck_event_action"), one_of("action", actions))


def upgrade() -> None:
    set_checks(NEW_STATUS, NEW_ACTION)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("desk_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("overruled", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_proposal_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_proposal_desk_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_proposal_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("request_id", name=op.f("uq_proposal_request_id")),
    )
    op.create_index(op.f("ix_proposal_until"), "proposal", ["until"])
    op.create_index(op.f("ix_proposal_token_hash"), "proposal", ["token_hash"])


def downgrade() -> None:
    op.drop_table("proposal")
    # What was proposed holds a room beside its date; without the proposal that room is free again.
    proposed = "status = 'proposed' OR (status = 'skipped' AND replaces_id IS NOT NULL)"
    op.execute(f"DELETE FROM occupancy WHERE occurrence_id IN (SELECT id FROM occurrence WHERE {proposed})")
    op.execute(f"DELETE FROM occurrence WHERE {proposed}")
    op.execute("DELETE FROM event WHERE action IN ('propose', 'agree', 'decline', 'proposal_end')")
    set_checks(OLD_STATUS, OLD_ACTION)
