"""Asking for a room: the form, what is wrong beside its field, what is in the way, and every way on."""

from datetime import date

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
from tests.web.asking import FILLED_IN, PLACE, asked, asks, fields, opens_form
from zalenzoeker.domain.places import Unit
from zalenzoeker.domain.requests import ActivityKind, Policy, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.models import Facility, RoomFacility


def count():
    return len(asked())


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


def test_moment_that_is_taken_comes_with_free_ones_and_one_tap_asks_one(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    form = asks(an, status=409).form("asking.new")
    assert form.offered["neem"] == [
        f"{PLACE}|2027-01-16T18:00/22:00",
        f"{PLACE}|2027-01-16T10:00/14:00",
        f"{PLACE}|2027-01-17T14:00/18:00",
        f"{PLACE}|2027-01-15T14:00/18:00",
    ]
    form.fills_in(neem=f"{PLACE}|2027-01-16T18:00/22:00").sends()
    assert (asked()[-1].first.slot, asked()[-1].activity) == (at("18:00", "22:00"), "Algemene vergadering")


def test_moment_chosen_oneself_goes_when_no_free_one_is_pressed(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    form = asks(an, status=409).form("asking.new")
    form.fills_in(dag="2027-01-24", van="10:00", tot="11:00").sends()
    assert asked()[-1].first.slot == at("10:00", "11:00", date(2027, 1, 24))


@pytest.mark.parametrize(
    "forged",
    [
        f"{PLACE}|9999-12-31T20:00/01:00",
        f"{PLACE}|0001-01-01T00:00/01:00",
        f"{PLACE}|2027-02-31T10:00/11:00",
        f"{PLACE}|2027-01-16T10:07/11:00",
        f"{PLACE}|2027-01-16T18:00/14:00",
        "nergens/zaal|2027-01-16T10:00/11:00",
        "|2027-01-16T10:00/11:00",
        "onzin",
    ],
)
def test_way_on_that_was_forged_is_refused(drongen, an, forged):
    opens_form(an).fills_in(**fields(an)).forges(neem=forged).sends(status=400)
    assert count() == 0


def test_room_that_is_too_small_comes_with_one_that_is_large_enough(drongen, an):
    make_room("feestzaal", venue=drongen.venue, name="Feestzaal", capacity=150)
    page = asks(an, status=422, personen="100")
    assert set(page.errors) == {"personen"}
    assert dutch("More people than fit in this room") in page.text
    page.form("asking.new").fills_in(neem="open-huis-drongen/feestzaal|2027-01-16T14:00/18:00").sends()
    assert (asked()[0].first.room.name, asked()[0].people) == ("Feestzaal", 100)


@pytest.fixture
def houses(drongen):
    """The hall of Drongen with a second one beside it, and a hall as large in another house."""
    beside = make_room("kleine-zaal", venue=drongen.venue, name="Kleine zaal", capacity=60)
    elsewhere = make_room("zaal", venue=make_venue("open-huis-baarle", name="Open Huis Baarle"), name="Zaal Baarle")
    return beside, elsewhere


def test_room_that_is_taken_comes_with_another_room_and_another_house(drongen, houses, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    page = asks(an, status=409)
    assert page.form("asking.new").offered["neem"][4:] == [
        "open-huis-drongen/kleine-zaal|2027-01-16T14:00/18:00",
        "open-huis-baarle/zaal|2027-01-16T14:00/18:00",
    ]
    assert page.found(css="ways-on")[1].startswith(dutch("Another room in this house, at the same moment"))
    page.form("asking.new").fills_in(neem="open-huis-baarle/zaal|2027-01-16T14:00/18:00").sends()
    request = asked()[-1]
    assert (request.first.room.name, request.activity, request.people) == ("Zaal Baarle", "Algemene vergadering", 30)


def test_way_on_pressed_before_anything_was_typed_opens_that_form_without_reproach(drongen, houses, passer_by):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    form = opens_form(passer_by, dag="2027-01-16", van="14:00", tot="18:00")
    page = form.fills_in(neem="open-huis-drongen/kleine-zaal|2027-01-16T14:00/18:00").sends()
    assert page.heading == dutch("Ask for %(room)s", room="Kleine zaal")
    assert (page.errors, page.elements(css="error-summary")) == ({}, [])
    form = page.form("asking.new")
    assert (form["dag"], form["van"], form["tot"]) == ("2027-01-16", "14:00", "18:00")
    form.fills_in(**FILLED_IN).sends()
    assert asked()[-1].first.room.name == "Kleine zaal"


def test_way_on_pressed_half_way_keeps_what_was_typed_and_says_what_is_missing(drongen, houses, passer_by):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    form = opens_form(passer_by, dag="2027-01-16", van="14:00", tot="18:00").fills_in(activiteit="Kookclub")
    page = form.fills_in(neem="open-huis-drongen/kleine-zaal|2027-01-16T14:00/18:00").sends(status=422)
    assert (page.heading, page.form("asking.new")["activiteit"]) == (
        dutch("Ask for %(room)s", room="Kleine zaal"),
        "Kookclub",
    )
    assert "naam" in page.errors


NOTHING = (
    "We looked for another moment here, another room in this house and another house nearby. "
    "There is nothing you can ask for then."
)


def test_no_that_has_no_way_on_says_so_and_offers_the_waiting_list(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    make_closure(drongen, date(2026, 12, 1), date(2027, 1, 15))
    make_closure(drongen, date(2027, 1, 17), date(2027, 3, 1))
    for hours in (("09:00", "13:00"), ("19:00", "23:00")):
        make_request(Status.APPROVED, room=drongen, slot=at(*hours), contact_email="x@x.example")
    page = asks(an, status=409)
    assert "neem" not in page.form("asking.new").offered
    assert dutch(NOTHING) in page.text
    assert page.form("asking.new").offered["wacht"] == ["1"]


def test_waiting_list_is_one_tap_away_and_takes_everything_along(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    asks(an, status=409).form("asking.new").fills_in(wacht="1").sends()
    request = asked()[-1]
    assert (request.status, request.policy, request.activity) == (Status.WAITING, Policy.WAIT, "Algemene vergadering")
    assert request.first.slot == at()


def test_waiting_list_can_be_chosen_before_the_form_is_filled_in(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    page = opens_form(an, dag="2027-01-16", van="14:00", tot="18:00").fills_in(wacht="1").sends()
    assert dutch("You ask for a place on the waiting list") in page.text
    known = {name: value for name, value in fields(an).items() if name not in {"dag", "dagdeel", "van", "tot"}}
    page.form("asking.new").forges(**{"wacht-niet": []}).fills_in(**known).sends()
    assert asked()[-1].status is Status.WAITING


def test_waiting_list_can_be_left_before_it_was_asked(drongen, an):
    make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    page = opens_form(an, dag="2027-01-16", van="14:00", tot="18:00").fills_in(wacht="1").sends()
    page = page.form("asking.new").fills_in(**{"wacht-niet": "1"}).sends()
    assert dutch("You ask for a place on the waiting list") not in page.text
    assert page.form("asking.new")["dag"] == "2027-01-16"


def test_waiting_list_is_not_offered_for_what_never_comes_free(drongen, an):
    make_closure(drongen, date(2027, 1, 16))
    assert "wacht" not in asks(an, status=409).form("asking.new").offered


def test_waiting_list_is_passed_by_when_the_moment_came_free_meanwhile(drongen, an):
    taken = make_request(Status.APPROVED, room=drongen, contact_email="x@x.example")
    form = asks(an, status=409).form("asking.new")
    asking.withdraw(taken.code, by=actor_of(accounts.by_email("x@x.example")), now=NOW)
    form.fills_in(wacht="1").sends()
    assert asked()[-1].status is Status.REQUESTED


# What this house wants to know, and what asking does here.


def test_kind_of_activity_is_asked_where_the_house_does_not_lend_for_all(app, passer_by):
    make_room("zaal", venue=make_venue("huis"), rules={RuleName.EXCLUDED: ["feest"]})
    form = passer_by.opens("asking.new", zaal="huis/zaal").form("asking.new").fills_in(**FILLED_IN)
    page = form.sends(status=422)
    said = "Choose what kind of activity it is: this room is not lent for every kind"
    assert page.errors == {"soort": dutch(said)}
    page = page.form("asking.new").fills_in(soort="feest").sends(status=422)
    no = "%(room)s is not lent for this kind of activity: %(kind)s. Look for another room."
    assert dutch(no, room="Zaal", kind=dutch("Party")) in page.text
    page.form("asking.new").fills_in(soort="vergadering").sends()
    assert asked()[0].activity_kind is ActivityKind.MEETING


def test_kind_of_activity_may_stay_empty_elsewhere(drongen, an):
    asks(an, soort="")
    assert asked()[0].activity_kind is None


def test_neighbourhood_of_the_asker_opens_a_room_for_the_neighbourhood(app, passer_by):
    room = make_room("zaal", venue=make_venue("huis"), rules={RuleName.NEIGHBOURHOOD_FIRST: 0})
    form = passer_by.opens("asking.new", zaal="huis/zaal").form("asking.new")
    assert dutch("Here the neighbourhood goes first. That is why we ask.") in passer_by.page.text
    page = form.fills_in(**FILLED_IN).sends(status=422)
    assert dutch("Rule of this room") in page.text
    page.form("asking.new").fills_in(wijk="sint-amandsberg").sends()
    assert asked()[0].neighbourhood_id == room.venue.neighbourhood_id


HOLD = "While your request waits, nobody else can ask for this moment. The house keeps it for at most %(days)s days."


@pytest.mark.parametrize(
    "pending, words",
    [
        ("hold", dutch(HOLD, days=21)),
        ("queue", dutch("While your request waits, others can ask for this moment too. The house chooses.")),
        ("instant", dutch("Here you get a yes at once, if the room is still free.")),
    ],
)
def test_form_says_what_asking_does_in_this_house(app, passer_by, pending, words):
    make_room("zaal", venue=make_venue("huis"), rules={RuleName.PENDING: {"default": pending}})
    page = passer_by.opens("asking.new", zaal="huis/zaal", dag="2027-01-16", van="14:00", tot="18:00")
    assert page.text.count(words) == 1


def test_form_promises_no_hold_to_who_joins_a_queue(app, passer_by):
    rules = {RuleName.PENDING: {"default": "hold", "vereniging": "queue"}}
    room = make_room("zaal", venue=make_venue("huis"), rules=rules)
    make_request(Status.REQUESTED, room=room, requester_kind=RequesterKind.ASSOCIATION, contact_email="x@x.example")
    moment = {"zaal": "huis/zaal", "dag": "2027-01-16", "van": "14:00", "tot": "18:00"}
    page = passer_by.opens("asking.new", als="particulier", **moment)
    assert dutch(HOLD, days=21) not in page.text
    assert dutch("While your request waits, others can ask for this moment too. The house chooses.") in page.text


def test_form_promises_no_yes_at_once_where_an_exception_is_asked(app, passer_by):
    make_room("zaal", venue=make_venue("huis"), rules={RuleName.PENDING: {"default": "instant"}})
    form = passer_by.opens("asking.new", zaal="huis/zaal", dag="2026-12-12", van="14:00", tot="18:00").form(
        "asking.new"
    )
    page = form.fills_in(uitzondering="Onze zaal is overstroomd.").sends(status=422)
    assert dutch(HOLD, days=21) in page.text


def test_form_says_at_once_that_a_room_is_not_for_who_asks(app, an):
    make_association("Harmonie", members=[accounts.by_email("an@harmonie.example")], kind=RequesterKind.NON_PROFIT)
    make_room("zaal", venue=make_venue("huis"), rules={RuleName.WHO: ["bewonersgroep"]})
    page = an.opens("asking.new", zaal="huis/zaal", dag="2027-01-16", van="14:00", tot="18:00")
    assert page.found(tag="h3")[0] == dutch("This room cannot be had like this")


def test_form_does_not_promise_what_depends_on_who_asks(app, passer_by):
    make_room("zaal", venue=make_venue("huis"), rules={RuleName.PENDING: {"default": "hold", "vereniging": "queue"}})
    page = passer_by.opens("asking.new", zaal="huis/zaal", dag="2027-01-16", van="14:00", tot="18:00")
    assert dutch(HOLD, days=21) not in page.text


def test_moment_that_others_queue_for_says_how_many_and_can_be_asked(app, an):
    room = make_room("zaal", venue=make_venue("huis"), rules={RuleName.PENDING: {"default": "queue"}})
    for email in ("x@x.example", "y@x.example"):
        make_request(Status.REQUESTED, room=room, contact_email=email)
    page = an.opens("asking.new", zaal="huis/zaal", dag="2027-01-16", van="14:00", tot="18:00")
    _one, many = QUEUED
    assert dutch(many, num=2) in page.text
    page.form("asking.new").fills_in(**fields(an)).sends()
    assert asked()[-1].status is Status.REQUESTED


QUEUED = (
    "%(num)d other has asked already. You can ask too.",
    "%(num)d others have asked already. You can ask too.",
)


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
    assert len(page.form("asking.new").offered["neem"]) == 4
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


# Asking again.


def test_request_that_ended_can_be_asked_again_with_all_that_was_typed(app, drongen, an):
    by = actor_of(accounts.by_email("an@harmonie.example"))
    request = make_request(Status.REFUSED, room=drongen, by=by, activity="Repetitie van de drumband", people=17)
    page = an.opens("requests.show", code=request.code).goes_to("asking.new", zaal=PLACE)
    form = page.form("asking.new")
    assert (form["activiteit"], form["personen"], form["naam"]) == ("Repetitie van de drumband", "17", "An Peeters")


def test_request_of_somebody_else_fills_in_nothing_when_asked_again(app, drongen, passer_by):
    by = actor_of(make_account("wilhelmina@geheim.example", "Wilhelmina"))
    private = make_request(Status.REFUSED, room=drongen, by=by, activity="Geheime dans", contact_name="Wilhelmina")
    form = passer_by.opens("asking.new", zaal=PLACE, opnieuw=private.code).form("asking.new")
    assert {form[name] for name in ("activiteit", "naam", "email", "telefoon", "opmerkingen", "vereniging")} == {""}


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u00ad", "An \u202eneteP"])
def test_name_that_cannot_be_read_is_refused_beside_the_field(drongen, passer_by, name):
    page = opens_form(passer_by).fills_in(**{**FILLED_IN, "activiteit": name}).sends(status=422)
    assert page.errors["activiteit"] == dutch("There is a character in it that we cannot use. Type the text again.")
