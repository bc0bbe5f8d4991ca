"""Lets calcurse take in a calendar on standard input, and prints what its list shows: no identities."""

import json
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

WHOLE_DAY = "whole day"


def stretches(lines):
    """Calcurse lists a whole day under each of its days: days in a row are one stretch, with the day after its last."""
    found, day = [], None
    for line in lines:
        if line.endswith(":") and line.count("/") == len("//"):
            day = datetime.strptime(line, "%m/%d/%y:").date()
        elif line == WHOLE_DAY and found and found[-1][1] == day:
            found[-1][1] += timedelta(days=1)
        elif line == WHOLE_DAY:
            found.append([day, day + timedelta(days=1)])
    return [{"starts": str(starts), "ends": str(ends)} for starts, ends in found]


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "feed.ics").write_bytes(sys.stdin.buffer.read())
    calcurse = ["calcurse", "-D", str(folder / "kept")]
    (folder / "kept").mkdir()
    subprocess.run([*calcurse, "-i", str(folder / "feed.ics")], check=True, stdout=subprocess.DEVNULL)
    form = "%(start:epoch)\t%(end:epoch)\n"
    listed = subprocess.run(
        [
            *(*calcurse, "-Q", "--filter-type", "cal", "--format-apt", form, "--format-recur-event", f"{WHOLE_DAY}\n"),
            *("--from", sys.argv[1], "--to", sys.argv[2]),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
found = {tuple(line.split("\t")) for line in listed.stdout.splitlines() if line.count("\t") == 1}
events = [{"starts": int(starts), "ends": int(ends)} for starts, ends in sorted(found)]
sys.stdout.write(json.dumps([*events, *stretches(listed.stdout.splitlines())]))
