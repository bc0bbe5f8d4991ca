"""The official outlines: which neighbourhood a polygon belongs to, and how a wrong file is named."""

import json
from copy import deepcopy

import pytest

from zalenzoeker.domain.register import Outline
from zalenzoeker.gateways.outlines import read
from zalenzoeker.gateways.tables import RegisterError

NAMES = {"drongen": "Drongen", "nieuw-gent-uz": "Nieuw Gent - UZ"}
RING = [[3.63, 51.04], [3.64, 51.04], [3.64, 51.05], [3.63, 51.04]]
DRONGEN = {
    "type": "Feature",
    "properties": {"wijk": "Drongen", "wijknr": 25},
    "geometry": {"type": "Polygon", "coordinates": [RING]},
}
NIEUW_GENT = {
    "type": "Feature",
    "properties": {"wijk": "NIEUW GENT–UZ"},
    "geometry": {"type": "MultiPolygon", "coordinates": [[RING], [RING, RING]]},
}


def collection(*features: object) -> dict:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "wijken.geojson"


def problems_of(file, content: object) -> list[str]:
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(RegisterError) as refused:
        read(file, NAMES)
    return [str(problem) for problem in refused.value.problems]


def test_outlines_belong_to_the_neighbourhood_with_the_same_name_however_it_is_written(file):
    file.write_text(json.dumps(collection(NIEUW_GENT, DRONGEN)), encoding="utf-8")
    assert read(file, NAMES) == [
        Outline("nieuw-gent-uz", {"type": "MultiPolygon", "coordinates": [[RING], [RING, RING]]}),
        Outline("drongen", {"type": "Polygon", "coordinates": [RING]}),
    ]


def test_outlines_may_be_fewer_than_the_neighbourhoods(file):
    file.write_text(json.dumps(collection(DRONGEN)), encoding="utf-8")
    assert [outline.neighbourhood for outline in read(file, NAMES)] == ["drongen"]


def with_geometry(**changes: object) -> dict:
    feature = deepcopy(DRONGEN)
    feature["geometry"].update(changes)
    return feature


def with_point(point: object) -> dict:
    return with_geometry(coordinates=[[point, *RING[1:]]])


@pytest.mark.parametrize(
    "feature,reason",
    [
        ("drongen", "wijk: is missing or empty"),
        (DRONGEN | {"properties": {"naam": "Drongen"}}, "wijk: is missing or empty"),
        (
            DRONGEN | {"properties": {"wijk": "Merelbeke"}},
            "wijk: 'Merelbeke' is not the name of a neighbourhood of the register",
        ),
        (DRONGEN | {"geometry": None}, "geometry: 'None' is not one of Polygon, MultiPolygon"),
        (with_geometry(type="Point"), "geometry: 'Point' is not one of Polygon, MultiPolygon"),
        (with_geometry(type=["Polygon"]), "geometry: \"['Polygon']\" is not one of Polygon, MultiPolygon"),
        (with_geometry(coordinates=[]), "coordinates: is not a list of rings of points"),
        (with_geometry(coordinates="51"), "coordinates: is not a list of rings of points"),
        (with_geometry(coordinates=[7]), "coordinates: is not a list of rings of points"),
        (with_geometry(coordinates=[RING[:3]]), "coordinates: has a ring of 3 points, not 4 to 20000"),
        (with_geometry(coordinates=[[*RING, RING[1]]]), "coordinates: has a ring that does not end where it begins"),
        (with_point([51.04, 3.63]), "coordinates: 3.63, 51.04 lies outside Ghent"),
        (with_point([100250, 190340]), "coordinates: 190340, 100250 lies outside Ghent"),
        (with_point([3.63]), "coordinates: '[3.63]' is not a point of two numbers"),
        (with_point([3.63, "51"]), "coordinates: '[3.63, \"51\"]' is not a point of two numbers"),
        (with_point([True, 51.04]), "coordinates: '[true, 51.04]' is not a point of two numbers"),
        (with_point([3.63, float("nan")]), "coordinates: nan, 3.63 lies outside Ghent"),
    ],
    ids=range(17),
)
def test_wrong_feature_is_named(file, feature, reason):
    assert problems_of(file, collection(NIEUW_GENT, feature)) == [f"wijken.geojson, line 2, {reason}"]


def test_every_wrong_feature_is_named(file):
    assert problems_of(file, collection(DRONGEN, DRONGEN, with_geometry(type="Point"))) == [
        "wijken.geojson, line 2, wijk: 'drongen' is there twice",
        "wijken.geojson, line 3, geometry: 'Point' is not one of Polygon, MultiPolygon",
    ]


@pytest.mark.parametrize(
    "content,expected",
    [
        (b"{", "wijken.geojson, line 1: is not JSON (Expecting property name enclosed in double quotes, position 2)"),
        (b"", "wijken.geojson, line 1: is not JSON (Expecting value, position 1)"),
        (b"[" * 100_000, None),
        (b'{\n"type": "caf\xe9"}', "wijken.geojson, line 2: is not UTF-8 (byte 0xe9)"),
        ([], "wijken.geojson, type: is not a FeatureCollection"),
        (DRONGEN, "wijken.geojson, type: is not a FeatureCollection"),
        (collection(), "wijken.geojson, features: is not a list of polygons"),
        ({"type": "FeatureCollection", "features": {}}, "wijken.geojson, features: is not a list of polygons"),
    ],
    ids=range(8),
)
def test_wrong_file_is_named(file, content, expected):
    [problem] = problems_of(file, content)
    assert problem == expected or (expected is None and problem.startswith("wijken.geojson: is not JSON ("))


def test_missing_file_is_named(file):
    with pytest.raises(RegisterError) as refused:
        read(file, NAMES)
    assert str(refused.value) == "wijken.geojson: is missing"
