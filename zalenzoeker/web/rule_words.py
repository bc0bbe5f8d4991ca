"""Every rule by its name and in a sentence for those who keep a house, also where it asks nothing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.availability import NEVER_AN_EXCEPTION, Code
from zalenzoeker.domain.requests import ActivityKind, Policy, RequesterKind
from zalenzoeker.domain.rules import EVERY_DAY, DayPart, HouseRules, RuleName
from zalenzoeker.domain.slots import DAY
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.web.dates import WEEKDAYS, clock, day_long, duration, format_list, month_day
from zalenzoeker.web.houserules import EXCEPTION
from zalenzoeker.web.wording import ACTIVITY_KIND, DAY_PART, REQUESTERS, SPECIAL_KIND, Words

TITLE: Words = {
    RuleName.LEAD_DAYS: _l("How long before"),
    RuleName.LEAD_COUNTS: _l("How those days count"),
    RuleName.HORIZON_MONTHS: _l("How far ahead"),
    RuleName.LEAST_MINUTES: _l("The shortest time"),
    RuleName.MOST_MINUTES: _l("The longest time"),
    RuleName.LATEST_END: _l("The latest end"),
    RuleName.SETUP_MINUTES: _l("Time to set up"),
    RuleName.CLEANUP_MINUTES: _l("Time to clean"),
    RuleName.DAY_PARTS: _l("The parts of the day"),
    RuleName.WEEKLY_MONTHS: _l("Weekly use"),
    RuleName.OPEN_REQUESTS: _l("Requests at a time"),
    RuleName.WEEK_HOURS: _l("Hours per week"),
    RuleName.WHO: _l("Who may ask"),
    RuleName.NEIGHBOURHOOD_FIRST: _l("The neighbourhood first"),
    RuleName.EXCLUDED: _l("What the house is not for"),
    RuleName.CLOSED_SEASON: _l("Closed every year"),
    RuleName.CLOSED_ON: _l("Closed on special days"),
    RuleName.PENDING: _l("What a waiting request does"),
    RuleName.HOLD_DAYS: _l("How long a request keeps the room"),
    RuleName.INSTANT: _l("Who gets a yes at once"),
    RuleName.EXCEPTIONS: _l("Exceptions"),
    RuleName.INSIDE: _l("Activities during open hours"),
}
# The rules as people look for them, each exactly once.
GROUPS: tuple[tuple[str, tuple[RuleName, ...]], ...] = (
    (
        _l("While a request waits"),
        (RuleName.PENDING, RuleName.HOLD_DAYS, RuleName.INSTANT, RuleName.OPEN_REQUESTS),
    ),
    (
        _l("When people ask"),
        (RuleName.LEAD_DAYS, RuleName.LEAD_COUNTS, RuleName.HORIZON_MONTHS, RuleName.EXCEPTIONS),
    ),
    (_l("Who and what for"), (RuleName.WHO, RuleName.NEIGHBOURHOOD_FIRST, RuleName.EXCLUDED, RuleName.INSIDE)),
    (
        _l("Which hours, and how long"),
        (
            RuleName.DAY_PARTS,
            RuleName.LEAST_MINUTES,
            RuleName.MOST_MINUTES,
            RuleName.LATEST_END,
            RuleName.SETUP_MINUTES,
            RuleName.CLEANUP_MINUTES,
            RuleName.WEEKLY_MONTHS,
            RuleName.WEEK_HOURS,
        ),
    ),
    (_l("When it is closed"), (RuleName.CLOSED_SEASON, RuleName.CLOSED_ON)),
)
POLICY: Words = {
    Policy.HOLD: _l("Keep the room"),
    Policy.QUEUE: _l("A queue"),
    Policy.INSTANT: _l("Yes at once"),
}
POLICY_EXPLAINED: Words = {
    Policy.HOLD: _l("As long as the request waits, nobody else can ask for that moment."),
    Policy.QUEUE: _l(
        "Others can ask too and see that somebody is before them. You choose; the rest get a no with other moments."
    ),
    Policy.INSTANT: _l("Is the room free? Then it is theirs at once. You get a letter and decide nothing."),
}
# All that people may ask an exception from.
MAY_BE_EXCEPTED: Words = {
    Code.TOO_SOON: _l("how long before you ask"),
    **{code: words for code, words in EXCEPTION.items() if code not in NEVER_AN_EXCEPTION},
}


def said(rules: HouseRules, name: RuleName) -> list[str]:
    """What the rules of a house say about one thing, in one or a few plain sentences."""
    found = SENTENCES[name](rules)
    return [found] if isinstance(found, str) else list(found)


def _lead(rules: HouseRules) -> str:
    if rules.counts_working_days:
        return _("People ask at least %(days)s working days before.", days=rules.lead_days)
    return _("People ask at least %(days)s days before.", days=rules.lead_days)


def _lead_counts(rules: HouseRules) -> str:
    if rules.counts_working_days:
        return _("Only working days count: no Saturdays, Sundays and legal holidays.")
    return _("Every day counts, also weekends and holidays.")


def _least(rules: HouseRules) -> str:
    if rules.least_minutes is None:
        return _("There is no shortest time.")
    return _("An activity lasts at least %(length)s.", length=duration(rules.least_minutes))


def _most(rules: HouseRules) -> str:
    if rules.most_minutes is None:
        return _("There is no longest time.")
    return _("An activity lasts at most %(length)s.", length=duration(rules.most_minutes))


def _latest_end(rules: HouseRules) -> str:
    minute = rules.latest_end
    if minute is None:
        return _("There is no latest end besides the hours of the house.")
    told = f"{minute // 60 % 24}.{minute % 60:02d}"
    if minute > DAY:
        return _("Everything ends at %(time)s in the night at the latest.", time=told)
    return _("Everything ends at %(time)s at the latest.", time=told)


def _setup(rules: HouseRules) -> str:
    if not rules.setup_minutes:
        return _("No time is kept free to set up.")
    return _("Before each activity the room stays free for %(length)s.", length=duration(rules.setup_minutes))


def _cleanup(rules: HouseRules) -> str:
    if not rules.cleanup_minutes:
        return _("No time is kept free to clean.")
    return _("After each activity the room stays free for %(length)s.", length=duration(rules.cleanup_minutes))


def _day_parts(rules: HouseRules) -> Iterator[str]:
    usual = [_part(rules, part) for part in DayPart]
    yield _("Usually: %(parts)s.", parts=format_list(usual))
    for part, spans in rules.rule(RuleName.DAY_PARTS).value.items():
        days = sorted(int(day) for day in spans if day != EVERY_DAY) if isinstance(spans, Mapping) else []
        for day in days:
            yield _("%(weekday)s: %(part)s.", weekday=WEEKDAYS[day], part=_part(rules, DayPart(part), day))


def _part(rules: HouseRules, part: DayPart, weekday: int | None = None) -> str:
    starts, ends = rules.hours_of(part, weekday)
    name = str(DAY_PART[part]).lower()
    return _("%(part)s %(starts)s to %(ends)s", part=name, starts=clock(starts), ends=clock(ends))


def _weekly(rules: HouseRules) -> str:
    return _("Weekly use lasts at most %(months)s months at a time.", months=rules.weekly_months)


def _open(rules: HouseRules) -> str:
    return _("Whoever asks has at most %(count)s requests waiting at a time.", count=rules.open_requests)


def _week_hours(rules: HouseRules) -> str:
    if rules.week_hours is None:
        return _("A group may use the house as many hours a week as it asks.")
    return _("A group uses the house at most %(hours)s hours a week.", hours=rules.week_hours)


def _who(rules: HouseRules) -> str:
    if not rules.who:
        return _("Everybody may ask.")
    kinds = [str(REQUESTERS[kind]) for kind in RequesterKind if kind in rules.who]
    return _("Only %(kinds)s may ask.", kinds=format_list(kinds))


def _neighbourhood(rules: HouseRules) -> str:
    days = rules.neighbourhood_first
    if days is None:
        return _("Where somebody lives makes no difference.")
    if days == 0:
        return _("Only people and groups of the neighbourhood may ask.")
    return _("The neighbourhood goes first; others can ask from %(days)s days before.", days=days)


def _excluded(rules: HouseRules) -> Iterator[str]:
    lines = rules.rule(RuleName.EXCLUDED).value
    always = [str(ACTIVITY_KIND[line]).lower() for line in lines if isinstance(line, str)]
    if not lines:
        yield _("Every kind of activity may be held.")
    if always:
        yield _("Not for: %(kinds)s.", kinds=format_list(always))
    for kind, first, last in (line for line in lines if not isinstance(line, str)):
        days = {"first": day_long(date.fromisoformat(first)), "last": day_long(date.fromisoformat(last))}
        yield _(
            "Not from %(first)s to %(last)s: %(kind)s.", kind=str(ACTIVITY_KIND[ActivityKind(kind)]).lower(), **days
        )


def _season(rules: HouseRules) -> str:
    season = rules.rule(RuleName.CLOSED_SEASON).value
    if not season:
        return _("Open the whole year.")
    first, last = (month_day(value) for value in season)
    return _("Closed every year from %(first)s until and including %(last)s.", first=first, last=last)


def _closed_on(rules: HouseRules) -> str:
    days = [str(SPECIAL_KIND[kind]) for kind in SpecialKind if kind in rules.closed_on]
    return _("Closed on %(days)s.", days=format_list(days)) if days else _("Open on every special day.")


def _pending(rules: HouseRules) -> Iterator[str]:
    policies = rules.rule(RuleName.PENDING).value
    usual = Policy(policies["default"])
    yield f"{POLICY[usual]}. {POLICY_EXPLAINED[usual]}"
    for policy in POLICY:
        kinds = [kind for kind in RequesterKind if policies.get(kind) == policy != usual]
        if kinds:
            names = format_list([str(REQUESTERS[kind]) for kind in kinds])
            yield _("For %(kinds)s: %(policy)s.", kinds=names, policy=str(POLICY[policy]).lower())


def _hold_days(rules: HouseRules) -> str:
    return _("After %(days)s days without an answer the room is free for others again.", days=rules.hold_days)


def _instant(rules: HouseRules) -> Iterator[str]:
    value = rules.rule(RuleName.INSTANT).value
    if value.get("trusted", False):
        yield _("Groups that you trust get a yes at once.")
    for weekday, starts, ends in value.get("desk_hours", []):
        opens, closes = (clock(time.fromisoformat(edge)) for edge in (starts, ends))
        told = {"day": WEEKDAYS[weekday], "starts": opens, "ends": closes}
        yield _("A moment on %(day)s between %(starts)s and %(ends)s gets a yes at once.", **told)
    if not value.get("trusted", False) and not value.get("desk_hours", []):
        yield _("No group is trusted with it, and there are no hours for it.")


def _exceptions(rules: HouseRules) -> str:
    names = [str(words) for code, words in MAY_BE_EXCEPTED.items() if code in rules.exceptions]
    if not names:
        return _("Nobody can ask for an exception.")
    return _("People may ask an exception from: %(rules)s.", rules=format_list(names))


def _inside(rules: HouseRules) -> str:
    if rules.inside is None:
        return _(
            "In an Open Huis or a buurtcentrum, others may ask to hold an activity while the house is open; in other "
            "houses not."
        )
    if not rules.inside:
        return _("While the house is open, there are no activities of others.")
    return _("Others may ask to hold an activity while the house is open. It takes no room.")


SENTENCES: Mapping[RuleName, Callable[[HouseRules], str | Iterator[str]]] = {
    RuleName.LEAD_DAYS: _lead,
    RuleName.LEAD_COUNTS: _lead_counts,
    RuleName.HORIZON_MONTHS: lambda rules: _(
        "People ask at most %(months)s months ahead.", months=rules.horizon_months
    ),
    RuleName.LEAST_MINUTES: _least,
    RuleName.MOST_MINUTES: _most,
    RuleName.LATEST_END: _latest_end,
    RuleName.SETUP_MINUTES: _setup,
    RuleName.CLEANUP_MINUTES: _cleanup,
    RuleName.DAY_PARTS: _day_parts,
    RuleName.WEEKLY_MONTHS: _weekly,
    RuleName.OPEN_REQUESTS: _open,
    RuleName.WEEK_HOURS: _week_hours,
    RuleName.WHO: _who,
    RuleName.NEIGHBOURHOOD_FIRST: _neighbourhood,
    RuleName.EXCLUDED: _excluded,
    RuleName.CLOSED_SEASON: _season,
    RuleName.CLOSED_ON: _closed_on,
    RuleName.PENDING: _pending,
    RuleName.HOLD_DAYS: _hold_days,
    RuleName.INSTANT: _instant,
    RuleName.EXCEPTIONS: _exceptions,
    RuleName.INSIDE: _inside,
}
