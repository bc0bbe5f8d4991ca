"""Forms about one date of a request, or about it and others: let it go, or another moment for it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from zalenzoeker.domain.series import Scope
from zalenzoeker.web.fields import LONGEST_TEXT, ClockField, DayField, PageForm, check_text, check_was_read, strip


def _scopes(name: str) -> Any:
    # Two of these stand on one page, each with an id of its own.
    return RadioField(
        _l("For which dates?"), name="welke", id=f"welke-{name}", choices=[], default=Scope.THIS.value,
        validate_choice=True,
    )  # fmt: skip


class LetGoForm(PageForm):
    """Giving up this date, this and the following, or all."""

    scope = _scopes("vrijgeven")
    note = TextAreaField(
        _l("A word for the house"),
        name="bericht",
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters.")), check_text],
    )

    def offer(self, scopes: Iterable[tuple[Scope, str]]) -> None:
        _offer(self.scope, scopes)


class MoveForm(PageForm):
    """Another moment: another day, other hours, another room of the same house."""

    scope = _scopes("verzetten")
    day = DayField(
        _l("Day"), name="dag", validators=[check_was_read, InputRequired(_l("Choose a day, for instance 16-01-2027"))]
    )
    from_time = ClockField(
        _l("From"), name="van", validators=[check_was_read, InputRequired(_l("Fill in from when, for instance 14:00"))]
    )
    to_time = ClockField(
        _l("To"), name="tot", validators=[check_was_read, InputRequired(_l("Fill in until when, for instance 18:00"))]
    )
    room = SelectField(_l("Room"), name="zaal", choices=[], default="")

    def offer(self, scopes: Iterable[tuple[Scope, str]], rooms: Iterable[tuple[str, str]]) -> None:
        _offer(self.scope, scopes)
        self.room.choices = list(rooms)


def _offer(field: RadioField, scopes: Iterable[tuple[Scope, str]]) -> None:
    field.choices = [SelectChoice(scope.value, words) for scope, words in scopes]
