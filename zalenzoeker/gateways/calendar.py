"""iCalendar: feeds and the file attached to a letter, written from plain entries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText, vUri
from icalendar.cal import Component

from zalenzoeker.domain.slots import BRUSSELS, NotASlot, Slot, check_on_the_clock

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

PRODUCT = "-//Zalenzoeker//Zalenzoeker//NL"
# Raised with every change of how a feed is written, so that none is kept as it was written before.
FORM = 3
# The address of the site may change, a UID never: with a new one every subscriber would see each date twice.
UID_SUFFIX = "@zalenzoeker"
POLL_EVERY = timedelta(hours=1)
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
KEPT_RESTS = 4096
PLAIN_UID = re.compile("[0-9A-Za-z_-]{1,55}")
# The hours and the months in which a wall time may be skipped or come twice.
CHANGES_AT, CHANGES_IN = (2, 3), (3, 10)
SAMPLE = Slot(datetime(2027, 1, 16, 14), datetime(2027, 1, 16, 18))
# An address that needs neither folding nor escaping, and one that stands for it where other dates say the same.
SHORT_URL = re.compile(r"[!-~]{1,71}")
URL_MARK = "about:zalenzoeker-page"
MARKED_URL = f"\r\nURL:{URL_MARK}\r\n".encode()
LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class Entry:
    """One date on a calendar; texts are already in the reader's language.

    ``uid``: this date's identity, without a host. ``slot``: the wall time that is written. ``stamp``: the aware moment
    of the row's last change, never "now". ``lat`` and ``lon``: degrees, only for a point that is exact.
    ``is_free``: it takes nothing, so that the moment stays free in the calendars of others. ``is_tentative``: it waits
    for somebody's yes. ``is_private``: for who has this calendar only.
    ``is_whole_days``: without hours, from midnight to midnight.
    """

    uid: str
    slot: Slot
    summary: str
    stamp: datetime
    sequence: int = 0
    is_cancelled: bool = False
    description: str = ""
    location: str = ""
    url: str = ""
    lat: float | None = None
    lon: float | None = None
    categories: tuple[str, ...] = ()
    is_free: bool = False
    is_tentative: bool = False
    is_private: bool = False
    is_whole_days: bool = False


def write(
    entries: Iterable[Entry], *, name: str, description: str, source: str, url: str, cancelled_prefix: str
) -> bytes:
    """A feed: the same bytes for the same entries, whatever their order.

    ``source``: the address of the feed, "" where nobody may read it; ``url``: of the page it belongs to.
    ``cancelled_prefix`` comes before the title of a cancelled date ("Geannuleerd:"), since many programs show such a
    date like any other.
    """
    ordered = sorted(entries, key=lambda entry: (entry.slot.starts, entry.uid))
    calendar = _calendar()
    calendar.add("name", _Text(_line(name)))
    calendar.add("x-wr-calname", _Text(_line(name)))
    calendar.add("x-wr-caldesc", _Text(_line(description)))
    calendar.add("refresh-interval", vDuration(POLL_EVERY, {"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(POLL_EVERY))
    if source:
        calendar.add("source", vUri(_address(source), params={"VALUE": "URI"}))
    calendar.add("url", vUri(_address(url)))
    calendar.add_component(_timezone())
    # Each date is written and forgotten: as objects of the library, a year of a busy room takes twelve megabytes.
    head, end, rest = bytes(calendar.to_ical(sorted=False)).rpartition(b"END:VCALENDAR")
    return b"".join((head, *(_published(entry, cancelled_prefix) for entry in ordered), end, rest))


def _published(entry: Entry, cancelled_prefix: str) -> bytes:
    """One date. What many dates of a feed have in common is written once; the library would take ten times as long."""
    if (
        entry.is_whole_days
        or not PLAIN_UID.fullmatch(entry.uid)
        or entry.slot.zone != BRUSSELS
        or not _is_on_the_clock(entry.slot)
    ):
        return published_by_the_library(entry, cancelled_prefix)
    stamp = _compact(entry.stamp.astimezone(UTC))
    head = (
        f"BEGIN:VEVENT\r\nUID:{entry.uid}{UID_SUFFIX}\r\nDTSTAMP:{stamp}Z\r\nLAST-MODIFIED:{stamp}Z\r\n"
        f"SEQUENCE:{entry.sequence}\r\nDTSTART;TZID={BRUSSELS}:{_compact(entry.slot.starts)}\r\n"
        f"DTEND;TZID={BRUSSELS}:{_compact(entry.slot.ends)}\r\n"
    )
    rest = _rest(_shared(entry), cancelled_prefix)
    if SHORT_URL.fullmatch(entry.url):
        rest = rest.replace(MARKED_URL, b"\r\nURL:" + entry.url.encode() + b"\r\n", 1)
    return head.encode() + rest


class _Shared(NamedTuple):
    """What other dates of a feed may say just so; as in Entry."""

    summary: str
    is_cancelled: bool
    description: str
    location: str
    url: str
    lat: float | None
    lon: float | None
    categories: tuple[str, ...]
    is_free: bool
    is_tentative: bool
    is_private: bool


def _shared(entry: Entry) -> _Shared:
    """What other dates may say as well: whatever their own page is, where its address stands on one line."""
    return _Shared(
        entry.summary,
        entry.is_cancelled,
        entry.description,
        entry.location,
        URL_MARK if SHORT_URL.fullmatch(entry.url) else entry.url,
        entry.lat,
        entry.lon,
        entry.categories,
        entry.is_free,
        entry.is_tentative,
        entry.is_private,
    )


def _compact(moment: datetime) -> str:
    """20270116T140000"""
    return moment.isoformat(timespec="seconds")[:19].replace("-", "").replace(":", "")


@lru_cache(maxsize=KEPT_RESTS)
def _rest(shared: _Shared, cancelled_prefix: str) -> bytes:
    """What follows the times of a date, from its title on, as the library writes it."""
    sample = Entry(uid="sample", slot=SAMPLE, stamp=SAMPLE.starts_at, **shared._asdict())
    _head, title, rest = published_by_the_library(sample, cancelled_prefix).partition(b"\r\nSUMMARY")
    return title.removeprefix(b"\r\n") + rest


def published_by_the_library(entry: Entry, cancelled_prefix: str) -> bytes:
    """The same bytes, slowly: for a date that is unlike others, and to see that they are the same."""
    event = _event(entry, cancelled_prefix)
    event.add("class", "PRIVATE" if entry.is_private else "PUBLIC")
    return bytes(event.to_ical(sorted=False))


def invitation(
    entry: Entry, *, method: Method, organizer: str, organizer_name: str, attendee: str, cancelled_prefix: str
) -> bytes:
    """One date for a letter; the letter's part must name the same ``method``.

    ``organizer`` and ``attendee`` are e-mail addresses; a PUBLISH names no attendee. A CANCEL is written as cancelled,
    and its ``sequence`` must be higher than that of the REQUEST before it.
    """
    written = replace(entry, is_cancelled=entry.is_cancelled or method == "CANCEL")
    event = _event_of(written, organizer, organizer_name, cancelled_prefix)
    if method != "PUBLISH":
        event.add("attendee", _mailbox(attendee, {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}))
    return _letter([event], method)


def announcement(entries: Iterable[Entry], *, organizer: str, organizer_name: str, cancelled_prefix: str) -> bytes:
    """Several dates for a letter, in one file with the method PUBLISH, earliest first.

    A REQUEST or a CANCEL may speak of one UID only (RFC 5546, 3.2.2 and 3.2.5), and each of our dates has its own. A
    date that fell away is written as cancelled, with a higher ``sequence`` than before.
    """
    ordered = sorted(entries, key=lambda entry: (entry.slot.from_epoch, entry.uid))
    return _letter([_event_of(one, organizer, organizer_name, cancelled_prefix) for one in ordered], "PUBLISH")


def _event_of(entry: Entry, organizer: str, organizer_name: str, cancelled_prefix: str) -> Event:
    event = _event(entry, cancelled_prefix)
    event.add("organizer", _mailbox(organizer, {"CN": _line(organizer_name).replace('"', "'")}))
    return event


@cache
def _timezone() -> Component:
    """The rules of the zone, read once: nobody changes what stands in a calendar."""
    return Timezone.from_ical(TIMEZONE)


def _letter(events: Iterable[Event], method: Method) -> bytes:
    calendar = _calendar()
    calendar.add("method", method)
    calendar.add_component(_timezone())
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


class _Text(vText):
    """The library takes a backslash before a capital N for a line break; here a text means what it says."""

    def to_ical(self) -> bytes:
        return self.translate(ESCAPES).encode()


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(entry: Entry, cancelled_prefix: str) -> Event:
    event = Event()
    stamp = entry.stamp.astimezone(UTC).replace(microsecond=0)
    starts, ends = _days(entry.slot) if entry.is_whole_days else _moments(entry.slot)
    summary = f"{cancelled_prefix} {entry.summary}" if entry.is_cancelled else entry.summary
    event.add("uid", _Text(_address(entry.uid) + UID_SUFFIX))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", entry.sequence)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", _Text(_line(summary)))
    event.add("status", _status(entry))
    if entry.is_cancelled or entry.is_free:
        event.add("transp", "TRANSPARENT")
    _add_what_is_known(event, entry)
    return event


def _status(entry: Entry) -> str:
    if entry.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.is_tentative else "CONFIRMED"


def _add_what_is_known(event: Component, entry: Entry) -> None:
    if entry.description:
        event.add("description", _Text(_lines(entry.description)))
    if entry.location:
        event.add("location", _Text(_line(entry.location)))
    if entry.lat is not None and entry.lon is not None:
        event.add("geo", (entry.lat, entry.lon))
    if entry.url:
        event.add("url", vUri(_address(entry.url)))
    if entry.categories:
        event.add("categories", [_Text(_line(category)) for category in entry.categories])


def _days(slot: Slot) -> tuple[date, date]:
    return slot.starts.date(), slot.ends.date()


def _moments(slot: Slot) -> tuple[datetime, datetime]:
    """Start and end as wall times of Brussels; in UTC where a wall time does not say which moment is meant."""
    if slot.zone != BRUSSELS or not _is_on_the_clock(slot):
        return slot.starts_at, slot.ends_at
    zone = ZoneInfo(BRUSSELS)
    return slot.starts.replace(tzinfo=zone), slot.ends.replace(tzinfo=zone)


def _is_on_the_clock(slot: Slot) -> bool:
    """Whether both wall times say which moment is meant; in Brussels the clock changes at night, twice a year."""
    doubtful = [local for local in (slot.starts, slot.ends) if local.hour in CHANGES_AT and local.month in CHANGES_IN]
    try:
        for local in doubtful:
            check_on_the_clock(local, slot.zone)
    except NotASlot:
        return False
    return True


def _mailbox(address: str, parameters: dict[str, Any]) -> vCalAddress:
    named = {name: value for name, value in parameters.items() if value}
    return vCalAddress(f"mailto:{_address(address)}", params=named)


def _lines(words: str) -> str:
    """Words with plain line breaks and without any other control character."""
    return DROPPED.sub("", LINE_ENDS.sub("\n", words).replace("\t", " "))


def _line(words: str) -> str:
    return " ".join(_lines(words).split("\n"))


def _address(words: str) -> str:
    """An address, which is not escaped: white space and control characters would end it."""
    return "".join(_lines(words).split())
