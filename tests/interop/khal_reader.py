"""Lets khal take in a calendar on standard input, and prints what its list shows."""

import json
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

SETTINGS = """\
[calendars]
[[zalen]]
path = {folder}/zalen
[locale]
local_timezone = Europe/Brussels
default_timezone = Europe/Brussels
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = zalen
"""


def moment(words: str, days: int = 0) -> int | str:
    """A day without hours as a day; khal says the last one, a calendar the one after it."""
    if len(words) == len("2026-11-04"):
        return (date.fromisoformat(words) + timedelta(days=days)).isoformat()
    return int(datetime.fromisoformat(words).replace(tzinfo=ZoneInfo("Europe/Brussels")).timestamp())


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "zalen").mkdir()
    (folder / "config").write_text(SETTINGS.format(folder=folder))
    (folder / "feed.ics").write_bytes(sys.stdin.buffer.read())
    khal = ["khal", "--config", str(folder / "config")]
    subprocess.run([*khal, "import", "--batch", str(folder / "feed.ics")], check=True, stdout=subprocess.DEVNULL)
    list_all = ["list", "--once", "--day-format", "", "--format", "{uid}\t{start-long}\t{end-long}"]
    listed = subprocess.run([*khal, *list_all, sys.argv[1], sys.argv[2]], check=True, capture_output=True, text=True)
found = {tuple(line.split("\t")) for line in listed.stdout.splitlines() if line.count("\t") == 2}
events = [{"uid": uid, "starts": moment(starts), "ends": moment(ends, 1)} for uid, starts, ends in found]
sys.stdout.write(json.dumps(events))
