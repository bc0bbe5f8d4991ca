"""Several programs that ask at the same moment: each is told its plan, says it is ready, and waits for `go`."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tests import spawning
from tests.running import environment
from zalenzoeker.config import ROOT

Asker = "subprocess.Popen[str]"


@contextmanager
def told_their_plans(program: ModuleType, plans: Iterable[dict[str, Any]]) -> Iterator[list[Asker]]:
    """Start this program once for each plan; all are ready then, and gone at the end."""
    askers = [_start(program, plan) for plan in plans]
    try:
        assert [one.stdout.readline() for one in askers] == ["ready\n"] * len(askers)
        yield askers
    finally:
        for one in askers:
            one.kill()
            one.wait()
            one.stdin.close()
            one.stdout.close()


def _start(program: ModuleType, plan: dict[str, Any]) -> Asker:
    asker = spawning.start(
        [sys.executable, "-m", program.__name__],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    asker.stdin.write(json.dumps(plan) + "\n")
    asker.stdin.flush()
    return asker


def go(askers: Iterable[Asker]) -> None:
    for one in askers:
        one.stdin.write("go\n")
        one.stdin.flush()
