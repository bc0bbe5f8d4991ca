"""Pieces of pages that are kept: made once, never told of something else, and never more of them than memory allows."""

from zalenzoeker.web import kept


class Thing:
    """Something a piece can be about."""


def test_piece_is_made_once_for_each_thing_and_version():
    one, other, made = Thing(), Thing(), []

    def make():
        made.append(len(made))
        return f"stuk {len(made)}"

    asked = [(one, 1), (one, 1), (one, 2), (other, 1), (one, 1)]
    assert [kept.kept_as_it_is(thing, version, make) for thing, version in asked] == [
        "stuk 1",
        "stuk 1",
        "stuk 2",
        "stuk 3",
        "stuk 1",
    ]


def test_piece_of_a_thing_that_is_gone_is_not_told_of_another():
    # A new thing may get the place in memory of the one before.
    made = [kept.kept_as_it_is(Thing(), "zelfde", lambda number=number: f"stuk {number}") for number in range(50)]
    assert made == [f"stuk {number}" for number in range(50)]


def test_oldest_pieces_go_when_there_are_too_many():
    thing, made = Thing(), []

    def large(name):
        made.append(name)
        return "x" * (kept.MOST_CHARACTERS // 4)

    for name in ("a", "b", "c", "a", "d", "e", "a", "b"):
        kept.kept_as_it_is(thing, name, lambda name=name: large(name))
    assert made == ["a", "b", "c", "d", "e", "b"]


def test_piece_is_kept_in_the_language_of_the_visit(app):
    thing = Thing()
    with app.test_request_context("/"):
        assert kept.kept(thing, "naam", lambda: "<b>dag</b>") == "<b>dag</b>"
        assert kept.kept(thing, "naam", lambda: "anders") == "<b>dag</b>"
