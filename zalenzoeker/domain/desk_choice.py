"""Which desks of community workers lie near a house, so that it may let them decide some of its requests."""

from collections.abc import Collection
from dataclasses import dataclass

from zalenzoeker.domain.city import Point
from zalenzoeker.domain.wanted import kilometres


@dataclass(frozen=True)
class Seat:
    """A place that a desk decides for as a rule, which is where that desk works."""

    desk_id: int
    neighbourhood_id: int
    point: Point


def nearby(neighbourhood_id: int, point: Point, seats: Collection[Seat]) -> set[int]:
    """The ids of the desks in this neighbourhood; where there is none, of those at the nearest place."""
    here = {seat.desk_id for seat in seats if seat.neighbourhood_id == neighbourhood_id}
    if here or not seats:
        return here
    nearest = min(kilometres(point, seat.point) for seat in seats)
    return {seat.desk_id for seat in seats if kilometres(point, seat.point) == nearest}
