"""At the desk with somebody on the telephone: typed in by keyboard alone, the letter printed, the form on paper."""

import re

import pytest

from tests.e2e.conftest import NARROW, NARROWEST, WIDE, leaves, running_town

ROOM = "buurtcentrum-nieuw-gent/zaal"
FORM = f"/balie/aanvragen/nieuw?zaal={ROOM}&dag=2027-02-07&van=14:00&tot=17:00&hoe=phone"
PAGES = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(scope="module")
def own_town(tmp_path_factory):
    """What is typed in here must not stand in the way of others."""
    with running_town(tmp_path_factory.mktemp("behalf")) as town:
        yield town


def faults(window):
    """Return what hinders people on the page that is open."""
    found = []
    for width in (NARROW, WIDE, NARROWEST):
        window.has_width(width)
        found += ["sticks out"] * (window.overhang() > 0)
        found += window.violations() if width != NARROWEST else []
    window.has_width(WIDE)
    return found


def type_in_by_keyboard(page):
    """Go through the form with the keyboard alone, as somebody does with a telephone at the ear."""
    page.locator("[name=activiteit]").focus()
    page.keyboard.type("Koffietafel")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("25")
    page.locator("[name=als]").first.focus()
    page.keyboard.press("ArrowUp")
    page.locator("[name=naam]").focus()
    page.keyboard.type("Godelieve Maes")
    page.keyboard.press("Tab")
    page.keyboard.type("09 226 00 00")
    page.locator("[name=akkoord]").focus()
    page.keyboard.press("Space")
    page.locator("[name=naam]").focus()
    leaves(page)


def test_request_is_typed_in_by_keyboard_and_its_letter_fills_one_sheet(visit, own_town):
    window = visit(WIDE, url=own_town.url)
    window.signs_in_as("Fatima El Amrani")
    page = window.opens(FORM)
    assert faults(window) == []
    type_in_by_keyboard(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Koffietafel"
    assert faults(window) == []
    page.get_by_role("link", name="Af te drukken 1").click()
    assert page.get_by_role("heading", level=1).inner_text() == "1 brief af te drukken"
    assert faults(window) == []
    page.get_by_role("link", name="Open en druk af").click()
    assert faults(window) == []
    assert len(PAGES.findall(page.pdf(format="A4"))) == 1
    page.get_by_role("button", name="Hij is afgegeven of gepost").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Geen brieven af te drukken"


def test_room_is_chosen_by_whoever_keeps_more_than_one(visit, own_town):
    window = visit(WIDE, url=own_town.url)
    window.signs_in_as("Sofie Maes")
    page = window.opens("/balie/aanvragen/nieuw")
    assert page.get_by_role("heading", level=1).inner_text() == "Aanvraag invoeren voor iemand"
    assert faults(window) == []


def test_form_on_paper_fits_on_one_sheet_or_two(visit, own_town):
    window = visit(WIDE, url=own_town.url)
    counts = {}
    for room in (ROOM, "open-huis-drongen/zaal-open-huis"):
        page = window.opens(f"/aanvragen/papier?zaal={room}")
        assert faults(window) == []
        counts[room] = len(PAGES.findall(page.pdf(format="A4")))
    assert {room: count in (1, 2) for room, count in counts.items()} == dict.fromkeys(counts, True)
    assert counts[ROOM] == 1
