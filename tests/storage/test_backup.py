"""One file with the whole database: kept, checked, put back, and refused when it is none."""

import pytest

from tests.builders import make_request, make_room
from zalenzoeker.storage import backup, requests
from zalenzoeker.storage.backup import NoBackup
from zalenzoeker.storage.db import db


def test_backup_brings_back_what_was_there(app, tmp_path):
    code = make_request(room=make_room(), activity="Kaartavond").code
    backup.write(tmp_path / "kept.db")
    db.session.execute(db.text("DELETE FROM letter"))
    db.session.execute(db.text("DELETE FROM request"))
    db.session.commit()
    db.session.close()
    backup.restore(tmp_path / "kept.db")
    assert requests.by_code(code).activity == "Kaartavond"


def test_backup_writes_over_no_file(app, tmp_path):
    backup.write(tmp_path / "kept.db")
    with pytest.raises(NoBackup, match="exists already"):
        backup.write(tmp_path / "kept.db")


@pytest.mark.parametrize("content,words", [(None, "there is no file"), (b"no database at all", "is no database")])
def test_file_that_is_no_backup_is_not_put_back(app, tmp_path, content, words):
    file = tmp_path / "wrong.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(NoBackup, match=words):
        backup.restore(file)


@pytest.mark.both("postgresql")
def test_postgresql_is_kept_by_its_own_tools(app, tmp_path):
    with pytest.raises(NoBackup, match="pg_dump"):
        backup.write(tmp_path / "kept.db")
