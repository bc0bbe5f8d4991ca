"""The landing page is light: counted where it meets the line, with everything on it but the tiles."""

from tests.bench.weight import KIB, MOST_HTML_KIB, MOST_KIB, MOST_REQUESTS, bill_of


def test_landing_page_stays_within_its_budget(browser, town):
    bill = bill_of(browser, f"{town.url}/")
    assert sorted(address for number, address in bill.addresses.items() if number not in bill.sizes) == []
    assert len(bill.sizes) <= MOST_REQUESTS, sorted(bill.addresses.values())
    assert sum(bill.sizes.values()) / KIB <= MOST_KIB
    assert 1 < bill.html / KIB <= MOST_HTML_KIB


def test_budget_is_the_one_that_was_agreed():
    assert (MOST_REQUESTS, MOST_KIB, MOST_HTML_KIB) == (14, 140, 20)
