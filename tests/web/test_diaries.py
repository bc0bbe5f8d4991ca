"""The pages of the diary that a house keeps elsewhere: handed in, read, told of, old, and let go."""

from datetime import timedelta
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.browser import Browser, dutch
from tests.builders import NOW, SATURDAY, actor_of, at, make_request, make_room
from tests.gateways.diary_files import calendar, event
from tests.statements import asked
from zalenzoeker.domain.diaries import Trouble
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways import diary_dates
from zalenzoeker.services import diaries as service
from zalenzoeker.storage import accounts, diaries
from zalenzoeker.storage.db import db
from zalenzoeker.web.diary_words import TROUBLE

HOUSE, ROOM = "open-huis-drongen", "zaal-open-huis"
PLACE = {"venue": HOUSE, "room": ROOM}
RAW = calendar(
    event(f"DTSTART:{SATURDAY:%Y%m%d}T150000", f"DTEND:{SATURDAY:%Y%m%d}T170000", title="Echtscheiding van Jan"),
    event("DTSTART:20270101T150000", "DURATION:PT1H", "RRULE:FREQ=MINUTELY", uid="twee"),
    event("DTSTART:20270101T150000", "DURATION:PT1H", "TRANSP:TRANSPARENT", uid="drie"),
)


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def read(now=NOW, found=None):
    db.session.close()
    while service.read_next(now, fetch=lambda *_: Trouble.NO_ANSWER, read=found or diary_dates.read):
        pass
    db.session.close()


def hands_in(browser, raw=RAW, *, status=200, **fields):
    form = browser.opens("diaries.show", **PLACE).form("diaries.show", **PLACE)
    fields = {**form.fills_in(**fields).fields.to_dict(), "bestand": FileStorage(BytesIO(raw), "agenda.ics")}
    # Written here, because the client of the tests would leave its own copy of a large file open.
    boundary, body = encode_multipart(fields)
    options = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    return browser._goes("POST", form.action, status, options)


def test_house_finds_the_way_to_its_diary(marcel):
    page = marcel.opens("house.show", venue=HOUSE).goes_to("diaries.index", venue=HOUSE)
    assert page.heading == dutch("Diary of the house")
    assert dutch("No diary") in page.text
    assert page.goes_to("diaries.show", **PLACE).heading == "Agenda van Zaal Open Huis"


def test_file_is_read_by_the_worker_and_told_of(marcel):
    page = hands_in(marcel, geldig="7")
    assert page.found(css="messages") == [dutch("We have your file. It is being read now.")]
    assert dutch("Is being read") in page.text
    read()
    page = marcel.opens("diaries.show", **PLACE)
    assert dutch("Is being read") not in page.text
    told = [
        dutch("%(num)d date", num=1),
        dutch("%(num)d is shown as free in your diary.", num=1),
        dutch(
            "%(num)d comes back in a way that we do not read (more than once a day). Put it in your week here.", num=1
        ),
    ]
    assert [one for one in told if one not in page.text] == []
    assert "Echtscheiding" not in page.html
    assert page.form("diaries.show", **PLACE)["geldig"] == "7"


def test_room_says_that_the_house_has_it(marcel, passer_by):
    hands_in(marcel)
    read()
    page = passer_by.opens("rooms.show", **PLACE, week="2027-W02")
    assert dutch("taken (diary of the house)") in page.text
    assert "Het huis houdt een eigen agenda bij" in page.text
    assert "Echtscheiding" not in page.html


def test_desk_finds_it_on_the_board(marcel):
    hands_in(marcel)
    read()
    page = marcel.opens("board.show", dag=SATURDAY.isoformat(), huis=HOUSE)
    assert dutch("taken (diary of the house)") in page.text


def test_old_diary_says_ask_the_house(marcel, passer_by, clock):
    hands_in(marcel, geldig="7")
    read()
    clock.stands_at(NOW + timedelta(days=8))
    page = passer_by.opens("rooms.show", **PLACE)
    assert dutch("Ask the house itself") in page.text
    assert "te lang geleden" in page.text
    assert page.addresses("/aanvragen/nieuw") == []
    assert dutch("Ask the house itself") in passer_by.opens("venues.show", venue=HOUSE).text
    page = marcel.opens("diaries.show", **PLACE)
    assert dutch("Too old") in page.text


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.APPROVED])
def test_who_is_in_the_way_is_listed_for_the_desk(marcel, drongen, status):
    request = make_request(status, room=drongen, slot=at("15:00", "16:00"))
    hands_in(marcel)
    read()
    for endpoint, values in (("diaries.index", {"venue": HOUSE}), ("diaries.show", PLACE)):
        page = marcel.opens(endpoint, **values)
        assert dutch("Also in your diary then") in page.text
        assert len([one for one in page.addresses("/") if request.code in one]) == 1


@pytest.mark.parametrize(
    "raw, words",
    [
        (b"", "Choose the file that you exported from your diary. It ends in .ics."),
        (b"x" * (1024 * 1024 + 1), "This file is larger than 1 MB. Export only the coming months."),
    ],
)
def test_file_that_is_none(marcel, raw, words):
    page = hands_in(marcel, raw, status=422, geldig="90")
    assert page.errors == {"bestand": dutch(words)}
    assert page.form("diaries.show", **PLACE)["geldig"] == "90"


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_is_said_in_dutch(marcel, trouble):
    hands_in(marcel)
    read(found=lambda *_: trouble)
    page = marcel.opens("diaries.show", **PLACE)
    with marcel.app.test_request_context("/"):
        assert str(TROUBLE[trouble]) in page.text
    assert dutch("Not read") in page.text


def test_diary_is_let_go(marcel):
    hands_in(marcel)
    read()
    page = marcel.opens("diaries.show", **PLACE).form("diaries.end", **PLACE).sends()
    assert page.heading == dutch("Diary of the house")
    assert dutch("No diary") in page.text
    page = marcel.opens("logbook.show", venue=HOUSE)
    assert dutch("The diary of the house") in page.text


def test_address_is_only_asked_where_hosts_are_set(marcel, app):
    assert marcel.opens("diaries.show", **PLACE).addresses(f"/balie/huizen/{HOUSE}/agenda/{ROOM}/adres") == []
    marcel.opens("diaries.follow", status=404, **PLACE)


@pytest.fixture
def with_hosts(app):
    app.config["BUSY_FEED_HOSTS"] = frozenset({"agenda.example"})
    yield
    app.config["BUSY_FEED_HOSTS"] = frozenset()


def test_address_is_kept_and_shown_by_its_host_alone(marcel, with_hosts):
    form = marcel.opens("diaries.follow", **PLACE).form("diaries.follow", **PLACE)
    page = form.fills_in(adres="https://elders.example/geheim.ics").sends(status=422)
    assert dutch("We cannot read that address. It begins with https:// and one of the hosts below.") in page.text
    form = page.form("diaries.follow", **PLACE)
    assert form["adres"] == "https://elders.example/geheim.ics"
    page = form.fills_in(adres="https://agenda.example/geheim.ics").sends()
    assert ("agenda.example" in page.text, "geheim" in page.html) == (True, False)
    assert "geheim" not in marcel.opens("logbook.show", venue=HOUSE).html


def count_queries(marcel):
    marcel.opens("diaries.index", venue=HOUSE)
    with asked() as statements:
        marcel.opens("diaries.index", venue=HOUSE)
    return len(statements)


def test_page_asks_as_much_for_three_rooms_as_for_one(marcel, drongen):
    hands_in(marcel)
    one = count_queries(marcel)
    for slug in ("tweede", "derde"):
        room = make_room(slug, venue=drongen.venue)
        by = actor_of(accounts.by_email("marcel@drongen.example"))
        service.hand_in(HOUSE, room.slug, RAW, 30, by=by, now=NOW)
    assert count_queries(marcel) == one


def test_diary_of_a_room_that_is_not_there(marcel):
    marcel.opens("diaries.show", status=404, venue=HOUSE, room="niets")
    assert diaries.of_room(0) is None
