"""The server: the site sees whole requests only, a few at a time, whatever drips."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from tests import running
from zalenzoeker.gateways.processes import answers, site_command
from zalenzoeker.gateways.server import patient

ROOT = Path(__file__).parents[2]
CROWD = 60

PATIENCE = 10

only_linux = pytest.mark.skipif(
    sys.platform != "linux",
    reason="Only Linux ends a process with its parent (prctl), and only there the server forks, as /proc shows.",
)

SITE = """
import os

def app(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Type", "text/plain"), ("X-Process", str(os.getpid()))])
    return [b"%d" % len(body)]
"""

# A site with work beside it, which ends by itself when there is a file called `end`.
SERVER = """
import os, sys
import wsgi
from zalenzoeker.gateways.server import serve_site

def work(stopping):
    print("begun", flush=True)
    while not stopping.wait(0.05) and not os.path.exists("end"):
        pass
    print("ended", flush=True)

serve_site(int(sys.argv[1]), beside=work)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a server with a site of four lines."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "wsgi.py").write_text(SITE)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    server = subprocess.Popen(site_command(port), cwd=folder, env=environ)
    until = time.monotonic() + 20
    while not answers(port, "/"):
        assert time.monotonic() < until, "The server did not answer within 20 s."
        time.sleep(0.05)
    yield port
    server.terminate()
    server.wait(20)


def post(port, body, headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("POST", "/", body=body, headers=dict(headers))
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize(
    "start",
    [
        b"GET / HTTP/1.1\r\nHost: zalen\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: zalen\r\nContent-Length: 5000\r\n\r\n",
    ],
    ids=["headers", "bodies"],
)
def test_server_answers_while_a_crowd_drips(port, start):
    crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(CROWD)]
    try:
        for client in crowd:
            client.sendall(start)
        began = time.monotonic()
        assert [post(port, b"x" * 2000) for _ in range(10)] == [(200, "2000")] * 10
        assert time.monotonic() - began < 5
    finally:
        for client in crowd:
            client.close()


@pytest.mark.parametrize(
    "body, headers",
    [(b"", {}), (b"x" * 3_000_000, {}), ([b"x" * 70_000] * 2, {"Transfer-Encoding": "chunked"})],
    ids=["empty", "large", "in pieces"],
)
def test_server_hands_over_the_whole_body(port, body, headers):
    if isinstance(body, list):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("POST", "/", body=iter(body), headers=headers, encode_chunked=True)
        answer = connection.getresponse()
        given = (answer.status, answer.read().decode())
        connection.close()
    else:
        given = post(port, body, headers)
    assert given == (200, str(len(body if isinstance(body, bytes) else b"".join(body))))


def test_patient_lets_only_some_in_at_once():
    inside, most, lock = [], [], threading.Lock()

    def app(environ, start):
        with lock:
            inside.append(1)
            most.append(len(inside))
        time.sleep(0.02)
        with lock:
            inside.pop()
        return [b""]

    site = patient(app, at_once=3)
    crowd = [threading.Thread(target=site, args=({}, None)) for _ in range(20)]
    for client in crowd:
        client.start()
    for client in crowd:
        client.join()
    assert max(most) == 3


@pytest.mark.parametrize("length, is_read", [("4", True), ("5", False), ("many", False), ("-1", False), ("", False)])
def test_patient_reads_small_bodies_first_and_leaves_others_to_the_site(length, is_read):
    given = BytesIO(b"body")
    environ = {"CONTENT_LENGTH": length, "wsgi.input": given}
    patient(lambda *_: [], read_first=4)(environ, None)
    assert (environ["wsgi.input"] is not given) is is_read
    if is_read:
        assert environ["wsgi.input"].read() == b"body"


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


def process_that_answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return int(connection.getresponse().headers["X-Process"])
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def processes_that_answer(port):
    """The ids of both processes of the site, once there are two."""
    found = set()
    wait_until(lambda: found.add(process_that_answers(port)) or len(found - {None}) == 2)
    return found - {None}


@pytest.fixture
def server(tmp_path):
    """A server with work beside it, its folder, and its port."""
    (tmp_path / "wsgi.py").write_text(SITE)
    port = running.free_port()
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    command = [sys.executable, "-c", SERVER, str(port)]
    server = subprocess.Popen(
        command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    yield server, tmp_path, port
    # A process of it that were left would hold the pipe, and the test would wait for its end for ever.
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_server_when_told_to_stop_ends_its_processes_and_the_work_beside_it(server, order):
    process, _folder, port = server
    pids = processes_that_answer(port)
    process.send_signal(order)
    assert (process.communicate(timeout=PATIENCE)[0], process.returncode) == ("begun\nended\n", 0)
    assert [pid for pid in pids if is_alive(pid)] == []


def test_server_ends_when_the_work_beside_it_does(server):
    process, folder, port = server
    pids = processes_that_answer(port)
    (folder / "end").touch()
    assert (process.communicate(timeout=PATIENCE)[0], process.returncode) == ("begun\nended\n", 1)
    assert [pid for pid in pids if is_alive(pid)] == []


def test_server_starts_a_process_that_died_again(server):
    _process, _folder, port = server
    pids = processes_that_answer(port)
    dead = pids.pop()
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: process_that_answers(port) not in {None, dead, *pids})


@only_linux
def test_server_when_killed_outright_takes_its_processes_along(server):
    process, _folder, port = server
    pids = processes_that_answer(port)
    process.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


@only_linux
def test_server_forks_processes_that_share_the_site(server):
    process, _folder, port = server
    files = [Path(f"/proc/{pid}/cmdline").read_text() for pid in (process.pid, *processes_that_answer(port))]
    assert len(set(files)) == 1
