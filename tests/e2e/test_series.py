"""A series on a phone: found across the city, three dates settled, asked as one; and who waits gets an offer."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.builders import NOW
from tests.e2e.conftest import NARROW, running_town
from tests.e2e.test_journey import letter_to
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services.demo_facts import ASKED_WEEK, BOOKED_WEEK, CLOSED_WEEK, SHOWN_WEEKDAY

HOUSE, ROOM = "Tijdelijk buurthuis Malem (Allemalem)", "Verwarmde binnenruimte"
# From the first page to the planner; a field that is filled in counts as one.
MOST_PRESSES = 12
THURSDAYS = 20
MONTHS = ("", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
          "november", "december")  # fmt: skip
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
EARLIEST = to_local(NOW).date() + timedelta(weeks=4)
FIRST_EVENING = EARLIEST + timedelta(days=(SHOWN_WEEKDAY - EARLIEST.weekday()) % 7)
BOOKED, ASKED, CLOSED = (FIRST_EVENING + timedelta(weeks=week) for week in (BOOKED_WEEK, ASKED_WEEK, CLOSED_WEEK))
# The series starts on the evening that is booked: what somebody wants is seldom what is free.
UNTIL = BOOKED + timedelta(weeks=THURSDAYS - 1)


@dataclass
class Thumb:
    """Somebody's thumb on a phone; counts what it presses, and a field filled in as one press."""

    page: Page
    presses: int = 0

    def presses_on(self, what: Locator) -> None:
        what.click()
        self.presses += 1

    def fills_in(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)
        self.presses += 1

    def chooses(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=value)
        self.presses += 1

    def ticks(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()
        self.presses += 1


@pytest.fixture
def own_town(tmp_path):
    """A town for one walk alone: its evenings can be asked for once."""
    with running_town(tmp_path) as town:
        yield town


def spoken(day):
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month]}"


def search(thumb):
    """From the first page to the planner of the first room found."""
    page = thumb.page
    thumb.presses_on(page.get_by_role("navigation").get_by_role("link", name="Zaal zoeken"))
    thumb.fills_in("Dag", BOOKED.isoformat())
    thumb.chooses("Wijk", "Brugse Poort - Rooigem")
    thumb.fills_in("Personen", "25")
    thumb.presses_on(page.get_by_text("Meer keuzes"))
    thumb.ticks("Avond")
    thumb.ticks("Keuken")
    thumb.chooses("Herhalen", "Elke week")
    thumb.fills_in("Tot en met", UNTIL.isoformat())
    thumb.presses_on(page.get_by_role("button", name="Zoek", exact=True))
    found = page.get_by_role("article").first
    expect(found).to_contain_text(HOUSE)
    expect(found).to_contain_text(f"Vrij om aan te vragen: {THURSDAYS - 3} van {THURSDAYS} datums")
    thumb.presses_on(found.get_by_role("link", name="Vraag deze reeks aan"))


def settle(page):
    """Exactly three dates clash: the one that was asked is moved to the Friday, the two others are left out."""
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        f"{THURSDAYS} datums, {THURSDAYS - 3} vrij, 3 niet: kies wat je daarmee doet."
    )
    clashes = page.get_by_role("region", name="Niet vrij: sla over of verzet").get_by_role("group")
    state = {BOOKED: "Bezet", ASKED: "Al aangevraagd", CLOSED: "Gesloten"}
    expect(clashes).to_have_count(len(state))
    for number, (day, words) in enumerate(state.items()):
        one = clashes.nth(number)
        expect(one.locator("legend")).to_have_text(f"{spoken(day)} {day.year}")
        expect(one).to_contain_text(words)
        if day == ASKED:
            one.get_by_label(f"Verzet naar {spoken(day + timedelta(days=1))}, 18.00 tot 22.00 uur").check()
        else:
            one.get_by_label("Sla deze datum over").check()
    page.get_by_role("button", name="Verder naar de aanvraag").click()


def fill_in(page, activity, group):
    page.get_by_role("textbox", name="Naam van je activiteit").fill(activity)
    page.get_by_role("radio", name="Iedereen in de buurt").check()
    page.get_by_label("Hoeveel mensen").fill("25")
    page.get_by_role("radio", name=group).check()
    page.get_by_role("checkbox", name="Ik zet zelf klaar").check()


def stand_in_line(page):
    """Look for the evening that is booked, and get on its waiting list by way of the form."""
    Thumb(page).fills_in("Dag", BOOKED.isoformat())
    Thumb(page).fills_in("Van", "19:00")
    Thumb(page).fills_in("Tot", "22:00")
    Thumb(page).chooses("Wijk", "Brugse Poort - Rooigem")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.get_by_role("article").filter(has_text=HOUSE).get_by_role("link", name="Bekijk de dag").click()
    own = page.get_by_role("form", name="Of kies zelf je uren")
    own.get_by_label("Van").fill("19:00")
    own.get_by_label("Tot").fill("22:00")
    own.get_by_role("button").click()
    page.get_by_role("button", name="Zet me op de wachtlijst").click()
    fill_in(page, "Buurtvergadering", "Buurtcomité Varendrieskouter")
    page.get_by_role("button", name="Zet me op de wachtlijst").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Op de wachtlijst: je bent de eerste")


@pytest.mark.parametrize("javascript", [True, False])
def test_series_is_found_settled_and_asked_as_one_and_who_waits_gets_an_offer(visit, own_town, javascript):
    def opens_as(name):
        window = visit(NARROW, javascript=javascript, url=own_town.url)
        window.signs_in_as(name)
        return window

    emine = opens_as("Emine Yıldız")
    page = emine.opens("/")
    thumb = Thumb(page)
    search(thumb)
    assert thumb.presses <= MOST_PRESSES
    settle(page)
    expect(page.get_by_role("main")).to_contain_text(f"{THURSDAYS - 2} datums")
    fill_in(page, "Samen koken", "Samen aan Tafel")
    page.get_by_role("button", name="Verstuur mijn aanvraag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het huis bekijkt de aanvraag")

    rita = opens_as("Rita Claeys")
    page = rita.opens("/balie")
    lines = page.get_by_role("row").filter(has_text="Samen koken")
    expect(lines).to_have_count(1)
    lines.get_by_role("link", name="Samen koken", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samen koken")

    godelieve = opens_as("Godelieve Vandenbroucke")
    page = godelieve.opens("/zalen")
    stand_in_line(page)
    where = page.url

    an = opens_as("An Peeters")
    page = an.page
    page.get_by_role("row").filter(has_text=ROOM).get_by_role("link", name="Algemene vergadering", exact=True).click()
    page.get_by_role("button", name="Ja, trek deze aanvraag in").click()

    letter_to(own_town, "godelieve@demo.example", "Het is jouw beurt")
    page = godelieve.page
    page.goto(where)
    expect(page.get_by_role("heading", level=1)).to_have_text("Er kwam een plaats vrij")
    page.get_by_role("button", name="Ja, ik neem de plaats").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het huis bekijkt de aanvraag")
    page = rita.opens("/balie")
    expect(page.get_by_role("row").filter(has_text="Buurtvergadering")).to_have_count(1)
