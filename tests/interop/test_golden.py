"""Every feed and letter of the house with the hard cases, byte for byte, and identities that no release may change."""

import os
import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.browser import Browser
from tests.interop import scene
from zalenzoeker.storage import backup
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Activity

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "feeds"
UIDS = SNAPSHOTS / "uids.txt"
IS_WRITING = bool(os.environ.get("UPDATE_SNAPSHOTS"))


@pytest.fixture
def fixed(app, clock):
    clock.stands_at(scene.NOW)
    return scene.build()


def same_as_kept(name, written):
    file = SNAPSHOTS / name
    if IS_WRITING:
        file.write_bytes(written)
    assert file.exists(), f"{file} is not there: run `make snapshots` and read what it wrote."
    assert written.decode().splitlines() == file.read_bytes().decode().splitlines()
    assert written == file.read_bytes()


def test_feeds_of_the_house_are_as_they_were(app, fixed):
    for feed, address in scene.FEEDS.items():
        same_as_kept(f"house-{feed}.ics", Browser(app).asks(address).data)


def test_calendars_in_letters_are_as_they_were(fixed):
    """One after the other, without their folds, because the secret address of a request lies across one."""
    letters = []
    for kind, method, written in scene.invitations(fixed):
        lines = written.replace(b"\r\n ", b"").replace(b"\r\n", b"\n")
        letters.append(f"{kind} {method}\n".encode() + re.sub(rb"aanvragen/[\w-]+", b"aanvragen/CODE", lines))
    same_as_kept("house-letters.txt", b"\n".join(letters))


def test_no_text_that_was_typed_became_a_line_of_its_own(app, fixed):
    feeds = [Browser(app).asks(address).data for address in scene.FEEDS.values()]
    letters = [written for _kind, _method, written in scene.invitations(fixed)]
    for written in (*feeds, *letters):
        lines = written.replace(b"\r\n ", b"").decode().splitlines()
        names = {re.split("[;:]", line, maxsplit=1)[0] for line in lines}
        assert names & {"ATTACH", "X-EVIL"} == set()
        assert [line for line in lines if line == "BEGIN:VCALENDAR"] == ["BEGIN:VCALENDAR"]
        assert [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM")) and "evil" in line] == []
        assert max(len(line) for line in written.split(b"\r\n")) <= 75


def test_identity_of_a_date_is_kept_across_releases(app, fixed):
    """With another, every subscriber sees a date twice. `make snapshots` adds to this list and takes nothing away."""
    found = {
        line.decode().removeprefix("UID:")
        for address in scene.FEEDS.values()
        for line in Browser(app).asks(address).data.split(b"\r\n")
        if line.startswith(b"UID:")
    }
    known = set(UIDS.read_text("utf-8").split()) if UIDS.exists() else set()
    if IS_WRITING and known <= found:
        UIDS.write_text("".join(f"{one}\n" for one in sorted(found)), "utf-8")
        known = found
    assert found == known


def test_backup_that_was_put_back_gives_the_same_feeds(app, fixed, config, tmp_path):
    """Byte for byte and with the same marks, so that no subscriber fetches one anew; also when each is built again."""

    def fetched():
        answers = [Browser(app).asks(address) for address in scene.FEEDS.values()]
        return [(answer.data, answer.headers["ETag"]) for answer in answers]

    before = fetched()
    backup.write(tmp_path / "kept.db")
    with write_unit() as session:
        session.execute(update(Activity).values(title="Iets anders"))
    assert [later == former for later, former in zip(fetched(), before, strict=True)] == [False] * len(before)
    backup.restore(tmp_path / "kept.db")
    assert fetched() == before
    shutil.rmtree(config.var_dir / "feeds")
    assert fetched() == before
