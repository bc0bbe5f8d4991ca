"""The form by which an association or a house says what residents read of an activity."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from zalenzoeker.domain.activities import FREE, LANGUAGES, LONGEST_TEXT, LONGEST_TITLE, Published, Theme
from zalenzoeker.web.activity_words import THEME, language_name
from zalenzoeker.web.fields import Choices, PageForm, check_text, needed, strip, text_field
from zalenzoeker.web.house_forms import NO, YES

UNKNOWN, PAID = "", "betalen"
KNOWN = {YES: True, NO: False}


def _known_field(label: Any, name: str, yes: Any, no: Any) -> Any:
    choices = [SelectChoice(YES, yes), SelectChoice(NO, no), SelectChoice(UNKNOWN, _l("We do not know yet"))]
    return RadioField(label, name=name, choices=choices, default=UNKNOWN)


class PublishForm(PageForm):
    """What is said of an activity. A picture that is sent goes before the one that stands there."""

    version = HiddenField(name="versie")
    title = text_field(
        _l("What is it called?"),
        StringField,
        needed(_l("Give it a name, for instance Soepcafé")),
        name="naam",
        longest=LONGEST_TITLE,
    )
    theme = SelectField(
        _l("What can one do there?"),
        name="thema",
        choices=[SelectChoice("", _l("Something else")), *(SelectChoice(one.value, THEME[one]) for one in Theme)],
        default="",
    )
    text = TextAreaField(
        _l("Tell about it"),
        name="tekst",
        filters=[strip],
        validators=[Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters.")), check_text],
    )
    audience = text_field(_l("For whom is it?"), StringField, name="voor-wie")
    is_free = RadioField(
        _l("What does it cost?"),
        name="kost",
        choices=[
            SelectChoice(NO, _l("Nothing, it is free of charge")),
            SelectChoice(PAID, _l("It costs something")),
            SelectChoice(UNKNOWN, _l("We do not know yet")),
        ],
        default=UNKNOWN,
    )
    price = text_field(_l("How much?"), StringField, name="prijs")
    sign_up = _known_field(_l("Must one sign up?"), "inschrijven", _l("Yes, sign up first"), _l("No, just come"))
    is_accessible = _known_field(
        _l("Can somebody in a wheelchair take part?"), "toegankelijk", _l("Yes, we tried it"), _l("No")
    )
    languages = Choices(_l("Which languages are spoken?"), name="taal", choices=[])
    picture = FileField(_l("A picture"), name="foto")
    picture_words = text_field(_l("What does the picture show?"), StringField, name="foto-tekst")
    without_picture = BooleanField(_l("Show no picture any more"), name="zonder-foto")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = [SelectChoice(code, language_name(code)) for code in LANGUAGES]

    def show(self, words: Published) -> None:
        """Fill in what is said now."""
        self.title.data, self.text.data, self.audience.data = words.title, words.text, words.audience
        self.theme.data = words.theme.value if words.theme else ""
        self.is_free.data = NO if words.price == FREE else PAID if words.price else UNKNOWN
        self.price.data = "" if words.price == FREE else words.price
        said = {value: name for name, value in KNOWN.items()}
        self.sign_up.data = said.get(words.sign_up, UNKNOWN)
        self.is_accessible.data = said.get(words.is_accessible, UNKNOWN)
        self.languages.data, self.picture_words.data = list(words.languages), words.picture_words

    def validate(self, extra_validators: Any = None) -> bool:
        is_well = super().validate(extra_validators)
        if self.is_free.data == PAID and not self.price.data:
            self.price.errors = [*self.price.errors, _l("Say how much, for instance 2 euro")]
        return is_well and not self.price.errors

    def check_picture(self, former: str) -> bool:
        """Whether a picture that will stand there says what it shows; what is wrong stands with its field."""
        shows = bool(self.picture.data) or bool(former and not self.without_picture.data)
        if shows and not self.picture_words.data:
            self.picture_words.errors = [_l("Say what the picture shows, for who cannot see it.")]
        return not self.picture_words.errors

    def words(self, picture: str) -> Published:
        price = {NO: FREE, PAID: self.price.data or ""}.get(self.is_free.data, "")
        return Published(
            title=self.title.data,
            text=(self.text.data or "").replace("\r\n", "\n"),
            theme=Theme(self.theme.data) if self.theme.data else None,
            audience=self.audience.data or "",
            price=price,
            sign_up=KNOWN.get(self.sign_up.data),
            is_accessible=KNOWN.get(self.is_accessible.data),
            languages=tuple(self.languages.data or ()),
            picture=picture,
            picture_words=(self.picture_words.data or "") if picture else "",
        )
