"""One file with the whole database: kept, checked, put back, and refused when it is none."""

import sqlite3
from contextlib import closing
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import inspect

from tests.builders import make_request, make_room
from zalenzoeker.gateways.pictures import PictureStore
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


def test_backup_brings_back_the_pictures_and_leaves_no_trace_of_its_own_in_the_database(app, tmp_path):
    drawn = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(drawn, "PNG")
    pictures = PictureStore(tmp_path / "pictures")
    name = pictures.keep(drawn.getvalue())
    content = pictures.path(name).read_bytes()
    tables = sorted(inspect(db.engine).get_table_names())
    backup.write(tmp_path / "kept.db", pictures.all())
    pictures.drop(name)
    backup.restore(tmp_path / "kept.db", pictures.put_back)
    assert pictures.path(name).read_bytes() == content
    assert sorted(inspect(db.engine).get_table_names()) == tables


def test_backup_of_former_days_is_put_back_without_pictures(app, tmp_path):
    backup.write(tmp_path / "kept.db")
    with closing(sqlite3.connect(tmp_path / "kept.db")) as kept:
        kept.execute("DROP TABLE kept_picture")
        kept.commit()
    backup.restore(tmp_path / "kept.db", lambda *_picture: pytest.fail("there was none"))


def test_name_that_leads_out_of_the_folder_of_pictures_is_not_put_back(tmp_path):
    PictureStore(tmp_path / "pictures").put_back("../elders.jpg", b"x")
    assert list(tmp_path.iterdir()) == []


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
