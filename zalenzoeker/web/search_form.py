"""What somebody looks for, read from the address of the page; all that is wrong with it is told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from zalenzoeker.domain.city import City
from zalenzoeker.domain.dayline import Minutes
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.series import MOST_DATES, NotAPattern, Pattern, PatternKind, TooManyDates
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END, STEP_MINUTES, NotASlot, Slot, to_local
from zalenzoeker.domain.wanted import WHEELCHAIR, Wanted
from zalenzoeker.web import near, notation
from zalenzoeker.web.fields import DAY_FORMATS, FIRST_YEAR, LAST_YEAR, TIME_FORMATS
from zalenzoeker.web.forms import MOST_PEOPLE, SLOT_ERRORS

MOST_DAYS = 14
LONGEST_WORDS = 100
WIDEST_KM = 50.0
REPEATS: Mapping[str, PatternKind] = {
    name: kind for name, kind in notation.REPEATS.items() if kind is not PatternKind.LOOSE
}
NAMES = ("dag", "van", "tot", "dagdeel", "personen", "wijk", "bij", "punt", "straal", "herhaal", "tot-en-met")


class Look(StrEnum):
    """What the page must show: only the form, a whole day, one moment, the same moment on several days, a series."""

    FORM = "form"
    DAY = "day"
    MOMENT = "moment"
    DAYS = "days"
    SERIES = "series"


@dataclass
class SearchForm:
    """The words as typed (``typed``, ``facilities``, ``days_typed``), what they mean, and what is wrong with them."""

    typed: dict[str, str]
    facilities: tuple[str, ...] = ()
    days_typed: tuple[str, ...] = ()
    wheelchair: bool = False
    wanted: Wanted = field(default_factory=Wanted)
    days: tuple[date, ...] = ()
    pattern: Pattern | None = None
    spot: near.Spot | None = None
    guesses: tuple[near.Spot, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    form_errors: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Any]:
        # The summary of errors asks a form for its fields; these are told to it one by one.
        return iter(())

    @property
    def day(self) -> date | None:
        return self.days[0] if self.days else None

    @property
    def has_time(self) -> bool:
        return self.wanted.hours is not None or self.wanted.part is not None

    @property
    def look(self) -> Look:
        if self.errors or not self.days:
            return Look.FORM
        if not self.has_time:
            return Look.DAY
        if self.pattern:
            return Look.SERIES
        return Look.DAYS if len(self.days) > 1 else Look.MOMENT

    @property
    def has_more(self) -> bool:
        """Whether something was filled in that stands behind "more choices"."""
        return bool(
            self.facilities
            or self.wheelchair
            or self.days_typed
            or any(self.typed[name] for name in ("dagdeel", "bij", "punt", "straal", "herhaal", "tot-en-met"))
            or set(self.errors) - {"dag", "van", "tot", "personen", "wijk"}
        )

    @property
    def ending(self) -> str:
        """The pattern of a series as the end of an address; empty without one."""
        if not self.pattern:
            return ""
        told = {name: self.typed[name] for name in ("dag", "herhaal", "tot-en-met", "personen") if self.typed[name]}
        return f"&{urlencode(told)}"

    def asked(self, name: str, *, has_hint: bool = False) -> dict[str, str]:
        """What a field of the form says of itself: its name, and what it is described by."""
        described = [f"{name}-hint"] * has_hint + [f"{name}-error"] * (name in self.errors)
        found = {"id": name, "name": name}
        if described:
            found["aria-describedby"] = " ".join(described)
        return found | {"aria-invalid": "true"} if name in self.errors else found

    def query(self, **changes: Any) -> dict[str, Any]:
        """The same search as an address, with these names changed; None leaves one out."""
        filled: dict[str, Any] = {name: value for name, value in self.typed.items() if value}
        filled.update(faciliteit=list(self.facilities), dagen=list(self.days_typed))
        if self.wheelchair:
            filled["toegankelijk"] = WHEELCHAIR
        filled.update(changes)
        return {name: value for name, value in filled.items() if value not in (None, "", [])}


def read(args: MultiDict[str, str], city: City, now: datetime) -> SearchForm:
    """Read the search of an address. ``now`` is aware."""
    form = SearchForm(
        typed={name: args.get(name, "").strip()[:LONGEST_WORDS] for name in NAMES},
        facilities=tuple(dict.fromkeys(one[:LONGEST_WORDS] for one in args.getlist("faciliteit") if one)),
        days_typed=tuple(dict.fromkeys(one.strip()[:20] for one in args.getlist("dagen") if one.strip())),
        wheelchair=args.get("toegankelijk", "") == WHEELCHAIR,
    )
    today = to_local(now).date()
    form.days = _days(form, today)
    part = _part(form)
    form.wanted = Wanted(
        hours=None if part else _hours(form),
        part=part,
        people=_people(form),
        facilities=_facilities(form, city),
        needs_wheelchair=form.wheelchair,
        neighbourhood=_neighbourhood(form, city),
    )
    _find_point(form, city)
    _read_series(form)
    if len(form.days) > 1 and not form.has_time and not form.errors:
        form.errors["dagdeel"] = _("Choose a part of the day or fill in the hours, to compare your days.")
    return form


def _days(form: SearchForm, today: date) -> tuple[date, ...]:
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


def _part(form: SearchForm) -> DayPart | None:
    words = form.typed["dagdeel"]
    if words in set(DayPart):
        return DayPart(words)
    if words:
        form.errors["dagdeel"] = _("Choose a part of the day from the list.")
    return None


def _hours(form: SearchForm) -> Minutes | None:
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
        slot = Slot.on(form.days[0] if form.days else date(FIRST_YEAR, 1, 1), starts, ends)
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


def _people(form: SearchForm) -> int | None:
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


def _facilities(form: SearchForm, city: City) -> frozenset[str]:
    if unknown := [one for one in form.facilities if one not in city.facility_names]:
        form.errors["faciliteit"] = _("We do not know “%(value)s”. Choose from the list.", value=unknown[0][:40])
    return frozenset(form.facilities)


def _neighbourhood(form: SearchForm, city: City) -> str:
    slug = form.typed["wijk"]
    if slug and all(one.slug != slug for one in city.neighbourhoods):
        form.errors["wijk"] = _("We do not know “%(value)s”. Choose from the list.", value=slug[:40])
    return slug


def _find_point(form: SearchForm, city: City) -> None:
    """The point that distances are counted from: of the address, or the one in the page's own address."""
    words, typed = form.typed["bij"], form.typed["punt"]
    if words:
        found = near.find(city, words)
        if found:
            form.spot, form.guesses = found[0], tuple(found[1:])
        else:
            form.errors["bij"] = _(
                "We do not know this address. Type the street of a place, its name, or a neighbourhood."
            )
    elif typed:
        if here := near.point(typed):
            form.spot = near.Spot("", here, is_exact=True)
        else:
            form.errors["punt"] = _("That is no point in Ghent. It looks like 51.05,3.70.")
    radius = _radius(form)
    if form.spot:
        form.wanted = replace(form.wanted, near=form.spot.point, radius_km=radius)


def _radius(form: SearchForm) -> float | None:
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


def _read_series(form: SearchForm) -> None:
    """A pattern of days, when something is said about coming back."""
    repeat, until = form.typed["herhaal"], form.typed["tot-en-met"]
    if repeat and repeat not in REPEATS:
        form.errors["herhaal"] = _("Choose how often from the list.")
        return
    last = read_day(until) if until else None
    if until and last is None:
        form.errors["tot-en-met"] = _("Choose a day that exists, for instance 16-01-2027")
    elif repeat and last is None:
        form.errors["tot-en-met"] = _("Fill in the last day of your series, for instance 24-06-2027")
    if not repeat or last is None or form.errors or not form.days:
        return
    if not form.has_time:
        form.errors["dagdeel"] = _("Choose a part of the day or fill in the hours: a series needs them.")
        return
    starts, ends = form.wanted.hours or (0, STEP_MINUTES)
    try:
        form.pattern = Pattern(REPEATS[repeat], form.days[0], _clock(starts), _clock(ends), until=last)
    except TooManyDates:
        form.errors["tot-en-met"] = _("That is more than %(count)d dates. Choose an earlier day.", count=MOST_DATES)
    except NotAPattern:
        form.errors["tot-en-met"] = _("The last day must come after the first one.")
    else:
        form.days = tuple(form.pattern.days())


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
