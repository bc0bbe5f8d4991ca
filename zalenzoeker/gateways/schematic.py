"""The sketch of the city: soft cells around the neighbourhoods' centres, watercourses, and a place for every pin."""

# The sketch is not a street plan. Where neighbourhoods lie close together they are moved apart until their names fit;
# water and exact points move along with them. It is drawn in Web Mercator, so that it can lie in a web map at `bounds`.

import json
from collections.abc import Iterable, Sequence
from math import hypot
from pathlib import Path
from typing import NamedTuple, Protocol, TypedDict

from zalenzoeker.gateways.plane import Frame, cells, hull, is_inside, mercator, middle, rounded, width_at, xy
from zalenzoeker.gateways.waters import CANALS, WATERS

WIDTH = 760.0
MARGIN = 74.0
GAP = 7.0
LOBE = 118.0
LINE_HEIGHT = 17.0
PIN_STEP = 30.0
PIN_ROOM = 12.0
FARTHEST = 150.0
ROUNDS = 14
SHORT = 13
LETTER = 7.7
EASE = 0.5


class Area(Protocol):
    """A neighbourhood: a name and a point inside it, in degrees (WGS 84)."""

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


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


class Cell(TypedDict):
    """One neighbourhood on the sketch; lengths in units of the viewBox. ``rows``: y, middle x and how many pins fit."""

    slug: str
    name: str
    path: str
    outline: list[list[float]]
    x: float
    y: float
    lines: list[str]
    rows: list[list[float]]
    lat: float
    lon: float


class Water(TypedDict):
    """A river or canal as a path."""

    name: str
    path: str
    is_canal: bool


class Schematic(TypedDict):
    """The whole sketch. ``bounds``: its south-west and north-east corners in degrees."""

    view_box: str
    width: float
    height: float
    bounds: list[list[float]]
    cells: list[Cell]
    waters: list[Water]
    moves: list[list[float]]


class Pin(NamedTuple):
    """Where a place stands on the sketch; not exact: somewhere in its neighbourhood."""

    x: float
    y: float
    is_exact: bool


def draw(neighbourhoods: Iterable[Area]) -> Schematic:
    """The sketch of these neighbourhoods (at least three). The same input gives the same drawing."""
    areas = list(neighbourhoods)
    frame, homes, sites, height = _laid_out(areas)
    outlines = cells(sites, hull(sites, MARGIN), LOBE, GAP)
    moves = [[home.real, home.imag, site.real, site.imag] for home, site in zip(homes, sites, strict=True)]
    return {
        "view_box": f"0 0 {WIDTH:.0f} {height}",
        "width": WIDTH,
        "height": height,
        "bounds": [frame.unproject(complex(0, height)), frame.unproject(complex(WIDTH, 0))],
        "cells": [_cell(area, outline) for area, outline in zip(areas, outlines, strict=True)],
        "waters": [_water(name, course, frame, moves) for name, course in WATERS.items()],
        "moves": [[round(number, 1) for number in move] for move in moves],
    }


def _laid_out(areas: Sequence[Area]) -> tuple[Frame, list[complex], list[complex], int]:
    """The frame, where each centre is in it, where it stands after making room, and the height of the whole."""
    flat = [mercator(area.lat, area.lon) for area in areas]
    west, east = min(point.real for point in flat), max(point.real for point in flat)
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    homes = [point * scale for point in flat]
    sites = _with_room(_drawn_in(homes))
    rim = hull(sites, MARGIN)
    left, right = min(p.real for p in rim), max(p.real for p in rim)
    top, bottom = min(p.imag for p in rim), max(p.imag for p in rim)
    fit = (WIDTH - 8) / (right - left)
    offset = complex(4 - left * fit, 4 - top * fit)
    frame = Frame(scale * fit, offset)
    height = round((bottom - top) * fit + 8)
    return frame, [home * fit + offset for home in homes], [site * fit + offset for site in sites], height


def _drawn_in(points: Sequence[complex]) -> list[complex]:
    """The same points, with one that lies far from all others moved towards its nearest neighbour."""
    drawn = list(points)
    for index, point in enumerate(points):
        nearest = min((other for place, other in enumerate(points) if place != index), key=lambda one: abs(one - point))
        distance = abs(point - nearest)
        if distance > FARTHEST:
            drawn[index] = nearest + (point - nearest) * FARTHEST / distance
    return drawn


def _with_room(points: Sequence[complex]) -> list[complex]:
    """The same points, each moved by steps towards the middle of its cell, which evens the cells out."""
    moved = list(points)
    rim = hull(points, MARGIN)
    for _ in range(ROUNDS):
        around = cells(moved, rim, LOBE, gap=0)
        moved = [point + (middle(cell) - point) * EASE for point, cell in zip(moved, around, strict=True)]
    return moved


def _cell(area: Area, outline: Sequence[complex]) -> Cell:
    """A cell with its name in lines around the middle, and below it the rows in which pins fit."""
    centre = middle(outline)
    left, right = width_at(outline, centre.imag)
    lines = _lines(area.name, right - left)
    top = centre.imag - (len(lines) * LINE_HEIGHT + 1.6 * PIN_STEP) / 2 + 7
    first_row = top + len(lines) * LINE_HEIGHT + 4
    rows = []
    for number in range(4):
        y = first_row + number * PIN_STEP
        left, right = width_at(outline, y)
        fits = max(1, min(5, int((right - left - 4) / PIN_STEP)))
        rows.append([round(y, 1), round((left + right) / 2, 1), fits])
    left, right = width_at(outline, top + (len(lines) - 1) * LINE_HEIGHT / 2)
    return {
        "slug": area.slug,
        "name": area.name,
        "path": rounded(outline),
        "outline": [[round(point.real, 1), round(point.imag, 1)] for point in outline],
        "x": round((left + right + 2 * centre.real) / 4, 1),
        "y": round(top, 1),
        "lines": lines,
        "rows": rows,
        "lat": area.lat,
        "lon": area.lon,
    }


def _lines(name: str, room: float) -> list[str]:
    """A name of several quarters, one under the other; short ones share a line, too long ones break."""
    lines: list[str] = []
    for part in name.split(" - "):
        breaks = [place + 1 for place, letter in enumerate(part) if letter in " -"]
        if lines and len(lines[-1]) + len(part) < SHORT:
            lines[-1] += f" – {part}"
        elif breaks and len(part) * LETTER > room:
            place = min(breaks, key=lambda one: abs(one - len(part) / 2))
            lines += [part[:place].strip(), part[place:]]
        else:
            lines.append(part)
    return lines


def _water(name: str, course: Sequence[tuple[float, float]], frame: Frame, moves: Sequence[Sequence[float]]) -> Water:
    """A watercourse through its points, moved along with the neighbourhoods, as a smooth path."""
    points = [_moved(frame.project(lat, lon), moves) for lat, lon in course]
    path = f"M{xy(points[0])}"
    for index in range(len(points) - 1):
        before, here, there = points[max(index - 1, 0)], points[index], points[index + 1]
        after = points[min(index + 2, len(points) - 1)]
        path += f"C{xy(here + (there - before) / 6)} {xy(there - (after - here) / 6)} {xy(there)}"
    return {"name": name, "path": path, "is_canal": name in CANALS}


def _moved(point: complex, moves: Sequence[Sequence[float]]) -> complex:
    """Where a point goes when the neighbourhoods around it make room: the nearest ones count most."""
    total, shift = 0.0, 0j
    for from_x, from_y, to_x, to_y in moves:
        weight = 1 / (hypot(point.real - from_x, point.imag - from_y) ** 3 + 1)
        total += weight
        shift += complex(to_x - from_x, to_y - from_y) * weight
    return point + shift / total


def pins(schematic: Schematic, places: Iterable[Place]) -> dict[str, Pin]:
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
    return _moved(frame_of(schematic).project(place.lat, place.lon), schematic["moves"])


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


def frame_of(schematic: Schematic) -> Frame:
    """The frame in which a sketch was drawn, from its bounds."""
    (south, west), (north, east) = schematic["bounds"]
    low, high = mercator(south, west), mercator(north, east)
    scale = schematic["width"] / (high.real - low.real)
    return Frame(scale, complex(-low.real * scale, -high.imag * scale))


def write(path: Path, neighbourhoods: Iterable[Area]) -> None:
    """Draw these neighbourhoods into a JSON file."""
    text = json.dumps(draw(neighbourhoods), ensure_ascii=False, separators=(",", ":"))
    path.write_text(text.replace("},{", "},\n{") + "\n", encoding="utf-8")


def read(path: Path) -> Schematic:
    """The sketch in a file that `write` made."""
    sketch: Schematic = json.loads(path.read_text(encoding="utf-8"))
    return sketch
