"""Where is my request? The timeline of a request in words, the same for everybody who has its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, Action, Status
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services.queueing import HOUSE
from zalenzoeker.storage import rooms
from zalenzoeker.storage.models import Event, Request
from zalenzoeker.web.dates import clock, day_long, format_list, moment, when
from zalenzoeker.web.houserules import EXCEPTION
from zalenzoeker.web.standing import days_named, nearest
from zalenzoeker.web.wording import DESK_KIND

# More moves than these are counted.
MOST_MOVES_SAID = 3


@dataclass(frozen=True)
class Step:
    """One line: ``look`` is done, no, now or todo; ``letter`` is what somebody said with it."""

    look: str
    icon: str
    title: str
    when: str = ""
    text: str = ""
    letter: str = ""


ICONS = {
    Action.PROVE: "check",
    Action.APPROVE: "check",
    Action.CONFIRM: "check",
    Action.REFUSE: "cross",
    Action.OVERTAKE: "people",
    Action.CANCEL: "cross",
    Action.WITHDRAW: "swap",
    Action.EXPIRE: "hourglass",
    Action.LAPSE: "hourglass",
    Action.HOLD_END: "hourglass",
    Action.CHANGE: "pencil",
    Action.LET_GO: "swap",
    Action.PUT_BACK: "plus",
    Action.WAIT: "people",
    Action.OFFER: "lamp",
    Action.ACCEPT: "check",
    Action.MISS: "hourglass",
}
IS_A_NO = frozenset({Action.REFUSE, Action.OVERTAKE, Action.CANCEL, Action.EXPIRE, Action.MISS})


def story(request: Request, now: datetime, *, with_letters: bool) -> list[Step]:
    """What happened, who has it now, and what comes next. ``request`` with its events, desk and dates.

    ``with_letters``: also what people wrote, which is only for those the request concerns.
    """
    told = [
        _told(event, request, before=request.events[:number], with_letters=with_letters)
        for number, event in enumerate(request.events)
    ]
    return [*told, *_to_come(request, now)]


def _told(event: Event, request: Request, *, before: Sequence[Event], with_letters: bool) -> Step:
    title, text = _words(event, request, waited=bool(before) and before[-1].status in ON_THE_WAITING_LIST)
    look = "no" if event.action in IS_A_NO else "done"
    letter = event.note if with_letters else ""
    said = " ".join(one for one in (text, *_details(event)) if one)
    return Step(look, ICONS[event.action], title, moment(event.at), said, letter)


def _words(event: Event, request: Request, *, waited: bool) -> tuple[str, str]:
    free = _("The room is free again for somebody else.")
    is_moved = "from" in event.facts
    return {
        Action.PROVE: (_("The request has arrived"), who_decides(request)),
        Action.APPROVE: (_("The house said yes"), "" if _is_partial(event) else _("The room is yours.")),
        Action.CONFIRM: (
            _("The house said yes at once"),
            _("Its rules confirm a request like this without a wait. The room is yours."),
        ),
        Action.REFUSE: (
            _("The house said no"),
            _("What was confirmed before stays.") if event.status is Status.APPROVED else "",
        ),
        Action.OVERTAKE: (
            (_("The house needs the room itself then"), _("The room is closed, or the house is busy there itself."))
            if event.facts.get(HOUSE)
            else (
                _("The house chose another request for this moment"),
                _("More people asked for the same time, and only one can have it."),
            )
        ),
        Action.CANCEL: (_("The house cancelled the booking"), ""),
        Action.WITHDRAW: (
            (_("The asker left the waiting list"), "")
            if waited
            else (_("The asker withdrew the request"), "" if _is_partial(event) else free)
        ),
        Action.EXPIRE: (
            (_("No place came free in time"), "")
            if waited
            else (_("Nobody answered in time"), _("We are sorry. The moment came before an answer did."))
        ),
        Action.LAPSE: (
            _("The code was not filled in"),
            _("The room was kept for 15 minutes. Fill in the code after all, and if the room is still free it counts."),
        ),
        Action.HOLD_END: (
            _("The room is no longer kept for this request"),
            _("Nobody answered for a while. The request still counts, but now others can ask for this moment too."),
        ),
        Action.CHANGE: (_("The asker changed the moment"), ""),
        Action.LET_GO: (_("The asker let dates go"), free),
        Action.PUT_BACK: (
            (_("The asker asked for another moment"), _("The old moment stays until the house answers."))
            if is_moved
            else (_("The asker put a date back in the series"), _("The house decides about it."))
        ),
        Action.WAIT: (_("On the waiting list"), _("The room is taken then. Who waits hears of it when it comes free.")),
        Action.OFFER: (_("A place came free"), _("It was kept for the first in line, who got a letter.")),
        Action.ACCEPT: (_("The asker said yes to the place"), who_decides(request)),
        Action.MISS: (_("The offer ended without an answer"), _("The place went on to the next in line.")),
    }[event.action]


def _is_partial(event: Event) -> bool:
    """Is it about some dates of several?"""
    return "dates" in event.facts


def _details(event: Event) -> list[str]:
    """Which dates it was about, what became what, and which rules were set aside."""
    facts = event.facts
    said = []
    if "from" in facts:
        said.append(_moves(facts))
    elif days := [datetime.fromisoformat(one).date() for one in facts.get("dates", [])]:
        said.append(_("About %(days)s.", days=days_named(days)))
    if facts.get("overruled"):
        rules = format_list([_rule(code) for code in facts["overruled"]])
        said.append(_("The desk allowed an exception to a rule: %(rules)s.", rules=rules))
    return said


def _moves(facts: Mapping[str, Any]) -> str:
    pairs = list(zip(facts["from"], facts["to"], strict=True))
    if len(pairs) > MOST_MOVES_SAID:
        return _("About %(days)s.", days=days_named([datetime.fromisoformat(one).date() for one, _new in pairs]))
    return " ".join(_move(old, new) for old, new in pairs)


def _move(old: str, new: str) -> str:
    before = datetime.fromisoformat(old)
    starts, _slash, ends = new.partition("/")
    slot = Slot(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
    was = _("%(day)s, %(time)s h", day=day_long(before.date()), time=clock(before))
    return _("%(old)s becomes %(new)s.", old=was[:1].upper() + was[1:], new=when(slot))


def _rule(code: str) -> str:
    if code == Code.TOO_SOON:
        return _("how many days ahead one asks")
    return str(EXCEPTION.get(Code(code), code)) if code in set(Code) else code


def wanted(request: Request) -> list[str]:
    """What the asker needs in the room, in words."""
    return rooms.names_of_facilities(request.facilities) if request.facilities else []


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
    if request.status is Status.REQUESTED:
        by = (
            _("Answer expected by %(day)s at the latest.", day=day_long(request.answer_by)) if request.answer_by else ""
        )
        return [
            Step("now", "hourglass", _("The house looks whether it fits"), _("Now"), by),
            Step("todo", "mail", _("You get an answer by mail"), text=_("Yes, or no with the reason.")),
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
