"""An address that a house names: read from the open net alone, whoever plays with names, redirects and patience."""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.gateways import diary_site
from zalenzoeker.domain.diaries import LARGEST_BYTES, Fetched, Trouble, Unchanged
from zalenzoeker.gateways.diary_fetch import Door, addresses_of, fetch, is_open

HOSTS = frozenset({"agenda.example"})
ADDRESS = "https://agenda.example/geheim.ics?sleutel=1"
PATH = "/geheim.ics?sleutel=1"
MARKS = {"ETag": '"een"', "Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with diary_site.running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(server):
    server.answers.clear()
    server.asked.clear()
    return server


def test_diary_fetched_with_its_marks(site):
    site.answers[PATH] = 200, MARKS, b"BEGIN:VCALENDAR"
    found = fetch(ADDRESS, "", "", hosts=HOSTS, door=site.door())
    assert found == Fetched(b"BEGIN:VCALENDAR", '"een"', "Mon, 23 Nov 2026 08:00:00 GMT")
    asked = site.asked[0][1]
    assert (asked["Accept-Encoding"], asked.get("If-None-Match")) == ("identity", None)


def test_diary_that_did_not_change(site):
    site.answers[PATH] = 304, {}, b""
    found = fetch(ADDRESS, '"een"', "Mon", hosts=HOSTS, door=site.door())
    assert isinstance(found, Unchanged)
    asked = site.asked[0][1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"een"', "Mon")


@pytest.mark.parametrize(
    "circumstance, answer, trouble",
    [
        ("gone", (404, {}, b""), Trouble.REFUSED),
        ("only for who signed in", (401, {}, b""), Trouble.REFUSED),
        ("broken over there", (500, {}, b""), Trouble.REFUSED),
        ("unchanged, which nobody asked", (304, {}, b""), Trouble.REFUSED),
        ("too large", (200, {}, b"x" * (LARGEST_BYTES + 1)), Trouble.TOO_LARGE),
        ("hangs up half-way", (200, {"Content-Length": "100"}, b"half"), Trouble.NO_ANSWER),
        (
            "to a host that is not on the list",
            (302, {"Location": "https://elders.example/a"}, b""),
            Trouble.NOT_ALLOWED,
        ),
        ("to this machine", (302, {"Location": "https://127.0.0.1/a"}, b""), Trouble.NOT_ALLOWED),
        ("to another door", (302, {"Location": "https://agenda.example:22/a"}, b""), Trouble.NOT_ALLOWED),
        ("to where nothing is hidden", (302, {"Location": "http://agenda.example/a"}, b""), Trouble.NOT_ALLOWED),
        ("to a file", (302, {"Location": "file:///etc/passwd"}, b""), Trouble.NOT_ALLOWED),
        ("round and round", (302, {"Location": PATH}, b""), Trouble.REFUSED),
    ],
)
def test_answers_that_are_no_diary(site, circumstance, answer, trouble):
    site.answers[PATH] = answer
    assert fetch(ADDRESS, "", "", hosts=HOSTS, door=site.door()) is trouble, circumstance


def test_redirect_on_the_same_host(site):
    site.answers[PATH] = 301, {"Location": "/nieuw.ics"}, b""
    site.answers["/nieuw.ics"] = 200, {}, b"x"
    assert fetch(ADDRESS, "", "", hosts=HOSTS, door=site.door()) == Fetched(b"x")


def test_host_that_was_taken_off_the_list(site):
    assert fetch(ADDRESS, "", "", hosts=frozenset(), door=site.door()) is Trouble.NOT_ALLOWED
    assert site.asked == []


def test_name_that_leads_to_a_private_address_is_not_reached(site):
    def resolve(_host):
        return ["93.184.215.14", "127.0.0.1"]

    door = Door(resolve, is_open, site.port, site.door().context)
    assert fetch(ADDRESS, "", "", hosts=HOSTS, door=door) is Trouble.NOT_ALLOWED
    assert site.asked == []


def test_name_that_means_something_else_a_moment_later(site):
    """The address that was looked at is the one that is reached: the name is asked once for each step."""
    asked = []

    def resolve(host):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    site.answers[PATH] = 200, {}, b"x"
    looked = []
    door = Door(resolve, lambda one: looked.append(one) or True, site.port, site.door().context)
    assert fetch(ADDRESS, "", "", hosts=HOSTS, door=door) == Fetched(b"x")
    assert (asked, looked) == (["agenda.example"], ["127.0.0.1"])


def test_redirect_is_looked_at_again(site):
    site.answers[PATH] = 302, {"Location": "/nieuw.ics"}, b""
    answers = iter([True, False])
    door = site.door(is_open=lambda _one: next(answers))
    assert fetch(ADDRESS, "", "", hosts=HOSTS, door=door) is Trouble.NOT_ALLOWED
    assert [path for path, _headers in site.asked] == [PATH]


def test_certificate_of_another_name(site):
    site.answers["/"] = 200, {}, b"x"
    address = "https://anders.example/"
    assert fetch(address, "", "", hosts={"anders.example"}, door=site.door()) is Trouble.NO_ANSWER


def test_site_that_sends_a_letter_at_a_time(site):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    site.answers[PATH] = drip
    began = time.perf_counter()
    assert fetch(ADDRESS, "", "", hosts=HOSTS, door=site.door(longest=0.5)) is Trouble.NO_ANSWER
    assert time.perf_counter() - began < 4


def test_site_that_greets_a_few_letters_at_a_time(site):
    """Before a word of HTTP is said, while the two agree how to speak in secret."""

    def pour(client, there):
        with suppress(OSError):
            while said := client.recv(4096):
                there.sendall(said)

    def drip(door):
        client, _address = door.accept()
        with client, socket.create_connection(("127.0.0.1", site.port), timeout=10) as there, suppress(OSError):
            threading.Thread(target=pour, args=(client, there), daemon=True).start()
            while said := there.recv(20):
                client.sendall(said)
                time.sleep(0.05)

    site.answers[PATH] = 200, {}, b"x"
    with socket.create_server(("127.0.0.1", 0)) as door:
        dripping = threading.Thread(target=drip, args=(door,), daemon=True)
        dripping.start()
        slow = replace(site.door(longest=0.5), port=door.getsockname()[1])
        began = time.perf_counter()
        assert fetch(ADDRESS, "", "", hosts=HOSTS, door=slow) is Trouble.NO_ANSWER
        assert time.perf_counter() - began < 2
        dripping.join(timeout=10)
    assert site.asked == []


def test_site_that_is_not_there():
    door = Door(lambda _host: ["127.0.0.1"], lambda _one: True, 1)
    assert fetch(ADDRESS, "", "", hosts=HOSTS, door=door) is Trouble.NO_ANSWER


@pytest.mark.parametrize(
    "address, expected",
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("192.0.2.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("2002:7f00:1::1", False),
        ("2001:0:7f00:1::1", False),
        ("agenda.example", False),
    ],
)
def test_addresses_of_the_open_net(address, expected):
    assert is_open(address) is expected


def test_worker_reaches_no_machine_of_its_own():
    """Without a door of its own nobody gets in, whatever the settings say."""
    assert not any(is_open(one) for one in addresses_of("localhost"))
    assert fetch("https://localhost/", "", "", hosts={"localhost"}) is Trouble.NOT_ALLOWED
