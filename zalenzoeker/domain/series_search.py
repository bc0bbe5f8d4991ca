"""Looking through all rooms for a whole series: which share of its dates each can give, and which it cannot."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zalenzoeker.domain.availability import Code, Obstacle
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.dayline import Held
from zalenzoeker.domain.search import Answer, answer_of, overlapping
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.taken import LONGEST_TAKEN
from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.domain.wanted import Asked, Judge, Wanted


class Share(StrEnum):
    """The groups in which rooms are shown, best first."""

    ALL = "all"
    SOME = "some"
    SIZE_UNKNOWN = "size_unknown"
    NONE = "none"
    UNFIT = "unfit"
    ASK_THE_HOUSE = "ask_the_house"


@dataclass(frozen=True, slots=True)
class Missed:
    """A date that a room cannot give: what it says, and the reason nearest to hand."""

    day: date
    answer: Answer
    code: Code | None = None
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One room's answer to a series. ``queued``: dates somebody else has asked for too, which count as given.

    ``too_long``: the rule of the house that lets a series go on for a certain time only.
    """

    room: KnownRoom
    share: Share
    total: int
    missed: tuple[Missed, ...] = ()
    queued: tuple[date, ...] = ()
    first: Slot | None = None
    too_long: Obstacle | None = None
    unknown: frozenset[str] = frozenset()
    distance: float | None = None
    is_inaccessible: bool = False

    @property
    def given(self) -> int:
        return self.total - len(self.missed)


def search_series(
    rooms: Iterable[KnownRoom], days: Sequence[date], held: Mapping[int, Sequence[Held]], judge: Judge
) -> list[Offer]:
    """Every room in reach with its share of the days, best first. ``held`` is in order for each room."""
    walls, is_in_reach = [wall_day(day) for day in days], judge.wanted.is_in_reach
    kinds: dict[tuple[int, int], tuple[list[Asked], Obstacle | None]] = {}
    offers = []
    for room in rooms:
        if is_in_reach(room):
            kind = id(room.rules), id(room.hours)
            if kind not in kinds:
                dates = [judge.asked(room, wall) for wall in walls]
                first = next((asked.slot for asked in dates if asked.slot), None)
                kinds[kind] = dates, judge.too_long(room, first) if first else None
            offers.append(_offer(room, *kinds[kind], held.get(room.id, ()), judge.wanted))
    return sorted(offers, key=_rank)


def _offer(
    room: KnownRoom, dates: Sequence[Asked], too_long: Obstacle | None, held: Sequence[Held], wanted: Wanted
) -> Offer:
    total, unknown, far = len(dates), wanted.unknown(room), wanted.distance(room)
    if not room.is_asked_here:
        return Offer(room, Share.ASK_THE_HOUSE, total, unknown=unknown, distance=far)
    is_inaccessible = wanted.is_out_of_the_question(room)
    if is_inaccessible or wanted.unfit(room):
        return Offer(room, Share.UNFIT, total, unknown=unknown, distance=far, is_inaccessible=is_inaccessible)
    starts = [one[0] for one in held]
    missed, queued = [], []
    for asked in dates:
        # Nothing lasts longer than LONGEST_TAKEN: what began before that is over.
        first = bisect_left(starts, asked.from_epoch - LONGEST_TAKEN)
        in_the_way, is_queued = overlapping(asked, held[first : bisect_left(starts, asked.to_epoch, first)])
        state = answer_of(asked, in_the_way, is_queued=is_queued) if asked.slot else Answer.CLOSED
        if state is Answer.REQUESTED:
            queued.append(asked.day)
        elif state is not Answer.FREE:
            code = asked.said[0].code if asked.said else None
            missed.append(Missed(asked.day, state, code, in_the_way[0] if in_the_way else None))
    share = _share(room, wanted, total, len(missed))
    first_slot = next((asked.slot for asked in dates if asked.slot), None)
    return Offer(room, share, total, tuple(missed), tuple(queued), first_slot, too_long, unknown, far)


def _share(room: KnownRoom, wanted: Wanted, total: int, missed: int) -> Share:
    if missed == total:
        return Share.NONE
    if wanted.people is not None and room.capacity is None:
        return Share.SIZE_UNKNOWN
    return Share.SOME if missed else Share.ALL


ORDER = {share: number for number, share in enumerate(Share)}


def _rank(one: Offer) -> tuple[int, int, int, int, float, str, str]:
    room = one.room
    # A room of which we do not know whether it has what is asked comes after those that have it.
    return (
        ORDER[one.share],
        len(one.missed),
        len(one.unknown),
        room.capacity or 0,
        one.distance or 0.0,
        room.venue_name,
        room.name,
    )


def spans(rooms: Iterable[KnownRoom], days: Sequence[date], judge: Judge) -> list[tuple[int, int]]:
    """The stretches of time (epoch seconds) that must be looked up: per day, what any of the rooms may need."""
    rules = {id(room.rules): room.rules for room in rooms}.values()
    found = []
    for wall in (wall_day(day) for day in days):
        wide = [span for one in rules if (span := judge.span(one, wall))]
        if wide:
            found.append((min(start for start, _end in wide), max(end for _start, end in wide)))
    return found or [wall_day(days[0]).span]
