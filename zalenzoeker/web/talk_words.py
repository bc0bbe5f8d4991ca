"""What was said about a request, and what its desk did with it, each time as a line of its timeline."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker.domain.advice import Outcome
from zalenzoeker.domain.conversation import Turn, turn
from zalenzoeker.domain.requests import Action
from zalenzoeker.services.from_mail import FROM_MAIL, SHARED_MAILBOX
from zalenzoeker.storage.models import Event
from zalenzoeker.web.votes import counted_said


def words_of_talk(event: Event, before: Sequence[Event]) -> tuple[str, str]:
    facts = event.facts
    is_answer = turn(one.action for one in before) is Turn.ASKER
    return {
        Action.ASK: (_("The house asked a question"), ""),
        Action.REPLY: (_("The asker answered") if is_answer else _("The asker wrote to the house"), ""),
        Action.FORWARD: (
            _("Another desk decides from now on"),
            _("From %(former)s to %(desk)s.", former=facts.get("former", ""), desk=facts.get("desk", "")),
        ),
        Action.DECIDE: (
            _decided(set(facts.get("answers", {}).values())),
            counted_said(facts.get("votes", {})) or _way(facts.get("via", "")),
        ),
        Action.VOTE: (_("A vote: yes") if facts.get("is_yes") else _("A vote: no"), _voted_anew(event)),
        Action.ADVISE: (
            _advised(facts),
            _("%(desk)s decides from now on.", desk=facts.get("desk", "")),
        ),
        Action.UNDO: (_("The decision was undone"), _("Nobody had heard of it yet.")),
        Action.VOID: (
            _("The decision no longer counts"),
            _("Something changed before anybody had heard of it. Look again, and decide anew."),
        ),
        Action.NOTE: (_("Internal note"), _("Only the desk reads this.")),
        Action.HAND: (_("%(name)s looks after this request", name=facts.get("handler", "")), ""),
        Action.REMIND: (_("The house got a reminder"), ""),
        Action.TO_DEPUTY: (
            _("Somebody else was asked to step in"),
            _("%(desk)s may decide too from now on.", desk=facts["desk"]) if "desk" in facts else "",
        ),
        Action.TO_CITY: (
            _("%(desk)s was asked to help", desk=facts.get("desk", "")),
            _("The house has not answered yet. They may both decide."),
        ),
        Action.BOUNCE: (
            _("A letter did not arrive"),
            _("A letter to an address of a desk came back. The city desk sees which, and can send it again.")
            if facts.get("is_for_desk")
            else _(
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
        Action.SHIELD: (
            (_("No longer shielded"), _("Its name still stands nowhere in public."))
            if facts.get("ended")
            else (_("Shielded from now on"), _("Everybody else only reads that the room is taken."))
        ),
    }[event.action]


def _voted_anew(event: Event) -> str:
    return _("It takes the place of an earlier vote.") if event.facts.get("changed") else ""


def _advised(facts: Mapping[str, Any]) -> str:
    """What a desk advised, without who said what."""
    desk = facts.get("former", "")
    outcome = facts.get("advice", {}).get("outcome")
    if outcome == Outcome.YES:
        return _("%(desk)s gave advice: favourable", desk=desk)
    if outcome == Outcome.NO:
        return _("%(desk)s gave advice: unfavourable", desk=desk)
    return _("%(desk)s gave no advice in time", desk=desk)


def _decided(answers: AbstractSet[str]) -> str:
    """What a desk decided, by the actions in it."""
    if len(answers) > 1:
        return _("The desk decided: partly yes, partly no")
    words = {
        Action.APPROVE: _("The desk decided: yes"),
        Action.REFUSE: _("The desk decided: no"),
        Action.CANCEL: _("The desk decided: cancelled"),
        Action.PROPOSE: _("The desk decided: propose something else"),
    }
    return next((words[Action(one)] for one in answers), _("The desk decided"))


def _way(via: str) -> str:
    """How a decision came, where it was not taken at the desk."""
    if via == SHARED_MAILBOX:
        return _("From the mail, in the mailbox that the desk shares.")
    return _("From the mail.") if via == FROM_MAIL else ""


def about_mail(facts: Mapping[str, Any]) -> list[str]:
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
