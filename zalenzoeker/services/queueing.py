"""Deciding one answers the rest: who waited in a queue for what somebody else has now is told so, with ways on."""

from collections.abc import Sequence
from datetime import datetime

from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import Action, may_follow
from zalenzoeker.services import notices
from zalenzoeker.services.timeline import step
from zalenzoeker.storage import desks, occupancy, requests
from zalenzoeker.storage.models import Occurrence


def answer_the_rest(chosen: Sequence[Occurrence], now: datetime) -> None:
    """Refuse the dates of other requests that waited for these moments, inside a write unit that has the rooms locked.

    A series of which one date is gone keeps its other dates.
    """
    overtaken = set(occupancy.overtaken_by(chosen))
    for code in requests.of_dates(overtaken):
        request = requests.for_change(code)
        assert request is not None, "its dates were found in this write unit"
        lost = [
            date for date in request.occurrences if date.id in overtaken and may_follow(date.status, Action.OVERTAKE)
        ]
        if not lost:
            continue
        step(request, Action.OVERTAKE, by=ANYONE, now=now, dates=lost)
        occupancy.release([date.id for date in lost])
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk is not None:
            notices.request_overtaken(request, desk, now, lost=lost)
