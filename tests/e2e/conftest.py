"""A real browser before the real site: its server and its worker as processes, a mail server, the demonstration."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests import running
from tests import smtp as mail_server
from tests.bench.ground import prepared
from tests.builders import NOW
from tests.chromium import chromium
from zalenzoeker import clock as system_clock

NARROWEST, NARROW, WIDE = 320, 390, 1280
HEIGHTS = {NARROWEST: 640, NARROW: 844, WIDE: 800}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # In a frame without scripts it would wait for ever; what ours show is looked at as a page of its own.
    "iframes": False,
}
TILES = "https://tegels.example"
# Told by the page itself, because a policy that was broken is not always an error on the console.
WATCH = """
    window.broken = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.broken.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            # One process has the browser and the towns, while the others do the rest.
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine; where there is none, these tests are skipped, and with CI=true they fail."""
    if shutil.which("chromium") is None:
        reason = "there is no chromium on this machine (Debian and Ubuntu: apt install chromium chromium-l10n)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium() as running_browser:
        yield running_browser


@dataclass
class Town:
    """What runs: the site, its database, and the mail server that the worker sends to."""

    site: running.Site
    database: str
    folder: Path
    clock: Path
    letters: mail_server.Postbox

    @property
    def url(self) -> str:
        return self.site.url

    @contextmanager
    def after(self, passed: timedelta) -> Iterator[None]:
        """The clock of the town runs ahead for a while: what waits until then happens."""
        moment = datetime.fromisoformat(self.clock.read_text(encoding="utf-8"))
        self.clock.write_text((moment + passed).isoformat(), encoding="utf-8")
        try:
            yield
        finally:
            self.clock.write_text(moment.isoformat(), encoding="utf-8")


@contextmanager
def running_town(folder: Path) -> Iterator[Town]:
    """The site as `make run` starts it, with the register and a demonstration around a fixed day."""
    shutil.copytree(_as_founded(folder.parent / "as-founded"), folder, dirs_exist_ok=True)
    clock, database = folder / "clock.txt", f"sqlite:///{folder}/zalenzoeker.db"
    shared = {"DEMO": "1", "DEMO_CLOCK": str(clock)}
    with mail_server.running() as letters:
        mail = {
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(letters.port),
            "MAIL_DEFAULT_SENDER": "zalen@zalen.example",
        }
        site = running.site(database, folder, workers=1, **shared)
        with site, running.worker(database, folder, PUBLIC_URL=site.url, **shared, **mail):
            yield Town(site, database, folder, clock, letters)


def _as_founded(folder: Path) -> Path:
    """The folder of a town before its first day: made once for all towns of this process."""
    if not folder.exists():
        folder.mkdir()
        clock = folder / "clock.txt"
        clock.write_text(NOW.isoformat(), encoding="utf-8")
        prepared(f"sqlite:///{folder}/zalenzoeker.db", folder, clock)
        system_clock.set_file(None)
    return folder


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Iterator[Town]:
    """The town that all share; who changes what others look at starts one of their own."""
    with running_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture(scope="session")
def streets(town) -> Iterator[str]:
    """The same site with a map of streets under the houses."""
    folder = town.folder / "streets"
    folder.mkdir()
    tiles = {"MAP_TILES_URL": f"{TILES}/{{z}}/{{x}}/{{y}}.png", "MAP_TILES_ATTRIBUTION": "Basiskaart: iemand"}
    with running.site(town.database, folder, workers=1, DEMO="1", DEMO_CLOCK=str(town.clock), **tiles) as site:
        yield site.url


@dataclass
class Visit:
    """One browser window of somebody; everything that goes wrong in it is written down."""

    context: BrowserContext
    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def opens(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}", wait_until="load")
        return self.page

    def signs_in_as(self, name: str) -> None:
        """Choose one of the people of the demonstration."""
        self.opens("/aanmelden")
        self.page.get_by_role("button", name=name).click()

    def signs_out(self) -> None:
        self.page.locator("header .account button").click()

    def violations(self) -> list[str]:
        """Return what axe finds, a line for each element."""
        self.page.evaluate("document.fonts.ready.then(() => true)")
        found = Axe().run(self.page, options=RULES).response["violations"]
        return [f"{one['id']}: {node['html'][:160]} ({one['help']})" for one in found for node in one["nodes"]]

    def overhang(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def has_width(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        # Two frames: one in which the page is told, one in which it has answered.
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.fixture
def visit(browser, town) -> Iterator[Callable[..., Visit]]:
    """Open a window: `visit(390)`, `visit(1280, javascript=False)`. What went wrong in it fails the test at its end."""
    visits: list[Visit] = []

    def open_window(width: int = WIDE, *, javascript: bool = True, url: str = "", tiles: Any = None) -> Visit:
        context = browser.new_context(
            locale="nl-BE", timezone_id="Europe/Brussels", reduced_motion="reduce", java_script_enabled=javascript,
            viewport={"width": width, "height": HEIGHTS[width]},
        )  # fmt: skip
        one = Visit(context, context.new_page(), url or town.url)
        _watch(one, tiles)
        visits.append(one)
        return one

    yield open_window
    faults = []
    for one in visits:
        if not one.page.is_closed():
            faults += one.page.evaluate("window.broken || []") if one.page.url.startswith("http") else []
        faults += one.faults
        one.context.close()
    assert faults == []


def _watch(visit: Visit, tiles: Any) -> None:
    """Note errors and broken policies, and let no request leave the site but for the tiles a test answers itself."""
    visit.context.add_init_script(WATCH)
    visit.page.on("pageerror", lambda error: visit.faults.append(f"script: {error}"))
    visit.page.on("console", lambda one: visit.faults.append(f"console: {one.text}") if is_fault(one) else None)

    def guard(route):
        if route.request.url.startswith(visit.url):
            route.continue_()
        elif tiles and route.request.url.startswith(TILES):
            tiles(route)
        else:
            visit.faults.append(f"left the site: {route.request.url}")
            route.abort()

    visit.context.route(lambda _url: True, guard)


def leaves(page: Page) -> None:
    """Press Enter on what leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def is_fault(message: Any) -> bool:
    """Tell whether what the console says is wrong.

    A page that answers 409 or 422, and a tile that does not come, are told there too, and are meant; and in the frame
    around a letter not even the script runs with which the tests watch every page.
    """
    meant = ("Failed to load resource", "Blocked script execution")
    return message.type == "error" and not message.text.startswith(meant)
