"""The ways of measuring: each in a loop of its own, in turns, and a crowd at once; always beside the floor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from statistics import median

from tests.bench.family import processor_seconds
from tests.bench.load import Line, crowd, request
from tests.bench.table import Figure, against
from tests.running import Site

ROUNDS = 5
WARM_UP = 30
# After the others had their turn, what the processor keeps must be fetched again; those do not count.
WARM_AGAIN = 3
TURNS_OF_THE_FLOOR = 400
MANY = 16
SECONDS = 4.0
FLOOR_PAGE = request("/")


@dataclass
class Party:
    """Somebody who asks one server over one connection: what they ask, what they should hear, how long it took."""

    site: Site
    requests: Iterator[bytes]
    turns: int
    status: int = 200
    warm_up: int = WARM_UP
    seconds: list[float] = field(default_factory=list)

    def loop(self, line: Line, turns: int, *, skip: int = WARM_AGAIN) -> None:
        for number, asked in enumerate(islice(self.requests, turns + skip)):
            answer = line.ask(asked)
            wrong = f"expected {self.status}:\n{asked.decode()}\n{answer.head}\n{self.site.last_words}"
            assert answer.status == self.status, wrong
            if number >= skip:
                self.seconds.append(answer.seconds)

    @property
    def p50(self) -> float:
        return median(self.seconds)


def floor_party(floor: Site) -> Party:
    return Party(floor, iter(lambda: FLOOR_PAGE, None), TURNS_OF_THE_FLOOR)


def loops(parties: Sequence[Party]) -> None:
    """Each in loops of its own, one after the other and all of it again, so that the machine's moods fall on all."""
    lines = [Line(party.site.port) for party in parties]
    for party, line in zip(parties, lines, strict=True):
        party.loop(line, 0, skip=party.warm_up)
    for _ in range(ROUNDS):
        for party, line in zip(parties, lines, strict=True):
            party.loop(line, party.turns // ROUNDS)
    for line in lines:
        line.socket.close()


def in_turns(name: str, one: Party, other: Party, *, limit: float | None = None) -> Iterator[Figure]:
    """One request here, one there, and so on; then the same in processor time, which a busy machine does not change."""
    with Line(one.site.port) as mine, Line(other.site.port) as theirs:
        one.loop(mine, 0, skip=one.warm_up)
        other.loop(theirs, 0, skip=other.warm_up)
        worked = [processor_seconds(party.site.pid) for party in (one, other)]
        for _ in range(one.turns):
            one.loop(mine, 1, skip=0)
            other.loop(theirs, 1, skip=0)
        work = [
            (processor_seconds(party.site.pid) - before) / one.turns
            for party, before in zip((one, other), worked, strict=True)
        ]
    yield against(name, one.p50, other.p50, limit=limit)
    if one.site is not other.site:
        yield against("  its processor time", *work)


def per_second(site: Site, requests: Iterator[bytes], *, status: int = 200, each: int = 200) -> float:
    """How many requests a second are answered to a crowd over MANY connections, each asking other things."""
    queues = [list(islice(requests, each)) for _ in range(MANY)]
    crowd(site.port, [queue[:WARM_UP] for queue in queues])
    told = crowd(site.port, queues, seconds=SECONDS)
    assert set(told.statuses) == {str(status)}, f"expected {status}: {dict(told.statuses)}\n{site.last_words}"
    return told.per_second
