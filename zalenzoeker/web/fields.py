"""Kinds of fields, and what every field checks of the words typed into it."""

import re
import unicodedata
from functools import cache
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import DateField, Field, Form, IntegerField, SelectMultipleField, StringField, TimeField, widgets
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation, ValidationError

from zalenzoeker.domain.slots import STEP_MINUTES

DAY_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S", "%Hu%M", "%Hu"]
LONGEST_TEXT = 2000
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Beyond it, no validator can compare the number, and no column can hold it.
LARGEST_NUMBER = 10**9

NO_EMAIL = _l("Fill in an e-mail address, for instance godelieve@example.be")
# Marks that turn the order of what follows around; letters from right to left do not need them.
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class PageForm(FlaskForm):
    """A form on a page. What WTForms itself says comes in the language of the visit, read from its file once."""

    class Meta(FlaskForm.Meta):
        """How WTForms is set up."""

        def get_translations(self, _form: Form) -> Any:
            return _words_of_wtforms(str(get_locale()))


@cache
def _words_of_wtforms(language: str) -> Any:
    # Flask-WTF would read the file again in every request.
    return get_translations([language])


def strip(value: str | None) -> str | None:
    """Without the spaces around it."""
    return value.strip() if value else value


def check_one_line(_form: Form, field: Field) -> None:
    """Refuse what cannot be read on one line of a letter: line ends, control characters, nothing visible at all."""
    kinds = [unicodedata.category(letter) for letter in field.data or ""]
    is_invisible = bool(kinds) and all(kind[0] in "CZ" for kind in kinds)
    if is_invisible or any(kind in {"Cc", "Zl", "Zp", "Cs"} for kind in kinds) or BIDI & set(field.data or ""):
        raise StopValidation(_l("There is a character in it that we cannot use. Type the text again."))


def check_text(_form: Form, field: Field) -> None:
    """Refuse control characters in a longer text, save line ends and tabs."""
    text = (field.data or "").replace("\r", "").replace("\n", "").replace("\t", "")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        raise StopValidation(_l("There is a character in it that we cannot use. Type the text again."))


def check_email(_form: Form, field: Field) -> None:
    """An address that every mail server can send to; it is kept in its normal form, without case."""
    try:
        found = validate_email(field.data or "", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise StopValidation(NO_EMAIL) from None
    field.data = (found.ascii_email or found.normalized).casefold()
    if "=?" in field.data:
        # A mail program would read this as an encoded word, and write to somebody else.
        raise StopValidation(NO_EMAIL)


def check_enterprise_number(_form: Form, field: Field) -> None:
    """Ten digits whose last two check the first eight: 97 minus the rest of a division by 97 (KBO, FOD Economie)."""
    digits = re.sub(r"[\s.]|^BE", "", field.data or "", flags=re.IGNORECASE)
    if not re.fullmatch(r"[01][0-9]{9}", digits) or 97 - int(digits[:8]) % 97 != int(digits[8:]):
        raise ValidationError(_l("That is no enterprise number. It has ten digits, for instance 0123.456.749"))
    field.data = f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def text_field(
    label: Any, kind: type[StringField] = StringField, *checks: Any, longest: int = 200, **options: Any
) -> Any:
    """A field of one line, without control characters."""
    too_long = _l("Keep it under %(max)d characters.")
    return kind(
        label, filters=[strip], validators=[*checks, Length(max=longest, message=too_long), check_one_line], **options
    )


def needed(message: Any) -> InputRequired:
    return DataRequired(message=message)


class DayField(DateField):
    """A day, as the browser sends it or as people type it."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, format=DAY_FORMATS, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Choose a day that exists, for instance 16-01-2027")) from None
        if self.data and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(_l("Choose a day that exists, for instance 16-01-2027"))


class ClockField(TimeField):
    """A time on the quarter hour."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, format=TIME_FORMATS, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Fill in a time, for instance 14:00")) from None
        if self.data and (self.data.minute % STEP_MINUTES or self.data.second):
            raise ValueError(_l("Choose a time on the quarter hour, for instance 14:15"))


class NumberField(IntegerField):
    """A whole number, in digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Fill in a number, for instance 30")) from None
        if self.data is not None and abs(self.data) > LARGEST_NUMBER:
            self.data = None
            raise ValueError(_l("Fill in a number, for instance 30"))


def check_was_read(_form: Form, field: Field) -> None:
    """What could not be read as a number has its error; a second one about its size would only confuse."""
    if field.process_errors:
        raise StopValidation


class Choices(SelectMultipleField):
    """Boxes to tick; what is not on the list is an error, not a crash."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class HiddenInputs(widgets.HiddenInput):
    """One hidden input for each value."""

    def __call__(self, field: Field, **_attributes: Any) -> Markup:
        inputs = (Markup('<input type="hidden" name="{}" value="{}">').format(field.name, one) for one in field.data)
        return Markup("").join(inputs)


class HiddenList(Field):
    """Several values that travel along unseen; none of them twice, and no more than somebody could choose."""

    widget = HiddenInputs()
    most = 200

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(value for value in valuelist if value))[: self.most]

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])
