"""The forms of the planning board: make something in a room, or put a date of own programme somewhere else."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.programme import DAYS_AHEAD, Line
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, EndsBeforeStart
from zalenzoeker.services.house_dates import once
from zalenzoeker.web.fields import ClockField, DayField, PageForm, needed, text_field
from zalenzoeker.web.forms import SLOT_ERRORS
from zalenzoeker.web.house_forms import NO, SHIELDED, YES, minute_of


class Make(StrEnum):
    """What can be made on the board."""

    ONCE = "een-keer"
    WEEKLY = "elke-week"
    CLOSURE = "sluiten"
    REQUEST = "aanvraag"


class Which(StrEnum):
    """Which dates of a line of own programme are moved."""

    THIS = "deze"
    ALL = "alle"


class MomentOnBoard(PageForm):
    """A room, a day and hours."""

    room = SelectField(
        _l("In which room?"),
        name="zaal",
        choices=[],
        validators=[needed(_l("Choose a room"))],
    )
    day = DayField(
        _l("On which day?"),
        name="dag",
        validators=[needed(_l("Choose a day that exists, for instance 16-01-2027"))],
    )
    from_time = ClockField(_l("From what time?"), name="van", validators=[Optional()])
    to_time = ClockField(_l("Until what time?"), name="tot", validators=[Optional()])

    def offer(self, rooms: Sequence[KnownRoom]) -> None:
        """The rooms to choose from; with the name of their house where there are several houses."""
        is_one_house = len({room.venue_id for room in rooms}) == 1
        self.room.choices = [
            SelectChoice(room.code, room.name if is_one_house else f"{room.name}, {room.venue_name}") for room in rooms
        ]

    def prefill(self, asked: Mapping[str, str]) -> None:
        """What the address says, as far as it can be read."""
        for field in (self.room, self.day, self.from_time, self.to_time):
            if typed := asked.get(field.name):
                try:
                    field.process_formdata([typed])
                except ValueError:
                    field.data = None
        self.process_errors_away()

    def process_errors_away(self) -> None:
        """An address that says something odd is no mistake of who looks."""
        for field in self:
            field.process_errors = []

    def check_hours(self) -> bool:
        """Whether there are hours, and in order; what is wrong stands with its field."""
        for field in (self.from_time, self.to_time):
            if field.data is None and not field.errors:
                field.errors = [_l("Fill in a time, for instance 14:00")]
        if self.from_time.errors or self.to_time.errors:
            return False
        is_past_midnight = self.to_time.data <= self.from_time.data
        if is_past_midnight and self.to_time.data > LATEST_MORNING_END:
            self.to_time.errors = [SLOT_ERRORS[EndsBeforeStart]]
        return not self.to_time.errors

    def check_day(self, today: date) -> bool:
        """Whether the day is still to come, and near enough to know."""
        if self.day.data < today:
            self.day.errors = [_l("That day is past. Choose a day that is still to come.")]
        elif (self.day.data - today).days >= DAYS_AHEAD:
            self.day.errors = [_l("Choose a day within the coming year.")]
        return not self.day.errors

    @property
    def minutes(self) -> tuple[int, int]:
        """Minutes since midnight; an end that does not lie after the start is of the next morning."""
        starts, ends = minute_of(self.from_time.data), minute_of(self.to_time.data)
        return starts, ends if ends > starts else ends + DAY

    @property
    def place(self) -> tuple[str, str]:
        """The house and the room that were chosen."""
        venue, _, room = self.room.data.partition("/")
        return venue, room


class MakeForm(MomentOnBoard):
    """Something new on the board."""

    what = RadioField(
        _l("What do you want to add?"),
        name="wat",
        choices=[
            SelectChoice(Make.ONCE.value, _l("Own programme, once")),
            SelectChoice(Make.WEEKLY.value, _l("Own programme, every week")),
            SelectChoice(Make.CLOSURE.value, _l("A closing day")),
            SelectChoice(Make.REQUEST.value, _l("A request for somebody else")),
        ],
        default=Make.ONCE.value,
        validators=[needed(_l("Choose what you want to add"))],
    )
    title = text_field(_l("What happens, or why do you close?"), StringField, Optional(), name="naam")
    is_public = RadioField(
        _l("May everybody read what you do?"),
        name="openbaar",
        choices=[
            SelectChoice(YES, _l("Yes, for the neighbourhood")),
            SelectChoice(NO, _l("No, only among ourselves")),
            SelectChoice(SHIELDED, _l("Shielded: nobody may know what it is")),
        ],
        default=YES,
        validators=[needed(_l("Choose whether everybody may read it"))],
    )

    def check(self, today: date) -> bool:
        """Whether everything is there that what was chosen needs."""
        is_named = bool(self.title.data)
        if not is_named:
            self.title.errors = [_l("Write what happens, for instance Soepcafé, or why you close")]
        has_day = self.check_day(today)
        return (self.what.data == Make.CLOSURE or self.check_hours()) and has_day and is_named

    def line(self) -> Line:
        """What was typed, as own programme of one day, or of every week from that day on."""
        _venue, room = self.place
        first, last = self.minutes
        is_public, is_shielded, day = self.is_public.data == YES, self.is_public.data == SHIELDED, self.day.data
        if self.what.data == Make.WEEKLY:
            weekday = day.weekday()
            return Line(room, self.title.data, weekday, first, last, is_public, day, is_shielded=is_shielded)
        return once(room, self.title.data, day, first, last, is_public=is_public, is_shielded=is_shielded)


class MoveForm(MomentOnBoard):
    """Another moment for own programme: for one date, or from now on every week."""

    which = RadioField(
        _l("Which times do you move?"),
        name="welke",
        choices=[
            SelectChoice(Which.THIS.value, _l("Only this time")),
            SelectChoice(Which.ALL.value, _l("Every week from now on")),
        ],
        default=Which.THIS.value,
        validators=[needed(_l("Choose which times you move"))],
    )

    def check(self, today: date) -> bool:
        """Whether the new moment can be."""
        has_day = self.check_day(today)
        return self.check_hours() and has_day
