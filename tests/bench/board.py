"""What the planning board of a desk weighs and takes, as full as boards get, beside the same rooms on an empty day."""

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from flask_migrate import upgrade

from tests.bench.table import Figure, against, at_most
from tests.boards import BOOKINGS, KIB, MOST_KIB, make_full_board
from tests.browser import Browser
from tests.builders import NOW, SATURDAY
from tests.running import SECRET
from zalenzoeker import clock
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.storage import migrating, schema

TURNS = 20
ENCODINGS = ("br", "gzip")


def board() -> Iterator[Figure]:
    """A board of thirty rooms with five hundred bookings on one day."""
    with tempfile.TemporaryDirectory(prefix="zz-board-") as name:
        folder = Path(name)
        moment = folder / "clock.txt"
        moment.write_text(NOW.isoformat(), encoding="utf-8")
        app = create_app(
            Config(database_url=f"sqlite:///{folder}/board.db", secret_key=SECRET, map_tiles_url="", demo_clock=moment)
        )
        migrating.init_app(app)
        with app.app_context():
            upgrade()
            somebody = Browser(app, make_full_board())
            yield from _figures(somebody)
            schema.let_go()
        clock.set_file(None)


def _figures(somebody: Browser) -> Iterator[Figure]:
    for encoding in ENCODINGS:
        size = len(somebody.asks(_address(somebody, SATURDAY), headers={"Accept-Encoding": encoding}).data)
        yield at_most(f"board with {BOOKINGS} bookings, {encoding}", size / KIB, MOST_KIB, "KiB", digits=2)
    empty = _address(somebody, SATURDAY + timedelta(days=1))
    yield against("  its time", _seconds(somebody, _address(somebody, SATURDAY)), _seconds(somebody, empty))


def _address(somebody: Browser, day: date) -> str:
    return str(somebody.address_of("board.show", dag=day.isoformat()))


def _seconds(somebody: Browser, address: str) -> float:
    took = []
    for _ in range(TURNS):
        begun = perf_counter()
        assert somebody.asks(address).status_code == 200, "the board did not come"
        took.append(perf_counter() - begun)
    return median(took)
