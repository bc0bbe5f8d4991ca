"""Reads a diary in a process of its own, so that no file can slow down or fill what else runs."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from zalenzoeker.domain.diaries import Reading, Skipped, Trouble
from zalenzoeker.gateways.diary_child import TOO_HEAVY_EXIT

LOG = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent.parent.parent
# The child stops after two seconds of work; on a machine with much else to do those take longer on the clock.
LONGEST_WAIT = 10


def read(raw: bytes, first: int, last: int) -> Reading | Trouble:
    """What a calendar file says of the time between two moments (epoch seconds), or why nothing could be read."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, and two whole numbers
            [sys.executable, "-m", "zalenzoeker.gateways.diary_child", str(first), str(last)],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            timeout=LONGEST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Trouble.TOO_HEAVY
    if done.returncode < 0 or done.returncode == TOO_HEAVY_EXIT:
        return Trouble.TOO_HEAVY
    if done.returncode:
        # What it said may quote the diary, so that only this is written down.
        LOG.error("the reader of diaries ended with %s", done.returncode)
        return Trouble.BROKEN
    told = json.loads(done.stdout)
    if "trouble" in told:
        return Trouble(told["trouble"])
    times = tuple((starts, ends) for starts, ends in told["times"])
    return Reading(times, told["dates"], {Skipped(name): count for name, count in told["skipped"].items()})
