"""A real synchroniser (vdirsyncer) fetches feeds of the site as it runs, and finds what changed and nothing else."""

import subprocess

import pytest

from tests import decisions, running
from tests.builders import actor_of, at, decider_of, make_request, read
from tests.interop import scene
from tests.interop.readers import KEPT, MAKE
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import accounts, rooms
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Request, Room

# A part of the house stands for its rooms.
FEEDS = ("part", "venue", "neighbourhood", "city")
pytestmark = pytest.mark.interop
PROGRAM = KEPT / "venv" / "bin" / "vdirsyncer"
SETTINGS = """\
[general]
status_path = "{folder}/status"
[pair zalen]
a = "site"
b = "here"
collections = null
[storage site]
type = "http"
url = "{url}"
[storage here]
type = "filesystem"
path = "{folder}/{name}"
fileext = ".ics"
"""


class Synchroniser:
    """vdirsyncer with one feed, and a folder with a file for each date."""

    def __init__(self, folder, url):
        self.folder, self.dates, self.seen = folder, folder / "dates", {}
        self.dates.mkdir(parents=True)
        (folder / "config").write_text(SETTINGS.format(folder=folder, url=url, name="dates"))
        self.run("discover")

    def run(self, *words):
        command = [PROGRAM, "--config", self.folder / "config", *words]
        done = subprocess.run(command, input="y\n", capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    def changed(self):
        """Synchronise; return what was taken away since the last time and what was written, without the identities.

        vdirsyncer knows a date of a subscription by all that it says, so that a date that changed is another one there.
        """
        self.run("sync")
        files = {(file.name, file.stat().st_mtime_ns): file.read_text("utf-8") for file in self.dates.iterdir()}
        before, self.seen = self.seen, files
        return [before[one] for one in before.keys() - files.keys()], [
            files[one] for one in files.keys() - before.keys()
        ]


@pytest.fixture
def room(app, clock):
    if not PROGRAM.exists():
        pytest.skip(f"vdirsyncer is not there: {MAKE}")
    clock.stands_at(scene.NOW)
    scene.build()
    return rooms.by_id(db.session.query(Room).filter_by(slug="kelder").one().id)


@pytest.fixture
def site(room, config, clock, tmp_path):
    with running.site(config.database_url, tmp_path, DEMO="1", DEMO_CLOCK=str(clock.file)) as site:
        yield site


def test_synchroniser_takes_over_exactly_what_changed(site, room, tmp_path):
    change, cancel, move = (_booked(room, 10, "Verandert"), _booked(room, 12, "Valt weg"), _booked(room, 14, "Schuift"))
    folders = {feed: Synchroniser(tmp_path / feed, site.url + scene.FEEDS[feed]) for feed in FEEDS}
    for feed, one in folders.items():
        assert (feed, len(one.changed()[1])) == (feed, len(scene.instants(feed)))
        assert one.changed() == ([], [])
    deeds = (
        (_change, change, "SUMMARY:Verandert", "SUMMARY:Is veranderd"),
        (_cancel, cancel, "SUMMARY:Valt weg", "SUMMARY:Geannuleerd: Valt weg"),
        (_move, move, "DTSTART;TZID=Europe/Brussels:20270116T140000", "DTSTART;TZID=Europe/Brussels:20270116T160000"),
    )
    for deed, request, before, after in deeds:
        deed(request)
        for feed, one in folders.items():
            gone, written = one.changed()
            assert (feed, [before in words for words in gone]) == (feed, [True])
            assert (feed, [after in words for words in written]) == (feed, [True])
            assert one.changed() == ([], [])


def _booked(room, hour, activity):
    wanted = {"activity": activity, "contact_email": f"{hour}@post.example", "is_public": True}
    slot = at(f"{hour}:00", f"{hour + 1}:00")
    return make_request(Status.APPROVED, room=room, slot=slot, now=scene.NOW, **wanted)


def _change(request):
    with write_unit() as session:
        session.get(Request, request.id).activity = "Is veranderd"


def _cancel(request):
    by, version = decider_of(request), read(request.code).version
    decisions.cancel(request.code, by=by, now=scene.NOW, version=version, note="Lek")


def _move(request):
    by = actor_of(accounts.by_email(request.contact_email))
    moved = Move(at("16:00", "17:00").starts.time(), at("16:00", "17:00").ends.time())
    dates.change(request.code, request.first.uid, Scope.THIS, moved, by=by, now=scene.NOW)
    asked = read(request.code)
    waiting = next(one for one in asked.occurrences if one.replaces_id)
    answer = {waiting.uid: decisions.Action.APPROVE}
    decisions.decide(request.code, answer, by=decider_of(asked), now=scene.NOW, version=asked.version)
