"""A no never ends in nothing: what can be asked instead, looked up anew for the page that shows it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from zalenzoeker.domain.availability import Code, Need, obstacles
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.ways_on import Asked, WayKind, WayOn
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Wish, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.dates import when
from zalenzoeker.web.ways import kilometres_words

# What was not had, and may be looked for elsewhere.
WAS_LOST = frozenset({Status.REFUSED, Status.CANCELLED, Status.EXPIRED, Status.LAPSED})
# A house that said no, or cannot, need not be asked for the same moment again.
BY_THE_HOUSE = frozenset({Action.REFUSE, Action.CANCEL})

# Whoever has the room may let it go; a closure or the house's own programme is not waited for.
BY_SOMEBODY = frozenset({Code.BOOKED, Code.REQUESTED})


@dataclass(frozen=True)
class Way:
    """One thing to ask instead: what it is, a line below it, and the form that asks it."""

    words: str
    hint: str
    href: str


# Ways on by how they differ from what was asked, each group under its heading.
Groups = list[tuple[str, list[Way]]]


@dataclass(frozen=True)
class Elsewhere:
    """What can be done instead of one lost date. ``wait``, ``again``: addresses, empty where that is of no use."""

    date: Occurrence
    ways: Groups
    wait: str = ""
    again: str = ""


def elsewhere(request: Request, now: datetime) -> Elsewhere | None:
    """The ways on from the first date that was lost and is still to come; None when there is none to be had."""
    lost = next((one for one in _lost(request) if one.slot.starts_at > now), None)
    if lost is None:
        return None
    room = cities.city().by_id[lost.room_id]
    # A way on is one moment by itself, not the series.
    wish = replace(checking.wish_for(request, [WishedDate(room.code, lost.slot)]), pattern=None)
    found = checking.instead_of(Asked(room, _need(wish, room, lost.slot), frozenset(request.facilities)), now)
    # Another house may have rules of its own about who asks.
    possible = [one for one in found if not obstacles(_need(wish, one.room, one.slot), one.room.facts(), now)]
    ways = said(possible, room, lambda one: form_address(one.room.code, one.slot, again=request.code))
    if lost.status in (Status.WAITING, Status.REQUESTED):
        return Elsewhere(lost, ways)
    same = form_address(room.code, lost.slot, again=request.code)
    own = [one.id for one in request.occurrences]
    troubles = checking.look(wish, ANYONE, now, without=own, is_judged_whole=False)
    in_the_way = {one.code for trouble in troubles for one in trouble.obstacles}
    if in_the_way & BY_SOMEBODY:
        return Elsewhere(lost, ways, wait="" if in_the_way - BY_SOMEBODY else same)
    by_the_house = bool(request.events) and request.events[-1].action in BY_THE_HOUSE
    return Elsewhere(lost, ways, again="" if in_the_way or by_the_house else same)


def _need(wish: Wish, room: KnownRoom, slot: Slot) -> Need:
    """What this asker needs, as this room judges it."""
    is_neighbour = checking.is_neighbour(wish.requester_kind, wish.neighbourhood, room)
    return Need(
        slot, wish.people, kind=wish.requester_kind, is_neighbour=is_neighbour, activity_kind=wish.activity_kind
    )


def _lost(request: Request) -> list[Occurrence]:
    dates = sorted((one for one in request.occurrences if one.replaces_id is None), key=lambda one: one.from_epoch)
    lost = [one for one in dates if one.status in WAS_LOST or one.status is Status.WAITING]
    if lost or not hold_ended(request):
        return lost
    return [one for one in dates if one.status is Status.REQUESTED]


def hold_ended(request: Request) -> bool:
    """Did nobody answer for so long that others may ask for the same now?"""
    is_open = request.status is Status.REQUESTED
    return is_open and any(event.action is Action.HOLD_END for event in request.events)


def form_address(room: str, slot: Slot, *, again: str = "") -> str:
    """The form with this room (``venue/room``) and moment filled in; ``again``: the request it takes the rest from."""
    return url_for(
        "asking.new",
        zaal=room,
        dag=slot.day.isoformat(),
        van=f"{slot.starts:%H:%M}",
        tot=f"{slot.ends:%H:%M}",
        opnieuw=again or None,
    )


def said(found: Iterable[WayOn], home: KnownRoom, href: Callable[[WayOn], str]) -> Groups:
    """Ways on in words, the nearest first, each leading where ``href`` says. ``home``: the room that was asked."""
    heads = {
        WayKind.OTHER_TIME: _("Another moment in this room"),
        WayKind.OTHER_ROOM: _("Another room in this house, at the same moment"),
        WayKind.OTHER_PLACE: _("Another house nearby, at the same moment"),
    }
    groups: dict[WayKind, list[Way]] = {}
    for one in found:
        groups.setdefault(one.kind, []).append(_way(one, home, href(one)))
    return [(heads[kind], groups[kind]) for kind in heads if kind in groups]


def _way(one: WayOn, home: KnownRoom, href: str) -> Way:
    size = _("room for %(capacity)d", capacity=one.room.capacity) if one.room.capacity else ""
    if one.kind is WayKind.OTHER_TIME:
        return Way(when(one.slot), "", href)
    if one.kind is WayKind.OTHER_ROOM:
        return Way(one.room.name, size, href)
    hint = ", ".join(part for part in (kilometres_words(one, home), size) if part)
    return Way(f"{one.room.name}, {one.room.venue_name}", hint, href)
