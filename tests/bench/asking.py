"""What asking costs: the real form, a durable commit, several people who signed in; and fifty who want one hour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from itertools import count, cycle, zip_longest
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests import running
from tests.bench import addresses
from tests.bench.ground import Ground
from tests.bench.load import crowd, request
from tests.bench.pages import SEARCH, TURNS, WEEKS, compared
from tests.bench.table import Figure, at_least, at_most
from tests.bench.ways import MANY, Party, floor_party, in_turns, loops, per_second
from tests.running import Site
from tests.torture import proofs
from tests.torture.caller import Caller, filled_in, form_of
from zalenzoeker import clock
from zalenzoeker.domain import availability
from zalenzoeker.domain.availability import Need, Taken
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.requests import Policy, RequesterKind
from zalenzoeker.domain.slots import Slot, days_from, epoch
from zalenzoeker.services import accounts
from zalenzoeker.storage import city

PEOPLE_OF_THE_FORM = 20
DAYS = 100
LIMIT, MOST_SECONDS, LEAST_A_SECOND = 40, 0.5, 205
RUSHERS, RUSHES = 50, 10
MANY_WORKERS = 8
SIGNED_IN = 1.3


@dataclass
class Visit:
    """Somebody who signed in: their cookie, and the hidden fields of a form they opened."""

    cookie: str
    hidden: dict[str, str]

    def form(self, code: str, slot: Slot, key: str) -> bytes:
        """The form for a room and a moment as this person's browser sends it."""
        hours = {"day": slot.day.isoformat(), "starts": f"{slot.starts:%H:%M}", "ends": f"{slot.ends:%H:%M}"}
        fields = filled_in(self.hidden, key=key, **hours)
        return request(form_of(code), {"Cookie": self.cookie}, body=urlencode(fields))


class Asking:
    """Everything that is still free on a ground, dealt out once, and the people who ask for it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.numbers = count(1)
        self.now = clock.now()

    @cached_property
    def visits(self) -> list[Visit]:
        """Fifty people who signed in, each with a form open."""
        found = []
        for number in range(RUSHERS):
            with self.ground.app.app_context():
                token = accounts.make_link(f"vrager-{number + 1:03d}@bench.example", now=self.now)
            with Caller(self.ground.site.port).sign_in(token) as caller:
                hidden = caller.get(form_of(addresses.room_codes(self.ground.database)[0])).hidden
                found.append(Visit(caller.cookie, hidden))
        return found

    @cached_property
    def free(self) -> Iterator[tuple[str, Slot]]:
        """Free hours, each once: room after room, and again."""
        return self._free()

    def _free(self) -> Iterator[tuple[str, Slot]]:
        with self.ground.app.app_context():
            town = city.city()
            until = epoch(self.now + timedelta(days=2 * DAYS))
            taken = city.taken(town, epoch(self.now), until, epoch(self.now))
        # Without the halls that are two halves: who has one would have the other.
        rooms = [room for room in town.rooms if len(room.space_ids) == 1]
        each = {room.code: list(_free_slots(room, taken.get(room.id, ()), self.now)) for room in rooms}
        for slots in zip_longest(*each.values()):
            yield from ((code, slot) for code, slot in zip(each, slots, strict=True) if slot)

    def forms(self) -> Iterator[bytes]:
        """One form after the other, each for another room and by somebody else."""
        visits = cycle(self.visits)
        for code, slot in self.free:
            yield next(visits).form(code, slot, f"bench-ask-{next(self.numbers)}")

    def party(self) -> Party:
        return Party(self.ground.site, self.forms(), TURNS, status=302, warm_up=5)

    def rush(self) -> tuple[str, list[bytes]]:
        """Fifty forms for one hour; the beginning of their keys tells them from all others."""
        code, slot = next(self.free)
        name = f"rush-{next(self.numbers)}-"
        return name, [visit.form(code, slot, f"{name}{number}") for number, visit in enumerate(self.visits)]

    def stored(self, keys: str) -> int:
        """How many requests were written from forms whose key begins so."""
        return proofs.number(self.ground.database, f"SELECT count(*) FROM request WHERE form_key LIKE '{keys}%'")


def _free_slots(room: KnownRoom, taken: Sequence[Taken], now: datetime) -> Iterator[Slot]:
    """Hours of a room that one can have and no other, day after day; none where twenty people do not fit."""
    facts = room.facts(taken)
    for day in days_from(availability.first_day(room.rules, now), DAYS):
        # An hour apart, because some houses take half of one to clean.
        for hour in range(9, 22, 2):
            slot = Slot.on(day, time(hour), time(hour + 1))
            policy = room.rules.pending_policy(RequesterKind.PERSON, is_trusted=False, slot=slot)
            if policy is Policy.HOLD and not availability.obstacles(Need(slot, PEOPLE_OF_THE_FORM), facts, now):
                yield slot


def ask(grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    """The form is sent, the request is written to the disk, the address comes back."""
    askings = [Asking(ground) for ground in grounds]
    bottom = floor_party(floor)
    parties = [asking.party() for asking in askings]
    loops([bottom, *parties])
    yield from compared("asking for a room, varied", grounds, parties, bottom, limit=LIMIT)
    rate = per_second(askings[0].party(), each=400)
    yield at_least(f"  a second, {MANY} connections", rate, LEAST_A_SECOND, "/s")


def rush(grounds: Sequence[Ground], _floor: Site) -> Iterator[Figure]:
    """Fifty people post one hour at once, with two processes and with eight, on each engine."""
    for ground in grounds:
        asking = Asking(ground)
        yield from _rushes(f"{RUSHERS} post one hour at once, {ground.name}", asking, ground.site)
        folder = Path(ground.site.log).parent / "many"
        folder.mkdir(exist_ok=True)
        with running.site(ground.database, folder, workers=MANY_WORKERS) as site:
            yield from _rushes(f"  with {MANY_WORKERS} processes", asking, site)


def _rushes(name: str, asking: Asking, site: Site) -> Iterator[Figure]:
    took, stored = [], []
    for number in range(RUSHES + 1):
        keys, forms = asking.rush()
        told = crowd(site.port, [[form] for form in forms])
        stored.append(asking.stored(keys))
        wanted = {"302": 1, "409": RUSHERS - 1}
        assert told.statuses == wanted, f"expected {wanted}, got {dict(told.statuses)}\n{site.last_words}"
        # At the first round each process still reads its templates.
        took += [told.seconds] if number else []
    is_one = set(stored) == {1}
    yield Figure(f"{name}: stored", ", ".join(map(str, sorted(set(stored)))), limit="1, always", kept=is_one)
    yield at_most(f"  round done in, median of {RUSHES}", median(took), MOST_SECONDS, "s", digits=2)
    yield Figure("  slowest round", f"{max(took):.2f} s")


def signed_in(grounds: Sequence[Ground], floor: Site) -> Iterator[Figure]:
    """The same pages for somebody who signed in and for somebody who did not."""
    ground = grounds[0]
    cookie = Asking(ground).visits[0].cookie
    for page in (WEEKS, SEARCH):
        name = f"signed in, against anonymous: {page.name}"
        yield from in_turns(name, page.party(ground, Cookie=cookie), page.party(ground), limit=SIGNED_IN)
