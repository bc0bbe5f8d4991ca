"""Long lists a page at a time: which page is asked for, and where its neighbours are."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

Row = TypeVar("Row")

ROWS = 50
# What the number of a page looks like; anything else counts as the first one.
NUMBER = re.compile("[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list. ``before`` and ``after``: the numbers of the pages around it, 0 where there is none."""

    rows: Sequence[Row]
    before: int = 0
    after: int = 0


def paged(rows: Callable[[int, int], Sequence[Row]], most: int = ROWS) -> Page[Row]:
    """The page that the address asks for; ``rows``: at most so many, after so many; ``most``: so many on a page."""
    asked = request.args.get("blad", "")
    number = int(asked) if NUMBER.fullmatch(asked) else 1
    found = rows(most + 1, (number - 1) * most)
    return Page(found[:most], before=number - 1, after=number + 1 if len(found) > most else 0)
