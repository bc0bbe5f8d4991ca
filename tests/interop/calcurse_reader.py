"""Lets calcurse take in a calendar on standard input, and prints what its list shows: no identities."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "feed.ics").write_bytes(sys.stdin.buffer.read())
    calcurse = ["calcurse", "-D", str(folder / "kept")]
    (folder / "kept").mkdir()
    subprocess.run([*calcurse, "-i", str(folder / "feed.ics")], check=True, stdout=subprocess.DEVNULL)
    form = "%(start:epoch)\t%(end:epoch)\n"
    listed = subprocess.run(
        [*calcurse, "-Q", "--filter-type", "cal", "--format-apt", form, "--from", sys.argv[1], "--to", sys.argv[2]],
        check=True,
        capture_output=True,
        text=True,
    )
found = {tuple(line.split("\t")) for line in listed.stdout.splitlines() if line.count("\t") == 1}
sys.stdout.write(json.dumps([{"starts": int(starts), "ends": int(ends)} for starts, ends in sorted(found)]))
