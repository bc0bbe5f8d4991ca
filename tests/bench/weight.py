"""What the landing page weighs for a phone that was never there, counted in a real browser where it meets the line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser

from tests.bench.table import Figure, at_most
from tests.chromium import chromium
from tests.running import Site

KIB = 1024
MOST_REQUESTS, MOST_KIB, MOST_HTML_KIB = 14, 140, 20
SETTLED_MILLISECONDS = 1500


@dataclass
class Bill:
    """What went over the line: per request what it was for and, once it is in, how many bytes, headers included."""

    kinds: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def asked(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.kinds[event["requestId"]] = event.get("type", "")
            self.addresses[event["requestId"]] = event["request"]["url"]

    def arrived(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.kinds:
            self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    @property
    def html(self) -> int:
        return sum(size for number, size in self.sizes.items() if self.kinds[number] == "Document")


def bill_of(browser: Browser, url: str) -> Bill:
    """Open a page with an empty cache, wait until everything is there, and add it up."""
    context = browser.new_context(locale="nl-BE", viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    bill = Bill()
    line.on("Network.requestWillBeSent", bill.asked)
    line.on("Network.loadingFinished", bill.arrived)
    line.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(SETTLED_MILLISECONDS)
    context.close()
    return bill


def weight(site: Site, _floor: Site) -> Iterator[Figure]:
    """The landing page with every place on it: tiles off, all else counted."""
    with chromium() as browser:
        bill = bill_of(browser, f"{site.url}/")
    missing = [address for number, address in bill.addresses.items() if number not in bill.sizes]
    assert not missing, f"did not arrive: {missing}"
    yield at_most("landing page: requests", len(bill.sizes), MOST_REQUESTS, "")
    yield at_most("landing page: over the line", sum(bill.sizes.values()) / KIB, MOST_KIB, "KiB", digits=1)
    yield at_most("landing page: its HTML", bill.html / KIB, MOST_HTML_KIB, "KiB", digits=1)
