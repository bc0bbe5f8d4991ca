"""What a house does itself, made and moved by the forms of the planning board."""

from datetime import timedelta

import pytest

from tests.browser import Browser
from tests.builders import SATURDAY, at, make_closure, make_programme, make_request
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import from_epoch
from zalenzoeker.storage import accounts
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, Occupancy, OwnProgramme

HOUSE, ROOM = "open-huis-drongen", "zaal-open-huis"
PLACE = f"{HOUSE}/{ROOM}"
DAY = SATURDAY.isoformat()
SUNDAY = SATURDAY + timedelta(days=1)
QUIZ = {"naam": "Quiz", "wat": "een-keer", "openbaar": "ja"}


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def held():
    """Return what has the room: from when, by whom."""
    db.session.close()
    rows = db.session.query(Occupancy.from_epoch, Occupancy.by).order_by(Occupancy.from_epoch)
    return [(f"{from_epoch(starts):%Y-%m-%d %H:%M}", by.value) for starts, by in rows]


def makes(marcel, *, status=200, **typed):
    page = marcel.opens("board_own.new", zaal=PLACE, dag=DAY, van="18:00", tot="22:00")
    return page.form("board_own.new").fills_in(**{**QUIZ, **typed}).sends(status=status)


def test_own_programme_made_in_a_free_cell_stands_on_the_board(marcel):
    page = makes(marcel)
    assert marcel.trail == [f"/balie/planbord?dag={DAY}"]
    assert held() == [("2027-01-16 18:00", "own_programme")]
    assert "Het staat op het planbord." in page.main


def test_own_programme_of_every_week_begins_on_that_day(marcel):
    makes(marcel, wat="elke-week")
    line = db.session.query(OwnProgramme).one()
    assert (line.weekday, line.first_day, line.until) == (5, SATURDAY, None)
    assert marcel.trail == [f"/balie/huizen/{HOUSE}/werking/{line.code}"]


def test_closing_day_made_on_the_board_closes_that_room(marcel):
    makes(marcel, wat="sluiten", naam="De vloer wordt hersteld", van="", tot="")
    closed = db.session.query(Closure).one()
    assert (closed.first_day, closed.last_day, closed.reason) == (SATURDAY, SATURDAY, "De vloer wordt hersteld")


def test_request_for_somebody_else_goes_on_to_its_own_form(marcel):
    form = {"zaal": PLACE, "dag": DAY, "van": "18:00", "tot": "22:00", "wat": "aanvraag", "csrf_token": marcel.token()}
    answer = marcel.asks(marcel.address_of("board_own.new"), method="POST", data=form)
    assert answer.headers["Location"] == f"/balie/aanvragen/nieuw?zaal={PLACE}&dag={DAY}&van=18:00&tot=22:00"
    assert held() == []


def test_what_stands_in_the_way_is_named_and_nothing_is_lost(marcel, drongen):
    make_request(Status.APPROVED, room=drongen, slot=at("20:00", "23:00"), activity="Koor")
    page = makes(marcel, status=409)
    assert "zaterdag 16 januari 2027: Koor, An Peeters" in page.main
    assert page.form("board_own.new")["naam"] == "Quiz"
    assert held() == [("2027-01-16 20:00", "booking")]


@pytest.mark.parametrize("typed, field, error", [
    ({"naam": ""}, "naam", "Schrijf wat er gebeurt, bijvoorbeeld Soepcafé, of waarom je sluit"),
    ({"dag": "2026-11-20"}, "dag", "Die dag is voorbij. Kies een dag die nog komt."),
    ({"dag": "2029-11-20"}, "dag", "Kies een dag in het komende jaar."),
    ({"van": ""}, "van", "Vul een uur in, bijvoorbeeld 14:00"),
    ({"van": "14:07"}, "van", "Kies een uur op het kwartier, bijvoorbeeld 14:15"),
    ({"dag": "2026-11-23", "van": "08:00", "tot": "09:00"}, "van",
     "Dat moment is voorbij. Kies een moment dat nog komt."),
])  # fmt: skip
def test_form_that_cannot_be_says_what_to_do(marcel, typed, field, error):
    page = makes(marcel, status=422, **typed)
    assert page.errors == {field: error}
    assert held() == []


def test_address_that_says_something_odd_gives_an_empty_form(marcel):
    page = marcel.opens("board_own.new", zaal="elders/zaal", dag="x", van="99", tot="14:07")
    assert page.errors == {}


def test_room_of_another_house_is_no_choice(marcel):
    page = marcel.opens("board_own.new")
    form = {**QUIZ, "zaal": "buurthuis/zaal", "dag": DAY, "van": "18:00", "tot": "22:00"}
    assert page.path.startswith("/balie/planbord/nieuw")
    assert "zaal" in marcel.posts("board_own.new", form, status=422).errors


def moves(marcel, line, *, status=200, **typed):
    page = marcel.opens("board_own.change", venue=HOUSE, code=line.code, day=DAY)
    return page.form("board_own.change").fills_in(**typed).sends(status=status)


@pytest.fixture
def soup(drongen):
    return make_programme(drongen, weekday=5, hours=(11, 14), until=SATURDAY)


def test_move_form_says_what_is_now(marcel, soup):
    form = marcel.opens("board_own.change", venue=HOUSE, code=soup.code, day=DAY).form("board_own.change")
    assert [form[name] for name in ("zaal", "dag", "van", "tot", "welke")] == [PLACE, DAY, "11:00", "14:00", "deze"]


def test_move_form_of_a_drag_says_where_it_was_let_go(marcel, soup):
    page = marcel.opens("board_own.change", venue=HOUSE, code=soup.code, day=DAY, van="12:00", tot="15:00")
    assert page.form("board_own.change")["van"] == "12:00"


def test_one_time_moved_stands_elsewhere_on_the_board(marcel, soup):
    page = moves(marcel, soup, dag="2027-01-17", van="12:00", tot="15:00")
    assert marcel.trail == ["/balie/planbord?dag=2027-01-17"]
    assert [one for one in held() if one[0] >= DAY] == [("2027-01-17 12:00", "own_programme")]
    assert "Verplaatst naar zondag 17 januari 2027." in page.main


def test_every_week_moved_goes_on_to_the_page_of_the_line(marcel, soup):
    moves(marcel, soup, welke="alle", dag="2027-01-10", van="12:00")
    assert marcel.trail == [f"/balie/huizen/{HOUSE}/werking/{soup.code}"]
    assert {starts[11:] for starts, _by in held()} == {"12:00"}


def test_move_to_where_somebody_was_promised_the_room_names_them(marcel, drongen, soup):
    make_request(Status.APPROVED, room=drongen, slot=at(day=SUNDAY), activity="Koor")
    page = moves(marcel, soup, status=409, dag="2027-01-17", van="15:00", tot="17:00")
    assert "zondag 17 januari 2027: Koor, An Peeters" in page.main


def test_time_that_was_moved_before_says_so(marcel, soup):
    page = marcel.opens("board_own.change", venue=HOUSE, code=soup.code, day=DAY)
    first, second = page.form("board_own.change"), page.form("board_own.change")
    first.fills_in(dag="2027-01-17").sends()
    said = second.fills_in(dag="2027-01-17").sends().main
    assert "Die keer staat er niet meer. Iemand heeft ze al verplaatst of geschrapt." in said
    assert [one for one in held() if one[0] >= DAY] == [("2027-01-17 11:00", "own_programme")]


def test_one_time_left_out_is_gone_from_the_board(marcel, soup):
    page = marcel.opens("board_own.change", venue=HOUSE, code=soup.code, day=DAY)
    page.form("board_own.leave_out").sends()
    assert [one for one in held() if one[0] >= DAY] == []


def test_closure_moves_to_other_days(marcel, drongen):
    make_closure(drongen, SATURDAY)
    number = str(db.session.query(Closure.id).scalar())
    form = marcel.opens("board_own.closure", venue=HOUSE, number=number).form("board_own.closure")
    assert (form["eerste-dag"], form["laatste-dag"], form["reden"]) == (DAY, DAY, "Verlof")
    form.fills_in(**{"eerste-dag": "2027-01-17", "laatste-dag": "2027-01-18"}).sends()
    assert marcel.trail == ["/balie/planbord?dag=2027-01-17"]
    assert held() == [("2027-01-17 00:00", "closure"), ("2027-01-18 00:00", "closure")]


def test_closure_over_what_was_promised_names_it(marcel, drongen):
    make_closure(drongen, SATURDAY)
    make_request(Status.APPROVED, room=drongen, slot=at(day=SUNDAY), activity="Koor")
    number = str(db.session.query(Closure.id).scalar())
    form = marcel.opens("board_own.closure", venue=HOUSE, number=number).form("board_own.closure")
    page = form.fills_in(**{"laatste-dag": "2027-01-17"}).sends(status=409)
    assert "zondag 17 januari 2027: Koor, An Peeters" in page.main
    assert held() == [("2027-01-16 00:00", "closure"), ("2027-01-17 14:00", "booking")]


@pytest.mark.parametrize("number", ["99", "x", "1234567890"])
def test_closure_that_is_not_there_is_not_found(marcel, number):
    marcel.opens("board_own.closure", venue=HOUSE, number=number, status=404)


@pytest.mark.parametrize("day", ["x", "2027-01-16x"])
def test_date_of_a_line_that_is_no_date_is_not_found(marcel, soup, day):
    marcel.opens("board_own.change", venue=HOUSE, code=soup.code, day=day, status=404)
