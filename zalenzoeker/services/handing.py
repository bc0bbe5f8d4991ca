"""Who decides about a request from here on: another desk, or one member of this one."""

from datetime import datetime

from zalenzoeker.domain.permissions import Actor, NotAllowed, OwnRequest, is_own
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.services import desk_clock, notices, proposing, voting
from zalenzoeker.services.conversation import opened
from zalenzoeker.services.decisions import check_alone
from zalenzoeker.services.timeline import tell
from zalenzoeker.storage import accounts, desks
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Desk, Request
from zalenzoeker.storage.models.desks import CITY_DESK


class WrongDesk(Exception):
    """There is no such desk, it has the request already, or a letter to it reaches nobody."""


def forward(code: str, desk: str, *, by: Actor, now: datetime, note: str) -> str:
    """Another desk decides from here on (by its slug), with all that was said; it and the asker are told.

    Where the members of a desk vote, one of them brings it to the city desk only. Returns the name of that desk. Raises
    UnknownRequest, WrongDesk, NotAllowed, AdviceNeeded, NotPossible: also while a decision is still to be told, which
    is undone first.
    """
    with write_unit():
        request = _undecided(code, by, Action.FORWARD)
        chosen, former = desks.by_slug(desk), request.desk
        assert former is not None, "a request refers to its desk"
        if chosen is None or chosen.id == former.id or not (chosen.email or chosen.members):
            raise WrongDesk
        if chosen.slug != CITY_DESK:
            check_alone(request, by)
        if dates := proposing.live(request):
            # Another desk need not stand by what this one proposed.
            proposing.take_back(request, former, dates, by, now)
        # Why it came here first; from here on the line that routed it says nothing.
        told = {"desk": chosen.name, "former": former.name, "reason": request.route_reason}
        tell(request, Action.FORWARD, by=by, now=now, note=note, facts=told)
        bring_to(request, chosen, now)
        notices.request_forwarded(request, chosen, now, former=former.name, note=note)
        return chosen.name


def bring_to(request: Request, desk: Desk, now: datetime) -> None:
    """It stands with this desk from here on, inside a write unit that told so."""
    request.desk_id, request.desk = desk.id, desk
    # The line that routed it here no longer says why it is there.
    request.route_reason = ""
    request.handler_id = request.handler = None
    voting.begin(request, desk, now)
    if request.status is Status.REQUESTED:
        desk_clock.start(request, now)


def hand(code: str, account: str, *, by: Actor, now: datetime) -> str:
    """A member of the desk (by the code of their account) looks after it; the others see so. Returns their name.

    Raises UnknownRequest, NotPossible as ``forward``, and NotAllowed: also for somebody who is not of this desk, or
    whose own request it is.
    """
    with write_unit():
        request = _undecided(code, by, Action.HAND)
        handler = accounts.by_code(account)
        if handler is None or handler.id not in desks.member_ids(request.desk_id or 0):
            raise NotAllowed
        if is_own(accounts.actor(handler), request.parties):
            raise OwnRequest
        name = handler.name or handler.email
        if handler.id == request.handler_id:
            return name
        tell(request, Action.HAND, by=by, now=now, facts={"handler": name})
        request.handler_id, request.handler = handler.id, handler
        if handler.id != by.account_id and request.desk is not None:
            notices.request_handed(request, request.desk, now, to=handler.email, by=by.name or by.email)
        return name


def _undecided(code: str, by: Actor, action: Action) -> Request:
    request = opened(code, by)
    if request.decision is not None:
        raise NotPossible(request.status, action)
    return request
