"""The lines that say who decides for a house, as its page shows them: in order, in words, and what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from zalenzoeker.domain.routing import Line
from zalenzoeker.storage import desks, houses, routing
from zalenzoeker.storage.models import RoutingLine, Venue
from zalenzoeker.storage.models.desks import CITY_DESK
from zalenzoeker.web.keeping import kept_house
from zalenzoeker.web.routing_words import conditions, is_code


@dataclass(frozen=True)
class Shown:
    """A line in words. ``is_own``: this house may change it; ``is_reached``: some request can still come to it."""

    id: int
    code: str
    said: str
    desk: str
    reason: str
    is_own: bool
    is_reached: bool
    is_demo: bool
    may_go_up: bool = False
    may_go_down: bool = False


@dataclass(frozen=True)
class Table:
    """The lines that speak of a house, with its rooms."""

    venue: Venue
    rows: Sequence[RoutingLine]
    rooms: Mapping[int, str]

    @property
    def own(self) -> list[RoutingLine]:
        return [row for row in self.rows if not routing.is_of_city(row)]

    @property
    def rest(self) -> RoutingLine | None:
        return routing.of_the_rest(self.rows)

    @property
    def version(self) -> str:
        return routing.version_of(self.rows)

    def one(self, code: str) -> RoutingLine | None:
        """A line that the house may change: one of its own, and not the one of the rest."""
        return next((row for row in self.own if row.code == code and row is not self.rest), None)

    def said(self, line: Line) -> str:
        return conditions(line, self.rooms)

    def words_of(self, row: RoutingLine) -> str:
        """The reason that the house typed itself, if it did."""
        return "" if is_code(row.reason) or row.reason == self.said(row.line) else row.reason


def table_of(slug: str) -> Table:
    """The lines of a house, for who keeps it; 404 for one that is not there, 403 for everybody else."""
    venue = kept_house(slug)
    return Table(venue, routing.lines_for(venue.id), {room.id: room.name for room in houses.rooms_of(venue.id)})


def shown(table: Table) -> list[Shown]:
    """Every line but the one of the rest, in the order in which they are read."""
    movable = table.own if table.rest is None else table.own[: table.own.index(table.rest)]
    is_reached, found = True, []
    for row in table.rows:
        if row is table.rest:
            is_reached = False
            continue
        place = movable.index(row) if row in movable else None
        found.append(
            Shown(
                id=row.id,
                code=row.code,
                said=table.said(row.line) or _("All requests"),
                desk=row.desk.name,
                reason=table.words_of(row),
                is_own=not routing.is_of_city(row),
                is_reached=is_reached,
                is_demo=row.is_demo,
                may_go_up=bool(place),
                may_go_down=place is not None and place < len(movable) - 1,
            )
        )
        # After a line of the whole city that takes everything, nothing comes to any other one either.
        is_reached = is_reached and not (routing.is_of_city(row) and not row.line.has_conditions)
    return found


@dataclass(frozen=True)
class Rest:
    """Who decides about what no line takes: by a line of the house, or the city desk where it has none."""

    desk: str
    reason: str
    id: int | None
    is_demo: bool


def rest_of(table: Table) -> Rest:
    """The last line of the page."""
    row = table.rest
    if row is None:
        found = desks.by_slug(CITY_DESK)
        return Rest(found.name if found else "", "", None, False)
    return Rest(row.desk.name, table.words_of(row), row.id, row.is_demo)
