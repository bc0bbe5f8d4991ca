"""What a person who runs the site should know: everything the database itself can tell about its health."""

from datetime import datetime

from zalenzoeker.storage import desks, letters, limits, mail_stop
from zalenzoeker.storage.models.letters import LetterState


def problems(now: datetime) -> list[str]:
    """What is wrong besides the self-check's faults, each with what to do, in English for the operator."""
    found = [f"{desk.name} has no member and no address: nobody reads its letters" for desk in desks.unreachable()]
    if limits.is_worker_silent(now):
        found.append("the worker was not seen for a minute: start `flask --app wsgi worker`")
    if stop := mail_stop.standing():
        found.append(
            f"the mail server refuses us since {stop.since:%Y-%m-%d %H:%M} UTC, no letter leaves: {stop.reason}. "
            f"Mend the settings MAIL_*, then let it try again at /balie/post; by itself it does at "
            f"{stop.next_try_at:%H:%M} UTC"
        )
    if dead := letters.count(LetterState.DEAD):
        found.append(f"{dead} letters could not be delivered")
    return found
