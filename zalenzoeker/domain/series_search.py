"""Looking through all rooms for a whole series: which share of its dates each can give, and which it cannot."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.dayline import Held
from zalenzoeker.domain.search import CAN_BE_ASKED, Answer, Judge, Wanted, answer_of, overlapping
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.taken import LONGEST_TAKEN
from zalenzoeker.domain.wallday import wall_day


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
    """One room's answer to a series. ``queued``: dates somebody else has asked for too, which count as given."""

    room: KnownRoom
    share: Share
    total: int
    missed: tuple[Missed, ...] = ()
    queued: tuple[date, ...] = ()
    first: Slot | None = None
    unknown: frozenset[str] = frozenset()
    distance: float | None = None
    is_inaccessible: bool = False

    @property
    def given(self) -> int:
        return self.total - len(self.missed)


def search_series(
    rooms: Iterable[KnownRoom],
    days: Sequence[date],
    held: Mapping[int, Sequence[Held]],
    wanted: Wanted,
    judge: Judge,
) -> list[Offer]:
    """Every room in reach with its share of the days, best first. ``held`` is in order for each room."""
    offers = [_offer(room, days, held.get(room.id, ()), wanted, judge) for room in rooms if wanted.is_in_reach(room)]
    return sorted(offers, key=_rank)


def _offer(room: KnownRoom, days: Sequence[date], held: Sequence[Held], wanted: Wanted, judge: Judge) -> Offer:
    total, unknown, far = len(days), wanted.unknown(room), wanted.distance(room)
    if not room.is_asked_here:
        return Offer(room, Share.ASK_THE_HOUSE, total, unknown=unknown, distance=far)
    if wanted.unfit(room) or wanted.is_out_of_the_question(room):
        is_inaccessible = wanted.is_out_of_the_question(room)
        return Offer(room, Share.UNFIT, total, unknown=unknown, distance=far, is_inaccessible=is_inaccessible)
    starts = [one[0] for one in held]
    missed, queued, first = [], [], None
    for day, slot in judge.slots(room.rules, days, wanted):
        if slot is None:
            missed.append(Missed(day, Answer.CLOSED))
            continue
        first = first or slot
        said = judge.says(room, slot)
        around: Sequence[Held] = ()
        if starts:
            around = held[
                bisect_left(starts, slot.from_epoch - LONGEST_TAKEN) : bisect_left(
                    starts, slot.to_epoch + LONGEST_TAKEN
                )
            ]
        in_the_way, is_queued = overlapping(room.rules, slot, around)
        state = answer_of(said, in_the_way, is_queued=is_queued)
        if state is Answer.REQUESTED:
            queued.append(day)
        elif state not in CAN_BE_ASKED:
            code = said[0].code if said else None
            missed.append(Missed(day, state, code, in_the_way[0] if in_the_way else None))
    share = _share(room, wanted, total, len(missed))
    return Offer(room, share, total, tuple(missed), tuple(queued), first, unknown, far)


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


def spans(rooms: Iterable[KnownRoom], days: Sequence[date], wanted: Wanted, judge: Judge) -> list[tuple[int, int]]:
    """The stretches of time (epoch seconds) that must be looked up: per day, what any of the rooms may need."""
    seen = {id(room.rules): room.rules for room in rooms}
    found = []
    for day in days:
        slots = [(rules, slot) for rules in seen.values() for _day, slot in judge.slots(rules, [day], wanted) if slot]
        if slots:
            wide = [rules.widened(slot) for rules, slot in slots]
            found.append((min(start for start, _end in wide), max(end for _start, end in wide)))
    return found or [wall_day(days[0]).span]
