"""The forms in which a house says what it is, what its rooms are, and what is in them."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from zalenzoeker.domain.places import Known
from zalenzoeker.services.house_rooms import MOST_PEOPLE, RoomWords
from zalenzoeker.services.house_texts import LONGEST_ABOUT, LONGEST_PRACTICAL, HouseWords
from zalenzoeker.storage.models import Facility, Room
from zalenzoeker.web.fields import Choices, NumberField, PageForm, check_text, check_was_read, strip
from zalenzoeker.web.wording import KNOWN

# Of these it counts whether nobody knows, or it is not there.
ASKED_APART = ("rolstoeltoegankelijk", "lift", "aangepast-toilet", "ringleiding", "parking")
TOO_MANY = _l("Fill in a number between %(min)s and %(max)s, for instance 30")


def words_field(label: Any, name: str, longest: int) -> Any:
    """A text of several lines."""
    too_long = _l("Keep it under %(max)d characters.")
    checks = [Length(max=longest, message=too_long), check_text]
    return TextAreaField(label, filters=[strip, _one_line_end], validators=checks, name=name)


def _one_line_end(text: str | None) -> str | None:
    """As a browser counts it: one character for the end of a line."""
    return text.replace("\r\n", "\n") if text else text


def people_field(label: Any, name: str) -> Any:
    """How many people fit; empty where nobody knows."""
    # What is empty cannot be read as a number either, and is no mistake.
    checks = [Optional(), check_was_read, NumberRange(1, MOST_PEOPLE, message=TOO_MANY)]
    return NumberField(label, name=name, validators=checks)


def known_field(label: Any, name: str, of_register: Known) -> Any:
    """Yes, no, or nobody knows; the last one only where the register does not know either."""
    values = [Known.YES, Known.NO] + ([Known.UNKNOWN] if of_register is Known.UNKNOWN else [])
    choices = [SelectChoice(value.value, KNOWN[value]) for value in values]
    return RadioField(label, name=name, choices=choices, default=of_register.value)


class HouseTextForm(PageForm):
    """What a house says of itself."""

    version = HiddenField(name="versie")
    about = words_field(_l("What is this place, and for whom?"), "tekst", LONGEST_ABOUT)
    practical = words_field(_l("Practical: keys, waste, bicycles, neighbours"), "praktisch", LONGEST_PRACTICAL)

    @classmethod
    def for_house(cls, of_register: Known) -> type[Self]:
        label = _l("Can you get in with a wheelchair?")
        return type(cls.__name__, (cls,), {"wheelchair": known_field(label, "rolstoel", of_register)})

    def show(self, words: HouseWords, of_register: Known) -> None:
        self.about.data, self.practical.data = words.about, words.practical
        told = of_register if words.wheelchair is Known.UNKNOWN else words.wheelchair
        self._fields["wheelchair"].data = told.value

    def words(self) -> HouseWords:
        return HouseWords(self.about.data or "", self.practical.data or "", Known(self._fields["wheelchair"].data))


class RoomForm(PageForm):
    """What a house says of one of its rooms."""

    version = HiddenField(name="versie")
    about = words_field(_l("What is good to know about this room?"), "tekst", LONGEST_ABOUT)
    seated = people_field(_l("How many people fit at tables?"), "aan-tafel")
    standing = people_field(_l("How many people fit standing?"), "staand")
    things = Choices(_l("What is in the room?"), name="ding", choices=[])

    @classmethod
    def for_room(cls, room: Room, facilities: Sequence[Facility]) -> type[Self]:
        """The form with a question for each thing of which it counts that nobody knows."""
        own = {one.slug for one in room.facilities}
        fields: dict[str, Any] = {}
        for one in facilities:
            if one.slug in ASKED_APART:
                known = Known.YES if one.slug in own else Known.UNKNOWN
                fields[f"access_{one.slug}"] = known_field(one.name, f"toegang-{one.slug}", known)
        return type(cls.__name__, (cls,), fields)

    def offer(self, facilities: Sequence[Facility]) -> None:
        """The things to tick."""
        self.things.choices = [SelectChoice(one.slug, one.name) for one in facilities if one.slug not in ASKED_APART]

    @property
    def apart(self) -> Mapping[str, Field]:
        """The questions about access, by the slug of the thing."""
        fields = {slug: self._fields.get(f"access_{slug}") for slug in ASKED_APART}
        return {slug: field for slug, field in fields.items() if field is not None}

    def show(self, words: RoomWords) -> None:
        self.about.data, self.seated.data, self.standing.data = words.about, words.seated, words.standing
        self.things.data = sorted(words.there)
        for slug, field in self.apart.items():
            known = Known.YES if slug in words.there else Known.NO if slug in words.absent else Known.UNKNOWN
            field.data = known.value

    def words(self, former: RoomWords) -> RoomWords:
        """What was typed; what is not there and was not asked apart stays as the house told it."""
        ticked = set(self.things.data or ())
        there = ticked | {slug for slug, field in self.apart.items() if field.data == Known.YES.value}
        absent = {slug for slug, field in self.apart.items() if field.data == Known.NO.value}
        kept = {slug for slug in former.absent if slug not in self.apart} - there
        return RoomWords(
            self.about.data or "",
            self.seated.data,
            self.standing.data,
            frozenset(there),
            frozenset(absent | kept),
        )
