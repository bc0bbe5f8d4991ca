"""Plane geometry for the sketch: Web Mercator, convex polygons, cells around points, round corners."""

# A point is a complex number: x to the east, y to the south.

from cmath import rect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asinh, atan, degrees, pi, radians, sinh, tan

ROUNDING = 22.0


@dataclass(frozen=True)
class Frame:
    """Web Mercator, scaled and moved into the viewBox. Points are complex numbers: x to the east, y to the south."""

    scale: float
    offset: complex

    def project(self, lat: float, lon: float) -> complex:
        return mercator(lat, lon) * self.scale + self.offset

    def unproject(self, point: complex) -> list[float]:
        """Latitude and longitude in degrees, to five decimals (a metre)."""
        flat = (point - self.offset) / self.scale
        return [round(degrees(atan(sinh(-flat.imag))), 5), round(degrees(flat.real), 5)]


def mercator(lat: float, lon: float) -> complex:
    """A point in degrees on the flat map of the web, in radians, y to the south."""
    return complex(radians(lon), -asinh(tan(radians(lat))))


def hull(points: Sequence[complex], margin: float) -> list[complex]:
    """A convex line at a distance around the points: the convex hull of a circle around each."""
    rim = [point + rect(margin, step * pi / 12) for point in points for step in range(24)]
    around = sorted(rim, key=lambda one: (one.real, one.imag))
    lower, upper = _half_hull(around), _half_hull(around[::-1])
    return lower[:-1] + upper[:-1]


def _half_hull(points: Iterable[complex]) -> list[complex]:
    chain: list[complex] = []
    for point in points:
        while len(chain) > 1 and _cross(chain[-1] - chain[-2], point - chain[-1]) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _cross(first: complex, second: complex) -> float:
    return first.real * second.imag - first.imag * second.real


def cells(sites: Sequence[complex], within: Sequence[complex], reach: float, gap: float) -> list[list[complex]]:
    """For each site the part of a convex polygon nearest to it, no farther than `reach`, with a gap between cells."""
    found = []
    for index, site in enumerate(sites):
        cell = list(within)
        for step in range(18):
            edge = rect(reach, step * pi / 9)
            cell = _cut(cell, site + edge, edge)
        for place, other in enumerate(sites):
            if place != index:
                away = other - site
                cell = _cut(cell, (site + other) / 2 - away / abs(away) * gap / 2, away)
        found.append(cell)
    return found


def _cut(polygon: Sequence[complex], through: complex, away: complex) -> list[complex]:
    """The part of a convex polygon that does not lie beyond the line through a point, at right angles to `away`."""
    kept = []
    for here, there in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        side, next_side = _dot(here - through, away), _dot(there - through, away)
        if side <= 0:
            kept.append(here)
        if (side < 0 < next_side) or (next_side < 0 < side):
            kept.append(here + (there - here) * side / (side - next_side))
    return kept


def _dot(first: complex, second: complex) -> float:
    return first.real * second.real + first.imag * second.imag


def middle(polygon: Sequence[complex]) -> complex:
    """The centre of gravity of a polygon."""
    area, centre = 0.0, 0j
    for here, there in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        part = _cross(here, there)
        area += part
        centre += (here + there) * part
    return centre / (3 * area)


def width_at(polygon: Sequence[complex], y: float) -> tuple[float, float]:
    """From where to where a horizontal line runs inside a convex polygon; the middle where it passes by."""
    found = []
    for here, there in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (here.imag <= y) != (there.imag <= y):
            share = (y - here.imag) / (there.imag - here.imag)
            found.append(here.real + (there.real - here.real) * share)
    if len(found) < 2:
        centre = middle(polygon).real
        return centre, centre
    return min(found), max(found)


def rounded(polygon: Sequence[complex]) -> str:
    """A closed path along a polygon with round corners."""
    parts: list[str] = []
    count = len(polygon)
    for index, corner in enumerate(polygon):
        before, after = polygon[index - 1], polygon[(index + 1) % count]
        start, end = xy(corner + _shortened(before - corner)), xy(corner + _shortened(after - corner))
        if not parts:
            parts.append(f"M{start}")
        elif not parts[-1].endswith(f" {start}"):
            parts.append(f"L{start}")
        parts.append(f"Q{xy(corner)} {end}")
    return "".join(parts) + "Z"


def _shortened(edge: complex) -> complex:
    length = abs(edge)
    return edge * min(ROUNDING, length / 2) / length if length else 0j


def xy(point: complex) -> str:
    return f"{point.real:.0f} {point.imag:.0f}"


def is_inside(polygon: Sequence[complex], point: complex, margin: float) -> bool:
    """Inside a convex polygon and not nearer than `margin` to its edge."""
    edges = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return all(
        _cross(there - here, point - here) > margin * abs(there - here) for here, there in edges if here != there
    )
