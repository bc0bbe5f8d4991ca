"""Reads a calendar on standard input with libical, as Evolution does, and prints what it understood."""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402 -- its version must be chosen first


def components(of, kind):
    one = of.get_first_component(kind)
    while one is not None:
        yield one
        one = of.get_next_component(kind)


def epoch(moment, zones):
    """With the rules of the calendar itself, never with those of this machine; a day without hours as a day."""
    if moment.is_date():
        return f"{moment.get_year()}-{moment.get_month():02}-{moment.get_day():02}"
    name = moment.get_tzid()
    return moment.as_timet_with_zone(ICalGLib.Timezone.get_utc_timezone() if moment.is_utc() else zones[name])


calendar = ICalGLib.Component.new_from_string(sys.stdin.buffer.read().decode())
zones = {}
for part in components(calendar, ICalGLib.ComponentKind.VTIMEZONE_COMPONENT):
    zone = ICalGLib.Timezone.new()
    zone.set_component(part.clone())
    zones[zone.get_tzid()] = zone
sys.stdout.write(
    json.dumps(
        [
            {
                "uid": one.get_uid(),
                "starts": epoch(one.get_dtstart(), zones),
                "ends": epoch(one.get_dtend(), zones),
            }
            for one in components(calendar, ICalGLib.ComponentKind.VEVENT_COMPONENT)
        ]
    )
)
