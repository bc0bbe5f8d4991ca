"""Every page of the walk, on a phone and on a desk: nothing hinders anybody, nothing sticks out, nothing breaks."""

import pytest

from tests import pictures
from tests.e2e.conftest import NARROW, NARROWEST, WIDE
from tests.torture.stage import FULL

# Every picture is a page, and every page is looked at.
NAMES = [
    "accessibility",
    "association",
    "association-new",
    "desk",
    "desk-decided",
    "desk-proposed",
    "desk-refusing",
    "desk-request",
    "desk-rivals",
    "desk-vote",
    "first-free",
    "form",
    "form-lost",
    "form-signed-in",
    "form-with-errors",
    "help",
    "landing",
    "landing-no-result",
    "landing-one-result",
    "letter",
    "letter-as-mail",
    "letters",
    "mine",
    "moments-days",
    "moments-month",
    "moments-times",
    "not-allowed",
    "not-found",
    "privacy",
    "request-approved",
    "request-waiting",
    "room",
    "room-asked-at-the-house",
    "search",
    "search-day",
    "search-days",
    "search-moment",
    "search-nothing",
    "search-series",
    "search-with-errors",
    "sign-in",
    "sign-in-code",
    "venue",
    "venue-private",
]
# Walked with all other pages of the desk in test_desk_pages.
OF_THE_DESK = [
    "behalf",
    "behalf-paper",
    "board",
    "board-week",
    "crew",
    "crew-advice",
    "crew-hand-over",
    "crew-members",
    "desk-proposing",
    "from-mail",
    "house",
    "house-log",
    "house-text",
    "letters-to-print",
]
# Walked in test_showing.
SHOWN = ["embedding", "frame", "poster", "screen"]


@pytest.fixture(scope="session")
def walk(town):
    return {one.name: one for one in pictures.pictures(town.database)}


def test_walk_has_a_test_for_every_page(walk):
    assert sorted(walk) == sorted(NAMES + OF_THE_DESK + SHOWN)


@pytest.mark.torture
@pytest.mark.parametrize("name", NAMES)
def test_page_of_the_walk_hinders_nobody_and_fits(visit, walk, name):
    one = walk[name]
    window = visit(NARROW)
    if one.who:
        window.signs_in_as(one.who)
    window.opens(one.path)
    one.deed(window.page)
    window.page.wait_for_load_state("load")
    # In the gate axe looks at every other page on the phone, and at the others on the desk.
    looked_at = (NARROW, WIDE) if FULL else (NARROW, WIDE)[NAMES.index(name) % 2 :][:1]
    found = {}
    for width in (NARROW, WIDE, NARROWEST):
        window.has_width(width)
        found[f"sticks out at {width}"] = window.overhang()
        if width in looked_at:
            found[f"axe at {width}"] = window.violations()
    sticks_out = {f"sticks out at {width}": 0 for width in (NARROW, WIDE, NARROWEST)}
    assert found == sticks_out | {f"axe at {width}": [] for width in looked_at}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/zalen/open-huis-drongen/zaal-open-huis",
        "/zalen?dag=2027-01-16&van=14:00&tot=18:00&personen=30",
        "/zalen/open-huis-drongen/zaal-open-huis/dagen",
        "/aanmelden",
    ],
)
def test_page_in_the_dark_hinders_nobody(visit, path):
    window = visit(NARROW)
    window.page.emulate_media(color_scheme="dark")
    window.opens(path)
    assert window.violations() == []


def test_page_with_large_letters_does_not_stick_out(visit):
    """Twice as large, as in WCAG 1.4.4: half as many pixels across."""
    window = visit(NARROWEST)
    for path in (
        "/",
        "/zalen/open-huis-drongen/zaal-open-huis",
        "/aanvragen/nieuw?zaal=open-huis-drongen/zaal-open-huis",
        "/aanvragen/reeks?zaal=open-huis-drongen/zaal-open-huis&dag=2027-01-07&dagdeel=avond&herhaal=wekelijks&aantal=9",
    ):
        window.opens(path)
        assert window.overhang() == 0
