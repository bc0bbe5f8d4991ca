"""The form to ask for somebody else: the same fields as everybody's, and how to reach the person without a mailbox."""

from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, StringField, TelField, TextAreaField
from wtforms.validators import Length, Optional

from zalenzoeker.domain.behalf import CameBy, is_reachable
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.web.fields import check_email, check_text, needed, strip, text_field
from zalenzoeker.web.request_form import RequestForm, one_of
from zalenzoeker.web.wording import CAME_BY

LONGEST_ADDRESS = 300


class BehalfForm(RequestForm):
    """Asking on behalf of somebody. At least one way to reach them is needed; none of the three by itself."""

    kept_on = MappingProxyType({"balie": "1"})

    came_by = RadioField(
        _l("How did the request come?"),
        name="hoe",
        choices=[SelectChoice(one.value, CAME_BY[one]) for one in CameBy],
        validators=[needed(_l("Choose how the request came"))],
    )
    contact_name = text_field(
        _l("Name"), StringField, needed(_l("Fill in the name of the person who asks")), name="naam", longest=120
    )
    contact_phone = text_field(_l("Telephone"), TelField, name="telefoon", longest=40)
    contact_email = text_field(
        _l("E-mail address"),
        EmailField,
        Optional(),
        check_email,
        name="email",
        longest=254,
        description=_l("Without one, you print the letters."),
    )
    postal_address = TextAreaField(
        _l("Postal address"),
        name="postadres",
        filters=[strip],
        description=_l("It stands at the top of the letters that you print."),
        validators=[Length(max=LONGEST_ADDRESS, message=_l("Keep it under %(max)d characters.")), check_text],
    )
    agrees = BooleanField(
        _l("The asker knows this: they set up, tidy and clean the room themselves, and pass it on to nobody."),
        name="akkoord",
        validators=[needed(_l("Tick this when you have told it"))],
    )

    @property
    def counted(self) -> Actor:
        """How many requests who types has open says nothing about the asker."""
        return ANYONE

    @property
    def told_way(self) -> CameBy | None:
        """How the request came, where it was told."""
        return one_of(CameBy, self.came_by.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything that is wrong with the shape, at once."""
        is_right = super().validate(extra_validators)
        told = {"email": self.contact_email.data, "phone": self.contact_phone.data, "address": self.postal_address.data}
        if not is_reachable(email=told["email"] or "", phone=told["phone"] or "", postal_address=told["address"] or ""):
            missing = _l("Fill in a telephone number, an e-mail address or a postal address: one is enough")
            self.contact_phone.errors = [*self.contact_phone.errors, missing]
            is_right = False
        return is_right
