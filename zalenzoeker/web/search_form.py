"""What somebody looks for, read from the address of the page; all that is wrong with it is told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from zalenzoeker.domain.city import City
from zalenzoeker.domain.series import MOST_DATES, NotAPattern, Pattern, PatternKind, TooManyDates
from zalenzoeker.domain.slots import STEP_MINUTES, to_local
from zalenzoeker.domain.wanted import WHEELCHAIR, Wanted
from zalenzoeker.web import near, notation, search_words
from zalenzoeker.web.search_words import Words

LONGEST_WORDS = 100
REPEATS: Mapping[str, PatternKind] = {
    name: kind for name, kind in notation.REPEATS.items() if kind is not PatternKind.LOOSE
}
# What the fields are called, where what is wrong with them is told above the form.
LABELS = {
    "dag": _l("Day"),
    "van": _l("From"),
    "tot": _l("To"),
    "wijk": _l("Neighbourhood"),
    "personen": _l("People"),
    "dagdeel": _l("Part of the day"),
    "faciliteit": _l("What do you need?"),
    "bij": _l("Address, place or neighbourhood"),
    "punt": _l("Your point on the map"),
    "straal": _l("At most how many kilometres?"),
    "herhaal": _l("Come back"),
    "tot-en-met": _l("Until and including"),
    "dagen": _l("Or on"),
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
class SearchForm(Words):
    """The words as typed, what they mean, and what is wrong with them."""

    wanted: Wanted = field(default_factory=Wanted)
    days: tuple[date, ...] = ()
    pattern: Pattern | None = None
    spot: near.Spot | None = None
    guesses: tuple[near.Spot, ...] = ()
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
    def is_open(self) -> bool:
        """Whether "more choices" stands open: a point alone came from the map, and is said without it."""
        return self.has_more and not self.has_only_point

    @property
    def has_only_point(self) -> bool:
        return bool(self.typed["punt"]) and not replace(self, typed=self.typed | {"punt": ""}).has_more

    @property
    def ending(self) -> str:
        """The pattern of a series as the end of an address; empty without one."""
        if not self.pattern:
            return ""
        told = {name: self.typed[name] for name in ("dag", "herhaal", "tot-en-met", "personen") if self.typed[name]}
        return f"&{urlencode(told)}"

    @property
    def told(self) -> list[tuple[str, str]]:
        """All that is wrong, as (id of the field, sentence)."""
        found = []
        for name, words in self.errors.items():
            label = str(LABELS[name])
            sentence = f"{label}{'' if label.endswith('?') else ':'} {words}"
            found.append(("dagen-0" if name == "dagen" else name, sentence))
        return found

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
    form.days = search_words.days(form, today)
    part = search_words.part(form)
    form.wanted = Wanted(
        hours=None if part else search_words.hours(form, form.day),
        part=part,
        people=search_words.people(form),
        facilities=search_words.facilities(form, city),
        needs_wheelchair=form.wheelchair,
        neighbourhood=search_words.neighbourhood(form, city),
    )
    _find_point(form, city)
    _read_series(form)
    if len(form.days) > 1 and not form.has_time and not form.errors:
        form.errors["dagdeel"] = _("Choose a part of the day or fill in the hours, to compare your days.")
    return form


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
    radius = search_words.radius(form)
    if form.spot:
        form.wanted = replace(form.wanted, near=form.spot.point, radius_km=radius)


def _read_series(form: SearchForm) -> None:
    """A pattern of days, when something is said about coming back."""
    repeat, until = form.typed["herhaal"], form.typed["tot-en-met"]
    if repeat and repeat not in REPEATS:
        form.errors["herhaal"] = _("Choose how often from the list.")
        return
    last = search_words.read_day(until) if until else None
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
