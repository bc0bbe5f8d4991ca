"""Where is my request? The timeline of a request in words, the same for everybody who has its address."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.storage import rooms
from zalenzoeker.storage.models import Event, Request
from zalenzoeker.web.dates import day_long, moment, when
from zalenzoeker.web.wording import DESK_KIND


@dataclass(frozen=True)
class Step:
    """One line: ``look`` is done, no, now or todo; ``letter`` is what somebody said with it."""

    look: str
    icon: str
    title: str
    when: str = ""
    text: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Headline:
    """Where a request stands: a title and the line below it."""

    title: str
    text: str


ICONS = {
    Action.PROVE: "check",
    Action.APPROVE: "check",
    Action.REFUSE: "cross",
    Action.CANCEL: "cross",
    Action.WITHDRAW: "swap",
    Action.EXPIRE: "hourglass",
    Action.LAPSE: "hourglass",
}


def story(request: Request, now: datetime, *, with_letters: bool) -> list[Step]:
    """What happened, who has it now, and what comes next. ``request`` with its events, desk and dates.

    ``with_letters``: also what people wrote, which is only for those the request concerns.
    """
    told = [_told(event, request, with_letters=with_letters) for event in request.events]
    return [*told, *_to_come(request, now)]


def _told(event: Event, request: Request, *, with_letters: bool) -> Step:
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
    look = "no" if event.action in (Action.REFUSE, Action.CANCEL, Action.EXPIRE) else "done"
    letter = event.note if with_letters else ""
    return Step(look, ICONS[event.action], title, moment(event.at), text, letter)


def headline(request: Request, now: datetime) -> Headline:
    """Where a request stands, in one sentence and what it means."""
    if request.status is Status.APPROVED and request.first.slot.ends_at <= now:
        return Headline(
            _("This activity is over"), _("We hope it was a good one. Tell the house when something broke.")
        )
    title, text = {
        Status.UNPROVED: (
            _("We wait for your code"),
            _("Fill in the six digits we mailed. Until then the house knows nothing. We keep the room for 15 minutes."),
        ),
        Status.LAPSED: (
            _("The request was not completed"),
            _("The code was not filled in, so the house knows nothing. The room is free for others again."),
        ),
        Status.REQUESTED: (
            _("The house looks at the request"),
            _("The room is not yours yet. You get a letter as soon as there is an answer."),
        ),
        Status.APPROVED: (
            _("Yes, the room is yours"),
            _("The house said yes. Do you not need the room after all? Withdraw, and somebody else is glad of it."),
        ),
        Status.REFUSED: (
            _("No, it is not possible then"),
            _("The house said no. The reason is in the letter to the asker. Another moment may work."),
        ),
        Status.WITHDRAWN: (_("The request was withdrawn"), _("The room is free again for somebody else.")),
        Status.CANCELLED: (
            _("The house cancelled the booking"),
            _("We are sorry. The reason is in the letter to the asker. Another moment may work."),
        ),
        Status.EXPIRED: (
            _("Nobody answered in time"),
            _("We are sorry. The moment came before an answer did. Call the house, or ask for another moment."),
        ),
    }[request.status]
    return Headline(title, text)


def wanted(request: Request) -> list[str]:
    """What the asker needs in the room, in words."""
    return rooms.names_of_facilities(request.facilities)


def route_reason(request: Request) -> str:
    """Why that desk, as the line of the routing table says it; the known reasons are codes, others stand as written."""
    known = {str(kind): words for kind, words in DESK_KIND.items()}
    return str(known.get(request.route_reason, request.route_reason))


def who_decides(request: Request) -> str:
    """Which desk has it, and why that one."""
    if request.desk is None:
        return ""
    place = request.first.room.venue.name
    return _("%(place)s: the decision is with %(who)s.", place=place, who=route_reason(request))


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
        return [Step("now", "house", activity.title, activity.when, _("The room waits for you."))]
    return []
