"""What happened to a request, each time as one line of its timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, SAID_OF, Action, Status
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services.queueing import HOUSE
from zalenzoeker.services.timeline import PROPOSAL_FELL
from zalenzoeker.storage.models import Event, Request
from zalenzoeker.web.dates import clock, day_long, format_list, moment, when
from zalenzoeker.web.houserules import EXCEPTION
from zalenzoeker.web.proposal_words import words_of_a_proposal
from zalenzoeker.web.routing_words import who_decides
from zalenzoeker.web.standing import days_named
from zalenzoeker.web.talk_words import about_mail, words_of_talk
from zalenzoeker.web.wording import CAME_BY

# More moves than these are counted.
MOST_MOVES_SAID = 3


@dataclass(frozen=True)
class Mail:
    """One line about a letter; ``look``: no where it did not arrive, wait where it has trouble, else empty."""

    words: str
    look: str = ""


@dataclass(frozen=True)
class Step:
    """One line: ``look`` is done, no, now, todo or plain; ``letter`` is what somebody said with it, ``by`` who.

    ``mails``: the letters that went out by then.
    """

    look: str
    icon: str
    title: str
    when: str = ""
    text: str = ""
    letter: str = ""
    by: str = ""
    mails: tuple[Mail, ...] = ()


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
    Action.PROPOSE: "lamp",
    Action.AGREE: "check",
    Action.DECLINE: "cross",
    Action.PROPOSAL_END: "hourglass",
    Action.VOTE: "people",
    Action.ADVISE: "chat",
    Action.REMIND: "hourglass",
    Action.TO_DEPUTY: "people",
    Action.TO_CITY: "flag",
    Action.BOUNCE: "warn",
    Action.STRANGER: "question",
    Action.SHIELD: "shield",
}
OUTCOMES = frozenset({Action.APPROVE, Action.REFUSE, Action.CANCEL, Action.PROPOSE})
IS_A_NO = frozenset({Action.REFUSE, Action.OVERTAKE, Action.CANCEL, Action.EXPIRE, Action.MISS})


def told(event: Event, request: Request, *, before: Sequence[Event], with_letters: bool, with_internal: bool) -> Step:
    title, text = _words(event, request, before, to_desk=with_internal)
    look = "no" if event.action in IS_A_NO else "plain" if event.is_internal else "done"
    letter = event.note if with_letters and not (with_internal and _was_said(event, before)) else ""
    by_desk = _by_desk(event, with_internal=with_internal)
    said = " ".join(one for one in (text, by_desk, *_details(event)) if one)
    by = _by(event) if with_internal else ""
    return Step(look, ICONS[event.action], title, moment(event.at), said, letter, by)


def _was_said(event: Event, before: Sequence[Event]) -> bool:
    """Do the words of an outcome stand above it already, where the desk decided? Then the desk reads them once."""
    return event.action in OUTCOMES and any(one.action is Action.DECIDE and one.note == event.note for one in before)


def _by_desk(event: Event, *, with_internal: bool) -> str:
    """What a desk wrote down for the asker; who and for whom is only for the desk."""
    facts = event.facts
    if facts.get("at_request"):
        return _("The desk filled this in at the request of the asker.")
    if not (entered := facts.get("entered")):
        return ""
    if not with_internal:
        return _("The desk filled this in for the asker.")
    told = {"desk": entered["desk"], "name": entered["for"], "how": CAME_BY[CameBy(entered["how"])]}
    return _("%(desk)s filled this in for %(name)s (%(how)s).", **told)


def _by(event: Event) -> str:
    """Who did it, and for which desk; empty for what the clock did."""
    if event.account is None:
        return ""
    name = event.account.name or event.account.email
    return _("%(name)s, for %(desk)s", name=name, desk=event.desk.name) if event.desk else name


def _words(event: Event, request: Request, before: Sequence[Event], *, to_desk: bool) -> tuple[str, str]:
    if event.action in SAID_OF:
        return words_of_talk(event, before)
    waited = bool(before) and before[-1].status in ON_THE_WAITING_LIST
    return _words_of_step(event, request, waited=waited, to_desk=to_desk)


def _words_of_step(event: Event, request: Request, *, waited: bool, to_desk: bool) -> tuple[str, str]:
    yours = "" if to_desk else _("The room is yours.")
    free = _("The room is free again for somebody else.")
    if not request.takes_space:
        yours, free = "" if to_desk else _("You are welcome then, while the house is open."), ""
    is_moved = "from" in event.facts
    return {
        Action.PROVE: (_("The request has arrived"), who_decides(request, at_first=True)),
        Action.APPROVE: (_("The house said yes"), "" if _is_partial(event) else yours),
        Action.CONFIRM: (
            _("The house said yes at once"),
            " ".join([_("Its rules confirm a request like this without a wait."), yours]).strip(),
        ),
        Action.REFUSE: (
            _("The house said no"),
            _refused(event),
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
        **words_of_a_proposal(event),
    }[event.action]


def _refused(event: Event) -> str:
    voted = _("The members of the desk voted, and not enough of them said yes.") if event.facts.get("votes") else ""
    stays = _("What was confirmed before stays.") if event.status is Status.APPROVED else ""
    return " ".join(words for words in (voted, stays) if words)


def _is_partial(event: Event) -> bool:
    """Is it about some dates of several?"""
    return "dates" in event.facts


def _details(event: Event) -> list[str]:
    """Which dates it was about, what became what, and which rules were set aside."""
    facts = event.facts
    said = []
    if "from" in facts:
        said.append(_moves(facts, is_proposed=event.action is Action.PROPOSE))
    elif days := [datetime.fromisoformat(one).date() for one in facts.get("dates", [])]:
        said.append(_("About %(days)s.", days=days_named(days)))
    said += about_mail(facts)
    if facts.get("overruled"):
        rules = format_list([_rule(code) for code in facts["overruled"]])
        said.append(_("The desk allowed an exception to a rule: %(rules)s.", rules=rules))
    if facts.get(PROPOSAL_FELL):
        said.append(_("What the house had proposed instead no longer counts."))
    return said


def _moves(facts: Mapping[str, Any], *, is_proposed: bool) -> str:
    pairs = list(zip(facts["from"], facts["to"], strict=True))
    if len(pairs) > MOST_MOVES_SAID:
        return _("About %(days)s.", days=days_named([datetime.fromisoformat(one).date() for one, _new in pairs]))
    rooms = facts.get("rooms") or [""] * len(pairs)
    return " ".join(
        _move(old, new, room, is_proposed=is_proposed) for (old, new), room in zip(pairs, rooms, strict=True)
    )


def _move(old: str, new: str, room: str, *, is_proposed: bool) -> str:
    """``room``: where it goes to, where that is another room."""
    before = datetime.fromisoformat(old)
    starts, _slash, ends = new.partition("/")
    slot = Slot(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
    was = _("%(day)s, %(time)s h", day=day_long(before.date()), time=clock(before))
    words = _("%(moment)s in %(room)s", moment=when(slot), room=room) if room else when(slot)
    was = was[:1].upper() + was[1:]
    if is_proposed:
        return _("%(old)s would become %(new)s.", old=was, new=words)
    return _("%(old)s becomes %(new)s.", old=was, new=words)


def _rule(code: str) -> str:
    if code == Code.TOO_SOON:
        return _("how many days ahead one asks")
    return str(EXCEPTION.get(Code(code), code)) if code in set(Code) else code
