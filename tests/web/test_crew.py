"""The page of a desk about itself, and what askers and deciders read of the clock."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    keep,
    make_account,
    make_city_desk,
    make_desk,
    make_request,
    make_series,
    make_venue,
    read,
)
from zalenzoeker.services import crew as service
from zalenzoeker.services import deadlines, handing
from zalenzoeker.storage import accounts, desks, duty
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Desk, DeskMember, Duty, QuietPeriod

DAY = timedelta(days=1)


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


@pytest.fixture
def mia(drongen):
    """A colleague of Marcel."""
    mia = make_account("mia@drongen.example", "Mia")
    keep(DeskMember(desk_id=desks.by_slug("drongen").id, account_id=mia.id, since=NOW))
    return mia


def stored():
    db.session.close()
    return db.session.scalar(select(Desk).where(Desk.slug == "drongen"))


def sends(page, endpoint, *, status=200, **fields):
    return page.form(endpoint, desk="drongen").fills_in(**fields).sends(status=status)


def test_member_of_one_desk_comes_straight_to_its_page(marcel):
    page = marcel.opens("crew.index")
    assert (page.heading, marcel.trail) == (
        dutch("Crew of %(desk)s", desk="Open Huis Drongen"),
        ["/balie/ploeg/drongen"],
    )


def test_city_desk_chooses_which_desk(app, drongen):
    sofie = Browser(app, make_city_desk([make_account("sofie@stad.example")]).members[0])
    page = sofie.opens("crew.index")
    assert page.heading == dutch("Our crews")
    assert sofie.opens("crew.show", desk="drongen").heading == dutch("Crew of %(desk)s", desk="Open Huis Drongen")


def test_desk_that_is_not_there_is_not_found(marcel):
    assert marcel.opens("crew.show", desk="nergens", status=404).status == 404


def test_page_tells_who_belongs_to_it_and_who_is_on_duty(marcel, mia):
    page = marcel.opens("crew.show", desk="drongen")
    assert dutch("There is no shared address: everybody gets the letters.") in page.text
    assert page.text.count(dutch("nobody: the letter is for all of you")) == 2
    for code in ("code-of-marcel@drongen.example", "code-of-mia@drongen.example"):
        page = sends(page, "crew.join", **{"beurt-wie": code})
    assert page.found(css="route") == ["Marcel", "Mia"]
    assert [one.name for one in (duty.on_duty(stored().id, NOW.date() + week * 7 * DAY) for week in range(3))] == [
        "Marcel",
        "Mia",
        "Marcel",
    ]


def test_order_of_the_turns_changes_by_its_buttons(marcel, mia):
    for one in ("marcel", "mia"):
        by = accounts.actor(accounts.by_email("marcel@drongen.example"))
        service.join_rota("drongen", f"code-of-{one}@drongen.example", by=by, now=NOW)

    def presses(who, way):
        return marcel.posts("crew.move", {"wie": f"code-of-{who}@drongen.example", "naar": way}, desk="drongen")

    assert presses("marcel", "lager").found(css="route") == ["Mia", "Marcel"]
    assert presses("marcel", "lager").found(css="route") == ["Mia", "Marcel"]
    assert presses("marcel", "hoger").found(css="route") == ["Marcel", "Mia"]
    assert presses("mia", "weg").found(css="route") == ["Marcel"]
    assert presses("marcel", "weg").has_form("crew.move") is False
    assert stored().rota_from is None


def test_duty_by_hand_stands_on_the_page_and_meets_no_other(marcel, mia):
    page = marcel.opens("crew.show", desk="drongen")
    fields = {"dienst-wie": "code-of-mia@drongen.example", "dienst-van": "2026-11-24", "dienst-tot": "2026-11-26"}
    page = sends(page, "crew.on_duty", **fields)
    assert dutch("%(name)s is on duty then, and is written first.", name="Mia") in page.text
    other = {**fields, "dienst-wie": "code-of-marcel@drongen.example"}
    page = sends(page, "crew.on_duty", status=409, **other)
    assert dutch("%(name)s is on duty on one of these days already.", name="Mia") in page.text
    assert duty.on_duty(stored().id, date(2026, 11, 25)).name == "Mia"
    page = marcel.opens("crew.show", desk="drongen").form("crew.off_duty", desk="drongen").sends()
    assert (page.has_form("crew.off_duty"), duty.on_duty(stored().id, date(2026, 11, 25))) == (False, None)


@pytest.mark.parametrize(
    "endpoint,fields,error",
    [
        ("crew.days", {"herinnering": "8"}, "This must come after the reminder."),
        ("crew.days", {"stad": "8"}, "This must come after somebody else stepped in."),
        ("crew.days", {"stad": "61"}, "Choose between 1 and 60 days."),
        ("crew.days", {"herinnering": ""}, "Fill in a number, for instance 30"),
        ("crew.days", {"herinnering": "veel"}, "Fill in a number, for instance 30"),
        (
            "crew.away",
            {"weg-van": "2026-11-20", "weg-waarom": "Verlof"},
            "These days are past. Choose days that are still to come.",
        ),
        (
            "crew.away",
            {"weg-van": "2026-12-20", "weg-tot": "2026-12-19", "weg-waarom": "Verlof"},
            "The last day must not lie before the first.",
        ),
        (
            "crew.away",
            {"weg-van": "2026-12-20", "weg-tot": "2028-12-19", "weg-waarom": "Verlof"},
            "That is too long. Choose at most a year, within the coming years.",
        ),
        ("crew.away", {"weg-van": "2026-12-20", "weg-waarom": ""}, "Write why, for instance: holidays"),
        ("crew.on_duty", {"dienst-wie": "", "dienst-van": "2026-12-20"}, "Choose somebody"),
        ("crew.join", {"beurt-wie": ""}, "Choose somebody"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(marcel, endpoint, fields, error):
    page = sends(marcel.opens("crew.show", desk="drongen"), endpoint, status=422, **fields)
    assert dutch(error) in page.text
    form = page.form(endpoint, desk="drongen")
    assert {name: form.fields[name] for name in fields} == fields


def test_days_that_change_move_what_waits(marcel, drongen):
    request = make_request(room=drongen)
    page = marcel.opens("crew.show", desk="drongen")
    page = sends(page, "crew.days", herinnering="2", vervanging="3", stad="4")
    assert dutch("Changed. What waits for you was counted anew.") in page.text
    found = read(request.code)
    assert (found.next_step_at, found.answer_by) == (NOW + 2 * DAY, NOW + 7 * DAY)


def test_deputy_desk_is_chosen_and_given_up(marcel, drongen):
    make_desk("buren", name="De buren", email="balie@buren.example")
    page = sends(marcel.opens("crew.show", desk="drongen"), "crew.days", vervanger="buren", werkdagen="y")
    assert (stored().deputy_desk_id, stored().counts_working_days) == (desks.by_slug("buren").id, True)
    sends(page, "crew.days", vervanger="")
    assert stored().deputy_desk_id is None


def test_crew_that_is_away_is_told_to_whoever_asks_and_waits(app, marcel, drongen, passer_by):
    request = make_request(room=drongen)
    page = marcel.opens("crew.show", desk="drongen")
    page = sends(
        page, "crew.away", **{"weg-van": "2026-11-23", "weg-tot": "2026-12-01", "weg-waarom": "Herfstvakantie"}
    )
    assert dutch("Away now") in page.text
    away = dutch(
        "The crew is away until and including %(day)s (%(reason)s). They look at it after that.",
        day="dinsdag 1 december 2026",
        reason="Herfstvakantie",
    )
    pages = [
        passer_by.opens("requests.show", code=request.code),
        passer_by.opens("asking.new", zaal="open-huis-drongen/zaal-open-huis"),
        passer_by.opens("venues.show", venue="open-huis-drongen"),
    ]
    assert [away in one.text for one in pages] == [True] * 3
    assert read(request.code).answer_by == NOW + 22 * DAY
    page.form("crew.back", desk="drongen").sends()
    assert read(request.code).answer_by == NOW + 14 * DAY


def test_pages_tell_how_fast_a_house_answers_once_that_is_known(drongen, passer_by):
    request = make_request(room=drongen)
    last = "maandag 7 december 2026"
    plain = dutch("You get an answer by %(day)s at the latest.", day=last)
    addresses = [
        ("requests.show", {"code": request.code}),
        ("asking.new", {"zaal": "open-huis-drongen/zaal-open-huis"}),
        ("venues.show", {"venue": "open-huis-drongen"}),
    ]
    assert [plain in passer_by.opens(name, **values).text for name, values in addresses] == [True] * 3
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE desk SET usual_days = 4 WHERE slug = 'drongen'")
    usual = dutch("The house usually answers within %(days)s, by %(day)s at the latest.", days="4 dagen", day=last)
    assert [usual in passer_by.opens(name, **values).text for name, values in addresses] == [True] * 3


def test_timeline_and_inbox_tell_the_steps_and_who_looks_after_it(app, marcel, drongen, mia, passer_by):
    make_city_desk([make_account("sofie@stad.example")])
    request = make_request(room=drongen)
    by = accounts.actor(accounts.by_email("marcel@drongen.example"))
    handing.hand(request.code, mia.code, by=by, now=NOW)
    for day in range(1, 12):
        deadlines.tick(NOW + day * DAY)
    said = passer_by.opens("requests.show", code=request.code).text
    assert dutch("The house got a reminder") in said
    assert dutch("%(desk)s was asked to help", desk="Stadsbalie") in said
    assert "Mia" not in said
    inbox = marcel.opens("desk.inbox").text
    assert dutch("The city desk was asked to help") in inbox
    assert dutch("%(name)s looks after it", name="Mia") in inbox


def test_deputy_finds_what_it_may_decide_in_its_inbox(app, drongen):
    rita = make_account("rita@buren.example", "Rita")
    deputy = make_desk("buren", name="De buren", venue=make_venue("elders"), members=[rita])
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE desk SET deputy_desk_id = {deputy.id} WHERE slug = 'drongen'")
    request, browser = make_request(room=drongen), Browser(app, rita)
    assert browser.opens("desk.show", code=request.code, status=404).status == 404
    deadlines.tick(NOW + 5 * DAY)
    deadlines.tick(NOW + 8 * DAY)
    assert browser.opens("desk.inbox").found(css="who")[1:] == ["Repetitie"]
    assert browser.opens("desk.show", code=request.code).has_form("desk.decide")


def test_page_asks_the_database_as_often_for_three_periods_as_for_one(app, marcel, drongen, mia, queries_of):
    def look():
        marcel.opens("crew.show", desk="drongen")

    def add(day):
        stretch = {"first_day": day, "last_day": day}
        desk_id = stored().id
        keep(QuietPeriod(desk_id=desk_id, **stretch), Duty(desk_id=desk_id, account_id=mia.id, **stretch))

    add(date(2026, 12, 1))
    one = queries_of(look)
    add(date(2026, 12, 2))
    add(date(2026, 12, 3))
    assert len(queries_of(look)) == len(one)


def test_series_that_waits_says_by_when(drongen, passer_by):
    series = make_series(drongen)
    said = passer_by.opens("requests.show", code=series.code).text
    assert dutch("You get an answer by %(day)s at the latest.", day="maandag 7 december 2026") in said
