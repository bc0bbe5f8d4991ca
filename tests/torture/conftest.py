"""What the heavy proofs share: a site of their own on this test's database, and the table at the end."""

from collections.abc import Callable, Iterator

import pytest

from tests import running
from tests.running import Program, Site

PROOF = pytest.StashKey[list[tuple[str, str, str, str]]]()


def pytest_configure(config):
    config.stash[PROOF] = []


def pytest_terminal_summary(terminalreporter, config):
    """Print what was measured as a table. (With more processes at a time it stays out: they have no common ground.)"""
    if lines := config.stash[PROOF]:
        widths = [max(len(line[place]) for line in lines) for place in range(3)]
        terminalreporter.section("torture")
        for line in lines:
            cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
            terminalreporter.write_line(" | ".join([*cells, line[3]]))


@pytest.fixture
def tell(request) -> Callable[..., None]:
    """Write a line of the table: what was tried, how much of it, and what came out."""

    def write(tried: str, how_much: str, **figures: object) -> None:
        where = request.node.callspec.params.get("engine", "") if hasattr(request.node, "callspec") else ""
        said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        request.config.stash[PROOF].append((tried, where, how_much, said))

    return write


@pytest.fixture
def start_site(app, clock, database, tmp_path) -> Iterator[Callable[..., Site]]:
    """Start the site on this test's database and with its clock; it is gone at the end."""
    started: list[Site] = []

    def start(**settings: str) -> Site:
        site = running.site(database, tmp_path, DEMO="1", DEMO_CLOCK=str(clock.file), **settings)
        started.append(site)
        site.start()
        return site

    yield start
    for site in started:
        site.kill()


@pytest.fixture
def make_worker(app, clock, database, tmp_path) -> Iterator[Callable[..., Program]]:
    """Make a worker on this test's database and with its clock, to be started; it is gone at the end."""
    made: list[Program] = []

    def make(**settings: str) -> Program:
        worker = running.worker(database, tmp_path, DEMO="1", DEMO_CLOCK=str(clock.file), **settings)
        made.append(worker)
        return worker

    yield make
    for worker in made:
        worker.kill()
