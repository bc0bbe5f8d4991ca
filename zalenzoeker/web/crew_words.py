"""What the log keeps of a crew, in words: who is on duty, when it is away, after how many days, how it decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.web.dates import format_list
from zalenzoeker.web.keeping import said_days
from zalenzoeker.web.votes import KIND, SILENCE

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What the log only knows by number or by code: people by id, facilities by slug."""

    people: Mapping[int, str]
    facilities: Mapping[str, str]

    def person(self, account_id: Any) -> str:
        return self.people.get(account_id) or _("somebody who is gone")


def address_title(_facts: Facts, _names: Names) -> str:
    return _("Shared address of the desk")


def address(facts: Facts, _names: Names) -> str:
    return facts.get("address", "")


def duty_title(facts: Facts, _names: Names) -> str:
    return _("Who is on duty on some days") if "first_day" in facts else _("Who takes turns")


def duty(facts: Facts, names: Names) -> str:
    people = format_list([names.person(one) for one in facts.get("people", [])])
    return ", ".join(part for part in (people, _days(facts)) if part)


def quiet_title(_facts: Facts, _names: Names) -> str:
    return _("Days on which the crew is away")


def quiet(facts: Facts, _names: Names) -> str:
    return ", ".join(part for part in (_days(facts), facts.get("reason", "")) if part)


def _days(facts: Facts) -> str:
    if not facts.get("first_day"):
        return ""
    return said_days(date.fromisoformat(facts["first_day"]), date.fromisoformat(facts["last_day"]))


def deadlines_title(_facts: Facts, _names: Names) -> str:
    return _("After how many days who steps in")


def deadlines(facts: Facts, _names: Names) -> str:
    reminder, deputy, city = facts["days"]
    days = _(
        "reminder after %(reminder)d, deputy after %(deputy)d, city after %(city)d days",
        reminder=reminder,
        deputy=deputy,
        city=city,
    )
    working = _("working days only") if facts.get("counts_working_days") else ""
    other = _("deputy: %(desk)s", desk=facts["deputy"]) if facts.get("deputy") else ""
    return ", ".join(part for part in (days, working, other) if part)


def advice_title(_facts: Facts, _names: Names) -> str:
    return _("How the crew decides")


def advice(facts: Facts, _names: Names) -> str:
    kind = KIND[AdviceKind(facts["kind"])]
    if "needed" not in facts:
        return str(kind)
    votes = _("%(needed)d votes, within %(days)d days", needed=facts["needed"], days=facts["days"])
    return ", ".join((str(kind), votes, str(SILENCE[Silence(facts["silence"])])))
