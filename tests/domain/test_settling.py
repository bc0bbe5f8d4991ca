"""Stretches that all move at once: neighbours make way for each other, and nobody ever stands where another one is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zalenzoeker.domain.settling import Move, Owner, Piece, outside, settle


def owner(name: str) -> Owner:
    return name, 1, 0


def pieces(text: str) -> tuple[Piece, ...]:
    """``1:14-18`` is space 1 from 14 till 18."""
    found = []
    for word in text.split():
        space, _, hours = word.partition(":")
        starts, ends = hours.split("-")
        found.append(Piece(int(space), int(starts), int(ends)))
    return tuple(found)


@pytest.mark.parametrize(
    "sentence, moves, fixed, staying",
    [
        ("one moves to where nobody is", {"a": ("1:14-18", "1:15-19")}, {}, {}),
        ("neighbours all move up", {"a": ("1:14-18", "1:15-19"), "b": ("1:18-20", "1:19-21")}, {}, {}),
        ("neighbours all move down", {"a": ("1:14-18", "1:13-17"), "b": ("1:18-20", "1:17-19")}, {}, {}),
        ("two change places", {"a": ("1:14-18", "1:18-22"), "b": ("1:18-22", "1:14-18")}, {}, {}),
        ("what does not move stays", {"a": ("1:14-18", "1:15-19")}, {"x": "1:18-20"}, {"a": "x"}),
        ("what only touches is not in the way", {"a": ("1:14-18", "1:15-19")}, {"x": "1:19-20", "y": "1:10-14"}, {}),
        ("another space is not in the way", {"a": ("1:14-18", "1:15-19")}, {"x": "2:10-22"}, {}),
        ("all of a hall or nothing", {"a": ("1:14-18 2:14-18", "1:15-19 2:15-19")}, {"x": "2:18-20"}, {"a": "x"}),
        ("the first goes first", {"a": ("1:1-2", "1:9-11"), "b": ("1:3-4", "1:10-12")}, {}, {"b": "a"}),
        (
            "who wants the place of one that stays, stays too",
            {"a": ("1:1-2", "1:14-15"), "b": ("1:14-18", "1:15-19")},
            {"x": "1:18-20"},
            {"a": "b", "b": "x"},
        ),
    ],
)
def test_moves_end_so(sentence, moves, fixed, staying):
    found = settle(
        [Move(owner(name), pieces(old), pieces(new)) for name, (old, new) in moves.items()],
        [(owner(name), piece) for name, text in fixed.items() for piece in pieces(text)],
    )
    assert found == {owner(one): owner(other) for one, other in staying.items()}, sentence


@st.composite
def boards(draw) -> tuple[list[Move], list[tuple[Owner, Piece]]]:
    """Two spaces with stretches that do not overlap, each of which may want to go elsewhere."""
    moves, fixed = [], []
    for space in (1, 2):
        edges = sorted(draw(st.sets(st.integers(0, 30), max_size=12)))
        for number, (starts, ends) in enumerate(pairwise(edges)):
            who, piece = (f"{space}", number, 0), Piece(space, starts, ends)
            if draw(st.booleans()):
                shift = draw(st.integers(-3, 3))
                moves.append(Move(who, (piece,), (Piece(space, starts + shift, ends + shift),)))
            else:
                fixed.append((who, piece))
    return moves, fixed


@given(boards())
def test_nobody_overlaps_after_any_moves(board):
    moves, fixed = board
    staying = settle(moves, fixed)
    after = [piece for _, piece in fixed]
    after += [piece for move in moves for piece in (move.old if move.owner in staying else move.new)]
    for number, one in enumerate(after):
        for other in after[number + 1 :]:
            is_apart = one.to_epoch <= other.from_epoch or other.to_epoch <= one.from_epoch
            assert one.space_id != other.space_id or is_apart


@given(boards(), st.integers(-5, 5))
def test_all_that_move_by_the_same_time_can_move(board, shift):
    moves, fixed = board
    together = [Move(one, (piece,), (_shifted(piece, shift),)) for one, piece in fixed]
    together += [Move(move.owner, move.old, (_shifted(move.old[0], shift),)) for move in moves]
    assert settle(together, []) == {}


def _shifted(piece: Piece, by: int) -> Piece:
    return Piece(piece.space_id, piece.from_epoch + by, piece.to_epoch + by)


@pytest.mark.parametrize(
    "others, left",
    [
        ([], [(10, 20)]),
        ([(0, 10)], [(10, 20)]),
        ([(20, 30)], [(10, 20)]),
        ([(5, 15)], [(15, 20)]),
        ([(15, 25)], [(10, 15)]),
        ([(12, 15)], [(10, 12), (15, 20)]),
        ([(10, 20)], []),
        ([(5, 25)], []),
        ([(8, 12), (14, 15), (15, 18)], [(12, 14), (18, 20)]),
    ],
)
def test_stretch_outside_others_is_what_is_left(others, left):
    assert outside(10, 20, others) == left
