"""The form to ask for a room: one moment typed, or dates chosen in the planner, and everything about the activity."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import GROUP_KINDS, ActivityKind, RequesterKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import MOST_DATES
from zalenzoeker.services.wishes import Asker, WishedDate
from zalenzoeker.web.access import actor
from zalenzoeker.web.fields import (
    LONGEST_TEXT,
    Choices,
    HiddenList,
    NumberField,
    check_enterprise_number,
    check_one_line,
    check_text,
    check_was_read,
    needed,
    strip,
    text_field,
)
from zalenzoeker.web.forms import MOST_PEOPLE, email_field, enterprise_number_field
from zalenzoeker.web.moment_form import MomentForm, day_parts
from zalenzoeker.web.notation import mark, moment
from zalenzoeker.web.wording import ACTIVITY_KIND, REQUESTER_KIND

LONGEST_MARK = 250
SHIELDED = "afgeschermd"


Kind = TypeVar("Kind", bound=StrEnum)


def one_of(kinds: type[Kind], words: str | None) -> Kind | None:
    """The kind that a form or an address names, or None where it names none."""
    return next((kind for kind in kinds if kind.value == words), None)


class RequestForm(MomentForm):
    """Asking for a room. The choices of ``requester`` and ``facilities`` depend on the visit and the room.

    ``dates`` and ``skipped`` hold a series as the planner wrote it; where there is one, ``day`` and the hours are not
    asked. ``waits``: to be told when the moment comes free, instead of asking for it. ``inside``: it takes no room.
    """

    form_key = HiddenField(name="sleutel", validators=[Length(max=64), check_one_line])
    dates = HiddenList(_l("Dates"), name="datum")
    skipped = HiddenList(_l("Dates left out"), name="overslaan")
    pattern = HiddenField(name="patroon")
    renews = HiddenField(name="verleng", validators=[Length(max=64), check_one_line])
    waits = HiddenList(name="wacht")
    inside = BooleanField(_l("I need no room: I come during the open hours of the house"), name="binnen")
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
    activity_kind = SelectField(_l("What kind of activity is it?"), name="soort", choices=[], validators=[Optional()])
    is_public = RadioField(
        _l("For whom is it?"),
        name="openbaar",
        choices=[
            SelectChoice("ja", _l("Everybody in the neighbourhood")),
            SelectChoice("nee", _l("Our own members or guests")),
            SelectChoice(SHIELDED, _l("Shielded")),
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
    # Judged by ``validate``, and only of a new group.
    enterprise_number = enterprise_number_field()
    neighbourhood = SelectField(
        _l("Which neighbourhood are you, or is your group, from?"), name="wijk", choices=[], validators=[Optional()]
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
        _l("Telephone"), TelField, name="telefoon", longest=40, render_kw={"autocomplete": "tel"}
    )
    contact_email = email_field(description=_l("We send you a code there, and later the answer."))
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

    def offer(self, room: KnownRoom, city: City, own: Iterable[Any]) -> None:
        """Fill in the choices of this room and of the visitor's own associations, and the form's own key."""
        self.room, self.city, self.own = room, city, {one.code: one for one in own}
        self.day_part.choices = day_parts()
        names = city.facility_names
        self.facilities.choices = [SelectChoice(slug, names[slug]) for slug in names if slug in room.facilities]
        self.requester.choices = [
            *(SelectChoice(code, one.name) for code, one in self.own.items()),
            *(SelectChoice(kind.value, REQUESTER_KIND[kind]) for kind in (*GROUP_KINDS, RequesterKind.PERSON)),
        ]
        self.activity_kind.choices = [
            SelectChoice("", _l("Choose")),
            *(SelectChoice(kind.value, ACTIVITY_KIND[kind]) for kind in ActivityKind),
        ]
        self.neighbourhood.choices = [
            SelectChoice("", _l("I would rather not say")),
            *(SelectChoice(one.slug, one.name) for one in city.neighbourhoods),
        ]
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(16)

    # What the planner and the ways on must know to come back to this page.
    kept_on: Mapping[str, str] = MappingProxyType({})

    @property
    def counted(self) -> Actor:
        """Whose requests count where a rule says how many one may have open."""
        return actor()

    @property
    def takes_space(self) -> bool:
        """Whether a room is asked, and not only to come while the house is open."""
        return not self.inside.data

    @property
    def handed_on(self) -> dict[str, str]:
        """What the planner and the ways on must know to come back to this page, as it is filled in now."""
        return dict(self.kept_on) if self.takes_space else {**self.kept_on, "binnen": "1"}

    @property
    def is_series(self) -> bool:
        """Whether the dates were chosen in the planner."""
        return bool(self.dates.data or self.skipped.data)

    @property
    def needs_kind(self) -> bool:
        """Whether this room is not lent for everything, so that it must be told what for."""
        return bool(self.room.rules.rule(RuleName.EXCLUDED).value)

    @property
    def new_kind(self) -> RequesterKind | None:
        """The kind of a requester who is no association chosen from the list."""
        return one_of(RequesterKind, self.requester.data)

    @property
    def association(self) -> Any:
        """The visitor's own association that was chosen from the list, if any."""
        return self.own.get(self.requester.data or "")

    @property
    def told_kind(self) -> ActivityKind | None:
        """The kind of activity, where it was told."""
        return one_of(ActivityKind, self.activity_kind.data)

    @property
    def asker(self) -> Asker:
        """Who asks and what they need, as far as it is told."""
        chosen = self.association
        kind = chosen.kind if chosen else self.new_kind
        # Who has sent the form without a neighbourhood comes from none; before, nobody knows.
        unknown = "" if self.is_submitted() and kind else None
        return Asker(
            kind,
            self.neighbourhood.data or unknown,
            chosen.id if chosen else None,
            self.told_kind,
            None if self.people.errors else self.people.data,
            frozenset(self.facilities.data or ()),
            self.takes_space,
        )

    @property
    def wished(self) -> tuple[WishedDate, ...]:
        """The dates as far as they were filled in: of the series, those left out included, or the one moment typed."""
        if not self.is_series:
            slot = self.slot or self.typed_slot()
            return (WishedDate(self.room.code, slot),) if slot else ()
        wanted = [moment(words, self.room.code) for words in self.dates.data]
        skipped = [moment(words, self.room.code) for words in self.skipped.data]
        left_out = [WishedDate(one.room, one.slot, is_skipped=True) for one in skipped if one]
        return (*(one for one in wanted if one), *left_out)

    def choose(self, dates: Iterable[WishedDate]) -> None:
        """Take these dates in the place of what was chosen before: a single one as a moment typed, more as a series."""
        chosen = list(dates)
        home = self.room.code
        if len(chosen) == 1 and chosen[0].room == home and not chosen[0].is_skipped:
            self.dates.data = self.skipped.data = []
            self.pattern.data = ""
            self.fill_in(chosen[0].slot)
            return
        self.dates.data = [mark(one, home) for one in chosen if not one.is_skipped]
        self.skipped.data = [mark(one, home) for one in chosen if one.is_skipped]

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything that is wrong with the shape, at once."""
        is_right = super().validate(extra_validators)
        if self.new_kind in GROUP_KINDS and not self.association_name.data:
            self.association_name.errors = [*self.association_name.errors, _l("Fill in the name of your group")]
            is_right = False
        is_filled_in = self.enterprise_number.data and not self.enterprise_number.errors
        if self.new_kind in GROUP_KINDS and is_filled_in:
            is_right = self._check(self.enterprise_number, check_enterprise_number) and is_right
        if self.needs_kind and not self.activity_kind.data:
            self.activity_kind.errors = [_l("Choose what kind of activity it is: this room is not lent for every kind")]
            is_right = False
        return (self._check_series() if self.is_series else self.make_slot()) and is_right

    def _check(self, field: Field, check: Callable[[Form, Field], None]) -> bool:
        try:
            check(self, field)
        except ValidationError as error:
            field.errors = [*field.errors, error.args[0]]
            return False
        return True

    def _check_series(self) -> bool:
        said = [*self.dates.data, *self.skipped.data]
        rooms = self.city.by_code
        read = [moment(words[:LONGEST_MARK], self.room.code) for words in said]
        if not self.dates.data:
            self.dates.errors = [_l("All dates are left out. Keep at least one.")]
        elif len(said) > MOST_DATES:
            self.dates.errors = [_l("That is more than %(count)d dates. Leave some out.", count=MOST_DATES)]
        elif any(one is None or one.room not in rooms for one in read):
            self.dates.errors = [_l("We cannot read one of the dates. Choose the dates again.")]
        elif any(rooms[one.room].venue_id != self.room.venue_id for one in read if one):
            self.dates.errors = [_l("One of the dates is in another house. Ask that house apart.")]
        elif self.takes_space and self._touches():
            self.dates.errors = [_l("Two of the dates are at the same moment. Choose the dates again.")]
        return not self.dates.errors

    def _touches(self) -> bool:
        """Whether two dates want the same space at the same moment."""
        wanted = [one for one in self.wished if not one.is_skipped]
        spaces = {one.room: set(self.city.by_code[one.room].space_ids) for one in wanted}
        return any(
            one.slot.overlaps(other.slot) and spaces[one.room] & spaces[other.room]
            for one, other in combinations(wanted, 2)
        )
