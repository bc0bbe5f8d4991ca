"""Safety: what people type is shown as text, on every page and to everybody, and never becomes part of the page."""

from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import icalendar
import pytest

from tests.browser import DATA
from tests.scene import PEOPLE, Town

NASTY = "x\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}<!--${9*9}"
ALIVE = ("<img src=x", "<script>alert", "{{7*7}}</", "onerror=alert(1)>")
TEXTS = dict.fromkeys(
    (
        "neighbourhood", "venue", "notes", "room", "price", "name", "desk", "association", "activity", "remarks",
        "programme", "closure", "phone", "route",
    ),
    NASTY,
)  # fmt: skip
TEXTS["phone"] = NASTY[:40]
BEGINNINGS = ["/", "/balie", "/mijn", "/demo/postvak"]


@pytest.fixture
def nasty_town(demo_app, config):
    return Town(demo_app, Path(config.database_url.removeprefix("sqlite:///")), TEXTS)


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_text_that_would_be_code_stays_text_on_every_page(nasty_town, role):
    """Follow every link there is, as everybody, and look at every page as any page is looked at."""
    browser = nasty_town.browser_of(role)
    scene = nasty_town.scene
    waiting = [
        *BEGINNINGS,
        f"/aanvragen/{scene.waiting}",
        f"/aanvragen/{scene.approved}",
        f"/uitnodigingen/{scene.invitation}",
    ]
    waiting += [
        "/zalen/open-huis-drongen/zaal?week=2027-W02",
        "/aanvragen/nieuw?zaal=open-huis-drongen/zaal&dag=2027-01-16&van=10:00&tot=12:00",
    ]
    seen, shown, alive = set(), 0, []
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        # One week, and one moment to ask for, stands for all of them.
        kind = path.partition("?")[0], frozenset(parse_qs(urlsplit(path).query))
        if kind in seen:
            continue
        seen.add(kind)
        answer = browser.asks(path)
        if answer.status_code != 200 or answer.mimetype != "text/html" or path.endswith("/html"):
            continue
        page = browser.visits(path)
        shown += "onerror" in page.text
        alive += [f"{word} on {path}" for word in ALIVE if word in page.html]
        alive += [
            f"<{one.tag}> on {path}"
            for one in page.elements(tag="script")
            if not (one.get("src") or one.get("type") == DATA)
        ]
        alive += [f"<img> on {path}" for one in page.elements(tag="img") if one.get("src") == "x"]
        links = [urljoin(path, address) for _, address in page.links]
        waiting += [
            one for one in links if not urlsplit(one).netloc and not one.endswith(".ics") and not urlsplit(one).scheme
        ]
    assert alive == []
    assert shown >= 3, f"As {role} the text was met on {shown} pages only: the crawl went nowhere."
    assert len(seen) > 10


def test_text_that_would_be_code_stays_text_in_letters(nasty_town):
    browser = nasty_town.browser_of("anonymous")
    letters = browser.opens("demo.letter_box").addresses("/demo/postvak/")
    assert len(letters) >= 5
    for path in letters:
        html = browser.asks(f"{path}/html").get_data(as_text=True)
        assert [word for word in ALIVE if word in html] == []
        assert "49" not in browser.visits(path).main or "{{7*7}}" in browser.visits(path).main


def test_text_that_would_be_code_stays_one_line_of_a_feed(nasty_town):
    browser = nasty_town.browser_of("anonymous")
    answer = browser.asks("/kalender/zaal/open-huis-drongen/zaal.ics")
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("text/calendar", "nosniff")
    names = {str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")}
    assert NASTY in names


def test_text_of_a_form_with_an_error_stays_text(nasty_town):
    form = nasty_town.browser_of("anonymous").opens("asking.new", zaal="open-huis-drongen/zaal").form("asking.new")
    typed = {name: NASTY for name in form.offered if name != "csrf_token"}
    page = form.forges(**typed).sends(status=422)
    assert [word for word in ALIVE if word in page.html] == []
    again = page.form("asking.new")
    assert {again[name] for name in ("activiteit", "naam", "opmerkingen", "vereniging")} == {NASTY}


def test_text_of_an_address_stays_text(nasty_town):
    browser = nasty_town.browser_of("anonymous")
    for query in ({"q": NASTY}, {"wijk": NASTY}, {"soort": NASTY}, {"personen": NASTY}, {"faciliteit": NASTY}):
        page = browser.opens("pages.landing", **query)
        assert [word for word in ALIVE if word in page.html] == []
    page = browser.opens("accounts.sign_in", verder=f"/mijn?{NASTY}")
    assert [word for word in ALIVE if word in page.html] == []
