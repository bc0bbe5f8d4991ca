"""Finished feeds: built once by all processes together, compressed once, and never older than their version."""

import gzip
import shutil
import threading
from multiprocessing import get_context

import brotli
import pytest

from zalenzoeker.gateways.feed_store import FeedStore

CONTENT = b"BEGIN:VCALENDAR\r\n" + b"X-NAAM:Soepcafe\r\n" * 500 + b"END:VCALENDAR\r\n"
DECODE = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


class Builder:
    """Builds a feed, and counts how often."""

    def __init__(self, content=CONTENT):
        self.content, self.count = content, 0

    def __call__(self):
        self.count += 1
        return self.content


@pytest.fixture
def store(tmp_path):
    return FeedStore(tmp_path / "feeds")


def test_feed_is_built_once_for_a_version_however_it_is_asked(store):
    build = Builder()
    marks = {store.etag("zaal", "1", build)}
    for encoding in (*DECODE, *DECODE):
        etag, content = store.feed("zaal", "1", encoding, build)
        marks.add(etag)
        assert DECODE[encoding](content) == CONTENT
    assert (build.count, len(marks)) == (1, 1)


def test_feed_is_compressed_once(store, tmp_path):
    for encoding in ("br", "gzip"):
        store.feed("zaal", "1", encoding, Builder())
    written = when_written(tmp_path)
    for encoding in ("br", "gzip", "identity"):
        store.feed("zaal", "1", encoding, Builder())
    assert when_written(tmp_path) == written


def when_written(folder):
    return {file.name: file.stat().st_mtime_ns for file in (folder / "feeds" / "kept").iterdir()}


def test_new_version_is_built_anew_and_keeps_its_mark_when_nothing_else_changed(store):
    former = store.etag("zaal", "1", Builder())
    same, other = Builder(), Builder(CONTENT.replace(b"Soep", b"Naai"))
    assert store.etag("zaal", "2", same) == former
    later = store.etag("zaal", "3", other)
    assert (later != former, same.count, other.count) == (True, 1, 1)
    assert store.feed("zaal", "3", "br", other)[1] == brotli.compress(other.content, quality=5)


def test_feed_counts_how_often_it_was_built(store, tmp_path):
    assert store.times_built("zaal") == 0
    for version in ("1", "2", "2", "3"):
        store.feed("zaal", version, "br", Builder())
    assert FeedStore(tmp_path / "feeds").times_built("zaal") == 3


def test_feeds_of_other_names_are_others(store):
    one, other = Builder(), Builder(b"anders")
    assert store.feed("zaal", "1", "identity", one)[1] == CONTENT
    assert store.feed("huis", "1", "identity", other)[1] == b"anders"


def test_what_was_pushed_out_is_built_again(tmp_path):
    store, first = FeedStore(tmp_path / "feeds", most_files=20), Builder()
    store.etag("zaal", "1", first)
    for number in range(40):
        store.etag(f"zaal-{number}", "1", Builder(str(number).encode()))
    etag, content = store.feed("zaal", "1", "gzip", first)
    assert (gzip.decompress(content), etag) == (CONTENT, store.etag("zaal", "1", first))
    assert len(when_written(tmp_path)) < 40


def test_folder_that_was_spoiled_or_emptied_leaves_every_feed_readable(store, tmp_path):
    build = Builder()
    store.etag("zaal", "1", build)
    for file in (tmp_path / "feeds" / "kept").iterdir():
        file.write_bytes(b"")
    assert store.feed("zaal", "1", "identity", build)[1] == CONTENT
    shutil.rmtree(tmp_path / "feeds")
    assert gzip.decompress(store.feed("zaal", "1", "gzip", build)[1]) == CONTENT
    assert build.count == 3


def test_feed_of_which_two_versions_are_asked_at_once_is_built_twice_at_the_most(tmp_path):
    count, building = [], threading.Event()

    def build():
        count.append(1)
        building.wait(0.3)
        return CONTENT

    stores = [FeedStore(tmp_path / "feeds") for _ in range(8)]
    crowd = [
        threading.Thread(target=store.etag, args=("zaal", str(number % 2), build))
        for number, store in enumerate(stores)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(timeout=60)
    assert len(count) == 2


def ask(folder, counted, barrier):
    """One of several processes that want the same feed at the same moment."""

    def build():
        with counted.get_lock():
            counted.value += 1
        return CONTENT

    store = FeedStore(folder)
    barrier.wait()
    for encoding in ("br", "gzip", "identity"):
        _etag, content = store.feed("zaal", "1", encoding, build)
        assert DECODE[encoding](content) == CONTENT


def test_burst_of_processes_builds_a_feed_once(tmp_path):
    context = get_context("fork")
    counted, barrier = context.Value("i", 0), context.Barrier(6)
    processes = [context.Process(target=ask, args=(tmp_path / "feeds", counted, barrier)) for _ in range(6)]
    for one in processes:
        one.start()
    for one in processes:
        one.join(timeout=60)
    assert ([one.exitcode for one in processes], counted.value) == ([0] * 6, 1)
    assert FeedStore(tmp_path / "feeds").times_built("zaal") == 1
