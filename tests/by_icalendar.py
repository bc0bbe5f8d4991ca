"""Dates as the library icalendar writes them: slowly, and what ours are compared with."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri
from icalendar.cal import Component

from zalenzoeker.domain.slots import BRUSSELS, NotASlot, Slot, check_on_the_clock
from zalenzoeker.gateways.calendar import PRODUCT, UID_SUFFIX, Entry, Method
from zalenzoeker.gateways.calendar_lines import ESCAPES, TIMEZONE, as_address, on_one_line, with_line_breaks


class Text(vText):
    """The library takes a backslash before a capital N for a line break; here a text means what it says."""

    def to_ical(self) -> bytes:
        return self.translate(ESCAPES).encode()


def published(entry: Entry, cancelled_prefix: str) -> bytes:
    """A date of a feed."""
    event = _event(entry, cancelled_prefix)
    event.add("class", "PRIVATE" if entry.is_private else "PUBLIC")
    return bytes(event.to_ical(sorted=False))


def letter(
    entries: Iterable[Entry],
    method: Method,
    *,
    organizer: str,
    organizer_name: str,
    cancelled_prefix: str,
    attendee: str = "",
) -> bytes:
    """The file of a letter."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(TIMEZONE))
    for entry in entries:
        event = _event(replace(entry, is_cancelled=entry.is_cancelled or method == "CANCEL"), cancelled_prefix)
        event.add("organizer", _mailbox(organizer, {"CN": on_one_line(organizer_name).replace('"', "'")}))
        if method != "PUBLISH":
            event.add("attendee", _mailbox(attendee, {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}))
        calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _event(entry: Entry, cancelled_prefix: str) -> Event:
    event = Event()
    stamp = entry.stamp.astimezone(UTC).replace(microsecond=0)
    starts, ends = _moments(entry.slot)
    if entry.is_whole_days:
        starts, ends = entry.slot.starts.date(), entry.slot.ends.date()
    summary = f"{cancelled_prefix} {entry.summary}" if entry.is_cancelled else entry.summary
    event.add("uid", Text(as_address(entry.uid) + UID_SUFFIX))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", entry.sequence)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", Text(on_one_line(summary)))
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
        event.add("description", Text(with_line_breaks(entry.description)))
    if entry.location:
        event.add("location", Text(on_one_line(entry.location)))
    if entry.lat is not None and entry.lon is not None:
        event.add("geo", (entry.lat, entry.lon))
    if entry.url:
        event.add("url", vUri(as_address(entry.url)))
    if entry.categories:
        event.add("categories", [Text(on_one_line(category)) for category in entry.categories])


def _moments(slot: Slot) -> tuple[datetime, datetime]:
    """Start and end as wall times of Brussels; in UTC where a wall time does not say which moment is meant."""
    if slot.zone != BRUSSELS or not _is_on_the_clock(slot):
        return slot.starts_at, slot.ends_at
    zone = ZoneInfo(BRUSSELS)
    return slot.starts.replace(tzinfo=zone), slot.ends.replace(tzinfo=zone)


def _is_on_the_clock(slot: Slot) -> bool:
    try:
        check_on_the_clock(slot.starts, slot.zone)
        check_on_the_clock(slot.ends, slot.zone)
    except NotASlot:
        return False
    return True


def _mailbox(address: str, parameters: dict[str, Any]) -> vCalAddress:
    named = {name: value for name, value in parameters.items() if value}
    return vCalAddress(f"mailto:{as_address(address)}", params=named)
