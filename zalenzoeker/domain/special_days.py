"""The days that are not like others: legal holidays, school holidays, the Gentse Feesten, the city's closing days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

SATURDAY = 5


class SpecialKind(StrEnum):
    """Why a day is special."""

    LEGAL = "feestdag"
    SCHOOL = "schoolvakantie"
    FEESTEN = "gentse_feesten"
    CITY_CLOSING = "sluitingsdag"


@dataclass(frozen=True)
class SpecialDay:
    """One holiday or a stretch of days, both days included; ``source`` says who set it, ``rule`` how it is found."""

    kind: SpecialKind
    name: str
    first_day: date
    last_day: date
    source: str = ""
    rule: str = ""


@dataclass(frozen=True)
class SpecialDays:
    """The special days that are known, to look up by day. Days that nobody told of are ordinary."""

    days: tuple[SpecialDay, ...] = ()

    def __hash__(self) -> int:
        # Looked up for every room of a search: the days are counted through once, not each time.
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.days)

    @cached_property
    def _by_day(self) -> Mapping[date, tuple[SpecialDay, ...]]:
        by_day: dict[date, tuple[SpecialDay, ...]] = {}
        for one in self.days:
            for number in range((one.last_day - one.first_day).days + 1):
                day = one.first_day + timedelta(days=number)
                by_day[day] = (*by_day.get(day, ()), one)
        return by_day

    def on(self, day: date) -> tuple[SpecialDay, ...]:
        """What is special about a day, in the order told; empty for an ordinary day."""
        return self._by_day.get(day, ())

    def is_working(self, day: date) -> bool:
        """Whether a day counts where days are counted as working days: no Saturday, Sunday or legal holiday."""
        return day.weekday() < SATURDAY and not any(one.kind is SpecialKind.LEGAL for one in self.on(day))


NO_SPECIAL_DAYS = SpecialDays()
