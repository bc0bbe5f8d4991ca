"""From words typed to plain values: shape only, the rules are the domain's. The form to ask is in ``request_form``."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, RadioField, SelectChoice, StringField
from wtforms.validators import Optional, ValidationError

from zalenzoeker.domain.requests import GROUP_KINDS
from zalenzoeker.domain.slots import DoubledHour, EndsBeforeStart, MissingHour, NotASlot
from zalenzoeker.web.fields import (
    PageForm,
    check_email,
    check_enterprise_number,
    needed,
    text_field,
)
from zalenzoeker.web.wording import REQUESTER_KIND

MOST_PEOPLE = 5000
SLOT_ERRORS: dict[type[NotASlot], Any] = {
    EndsBeforeStart: _l("The end must come after the start. An end until 6.00 means the next morning."),
    MissingHour: _l("That hour does not exist: the clock goes forward that night. Choose another time."),
    DoubledHour: _l("That hour comes twice: the clock goes back that night. Choose another time."),
}


def email_field(**field: Any) -> Any:
    """The field for an e-mail address of one's own."""
    return text_field(
        _l("Your e-mail address"),
        EmailField,
        needed(_l("Fill in an e-mail address, for instance godelieve@example.be")),
        check_email,
        name="email",
        longest=254,
        render_kw={"autocomplete": "email"},
        **field,
    )


def enterprise_number_field(*checks: Any) -> Any:
    """The field for the number of a group that has one; empty is fine."""
    return text_field(
        _l("Enterprise number"),
        StringField,
        *checks,
        name="ondernemingsnummer",
        longest=20,
        description=_l("Ten digits, only if your group has one."),
    )


class EmailForm(PageForm):
    """An address to send a code or an invitation to."""

    email = email_field()


class CodeForm(PageForm):
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


class AssociationForm(PageForm):
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
    enterprise_number = enterprise_number_field(Optional(), check_enterprise_number)


class PostForm(PageForm):
    """A button: nothing but the token."""
