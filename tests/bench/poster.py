"""The poster of a week: how long it takes to write, how large it is, and what it costs when it is there already."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import repeat
from statistics import median

from tests.bench.ground import HALL
from tests.bench.load import Line, request
from tests.bench.table import Figure, at_most
from tests.bench.ways import FLOOR_PAGE, Party, floor_party, in_turns
from tests.running import Site
from zalenzoeker import clock
from zalenzoeker.domain.poster import Format
from zalenzoeker.domain.slots import Week, to_local

SECONDS, KIBIBYTES = 3.0, 200
WEEKS, TURNS = 20, 60
HOUSE = HALL.partition("/")[0]


def poster(site: Site, floor: Site) -> Iterator[Figure]:
    """Each week of a house once on each sheet, so that none was kept, in turns with the floor; then one over again."""
    week = Week.of(to_local(clock.now()).date() + timedelta(weeks=1))
    for sheet in Format:
        addresses = [f"/locaties/{HOUSE}/affiche.pdf?week={week.shifted(n)}&formaat={sheet}" for n in range(WEEKS)]
        with Line(site.port) as line, Line(floor.port) as bottom:
            found = [(line.ask(request(one)), bottom.ask(FLOOR_PAGE).seconds) for one in addresses]
        answers = [answer for answer, _seconds in found]
        assert {answer.status for answer in answers} == {200}, "a poster did not come"
        baseline = median(seconds for _answer, seconds in found)
        slowest, usual = max(one.seconds for one in answers), median(one.seconds for one in answers)
        name = f"week poster {sheet.upper()}"
        yield Figure(
            f"{name}, first time, the slowest of {WEEKS}",
            f"{slowest * 1000:.0f} ms",
            f"{baseline * 1000:.2f} ms",
            slowest / baseline,
            f"{SECONDS:g} s",
            slowest <= SECONDS,
        )
        yield Figure(f"{name}, first time", f"{usual * 1000:.0f} ms", f"{baseline * 1000:.2f} ms", usual / baseline)
        yield at_most(f"{name}, size", max(len(one.body) for one in answers) / 1024, KIBIBYTES, "KiB")
    party = Party(site, repeat(request(addresses[0])), TURNS)
    yield from in_turns("week poster, again", party, floor_party(floor))
