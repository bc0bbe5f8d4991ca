"""One press in a daily letter or a reminder ends them, and one takes that back."""

from datetime import datetime

from zalenzoeker.domain.letters import STOPPABLE, LetterKind
from zalenzoeker.services import daily
from zalenzoeker.storage import daily as storage
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Letter


class UnknownLetter(Exception):
    """There is no such letter, or not one that can be ended."""


def stop(code: str, now: datetime) -> None:
    """No more letters like this one to its reader. A second time changes nothing. Raises UnknownLetter."""
    with write_unit():
        letter = opened(code)
        if letter.kind == LetterKind.DAILY_LETTER:
            daily.stop(letter.desk_id or 0, letter.recipient, now)
        else:
            storage.no_reminders(letter.recipient, now)


def again(code: str) -> None:
    """Reminders to its reader again. Raises UnknownLetter, also for a daily letter: one chooses its news."""
    with write_unit():
        letter = opened(code)
        if letter.kind == LetterKind.DAILY_LETTER:
            raise UnknownLetter
        storage.reminders_again(letter.recipient)


def opened(code: str) -> Letter:
    """The letter with this code. Raises UnknownLetter."""
    letter = letters.by_code(code)
    if letter is None or letter.kind not in STOPPABLE:
        raise UnknownLetter
    return letter
