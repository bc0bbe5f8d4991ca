"""A line of the log of a house in words: what it is about, what stood there, what stands there now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.places import Known
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.routing import Line
from zalenzoeker.domain.rules import HouseRules, Rule, RuleName, rules_for_room
from zalenzoeker.storage.models import Change
from zalenzoeker.storage.models.house_texts import TextName
from zalenzoeker.web.crew_words import (
    Facts,
    Names,
    address,
    address_title,
    advice,
    advice_title,
    deadlines,
    deadlines_title,
    duty,
    duty_title,
    quiet,
    quiet_title,
)
from zalenzoeker.web.dates import WEEKDAYS, day_long, day_short, format_list, minute_clock
from zalenzoeker.web.letter_words import daily_said, daily_title
from zalenzoeker.web.routing_words import conditions, reason_said
from zalenzoeker.web.rule_words import TITLE, said
from zalenzoeker.web.wording import KNOWN

TEXTS = {
    TextName.ABOUT: _l("The text about the house"),
    TextName.PRACTICAL: _l("The practical text"),
    TextName.IN_APPROVAL: _l("What the house adds to the letter that says yes"),
    TextName.IN_REMINDER: _l("What the house adds to the reminder"),
}
# More than this is told apart, so that the list stays one that can be looked over.
LONG = 160


@dataclass(frozen=True)
class Told:
    """A change in words. ``lead``: one line; ``before`` and ``after``: longer texts, to open."""

    title: str
    lead: str
    before: str = ""
    after: str = ""
    who: str = ""
    desk: str = ""
    at: datetime | None = None
    is_demo: bool = False


def told(change: Change, names: Names) -> Told:
    """One line of the log. What a newer or older version of the site wrote is said as far as it can be read."""
    about, words = WORDS.get(change.what, (_anything, _nothing))
    here = change.after or change.before or {}
    before = words(change.before, names) if change.before is not None else ""
    after = words(change.after, names) if change.after is not None else ""
    is_long = max(len(before), len(after)) > LONG or "\n" in before + after
    return Told(
        title=about(here, names),
        lead="" if is_long else _lead(change, before, after),
        before=before if is_long else "",
        after=after if is_long else "",
        who=_who(change),
        desk=change.by_desk.name if change.by_desk else "",
        at=change.at,
        is_demo=change.is_demo,
    )


def _who(change: Change) -> str:
    if change.account is None:
        return _("somebody who is gone")
    return change.account.name or change.account.email


def _lead(change: Change, before: str, after: str) -> str:
    if change.before is None:
        return _("new: %(after)s", after=after) if after else _("new")
    if change.after is None:
        return _("gone: %(before)s", before=before) if before else _("gone")
    return _("from %(before)s to %(after)s", before=before or _("nothing"), after=after or _("nothing"))


def people_of(changes: list[Change]) -> set[int]:
    """The ids of the people whom these lines speak of."""
    found: set[int] = set()
    for change in changes:
        for facts in (change.before, change.after):
            found.update(one for one in (facts or {}).get("people", []) if isinstance(one, int))
    return found


def _in_room(title: str, facts: Facts) -> str:
    return _("%(what)s of %(room)s", what=title, room=facts["room"]) if facts.get("room") else title


def _anything(_facts: Facts, _names: Names) -> str:
    return _("Something else")


def _nothing(_facts: Facts, _names: Names) -> str:
    return ""


def _text_title(facts: Facts, _names: Names) -> str:
    if facts.get("room"):
        return _("The text about %(room)s", room=facts["room"])
    return str(TEXTS.get(facts.get("name"), TEXTS[TextName.ABOUT]))


def _text(facts: Facts, _names: Names) -> str:
    return str(facts.get("words", ""))


def _capacity_title(facts: Facts, _names: Names) -> str:
    return _in_room(_("Number of people"), facts)


def _capacity(facts: Facts, _names: Names) -> str:
    seated, standing = facts.get("seated"), facts.get("standing")
    parts = [
        _("%(count)d people at table", count=seated) if seated else "",
        _("%(count)d people standing", count=standing) if standing else "",
    ]
    return format_list([part for part in parts if part]) or _("unknown")


def _hours_title(facts: Facts, _names: Names) -> str:
    day = str(WEEKDAYS[facts["weekday"]]).lower()
    if facts.get("room"):
        return _("Opening hours of %(room)s on %(day)s", room=facts["room"], day=day)
    return _("Opening hours on %(day)s", day=day)


def _hours(facts: Facts, _names: Names) -> str:
    periods = format_list([period_said(one) for one in facts.get("periods", [])])
    return _("%(hours)s h", hours=periods) if periods else _("closed")


def period_said(period: Any) -> str:
    """9.00–17.00"""
    starts, ends = period
    return f"{minute_clock(starts)}–{minute_clock(ends)}"


def _things_title(facts: Facts, _names: Names) -> str:
    if facts.get("room"):
        return _("What is in %(room)s", room=facts["room"])
    return _("Accessible with a wheelchair")


def _things(facts: Facts, names: Names) -> str:
    if "wheelchair" in facts:
        return str(KNOWN[Known(facts["wheelchair"])])
    there = [names.facilities.get(one, one) for one in facts.get("there", [])]
    absent = [names.facilities.get(one, one) for one in facts.get("absent", [])]
    parts = [format_list(there), _("not there: %(things)s", things=format_list(absent)) if absent else ""]
    return "; ".join(part for part in parts if part) or _("nothing")


def _rule_title(facts: Facts, _names: Names) -> str:
    name = _rule_name(facts)
    return _in_room(str(TITLE[name]) if name else _("A rule"), facts)


def _rule_name(facts: Facts) -> RuleName | None:
    try:
        return RuleName(facts.get("name", ""))
    except ValueError:
        return None


def _rule(facts: Facts, _names: Names) -> str:
    name = _rule_name(facts)
    if name is None:
        return ""
    rules: HouseRules = rules_for_room([Rule(name, facts.get("value"), facts.get("source", ""), True, False)])
    return " ".join(str(one) for one in said(rules, name))


def _closure_title(_facts: Facts, _names: Names) -> str:
    return _("Closing days")


def _closure(facts: Facts, _names: Names) -> str:
    first, last = date.fromisoformat(facts["first_day"]), date.fromisoformat(facts["last_day"])
    days = day_short(first) if first == last else _("%(a)s to %(b)s", a=day_short(first), b=day_short(last))
    return _("%(days)s, %(rooms)s (%(reason)s)", days=days, rooms=format_list(facts["rooms"]), reason=facts["reason"])


def _programme_title(facts: Facts, _names: Names) -> str:
    return _("Our own week: %(title)s", title=facts["title"])


def _programme(facts: Facts, _names: Names) -> str:
    starts, ends = facts["minutes"]
    parts = [
        f"{str(WEEKDAYS[facts['weekday']]).lower()} {period_said((starts, ends))}",
        facts["title"],
        facts["room"],
        _("from %(day)s", day=day_short(date.fromisoformat(facts["first_day"]))) if facts["first_day"] else "",
        _("until %(day)s", day=day_short(date.fromisoformat(facts["until"]))) if facts["until"] else "",
        _("shielded") if facts.get("is_shielded") else "" if facts["is_public"] else _("only among ourselves"),
    ]
    return ", ".join(part for part in parts if part)


def _day(facts: Facts, _names: Names) -> str:
    return day_long(date.fromisoformat(facts["day"]))


def _routing_title(_facts: Facts, _names: Names) -> str:
    return _("Who decides")


def _routing(facts: Facts, _names: Names) -> str:
    line = Line(
        desk_id=0,
        reason=facts["reason"],
        room_id=0 if facts["room"] else None,
        weekdays=frozenset(facts["weekdays"]),
        from_time=time.fromisoformat(facts["from_time"]) if facts["from_time"] else None,
        to_time=time.fromisoformat(facts["to_time"]) if facts["to_time"] else None,
        requester_kind=RequesterKind(facts["requester_kind"]) if facts["requester_kind"] else None,
        activity_kind=ActivityKind(facts["activity_kind"]) if facts["activity_kind"] else None,
        on_holidays=facts["on_holidays"],
    )
    which = conditions(line, {0: facts["room"]}) or _("All the rest")
    place = _("line %(place)s", place=facts["place"]) if "place" in facts else ""
    return ", ".join(part for part in (which, facts["desk"], str(reason_said(facts["reason"])), place) if part)


def _trust_title(_facts: Facts, _names: Names) -> str:
    return _("Groups that the house trusts")


def _trust(facts: Facts, _names: Names) -> str:
    return str(facts["group"])


def _member_title(_facts: Facts, _names: Names) -> str:
    return _("Members of the desk")


def _member(facts: Facts, names: Names) -> str:
    return format_list([names.person(one) for one in facts.get("people", [])])


def _handover_title(facts: Facts, _names: Names) -> str:
    titles = {
        "offered": _("Handing over was offered"),
        "revoked": _("Handing over was taken back"),
        "confirmed": _("The desk was handed over"),
    }
    return titles.get(facts.get("step", ""), titles["offered"])


def _handover(facts: Facts, names: Names) -> str:
    people = facts.get("people", [])
    address = facts.get("address", "")
    parts = [
        facts.get("to", ""),
        format_list([names.person(one) for one in people]),
        _("shared address %(address)s", address=address) if address else "",
    ]
    return ", ".join(part for part in parts if part)


def _diary_title(facts: Facts, _names: Names) -> str:
    return _in_room(_("The diary of the house"), facts)


def _diary(facts: Facts, _names: Names) -> str:
    day = day_short(date.fromisoformat(facts["day"]))
    if facts.get("host"):
        return _("read from %(host)s since %(day)s", host=facts["host"], day=day)
    return _("a file of %(day)s", day=day)


WORDS: Mapping[Subject, tuple[Callable[[Facts, Names], str], Callable[[Facts, Names], str]]] = {
    Subject.TEXT: (_text_title, _text),
    Subject.CAPACITY: (_capacity_title, _capacity),
    Subject.HOURS: (_hours_title, _hours),
    Subject.FACILITIES: (_things_title, _things),
    Subject.RULE: (_rule_title, _rule),
    Subject.CLOSURE: (_closure_title, _closure),
    Subject.PROGRAMME: (_programme_title, _programme),
    Subject.PROGRAMME_DAY: (_programme_title, _day),
    Subject.ROUTING: (_routing_title, _routing),
    Subject.ROUTING_ORDER: (_routing_title, _routing),
    Subject.TRUST: (_trust_title, _trust),
    Subject.MEMBER: (_member_title, _member),
    Subject.HANDOVER: (_handover_title, _handover),
    Subject.ADDRESS: (address_title, address),
    Subject.DUTY: (duty_title, duty),
    Subject.QUIET: (quiet_title, quiet),
    Subject.DEADLINES: (deadlines_title, deadlines),
    Subject.ADVICE: (advice_title, advice),
    Subject.DIARY: (_diary_title, _diary),
    Subject.DAILY: (daily_title, daily_said),
}
