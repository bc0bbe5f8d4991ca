"""The clock of a request at its desk: since when it waits there, when its next step is due, by when it is answered."""

from collections.abc import Collection
from datetime import datetime, timedelta

from zalenzoeker.domain.deadlines import (
    DeskTimes,
    answer_by,
    days_between,
    next_at,
    steps,
    usual_days,
)
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage import answers, due, duty, limits
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

NIGHT = "night of the desks"
EVERY = timedelta(days=1)
HISTORY = timedelta(days=365)


def start(request: Request, now: datetime) -> None:
    """From now on this desk has as long for it as for any request; inside a write unit.

    To be called whenever a request comes to a desk, or something new is asked of it: after the dates have their state.
    """
    request.clock_since, request.clock_step, request.deputy_desk_id = now, None, None
    starts_at = first_start(request, now) or request.first.slot.starts_at
    times = times_of(request.desk_id or 0, now)
    request.next_step_at = next_at(steps(now, starts_at, times), None)
    request.answer_by = answer_by(now, starts_at, times)


def first_start(request: Request, since: datetime) -> datetime | None:
    """The first moment after this one at which something that waits for an answer begins, or what it would replace."""
    by_id = {date.id: date for date in request.occurrences}
    waits = [date for date in request.occurrences if date.status is Status.REQUESTED]
    starts = [min(one.slot.starts_at, by_id.get(one.replaces_id or 0, one).slot.starts_at) for one in waits]
    return min((one for one in starts if one > since), default=None)


def times_of(desk_id: int, since: datetime) -> DeskTimes:
    """How a desk counts its days, from a moment on."""
    return times_of_all([desk_id], since).get(desk_id, DeskTimes())


def times_of_all(desk_ids: Collection[int], since: datetime) -> dict[int, DeskTimes]:
    """The same for each of these desks, by its id, asked at once."""
    return duty.times_of(desk_ids, cities.city().special, to_local(since).date())


def recount(desk_id: int | None = None) -> int:
    """Count anew by when each request is answered, after a desk's days changed, or for every desk. Returns how many.

    Each in a write unit of its own, because a row that is locked waits for nobody's room. What is left out when this
    is broken off is done in the night.
    """
    waiting = due.open_clocks(desk_id)
    if not waiting:
        return 0
    times, count = times_of_all({one.desk_id for one in waiting}, min(one.since for one in waiting)), 0
    for one in waiting:
        starts_at = datetime.fromtimestamp(one.starts, one.since.tzinfo)
        plan = steps(one.since, starts_at, times[one.desk_id])
        counted = next_at(plan, one.step), answer_by(one.since, starts_at, times[one.desk_id])
        if counted != (one.next_step_at, one.answer_by):
            with write_unit():
                due.set_clock(one, next_step_at=counted[0], answer_by=counted[1])
            count += 1
    return count


def each_night(now: datetime) -> bool:
    """Once a day: within how many days each desk answers, and every clock counted anew. Returns whether it was time.

    Special days may have been taken over meanwhile, and of a desk that changed its days something may be left.
    """
    last = limits.last_beat(NIGHT)
    if last is not None and now - last < EVERY and now >= last:
        return False
    recount()
    tell_usual_days(now)
    return True


def tell_usual_days(now: datetime) -> None:
    """Keep within how many days each desk answers as a rule, from its first decisions of the last twelve months."""
    with write_unit():
        taken: dict[int, list[int]] = {}
        answered = answers.first_of_requests(now - HISTORY)
        times = times_of_all({one.desk_id for one in answered}, now - 2 * HISTORY)
        for one in answered:
            taken.setdefault(one.desk_id, []).append(days_between(one.asked_at, one.answered_at, times[one.desk_id]))
        answers.keep_usual_days({desk_id: usual_days(days) for desk_id, days in taken.items()})
        limits.beat(NIGHT, now)
