"""daily letters, letters that are sent again, and words of a house in its letters."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_letters"
down_revision = "2026_12_04_worker"

OLD_STATE = ["waiting", "sending", "sent", "dead", "to_print", "printed"]
NEW_STATE = [*OLD_STATE, "held", "bundled"]
OLD_TEXT = ["about", "practical"]
NEW_TEXT = [*OLD_TEXT, "in_approval", "in_reminder"]
OLD_SUBJECT = [
    "text",
    "capacity",
    "hours",
    "facilities",
    "rule",
    "closure",
    "programme",
    "programme_day",
    "routing",
    "routing_order",
    "trust",
    "member",
    "handover",
    "address",
    "duty",
    "quiet",
    "deadlines",
    "advice",
    "diary",
]
NEW_SUBJECT = [*OLD_SUBJECT, "daily"]


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def check_anew(table: str, name: str, column: str, values: Iterable[str]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), one_of(column, values))


def upgrade() -> None:
    op.create_table(
        "daily_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer()),
        sa.Column("news", sa.JSON(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_daily_letter_desk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_daily_letter_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_letter")),
        sa.UniqueConstraint("desk_id", "account_id", name=op.f("uq_daily_letter_desk_id_account_id")),
    )
    op.create_index(op.f("ix_daily_letter_account_id"), "daily_letter", ["account_id"])
    shared = sa.text("account_id IS NULL")
    op.create_index(
        "uq_daily_letter_shared", "daily_letter", ["desk_id"], unique=True, sqlite_where=shared, postgresql_where=shared
    )
    op.create_table(
        "no_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_reminders")),
        sa.UniqueConstraint("email", name=op.f("uq_no_reminders_email")),
    )
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("desk_id", sa.Integer()))
        batch.add_column(sa.Column("again_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("again_by_id", sa.Integer()))
        batch.create_foreign_key(op.f("fk_letter_desk_id"), "desk", ["desk_id"], ["id"], ondelete="SET NULL")
        batch.create_foreign_key(op.f("fk_letter_again_by_id"), "account", ["again_by_id"], ["id"], ondelete="SET NULL")
    op.create_index(op.f("ix_letter_desk_id"), "letter", ["desk_id"])
    op.create_index(op.f("ix_letter_bounced_at"), "letter", ["bounced_at"])
    check_anew("letter", "letter_state", "state", NEW_STATE)
    check_anew("house_text", "text_name", "name", NEW_TEXT)
    check_anew("change_log", "subject", "what", NEW_SUBJECT)


def downgrade() -> None:
    op.execute("DELETE FROM change_log WHERE what = 'daily'")
    op.execute("DELETE FROM house_text WHERE name IN ('in_approval', 'in_reminder')")
    # What waited for a daily letter comes at once, and what was told in one was told.
    op.execute("UPDATE letter SET state = 'waiting' WHERE state = 'held'")
    op.execute("UPDATE letter SET state = 'sent' WHERE state = 'bundled'")
    check_anew("change_log", "subject", "what", OLD_SUBJECT)
    check_anew("house_text", "text_name", "name", OLD_TEXT)
    check_anew("letter", "letter_state", "state", OLD_STATE)
    op.drop_index(op.f("ix_letter_bounced_at"), table_name="letter")
    op.drop_index(op.f("ix_letter_desk_id"), table_name="letter")
    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(op.f("fk_letter_again_by_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_letter_desk_id"), type_="foreignkey")
        batch.drop_column("again_by_id")
        batch.drop_column("again_at")
        batch.drop_column("desk_id")
    op.drop_table("no_reminders")
    op.drop_table("daily_letter")
