"""rules, series, queues and the waiting list: a state for every date, more rules, special days, trusted groups."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_rules_series_queue"
down_revision = "2026_11_23_first_tables"

ZONE = ZoneInfo("Europe/Brussels")
LONGEST = 48 * 3600
REQUESTERS = ["particulier", "bewonersgroep", "vereniging", "feitelijke_vereniging", "vzw"]
SPECIAL = ["feestdag", "schoolvakantie", "gentse_feesten", "sluitingsdag"]
POLICIES = ["hold", "queue", "instant", "wait"]
ACTIVITIES = [
    "vergadering",
    "vorming",
    "repetitie",
    "buurtactiviteit",
    "feest",
    "optreden",
    "beweging",
    "eredienst",
    "partijpolitiek",
    "verkoop",
    "andere",
]
OLD_STATUS = ["unproved", "requested", "approved", "refused", "withdrawn", "cancelled", "expired", "lapsed"]
NEW_STATUS = [*OLD_STATUS, "skipped", "waiting", "offered"]
OLD_ACTION = ["prove", "lapse", "approve", "refuse", "withdraw", "cancel", "expire"]
NEW_ACTION = [
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
OLD_TAKEN = ["booking", "request", "own_programme", "closure"]
NEW_TAKEN = ["booking", "request", "queued", "own_programme", "closure"]
OLD_RULES = ["lead_days", "horizon_months", "closed_season", "day_parts", "exceptions", "open_requests"]
NEW_RULES = [
    "lead_days",
    "lead_counts",
    "horizon_months",
    "least_minutes",
    "most_minutes",
    "latest_end",
    "setup_minutes",
    "cleanup_minutes",
    "day_parts",
    "weekly_months",
    "open_requests",
    "week_hours",
    "who",
    "neighbourhood_first",
    "excluded",
    "closed_season",
    "closed_on",
    "pending",
    "hold_days",
    "instant",
    "exceptions",
]
Checks = dict[str, str]


def one_of(column: str, values: Iterable[str]) -> str:
    name = f'"{column}"' if column == "by" else column
    return f"{name} IN ({', '.join(repr(value) for value in values)})"


def checks(statuses: list[str], actions: list[str], taken: list[str], rules: list[str]) -> dict[str, Checks]:
    """The checks of the tables that change, by the names that the models give them."""
    return {
        "request": {
            "ck_request_people_are_some": "people > 0",
            "ck_request_status": one_of("status", statuses),
            "ck_request_requester_kind": one_of("requester_kind", REQUESTERS),
        },
        "occurrence": {"ck_occurrence_in_order": "from_epoch < to_epoch"},
        "event": {"ck_event_action": one_of("action", actions), "ck_event_status": one_of("status", statuses)},
        "occupancy": {
            "ck_occupancy_in_order": "from_epoch < to_epoch",
            "ck_occupancy_whole_minutes": "from_epoch % 60 = 0 AND to_epoch % 60 = 0",
            "ck_occupancy_taken_by": one_of("by", taken),
        },
        "rule": {"ck_rule_rule_name": one_of("name", rules)},
        "association": {"ck_association_requester_kind": one_of("kind", REQUESTERS)},
        "venue": {"ck_venue_point_is_whole": "(lat IS NULL) = (lon IS NULL)"},
        "closure": {"ck_closure_in_order": "first_day <= last_day"},
        "opening": {
            "ck_opening_in_order": "from_minute < to_minute",
            "ck_opening_weekday_is_one": "weekday BETWEEN 0 AND 6",
        },
    }


def named_twice(tables: dict[str, Checks]) -> dict[str, Checks]:
    """The first tables got some of their checks under a name with the table in it twice; from here on it is right."""
    twice = {
        "ck_request_people_are_some",
        "ck_occurrence_in_order",
        "ck_occupancy_in_order",
        "ck_occupancy_whole_minutes",
        "ck_venue_point_is_whole",
        "ck_closure_in_order",
        "ck_opening_in_order",
        "ck_opening_weekday_is_one",
    }
    return {
        table: {f"ck_{table}_{name}" if name in twice else name: sql for name, sql in checks_of.items()}
        for table, checks_of in tables.items()
    }


OLD = named_twice(checks(OLD_STATUS, OLD_ACTION, OLD_TAKEN, OLD_RULES))
NEW = checks(NEW_STATUS, NEW_ACTION, NEW_TAKEN, NEW_RULES)
NEW["request"] |= {
    "ck_request_activity_kind": one_of("activity_kind", ACTIVITIES),
    "ck_request_policy": one_of("policy", POLICIES),
}
NEW["occurrence"] |= {"ck_occurrence_status": one_of("status", NEW_STATUS)}
NEW["occupancy"] |= {"ck_occupancy_not_too_long": f"to_epoch - from_epoch <= {LONGEST}"}


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def rebuild(
    table: str, before: dict[str, Checks], after: dict[str, Checks], alter: Callable[[op.batch_alter_table], None]
) -> None:
    """Change a table and those of its checks that change."""
    former, latter = before[table], after[table]
    with op.batch_alter_table(table) as batch:
        for name, sql in former.items():
            if latter.get(name) != sql:
                batch.drop_constraint(op.f(name), type_="check")
        alter(batch)
        for name, sql in latter.items():
            if former.get(name) != sql:
                batch.create_check_constraint(op.f(name), sql)


def nothing(_batch: object) -> None:
    """Only the checks of a table change."""


def new_tables() -> None:
    op.create_table(
        "revision",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revision")),
    )
    op.create_table(
        "self_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_check")),
    )
    op.create_table(
        "special_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_special_day_in_order")),
        sa.CheckConstraint(one_of("kind", SPECIAL), name=op.f("ck_special_day_special_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
    )
    op.create_index(op.f("ix_special_day_first_day"), "special_day", ["first_day"])
    op.create_table(
        "trust",
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name=op.f("fk_trust_association_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_trust_venue_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("venue_id", "association_id", name=op.f("pk_trust")),
    )
    op.create_index(op.f("ix_trust_association_id"), "trust", ["association_id"])
    op.create_table(
        "programme_exception",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["own_programme.id"], name=op.f("fk_programme_exception_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme_id", "day", name=op.f("pk_programme_exception")),
    )
    op.create_table(
        "programme_gone",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("from_epoch", sa.BigInteger(), nullable=False),
        sa.Column("to_epoch", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["own_programme.id"], name=op.f("fk_programme_gone_programme_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_programme_gone_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("programme_id", "room_id", "from_epoch", name=op.f("pk_programme_gone")),
    )
    op.create_index(op.f("ix_programme_gone_room_id"), "programme_gone", ["room_id"])


def new_columns() -> None:
    """Empty at first: what is there already is filled in before they must not be empty."""
    for name in ("first_day", "until", "written_until"):
        op.add_column("own_programme", sa.Column(name, sa.Date()))
    op.add_column("own_programme", sa.Column("sequence", sa.Integer()))
    op.add_column("association", sa.Column("neighbourhood_id", sa.Integer()))
    op.add_column("room_space", sa.Column("is_demo", sa.Boolean()))
    for column in (
        sa.Column("status", sa.String(length=40)),
        sa.Column("setup_minutes", sa.SmallInteger()),
        sa.Column("cleanup_minutes", sa.SmallInteger()),
        sa.Column("replaces_id", sa.Integer()),
    ):
        op.add_column("occurrence", column)
    for column in (
        sa.Column("activity_kind", sa.String(length=40)),
        sa.Column("neighbourhood_id", sa.Integer()),
        sa.Column("policy", sa.String(length=40)),
        sa.Column("pattern", sa.JSON()),
        sa.Column("hold_until", sa.DateTime(timezone=True)),
        sa.Column("offer_until", sa.DateTime(timezone=True)),
        sa.Column("answer_token_hash", sa.String(length=64)),
        sa.Column("renews_id", sa.Integer()),
        sa.Column("renewal_told_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("request", column)


def fill_in() -> None:
    op.execute("UPDATE own_programme SET sequence = 0")
    op.execute("UPDATE request SET policy = 'hold', answer_token_hash = ''")
    op.execute(
        "UPDATE occurrence SET setup_minutes = 0, cleanup_minutes = 0, "
        "status = (SELECT request.status FROM request WHERE request.id = occurrence.request_id)"
    )
    bind = op.get_bind()
    parts = sa.table("room_space", sa.column("is_demo", sa.Boolean))
    bind.execute(sa.update(parts).values(is_demo=False))
    lines = bind.execute(
        sa.text("SELECT programme_id, max(from_epoch) FROM occupancy WHERE programme_id IS NOT NULL GROUP BY 1")
    ).all()
    programme = sa.table("own_programme", sa.column("id", sa.Integer), sa.column("written_until", sa.Date))
    for programme_id, last in lines:
        day = datetime.fromtimestamp(last, UTC).astimezone(ZONE).date()
        bind.execute(sa.update(programme).where(programme.c.id == programme_id).values(written_until=day))
    split_long_rows()


def split_long_rows() -> None:
    """A closure was one row; now it is a row per day, so that nobody has to look far back."""
    bind = op.get_bind()
    occupancy = sa.table(
        "occupancy",
        *(sa.column(name) for name in ("id", "space_id", "from_epoch", "to_epoch", "by", "closure_id")),
    )
    long = sa.select(occupancy).where(occupancy.c.to_epoch - occupancy.c.from_epoch > LONGEST)
    for row in bind.execute(long).all():
        bind.execute(sa.delete(occupancy).where(occupancy.c.id == row.id))
        starts = row.from_epoch
        while starts < row.to_epoch:
            ends = min(row.to_epoch, next_midnight(starts))
            values = {"space_id": row.space_id, "from_epoch": starts, "to_epoch": ends}
            bind.execute(sa.insert(occupancy).values(**values, by=row.by, closure_id=row.closure_id))
            starts = ends


def next_midnight(seconds: int) -> int:
    day: date = datetime.fromtimestamp(seconds, UTC).astimezone(ZONE).date() + timedelta(days=1)
    return int(datetime.combine(day, time(), ZONE).timestamp())


def upgrade() -> None:
    drop_guards()
    new_tables()
    new_columns()
    fill_in()
    with op.batch_alter_table("room_space") as batch:
        batch.alter_column("is_demo", nullable=False)
    with op.batch_alter_table("own_programme") as batch:
        batch.alter_column("sequence", nullable=False)
    rebuild("association", OLD, NEW, _new_association)
    rebuild("request", OLD, NEW, _new_request)
    rebuild("occurrence", OLD, NEW, _new_occurrence)
    rebuild("event", OLD, NEW, nothing)
    rebuild("rule", OLD, NEW, nothing)
    rebuild("occupancy", OLD, NEW, _new_occupancy)
    for table in ("venue", "closure", "opening"):
        rebuild(table, OLD, NEW, nothing)


def drop_guards() -> None:
    """They stand on what changes; they are made again at the end, by the migration's own surroundings."""
    if is_sqlite():
        op.execute("DROP TRIGGER IF EXISTS occupancy_no_overlap_insert")
        op.execute("DROP TRIGGER IF EXISTS occupancy_no_overlap_update")
    else:
        op.execute("ALTER TABLE occupancy DROP CONSTRAINT IF EXISTS occupancy_no_overlap")


def _new_association(batch: op.batch_alter_table) -> None:
    batch.create_foreign_key(
        op.f("fk_association_neighbourhood_id"), "neighbourhood", ["neighbourhood_id"], ["id"], ondelete="SET NULL"
    )


def _new_request(batch: op.batch_alter_table) -> None:
    batch.alter_column("policy", nullable=False)
    batch.alter_column("answer_token_hash", nullable=False)
    for whose in ("account_id", "association_id"):
        batch.drop_index(op.f(f"ix_request_{whose}"))
        batch.create_index(f"ix_request_{whose}_status", [whose, "status"])
    batch.create_index(op.f("ix_request_answer_token_hash"), ["answer_token_hash"])
    batch.create_index(op.f("ix_request_renews_id"), ["renews_id"])
    batch.create_foreign_key(
        op.f("fk_request_neighbourhood_id"), "neighbourhood", ["neighbourhood_id"], ["id"], ondelete="SET NULL"
    )
    batch.create_foreign_key(op.f("fk_request_renews_id"), "request", ["renews_id"], ["id"], ondelete="SET NULL")


def _new_occurrence(batch: op.batch_alter_table) -> None:
    for name in ("status", "setup_minutes", "cleanup_minutes"):
        batch.alter_column(name, nullable=False)
    batch.create_index(op.f("ix_occurrence_replaces_id"), ["replaces_id"])
    batch.create_index("ix_occurrence_status_from_epoch", ["status", "from_epoch"])
    batch.create_foreign_key(
        op.f("fk_occurrence_replaces_id"), "occurrence", ["replaces_id"], ["id"], ondelete="CASCADE"
    )


def _new_occupancy(batch: op.batch_alter_table) -> None:
    batch.drop_index("ix_occupancy_space_id_from_epoch")
    batch.create_index("ix_occupancy_space_id_from_epoch", ["space_id", "from_epoch", "to_epoch"])
    batch.create_index("ix_occupancy_from_epoch", ["from_epoch", "to_epoch", "space_id", "by", "held_until"])


def downgrade() -> None:
    drop_guards()
    drop_counters()
    empty_out()
    for table in ("opening", "closure", "venue"):
        rebuild(table, NEW, OLD, nothing)
    rebuild("occupancy", NEW, OLD, _old_occupancy)
    rebuild("rule", NEW, OLD, nothing)
    rebuild("event", NEW, OLD, nothing)
    rebuild("occurrence", NEW, OLD, _old_occurrence)
    rebuild("request", NEW, OLD, _old_request)
    rebuild("association", NEW, OLD, _old_association)
    op.execute("DELETE FROM room_space WHERE is_demo")
    op.drop_column("room_space", "is_demo")
    for name in ("first_day", "until", "written_until", "sequence"):
        op.drop_column("own_programme", name)
    for table in ("programme_gone", "programme_exception", "trust", "special_day", "self_check", "revision"):
        op.drop_table(table)


def drop_counters() -> None:
    if not is_sqlite():
        op.execute("DROP FUNCTION IF EXISTS count_change() CASCADE")
        return
    names = op.get_bind().scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
    for name in names:
        if "_counts_" in name:
            op.execute(f"DROP TRIGGER {name}")


def empty_out() -> None:
    """What the older tables have no word for: a queue, a waiting list, dates left out, moments not yet decided."""
    new_status = ", ".join(repr(one) for one in NEW_STATUS if one not in OLD_STATUS)
    new_action = ", ".join(repr(one) for one in NEW_ACTION if one not in OLD_ACTION)
    new_rules = ", ".join(repr(one) for one in NEW_RULES if one not in OLD_RULES)
    op.execute("DELETE FROM occupancy WHERE \"by\" = 'queued'")
    op.execute(
        "DELETE FROM occupancy WHERE occurrence_id IN (SELECT id FROM occurrence WHERE replaces_id IS NOT NULL "
        f"OR status IN ({new_status}))"
    )
    op.execute("DELETE FROM occurrence WHERE replaces_id IS NOT NULL OR status = 'skipped'")
    op.execute(f"UPDATE request SET status = 'withdrawn' WHERE status IN ({new_status})")
    op.execute(f"DELETE FROM event WHERE action IN ({new_action}) OR status IN ({new_status})")
    op.execute(f"DELETE FROM rule WHERE name IN ({new_rules})")


def _old_occupancy(batch: op.batch_alter_table) -> None:
    batch.drop_index("ix_occupancy_from_epoch")
    batch.drop_index("ix_occupancy_space_id_from_epoch")
    batch.create_index("ix_occupancy_space_id_from_epoch", ["space_id", "from_epoch"])


def _old_occurrence(batch: op.batch_alter_table) -> None:
    batch.drop_constraint(op.f("fk_occurrence_replaces_id"), type_="foreignkey")
    batch.drop_index("ix_occurrence_status_from_epoch")
    batch.drop_index(op.f("ix_occurrence_replaces_id"))
    for name in ("status", "setup_minutes", "cleanup_minutes", "replaces_id"):
        batch.drop_column(name)


def _old_request(batch: op.batch_alter_table) -> None:
    batch.drop_constraint(op.f("fk_request_renews_id"), type_="foreignkey")
    batch.drop_constraint(op.f("fk_request_neighbourhood_id"), type_="foreignkey")
    for whose in ("account_id", "association_id"):
        batch.drop_index(f"ix_request_{whose}_status")
        batch.create_index(op.f(f"ix_request_{whose}"), [whose])
    batch.drop_index(op.f("ix_request_renews_id"))
    batch.drop_index(op.f("ix_request_answer_token_hash"))
    for name in (
        "renewal_told_at",
        "renews_id",
        "answer_token_hash",
        "offer_until",
        "hold_until",
        "pattern",
        "policy",
        "neighbourhood_id",
        "activity_kind",
    ):
        batch.drop_column(name)


def _old_association(batch: op.batch_alter_table) -> None:
    batch.drop_constraint(op.f("fk_association_neighbourhood_id"), type_="foreignkey")
    batch.drop_column("neighbourhood_id")
