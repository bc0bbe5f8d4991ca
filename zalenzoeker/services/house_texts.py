"""What a house says of itself: its texts, and whether one gets in with a wheelchair."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zalenzoeker.domain.changes import Subject, check_version
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.places import Known
from zalenzoeker.services import changes
from zalenzoeker.services.houses import kept
from zalenzoeker.storage import house_texts, houses, openings
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Venue
from zalenzoeker.storage.models.house_texts import TextName
from zalenzoeker.storage.models.rooms import WHEELCHAIR

LONGEST_ABOUT = 600
LONGEST_PRACTICAL = 2000


class TooLong(ValueError):
    """A text has more characters than fit on the page."""


@dataclass(frozen=True)
class HouseWords:
    """What a house says of itself. Empty texts are not shown; UNKNOWN: what the register says holds."""

    about: str = ""
    practical: str = ""
    wheelchair: Known = Known.UNKNOWN

    def as_kept(self) -> dict[str, Any]:
        """In the form whose version is compared."""
        return {"about": self.about, "practical": self.practical, "wheelchair": self.wheelchair.value}


def tidy(text: str) -> str:
    """A text as it is kept: one kind of line end, no spaces at the ends of lines, one empty line at most."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def told(venue: Venue) -> HouseWords:
    """What a house says of itself now."""
    words = house_texts.words(venue.id)
    facts = house_texts.facts(venue.id, None)
    wheelchair = next((Known(fact.value) for fact in facts if fact.is_access), Known.UNKNOWN)
    return HouseWords(words.get(TextName.ABOUT, ""), words.get(TextName.PRACTICAL, ""), wheelchair)


def say(venue_slug: str, wanted: HouseWords, *, by: Actor, now: datetime, version: str) -> None:
    """A house says this of itself from now on; the register's own facts stay what they are. A second time is one.

    ``version``: of what was looked at. Raises UnknownHouse, NotAllowed, TooLong, ChangedMeanwhile.
    """
    about, practical = tidy(wanted.about), tidy(wanted.practical)
    if len(about) > LONGEST_ABOUT or len(practical) > LONGEST_PRACTICAL:
        raise TooLong
    with write_unit():
        venue = kept(venue_slug, by)
        openings.lock(venue.id)
        former = told(venue)
        # Who says what the register says, says nothing besides it.
        wheelchair = Known.UNKNOWN if wanted.wheelchair is venue.wheelchair else wanted.wheelchair
        new = HouseWords(about, practical, wheelchair)
        if new == former:
            return
        check_version(former.as_kept(), version)
        is_demo = houses.is_of_demonstration(venue.id)
        texts = {TextName.ABOUT: about, TextName.PRACTICAL: practical}
        house_texts.set_words(venue.id, None, texts, is_demo=is_demo)
        facts = [] if wheelchair is Known.UNKNOWN else [(WHEELCHAIR, wheelchair.value)]
        house_texts.set_facts(venue.id, None, [WHEELCHAIR], facts, is_demo=is_demo)
        for name, before, after in (
            (TextName.ABOUT, former.about, new.about),
            (TextName.PRACTICAL, former.practical, new.practical),
        ):
            changes.log(venue, Subject.TEXT, of_text(name, "", before), of_text(name, "", after), by=by, now=now)
        access = ({"wheelchair": _access(one, venue).value} for one in (former, new))
        changes.log(venue, Subject.FACILITIES, *access, by=by, now=now)


def of_text(name: TextName, room: str, words: str) -> dict[str, Any] | None:
    """A text as the log keeps it; ``room``: the name of the room it is about, or empty."""
    return {"name": name.value, "room": room, "words": words} if words else None


def _access(words: HouseWords, venue: Venue) -> Known:
    return venue.wheelchair if words.wheelchair is Known.UNKNOWN else words.wheelchair
