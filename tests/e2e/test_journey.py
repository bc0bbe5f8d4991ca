"""The walk that the site is for: An asks for the hall of Drongen, its volunteers say yes, and a calendar follows."""

import time

import icalendar
import pytest
from playwright.sync_api import expect

from tests.browser import dutch
from tests.e2e.conftest import NARROW, WIDE
from zalenzoeker.domain.deadlines import UNDO_WITHIN

HALL = "/zalen/open-huis-drongen/zaal-open-huis"
FEED = "/kalender/zaal/open-huis-drongen/zaal-open-huis.ics"
# The letters of the demonstration leave first.
PATIENCE = 90
# Each walk has a week of its own, so that none stands in the way of another.
WEEKS = {
    "phone": "2027-W10",
    "desk": "2027-W12",
    "phone without scripts": "2027-W14",
    "desk without scripts": "2027-W16",
    "keyboard": "2027-W18",
}


def ask_in(window, week, name):
    """From the first page to the form, through the list, the place, its hall and a week, and fill it in."""
    page = window.opens("/")
    page.locator("#resultaat").get_by_role("link", name="Open Huis Drongen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open Huis Drongen")
    page.locator(f"a[href='{HALL}']").first.click()
    page.wait_for_url(f"**{HALL}")
    window.opens(f"{HALL}?week={week}")
    free = page.locator("a.slot.t-free")
    assert free.count() > 0, f"nothing is free in {week}"
    free.last.click()
    fill_in(page, name)


def fill_in(page, name):
    page.locator("[name=activiteit]").fill(name)
    page.locator("[name=openbaar][value=ja]").check()
    page.locator("[name=personen]").fill("20")
    page.locator("[name=akkoord]").check()
    page.get_by_role("button", name=dutch("Send my request")).click()


def waits_for(what, holds, patience=PATIENCE):
    until = time.monotonic() + patience
    while not (found := holds()):
        assert time.monotonic() < until, f"{what} did not come within {patience} s"
        time.sleep(0.1)
    return found


def letter_to(town, email, subject, about="", patience=PATIENCE):
    """Wait for the letter that the worker hands to the mail server."""

    def found():
        those = [one for one in town.letters.messages if one["To"] == email and subject in str(one["Subject"])]
        return [one for one in those if about in one.get_body(("plain",)).get_content()]

    return waits_for(f"a letter to {email} with {subject!r}", found, patience)[-1]


@pytest.mark.parametrize(
    "width, javascript, walk",
    [
        (NARROW, True, "phone"),
        (WIDE, True, "desk"),
        (NARROW, False, "phone without scripts"),
        (WIDE, False, "desk without scripts"),
    ],
)
def test_hall_is_asked_approved_mailed_and_in_the_calendar(visit, town, width, javascript, walk):
    window = visit(width, javascript=javascript)
    page = window.page
    activity = f"Lenteconcert ({walk})"
    window.signs_in_as("An Peeters")
    ask_in(window, WEEKS[walk], activity)
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("The house looks at the request"))
    where = page.url
    window.signs_out()

    window.signs_in_as("Marcel De Smet")
    page.get_by_role("link", name=activity, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(activity)
    page.locator("[name=besluit][value=approve]").check(force=True)
    page.get_by_role("button", name=dutch("Decide"), exact=True).click()
    leaves = dutch("Decided. The letter leaves at %(time)s; until then you can undo it.", time="10.10")
    expect(page.locator("[role=status]").first).to_contain_text(leaves)
    window.signs_out()

    with town.after(UNDO_WITHIN):
        letter = letter_to(town, "an@demo.example", "Ja,", about=where)
    assert [one.get_filename() for one in letter.iter_attachments()] == ["afspraak.ics"]
    window.opens("/demo/postvak")
    page.get_by_role("link", name=str(letter["Subject"])).first.click()
    expect(page.locator(".letter")).to_contain_text("An Peeters")

    window.opens(where.removeprefix(town.url))
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("Yes, the room is yours"))
    assert "an@demo.example" not in page.content()
    window.opens(f"{HALL}?week={WEEKS[walk]}")
    expect(page.locator("main")).to_contain_text(activity)
    assert (
        page.locator("a[href^='webcal:']").get_attribute("href") == f"webcal://{town.url.removeprefix('http://')}{FEED}"
    )
    feed = window.context.request.get(f"{town.url}{FEED}")
    events = icalendar.Calendar.from_ical(feed.body()).walk("VEVENT")
    assert [str(one["STATUS"]) for one in events if str(one["SUMMARY"]) == activity] == ["CONFIRMED"]
    again = window.context.request.get(f"{town.url}{FEED}", headers={"If-None-Match": feed.headers["etag"]})
    assert (again.status, again.body()) == (304, b"")


def test_hall_is_asked_with_nothing_but_the_keyboard(visit):
    """Tab, arrows, space and Enter from the top of the form to the answer."""
    window = visit(WIDE)
    page = window.page
    window.signs_in_as("An Peeters")
    window.opens("/aanvragen/nieuw?zaal=open-huis-drongen/zaal-open-huis&dag=2027-04-28&van=19:00&tot=21:00")
    done = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        name, kind, is_outlined = page.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one);
                const label = one.closest('label') ? getComputedStyle(one.closest('label')) : style;
                const seen = (it) => it.outlineStyle !== 'none' || it.boxShadow !== 'none';
                return [one.name || '', one.type || one.tagName, seen(style) || seen(label)];
            }"""
        )
        # Inside a date or a time the browser itself shows where one is.
        assert is_outlined or kind in {"date", "time"}, f"the focus on {name or kind} is not to be seen"
        if name == "activiteit":
            page.keyboard.type("Met de toetsen")
        elif name == "openbaar":
            page.keyboard.press("Space")
        elif name == "personen":
            page.keyboard.type("12")
        elif name == "akkoord":
            page.keyboard.press("Space")
        elif kind == "submit" and "akkoord" in done:
            page.keyboard.press("Enter")
            break
        done.add(name)
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("The house looks at the request"))


def test_form_with_errors_puts_them_where_one_looks_first(visit):
    page = visit(NARROW).opens("/aanvragen/nieuw?zaal=open-huis-drongen/zaal-open-huis")
    page.get_by_role("button", name=dutch("Send my request")).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_visible()
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "dag"


def test_code_is_mailed_by_the_worker_and_signs_in(visit, town):
    window = visit(NARROW)
    page = window.opens("/aanmelden")
    page.get_by_label(dutch("Your e-mail address")).fill("nieuw@buurt.example")
    page.get_by_role("button", name=dutch("Mail me a code")).click()
    letter = letter_to(town, "nieuw@buurt.example", "code")
    page.get_by_label(dutch("Code of six digits")).fill(str(letter["Subject"]).split()[0])
    page.get_by_role("button", name=dutch("Go on")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(dutch("My requests"))


def test_address_of_the_feed_is_copied_by_a_button(visit):
    window = visit(WIDE)
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.opens(HALL)
    page.get_by_role("button", name=dutch("Copy")).click()
    expect(page.get_by_role("button", name=dutch("Copied"))).to_be_visible()
    expect(page.locator(".copy [role=status]")).to_have_text(dutch("Copied"))
    assert page.evaluate("navigator.clipboard.readText()").endswith(FEED)


def test_date_field_speaks_dutch(visit):
    page = visit(WIDE).opens("/aanvragen/nieuw?zaal=open-huis-drongen/zaal-open-huis")
    assert page.evaluate("navigator.language") == "nl-BE"
    assert page.get_by_label(dutch("Day"), exact=True).get_attribute("type") == "date"
