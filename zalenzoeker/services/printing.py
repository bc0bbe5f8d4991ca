"""Letters on paper: a desk prints them and hands them over, each once."""

from datetime import datetime

from zalenzoeker.domain.permissions import Actor, may_print
from zalenzoeker.storage import printing
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models.letters import LetterState


class UnknownLetter(Exception):
    """There is no such letter to print, or it is another desk's."""


def hand_over(code: str, *, by: Actor, now: datetime) -> bool:
    """The letter was handed over, or posted; returns whether that was told now. A second time changes nothing.

    Raises UnknownLetter.
    """
    with write_unit():
        letter = printing.for_change(code)
        if letter is None or letter.request is None or not may_print(by, letter.request.parties):
            raise UnknownLetter
        if letter.state is LetterState.PRINTED:
            return False
        letter.state = LetterState.PRINTED
        letter.printed_at, letter.printed_by_id = now, by.account_id
        return True
