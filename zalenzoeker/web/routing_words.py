"""A line of the routing table as one sentence: on which days and hours, for what, asked by whom."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.requests import Action, ActivityKind
from zalenzoeker.domain.routing import MIDNIGHT, Line
from zalenzoeker.domain.slots import DAY
from zalenzoeker.storage.models import Request
from zalenzoeker.web.dates import WEEKDAYS, clock, format_list, minute_clock
from zalenzoeker.web.wording import DESK_KIND, REQUESTERS, Words

# After these, another desk decides than at first.
MOVES_ON = frozenset({Action.FORWARD, Action.ADVISE})
# From so many weekdays in a row, the first and the last are enough.
A_ROW = 3
FOR_ACTIVITY: Words = {
    ActivityKind.MEETING: _l("for a meeting"),
    ActivityKind.COURSE: _l("for a course, lesson or workshop"),
    ActivityKind.REHEARSAL: _l("for a rehearsal"),
    ActivityKind.NEIGHBOURHOOD: _l("for an activity for the neighbourhood"),
    ActivityKind.PARTY: _l("for a party"),
    ActivityKind.PERFORMANCE: _l("for a performance, exhibition or talk"),
    ActivityKind.SPORT: _l("for sport and movement"),
    ActivityKind.WORSHIP: _l("for a religious service"),
    ActivityKind.PARTY_POLITICS: _l("for an activity of a political party"),
    ActivityKind.SALE: _l("for a sale"),
    ActivityKind.OTHER: _l("for something else"),
}


def conditions(line: Line, rooms: Mapping[int, str]) -> str:
    """Zaterdag van 18.00 tot 24.00 uur, voor een feest; empty for a line that fits all of its place.

    ``rooms``: the names of the rooms of the place by their id.
    """
    parts = [" ".join(one for one in (_days(line), _hours(line)) if one)]
    if line.on_holidays is not None:
        parts.append(_("on a public holiday") if line.on_holidays else _("not on a public holiday"))
    if line.activity_kind:
        parts.append(str(FOR_ACTIVITY[line.activity_kind]))
    if line.requester_kind:
        parts.append(_("asked by %(who)s", who=REQUESTERS[line.requester_kind]))
    if line.room_id is not None:
        parts.append(_("in the room %(room)s", room=rooms.get(line.room_id, "?")))
    said = ", ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def _days(line: Line) -> str:
    """zaterdag en zondag; maandag tot en met vrijdag"""
    days = sorted(line.weekdays)
    if len(days) >= A_ROW and days[-1] - days[0] == len(days) - 1:
        first, last = str(WEEKDAYS[days[0]]).lower(), str(WEEKDAYS[days[-1]]).lower()
        return _("%(first)s to %(last)s included", first=first, last=last)
    return format_list([str(WEEKDAYS[day]).lower() for day in days])


def _hours(line: Line) -> str:
    """van 18.00 tot 24.00 uur"""
    if line.from_time is None and line.to_time is None:
        return ""
    starts, ends = line.from_time or MIDNIGHT, line.to_time or MIDNIGHT
    if ends == MIDNIGHT:
        return _("from %(starts)s to %(ends)s h", starts=clock(starts), ends=minute_clock(DAY))
    if ends <= starts:
        return _("from %(starts)s to %(ends)s h at night", starts=clock(starts), ends=clock(ends))
    return _("from %(starts)s to %(ends)s h", starts=clock(starts), ends=clock(ends))


def reason_said(reason: str) -> str:
    """The words that are kept with a route; the known reasons are codes, others stand as a house wrote them."""
    return str({str(kind): words for kind, words in DESK_KIND.items()}.get(reason, reason))


def is_code(reason: str) -> bool:
    return reason in set(DESK_KIND)


def route_reason(request: Request) -> str:
    """Why that desk, as the line of the routing table says it; the known reasons are codes, others stand as written."""
    return reason_said(request.route_reason)


def who_decides(request: Request, *, at_first: bool = False) -> str:
    """Which desk has it, and why that one; ``at_first``: before it was forwarded."""
    if request.desk is None:
        return ""
    place = request.first.room.venue.name
    desk, reason, who = request.desk.name, request.route_reason, route_reason(request) or request.desk.name
    if forwarded := [event.facts for event in request.events if event.action in MOVES_ON] if at_first else []:
        # Where there are two desks, each goes by its name.
        desk = who = forwarded[0].get("former", "")
        reason = forwarded[0].get("reason", "")
    if reason and not is_code(reason):
        return _("%(place)s: the decision is with %(who)s. Why: %(why)s", place=place, who=desk, why=reason)
    return _("%(place)s: the decision is with %(who)s.", place=place, who=who)
