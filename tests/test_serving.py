"""`python -m zalenzoeker`: the site and its worker as `make run` starts them, on an empty database."""

import http.client
import json
import signal
import sys
import time

import pytest

from tests import running
from tests.running import Program
from zalenzoeker.gateways.processes import LOOPBACK

PATIENCE = 60


def health(port):
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, http.client.HTTPException):
        return None, None
    finally:
        connection.close()


@pytest.fixture
def site(tmp_path):
    """The site with its worker as a demonstration on a database that is not there yet, and its port."""
    port = running.free_port()
    database = f"sqlite:///{tmp_path}/zalenzoeker.db"
    environ = running.environment(DATABASE_URL=database, DEMO="1", PORT=str(port))
    with Program([sys.executable, "-m", "zalenzoeker"], environ, tmp_path / "log") as program:
        yield program, port


def test_site_and_worker_run_together_from_an_empty_database_until_told_to_stop(site):
    program, port = site
    until = time.monotonic() + PATIENCE
    while health(port)[0] != 200:
        assert time.monotonic() < until, program.last_words
        time.sleep(0.1)
    said = program.words
    assert f"Zalenzoeker runs at http://127.0.0.1:{port}   (Ctrl-C stops it)" in said.splitlines()
    assert len([line for line in said.splitlines() if line.startswith("  ") and "@" in line]) > 1
    assert said.rstrip().endswith(f"The letters it would send: http://127.0.0.1:{port}/demo/postvak")
    program.process.send_signal(signal.SIGINT)
    assert program.process.wait(PATIENCE) == 0
    assert health(port) == (None, None)
    assert "Traceback" not in program.words
