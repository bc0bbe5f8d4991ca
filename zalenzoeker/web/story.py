"""Where is my request? The timeline of a request in words, the same for everybody who has its address."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.storage.models import Event, Request
from zalenzoeker.web.dates import day_long, moment, when
from zalenzoeker.web.wording import DESK_KIND


@dataclass(frozen=True)
class Step:
    """One line: ``state`` is done, now or todo; ``note`` is what was said with it."""

    state: str
    icon: str
    title: str
    at: str = ""
    text: str = ""
    note: str = ""


ICONS = {
    Action.PROVE: "check",
    Action.APPROVE: "check",
    Action.REFUSE: "cross",
    Action.CANCEL: "cross",
    Action.WITHDRAW: "swap",
    Action.EXPIRE: "hourglass",
    Action.LAPSE: "hourglass",
}


def story(request: Request, now: datetime) -> list[Step]:
    """What happened, who has it now, and what comes next. ``request`` with its events, desk and dates."""
    told = [_told(event, request) for event in request.events]
    return [*told, *_to_come(request, now)]


def _told(event: Event, request: Request) -> Step:
    title, text = {
        Action.PROVE: (_("The request has arrived"), who_decides(request)),
        Action.APPROVE: (_("The house said yes"), _("The room is yours.")),
        Action.REFUSE: (_("The house said no"), ""),
        Action.CANCEL: (_("The house cancelled the booking"), ""),
        Action.WITHDRAW: (_("The asker withdrew the request"), _("The room is free again for somebody else.")),
        Action.EXPIRE: (_("Nobody answered in time"), _("We are sorry. The moment came before an answer did.")),
        Action.LAPSE: (
            _("The code was not filled in"),
            _("The room was kept for 15 minutes. Fill in the code after all, and if the room is still free it counts."),
        ),
    }[event.action]
    return Step("done", ICONS[event.action], title, moment(event.at), text, event.note)


def who_decides(request: Request) -> str:
    """Which desk has it, and why that one."""
    if request.desk is None:
        return ""
    place = request.first.room.venue.name
    return _("%(place)s: %(who)s decide.", place=place, who=DESK_KIND[request.desk.kind])


def _to_come(request: Request, now: datetime) -> list[Step]:
    date = request.first
    activity = Step("todo", "house", _("Your activity"), when(date.slot))
    if request.status in (Status.UNPROVED, Status.LAPSED):
        return [
            Step(
                "now", "mail", _("Waiting for the code"), text=_("We sent a code by mail. The house knows nothing yet.")
            )
        ]
    if request.status is Status.REQUESTED:
        by = (
            _("Answer expected by %(day)s at the latest.", day=day_long(request.answer_by)) if request.answer_by else ""
        )
        return [
            Step("now", "hourglass", _("The house looks whether it fits"), _("Now"), by),
            Step("todo", "mail", _("You get an answer by mail"), text=_("Yes, or no with the reason.")),
            activity,
        ]
    if request.status is Status.APPROVED and date.slot.ends_at > now:
        return [Step("now", "house", activity.title, activity.at, _("The room waits for you."))]
    return []
