"""what residents see of a booking: a row of words for each one that is public."""

import secrets
import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_activities"
down_revision = "2026_12_03_feeds"

THEME = [
    "soepcafe",
    "samen-eten",
    "koffie",
    "kaarten",
    "spelen",
    "naaiatelier",
    "repaircafe",
    "maken",
    "taaloefening",
    "digipunt",
    "leren",
    "infoavond",
    "bewegen",
    "muziek",
    "kinderen",
    "tuin",
    "delen",
    "hulp",
    "feest",
]
# Titles that say their theme, so that what is public already can be found by it.
SAID = {
    "soepcafe": "soepcafe",
    "naaiatelier": "naaiatelier",
    "repaircafe": "repaircafe",
    "taaloefening": "taaloefening",
    "kaarten": "kaarten",
    "kaartnamiddag": "kaarten",
    "buurtmaaltijd": "samen-eten",
    "digipunt": "digipunt",
    "petanque": "bewegen",
}
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
AT_ONCE = 1000


def one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    activity = op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("request_id", sa.Integer()),
        sa.Column("programme_id", sa.Integer()),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(40)),
        sa.Column("audience", sa.String(200), nullable=False),
        sa.Column("price", sa.String(200), nullable=False),
        sa.Column("sign_up", sa.Boolean()),
        sa.Column("is_accessible", sa.Boolean()),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("picture", sa.String(60), nullable=False),
        sa.Column("picture_words", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(one_of("theme", THEME), name=op.f("ck_activity_theme")),
        sa.CheckConstraint("(request_id IS NULL) <> (programme_id IS NULL)", name=op.f("ck_activity_leans_on_one")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_activity_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["own_programme.id"], name=op.f("fk_activity_programme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("code", name=op.f("uq_activity_code")),
        sa.UniqueConstraint("request_id", name=op.f("uq_activity_request_id")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_activity_programme_id")),
    )
    op.create_index(op.f("ix_activity_theme"), "activity", ["theme"])
    fill(activity)


def fill(activity: sa.Table) -> None:
    """What is public today gets its row, with the words that were shown of it."""
    taken: set[str] = set()
    for table, words, key in (("request", "activity", "request_id"), ("own_programme", "title", "programme_id")):
        changed_at, is_public = (
            sa.column("changed_at", sa.DateTime(timezone=True)),
            sa.column("is_public", sa.Boolean()),
        )
        columns = (sa.column("id"), sa.column(words), changed_at, sa.column("is_demo", sa.Boolean()))
        query = sa.select(*columns).select_from(sa.table(table)).where(is_public)
        found = op.get_bind().execute(query).all()
        for start in range(0, len(found), AT_ONCE):
            rows = [row_of(key, *one, taken) for one in found[start : start + AT_ONCE]]
            op.get_bind().execute(activity.insert(), rows)


def row_of(
    key: str, leans_on: int, title: str, changed_at: object, is_demo: bool, taken: set[str]
) -> dict[str, object]:
    empty = dict.fromkeys(("text", "audience", "price", "picture", "picture_words"), "")
    keys = {"request_id": None, "programme_id": None, key: leans_on}
    return {
        "code": code_not_in(taken),
        "title": title,
        "theme": theme_of(title),
        "sign_up": None,
        "is_accessible": None,
        "languages": [],
        "changed_at": changed_at,
        "is_demo": is_demo,
        **keys,
        **empty,
    }


def code_not_in(taken: set[str]) -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(8))
        if code not in taken:
            taken.add(code)
            return code


def theme_of(title: str) -> str | None:
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return next((SAID[word] for word in plain.split() if word in SAID), None)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name in ("activity_calendar_insert", "activity_calendar_update"):
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON activity" if is_postgresql else f"DROP TRIGGER IF EXISTS {name}")
        if is_postgresql:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
    op.drop_table("activity")
