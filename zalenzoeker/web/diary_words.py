"""The diary a house keeps elsewhere in words: how it stands with it, and what was left out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from zalenzoeker.domain.diaries import (
    AS_MEANT,
    LARGEST_BYTES,
    MOST_COMPONENTS,
    MOST_DATES_OF_A_RULE,
    DiaryKind,
    Skipped,
    Trouble,
    host_of,
)
from zalenzoeker.storage.models import Diary

TROUBLE: Mapping[Trouble, Any] = {
    Trouble.TOO_LARGE: _l(
        "It is larger than 1 MB. Export only the coming months, without attachments, and hand in that file."
    ),
    Trouble.TOO_MANY: _l(
        "There is more in it than we read (2,000 parts). Export only the coming months, and hand in that file."
    ),
    Trouble.TOO_HEAVY: _l(
        "It takes too much time to read. Export only the coming months, without series of many years, and try again."
    ),
    Trouble.ZIPPED: _l("It is a zipped file. Unpack it first, and hand in the file that ends in .ics."),
    Trouble.NOT_A_CALENDAR: _l(
        "It is not a calendar. Export the diary as iCalendar: a file that ends in .ics. An address must lead to such a "
        "file, not to a page."
    ),
    Trouble.BROKEN: _l(
        "A part of the file is missing or broken. Export the diary once more, and hand in the new file."
    ),
    Trouble.NOT_ALLOWED: _l(
        "We may not read that address. Ask the city desk to put its host on the list, or hand in a file."
    ),
    Trouble.NO_ANSWER: _l("Nobody answers at that address. We try again every hour."),
    Trouble.REFUSED: _l(
        "The diary does not stand at that address, or not for everybody. Look in your program whether you share it, "
        "and fill in the address once more."
    ),
}
assert (LARGEST_BYTES, MOST_COMPONENTS) == (1024 * 1024, 2_000), "the sentences above say these"


@dataclass(frozen=True)
class Standing:
    """How it stands with the diary of a room: a tag, and a sentence where one helps."""

    look: str
    symbol: str
    tag: str
    sentence: str = ""


def standing(diary: Diary | None, now: datetime) -> Standing:
    """In one word, for a list and for the head of a page."""
    if diary is None:
        return Standing("", "calendar", _("No diary"))
    until = diary.counts_until
    is_old = until is not None and until <= now
    if diary.tried_at is None:
        return Standing("wait", "hourglass", _("Is being read"), _("This takes less than a minute."))
    if diary.trouble is not None:
        return Standing("no", "warn", _("Not read"), str(TROUBLE[diary.trouble]))
    if is_old:
        return Standing("wait", "clock", _("Too old"))
    return Standing("ok", "check", _("Read"))


def source_said(diary: Diary) -> str:
    """Where it comes from; of an address only the host, because the rest may be a secret."""
    if diary.kind is DiaryKind.ADDRESS:
        return _("The address at %(host)s, every hour", host=host_of(diary.address))
    return _("A file that was handed in")


def dates_said(count: int) -> str:
    return ngettext("%(num)d date", "%(num)d dates", count)


def skipped_said(skipped: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """What was left out and why: what the house should look at, and what it meant so."""
    sentences: dict[Skipped, str] = {}
    for why in Skipped:
        if count := skipped.get(why.value, 0):
            sentences[why] = _skipped(why, count)
    heed = [words for why, words in sentences.items() if why not in AS_MEANT]
    return heed, [words for why, words in sentences.items() if why in AS_MEANT]


def _skipped(why: Skipped, count: int) -> str:
    return {
        Skipped.FREE: lambda: ngettext(
            "%(num)d is shown as free in your diary.", "%(num)d are shown as free in your diary.", count
        ),
        Skipped.CANCELLED: lambda: ngettext("%(num)d is cancelled.", "%(num)d are cancelled.", count),
        Skipped.OTHER_DAYS: lambda: ngettext(
            "%(num)d is past, or more than 18 months ahead.", "%(num)d are past, or more than 18 months ahead.", count
        ),
        Skipped.NO_LENGTH: lambda: ngettext(
            "%(num)d begins and ends at the same moment.", "%(num)d begin and end at the same moment.", count
        ),
        Skipped.RULE: lambda: ngettext(
            "%(num)d comes back in a way that we do not read (more than once a day). Put it in your week here.",
            "%(num)d come back in a way that we do not read (more than once a day). Put them in your week here.",
            count,
        ),
        Skipped.CUT_OFF: lambda: ngettext(
            "%(num)d series is longer than %(most)d dates. What comes after those does not count.",
            "%(num)d series are longer than %(most)d dates. What comes after those does not count.",
            count,
            most=MOST_DATES_OF_A_RULE,
        ),
        Skipped.UNREADABLE: lambda: ngettext(
            "%(num)d has no start or a wrong time. We could not read it.",
            "%(num)d have no start or a wrong time. We could not read them.",
            count,
        ),
        Skipped.ZONE: lambda: ngettext(
            "%(num)d names a time zone that we do not know. We read it as the time in Ghent.",
            "%(num)d name a time zone that we do not know. We read them as the time in Ghent.",
            count,
        ),
    }[why]()
