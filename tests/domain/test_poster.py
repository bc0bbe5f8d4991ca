"""Posters: type that is read from two metres, and words that do not run off the sheet."""

import pytest

from zalenzoeker.domain import poster
from zalenzoeker.domain.poster import Format

ARABIC = "مقهى الحساء في الحي كل يوم خميس"


@pytest.mark.parametrize(
    "minutes, distance_mm, points",
    [
        (10, 2000, 31.3),
        (7, 2000, 21.9),
        # Twice as far is twice as large.
        (10, 4000, 62.6),
    ],
)
def test_type_is_as_large_as_the_eye_wants_it_at_that_distance(minutes, distance_mm, points):
    assert round(poster.type_size(minutes, distance_mm), 1) == points


def test_what_matters_is_never_smaller_than_an_eye_of_seven_tenths_reads_from_two_metres():
    assert (poster.smallest(), poster.nearby()) == (22, 14)


@pytest.mark.parametrize("sheet, largest", [(Format.A4, 46), (Format.A3, 66)])
def test_sizes_go_from_the_largest_down_to_the_smallest(sheet, largest):
    sizes = poster.sizes(sheet)
    assert (sizes[0], sizes[-1], sizes) == (largest, 22, sorted(set(sizes), reverse=True))


@pytest.mark.parametrize(
    "words", ["Soepcafé", "Nieuwjaarsreceptie van de straat", ARABIC, "Бесплатен курс", "🎉 Feest"]
)
def test_words_of_a_usual_length_stay_as_they_are(words):
    assert poster.breakable(words) == words


def test_very_long_word_may_break_and_keeps_its_letters():
    word = "Hottentottententententoonstelling" * 3
    found = poster.breakable(f"De {word}")
    pieces = found.split(poster.ZERO_WIDTH_SPACE)
    assert (found.replace(poster.ZERO_WIDTH_SPACE, ""), max(map(len, pieces))) == (f"De {word}", 21)


def test_emoji_put_together_is_not_taken_apart():
    family = "👩‍👩‍👧‍👦"
    assert poster.breakable("x" * 17 + family * 3 + "y" * 9).count(family) == 3


def test_white_space_of_any_kind_becomes_one_space():
    assert poster.breakable(" Soep\n\n\tcafé ") == "Soep café"
