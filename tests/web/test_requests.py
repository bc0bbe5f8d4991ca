"""Asking for a room, and where a request stands."""

from datetime import date, timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_closure,
    make_programme,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.places import Unit
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.services import decisions
from zalenzoeker.storage import accounts, letters, requests
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Facility, Request, RoomFacility

PLACE = "open-huis-drongen/zaal-open-huis"
FILLED_IN = {
    "dag": "2027-01-16",
    "dagdeel": "eigen-uren",
    "van": "14:00",
    "tot": "18:00",
    "activiteit": "Algemene vergadering",
    "openbaar": "nee",
    "personen": "30",
    "als": "particulier",
    "naam": "An Peeters",
    "email": "an@harmonie.example",
    "akkoord": True,
}


@pytest.fixture
def an(app):
    """An, who signed in and has no association yet."""
    return Browser(app, make_account("an@harmonie.example", "An Peeters"))


def opens_form(browser, **query):
    return browser.opens("asking.new", zaal=PLACE, **query).form("asking.new")


def asked():
    """Return the requests in the order in which they came."""
    db.session.rollback()
    return [requests.by_code(code) for code in db.session.scalars(db.select(Request.code).order_by(Request.id))]


def count():
    return len(asked())


def fields(browser):
    """Return what somebody fills in who has signed in: the address is known then."""
    with browser.client.session_transaction() as session:
        known = "_user_id" in session
    return {name: value for name, value in FILLED_IN.items() if not (known and name == "email")}


def asks(browser, *, status=200, **changes):
    return opens_form(browser).fills_in(**{**fields(browser), **changes}).sends(status=status)


# Asking.


def test_request_of_somebody_signed_in_goes_straight_to_its_page(drongen, an):
    page = asks(an)
    request = asked()[0]
    assert an.trail == [f"/aanvragen/{request.code}"]
    assert page.heading == dutch("The house looks at the request")
    assert page.found(css="messages") == [dutch("Your request has arrived. The house was told.")]
    assert (request.status, request.activity, request.people, request.is_public) == (
        Status.REQUESTED, "Algemene vergadering", 30, False,
    )  # fmt: skip
    assert request.first.slot == at("14:00", "18:00")
    assert request.contact_email == "an@harmonie.example"


def test_request_of_a_stranger_goes_to_the_code_first(drongen, passer_by):
    page = asks(passer_by)
    assert passer_by.trail == ["/aanmelden/code"]
    assert "an@harmonie.example" in page.text
    assert [(one.kind, one.recipient) for one in letters.newest()] == [("sign_in_code", "an@harmonie.example")]
    assert asked()[0].status is Status.UNPROVED


def test_request_keeps_everything_that_was_filled_in(drongen, an):
    kitchen = keep(Facility(slug="keuken", name="Keuken", group="x"))
    beamer = keep(Facility(slug="beamer", name="Beamer", group="x"))
    for one in (kitchen, beamer):
        keep(RoomFacility(room_id=drongen.id, facility_id=one.id))
    asks(
        an, openbaar="ja", nodig=["keuken", "beamer"], als="vzw", vereniging="De Eendracht", telefoon="0470 12 34 56",
        ondernemingsnummer="BE 0123.456.749", opmerkingen="Eerste regel\nTweede regel", naam="An P.",
    )  # fmt: skip
    request = asked()[0]
    assert (request.is_public, request.facilities, request.requester_kind) == (
        True,
        ["keuken", "beamer"],
        RequesterKind.NON_PROFIT,
    )
    assert (request.association_name, request.enterprise_number) == ("De Eendracht", "0123.456.749")
    assert (request.contact_name, request.contact_phone) == ("An P.", "0470 12 34 56")
    assert request.remarks.splitlines() == ["Eerste regel", "Tweede regel"]
    assert request.association is not None


def test_request_for_an_association_of_ones_own_is_the_associations(app, drongen):
    account = make_account("an@harmonie.example", "An Peeters")
    club = make_association("Harmonie De Eendracht", members=[account])
    browser = Browser(app, account)
    form = opens_form(browser)
    assert form["als"] == club.code
    form.fills_in(**fields(browser) | {"als": club.code}).sends()
    request = asked()[0]
    assert (request.association_id, request.association_name, request.requester_kind) == (club.id, club.name, club.kind)


def test_request_for_an_association_of_others_is_refused(app, drongen, an):
    club = make_association("Club van een ander", members=[make_account()])
    page = opens_form(an).fills_in(**fields(an)).forges(als=club.code).sends(status=422)
    assert set(page.errors) == {"als"}
    assert count() == 0


def test_request_for_a_part_of_the_day_takes_its_hours(drongen, an):
    asks(an, dagdeel="avond", van="", tot="")
    assert asked()[0].first.slot == at("18:00", "22:00")


def test_request_that_ends_after_midnight_says_so_in_words(drongen, an):
    page = asks(an, van="20:00", tot="01:00")
    assert "20.00 tot zondag 1.00 uur" in page.text
    assert asked()[0].first.slot.minutes == 300


def test_request_is_filled_in_from_the_address_and_the_account(app, drongen):
    browser = Browser(app, make_account("an@harmonie.example", "An Peeters", phone="0470 12 34 56"))
    form = opens_form(browser, dag="2027-01-16", van="14:00", tot="18:00", dagdeel="avond")
    known = {name: form[name] for name in ("dag", "van", "tot", "dagdeel", "naam", "telefoon", "email")}
    assert known == {
        "dag": "2027-01-16", "van": "14:00", "tot": "18:00", "dagdeel": "avond", "naam": "An Peeters",
        "telefoon": "0470 12 34 56", "email": "an@harmonie.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [{"dag": "2027-02-31"}, {"van": "25:00"}, {"tot": "kwart voor"}, {"dagdeel": "nacht"}, {"dag": "9999-12-31"}],
)
def test_request_with_garbage_in_its_address_opens_an_empty_form(drongen, passer_by, query):
    form = opens_form(passer_by, **query)
    assert {name: form[name] for name in query} == dict.fromkeys(query, "")


def test_request_with_a_moment_that_is_taken_says_so_before_anything_is_typed(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen)
    page = passer_by.opens("asking.new", zaal=PLACE, dag="2027-01-16", van="15:00", tot="17:00")
    said = "%(room)s is taken then, %(hours)s. Choose another moment."
    assert dutch(said, room="Zaal Open Huis", hours="14.00 tot 18.00 uur") in page.text
    assert dutch("That moment is not free") in page.text


def test_request_without_a_room_leads_to_the_list_of_rooms(drongen, passer_by):
    page = passer_by.opens("asking.new")
    assert passer_by.trail == ["/?manier=ask_here"]
    assert page.found(css="messages") == [dutch("Choose a room first. These places have one you can ask for here.")]


@pytest.mark.parametrize(
    "place", ["nergens/zaal", "open-huis-drongen", "open-huis-drongen/", "/zaal", "a/b/c", "../../etc", "%"]
)
def test_request_for_an_unknown_room_is_not_found(drongen, passer_by, place):
    status = 200 if place.startswith("/") else 404
    passer_by.opens("asking.new", zaal=place, status=status)
    passer_by.posts("asking.new", FILLED_IN | {"akkoord": "y"}, zaal=place, status=status)
    assert count() == 0


def test_request_for_a_room_that_is_asked_at_the_house_is_refused(app, passer_by):
    venue = make_venue("huis")
    make_room("lokalen", venue=venue, unit=Unit.SEVERAL)
    page = passer_by.posts("asking.new", FILLED_IN | {"akkoord": "y"}, zaal="huis/lokalen", status=422)
    assert dutch("%(room)s cannot be asked here. Ask the house itself.", room="Lokalen") in page.text
    assert count() == 0


# What is wrong stands beside its field.


def test_form_sent_empty_says_everything_at_once_beside_its_field(drongen, passer_by):
    page = opens_form(passer_by).sends(status=422)
    assert page.errors == {
        "dag": dutch("Choose a day, for instance 16-01-2027"),
        "van": dutch("Fill in from when, for instance 14:00"),
        "tot": dutch("Fill in until when, for instance 18:00"),
        "activiteit": dutch("Give your activity a name, for instance general meeting"),
        "openbaar": dutch("Choose for whom it is"),
        "personen": dutch("Fill in a number, for instance 30"),
        "als": dutch("Choose as whom you ask"),
        "naam": dutch("Fill in your name"),
        "email": dutch("Fill in an e-mail address, for instance godelieve@example.be"),
        "akkoord": dutch("Tick this when you agree"),
    }
    assert count() == 0


def test_form_with_errors_sums_them_up_with_a_link_to_each_field(drongen, passer_by):
    page = opens_form(passer_by).sends(status=422)
    summary = page.by_id("errors")
    links = [one.get("href") for one in summary.iter() if one.tag == "a"]
    assert len(links) == len(page.errors) == len(set(links))
    assert summary.get("role") == "alert"


NO_DAY = "Choose a day that exists, for instance 16-01-2027"
NO_TIME = "Fill in a time, for instance 14:00"
NO_QUARTER = "Choose a time on the quarter hour, for instance 14:15"
BACKWARDS = "The end must come after the start. An end until 6.00 means the next morning."
MISSING = "That hour does not exist: the clock goes forward that night. Choose another time."
DOUBLED = "That hour comes twice: the clock goes back that night. Choose another time."
NO_NUMBER = "Fill in a number, for instance 30"
TOO_MANY = "Fill in a number between %(min)s and %(max)s, for instance 30"
NO_EMAIL = "Fill in an e-mail address, for instance godelieve@example.be"
NO_KBO = "That is no enterprise number. It has ten digits, for instance 0123.456.749"
TOO_LONG = "Keep it under %(max)d characters."
TAKEN = "%(room)s is taken then, %(hours)s. Choose another moment."
ASKED = "Somebody else has asked for %(room)s then, %(hours)s. Choose another moment."
OWN = "The house has its own programme then, %(hours)s. That always goes first."
SHUT = "%(room)s is closed then: %(reason)s. Choose another moment."
OUTSIDE = "%(room)s can be asked that day from %(hours)s. Choose a time within."
TOO_FAR = "That is too far ahead: you can ask at most %(months)s months before, now until %(day)s."
PAST = "That moment is past. Choose a day that is still to come."
HALL, AFTERNOON = "Zaal Open Huis", "14.00 tot 18.00 uur"
WRONG = {
    "31 February": ({"dag": "2027-02-31"}, {"dag": NO_DAY}),
    "no day": ({"dag": "ooit"}, {"dag": NO_DAY}),
    "year 9999": ({"dag": "9999-12-31"}, {"dag": NO_DAY}),
    "year 1": ({"dag": "0001-01-01"}, {"dag": NO_DAY}),
    "no time": ({"van": "vroeg"}, {"van": NO_TIME}),
    "hour 24": ({"tot": "24:00"}, {"tot": NO_TIME}),
    "off the quarter": ({"van": "14:07"}, {"van": NO_QUARTER}),
    "seconds": ({"van": "14:00:30"}, {"van": NO_QUARTER}),
    "end before start": ({"van": "18:00", "tot": "14:00"}, {"tot": BACKWARDS}),
    "no time at all": ({"van": "14:00", "tot": "14:00"}, {"tot": BACKWARDS}),
    "the missing hour": ({"dag": "2027-03-28", "van": "02:30", "tot": "04:00"}, {"tot": MISSING}),
    "an end in the missing hour": ({"dag": "2027-03-27", "van": "20:00", "tot": "02:30"}, {"tot": MISSING}),
    "the doubled hour": ({"dag": "2027-10-31", "van": "02:30", "tot": "04:00"}, {"tot": DOUBLED}),
    "no number": ({"personen": "veel"}, {"personen": NO_NUMBER}),
    "a negative number": ({"personen": "-5"}, {"personen": TOO_MANY}),
    "nobody": ({"personen": "0"}, {"personen": TOO_MANY}),
    "a large number": ({"personen": "5001"}, {"personen": TOO_MANY}),
    "a huge number": ({"personen": "9" * 400}, {"personen": NO_NUMBER}),
    "a number of 5000 digits": ({"personen": "9" * 5000}, {"personen": NO_NUMBER}),
    "half a person": ({"personen": "2.5"}, {"personen": NO_NUMBER}),
    "no address": ({"email": "an.harmonie.example"}, {"email": NO_EMAIL}),
    "an address with a line end": ({"email": "an@x.example\r\nBcc: b@x.example"}, {"email": NO_EMAIL}),
    "an address no server takes": ({"email": "jösé@x.example"}, {"email": NO_EMAIL}),
    "a group without name": ({"als": "vereniging"}, {"vereniging": "Fill in the name of your group"}),
    "spaces only": ({"activiteit": "   "}, {"activiteit": "Give your activity a name, for instance general meeting"}),
    "too long": ({"activiteit": "a" * 121}, {"activiteit": TOO_LONG}),
    "long remarks": ({"opmerkingen": "a" * 2001}, {"opmerkingen": TOO_LONG}),
    "a wrong enterprise number of any group": (
        {"als": "vereniging", "vereniging": "X", "ondernemingsnummer": "geen nummer 12345678"},
        {"ondernemingsnummer": NO_KBO},
    ),
    "a wrong enterprise number": (
        {"als": "vzw", "vereniging": "X", "ondernemingsnummer": "0123.456.788"},
        {"ondernemingsnummer": NO_KBO},
    ),
}
NUMBERS = {"min": 1, "max": 5000}
LENGTHS = {"activiteit": {"max": 120}, "opmerkingen": {"max": 2000}}


@pytest.mark.parametrize("changes, wrong", WRONG.values(), ids=list(WRONG))
def test_form_with_something_wrong_says_it_beside_its_field(drongen, passer_by, changes, wrong):
    page = opens_form(passer_by).fills_in(**FILLED_IN | {"email": "an@x.example"}).forges(**changes).sends(status=422)
    said = {}
    for name, words in wrong.items():
        values = LENGTHS.get(name, NUMBERS)
        said[name] = dutch(words, **values) if "%(" in words else dutch(words)
    assert page.errors == said
    assert count() == 0
    assert letters.newest() == []


def test_form_with_something_wrong_keeps_all_that_was_typed(drongen, passer_by):
    typed = FILLED_IN | {
        "personen": "heel veel", "vereniging": "De <b>Eendracht</b>", "opmerkingen": "\nMet “aanhaling” & <i>",
        "als": "vereniging", "openbaar": "ja", "van": "13:45", "telefoon": "0470",
    }  # fmt: skip
    form = opens_form(passer_by).fills_in(**typed)
    again = form.sends(status=422).form("asking.new")
    kept = {name: again[name] for name in typed if name not in {"akkoord", "opmerkingen"}}
    assert kept == {name: value for name, value in typed.items() if name not in {"akkoord", "opmerkingen"}}
    assert again["opmerkingen"].strip() == typed["opmerkingen"].strip()
    assert (again["akkoord"] != "", again["sleutel"]) == (True, form["sleutel"])


# What is in the way.


def obstacles(page):
    return page.found(css="notice")[0]


def test_obstacles_are_told_all_at_once(app, passer_by):
    room = make_room(
        "zaal", venue=make_venue("huis"), capacity=20, hours=[WeeklyHours(5, 9 * 60, 17 * 60)], name="Zaal"
    )
    make_request(Status.APPROVED, room=room, slot=at("14:00", "16:00"))
    form = passer_by.opens("asking.new", zaal="huis/zaal").form("asking.new")
    page = form.fills_in(**FILLED_IN | {"personen": "30", "email": "els@x.example"}).sends(status=409)
    assert page.errors == {
        "personen": dutch(
            "%(people)s people do not fit: %(room)s holds at most %(capacity)s.", people=30, room="Zaal", capacity=20
        )
    }
    taken = dutch("%(room)s is taken then, %(hours)s. Choose another moment.", room="Zaal", hours="14.00 tot 16.00 uur")
    closed = dutch(
        "%(room)s can be asked that day from %(hours)s. Choose a time within.", room="Zaal", hours="9.00 tot 17.00 uur"
    )
    assert taken in obstacles(page)
    assert closed in obstacles(page)
    assert count() == 1


CASES = {
    "past": ({"dag": "2026-11-20"}, 422, PAST, {}),
    "too far": ({"dag": "2027-09-04"}, 422, TOO_FAR, {"months": 6, "day": "zondag 23 mei 2027"}),
    "taken": ({"dag": "2027-01-23"}, 409, TAKEN, {"room": HALL, "hours": AFTERNOON}),
    "asked": ({"dag": "2027-01-30"}, 409, ASKED, {"room": HALL, "hours": AFTERNOON}),
    "own programme": ({"dag": "2027-01-14", "van": "12:00"}, 409, OWN, {"hours": "11.00 tot 14.00 uur"}),
    "closed": ({"dag": "2027-02-13"}, 409, SHUT, {"room": HALL, "reason": "Verlof"}),
    "at night": ({"van": "03:00", "tot": "05:00"}, 422, OUTSIDE, {"room": HALL, "hours": "9.00 tot zondag 1.00 uur"}),
}


@pytest.mark.parametrize("changes, status, words, values", CASES.values(), ids=list(CASES))
def test_obstacle_is_said_in_plain_words_and_nothing_is_kept(drongen, an, changes, status, words, values):
    make_request(Status.APPROVED, room=drongen, slot=at(day=date(2027, 1, 23)), contact_email="x@x.example")
    make_request(Status.REQUESTED, room=drongen, slot=at(day=date(2027, 1, 30)), contact_email="y@x.example")
    make_programme(drongen, weekday=3)
    make_closure(drongen, date(2027, 2, 13))
    page = asks(an, status=status, **changes)
    assert dutch(words, **values) in page.text
    assert count() == 2


def test_obstacle_of_too_many_open_requests_is_said_to_the_asker(app, an):
    room = make_room("zaal", venue=make_venue("huis"), rules={RuleName.OPEN_REQUESTS: 1})
    make_request(Status.REQUESTED, room=room)
    form = an.opens("asking.new", zaal="huis/zaal").form("asking.new")
    page = form.fills_in(**fields(an) | {"dag": "2027-01-23"}).sends(status=422)
    said = "You have %(limit)s requests waiting for an answer. Wait for one, or withdraw one."
    assert dutch(said, limit=1) in page.text


def test_stranger_does_not_learn_what_an_address_has_asked(app, passer_by):
    room = make_room("zaal", venue=make_venue("huis"), rules={RuleName.OPEN_REQUESTS: 1})
    make_request(Status.REQUESTED, room=room, contact_email="els@x.example")
    form = passer_by.opens("asking.new", zaal="huis/zaal").form("asking.new")
    form.fills_in(**FILLED_IN | {"dag": "2027-01-23", "email": "els@x.example"}).sends()
    assert passer_by.trail == ["/aanmelden/code"]


def test_moment_that_is_taken_comes_with_free_ones_and_choosing_one_works(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    page = asks(an, status=409)
    form = page.form("asking.new")
    assert form.offered["moment"] == [
        "2027-01-16T18:00/22:00",
        "2027-01-16T10:00/14:00",
        "2027-01-17T14:00/18:00",
        "2027-01-15T14:00/18:00",
        "",
    ]
    form.fills_in(moment="2027-01-16T18:00/22:00").sends()
    assert asked()[-1].first.slot == at("18:00", "22:00")


def test_moment_chosen_oneself_goes_when_no_free_one_is_chosen(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    form = asks(an, status=409).form("asking.new")
    form.fills_in(moment="", dag="2027-01-24", van="10:00", tot="11:00").sends()
    assert asked()[-1].first.slot == at("10:00", "11:00", date(2027, 1, 24))


@pytest.mark.parametrize(
    "forged",
    [
        "9999-12-31T20:00/01:00",
        "0001-01-01T00:00/01:00",
        "2027-02-31T10:00/11:00",
        "2027-01-16T10:07/11:00",
        "2027-01-16T18:00/14:00",
    ],
)
def test_moment_that_was_forged_is_an_error_beside_its_field(drongen, an, forged):
    page = opens_form(an).fills_in(**fields(an)).forges(moment=forged).sends(status=422)
    assert page.errors != {}
    assert set(page.errors) <= {"dag", "van", "tot"}
    assert count() == 0


def test_exception_is_offered_asked_with_a_reason_and_reaches_the_desk(app, drongen, an):
    page = asks(an, status=422, dag="2026-11-28")
    said = "You ask later than the rule allows: at least %(days)s days before. From %(day)s on you can ask freely."
    assert dutch(said, days=28, day="maandag 21 december 2026") in page.text
    page = page.form("asking.new").fills_in(uitzondering="De zaal van de school staat onder water.").sends()
    request = asked()[0]
    assert (request.exceptions, request.exception_reason) == (["too_soon"], "De zaal van de school staat onder water.")
    marcel = Browser(app, accounts.by_email("marcel@drongen.example"))
    page = marcel.opens("desk.inbox")
    assert dutch("Asks for an exception") in page.text
    assert "staat onder water" in page.goes_to("desk.show", code=request.code).text


def test_exception_does_not_open_what_is_taken(drongen, an):
    make_request(
        Status.APPROVED,
        room=drongen,
        slot=at(day=date(2026, 11, 28)),
        contact_email="x@x.example",
        exception_reason="x",
    )
    page = asks(an, status=409, dag="2026-11-28")
    page = page.form("asking.new").fills_in(uitzondering="Toch graag").sends(status=409)
    assert count() == 1
    assert dutch("That moment is not free") in page.text


def test_exception_reason_without_need_is_not_kept(drongen, an):
    opens_form(an).fills_in(**fields(an)).forges(uitzondering="Zomaar").sends()
    assert (asked()[0].exceptions, asked()[0].exception_reason) == ([], "")


# Twice.


def test_form_sent_twice_gives_the_first_answer_again(drongen, an):
    form = opens_form(an).fills_in(**fields(an))
    form.sends()
    first = an.trail
    form.sends()
    assert (an.trail, count()) == (first, 1)
    assert len([one for one in letters.newest() if one.kind == "request_received"]) == 1


def test_form_sent_twice_by_a_stranger_makes_one_request_and_one_code(drongen, passer_by):
    form = opens_form(passer_by).fills_in(**FILLED_IN)
    form.sends()
    form.sends()
    assert count() == 1
    assert len(letters.newest()) == 1


def test_form_changed_after_going_back_takes_the_place_of_the_first(drongen, passer_by):
    """An unproved request of the same form does not stand in the way of its own correction."""
    form = opens_form(passer_by).fills_in(**FILLED_IN)
    form.sends()
    form.fills_in(personen="31").sends()
    assert [(one.status, one.people) for one in asked()] == [(Status.WITHDRAWN, 30), (Status.UNPROVED, 31)]


def test_form_that_somebody_else_just_sent_is_told_kindly_with_free_moments(app, drongen, an):
    """Both filled in the form while the room was free; the second is told, and nothing typed is lost."""
    form = opens_form(an).fills_in(**fields(an))
    make_request(Status.REQUESTED, room=drongen, contact_email="eerste@x.example")
    page = form.sends(status=409)
    assert page.form("asking.new")["activiteit"] == "Algemene vergadering"
    assert len(page.form("asking.new").offered["moment"]) == 5
    assert count() == 1


def test_asking_too_often_is_told_with_the_time_to_wait(drongen, app):
    browser = Browser(app)
    hours = iter(range(9, 24))
    for _ in range(5):
        hour = next(hours)
        opens_form(browser).fills_in(
            **FILLED_IN | {"van": f"{hour:02}:00", "tot": f"{hour + 1:02}:00", "email": f"x{hour}@x.example"}
        ).sends()
    hour = next(hours)
    page = (
        opens_form(browser)
        .fills_in(**FILLED_IN | {"van": f"{hour:02}:00", "tot": f"{hour + 1:02}:00"})
        .sends(status=429)
    )
    assert page.response.headers["Retry-After"] == "1800"
    assert count() == 5


# Where a request stands.


@pytest.mark.parametrize(
    "status, heading",
    [
        (Status.UNPROVED, "We wait for your code"),
        (Status.LAPSED, "The request was not completed"),
        (Status.REQUESTED, "The house looks at the request"),
        (Status.APPROVED, "Yes, the room is yours"),
        (Status.REFUSED, "No, it is not possible then"),
        (Status.WITHDRAWN, "The request was withdrawn"),
        (Status.CANCELLED, "The house cancelled the booking"),
        (Status.EXPIRED, "Nobody answered in time"),
    ],
)
def test_page_of_a_request_says_where_it_stands(drongen, passer_by, status, heading):
    request = make_request(status, room=drongen)
    page = passer_by.opens("requests.show", code=request.code)
    assert page.heading == dutch(heading)
    assert request.reference in page.text
    assert "zaterdag 16 januari 2027" in page.text


PRIVATE = {
    "contact_name": "Wilhelmina Geheim",
    "contact_phone": "0499 99 99 99",
    "remarks": "De sleutel ligt onder de mat",
    "activity": "Geheime dans",
    "association_name": "Club Geheim",
    "requester_kind": RequesterKind.ASSOCIATION,
}
SECRETS = (
    "Wilhelmina",
    "0499",
    "wilhelmina@geheim.example",
    "sleutel ligt",
    "Geheime dans",
    "Club Geheim",
    "Eigen feest",
)


@pytest.fixture
def private(drongen):
    by = actor_of(make_account("wilhelmina@geheim.example", "Wilhelmina Geheim"))
    return make_request(Status.REFUSED, room=drongen, by=by, **PRIVATE)


def test_page_of_a_request_keeps_persons_and_letters_from_a_stranger(app, private, passer_by):
    html = passer_by.opens("requests.show", code=private.code).html
    assert [word for word in SECRETS if word in html] == []
    somebody = Browser(app, make_account("els@x.example"))
    html = somebody.opens("requests.show", code=private.code).html
    assert [word for word in SECRETS if word in html] == []


@pytest.mark.parametrize("email", ["wilhelmina@geheim.example", "marcel@drongen.example"])
def test_page_of_a_request_shows_persons_and_letters_to_its_parties(app, private, email):
    html = Browser(app, accounts.by_email(email)).opens("requests.show", code=private.code).html
    assert [word for word in SECRETS if word not in html] == []


def test_page_of_a_request_is_kept_by_no_cache_and_no_search_engine(private, passer_by):
    headers = passer_by.opens("requests.show", code=private.code).response.headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"], headers["Referrer-Policy"]) == (
        "no-store",
        "noindex",
        "same-origin",
    )


@pytest.mark.parametrize("code", ["x", "DR-7K4M", "1", "%27", "a" * 3000, "..", "een-code-van-een-ander"])
def test_page_of_no_request_is_not_found(private, passer_by, code):
    passer_by.visits(f"/aanvragen/{code}", status=404)


def test_reference_of_a_request_opens_nothing(private, passer_by):
    passer_by.visits(f"/aanvragen/{private.reference}", status=404)


# Withdrawing.


def test_request_is_withdrawn_by_its_asker(app, drongen, an):
    request = make_request(Status.APPROVED, room=drongen, by=actor_of(accounts.by_email("an@harmonie.example")))
    page = an.opens("requests.show", code=request.code).form("requests.withdraw", code=request.code).sends()
    assert an.trail == [f"/aanvragen/{request.code}"]
    assert page.heading == dutch("The request was withdrawn")
    assert page.found(css="messages") == [dutch("You withdrew the request. The room is free again for somebody else.")]
    assert not page.has_form("requests.withdraw")
    asks(an)
    assert asked()[-1].status is Status.REQUESTED


def test_request_that_was_withdrawn_already_is_told_so(app, drongen, an):
    request = make_request(Status.WITHDRAWN, room=drongen, by=actor_of(accounts.by_email("an@harmonie.example")))
    an.posts("requests.withdraw", code=request.code, status=409)


def test_request_of_somebody_else_cannot_be_withdrawn(app, drongen):
    request = make_request(Status.REQUESTED, room=drongen)
    other = Browser(app, make_account("els@x.example"))
    assert not other.opens("requests.show", code=request.code).has_form("requests.withdraw")
    other.posts("requests.withdraw", code=request.code, status=403)
    other.posts("requests.withdraw", code="bestaat-niet", status=404)
    assert asked()[0].status is Status.REQUESTED


def test_request_is_withdrawn_by_another_member_of_its_association(app, drongen):
    an, els = make_account("an@harmonie.example", "An"), make_account("els@harmonie.example", "Els")
    club = make_association(members=[an, els])
    request = make_request(
        room=drongen, by=actor_of(an), association_id=club.id, association_name=club.name, requester_kind=club.kind
    )
    page = Browser(app, els).opens("requests.show", code=request.code)
    page.form("requests.withdraw", code=request.code).sends()
    assert asked()[0].status is Status.WITHDRAWN
    told = {one.recipient for one in letters.newest() if one.kind == "request_withdrawn"}
    assert told == {"an@harmonie.example", "marcel@drongen.example"}


def test_request_that_ended_can_be_asked_again_with_all_that_was_typed(app, drongen, an):
    by = actor_of(accounts.by_email("an@harmonie.example"))
    request = make_request(Status.REFUSED, room=drongen, by=by, activity="Repetitie van de drumband", people=17)
    page = an.opens("requests.show", code=request.code).goes_to("asking.new", zaal=PLACE)
    form = page.form("asking.new")
    assert (form["activiteit"], form["personen"], form["naam"]) == ("Repetitie van de drumband", "17", "An Peeters")


def test_request_of_somebody_else_fills_in_nothing_when_asked_again(app, private, passer_by):
    form = passer_by.opens("asking.new", zaal=PLACE, opnieuw=private.code).form("asking.new")
    assert {form[name] for name in ("activiteit", "naam", "email", "telefoon", "opmerkingen", "vereniging")} == {""}


def test_request_leads_the_desk_to_its_decision(app, drongen):
    request = make_request(Status.REQUESTED, room=drongen)
    marcel = Browser(app, accounts.by_email("marcel@drongen.example"))
    page = marcel.opens("requests.show", code=request.code).goes_to("desk.show", code=request.code)
    assert page.has_form("desk.decide")


def test_request_that_was_decided_says_by_whom_and_when(app, drongen, passer_by):
    request = make_request(Status.REQUESTED, room=drongen)
    marcel = actor_of(accounts.by_email("marcel@drongen.example"))
    decisions.approve(request.code, by=marcel, now=NOW + timedelta(hours=3), version=request.version)
    page = passer_by.opens("requests.show", code=request.code)
    assert "maandag 23 november 2026, 13.00 uur" in page.text
    assert "Marcel" not in page.text


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u00ad", "An \u202eneteP"])
def test_name_that_cannot_be_read_is_refused_beside_the_field(drongen, passer_by, name):
    page = opens_form(passer_by).fills_in(**{**FILLED_IN, "activiteit": name}).sends(status=422)
    assert page.errors["activiteit"] == dutch("There is a character in it that we cannot use. Type the text again.")
