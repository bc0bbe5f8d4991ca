"""Reads a calendar on standard input with ics (ics.py), and prints what it understood."""

import json
import sys

from ics import Calendar

sys.stdout.write(
    json.dumps(
        [
            {"uid": one.uid, "starts": one.begin.timestamp(), "ends": one.end.timestamp()}
            for one in Calendar(sys.stdin.buffer.read().decode()).events
        ]
    )
)
