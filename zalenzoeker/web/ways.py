"""A no never ends in nothing: what is in the way, whose rule it is, and the ways on, as a page says them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from zalenzoeker.domain.availability import ABOUT_THE_MOMENT, Code, Obstacle, RoomFacts, blocking
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import Policy, RequesterKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Pattern, PatternKind
from zalenzoeker.domain.series_plan import DAYS_OF_A_WEEK, ROOMS_INSTEAD, is_apart, moments_near, one_of
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.domain.taken import queued_before, span_around
from zalenzoeker.domain.ways_on import Asked, WayKind, WayOn, rooms_instead
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Asker, Refused, Trouble, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.web.dates import when
from zalenzoeker.web.notation import mark, written
from zalenzoeker.web.refusals import sentence, source

# Who waits for these to be let go, may hear of it.
MAY_COME_FREE = frozenset({Code.BOOKED, Code.REQUESTED})


@dataclass(frozen=True)
class Said:
    """One reason why not: its sentence, whose rule it is, and the part of the page it is about."""

    code: Code
    words: str
    source: str
    may_be_excepted: bool

    @property
    def place(self) -> str:
        return "uitzondering" if self.may_be_excepted else "wanneer"


@dataclass(frozen=True)
class Way:
    """One way on: where it leads, what it is in words, and a line below it. ``to``: an address, or a button's value."""

    to: str
    words: str
    hint: str = ""


# Ways on by how they differ from what was asked, each group under its heading.
Groups = list[tuple[str, list[Way]]]


@dataclass(frozen=True)
class Clash:
    """One date of a series that cannot be had: its mark, why, and where it can go."""

    date: WishedDate
    mark: str
    room: str
    said: tuple[Said, ...]
    ways: tuple[Way, ...]


def said(one: Obstacle, room: str) -> Said:
    return Said(one.code, sentence(one, room=room), source(one), one.may_be_excepted)


def reasons(troubles: Iterable[Trouble], *, asks_exception: bool) -> list[Said]:
    """What stops the asker, each sentence once: what holds for a whole series is not said for each of its dates."""
    found = [
        said(one, trouble.room.name)
        for trouble in troubles
        for one in blocking(trouble.obstacles, asks_exception=asks_exception)
    ]
    return list({one.words: one for one in found}.values())


def kilometres_words(way: WayOn, home: KnownRoom) -> str:
    far = f"{way.distance:.1f}".replace(".", ",")
    if way.room.has_exact_point and home.has_exact_point:
        return _("at %(km)s km", km=far)
    return _("at about %(km)s km", km=far)


def button_value(way: WayOn) -> str:
    """What a button of the form to ask sends for a way on (``venue/room|moment``)."""
    return f"{way.room.code}|{written(way.slot)}"


def spoken(ways: Iterable[WayOn], home: KnownRoom, to: Callable[[WayOn], str] = button_value) -> Groups:
    """Ways on in words, the nearest first, each leading where ``to`` says. ``home``: the room that was asked."""
    heads = {
        WayKind.OTHER_TIME: _("Another moment in this room"),
        WayKind.OTHER_ROOM: _("Another room in this house, at the same moment"),
        WayKind.OTHER_PLACE: _("Another house nearby, at the same moment"),
    }
    groups: dict[WayKind, list[Way]] = {}
    for way in ways:
        groups.setdefault(way.kind, []).append(_way(way, home, to(way)))
    return [(heads[kind], groups[kind]) for kind in heads if kind in groups]


def _way(way: WayOn, home: KnownRoom, to: str) -> Way:
    if way.kind is WayKind.OTHER_TIME:
        return Way(to, when(way.slot))
    size = _("room for %(capacity)d", capacity=way.room.capacity) if way.room.capacity else ""
    if way.kind is WayKind.OTHER_ROOM:
        return Way(to, way.room.name, size)
    words = f"{way.room.name}, {way.room.venue_name}"
    return Way(to, words, ", ".join(filter(None, [kilometres_words(way, home), size])))


def may_wait(refused: Refused) -> bool:
    """Whether all that is in the way is somebody who may still let go."""
    if refused.was_lost and not refused.troubles:
        return True
    codes = {one.code for one in refused.obstacles if not one.may_be_excepted}
    return bool(codes) and codes <= MAY_COME_FREE


def clashes(
    refused: Refused,
    dates: Sequence[WishedDate],
    home: KnownRoom,
    now: datetime,
    *,
    asker: Asker,
    by: Actor,
    rule: Pattern | None,
    asks_exception: bool,
) -> list[Clash]:
    """The dates of a series that cannot be had, each with where this asker can have it in the same house, as of now.

    ``rule``: what the dates were written out from, if anything.
    """
    lost = [one for one in refused.troubles if blocking(one.obstacles, asks_exception=asks_exception)]
    lost = [one for one in lost if any(each.code in ABOUT_THE_MOMENT for each in one.obstacles)]
    if not lost:
        return []
    city = cities.city()
    house = [room for room in city.rooms if room.venue_id == home.venue_id and room.is_asked_here]
    slots = [one.date.slot for one in lost]
    spans = [span_around(slot, DAYS_OF_A_WEEK) for slot in slots]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    taken = cities.taken(city, first, last, epoch(now), room_ids=[room.id for room in house])
    facts = {room.id: room.facts(taken.get(room.id, [])) for room in house}
    wanted = [one for one in dates if not one.is_skipped]
    is_loose = rule is None or rule.kind is PatternKind.LOOSE
    asked = checking.asked_by(asker, home, slots, by=by)
    asked = replace(
        asked, need=replace(asked.need, series_first=None if is_loose else min(one.slot.day for one in wanted))
    )
    found = []
    for one in lost:
        others = [(city.by_code[other.room], other.slot) for other in wanted if other != one.date]
        this = one_of(asked, one.room, one.date.slot, others)
        ways = _ways_within(this, house, facts, now, others, home)
        why = tuple(said(each, one.room.name) for each in blocking(one.obstacles, asks_exception=asks_exception))
        found.append(Clash(one.date, mark(one.date, home.code), one.room.name, why, tuple(ways)))
    return found


def _ways_within(
    asked: Asked,
    house: Sequence[KnownRoom],
    facts: Mapping[int, RoomFacts],
    now: datetime,
    others: Collection[tuple[KnownRoom, Slot]],
    home: KnownRoom,
) -> list[Way]:
    """Where one date of a series can go in the same house: another moment, or another room."""
    slot = asked.need.slot
    moments = moments_near([asked.room], asked, facts, now, avoid=others)
    rooms = [room for room in house if is_apart(room, slot, others)]
    there = rooms_instead(asked, rooms, lambda room: facts[room.id], now, most=ROOMS_INSTEAD)
    return [
        *(Way(mark(WishedDate(asked.room.code, moment), home.code), when(moment)) for moment in moments),
        *(Way(mark(WishedDate(way.room.code, slot), home.code), way.room.name, when(slot)) for way in there),
    ]


def leave_all(found: Sequence[Clash]) -> str:
    """The value of a button that leaves all of these dates out; empty where one by one is as quick."""
    return ",".join(one.mark for one in found) if len(found) > 1 else ""


def queued(dates: Sequence[WishedDate], city: City, now: datetime) -> int:
    """How many others have asked before for the fullest of these dates; one query."""
    wanted = [(city.by_code[one.room], one.slot) for one in dates if not one.is_skipped and one.room in city.by_code]
    if not wanted:
        return 0
    spans = [room.rules.widened(slot) for room, slot in wanted]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    taken = cities.taken(city, first, last, epoch(now), room_ids={room.id for room, _slot in wanted})
    return max(queued_before(slot, taken.get(room.id, ())) for room, slot in wanted)


def promise(
    dates: Sequence[WishedDate],
    city: City,
    kind: RequesterKind | None,
    trusting: Collection[int],
    *,
    is_queued: bool = False,
    asks_exception: bool = False,
) -> str:
    """What asking does here for this asker, in one sentence; empty while that depends on what is not known yet.

    ``trusting``: ids of the houses that trust the group. ``is_queued``: others stand in a queue for one of the dates,
    which one then joins, whatever the rooms do otherwise.
    """
    found = set()
    for one in dates:
        if one.is_skipped or one.room not in city.by_code:
            continue
        room = city.by_code[one.room]
        policies = room.rules.rule(RuleName.PENDING).value
        is_trusted = room.venue_id in trusting
        policy = room.rules.pending_policy(kind, is_trusted=is_trusted, slot=one.slot)
        if kind is None and len(set(policies.values())) > 1 and policy is not Policy.INSTANT:
            return ""
        if asks_exception and policy is Policy.INSTANT:
            # The house itself says whether it makes an exception.
            policy = Policy.HOLD
        found.add((policy, room.rules.hold_days))
    if found and is_queued:
        return _promise(Policy.QUEUE, 0)
    # A series waits for a desk as soon as one of its dates must.
    for policy in (Policy.HOLD, Policy.QUEUE, Policy.INSTANT):
        days = [hold_days for one, hold_days in found if one is policy]
        if days:
            return _promise(policy, min(days))
    return ""


def _promise(policy: Policy, days: int) -> str:
    if policy is Policy.INSTANT:
        return _("Here you get a yes at once, if the room is still free.")
    if policy is Policy.QUEUE:
        return _("While your request waits, others can ask for this moment too. The house chooses.")
    return _(
        "While your request waits, nobody else can ask for this moment. The house keeps it for at most %(days)s days.",
        days=days,
    )


def moved(dates: Sequence[WishedDate], old: WishedDate, new: WishedDate | None) -> list[WishedDate]:
    """The dates with one of them moved, or left out where there is no ``new``."""
    there = new or replace(old, is_skipped=True)
    return [there if one == old else one for one in dates]
