"""A house as its own people keep it: its week, the days it is closed, and who may look."""

from datetime import date, datetime, timedelta

import icalendar
import pytest

from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    at,
    keep,
    make_account,
    make_an,
    make_city_desk,
    make_closure,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_venue,
)
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.storage import accounts
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, OwnProgramme, SpecialDay
from zalenzoeker.web.dates import day_long, day_short

HOUSE = "open-huis-drongen"
THURSDAY = date(2026, 11, 26)
WEEK = timedelta(days=7)
SOUP = {"naam": "Soepcafé", "weekdag": "3", "van": "11:00", "tot": "14:00", "openbaar": "ja"}


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def lines():
    db.session.close()
    return db.session.query(OwnProgramme).order_by(OwnProgramme.id).all()


def closures():
    db.session.close()
    return [(one.first_day, one.last_day, one.reason) for one in db.session.query(Closure).order_by(Closure.id)]


def said(app, words, day):
    with app.test_request_context():
        return words(day)


def adds(marcel, *, status=200, **changes):
    form = marcel.opens("house.add", venue=HOUSE).form("house.add")
    return form.fills_in(**{**SOUP, **changes}).sends(status=status)


# Which house.


def test_desk_of_one_house_comes_straight_to_it(marcel):
    page = marcel.opens("desk.inbox").clicks("Our house")
    assert (page.heading, marcel.trail) == ("Open Huis Drongen", [f"/balie/huizen/{HOUSE}"])


@pytest.mark.both
def test_desk_of_several_houses_chooses(app, drongen):
    make_desk("rita", venue=drongen.venue, members=[rita := make_account("rita@twee.example")])
    other = make_room("zaal", venue=make_venue("malem"))
    make_desk("malem", venue=other.venue, members=[rita])
    browser = Browser(app, rita)
    page = browser.opens("house.index")
    assert page.heading == dutch("Our houses")
    assert page.addresses("/balie/huizen/") == ["/balie/huizen/malem", f"/balie/huizen/{HOUSE}"]
    assert page.goes_to("house.show", venue="malem").heading == "Malem"


def test_city_desk_sees_every_house_with_a_desk(app, drongen):
    make_venue("zonder-balie")
    other = make_room("zaal", venue=make_venue("malem"))
    make_desk("malem", venue=other.venue)
    make_city_desk([sofie := make_account("sofie@stad.example")])
    page = Browser(app, sofie).opens("house.index")
    assert page.addresses("/balie/huizen/") == ["/balie/huizen/malem", f"/balie/huizen/{HOUSE}"]


def test_desk_without_a_house_is_told_so(app, drongen):
    make_desk("los", members=[somebody := make_account("los@balie.example")])
    assert dutch("No house yet") in Browser(app, somebody).opens("house.index").main


def test_page_of_the_place_leads_its_own_people_to_it(app, drongen, marcel, passer_by):
    elsewhere = make_desk("malem", venue=make_venue("malem"), members=[make_account("rita@malem.example")])
    address = f"/balie/huizen/{HOUSE}"
    other = Browser(app, elsewhere.members[0])
    assert [one.opens("venues.show", venue=HOUSE).addresses(address) for one in (marcel, passer_by, other)] == [
        [address],
        [],
        [],
    ]


def test_house_that_does_not_exist_is_not_found(marcel, drongen):
    line = make_programme(make_room("zaal", venue=make_venue("malem")))
    marcel.opens("house.show", venue="nergens", status=404)
    marcel.opens("house.show", venue="malem", status=403)
    marcel.opens("house.line", venue=HOUSE, code=line.code, status=404)
    marcel.opens("house.line", venue=HOUSE, code="onbekend", status=404)


# The week.


def test_week_is_told_in_words_by_day(app, marcel, drongen):
    make_programme(drongen, "Kaarten", weekday=0, hours=(13, 17), is_public=False)
    soup = make_programme(drongen, "Soepcafé", weekday=3, first_day=date(2027, 1, 7), until=date(2027, 6, 24))
    page = marcel.opens("house.show", venue=HOUSE)
    assert page.found(tag="h3") == [dutch("Monday"), dutch("Thursday")]
    first, second = page.found(css="house-line")
    assert ("13.00 tot 17.00 uur" in first, "Kaarten" in first, dutch("Others only see “taken”") in first) == (
        True,
    ) * 3
    assert ("Soepcafé" in second, dutch("Everybody may read it") in second) == (True, True)
    with app.test_request_context():
        period = {"first": day_long(soup.first_day), "last": day_long(soup.until)}
    assert dutch("From %(first)s until and including %(last)s", **period) in second


def test_line_is_added_and_stands_in_the_week_of_the_room(marcel, drongen, passer_by):
    page = adds(marcel)
    assert page.heading == "Soepcafé"
    assert dutch("It stands in your week. Nobody can ask for the room then.") in page.main
    page = passer_by.opens("rooms.show", venue=HOUSE, room=drongen.slug, week="2026-W48")
    assert "Soepcafé" in page.main


def test_line_that_is_not_public_is_only_taken_to_others(marcel, drongen, passer_by):
    adds(marcel, naam="Overleg", openbaar="nee")
    page = passer_by.opens("rooms.show", venue=HOUSE, room=drongen.slug, week="2026-W48")
    assert ("Overleg" in page.text, dutch("Own programme") in page.main) == (False, True)


def test_line_ends_the_next_morning_when_its_end_says_so(marcel, drongen):
    adds(marcel, weekdag="5", van="20:00", tot="01:00")
    (line,) = lines()
    assert (line.from_minute, line.to_minute) == (20 * 60, 25 * 60)


@pytest.mark.parametrize(
    "typed, wrong",
    [
        ({"naam": ""}, ["naam"]),
        ({"naam": "x" * 201}, ["naam"]),
        ({"weekdag": ""}, ["weekdag"]),
        ({"van": ""}, ["van"]),
        ({"tot": "later"}, ["tot"]),
        ({"tot": "11:00"}, ["tot"]),
        ({"tot": "10:00"}, ["tot"]),
        ({"openbaar": None}, ["openbaar"]),
        ({"vanaf": "2027-02-30"}, ["vanaf"]),
        ({"vanaf": "2027-02-02", "tot-en-met": "2027-02-01"}, ["tot-en-met"]),
        ({"vanaf": "2046-02-02", "tot-en-met": "2046-03-31"}, ["vanaf", "tot-en-met"]),
    ],
    ids=str,
)
def test_line_that_cannot_be_says_what_is_wrong(marcel, drongen, typed, wrong):
    page = adds(marcel, status=422, **typed)
    assert (list(page.errors), lines()) == (wrong, [])


def test_line_tells_on_which_days_the_room_is_promised(marcel, drongen):
    day = date(2027, 1, 14)
    request = make_request(Status.APPROVED, room=drongen, slot=at("12:00", "16:00", day=day), by=make_an())
    page = adds(marcel)
    assert dutch("On %(num)d day the room is promised already", num=1) in page.main
    assert page.addresses("/balie/aanvragen/") == [f"/balie/aanvragen/{request.code}"]
    assert f"{request.activity}, {request.asker}" in page.main


def test_line_says_why_a_date_does_not_go_on(marcel, drongen):
    make_closure(drongen, THURSDAY)
    make_programme(drongen, "Kaarten", weekday=3, hours=(12, 15), first_day=THURSDAY + WEEK, until=THURSDAY + WEEK)
    page = adds(marcel)
    assert dutch("The house is closed: %(reason)s", reason="Verlof") in page.main
    assert dutch("In the room then: %(titles)s", titles="Kaarten") in page.main


def test_day_is_left_out_and_comes_back(app, marcel, drongen):
    page = adds(marcel)
    code = lines()[0].code
    page = page.form("house.days").fills_in(niet=THURSDAY.isoformat()).sends()
    assert marcel.trail == [f"/balie/huizen/{HOUSE}/werking/{code}#keren"]
    assert page.form("house.days").offered["toch"] == [THURSDAY.isoformat()]
    week = marcel.opens("house.show", venue=HOUSE)
    assert said(app, day_short, THURSDAY) in week.found(css="house-line")[0]
    page = marcel.opens("house.line", venue=HOUSE, code=code)
    page = page.form("house.days").fills_in(toch=THURSDAY.isoformat()).sends()
    assert "toch" not in page.form("house.days").offered


@pytest.mark.parametrize("typed", [{"niet": "2026-11-27"}, {"toch": "2026-11-27"}, {"niet": "2020-01-02"}], ids=str)
def test_day_that_is_no_date_of_the_line_is_refused_kindly(marcel, drongen, typed):
    line = make_programme(drongen)
    page = marcel.posts("house.days", typed, venue=HOUSE, code=line.code)
    assert dutch("That day is not one of the dates to come.") in page.main


@pytest.mark.parametrize("typed", [{"niet": "morgen"}, {"toch": ""}, {}], ids=str)
def test_day_that_is_no_day_changes_nothing(marcel, drongen, typed):
    line = make_programme(drongen)
    marcel.posts("house.days", typed, venue=HOUSE, code=line.code)
    assert [(one.sequence, one.changed_at) for one in lines()] == [(0, NOW)]


def test_day_that_somebody_has_meanwhile_stays_as_it_was(app, marcel, drongen):
    day = date(2027, 1, 14)
    adds(marcel)
    code = lines()[0].code
    page = marcel.posts("house.days", {"niet": day.isoformat()}, venue=HOUSE, code=code)
    make_request(Status.APPROVED, room=drongen, slot=at("12:00", "16:00", day=day), by=make_an())
    page = page.form("house.days").fills_in(toch=day.isoformat()).sends()
    words = dutch(
        "Somebody else has the room on %(day)s meanwhile. So it stays as it was.", day=said(app, day_long, day)
    )
    assert words in page.main


def test_line_is_changed_with_what_it_said_before(marcel, drongen):
    line = make_programme(drongen, "Soepcafé", until=date(2027, 6, 24))
    form = marcel.opens("house.change", venue=HOUSE, code=line.code).form("house.change")
    fields = ("naam", "zaal", "weekdag", "van", "tot", "openbaar", "vanaf", "tot-en-met")
    assert [form[name] for name in fields] == [
        "Soepcafé", drongen.slug, "3", "11:00", "14:00", "ja", "", "2027-06-24",
    ]  # fmt: skip
    page = form.fills_in(naam="Soep en brood", weekdag="1").sends()
    assert (page.heading, lines()[0].weekday) == ("Soep en brood", 1)
    marcel.opens("house.change", venue=HOUSE, code=line.code).form("house.change").fills_in(van="").sends(status=422)


def test_line_that_stops_has_no_days_to_come(marcel, drongen):
    line = make_programme(drongen)
    page = marcel.opens("house.line", venue=HOUSE, code=line.code).form("house.stop").sends()
    assert (page.heading, page.found(css="house-line")) == ("Open Huis Drongen", [])
    page = marcel.opens("house.line", venue=HOUSE, code=line.code)
    assert (dutch("No days are to come: this has stopped.") in page.main, page.has_form("house.stop")) == (True, False)


def test_week_needs_the_same_queries_for_one_line_and_for_three(marcel, drongen, queries_of):
    make_programme(drongen)
    few = len(queries_of(lambda: marcel.opens("house.show", venue=HOUSE)))
    for weekday in range(2):
        make_programme(drongen, f"Nog {weekday}", weekday=weekday)
        make_closure(drongen, date(2027, 3, 6 + weekday))
    assert len(queries_of(lambda: marcel.opens("house.show", venue=HOUSE))) == few


# Closing days.


def closes(marcel, *, status=200, **typed):
    form = marcel.opens("closures.new", venue=HOUSE).form("closures.new")
    return form.fills_in(**{"eerste-dag": "2026-12-24", "laatste-dag": "2026-12-31", "reden": "Verlof", **typed}).sends(
        status=status
    )


def test_closed_days_are_kept_and_told_to_who_asks(app, marcel, drongen, passer_by):
    page = closes(marcel)
    (shown,) = page.found(css="house-line")
    assert ("Verlof" in shown, dutch("The whole house") in shown) == (True, True)
    assert closures() == [(date(2026, 12, 24), date(2026, 12, 31), "Verlof")]
    room = f"{HOUSE}/{drongen.slug}"
    asked = passer_by.opens("asking.new", zaal=room, dag="2026-12-28", van="14:00", tot="16:00", status=200)
    assert "Verlof" in asked.main
    page = marcel.opens("house.show", venue=HOUSE).form("closures.end").sends()
    assert (closures(), page.found(css="house-line")) == ([], [])


def test_one_day_needs_no_last_day(marcel, drongen):
    closes(marcel, **{"laatste-dag": ""})
    assert closures() == [(date(2026, 12, 24), date(2026, 12, 24), "Verlof")]


@pytest.mark.parametrize(
    "typed, wrong",
    [
        ({"zaal": []}, ["zaal"]),
        ({"eerste-dag": ""}, ["eerste-dag"]),
        ({"eerste-dag": "overmorgen"}, ["eerste-dag"]),
        ({"laatste-dag": "2026-12-23"}, ["laatste-dag"]),
        ({"laatste-dag": "2028-12-23"}, ["laatste-dag"]),
        ({"laatste-dag": "9999-12-31"}, ["laatste-dag"]),
        ({"eerste-dag": "9999-12-31", "laatste-dag": "9999-12-31"}, ["eerste-dag", "laatste-dag"]),
        ({"eerste-dag": "2046-12-23", "laatste-dag": "2046-12-24"}, ["eerste-dag"]),
        ({"eerste-dag": "2026-11-01", "laatste-dag": "2026-11-02"}, ["eerste-dag"]),
        ({"reden": ""}, ["reden"]),
        ({"reden": "x" * 201}, ["reden"]),
    ],
    ids=str,
)
def test_closed_days_that_cannot_be_say_what_is_wrong(marcel, drongen, typed, wrong):
    page = closes(marcel, status=422, **typed)
    assert (list(page.errors), closures()) == (wrong, [])


@pytest.mark.both
def test_promised_days_stay_open_and_the_page_says_to_whom(app, marcel, drongen):
    request = make_request(Status.APPROVED, room=drongen, by=make_an())
    page = closes(marcel, status=409, **{"eerste-dag": "2027-01-16", "laatste-dag": "2027-01-17"})
    assert (page.addresses("/balie/aanvragen/"), closures()) == ([f"/balie/aanvragen/{request.code}"], [])
    assert said(app, day_long, request.first.slot.day) in page.main
    assert page.form("closures.new")["reden"] == "Verlof"


def test_days_that_are_closed_already_say_why(marcel, drongen):
    make_closure(drongen, date(2026, 12, 25), reason="Kerst")
    page = closes(marcel, status=409)
    assert ("Kerst" in page.main, len(closures())) == (True, 1)


def test_rooms_closed_together_are_one_line_and_open_together(marcel, drongen):
    make_room("kleine-zaal", venue=drongen.venue)
    page = closes(marcel)
    assert (len(page.found(css="house-line")), len(closures())) == (1, 2)
    page.form("closures.end").sends()
    assert closures() == []


def test_room_that_closes_alone_is_named(marcel, drongen):
    make_room("kleine-zaal", venue=drongen.venue)
    page = closes(marcel, zaal=["kleine-zaal"])
    (shown,) = page.found(css="house-line")
    assert ("Kleine zaal" in shown, dutch("The whole house") in shown) == (True, False)


def test_rooms_that_share_a_space_close_together(app, drongen, marcel):
    space = make_space(drongen.venue, "Hal")
    make_room("hal", venue=drongen.venue, spaces=[space])
    make_room("halve-hal", venue=drongen.venue, spaces=[space])
    page = closes(marcel, zaal=["hal"])
    (shown,) = page.found(css="house-line")
    assert "Hal en Halve hal" in shown


@pytest.mark.parametrize("typed", [{}, {"sluiting": "x"}, {"sluiting": "99999"}, {"sluiting": "9" * 40}], ids=str)
def test_days_that_are_open_already_are_said_so(marcel, drongen, typed):
    page = marcel.posts("closures.end", typed, venue=HOUSE)
    assert dutch("Those days were open again already.") in page.main


def test_closing_days_of_the_city_are_told_as_far_as_the_house_follows_them(app, marcel, drongen):
    columns = {"kind": SpecialKind.CITY_CLOSING, "source": "stad.gent", "rule": ""}
    keep(SpecialDay(name="Brugdag", first_day=date(2027, 5, 7), last_day=date(2027, 5, 7), **columns))
    keep(SpecialDay(name="Later", first_day=date(2029, 5, 7), last_day=date(2029, 5, 7), **columns))
    page = marcel.opens("house.show", venue=HOUSE)
    assert ("Brugdag" in page.main, "Later" in page.main) == (True, False)


def test_days_around_a_request_show_the_closing_days_of_the_city(app, marcel, drongen):
    request = make_request(Status.REQUESTED, room=drongen, by=make_an())
    before = marcel.opens("desk.show", code=request.code).found(css="t-off")
    columns = {"kind": SpecialKind.CITY_CLOSING, "source": "stad.gent", "rule": ""}
    keep(SpecialDay(name="Brugdag", first_day=date(2027, 1, 15), last_day=date(2027, 1, 15), **columns))
    after = marcel.opens("desk.show", code=request.code).found(css="t-off")
    assert len(after) == len(before) + 1


# The calendar.


def feed(browser, room):
    answer = browser.asks(f"/kalender/zaal/{HOUSE}/{room.slug}.ics")
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    return {
        (str(one["UID"]), one.decoded("DTSTART").date()): (
            str(one["STATUS"]),
            int(one["SEQUENCE"]),
            str(one["SUMMARY"]),
        )
        for one in events
        if isinstance(one.decoded("DTSTART"), datetime)
    }


def whole_days(browser, room):
    """The days on which the room is closed, as its calendar says: the first, the one after the last, and the words."""
    answer = browser.asks(f"/kalender/zaal/{HOUSE}/{room.slug}.ics")
    return [
        (one.decoded("DTSTART"), one.decoded("DTEND"), str(one["SUMMARY"]))
        for one in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
        if not isinstance(one.decoded("DTSTART"), datetime)
    ]


def of_day(events, day):
    return [what for (_uid, at_day), what in events.items() if at_day == day]


@pytest.mark.both
def test_day_left_out_stays_in_the_calendar_as_cancelled_for_thirty_days(marcel, drongen, passer_by, clock):
    adds(marcel)
    code = lines()[0].code
    day = date(2027, 1, 14)
    before = feed(passer_by, drongen)
    assert of_day(before, day) == [("CONFIRMED", 0, "Soepcafé")]
    marcel.posts("house.days", {"niet": day.isoformat()}, venue=HOUSE, code=code)
    after = feed(passer_by, drongen)
    cancelled = ("CANCELLED", 1, f"{dutch('Cancelled:')} Soepcafé")
    assert (of_day(after, day), set(after)) == ([cancelled], set(before))
    clock.passes(timedelta(days=30))
    assert of_day(feed(passer_by, drongen), day) == [cancelled]
    clock.passes(timedelta(days=1))
    assert of_day(feed(passer_by, drongen), day) == []


def test_day_that_comes_back_is_confirmed_with_a_higher_sequence(marcel, drongen, passer_by):
    adds(marcel)
    code = lines()[0].code
    for name in ("niet", "toch"):
        marcel.posts("house.days", {name: THURSDAY.isoformat()}, venue=HOUSE, code=code)
    assert of_day(feed(passer_by, drongen), THURSDAY) == [("CONFIRMED", 2, "Soepcafé")]


def test_line_that_moves_to_another_hour_keeps_its_identity(marcel, drongen, passer_by):
    adds(marcel)
    before = feed(passer_by, drongen)
    code = lines()[0].code
    form = marcel.opens("house.change", venue=HOUSE, code=code).form("house.change")
    form.fills_in(van="15:00", tot="17:00").sends()
    after = feed(passer_by, drongen)
    assert set(before) == set(after)
    assert set(after.values()) == {("CONFIRMED", 1, "Soepcafé")}


def test_line_that_moves_to_another_day_cancels_the_old_ones(marcel, drongen, passer_by):
    adds(marcel)
    code = lines()[0].code
    marcel.opens("house.change", venue=HOUSE, code=code).form("house.change").fills_in(weekdag="1").sends()
    events = feed(passer_by, drongen)
    assert {(day.weekday(), what[0]) for (_uid, day), what in events.items()} == {(3, "CANCELLED"), (1, "CONFIRMED")}


def test_line_that_stops_is_cancelled_in_the_calendar(marcel, drongen, passer_by):
    adds(marcel)
    marcel.posts("house.stop", venue=HOUSE, code=lines()[0].code)
    assert {what[0] for what in feed(passer_by, drongen).values()} == {"CANCELLED"}


def test_closed_days_cancel_own_programme_in_the_calendar_until_they_open(marcel, drongen, passer_by):
    adds(marcel)
    day = date(2026, 12, 24)
    page = closes(marcel)
    assert [what[:2] for what in of_day(feed(passer_by, drongen), day)] == [("CANCELLED", 1)]
    [(first, after, words)] = whole_days(passer_by, drongen)
    assert (first <= day < after, words.startswith(dutch("Closed: %(name)s").partition("%")[0])) == (True, True)
    assert whole_days(passer_by, drongen) == whole_days(marcel, drongen)
    page.form("closures.end").sends()
    assert [what[:2] for what in of_day(feed(passer_by, drongen), day)] == [("CONFIRMED", 2)]
    assert whole_days(passer_by, drongen) == []


def test_line_that_is_not_public_falls_away_without_its_name(marcel, drongen, passer_by):
    adds(marcel, naam="Overleg", openbaar="nee")
    marcel.posts("house.days", {"niet": THURSDAY.isoformat()}, venue=HOUSE, code=lines()[0].code)
    assert of_day(feed(passer_by, drongen), THURSDAY) == [("CANCELLED", 1, f"{dutch('Cancelled:')} {dutch('Taken')}")]
