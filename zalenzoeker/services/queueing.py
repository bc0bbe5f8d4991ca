"""Deciding one answers the rest: who waited in a queue for what somebody else has now is told so, with ways on."""

from collections.abc import Collection, Sequence
from datetime import datetime

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import Action, Status, may_follow
from zalenzoeker.services import notices
from zalenzoeker.services.timeline import step
from zalenzoeker.storage import desks, occupancy, programme, requests
from zalenzoeker.storage.models import Occurrence

# The fact of a step in the timeline that says as what the house has taken the room itself.
HOUSE = "house"


def answer_the_rest(chosen: Sequence[Occurrence], now: datetime) -> None:
    """Refuse the dates of other requests that waited for these moments, inside a write unit that has the rooms locked.

    A series of which one date is gone keeps its other dates.
    """
    _overtake(occupancy.overtaken_by(chosen), now)


def answer_for_the_house(
    now: datetime, *, programme_ids: Collection[int] = (), closure_ids: Collection[int] = ()
) -> int:
    """The same for what the house has taken itself, as own programme or as a closure; returns how many were told no."""
    house = TakenBy.CLOSURE if closure_ids else _told(programme_ids)
    lost = occupancy.overtaken_by_the_house(programme_ids=programme_ids, closure_ids=closure_ids)
    return _overtake(lost, now, house=house)


def _told(programme_ids: Collection[int]) -> TakenBy | None:
    """Of a shielded line nobody outside the house reads even that it is the house's own."""
    return None if programme.is_any_shielded(programme_ids) else TakenBy.OWN_PROGRAMME


def _overtake(date_ids: Collection[int], now: datetime, *, house: TakenBy | None = None) -> int:
    overtaken, count = set(date_ids), 0
    for code in requests.of_dates(overtaken):
        request = requests.for_change(code)
        assert request is not None, "its dates were found in this write unit"
        answers = request.decision.answers if request.decision else {}
        proposed = {date.replaces_id for date in request.occurrences if date.status is Status.PROPOSED}
        lost = [
            date
            for date in request.occurrences
            if date.id in overtaken
            and may_follow(date.status, Action.OVERTAKE)
            # The desk's own no is on its way, with its reason.
            and answers.get(date.uid) != Action.REFUSE
            # Or it offered something else, which the asker may take.
            and answers.get(date.uid) != Action.PROPOSE
            and date.id not in proposed
        ]
        if not lost:
            continue
        count += 1
        step(request, Action.OVERTAKE, by=ANYONE, now=now, dates=lost, facts={HOUSE: house.value} if house else None)
        occupancy.release([date.id for date in lost])
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk is not None:
            notices.request_overtaken(request, desk, now, lost=lost, house=house)
    return count
