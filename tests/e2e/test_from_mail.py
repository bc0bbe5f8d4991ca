"""Deciding from the mail on a phone: few taps, a light page, and nothing that a program which clicks could decide."""

import re

import pytest
from playwright.sync_api import expect

from tests.bench.from_mail import MOST_KIB, MOST_TAPS, decided_on_a_phone
from tests.bench.weight import KIB
from tests.browser import dutch
from tests.e2e.conftest import NARROW, NARROWEST, WIDE
from tests.e2e.test_journey import HALL, fill_in, letter_to
from zalenzoeker.domain.deadlines import UNDO_WITHIN

VOLUNTEERS, MARCEL = "open-huis-drongen@demo.example", "Marcel De Smet"
# Each walk has a week of its own, so that none stands in the way of another.
WEEKS = {name: f"2027-W{number}" for number, name in enumerate(
    ("scripts", "no scripts", "weight", "keyboard", "scanner", "looks", "undo"), 6)}  # fmt: skip


def asked(visit, town, walk):
    """An asks for the hall, and the volunteers get their letter; returns its link."""
    window = visit(WIDE)
    window.signs_in_as("An Peeters")
    page = window.opens(f"{HALL}?week={WEEKS[walk]}")
    page.locator("a.slot.t-free").last.click()
    activity = f"Buurtvergadering ({walk})"
    fill_in(page, activity)
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("The house looks at the request"))
    window.signs_out()
    text = letter_to(town, VOLUNTEERS, activity).get_body(("plain",)).get_content()
    return re.search(r"/beslissen/\S+", text)[0], activity


def send_as_marcel(page):
    return page.get_by_role("button", name=dutch("Send as %(name)s", name=MARCEL), exact=True)


@pytest.mark.parametrize("walk", ["scripts", "no scripts"])
def test_request_is_decided_from_the_mail(visit, town, walk):
    link, activity = asked(visit, town, walk)
    phone = visit(NARROW, javascript=walk == "scripts")
    page = phone.opens(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(activity)
    page.get_by_role("radio", name=dutch("Yes, approve")).click()
    send_as_marcel(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("Decided: %(what)s", what="ja"))
    expect(page.get_by_role("main")).to_contain_text(MARCEL)
    other = visit(NARROW).opens(link)
    expect(other.get_by_role("heading", level=1)).to_have_text(dutch("Decided: %(what)s", what="ja"))
    expect(other.get_by_role("button", name=dutch("Undo"))).to_have_count(0)
    with town.after(UNDO_WITHIN):
        letter_to(town, "an@demo.example", "Ja,", about=activity)


def test_decision_from_the_mail_takes_few_taps_and_is_light(browser, visit, town):
    """From the tap in the letter to the page that says what was decided, with nothing kept from before."""
    link, _activity = asked(visit, town, "weight")
    found = decided_on_a_phone(browser, f"{town.url}{link}")
    assert found.said == dutch("Decided: %(what)s", what="ja")
    assert found.taps <= MOST_TAPS
    assert len(found.bill.sizes) >= 4
    assert [one for one in found.bill.addresses.values() if one.endswith((".woff2", ".js"))] == []
    assert sum(found.bill.sizes.values()) / KIB <= MOST_KIB


def test_decision_from_the_mail_needs_no_mouse(visit, town):
    link, activity = asked(visit, town, "keyboard")
    page = visit(WIDE).opens(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(activity)
    answer = dutch("No. %(reason)s", reason=dutch("There are works in the building then."))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("Space")
    # Enter in a choice would send it with the first name there is: it asks for a name instead.
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(dutch("Press the button with your own name."))
    page.get_by_role("radio", checked=True).focus()
    while not page.get_by_role("radio", name=answer).is_checked():
        page.keyboard.press("ArrowDown")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == dutch("Send as %(name)s", name=MARCEL):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("Decided: %(what)s", what="nee"))


def test_program_that_opens_and_clicks_everything_decides_nothing(visit, town):
    """It follows each link and presses each button, with scripts, as some do that look through mail."""
    link, activity = asked(visit, town, "scanner")
    page = visit(WIDE).opens(link)
    buttons = page.get_by_role("main").get_by_role("button")
    for number in range(buttons.count()):
        buttons.nth(number).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(activity)
        expect(page.get_by_role("alert")).to_contain_text(dutch("Choose what you decide"))
    for address in page.get_by_role("main").get_by_role("link").evaluate_all("all => all.map((one) => one.href)"):
        page.goto(address)
    # A form that is sent as an address, with everything that the page offers.
    page.goto(f"{town.url}{link}?besluit=approve&versie=2&wie=iemand")
    page.goto(f"{town.url}{link}")
    expect(page.get_by_role("heading", level=1)).to_have_text(activity)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)


def test_pages_behind_a_letter_are_for_everybody(visit, town):
    """Nothing that axe finds, and nothing wider than the screen: the choice, its errors, the answer, the reminder."""
    link, _activity = asked(visit, town, "looks")
    window = visit(NARROW)
    page = window.opens(link)
    found = looks(window)
    send_as_marcel(page).click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += looks(window)
    page.get_by_role("radio", name=dutch("Yes, approve")).click()
    send_as_marcel(page).click()
    expect(page.get_by_role("button", name=dutch("Undo"))).to_be_visible()
    found += looks(window)
    for path in ("/beslissen/verzonnen", "/niet-nodig/verzonnen"):
        window.opens(path)
        found += looks(window)
    assert found == []


def looks(window):
    found = []
    for width in (NARROWEST, NARROW, WIDE):
        window.has_width(width)
        found += [f"{window.page.url} at {width}: {one}" for one in window.violations()]
        found += [f"{window.page.url} at {width} is too wide"] * (window.overhang() > 0)
    window.has_width(NARROW)
    return found


def test_decision_is_undone_on_the_page_after_it_and_taken_again(visit, town):
    link, activity = asked(visit, town, "undo")
    page = visit(NARROW).opens(link)
    page.get_by_role("radio", name=dutch("Yes, approve")).click()
    send_as_marcel(page).click()
    page.get_by_role("button", name=dutch("Undo")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(activity)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    page.get_by_role(
        "radio", name=dutch("No. %(reason)s", reason=dutch("There are works in the building then."))
    ).click()
    send_as_marcel(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("Decided: %(what)s", what="nee"))
    with town.after(UNDO_WITHIN):
        letter_to(town, "an@demo.example", "Nee", about=activity)
