"""One moment as somebody types it: a day, and a part of the day or hours of one's own."""

from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectChoice
from wtforms.validators import Optional

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import NotASlot, Slot
from zalenzoeker.web.dates import clock
from zalenzoeker.web.fields import ClockField, DayField, PageForm
from zalenzoeker.web.forms import SLOT_ERRORS
from zalenzoeker.web.wording import DAY_PART

OWN_HOURS = "eigen-uren"


def day_parts() -> list[SelectChoice]:
    """Hours of one's own, and every part of the day, to choose from."""
    return [
        SelectChoice(OWN_HOURS, _l("Own hours")),
        *(SelectChoice(part.value, DAY_PART[part]) for part in DayPart),
    ]


def day_part_hints(room: KnownRoom, day: date | None) -> dict[str, str]:
    """The line below each of them: the hours a part of the day has in this room, on that weekday where it is known."""
    weekday = day.weekday() if day else None
    hours = {part: room.rules.hours_of(part, weekday) for part in DayPart}
    of_parts = {
        part.value: _("%(starts)s to %(ends)s", starts=clock(starts), ends=clock(ends))
        for part, (starts, ends) in hours.items()
    }
    return {OWN_HOURS: _("You say from when until when"), **of_parts}


class MomentForm(PageForm):
    """The part of a form that asks for one moment. ``room``: set by the form, for the hours of its parts of the day."""

    day = DayField(_l("Day"), name="dag", validators=[Optional()])
    day_part = RadioField(_l("Part of the day"), name="dagdeel", choices=[], default=OWN_HOURS, validators=[Optional()])
    from_time = ClockField(_l("From"), name="van", validators=[Optional()])
    to_time = ClockField(_l("To"), name="tot", validators=[Optional()])

    room: KnownRoom
    slot: Slot | None = None

    def fill_in(self, slot: Slot) -> None:
        """Fill the fields in as if somebody had typed this moment."""
        self.day_part.data = OWN_HOURS
        typed = (slot.day.isoformat(), f"{slot.starts:%H:%M}", f"{slot.ends:%H:%M}")
        for field, words in zip((self.day, self.from_time, self.to_time), typed, strict=True):
            field.process(MultiDict([(field.name, words)]))

    def make_slot(self) -> bool:
        """Whether there is a moment, which is then in ``slot``; what is missing or wrong stands beside its field."""
        starts, ends = self._hours()
        missing = [
            (self.day, self.day.data, _l("Choose a day, for instance 16-01-2027")),
            (self.from_time, starts, _l("Fill in from when, for instance 14:00")),
            (self.to_time, ends, _l("Fill in until when, for instance 18:00")),
        ]
        for field, value, message in missing:
            if value is None and not field.errors:
                field.errors = [message]
        if any(field.errors for field, _value, _message in missing):
            return False
        try:
            self.slot = Slot.on(self.day.data, starts, ends)
        except NotASlot as error:
            self.to_time.errors = [SLOT_ERRORS[type(error)]]
            return False
        return True

    def typed_slot(self) -> Slot | None:
        """The moment as far as it was typed, or None."""
        starts, ends = self._hours()
        if not (self.day.data and starts and ends):
            return None
        try:
            return Slot.on(self.day.data, starts, ends)
        except NotASlot:
            return None

    def _hours(self) -> tuple[time | None, time | None]:
        if self.day_part.data in set(DayPart):
            weekday = self.day.data.weekday() if self.day.data else None
            return self.room.rules.hours_of(DayPart(self.day_part.data), weekday)
        return self.from_time.data, self.to_time.data
