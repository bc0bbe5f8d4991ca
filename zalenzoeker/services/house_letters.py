"""What a house adds to its letters to askers: where the key is, what to bring."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zalenzoeker.domain.changes import Subject, check_version
from zalenzoeker.domain.house_words import LONGEST, unknown
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.services import changes
from zalenzoeker.services.house_texts import TooLong, of_text, tidy
from zalenzoeker.services.houses import kept
from zalenzoeker.storage import house_texts, houses, openings
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models.house_texts import TextName


class UnknownName(ValueError):
    """Something stands between braces that is not filled in."""


@dataclass(frozen=True)
class LetterWords:
    """A paragraph in the letter that says yes, and one in the reminder a week before; empty ones are left out."""

    approval: str = ""
    reminder: str = ""

    def as_kept(self) -> dict[str, Any]:
        """In the form whose version is compared."""
        return {"approval": self.approval, "reminder": self.reminder}


def told(venue_id: int) -> LetterWords:
    """What a house adds now."""
    words = house_texts.words(venue_id)
    return LetterWords(words.get(TextName.IN_APPROVAL, ""), words.get(TextName.IN_REMINDER, ""))


def say(venue_slug: str, wanted: LetterWords, *, by: Actor, now: datetime, version: str) -> None:
    """A house adds this from now on; letters that were written already keep what they say. A second time is one.

    ``version``: of what was looked at. Raises UnknownHouse, NotAllowed, TooLong, UnknownName, ChangedMeanwhile.
    """
    new = LetterWords(tidy(wanted.approval), tidy(wanted.reminder))
    for words in (new.approval, new.reminder):
        if len(words) > LONGEST:
            raise TooLong
        if unknown(words):
            raise UnknownName
    with write_unit():
        venue = kept(venue_slug, by)
        openings.lock(venue.id)
        former = told(venue.id)
        if new == former:
            return
        check_version(former.as_kept(), version)
        texts = {TextName.IN_APPROVAL: new.approval, TextName.IN_REMINDER: new.reminder}
        house_texts.set_words(venue.id, None, texts, is_demo=houses.is_of_demonstration(venue.id))
        for name, before, after in (
            (TextName.IN_APPROVAL, former.approval, new.approval),
            (TextName.IN_REMINDER, former.reminder, new.reminder),
        ):
            changes.log(venue, Subject.TEXT, of_text(name, "", before), of_text(name, "", after), by=by, now=now)
