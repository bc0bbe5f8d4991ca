"""What a page shows of a request: where each of its dates stands in words, month by month."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.requests import IS_ALIVE, Status
from zalenzoeker.domain.series import NotAPattern, Pattern, renewal_due
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage.models import Event, Occurrence, Request
from zalenzoeker.web.dates import day_plain, day_short, format_list, hours, when
from zalenzoeker.web.patterns import pattern_words
from zalenzoeker.web.wording import DATE_STATUS, STATUS_LOOK

# So many dates can be read without being put into months, and so many be named in a sentence.
MOST_IN_ONE_LIST = 8
MOST_NAMED = 4
PAST = "past"
MOVING = "moving"
# What most dates of a series are once all is said; a month that holds something else stands open.
ORDINARY = frozenset({Status.APPROVED.value, Status.REQUESTED.value, Status.UNPROVED.value, PAST})


@dataclass(frozen=True)
class DateLine:
    """One date: its day and hours in words, where it stands, and where one goes to change it (may be empty)."""

    day: date
    day_words: str
    where: str
    state: str
    words: str
    look: str
    notes: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True)
class Month:
    """The dates of a month, with how many stand where; without a title they stand in one list."""

    title: str
    lines: tuple[DateLine, ...]
    words: str = ""
    is_open: bool = True


def public_events(request: Request) -> list[Event]:
    """What happened, without what is for the desk alone; the earliest first."""
    return [event for event in request.events if not event.is_internal]


def dates_to_show(request: Request) -> list[Occurrence]:
    """Every date of a request, left out or not, without the new moments that are only asked; the earliest first."""
    return sorted(
        (one for one in request.occurrences if one.replaces_id is None), key=lambda one: (one.from_epoch, one.room_id)
    )


def asked_moments(request: Request) -> dict[int, Occurrence]:
    """The new moments that wait for a desk's yes, by the id of the date that they would replace."""
    return {
        one.replaces_id: one
        for one in request.occurrences
        if one.replaces_id is not None and one.status is Status.REQUESTED
    }


def proposed_moments(request: Request) -> dict[int, Occurrence]:
    """What the desk proposes and waits for the asker's answer, by the id of the date that it would replace."""
    return {
        one.replaces_id: one
        for one in request.occurrences
        if one.replaces_id is not None and one.status is Status.PROPOSED
    }


@dataclass(frozen=True)
class WaitingChange:
    """Another moment that waits for a yes: the date it is for, and both moments in words."""

    uid: str
    old: str
    new: str


def waiting_changes(request: Request) -> list[WaitingChange]:
    """Every other moment that waits for a yes, the earliest date first; they were asked together, or one by one."""
    new = asked_moments(request)
    return [
        WaitingChange(one.uid, _capital(when(one.slot)), _with_room(when(new[one.id].slot), one, new[one.id]))
        for one in dates_to_show(request)
        if one.id in new
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def nearest(request: Request, now: datetime) -> Occurrence:
    """The date a list names: the next one that still counts; else the last one that did."""
    dates = dates_to_show(request)
    alive = [one for one in dates if one.status in IS_ALIVE]
    to_come = [one for one in alive if not is_over(one.slot.ends_at, now)]
    left = [one for one in dates if one.status is not Status.SKIPPED]
    return next(iter(to_come), (alive or left or dates)[-1])


def pattern_of(request: Request) -> Pattern | None:
    """The rule the dates were written out from, where there was one."""
    try:
        return Pattern.from_json(request.pattern) if request.pattern else None
    except NotAPattern:
        return None


def pattern_said(request: Request) -> str:
    """The pattern of a series in one sentence; empty for what has none."""
    pattern = pattern_of(request)
    return pattern_words(pattern) if pattern else ""


def series_said(request: Request, *, is_whole: bool = True) -> str:
    """What a list says of a series: how many dates, and their pattern; empty for a request of one date.

    ``is_whole`` False: only some of its dates were looked up, so that they are not counted.
    """
    pattern = pattern_said(request)
    if not is_whole:
        return _("Series: %(pattern)s", pattern=pattern) if pattern else ""
    if len(request.dates) < 2:
        return ""
    count = _("Series of %(count)s dates", count=len(request.dates))
    return f"{count}: {pattern}" if pattern else count


def goes_on(request: Request, now: datetime) -> bool:
    """Is it time to ask whether this weekly use goes on?"""
    pattern = pattern_of(request)
    kept = [one.slot.day for one in dates_to_show(request) if one.status is Status.APPROVED]
    return bool(pattern and pattern.is_renewed and kept and renewal_due(max(kept), to_local(now).date()))


def lines(
    request: Request,
    now: datetime,
    *,
    href: Callable[[Occurrence], str] | None = None,
    notes: Mapping[int, Sequence[str]] | None = None,
) -> list[DateLine]:
    """Every date in words. ``notes``: what else to say of a date, by its id; ``href``: where a date leads."""
    dates, new, proposed = dates_to_show(request), asked_moments(request), proposed_moments(request)
    rooms = {one.room_id for one in dates}
    usual = Counter((one.starts.time(), one.ends.time()) for one in dates).most_common(1)[0][0] if dates else None
    is_told = request.pattern is not None
    found = []
    for one in dates:
        is_usual = is_told and (one.starts.time(), one.ends.time()) == usual
        where = [*([] if is_usual else [hours(one.slot)]), *([one.room.name] if len(rooms) > 1 else [])]
        state, words, look = _state(proposed.get(one.id, one), new.get(one.id), now)
        said = [
            *(_asked(one, new[one.id]) if one.id in new else []),
            *(_proposed(one, proposed[one.id]) if one.id in proposed else []),
            *(notes or {}).get(one.id, []),
        ]
        lead = href(one) if href else ""
        found.append(DateLine(one.slot.day, "", ", ".join(where), state, words, look, tuple(said), lead))
    return found


def _state(one: Occurrence, new: Occurrence | None, now: datetime) -> tuple[str, str, str]:
    if one.status in IS_ALIVE and is_over(one.slot.ends_at, now):
        return PAST, _("Past"), ""
    if new is not None:
        return MOVING, _("New time waits for a yes"), "wait"
    return one.status.value, str(DATE_STATUS[one.status]), STATUS_LOOK[one.status]


def _asked(old: Occurrence, new: Occurrence) -> list[str]:
    """The new moment that is asked, with its room when that is another."""
    moment = f"{day_short(new.slot.day)}, {hours(new.slot)}"
    return [_("Asked: %(moment)s", moment=_with_room(moment, old, new))]


def _proposed(old: Occurrence, new: Occurrence) -> list[str]:
    """What the house proposes instead, with its room when that is another."""
    moment = f"{day_short(new.slot.day)}, {hours(new.slot)}"
    return [_("Proposed: %(moment)s", moment=_with_room(moment, old, new))]


def _with_room(moment: str, old: Occurrence, new: Occurrence) -> str:
    if new.room_id == old.room_id:
        return moment
    return _("%(moment)s in %(room)s", moment=moment, room=new.room.name)


def months(found: Sequence[DateLine]) -> list[Month]:
    """The lines month by month; a month in which nothing stands out is folded, but for the first to come."""
    if len(found) <= MOST_IN_ONE_LIST:
        return [Month("", tuple(_named(one, day_short(one.day)) for one in found))] if found else []
    first_to_come = next((one.day.replace(day=1) for one in found if one.state != PAST), None)
    grouped = []
    for month, of_month in groupby(found, key=lambda one: one.day.replace(day=1)):
        named = tuple(_named(one, _day_of_month(one.day)) for one in of_month)
        stands_out = any(one.state not in ORDINARY or one.notes for one in named)
        title = format_date(month, "MMMM y")
        grouped.append(Month(title, named, counted(named), stands_out or month == first_to_come))
    return grouped


def _named(one: DateLine, words: str) -> DateLine:
    return DateLine(one.day, words, one.where, one.state, one.words, one.look, one.notes, one.href)


def _day_of_month(day: date) -> str:
    """do 7 januari"""
    return format_date(day, "EEE d MMMM").replace(".", "")


def counted(found: Iterable[DateLine]) -> str:
    """22 bevestigd, 3 overgeslagen"""
    return ", ".join(words for _look, words in counts(found))


def counts(found: Iterable[DateLine]) -> list[tuple[str, str]]:
    """How many dates stand where, in words with their look, most first."""
    by_state = Counter((one.state, one.look) for one in found)
    return [(look, _count(state, number)) for (state, look), number in by_state.most_common()]


def _count(state: str, number: int) -> str:
    if state == PAST:
        return ngettext("%(num)d past", "%(num)d past", number)
    if state == MOVING:
        return ngettext("%(num)d new time waits for a yes", "%(num)d new times wait for a yes", number)
    return {
        Status.UNPROVED: lambda: ngettext("%(num)d waits for the code", "%(num)d wait for the code", number),
        Status.LAPSED: lambda: ngettext("%(num)d not completed", "%(num)d not completed", number),
        Status.REQUESTED: lambda: ngettext("%(num)d waits for an answer", "%(num)d wait for an answer", number),
        Status.APPROVED: lambda: ngettext("%(num)d confirmed", "%(num)d confirmed", number),
        Status.REFUSED: lambda: ngettext("%(num)d refused", "%(num)d refused", number),
        Status.WITHDRAWN: lambda: ngettext("%(num)d let go", "%(num)d let go", number),
        Status.CANCELLED: lambda: ngettext("%(num)d cancelled", "%(num)d cancelled", number),
        Status.EXPIRED: lambda: ngettext("%(num)d without an answer", "%(num)d without an answer", number),
        Status.SKIPPED: lambda: ngettext("%(num)d skipped", "%(num)d skipped", number),
        Status.WAITING: lambda: ngettext("%(num)d on the waiting list", "%(num)d on the waiting list", number),
        Status.OFFERED: lambda: ngettext("%(num)d offered", "%(num)d offered", number),
        Status.PROPOSED: lambda: ngettext("%(num)d proposal", "%(num)d proposals", number),
    }[Status(state)]()


def days_named(days: Sequence[date]) -> str:
    """7 januari, 4 februari en 1 april 2027; more than a few are counted, from the first to the last."""
    ordered = sorted(set(days))
    if not ordered:
        return ""
    if len(ordered) > MOST_NAMED:
        return _(
            "%(count)s dates, from %(first)s to %(last)s",
            count=len(ordered),
            first=format_date(ordered[0], "d MMMM y"),
            last=format_date(ordered[-1], "d MMMM y"),
        )
    *others, last = ordered
    named = [day_plain(day) if day.year == last.year else format_date(day, "d MMMM y") for day in others]
    return format_list([*named, format_date(last, "d MMMM y")])
