"""The desk: what waits, one request with the days around it, and the decision."""

from datetime import date, time, timedelta

import pytest

from tests import decisions
from tests.browser import Browser, dutch, words_of
from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_an,
    make_association,
    make_city_desk,
    make_closure,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_series,
    make_venue,
    weekly,
)
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates
from zalenzoeker.storage import accounts, associations, letters, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

MARCEL = "marcel@drongen.example"
AS_CLUB = {"requester_kind": RequesterKind.ASSOCIATION, "association_name": "Dansgroep"}


@pytest.fixture
def marcel(app, drongen):
    """A volunteer of the house, at the desk."""
    return Browser(app, accounts.by_email(MARCEL))


@pytest.fixture
def asked(drongen):
    return make_request(Status.REQUESTED, room=drongen, activity="Algemene vergadering", people=45)


def waiting(page):
    """Return the activities that wait, in order; what is to come has a table of its own."""
    tables = page.elements(tag="table")
    return [words_of(one.find(".//a")) for one in tables[0].iter() if one.get("class") == "who"] if tables else []


def decides(browser, request, decision, *, status=200, **more):
    """The desk decides on the page, and the ten minutes pass."""
    form = browser.opens("desk.show", code=request.code).form("desk.decide", code=request.code)
    page = form.fills_in(besluit=decision, **more).sends(status=status)
    decisions.told(request.code)
    return page


def now(request):
    return requests.by_code(request.code)


# What waits.


def test_inbox_shows_the_nearest_deadline_first(app, drongen, marcel):
    for name, days, asked_days in (("Laat", 40, 0), ("Dringend", 10, 0), ("Lang geleden", 60, -13)):
        make_request(
            Status.REQUESTED, room=drongen, activity=name, slot=at(day=NOW.date() + timedelta(days=days)),
            now=NOW + timedelta(days=asked_days), exception_reason="x", contact_email=f"{name[0]}@x.example",
        )  # fmt: skip
    assert waiting(marcel.opens("desk.inbox")) == ["Lang geleden", "Dringend", "Laat"]


def test_inbox_says_what_is_soon_and_what_is_late(app, drongen, marcel, clock):
    make_request(Status.REQUESTED, room=drongen, activity="Feest")
    assert dutch("Answer soon") not in marcel.opens("desk.inbox").text
    clock.passes(timedelta(days=11, hours=1))
    assert dutch("Answer soon") in marcel.opens("desk.inbox").text
    clock.passes(timedelta(days=3))
    page = marcel.opens("desk.inbox")
    assert (dutch("Answer is late") in page.text, dutch("Answer soon") in page.text) == (True, False)


def test_inbox_shows_only_what_its_desks_decide(app, drongen, marcel, asked):
    other = make_room(venue=make_venue("elders"))
    rita = make_account("rita@elders.example")
    make_desk(venue=other.venue, members=[rita])
    make_request(Status.REQUESTED, room=other, activity="Elders")
    assert waiting(marcel.opens("desk.inbox")) == ["Algemene vergadering"]
    assert waiting(Browser(app, rita).opens("desk.inbox")) == ["Elders"]


def test_inbox_of_the_city_shows_everything(app, drongen, asked):
    sofie = make_account("sofie@stad.example")
    make_city_desk([sofie])
    make_request(
        Status.REQUESTED,
        room=make_room(venue=make_venue("zonder-balie")),
        activity="Elders",
        contact_email="z@x.example",
    )
    assert sorted(waiting(Browser(app, sofie).opens("desk.inbox"))) == ["Algemene vergadering", "Elders"]


def test_inbox_holds_no_form_that_was_never_proved(app, drongen, marcel):
    make_request(Status.UNPROVED, room=drongen)
    page = marcel.opens("desk.inbox")
    assert (waiting(page), page.heading) == ([], dutch("Nothing waits for you"))


def test_inbox_that_is_empty_says_so(app, marcel):
    page = marcel.opens("desk.inbox")
    assert dutch("Everything is answered") in page.text


def test_inbox_shows_what_is_to_come(app, drongen, marcel):
    make_request(Status.APPROVED, room=drongen, activity="Repaircafé")
    page = marcel.opens("desk.inbox")
    assert page.found(tag="caption") == [dutch("Bookings that are still to come")]
    assert page.clicks("Repaircafé").heading == "Repaircafé"


def test_inbox_asks_the_database_as_often_for_three_as_for_one(app, drongen, marcel, queries_of):
    def look():
        marcel.opens("desk.inbox")

    def add(days):
        make_request(Status.REQUESTED, room=drongen, slot=at().moved(days=days))
        make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00").moved(days=days))

    add(0)
    one = queries_of(look)
    add(1)
    add(2)
    assert len(queries_of(look)) == len(one)


# One request.


def test_request_shows_all_that_the_desk_needs(app, drongen, marcel):
    request = make_request(
        Status.REQUESTED, room=drongen, activity="Algemene vergadering", people=45, contact_name="An Peeters",
        contact_phone="0470 12 34 56", remarks="Mogen we vroeger binnen?",
    )  # fmt: skip
    page = marcel.opens("desk.show", code=request.code)
    facts = dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))
    assert facts[dutch("What")] == "Algemene vergadering"
    assert facts[dutch("People")] == dutch("about %(num)d people", num=45)
    assert facts[dutch("Remarks")] == "Mogen we vroeger binnen?"
    assert facts[dutch("Contact")] == "An Peeters an@harmonie.example 0470 12 34 56"
    assert facts[dutch("Here before")] == dutch("not here before")


def test_request_shows_the_days_around_it_with_every_name(app, drongen, marcel, asked):
    make_programme(drongen, "Intern overleg", weekday=4, is_public=False)
    make_request(
        Status.REQUESTED, room=drongen, activity="Feest", slot=at("20:00", "22:00"), contact_email="x@x.example"
    )
    page = marcel.opens("desk.show", code=asked.code)
    grid = page.found(css="timegrid")[0]
    assert [name in grid for name in ("Intern overleg", "Feest", "Algemene vergadering")] == [True, True, True]
    assert len(page.elements(tag="div", css="t-this")) == 1


def test_request_that_fits_says_so(app, drongen, marcel, asked):
    page = marcel.opens("desk.show", code=asked.code)
    checks = page.found(tag="ul", css="checks")[0]
    assert checks == " ".join(
        [
            dutch("Asked in time: %(days)s days ahead.", days=54),
            dutch("Nothing else in the room at that moment."),
            dutch("%(people)s people fit: there is room for %(capacity)s.", people=45, capacity=60),
        ]
    )


def test_request_counts_what_its_asker_had_here_before(app, drongen, marcel, asked):
    make_request(Status.APPROVED, room=drongen, slot=at(day=date(2027, 2, 6)), activity="Kaarten")
    page = marcel.opens("desk.show", code=asked.code)
    facts = dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))
    assert facts[dutch("Here before")] == " ".join(
        [dutch("not here before") + ",", dutch("%(num)d date to come", num=1), f"Kaarten: {dutch('Confirmed').lower()}"]
    )


@pytest.mark.parametrize("code", ["bestaat-niet", "1", "' OR 1=1"])
def test_request_that_is_not_there_is_not_found(marcel, code):
    marcel.opens("desk.show", code=code, status=404)
    marcel.posts("desk.decide", {"besluit": "approve", "versie": "1"}, code=code, status=404)


def test_request_of_another_desk_is_not_there(app, drongen, marcel):
    other = make_request(Status.REQUESTED, room=make_room(venue=make_venue("elders")))
    marcel.opens("desk.show", code=other.code, status=404)
    marcel.posts("desk.decide", {"besluit": "approve", "versie": str(other.version)}, code=other.code, status=404)
    assert now(other).status is Status.REQUESTED


def test_request_asks_the_database_as_often_with_three_around_it_as_with_one(app, drongen, marcel, asked, queries_of):
    def look():
        marcel.opens("desk.show", code=asked.code)

    make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"))
    one = queries_of(look)
    make_request(Status.APPROVED, room=drongen, slot=at("18:00", "20:00"))
    make_request(Status.REQUESTED, room=drongen, slot=at("20:00", "22:00"))
    assert len(queries_of(look)) == len(one)


# Deciding.


def test_decision_to_approve_tells_the_asker_and_leaves_the_inbox_empty(app, marcel, asked):
    page = decides(marcel, asked, "approve")
    assert marcel.trail == ["/balie"]
    leaves = "Decided. The letter leaves at %(time)s; until then you can undo it."
    assert page.found(css="messages") == [dutch(leaves, time="10.10")]
    assert waiting(page) == []
    assert now(asked).status is Status.APPROVED
    newest = letters.newest()[0]
    assert (newest.kind, newest.recipient) == ("request_approved", "an@harmonie.example")


def test_decision_to_refuse_tells_the_reason(app, marcel, asked):
    decides(marcel, asked, "refuse", reden="Die avond is er een feest van het huis.")
    assert (now(asked).status, now(asked).decision_note) == (Status.REFUSED, "Die avond is er een feest van het huis.")
    assert letters.newest()[0].facts["note"] == "Die avond is er een feest van het huis."


def test_decision_to_cancel_what_was_approved_needs_a_reason(app, drongen, marcel):
    request = make_request(Status.APPROVED, room=drongen)
    page = decides(marcel, request, "cancel", status=422)
    assert page.errors == {"reden": dutch("Give a reason. The asker reads it.")}
    page.form("desk.decide", code=request.code).fills_in(besluit="cancel", reden="Waterschade.").sends()
    decisions.told(request.code)
    assert now(request).status is Status.CANCELLED


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_decision_to_refuse_without_a_reason_is_not_kept(app, marcel, asked, reason):
    page = decides(marcel, asked, "refuse", status=422, reden=reason)
    assert page.errors == {"reden": dutch("Give a reason. The asker reads it.")}
    assert page.form("desk.decide", code=asked.code)["besluit"] == "refuse"
    assert now(asked).status is Status.REQUESTED


def test_decision_against_a_rule_needs_a_note(app, drongen, marcel):
    request = make_request(
        Status.REQUESTED, room=drongen, slot=at(day=date(2026, 11, 28)), exception_reason="Brand op school"
    )
    page = decides(marcel, request, "approve", status=422)
    assert page.errors == {"reden": dutch("Write why you set the rule aside. It stays on the timeline.")}
    page.form("desk.decide", code=request.code).fills_in(besluit="approve", reden="Natuurlijk.").sends()
    decisions.told(request.code)
    assert now(request).status is Status.APPROVED


def test_decision_offers_only_what_can_follow(app, drongen, marcel, asked):
    form = marcel.opens("desk.show", code=asked.code).form("desk.decide", code=asked.code)
    assert form.offered["besluit"] == ["approve", "refuse"]
    approved = make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"))
    form = marcel.opens("desk.show", code=approved.code).form("desk.decide", code=approved.code)
    assert form.offered["besluit"] == ["cancel"]


@pytest.mark.parametrize(
    "status",
    [Status.REFUSED, Status.WITHDRAWN, Status.CANCELLED, Status.EXPIRED, Status.WAITING, Status.OFFERED],
)
def test_decision_that_fell_is_no_longer_offered(app, drongen, marcel, status):
    request = make_request(status, room=drongen)
    page = marcel.opens("desk.show", code=request.code)
    assert not page.has_form("desk.decide")
    assert dutch("Nothing is left to decide") in page.text


def test_decision_that_came_second_is_told_kindly_and_not_kept(app, drongen, marcel, asked):
    form = marcel.opens("desk.show", code=asked.code).form("desk.decide", code=asked.code)
    rita = make_account("rita@drongen.example", "Rita Claeys")
    make_desk("tweede", members=[rita])
    sofie = make_account("sofie@stad.example", "Sofie Maes")
    make_city_desk([sofie])
    decisions.approve(asked.code, by=actor_of(sofie), now=NOW, version=asked.version)
    page = form.fills_in(besluit="refuse", reden="Neen.").sends(status=409)
    assert page.heading == dutch("This request changed meanwhile")
    assert (
        dutch("%(name)s did this, %(moment)s.", name="Sofie Maes", moment="maandag 23 november 2026, 10.00 uur")
        in page.text
    )
    assert now(asked).status is Status.APPROVED
    assert [one.kind for one in letters.newest()].count("request_refused") == 0


def test_decision_sent_twice_is_one_decision_and_one_letter(app, marcel, asked):
    form = marcel.opens("desk.show", code=asked.code).form("desk.decide", code=asked.code).fills_in(besluit="approve")
    form.sends()
    page = form.sends(status=409)
    assert "10.00 uur" in page.text
    decisions.told(asked.code)
    assert [one.kind for one in letters.newest()].count("request_approved") == 1


@pytest.mark.parametrize("version", ["0", "999", "-1", "²", "x", "1e3", "9" * 5000, "\x00"])
def test_decision_on_a_version_that_nobody_saw_is_not_kept(app, marcel, asked, version):
    form = marcel.opens("desk.show", code=asked.code).form("desk.decide", code=asked.code).fills_in(besluit="approve")
    form.forges(versie=version).sends(status=409)
    assert now(asked).status is Status.REQUESTED


@pytest.mark.parametrize("decision", ["", "prove", "withdraw", "expire", "alles", "approve "])
def test_decision_that_is_none_is_an_error_beside_its_field(app, marcel, asked, decision):
    form = marcel.opens("desk.show", code=asked.code).form("desk.decide", code=asked.code)
    assert set(form.forges(besluit=decision).sends(status=422).errors) == {"besluit"}
    assert now(asked).status is Status.REQUESTED


def own_requests(drongen):
    """Return requests that Marcel asked himself: by account, by address, for his association."""
    account = accounts.by_email(MARCEL)
    club = make_association("Buurtcomité", members=[account, make_account("els@x.example")])
    els = actor_of(accounts.by_email("els@x.example"))
    yield make_request(Status.REQUESTED, room=drongen, by=actor_of(account))
    yield make_request(
        Status.REQUESTED, room=drongen, by=els, slot=at("10:00", "12:00"), association_id=club.id,
        association_name=club.name, requester_kind=club.kind,
    )  # fmt: skip


def test_decision_on_ones_own_request_is_not_offered_and_not_kept(app, drongen, marcel):
    for request in own_requests(drongen):
        page = marcel.opens("desk.show", code=request.code)
        assert not page.has_form("desk.decide")
        assert dutch("This is your own request") in page.text
        marcel.posts(
            "desk.decide", {"besluit": "approve", "versie": str(request.version)}, code=request.code, status=403
        )
        assert now(request).status is Status.REQUESTED


def test_desk_has_its_door_in_the_menu_only_for_its_members(app, marcel):
    assert "/balie" in [address for _, address in marcel.opens("pages.privacy").links][:10]
    menu = Browser(app).opens("pages.privacy").elements(tag="nav")[0]
    assert "/balie" not in [one.get("href") for one in menu.iter() if one.tag == "a"]


def test_inbox_shows_the_day_around_what_waits(app, drongen, marcel, asked):
    make_request(
        Status.APPROVED, room=drongen, activity="Ontbijt", slot=at("10:00", "12:00"), contact_email="b@x.example"
    )
    make_request(Status.APPROVED, room=drongen, activity="Morgen", slot=at(day=SATURDAY + timedelta(days=1)))
    page = marcel.opens("desk.inbox")
    around = page.main.partition(dutch("That day in the room:"))[2].partition(dutch("Coming up"))[0]
    assert ("10.00–12.00 Ontbijt" in around, "Morgen" in around) == (True, False)


# Several dates, rules set aside, rivals.


def test_inbox_shows_a_series_as_one_with_its_pattern(app, drongen, marcel, clock):
    series = make_series(drongen, activity="Yoga", pattern=weekly(count=12), skipped=[2])
    page = marcel.opens("desk.inbox")
    assert waiting(page) == ["Yoga"]
    assert dutch("%(num)d request waits for you", num=1) == page.heading
    said = f"{dutch('Series of %(count)s dates', count=11)}: elke zaterdag van 18.00 tot 22.00 uur"
    assert said in page.text
    clock.stands_at(series.first.slot.ends_at)
    assert "za 23 januari 2027" in marcel.opens("desk.inbox").found(tag="table")[0]


def test_inbox_asks_the_database_as_often_for_a_long_series(app, drongen, marcel, queries_of):
    make_series(drongen, pattern=weekly(count=2))
    few = len(queries_of(lambda: marcel.opens("desk.inbox")))
    make_series(drongen, pattern=weekly("09:00", "10:00", count=18))
    assert len(queries_of(lambda: marcel.opens("desk.inbox"))) == few


def test_request_for_a_series_shows_all_its_dates_and_what_stands_around_each(app, drongen, marcel):
    series = make_series(drongen, pattern=weekly(count=4), skipped=[1])
    make_request(
        Status.APPROVED, room=drongen, activity="Ontbijt", slot=at("09:00", "11:00", date(2027, 1, 30)),
        contact_email="b@x.example",
    )  # fmt: skip
    page = marcel.opens("desk.show", code=series.code)
    assert page.found(css="date") == [
        f"za 16 januari 2027 {dutch('Waits for an answer')}",
        f"za 23 januari 2027 {dutch('Skipped')}",
        f"za 30 januari 2027 {dutch('Waits for an answer')}",
        f"za 6 februari 2027 {dutch('Waits for an answer')}",
    ]
    lines = page.elements(css="dates")[0]
    assert [words_of(one).endswith("9.00–11.00 Ontbijt") for one in lines] == [False, False, True, False]
    assert dutch("Nothing else in the room on any of the %(count)s dates.", count=3) in page.text
    decides(marcel, series, "approve")
    assert [one.status for one in now(series).dates] == [Status.APPROVED] * 3


def test_request_for_a_series_names_the_dates_that_clash(app, drongen, marcel):
    room = make_room(
        "kelder", venue=drongen.venue, rules={RuleName.PENDING: {"default": "queue", "vereniging": "hold"}}
    )
    series = make_series(room)
    make_closure(room, date(2027, 1, 23))
    page = marcel.opens("desk.show", code=series.code)
    checks = page.found(tag="ul", css="checks")[0]
    assert dutch("About %(days)s.", days="23 januari 2027") in checks
    assert dutch("Nothing else in the room on any of the %(count)s dates.", count=6) not in checks


def test_request_asks_the_database_as_often_in_a_long_series(app, drongen, marcel, queries_of):
    short = make_series(drongen, pattern=weekly(count=2))
    long = make_series(drongen, pattern=weekly("09:00", "10:00", count=18))
    few = len(queries_of(lambda: marcel.opens("desk.show", code=short.code)))
    assert len(queries_of(lambda: marcel.opens("desk.show", code=long.code))) == few


def test_request_for_another_moment_shows_the_old_and_the_new(app, drongen, marcel):
    asker = make_an()
    request = make_request(Status.APPROVED, room=drongen, by=asker)
    move = dates.Move(from_time=time(10), to_time=time(12), days=1)
    dates.change(request.code, request.first.uid, Scope.THIS, move, by=asker, now=NOW)
    assert dutch("Asks for another moment") in marcel.opens("desk.inbox").text
    page = marcel.opens("desk.show", code=request.code)
    becomes = f"za 16 januari 2027, 14.00 tot 18.00 uur {dutch('becomes')} zo 17 januari 2027, 10.00 tot 12.00 uur"
    assert becomes in page.text
    assert page.form("desk.decide", code=request.code).offered["besluit"] == ["approve", "refuse", "cancel", "each"]
    decides(marcel, request, "refuse", reden="Dan poetsen we.")
    assert [(one.status, one.starts.day) for one in now(request).dates] == [(Status.APPROVED, 16)]


def test_exception_shows_the_rule_with_its_source_and_stays_on_the_timeline(app, drongen, marcel, passer_by):
    room = make_room("kelder", venue=drongen.venue, rules={RuleName.LEAD_DAYS: 30})
    request = make_request(room=room, slot=at(day=date(2026, 11, 28)), exception_reason="Brand op school")
    page = marcel.opens("desk.show", code=request.code)
    said = dutch("Asked %(days)s days ahead; the rule is %(rule)s days.", days=5, rule=30)
    assert f"{said} ({dutch('Rule of this room')})" in page.text
    assert "Brand op school" in page.text
    decides(marcel, request, "approve", reden="Natuurlijk.")
    rules = dutch("how many days ahead one asks")
    told = dutch("The desk allowed an exception to a rule: %(rules)s.", rules=rules)
    page = passer_by.opens("requests.show", code=request.code)
    assert (told in page.text, "Natuurlijk." in page.text) == (True, False)
    assert "Natuurlijk." in marcel.opens("requests.show", code=request.code).text


@pytest.fixture
def queued(drongen):
    """Two requests for the same time in a room whose house lets both wait."""
    room = make_room("kelder", venue=drongen.venue, rules={RuleName.PENDING: {"default": "queue"}})
    first = make_request(room=room, activity="Kaarten", contact_email="eerst@x.example")
    second = make_request(room=room, activity="Dansen", slot=at("17:00", "20:00"), contact_email="dan@x.example")
    return first, second


def test_rivals_are_named_with_links_and_the_one_that_is_chosen_answers_the_rest(app, marcel, queued):
    first, second = queued
    page = marcel.opens("desk.show", code=first.code)
    assert dutch("Somebody else asks for the same time") in page.text
    assert "17.00 tot 20.00 uur za 16 januari 2027" in page.text
    assert dutch("Nothing is confirmed in the room then.") in page.found(tag="ul", css="checks")[0]
    page = page.goes_to("desk.show", code=second.code)
    assert page.heading == "Dansen"
    decides(marcel, first, "approve")
    assert (now(first).status, now(second).status) == (Status.APPROVED, Status.REFUSED)


def test_rivals_lie_beside_each_other_with_what_tells_them_apart(app, marcel, drongen, queued):
    first, second = queued
    next_week = at(day=SATURDAY + timedelta(days=7))
    make_request(Status.APPROVED, room=drongen, slot=next_week, contact_email="dan@x.example", activity="Danscafé")
    page = marcel.opens("desk.show", code=first.code)
    this, other = [words_of(row) for row in page.elements(css="rivals")[0].iter("tr")][1:]
    assert (dutch("This request") in this, dutch("not here before") in this) == (True, True)
    assert all(said in other for said in ("Dansen", "17.00 tot 20.00 uur", dutch("%(num)d date to come", num=1)))
    assert "17.00–20.00Dansen" in page.found(css="timegrid")[0]
    assert page.goes_to("desk.show", code=second.code).clicks("Danscafé").heading == "Danscafé"


def test_rivals_of_another_desk_keep_their_names(app, marcel, queued):
    first, second = queued
    elsewhere = make_desk("elders", members=[make_account("rita@elders.example")])
    with write_unit() as session:
        session.get(Request, second.id).desk_id = elsewhere.id
    page = marcel.opens("desk.show", code=first.code)
    table = page.found(css="rivals")[0]
    assert (dutch("A request that another desk decides about") in table, "Dansen" in page.text) == (True, False)


def test_rivals_are_looked_up_in_as_many_queries_for_three_as_for_one(app, marcel, queued, queries_of):
    first, second = queued
    few = len(queries_of(lambda: marcel.opens("desk.show", code=first.code)))
    for number in range(3):
        make_request(room=second.first.room, slot=at("15:00", "16:00"), contact_email=f"nog{number}@x.example")
    assert dutch("%(num)d others ask for the same time", num=4) in marcel.opens("desk.show", code=first.code).text
    assert len(queries_of(lambda: marcel.opens("desk.show", code=first.code))) == few


def test_decision_for_what_is_no_longer_free_is_told_and_not_kept(app, drongen, marcel):
    room = make_room(
        "kelder", venue=drongen.venue, rules={RuleName.PENDING: {"default": "queue", "vereniging": "hold"}}
    )
    waits = make_request(room=room, activity="Kaarten", contact_email="eerst@x.example")
    make_closure(room, waits.first.slot.day)
    page = decides(marcel, waits, "approve", status=409)
    assert page.heading == dutch("The room is no longer free then")
    said = "%(room)s is closed then: %(reason)s. Choose another moment."
    assert dutch(said, room="Kelder", reason="Verlof") in page.text
    assert now(waits).status is Status.REQUESTED
    assert page.goes_to("desk.show", code=waits.code).has_form("desk.decide")


# Groups that the house trusts.


@pytest.fixture
def of_club(drongen):
    """A request of an association."""
    club = make_association("Breicafé", members=[make_account("els@brei.example")])
    by = actor_of(accounts.by_email("els@brei.example"))
    return make_request(
        room=drongen, by=by, association_id=club.id, association_name=club.name, requester_kind=club.kind
    )


def test_group_becomes_trusted_and_loses_it_again(app, drongen, marcel, of_club):
    page = marcel.opens("desk.show", code=of_club.code)
    nothing = "For now that changes nothing: the rules of this house give a trusted group no yes at once."
    assert dutch(nothing) in page.text
    page = page.form("desk.trust", code=of_club.code).fills_in(vertrouwd="ja").sends()
    assert dutch("%(group)s is a trusted group of %(place)s.", group="Breicafé", place="Open Huis Drongen") in page.text
    assert associations.trusting(of_club.association_id, {drongen.venue_id}) == {drongen.venue_id}
    page = page.form("desk.trust", code=of_club.code).fills_in(vertrouwd="nee").sends()
    assert associations.trusting(of_club.association_id, {drongen.venue_id}) == set()


def test_trust_says_what_it_does_where_the_rules_say_so(app, drongen, marcel, of_club):
    make_room("kelder", venue=drongen.venue, rules={RuleName.INSTANT: {"trusted": True}})
    page = marcel.opens("desk.show", code=of_club.code)
    does = "By the rules of this house, a trusted group gets a yes at once when the room is free."
    assert dutch(does) in page.text


def test_trust_is_not_asked_for_somebody_alone(app, marcel, asked):
    assert not marcel.opens("desk.show", code=asked.code).has_form("desk.trust")
    marcel.posts("desk.trust", {"vertrouwd": "ja"}, code=asked.code, status=404)


def test_trust_in_ones_own_group_is_for_others(app, drongen, marcel):
    club = make_association("Buurtcomité", members=[accounts.by_email(MARCEL), make_account("els@x.example")])
    by = actor_of(accounts.by_email("els@x.example"))
    request = make_request(
        room=drongen, by=by, association_id=club.id, association_name=club.name, requester_kind=club.kind
    )
    assert not marcel.opens("desk.show", code=request.code).has_form("desk.trust")
    marcel.posts("desk.trust", {"vertrouwd": "ja"}, code=request.code, status=403)
    assert associations.trusting(club.id, {drongen.venue_id}) == set()


def test_request_that_is_decided_and_not_told_yet_says_so_to_the_desk(app, marcel, asked):
    page = marcel.opens("desk.show", code=asked.code)
    by_day = dutch("Answer by %(day)s", day="ma 7 december 2026")
    assert (by_day in page.text, dutch("Decided, not told yet") in page.text) == (True, False)
    page = page.form("desk.decide", code=asked.code).fills_in(besluit="approve", reden="Welkom!").sends()
    page = marcel.opens("desk.show", code=asked.code)
    assert (by_day in page.text, dutch("Decided, not told yet") in page.text) == (False, True)
    last = page.found(css="now-step")
    assert last == [f"{dutch('The letter leaves')} maandag 23 november 2026, 10.10 uur"]
    decisions.told(asked.code)
    page = marcel.opens("desk.show", code=asked.code)
    assert (page.text.count("Welkom!"), dutch("The room is yours.") in page.text) == (1, False)
