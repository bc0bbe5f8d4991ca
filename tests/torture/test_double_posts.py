"""A double click, a retry, two tabs: the same form posted four times at the same moment is one request."""

import threading

import pytest

from tests.torture import proofs
from tests.torture.caller import Caller, filled_in, form_of
from tests.torture.stage import address_of, hours, make_asker, make_hall, size

pytestmark = [pytest.mark.torture, pytest.mark.both]

KEYS = 250
AT_ONCE = 4


def browsers(port, token, address):
    """One visit over four connections, and the form as it was opened."""
    first = Caller(port).sign_in(token)
    form = first.get(address).hidden
    others = [Caller(port) for _ in range(AT_ONCE - 1)]
    for other in others:
        other.cookies = first.cookies
        other.get("/healthz")
    return [first, *others], form


def post_at_once(callers, address, forms):
    """Each sends every form, all of them at the same moment. Returns the answers form by form."""
    barrier = threading.Barrier(len(callers))
    answers = [[] for _ in callers]

    def post_all(caller, mine):
        for fields in forms:
            barrier.wait()
            mine.append(caller.post(address, fields))

    threads = [threading.Thread(target=post_all, args=pair) for pair in zip(callers, answers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(zip(*answers, strict=True))


def test_form_posted_four_times_at_once(start_site, database, tell):
    room = make_hall()
    address = form_of(address_of(room))
    token = make_asker(1)
    site = start_site()
    callers, form = browsers(site.port, token, address)
    forms = [
        filled_in(form, day=day, starts=starts, ends=ends, key=f"double-{place}")
        for place, (day, starts, ends) in zip(range(size(KEYS)), hours(), strict=False)
    ]

    answers = post_at_once(callers, address, forms)
    for caller in callers:
        caller.close()

    requests = proofs.number(database, "SELECT count(*) FROM request")
    letters = proofs.number(database, "SELECT count(*) FROM letter")
    slowest = max(answer.seconds for four in answers for answer in four)
    tell(
        "double posts",
        f"{len(forms)} keys x {AT_ONCE}",
        requests=requests,
        letters=letters,
        slowest=f"{slowest * 1000:.0f} ms",
    )
    assert [[answer.status for answer in four] for four in answers] == [[302] * AT_ONCE] * len(forms)
    assert [four for four in answers if len({answer.location for answer in four}) != 1] == []
    assert len({four[0].location for four in answers}) == len(forms)
    assert (requests, letters) == (len(forms), 2 * len(forms))
    assert proofs.faults(database) == []
    assert site.words == ""
