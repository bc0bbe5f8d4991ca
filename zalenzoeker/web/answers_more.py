"""What each room answers about a whole day, about one of several days, and about a series."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from zalenzoeker.domain.day_search import RoomToday
from zalenzoeker.domain.search import CAN_BE_ASKED, Answer, Found, Group
from zalenzoeker.domain.series_search import Missed, Offer, Share
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.wallday import WallDay, wall_day
from zalenzoeker.web.answers import CLOSED, LOOK, Action, Line, Speaker, line, side_action
from zalenzoeker.web.dates import clock, day_long, day_plain
from zalenzoeker.web.refusals import sentence


def day_line(one: RoomToday, speaker: Speaker, wall: WallDay, bar: Markup | None) -> Line:
    """One room on one day, with its free stretches as ways into the form."""
    room = one.room
    look, symbol = LOOK[one.answer]
    words, notes = _day_words(one, speaker)
    if one.is_queued:
        notes.append(speaker.said("queued", lambda: _("For a part of this day somebody has asked. You can ask too.")))
    notes += speaker.notes(one.unknown, one.distance, room)
    if one.free:
        notes += speaker.who(room)
    return Line(
        room=speaker.room(room),
        look=look,
        symbol=symbol,
        words=words,
        action=side_action(one.group, room, speaker, wall.day),
        notes=notes,
        links=[(speaker.form(room, slot), speaker.said(("clock", id(slot)), _clock(slot))) for slot in one.free],
        bar=bar,
    )


def _clock(slot: Slot) -> Callable[[], str]:
    return lambda: f"{clock(slot.starts)}–{clock(slot.ends)}"


def _day_words(one: RoomToday, speaker: Speaker) -> tuple[str, list[str]]:
    room = one.room
    if one.answer is Answer.FREE:
        return speaker.said("free", lambda: _("Free to ask for")), []
    if one.answer is Answer.ASK_THE_HOUSE:
        return speaker.said("ask", lambda: _("Ask the house")), []
    if one.answer is Answer.TAKEN:
        return speaker.said("full", lambda: _("Taken all day")), []
    if one.answer is Answer.CLOSED:
        closed = next((what for what in one.obstacles if what.code in CLOSED), None)
        key = ("closed", id(room.rules), id(room.hours))
        return speaker.said(key, lambda: CLOSED[closed.code](closed.facts) if closed else _("Closed")), []
    if one.is_inaccessible:
        return speaker.said("inaccessible", lambda: _("Does not fit: not accessible with a wheelchair")), []
    if one.group is Group.UNFIT:
        return _("Does not fit: room for %(capacity)d", capacity=room.capacity or 0), []
    said = one.obstacles[0]
    rule = speaker.said((said.code, id(room.rules)), lambda: sentence(said, room=room.name))
    if one.group is Group.BY_EXCEPTION:
        return speaker.said("soon", lambda: _("Does not fit, unless by exception")), [rule]
    return speaker.said("unfit", lambda: _("Does not fit")), [rule]


def day_heads(*, has_people: bool) -> dict[Group, str]:
    """What the groups of a whole day are called."""
    return {
        Group.FITS: _("Something free, and large enough") if has_people else _("Something free on this day"),
        Group.PARTLY_KNOWN: _("Something free, but we do not know whether everything you need is there"),
        Group.SIZE_UNKNOWN: _("Something free, but we do not know the size of these rooms"),
        Group.BY_EXCEPTION: _("Short notice: only by exception"),
        Group.NOT_THEN: _("Nothing free on this day"),
        Group.UNFIT: _("Does not fit what you look for"),
        Group.ASK_THE_HOUSE: _("Not asked here: ask the house itself"),
    }


def days_line(by_day: Mapping[date, Found], speaker: Speaker) -> Line:
    """One room on the days that would do: the best answer, and a way into the form for each free day."""
    best_day = min(by_day, key=lambda day: (by_day[day].answer not in CAN_BE_ASKED, day))
    best = by_day[best_day]
    free = [(day, found) for day, found in sorted(by_day.items()) if found.answer in CAN_BE_ASKED and found.slot]
    said = line(best, speaker, wall_day(best_day))
    said.links = [(speaker.form(best.room, found.slot), day_long(day)) for day, found in free if found.slot]
    if free:
        said.link = None
        if said.action:
            said.action.words = _("Ask for %(day)s", day=day_plain(free[0][0]))
    if free and len(by_day) > 1:
        count = ngettext("On %(num)d of your days", "On %(num)d of your days", len(free))
        said.notes = [count, *said.notes]
    elif not free and best.answer in (Answer.TAKEN, Answer.CLOSED):
        said.notes = [_("And on none of your other days."), *said.notes]
    return said


def series_line(offer: Offer, speaker: Speaker, query: str) -> Line:
    """One room's answer to a series: its share, the dates it cannot give, and the way to ask for the series.

    ``query``: the pattern as the end of an address, beginning with an ampersand.
    """
    room = offer.room
    notes = [*_missed_words(offer, speaker), *speaker.notes(offer.unknown, offer.distance, room)]
    if offer.queued:
        notes.append(
            _("On %(days)s somebody has asked before you. You can ask too.", days=_days_said(offer.queued, speaker))
        )
    if offer.share in (Share.ALL, Share.SOME, Share.SIZE_UNKNOWN):
        notes += speaker.who(room)
        if too_long := offer.too_long:
            notes.append(speaker.said(("weekly", id(room.rules)), lambda: sentence(too_long, room=room.name)))
    look, symbol, words = _share_words(offer, speaker)
    return Line(
        room=speaker.room(room),
        look=look,
        symbol=symbol,
        words=words,
        action=_series_action(offer, speaker, query),
        notes=notes,
    )


def _share_words(offer: Offer, speaker: Speaker) -> tuple[str, str, str]:
    if offer.share is Share.ASK_THE_HOUSE:
        return (*LOOK[Answer.ASK_THE_HOUSE], speaker.said("ask", lambda: _("Ask the house")))
    if offer.share is Share.UNFIT:
        words = (
            _("Does not fit: not accessible with a wheelchair")
            if offer.is_inaccessible
            else _("Does not fit: room for %(capacity)d", capacity=offer.room.capacity or 0)
        )
        return (*LOOK[Answer.UNFIT], words)
    if offer.share is Share.NONE:
        answers = {one.answer for one in offer.missed}
        answer = answers.pop() if len(answers) == 1 else Answer.TAKEN
        words = {
            Answer.CLOSED: lambda: _("Closed on all dates"),
            Answer.UNFIT: lambda: _("Does not fit"),
        }.get(answer, lambda: _("Taken or closed on all dates"))
        return (*LOOK[answer], speaker.said(("none", answer), words))
    state = Answer.REQUESTED if len(offer.queued) == offer.given else Answer.FREE
    look, symbol = LOOK[state]
    if not offer.missed:
        return look, symbol, _("Free to ask for: all %(total)d dates", total=offer.total)
    return look, symbol, _("Free to ask for: %(given)d of %(total)d dates", given=offer.given, total=offer.total)


def _missed_words(offer: Offer, speaker: Speaker) -> list[str]:
    """The dates that cannot be, together where the reason is the same."""
    if offer.share in (Share.NONE, Share.UNFIT, Share.ASK_THE_HOUSE):
        return []
    by_reason: dict[str, list[date]] = {}
    for one in offer.missed:
        by_reason.setdefault(_reason(one), []).append(one.day)
    return [
        speaker.said(("reason", reason), REASONS.get(reason, _by_rule)) % {"days": _days_said(days, speaker)}
        for reason, days in by_reason.items()
    ]


def _reason(one: Missed) -> str:
    """What stands in the way of a date, by the name of its words in REASONS."""
    if one.answer is Answer.CLOSED:
        return "closed"
    return one.held[2] if one.held else str(one.code)


def _by_rule() -> str:
    return _("Against the rules of the house on %(days)s")


REASONS: dict[str, Callable[[], str]] = {
    "booking": lambda: _("Taken on %(days)s"),
    "request": lambda: _("Already asked for on %(days)s"),
    "own_programme": lambda: _("Own programme on %(days)s"),
    "diary": lambda: _("Taken (diary of the house) on %(days)s"),
    "closed": lambda: _("Closed on %(days)s"),
    "too_soon": lambda: _("Short notice on %(days)s"),
    "too_far": lambda: _("Too far ahead to ask now: %(days)s"),
    "too_short": lambda: _("Too short on %(days)s"),
    "too_long": lambda: _("Too long on %(days)s"),
    "ends_too_late": lambda: _("Ends too late on %(days)s"),
    "in_the_past": lambda: _("Past on %(days)s"),
}


def _days_said(days: Sequence[date], speaker: Speaker) -> str:
    """14, 21 en 28 januari, 4 februari"""
    months = []
    for (year, month), of_month in groupby(days, key=lambda day: (day.year, day.month)):
        numbers = [str(day.day) for day in of_month]
        name = speaker.said(("month", month), lambda month=month, year=year: format_date(date(year, month, 1), "MMMM"))
        months.append(f"{speaker.listed(numbers)} {name}")
    return ", ".join(months)


def _series_action(offer: Offer, speaker: Speaker, query: str) -> Action | None:
    if offer.share in (Share.ASK_THE_HOUSE, Share.UNFIT, Share.NONE) or not offer.first:
        return None
    times = f"&van={offer.first.starts:%H:%M}&tot={offer.first.ends:%H:%M}"
    words = speaker.said("series", lambda: _("Ask for this series"))
    page = speaker.said("series page", lambda: url_for("series.plan"))
    return Action(f"{page}?zaal={offer.room.code}{query}{times}", words, is_main=True)


def series_heads() -> dict[Share, str]:
    """What the groups of a series are called."""
    return {
        Share.ALL: _("Free on every date"),
        Share.SOME: _("Free on most or some dates"),
        Share.SIZE_UNKNOWN: _("We do not know the size of these rooms"),
        Share.NONE: _("Not possible on any date"),
        Share.UNFIT: _("Does not fit what you look for"),
        Share.ASK_THE_HOUSE: _("Not asked here: ask the house itself"),
    }
