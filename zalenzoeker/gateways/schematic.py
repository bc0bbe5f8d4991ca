"""The sketch of the city: soft cells around the neighbourhoods' centres, with room for names and pins, and water."""

# The sketch is not a street plan. Where neighbourhoods lie close together they are moved apart until their names fit;
# water and exact points move along with them. It is drawn in Web Mercator, so that it can lie in a web map at `bounds`.

import json
from collections.abc import Iterable, Sequence
from math import hypot
from pathlib import Path
from typing import Protocol, TypedDict

from zalenzoeker.gateways.plane import Frame, cells, hull, mercator, middle, rounded, width_at, xy
from zalenzoeker.gateways.waters import CANALS, WATERS

WIDTH = 760.0
MARGIN = 74.0
GAP = 7.0
LOBE = 118.0
LINE_HEIGHT = 17.0
PIN_STEP = 30.0
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
    points = [moved(frame.project(lat, lon), moves) for lat, lon in course]
    path = f"M{xy(points[0])}"
    for index in range(len(points) - 1):
        before, here, there = points[max(index - 1, 0)], points[index], points[index + 1]
        after = points[min(index + 2, len(points) - 1)]
        path += f"C{xy(here + (there - before) / 6)} {xy(there - (after - here) / 6)} {xy(there)}"
    return {"name": name, "path": path, "is_canal": name in CANALS}


def moved(point: complex, moves: Sequence[Sequence[float]]) -> complex:
    """Where a point goes when the neighbourhoods around it make room: the nearest ones count most."""
    total, shift = 0.0, 0j
    for from_x, from_y, to_x, to_y in moves:
        weight = 1 / (hypot(point.real - from_x, point.imag - from_y) ** 3 + 1)
        total += weight
        shift += complex(to_x - from_x, to_y - from_y) * weight
    return point + shift / total


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
