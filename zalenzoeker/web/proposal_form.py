"""The form by which a desk proposes something else, and what it is filled in with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from zalenzoeker.domain.slots import NotASlot, Slot
from zalenzoeker.services.moving import Move
from zalenzoeker.services.proposals import can_be_moved
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import when
from zalenzoeker.web.fields import (
    LONGEST_TEXT,
    Choices,
    ClockField,
    DayField,
    PageForm,
    check_text,
    check_was_read,
    needed,
    strip,
)
from zalenzoeker.web.forms import SLOT_ERRORS

# What an address may fill in, by the names of the fields.
FILLED_IN = ("dag", "van", "tot", "zaal")


class ProposalForm(PageForm):
    """Another day, other hours, another room or place, for one date or for several alike."""

    dates = Choices(
        _l("For which dates?"), name="datum", choices=[], validators=[needed(_l("Choose at least one date"))]
    )
    day = DayField(
        _l("Day"), name="dag", validators=[check_was_read, InputRequired(_l("Choose a day, for instance 16-01-2027"))]
    )
    from_time = ClockField(
        _l("From"), name="van", validators=[check_was_read, InputRequired(_l("Fill in from when, for instance 14:00"))]
    )
    to_time = ClockField(
        _l("To"), name="tot", validators=[check_was_read, InputRequired(_l("Fill in until when, for instance 18:00"))]
    )
    room = SelectField(_l("Room"), name="zaal", choices=[], validators=[needed(_l("Choose a room"))])
    note = TextAreaField(
        _l("A word with it"),
        name="bericht",
        filters=[strip],
        validators=[
            Optional(),
            Length(max=LONGEST_TEXT, message=_l("Keep it under %(max)d characters.")),
            check_text,
        ],
    )
    version = HiddenField(name="versie", validators=[needed(_l("Open the request again and propose then."))])

    def offer(self, found: Request, movable: Sequence[Occurrence]) -> "ProposalForm":
        """The dates there are to choose, and the rooms: those of the house first."""
        self.dates.choices = [(one.uid, when(one.slot)) for one in movable]
        if len(movable) == 1:
            # Nothing is to be chosen.
            self.dates.data = [movable[0].uid]
        self.room.choices = _rooms(found.first.room.venue_id, {one.room_id for one in movable})
        return self

    def chosen(self, movable: Sequence[Occurrence]) -> list[Occurrence]:
        return [one for one in movable if one.uid in (self.dates.data or [])]

    def move(self) -> Move:
        """What the chosen dates become; the first goes to the day, the others move as far."""
        return Move(self.from_time.data, self.to_time.data, to_day=self.day.data, room=self.room.data or "")

    def slot(self) -> Slot | None:
        """The moment as it was typed; what is wrong with it stands beside its field."""
        if self.day.data is None or self.from_time.data is None or self.to_time.data is None:
            return None
        try:
            return Slot.on(self.day.data, self.from_time.data, self.to_time.data)
        except NotASlot as error:
            self.to_time.errors = [SLOT_ERRORS[type(error)]]
            return None


def fresh(found: Request, now: datetime, asked: Mapping[str, Any]) -> ProposalForm:
    """The form as an address fills it in (``asked``), else with the moment as it is; nothing is checked yet."""
    movable = can_be_moved(found, now)
    typed = MultiDict(asked)
    known = {one.uid for one in movable}
    chosen = [uid for uid in typed.getlist("datum") if uid in known] or [one.uid for one in movable]
    date = next((one for one in movable if one.uid in chosen), found.first)
    usual = {
        "dag": date.slot.day.isoformat(),
        "van": f"{date.starts:%H:%M}",
        "tot": f"{date.ends:%H:%M}",
        "zaal": code_of(date),
    }
    filled = MultiDict({name: typed.get(name) or usual[name] for name in FILLED_IN})
    filled.setlist("datum", chosen)
    filled["versie"] = str(found.version)
    form = ProposalForm(formdata=filled).offer(found, movable)
    for name, field in (("dag", form.day), ("van", form.from_time), ("tot", form.to_time)):
        if field.data is None:
            # An address that somebody wrote wrong fills in nothing.
            field.process(MultiDict({name: usual[name]}))
    if form.room.data not in {code for code, _name in _flat(form.room.choices)}:
        form.room.data = usual["zaal"]
    return form


def code_of(date: Occurrence) -> str:
    return cities.city().by_id[date.room_id].code


def _rooms(venue_id: int, own: set[int]) -> dict[str, list[tuple[str, str]]]:
    """Every room that is asked here, by its house: this one first, then in the order of the alphabet."""
    houses: dict[tuple[bool, str, int], list[tuple[str, str]]] = {}
    for one in cities.city().rooms:
        if one.is_asked_here or one.id in own:
            key = one.venue_id != venue_id, one.venue_name, one.venue_id
            size = _("%(room)s, for %(people)d", room=one.name, people=one.capacity) if one.capacity else one.name
            houses.setdefault(key, []).append((one.code, size))
    return {key[1]: sorted(houses[key], key=lambda room: room[1]) for key in sorted(houses)}


def _flat(choices: Any) -> list[tuple[str, str]]:
    return [one for of_house in choices.values() for one in of_house]


def decides_here(code: str, venue_id: int) -> bool:
    """Is this a room of the same house, or is whoever looks of the city desk?"""
    room = cities.city().by_code.get(code)
    return room is None or room.venue_id == venue_id or actor().is_city
