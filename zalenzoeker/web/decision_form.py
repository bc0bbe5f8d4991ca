"""The form by which a desk decides: all dates at once or each by itself, with a reason from a list or in words."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any

from flask import request as http
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, ValidationError

from zalenzoeker.domain.requests import DECISIONS, NEEDS_A_REASON, Action, may_follow
from zalenzoeker.services.decisions import is_too_late
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.fields import LONGEST_TEXT, PageForm, check_text, needed, strip

# The answer that says: about each date something else.
EACH = "each"
DECISION = {
    Action.APPROVE: _l("Approve"),
    Action.REFUSE: _l("Refuse"),
    Action.CANCEL: _l("Cancel the booking"),
}
# What houses say most when they say no; the asker reads it as it stands here.
REASONS = {
    "zelf-nodig": _l("We need the room ourselves then."),
    "past-niet": _l("What you plan does not fit in this room."),
    "te-veel": _l("There are too many people for this room."),
    "regels": _l("It goes against the rules of our house."),
    "te-laat": _l("It is too short notice for us."),
    "niemand": _l("Nobody can open or close the house then."),
    "werken": _l("There are works in the building then."),
    "beurt": _l("You have been here often; now it is the turn of others."),
}
PREFIX = "datum-"
# A tick before a request: its code and the version that was on the page.
KEY = re.compile(r"([\w-]{10,43}):([0-9]{1,9})")
# What a version looks like; anything else counts as one that nobody saw.
VERSION = re.compile("[0-9]{1,9}")


def _reason() -> Any:
    nothing = SelectChoice("", _l("Choose one, or write it below"))
    choices = [nothing, *(SelectChoice(*one) for one in REASONS.items())]
    return SelectField(_l("The reason of a no"), name="waarom", choices=choices, default="")


def _note() -> Any:
    too_long = Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters."))
    return TextAreaField(_l("A word with it"), name="reden", filters=[strip], validators=[too_long, check_text])


@dataclass
class EachDate:
    """The answers date by date, which stand together on the page: what is wrong with them is said there."""

    id: str = "per-datum"
    errors: list[str] = dataclass_field(default_factory=list)


def version_of(typed: str | None) -> int:
    """The version of a request that somebody saw."""
    return int(typed) if typed and VERSION.fullmatch(typed) else 0


class DecisionForm(PageForm):
    """What a desk decides, on the version of the request that it saw."""

    decision = RadioField(
        _l("What do you decide?"), name="besluit", choices=[], validators=[needed(_l("Choose what you decide"))]
    )
    version = HiddenField(name="versie", validators=[needed(_l("Open the request again and decide then."))])
    reason = _reason()
    note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.each = EachDate()

    def offer(self, actions: Iterable[Action], *, is_each: bool) -> None:
        """What can be decided; ``is_each``: also about every date by itself."""
        self.decision.choices = [SelectChoice(action.value, DECISION[action]) for action in actions]
        if is_each:
            self.decision.choices.append(SelectChoice(EACH, _("Decide date by date")))

    def answers(self, dates: Collection[Occurrence]) -> dict[str, Action]:
        """The action for each of these dates, by its uid; empty when none was chosen."""
        if self.decision.data != EACH:
            action = Action(self.decision.data)
            return {date.uid: action for date in dates if may_follow(date.status, action)} or {
                date.uid: action for date in dates
            }
        typed = {date.uid: http.form.get(f"{PREFIX}{date.uid}", "") for date in dates}
        return {uid: Action(value) for uid, value in typed.items() if value in DECISIONS}

    def said(self, answers: Mapping[str, Action]) -> dict[str, str]:
        """The words of the desk; a chosen reason goes with a no only."""
        return _said(self, is_no=bool(NEEDS_A_REASON & set(answers.values())))


@dataclass(frozen=True)
class Chosen:
    """A request that was ticked, and the version of it that was on the page."""

    code: str
    version: int


class SeveralForm(PageForm):
    """One answer to several requests at once."""

    keys = SelectMultipleField(
        _l("Requests"),
        name="keuze",
        choices=[],
        validate_choice=False,
        validators=[needed(_l("Tick at least one request"))],
    )
    decision = RadioField(
        _l("What do you decide?"),
        name="besluit",
        choices=[SelectChoice(action.value, DECISION[action]) for action in (Action.APPROVE, Action.REFUSE)],
        validators=[needed(_l("Choose what you decide"))],
    )
    reason = _reason()
    note = _note()

    def validate_note(self, _field: Field) -> None:
        if self.decision.data == Action.REFUSE and not any(_said(self, is_no=True).values()):
            raise ValidationError(_l("Give a reason. The asker reads it."))

    def chosen(self) -> list[Chosen]:
        """What was ticked, once each; what is no tick of ours is left out."""
        found = [KEY.fullmatch(key) for key in dict.fromkeys(self.keys.data or ())]
        return [Chosen(one[1], int(one[2])) for one in found if one]

    def vote(self) -> dict[str, Any]:
        """The same answer as a vote: with a no, the reason is for the desk and the own words also for the asker."""
        is_yes = self.decision.data == Action.APPROVE
        said = _said(self, is_no=not is_yes)
        note = " ".join(words for words in said.values() if words)
        return {"is_yes": is_yes, "note": note, "to_asker": "" if is_yes else said["note"]}

    def said(self, answers: Mapping[str, Action]) -> dict[str, str]:
        """The words of the desk."""
        return _said(self, is_no=Action.REFUSE in answers.values())


def _said(form: Any, *, is_no: bool) -> dict[str, str]:
    """The chosen reason, which goes with a no only, and the desk's own words."""
    reason = str(REASONS.get(form.reason.data or "", "")) if is_no else ""
    return {"reason": reason, "note": form.note.data or ""}


def open_dates(found: Request, now: datetime) -> list[Occurrence]:
    """The dates about which something can still be decided, and the new moments; the earliest first."""
    dates = [one for one in found.occurrences if possible(one) and not is_too_late(one, found, now)]
    return sorted(dates, key=lambda one: (one.from_epoch, one.room_id))


def possible(date: Occurrence) -> list[Action]:
    """What can be decided about a date as it stands."""
    return [action for action in DECISIONS if may_follow(date.status, action)]


def date_choices(date: Occurrence, typed: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """What can be answered for one date, as (value, words, whether it is chosen)."""
    chosen = typed.get(f"{PREFIX}{date.uid}", "")
    found = [("", _("Not now")), *((action.value, str(DECISION[action])) for action in possible(date))]
    return [(value, words, value == chosen) for value, words in found]
