"""What happened to a request, each time as one line of its timeline."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.conversation import Turn, turn
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, SAID_OF, Action, Status
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services.queueing import HOUSE
from zalenzoeker.storage.models import Event, Request
from zalenzoeker.web.dates import clock, day_long, format_list, moment, when
from zalenzoeker.web.houserules import EXCEPTION
from zalenzoeker.web.routing_words import is_code, reason_said
from zalenzoeker.web.standing import days_named

# More moves than these are counted.
MOST_MOVES_SAID = 3


@dataclass(frozen=True)
class Step:
    """One line: ``look`` is done, no, now, todo or plain; ``letter`` is what somebody said with it, ``by`` who."""

    look: str
    icon: str
    title: str
    when: str = ""
    text: str = ""
    letter: str = ""
    by: str = ""


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
    Action.DECIDE: "check",
    Action.UNDO: "left",
    Action.VOID: "warn",
    Action.ASK: "question",
    Action.REPLY: "chat",
    Action.NOTE: "pencil",
    Action.FORWARD: "right",
    Action.HAND: "user",
    Action.BOUNCE: "warn",
    Action.STRANGER: "question",
}
IS_A_NO = frozenset({Action.REFUSE, Action.OVERTAKE, Action.CANCEL, Action.EXPIRE, Action.MISS})


def told(event: Event, request: Request, *, before: Sequence[Event], with_letters: bool, with_internal: bool) -> Step:
    title, text = _words(event, request, before)
    look = "no" if event.action in IS_A_NO else "plain" if event.is_internal else "done"
    letter = event.note if with_letters else ""
    said = " ".join(one for one in (text, *_details(event)) if one)
    by = _by(event) if with_internal else ""
    return Step(look, ICONS[event.action], title, moment(event.at), said, letter, by)


def _by(event: Event) -> str:
    """Who did it, and for which desk; empty for what the clock did."""
    if event.account is None:
        return ""
    name = event.account.name or event.account.email
    return _("%(name)s, for %(desk)s", name=name, desk=event.desk.name) if event.desk else name


def _words(event: Event, request: Request, before: Sequence[Event]) -> tuple[str, str]:
    if event.action in SAID_OF:
        return _words_of_talk(event, before)
    return _words_of_step(event, request, waited=bool(before) and before[-1].status in ON_THE_WAITING_LIST)


def _words_of_talk(event: Event, before: Sequence[Event]) -> tuple[str, str]:
    facts = event.facts
    is_answer = turn(one.action for one in before) is Turn.ASKER
    return {
        Action.ASK: (_("The house asked a question"), ""),
        Action.REPLY: (_("The asker answered") if is_answer else _("The asker wrote to the house"), ""),
        Action.FORWARD: (
            _("Another desk decides from now on"),
            _("From %(former)s to %(desk)s.", former=facts.get("former", ""), desk=facts.get("desk", "")),
        ),
        Action.DECIDE: (_decided(set(facts.get("answers", {}).values())), ""),
        Action.UNDO: (_("The decision was undone"), _("Nobody had heard of it yet.")),
        Action.VOID: (
            _("The decision no longer counts"),
            _("Something changed before anybody had heard of it. Look again, and decide anew."),
        ),
        Action.NOTE: (_("Internal note"), _("Only the desk reads this.")),
        Action.HAND: (_("%(name)s looks after this request", name=facts.get("handler", "")), ""),
        Action.BOUNCE: (
            _("A letter did not arrive"),
            _(
                "The letter to %(email)s came back. Call the asker, or look whether the address is right.",
                email=facts.get("to", ""),
            ),
        ),
        Action.STRANGER: (
            _("Somebody unknown answered by mail"),
            _(
                "It came from %(email)s. Only the desk reads it: perhaps it is the asker at another address.",
                email=facts.get("from", ""),
            ),
        ),
    }[event.action]


def _decided(answers: AbstractSet[str]) -> str:
    """What a desk decided, by the actions in it."""
    if len(answers) > 1:
        return _("The desk decided: partly yes, partly no")
    words = {
        Action.APPROVE: _("The desk decided: yes"),
        Action.REFUSE: _("The desk decided: no"),
        Action.CANCEL: _("The desk decided: cancelled"),
    }
    return next((words[Action(one)] for one in answers), _("The desk decided"))


def _words_of_step(event: Event, request: Request, *, waited: bool) -> tuple[str, str]:
    free = _("The room is free again for somebody else.")
    is_moved = "from" in event.facts
    return {
        Action.PROVE: (_("The request has arrived"), who_decides(request, at_first=True)),
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
    said += _about_mail(facts)
    if facts.get("overruled"):
        rules = format_list([_rule(code) for code in facts["overruled"]])
        said.append(_("The desk allowed an exception to a rule: %(rules)s.", rules=rules))
    return said


def _about_mail(facts: Mapping[str, Any]) -> list[str]:
    """What of a mail is not kept."""
    said = []
    if count := facts.get("attachments", 0):
        said.append(
            ngettext(
                "With the mail came %(num)d attachment, which is not kept.",
                "With the mail came %(num)d attachments, which are not kept.",
                count,
            )
        )
    if facts.get("is_cut"):
        said.append(_("The mail was longer: this is its beginning."))
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


def route_reason(request: Request) -> str:
    """Why that desk, as the line of the routing table says it; the known reasons are codes, others stand as written."""
    return reason_said(request.route_reason)


def who_decides(request: Request, *, at_first: bool = False) -> str:
    """Which desk has it, and why that one; ``at_first``: before it was forwarded."""
    if request.desk is None:
        return ""
    place = request.first.room.venue.name
    desk, reason, who = request.desk.name, request.route_reason, route_reason(request) or request.desk.name
    if forwarded := [event.facts for event in request.events if event.action is Action.FORWARD] if at_first else []:
        # Where there are two desks, each goes by its name.
        desk = who = forwarded[0].get("former", "")
        reason = forwarded[0].get("reason", "")
    if reason and not is_code(reason):
        return _("%(place)s: the decision is with %(who)s. Why: %(why)s", place=place, who=desk, why=reason)
    return _("%(place)s: the decision is with %(who)s.", place=place, who=who)
