"""Which desk decides for a house: its lines are added, changed, moved and removed by who keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.routing import Line, NotALine, check, is_reason
from zalenzoeker.services import changes
from zalenzoeker.services.houses import UnknownHouse, kept
from zalenzoeker.storage import desks, houses, routing
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Desk, RoutingLine, Venue

__all__ = ["LineExists", "NotALine", "NotThisDesk", "OtherLines", "RestStays", "UnknownHouse", "UnknownLine"]

USUAL_POSITION = 100


class UnknownLine(Exception):
    """The house has no such line, or has it no more."""


class NotThisDesk(Exception):
    """There is no such desk, or this house may not let it decide."""


class OtherLines(Exception):
    """Somebody changed the lines since they were looked at."""


class LineExists(Exception):
    """Another line has the same conditions, so that the second one would never be read."""


class RestStays(Exception):
    """The line for all the rest: it stays, at the end, and only the city says who decides there."""


@dataclass(frozen=True)
class WantedLine:
    """A line as somebody wants it; what is None or empty fits everything. ``desk`` and ``room``: their slugs.

    ``reason``: the words that are kept on each request that goes by this line.
    """

    desk: str
    reason: str
    room: str = ""
    weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    to_time: time | None = None
    requester_kind: RequesterKind | None = None
    activity_kind: ActivityKind | None = None
    on_holidays: bool | None = None

    def line(self, *, desk_id: int, room_id: int | None, venue_id: int | None = None) -> Line:
        """The same, by the ids of what its slugs name."""
        return Line(
            desk_id=desk_id,
            reason=self.reason,
            venue_id=venue_id,
            room_id=room_id,
            weekdays=self.weekdays,
            from_time=self.from_time,
            to_time=self.to_time,
            requester_kind=self.requester_kind,
            activity_kind=self.activity_kind,
            on_holidays=self.on_holidays,
        )


def add(venue_slug: str, wanted: WantedLine, *, by: Actor, version: str, now: datetime) -> str:
    """A new line before the one for the rest; returns its code. A second time gives the line that is there.

    It counts for what is asked from now on: no request that waits changes desk. ``version``: of the lines that were
    looked at. Raises UnknownHouse, NotAllowed, NotALine, NotThisDesk, LineExists, OtherLines.
    """
    with write_unit():
        venue, rows = _opened(venue_slug, by)
        line = _line(venue, wanted, by, rows)
        same = _same(rows, line)
        if same is not None and (same.desk_id, same.reason) == (line.desk_id, line.reason):
            return same.code
        _check(rows, version, same)
        row = RoutingLine(venue_id=venue.id, is_demo=houses.is_of_demonstration(venue.id))
        _fill(row, line)
        rest = routing.of_the_rest(rows)
        at = rows.index(rest) if rest else len(rows)
        row.position = rest.position if rest else _after(rows)
        ordered = [*rows[:at], row, *rows[at:]]
        _set_in_order(ordered, _positions(ordered))
        db.session.add(row)
        db.session.flush()
        changes.log(venue, Subject.ROUTING, None, _told(venue, row), by=by, now=now)
        return row.code


def change(venue_slug: str, code: str, wanted: WantedLine, *, by: Actor, version: str, now: datetime) -> None:
    """Another desk, other conditions or another reason; the line keeps its place. A second time changes nothing.

    Raises what ``add`` does, UnknownLine, and RestStays for the line that takes the rest.
    """
    with write_unit():
        venue, rows = _opened(venue_slug, by)
        row = _one(rows, code)
        line = replace(_line(venue, wanted, by, rows), id=row.id)
        if line == row.line:
            return
        _check(rows, version, _same([one for one in rows if one is not row], line))
        _check_not_the_rest(rows, row)
        before = _told(venue, row)
        _fill(row, line)
        changes.log(venue, Subject.ROUTING, before, _told(venue, row), by=by, now=now)


def drop(venue_slug: str, code: str, *, by: Actor, version: str, now: datetime) -> None:
    """A line falls away; what went by it stays where it is.

    Raises UnknownHouse, UnknownLine, NotAllowed, OtherLines, RestStays.
    """
    with write_unit():
        venue, rows = _opened(venue_slug, by)
        row = _one(rows, code)
        _check(rows, version)
        _check_not_the_rest(rows, row)
        changes.log(venue, Subject.ROUTING, _told(venue, row), None, by=by, now=now)
        db.session.delete(row)


def move(venue_slug: str, code: str, *, is_up: bool, by: Actor, version: str, now: datetime) -> None:
    """A line changes places with the one before or after it; at the end of the row it stays where it is.

    Raises what ``drop`` does.
    """
    with write_unit():
        venue, rows = _opened(venue_slug, by)
        row = _one(rows, code)
        _check(rows, version)
        _check_not_the_rest(rows, row)
        at = rows.index(row)
        other = at - 1 if is_up else at + 1
        if not 0 <= other < len(rows):
            return
        _check_not_the_rest(rows, rows[other])
        former = _positions(rows)
        rows[at], rows[other] = rows[other], rows[at]
        _set_in_order(rows, former)
        moved = _told(venue, row)
        before, after = {**moved, "place": at + 1}, {**moved, "place": other + 1}
        changes.log(venue, Subject.ROUTING_ORDER, before, after, by=by, now=now)


def set_rest(venue_slug: str, desk_slug: str, reason: str, *, by: Actor, version: str, now: datetime) -> None:
    """Who decides about all that no other line takes; only the city says so.

    ``reason``: without any, the kind of the desk is kept. Raises UnknownHouse, NotAllowed, NotALine, NotThisDesk,
    OtherLines.
    """
    if not by.is_city:
        raise NotAllowed
    with write_unit():
        venue, rows = _opened(venue_slug, by)
        desk = _desk(venue, desk_slug, by, rows)
        words = reason.strip() or desk.kind.value
        if not is_reason(words):
            raise NotALine
        row = routing.of_the_rest(rows)
        if row is not None and (row.desk_id, row.reason) == (desk.id, words):
            return
        _check(rows, version)
        before = _told(venue, row) if row else None
        if row is None:
            row = RoutingLine(venue_id=venue.id, position=_after(rows), is_demo=desk.is_demo)
            db.session.add(row)
        row.desk_id, row.reason = desk.id, words
        changes.log(venue, Subject.ROUTING, before, _told(venue, row), by=by, now=now)


def _opened(venue_slug: str, by: Actor) -> tuple[Venue, list[RoutingLine]]:
    """The place and the lines that are its own, once nobody else changes them."""
    routing.lock(venue_slug)
    venue = kept(venue_slug, by)
    return venue, [row for row in routing.lines_for(venue.id) if not routing.is_of_city(row)]


def _told(venue: Venue, row: RoutingLine) -> dict[str, Any]:
    """A line as the log keeps it."""
    desk = desks.by_id(row.desk_id)
    room = houses.room_names(venue.id).get(row.room_id, "") if row.room_id else ""
    return changes.of_routing(row.line, desk.name if desk else "", room)


def _one(rows: Sequence[RoutingLine], code: str) -> RoutingLine:
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        raise UnknownLine
    return row


def _same(rows: Sequence[RoutingLine], line: Line) -> RoutingLine | None:
    return next((row for row in rows if row.line.conditions == line.conditions), None)


def _check(rows: Sequence[RoutingLine], version: str, same: RoutingLine | None = None) -> None:
    if same is not None:
        raise LineExists(same.code)
    if routing.version_of(rows) != version:
        raise OtherLines


def _check_not_the_rest(rows: Sequence[RoutingLine], row: RoutingLine) -> None:
    if row is routing.of_the_rest(rows):
        raise RestStays


def _line(venue: Venue, wanted: WantedLine, by: Actor, rows: Sequence[RoutingLine]) -> Line:
    room_id = houses.room_id(venue.id, wanted.room) if wanted.room else None
    if wanted.room and room_id is None:
        raise UnknownHouse
    return check(wanted.line(desk_id=_desk(venue, wanted.desk, by, rows).id, venue_id=venue.id, room_id=room_id))


def _desk(venue: Venue, slug: str, by: Actor, rows: Sequence[RoutingLine]) -> Desk:
    """A desk that may stand in these lines; one that stands in them already may stay."""
    allowed = [*(row.desk for row in rows), *routing.desks_for(venue.id, is_city=by.is_city)]
    desk = next((one for one in allowed if one.slug == slug), None)
    if desk is None:
        raise NotThisDesk(slug)
    return desk


def _fill(row: RoutingLine, line: Line) -> None:
    row.desk_id, row.reason, row.room_id, row.venue_id = line.desk_id, line.reason, line.room_id, line.venue_id
    row.weekdays, row.from_time, row.to_time = sorted(line.weekdays), line.from_time, line.to_time
    row.requester_kind, row.activity_kind, row.on_holidays = line.requester_kind, line.activity_kind, line.on_holidays


def _after(rows: Sequence[RoutingLine]) -> int:
    return max((row.position + 1 for row in rows), default=USUAL_POSITION)


def _positions(rows: Sequence[RoutingLine]) -> list[int]:
    return [row.position for row in rows]


def _set_in_order(rows: Sequence[RoutingLine], positions: Sequence[int]) -> None:
    """Give these rows these positions, made different where two were equal; the last one stays what it was.

    Lines of the whole city stand between them by their own positions, so that no more is moved than must be.
    """
    kept_positions = [*positions]
    for before, after in pairwise(range(len(kept_positions) - 1, -1, -1)):
        kept_positions[after] = min(kept_positions[after], kept_positions[before] - 1)
    for row, position in zip(rows, kept_positions, strict=True):
        row.position = position
