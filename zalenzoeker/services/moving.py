"""Another moment for dates: what is asked, what stands in its way, and what came of it."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import IntEnum

from zalenzoeker.domain.availability import CODE_OF_TAKEN, OVERLAP, Obstacle
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import IS_ALIVE, Status
from zalenzoeker.domain.slots import Slot, from_epoch
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Trouble, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import counts, rooms
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occurrence, Request

# A date, its new moment and the code of its room then.
Change = tuple[Occurrence, Slot, str]


class Changed(IntEnum):
    """What came of a change: the last of these that holds for one of its dates.

    NOTHING: each was so already. SHORTER: at once, as nobody need approve it. MOVED: at once too, as the rules of the
    house say yes. WAITS: a date nobody has decided on waits at its new moment. ASKED: what was confirmed stays until
    the desk says yes to another moment.
    """

    NOTHING = 0
    SHORTER = 1
    MOVED = 2
    WAITS = 3
    ASKED = 4


@dataclass(frozen=True)
class Move:
    """Another moment for some dates: so many days later, from and to these times.

    ``to_day``: the day that the chosen date goes to, and the others move as many days; in place of ``days``, where it
    is told. ``room``: the room they all go to (``venue/room``); empty: each stays in its own.
    """

    from_time: time
    to_time: time
    days: int = 0
    room: str = ""
    to_day: date | None = None

    def of(self, date: Occurrence) -> Slot:
        """The new moment of a date. Raises NotASlot."""
        return Slot.on(date.slot.day + timedelta(days=self.days), self.from_time, self.to_time, date.zone)

    def from_date(self, chosen: Occurrence) -> "Move":
        """The same, with the days that it is for the chosen date as that stands now."""
        if self.to_day is None:
            return self
        return replace(self, days=(self.to_day - chosen.slot.day).days, to_day=None)


def code_of(date: Occurrence) -> str:
    """The room of a date, as a wish names it (``venue/room``)."""
    return cities.city().by_id[date.room_id].code


def check(request: Request, new: Sequence[Change], own: Collection[int], by: Actor, now: datetime) -> None:
    """Raise Refused when something is in the way of one of these moments; ``own``: the ids of dates that move away."""
    if not new:
        return
    wish = checking.wish_for(request, [WishedDate(room, slot) for _, slot, room in new])
    # The hours of their association in a week are counted, and somebody else of it may be asking now.
    counts.lock_asker(by.account_id, request.association_id)
    troubles = checking.look(wish, by, now, without=own, is_judged_whole=False)
    left = _with_own(request, new, own, checking.not_excepted(troubles, request.exceptions))
    if checking.in_the_way(left, asks_exception=True):
        raise checking.refusal(wish, left, now, without=own)
    # What the house may set aside goes to its desk, which sees what it is and says why.
    asked = {one.code.value for trouble in left for one in trouble.obstacles}
    request.exceptions = sorted({*request.exceptions, *asked})


def check_length(request: Request, new: Sequence[Change], own: Collection[int], by: Actor, now: datetime) -> None:
    """What gets shorter may get too short for the house; nothing else is asked of it."""
    wish = checking.wish_for(request, [WishedDate(room, slot) for _, slot, room in new])
    troubles = checking.only_too_short(checking.look(wish, by, now, without=own, is_judged_whole=False)) if new else []
    if troubles:
        raise checking.refusal(wish, troubles, now, without=own)


def _with_own(
    request: Request, new: Sequence[Change], own: Collection[int], troubles: Sequence[Trouble]
) -> list[Trouble]:
    """The same, where it is another date of the request itself that stands in the way, and no stranger's.

    It does so as well where the request only stands in a queue: nobody can have a room twice.
    """
    moving = {date.id for date, _, _ in new}
    stays = [
        one for one in request.occurrences if one.status in IS_ALIVE and one.id not in own and one.id not in moving
    ]
    found = {trouble.date: trouble for trouble in troubles}
    city = cities.city()
    for _, slot, room in new:
        place = city.by_code[room]
        first, last = place.rules.widened(slot)
        in_the_way = [
            _own(one)
            for one in stays
            if one.taken_from < last
            and first < one.taken_to
            and set(city.by_id[one.room_id].space_ids) & set(place.space_ids)
        ]
        if in_the_way:
            date = WishedDate(room, slot)
            others = found[date].obstacles if date in found else []
            found[date] = Trouble(date, place, [*(one for one in others if one.code not in OVERLAP), *in_the_way[:1]])
    return list(found.values())


def _own(date: Occurrence) -> Obstacle:
    by = TakenBy.BOOKING if date.status is Status.APPROVED else TakenBy.REQUEST
    when = Slot(from_epoch(date.taken_from), from_epoch(date.taken_to))
    return Obstacle(CODE_OF_TAKEN[by], {"slot": when, "title": "", "is_own": True})


def put_beside(request: Request, new: Sequence[Change], now: datetime) -> list[Occurrence]:
    """Each new moment as a date beside the one that it would replace, left out for now; inside a write unit."""
    places = cities.city().by_code
    own = rooms.by_ids({places[room].id for _, _, room in new})
    minutes = {room: places[room].buffers(takes_space=request.takes_space) for _, _, room in new}
    added = [
        Occurrence(
            room=own[places[room].id],
            room_id=places[room].id,
            status=Status.SKIPPED,
            uid=secrets.token_hex(16),
            sequence=0,
            slot=slot,
            from_epoch=slot.from_epoch,
            to_epoch=slot.to_epoch,
            setup_minutes=minutes[room][0],
            cleanup_minutes=minutes[room][1],
            replaces_id=date.id,
            changed_at=now,
        )
        for date, slot, room in new
    ]
    request.occurrences.extend(added)
    db.session.flush()
    return added
