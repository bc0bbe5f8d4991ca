"""The dates of a diary, written out one by one with the calendar libraries."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from zalenzoeker.domain.diaries import MOST_DATES_OF_A_RULE, MOST_TIMES, Reading, Skipped, Stretch, Trouble, joined
from zalenzoeker.domain.slots import BRUSSELS
from zalenzoeker.gateways import diary_lines
from zalenzoeker.gateways.diary_lines import Dated, Unfit

HEAD, TAIL = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//diary//\r\n", "END:VCALENDAR\r\n"


def read(raw: bytes, first: int, last: int) -> Reading:
    """What a calendar file says of the time between two moments (epoch seconds). Raises Unfit."""
    skipped: Counter[Skipped] = Counter()
    times: list[Stretch] = []
    for group in _groups(diary_lines.read(raw), skipped):
        try:
            found = _stretches(group, first, last, skipped)
        except (ValueError, TypeError, OverflowError, ArithmeticError, LookupError, AttributeError):
            # The libraries have many words for what they cannot read; one such event stops none of the others.
            skipped[Skipped.UNREADABLE] += len(group)
            continue
        times += found
    together = joined(times, first, last)
    if len(together) > MOST_TIMES:
        raise Unfit(Trouble.TOO_MANY)
    return Reading(together, len(times), dict(skipped))


def _groups(events: list[Dated], skipped: Counter[Skipped]) -> Iterator[list[Dated]]:
    """Each event with the dates of it that were changed one by one."""
    overrides: dict[str, list[Dated]] = {}
    whole = []
    for event in events:
        if event.has_strange_zone:
            skipped[Skipped.ZONE] += 1
        if event.trouble is not None:
            skipped[event.trouble] += 1
        elif event.is_override:
            overrides.setdefault(event.uid, []).append(event)
        else:
            whole.append(event)
    for event in whole:
        # Some programs give two events one name: each is read, and what was changed belongs to the first that repeats.
        changed = overrides.pop(event.uid, []) if event.repeats else []
        yield [event, *changed]
    for left in overrides.values():
        # Invited to one date of somebody else's series: the rest of it is not in this file.
        for event in left:
            event.lines.pop("RECURRENCE-ID")
            yield [event]


def _stretches(group: list[Dated], first: int, last: int, skipped: Counter[Skipped]) -> list[Stretch]:
    text = "".join([HEAD, *(f"{one.text}" for one in _named(group)), TAIL])
    calendar = Calendar.from_ical(text)
    events = calendar.events
    if any(event.errors for event in events):
        raise ValueError
    why = [_takes_nothing(event) for event in events]
    skipped.update(one for one in why if one is not None)
    if len(events) == 1 and why[0] is not None:
        return []
    if not group[0].repeats:
        dates = events
    else:
        dates = recurring_ical_events.of(calendar).between(_moment(first), _moment(last))
        dates.sort(key=lambda one: _seconds(one.start, is_end=False))
        if len(dates) > MOST_DATES_OF_A_RULE:
            del dates[MOST_DATES_OF_A_RULE:]
            skipped[Skipped.CUT_OFF] += 1
    return _within([_of(event) for event in dates if _takes_nothing(event) is None], first, last, skipped)


def _named(group: list[Dated]) -> list[Dated]:
    """The libraries know events by their name: within a group all have the same, and nobody else's."""
    for one in group:
        one.lines["UID"] = ["UID:1"]
    return group


def _takes_nothing(event: Event) -> Skipped | None:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return Skipped.CANCELLED
    return Skipped.FREE if str(event.get("TRANSP", "")).upper() == "TRANSPARENT" else None


def _of(event: Event) -> Stretch:
    return _seconds(event.start, is_end=False), _seconds(event.end, is_end=True)


def _within(found: list[Stretch], first: int, last: int, skipped: Counter[Skipped]) -> list[Stretch]:
    there = [(starts, ends) for starts, ends in found if starts < ends]
    near = [(starts, ends) for starts, ends in there if starts < last and first < ends]
    if len(there) < len(found):
        skipped[Skipped.NO_LENGTH] += 1
    elif not near:
        skipped[Skipped.OTHER_DAYS] += 1
    return near


def _seconds(moment: date, *, is_end: bool) -> int:
    """Epoch seconds of a day, a time without zone (Ghent's) or a moment.

    In the doubled hour a start is the first of the two and an end the last, so that the room is never called free while
    it may not be; a time in the missing hour is as late after it as it says.
    """
    local = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(BRUSSELS))
    return int(local.replace(fold=int(is_end)).timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
