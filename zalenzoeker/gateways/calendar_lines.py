"""The lines of an iCalendar file: texts and addresses that stay on their line, folded as the library folds them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from icalendar.parser import Contentline

from zalenzoeker.domain.slots import BRUSSELS, NotASlot, Slot, check_on_the_clock

# Written by hand, because the block that the library makes holds a list of dates, and calendar programs read
# ordinary summer events an hour wrong from that.
TIMEZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Brussels
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")
# The hours and the months in which a wall time may be skipped or come twice.
CHANGES_AT, CHANGES_IN = (2, 3), (3, 10)
# So many bytes stand on one line; the next one would be folded.
LONGEST = 74
LINES_KEPT = 4096
# The library names no types here.
LIBRARY_LINE: Callable[[str], Any] = Contentline
LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def folded(line: str) -> str:
    """A line with its end, as the library writes it."""
    if len(line) <= LONGEST and line.isascii():
        return f"{line}\r\n"
    return f"{LIBRARY_LINE(line).to_ical().decode()}\r\n"


@lru_cache(maxsize=LINES_KEPT)
def text_line(name: str, *texts: str) -> str:
    """A property that is text, on one line, or several texts; most dates of a feed have the same ones."""
    return folded(f"{name}:{','.join(on_one_line(text).translate(ESCAPES) for text in texts)}")


@lru_cache(maxsize=LINES_KEPT)
def description_line(words: str) -> str:
    """What may have lines of its own."""
    return folded(f"DESCRIPTION:{with_line_breaks(words).translate(ESCAPES)}")


def uid_line(uid: str) -> str:
    """A text without white space. Each date has its own: none is remembered."""
    return folded(f"UID:{as_address(uid).translate(ESCAPES)}")


def address_line(name: str, words: str) -> str:
    """An address of a page or a mailbox."""
    return folded(f"{name}:{as_address(words)}")


def time_lines(slot: Slot) -> str:
    """Start and end as wall times of Brussels; in UTC where a wall time does not say which moment is meant."""
    if slot.zone != BRUSSELS or not _is_on_the_clock(slot):
        return f"DTSTART:{compact(slot.starts_at)}Z\r\nDTEND:{compact(slot.ends_at)}Z\r\n"
    return f"DTSTART;TZID={BRUSSELS}:{compact(slot.starts)}\r\nDTEND;TZID={BRUSSELS}:{compact(slot.ends)}\r\n"


def day_lines(slot: Slot) -> str:
    """Whole days, from the midnight at which they begin to the one after the last."""
    first, after = f"{slot.starts:%Y%m%d}", f"{slot.ends:%Y%m%d}"
    return f"DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}\r\n"


def stamp_lines(moment: datetime) -> str:
    """When what is written was last changed: an aware moment."""
    stamp = compact(moment.astimezone(UTC))
    return f"DTSTAMP:{stamp}Z\r\nLAST-MODIFIED:{stamp}Z\r\n"


def compact(moment: datetime) -> str:
    """20270116T140000"""
    return moment.isoformat(timespec="seconds")[:19].replace("-", "").replace(":", "")


def _is_on_the_clock(slot: Slot) -> bool:
    """Whether both wall times say which moment is meant; in Brussels the clock changes at night, twice a year."""
    doubtful = [local for local in (slot.starts, slot.ends) if local.hour in CHANGES_AT and local.month in CHANGES_IN]
    try:
        for local in doubtful:
            check_on_the_clock(local, slot.zone)
    except NotASlot:
        return False
    return True


def with_line_breaks(words: str) -> str:
    """Words with plain line breaks and without any other control character."""
    return words if words.isprintable() else DROPPED.sub("", LINE_ENDS.sub("\n", words).replace("\t", " "))


def on_one_line(words: str) -> str:
    return " ".join(with_line_breaks(words).split("\n"))


def as_address(words: str) -> str:
    """An address, which is not escaped: white space and control characters would end it."""
    return "".join(with_line_breaks(words).split())
