"""Calendar programs that have nothing to do with ours, and how each is asked what it read."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KEPT = ROOT / "var" / "interop"
PYTHON = KEPT / "venv" / "bin" / "python"
# What a list of dates of khal and calcurse begins and ends with; every date of the scene lies between.
FIRST, LAST = datetime(2026, 7, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)
MAKE = "run `make interop`"

# Identity (None for a program that does not tell it), begin and end in epoch seconds.
Read = list[tuple[str | None, int, int]]


@dataclass(frozen=True)
class Reader:
    """``missing``: what is not there of what it needs, as a sentence that says how to get it; empty when all is."""

    name: str
    language: str
    read: Callable[[bytes], Read]
    missing: Callable[[], str]


def by_icalendar(written: bytes) -> Read:
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(written)).between(FIRST, LAST)
    return _moments((str(one["UID"]), one["DTSTART"].dt, one["DTEND"].dt) for one in events)


def by_ical(written: bytes) -> Read:
    timeline = IcsCalendarStream.calendar_from_ics(written.decode()).timeline
    return _moments((one.uid, one.dtstart, one.dtend) for one in timeline)


def _moments(events) -> Read:
    return [(uid, _epoch(starts), _epoch(ends)) for uid, starts, ends in events]


def _epoch(moment: date) -> int:
    """Of a day without hours, midnight in the zone of the house."""
    if not isinstance(moment, datetime):
        return int(datetime.combine(moment, time(), tzinfo=ZoneInfo("Europe/Brussels")).timestamp())
    assert moment.tzinfo, "a reader lost the zone"
    return int(moment.timestamp())


def node(script: Path, written: bytes) -> list[dict]:
    return _printed([node_program() or "node", script], written)


def by_ical_js(written: bytes) -> Read:
    events = node(HERE.parent / "gateways" / "ical_js_reader.mjs", written)
    assert [one["uid"] for one in events if one["isFloating"]] == []
    return _plain(events)


def by_node_ical(written: bytes) -> Read:
    return _plain(node(HERE / "node_ical_reader.mjs", written))


def _script(name: str, program: Sequence[str | Path], *arguments: str) -> Callable[[bytes], Read]:
    return lambda written: _plain(_printed([*program, HERE / name, *arguments], written))


def _printed(command: Sequence[str | Path], written: bytes) -> list[dict]:
    # A zone far away: a time that is read as floating then gives another moment.
    environment = {"TZ": "Pacific/Auckland", "PATH": os.environ["PATH"], "READERS": str(KEPT), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, input=written, capture_output=True, check=False, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def _plain(events: list[dict]) -> Read:
    return [(one.get("uid"), *(_read(one[edge]) for edge in ("starts", "ends"))) for one in events]


def _read(printed: float | str) -> int:
    return _epoch(date.fromisoformat(printed)) if isinstance(printed, str) else int(printed)


def node_program() -> str | None:
    return shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")


def _never() -> str:
    return ""


def _no_ical_js() -> str:
    if node_program() is None or not (ROOT / "node_modules" / "ical.js").is_dir():
        return "ical.js or node is not there: run `make node_modules/.ready`"
    return ""


def _no_node_ical() -> str:
    return (
        "" if node_program() and (KEPT / "node_modules" / "node-ical").is_dir() else f"node-ical is not there: {MAKE}"
    )


def _not_kept(module: str) -> Callable[[], str]:
    return lambda: "" if any(KEPT.glob(f"venv/lib/*/site-packages/{module}")) else f"{module} is not there: {MAKE}"


def _no_program(packages: str, *trial: str) -> Callable[[], str]:
    """Whether a program of the machine runs as tried; else the Debian packages it comes with."""

    def missing() -> str:
        if shutil.which(trial[0]):
            done = subprocess.run(trial, capture_output=True, check=False, timeout=60)
            if done.returncode == 0:
                return ""
        return f"it is not there; on Debian: apt install {packages}"

    return missing


# Not of the virtual environment: bindings of the system belong to the Python of the system.
SYSTEM_PYTHON = "/usr/bin/python3"
LIBICAL = "import gi; gi.require_version('ICalGLib', '3.0'); from gi.repository import ICalGLib"
SABRE = "require 'Sabre/VObject/autoload.php';"
SPAN = (f"{FIRST:%Y-%m-%d}", f"{LAST:%Y-%m-%d}")
AMERICAN = (f"{FIRST:%m/%d/%Y}", f"{LAST:%m/%d/%Y}")

READERS = (
    Reader("icalendar", "Python", by_icalendar, _never),
    Reader("ical", "Python", by_ical, _never),
    Reader("ical.js", "JavaScript", by_ical_js, _no_ical_js),
    Reader("node-ical", "JavaScript", by_node_ical, _no_node_ical),
    Reader("vobject", "Python", _script("vobject_reader.py", [PYTHON]), _not_kept("vobject")),
    Reader("ics", "Python", _script("ics_reader.py", [PYTHON]), _not_kept("ics")),
    Reader(
        "sabre/vobject",
        "PHP",
        _script("sabre_reader.php", ["php"]),
        _no_program("php-cli php-sabre-vobject", "php", "-r", SABRE),
    ),
    Reader(
        "libical",
        "C",
        _script("libical_reader.py", [SYSTEM_PYTHON]),
        _no_program("python3-gi gir1.2-ical-3.0", SYSTEM_PYTHON, "-c", LIBICAL),
    ),
    Reader(
        "khal",
        "Python",
        _script("khal_reader.py", [SYSTEM_PYTHON], *SPAN),
        _no_program("khal", "khal", "--version"),
    ),
    Reader(
        "calcurse",
        "C",
        _script("calcurse_reader.py", [SYSTEM_PYTHON], *AMERICAN),
        _no_program("calcurse", "calcurse", "--version"),
    ),
)
# These read a feed within a tenth of a second, and are installed with the tests.
FASTEST = READERS[:3]
ENOUGH = 8
