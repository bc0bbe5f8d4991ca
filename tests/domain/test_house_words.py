"""What a house adds to a letter: names are filled in once, and nothing else happens."""

import pytest

from zalenzoeker.domain.house_words import Name, filled, unknown

VALUES = {Name.ROOM: "Zaal {huis}", Name.HOUSE: "Open Huis", Name.DAY: "zaterdag"}


@pytest.mark.parametrize(
    ("said", "words", "expected"),
    [
        ("names are filled in", "Tot {dag} in {huis}.", "Tot zaterdag in Open Huis."),
        ("what is filled in is not looked at again", "{zaal}", "Zaal {huis}"),
        ("what is unknown stays", "{sleutel} {}", "{sleutel} {}"),
        ("attributes are words", "{huis.__class__} {0} {huis!r} {huis:>9}", "{huis.__class__} {0} {huis!r} {huis:>9}"),
        ("a template stays a text", "{{ 7*7 }} {% if huis %} %(huis)s $huis", "{{ 7*7 }} {% if huis %} %(huis)s $huis"),
        ("double braces hold a name", "{{huis}}", "{Open Huis}"),
        ("a brace alone stays", "a { b } } {", "a { b } } {"),
        ("a name without a value stays", "{telefoon}", "{telefoon}"),
    ],
)
def test_words_of_a_house_are_filled_in(said, words, expected):
    assert filled(words, VALUES) == expected, said


def test_names_that_nobody_knows_are_told_once():
    assert unknown("{zaal} {sleutel} {huis.x} {sleutel}") == ["sleutel", "huis.x"]
