"""desks whose members vote, their votes, and until when is voted about a request."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_advice"
down_revision = "2026_11_25_clock"

ADVICE_KIND = ["none", "decides", "advises"]
SILENCE = ["yes", "no", "nothing"]
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
]
NEW_ACTION = [*OLD_ACTION, "vote", "advise"]


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    with op.batch_alter_table("desk") as batch:
        batch.add_column(sa.Column("advice", sa.String(length=40), nullable=False, server_default="none"))
        batch.add_column(sa.Column("votes_needed", sa.SmallInteger(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("advice_days", sa.SmallInteger(), nullable=False, server_default="7"))
        batch.add_column(sa.Column("silence_means", sa.String(length=40), nullable=False, server_default="nothing"))
        batch.create_check_constraint(op.f("ck_desk_advice_kind"), one_of("advice", ADVICE_KIND))
        batch.create_check_constraint(op.f("ck_desk_silence"), one_of("silence_means", SILENCE))
    with op.batch_alter_table("desk") as batch:
        batch.alter_column("advice", existing_type=sa.String(length=40), server_default=None)
        batch.alter_column("votes_needed", existing_type=sa.SmallInteger(), server_default=None)
        batch.alter_column("advice_days", existing_type=sa.SmallInteger(), server_default=None)
        batch.alter_column("silence_means", existing_type=sa.String(length=40), server_default=None)
    with op.batch_alter_table("request") as batch:
        batch.add_column(sa.Column("voting", sa.JSON()))
        batch.add_column(sa.Column("votes_from", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("vote_until", sa.DateTime(timezone=True)))
    with op.batch_alter_table("request") as batch:
        batch.alter_column("votes_from", existing_type=sa.Integer(), server_default=None)
    op.create_index(op.f("ix_request_vote_until"), "request", ["vote_until"])
    op.add_column("decision", sa.Column("votes", sa.JSON()))
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("to_asker", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_vote_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_vote_desk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_vote_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("request_id", "desk_id", "account_id", name=op.f("uq_vote_request_id_desk_id_account_id")),
    )
    op.create_index(op.f("ix_vote_account_id"), "vote", ["account_id"])
    op.create_index(op.f("ix_vote_desk_id"), "vote", ["desk_id"])
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of("action", NEW_ACTION))


def downgrade() -> None:
    new = ", ".join(repr(action) for action in NEW_ACTION if action not in OLD_ACTION)
    op.execute(f"DELETE FROM event WHERE action IN ({new})")
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of("action", OLD_ACTION))
    op.drop_table("vote")
    with op.batch_alter_table("decision") as batch:
        batch.drop_column("votes")
    op.drop_index(op.f("ix_request_vote_until"), "request")
    with op.batch_alter_table("request") as batch:
        batch.drop_column("vote_until")
        batch.drop_column("votes_from")
        batch.drop_column("voting")
    with op.batch_alter_table("desk") as batch:
        batch.drop_constraint(op.f("ck_desk_silence"), type_="check")
        batch.drop_constraint(op.f("ck_desk_advice_kind"), type_="check")
        batch.drop_column("silence_means")
        batch.drop_column("advice_days")
        batch.drop_column("votes_needed")
        batch.drop_column("advice")
