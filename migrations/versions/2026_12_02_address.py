"""the log of a desk keeps another shared address."""

from collections.abc import Iterable

from alembic import op

revision = "2026_12_02_address"
down_revision = "2026_12_01_inbox"

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
]
NEW_SUBJECT = [*OLD_SUBJECT, "address"]


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def say_which(values: Iterable[str]) -> None:
    with op.batch_alter_table("change_log") as batch:
        batch.drop_constraint(op.f("ck_change_log_subject"), type_="check")
        batch.create_check_constraint(op.f("ck_change_log_subject"), one_of("what", values))


def upgrade() -> None:
    say_which(NEW_SUBJECT)


def downgrade() -> None:
    op.execute("DELETE FROM change_log WHERE what = 'address'")
    say_which(OLD_SUBJECT)
