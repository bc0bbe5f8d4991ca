"""A mail that came in, as values: from whom, answering which letter of ours, and what it says."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST_WORDS = 2000
# The addresses in our letters that open a door to whoever has them: the page on which their reader decides or answers.
DOORS = re.compile(
    r"/(?:beslissen|voorstel|wachtlijst|niet-nodig|geen-post|overdracht|uitnodigingen|aanmelden/link)/[\w.-]+"
)
NO_DOOR = "/…"


class Nature(StrEnum):
    """PERSON: somebody wrote it. AUTOMATIC: a machine did; those are not answered. BOUNCE: a letter of ours failed."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"


class Outcome(StrEnum):
    """What became of a mail. LEFT: it answers no letter of ours, or no person wrote it; it stays in the mailbox.

    STRANGER: it answers a letter, but comes from somebody else than who got it; only the desk reads it. REFUSED: it
    could not be kept, and whoever wrote it is told.
    """

    KEPT = "kept"
    STRANGER = "stranger"
    REFUSED = "refused"
    BOUNCED = "bounced"
    LEFT = "left"


class WhyNot(StrEnum):
    """Why a mail is not kept. CLOSED: the request stands in a way that nothing is said of it any more."""

    CLOSED = "closed"
    DECIDED = "decided"
    OFTEN = "often"
    EMPTY = "empty"


@dataclass(frozen=True)
class IncomingMail:
    """``key``: the same for every copy. ``sender``: the bare address, casefolded, or empty.

    ``tokens``: what stood behind the plus of an address it was sent to. ``letters``: the codes of the letters that it
    answers or is about. ``words``: what was written anew, without quotes and signature. ``attachments``: how many came
    along. ``why``: of a bounce, what the other side said.
    """

    key: str
    sender: str
    nature: Nature
    tokens: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    words: str = ""
    attachments: int = 0
    why: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether more was written than is kept."""
        return len(self.words) > LONGEST_WORDS

    @property
    def kept_words(self) -> str:
        """The words as they can be kept: others read them, so nothing by which somebody else decides comes along."""
        return DOORS.sub(NO_DOOR, self.words)[:LONGEST_WORDS].strip()


def readable(text: str) -> str:
    """The text with one kind of line end, and without characters that no page can show."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"})
