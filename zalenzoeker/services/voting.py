"""When the vote about a request begins, and begins anew; inside the write unit of what began it."""

from datetime import datetime

from zalenzoeker.domain.advice import AdviceKind, vote_until
from zalenzoeker.domain.requests import WAITS_FOR_THE_DESK
from zalenzoeker.storage import advice
from zalenzoeker.storage.models import Desk, Request


def begin(request: Request, desk: Desk, now: datetime) -> None:
    """It comes to this desk, and is voted about as that desk votes now; a later change of that is about later ones."""
    voting = desk.voting
    request.voting = voting.as_json if voting else None
    begin_anew(request, now)


def begin_anew(request: Request, now: datetime) -> None:
    """What was voted no longer counts, and there is as much time as at first."""
    request.votes_from = request.version
    voting = request.way_of_voting
    starts = [date.slot.starts_at for date in request.occurrences if date.status in WAITS_FOR_THE_DESK]
    to_come = [one for one in starts if one > now]
    request.vote_until = vote_until(now, voting.days, min(to_come)) if voting and to_come else None
    if voting and voting.kind is AdviceKind.ADVISES and not advice.can_anybody_vote(request):
        # Advice that nobody can give is not waited for: the clock's next round brings it to the city desk.
        request.vote_until = now
