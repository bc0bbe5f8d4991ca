"""From words typed to plain values: shape only, the rules are the domain's."""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from zalenzoeker.domain.requests import GROUP_KINDS, RequesterKind
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import DoubledHour, EndsBeforeStart, MissingHour, NotASlot, Slot
from zalenzoeker.web.fields import (
    LONGEST_TEXT,
    Choices,
    ClockField,
    DayField,
    NumberField,
    check_email,
    check_enterprise_number,
    check_one_line,
    check_text,
    check_was_read,
    needed,
    strip,
    text_field,
)
from zalenzoeker.web.wording import DAY_PART, REQUESTER_KIND

MOST_PEOPLE = 5000
OWN_HOURS = "eigen-uren"
SLOT_ERRORS: dict[type[NotASlot], Any] = {
    EndsBeforeStart: _l("The end must come after the start. An end until 6.00 means the next morning."),
    MissingHour: _l("That hour does not exist: the clock goes forward that night. Choose another time."),
    DoubledHour: _l("That hour comes twice: the clock goes back that night. Choose another time."),
}


class RequestForm(FlaskForm):
    """Asking for a room. The choices of ``requester`` and ``facilities`` depend on the visit and the room."""

    form_key = HiddenField(name="sleutel", validators=[Length(max=64), check_one_line])
    moment = RadioField(
        _l("What suits you?"), name="moment", choices=[], validate_choice=False, validators=[Optional()]
    )
    day = DayField(_l("Day"), name="dag", validators=[Optional()])
    day_part = RadioField(_l("Part of the day"), name="dagdeel", choices=[], default=OWN_HOURS, validators=[Optional()])
    from_time = ClockField(_l("From"), name="van", validators=[Optional()])
    to_time = ClockField(_l("To"), name="tot", validators=[Optional()])
    exception_reason = TextAreaField(
        _l("Why should the house make an exception?"),
        name="uitzondering",
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT), check_text],
    )
    activity = text_field(
        _l("Name of your activity"),
        StringField,
        needed(_l("Give your activity a name, for instance general meeting")),
        name="activiteit",
        description=_l("For instance: games afternoon, general meeting, repair café."),
        longest=120,
    )
    is_public = RadioField(
        _l("For whom is it?"),
        name="openbaar",
        choices=[
            SelectChoice("ja", _l("Everybody in the neighbourhood")),
            SelectChoice("nee", _l("Our own members or guests")),
        ],
        validators=[needed(_l("Choose for whom it is"))],
    )
    people = NumberField(
        _l("How many people do you expect?"),
        name="personen",
        validators=[
            check_was_read,
            InputRequired(message=_l("Fill in a number, for instance 30")),
            NumberRange(1, MOST_PEOPLE, message=_l("Fill in a number between %(min)s and %(max)s, for instance 30")),
        ],
    )
    facilities = Choices(_l("What do you need?"), name="nodig", choices=[])
    requester = RadioField(_l("You ask as"), name="als", choices=[], validators=[needed(_l("Choose as whom you ask"))])
    association_name = text_field(
        _l("Name of your group"), name="vereniging", render_kw={"autocomplete": "organization"}
    )
    enterprise_number = text_field(
        _l("Enterprise number (may stay empty)"),
        name="ondernemingsnummer",
        longest=20,
        description=_l("Ten digits, only if your group has one."),
    )
    contact_name = text_field(
        _l("Your name"),
        StringField,
        needed(_l("Fill in your name")),
        name="naam",
        longest=120,
        render_kw={"autocomplete": "name"},
    )
    contact_phone = text_field(
        _l("Telephone (may stay empty)"), TelField, name="telefoon", longest=40, render_kw={"autocomplete": "tel"}
    )
    contact_email = text_field(
        _l("Your e-mail address"),
        EmailField,
        needed(_l("Fill in an e-mail address, for instance godelieve@example.be")),
        check_email,
        name="email",
        longest=254,
        description=_l("We send you a code there, and later the answer."),
        render_kw={"autocomplete": "email"},
    )
    remarks = TextAreaField(
        _l("Anything else to say or ask?"),
        name="opmerkingen",
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters.")), check_text],
    )
    agrees = BooleanField(
        _l("I set up, tidy and clean the room myself. I do not pass the room on to anybody else."),
        name="akkoord",
        validators=[needed(_l("Tick this when you agree"))],
    )

    slot: Slot | None = None

    def offer(
        self,
        *,
        hours_of: Callable[[DayPart], tuple[time, time]],
        facilities: Iterable[tuple[str, str]],
        associations: Iterable[tuple[str, str]],
    ) -> None:
        """Fill in the choices of this room and this visit, and the form's own key."""
        self.hours_of = hours_of
        self.day_part.choices = [
            SelectChoice(OWN_HOURS, _l("Own hours")),
            *(SelectChoice(part.value, DAY_PART[part]) for part in DayPart),
        ]
        self.facilities.choices = [SelectChoice(slug, name) for slug, name in facilities]
        self.requester.choices = [
            *(SelectChoice(code, name) for code, name in associations),
            *(SelectChoice(kind.value, REQUESTER_KIND[kind]) for kind in (*GROUP_KINDS, RequesterKind.PERSON)),
        ]
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(16)

    @property
    def new_kind(self) -> RequesterKind | None:
        """The kind of a requester who is no association chosen from the list."""
        try:
            return RequesterKind(self.requester.data or "")
        except ValueError:
            return None

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything that is wrong with the shape, at once."""
        self._take_moment()
        is_right = super().validate(extra_validators)
        if self.new_kind in GROUP_KINDS and not self.association_name.data:
            self.association_name.errors = [*self.association_name.errors, _l("Fill in the name of your group")]
            is_right = False
        is_filled_in = self.enterprise_number.data and not self.enterprise_number.errors
        if self.new_kind in GROUP_KINDS and is_filled_in:
            is_right = self._check(self.enterprise_number, check_enterprise_number) and is_right
        return self._make_slot() and is_right

    def _check(self, field: Field, check: Callable[[Form, Field], None]) -> bool:
        try:
            check(self, field)
        except ValidationError as error:
            field.errors = [*field.errors, error.args[0]]
            return False
        return True

    def _take_moment(self) -> None:
        """A moment chosen from the alternatives goes before the day and times typed earlier."""
        chosen = re.fullmatch(r"([0-9-]{10})T([0-9:]{5})/([0-9:]{5})", self.moment.data or "")
        if not chosen:
            return
        self.day_part.data = OWN_HOURS
        for field, words in zip((self.day, self.from_time, self.to_time), chosen.groups(), strict=True):
            field.process(MultiDict([(field.name, words)]))

    def _make_slot(self) -> bool:
        starts, ends = self._hours()
        missing = [
            (self.day, self.day.data, _l("Choose a day, for instance 16-01-2027")),
            (self.from_time, starts, _l("Fill in from when, for instance 14:00")),
            (self.to_time, ends, _l("Fill in until when, for instance 18:00")),
        ]
        for field, value, message in missing:
            if value is None and not field.errors:
                field.errors = [message]
        if any(field.errors for field, _, _ in missing):
            return False
        try:
            self.slot = Slot.on(self.day.data, starts, ends)
        except NotASlot as error:
            self.to_time.errors = [SLOT_ERRORS[type(error)]]
            return False
        return True

    def _hours(self) -> tuple[time | None, time | None]:
        if self.day_part.data in set(DayPart):
            return self.hours_of(DayPart(self.day_part.data))
        return self.from_time.data, self.to_time.data

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error with the id of its field, in the order of the page."""
        return [(field.id, str(error)) for field in self for error in field.errors]


class EmailForm(FlaskForm):
    """An address to send a code or an invitation to."""

    email = text_field(
        _l("Your e-mail address"),
        EmailField,
        needed(_l("Fill in an e-mail address, for instance godelieve@example.be")),
        check_email,
        name="email",
        longest=254,
        render_kw={"autocomplete": "email"},
    )


class CodeForm(FlaskForm):
    """The six digits from the letter; spaces do not matter."""

    code = text_field(
        _l("Code of six digits"),
        StringField,
        needed(_l("Fill in the six digits from our letter")),
        name="code",
        longest=20,
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def validate_code(self, field: Field) -> None:
        digits = re.sub(r"[\s.-]", "", field.data or "")
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise ValidationError(_l("The code has six digits. Look in our letter."))
        field.data = digits


class AssociationForm(FlaskForm):
    """An association, named once."""

    name = text_field(
        _l("Name of your group"), StringField, needed(_l("Fill in the name of your group")), name="vereniging"
    )
    kind = RadioField(
        _l("What kind of group is it?"),
        name="soort",
        choices=[SelectChoice(kind.value, REQUESTER_KIND[kind]) for kind in GROUP_KINDS],
        validators=[needed(_l("Choose what kind of group it is"))],
    )
    enterprise_number = text_field(
        _l("Enterprise number (may stay empty)"),
        StringField,
        Optional(),
        check_enterprise_number,
        name="ondernemingsnummer",
        longest=20,
        description=_l("Ten digits, only if your group has one."),
    )


class DecisionForm(FlaskForm):
    """What a desk decides, on the version of the request that it saw."""

    decision = RadioField(
        _l("What do you decide?"), name="besluit", choices=[], validators=[needed(_l("Choose what you decide"))]
    )
    version = HiddenField(name="versie", validators=[needed(_l("Open the request again and decide then."))])
    note = TextAreaField(
        _l("A word with it"),
        name="reden",
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters.")), check_text],
    )


class PostForm(FlaskForm):
    """A button: nothing but the token."""
