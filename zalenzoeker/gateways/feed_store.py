"""Finished feeds, shared by the processes of a machine: each is built once, and compressed once for each encoding."""

import gzip
import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import brotli
from cachelib import FileSystemCache
from filelock import FileLock

Build = Callable[[], bytes]

# Four files a feed at the most, so that some hundreds of feeds fit, and an invented address pushes out the oldest.
MOST_FILES = 1_200
MOST_SEEN = 1_200
# A feed is made anew each day; what nobody asks for any more goes by itself.
KEPT_FOR = timedelta(days=2)
# Whoever waits for a feed that is being built waits for those that share its lock too.
LOCKS = 64

ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=5),
    "gzip": lambda content: gzip.compress(content, compresslevel=6, mtime=0),
    "identity": lambda content: content,
}


class Mark(NamedTuple):
    """Of which version a feed was built, the hash of its bytes, and how often it was built in this folder."""

    version: str
    etag: str
    times: int = 1


class FeedStore:
    """``folder``: used by nothing else; it is made where it is not there."""

    def __init__(self, folder: Path, *, most_files: int = MOST_FILES) -> None:
        self._kept = FileSystemCache(str(folder / "kept"), threshold=most_files, default_timeout=KEPT_FOR)
        self._folder = folder
        # What this process has seen of them; a version always names the same bytes.
        self._seen: dict[str, Mark] = {}

    def etag(self, name: str, version: str, build: Build) -> str:
        """The hash of the bytes of a feed; it is built only where this version is not there yet.

        ``version``: changes whenever what ``build`` returns may have changed.
        """
        mark = self._seen.get(name)
        if mark is None or mark.version != version:
            mark = self._mark(name)
        if mark is None or mark.version != version:
            mark = self._made(name, version, build)
        return self._remember(name, mark).etag

    def feed(self, name: str, version: str, encoding: str, build: Build) -> tuple[str, bytes]:
        """The hash of the bytes, and the bytes in an encoding, one of ENCODE."""
        etag = self.etag(name, version, build)
        found = self._encoded(name, etag, encoding)
        if found is None:  # Pushed out since.
            etag = self._remember(name, self._made(name, version, build)).etag
            found = self._encoded(name, etag, encoding)
        if found is None:  # The disk is full: nobody waits for that.
            content = build()
            etag, found = _hash(content), ENCODE[encoding](content)
        return etag, found

    def times_built(self, name: str) -> int:
        """How often a feed was built since it was first asked for, by all processes together."""
        mark = self._mark(name)
        return mark.times if mark else 0

    def _encoded(self, name: str, etag: str, encoding: str) -> bytes | None:
        found = self._bytes(name, etag, encoding)
        if found is not None or encoding == "identity":
            return found
        with self._lock(name):
            found = self._bytes(name, etag, encoding)
            if found is None and (content := self._bytes(name, etag, "identity")) is not None:
                found = ENCODE[encoding](content)
                self._kept.set(_key(name, etag, encoding), found)
            return found

    def _made(self, name: str, version: str, build: Build) -> Mark:
        """The mark of this version or a newer one, whose bytes are there; one builds it, and the others wait for it."""
        times = self.times_built(name)
        with self._lock(name):
            mark = self._mark(name)
            # Two versions may be asked for at once. Of two builds since we asked, the second began after that, and so
            # is at least as new as ours.
            is_ours = mark is not None and (mark.version == version or mark.times >= times + 2)
            if mark is None or not is_ours or self._bytes(name, mark.etag, "identity") is None:
                mark = self._build(name, version, build)
            return mark

    def _build(self, name: str, version: str, build: Build) -> Mark:
        content = build()
        former = self._mark(name)
        mark = Mark(version, _hash(content), former.times + 1 if former else 1)
        self._kept.set(_key(name, mark.etag, "identity"), content)
        self._kept.set(name, tuple(mark))
        if former and former.etag != mark.etag:
            self._kept.delete_many(*(_key(name, former.etag, encoding) for encoding in ENCODE))
        return mark

    def _remember(self, name: str, mark: Mark) -> Mark:
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[name] = mark
        return mark

    def _mark(self, name: str) -> Mark | None:
        found = self._kept.get(name)
        return Mark(*found) if found else None

    def _bytes(self, name: str, etag: str, encoding: str) -> bytes | None:
        found: bytes | None = self._kept.get(_key(name, etag, encoding))
        return found

    def _lock(self, name: str) -> FileLock:
        # Whoever empties the folder of a site that runs takes this one along.
        (self._folder / "kept").mkdir(parents=True, exist_ok=True)
        number = int(hashlib.sha256(name.encode()).hexdigest(), 16) % LOCKS
        return FileLock(self._folder / f"{number}.lock")


def _key(name: str, etag: str, encoding: str) -> str:
    return f"{name} {etag} {encoding}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
