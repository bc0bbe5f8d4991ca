"""Choosing a moment without a table: a day, then a time, then the form; each readable aloud."""

from datetime import date

import pytest

from tests.browser import dutch
from tests.builders import EVERY_DAY, at, keep, make_room, make_venue
from zalenzoeker.domain.places import Manager, Operator, VenueKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Occupancy, RoomSpace

THURSDAY = date(2027, 1, 14)
HALL = {"venue": "open-huis", "room": "zaal"}


@pytest.fixture
def hall(app):
    return make_room("zaal", venue=make_venue("open-huis", name="Open Huis"))


def hold(room, starts, ends, day=THURSDAY, by=TakenBy.BOOKING):
    slot = at(starts, ends, day)
    (space_id,) = db.session.query(RoomSpace.space_id).filter_by(room_id=room.id).one()
    keep(Occupancy(space_id=space_id, from_epoch=slot.from_epoch, to_epoch=slot.to_epoch, by=by))


def days_of(page):
    """Return (words, where they lead) of every day in the list."""
    listed = [one for one in page.elements(css="day-list") for one in one]
    return ["".join(one.itertext()).strip() for one in listed]


def test_days_say_how_many_moments_are_free(hall, passer_by):
    hold(hall, "18:00", "22:00")
    hold(hall, "09:00", "23:45", date(2027, 1, 15))
    hold(hall, "23:45", "00:30", date(2027, 1, 15))
    said = days_of(passer_by.opens("moments.days", **HALL, maand="2027-01"))
    assert len(said) == 31
    free = {number: dutch("%(num)d free moments") % {"num": number} for number in (2, 3)}
    assert said[12] == f"woensdag 13 januari, {free[3]}"
    assert said[13].startswith("donderdag 14 januari, ")
    assert said[14].startswith("vrijdag 15 januari, ")


def test_way_from_room_to_form_needs_no_table(hall, passer_by):
    page = passer_by.opens("rooms.show", **HALL).goes_to("moments.days", **HALL)
    assert page.heading == dutch("Choose a day for %(room)s") % {"room": "Zaal"}
    page = passer_by.opens("moments.days", **HALL, maand="2027-01").goes_to("moments.times", **HALL, day="2027-01-14")
    assert page.heading == dutch("Choose a time on %(day)s") % {"day": "donderdag 14 januari 2027"}
    assert page.addresses("/aanvragen/nieuw?")[:3] == [
        f"/aanvragen/nieuw?zaal=open-huis/zaal&dag=2027-01-14&van={starts}&tot={ends}"
        for starts, ends in (("09:00", "12:00"), ("13:00", "17:00"), ("18:00", "22:00"))
    ]


def test_times_offer_the_whole_day_and_hours_of_ones_own(hall, passer_by):
    page = passer_by.opens("moments.times", **HALL, day="2027-01-14")
    assert len(page.addresses("/aanvragen/nieuw?")) == 4
    fields = page.form("asking.new").fields
    assert (fields["zaal"], fields["dag"]) == ("open-huis/zaal", "2027-01-14")
    hold(hall, "12:00", "13:00", by=TakenBy.OWN_PROGRAMME)
    assert len(passer_by.opens("moments.times", **HALL, day="2027-01-14").addresses("/aanvragen/nieuw?")) == 3


def test_taken_moment_leads_to_the_waiting_list(hall, passer_by):
    """What others hold can be waited for; the house's own programme, what is past and what is free cannot."""
    hold(hall, "19:05", "21:00")
    hold(hall, "14:00", "15:00", by=TakenBy.REQUEST)
    hold(hall, "09:00", "10:00", by=TakenBy.OWN_PROGRAMME)
    page = passer_by.opens("moments.times", **HALL, day="2027-01-14")
    form = "/aanvragen/nieuw?zaal=open-huis/zaal&dag=2027-01-14"
    waits = page.addresses("/aanvragen/nieuw?")[-2:]
    assert waits == [f"{form}&van=14:00&tot=15:00", f"{form}&van=19:00&tot=21:00"]
    assert page.main.count(dutch("Taken. To the waiting list.")) == 2
    page = passer_by.opens("asking.new", zaal="open-huis/zaal", dag="2027-01-14", van="19:00", tot="21:00")
    assert page.form("asking.new").fills_in(wacht="1").sends().status == 200


def test_full_day_says_that_there_is_a_waiting_list(hall, passer_by):
    hold(hall, "08:00", "23:45")
    hold(hall, "23:45", "01:00")
    hold(hall, "08:00", "23:45", date(2027, 1, 15), by=TakenBy.OWN_PROGRAMME)
    hold(hall, "23:45", "01:00", date(2027, 1, 15), by=TakenBy.OWN_PROGRAMME)
    page = passer_by.opens("moments.days", **HALL, maand="2027-01")
    said = days_of(page)
    assert said[13] == f"donderdag 14 januari, {dutch('nothing free, there is a waiting list')}"
    assert said[14] == f"vrijdag 15 januari, {dutch('nothing free')}"
    assert f"/zalen/open-huis/zaal/dagen/{THURSDAY}" in page.addresses("/zalen/open-huis/zaal/dagen/")
    assert passer_by.opens("moments.month", **HALL, maand="2027-01").main.count(dutch("waiting list")) == 1


def test_time_somebody_asked_for_says_so(hall, passer_by):
    hold(hall, "14:00", "15:00", by=TakenBy.QUEUED)
    page = passer_by.opens("moments.times", **HALL, day="2027-01-14")
    assert page.main.count(dutch("Somebody has asked already. You can ask too.")) == 1


def test_full_day_leads_to_another_day_and_other_rooms(hall, passer_by):
    page = passer_by.opens("moments.times", **HALL, day="2026-11-20")
    assert dutch("Nothing to choose on this day") in page.main
    page.goes_to("search.show", dag="2026-11-20", status=422)
    page.goes_to("moments.days", **HALL)


def test_short_notice_is_said_before_the_times(hall, passer_by):
    page = passer_by.opens("moments.times", **HALL, day="2026-12-03")
    assert dutch("Short notice") in page.found(tag="h2")


def test_month_is_a_table_too(hall, passer_by):
    page = passer_by.opens("moments.days", **HALL, maand="2027-01").goes_to("moments.month", **HALL)
    assert page.found(tag="th") == [
        dutch(day) for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    ]
    cells = page.elements(tag="td")
    assert len(cells) % 7 == 0
    assert len([one for one in cells if one.get("class") != "gap"]) == 31


@pytest.mark.parametrize("words", ["", "2027", "2027-13", "1999-01", "2099-01", "januari"])
def test_month_that_is_none_becomes_the_first_that_can_be_asked(hall, passer_by, words):
    assert (
        dutch("See %(month)s") % {"month": "januari 2027"} in passer_by.opens("moments.days", **HALL, maand=words).main
    )


@pytest.mark.parametrize("day", ["morgen", "2027-02-30", "1999-01-01", "2099-01-01"])
def test_day_that_is_none_is_not_found(hall, passer_by, day):
    passer_by.opens("moments.times", **HALL, day=day, status=404)


def test_room_that_is_not_asked_here_sends_to_the_house(app, passer_by):
    private = make_venue("open-huis", kind=VenueKind.PRIVATE, operator=Operator.PRIVATE, managed_by=Manager.UNKNOWN)
    make_room("zaal", venue=private)
    for endpoint, values in (("moments.days", {}), ("moments.times", {"day": "2027-01-14"}), ("search.first", {})):
        page = passer_by.opens(endpoint, **HALL, **values)
        assert dutch("This room is not asked here") in page.found(tag="h2")


def test_room_that_is_closed_all_winter_says_so(app, passer_by):
    make_room("zaal", venue=make_venue("open-huis"), rules={RuleName.CLOSED_SEASON: ["11-01", "03-31"]})
    said = days_of(passer_by.opens("moments.days", **HALL, maand="2027-01"))
    assert {one.rpartition(", ")[2] for one in said} == {dutch("closed")}


@pytest.mark.parametrize("endpoint, values", [("moments.days", {"maand": "2027-01"}), ("search.first", {})])
def test_number_of_queries_does_not_depend_on_the_days(app, passer_by, queries_of, endpoint, values):
    room = make_room("zaal", venue=make_venue("open-huis"), hours=EVERY_DAY)
    counts = []
    for number in range(2):
        for day in range(1 + number * 3):
            hold(room, "10:00", "11:00", date(2027, 1, 4 + number * 5 + day))
        counts.append(len(queries_of(lambda: passer_by.opens(endpoint, **HALL, **values))))
    assert counts[0] == counts[1]


def test_house_that_opens_on_one_day_only_shows_the_others_closed(app, passer_by):
    make_room("zaal", venue=make_venue("open-huis"), hours=[WeeklyHours(3, 540, 720)])
    said = days_of(passer_by.opens("moments.days", **HALL, maand="2027-01"))
    assert [one for one in said if not one.endswith(dutch("closed"))] == [
        f"donderdag {day} januari, {dutch('%(num)d free moment') % {'num': 1}}" for day in (7, 14, 21, 28)
    ]
