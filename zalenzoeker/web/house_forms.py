"""The forms of a house: a line of its own programme, days on which it is closed."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.programme import YEARS_AHEAD, Line, is_far
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, EndsBeforeStart
from zalenzoeker.storage.models import OwnProgramme
from zalenzoeker.web.dates import WEEKDAYS
from zalenzoeker.web.fields import Choices, ClockField, DayField, PageForm, needed, text_field
from zalenzoeker.web.forms import SLOT_ERRORS

YES, NO, SHIELDED = "ja", "nee", "afgeschermd"


def minute_of(moment: time) -> int:
    """Minutes since midnight."""
    return moment.hour * 60 + moment.minute


def time_of(minute: int) -> time:
    """The clock at so many minutes since a midnight, also past the next one."""
    return time(minute // 60 % 24, minute % 60)


def room_choices(rooms: Sequence[KnownRoom]) -> list[SelectChoice]:
    return [SelectChoice(room.slug, room.name) for room in rooms]


def _too_far() -> str:
    return _("Choose a day within the coming %(years)s years.", years=YEARS_AHEAD)


class LineForm(PageForm):
    """A line of the house's own week."""

    title = text_field(
        _l("What do you do?"), StringField, needed(_l("Give it a name, for instance Soepcafé")), name="naam"
    )
    room = RadioField(_l("In which room?"), name="zaal", choices=[], validators=[needed(_l("Choose a room"))])
    weekday = SelectField(
        _l("On which day of the week?"),
        name="weekdag",
        choices=[SelectChoice("", _l("Choose a day")), *(SelectChoice(str(n), day) for n, day in enumerate(WEEKDAYS))],
        validators=[needed(_l("Choose a day of the week"))],
    )
    from_time = ClockField(
        _l("From what time?"), name="van", validators=[needed(_l("Fill in a time, for instance 14:00"))]
    )
    to_time = ClockField(
        _l("Until what time?"), name="tot", validators=[needed(_l("Fill in a time, for instance 14:00"))]
    )
    is_public = RadioField(
        _l("May everybody read what you do?"),
        name="openbaar",
        choices=[
            SelectChoice(YES, _l("Yes, for the neighbourhood")),
            SelectChoice(NO, _l("No, only among ourselves")),
            SelectChoice(SHIELDED, _l("Shielded: nobody may know what it is")),
        ],
        validators=[needed(_l("Choose whether everybody may read it"))],
    )
    first_day = DayField(_l("From which day?"), name="vanaf", validators=[Optional()])
    until = DayField(_l("Until and including which day?"), name="tot-en-met", validators=[Optional()])

    def show(self, line: OwnProgramme) -> None:
        """Fill in what a line says now."""
        self.title.data, self.room.data, self.weekday.data = line.title, line.room.slug, str(line.weekday)
        self.from_time.data, self.to_time.data = time_of(line.from_minute), time_of(line.to_minute)
        self.is_public.data = SHIELDED if line.is_shielded else YES if line.is_public else NO
        self.first_day.data, self.until.data = line.first_day, line.until

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        is_past_midnight = self.to_time.data <= self.from_time.data
        if is_past_midnight and self.to_time.data > LATEST_MORNING_END:
            self.to_time.errors = [SLOT_ERRORS[EndsBeforeStart]]
        if self.first_day.data and self.until.data and self.until.data < self.first_day.data:
            self.until.errors = [_l("The last day must not lie before the first.")]
        return not (self.to_time.errors or self.until.errors)

    def check_days(self, today: date) -> bool:
        """Whether these days are near enough to know; what is wrong stands with its field."""
        for field in (self.first_day, self.until):
            if field.data and is_far(field.data, today):
                field.errors = [_too_far()]
        return not (self.first_day.errors or self.until.errors)

    def line(self) -> Line:
        """What was typed; an end that does not lie after the start is of the next morning."""
        starts, ends = minute_of(self.from_time.data), minute_of(self.to_time.data)
        return Line(
            room=self.room.data,
            title=self.title.data,
            weekday=int(self.weekday.data),
            from_minute=starts,
            to_minute=ends if ends > starts else ends + DAY,
            is_public=self.is_public.data == YES,
            first_day=self.first_day.data,
            until=self.until.data,
            is_shielded=self.is_public.data == SHIELDED,
        )


class ClosureForm(PageForm):
    """Days on which rooms are closed, with the reason that everybody reads."""

    rooms = Choices(
        _l("Which rooms close?"), name="zaal", choices=[], validators=[needed(_l("Tick at least one room"))]
    )
    first_day = DayField(
        _l("First day"), name="eerste-dag", validators=[needed(_l("Choose a day that exists, for instance 16-01-2027"))]
    )
    last_day = DayField(_l("Last day"), name="laatste-dag", validators=[Optional()])
    reason = text_field(
        _l("Why?"), StringField, needed(_l("Write why, for instance: holidays, or the floor is repaired")), name="reden"
    )

    @property
    def last(self) -> date:
        """The last day; one day when nobody names another."""
        return self.last_day.data or self.first_day.data

    def check_days(self, today: date) -> bool:
        """Whether these days can be; what is wrong stands with its field."""
        if self.last < self.first_day.data:
            self.last_day.errors = [_l("The last day must not lie before the first.")]
        elif self.last < today:
            self.first_day.errors = [_l("These days are past. Choose days that are still to come.")]
        elif is_far(self.first_day.data, today):
            self.first_day.errors = [_too_far()]
        elif is_far(self.last, today):
            self.last_day.errors = [_too_far()]
        elif (self.last - self.first_day.data).days > 366:
            self.last_day.errors = [_l("Close for at most a year at a time.")]
        return not (self.first_day.errors or self.last_day.errors)
