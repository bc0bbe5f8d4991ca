"""What a person who runs the site should know: everything the database itself can tell about its health."""

from datetime import datetime

from zalenzoeker.storage import desks, letters, limits, self_check
from zalenzoeker.storage.models.letters import LetterState


def problems(now: datetime) -> list[str]:
    """What is wrong, each with what to do, in English for the operator; empty when all is well. May take seconds."""
    found = self_check.faults()
    for desk in desks.unreachable():
        found.append(f"{desk.name} has no member and no address: nobody reads its letters")
    if limits.is_worker_silent(now):
        found.append("the worker was not seen for a minute: start `flask --app wsgi worker`")
    if dead := letters.count(LetterState.DEAD):
        found.append(f"{dead} letters could not be delivered")
    return found
