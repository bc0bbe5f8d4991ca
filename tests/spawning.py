"""Programs that the tests start: none outlives the test run, whatever ends that."""

import os
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from zalenzoeker.gateways.processes import die_with_parent


def start(command: Sequence[str | Path], **options: Any) -> "subprocess.Popen[Any]":
    """Start a program, as `subprocess.Popen` does with these options; the system ends it when this process is gone."""
    # Other threads may hold locks at the moment of the fork, and the child would wait for those for ever. Between fork
    # and exec it only asks the system two things (prctl, getppid), and neither takes a lock.
    tied = partial(die_with_parent, os.getpid())
    return subprocess.Popen(command, preexec_fn=tied, **options)  # noqa: PLW1509 -- it takes no lock, as told above
