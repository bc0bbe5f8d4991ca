"""Where is my request? The timeline of a request in words, the same for all but for what concerns the desk alone."""

from datetime import datetime

from flask_babel import gettext as _

from zalenzoeker.domain.conversation import Turn, turn
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage import rooms
from zalenzoeker.storage.models import Request
from zalenzoeker.web.answering import of_request
from zalenzoeker.web.dates import day_long, moment, when
from zalenzoeker.web.fates import with_fates
from zalenzoeker.web.happened import Step, told
from zalenzoeker.web.standing import nearest, proposed_moments, public_events
from zalenzoeker.web.votes import said_to_asker


def story(request: Request, now: datetime, *, with_letters: bool, with_internal: bool = False) -> list[Step]:
    """What happened, who has it now, and what comes next. ``request`` with its events, desk and dates.

    ``with_letters``: also what people wrote, which is only for those the request concerns. ``with_internal``: also what
    is for the desk alone, and who did each thing.
    """
    events = list(request.events) if with_internal else public_events(request)
    said = [
        told(event, request, before=events[:number], with_letters=with_letters, with_internal=with_internal)
        for number, event in enumerate(events)
    ]
    if with_letters:
        said = with_fates(said, events, request, to_desk=with_internal)
    return [*said, *(_at_the_desk(request, now) if with_internal else _to_come(request, now))]


def wanted(request: Request) -> list[str]:
    """What the asker needs in the room, in words."""
    return rooms.names_of_facilities(request.facilities) if request.facilities else []


def _answer_comes(request: Request) -> str:
    if request.contact_email:
        return _("You get an answer by mail")
    return _("The asker gets an answer on paper or by telephone")


def _at_the_desk(request: Request, now: datetime) -> list[Step]:
    """Who has it now, in words for the desk: what comes for the asker it sees on the rest of its page."""
    date = nearest(request, now)
    if request.decision is not None:
        return [Step("now", "mail", _("The letter leaves"), moment(request.decision.due_at))]
    if proposed_moments(request) and request.proposal is not None:
        until = moment(request.proposal.until)
        return [Step("now", "lamp", _("The asker says yes or no"), _("Until %(moment)s", moment=until))]
    if request.status is Status.REQUESTED:
        until = _due(request)
        by = " ".join(words for words in (said_to_asker(request), until, of_request(request, now).away) if words)
        if turn(event.action for event in request.events) is Turn.ASKER:
            return [Step("now", "question", _("The house waits for an answer of the asker"), _("Now"), by)]
        return [Step("now", "hourglass", _("The house looks whether it fits"), _("Now"), by)]
    if request.status is Status.WAITING:
        return [Step("now", "people", _("Waiting until it comes free"), _("Now"))]
    if request.status is Status.OFFERED:
        until = moment(request.offer_until) if request.offer_until else ""
        return [Step("now", "lamp", _("The asker says yes or no"), _("Until %(moment)s", moment=until))]
    if request.status is Status.APPROVED and date.slot.ends_at > now:
        return [Step("now", "house", _("The activity"), when(date.slot))]
    return []


def _due(request: Request) -> str:
    if request.answer_by is None:
        return ""
    return _("The asker expects an answer by %(day)s at the latest.", day=day_long(to_local(request.answer_by).date()))


def _to_come(request: Request, now: datetime) -> list[Step]:
    date = nearest(request, now)
    several = len(request.dates) > 1
    title = _("Your activity, the next time") if several else _("Your activity")
    activity = Step("todo", "house", title, when(date.slot))
    if request.status in (Status.UNPROVED, Status.LAPSED):
        return [
            Step(
                "now", "mail", _("Waiting for the code"), text=_("We sent a code by mail. The house knows nothing yet.")
            )
        ]
    if proposed_moments(request) and request.proposal is not None:
        until = moment(request.proposal.until)
        return [Step("now", "lamp", _("The asker says yes or no"), _("Until %(moment)s", moment=until)), activity]
    if request.status is Status.REQUESTED:
        by = " ".join(words for words in (said_to_asker(request), of_request(request, now).words) if words)
        is_asked = turn(event.action for event in request.events) is Turn.ASKER
        return [
            Step("now", "question", _("The house waits for an answer of the asker"), _("Now"), by)
            if is_asked
            else Step("now", "hourglass", _("The house looks whether it fits"), _("Now"), by),
            Step("todo", "mail", _answer_comes(request), text=_("Yes, or no with the reason.")),
            activity,
        ]
    if request.status is Status.WAITING:
        return [
            Step("now", "people", _("Waiting until it comes free"), _("Now")),
            Step("todo", "mail", _("You get a letter when it is your turn"), text=_("Then you say yes or no.")),
        ]
    if request.status is Status.OFFERED:
        until = moment(request.offer_until) if request.offer_until else ""
        return [Step("now", "lamp", _("Your answer"), _("Until %(moment)s", moment=until)), activity]
    if request.status is Status.APPROVED and date.slot.ends_at > now:
        return [Step("now", "house", activity.title, activity.when, _("The room waits for you."))]
    return []
