"""A yes from the mail, from the tap in the letter to the page that says so, on a phone that was never there."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator

from tests.bench.ground import demonstration
from tests.bench.table import Figure, at_most
from tests.bench.weight import KIB, Bill
from tests.browser import dutch
from tests.builders import NOW
from tests.chromium import chromium
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services import demo_wishes
from zalenzoeker.services.demo_facts import ASSOCIATIONS, DRONGEN
from zalenzoeker.storage import letters, requests

MOST_TAPS, MOST_KIB = 3, 60
ROOM, MAILBOX, NAME = f"{DRONGEN}/zaal-open-huis", f"{DRONGEN}@demo.example", "Marcel De Smet"


@dataclass
class Decided:
    """What it took: the taps, the one in the letter too, and what went over the line; ``said``: where it ended."""

    taps: int = 1
    bill: Bill = field(default_factory=Bill)
    said: str = ""

    def tap(self, there: Locator) -> None:
        there.click()
        self.taps += 1


def decided_on_a_phone(browser: Browser, url: str, name: str = NAME) -> Decided:
    """Open the link of a letter with an empty cache, and say yes as this member of the desk."""
    found = Decided()
    context = browser.new_context(locale="nl-BE", viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.on("Network.requestWillBeSent", found.bill.asked)
    line.on("Network.loadingFinished", found.bill.arrived)
    line.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    found.tap(page.get_by_role("radio", name=dutch("Yes, approve")))
    found.tap(page.get_by_role("button", name=dutch("Send as %(name)s", name=name), exact=True))
    page.wait_for_load_state("networkidle")
    found.said = page.get_by_role("heading", level=1).inner_text()
    context.close()
    return found


def from_mail() -> Iterator[Figure]:
    """A request of the demonstration for its volunteers, decided by the letter in their shared mailbox."""
    with tempfile.TemporaryDirectory(prefix="zz-bench-") as folder, chromium() as browser:
        clock = Path(folder, "clock.txt")
        clock.write_text(NOW.isoformat(), encoding="utf-8")
        with demonstration(Path(folder), clock) as (site, _database, app):
            with app.app_context():
                token = _asked()
            found = decided_on_a_phone(browser, f"{site.url}/beslissen/{token}")
    assert found.said == dutch("Decided: %(what)s", what="ja"), found.said
    yield at_most("decision from the mail: taps", found.taps, MOST_TAPS, "")
    weight = sum(found.bill.sizes.values()) / KIB
    yield at_most("decision from the mail: over the line", weight, MOST_KIB, "KiB", digits=1)


def _asked() -> str:
    """Ask for the first evening that is free; returns what opens the page behind the letter."""
    for days in range(30, 100):
        slot = Slot.on((NOW + timedelta(days=days)).date(), time(19), time(22))
        code = demo_wishes.ask(ROOM, slot, ASSOCIATIONS[0], activity="Repetitie", people=12, is_public=False, now=NOW)
        if code is not None:
            asked = requests.by_code(code)
            break
    assert asked is not None, "no evening is free"
    to_decide = (one for one in letters.newest() if one.kind == LetterKind.REQUEST_TO_DECIDE)
    return next(one.facts["token"] for one in to_decide if (one.recipient, one.request_id) == (MAILBOX, asked.id))
