"""Which desk decides: a table read from top to bottom, the first line that fits, with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.slots import Slot


@dataclass(frozen=True)
class Asked:
    """What a route depends on."""

    venue_id: int
    room_id: int
    slot: Slot
    requester_kind: RequesterKind


@dataclass(frozen=True)
class Line:
    """One line of the routing table; a field that is None or empty fits everything.

    ``weekdays``: 0 is Monday. ``from_time`` and ``to_time``: the start of the asked slot lies in [from, to).
    """

    desk_id: int
    reason: str
    venue_id: int | None = None
    room_id: int | None = None
    weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    to_time: time | None = None
    requester_kind: RequesterKind | None = None

    def fits(self, asked: Asked) -> bool:
        starts = asked.slot.starts
        return (
            self.venue_id in (None, asked.venue_id)
            and self.room_id in (None, asked.room_id)
            and (not self.weekdays or starts.weekday() in self.weekdays)
            and (self.from_time is None or self.from_time <= starts.time())
            and (self.to_time is None or starts.time() < self.to_time)
            and self.requester_kind in (None, asked.requester_kind)
        )


@dataclass(frozen=True)
class Route:
    """The desk that decides and the sentence that says why."""

    desk_id: int
    reason: str


def route(asked: Asked, lines: Iterable[Line], fallback: Route) -> Route:
    """The first line that fits; the city desk's ``fallback`` when none does, so that no request is without a desk."""
    for line in lines:
        if line.fits(asked):
            return Route(line.desk_id, line.reason)
    return fallback
