"""Where a request stands: a title and the line below it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from zalenzoeker.domain.conversation import Turn, turn
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, Action, Policy, Status
from zalenzoeker.services.queueing import HOUSE
from zalenzoeker.storage.models import Request
from zalenzoeker.web.dates import moment
from zalenzoeker.web.standing import asked_moments, dates_to_show, proposed_moments, public_events


@dataclass(frozen=True)
class Headline:
    """Where a request stands: a title and the line below it."""

    title: str
    text: str


def headline(request: Request, now: datetime, *, place: int = 0) -> Headline:
    """Where a request stands, in one sentence and what it means. ``place``: in the line, 1 for the first."""
    if proposed_moments(request) and request.proposal is not None:
        return _proposed(request, moment(request.proposal.until))
    if not request.takes_space and (told := _inside(request, now)):
        return told
    if request.status is Status.APPROVED:
        return _approved(request, now)
    if request.status is Status.REQUESTED:
        return _requested(request)
    if request.status in (Status.WAITING, Status.OFFERED):
        return _in_line(request, place)
    return _ended(request)


def _proposed(request: Request, until: str) -> Headline:
    """``until``: when it ends, in words."""
    text = _("Say yes or no until %(moment)s. Until then what you asked first stays asked.", moment=until)
    if request.status is Status.APPROVED:
        text = _("Say yes or no until %(moment)s. Until then everything stays as it was confirmed.", moment=until)
    return Headline(_("The house proposes something else"), text)


def _approved(request: Request, now: datetime) -> Headline:
    dates = [one for one in dates_to_show(request) if one.status is Status.APPROVED]
    if all(is_over(one.slot.ends_at, now) for one in dates):
        return Headline(
            _("This activity is over"), _("We hope it was a good one. Tell the house when something broke.")
        )
    lost = [one for one in dates_to_show(request) if one.status in (Status.REFUSED, Status.CANCELLED, Status.EXPIRED)]
    if lost:
        return Headline(
            _("Yes, on %(count)s of the %(total)s dates", count=len(dates), total=len(dates) + len(lost)),
            _("The house said yes to these dates. For the others you can look for something else."),
        )
    if len(dates) > 1:
        return Headline(
            _("Yes, the room is yours on %(count)s dates", count=len(dates)),
            _("Do you not need a date after all? Let it go, and somebody else is glad of it."),
        )
    return Headline(
        _("Yes, the room is yours"),
        _("The house said yes. Do you not need the room after all? Withdraw, and somebody else is glad of it."),
    )


def _inside(request: Request, now: datetime) -> Headline | None:
    """What is said otherwise of an activity during the open hours, because there is no room to have."""
    if request.status is Status.APPROVED:
        to_come = [one for one in request.dates if one.status is Status.APPROVED and not is_over(one.slot.ends_at, now)]
        if not to_come:
            return None
        return Headline(
            _("Yes, you are welcome during the open hours"),
            _("The house said yes. You take no room: you share the house with who is there. Is it off? Withdraw."),
        )
    if request.status is Status.REQUESTED and turn(event.action for event in public_events(request)) is not Turn.ASKER:
        return Headline(
            _("The house looks at the request"),
            _("You come during the open hours and take no room. You get a letter as soon as there is an answer."),
        )
    return None


def _requested(request: Request) -> Headline:
    waits = [one for one in request.occurrences if one.status is Status.REQUESTED]
    if waits and len(asked_moments(request)) == len(waits):
        return Headline(
            _("The house looks at another moment"),
            _("What was confirmed stays as it is until there is an answer. You get a letter."),
        )
    text = _("The room is not yours yet. You get a letter as soon as there is an answer.")
    if request.policy is Policy.QUEUE:
        text = _(
            "The room is not yours yet, and others can ask for this moment too: the house chooses. "
            "You get a letter as soon as there is an answer."
        )
    if any(one.status is Status.APPROVED for one in request.occurrences):
        return Headline(
            _("The house looks at a part of the dates"),
            _("What was confirmed is yours. You get a letter as soon as there is an answer about the others."),
        )
    if turn(event.action for event in public_events(request)) is Turn.ASKER:
        return Headline(
            _("The house asks you something"),
            _("It waits for an answer, and decides after that. The room is not yours yet."),
        )
    return Headline(_("The house looks at the request"), text)


def _in_line(request: Request, place: int) -> Headline:
    if request.status is Status.OFFERED:
        until = moment(request.offer_until) if request.offer_until else ""
        return Headline(
            _("A place came free"),
            _(
                "The room is kept until %(moment)s. Say yes before then, or let it go to the next in line.",
                moment=until,
            ),
        )
    text = _("When the room comes free at that moment, the first in line gets a letter and has time to say yes.")
    if not place:
        return Headline(_("On the waiting list"), text)
    return Headline(_("On the waiting list: you are %(place)s", place=ordinal(place)), text)


def ordinal(place: int) -> str:
    """A place in a line: de eerste."""
    words = {1: _("the first"), 2: _("the second"), 3: _("the third"), 4: _("the fourth"), 5: _("the fifth")}
    return words.get(place) or _("number %(place)s", place=place)


def _ended(request: Request) -> Headline:
    events = public_events(request)
    last = events[-1].action if events else None
    was_waiting = len(events) > 1 and events[-2].status in ON_THE_WAITING_LIST
    if last is Action.OVERTAKE and events[-1].facts.get(HOUSE):
        return Headline(
            _("The house needs the room itself then"),
            _("The room is closed, or the house is busy there itself. Another moment or room may work."),
        )
    if last is Action.OVERTAKE:
        return Headline(
            _("The house chose another request"),
            _("More people asked for the same time, and only one can have it. Another moment or room may work."),
        )
    if last is Action.MISS:
        return Headline(
            _("The place was not taken in time"),
            _("It went on to the next in line. You can ask again or wait again."),
        )
    if was_waiting and request.status is Status.EXPIRED:
        return Headline(_("No place came free"), _("We are sorry. The moment came, and the room was still taken."))
    if was_waiting and request.status is Status.WITHDRAWN:
        return Headline(_("No longer on the waiting list"), _("You get no more letters about this moment."))
    title, text = {
        Status.UNPROVED: (
            _("We wait for your code"),
            _("Fill in the six digits we mailed. Until then the house knows nothing. We keep the room for 15 minutes."),
        ),
        Status.LAPSED: (
            _("The request was not completed"),
            _("The code was not filled in, so the house knows nothing. The room is free for others again."),
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
        Status.SKIPPED: (_("No date is left"), _("Every date was left out. Put one back, or ask again.")),
    }[request.status]
    return Headline(title, text)
