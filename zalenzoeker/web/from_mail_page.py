"""The small page behind the button of a letter: what is asked, what a desk weighs, and the form to answer with."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import Length, ValidationError

from zalenzoeker.domain.decision_links import LinkState
from zalenzoeker.domain.requests import Action
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services.decisions import Said
from zalenzoeker.services.from_mail import NO_VOTE, YES_VOTE, Opened, Word, as_desk, waiting_dates
from zalenzoeker.storage import advice, history, queue
from zalenzoeker.storage.models import Event
from zalenzoeker.web.around import fit, same_day
from zalenzoeker.web.dates import clock as clock_words
from zalenzoeker.web.dates import moment, when
from zalenzoeker.web.decision_form import REASONS
from zalenzoeker.web.desk_page import ANSWERED
from zalenzoeker.web.fields import LONGEST_TEXT, PageForm, check_text, needed, strip
from zalenzoeker.web.standing import pattern_said
from zalenzoeker.web.story import wanted
from zalenzoeker.web.votes import voting_said
from zalenzoeker.web.weighing import before_said, changes, rivals

# A no for a reason of the list is one choice, so that it costs no tap more than a yes.
NO_BECAUSE = f"{Action.REFUSE}-"
VOTED = (YES_VOTE, NO_VOTE)
MOST_DATES = 8
TOO_LONG = Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters."))


class MailForm(PageForm):
    """The answer of somebody who reads a letter; nothing is chosen beforehand."""

    choice = RadioField(
        _l("What do you decide?"), name="besluit", choices=[], validators=[needed(_l("Choose what you decide"))]
    )
    version = HiddenField(name="versie")
    note = TextAreaField(_l("Your own words"), name="reden", filters=[strip], validators=[TOO_LONG, check_text])
    to_asker = TextAreaField(
        _l("A word for the asker"), name="aan-aanvrager", filters=[strip], validators=[TOO_LONG, check_text]
    )
    is_vote = False

    def offer(self, *, is_vote: bool) -> "MailForm":
        """Yes, each no, and a question; ``is_vote``: where it is one vote of several, whose no is in own words."""
        self.is_vote = is_vote
        if is_vote:
            self.choice.label.text = _l("What do you say?")
            self.choice.choices = [
                SelectChoice(Action.APPROVE.value, _("Yes")),
                SelectChoice(Action.REFUSE.value, _("No")),
                SelectChoice(Action.ASK.value, _("First a question")),
            ]
            return self
        self.choice.choices = [
            SelectChoice(Action.APPROVE.value, _("Yes, approve")),
            *(SelectChoice(f"{NO_BECAUSE}{key}", _("No. %(reason)s", reason=words)) for key, words in REASONS.items()),
            SelectChoice(Action.REFUSE.value, _("No, for another reason")),
            SelectChoice(Action.ASK.value, _("First a question")),
        ]
        return self

    def validate_note(self, field: Field) -> None:
        if not field.data and self.choice.data == Action.REFUSE:
            raise ValidationError(
                _l("Write why. Your desk reads it.") if self.is_vote else _l("Give a reason. The asker reads it.")
            )
        if not field.data and self.choice.data == Action.ASK:
            raise ValidationError(_l("Write your question. The asker gets it by mail."))

    @property
    def action(self) -> Action:
        """What was chosen: a yes, a no, or a question."""
        return Action(self.choice.data.partition("-")[0])

    @property
    def word(self) -> Word:
        """The answer as a vote."""
        is_yes = self.action is Action.APPROVE
        return Word(is_yes, note=self.note.data or "", to_asker="" if is_yes else self.to_asker.data or "")

    @property
    def said(self) -> Said:
        """The words of the answer; the reason as the list says it."""
        key = self.choice.data.removeprefix(NO_BECAUSE)
        reason = str(REASONS[key]) if key in REASONS else ""
        return Said(note=self.note.data or "", reason=reason)


def shown(found: Opened, form: MailForm, now: datetime) -> dict[str, Any]:
    """What the page shows of a request that waits for its reader."""
    request, asked = found.request, waiting_dates(found.request, now)
    around, in_line = same_day(asked, now), queue.rivals_of(asked)
    said = fit(request, asked, has_rivals=bool(in_line))
    return {
        "found": found,
        "request_": request,
        "date": asked[0] if asked else request.first,
        "dates": [(when(one.slot), one.room.name, around.get(one.id, [])) for one in asked[:MOST_DATES]],
        "more_dates": max(0, len(asked) - MOST_DATES),
        "rooms": {one.room_id for one in asked},
        "pattern": pattern_said(request),
        "changes": changes(request, around),
        "points": said.points,
        "rules": said.rules,
        "side_by_side": rivals(request, asked, in_line, as_desk(found.link.desk)),
        "talk": [one for one in request.events if one.action in (Action.ASK, Action.REPLY)],
        "wanted": wanted(request),
        "before": before_said(history.of_askers([request], request.first.room.venue_id, now)[request.id]),
        "form": form,
        "voting": voting_said(request),
        "hints": _hints(is_vote=form.is_vote, has_rivals=bool(in_line)),
        "names": [(one.code, one.name or one.email) for one in found.members] if found.is_shared else [],
        "until": moment(found.link.expires_at),
    }


def _hints(*, is_vote: bool, has_rivals: bool) -> dict[str, str]:
    theirs = _("The room is then theirs, and the others get a no.") if has_rivals else _("The room is then theirs.")
    return {
        Action.APPROVE.value: "" if is_vote else theirs,
        Action.REFUSE.value: _("Write why below.") if is_vote else _("Write it below."),
        Action.ASK.value: _("Write it below. Nothing is decided then, and this link stays."),
    }


def outcome(found: Opened, now: datetime, browser: str) -> dict[str, Any]:
    """What was decided, by whom and when, and what can still be done; of a used link, or of what others decided."""
    event, decision = found.decision, found.request.decision
    is_pending = event is not None and decision is not None and decision.at == event.at and decision.due_at > now
    is_here = bool(browser) and found.link.browser_hash == browser
    return {
        "found": found,
        "request_": found.request,
        "what": _what(event) if event else "",
        "by": _by(event) if event else "",
        "at": moment(event.at) if event else "",
        "note": event.note if event else "",
        "until": clock_words(to_local(decision.due_at)) if is_pending and decision else "",
        "may_undo": is_pending and is_here and found.made_the_decision and found.state is LinkState.USED,
        "waits": bool(waiting_dates(found.request, now)),
    }


def _what(event: Event) -> str:
    answers = {Action(one) for one in event.facts.get("answers", {}).values()}
    return ANSWERED[answers.pop()]() if len(answers) == 1 else _("partly yes, partly no")


def voted(found: Opened) -> dict[str, Any]:
    """What a link that was used to vote says while nothing is decided; what others said is for the desk."""
    request = found.request
    votes = advice.about(request) if found.is_vote else None
    who = found.link.used_by
    return {
        "request_": request,
        "vote": _("yes") if found.link.answer == YES_VOTE else _("no"),
        "by": (who.name or who.email) if who else _("the desk"),
        "at": moment(found.link.used_at) if found.link.used_at else "",
        "counts": bool(votes and votes.of(found.link.used_by_id)),
        "is_advice": any(one.action is Action.ADVISE for one in request.events),
        "until": moment(request.vote_until) if votes and request.vote_until else "",
    }


def _by(event: Event) -> str:
    if event.desk and event.facts.get("votes"):
        return _("the members of %(desk)s together", desk=event.desk.name)
    name = (event.account.name or event.account.email) if event.account else _("the desk")
    return _("%(name)s, for %(desk)s", name=name, desk=event.desk.name) if event.desk else name
