"""The pattern of a series in one sentence, in the language of the page."""

from datetime import date, time

from babel.lists import format_list
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from zalenzoeker.domain.series import LAST, Pattern, PatternKind
from zalenzoeker.web.dates import clock, day_long, day_plain, weekday

# More loose days than this are counted and no longer named.
MOST_NAMED = 4


def pattern_words(pattern: Pattern) -> str:
    """elke donderdag van 19.00 tot 22.00 uur, van 7 januari tot en met 24 juni 2027"""
    days = pattern.days()
    hours = _hours(pattern)
    if len(days) == 1:
        return _("on %(day)s %(hours)s", day=day_long(days[0]), hours=hours)
    if pattern.kind is PatternKind.LOOSE and len(days) <= MOST_NAMED:
        return _("on %(days)s %(hours)s", days=_named(days), hours=hours)
    return _(
        "%(repeat)s %(hours)s, from %(first)s to %(last)s",
        repeat=_repeat(pattern, len(days)),
        hours=hours,
        first=_first_of(days[0], days[-1]),
        last=_with_year(days[-1]),
    )


def _repeat(pattern: Pattern, count: int) -> str:
    day = weekday(pattern.first)
    if pattern.kind is PatternKind.LOOSE:
        return _("on %(count)s days", count=count)
    if pattern.kind is PatternKind.WEEKLY:
        return _("every %(weekday)s", weekday=day)
    if pattern.kind is PatternKind.FORTNIGHTLY:
        return _("every two weeks on %(weekday)s", weekday=day)
    return {
        1: _("every first %(weekday)s of the month", weekday=day),
        2: _("every second %(weekday)s of the month", weekday=day),
        3: _("every third %(weekday)s of the month", weekday=day),
        4: _("every fourth %(weekday)s of the month", weekday=day),
        LAST: _("every last %(weekday)s of the month", weekday=day),
    }[pattern.nth]


def _hours(pattern: Pattern) -> str:
    starts, ends = clock(pattern.from_time), clock(pattern.to_time)
    if pattern.to_time == time():
        return _("from %(starts)s to midnight", starts=starts)
    if pattern.to_time < pattern.from_time:
        return _("from %(starts)s to %(ends)s the next morning", starts=starts, ends=ends)
    return _("from %(starts)s to %(ends)s o'clock", starts=starts, ends=ends)


def _named(days: list[date]) -> str:
    """7 januari, 4 februari en 1 april 2027: the year is said once, or with each day when there is more than one."""
    *others, last = days
    return format_list([*(_first_of(day, last) for day in others), _with_year(last)], locale=get_locale())


def _first_of(day: date, last: date) -> str:
    return day_plain(day) if day.year == last.year else _with_year(day)


def _with_year(day: date) -> str:
    return format_date(day, "d MMMM y")
