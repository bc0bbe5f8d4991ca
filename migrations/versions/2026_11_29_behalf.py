"""requests that a desk types in for somebody, and letters that are printed."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_behalf"
down_revision = "2026_11_28_mail"

CAME_BY = ["phone", "desk", "paper"]
OLD_STATE = ["waiting", "sending", "sent", "dead"]
NEW_STATE = [*OLD_STATE, "to_print", "printed"]


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    with op.batch_alter_table("request") as batch:
        batch.add_column(sa.Column("came_by", sa.String(length=40)))
        batch.create_check_constraint(op.f("ck_request_came_by"), one_of("came_by", CAME_BY))
        batch.add_column(sa.Column("entered_by_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_request_entered_by_id"), "account", ["entered_by_id"], ["id"], ondelete="SET NULL"
        )
        batch.add_column(sa.Column("entered_desk_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_request_entered_desk_id"), "desk", ["entered_desk_id"], ["id"], ondelete="SET NULL"
        )
        batch.add_column(sa.Column("postal_address", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("request") as batch:
        batch.create_index(op.f("ix_request_entered_desk_id"), ["entered_desk_id"])
        batch.alter_column("postal_address", existing_type=sa.Text(), server_default=None)
    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(op.f("ck_letter_letter_state"), type_="check")
        batch.create_check_constraint(op.f("ck_letter_letter_state"), one_of("state", NEW_STATE))
        batch.add_column(sa.Column("printed_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("printed_by_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_letter_printed_by_id"), "account", ["printed_by_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    # The old table knows mail alone: what was printed counts as delivered, what was not as given up.
    op.execute("UPDATE letter SET state = 'sent' WHERE state = 'printed'")
    op.execute("UPDATE letter SET state = 'dead' WHERE state = 'to_print'")
    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(op.f("fk_letter_printed_by_id"), type_="foreignkey")
        batch.drop_column("printed_by_id")
        batch.drop_column("printed_at")
        batch.drop_constraint(op.f("ck_letter_letter_state"), type_="check")
        batch.create_check_constraint(op.f("ck_letter_letter_state"), one_of("state", OLD_STATE))
    with op.batch_alter_table("request") as batch:
        batch.drop_index(op.f("ix_request_entered_desk_id"))
        batch.drop_column("postal_address")
        batch.drop_constraint(op.f("fk_request_entered_desk_id"), type_="foreignkey")
        batch.drop_column("entered_desk_id")
        batch.drop_constraint(op.f("fk_request_entered_by_id"), type_="foreignkey")
        batch.drop_column("entered_by_id")
        batch.drop_constraint(op.f("ck_request_came_by"), type_="check")
        batch.drop_column("came_by")
