"""The rules of a house in plain words, for its rooms and for the form."""

from collections.abc import Iterator
from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.availability import NEVER_AN_EXCEPTION, Code
from zalenzoeker.domain.requests import Policy, RequesterKind
from zalenzoeker.domain.rules import DayPart, HouseRules, RuleName
from zalenzoeker.domain.slots import DAY
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.web.dates import WEEKDAYS, clock, day_long, duration, format_list, month_day
from zalenzoeker.web.wording import ACTIVITY_KIND, DAY_PART, REQUESTERS, SPECIAL_KIND, Words

Line = tuple[str, str]

# What one may ask an exception from, besides the days ahead.
EXCEPTION: Words = {
    Code.TOO_FAR: _l("how far ahead you ask"),
    Code.TOO_SHORT: _l("the shortest time"),
    Code.TOO_LONG: _l("the longest time"),
    Code.ENDS_TOO_LATE: _l("the latest end"),
    Code.OUTSIDE_HOURS: _l("the hours"),
    Code.WHO_MAY_ASK: _l("who may ask"),
    Code.NEIGHBOURHOOD_FIRST: _l("the neighbourhood that goes first"),
    Code.EXCLUDED_ACTIVITY: _l("the kind of activity"),
    Code.WEEKLY_TOO_LONG: _l("how long weekly use lasts"),
    Code.TOO_MANY_HOURS: _l("the hours per week"),
    Code.TOO_MANY_PEOPLE: _l("the number of people"),
}


def spoken(rules: HouseRules) -> list[Line]:
    """The rules of the house in plain words, each with its icon; a rule that asks nothing is not said."""
    return [
        *_closing(rules),
        *_asking(rules),
        *_asker(rules),
        *_time(rules),
        *_waiting(rules),
        *_inside(rules),
        ("house", _("The house's own programme always goes first")),
        ("broom", _("You set up, tidy and clean yourself")),
        ("people", _("You do not pass the room on to anybody else")),
    ]


def sources(rules: HouseRules) -> list[str]:
    """Where the rules of a room are written, each source once, in the order of the rules."""
    return list(dict.fromkeys(rule.source for name in RuleName if (rule := rules.rule(name)).source))


def _closing(rules: HouseRules) -> Iterator[Line]:
    if season := rules.rule(RuleName.CLOSED_SEASON).value:
        first, last = (month_day(value) for value in season)
        yield "heating", _("Closed every year from %(first)s to %(last)s", first=first, last=last)
    if closed := [str(SPECIAL_KIND[kind]) for kind in SpecialKind if kind in rules.closed_on]:
        yield "calendar", _("Closed on %(days)s", days=format_list(closed))


def _asking(rules: HouseRules) -> Iterator[Line]:
    told = {"days": rules.lead_days, "months": rules.horizon_months}
    if rules.counts_working_days:
        yield "calendar", _("Ask at least %(days)s working days and at most %(months)s months ahead", **told)
    else:
        yield "calendar", _("Ask at least %(days)s days and at most %(months)s months ahead", **told)
    if Code.TOO_SOON in rules.exceptions:
        yield "chat", _("Later than that? Ask for an exception, with your reason")
    others = [str(words) for code, words in EXCEPTION.items() if code in rules.exceptions - NEVER_AN_EXCEPTION]
    if others:
        yield "chat", _("You can also ask for an exception from: %(rules)s", rules=format_list(others))
    yield "hourglass", _("You have at most %(count)s requests waiting at a time", count=rules.open_requests)


def _asker(rules: HouseRules) -> Iterator[Line]:
    if rules.who:
        kinds = [str(REQUESTERS[kind]) for kind in RequesterKind if kind in rules.who]
        yield "user", _("Only for %(kinds)s", kinds=format_list(kinds))
    days = rules.neighbourhood_first
    if days == 0:
        yield "pin", _("Only for people and groups of the neighbourhood")
    elif days is not None:
        yield "pin", _("The neighbourhood goes first, others can ask from %(days)s days before", days=days)
    for line in rules.rule(RuleName.EXCLUDED).value:
        kind, *period = [line] if isinstance(line, str) else line
        if period:
            first, last = (day_long(date.fromisoformat(day)) for day in period)
            told = {"kind": ACTIVITY_KIND[kind], "first": first, "last": last}
            yield "cross", _("Not from %(first)s to %(last)s: %(kind)s", **told)
        else:
            yield "cross", _("Not for: %(kind)s", kind=ACTIVITY_KIND[kind])


def _time(rules: HouseRules) -> Iterator[Line]:
    parts = rules.rule(RuleName.DAY_PARTS)
    if parts.is_of_venue or parts.is_of_room:
        yield "clock", _("The parts of the day here: %(parts)s", parts=format_list([*map(str, _day_parts(rules))]))
    if rules.least_minutes is not None:
        yield "clock", _("At least %(length)s at a time", length=duration(rules.least_minutes))
    if rules.most_minutes is not None:
        yield "clock", _("At most %(length)s at a time", length=duration(rules.most_minutes))
    if rules.latest_end is not None:
        yield "clock", _latest_end(rules.latest_end)
    if rules.setup_minutes:
        length = duration(rules.setup_minutes)
        yield "broom", _("Kept free before your activity, to set up: %(length)s", length=length)
    if rules.cleanup_minutes:
        length = duration(rules.cleanup_minutes)
        yield "broom", _("Kept free after your activity, to clean: %(length)s", length=length)
    yield "calendar", _("Weekly use lasts at most %(months)s months at a time", months=rules.weekly_months)
    if rules.week_hours is not None:
        yield "clock", _("At most %(hours)s hours a week in this house", hours=rules.week_hours)


def _day_parts(rules: HouseRules) -> Iterator[str]:
    for part in DayPart:
        starts, ends = rules.hours_of(part)
        yield _("%(part)s %(starts)s to %(ends)s", part=DAY_PART[part], starts=clock(starts), ends=clock(ends))


def _latest_end(minute: int) -> str:
    told = f"{minute // 60 % 24}.{minute % 60:02d}"
    if minute > DAY:
        return _("Everything ends at %(time)s in the night at the latest", time=told)
    return _("Everything ends at %(time)s at the latest", time=told)


def _waiting(rules: HouseRules) -> Iterator[Line]:
    """What a request does while it waits, and which does not wait."""
    policies = rules.rule(RuleName.PENDING).value
    yield "hourglass", _policy(Policy(policies["default"]), rules)
    for policy in (Policy.HOLD, Policy.QUEUE, Policy.INSTANT):
        kinds = [kind for kind in RequesterKind if policies.get(kind) == policy != policies["default"]]
        if kinds:
            said = format_list([str(REQUESTERS[kind]) for kind in kinds])
            yield "hourglass", _("For %(kinds)s: %(rule)s", kinds=said, rule=_policy(policy, rules))
    instant = rules.rule(RuleName.INSTANT).value
    if instant.get("trusted", False):
        yield "check", _("Groups that the house knows well get a yes at once")
    for weekday, starts, ends in instant.get("desk_hours", []):
        from_time, to_time = (clock(time.fromisoformat(edge)) for edge in (starts, ends))
        told = {"day": WEEKDAYS[weekday], "starts": from_time, "ends": to_time}
        yield "check", _("A moment on %(day)s between %(starts)s and %(ends)s gets a yes at once", **told)


def _inside(rules: HouseRules) -> Iterator[Line]:
    """Only what a house says itself: what its kind says stands on its page."""
    if rules.inside:
        yield "coffee", _("You can also hold an activity while the house is open: that takes no room")


def _policy(policy: Policy, rules: HouseRules) -> str:
    if policy is Policy.INSTANT:
        return _("You get a yes at once when the room is free")
    if policy is Policy.QUEUE:
        return _("While your request waits, others can ask too; the house chooses")
    return _("While your request waits, nobody else can ask, for at most %(days)s days", days=rules.hold_days)
