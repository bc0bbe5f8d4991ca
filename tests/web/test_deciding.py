"""Deciding on the page: with a reason from the list, date by date, about several at once, and undoing it in time."""

from datetime import time

import pytest

from tests import decisions
from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import accounts, letters

MARCEL = "marcel@drongen.example"


@pytest.fixture
def drongen(app):
    venue = make_venue("open-huis-drongen", name="Open Huis Drongen")
    room = make_room("zaal", venue=venue)
    make_desk("drongen", venue=venue, members=[make_account(MARCEL, "Marcel De Smet"), make_account("mia@x.example")])
    return room


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email(MARCEL))


@pytest.fixture
def asked(drongen):
    return make_request(room=drongen, activity="Algemene vergadering")


def form(browser, request):
    return browser.opens("desk.show", code=request.code).form("desk.decide", code=request.code)


def states(request):
    return [str(date.status) for date in read(request.code).occurrences]


def test_decided_request_stands_apart_until_it_is_told_and_can_be_undone(app, marcel, asked):
    page = form(marcel, asked).fills_in(besluit="approve").sends()
    assert dutch("Just decided") in page.text
    assert dutch("The letter leaves at %(time)s.", time="10.10") in page.text
    assert page.heading == dutch("Nothing waits for you")
    page = page.form("desk.undo", code=asked.code).sends()
    undone = "Undone. Nobody was told, and the request waits for you again."
    assert (marcel.trail, page.found(css="messages")) == ([f"/balie/aanvragen/{asked.code}"], [dutch(undone)])
    assert (states(asked), page.has_form("desk.decide")) == (["requested"], True)


def test_decided_request_shows_its_desk_what_and_by_whom_and_nobody_else(app, marcel, asked):
    form(marcel, asked).fills_in(besluit="refuse", reden="Dan is er feest.").sends()
    page = Browser(app, accounts.by_email("mia@x.example")).opens("desk.show", code=asked.code)
    assert dutch("%(name)s decided this at %(time)s.", name="Marcel De Smet", time="10.00") in page.text
    assert (page.has_form("desk.decide"), page.has_form("desk.undo")) == (False, True)
    outside = Browser(app).opens("requests.show", code=asked.code)
    assert dutch("The house looks whether it fits") in outside.text
    assert "feest" not in outside.text


def test_decision_that_was_told_is_not_undone(app, marcel, asked):
    undo = form(marcel, asked).fills_in(besluit="approve").sends().form("desk.undo", code=asked.code)
    decisions.told(asked.code)
    page = undo.sends(status=409)
    assert (page.heading, states(asked)) == (dutch("This request changed meanwhile"), ["approved"])


def test_reason_from_the_list_goes_into_the_letter_before_the_own_words(app, marcel, asked):
    form(marcel, asked).fills_in(besluit="refuse", waarom="zelf-nodig", reden="Probeer het eens op zondag.").sends()
    decisions.told(asked.code)
    said = f"{dutch('We need the room ourselves then.')} Probeer het eens op zondag."
    assert letters.newest()[0].facts["note"] == said


def test_reason_from_the_list_is_enough_for_a_no_and_is_not_said_with_a_yes(app, drongen, marcel, asked):
    other = make_request(room=drongen, slot=at("09:00", "10:00"), contact_email="b@x.example")
    form(marcel, asked).fills_in(besluit="refuse", waarom="werken").sends()
    form(marcel, other).fills_in(besluit="approve", waarom="werken", reden="Tot dan!").sends()
    for one in (asked, other):
        decisions.told(one.code)
    notes = {letter.kind: letter.facts["note"] for letter in letters.newest(2)}
    assert notes == {"request_refused": dutch("There are works in the building then."), "request_approved": "Tot dan!"}


def test_series_is_decided_date_by_date(app, drongen, marcel):
    request = make_series(drongen, pattern=weekly(count=3))
    first, second, third = (f"datum-{date.uid}" for date in request.occurrences)
    sent = form(marcel, request)
    assert sent.offered["besluit"] == ["approve", "refuse", "each"]
    page = sent.fills_in(besluit="each").sends(status=422)
    assert page.errors == dict.fromkeys((first, second, third), dutch("Choose yes or no for at least one date."))
    assert [one for one in page.links if one[1] == "#per-datum"] == [
        (dutch("Choose yes or no for at least one date."), "#per-datum")
    ]
    page = page.form("desk.decide", code=request.code)
    page = page.fills_in(besluit="each", **{first: "approve", second: "refuse"}).sends(status=422)
    assert page.errors == {"reden": dutch("Give a reason. The asker reads it.")}
    kept = page.form("desk.decide", code=request.code)
    assert (kept[first], kept[second]) == ("approve", "refuse")
    kept.fills_in(waarom="zelf-nodig").sends()
    decisions.told(request.code)
    assert states(request) == ["approved", "refused", "requested"]
    assert form(marcel, request).offered[first] == ["", "cancel"]


def test_new_moment_whose_date_has_begun_cannot_be_chosen(app, drongen, marcel, clock):
    request = make_request(Status.APPROVED, room=drongen)
    later = Move(time(14), time(18), days=1)
    who = actor_of(accounts.by_email("an@harmonie.example"))
    dates.change(request.code, request.first.uid, Scope.THIS, later, by=who, now=NOW)
    asked = read(request.code)
    offered = form(marcel, request).offered
    assert [name for name in offered if name.startswith("datum-")] == [f"datum-{one.uid}" for one in asked.occurrences]
    clock.stands_at(request.first.slot.starts_at)
    assert form(marcel, request).offered["besluit"] == ["cancel"]


def ticks(*requests):
    return [f"{one.code}:{read(one.code).version}" for one in requests]


def test_several_are_answered_at_once_each_by_itself(app, drongen, marcel, asked):
    own = make_request(room=drongen, slot=at("09:00", "10:00"), contact_email=MARCEL, activity="Eigen feest")
    other = make_request(room=drongen, slot=at("10:00", "11:00"), contact_email="b@x.example")
    changed = make_request(room=drongen, slot=at("11:00", "12:00"), contact_email="c@x.example", activity="Dans")
    keys = [*ticks(asked, own, other), f"{changed.code}:1", "nergens-te-vinden:3", "rommel"]
    page = marcel.opens("desk.inbox").form("desk.several").forges(keuze=keys, besluit="approve").sends()
    said = "%(num)d requests decided. The letters leave in ten minutes at the latest; until then you can undo it."
    told = [
        dutch(said, num=2),
        dutch("%(which)s: you may not decide about it.", which=f"Eigen feest, {own.asker} ({own.reference})"),
        dutch("%(which)s: it changed meanwhile.", which=f"Dans, {changed.asker} ({changed.reference})"),
    ]
    assert page.found(css="messages") == [" ".join(told)]
    for one in (asked, own, other, changed):
        decisions.told(one.code)
    assert [states(one) for one in (asked, own, other, changed)] == [
        ["approved"], ["requested"], ["approved"], ["requested"],
    ]  # fmt: skip


def test_several_without_a_tick_or_without_a_reason_say_so_and_keep_what_was_chosen(app, drongen, marcel, asked):
    make_request(room=drongen, slot=at("10:00", "11:00"), contact_email="b@x.example")
    page = marcel.opens("desk.inbox").form("desk.several").fills_in(besluit="refuse").sends(status=422)
    assert page.errors == {
        "keuze": dutch("Tick at least one request"),
        "reden": dutch("Give a reason. The asker reads it."),
    }
    page = page.form("desk.several").forges(keuze=ticks(asked), besluit="refuse").sends(status=422)
    boxes = [one for one in page.elements(tag="input") if one.get("name") == "keuze" and one.get("checked") is not None]
    assert [one.get("value") for one in boxes] == ticks(asked)
    assert states(asked) == ["requested"]


def test_several_of_another_desk_are_not_decided(app, drongen, asked):
    stranger = make_account("els@elders.example")
    make_desk("elders", members=[stranger])
    browser = Browser(app, stranger)
    browser.posts("desk.several", {"keuze": ticks(asked)[0], "besluit": "approve"})
    assert (states(asked), read(asked.code).decision) == (["requested"], None)


def test_asker_of_the_desk_sees_neither_its_notes_nor_what_it_decided_before_it_is_told(app, drongen, marcel):
    own = make_request(room=drongen, contact_email=MARCEL, activity="Eigen feest")
    mia = Browser(app, accounts.by_email("mia@x.example"))
    mia.opens("desk.show", code=own.code).form("talking.note").fills_in(nota="Vorige keer bleef het licht aan.").sends()
    form(mia, own).fills_in(besluit="refuse", reden="Dan is er bingo.").sends()
    assert "Eigen feest" in mia.opens("desk.inbox").text
    for page in (marcel.opens("desk.inbox"), marcel.opens("desk.show", code=own.code)):
        assert (page.has_form("desk.undo"), "licht" in page.text, "bingo" in page.text) == (False, False, False)
    assert "Eigen feest" not in marcel.opens("desk.inbox").text
