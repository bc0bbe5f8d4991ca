"""The conversation about a request: who is waited for, and the forms by which it goes on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from zalenzoeker import clock
from zalenzoeker.domain.conversation import TURN_AFTER, Turn, turn
from zalenzoeker.domain.permissions import Actor, is_own, may_decide, may_withdraw
from zalenzoeker.domain.requests import Action, may_be_said
from zalenzoeker.services.conversation import is_past
from zalenzoeker.storage import conversation as storage
from zalenzoeker.storage.models import Account, Request
from zalenzoeker.storage.models.desks import CITY_DESK
from zalenzoeker.web.access import actor
from zalenzoeker.web.fields import LONGEST_TEXT, PageForm, check_text, needed, strip
from zalenzoeker.web.wording import DESK_KIND


def _words(label: Any, name: str, missing: Any) -> Any:
    too_long = Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters."))
    return TextAreaField(label, name=name, filters=[strip], validators=[needed(missing), too_long, check_text])


class QuestionForm(PageForm):
    """What the desk wants to know of the asker."""

    words = _words(_l("Your question"), "vraag", _l("Write your question. The asker gets it by mail."))


class NoteForm(PageForm):
    """What the desk keeps for itself."""

    words = _words(_l("Your note"), "nota", _l("Write what the desk must remember."))


class AnswerForm(PageForm):
    """What the asker says to the desk."""

    words = _words(_l("Your message to the house"), "antwoord", _l("Write something. The house gets it by mail."))


class ForwardForm(PageForm):
    """Which desk decides from here on, and why."""

    desk = SelectField(_l("To which desk?"), name="naar", choices=[], validators=[needed(_l("Choose a desk"))])
    words = _words(_l("Why?"), "toelichting", _l("Write why. The other desk and the asker read it."))

    def offer(self, found: Request) -> "ForwardForm":
        """The desks it can go to, each with what it is made of."""
        desks = storage.other_desks(found.desk_id)
        if found.voting and not actor().is_city:
            # Nobody goes round the votes of the others: from there one brings it to the city desk only.
            desks = [one for one in desks if one.slug == CITY_DESK]
        named = [(one.slug, _("%(desk)s: %(kind)s", desk=one.name, kind=DESK_KIND[one.kind])) for one in desks]
        self.desk.choices = [("", _("Choose a desk")), *named]
        return self


class HandForm(PageForm):
    """Which member of the desk looks after it."""

    member = SelectField(_l("Who?"), name="wie", choices=[], validators=[needed(_l("Choose somebody of the desk"))])

    def offer(self, found: Request) -> "HandForm":
        """The members of its desk whose own request it is not, and who do not look after it already."""
        members = [one for one in storage.colleagues(found.desk_id, found.association_id) if _may_get(one, found)]
        self.member.choices = [("", _("Choose somebody")), *((one.code, _name(one)) for one in members)]
        return self


def _may_get(member: Account, found: Request) -> bool:
    return member.id != found.handler_id and not is_own(Actor(member.id, member.email), found.parties)


def _name(member: Account) -> str:
    name = member.name or member.email
    return _("%(name)s (you)", name=name) if member.id == actor().account_id else name


@dataclass(frozen=True)
class AtDesk:
    """What a member of the desk can say and do about a request; a form is None where it cannot be. See ``at_desk``."""

    turn: Turn | None
    handler: str
    ask: QuestionForm | None = None
    note: NoteForm | None = None
    forward: ForwardForm | None = None
    hand: HandForm | None = None

    @property
    def is_open(self) -> bool:
        return any((self.ask, self.note, self.forward, self.hand))


def at_desk(found: Request) -> AtDesk:
    """For the page of a request at its desk; nobody talks as the desk about their own request."""
    handler = found.handler.name or found.handler.email if found.handler else ""
    said = AtDesk(turn_of(found), handler)
    if not may_decide(actor(), found.parties):
        return said

    def may(action: Action) -> bool:
        # What is decided and not told yet is undone first.
        return may_be_said(found.status, action) and found.decision is None

    may_ask = may(Action.ASK) and not is_past(found, clock.now())
    forward = ForwardForm(formdata=None).offer(found) if may(Action.FORWARD) else None
    hand = HandForm(formdata=None).offer(found) if may(Action.HAND) else None
    return AtDesk(
        said.turn,
        handler,
        ask=QuestionForm(formdata=None) if may_ask else None,
        note=NoteForm(formdata=None) if may_be_said(found.status, Action.NOTE) else None,
        forward=forward if forward and len(forward.desk.choices) > 1 else None,
        hand=hand if hand and len(hand.member.choices) > 1 else None,
    )


@dataclass(frozen=True)
class OfAsker:
    """What the page of a request says of the conversation; ``questions``: those that wait, only for who can answer.

    ``form`` is None for who cannot.
    """

    is_asked: bool
    questions: tuple[str, ...]
    form: AnswerForm | None


def of_asker(found: Request) -> OfAsker:
    """For the status page of a request."""
    can_be = may_be_said(found.status, Action.REPLY) and not is_past(found, clock.now())
    may = may_withdraw(actor(), found.parties) and can_be
    is_asked = waits_for_asker(found)
    return OfAsker(
        is_asked=is_asked,
        questions=tuple(_questions(found)) if is_asked and may else (),
        form=AnswerForm(formdata=None) if may else None,
    )


def _questions(found: Request) -> list[str]:
    """What was asked since anything else was said or decided, the earliest first."""
    asked: list[str] = []
    for event in found.events:
        if event.action is Action.ASK:
            asked.append(event.note)
        elif event.action in TURN_AFTER:
            asked.clear()
    return asked


def turn_of(found: Request) -> Turn | None:
    """Who is waited for; nobody when it has ended. ``found`` with its events."""
    if not may_be_said(found.status, Action.REPLY) or is_past(found, clock.now()):
        return None
    return turn(event.action for event in found.events)


def waits_for_asker(found: Request) -> bool:
    """Does a question of the desk wait for its answer?"""
    return turn_of(found) is Turn.ASKER


def turns(found: Collection[Request]) -> dict[int, Turn]:
    """Who is waited for, by the id of each of these requests, asked at once; none where nobody is."""
    said = storage.said([one.id for one in found])
    whose = {one.id: turn(said.get(one.id, ())) for one in found if may_be_said(one.status, Action.REPLY)}
    return {request_id: who for request_id, who in whose.items() if who}
