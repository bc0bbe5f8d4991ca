"""From what people type to a point: names, streets and neighbourhoods we know, and nothing we would have to guess."""

import pytest

from zalenzoeker.domain.city import City, KnownNeighbourhood, KnownPlace
from zalenzoeker.domain.special_days import NO_SPECIAL_DAYS
from zalenzoeker.web.near import find, point

POORT, DRONGEN = (51.06, 3.70), (51.05, 3.66)
CITY = City(
    rooms=(),
    special=NO_SPECIAL_DAYS,
    neighbourhoods=(
        KnownNeighbourhood("brugse-poort-rooigem", "Brugse Poort - Rooigem", POORT),
        KnownNeighbourhood("drongen", "Drongen", DRONGEN),
    ),
    places=(
        KnownPlace("Open Huis Drongen", "Kikvorsstraat", "Kikvorsstraat 12", (51.04, 3.65), True),
        KnownPlace("Bibliotheek Brugse Poort", "Dorpsstraat", "Dorpsstraat 1", (51.08, 3.71), True),
        KnownPlace("De Zulle", "", "", (51.09, 3.72), False),
    ),
)


@pytest.mark.parametrize(
    "typed, name",
    [
        ("Drongen", "Drongen"),
        ("  drongen ", "Drongen"),
        ("brugse poort", "Brugse Poort - Rooigem"),
        ("Kikvorsstraat", "Kikvorsstraat"),
        ("kikvorstraat 3", "Kikvorsstraat"),
        ("Kikvorsstraat 12", "Kikvorsstraat 12"),
        ("open huis drongen", "Open Huis Drongen"),
        ("de zulle", "De Zulle"),
    ],
)
def test_words_find_the_place_they_are_most_like(typed, name):
    assert find(CITY, typed)[0].name == name


def test_words_that_are_like_several_places_name_the_others_too():
    assert [spot.name for spot in find(CITY, "brugse poort")] == ["Brugse Poort - Rooigem", "Bibliotheek Brugse Poort"]


@pytest.mark.parametrize("typed", ["xyzzy", "12", "?", "Grote Markt Antwerpen"])
def test_words_that_are_like_nothing_find_nothing(typed):
    assert find(CITY, typed) == []


def test_only_a_door_is_an_exact_point():
    assert [find(CITY, typed)[0].is_exact for typed in ("Kikvorsstraat 12", "Kikvorsstraat", "Drongen")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "typed, found",
    [
        ("51.05,3.70", (51.05, 3.7)),
        (" 51.05 , 3.70 ", (51.05, 3.7)),
        ("48.85,2.35", None),
        ("51.05", None),
        ("51,05;3,70", None),
        ("٥١.05,3.70", None),
    ],
)
def test_point_of_an_address_is_read_when_it_lies_in_ghent(typed, found):
    assert point(typed) == found
