"""The forms of a desk about itself: the days of its steps, when it is away, who is on duty."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from zalenzoeker.domain.programme import is_far
from zalenzoeker.services.crew import Days
from zalenzoeker.storage.models import Account, Desk
from zalenzoeker.web.fields import DayField, NumberField, PageForm, check_was_read, needed, text_field

MOST_DAYS = 60
LONGEST_AWAY = 366


def _days(label: Any, name: str) -> Any:
    in_reach = NumberRange(min=1, max=MOST_DAYS, message=_l("Choose between 1 and 60 days."))
    return NumberField(label, name=name, validators=[check_was_read, needed(_l("Fill in a number of days")), in_reach])


def _day(label: Any, name: str) -> Any:
    return DayField(label, name=name, validators=[needed(_l("Choose a day that exists, for instance 16-01-2027"))])


class DaysForm(PageForm):
    """After how many days who steps in."""

    reminder = _days(_l("After how many days do you get a reminder?"), "herinnering")
    deputy = _days(_l("After how many days does somebody else step in?"), "vervanging")
    city = _days(_l("After how many days does the city desk help?"), "stad")
    counts_working_days = BooleanField(
        _l("Count only working days: no Saturday, Sunday or legal holiday"), name="werkdagen"
    )
    deputy_desk = SelectField(_l("Which desk steps in?"), name="vervanger", choices=[], default="")

    def offer(self, others: Sequence[Desk]) -> None:
        """The desks that can stand in."""
        nobody = ("", _("No other desk: whoever is next on duty"))
        self.deputy_desk.choices = [nobody, *((one.slug, one.name) for one in others)]

    def show(self, desk: Desk, others: Sequence[Desk]) -> None:
        """What counts now."""
        self.reminder.data, self.deputy.data, self.city.data = desk.reminder_days, desk.deputy_days, desk.city_days
        self.counts_working_days.data = desk.counts_working_days
        self.deputy_desk.data = next((one.slug for one in others if one.id == desk.deputy_desk_id), "")

    def check_order(self) -> bool:
        """Whether each step comes after the one before."""
        if self.deputy.data <= self.reminder.data:
            self.deputy.errors = [_("This must come after the reminder.")]
        elif self.city.data <= self.deputy.data:
            self.city.errors = [_("This must come after somebody else stepped in.")]
        return not (self.deputy.errors or self.city.errors)

    @property
    def wanted(self) -> Days:
        """The days as the desk wants them."""
        return Days(
            self.reminder.data,
            self.deputy.data,
            self.city.data,
            counts_working_days=self.counts_working_days.data,
            deputy_desk=self.deputy_desk.data or "",
        )


class StretchForm(PageForm):
    """Days, from the first until and including the last."""

    first_day: Any
    last_day: Any

    @property
    def last(self) -> date:
        """The last day; one day when nobody names another."""
        return self.last_day.data or self.first_day.data

    def check_days(self, today: date) -> bool:
        """Whether these days can be; what is wrong stands with its field."""
        first, last = self.first_day.data, self.last
        if last < first:
            self.last_day.errors = [_("The last day must not lie before the first.")]
        elif last < today:
            self.first_day.errors = [_("These days are past. Choose days that are still to come.")]
        elif is_far(first, today) or (last - first).days > LONGEST_AWAY:
            self.last_day.errors = [_("That is too long. Choose at most a year, within the coming years.")]
        return not (self.first_day.errors or self.last_day.errors)


class QuietForm(StretchForm):
    """When the desk is away."""

    first_day = _day(_l("Away from"), "weg-van")
    last_day = DayField(_l("Until and including"), name="weg-tot", validators=[Optional()])
    reason = text_field(
        _l("Why are you away?"), StringField, needed(_l("Write why, for instance: holidays")), name="weg-waarom"
    )


class DutyForm(StretchForm):
    """Who is on duty, by hand."""

    member = SelectField(
        _l("Who is on duty?"), name="dienst-wie", choices=[], validators=[needed(_l("Choose somebody"))]
    )
    first_day = _day(_l("On duty from"), "dienst-van")
    last_day = DayField(_l("On duty until and including"), name="dienst-tot", validators=[Optional()])

    def offer(self, members: Sequence[Account]) -> None:
        """The members of the desk."""
        self.member.choices = [("", _("Choose somebody")), *named(members)]


class RotaForm(PageForm):
    """Who takes turns too."""

    member = SelectField(
        _l("Who takes turns too?"), name="beurt-wie", choices=[], validators=[needed(_l("Choose somebody"))]
    )

    def offer(self, members: Sequence[Account]) -> None:
        """The members who take no turns yet."""
        self.member.choices = [("", _("Choose somebody")), *named(members)]


def named(members: Sequence[Account]) -> list[tuple[str, str]]:
    """Members to choose from, by the code of their account."""
    return [(one.code, one.name or one.email) for one in members]
