"""The days on which a house is closed: closed, opened again, and what of its own programme comes back then."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.programme import DAYS_AHEAD, LONGEST_NAME, is_far, span_of
from zalenzoeker.domain.slots import epoch, to_local
from zalenzoeker.services import changes, programme, queueing, waiting
from zalenzoeker.services.houses import Promised, UnknownHouse, kept, room_id_of
from zalenzoeker.storage import houses, occupancy
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Closure, Venue


class NotAPeriod(ValueError):
    """The last day lies before the first, is past or very far away, or there is no usable reason."""


class AlreadyClosed(Exception):
    """One of these rooms is closed on one of these days already."""


def close(
    venue_slug: str,
    room_slugs: Sequence[str],
    first_day: date,
    last_day: date,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Close these rooms for some days, own programme included, all of them or none.

    Returns how many requests stood in a queue for one of these days, and were told no.
    Raises UnknownHouse, NotAllowed, NotAPeriod, AlreadyClosed, Promised.
    """
    check_period(first_day, last_day, reason, now)
    with write_unit():
        venue = kept(venue_slug, by)
        room_ids = [room_id_of(venue, slug) for slug in dict.fromkeys(room_slugs)]
        occupancy.lock_rooms(room_ids)
        return close_rooms(venue, room_ids, first_day, last_day, reason, by=by, now=now)


def check_period(first_day: date, last_day: date, reason: str, now: datetime) -> None:
    """Raise NotAPeriod for days that cannot be closed."""
    is_long = (last_day - first_day).days > DAYS_AHEAD
    today = to_local(now).date()
    is_past = last_day < today
    if (
        last_day < first_day
        or is_long
        or is_past
        or is_far(last_day, today)
        or not 0 < len(reason.strip()) <= LONGEST_NAME
    ):
        raise NotAPeriod


def close_rooms(
    venue: Venue, room_ids: Sequence[int], first_day: date, last_day: date, reason: str, *, by: Actor, now: datetime
) -> int:
    """The same inside a write unit that has locked these rooms. Raises UnknownHouse, AlreadyClosed, Promised."""
    if not room_ids:
        raise UnknownHouse
    is_demo = houses.is_of_demonstration(venue.id)
    spaces = occupancy.spaces_of_rooms(room_ids)
    span = span_of(first_day, last_day)
    if lines.is_closed(room_ids, *span):
        raise AlreadyClosed
    lines.free(room_ids, *span, now)
    promised_days = lines.promised_days(room_ids, *span, now_epoch=epoch(now))
    if promised_days:
        raise Promised(promised_days)
    closed: set[int] = set()
    closure_ids = []
    for room_id in room_ids:
        # Rooms that share a space are closed with it.
        left = [space_id for space_id in spaces[room_id] if space_id not in closed]
        if left:
            closure = programme.close(room_id, first_day, last_day, reason, now=now, is_demo=is_demo, space_ids=left)
            closure_ids.append(closure.id)
        closed.update(left)
    names = houses.room_names(venue.id)
    told = changes.of_closure(first_day, last_day, reason, [names[one] for one in room_ids])
    changes.log(venue, Subject.CLOSURE, None, told, by=by, now=now)
    return queueing.answer_for_the_house(now, closure_ids=closure_ids)


def reopen(venue_slug: str, closure_ids: Collection[int], *, by: Actor, now: datetime) -> None:
    """Closures fall away, and own programme comes back on their days. Raises UnknownHouse, NotAllowed."""
    with write_unit():
        venue = kept(venue_slug, by)
        write_back(*release_closures(venue, closure_ids, by=by, now=now), now)
    waiting.serve(now)


def release_closures(
    venue: Venue, closure_ids: Collection[int], *, by: Actor, now: datetime, also: Collection[int] = ()
) -> tuple[list[Closure], dict[int, list[int]]]:
    """Take closures away inside a write unit; they come back with the lines that may return, by the id of the room.

    ``also``: the ids of other rooms to lock. Raises UnknownHouse.
    """
    found = [lines.closure(one) for one in sorted(set(closure_ids))]
    closures = [one[0] for one in found if one is not None and one[1] == venue.id]
    if not closures or len(closures) != len(found):
        raise UnknownHouse
    line_ids = {one.room_id: lines.of_rooms_that_share(one.room_id) for one in closures}
    # All rooms in one go, also those that lines lie in, so that nobody waits in a ring.
    occupancy.lock_rooms({one.room_id for one in closures} | lines.rooms_of({*chain(*line_ids.values())}) | {*also})
    names = houses.room_names(venue.id)
    for period in sorted({(one.first_day, one.last_day, one.reason) for one in closures}):
        of_period = [one for one in closures if (one.first_day, one.last_day, one.reason) == period]
        told = changes.of_closure(*period, [names[one.room_id] for one in of_period])
        changes.log(venue, Subject.CLOSURE, told, None, by=by, now=now)
    for one in closures:
        occupancy.release_closure(one.id)
        db.session.delete(one)
    db.session.flush()
    return closures, line_ids


def write_back(closures: Sequence[Closure], line_ids: Mapping[int, Sequence[int]], now: datetime) -> None:
    """Own programme comes back on days that are open again, where the room is free; inside the same write unit."""
    for one in closures:
        # What begins the evening before goes on into the first closed day.
        evening_before = one.first_day - timedelta(days=1)
        for line_id in line_ids[one.room_id]:
            row = lines.line(line_id)
            if row is not None and programme.write_again(row, evening_before, one.last_day, now):
                queueing.answer_for_the_house(now, programme_ids=[line_id])
