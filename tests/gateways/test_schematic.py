"""The sketch of the neighbourhoods: where pins stand, and that the same centres give the same drawing."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from zalenzoeker.gateways import pins, register, schematic

DATA = Path(schematic.__file__).parent.parent / "data"
SKETCH = schematic.read(DATA / "schematic.json")
REGISTER = register.read(DATA)


def inside(x: float, y: float, outline: list[list[float]]) -> bool:
    """Whether a point lies within a polygon, by counting the sides to its right."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(outline, [*outline[1:], outline[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def places() -> list[SimpleNamespace]:
    """The register's places as the sketch wants them."""
    areas = {area.slug: area for area in REGISTER.neighbourhoods}
    return [
        SimpleNamespace(
            slug=venue.slug,
            lat=venue.lat,
            lon=venue.lon,
            has_exact_point=venue.coord_precision == "exact",
            neighbourhood=areas[venue.neighbourhood],
        )
        for venue in REGISTER.venues
    ]


def test_sketch_that_is_shipped_is_the_one_that_is_drawn():
    assert json.loads(json.dumps(schematic.draw(REGISTER.neighbourhoods))) == SKETCH


def test_every_neighbourhood_has_one_cell_with_its_name():
    assert sorted(cell["slug"] for cell in SKETCH["cells"]) == sorted(area.slug for area in REGISTER.neighbourhoods)
    names = {area.slug: re.sub(r"\W+", "", area.name) for area in REGISTER.neighbourhoods}
    said = {cell["slug"]: re.sub(r"\W+", "", "".join(cell["lines"])) for cell in SKETCH["cells"]}
    assert said == names


def test_every_place_has_a_pin_in_its_own_neighbourhood():
    stand = pins.stand(SKETCH, places())
    outlines = {cell["slug"]: cell["outline"] for cell in SKETCH["cells"]}
    strays = [
        place.slug
        for place in places()
        if not inside(stand[place.slug].x, stand[place.slug].y, outlines[place.neighbourhood.slug])
    ]
    assert (len(stand), strays) == (91, [])


def test_only_a_point_that_is_exact_is_drawn_as_one():
    stand = pins.stand(SKETCH, places())
    exact = {venue.slug for venue in REGISTER.venues if venue.coord_precision == "exact"}
    assert {slug for slug, pin in stand.items() if pin.is_exact} == exact


@pytest.mark.parametrize("corner", [0, 1])
def test_corners_of_the_sketch_are_its_bounds(corner):
    frame = schematic.frame_of(SKETCH)
    wanted = SKETCH["bounds"][corner]
    point = complex(SKETCH["width"] * corner, SKETCH["height"] * (1 - corner))
    assert frame.unproject(point) == pytest.approx(wanted, abs=1e-5)
