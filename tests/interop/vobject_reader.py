"""Reads a calendar on standard input with vobject, and prints what it understood."""

import json
import sys
from datetime import datetime

import vobject


def moment(read):
    return read.timestamp() if isinstance(read, datetime) else read.isoformat()


found = []
for calendar in vobject.readComponents(sys.stdin.buffer.read().decode()):
    for one in getattr(calendar, "vevent_list", []):
        starts, ends = one.dtstart.value, one.dtend.value
        found.append({"uid": one.uid.value, "starts": moment(starts), "ends": moment(ends)})
sys.stdout.write(json.dumps(found))
