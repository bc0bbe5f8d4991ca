"""The agenda in a real browser: nothing hinders anybody, and a device is asked where it is only by who presses."""

import re

from tests.e2e.conftest import NARROW, NARROWEST, WIDE

MALEM = {"latitude": 51.0558, "longitude": 3.6898}


def test_agenda_and_the_page_of_an_activity_hinder_nobody(visit):
    window = visit(WIDE)
    page = window.opens("/agenda?thema=soepcafe&wijk=brugse-poort-rooigem&week=2026-W49")
    activity = page.locator(".act h4 a").first.get_attribute("href")
    found = {}
    for path in ("/agenda?thema=soepcafe", activity):
        window.opens(path)
        for width in (WIDE, NARROW, NARROWEST):
            window.has_width(width)
            found[path, width] = (window.violations(), window.overhang())
    assert [one for one in found.values() if one != ([], 0)] == []


def test_what_is_close_is_asked_of_the_device_only_when_somebody_presses(visit):
    window = visit(NARROW)
    window.context.grant_permissions(["geolocation"], origin=window.url)
    window.context.set_geolocation(MALEM)
    page = window.opens("/agenda")
    page.evaluate(
        "(navigator.geolocation.getCurrentPosition = ((real) => (...all) => { window.asked = 1; return real(...all); })"
        "(navigator.geolocation.getCurrentPosition.bind(navigator.geolocation)), 0)"
    )
    page.get_by_text("Vandaag, dicht bij jou").click()
    assert page.evaluate("window.asked ?? 0") == 0
    page.get_by_role("button", name="Gebruik mijn plaats").click()
    page.wait_for_url(re.compile("bij=51.056"))
    assert page.locator("#bij").input_value() == "51.056,3.690"


def test_photo_of_a_phone_is_made_smaller_before_it_is_sent(visit, tmp_path):
    window = visit(NARROW)
    window.signs_in_as("Marcel")
    page = window.opens("/balie/huizen/open-huis-drongen")
    page.locator('main a[href*="/werking/"]:not([href$=nieuw])').first.click()
    page.wait_for_url("**/werking/*")
    page.locator('a[href$="/publiceren"]').click()
    page.wait_for_url("**/publiceren")
    drawn = page.evaluate(
        """async () => {
            const canvas = new OffscreenCanvas(2400, 1800);
            const drawing = canvas.getContext("2d");
            const noise = drawing.createImageData(2400, 1800);
            for (let at = 0; at < noise.data.length; at++) noise.data[at] = (at * 2654435761) >>> 24;
            drawing.putImageData(noise, 0, 0);
            const type = "image/png";
            const file = new File([await canvas.convertToBlob({ type })], "groot.png", { type });
            const input = document.querySelector("input[type=file]");
            const files = new DataTransfer();
            files.items.add(file);
            input.files = files.files;
            input.dispatchEvent(new Event("change"));
            return file.size;
        }"""
    )
    sent = page.evaluate(
        """async () => {
            const input = document.querySelector("input[type=file]");
            while (input.files[0].name !== "foto.jpg") await new Promise((resolve) => setTimeout(resolve, 50));
            return input.files[0].size;
        }"""
    )
    assert (drawn > 1_800_000, sent < 1_800_000) == (True, True)
