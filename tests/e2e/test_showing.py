"""Poster, screen and frame in a real browser: a network that goes away, paper, and for everybody."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import FRAMED, dutch
from tests.builders import NOW
from tests.e2e.conftest import NARROW, NARROWEST, WIDE

PLACE = "/locaties/open-huis-drongen"
MINUTE = 61_000
A4 = (595, 842)


def test_screen_keeps_what_it_has_when_the_network_goes_and_says_since_when(visit):
    window = visit(WIDE)
    window.page.clock.install(time=NOW)
    page = window.opens(f"{PLACE}/scherm")
    shown, status = page.locator(".screen-day:not([hidden])"), page.locator("[data-status]")
    today = re.compile(r"^\s*Vandaag\s*maandag 23 november\s*13.30 tot 17.00 uur\s*Kaartnamiddag\s*$")
    expect(shown).to_have_text(today, use_inner_text=True)
    window.context.set_offline(True)
    page.clock.run_for(MINUTE)
    lost = dutch("No connection since %(time)s. This is what we knew then.", time="10.00")
    expect(status).to_have_text(lost)
    expect(shown).to_have_text(today, use_inner_text=True)
    # A day later it has turned to the next thing by itself, and says of which day it knows.
    page.clock.fast_forward("27:00:00")
    friday = re.compile(r"^\s*vrijdag 27 november\s*14.00 tot 17.00 uur\s*Naaiatelier\s*$")
    expect(shown).to_have_text(friday, use_inner_text=True)
    expect(status).to_have_text(lost.replace("10.00", "23 november, 10.00"))
    window.context.set_offline(False)
    page.clock.run_for(MINUTE)
    expect(status).to_have_text(re.compile(dutch("Brought up to date at %(time)s", time="10.0")))
    expect(shown).to_have_text(today, use_inner_text=True)


def test_screen_keeps_what_it_has_when_another_page_answers(visit):
    window = visit(WIDE)
    window.page.clock.install(time=NOW)
    page = window.opens(f"{PLACE}/scherm")
    page.route("**/scherm", lambda route: route.fulfill(body="<h1>Betaal voor wifi</h1>", content_type="text/html"))
    page.clock.run_for(MINUTE)
    expect(page.locator("[data-status]")).to_have_text(re.compile("^Geen verbinding"))
    expect(page.locator(".screen-day:not([hidden])")).to_have_text(re.compile("Kaartnamiddag"))


def test_poster_comes_out_of_the_printer_as_one_sheet_and_nothing_else(visit):
    window = visit(WIDE)
    page = window.opens(f"{PLACE}/affiche")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [(round(float(width)), round(float(height))) for width, height in boxes] == [A4]
    page.emulate_media(media="print")
    expect(page.locator(".poster h1")).to_be_visible()
    expect(page.locator(".poster-tools")).to_be_hidden()
    expect(page.locator(".site-head")).to_be_hidden()


def test_agenda_is_shown_in_a_frame_and_its_links_leave_the_frame(visit):
    window = visit(WIDE)
    page = window.opens("/agenda/inbedden?locatie=open-huis-drongen")
    page.frame_locator("iframe").get_by_role("link", name="Naaiatelier").first.click()
    page.wait_for_url(re.compile(r"/agenda/[a-z0-9]{8}$"))
    expect(page.locator("h1")).to_have_text("Naaiatelier")


@pytest.mark.parametrize("path", [f"{PLACE}/affiche", f"{PLACE}/scherm", "/agenda/inbedden", FRAMED])
def test_page_is_for_everybody_and_fits_a_small_phone(visit, path):
    window = visit(NARROW)
    window.opens(path)
    assert window.violations() == []
    window.has_width(NARROWEST)
    assert window.overhang() == 0
