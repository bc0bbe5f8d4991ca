"""The tables as a whole: the site knows without Alembic whether the last migration has run."""

import pytest
from alembic.script import ScriptDirectory

from zalenzoeker.storage import schema
from zalenzoeker.storage.db import db
from zalenzoeker.storage.guards import NO_OVERLAP, NO_OVERLAP_UPDATE

pytestmark = pytest.mark.both


def test_last_migration_is_the_one_that_alembic_finds():
    assert schema.last_migrations() == set(ScriptDirectory(str(schema.MIGRATIONS)).get_heads())


def test_schema_is_of_today_after_the_last_migration(app):
    assert schema.is_of_today() is True


def test_schema_is_of_yesterday_before_the_last_migration(app):
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '2026_11_23_first_tables'"))
    assert schema.is_of_today() is False


def test_schema_without_its_tables_is_not_of_today(app):
    db.session.execute(db.text("DROP TABLE alembic_version"))
    assert schema.is_of_today() is False


def test_schema_without_a_guard_is_not_of_today(app):
    is_sqlite = db.engine.dialect.name == "sqlite"
    gone = f"DROP TRIGGER {NO_OVERLAP_UPDATE}" if is_sqlite else f"ALTER TABLE occupancy DROP CONSTRAINT {NO_OVERLAP}"
    db.session.execute(db.text(gone))
    assert schema.is_of_today() is False


def test_schema_let_go_closes_every_connection(app):
    assert schema.is_of_today() is True
    schema.let_go()
    assert db.engine.pool.checkedin() + db.engine.pool.checkedout() == 0
