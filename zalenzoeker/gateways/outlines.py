"""The official outlines of the neighbourhoods: the city's GeoJSON read strictly into borders per neighbourhood."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from zalenzoeker.domain.register import Outline
from zalenzoeker.gateways.register import EAST, NORTH, SOUTH, WEST
from zalenzoeker.gateways.tables import LONGEST_FILE, Problem, RegisterError, shown

NAME = "wijk"
DEPTH = {"Polygon": 2, "MultiPolygon": 3}
LONGEST_RING = 20_000
FEWEST_POINTS = 4


def read(path: Path, neighbourhoods: Mapping[str, str]) -> list[Outline]:
    """The borders in a GeoJSON file of polygons named by ``wijk``; ``neighbourhoods``: names by slug.

    A polygon belongs to the neighbourhood with the same name, whatever its capitals, accents, spaces and hyphens.
    The file need not hold all of them. Raises RegisterError with every problem; ``line`` is then the number of the
    feature, counted from 1, because such a file is often one line.
    """
    problems: list[Problem] = []
    features = _features(path, problems)
    slugs = {_plain(name): slug for slug, name in neighbourhoods.items()}
    outlines: dict[str, Outline] = {}
    for number, feature in enumerate(features, start=1):
        try:
            outline = _outline(feature, slugs)
            if outline.neighbourhood in outlines:
                raise _Wrong(NAME, f"{shown(outline.neighbourhood)} is there twice")
            outlines[outline.neighbourhood] = outline
        except _Wrong as wrong:
            problems.append(Problem(path.name, number, wrong.field, wrong.reason))
    if problems:
        raise RegisterError(problems)
    return list(outlines.values())


class _Wrong(ValueError):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def _features(path: Path, problems: list[Problem]) -> list[Any]:
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise _Wrong("", f"is larger than {LONGEST_FILE // 1_000_000} MB")
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
        if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
            raise _Wrong("type", "is not a FeatureCollection")
        features = found.get("features")
        if not isinstance(features, list) or not features:
            raise _Wrong("features", "is not a list of polygons")
        return features
    except _Wrong as wrong:
        problems.append(Problem(path.name, 0, wrong.field, wrong.reason))
    except FileNotFoundError:
        problems.append(Problem(path.name, 0, "", "is missing"))
    except OSError as error:
        problems.append(Problem(path.name, 0, "", f"cannot be read ({error.strerror})"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(path.name, line, "", f"is not UTF-8 (byte {error.object[error.start]:#04x})"))
    except json.JSONDecodeError as error:
        problems.append(Problem(path.name, error.lineno, "", f"is not JSON ({error.msg}, position {error.colno})"))
    except (ValueError, RecursionError) as error:
        problems.append(Problem(path.name, 0, "", f"is not JSON ({error})"))
    return []


def _outline(feature: Any, slugs: Mapping[str, str]) -> Outline:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get(NAME) if isinstance(properties, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise _Wrong(NAME, "is missing or empty")
    slug = slugs.get(_plain(name))
    if slug is None:
        raise _Wrong(NAME, f"{shown(name)} is not the name of a neighbourhood of the register")
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in DEPTH:
        raise _Wrong("geometry", f"{shown(str(kind))} is not one of {', '.join(DEPTH)}")
    coordinates = geometry.get("coordinates")
    for ring in _rings(coordinates, DEPTH[kind]):
        _check_ring(ring)
    return Outline(slug, {"type": kind, "coordinates": coordinates})


def _rings(coordinates: Any, depth: int) -> Iterable[list[Any]]:
    if not isinstance(coordinates, list) or not coordinates:
        raise _Wrong("coordinates", "is not a list of rings of points")
    if depth == 1:
        return [coordinates]
    return [ring for part in coordinates for ring in _rings(part, depth - 1)]


def _check_ring(ring: list[Any]) -> None:
    if not FEWEST_POINTS <= len(ring) <= LONGEST_RING:
        raise _Wrong("coordinates", f"has a ring of {len(ring)} points, not {FEWEST_POINTS} to {LONGEST_RING}")
    for point in ring:
        if not isinstance(point, list) or len(point) != 2 or not all(type(degree) in (int, float) for degree in point):
            raise _Wrong("coordinates", f"{shown(json.dumps(point))} is not a point of two numbers")
        lon, lat = point
        # A file in another projection, or with latitude first, falls out here.
        if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
            raise _Wrong("coordinates", f"{lat}, {lon} lies outside Ghent")
    if ring[0] != ring[-1]:
        raise _Wrong("coordinates", "has a ring that does not end where it begins")


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
