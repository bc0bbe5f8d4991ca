"""Which days may be asked now: from how far ahead, and how far."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from zalenzoeker.domain.rules import HouseRules
from zalenzoeker.domain.slots import add_months, epoch, to_local
from zalenzoeker.domain.special_days import NO_SPECIAL_DAYS, SpecialDays

FURTHEST_MONTHS = 12


def first_day(rules: HouseRules, now: datetime, special: SpecialDays = NO_SPECIAL_DAYS) -> date:
    """The first day that may be asked now without an exception."""
    return window(rules, special, now)[1]


def last_day(rules: HouseRules, now: datetime) -> date:
    """The last day that may be asked now."""
    return window(rules, NO_SPECIAL_DAYS, now)[2]


def last_day_of_series(first: date, rules: HouseRules, now: datetime) -> date:
    """The last day of a series that begins on a day: what may be asked as a whole is judged by its first date.

    It may last as long as one may ask ahead, and reach a year ahead at most: so far own programme is written out.
    """
    last = last_day(rules, now)
    if first > last:
        return last
    return max(last, min(add_months(first, rules.horizon_months), add_months(today(now), FURTHEST_MONTHS)))


def window(rules: HouseRules, special: SpecialDays, now: datetime) -> tuple[int, date, date]:
    """This moment in epoch seconds, and the first and last day that may be asked now."""
    known = special if rules.counts_working_days else None
    return _window_of(rules.lead_days, known, rules.horizon_months, now)


@lru_cache(maxsize=512)
def _window_of(lead: int, working: SpecialDays | None, months: int, now: datetime) -> tuple[int, date, date]:
    day = today(now)
    first = day + timedelta(days=lead) if working is None else nth_working_day(day, lead, working)
    return epoch(now), first, add_months(day, months)


@lru_cache(maxsize=64)
def today(now: datetime) -> date:
    return to_local(now).date()


def nth_working_day(day: date, count: int, special: SpecialDays) -> date:
    """The day on which so many working days have begun since another; that one itself for none."""
    while count > 0:
        day += timedelta(days=1)
        count -= special.is_working(day)
    return day
