"""the clock: a desk's days, deputy, quiet periods and duty, and the next step of a request."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_clock"
down_revision = "2026_11_24_routing"

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
]
CLOCK_STEP = ["remind", "to_deputy", "to_city"]
NEW_ACTION = [*OLD_ACTION, *CLOCK_STEP]


def one_of(name: str, values: Iterable[str]) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    _widen_desks()
    _add_quiet_and_duty()
    with op.batch_alter_table("request") as batch:
        batch.add_column(sa.Column("deputy_desk_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_request_deputy_desk_id"), "desk", ["deputy_desk_id"], ["id"], ondelete="SET NULL"
        )
        batch.add_column(sa.Column("clock_since", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("clock_step", sa.String(length=40)))
        batch.create_check_constraint(op.f("ck_request_clock_step"), one_of("clock_step", CLOCK_STEP))
        batch.add_column(sa.Column("next_step_at", sa.DateTime(timezone=True)))
    op.create_index(op.f("ix_request_deputy_desk_id"), "request", ["deputy_desk_id"])
    op.create_index("ix_request_status_next_step_at", "request", ["status", "next_step_at"])
    # What waits already has waited since it was asked; the clock's first round looks when its steps are due.
    op.execute("UPDATE request SET clock_since = asked_at, next_step_at = asked_at WHERE status = 'requested'")
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of("action", NEW_ACTION))


def _widen_desks() -> None:
    with op.batch_alter_table("desk") as batch:
        for name, days in (("reminder_days", "5"), ("deputy_days", "8"), ("city_days", "11")):
            batch.add_column(sa.Column(name, sa.SmallInteger(), nullable=False, server_default=days))
        batch.add_column(sa.Column("counts_working_days", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("deputy_desk_id", sa.Integer()))
        batch.add_column(sa.Column("usual_days", sa.SmallInteger()))
        batch.add_column(sa.Column("rota_from", sa.Date()))
        batch.create_foreign_key(
            op.f("fk_desk_deputy_desk_id"), "desk", ["deputy_desk_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("desk") as batch:
        for name in ("reminder_days", "deputy_days", "city_days"):
            batch.alter_column(name, existing_type=sa.SmallInteger(), server_default=None)
        batch.alter_column("counts_working_days", existing_type=sa.Boolean(), server_default=None)
        batch.create_check_constraint(
            op.f("ck_desk_reminder_comes_first"), "0 < reminder_days AND reminder_days < deputy_days"
        )
        batch.create_check_constraint(op.f("ck_desk_city_comes_last"), "deputy_days < city_days AND city_days <= 60")
        batch.create_check_constraint(op.f("ck_desk_deputy_is_another"), "deputy_desk_id <> id")
    op.create_index(op.f("ix_desk_deputy_desk_id"), "desk", ["deputy_desk_id"])


def _add_quiet_and_duty() -> None:
    op.create_table(
        "quiet_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_quiet_period_in_order")),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_quiet_period_desk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_period")),
    )
    op.create_index("ix_quiet_period_desk_id_last_day", "quiet_period", ["desk_id", "last_day"])
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_duty_in_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_duty_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_duty_desk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    op.create_index(op.f("ix_duty_account_id"), "duty", ["account_id"])
    op.create_index("ix_duty_desk_id_last_day", "duty", ["desk_id", "last_day"])
    op.create_table(
        "duty_rota",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_duty_rota_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_duty_rota_desk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("desk_id", "account_id", name=op.f("pk_duty_rota")),
        sa.UniqueConstraint("desk_id", "position", name=op.f("uq_duty_rota_desk_id_position")),
    )
    op.create_index(op.f("ix_duty_rota_account_id"), "duty_rota", ["account_id"])


def downgrade() -> None:
    op.execute(f"DELETE FROM event WHERE {one_of('action', CLOCK_STEP)}")
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("ck_event_action"), type_="check")
        batch.create_check_constraint(op.f("ck_event_action"), one_of("action", OLD_ACTION))
    op.drop_index("ix_request_status_next_step_at", "request")
    op.drop_index(op.f("ix_request_deputy_desk_id"), "request")
    with op.batch_alter_table("request") as batch:
        batch.drop_constraint(op.f("ck_request_clock_step"), type_="check")
        batch.drop_constraint(op.f("fk_request_deputy_desk_id"), type_="foreignkey")
        for name in ("next_step_at", "clock_step", "clock_since", "deputy_desk_id"):
            batch.drop_column(name)
    for table in ("duty_rota", "duty", "quiet_period"):
        op.drop_table(table)
    op.drop_index(op.f("ix_desk_deputy_desk_id"), "desk")
    with op.batch_alter_table("desk") as batch:
        for check in ("deputy_is_another", "city_comes_last", "reminder_comes_first"):
            batch.drop_constraint(op.f(f"ck_desk_{check}"), type_="check")
        batch.drop_constraint(op.f("fk_desk_deputy_desk_id"), type_="foreignkey")
        for name in (
            "rota_from",
            "usual_days",
            "deputy_desk_id",
            "counts_working_days",
            "city_days",
            "deputy_days",
            "reminder_days",
        ):
            batch.drop_column(name)
