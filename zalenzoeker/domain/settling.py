"""Stretches that all move at once: which of them can go to their new place, and who is in the way of the others."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# What a stretch belongs to: its noun, its id, and a number that tells two of the same apart.
Owner = tuple[str, int, int]


@dataclass(frozen=True)
class Piece:
    """One space for one stretch, in epoch seconds, half-open."""

    space_id: int
    from_epoch: int
    to_epoch: int


@dataclass(frozen=True)
class Move:
    """All that one owner has now, and all that it should have; it goes as a whole or not at all."""

    owner: Owner
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def outside(starts: int, ends: int, others: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of a stretch lies outside all of these, which are in order: all of it, or what is left around them."""
    pieces = []
    for first, last in others:
        if last <= starts or ends <= first:
            continue
        if starts < first:
            pieces.append((starts, first))
        starts = max(starts, last)
    return [*pieces, (starts, ends)] if starts < ends else pieces


@dataclass
class _Board:
    """Who has which space when; nothing on it overlaps."""

    spaces: dict[int, list[tuple[int, int, Owner]]] = field(default_factory=dict)

    def in_the_way(self, pieces: Iterable[Piece]) -> Owner | None:
        for piece in pieces:
            lines = self.spaces.get(piece.space_id, [])
            before = bisect_left(lines, (piece.to_epoch,))
            if before and lines[before - 1][1] > piece.from_epoch:
                return lines[before - 1][2]
        return None

    def put(self, owner: Owner, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            insort(self.spaces.setdefault(piece.space_id, []), (piece.from_epoch, piece.to_epoch, owner))


def settle(moves: Sequence[Move], fixed: Iterable[tuple[Owner, Piece]]) -> dict[Owner, Owner]:
    """The owners that have to stay where they are, each with the one in its way; all others can move together.

    What is earlier in ``moves`` goes first. ``fixed`` does not move. What everybody has now must not overlap: then the
    answer never does, because whoever stays has the place it had, and what wanted that place stays too.
    """
    unmoved = list(fixed)
    staying: dict[Owner, Owner] = {}
    while True:
        found = _first_clash(moves, unmoved, staying)
        if found is None:
            return staying
        staying[found[0]] = found[1]


def _first_clash(
    moves: Sequence[Move], unmoved: Iterable[tuple[Owner, Piece]], staying: dict[Owner, Owner]
) -> tuple[Owner, Owner] | None:
    board = _Board()
    for owner, piece in unmoved:
        board.put(owner, [piece])
    for move in moves:
        if move.owner in staying:
            board.put(move.owner, move.old)
    for move in moves:
        if move.owner not in staying:
            other = board.in_the_way(move.new)
            if other is not None:
                return move.owner, other
            board.put(move.owner, move.new)
    return None
