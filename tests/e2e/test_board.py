"""The planning board in a real browser: dragged over, moved on, by keyboard alone, on paper, and for everybody."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import dutch
from tests.e2e.conftest import NARROW, NARROWEST, WIDE

DAY = "2027-01-14"
BOARD = f"/balie/planbord?dag={DAY}&huis=buurtcentrum-nieuw-gent"
A4_ACROSS = (842, 595)


def at(address):
    """Return the path of an address and what it asks."""
    parts = urlsplit(address)
    return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


@pytest.fixture
def sofie(visit):
    window = visit(WIDE)
    window.signs_in_as("Sofie")
    window.opens(BOARD)
    return window


def drags(page, cell, first, last, *, drops=True):
    """Take hold of a cell and move along; ``first`` and ``last``: quarters of an hour from its left."""
    box = cell.bounding_box()
    quarter = box["width"] / int(cell.get_attribute("colspan"))
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + first * quarter, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + last * quarter, middle, steps=8)
    if drops:
        page.mouse.up()


def test_drag_over_free_hours_opens_the_form_filled_in(sofie):
    page = sofie.page
    drags(page, page.locator("td.f").last, 8.5, 15.5)
    page.wait_for_url("**/balie/planbord/nieuw?**")
    path, asked = at(page.url)
    assert (path, asked["dag"], asked["van"], asked["tot"]) == ("/balie/planbord/nieuw", DAY, "16:00", "18:00")
    assert page.locator("[name=zaal]").input_value() == asked["zaal"] == "buurtcentrum-nieuw-gent/zaal"
    assert page.locator("[name=van]").input_value() == "16:00"


def test_drag_of_own_programme_opens_its_form_at_the_new_moment(sofie):
    page = sofie.page
    soup = page.locator("td.o", has_text="Soepcafé")
    drags(page, soup, 1.5, 13.5)
    page.wait_for_url("**/balie/planbord/werking/**")
    assert at(page.url)[1] == {"zaal": "buurtcentrum-nieuw-gent/zaal", "dag": DAY, "van": "14:30", "tot": "17:00"}
    assert page.locator("[name=van]").input_value() == "14:30"


def test_drag_of_a_booking_leads_to_a_proposal(sofie):
    sofie.opens(f"/balie/planbord?dag={DAY}")
    page = sofie.page
    asked = []
    page.context.on("request", lambda one: asked.append(one.url) if "/voorstel" in one.url else None)
    booking = page.locator("td.b", has_text="Taaloefening").first
    drags(page, booking, 1.5, 9.5)
    page.wait_for_url("**/voorstel?**")
    path, query = at(asked[0])
    assert re.fullmatch("/balie/aanvragen/[A-Za-z0-9_-]{22}/voorstel", path)
    assert (query["dag"], query["van"], query["tot"]) == (DAY, "16:00", "18:00")
    assert query["zaal"].startswith("buurthuis-watersportbaan-ekkergem/")
    assert query["datum"]


def test_escape_lets_go_and_says_so(sofie):
    page = sofie.page
    drags(page, page.locator("td.o").first, 1.5, 13.5, drops=False)
    expect(page.locator(".ghost")).to_have_text("14.30–17.00")
    expect(page.locator("#bord-gezegd")).to_have_text("Zaal, 14.30–17.00")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    expect(page.locator("#bord-gezegd")).to_have_text(dutch("Let go. Nothing was changed."))
    assert page.url.endswith(BOARD)


def test_click_on_a_cell_still_opens_it(sofie):
    page = sofie.page
    page.locator("td.o a").first.click()
    page.wait_for_url("**/balie/planbord/werking/**")


def test_board_by_keyboard_alone_makes_and_moves(visit):
    window = visit(WIDE)
    window.signs_in_as("Sofie")
    page = window.opens("/balie/planbord?dag=2027-05-20&huis=buurtcentrum-nieuw-gent")
    _tabs_to(page, "td.f a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/balie/planbord/nieuw?**")
    _tabs_to(page, "[name=naam]")
    page.keyboard.type("Quiz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/balie/planbord?dag=2027-05-20**")
    expect(page.locator("td.o", has_text="Quiz")).to_have_count(1)
    _tabs_to(page, "td.o a >> text=Quiz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/balie/planbord/werking/**")
    _tabs_to(page, "section form button")
    assert "werking" in page.url
    page.keyboard.press("Enter")
    page.wait_for_url("**/balie/planbord?dag=2027-05-20**")
    expect(page.locator("td.o", has_text="Quiz")).to_have_count(0)


def _tabs_to(page, selector):
    """Press Tab until this has the focus."""
    wanted = page.locator(selector).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement || one.closest('a') === document.activeElement"):
            return
    pytest.fail(f"Tab never reached {selector}")


@pytest.mark.parametrize(
    "path",
    [
        f"/balie/planbord?dag={DAY}",
        "/balie/planbord?dag=2026-12-25",
        "/balie/planbord?week=2027-W02&huis=open-huis-drongen",
        f"/balie/planbord/nieuw?dag={DAY}",
    ],
)
def test_board_hinders_nobody_and_fits(visit, path):
    window = visit(NARROW)
    window.signs_in_as("Sofie")
    window.opens(path)
    found = {}
    for width in (NARROW, WIDE, NARROWEST):
        window.has_width(width)
        found[f"sticks out at {width}"] = window.overhang()
        found[f"axe at {width}"] = window.violations()
    assert {what: value for what, value in found.items() if value} == {}


def test_board_in_the_dark_hinders_nobody(sofie):
    sofie.page.emulate_media(color_scheme="dark")
    assert sofie.violations() == []


@pytest.mark.parametrize("path", [f"/balie/planbord?dag={DAY}", "/balie/planbord?week=2027-W02&huis=open-huis-drongen"])
def test_board_prints_on_one_sheet(sofie, path):
    paper = sofie.opens(path).pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)", paper)
    assert [(round(float(width)), round(float(height))) for width, height in sheets] == [A4_ACROSS]
