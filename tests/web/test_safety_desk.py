"""Safety at the desk: what houses, desks and askers type there is shown as text wherever it is read."""

from pathlib import Path

import pytest

from tests.scene import Town
from tests.web.test_safety import ALIVE, NASTY

HOUSE = {"venue": "open-huis-drongen"}
DESK = {"desk": "drongen"}


@pytest.fixture
def typed_town(demo_app, config):
    """The town after each of its people typed what would be code in every field that the desk learned of late."""
    town = Town(demo_app, Path(config.database_url.removeprefix("sqlite:///")))
    scene, here = town.scene, town.browser_of("volunteer here")
    request = {"code": scene.waiting}
    day = {"dag": "2027-01-17", "van": "14:00", "tot": "18:00", "zaal": "open-huis-drongen/zaal"}
    made = {"zaal": "open-huis-drongen/zaal", "dag": "2027-01-30", "van": "10:00", "tot": "12:00", "openbaar": "ja"}
    sends(here, "crew.away", {"weg-van": "2026-11-23", "weg-tot": "2026-12-01", "weg-waarom": NASTY}, **DESK)
    house = here.opens("house_text.show", **HOUSE).form("house_text.show", **HOUSE)
    house.forges(tekst=NASTY, praktisch=NASTY).sends()
    room = here.opens("house_room.show", **HOUSE, room="zaal").form("house_room.show", **HOUSE, room="zaal")
    room.forges(tekst=NASTY).sends()
    sends(here, "board_own.new", {**made, "wat": "een-keer", "naam": NASTY})
    sends(here, "board_own.new", {**made, "dag": "2027-01-31", "wat": "sluiten", "naam": NASTY})
    sends(here, "talking.ask", {"vraag": NASTY}, **request)
    sends(here, "talking.note", {"nota": NASTY}, **request)
    sends(town.browser_of("asker"), "talking.reply", {"antwoord": NASTY}, **request)
    form = here.opens("proposals.new", **request).form("proposals.new", **request)
    form.forges(**day, bericht=NASTY).sends()
    sends(town.browser_of("asker"), "agreeing.decline", {"bericht": NASTY, "woorden": NASTY}, code=scene.proposed)
    return town


def sends(browser, endpoint, form, **values):
    data = {**form, "csrf_token": browser.token()}
    answer = browser.asks(browser.address_of(endpoint, **values), method="POST", data=data)
    assert answer.status_code == 302, (endpoint, answer.status_code)


def places(scene):
    """Where it is read, by who reads it."""
    house = "/balie/huizen/open-huis-drongen"
    return {
        "anonymous": ["/locaties/open-huis-drongen", "/zalen/open-huis-drongen/zaal"],
        "asker": [f"/aanvragen/{scene.waiting}", f"/aanvragen/{scene.proposed}"],
        "volunteer here": [
            *(house, f"{house}/logboek", f"{house}/tekst", f"{house}/zalen/zaal", "/balie/ploeg/drongen"),
            *("/balie", "/balie/planbord?dag=2027-01-30", "/balie/planbord?dag=2027-01-31"),
            *("/balie/planbord?week=2027-W04", f"/balie/aanvragen/{scene.waiting}", "/balie/ploeg/drongen/leden"),
            f"/balie/aanvragen/{scene.proposed}",
        ],
    }


@pytest.mark.parametrize("role", ["anonymous", "asker", "volunteer here"])
def test_text_that_would_be_code_stays_text_where_it_is_read(typed_town, role):
    browser = typed_town.browser_of(role)
    paths = places(typed_town.scene)[role]
    alive, shown = [], []
    for path in [*paths, "/aanvragen/nieuw?zaal=open-huis-drongen/zaal"]:
        page = browser.visits(path)
        shown += [path] if "onerror" in page.text else []
        alive += [f"{word} on {path}" for word in ALIVE if word in page.html]
        alive += [f"<script> on {path}" for one in page.elements(tag="script") if not one.get("src")]
        alive += [f"<img> on {path}" for one in page.elements(tag="img") if one.get("src") == "x"]
    assert alive == []
    assert shown != []


def test_text_that_would_be_code_stays_text_in_the_letters_of_the_desk(typed_town):
    browser = typed_town.browser_of("anonymous")
    letters = browser.opens("demo.letter_box").addresses("/demo/postvak/")
    answers = {path: browser.asks(f"{path}/html").get_data(as_text=True) for path in letters}
    assert {path: word for path, html in answers.items() for word in ALIVE if word in html} == {}
    assert [path for path, html in answers.items() if "onerror" in html] != []
