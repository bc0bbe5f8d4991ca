"""A series as somebody plans it, read from the address: which days, and what was chosen for each of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectChoice
from wtforms.validators import Optional

from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.series import MOST_DATES, NotAPattern, Pattern, TooManyDates
from zalenzoeker.domain.slots import BRUSSELS, EndsBeforeStart, MissingHour, NotASlot, Slot
from zalenzoeker.services.wishes import WishedDate
from zalenzoeker.web.fields import ClockField, DayField, HiddenList, NumberField
from zalenzoeker.web.forms import SLOT_ERRORS
from zalenzoeker.web.moment_form import OWN_HOURS, day_parts
from zalenzoeker.web.notation import REPEATS, moment, written

KEEP, PART, SKIP, MOVE, OWN = "houd", "deel", "sla-over", "verzet", "eigen"
LOOSE = "losse-datums"
MOST_ROOMS = 6
# What the form to ask has, and the planner only hands on.
KEPT = ("opnieuw", "verleng", "personen", "faciliteit", "als", "soort", "wijk", "balie", "binnen")
CLOCK_CHANGES = {
    True: _l("The clock goes forward that night: this hour does not exist."),
    False: _l("The clock goes back that night: this hour comes twice."),
}


@dataclass(frozen=True)
class Planned:
    """One day of the series. ``slot`` is None in the night the clock changes, and ``why`` says so.

    ``room``: where it is in one room of the house only.
    ``target``: the moment it was moved to, in one room where that was named. ``wrong``: what is wrong with the moment
    that was typed for it; ``typed``: its day and hours as typed.
    """

    key: str
    day: date
    slot: Slot | None
    why: str = ""
    room: str = ""
    choice: str = ""
    target: WishedDate | None = None
    wrong: str = ""
    typed: tuple[str, str, str] = ("", "", "")


class SeriesForm(Form):
    """Which days a series has. Everything stands in the address, so that nothing is lost by going back or on."""

    day = DayField(_l("First day"), name="dag", validators=[Optional()])
    day_part = RadioField(_l("Part of the day"), name="dagdeel", default=OWN_HOURS, validate_choice=False)
    from_time = ClockField(_l("From"), name="van", validators=[Optional()])
    to_time = ClockField(_l("To"), name="tot", validators=[Optional()])
    repeat = RadioField(
        _l("How often do you come?"),
        name="herhaal",
        choices=[
            SelectChoice("wekelijks", _l("Every week")),
            SelectChoice("tweewekelijks", _l("Every two weeks")),
            SelectChoice("maandelijks", _l("Every month, on the same weekday")),
            SelectChoice(LOOSE, _l("On days I choose myself")),
        ],
        default="wekelijks",
        validators=[Optional()],
    )
    until = DayField(_l("Until and including"), name="tot-en-met", validators=[Optional()])
    count = NumberField(_l("Or how many times?"), name="aantal", validators=[Optional()])
    people = NumberField(_l("People"), name="personen", validators=[Optional()])
    extra = HiddenList(_l("Other dates"), name="datum")

    pattern: Pattern | None = None
    rows: tuple[Planned, ...] = ()

    def read(
        self, args: MultiDict[str, str], room: KnownRoom, rooms: Sequence[KnownRoom], house: Collection[str]
    ) -> None:
        """Work out the days. What is wrong stands beside its field; a form with nothing in it asks nothing yet.

        ``house``: the codes of the rooms a date may be in, those of one house that are asked here.
        """
        self.room, self.rooms, self.args = room, rooms, args
        self.house = house
        self.day_part.choices = day_parts()
        if self.day_part.data not in {choice.value for choice in self.day_part.choices}:
            self.day_part.data = OWN_HOURS
        if shorter := args.get("inkorten"):
            self.until.process(MultiDict({"tot-en-met": shorter}))
            self.count.data = None
        if not self.was_sent:
            # A day that came along is a beginning, and no mistake.
            self.is_loose = False
            return
        self.validate()
        if self.people.errors:
            # It only came along, and is asked in the form that follows.
            self.people.data, self.people.errors = None, []
        self.is_loose = self.repeat.data == LOOSE
        self._read_days()

    @property
    def was_sent(self) -> bool:
        return "herhaal" in self.args

    def _read_days(self) -> None:
        days, moments = self._extra()
        first = self.day.data or (days[0] if days else None)
        hours = self._hours(first)
        if first is None and not self.day.errors and not (self.is_loose and moments):
            self.day.errors = [_("Choose a day, for instance 16-01-2027")]
        if hours and first and not self.errors:
            self._make_pattern(first, days, hours)
        if self.errors:
            return
        dates = self.pattern.slots() if self.pattern else []
        own = {one.day for one in dates}
        found = [self._planned(str(one.day), one.day, one.slot, _why(one.why)) for one in dates]
        if hours:
            found += [self._planned(str(day), day, *_on(day, *hours)) for day in days if day not in own]
        slots = {one.slot for one in found}
        found += [self._at_moment(one) for one in moments if one.slot not in slots]
        self.rows = tuple(sorted(found, key=lambda row: (row.day, row.key)))
        if len(self.rows) * len(self.rooms) > MOST_DATES:
            self.rows = ()
            field = self.extra if self.is_loose else self.until
            field.errors = [_("That is more than %(count)d dates. Choose an earlier day.", count=MOST_DATES)]

    def _extra(self) -> tuple[list[date], list[WishedDate]]:
        """The days and moments added by hand; what cannot be read is told once, and then let go."""
        read = [(words, self._moment(words), _read_day(words)) for words in self.extra.data]
        self.extra.data = [words for words, one, day in read if one or day]
        if len(self.extra.data) < len(read):
            self.extra.errors = [_("Choose a day that exists, for instance 16-01-2027")]
        return sorted({day for _words, _one, day in read if day}), [one for _words, one, _day in read if one]

    def _moment(self, words: str) -> WishedDate | None:
        one = moment(words, self.room.code)
        return one if one and one.room in self.house else None

    def _hours(self, first: date | None) -> tuple[time, time] | None:
        if self.day_part.data in set(DayPart):
            return self.room.rules.hours_of(DayPart(self.day_part.data), first.weekday() if first else None)
        missing = (
            (self.from_time, _("Fill in from when, for instance 14:00")),
            (self.to_time, _("Fill in until when, for instance 18:00")),
        )
        for field, words in missing:
            if field.data is None and not field.errors:
                field.errors = [words]
        if self.from_time.data is None or self.to_time.data is None:
            return None
        return self.from_time.data, self.to_time.data

    def _make_pattern(self, first: date, days: Sequence[date], hours: tuple[time, time]) -> None:
        try:
            if self.is_loose:
                self.pattern = Pattern.on_days({*days, first}, *hours)
                return
            until = self.until.data
            count = None if until else self.count.data
            if until is None and count is None:
                self.until.errors = [_("Fill in the last day, for instance 24-06-2027, or how many times you come")]
                return
            self.pattern = Pattern(REPEATS[self.repeat.data or "wekelijks"], first, *hours, until=until, count=count)
        except TooManyDates:
            field = self.extra if self.is_loose else self.until
            field.errors = [_("That is more than %(count)d dates. Choose an earlier day.", count=MOST_DATES)]
        except NotAPattern:
            self.until.errors = [_("The last day must come after the first one.")]
        except EndsBeforeStart as error:
            self.to_time.errors = [SLOT_ERRORS[type(error)]]

    def _planned(self, key: str, day: date, slot: Slot | None, why: str = "") -> Planned:
        """The day with what was chosen for it."""
        choice = self.args.get(f"keuze-{key}", "")
        of_day, starts, ends = (self.args.get(f"{name}-{key}", "").strip()[:20] for name in ("dag", "van", "tot"))
        typed = of_day, starts, ends
        target, wrong = None, ""
        if choice == OWN:
            target, wrong = self._typed(typed)
        elif choice not in {"", KEEP, PART, SKIP, MOVE}:
            target = moment(choice, "")
            choice = MOVE
        return Planned(key, day, slot, why, choice=choice, target=target, wrong=wrong, typed=typed)

    def _at_moment(self, one: WishedDate) -> Planned:
        room = "" if one.room == self.room.code else one.room
        return replace(self._planned(written(one.slot, room), one.slot.day, one.slot), room=room)

    def _typed(self, typed: Sequence[str]) -> tuple[WishedDate | None, str]:
        fields = Typed(MultiDict(zip(("dag", "van", "tot"), typed, strict=True)))
        fields.validate()
        if fields.errors:
            return None, str(next(iter(fields.errors.values()))[0])
        if not (fields.day.data and fields.from_time.data and fields.to_time.data):
            return None, _("Fill in the day and the hours.")
        try:
            return WishedDate("", Slot.on(fields.day.data, fields.from_time.data, fields.to_time.data)), ""
        except NotASlot as error:
            return None, str(SLOT_ERRORS[type(error)])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What travels along besides the fields: (name, value)."""
        return [(name, value) for name in KEPT for value in self.args.getlist(name) if value]

    @property
    def kept_by_name(self) -> dict[str, list[str]]:
        return {name: values for name in KEPT if (values := [one for one in self.args.getlist(name) if one])}


class Typed(Form):
    """A moment of one's own for one date."""

    day = DayField("", name="dag", validators=[Optional()])
    from_time = ClockField("", name="van", validators=[Optional()])
    to_time = ClockField("", name="tot", validators=[Optional()])


def _on(day: date, starts: time, ends: time) -> tuple[Slot | None, str]:
    try:
        return Slot.on(day, starts, ends, BRUSSELS), ""
    except NotASlot as error:
        return None, _why(type(error))


def _why(error: type[NotASlot] | None) -> str:
    return str(CLOCK_CHANGES[error is MissingHour]) if error else ""


def _read_day(words: str) -> date | None:
    field = Typed(MultiDict({"dag": words})).day
    return None if field.errors or field.process_errors else field.data


def rooms_of(args: MultiDict[str, str], home: KnownRoom, everything: City) -> tuple[KnownRoom, ...]:
    """The room of the address, and the others of the same house that are asked with it."""
    also = [everything.by_code.get(code) for code in args.getlist("ook")]
    house = [room for room in also if room and room.venue_id == home.venue_id and room.is_asked_here]
    return tuple({room.id: room for room in (home, *house)}.values())[:MOST_ROOMS]
