"""A series: what each date meets in the planner, what is chosen there, and the one request it becomes."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser import Browser, dutch
from tests.builders import (
    EVERY_DAY,
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
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.services import requests as services
from zalenzoeker.storage import accounts, letters, requests
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Request, SpecialDay

PLACE = "open-huis-drongen/zaal-open-huis"
EVENINGS = {
    "zaal": PLACE,
    "dag": "2027-01-07",
    "van": "19:00",
    "tot": "22:00",
    "herhaal": "wekelijks",
    "tot-en-met": "2027-01-28",
}
SMALL = "open-huis-drongen/klein"
THURSDAYS = [date(2027, 1, 7), date(2027, 1, 14), date(2027, 1, 21), date(2027, 1, 28)]
TYPED = {"activiteit": "Koor", "openbaar": "nee", "personen": "25", "als": "particulier", "akkoord": True}


@pytest.fixture
def an(app):
    """An, who signed in and has no association yet."""
    return Browser(app, make_account("an@harmonie.example", "An Peeters"))


def evening(day, starts="19:00", ends="22:00"):
    return at(starts, ends, day)


def plans(browser, *, status=200, **changes):
    known = {name: value for name, value in {**EVENINGS, **changes}.items() if value is not None}
    return browser.opens("series.plan", status=status, **known)


def dates(page):
    """Return (date, state) of every date of the planner, in the order of the page."""
    return [
        (page_words.partition(" 2027")[0] + " 2027", tag)
        for page_words, tag in zip(page.found(css="series-date"), page.found(css="tag"), strict=True)
    ]


def states(page):
    return dict(dates(page))


def chosen(page):
    """Return what the form that comes next would ask: dates and those left out, as the address has them."""
    query = parse_qs(urlsplit(page.browser.trail[0]).query)
    return query.get("datum", []), query.get("overslaan", [])


def newest():
    db.session.rollback()
    return requests.by_code(db.session.scalars(db.select(Request.code).order_by(Request.id.desc())).first())


def kept(request):
    return [(one.slot.starts, one.status, one.room.slug) for one in request.occurrences]


FREE = dutch("Free to ask for")


# What each date meets.


def test_planner_without_days_asks_for_them_and_finds_no_fault(drongen, passer_by):
    page = passer_by.opens("series.plan", zaal=PLACE)
    assert (page.errors, page.found(css="series-date")) == ({}, [])
    form = page.form("series.plan").fills_in(**{name: EVENINGS[name] for name in ("dag", "van", "tot", "tot-en-met")})
    assert len(form.sends().found(css="series-date")) == 4


def test_planner_shows_every_date_free(drongen, passer_by):
    page = plans(passer_by)
    assert [state for _day, state in dates(page)] == [FREE] * 4
    assert page.found(tag="h2")[0] == dutch("%(dates)s, all free to ask for.", dates="4 datums")


def test_planner_shows_each_date_with_what_it_meets(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1], "21:00", "23:00"))
    make_request(Status.REQUESTED, room=drongen, slot=evening(THURSDAYS[2]), contact_email="b@x.example")
    make_closure(drongen, THURSDAYS[3], reason="Schilders")
    page = plans(passer_by)
    closed = "%(room)s is closed then: %(reason)s. Choose another moment."
    assert dutch(closed, room="Zaal Open Huis", reason="Schilders") in page.text
    assert states(page) == {
        "donderdag 7 januari 2027": FREE,
        "donderdag 14 januari 2027": dutch("Taken"),
        "donderdag 21 januari 2027": dutch("Already asked for"),
        "donderdag 28 januari 2027": dutch("Closed"),
    }
    assert page.form("series.plan")["keuze-2027-01-07"] == "houd"
    assert page.form("series.plan")["keuze-2027-01-14"] == ""


def test_planner_folds_the_dates_that_are_simply_free(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), contact_email="b@x.example")
    page = plans(passer_by, **{"tot-en-met": "2027-03-18"})
    _one, many = "%(num)d date is free to ask for", "%(num)d dates are free to ask for"
    (fold,) = page.found(css="series-plain")
    assert fold.startswith(dutch(many, num=10))
    assert "14 januari" not in fold
    assert page.form("series.plan")["keuze-2027-01-21"] == "houd"
    page = page.form("series.plan").fills_in(**{"keuze-2027-01-21": "verzet"}).sends()
    (fold,) = page.found(css="series-plain")
    assert fold.startswith(dutch(many, num=9))


@pytest.mark.parametrize("kind, is_offered", [("bewonersgroep", True), ("particulier", False), (None, True)])
def test_planner_offers_the_rooms_that_who_plans_can_have(drongen, passer_by, kind, is_offered):
    make_room("klein", venue=drongen.venue, rules={RuleName.WHO: ["bewonersgroep"]})
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), contact_email="b@x.example")
    page = plans(passer_by, als=kind)
    offered = page.form("series.plan").offered["keuze-2027-01-14"]
    assert (f"2027-01-14T19:00/22:00@{SMALL}" in offered) == is_offered
    page = page.form("series.plan").fills_in(**{"keuze-2027-01-14": "sla-over", "verder": "1"}).sends()
    assert page.form("asking.new")["als"] == (kind or "")


def test_planner_names_holidays_and_closing_days(drongen, passer_by):
    keep(
        SpecialDay(kind=SpecialKind.SCHOOL, name="Kerstvakantie", first_day=date(2026, 12, 21), last_day=THURSDAYS[0]),
        SpecialDay(kind=SpecialKind.LEGAL, name="Feest", first_day=THURSDAYS[1], last_day=THURSDAYS[1]),
        SpecialDay(kind=SpecialKind.CITY_CLOSING, name="Brugdag", first_day=THURSDAYS[2], last_day=THURSDAYS[2]),
    )
    page = plans(passer_by)
    assert states(page)["donderdag 7 januari 2027"] == FREE
    assert states(page)["donderdag 21 januari 2027"] == dutch("Closed")
    for words, name in (
        ("School holiday: %(name)s", "Kerstvakantie"),
        ("Public holiday: %(name)s", "Feest"),
        ("Closing day of the city: %(name)s", "Brugdag"),
    ):
        assert page.text.count(dutch(words, name=name)) == 1


def test_planner_says_how_many_others_queue_for_a_date(app, passer_by):
    room = make_room("zaal", venue=make_venue("huis"), rules={RuleName.PENDING: {"default": "queue"}})
    make_request(Status.REQUESTED, room=room, slot=evening(THURSDAYS[1]))
    page = plans(passer_by, zaal="huis/zaal")
    words = "%(num)d other has asked already. You can ask too."
    assert states(page)["donderdag 14 januari 2027"] == dutch(words, num=1)
    assert page.form("series.plan")["keuze-2027-01-14"] == "houd"


def test_planner_tells_of_the_hour_that_does_not_exist(drongen, passer_by):
    page = plans(passer_by, dag="2027-03-27", van="23:00", tot="02:30", **{"tot-en-met": "2027-03-27"})
    assert [state for _day, state in dates(page)] == [
        dutch("The clock goes forward that night: this hour does not exist.")
    ]


def test_planner_tells_the_rule_of_six_months_with_its_source_and_shortens(drongen, passer_by):
    page = plans(passer_by, **{"tot-en-met": "2027-07-29"})
    words = "Weekly use lasts at most %(months)s months, here until %(day)s. After that you ask again."
    assert dutch(words, months=6, day="woensdag 7 juli 2027") in page.text
    assert "Vredeshuis" in page.text
    page = page.form("series.plan").fills_in(inkorten="2027-07-07").sends()
    assert page.form("series.plan")["tot-en-met"] == "2027-07-07"
    assert "Vredeshuis" not in page.text


@pytest.mark.parametrize(
    "changes, first, last, count",
    [
        ({"herhaal": "tweewekelijks"}, "7 januari", "21 januari", 2),
        ({"herhaal": "maandelijks", "tot-en-met": "2027-03-31"}, "7 januari", "4 maart", 3),
        ({"tot-en-met": None, "aantal": "3"}, "7 januari", "21 januari", 3),
        ({"herhaal": "losse-datums", "datum": ["2027-02-03", "2027-02-20"]}, "7 januari", "20 februari", 3),
        ({"datum": ["2027-01-09", "2027-01-10T10:00/12:00"]}, "7 januari", "28 januari", 6),
    ],
)
def test_planner_writes_out_every_way_to_come_back(drongen, passer_by, changes, first, last, count):
    found = [day for day, _state in dates(plans(passer_by, **changes))]
    assert (len(found), first in found[0], last in found[-1]) == (count, True, True)


NO_END = "Fill in the last day, for instance 24-06-2027, or how many times you come"
BACKWARDS = "The end must come after the start. An end until 6.00 means the next morning."
WRONG = {
    "no end": ({"tot-en-met": None}, "tot-en-met", NO_END),
    "end before start": ({"tot-en-met": "2027-01-01"}, "tot-en-met", "The last day must come after the first one."),
    "no day": ({"dag": None}, "dag", "Choose a day, for instance 16-01-2027"),
    "no such day": ({"dag": "2027-02-31"}, "dag", "Choose a day that exists, for instance 16-01-2027"),
    "no hours": ({"van": None, "tot": None}, "van", "Fill in from when, for instance 14:00"),
    "backwards": ({"van": "22:00", "tot": "19:00"}, "tot", BACKWARDS),
    "no number": ({"tot-en-met": None, "aantal": "veel"}, "aantal", "Fill in a number, for instance 30"),
}  # fmt: skip


@pytest.mark.parametrize("changes, name, words", WRONG.values(), ids=list(WRONG))
def test_planner_says_what_is_wrong_beside_its_field(drongen, passer_by, changes, name, words):
    page = plans(passer_by, status=422, **changes)
    assert page.errors[name] == dutch(words)


@pytest.mark.parametrize("end", [{"tot-en-met": "2029-01-01"}, {"tot-en-met": None, "aantal": "61"}])
def test_planner_takes_at_most_sixty_dates(drongen, passer_by, end):
    page = plans(passer_by, status=422, **end)
    assert page.errors == {"tot-en-met": dutch("That is more than %(count)d dates. Choose an earlier day.", count=60)}


@pytest.mark.parametrize("place", ["", "nergens/zaal", "open-huis-drongen", "%"])
def test_planner_of_no_room_is_not_found(drongen, passer_by, place):
    passer_by.opens("series.plan", zaal=place, status=404)


@pytest.mark.parametrize(
    "changes",
    [
        {"keuze-2027-01-07": "onzin"},
        {"keuze-2027-01-07": "9999-12-31T10:00/11:00"},
        {"keuze-2027-01-07": "2027-01-08T10:00/11:00@nergens/zaal"},
        {"keuze-2027-01-07": "eigen", "dag-2027-01-07": "ooit", "van-2027-01-07": "x"},
        {"datum": ["x", "2027-01-09T10:07/11:00"]},
        {"inkorten": "ooit"},
        {"ook": ["nergens/zaal", "%"]},
        {"personen": "9" * 500},
    ],
)
def test_planner_with_garbage_in_its_address_answers(drongen, passer_by, changes):
    answer = passer_by.asks(passer_by.address_of("series.plan", **{**EVENINGS, **changes}))
    assert answer.status_code in {200, 422}


# Keep, leave out, move.


def test_dates_that_are_free_go_on_at_once(drongen, an):
    page = plans(an).form("series.plan").fills_in(verder="1").sends()
    assert chosen(page) == ([f"{day}T19:00/22:00" for day in THURSDAYS], [])


def test_date_that_is_not_free_must_be_decided_first(drongen, an):
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), contact_email="x@x.example")
    page = plans(an).form("series.plan").fills_in(verder="1").sends(status=422)
    assert page.errors == {"keuze-2027-01-14": dutch("Choose what you do with this date.")}
    page = page.form("series.plan").fills_in(**{"keuze-2027-01-14": "sla-over", "verder": "1"}).sends()
    others = [day for day in THURSDAYS if day != THURSDAYS[1]]
    assert chosen(page) == ([f"{day}T19:00/22:00" for day in others], ["2027-01-14T19:00/22:00"])


def test_dates_that_are_not_free_are_all_left_out_with_one_tap(drongen, an):
    for number, day in enumerate(THURSDAYS[1:3]):
        make_request(Status.APPROVED, room=drongen, slot=evening(day), contact_email=f"x{number}@x.example")
    page = plans(an).form("series.plan").fills_in(alles="overslaan").sends()
    form = page.form("series.plan")
    assert [form[f"keuze-{day}"] for day in THURSDAYS] == ["houd", "sla-over", "sla-over", "houd"]
    assert [words for words in page.found(tag="p") if words.startswith("Je houdt")] == [
        "Je houdt 2 datums, je slaat er 2 over."
    ]


def test_date_moves_to_a_moment_of_its_week_or_to_another_room(drongen, an):
    make_room("kleine-zaal", venue=drongen.venue, name="Kleine zaal", capacity=60)
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), contact_email="x@x.example")
    form = plans(an).form("series.plan")
    assert form.offered["keuze-2027-01-14"] == [
        "sla-over",
        "2027-01-14T16:00/19:00",
        "2027-01-14T13:00/16:00",
        "2027-01-15T19:00/22:00",
        "2027-01-14T19:00/22:00@open-huis-drongen/kleine-zaal",
        "eigen",
    ]
    page = form.fills_in(**{"keuze-2027-01-14": "2027-01-15T19:00/22:00"}).sends()
    moved = dutch("Moved to %(moment)s", moment="vrijdag 15 januari 2027, 19.00 tot 22.00 uur")
    assert moved in page.text
    page = page.form("series.plan").fills_in(verder="1").sends()
    assert "2027-01-15T19:00/22:00" in chosen(page)[0]


def test_date_moves_to_a_day_and_hours_of_ones_own(drongen, an):
    form = plans(an).form("series.plan").fills_in(**{"keuze-2027-01-07": "verzet"})
    own = {"keuze-2027-01-07": "eigen", "dag-2027-01-07": "2027-01-09", "van-2027-01-07": "10:00"}
    page = form.sends().form("series.plan").fills_in(**own).sends()
    assert page.errors == {"keuze-2027-01-07": dutch("Fill in the day and the hours.")}
    page = page.form("series.plan").fills_in(**{"tot-2027-01-07": "12:00", "verder": "1"}).sends()
    assert chosen(page)[0][0] == "2027-01-09T10:00/12:00"


@pytest.mark.parametrize(
    "target, words",
    [
        ("2027-01-14T20:00/23:00", "That moment is in your series already."),
        ("2027-01-08T19:00/22:00", "%(room)s is taken then, %(hours)s. Choose another moment."),
    ],
)
def test_date_cannot_move_to_what_is_not_free(drongen, an, target, words):
    make_request(Status.APPROVED, room=drongen, slot=evening(date(2027, 1, 8)), contact_email="x@x.example")
    page = plans(an, **{"keuze-2027-01-07": target, "verder": "1"}, status=422)
    said = dutch(words, room="Zaal Open Huis", hours="19.00 tot 22.00 uur") if "%(" in words else dutch(words)
    assert page.errors == {"keuze-2027-01-07": said}


def test_house_nearby_is_shown_as_a_request_of_its_own(drongen, an):
    make_room("zaal", venue=make_venue("open-huis-baarle", name="Open Huis Baarle"), name="Zaal Baarle")
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), contact_email="x@x.example")
    page = plans(an)
    form = page.goes_to("asking.new", zaal="open-huis-baarle/zaal").form("asking.new")
    assert (form["dag"], form["van"], form["tot"]) == ("2027-01-14", "19:00", "22:00")


def test_rooms_asked_together_are_kept_left_out_or_kept_in_part(drongen, an):
    kitchen = make_room("keuken", venue=drongen.venue, name="Keuken")
    make_request(Status.APPROVED, room=kitchen, slot=evening(THURSDAYS[1]), contact_email="x@x.example")
    page = plans(an, ook="open-huis-drongen/keuken")
    assert states(page)["donderdag 14 januari 2027"] == dutch("Only %(rooms)s is free", rooms="Zaal Open Huis")
    page = page.form("series.plan").fills_in(**{"keuze-2027-01-14": "deel", "verder": "1"}).sends()
    wanted, left_out = chosen(page)
    assert (len(wanted), left_out) == (7, ["2027-01-14T19:00/22:00@open-huis-drongen/keuken"])
    back = page.goes_to("series.plan").form("series.plan")
    assert (back["ook"], back["keuze-2027-01-14"]) == ("open-huis-drongen/keuken", "deel")


@pytest.mark.parametrize("changes", [{}, {"keuze-2027-01-14": "sla-over"}, {"datum": ["2027-01-10T10:00/12:00"]}])
def test_form_leads_back_to_the_planner_as_it_was(drongen, an, changes):
    page = plans(an, **changes, verder="1")
    before = chosen(page)
    form = page.goes_to("series.plan").form("series.plan")
    assert chosen(form.fills_in(verder="1").sends()) == before


def test_form_leads_back_to_the_planner_with_what_was_moved(drongen, an):
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), contact_email="x@x.example")
    page = plans(an, **{"keuze-2027-01-14": "2027-01-15T19:00/22:00", "verder": "1"})
    form = page.goes_to("series.plan").form("series.plan")
    assert form["keuze-2027-01-14"] == "2027-01-15T19:00/22:00"


# One request.


def asks(browser, **changes):
    page = plans(browser, **changes, verder="1")
    return page.form("asking.new").fills_in(**TYPED)


def test_series_becomes_one_request_with_its_pattern_and_what_was_left_out(drongen, an):
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), contact_email="x@x.example")
    asks(an, **{"keuze-2027-01-14": "sla-over", "keuze-2027-01-28": "2027-01-29T19:00/22:00"}).sends()
    request = newest()
    days = [*THURSDAYS[:3], date(2027, 1, 29)]
    skipped = {THURSDAYS[1]}
    assert kept(request) == [
        (evening(day).starts, Status.SKIPPED if day in skipped else Status.REQUESTED, "zaal-open-huis") for day in days
    ]
    assert request.pattern == {
        "kind": "weekly", "first": "2027-01-07", "from": "19:00", "to": "22:00", "until": "2027-01-28",
    }  # fmt: skip


def test_series_asks_several_rooms_at_once(drongen, an):
    make_room("keuken", venue=drongen.venue, name="Keuken")
    asks(an, ook="open-huis-drongen/keuken", **{"tot-en-met": "2027-01-14"}).sends()
    assert sorted(kept(newest())) == [
        (evening(day).starts, Status.REQUESTED, room) for day in THURSDAYS[:2] for room in ("keuken", "zaal-open-huis")
    ]


def test_series_of_which_a_date_was_taken_meanwhile_names_it_and_leaves_it_out_with_one_tap(drongen, an):
    form = asks(an)
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[2]), contact_email="x@x.example")
    page = form.sends(status=409)
    assert page.found(css="clash")[0].startswith("donderdag 21 januari 2027")
    form = page.form("asking.new")
    assert form.offered["sla-over"] == ["2027-01-21T19:00/22:00"]
    form.fills_in(**{"sla-over": "2027-01-21T19:00/22:00"}).sends()
    request = newest()
    assert (request.activity, [one.status for one in request.occurrences]) == (
        "Koor",
        [Status.REQUESTED, Status.REQUESTED, Status.SKIPPED, Status.REQUESTED],
    )


def test_series_of_which_a_date_was_taken_meanwhile_moves_it_with_one_tap(drongen, an):
    form = asks(an)
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[2]), contact_email="x@x.example")
    form = form.sends(status=409).form("asking.new")
    move = "2027-01-21T19:00/22:00|2027-01-22T19:00/22:00"
    form.fills_in(verzet=move).sends()
    assert [one.slot.day.day for one in newest().occurrences] == [7, 14, 22, 28]


def test_series_of_which_all_dates_but_one_were_taken_says_each(drongen, an):
    form = asks(an)
    for number, day in enumerate(THURSDAYS[1:]):
        make_request(Status.APPROVED, room=drongen, slot=evening(day), contact_email=f"x{number}@x.example")
    page = form.sends(status=409)
    assert len(page.found(css="clash")) == 3
    marks = ",".join(f"{day}T19:00/22:00" for day in THURSDAYS[1:])
    page.form("asking.new").fills_in(**{"sla-over": marks}).sends()
    assert [one.status for one in newest().occurrences] == [Status.REQUESTED, *[Status.SKIPPED] * 3]


def test_series_of_a_stranger_whose_code_came_late_leaves_out_what_was_lost_with_one_tap(drongen, passer_by, clock):
    asks(passer_by).fills_in(naam="Wim", email="wim@buurt.example").sends()
    clock.passes(timedelta(minutes=20))
    late = {"contact_email": "x@x.example", "now": clock.now}
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[2]), **late)
    passer_by.page.form("accounts.again").sends()
    code = next(one.facts["code"] for one in letters.newest() if one.recipient == "wim@buurt.example")
    page = passer_by.page.form("accounts.code").fills_in(code=code).sends(status=409)
    assert page.heading == dutch("Somebody was just before you")
    assert page.found(css="clash")[0].startswith("donderdag 21 januari 2027")
    page.form("asking.new").fills_in(**{"sla-over": "2027-01-21T19:00/22:00"}).sends()
    request = newest()
    assert (request.contact_name, request.activity, request.pattern["kind"]) == ("Wim", "Koor", "weekly")
    assert [one.status for one in request.occurrences] == [
        Status.REQUESTED, Status.REQUESTED, Status.SKIPPED, Status.REQUESTED,
    ]  # fmt: skip


def offered_for(page, day):
    """Return where the form can move the date of a day, without the mark of the date itself."""
    offered = page.form("asking.new").offered["verzet"]
    return [words.partition("|")[2] for words in offered if words.startswith(str(day))]


@pytest.mark.parametrize(
    "rules, is_offered",
    [({}, True), ({RuleName.WHO: ["bewonersgroep"]}, False), ({RuleName.NEIGHBOURHOOD_FIRST: 0}, False)],
)
def test_series_is_offered_only_the_rooms_that_this_asker_can_have(drongen, an, rules, is_offered):
    make_room("klein", venue=drongen.venue, rules=rules)
    form = asks(an)
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[2]), contact_email="x@x.example")
    page = form.sends(status=409)
    assert (f"2027-01-21T19:00/22:00@{SMALL}" in offered_for(page, THURSDAYS[2])) == is_offered


def test_series_is_not_offered_a_room_it_has_already_then(drongen, an):
    make_room("klein", venue=drongen.venue)
    form = asks(an, ook=SMALL)
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[2]), contact_email="x@x.example")
    page = form.sends(status=409)
    assert [words for words in offered_for(page, THURSDAYS[2]) if "@" in words] == []


def test_every_way_that_a_series_is_offered_can_be_asked_by_this_asker(drongen, an):
    """Of the other rooms one counts hours a week, which the club has used, and one is not for clubs."""
    account = accounts.by_email("an@harmonie.example")
    club = make_association("Koor", members=[account])
    by = actor_of(account)
    for slug, rules in (("klein", {RuleName.WEEK_HOURS: 4}), ("bar", {RuleName.WHO: ["particulier"]})):
        make_room(slug, venue=drongen.venue, rules=rules)
    make_request(Status.APPROVED, room=drongen, slot=evening(date(2027, 1, 20)), by=by, association_id=club.id)
    form = asks(an, als=club.code)
    make_request(Status.APPROVED, room=drongen, slot=evening(THURSDAYS[2]), contact_email="x@x.example")
    page = form.fills_in(als=club.code).sends(status=409)
    ways = offered_for(page, THURSDAYS[2])
    assert ways == ["2027-01-21T16:00/19:00", "2027-01-21T13:00/16:00", "2027-01-22T19:00/22:00"]
    for way in ways:
        page.form("asking.new").fills_in(verzet=f"2027-01-21T19:00/22:00|{way}", sleutel=f"sleutel-{way}").sends()
        asked = newest()
        assert asked.occurrences[2].status is Status.REQUESTED
        services.withdraw(asked.code, by=by, now=NOW)


NONE = "All dates are left out. Keep at least one."
UNREAD = "We cannot read one of the dates. Choose the dates again."
APART = "One of the dates is in another house. Ask that house apart."
DOUBLE = "Two of the dates are at the same moment. Choose the dates again."
FORGED = {
    "nothing left": ({"datum": [], "overslaan": ["2027-01-07T19:00/22:00"]}, NONE),
    "garbage": ({"datum": ["x", "2027-01-07T19:00/22:00"]}, UNREAD),
    "no such room": ({"datum": ["2027-01-07T19:00/22:00@a/b"]}, UNREAD),
    "another house": ({"datum": ["2027-01-07T19:00/22:00@huis/zaal"]}, APART),
    "twice": ({"datum": ["2027-01-07T19:00/22:00", "2027-01-07T20:00/21:00"]}, DOUBLE),
}  # fmt: skip


@pytest.mark.parametrize("forged, words", FORGED.values(), ids=list(FORGED))
def test_series_that_was_forged_is_refused(drongen, an, forged, words):
    make_room("zaal", venue=make_venue("huis"))
    page = asks(an).forges(**forged).sends(status=422)
    assert page.errors == {"datum": dutch(words)}


def test_series_of_more_than_sixty_dates_is_refused(drongen, an):
    many = [f"{date(2027, 1, 1) + timedelta(days=number)}T10:00/11:00" for number in range(61)]
    page = asks(an).forges(datum=many).sends(status=422)
    assert page.errors == {"datum": dutch("That is more than %(count)d dates. Leave some out.", count=60)}


@pytest.mark.parametrize("rule", ["", "{", "[]", "null", '{"kind":"weekly"}', "[" * 3000])
def test_series_with_a_forged_pattern_keeps_the_days_themselves(drongen, an, rule):
    asks(an).forges(patroon=rule).sends()
    assert newest().pattern["kind"] == "loose"


def test_series_is_asked_again_with_all_its_dates(drongen, an):
    asks(an, **{"keuze-2027-01-14": "sla-over"}).sends()
    first = newest()
    page = an.opens("asking.new", zaal=PLACE, opnieuw=first.code)
    form = page.form("asking.new")
    assert form.fields.getlist("datum") == [f"{day}T19:00/22:00" for day in THURSDAYS if day != THURSDAYS[1]]
    assert (form.fields.getlist("overslaan"), form["activiteit"]) == (["2027-01-14T19:00/22:00"], "Koor")


def test_series_goes_on_after_its_last_date(drongen, an):
    asks(an).sends()
    first = newest()
    an.opens("asking.new", zaal=PLACE, verleng=first.code)
    page = an.page
    form = page.form("series.plan")
    assert (form["dag"], form["van"], form["tot"], form["herhaal"], form["tot-en-met"]) == (
        "2027-02-04", "19:00", "22:00", "wekelijks", "2027-08-04",
    )  # fmt: skip
    page = form.fills_in(verder="1").sends().form("asking.new")
    assert page["activiteit"] == "Koor"
    page.fills_in(akkoord=True).sends()
    assert newest().renews_id == first.id


def test_series_goes_on_after_signing_in_from_the_letter(drongen, an, passer_by):
    asks(an).sends()
    passer_by.opens("asking.new", zaal=PLACE, verleng=newest().code)
    assert passer_by.trail == [f"/aanmelden?verder=/aanvragen/nieuw?zaal%3D{PLACE}%26verleng%3D{newest().code}"]


def test_series_of_somebody_else_cannot_be_gone_on_with(drongen, an):
    by = actor_of(make_account("els@x.example", "Els"))
    other = make_request(Status.REQUESTED, room=drongen, by=by)
    form = an.opens("asking.new", zaal=PLACE, verleng=other.code).form("asking.new")
    assert form["activiteit"] == ""
    form.fills_in(**TYPED, dag="2027-02-20", van="10:00", tot="12:00").sends()
    assert newest().renews_id is None


# How much it asks of the database.


@pytest.mark.parametrize("is_taken", [False, True])
def test_planner_asks_as_often_for_many_dates_as_for_few(app, passer_by, queries_of, is_taken):
    venue = make_venue("open-huis-drongen")
    room = make_room("zaal-open-huis", venue=venue, hours=EVERY_DAY)
    for number in range(3):
        make_room("zaal", venue=make_venue(f"huis-{number}"))
    if is_taken:
        make_programme(room, weekday=3, hours=(18, 23))
    counts = {
        len(queries_of(lambda end=end: plans(passer_by, **{"tot-en-met": end})))
        for end in ("2027-01-14", "2027-02-25", "2027-05-20")
    }
    assert len(counts) == 1


def test_form_asks_as_often_for_many_dates_as_for_few(drongen, passer_by, queries_of):
    make_programme(drongen, weekday=3, hours=(18, 23))

    def look(count):
        days = [str(THURSDAYS[0] + timedelta(weeks=number)) for number in range(count)]
        passer_by.opens("asking.new", zaal=PLACE, datum=[f"{day}T19:00/22:00" for day in days])

    assert len(queries_of(lambda: look(3))) == len(queries_of(lambda: look(15)))


def test_accounts_of_others_learn_nothing_from_the_planner(drongen, passer_by):
    """Who asked for a date that is taken stays unsaid."""
    make_request(
        Status.APPROVED, room=drongen, slot=evening(THURSDAYS[1]), activity="Geheime dans", contact_name="Wilhelmina"
    )
    html = plans(passer_by).html
    assert [word for word in ("Geheime dans", "Wilhelmina") if word in html] == []
    assert accounts.by_email("an@harmonie.example") is not None


@pytest.mark.parametrize("room", ["foo/bar", "een-ander-huis/zaal"])
def test_planner_lets_go_of_a_date_in_a_room_of_another_house(app, room):
    make_room("zaal", venue=make_venue("een-ander-huis"))
    home = make_room("hal", venue=make_venue())
    browser = Browser(app)
    address = f"/aanvragen/reeks?zaal={home.venue.slug}/hal&herhaal=losse-datums&van=19:00&tot=22:00"
    for words in (f"&datum=2027-01-14T19:00/22:00@{room}", f"&datum=2027-01-21&datum=2027-01-14T19:00/22:00@{room}"):
        answer = browser.asks(address + words)
        assert answer.status_code in (200, 422)
        assert room not in answer.text
