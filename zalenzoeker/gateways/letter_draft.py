"""A letter that is written out a step at a time, in the moments in which the mail server has the word."""

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TypeVar

from zalenzoeker.domain.letters import Parcel

Result = TypeVar("Result")
Steps = Generator[None, None, Result]


def at_once(steps: Steps[Result]) -> Result:
    """All steps that are left."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Result = end.value
            return found


class Draft:
    """``write``: begins to write out a letter."""

    def __init__(self, parcel: Parcel, write: Callable[[Parcel], Steps[bytes]]) -> None:
        self.parcel, self._write = parcel, write
        self._steps: Steps[bytes] | None = None
        self._content: bytes | None = None
        self._failed = False

    def go_on(self) -> None:
        """One step. What goes wrong in it goes wrong again when the letter is finished, and is told then."""
        if self._failed or self._content is not None:
            return
        self._failed = True
        with suppress(Exception):
            self._steps = self._steps or self._write(self.parcel)
            try:
                next(self._steps)
            except StopIteration as end:
                self._content = end.value
            self._failed = False

    def finish(self) -> bytes:
        """The whole letter. Raises what writing it raises."""
        if self._content is None:
            begun = None if self._failed else self._steps
            self._content = at_once(begun or self._write(self.parcel))
        return self._content
