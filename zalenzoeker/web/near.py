"""From an address, a place or a neighbourhood as people type it to a point, without asking anybody outside."""

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process, utils

from zalenzoeker.domain.city import City, Point
from zalenzoeker.domain.wanted import kilometres

# Below this likeness (of 100) we would be guessing.
ALIKE = 82
# Others that are nearly as alike are named as well, unless they lie in the same street.
NEARLY_ALIKE = 4
SAME_SPOT_KM = 0.3
MOST_GUESSES = 4
# Fewer letters are like everything.
SHORTEST_WORD = 3
# Where Ghent ends, roughly: a point outside is a mistake in the address of the page.
SOUTH, NORTH, WEST, EAST = 50.9, 51.3, 3.5, 4.0


@dataclass(frozen=True)
class Spot:
    """A name with its point; ``is_exact``: the point is a door, not a street or a neighbourhood."""

    name: str
    point: Point
    is_exact: bool = False


_known: WeakKeyDictionary[City, dict[str, Spot]] = WeakKeyDictionary()


def spots(city: City) -> dict[str, Spot]:
    """Every name we know, folded, with where it is: neighbourhoods, places, streets of places, their addresses."""
    if city not in _known:
        names = [Spot(one.name, one.point) for one in city.neighbourhoods]
        for place in city.places:
            names.append(Spot(place.name, place.point, place.is_exact))
            if place.street:
                names.append(Spot(place.address, place.point, place.is_exact))
                names.append(Spot(place.street, place.point))
        found: dict[str, Spot] = {}
        for one in names:
            found.setdefault(utils.default_process(one.name), one)
        _known[city] = found
    return _known[city]


def find(city: City, typed: str) -> list[Spot]:
    """What the words most likely mean, best first; empty when they are like nothing we know."""
    known = spots(city)
    words = utils.default_process(typed)
    if words in known:
        return [known[words]]
    # A house number only helps where we know that very door; otherwise it gets in the way of the street.
    street = re.sub(r"\b\d+\s*[a-z]?\b", "", words).strip()
    if len(street) < SHORTEST_WORD:
        return []
    guesses = process.extract(street, known.keys(), scorer=fuzz.WRatio, score_cutoff=ALIKE, limit=MOST_GUESSES)
    spots_found: list[Spot] = []
    for name, score, _index in guesses:
        spot = known[name]
        is_alike = score >= guesses[0][1] - NEARLY_ALIKE
        if is_alike and all(kilometres(spot.point, other.point) > SAME_SPOT_KM for other in spots_found):
            spots_found.append(spot)
    return spots_found


def point(typed: str) -> Point | None:
    """A point as addresses write it, ``51.05,3.70``; None when it is none or lies far from Ghent."""
    found = re.fullmatch(r"\s*(\d{1,2}\.\d{1,8})\s*,\s*(\d{1,2}\.\d{1,8})\s*", typed, re.ASCII)
    if not found:
        return None
    lat, lon = float(found[1]), float(found[2])
    return (lat, lon) if SOUTH <= lat <= NORTH and WEST <= lon <= EAST else None
