"""How days, hours and moments are said in the language of the page."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list as babel_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.slots import DAY, Slot, to_local

WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)


def format_list(parts: Sequence[str]) -> str:
    """maandag, dinsdag en woensdag"""
    return babel_list(list(parts), locale=get_locale()) if parts else ""


def clock(moment: time | datetime) -> str:
    """14.00"""
    return f"{moment.hour}.{moment.minute:02d}"


def minute_clock(minute: int) -> str:
    """Minutes since midnight as 14.00; midnight at the end of a day is 24.00, an hour later 1.00."""
    if minute == DAY:
        return "24.00"
    return f"{minute // 60 % 24}.{minute % 60:02d}"


# A page says the same few days over and over, and reading such a pattern costs more than a row of a table.
@lru_cache(maxsize=2000)
def _written(day: date, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale=locale)


def day_long(day: date) -> str:
    """zaterdag 16 januari 2027"""
    return _written(day, "EEEE d MMMM y", get_locale())


def day_short(day: date) -> str:
    """za 16 januari 2027"""
    return _written(day, "EEE d MMMM y", get_locale()).replace(".", "")


def day_plain(day: date) -> str:
    """16 januari"""
    return _written(day, "d MMMM", get_locale())


def day_shortest(day: date) -> str:
    """16 jan, where there is little room."""
    return _written(day, "d MMM", get_locale()).replace(".", "")


def weekday_short(day: date) -> str:
    """za"""
    return _written(day, "EEE", get_locale()).replace(".", "")


def month_long(day: date) -> str:
    """januari 2027"""
    return _written(day, "MMMM y", get_locale())


def weekday(day: date) -> str:
    """zaterdag"""
    return _written(day, "EEEE", get_locale())


def hours(slot: Slot) -> str:
    """14.00 tot 18.00 uur; past midnight the next day is said: 20.00 tot zondag 1.00 uur; a whole day is that."""
    if is_whole_day(slot):
        return _("all day")
    ends = clock(slot.ends)
    if slot.is_past_midnight:
        ends = _("%(weekday)s %(time)s", weekday=weekday(slot.ends.date()), time=ends)
    return _("%(starts)s to %(ends)s", starts=clock(slot.starts), ends=ends)


def is_whole_day(slot: Slot) -> bool:
    """From one midnight to the next, as a closure lasts."""
    return slot.starts.time() == slot.ends.time() == time() and slot.ends.date() == slot.day + timedelta(days=1)


def hours_short(slot: Slot) -> str:
    """14.00–18.00, or hele dag: where there is little room."""
    return _("all day") if is_whole_day(slot) else f"{clock(slot.starts)}–{clock(slot.ends)}"


def minutes_short(from_minute: int, to_minute: int) -> str:
    """The same for minutes since the midnight of one day."""
    if from_minute == 0 and to_minute == DAY:
        return _("all day")
    return f"{minute_clock(from_minute)}–{minute_clock(to_minute)}"


def when(slot: Slot) -> str:
    """zaterdag 16 januari 2027, 14.00 tot 18.00 uur"""
    return f"{day_long(slot.day)}, {hours(slot)}"


def moment(value: datetime) -> str:
    """An aware moment, as the wall clock in Ghent says it: maandag 23 november 2026, 10.12 uur."""
    local = to_local(value)
    return _("%(day)s, %(time)s h", day=day_long(local.date()), time=clock(local))


def duration(minutes: int) -> str:
    """90 minutes as 1 uur en 30 minuten."""
    whole, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)d hour", "%(num)d hours", whole)] if whole else []
    if rest or not whole:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", rest))
    return format_list(parts)


def month_day(value: str) -> str:
    """A month-day of every year, 11-01, as 1 november."""
    month, day = value.split("-")
    return day_plain(date(2000, int(month), int(day)))


DATE_FILTERS = {
    "clock": clock,
    "minute_clock": minute_clock,
    "day_long": day_long,
    "day_short": day_short,
    "day_plain": day_plain,
    "day_shortest": day_shortest,
    "weekday_short": weekday_short,
    "weekday": weekday,
    "hours": hours,
    "hours_short": hours_short,
    "when": when,
    "moment": moment,
    "duration": duration,
    "month_day": month_day,
    "month_long": month_long,
    "weekday_name": lambda number: WEEKDAYS[number],
}
