"""The benchmarks as a table: `python -m tests.bench`, or only some of them: `python -m tests.bench --only week`."""

import sys
from collections.abc import Callable, Iterator

import click

from tests.bench import pages, start, weight
from tests.bench.ground import Ground, ground
from tests.bench.table import Figure, drawn

ON_THE_GROUND: dict[str, Callable[[Ground], Iterator[Figure]]] = {
    "weight": weight.weight,
    "week": pages.week,
    "loops": pages.loops,
    "landing": pages.landing,
    "feed": pages.feed,
    "ask": pages.ask,
    "rate": pages.rate,
}
BY_THEMSELVES: dict[str, Callable[[], Iterator[Figure]]] = {"memory": start.memory, "clone": start.clone}


@click.command()
@click.option("--only", multiple=True, type=click.Choice([*ON_THE_GROUND, *BY_THEMSELVES]), help="Measure only this.")
def main(only: tuple[str, ...]) -> None:
    """Measure the site and print each figure beside its baseline; exit status 1 when a limit is missed."""
    figures: list[Figure] = []
    wanted = only or (*ON_THE_GROUND, *BY_THEMSELVES)
    if any(name in ON_THE_GROUND for name in wanted):
        _progress("starting the site and the floor")
        with ground() as here:
            for name, measure in ON_THE_GROUND.items():
                if name in wanted:
                    _progress(name)
                    figures += measure(here)
    for name, measure_alone in BY_THEMSELVES.items():
        if name in wanted:
            _progress(name)
            figures += measure_alone()
    click.echo(f"\n{drawn(figures)}")
    sys.exit(any(figure.kept is False for figure in figures))


def _progress(what: str) -> None:
    click.echo(f"bench: {what} …", err=True)


main()
