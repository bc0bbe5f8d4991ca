"""A letter that did not arrive is put on its way once more, by the city desk."""

from datetime import datetime

from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState

# What these opened is forgotten, and they are nothing without it: somebody asks for a new one.
HOLLOW = frozenset(
    {
        LetterKind.SIGN_IN_CODE,
        LetterKind.INVITATION,
        LetterKind.HANDOVER_OFFERED,
        LetterKind.SUBSCRIPTION_ASKED,
        LetterKind.WEEKLY_LETTER,
    }
)


class UnknownLetter(Exception):
    """There is no such letter, or none that can be sent again."""


def may_go_again(letter: Letter) -> bool:
    """Whether it is worth its way: it did not arrive, and says something without what it opened."""
    is_lost = letter.state is LetterState.DEAD or letter.bounced_at is not None
    return is_lost and letter.kind in set(LetterKind) - HOLLOW and bool(letter.facts)


def again(code: str, *, by: Actor, now: datetime) -> bool:
    """Send it as it was written, under the same Message-ID; returns whether that was said now.

    What it opened is gone: instead of its button it leads to the page of its request. A second time changes nothing
    while it is on its way. Raises NotAllowed for who is not of the city desk, UnknownLetter.
    """
    if not by.is_city:
        raise NotAllowed
    with write_unit():
        letter = letters.for_change(code)
        if letter is None:
            raise UnknownLetter
        if not may_go_again(letter):
            if letter.again_at is not None:
                return False
            raise UnknownLetter
        letter.state, letter.tries, letter.last_error = LetterState.WAITING, 0, ""
        letter.leased_until = letter.sent_at = letter.bounced_at = None
        letter.next_try_at = letter.again_at = now
        letter.again_by_id = by.account_id
        return True
