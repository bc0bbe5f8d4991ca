"""The planning board of a desk: what stands where, how much it weighs, and what leads where."""

import pytest

from tests.boards import BOOKINGS, KIB, MOST_KIB, make_full_board
from tests.browser import Browser
from tests.builders import (
    SATURDAY,
    at,
    make_account,
    make_city_desk,
    make_closure,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.requests import Policy, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage import accounts
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure

HOUSE, ROOM = "open-huis-drongen", "zaal-open-huis"
PLACE = f"{HOUSE}/{ROOM}"
DAY = SATURDAY.isoformat()


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def cells(page):
    """Return what every cell of the board that has words says."""
    return [words for words in page.found(tag="td") if words]


def test_board_of_an_empty_day_says_what_is_free(marcel):
    page = marcel.opens("board.show", dag=DAY)
    assert page.heading == "Zaterdag 16 januari 2027"
    assert cells(page) == ["9.00–1.00 Vrij"]
    assert (
        page.goes_to("board_own.new", zaal=PLACE, dag=DAY, van="09:00", tot="01:00").form("board_own.new")["van"]
        == "09:00"
    )


def test_board_says_what_stands_there_and_in_which_state(marcel, drongen):
    make_programme(drongen, weekday=5, hours=(9, 11))
    make_request(Status.APPROVED, room=drongen, slot=at("11:00", "13:00"), activity="Koor")
    make_request(room=drongen, slot=at("14:00", "16:00"), activity="Feest")
    assert cells(marcel.opens("board.show", dag=DAY)) == [
        "9.00–11.00 Soepcafé eigen werking",
        "11.00–13.00 Koor bevestigd",
        "13.00–14.00 Vrij",
        "14.00–16.00 Feest wacht op een beslissing",
        "16.00–1.00 Vrij",
    ]


def test_board_has_a_line_more_for_each_rival(marcel):
    drongen = rival_room()
    make_request(room=drongen, slot=at("18:00", "23:00"), activity="Feest")
    make_request(room=drongen, slot=at("19:00", "22:00"), activity="Koor", contact_email="els@yoga.example")
    page = marcel_of(marcel, drongen).opens("board.show", dag=DAY, huis=drongen.venue.slug)
    assert cells(page) == [
        "9.00–18.00 Vrij", "18.00–23.00 Feest wacht, samen met anderen", "23.00–1.00 Vrij",
        "19.00–22.00 Koor wacht, samen met anderen",
    ]  # fmt: skip
    heads = [one.get("rowspan") for one in page.elements(tag="th") if one.get("scope") == "row"]
    assert heads == ["2"]


def rival_room():
    return make_room(venue=make_venue(), rules={RuleName.PENDING: {"default": Policy.QUEUE.value}})


def marcel_of(marcel, room):
    make_desk(venue=room.venue, members=[accounts.by_email("marcel@drongen.example")])
    return marcel


@pytest.mark.parametrize(
    "what, leads_to", [("request", "desk.show"), ("own", "board_own.change"), ("closed", "board_own.closure")]
)
def test_cell_leads_to_the_page_of_what_stands_there(marcel, drongen, what, leads_to):
    if what == "request":
        values = {"code": make_request(room=drongen, activity="Dit hier").code}
    elif what == "own":
        values = {"venue": HOUSE, "code": make_programme(drongen, "Dit hier", weekday=5).code, "day": DAY}
    else:
        make_closure(drongen, SATURDAY, reason="Dit hier")
        values = {"venue": HOUSE, "number": str(db.session.query(Closure.id).scalar()), "dag": DAY}
    page = marcel.opens("board.show", dag=DAY)
    (address,) = [address for words, address in page.links if "Dit hier" in words]
    marcel.visits(f"/balie/{address}")
    assert marcel.trail == [marcel.address_of(leads_to, **values)]


def test_second_rival_that_begins_then_has_its_own_address(marcel):
    room = rival_room()
    marcel_of(marcel, room)
    asked = [make_request(room=room, activity=name, contact_email=f"{name}@post.example") for name in ("Koor", "Feest")]
    found = {}
    for words, address in marcel.opens("board.show", dag=DAY, huis=room.venue.slug).links:
        if "samen" in words:
            marcel.visits(f"/balie/{address}")
            found[words.split()[1]] = marcel.trail
    assert found == {one.activity: [f"/balie/aanvragen/{one.code}"] for one in asked}


def test_cell_whose_moment_is_gone_leads_back_to_the_board(marcel, drongen):
    page = marcel.opens("board.stands", day=DAY, number=drongen.id, moment="14.00")
    assert marcel.trail == [f"/balie/planbord?dag={DAY}&huis={HOUSE}"]
    assert "Wat daar stond, staat er niet meer. Kijk nog eens." in page.main


def test_dragged_request_leads_to_the_proposal_of_that_moment(marcel, drongen):
    request = make_request(room=drongen, slot=at("14:00", "16:00"))
    path = marcel.address_of("board.stands", day=DAY, number=drongen.id, moment="14.00",
                             zaal=PLACE, dag="2027-01-17", van="15:00", tot="17:00")  # fmt: skip
    answer = marcel.asks(path)
    (uid,) = [one.uid for one in request.occurrences]
    assert answer.headers["Location"] == (
        f"/balie/aanvragen/{request.code}/voorstel?zaal={PLACE}&dag=2027-01-17&van=15:00&tot=17:00&datum={uid}"
    )


@pytest.mark.parametrize("moment", ["14.00", "x", "99.99-9", "14.00-0"])
@pytest.mark.parametrize("day", ["2027-01-16", "gisteren", "1027-01-16"])
def test_address_that_says_something_odd_is_no_fault(marcel, drongen, day, moment):
    path = marcel.address_of("board.stands", day=day, number=drongen.id, moment=moment)
    assert marcel.asks(path).status_code in (302, 404)


@pytest.mark.parametrize(
    "asked", [{"dag": "x"}, {"week": "2027-W99"}, {"week": "x"}, {"blad": "0"}, {"huis": "elders"}, {}]
)
def test_board_of_something_odd_is_that_of_today(marcel, asked):
    assert marcel.opens("board.show", **asked).heading == "Maandag 23 november 2026"


def test_request_of_another_desk_is_no_link(marcel, drongen):
    elsewhere = make_desk(slug="ergens")
    request = make_request(Status.APPROVED, room=drongen, activity="Koor")
    with db.engine.begin() as connection:
        connection.execute(db.text("UPDATE request SET desk_id = :desk"), {"desk": elsewhere.id})
    page = marcel.opens("board.show", dag=DAY)
    assert cells(page)[1] == "14.00–18.00 Koor bevestigd"
    assert [address for words, address in page.links if "Koor" in words] == []
    assert request.code not in page.html


def test_board_shows_only_rooms_that_the_desk_keeps(marcel):
    make_desk(venue=make_room(venue=make_venue("buurthuis-malem")).venue)
    page = marcel.opens("board.show", dag=DAY)
    assert [one for one in page.found(tag="th") if "Zaal" in one] == ["Zaal", "Zaal Open Huis Open Huis Drongen"]


def test_city_turns_the_page_after_thirty_rooms(app):
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    for number in range(4):
        venue = make_venue(f"huis-{number}")
        make_desk(venue=venue)
        for room in range(8):
            make_room(f"zaal-{room}", venue=venue)
    browser = Browser(app, sofie)
    page = browser.opens("board.show", dag=DAY)
    heads = [one for one in page.elements(tag="th") if one.get("scope") == "row"]
    page = page.clicks("More rooms")
    assert (len(heads), len([one for one in page.elements(tag="th") if one.get("scope") == "row"])) == (30, 2)
    page.clicks("Rooms before these")
    only = browser.opens("board.show", dag=DAY, huis="huis-2")
    assert len([one for one in only.elements(tag="th") if one.get("scope") == "row"]) == 8


def test_board_shows_only_rooms_where_something_waits(marcel, drongen):
    other = make_room("kelder", venue=drongen.venue, name="Kelder")
    make_request(room=other, activity="Feest")
    rooms = {}
    for asked in ("", "wacht", "vrij"):
        page = marcel.opens("board.show", dag=DAY, toon=asked)
        rooms[asked] = [one.split()[0] for one in page.found(tag="th") if "Drongen" in one]
    assert rooms == {"": ["Kelder", "Zaal"], "wacht": ["Kelder"], "vrij": ["Kelder", "Zaal"]}


def test_board_on_which_nothing_waits_says_so(marcel):
    page = marcel.opens("board.show", dag=DAY, toon="wacht")
    assert "Op deze dag is er bij jou zo geen zaal." in page.main


def test_week_says_what_stands_in_each_part_of_each_day(marcel, drongen):
    make_programme(drongen, weekday=3)
    make_request(Status.APPROVED, room=drongen, slot=at("19:00", "22:00"), activity="Koor")
    page = marcel.opens("board.show", week="2027-W02")
    assert page.heading == "Week van 11 januari tot 17 januari 2027"
    rows = [list(page.found(tag="td"))[number : number + 7] for number in (0, 7, 14)]
    assert rows == [
        ["Vrij", "Vrij", "Vrij", "11.00–14.00 Soepcafé eigen werking", "Vrij", "Vrij", "Vrij"],
        ["Vrij", "Vrij", "Vrij", "11.00–14.00 Soepcafé eigen werking", "Vrij", "Vrij", "Vrij"],
        ["Vrij", "Vrij", "Vrij", "Vrij", "Vrij", "19.00–22.00 Koor bevestigd", "Vrij"],
    ]


def test_day_that_is_past_offers_nothing_to_make(marcel):
    page = marcel.opens("board.show", dag="2026-11-20")
    assert (cells(page), list(page.addresses("planbord/nieuw"))) == ([], [])


def test_board_asks_as_much_for_one_room_as_for_three(marcel, drongen, queries_of):
    one = queries_of(lambda: marcel.opens("board.show", dag=DAY))
    for _ in range(2):
        room = make_room(venue=make_venue())
        marcel_of(marcel, room)
        make_request(Status.APPROVED, room=room)
    assert len(queries_of(lambda: marcel.opens("board.show", dag=DAY))) == len(one)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_board_of_five_hundred_bookings_is_light(app, encoding):
    browser = Browser(app, make_full_board())
    page = browser.opens("board.show", dag=DAY)
    assert len(list(page.elements(tag="td", css="b"))) == BOOKINGS
    answer = browser.asks(browser.address_of("board.show", dag=DAY), headers={"Accept-Encoding": encoding})
    assert answer.headers["Content-Encoding"] == encoding
    assert len(answer.data) <= MOST_KIB * KIB


def test_room_that_is_not_there_is_not_found(marcel):
    marcel.opens("board.stands", day=DAY, number=999, moment="14.00", status=404)
