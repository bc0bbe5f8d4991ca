"""The desk: what waits, one request with the days around it, and the decision."""

from datetime import date, timedelta

import pytest

from tests.browser import Browser, dutch, words_of
from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import decisions
from zalenzoeker.storage import accounts, letters, requests

MARCEL = "marcel@drongen.example"


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
    form = browser.opens("desk.show", code=request.code).form("desk.decide", code=request.code)
    return form.fills_in(besluit=decision, **more).sends(status=status)


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
    assert facts[dutch("Here before")] == dutch("not yet in this place")


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
    make_request(Status.APPROVED, room=drongen, slot=at(day=date(2027, 2, 6)))
    page = marcel.opens("desk.show", code=asked.code)
    assert dutch("%(num)d booking in this place", num=1) in page.text


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
    assert page.found(css="messages") == [dutch("Approved. The asker gets a letter, and the room is theirs.")]
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
    assert now(request).status is Status.APPROVED


def test_decision_offers_only_what_can_follow(app, drongen, marcel, asked):
    form = marcel.opens("desk.show", code=asked.code).form("desk.decide", code=asked.code)
    assert form.offered["besluit"] == ["approve", "refuse"]
    approved = make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"))
    form = marcel.opens("desk.show", code=approved.code).form("desk.decide", code=approved.code)
    assert form.offered["besluit"] == ["cancel"]


@pytest.mark.parametrize("status", [Status.REFUSED, Status.WITHDRAWN, Status.CANCELLED, Status.EXPIRED])
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
