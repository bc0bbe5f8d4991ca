"""The map: its houses have names, the keyboard reaches them, and it does without streets where they do not come."""

import pytest
from playwright.sync_api import expect

from tests.browser import dutch
from tests.e2e.conftest import NARROW, WIDE

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


def ready(page):
    """Wait until the map stands, whatever it stands on."""
    page.wait_for_selector("#kaart[data-klaar]", state="attached")
    return page.locator("#kaart")


def test_markers_have_a_name_and_can_be_pressed(visit):
    page = visit(WIDE).opens("/")
    markers = ready(page).locator(".leaflet-marker-icon")
    names = markers.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert len(names) >= 20
    assert [name for name in names if not name or "{" in name] == []
    assert len(set(names)) == len(names)
    roles = markers.evaluate_all("all => [...new Set(all.map((one) => one.getAttribute('role')))]")
    assert roles == ["button"]
    sizes = markers.evaluate_all("all => all.map((one) => Math.min(one.offsetWidth, one.offsetHeight))")
    assert min(sizes) >= 44


def test_markers_stand_for_every_place_in_the_list(visit):
    page = visit(WIDE).opens("/")
    names = (
        ready(page)
        .locator(".leaflet-marker-icon")
        .evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    )
    several = [int(name.rpartition(": ")[2].split()[0]) for name in names if ": " in name and name.endswith("plekken")]
    assert sum(several) + len(names) - len(several) == 91


def test_keyboard_opens_a_place_on_the_map_and_comes_back(visit):
    """Tab to a house, Enter opens its card, Escape closes it and the focus is where it was."""
    page = visit(WIDE).opens("/?q=open+huis+drongen")
    marker = ready(page).locator(".leaflet-marker-icon").first
    name = marker.get_attribute("aria-label")
    assert name.startswith("Open Huis Drongen")
    tab_until(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-label')") == name)
    page.keyboard.press("Enter")
    card = page.locator(".leaflet-popup")
    expect(card.get_by_role("heading")).to_have_text("Open Huis Drongen")
    assert page.evaluate("document.activeElement.textContent") == dutch("To this place")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/locaties/open-huis-drongen")


def tab_until(page, holds, most=60):
    for _ in range(most):
        page.keyboard.press("Tab")
        if holds():
            return
    raise AssertionError(f"Tab did not get there in {most} steps.")


def test_keyboard_opens_a_neighbourhood_and_comes_back(visit):
    page = visit(WIDE).opens("/")
    street = ready(page).locator(".leaflet-marker-icon.cluster").first
    name = street.get_attribute("aria-label")
    tab_until(page, lambda: page.evaluate("document.activeElement.getAttribute('aria-label')") == name)
    page.keyboard.press("Enter")
    panel = page.locator("#kaart .chosen")
    expect(panel).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "gekozen"
    assert panel.locator("li a").count() == int(name.rpartition(": ")[2].split()[0])
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name


def test_keyboard_can_skip_the_map(visit):
    page = visit(WIDE).opens("/")
    ready(page)
    words = dutch("Skip the map, go to the list")
    tab_until(page, lambda: page.evaluate("document.activeElement.textContent.trim()") == words)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "lijst"


def test_map_controls_speak_dutch(visit):
    page = visit(WIDE).opens("/")
    controls = ready(page).locator(".leaflet-control-zoom a")
    assert controls.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))") == [
        dutch("Zoom in"), dutch("Zoom out"), dutch("Show the whole city"),
    ]  # fmt: skip


def test_map_follows_the_filter_while_one_types(visit):
    page = visit(WIDE).opens("/")
    ready(page)
    page.get_by_label(dutch("Name or street")).fill("drongen")
    expect(page.locator("#telling")).to_contain_text(dutch("of %(total)d", total=91))
    shown = page.locator("#resultaat .card").count()
    assert 0 < shown < 20
    assert "q=drongen" in page.url
    expect(page.locator("#kaart .leaflet-marker-icon")).not_to_have_count(0)
    names = page.locator("#kaart .leaflet-marker-icon").evaluate_all(
        "all => all.map((one) => one.getAttribute('aria-label'))"
    )
    assert [name for name in names if "Drongen" not in name] == []


def test_streets_that_do_not_come_are_said_and_the_sketch_stays(visit, streets):
    window = visit(WIDE, url=streets, tiles=lambda route: route.abort())
    page = window.opens("/")
    status = page.locator("[data-map-status]")
    expect(status).to_have_text(dutch("The street map does not load. You see the sketch."))
    assert page.locator("#kaart .leaflet-tile").count() == 0
    assert ready(page).locator(".leaflet-marker-icon").count() >= 20


def test_streets_that_come_lie_under_the_houses_with_their_source(visit, streets):
    window = visit(WIDE, url=streets, tiles=lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    page = window.opens("/")
    expect(page.locator("#kaart.on-streets")).to_have_count(1)
    expect(page.locator("#kaart .leaflet-tile-loaded").first).to_be_attached()
    expect(page.locator("#kaart .leaflet-control-attribution")).to_contain_text("Basiskaart: iemand")
    expect(page.locator("[data-map-status]")).to_have_text("")
    assert window.violations() == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_map_stands_in_the_first_screen(visit, width):
    page = visit(width).opens("/")
    box = ready(page).locator(".map-box").bounding_box()
    assert box["y"] < page.viewport_size["height"]
    assert box["width"] <= width


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_map_without_a_script_is_a_sketch_with_a_link_for_every_place(visit, width):
    page = visit(width, javascript=False).opens("/")
    assert page.locator("#kaart .sketch .pin").count() == 91
    assert page.locator("#kaart .leaflet-container").count() == 0
    assert page.locator("#resultaat .card").count() == 91


def middle_of(page, name):
    """Where the middle of a neighbourhood stands in the window, and where it lies in truth."""
    return page.evaluate(
        """(name) => {
            const moves = JSON.parse(document.getElementById("kaart").dataset.moves);
            const areas = [...document.querySelectorAll(".map-box > .sketch .area")];
            const number = areas.findIndex((one) => one.getAttribute("aria-label").startsWith(name));
            const { width } = document.querySelector(".map-box > .sketch").viewBox.baseVal;
            const box = document.querySelector(".map-live svg.sketch").getBoundingClientRect();
            const spot = moves[number].slice(2).map((one) => (one / width) * box.width);
            const { lat, lon } = areas[number].dataset;
            return { x: box.x + spot[0], y: box.y + spot[1], lat: Number(lat), lon: Number(lon) };
        }""",
        name,
    )


def point_of(page):
    """Return the point in the address that the search around it has."""
    address = page.locator(".pointing a").get_attribute("href")
    return [float(one) for one in address.partition("punt=")[2].split("%2C")]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_point_is_chosen_by_a_tap_and_lies_where_it_is_in_truth(visit, width):
    """The sketch moves the neighbourhoods apart for their names; the point goes back to where they lie."""
    window = visit(width)
    page = window.opens("/")
    ready(page)
    page.get_by_role("button", name=dutch("Search around a point")).click()
    there = middle_of(page, "Ledeberg")
    page.mouse.click(there["x"], there["y"])
    expect(page.locator(".pointing [role=status]")).to_contain_text("Ledeberg")
    assert [round(one * 1000) for one in point_of(page)] == [round(there[name] * 1000) for name in ("lat", "lon")]
    assert page.locator("#kaart .chosen").count() == 0
    assert window.violations() == []
    page.get_by_role("link", name=dutch("Search around this point")).click()
    page.wait_for_url("**/zalen?punt=*")
    assert "punt" in page.url


def test_point_is_moved_by_the_keyboard_and_given_up_by_escape(visit):
    page = visit(WIDE).opens("/")
    ready(page)
    start = page.get_by_role("button", name=dutch("Search around a point"))
    start.focus()
    page.keyboard.press("Enter")
    before = point_of(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    after = point_of(page)
    assert (after[0] > before[0], after[1] < before[1]) == (True, True)
    page.keyboard.press("Escape")
    expect(page.locator(".pointer")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == dutch("Search around a point")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zalen?punt=*")


def test_search_goes_to_the_map_and_comes_back_with_what_was_filled_in(visit):
    page = visit(NARROW).opens("/zalen?dag=2027-01-16&personen=30&bij=Ledeberg")
    page.get_by_text("Meer keuzes").click()
    page.get_by_role("link", name=dutch("Choose a point on the map")).click()
    ready(page)
    page.get_by_role("link", name=dutch("Search around this point")).click()
    page.wait_for_url("**/zalen?*punt=*")
    assert ("dag=2027-01-16" in page.url, "personen=30" in page.url, "bij=" in page.url) == (True, True, False)
    assert "Op " in page.locator("article .meta").first.inner_text()
