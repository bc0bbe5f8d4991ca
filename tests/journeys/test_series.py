"""A choir that comes every Thursday: planned, asked and decided as one, with a date that somebody else waits for."""

from datetime import date

import pytest

from tests.browser import dutch
from tests.builders import SATURDAY, at, make_closure, make_request, make_room
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage import requests, self_check

PLACE = "open-huis-drongen/zaal-open-huis"
EVENINGS = {"dag": "2027-01-07", "van": "19:00", "tot": "22:00", "tot-en-met": "2027-03-25"}
TAKEN = (date(2027, 1, 28), date(2027, 2, 18), date(2027, 3, 11))


@pytest.fixture
def busy(drongen):
    """The hall, with two evenings promised to others and one on which it is closed."""
    for day in TAKEN[:2]:
        make_request(Status.APPROVED, room=drongen, slot=at("20:00", "23:00", day), contact_email="bal@x.example")
    make_closure(drongen, TAKEN[2])
    return drongen


def code_of(person):
    return person.page.path.rpartition("/")[2]


def test_choir_plans_its_evenings_moves_one_leaves_out_two_and_asks_once(busy, an, marcel):
    page = an.opens("asking.new", zaal=PLACE).goes_to("series.plan")
    page = page.form("series.plan").fills_in(**EVENINGS).sends()
    told = dutch(
        "%(dates)s, %(free)d free, %(other)d not: choose what you do with those.", dates="12 datums", free=9, other=3
    )
    assert told in page.text
    first, second, third = (f"keuze-{day}" for day in TAKEN)
    choices = {first: "2027-01-29T19:00/22:00", second: "sla-over", third: "sla-over"}
    page = page.form("series.plan").fills_in(**choices, verder="1").sends()
    form = page.form("asking.new")
    page = form.fills_in(activiteit="Koor", openbaar="nee", personen="25", akkoord=True).sends()
    request = requests.by_code(code_of(an))
    assert [one.status for one in request.occurrences].count(Status.REQUESTED) == 10
    assert [one.status for one in request.occurrences].count(Status.SKIPPED) == 2

    page = marcel.follows_the_letter("/balie/aanvragen/")
    assert "Koor" in page.text
    assert marcel.opens("desk.inbox").heading == dutch("%(num)d request waits for you", num=1)
    assert self_check.overlaps() == 0


def test_moment_that_is_taken_is_waited_for_and_offered_when_it_comes_free(drongen, an, somebody):
    an.asks_for_the_hall(activiteit="Bal")
    code = code_of(an)
    els = somebody("els@yoga.example")
    page = els.opens("asking.new", zaal=PLACE, dag=str(SATURDAY), van="14:00", tot="18:00")
    page = page.form("asking.new").fills_in(wacht="1").sends()
    form = page.form("asking.new")
    known = {"als": "particulier", "naam": "Els", "email": "els@yoga.example"}
    form.fills_in(activiteit="Yoga", openbaar="nee", personen="20", akkoord=True, **known).sends()
    els.fills_in_the_code()
    waiting = code_of(els)
    assert requests.by_code(waiting).status is Status.WAITING

    an.opens("requests.show", code=code).form("requests.withdraw", code=code).sends()
    assert requests.by_code(waiting).status is Status.OFFERED


def test_hall_beside_is_one_tap_away_when_the_race_is_lost(drongen, an, somebody):
    make_room("kleine-zaal", venue=drongen.venue, name="Kleine zaal", capacity=70)
    wim = somebody("wim@buurt.example")
    form = wim.opens("asking.new", zaal=PLACE).form("asking.new")
    form.fills_in(
        dag=str(SATURDAY), van="14:00", tot="18:00", activiteit="Verjaardag", openbaar="nee", personen="20",
        als="particulier", naam="Wim", email="wim@buurt.example", akkoord=True,
    )  # fmt: skip
    an.asks_for_the_hall()
    page = form.sends(status=409)
    beside = "open-huis-drongen/kleine-zaal|2027-01-16T14:00/18:00"
    page.form("asking.new").fills_in(neem=beside).sends()
    page = wim.fills_in_the_code()
    assert page.heading == dutch("The house looks at the request")
    assert "Kleine zaal" in page.text
