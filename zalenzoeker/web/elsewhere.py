"""A no never ends in nothing: what can be asked instead, looked up anew for the page that shows it."""

from dataclasses import dataclass, replace
from datetime import datetime

from zalenzoeker.domain.permissions import ANYONE, is_asker
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.notation import moment_address
from zalenzoeker.web.standing import public_events
from zalenzoeker.web.ways import MAY_COME_FREE, Groups, spoken

# What was not had, and may be looked for elsewhere.
WAS_LOST = frozenset({Status.REFUSED, Status.CANCELLED, Status.EXPIRED, Status.LAPSED})
# A house that said no, or cannot, need not be asked for the same moment again.
BY_THE_HOUSE = frozenset({Action.REFUSE, Action.CANCEL})


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
    date = WishedDate(room.code, lost.slot)
    # A way on is one moment by itself, not the series.
    wish = replace(checking.wish_for(request, [date]), pattern=None)
    # How much somebody has open is told to nobody else.
    by = actor() if is_asker(actor(), request.parties) else ANYONE
    found = checking.instead_of(checking.asked_of(wish, date, by=by), now)
    ways = spoken(found, room, lambda one: moment_address(one.room.code, one.slot, opnieuw=request.code))
    if lost.status in (Status.WAITING, Status.REQUESTED):
        return Elsewhere(lost, ways)
    same = moment_address(room.code, lost.slot, opnieuw=request.code)
    own = [one.id for one in request.occurrences]
    troubles = checking.look(wish, ANYONE, now, without=own, is_judged_whole=False)
    in_the_way = {one.code for trouble in troubles for one in trouble.obstacles}
    if in_the_way & MAY_COME_FREE:
        return Elsewhere(lost, ways, wait="" if in_the_way - MAY_COME_FREE else same)
    by_the_house = any(event.action in BY_THE_HOUSE for event in public_events(request)[-1:])
    return Elsewhere(lost, ways, again="" if in_the_way or by_the_house else same)


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
