"""Reads a calendar on standard input with vobject, and prints what it understood."""

import json
import sys

import vobject

found = []
for calendar in vobject.readComponents(sys.stdin.buffer.read().decode()):
    for one in getattr(calendar, "vevent_list", []):
        starts, ends = one.dtstart.value, one.dtend.value
        found.append({"uid": one.uid.value, "starts": starts.timestamp(), "ends": ends.timestamp()})
sys.stdout.write(json.dumps(found))
