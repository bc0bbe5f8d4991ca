"""The processes: a port is asked for first, and no process is forked while a thread is in the middle of something."""

import subprocess
import sys
from pathlib import Path

from zalenzoeker.gateways.processes import is_free

ROOT = Path(__file__).parents[2]

FORKS = """
import os, threading
from zalenzoeker.gateways.processes import Quiet

said, begun, go_on = [], threading.Event(), threading.Event()
quiet = Quiet(lambda: said.append("let go"))

def work():
    with quiet:
        begun.set()
        go_on.wait()
        said.append("done")

threading.Thread(target=work).start()
begun.wait()
threading.Timer(0.2, go_on.set).start()
child = os.fork()
with quiet:
    if not child:
        os._exit(said != ["done", "let go"])
print(said, os.waitpid(child, 0)[1])
"""


def test_fork_waits_until_it_is_quiet_and_lets_go_first():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS], cwd=ROOT, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"['done', 'let go'] 0\n", b"")


def test_port_that_is_taken_is_not_free():
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
