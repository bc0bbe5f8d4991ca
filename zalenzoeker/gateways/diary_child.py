"""The process that reads a diary: it sets its own limits, reads from its input, and writes what it found as JSON."""

import json
import resource
import sys

from zalenzoeker.domain.diaries import LARGEST_BYTES, MOST_MEBIBYTES, MOST_SECONDS
from zalenzoeker.gateways import diary_dates
from zalenzoeker.gateways.diary_lines import Unfit

TOO_HEAVY_EXIT = 3


def limit() -> None:
    """From now on this process has so many seconds of the processor and so much memory, and writes no file."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    most = MOST_MEBIBYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(first: int, last: int) -> int:
    """Read one diary; ``first`` and ``last`` in epoch seconds. Returns how the process ends."""
    limit()
    try:
        found = diary_dates.read(sys.stdin.buffer.read(LARGEST_BYTES + 1), first, last)
        told = {"times": found.times, "dates": found.dates, "skipped": found.skipped}
    except Unfit as unfit:
        told = {"trouble": unfit.trouble.value}
    except (MemoryError, RecursionError):
        return TOO_HEAVY_EXIT
    sys.stdout.write(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
