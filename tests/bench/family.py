"""A process and everything it started: how much memory and how much of the processor they took (Linux only)."""

import os
from pathlib import Path

KIB_IN_MIB = 1024
PROC = Path("/proc")


def _stat(pid: int | str) -> list[str]:
    """The fields of a process after its name, as proc(5) counts them from the third."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """This process, what it started, what they started, and so on."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            parent = int(_stat(folder.name)[1])
        except OSError:  # It ended while we looked.
            continue
        children.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def pss(pid: int) -> float:
    """The memory of a process in MiB, what it shares with others divided among them."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / KIB_IN_MIB


def processor_seconds(pid: int) -> float:
    """How long a process and its family kept the processor busy so far, in seconds."""
    ticks = sum(int(ticks) for one in family(pid) for ticks in _stat(one)[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")
