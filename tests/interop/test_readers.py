"""Other calendar programs see in our feeds and letters what the database says, date by date."""

import icalendar
import pytest

from tests.browser import Browser
from tests.interop import scene
from tests.interop.readers import ENOUGH, FASTEST, READERS, by_icalendar

EVERY = [pytest.param(one, id=one.name, marks=[] if one in FASTEST else [pytest.mark.interop]) for one in READERS]


LETTERS = {
    ("request_approved", "REQUEST"),
    ("request_approved", "PUBLISH"),
    ("request_cancelled", "CANCEL"),
    ("dates_let_go", "CANCEL"),
}


@pytest.fixture
def visitor(app, clock):
    clock.stands_at(scene.NOW)
    return Browser(app)


@pytest.fixture
def letters(visitor):
    return list(scene.invitations(scene.build()))


@pytest.fixture
def reader(request):
    if missing := request.param.missing():
        pytest.skip(f"{request.param.name}: {missing}")
    return request.param


def as_read(reader, written):
    """What a program read, each date once; without identities where it tells none."""
    found = reader.read(written)
    assert len(found) == len(set(found))
    return set(found)


def expected(instants, read):
    tells_uid = all(uid is not None for uid, _starts, _ends in read)
    return {(one.uid if tells_uid else None, one.starts, one.ends) for one in instants}


@pytest.mark.parametrize("reader", EVERY, indirect=True)
def test_reader_sees_in_every_feed_and_letter_what_the_database_says(reader, visitor, letters):
    for feed, address in scene.FEEDS.items():
        instants = scene.instants(feed)
        read = as_read(reader, visitor.asks(address).data)
        assert (feed, read) == (feed, expected(instants, read))
        assert len(instants) >= 4
    _sees_in_letters(reader, letters)


def _sees_in_letters(reader, letters):
    """A letter of before a change tells of the moment as it was then; the last one about a date tells how it stands."""
    told = {}
    for _kind, _method, written in letters:
        read = as_read(reader, written)
        if {uid for uid, _starts, _ends in read} == {None}:
            read = {(uid, starts, ends) for uid, starts, ends in by_icalendar(written) if (None, starts, ends) in read}
        assert len(read) == written.count(b"BEGIN:VEVENT")
        told |= {uid: (starts, ends) for uid, starts, ends in read}
    # Was put where it is after its letter.
    told.pop(scene.BY_HAND, None)
    dates = scene.instants("city") | scene.instants("venue")
    assert told == {one.uid: (one.starts, one.ends) for one in dates if one.uid in told}
    assert {(kind, method) for kind, method, _written in letters} == LETTERS


def test_feeds_mark_what_fell_away_and_nothing_else(visitor, letters):
    for feed, address in scene.FEEDS.items():
        events = icalendar.Calendar.from_ical(visitor.asks(address).data).events
        fallen = {str(one["UID"]) for one in events if one["STATUS"] == "CANCELLED"}
        assert (feed, fallen) == (feed, {one.uid for one in scene.instants(feed) if one.is_cancelled})


@pytest.mark.interop
def test_enough_readers_are_there():
    """Eight programs of four languages; whatever is missing is named, with how to get it."""
    missing = [f"{one.name}: {one.missing()}" for one in READERS if one.missing()]
    assert len(READERS) - len(missing) >= ENOUGH, "\n".join(missing)
