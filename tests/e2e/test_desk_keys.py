"""Every decision of a desk by keyboard alone: from the tap on Tab to the words that say it is done."""

import shutil
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests import running
from tests.browser import dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    weekly,
)
from tests.e2e.conftest import WIDE, leaves
from zalenzoeker import clock as system_clock
from zalenzoeker.app import create_app
from zalenzoeker.config import Config
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.services import accounts as signing_in
from zalenzoeker.services import advice
from zalenzoeker.storage import letters, requests
from zalenzoeker.storage.db import db

FATIMA = "Fatima El Amrani"
FIRST = date(2027, 1, 16)
# One request for each test, on a day of its own, so that none stands in the way of another.
ONES = ("yes", "no", "ask", "note", "forward", "hand", "propose", "undo", "tick one", "tick two")
BY_MAIL = ("mail yes", "mail no", "mail ask")
MOST_TABS = 150
WHERE = """() => { const one = document.activeElement;
    const words = one.labels && one.labels.length ? one.labels[0].innerText : one.innerText || "";
    return [one.tagName, one.type || "", one.name || "", one.value || "", words.trim()]; }"""


@dataclass(frozen=True)
class Place:
    """The running site, a link that signs Fatima in, and where each request is decided."""

    url: str
    link: str
    codes: dict[str, str]
    tokens: dict[str, str]


def _build():
    """Two houses: of the first, Fatima and Rita decide; in the second the members vote."""
    fatima, rita = (make_account(f"{one.split()[0].lower()}@drongen.example", one) for one in (FATIMA, "Rita Bos"))
    room = make_room("zaal", venue=make_venue("open-huis-drongen"))
    make_desk("drongen", venue=room.venue, members=[fatima, rita], email="groep@drongen.example")
    second = make_room("zaal", venue=make_venue("buurthuis-malem"))
    make_desk("malem", venue=second.venue, members=[fatima, rita])
    make_city_desk([make_account("sofie@stad.example", "Sofie Maes")])
    by = actor_of(fatima)
    advice.set_advice("malem", AdviceKind.DECIDES, needed=2, days=7, silence=Silence.NOTHING, by=by, now=NOW)
    codes = {}
    for number, name in enumerate((*ONES, *BY_MAIL)):
        slot = at(day=FIRST + timedelta(days=number))
        # So many requests no single person may have.
        email = f"{name.replace(' ', '-')}@koor.example"
        codes[name] = make_request(room=room, slot=slot, activity=f"Koor {name}", contact_email=email).code
    codes["vote"] = make_request(room=second, activity="Koor vote").code
    codes["series"] = make_series(room, pattern=weekly(first=date(2027, 2, 6), count=3), activity="Koor series").code
    names = {code: name for name, code in codes.items()}
    db.session.close()
    to_decide = [one for one in letters.newest(200) if "link_until" in one.facts]
    shared = [one for one in to_decide if one.recipient == "groep@drongen.example"]
    of = {requests.by_code(code).id: name for code, name in names.items()}
    return codes, {of[one.request_id]: one.facts["token"] for one in shared}


@pytest.fixture(scope="module")
def place(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("keys")
    file, clock = folder / "zalenzoeker.db", folder / "clock.txt"
    shutil.copyfile(sqlite_template, file)
    clock.write_text(NOW.isoformat(), encoding="utf-8")
    database = f"sqlite:///{file}"
    app = create_app(Config(database, running.SECRET, demo_clock=clock, map_tiles_url="", var_dir=folder))
    with app.app_context():
        codes, tokens = _build()
        link = signing_in.make_link("fatima@drongen.example", now=NOW)
        db.session.remove()
        db.engine.dispose()
    system_clock.set_file(None)
    with running.site(database, folder, workers=1, DEMO_CLOCK=str(clock), DEMO="1") as site:
        yield Place(site.url, link, codes, tokens)


@pytest.fixture(scope="module")
def cookies(browser, place):
    context = browser.new_context(locale="nl-BE")
    page = context.new_page()
    page.goto(f"{place.url}/aanmelden/link/{place.link}")
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_load_state("load")
    found = context.cookies()
    context.close()
    return found


class Keys:
    """Somebody without a mouse."""

    def __init__(self, page):
        self.page = page

    def opens(self, address):
        self.page.goto(address, wait_until="load")

    def to(self, words="", *, name="", value=""):
        """Press Tab until the focus stands on what has these words, or this name."""
        seen = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            _tag, _kind, called, worth, said = self.page.evaluate(WHERE)
            seen.append(said or called)
            if (not words or said.startswith(words)) and (not name or called == name) and value in worth:
                return
        raise AssertionError(f"Tab never reaches {words or name!r}; it reaches {seen}")

    def press(self):
        """Press Enter on something that folds out."""
        self.page.keyboard.press("Enter")

    def goes(self):
        """Press Enter on something that leads to another page, and wait for it."""
        leaves(self.page)

    def types(self, text):
        self.page.keyboard.type(text)

    def chooses(self, name, value):
        """Go through the answers of a question with the arrows."""
        self.to(name=name)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never reach {value} of {name}")

    def picks(self, name, number=1):
        """Choose so many lines down in a list that folds out."""
        self.to(name=name)
        for _ in range(number):
            self.page.keyboard.press("ArrowDown")

    @property
    def main(self):
        return self.page.get_by_role("main")


@pytest.fixture
def keys(visit, place, cookies):
    window = visit(WIDE, url=place.url)
    window.context.add_cookies(cookies)
    return Keys(window.page)


@pytest.fixture
def at_request(keys, place):
    def go(name):
        keys.opens(f"{place.url}/balie/aanvragen/{place.codes[name]}")
        return keys

    return go


def says(keys, words):
    expect(keys.page.locator("body")).to_contain_text(words)


def test_yes_by_keyboard_alone(at_request):
    keys = at_request("yes")
    keys.chooses("besluit", "approve")
    keys.to(dutch("Decide"))
    keys.goes()
    says(keys, f"Koor yes, An Peeters: {dutch('yes')}")


def test_no_with_a_reason(at_request):
    keys = at_request("no")
    keys.chooses("besluit", "refuse")
    keys.picks("waarom", 2)
    keys.to(name="reden")
    keys.types("Probeer het buurthuis eens.")
    keys.to(dutch("Decide"))
    keys.goes()
    says(keys, f"Koor no, An Peeters: {dutch('no')}")


def test_series_date_by_date(at_request):
    keys = at_request("series")
    keys.chooses("besluit", "each")
    selects = keys.page.locator(".for-each select")
    names = selects.evaluate_all("all => all.map((one) => one.name)")
    for number, name in enumerate(names):
        keys.to(name=name)
        keys.types("G" if number < 2 else "W")
    keys.picks("waarom", 2)
    keys.to(dutch("Decide"))
    keys.goes()
    says(keys, "Koor series, An Peeters")


def test_several_at_once(keys, place):
    keys.opens(f"{place.url}/balie")
    for name in ("tick one", "tick two"):
        keys.to(name="keuze", value=place.codes[name])
        keys.page.keyboard.press("Space")
    keys.to(dutch("Answer several at once"))
    keys.press()
    keys.chooses("besluit", "approve")
    keys.to(dutch("Decide about what is ticked"))
    keys.goes()
    says(keys, f"Koor tick one, An Peeters: {dutch('yes')}")
    says(keys, f"Koor tick two, An Peeters: {dutch('yes')}")


@pytest.mark.parametrize(
    ("name", "summary", "field", "words", "button"),
    [
        ("ask", "Ask the asker something", "vraag", "Met hoeveel zijn jullie?", "Send the question"),
        ("note", "Internal note", "nota", "Vorige keer bleef het licht aan.", "Keep the note"),
    ],
)
def test_question_and_note(at_request, name, summary, field, words, button):
    keys = at_request(name)
    keys.to(dutch(summary))
    keys.press()
    keys.to(name=field)
    keys.types(words)
    keys.to(dutch(button))
    keys.goes()
    says(keys, words)


def test_request_is_forwarded_by_keyboard_alone(at_request):
    keys = at_request("forward")
    keys.to(dutch("Forward to another desk"))
    keys.press()
    keys.picks("naar")
    keys.to(name="toelichting")
    keys.types("Wij zijn dan met verlof.")
    keys.to(dutch("Forward the request"))
    keys.goes()
    expect(keys.page.locator(".messages .is-ok")).to_have_count(1)


def test_hand_to_a_colleague(at_request):
    keys = at_request("hand")
    keys.to(dutch("Somebody of the desk looks after it"))
    keys.press()
    keys.picks("wie")
    keys.to(dutch("Hand it over"))
    keys.goes()
    expect(keys.page.locator(".messages .is-ok")).to_have_count(1)


def test_propose_another_moment(at_request):
    keys = at_request("propose")
    keys.to(dutch("Propose something else"))
    keys.goes()
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(dutch("Propose something else"))
    keys.to(dutch("Propose this"))
    keys.goes()
    # The same moment is no proposal: it is said, and the way to what is free leads to the form again.
    expect(keys.page.locator(".error-summary")).to_have_count(1)
    way = keys.page.locator("section[aria-labelledby=vrij] a").first.inner_text().partition("\n")[0]
    keys.to(way)
    keys.goes()
    keys.page.wait_for_url("**/voorstel?**")
    keys.to(dutch("Propose this"))
    keys.goes()
    expect(keys.page.locator(".messages .is-ok")).to_have_count(1)
    says(keys, "Koor propose, An Peeters")


def test_decision_is_undone_by_keyboard_alone(at_request):
    keys = at_request("undo")
    keys.chooses("besluit", "approve")
    keys.to(dutch("Decide"))
    keys.goes()
    says(keys, f"Koor undo, An Peeters: {dutch('yes')}")
    keys.to(dutch("Undo"))
    keys.goes()
    says(keys, dutch("Your decision"))


def test_vote_is_given_by_keyboard_alone(at_request):
    keys = at_request("vote")
    keys.chooses("stem", "approve")
    keys.to(dutch("Vote"))
    keys.goes()
    says(keys, dutch("You voted already. You can change it until there is an outcome."))


@pytest.mark.parametrize(
    ("name", "choice", "words"),
    [
        ("mail yes", "approve", ""),
        ("mail no", "refuse", "Dan hebben we zelf feest."),
        ("mail ask", "ask", "Met hoeveel zijn jullie?"),
    ],
)
def test_from_the_mail(visit, place, name, choice, words):
    keys = Keys(visit(WIDE, url=place.url).page)
    keys.opens(f"{place.url}/beslissen/{place.tokens[name]}")
    keys.chooses("besluit", choice)
    if words:
        keys.to(name="reden")
        keys.types(words)
    keys.to(dutch("Send as %(name)s", name=FATIMA))
    keys.goes()
    if choice == "ask":
        # Nothing is decided yet, and the link stays.
        says(keys, dutch("You asked"))
    else:
        said = dutch("yes") if choice == "approve" else dutch("no")
        expect(keys.page.get_by_role("heading", level=1)).to_have_text(dutch("Decided: %(what)s", what=said))
