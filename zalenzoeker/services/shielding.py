"""Shielded activities (self-help, shelter): from some moment on nobody outside reads what an activity is."""

from datetime import datetime

from zalenzoeker.domain.permissions import Actor, NotAllowed, may_shield
from zalenzoeker.domain.requests import Action
from zalenzoeker.services.timeline import tell
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import requests
from zalenzoeker.storage.db import write_unit


def shield(code: str, *, by: Actor, now: datetime, is_shielded: bool = True) -> bool:
    """Its asker, their group or its desk takes its name away from everybody else; returns whether that was done now.

    A name that was public is so no longer, in every calendar: its dates count as changed. ``is_shielded`` False: it is
    shielded no more, and still not public. Raises UnknownRequest, NotAllowed, NotPossible.
    """
    with write_unit():
        request = requests.locked(code)
        if request is None:
            raise UnknownRequest
        if not may_shield(by, request.parties):
            raise NotAllowed
        if request.is_shielded == is_shielded:
            # A second tap on the same button.
            return False
        was_public = request.is_public
        request.is_public, request.is_shielded = False, is_shielded
        if was_public:
            for date in request.occurrences:
                date.changed_at = now
        tell(request, Action.SHIELD, by=by, now=now, facts=None if is_shielded else {"ended": True})
        return True
