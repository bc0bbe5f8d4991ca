"""Why a room cannot be had, said to a person: one sentence per obstacle, each with what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from zalenzoeker.domain.availability import Code, Obstacle
from zalenzoeker.web.dates import day_long, hours, month_day


def sentence(one: Obstacle, *, room: str) -> str:
    """The sentence that tells a person why a room cannot be had like this."""
    return SENTENCES[one.code](one.facts, room)


def _outside_hours(facts: Mapping[str, Any], room: str) -> str:
    if not facts["hours"]:
        return _("%(room)s is closed on %(day)s. Choose another day.", room=room, day=day_long(facts["day"]))
    open_hours = ", ".join(hours(slot) for slot in facts["hours"])
    return _("%(room)s can be asked that day from %(hours)s. Choose a time within.", room=room, hours=open_hours)


def _closed_season(facts: Mapping[str, Any], room: str) -> str:
    first, last = facts["season"]
    return _(
        "%(room)s is closed every year from %(first)s to %(last)s.",
        room=room,
        first=month_day(first),
        last=month_day(last),
    )


def _closed(facts: Mapping[str, Any], room: str) -> str:
    if not facts["title"]:
        return _("%(room)s is closed then. Choose another moment.", room=room)
    return _("%(room)s is closed then: %(reason)s. Choose another moment.", room=room, reason=facts["title"])


SENTENCES: dict[Code, Callable[[Mapping[str, Any], str], str]] = {
    Code.NOT_ASKED_HERE: lambda _facts, room: _("%(room)s cannot be asked here. Ask the house itself.", room=room),
    Code.IN_THE_PAST: lambda _facts, _room: _("That moment is past. Choose a day that is still to come."),
    Code.TOO_SOON: lambda facts, _room: _(
        "You ask later than the rule allows: at least %(days)s days before. From %(day)s on you can ask freely.",
        days=facts["days"],
        day=day_long(facts["first_day"]),
    ),
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
}
