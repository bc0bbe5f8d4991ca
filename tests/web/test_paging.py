"""Long lists a page at a time: what one asked oneself, and what waits for a desk."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, SATURDAY, at, make_an, make_request, make_room
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage import accounts
from zalenzoeker.web import desk, paging

UNLIMITED = Visitor(is_limited=False)


@pytest.fixture
def many(drongen):
    """One request more than stands on a page, in an hour of their own each."""
    rules = {RuleName.OPEN_REQUESTS: 1000}
    room, by = make_room("hal", venue=drongen.venue, rules=rules), make_an()
    for number in range(paging.ROWS + 1):
        day = SATURDAY + timedelta(days=number // 10)
        slot = at(f"{9 + number % 10:02}:00", f"{10 + number % 10:02}:00", day)
        asked = NOW + timedelta(minutes=number)
        make_request(room=room, slot=slot, by=by, visitor=UNLIMITED, now=asked, activity=f"Nummer {number}")


def numbers(page) -> list[int]:
    return sorted(int(words.split()[1]) for words, _address in page.links if words.startswith("Nummer "))


def test_own_requests_come_a_page_at_a_time_what_is_last_first(app, many):
    an = Browser(app, accounts.by_email("an@harmonie.example"))
    page = an.opens("accounts.mine")
    assert numbers(page) == list(range(1, paging.ROWS + 1))
    page = page.clicks("Show more")
    assert numbers(page) == [0]
    assert numbers(page.clicks("Back")) == list(range(1, paging.ROWS + 1))


def test_what_waits_for_a_desk_comes_a_page_at_a_time_what_is_due_first(app, many):
    marcel = Browser(app, accounts.by_email("marcel@drongen.example"))
    page = marcel.opens("desk.inbox")
    assert page.heading == dutch("%(num)d requests wait for you", num=paging.ROWS + 1)
    seen = [numbers(page)]
    for _more in range(paging.ROWS // desk.MOST_WAITING):
        page = page.clicks("Show more")
        seen.append(numbers(page))
    assert seen[0] == list(range(desk.MOST_WAITING))
    assert [number for some in seen for number in some] == list(range(paging.ROWS + 1))


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "1e3", "9" * 40, ""])
def test_page_that_is_none_is_the_first(app, many, number):
    an = Browser(app, accounts.by_email("an@harmonie.example"))
    assert numbers(an.opens("accounts.mine", blad=number)) == list(range(1, paging.ROWS + 1))


def test_page_beyond_the_last_leads_back(app, many):
    an = Browser(app, accounts.by_email("an@harmonie.example"))
    page = an.opens("accounts.mine", blad=3)
    assert numbers(page) == []
    assert numbers(page.clicks("Back")) == [0]
