"""The forms of who decides: a line of a house, the line for the rest, and a request that somebody makes up."""

from collections.abc import Sequence
from datetime import time
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Length, Optional

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.requests import GROUP_KINDS, ActivityKind, RequesterKind
from zalenzoeker.domain.routing import LONGEST_REASON, MIDNIGHT, Asked, Line
from zalenzoeker.domain.slots import LATEST_MORNING_END, EndsBeforeStart, Slot
from zalenzoeker.domain.special_days import SpecialDays
from zalenzoeker.services.routing import WantedLine
from zalenzoeker.storage.models import Desk
from zalenzoeker.web.dates import WEEKDAYS
from zalenzoeker.web.fields import Choices, ClockField, PageForm, check_one_line, needed, text_field
from zalenzoeker.web.forms import SLOT_ERRORS
from zalenzoeker.web.house_forms import room_choices
from zalenzoeker.web.moment_form import OWN_HOURS, MomentForm, day_parts
from zalenzoeker.web.wording import ACTIVITY_KIND, REQUESTER_KIND

ONLY, NEVER = "alleen", "nooit"
# More desks than these are a list to open: nobody scrolls past a street of cards.
MOST_CARDS = 6
HOLIDAYS = {None: "", True: ONLY, False: NEVER}
REQUESTERS = (*GROUP_KINDS, RequesterKind.PERSON)


def _requesters() -> list[SelectChoice]:
    return [SelectChoice(kind.value, REQUESTER_KIND[kind]) for kind in REQUESTERS]


def _activities() -> list[SelectChoice]:
    return [SelectChoice(kind.value, ACTIVITY_KIND[kind]) for kind in ActivityKind]


WHO = {"name": "balie", "choices": [], "validators": [needed(_l("Choose who decides"))]}


class RestForm(PageForm):
    """Who decides about all that no other line takes."""

    desk = RadioField(_l("Who decides?"), **WHO)
    reason = text_field(
        _l("Why?"),
        StringField,
        name="reden",
        longest=LONGEST_REASON,
        description=_l("Whoever asks reads this. Without it we write ourselves when the line fits."),
    )
    version = HiddenField(name="versie", validators=[Length(max=64), check_one_line])

    @classmethod
    def for_desks(cls, desks: Sequence[Desk]) -> Self:
        """The form with these desks to choose from: as cards, or in a list where there are many."""
        is_long = len(desks) > MOST_CARDS
        kind = type(cls.__name__, (cls,), {"desk": SelectField(_l("Who decides?"), **WHO)}) if is_long else cls
        form = kind()
        first = [SelectChoice("", _l("Choose"))] if is_long else []
        form.desk.choices = [*first, *(SelectChoice(desk.slug, desk.name) for desk in desks)]
        return form


class RoutingForm(RestForm):
    """A line: what it depends on, and who decides then. What stays empty fits everything."""

    weekdays = Choices(
        _l("On which days of the week?"),
        name="weekdag",
        choices=[SelectChoice(str(number), day) for number, day in enumerate(WEEKDAYS)],
    )
    from_time = ClockField(_l("From what time?"), name="van", validators=[Optional()])
    to_time = ClockField(_l("Until what time?"), name="tot", validators=[Optional()])
    holidays = SelectField(
        _l("On a public holiday?"),
        name="feestdag",
        default="",
        choices=[
            SelectChoice("", _l("It does not matter")),
            SelectChoice(ONLY, _l("Only on a public holiday")),
            SelectChoice(NEVER, _l("Never on a public holiday")),
        ],
    )
    activity_kind = SelectField(
        _l("For which kind of activity?"),
        name="soort",
        default="",
        choices=[SelectChoice("", _l("Every kind of activity")), *_activities()],
    )
    requester = SelectField(
        _l("Asked by whom?"), name="als", default="", choices=[SelectChoice("", _l("Everybody")), *_requesters()]
    )
    room = SelectField(_l("For which room?"), name="zaal", default="", choices=[])

    def offer_rooms(self, rooms: Sequence[KnownRoom]) -> None:
        self.room.choices = [SelectChoice("", _l("Every room")), *room_choices(rooms)]

    def show(self, line: Line, rooms: Sequence[KnownRoom]) -> None:
        """Fill in what a line says now, apart from its desk and its reason."""
        self.weekdays.data = [str(day) for day in sorted(line.weekdays)]
        self.from_time.data = line.from_time
        self.to_time.data = line.to_time or (MIDNIGHT if line.from_time else None)
        self.holidays.data = HOLIDAYS[line.on_holidays]
        self.activity_kind.data = line.activity_kind.value if line.activity_kind else ""
        self.requester.data = line.requester_kind.value if line.requester_kind else ""
        self.room.data = next((room.slug for room in rooms if room.id == line.room_id), "")

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        starts, ends = self.from_time.data or MIDNIGHT, self.to_time.data
        if ends is not None and ends <= starts and ends > LATEST_MORNING_END:
            self.to_time.errors = [SLOT_ERRORS[EndsBeforeStart]]
            return False
        some_days = 0 < len(self.weekdays.data or ()) < len(WEEKDAYS)
        if not any((some_days, self.hours, *self.kinds, self.holidays.data, self.room.data)):
            self.form_errors = [*self.form_errors, _l("Choose at least one thing: a day, hours, or for whom or what.")]
            return False
        return True

    @property
    def hours(self) -> tuple[time | None, time | None] | None:
        """The hours that were typed, or None for the whole day."""
        typed = self.from_time.data, self.to_time.data
        return None if all(one in (None, MIDNIGHT) for one in typed) else typed

    @property
    def kinds(self) -> tuple[RequesterKind | None, ActivityKind | None]:
        asker, activity = self.requester.data, self.activity_kind.data
        return RequesterKind(asker) if asker else None, ActivityKind(activity) if activity else None

    def wanted(self, reason: str) -> WantedLine:
        """What was filled in, with the words that are kept when it fits."""
        requester, activity = self.kinds
        from_time, to_time = self.hours or (None, None)
        return WantedLine(
            desk=self.desk.data,
            reason=reason,
            room=self.room.data or "",
            weekdays=frozenset(int(day) for day in self.weekdays.data or ()),
            from_time=from_time,
            to_time=to_time,
            requester_kind=requester,
            activity_kind=activity,
            on_holidays={ONLY: True, NEVER: False}.get(self.holidays.data),
        )


class TryForm(MomentForm):
    """A request that somebody makes up, to see where it would go; it stands in the address of the page."""

    class Meta(MomentForm.Meta):
        """Nothing is written, so that nothing has to be proved."""

        csrf = False

    where = SelectField(_l("Room"), name="zaal", choices=[], validators=[needed(_l("Choose a room"))])
    requester = SelectField(_l("Asked by"), name="als", choices=_requesters(), default=RequesterKind.ASSOCIATION.value)
    activity_kind = SelectField(
        _l("Kind of activity"), name="soort", default="", choices=[SelectChoice("", _l("Not told")), *_activities()]
    )

    def offer(self, rooms: Sequence[KnownRoom]) -> None:
        self.where.choices = room_choices(rooms)
        self.day_part.choices = day_parts()
        self.day_part.data = OWN_HOURS

    def asked(self, rooms: Sequence[KnownRoom], slot: Slot, special: SpecialDays) -> Asked:
        """What was filled in, as a request would bring it."""
        room = next(room for room in rooms if room.slug == self.where.data)
        activity = ActivityKind(self.activity_kind.data) if self.activity_kind.data else None
        return Asked(room.venue_id, room.id, slot, RequesterKind(self.requester.data), activity, special)
