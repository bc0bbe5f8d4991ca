"""The words of a search as they were typed, each read by itself; what is wrong with one is told at its name."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from flask_babel import gettext as _

from zalenzoeker.domain.city import City
from zalenzoeker.domain.dayline import Minutes
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, STEP_MINUTES, NotASlot, Slot
from zalenzoeker.web.fields import DAY_FORMATS, FIRST_YEAR, LAST_YEAR, TIME_FORMATS
from zalenzoeker.web.forms import MOST_PEOPLE, SLOT_ERRORS

MOST_DAYS = 14
WIDEST_KM = 50.0


@dataclass
class Words:
    """What was typed, and what is wrong with it, by the name of its field."""

    typed: dict[str, str]
    facilities: tuple[str, ...] = ()
    days_typed: tuple[str, ...] = ()
    wheelchair: bool = False
    errors: dict[str, str] = field(default_factory=dict)


def days(form: Words, today: date) -> tuple[date, ...]:
    typed = [("dag", form.typed["dag"]), *(("dagen", one) for one in form.days_typed)]
    found = []
    for name, words in typed:
        if not words:
            continue
        day = read_day(words)
        if day is None:
            form.errors[name] = _("Choose a day that exists, for instance 16-01-2027")
        elif day < today:
            form.errors[name] = _("That day is past. Choose a day that is still to come.")
        else:
            found.append(day)
    if len(found) > MOST_DAYS:
        form.errors["dagen"] = _("Choose at most %(count)d days.", count=MOST_DAYS)
    needs_day = ("van", "tot", "dagdeel", "herhaal", "tot-en-met")
    if not found and "dag" not in form.errors and any(form.typed[name] for name in needs_day):
        form.errors["dag"] = _("Choose a day, for instance 16-01-2027")
    return tuple(sorted(set(found)))


def read_day(words: str) -> date | None:
    """A day as the browser sends it or as people type it, or None."""
    for form in DAY_FORMATS:
        try:
            day = datetime.strptime(words, form).date()
        except ValueError:
            continue
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
    return None


def part(form: Words) -> DayPart | None:
    words = form.typed["dagdeel"]
    if words in set(DayPart):
        return DayPart(words)
    if words:
        form.errors["dagdeel"] = _("Choose a part of the day from the list.")
    return None


def hours(form: Words, day: date | None) -> Minutes | None:
    """The hours in minutes since midnight; both or none, and an end up to six may be the next morning."""
    read = {}
    for name, missing in (
        ("van", _("Fill in from when, for instance 14:00")),
        ("tot", _("Fill in until when, for instance 18:00")),
    ):
        words = form.typed[name]
        read[name] = _read_time(words)
        if not words and (form.typed["van"] or form.typed["tot"]):
            form.errors[name] = missing
        elif words and read[name] is None:
            form.errors[name] = _("Fill in a time, for instance 14:00")
        elif (clock := read[name]) and (clock.minute % STEP_MINUTES or clock.second):
            form.errors[name] = _("Choose a time on the quarter hour, for instance 14:15")
    starts, ends = read["van"], read["tot"]
    if starts is None or ends is None or "van" in form.errors or "tot" in form.errors:
        return None
    try:
        slot = Slot.on(day or date(FIRST_YEAR, 1, 1), starts, ends)
    except NotASlot as error:
        form.errors["tot"] = str(SLOT_ERRORS[type(error)])
        return None
    is_next_day = slot.is_past_midnight and ends <= LATEST_MORNING_END
    return starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute + (DAY if is_next_day else 0)


def _read_time(words: str) -> time | None:
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(words, form).time()
        except ValueError:
            continue
    return None


def people(form: Words) -> int | None:
    words = form.typed["personen"]
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and len(words) < 6):
        form.errors["personen"] = _("Fill in a number, for instance 30")
        return None
    if not 0 < int(words) <= MOST_PEOPLE:
        form.errors["personen"] = _(
            "Fill in a number between %(min)s and %(max)s, for instance 30", min=1, max=MOST_PEOPLE
        )
        return None
    return int(words)


def facilities(form: Words, city: City) -> frozenset[str]:
    if unknown := [one for one in form.facilities if one not in city.facility_names]:
        form.errors["faciliteit"] = _("We do not know “%(value)s”. Choose from the list.", value=unknown[0][:40])
    return frozenset(form.facilities)


def neighbourhood(form: Words, city: City) -> str:
    slug = form.typed["wijk"]
    if slug and all(one.slug != slug for one in city.neighbourhoods):
        form.errors["wijk"] = _("We do not know “%(value)s”. Choose from the list.", value=slug[:40])
    return slug


def radius(form: Words) -> float | None:
    words = form.typed["straal"].replace(",", ".")
    if not words:
        return None
    try:
        radius = float(words)
    except ValueError:
        radius = 0.0
    if not 0 < radius <= WIDEST_KM:
        form.errors["straal"] = _("Fill in a number of kilometres, for instance 2")
        return None
    if not (form.typed["bij"] or form.typed["punt"]):
        form.errors["bij"] = _("Say from where: type a street, a place or a neighbourhood.")
    return radius
