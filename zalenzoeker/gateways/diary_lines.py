"""What is kept of a diary before any calendar library sees it: a few lines of each date, and no word of what it is."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from zalenzoeker.domain.diaries import LARGEST_BYTES, MOST_COMPONENTS, MOST_DATES_OF_A_RULE, Skipped, Trouble
from zalenzoeker.domain.slots import BRUSSELS

# Calendar, event, alarm: nothing that takes a room lies deeper.
DEEPEST = 4
LONGEST_LINE = 8_000
KEPT = frozenset(
    {
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "UID",
        "STATUS",
        "TRANSP",
        "SEQUENCE",
    }
)
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
FORBIDDEN = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
MOMENT = re.compile(r"\d{8}(T\d{6}Z?)?\Z", re.ASCII)
PERIOD = re.compile(r"\d{8}T\d{6}Z?/[0-9A-Z+]+\Z", re.ASCII)


class Unfit(Exception):
    """Nothing of this file can be read; says which trouble it is."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass
class Dated:
    """One event: the lines that say when, by the name of each."""

    uid: str = ""
    lines: dict[str, list[str]] = field(default_factory=dict)
    trouble: Skipped | None = None
    has_strange_zone: bool = False

    @property
    def is_override(self) -> bool:
        return "RECURRENCE-ID" in self.lines

    @property
    def repeats(self) -> bool:
        return "RRULE" in self.lines or "RDATE" in self.lines

    @property
    def text(self) -> str:
        lines = [line for lines in self.lines.values() for line in lines]
        return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def read(raw: bytes) -> list[Dated]:
    """Every event of a calendar file. Raises Unfit."""
    text = decoded(raw)
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise Unfit(Trouble.NOT_A_CALENDAR)
    if len(re.findall(r"^BEGIN:", text, re.MULTILINE | re.IGNORECASE)) > MOST_COMPONENTS:
        raise Unfit(Trouble.TOO_MANY)
    return list(_events(text))


def decoded(raw: bytes) -> str:
    """The text of a file, in whichever of the usual alphabets it was written. Raises Unfit."""
    if len(raw) > LARGEST_BYTES:
        raise Unfit(Trouble.TOO_LARGE)
    if raw.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise Unfit(Trouble.ZIPPED)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    if "\0" in text:
        raise Unfit(Trouble.NOT_A_CALENDAR)
    return text


def _events(text: str) -> Iterator[Dated]:
    """Events in order; a file that stops half-way is refused, because half a diary would call the rest free."""
    open_parts: list[str] = []
    event: Dated | None = None
    for line in _unfolded(text):
        name = line[:6].upper()
        if name == "BEGIN:":
            open_parts.append(line[6:].strip().upper())
            if len(open_parts) > DEEPEST or (len(open_parts) == 1 and open_parts[0] != "VCALENDAR"):
                raise Unfit(Trouble.BROKEN)
            if open_parts == ["VCALENDAR", "VEVENT"]:
                event = Dated()
        elif line[:4].upper() == "END:":
            if not open_parts or open_parts.pop() != line[4:].strip().upper():
                raise Unfit(Trouble.BROKEN)
            if event is not None and open_parts == ["VCALENDAR"]:
                _judge(event)
                yield event
                event = None
        elif event is not None and len(open_parts) == 2:
            _keep(event, line)
    if open_parts:
        raise Unfit(Trouble.BROKEN)


def _unfolded(text: str) -> Iterator[str]:
    """Lines as they were before they were folded; of a line that nobody needs only its beginning is kept."""
    parts: list[str] = []
    size = 0
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in (" ", "\t"):
            size += len(line)
            if size <= LONGEST_LINE:
                parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        # One more than is allowed tells that it was longer.
        parts, size = [line[: LONGEST_LINE + 1]], len(line)
    if parts:
        yield "".join(parts)


def _keep(event: Dated, line: str) -> None:
    head, colon, value = line.partition(":")
    while colon and head.count('"') % 2:
        more, colon, value = value.partition(":")
        head = f"{head}:{more}"
    name, *given = head.split(";")
    name = name.strip().upper()
    if name not in KEPT or not colon:
        return
    value = value.strip()
    if name == "UID":
        event.uid = value
        return
    if len(line) >= LONGEST_LINE:
        event.trouble = Skipped.UNREADABLE
        return
    kept = [name]
    for one in given:
        what, _, words = one.partition("=")
        if what.strip().upper() == "TZID":
            zone, is_known = zone_of(words.strip().strip('"'))
            event.has_strange_zone = event.has_strange_zone or not is_known
            if not value.endswith(("Z", "z")):
                kept.append(f"TZID={zone}")
        elif what.strip().upper() in ("VALUE", "RANGE"):
            kept.append(f"{what.strip().upper()}={words.strip().strip(chr(34)).upper()}")
    event.lines.setdefault(name, []).append(f"{';'.join(kept)}:{value.upper()}")


@lru_cache(maxsize=256)
def zone_of(name: str) -> tuple[str, bool]:
    """The zone a name stands for, and whether it is known: Outlook has names of its own. Unknown ones are Ghent's."""
    known = available_timezones()
    if name in known:
        return name, True
    if name in WINDOWS_TO_OLSON and _is_there(WINDOWS_TO_OLSON[name]):
        return WINDOWS_TO_OLSON[name], True
    for parts in (2, 3):
        tail = "/".join(name.split("/")[-parts:])
        if "/" in tail and tail in known:
            return tail, True
    return BRUSSELS, False


def _is_there(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError):
        return False
    return True


def _judge(event: Dated) -> None:
    """Note why an event cannot be read, before anything tries to."""
    if event.trouble is not None:
        return
    starts = event.lines.get("DTSTART", [])
    once = [line for name in ("DTSTART", "DTEND", "RECURRENCE-ID") for line in event.lines.get(name, [])]
    if len(starts) != 1 or not all(MOMENT.match(line.rpartition(":")[2]) for line in once):
        event.trouble = Skipped.UNREADABLE
        return
    rules = event.lines.get("RRULE", [])
    if event.lines.get("EXRULE") or len(rules) > 1 or not all(_is_fit(line.partition(":")[2]) for line in rules):
        event.trouble = Skipped.RULE
        return
    for name in ("RDATE", "EXDATE"):
        moments = [one for line in event.lines.get(name, []) for one in line.partition(":")[2].split(",")]
        if len(moments) > MOST_DATES_OF_A_RULE:
            event.trouble = Skipped.RULE
        elif not all(MOMENT.match(one) or PERIOD.match(one) for one in moments):
            event.trouble = Skipped.UNREADABLE


def _is_fit(rule: str) -> bool:
    """Does a rule come back once a day at most?"""
    parts = Counter(one.partition("=")[0].strip() for one in rule.split(";") if one)
    values = {name.strip(): value.strip() for name, _, value in (one.partition("=") for one in rule.split(";"))}
    interval = values.get("INTERVAL", "1")
    return (
        values.get("FREQ") in FREQUENCIES
        and not FORBIDDEN & set(parts)
        and max(parts.values()) == 1
        and interval.isascii()
        and interval.isdigit()
        and 0 < int(interval[:9]) < 10_000
    )
