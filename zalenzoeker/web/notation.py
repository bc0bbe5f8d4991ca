"""How a moment in a room is written in addresses and forms: 2027-01-14T19:00/22:00@venue/room."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from flask import url_for

from zalenzoeker.domain.series import NotAPattern, Pattern, PatternKind
from zalenzoeker.domain.slots import STEP_MINUTES, NotASlot, Slot, Week
from zalenzoeker.services.wishes import WishedDate
from zalenzoeker.web.fields import FIRST_YEAR, LAST_YEAR

MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})/([0-9]{2}:[0-9]{2})(?:@([^@|,]{1,200}))?")
LONGEST_PATTERN = 2000
REPEATS = {
    "wekelijks": PatternKind.WEEKLY,
    "tweewekelijks": PatternKind.FORTNIGHTLY,
    "maandelijks": PatternKind.MONTHLY_NTH,
    "losse-datums": PatternKind.LOOSE,
}


def written(slot: Slot, room: str = "") -> str:
    """A moment as an address has it; ``room`` only where it is another than the one the address names."""
    said = f"{slot.starts:%Y-%m-%dT%H:%M}/{slot.ends:%H:%M}"
    return f"{said}@{room}" if room else said


def mark(one: WishedDate, home: str) -> str:
    """A date of a request, in an address that names the room ``home`` (venue/room)."""
    return written(one.slot, "" if one.room == home else one.room)


def moment(words: str, home: str) -> WishedDate | None:
    """What ``mark`` wrote, or None for anything else."""
    found = MOMENT.fullmatch(words)
    if not found:
        return None
    day, starts, ends, room = found.groups()
    try:
        on, starts_at, ends_at = date.fromisoformat(day), time.fromisoformat(starts), time.fromisoformat(ends)
        if not FIRST_YEAR <= on.year <= LAST_YEAR or (starts_at.minute | ends_at.minute) % STEP_MINUTES:
            return None
        return WishedDate(room or home, Slot.on(on, starts_at, ends_at))
    except (NotASlot, ValueError):
        return None


def pattern(words: str, dates: Sequence[WishedDate]) -> Pattern | None:
    """The pattern in a form, or one of loose days where it tells of other dates than these; None for one date."""
    days = {one.slot.day for one in dates}
    if len(days) < 2:
        return None
    try:
        told = Pattern.from_json(json.loads(words[:LONGEST_PATTERN]))
    except (ValueError, RecursionError):
        told = None
    if told and 2 * len(days & set(told.days())) > len(days):
        return told
    first = min(dates, key=lambda one: one.slot.from_epoch).slot
    try:
        return Pattern.on_days(days, first.starts.time(), first.ends.time())
    except (NotAPattern, NotASlot):
        return None


def dumped(one: Pattern | None) -> str:
    return json.dumps(one.as_json(), separators=(",", ":")) if one else ""


def moment_address(room: str, slot: Slot, **more: Any) -> str:
    """The form with this room (``venue/room``) and one moment filled in, as if it was typed."""
    form = _form_for(more)
    return url_for(form, zaal=room, dag=slot.day, **_hours(slot.starts.time(), slot.ends.time()), **more)


def _form_for(more: dict[str, Any]) -> str:
    """Which page has the form: the one at the desk where the address came from there (``balie``), else everybody's."""
    return "behalf.new" if more.pop("balie", None) else "asking.new"


def form_address(home: str, dates: Iterable[WishedDate], rule: Pattern | None = None, **more: Any) -> str:
    """The form for a room with these dates chosen, the ones left out included."""
    chosen = list(dates)
    return url_for(
        _form_for(more),
        zaal=home,
        datum=[mark(one, home) for one in chosen if not one.is_skipped],
        overslaan=[mark(one, home) for one in chosen if one.is_skipped],
        patroon=dumped(rule) or None,
        **more,
    )


def plan_address(home: str, dates: Sequence[WishedDate], rule: Pattern | None, **more: Any) -> str:
    """The planner with these dates as they were chosen there: kept, left out or moved."""
    if rule is None:
        first = next((one for one in dates if not one.is_skipped), None)
        told: dict[str, Any] = _hours(first.slot.starts.time(), first.slot.ends.time()) if first else {}
        return url_for("series.plan", zaal=home, dag=first.slot.day if first else None, **told, **more)
    own = {(one.slot.day, one.slot.starts.time(), one.slot.ends.time(), one.room): one for one in dates}
    at = {day: (day, rule.from_time, rule.to_time) for day in rule.days()}
    named = dict.fromkeys([home, *(one.room for one in dates)])
    houses = [room for room in named if room == home or any((*key, room) in own for key in at.values())]
    choices: dict[str, str] = {}
    moved_from = []
    for day, key in at.items():
        here = [found for room in houses if (found := own.pop((*key, room), None))]
        wanted = [one for one in here if not one.is_skipped]
        if not here:
            moved_from.append(day)
        elif not wanted:
            choices[f"keuze-{day}"] = "sla-over"
        elif len(wanted) < len(houses):
            choices[f"keuze-{day}"] = "deel"
    left = sorted((one for one in own.values() if not one.is_skipped), key=lambda one: one.slot.from_epoch)
    for day in moved_from:
        if not left:
            choices[f"keuze-{day}"] = "sla-over"
            continue
        nearest = min(left, key=lambda one: (Week.of(one.slot.day) != Week.of(day), abs((one.slot.day - day).days)))
        taken = [one for one in left if one.slot == nearest.slot]
        left = [one for one in left if one.slot != nearest.slot]
        is_elsewhere = nearest.room != home and len(taken) == 1
        choices[f"keuze-{day}"] = written(nearest.slot, nearest.room if is_elsewhere else "")
    extra = [mark(one, home) for one in left]
    return url_for("series.plan", zaal=home, ook=houses[1:], **_told(rule, extra), **choices, **more)


def _hours(starts: time, ends: time) -> dict[str, str]:
    return {"van": f"{starts:%H:%M}", "tot": f"{ends:%H:%M}"}


def _told(rule: Pattern, extra: Sequence[str]) -> dict[str, Any]:
    """The rule of a series as the planner's address has it."""
    hours = _hours(rule.from_time, rule.to_time)
    name = next(words for words, kind in REPEATS.items() if kind is rule.kind)
    if rule.kind is PatternKind.LOOSE:
        return {"herhaal": name, **hours, "datum": [*(str(day) for day in rule.days()), *extra]}
    end = {"tot-en-met": str(rule.until)} if rule.until else {"aantal": rule.count}
    return {"dag": str(rule.first), **hours, "herhaal": name, **end, "datum": list(extra)}
