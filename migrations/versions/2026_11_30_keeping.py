"""the log of a house, its own texts, its own rules beside the register's, and handing it over."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_keeping"
down_revision = "2026_11_29_behalf"

SUBJECT = [
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
TEXT_NAME = ["about", "practical"]


def one_of(column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    new_log()
    new_texts()
    new_handovers()
    with op.batch_alter_table("rule") as batch:
        batch.add_column(sa.Column("is_own", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.drop_constraint(op.f("uq_rule_venue_id_room_id_name"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_rule_venue_id_room_id_name_is_own"), ["venue_id", "room_id", "name", "is_own"]
        )
    with op.batch_alter_table("rule") as batch:
        batch.alter_column("is_own", existing_type=sa.Boolean(), server_default=None)


def new_log() -> None:
    op.create_table(
        "change_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer()),
        sa.Column("desk_id", sa.Integer()),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.Column("account_id", sa.Integer()),
        sa.Column("by_desk_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(venue_id IS NULL) <> (desk_id IS NULL)", name=op.f("ck_change_log_of_one")),
        sa.CheckConstraint(one_of("what", SUBJECT), name=op.f("ck_change_log_subject")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_change_log_venue_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_change_log_desk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_change_log_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_desk_id"], ["desk.id"], name=op.f("fk_change_log_by_desk_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_log")),
    )
    op.create_index("ix_change_log_venue_id_at", "change_log", ["venue_id", "at"])
    op.create_index("ix_change_log_desk_id_at", "change_log", ["desk_id", "at"])
    op.create_index(op.f("ix_change_log_account_id"), "change_log", ["account_id"])
    op.create_index(op.f("ix_change_log_by_desk_id"), "change_log", ["by_desk_id"])


def new_texts() -> None:
    op.create_table(
        "house_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer()),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(one_of("name", TEXT_NAME), name=op.f("ck_house_text_text_name")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_house_text_venue_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_house_text_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_text")),
        sa.UniqueConstraint("venue_id", "room_id", "name", name=op.f("uq_house_text_venue_id_room_id_name")),
    )
    op.create_index(op.f("ix_house_text_room_id"), "house_text", ["room_id"])


def new_handovers() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("to_email", sa.String(length=320), nullable=False),
        sa.Column("new_email", sa.String(length=320), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_handover_desk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_handover_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_handover_token_hash")),
    )
    op.create_index(op.f("ix_handover_desk_id"), "handover", ["desk_id"])
    op.create_index(op.f("ix_handover_by_id"), "handover", ["by_id"])


def downgrade() -> None:
    # The old table has room for one line: what the house says itself goes before what the register says.
    op.execute(
        "DELETE FROM rule WHERE NOT is_own AND EXISTS (SELECT 1 FROM rule AS own WHERE own.is_own"
        " AND own.venue_id = rule.venue_id AND own.name = rule.name"
        " AND COALESCE(own.room_id, 0) = COALESCE(rule.room_id, 0))"
    )
    with op.batch_alter_table("rule") as batch:
        batch.drop_constraint(op.f("uq_rule_venue_id_room_id_name_is_own"), type_="unique")
        batch.drop_column("is_own")
        batch.create_unique_constraint(op.f("uq_rule_venue_id_room_id_name"), ["venue_id", "room_id", "name"])
    for table in ("handover", "house_text", "change_log"):
        op.drop_table(table)
