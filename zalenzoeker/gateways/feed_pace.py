"""How often each address fetched feeds: a small file in memory, shared by the processes of a machine."""

import mmap
import os
from contextlib import suppress
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from struct import Struct

from zalenzoeker.domain.limits import Limit
from zalenzoeker.domain.pace import fetched

# A mark of who fetches, and when all their fetches are settled.
PLACE = Struct("=Qd")
PLACES = 1 << 14
SALT_BYTES = 16


class FeedPace:
    """``folder``: where the file lies; it is made where it is not there, with a salt of its own and no address in it.

    Two addresses that meet on one place push each other out, and two processes that write it at once lose a fetch: both
    let somebody fetch once more, and neither ever keeps somebody out.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wait(self, address: str, now: float, limit: Limit) -> int:
        """Count a fetch from an address at a moment in epoch seconds; for how many seconds it must wait, 0 for none."""
        mark = int.from_bytes(blake2b(address.encode(), digest_size=8, key=self._salt).digest())
        place = SALT_BYTES + PLACE.size * (mark % PLACES)
        known, settled_at = PLACE.unpack_from(self._places, place)
        settled_at, seconds = fetched(settled_at if known == mark else 0.0, now, limit)
        if not seconds:
            PLACE.pack_into(self._places, place, mark, settled_at)
        return seconds

    @cached_property
    def _salt(self) -> bytes:
        return self._places[:SALT_BYTES]

    @cached_property
    def _places(self) -> mmap.mmap:
        self._folder.mkdir(parents=True, exist_ok=True)
        file, fresh = self._folder / "pace", self._folder / f"pace-{os.getpid()}"
        if not file.exists():
            fresh.write_bytes(os.urandom(SALT_BYTES) + bytes(PLACE.size * PLACES))
            # Whole at once, and by one of them: a process that starts beside this one has made it already.
            with suppress(FileExistsError):
                os.link(fresh, file)
            fresh.unlink()
        with file.open("r+b") as opened:
            return mmap.mmap(opened.fileno(), SALT_BYTES + PLACE.size * PLACES)
