"""Where the pins of places stand on the sketch: exact points where they are, all others in rows under the name."""

from collections.abc import Iterable, Sequence
from math import hypot
from typing import NamedTuple, Protocol

from zalenzoeker.gateways.plane import is_inside, middle
from zalenzoeker.gateways.schematic import LINE_HEIGHT, PIN_STEP, Area, Cell, Schematic, frame_of, moved

PIN_ROOM = 12.0


class Place(Protocol):
    """A meeting place, of which only an exact point may be drawn where it is."""

    @property
    def slug(self) -> str: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def lon(self) -> float | None: ...
    @property
    def has_exact_point(self) -> bool: ...
    @property
    def neighbourhood(self) -> Area: ...


class Pin(NamedTuple):
    """Where a place stands on the sketch; not exact: somewhere in its neighbourhood."""

    x: float
    y: float
    is_exact: bool


def stand(schematic: Schematic, places: Iterable[Place]) -> dict[str, Pin]:
    """Where each place stands on the sketch, by slug.

    An exact point stands where it is, as far as the sketch goes; all others stand in rows under the name of their
    neighbourhood, clear of the exact ones. A place in a neighbourhood that the sketch does not know is left out.
    """
    cells = {cell["slug"]: cell for cell in schematic["cells"]}
    by_cell: dict[str, list[Place]] = {}
    for place in places:
        if place.neighbourhood.slug in cells:
            by_cell.setdefault(place.neighbourhood.slug, []).append(place)
    found: dict[str, Pin] = {}
    for slug, those in by_cell.items():
        found |= _pins_of_cell(schematic, cells[slug], those)
    return found


def _pins_of_cell(schematic: Schematic, cell: Cell, places: Sequence[Place]) -> dict[str, Pin]:
    found: dict[str, Pin] = {}
    for place in sorted(places, key=lambda one: not one.has_exact_point):
        if place.has_exact_point:
            point = _clear(_exact_point(schematic, place), cell, [complex(pin.x, pin.y) for pin in found.values()])
            found[place.slug] = Pin(round(point.real), round(point.imag), is_exact=True)
    others = [place for place in places if not place.has_exact_point]
    spots = _spots(cell, len(others), [*found.values()])
    return found | {place.slug: Pin(x, y, is_exact=False) for place, (x, y) in zip(others, spots, strict=True)}


def _exact_point(schematic: Schematic, place: Place) -> complex:
    assert place.lat is not None
    assert place.lon is not None
    return moved(frame_of(schematic).project(place.lat, place.lon), schematic["moves"])


def _clear(point: complex, cell: Cell, others: Sequence[complex]) -> complex:
    """The point, moved just as far as it must to stay in its cell, off the name, and apart from other exact ones."""
    outline = [complex(x, y) for x, y in cell["outline"]]
    centre = middle(outline)
    top = cell["y"] - LINE_HEIGHT - PIN_STEP / 2
    bottom = cell["y"] + (len(cell["lines"]) - 1) * LINE_HEIGHT + PIN_STEP / 2
    half = max(len(line) for line in cell["lines"]) * 4.2 + PIN_STEP / 3
    for _ in range(30):
        if not is_inside(outline, point, PIN_ROOM):
            point += (centre - point) * 0.12
        if abs(point.real - cell["x"]) < half and top < point.imag < bottom:
            point = complex(point.real, top if point.imag - top < (bottom - top) / 4 else bottom)
        for other in others:
            if abs(point - other) < PIN_STEP:
                away = point - other or 1
                point = other + away / abs(away) * PIN_STEP
    return point


def _spots(cell: Cell, count: int, taken: Sequence[Pin]) -> list[tuple[float, float]]:
    """So many spots in the rows of a cell: as few rows as will do, each row in the middle, clear of what is taken."""
    free = [_free_in_row(row, taken) for row in cell["rows"]]
    used = 1
    while used < len(free) and sum(len(row) for row in free[:used]) < count:
        used += 1
    spots: list[tuple[float, float]] = []
    for number, row in enumerate(free[:used]):
        here = -(-(count - len(spots)) // (used - number))
        if not taken:
            y, along, _ = cell["rows"][number]
            spots += [(round(along + (place - (here - 1) / 2) * PIN_STEP), round(y)) for place in range(here)]
        else:
            spots += sorted(sorted(row, key=lambda one: abs(one[0] - cell["x"]))[:here])
    y, along, _ = cell["rows"][-1]
    extra = count - len(spots)
    return spots + [(round(along + place * PIN_STEP), round(y + PIN_STEP)) for place in range(extra)]


def _free_in_row(row: Sequence[float], taken: Sequence[Pin]) -> list[tuple[float, float]]:
    y, along, fits = row
    spots = [(round(along + (place - (fits - 1) / 2) * PIN_STEP), round(y)) for place in range(int(fits))]
    return [(x, y) for x, y in spots if all(hypot(pin.x - x, pin.y - y) > PIN_STEP * 0.85 for pin in taken)]
