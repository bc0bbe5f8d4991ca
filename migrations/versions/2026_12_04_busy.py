"""the diary that a house keeps elsewhere: where it comes from, when it is busy, what it takes."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_busy"
down_revision = "2026_12_04_activities"

KIND = ["upload", "address"]
TROUBLE = [
    "too_large",
    "too_many",
    "too_heavy",
    "zipped",
    "not_a_calendar",
    "broken",
    "not_allowed",
    "no_answer",
    "refused",
]
OLD_TAKEN_BY = ["booking", "request", "queued", "own_programme", "closure"]
NEW_TAKEN_BY = [*OLD_TAKEN_BY, "diary"]
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
    "duty",
    "quiet",
    "deadlines",
    "advice",
    "address",
]
NEW_SUBJECT = [*OLD_SUBJECT, "diary"]


def one_of(column: str, values: Iterable[str]) -> str:
    return f'"{column}" IN ({", ".join(repr(value) for value in values)})'


def upgrade() -> None:
    op.create_table(
        "diary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("etag", sa.String(200), nullable=False),
        sa.Column("modified", sa.String(100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("trouble", sa.String(40)),
        sa.Column("dates", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.CheckConstraint("(kind = 'address') = (address <> '')", name=op.f("ck_diary_address")),
        sa.CheckConstraint(one_of("kind", KIND), name=op.f("ck_diary_diary_kind")),
        sa.CheckConstraint(one_of("trouble", TROUBLE), name=op.f("ck_diary_trouble")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_diary_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary")),
        sa.UniqueConstraint("room_id", name=op.f("uq_diary_room_id")),
    )
    op.create_index(op.f("ix_diary_due_at"), "diary", ["due_at"])
    op.create_table(
        "diary_time",
        sa.Column("diary_id", sa.Integer(), nullable=False),
        sa.Column("from_epoch", sa.BigInteger(), nullable=False),
        sa.Column("to_epoch", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["diary_id"], ["diary.id"], name=op.f("fk_diary_time_diary_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("diary_id", "from_epoch", name=op.f("pk_diary_time")),
    )
    with op.batch_alter_table("occupancy") as batch:
        batch.add_column(sa.Column("diary_id", sa.Integer()))
        batch.create_foreign_key(op.f("fk_occupancy_diary_id"), "diary", ["diary_id"], ["id"], ondelete="CASCADE")
        batch.create_index(op.f("ix_occupancy_diary_id"), ["diary_id"])
        batch.drop_constraint(op.f("ck_occupancy_taken_by"), type_="check")
        batch.create_check_constraint(op.f("ck_occupancy_taken_by"), one_of("by", NEW_TAKEN_BY))
    with op.batch_alter_table("change_log") as batch:
        batch.drop_constraint(op.f("ck_change_log_subject"), type_="check")
        batch.create_check_constraint(op.f("ck_change_log_subject"), one_of("what", NEW_SUBJECT))


def downgrade() -> None:
    op.execute("DELETE FROM change_log WHERE what = 'diary'")
    with op.batch_alter_table("change_log") as batch:
        batch.drop_constraint(op.f("ck_change_log_subject"), type_="check")
        batch.create_check_constraint(op.f("ck_change_log_subject"), one_of("what", OLD_SUBJECT))
    op.execute("DELETE FROM occupancy WHERE diary_id IS NOT NULL")
    with op.batch_alter_table("occupancy") as batch:
        batch.drop_constraint(op.f("ck_occupancy_taken_by"), type_="check")
        batch.create_check_constraint(op.f("ck_occupancy_taken_by"), one_of("by", OLD_TAKEN_BY))
        batch.drop_index(op.f("ix_occupancy_diary_id"))
        batch.drop_constraint(op.f("fk_occupancy_diary_id"), type_="foreignkey")
        batch.drop_column("diary_id")
    op.drop_table("diary_time")
    op.drop_table("diary")
