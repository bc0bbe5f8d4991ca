"""Looking for a room in a real browser: with and without scripts, by keyboard, and from the place of the device."""

import re

import pytest

from tests.e2e.conftest import NARROW

HALL = "/zalen/open-huis-drongen/zaal-open-huis"
GHENT = {"latitude": 51.05437, "longitude": 3.72521}


def fill_in(page, **fields):
    for name, value in fields.items():
        page.locator(f"main [name={name}]").first.fill(value)


@pytest.mark.parametrize("javascript", [True, False])
def test_search_leads_to_a_form_that_is_filled_in(visit, javascript):
    page = visit(NARROW, javascript=javascript).opens("/")
    page.get_by_role("navigation").get_by_role("link", name="Zaal zoeken").click()
    fill_in(page, dag="2027-01-16", van="14:00", tot="18:00", personen="30")
    page.get_by_text("Meer keuzes").click()
    page.get_by_label("Keuken", exact=True).check()
    page.get_by_role("button", name="Zoek", exact=True).click()
    assert page.locator("h1").inner_text() == "Zaterdag 16 januari 2027, 14.00 tot 18.00 uur"
    page.locator("#fits ~ article a.btn").first.click()
    assert page.locator("[name=dag]").first.input_value() == "2027-01-16"
    assert page.locator("[name=personen]").first.input_value() == "30"


@pytest.mark.parametrize("javascript", [True, False])
def test_moment_is_chosen_from_day_to_time_to_form(visit, javascript):
    page = visit(NARROW, javascript=javascript).opens(HALL)
    page.get_by_role("link", name="Kies een dag en een uur").click()
    page.get_by_role("link", name=re.compile("^maandag 28 december")).click()
    page.get_by_role("link", name=re.compile("^Avond")).click()
    assert page.locator("[name=dag]").first.input_value() == "2026-12-28"
    assert page.locator("[name=van]").first.input_value() == "18:00"


def test_search_by_keyboard_goes_from_field_to_results(visit):
    page = visit().opens("/zalen")
    page.locator("#dag").focus()
    page.keyboard.type("16012027")
    page.locator("#personen").focus()
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    page.wait_for_url("**dag=2027-01-16**")
    assert page.locator("h1").inner_text() == "Zaterdag 16 januari 2027"


def test_device_is_asked_for_its_place_only_when_somebody_presses(visit):
    window = visit(NARROW)
    window.context.grant_permissions(["geolocation"], origin=window.url)
    window.context.set_geolocation(GHENT)
    page = window.opens("/zalen?dag=2027-01-16")
    asked = (
        "(navigator.geolocation.getCurrentPosition = ((real) => (...all) => { window.asked = 1; return real(...all); })"
    )
    page.evaluate(f"{asked}(navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)), 0)")
    page.get_by_text("Meer keuzes").click()
    assert page.evaluate("window.asked ?? 0") == 0
    assert not page.locator("#punt").is_visible()
    page.get_by_role("button", name="Gebruik mijn plaats").click()
    page.locator("#punt").wait_for()
    assert page.locator("#punt").input_value() == "51.054,3.725"
    page.get_by_role("button", name="Zoek opnieuw").click()
    assert "Op " in page.locator("article .meta").first.inner_text()


def test_device_that_does_not_say_where_it_is_gets_a_sentence(visit):
    window = visit(NARROW)
    page = window.opens("/zalen")
    page.get_by_text("Meer keuzes").click()
    page.get_by_role("button", name="Gebruik mijn plaats").click()
    status = page.locator("[data-place] [role=status]")
    status.filter(has_text="Je toestel zegt niet waar het is").wait_for()
    assert page.evaluate("document.activeElement.id") == "bij"


def test_series_says_what_it_cannot_give_and_leads_on(visit):
    page = visit(NARROW).opens(
        "/zalen?dag=2027-01-07&dagdeel=avond&herhaal=wekelijks&tot-en-met=2027-05-20&personen=25&faciliteit=keuken"
        "&bij=Brugse+Poort"
    )
    tags = page.locator("article .tag").all_inner_texts()
    assert tags[0] == "Vrij om aan te vragen: alle 20 datums"
    address = page.locator("article a.btn").first.get_attribute("href")
    assert address.startswith("/aanvragen/reeks?zaal=")
    assert "herhaal=wekelijks&tot-en-met=2027-05-20" in address
