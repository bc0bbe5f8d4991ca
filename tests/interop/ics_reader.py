"""Reads a calendar on standard input with ics (ics.py), and prints what it understood."""

import json
import sys

from ics import Calendar


def moment(read, *, is_day):
    return read.date().isoformat() if is_day else read.timestamp()


sys.stdout.write(
    json.dumps(
        [
            {
                "uid": one.uid,
                "starts": moment(one.begin, is_day=one.all_day),
                "ends": moment(one.end, is_day=one.all_day),
            }
            for one in Calendar(sys.stdin.buffer.read().decode()).events
        ]
    )
)
