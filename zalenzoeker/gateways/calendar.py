"""iCalendar: feeds and the file attached to a letter, written from plain entries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from icalendar import Calendar, vCalAddress, vDuration, vText, vUri

from zalenzoeker.domain.slots import Slot
from zalenzoeker.gateways.calendar_lines import (
    ESCAPES,
    TIMEZONE,
    address_line,
    as_address,
    day_lines,
    description_line,
    on_one_line,
    stamp_lines,
    text_line,
    time_lines,
    uid_line,
)

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

PRODUCT = "-//Zalenzoeker//Zalenzoeker//NL"
# Raised with every change of how a feed is written, so that none is kept as it was written before.
FORM = 3
# The address of the site may change, a UID never: with a new one every subscriber would see each date twice.
UID_SUFFIX = "@zalenzoeker"
POLL_EVERY = timedelta(hours=1)
LETTER_HEAD = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\nCALSCALE:GREGORIAN\r\nMETHOD:"
END = "END:VCALENDAR\r\n"
ORGANIZERS_KEPT = 64


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
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _Text(on_one_line(name)))
    calendar.add("x-wr-calname", _Text(on_one_line(name)))
    calendar.add("x-wr-caldesc", _Text(on_one_line(description)))
    calendar.add("refresh-interval", vDuration(POLL_EVERY, {"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(POLL_EVERY))
    if source:
        calendar.add("source", vUri(as_address(source), params={"VALUE": "URI"}))
    calendar.add("url", vUri(as_address(url)))
    head = bytes(calendar.to_ical(sorted=False)).decode().removesuffix(END)
    return "".join([head, TIMEZONE, *[_published(entry, cancelled_prefix) for entry in ordered], END]).encode()


class _Text(vText):
    """The library takes a backslash before a capital N for a line break; here a text means what it says."""

    def to_ical(self) -> bytes:
        return self.translate(ESCAPES).encode()


def invitation(
    entry: Entry, *, method: Method, organizer: str, organizer_name: str, attendee: str, cancelled_prefix: str
) -> bytes:
    """One date for a letter; the letter's part must name the same ``method``.

    ``organizer`` and ``attendee`` are e-mail addresses; a PUBLISH names no attendee. A CANCEL is written as cancelled,
    and its ``sequence`` must be higher than that of the REQUEST before it.
    """
    written = replace(entry, is_cancelled=entry.is_cancelled or method == "CANCEL")
    people = _organizer(organizer, organizer_name)
    if method != "PUBLISH":
        people += address_line("ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto", attendee)
    return _letter([_date(written, cancelled_prefix, people)], method)


def announcement(entries: Iterable[Entry], *, organizer: str, organizer_name: str, cancelled_prefix: str) -> bytes:
    """Several dates for a letter, in one file with the method PUBLISH, earliest first.

    A REQUEST or a CANCEL may speak of one UID only (RFC 5546, 3.2.2 and 3.2.5), and each of our dates has its own. A
    date that fell away is written as cancelled, with a higher ``sequence`` than before.
    """
    ordered = sorted(entries, key=lambda entry: (entry.slot.from_epoch, entry.uid))
    people = _organizer(organizer, organizer_name)
    return _letter([_date(one, cancelled_prefix, people) for one in ordered], "PUBLISH")


@lru_cache(maxsize=ORGANIZERS_KEPT)
def _organizer(address: str, name: str) -> str:
    """Who invites, as the library writes it: it knows which names stand between quotes."""
    calendar, words = Calendar(), on_one_line(name).replace('"', "'")
    named = {"CN": words} if words else {}
    calendar.add("organizer", vCalAddress(f"mailto:{as_address(address)}", params=named))
    written = bytes(calendar.to_ical(sorted=False)).decode()
    return written.removeprefix("BEGIN:VCALENDAR\r\n").removesuffix(END)


def _letter(events: Iterable[str], method: Method) -> bytes:
    return "".join([f"{LETTER_HEAD}{method}\r\n", TIMEZONE, *events, END]).encode()


def _published(entry: Entry, cancelled_prefix: str) -> str:
    return _date(entry, cancelled_prefix, "CLASS:PRIVATE\r\n" if entry.is_private else "CLASS:PUBLIC\r\n")


def _date(entry: Entry, cancelled_prefix: str, last: str) -> str:
    """One date, line by line: the library would take thirty times as long. ``last``: the lines at its end."""
    summary = f"{cancelled_prefix} {entry.summary}" if entry.is_cancelled else entry.summary
    times = day_lines(entry.slot) if entry.is_whole_days else time_lines(entry.slot)
    return (
        f"BEGIN:VEVENT\r\n{uid_line(entry.uid + UID_SUFFIX)}{stamp_lines(entry.stamp)}"
        f"SEQUENCE:{entry.sequence}\r\n{times}{text_line('SUMMARY', summary)}"
        f"{_standing(entry)}{_what_is_known(entry)}{last}END:VEVENT\r\n"
    )


def _standing(entry: Entry) -> str:
    if entry.is_cancelled:
        return "STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n"
    status = "TENTATIVE" if entry.is_tentative else "CONFIRMED"
    return f"STATUS:{status}\r\nTRANSP:TRANSPARENT\r\n" if entry.is_free else f"STATUS:{status}\r\n"


def _what_is_known(entry: Entry) -> str:
    found = description_line(entry.description) if entry.description else ""
    if entry.location:
        found += text_line("LOCATION", entry.location)
    if entry.lat is not None and entry.lon is not None:
        found += f"GEO:{entry.lat};{entry.lon}\r\n"
    if entry.url:
        found += address_line("URL", entry.url)
    if entry.categories:
        found += text_line("CATEGORIES", *entry.categories)
    return found
