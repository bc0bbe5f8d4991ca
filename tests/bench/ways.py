"""The ways of measuring: each in a loop of its own, in turns, and a crowd at once; always beside the floor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from statistics import median, quantiles

from tests.bench.family import processor_seconds
from tests.bench.load import Line, crowd, request
from tests.bench.table import Figure, against
from tests.running import Site

ROUNDS = 5
# So many requests over each of MANY connections, so that every process of the server has had its share.
WARM_UP = 10
# After the others had their turn, what the processor keeps must be fetched again; those do not count.
WARM_AGAIN = 3
TURNS_OF_THE_FLOOR = 400
MANY = 16
APART = 1_000
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

    def warm(self) -> None:
        """Let a crowd ask first, as a site that runs has long been asked."""
        queues = [list(islice(self.requests, self.warm_up)) for _ in range(MANY)]
        self.check(crowd(self.site.port, queues).statuses)

    def check(self, statuses: Mapping[str, int]) -> None:
        assert set(statuses) <= {str(self.status)}, f"expected {self.status}: {statuses}\n{self.site.last_words}"

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

    @property
    def p10(self) -> float:
        """What the fastest tenth took at most: how it is when nothing else wants the processor."""
        return quantiles(self.seconds, n=10)[0]


def floor_party(floor: Site) -> Party:
    return Party(floor, repeat(FLOOR_PAGE), TURNS_OF_THE_FLOOR)


def loops(parties: Sequence[Party]) -> None:
    """Each in loops of its own, one after the other and all of it again, so that the machine's moods fall on all."""
    for party in parties:
        party.warm()
    for _ in range(ROUNDS):
        for party in parties:
            # A connection that waited for all the others might have been closed meanwhile.
            with Line(party.site.port) as line:
                party.loop(line, party.turns // ROUNDS)


def in_turns(name: str, one: Party, other: Party, *, limit: float | None = None) -> Iterator[Figure]:
    """One request here, one there, and so on; then the same in processor time, which a busy machine does not change."""
    for party in (one, other):
        party.warm()
    # What one has just asked for must not be fresh in memory when the other asks for it.
    other.requests = islice(other.requests, APART, None)
    with Line(one.site.port) as mine, Line(other.site.port) as theirs:
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


def per_second(party: Party, *, each: int = 200) -> float:
    """How many requests a second are answered to a crowd over MANY connections, each asking other things."""
    party.warm()
    told = crowd(party.site.port, [list(islice(party.requests, each)) for _ in range(MANY)], seconds=SECONDS)
    party.check(told.statuses)
    return told.per_second
