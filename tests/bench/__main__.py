"""The benchmarks as a table: `python -m tests.bench`, or only some of them: `python -m tests.bench --only week`."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from tests.bench import asking, board, clock, desk, feeds, from_mail, letters, pages, poster, start, weight
from tests.bench.ground import POSTGRESQL, SQLITE, Ground, bench_data, demonstration, floor
from tests.bench.table import Figure, drawn
from tests.running import Site

ON_THE_DEMONSTRATION: dict[str, Callable[[Site, Site], Iterator[Figure]]] = {
    "weight": weight.weight,
    "landing": pages.landing,
    "feed": pages.feed,
    "poster": poster.poster,
}
ON_BENCH_DATA: dict[str, Callable[[Sequence[Ground], Site], Iterator[Figure]]] = {
    "week": pages.week,
    "search": pages.search,
    "day": pages.day,
    "series": pages.series,
    "feeds": feeds.feeds,
    "ask": asking.ask,
    "rush": asking.rush,
    "signed-in": asking.signed_in,
}
BY_THEMSELVES: dict[str, Callable[[], Iterator[Figure]]] = {
    "inbox": desk.inbox,
    "clock": clock.clock,
    "letters": letters.letters,
    "board": board.board,
    "from-mail": from_mail.from_mail,
    "memory": start.memory,
    "clone": start.clone,
}
NAMES = (*ON_THE_DEMONSTRATION, *ON_BENCH_DATA, *BY_THEMSELVES)
USUAL, LARGE = 100_000, 1_000_000


@click.command()
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Measure only this.")
@click.option("--size", multiple=True, type=click.Choice([str(USUAL), str(LARGE)]), help="Only so many bookings.")
@click.option("--engine", multiple=True, type=click.Choice([SQLITE, POSTGRESQL]), help="Only this database.")
def main(only: tuple[str, ...], size: tuple[str, ...], engine: tuple[str, ...]) -> None:
    """Measure the site and print each figure beside its baseline; exit status 1 when a limit is missed."""
    wanted = only or NAMES
    sets = [(SQLITE, USUAL), (SQLITE, LARGE), (POSTGRESQL, USUAL)]
    sets = [one for one in sets if (not engine or one[0] in engine) and (not size or str(one[1]) in size)]
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="zz-bench-") as folder:
        figures += _on_the_demonstration(wanted, Path(folder))
        figures += _on_bench_data(wanted, sets, Path(folder))
    for name, measure_alone in BY_THEMSELVES.items():
        if name in wanted:
            figures += _measured(name, measure_alone())
    click.echo(f"\n{drawn(figures)}")
    sys.exit(any(figure.kept is False for figure in figures))


def _on_the_demonstration(wanted: Sequence[str], folder: Path) -> Iterator[Figure]:
    if not set(wanted) & set(ON_THE_DEMONSTRATION):
        return
    with demonstration(folder) as (site, _database, _app), floor(folder) as flat:
        for name, measure in ON_THE_DEMONSTRATION.items():
            if name in wanted:
                yield from _measured(name, measure(site, flat))


def _on_bench_data(wanted: Sequence[str], sets: Sequence[tuple[str, int]], folder: Path) -> Iterator[Figure]:
    if not set(wanted) & set(ON_BENCH_DATA):
        return
    with ExitStack() as things:
        grounds = []
        for engine, bookings in sets:
            _say(f"{bookings:,} bookings on {engine}")
            grounds.append(things.enter_context(bench_data(folder, bookings, engine)))
        flat = things.enter_context(floor(folder))
        for name, measure in ON_BENCH_DATA.items():
            if name in wanted:
                yield from _measured(name, measure(grounds, flat))


def _measured(name: str, figures: Iterator[Figure]) -> Iterator[Figure]:
    """The figures, each also told as soon as it is known: the whole takes a quarter of an hour."""
    _say(name)
    try:
        for figure in figures:
            _say("  " + " | ".join(cell for cell in figure.cells if cell))
            yield figure
    except AssertionError as error:
        # What went wrong in one measurement is told; the others are worth having all the same.
        _say(f"{name}: {error}")
        yield Figure(f"{name}: could not be measured", "", kept=False)


def _say(what: str) -> None:
    click.echo(f"bench: {what}", err=True)


main()
