"""The processes: they run together, end together, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zalenzoeker.gateways.processes import is_free, run_together

ROOT = Path(__file__).parents[2]
PATIENCE = 10

# A command that writes its own process id and that of a child of its own, and goes on until it is ended.
FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1] + ".new", "w").write(f"{os.getpid()} {child.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(60)
"""

SUPERVISOR = """
import sys
from zalenzoeker.gateways.processes import run_together
family = [sys.executable, "-c", sys.argv[1]]
commands = {name: [*family, f"{sys.argv[2]}/{name}"] for name in ("site", "worker")}
sys.exit(run_together(commands, on_stop=lambda: print("stopping"), grace=3))
"""


def wait_until(holds):
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"Nothing came of it within {PATIENCE} s."
        time.sleep(0.02)


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def supervisor(tmp_path):
    """A supervisor in a process of its own, and the ids of all that it started and they started."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, FAMILY, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: (tmp_path / "site").exists() and (tmp_path / "worker").exists())
    pids = {name: [int(pid) for pid in (tmp_path / name).read_text().split()] for name in ("site", "worker")}
    yield process, pids
    process.kill()
    for pid in pids["site"] + pids["worker"]:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_run_together_when_told_to_stop_ends_all_and_says_so(supervisor, order):
    process, pids = supervisor
    process.send_signal(order)
    assert (process.communicate(timeout=PATIENCE)[0], process.returncode) == ("stopping\n", 0)
    assert [pid for pid in pids["site"] + pids["worker"] if is_alive(pid)] == []


def test_run_together_when_one_is_killed_ends_the_other(supervisor):
    process, pids = supervisor
    os.kill(pids["worker"][0], signal.SIGKILL)
    assert (process.communicate(timeout=PATIENCE)[0], process.returncode) == ("", 1)
    assert [pid for pid in pids["site"] + pids["worker"] if is_alive(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a child that its parent was killed.")
def test_run_together_when_killed_outright_takes_its_children_along(supervisor):
    process, pids = supervisor
    process.kill()
    wait_until(lambda: not is_alive(pids["site"][0]) and not is_alive(pids["worker"][0]))


def test_run_together_when_one_ends_passes_on_its_status():
    heard = []
    status = run_together(
        {"site": [sys.executable, "-c", "raise SystemExit(3)"], "worker": [sys.executable, "-c", "input()"]},
        on_death=lambda name, code: heard.append((name, code)),
        environ=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert status in {1, 3}
    assert heard in ([("site", 3)], [("worker", 1)])


def test_run_together_announces_once_that_it_is_ready():
    answers = iter([False, False, True, True, True])
    told = []
    run_together(
        {"site": [sys.executable, "-c", "import time; time.sleep(0.8)"]},
        is_ready=lambda: next(answers, True),
        on_ready=lambda: told.append("ready"),
    )
    assert told == ["ready"]


def test_run_together_gives_the_former_handlers_back():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    run_together({"site": [sys.executable, "-c", ""]})
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_port_that_is_taken_is_not_free(tmp_path):
    server = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    port = int(server.stdout.readline())
    assert is_free(port) is False
    server.communicate("\n")
    assert is_free(port) is True
