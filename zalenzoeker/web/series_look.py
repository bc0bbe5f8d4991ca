"""How a date of a series looks: its state in a word, with its icon, and what is special about the day."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker.domain.availability import CLOSURE, Code, blocking
from zalenzoeker.domain.series_plan import Met
from zalenzoeker.domain.special_days import SpecialDays, SpecialKind

SHUT = CLOSURE | {Code.OUTSIDE_HOURS}


@dataclass(frozen=True)
class State:
    """A state in words, with its look (of ``tag``) and its icon."""

    look: str
    icon: str
    words: str


def state_of(met: Met) -> State:
    """What a moment meets, in a word; the strictest of several rooms."""
    if met.can_be_asked:
        if met.needs_exception:
            return State("wait", "chat", _("Short notice: only with an exception"))
        if met.queued:
            return State("wait", "people", asked_before(met.queued))
        return State("free", "check", _("Free to ask for"))
    if len(met.found) > 1 and met.rooms_left:
        return State("no", "cross", _("Only %(rooms)s is free", rooms=", ".join(room.name for room in met.rooms_left)))
    return _state_of_no({one.code for one in blocking(met.obstacles, asks_exception=True)})


def _state_of_no(codes: set[Code]) -> State:
    if {Code.BOOKED, Code.DIARY} & codes:
        return State("no", "cross", _("Taken"))
    if Code.REQUESTED in codes:
        return State("wait", "hourglass", _("Already asked for"))
    if Code.OWN_PROGRAMME in codes:
        return State("no", "house", _("Own programme of the house"))
    if codes & SHUT:
        return State("", "clock", _("Closed"))
    return State("", "info", _("Not possible"))


def asked_before(count: int) -> str:
    return ngettext(
        "%(num)d other has asked already. You can ask too.",
        "%(num)d others have asked already. You can ask too.",
        count,
    )


def special_words(day: date, special: SpecialDays) -> tuple[str, ...]:
    """The holidays and other special days that fall on a day, by their names."""
    return tuple(dict.fromkeys(_named(one.kind, one.name) for one in special.on(day)))


def _named(kind: SpecialKind, name: str) -> str:
    return {
        SpecialKind.LEGAL: _("Public holiday: %(name)s", name=name),
        SpecialKind.SCHOOL: _("School holiday: %(name)s", name=name),
        SpecialKind.FEESTEN: name,
        SpecialKind.CITY_CLOSING: _("Closing day of the city: %(name)s", name=name),
    }[kind]


def count_words(total: int, free: int) -> str:
    """24 datums, 21 vrij, 3 niet: kies wat je daarmee doet."""
    dates = ngettext("%(num)d date", "%(num)d dates", total)
    if free == total:
        return _("%(dates)s, all free to ask for.", dates=dates)
    told = {"dates": dates, "free": free, "other": total - free}
    return _("%(dates)s, %(free)d free, %(other)d not: choose what you do with those.", **told)


def choice_words(kept: int, left_out: int, moved: int, undecided: int) -> str:
    """Je houdt 21 datums, slaat er 2 over en verzet er 1."""
    parts = [
        ngettext("you keep %(num)d date", "you keep %(num)d dates", kept),
        ngettext("you move %(num)d", "you move %(num)d", moved) if moved else "",
        ngettext("you leave out %(num)d", "you leave out %(num)d", left_out) if left_out else "",
        ngettext("%(num)d still to choose", "%(num)d still to choose", undecided) if undecided else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}."
