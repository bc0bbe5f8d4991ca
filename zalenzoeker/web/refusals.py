"""Why a room cannot be had, said to a person: one sentence per obstacle, each with what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker.domain.availability import Code, Obstacle
from zalenzoeker.domain.rules import Rule
from zalenzoeker.web.dates import clock, day_long, duration, format_list, hours, month_day
from zalenzoeker.web.wording import ACTIVITY_KIND, REQUESTERS


def sentence(one: Obstacle, *, room: str) -> str:
    """The sentence that tells a person why a room cannot be had like this."""
    if one.facts.get("is_own"):
        return _own(one.facts, room)
    return SENTENCES[one.code](one.facts, room)


def source(one: Obstacle) -> str:
    """Whose rule is in the way and where it is written; empty for what is no rule, such as another booking."""
    if one.rule is None:
        return ""
    if not one.rule.source:
        return whose(one.rule)
    return _("%(whose)s, source: %(source)s", whose=whose(one.rule), source=one.rule.source)


def whose(rule: Rule) -> str:
    """For which rooms a rule was made."""
    if rule.is_of_room:
        return _("Rule of this room")
    return _("Rule of this house") if rule.is_of_venue else _("Rule for all rooms")


def queued(count: int) -> str:
    """What somebody should know who asks for a moment for which so many others have asked before."""
    return ngettext(
        "Somebody has asked for this moment before you. You can ask too: the house chooses.",
        "%(num)d others have asked for this moment before you. You can ask too: the house chooses.",
        count,
    )


def _too_soon(facts: Mapping[str, Any], _room: str) -> str:
    told = {"days": facts["days"], "day": day_long(facts["first_day"])}
    if facts["in_working_days"]:
        return _(
            "You ask later than the rule allows: at least %(days)s working days before. "
            "From %(day)s on you can ask freely.",
            **told,
        )
    return _(
        "You ask later than the rule allows: at least %(days)s days before. From %(day)s on you can ask freely.", **told
    )


def _who_may_ask(facts: Mapping[str, Any], room: str) -> str:
    kinds = format_list([str(REQUESTERS[kind]) for kind in facts["kinds"]])
    return _("%(room)s is only for %(kinds)s. Look for another room.", room=room, kinds=kinds)


def _neighbourhood_first(facts: Mapping[str, Any], room: str) -> str:
    if not facts["days"]:
        return _("%(room)s is only for people and groups of the neighbourhood. Look for another room.", room=room)
    return _(
        "The neighbourhood goes first: others can ask for %(room)s from %(days)s days before. For this day that is "
        "from %(day)s.",
        room=room,
        days=facts["days"],
        day=day_long(facts["from_day"]),
    )


def _ends_too_late(facts: Mapping[str, Any], room: str) -> str:
    latest = clock(facts["latest"])
    if facts["is_next_morning"]:
        return _(
            "Everything ends in %(room)s at %(time)s in the night at the latest. End earlier.", room=room, time=latest
        )
    return _("Everything ends in %(room)s at %(time)s at the latest. End earlier.", room=room, time=latest)


def _outside_hours(facts: Mapping[str, Any], room: str) -> str:
    if not facts["hours"]:
        return _("%(room)s is closed on %(day)s. Choose another day.", room=room, day=day_long(facts["day"]))
    open_hours = ", ".join(hours(slot) for slot in facts["hours"])
    return _("%(room)s can be asked that day from %(hours)s. Choose a time within.", room=room, hours=open_hours)


def _not_while_open(facts: Mapping[str, Any], _room: str) -> str:
    if not facts["hours"]:
        return _(
            "The house is not open on %(day)s. Choose a day on which it is, or ask for a room.",
            day=day_long(facts["day"]),
        )
    open_hours = ", ".join(hours(slot) for slot in facts["hours"])
    return _("The house is open that day from %(hours)s. Stay within these hours, or ask for a room.", hours=open_hours)


def _closed_season(facts: Mapping[str, Any], room: str) -> str:
    first, last = facts["season"]
    return _(
        "%(room)s is closed every year from %(first)s to %(last)s.",
        room=room,
        first=month_day(first),
        last=month_day(last),
    )


def _own(facts: Mapping[str, Any], room: str) -> str:
    """Another date of the same request has the room then."""
    when = {"room": room, "hours": hours(facts["slot"])}
    return _(
        "You have %(room)s yourself then, %(hours)s, with another date of this request. Move that one first.", **when
    )


def _closed(facts: Mapping[str, Any], room: str) -> str:
    if not facts["title"]:
        return _("%(room)s is closed then. Choose another moment.", room=room)
    return _("%(room)s is closed then: %(reason)s. Choose another moment.", room=room, reason=facts["title"])


SENTENCES: dict[Code, Callable[[Mapping[str, Any], str], str]] = {
    Code.NOT_ASKED_HERE: lambda _facts, room: _("%(room)s cannot be asked here. Ask the house itself.", room=room),
    Code.IN_THE_PAST: lambda _facts, _room: _("That moment is past. Choose a day that is still to come."),
    Code.TOO_SOON: _too_soon,
    Code.TOO_FAR: lambda facts, _room: _(
        "That is too far ahead: you can ask at most %(months)s months before, now until %(day)s.",
        months=facts["months"],
        day=day_long(facts["last_day"]),
    ),
    Code.CLOSED: _closed,
    Code.CLOSED_SEASON: _closed_season,
    Code.OUTSIDE_HOURS: _outside_hours,
    Code.OWN_PROGRAMME: lambda facts, _room: _(
        "The house has its own programme then, %(hours)s. That always goes first.", hours=hours(facts["slot"])
    ),
    Code.BOOKED: lambda facts, room: _(
        "%(room)s is taken then, %(hours)s. Choose another moment.", room=room, hours=hours(facts["slot"])
    ),
    Code.DIARY: lambda facts, room: _(
        "%(room)s is taken then, %(hours)s, says the diary of the house. Choose another moment.",
        room=room,
        hours=hours(facts["slot"]),
    ),
    Code.REQUESTED: lambda facts, room: _(
        "Somebody else has asked for %(room)s then, %(hours)s. Choose another moment.",
        room=room,
        hours=hours(facts["slot"]),
    ),
    Code.TOO_MANY_PEOPLE: lambda facts, room: _(
        "%(people)s people do not fit: %(room)s holds at most %(capacity)s.",
        people=facts["people"],
        room=room,
        capacity=facts["capacity"],
    ),
    Code.TOO_MANY_OPEN: lambda facts, _room: _(
        "You have %(limit)s requests waiting for an answer. Wait for one, or withdraw one.", limit=facts["limit"]
    ),
    Code.WHO_MAY_ASK: _who_may_ask,
    Code.NEIGHBOURHOOD_FIRST: _neighbourhood_first,
    Code.EXCLUDED_ACTIVITY: lambda facts, room: _(
        "%(room)s is not lent for this kind of activity: %(kind)s. Look for another room.",
        room=room,
        kind=ACTIVITY_KIND[facts["kind"]],
    ),
    Code.TOO_SHORT: lambda facts, room: _(
        "%(room)s can be asked for at least %(length)s at a time. Choose a longer time.",
        room=room,
        length=duration(facts["minutes"]),
    ),
    Code.TOO_LONG: lambda facts, room: _(
        "%(room)s can be asked for at most %(length)s at a time. Choose a shorter time.",
        room=room,
        length=duration(facts["minutes"]),
    ),
    Code.WEEKLY_TOO_LONG: lambda facts, _room: _(
        "Weekly use lasts at most %(months)s months, here until %(day)s. After that you ask again.",
        months=facts["months"],
        day=day_long(facts["until"]),
    ),
    Code.TOO_MANY_HOURS: lambda facts, _room: _(
        "You can use this house at most %(hours)s hours a week, and this would be more. "
        "Choose another week or a shorter time.",
        hours=facts["week_hours"],
    ),
    Code.CITY_CLOSED: lambda facts, room: _(
        "%(room)s is closed on %(day)s: %(name)s. Choose another day.",
        room=room,
        day=day_long(facts["day"]),
        name=facts["name"],
    ),
    Code.ENDS_TOO_LATE: _ends_too_late,
    Code.NOT_INSIDE: lambda _facts, room: _(
        "This house does not take activities during its open hours. Ask for %(room)s instead.", room=room
    ),
    Code.NOT_WHILE_OPEN: _not_while_open,
}
