"""The diary a house keeps elsewhere: what of it is taken over, how far it may go, and how long it counts."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from zalenzoeker.domain.slots import add_months, epoch, to_local, to_utc
from zalenzoeker.domain.taken import LONGEST_TAKEN

LARGEST_BYTES = 1024 * 1024
MOST_COMPONENTS = 2_000
MOST_DATES_OF_A_RULE = 400
MOST_TIMES = 5_000
MONTHS_AHEAD = 18
MOST_SECONDS = 2
MOST_MEBIBYTES = 200
LONGEST_ADDRESS = 2_000

READ_EVERY = timedelta(hours=1)
# A day and an hour: one bad night of the other side is forgiven, a second one is not.
ADDRESS_COUNTS_FOR = timedelta(hours=25)
# How long a file counts is what the house says: who exports each week knows it is old after a week, and who plans half
# a year ahead must not lose the room's page each month.
KEEP_DAYS = (7, 30, 90)
USUAL_KEEP_DAYS = 30

Stretch = tuple[int, int]


class DiaryKind(StrEnum):
    """How a diary comes to us."""

    UPLOAD = "upload"
    ADDRESS = "address"


class Trouble(StrEnum):
    """Why nothing at all of a diary was taken over; the first ones are about the file, the last about its address."""

    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_HEAVY = "too_heavy"
    ZIPPED = "zipped"
    NOT_A_CALENDAR = "not_a_calendar"
    BROKEN = "broken"
    NOT_ALLOWED = "not_allowed"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"


class Skipped(StrEnum):
    """Why something in a diary takes no room, or not all of it."""

    FREE = "free"
    CANCELLED = "cancelled"
    OTHER_DAYS = "other_days"
    NO_LENGTH = "no_length"
    RULE = "rule"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"
    ZONE = "zone"


# The house meant these to take no room; of the others it should know that the room seems free where it may not be.
AS_MEANT = frozenset({Skipped.FREE, Skipped.CANCELLED, Skipped.OTHER_DAYS, Skipped.NO_LENGTH})


@dataclass(frozen=True)
class Reading:
    """What a diary says: when the room is taken (epoch seconds, in order, apart), how many dates that were, and what
    was left out. No title, no name, no place: those are never kept.
    """

    times: tuple[Stretch, ...] = ()
    dates: int = 0
    skipped: Mapping[Skipped, int] = field(default_factory=dict)


def window(now: datetime) -> Stretch:
    """The stretch that is read: from last midnight, eighteen months on."""
    today = to_local(now).date()
    return _midnight(today), _midnight(add_months(today, MONTHS_AHEAD))


def _midnight(day: date) -> int:
    return epoch(to_utc(datetime.combine(day, time())))


def joined(times: Iterable[Stretch], first: int, last: int) -> tuple[Stretch, ...]:
    """These stretches between two moments, on whole minutes, in order; what meets or overlaps is one."""
    found: list[Stretch] = []
    for starts, ends in sorted((max(one[0] // 60 * 60, first), min(-(-one[1] // 60) * 60, last)) for one in times):
        if starts >= ends:
            continue
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return tuple(found)


def left_of(times: Sequence[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """What of these stretches (in order, apart) nobody else has, in pieces that the table of what is taken can hold."""
    left: list[Stretch] = []
    held = joined(others, 0, 1 << 40)
    number = 0
    for starts, ends in times:
        at = starts
        while number < len(held) and held[number][1] <= at:
            number += 1
        look = number
        while look < len(held) and held[look][0] < ends:
            if at < held[look][0]:
                left += _pieces(at, held[look][0])
            at = max(at, held[look][1])
            look += 1
        if at < ends:
            left += _pieces(at, ends)
    return left


def _pieces(starts: int, ends: int) -> list[Stretch]:
    return [(at, min(at + LONGEST_TAKEN, ends)) for at in range(starts, ends, LONGEST_TAKEN)]


def counts_until(kind: DiaryKind, read_at: datetime | None, keep_days: int) -> datetime | None:
    """Until when the last reading is believed; None: nothing was ever read, so nothing was ever claimed by it."""
    if read_at is None:
        return None
    return read_at + (ADDRESS_COUNTS_FOR if kind is DiaryKind.ADDRESS else timedelta(days=keep_days))


class NotAnAddress(ValueError):
    """Not an address of a diary that may be read: says which trouble it is."""


def diary_address(words: str, hosts: Collection[str]) -> str:
    """An address as it is kept, from what somebody typed: https, on one of these hosts, at the usual door.

    ``webcal`` is what many programs write for https. Raises NotAnAddress.
    """
    words = words.strip()
    if re.search(r"[\s\x00-\x1f\x7f\\]", words) or not words.isascii() or len(words) > LONGEST_ADDRESS:
        raise NotAnAddress
    try:
        parts = urlsplit(re.sub(r"^webcals?:", "https:", words, flags=re.IGNORECASE))
        door = parts.port
    except ValueError as error:
        raise NotAnAddress from error
    is_plain = parts.username is None and parts.password is None and door in (None, 443)
    if parts.scheme != "https" or not is_plain or (parts.hostname or "") not in hosts:
        raise NotAnAddress
    return urlunsplit(("https", parts.hostname or "", parts.path or "/", parts.query, ""))


def host_of(address: str) -> str:
    """All that is shown of an address: the rest may be a secret of the house."""
    return urlsplit(address).hostname or ""


@dataclass(frozen=True)
class Fetched:
    """What stands at an address; ``etag`` and ``modified``: by which one asks next time whether it is another."""

    raw: bytes
    etag: str = ""
    modified: str = ""


class Unchanged:
    """At an address stands what stood there the last time."""
