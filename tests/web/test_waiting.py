"""The waiting list: where one stands in it, and the answer to an offer, by the letter or on the page."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, actor_of, at, make_account, make_an, make_request, make_room, make_series, read
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import deadlines
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, letters

ELS = "els@breicafe.example"


@pytest.fixture
def els(app):
    """Els, who waits; she has signed in."""
    return Browser(app, make_account(ELS, "Els Maes"))


def wait(room, status=Status.WAITING, email=ELS, **fields):
    account = accounts.by_email(email) or make_account(email)
    return make_request(status, room=room, by=actor_of(account), **fields)


def token(kind="place_offered"):
    """Return what the newest letter of a kind opens."""
    return next(one.facts["token"] for one in letters.newest() if one.kind == kind)


def state(request):
    return read(request.code).status


# Where one stands.


@pytest.mark.parametrize("before, place", [(0, "the first"), (1, "the second"), (2, "the third")])
def test_place_in_the_line_is_told(drongen, els, passer_by, before, place):
    first = make_request(Status.APPROVED, room=drongen, contact_email="eerder@x.example")
    for number in range(before):
        email = f"voor{number}@x.example"
        make_request(room=drongen, contact_email=email, is_waiting=True, now=NOW + timedelta(minutes=number))
    own = make_request(room=drongen, by=actor_of(accounts.by_email(ELS)), is_waiting=True, now=NOW + timedelta(hours=1))
    page = passer_by.opens("requests.show", code=own.code)
    assert page.heading == dutch("On the waiting list: you are %(place)s", place=dutch(place))
    assert "eerder@x.example" not in page.html
    assert first.code not in page.html
    assert not page.has_form("waiting.leave")


def test_waiting_is_ended_from_the_page_with_one_tap(drongen, els):
    request = wait(drongen)
    page = els.opens("requests.show", code=request.code)
    assert not page.has_form("waiting.accept")
    page = page.form("waiting.leave", code=request.code).sends()
    assert page.heading == dutch("No longer on the waiting list")
    assert page.found(css="messages") == [dutch("You are off the waiting list. The next in line gets a chance.")]
    assert state(request) is Status.WITHDRAWN


def test_waiting_shows_what_is_free_instead(drongen, els):
    page = els.opens("requests.show", code=wait(drongen).code)
    assert dutch("Rather not wait? This is free now") in page.text
    assert "zaterdag 16 januari 2027, 18.00 tot 22.00 uur" in page.text


def test_place_that_came_free_is_taken_on_the_page(drongen, els):
    request = wait(drongen, Status.OFFERED)
    page = els.opens("requests.show", code=request.code)
    assert page.heading == dutch("A place came free")
    assert "woensdag 25 november 2026, 10.00 uur" in page.text
    page = page.form("waiting.accept", code=request.code).sends()
    assert page.heading == dutch("The house looks at the request")
    assert state(request) is Status.REQUESTED
    told = [one.recipient for one in letters.newest() if one.kind == "request_to_decide"]
    assert told[0] == "marcel@drongen.example"


def test_place_that_came_free_goes_on_when_it_is_let_go(drongen, els):
    request = wait(drongen, Status.OFFERED)
    other = make_request(room=drongen, contact_email="piet@x.example", is_waiting=True)
    page = els.opens("requests.show", code=request.code).form("waiting.leave", code=request.code).sends()
    assert page.heading == dutch("No longer on the waiting list")
    assert (state(request), state(other)) == (Status.WITHDRAWN, Status.OFFERED)


def test_answer_of_somebody_else_is_refused(app, drongen, els):
    request = wait(drongen, Status.OFFERED)
    other = Browser(app, make_account("iemand@x.example"))
    assert not other.opens("requests.show", code=request.code).has_form("waiting.accept")
    other.posts("waiting.accept", code=request.code, status=403)
    other.posts("waiting.leave", code=request.code, status=403)
    other.posts("waiting.accept", code="bestaat-niet", status=404)
    assert state(request) is Status.OFFERED


def test_list_of_ones_own_has_what_waits_on_top(drongen, els):
    offered = wait(drongen, Status.OFFERED, activity="Breien")
    wait(make_room("kelder", venue=drongen.venue), slot=at("09:00", "10:00"), activity="Haken")
    wait(drongen, Status.REQUESTED, slot=at("19:00", "20:00"), activity="Naaien")
    page = els.opens("accounts.mine")
    assert page.found(tag="caption") == [dutch("Requests on the waiting list"), dutch("Requests still to come")]
    assert page.found(css="who")[1:] == ["Breien", "Haken", "Naaien"]
    assert dutch("Answer before %(moment)s", moment="woensdag 25 november 2026, 10.00 uur") in page.text
    assert page.clicks("Breien").path == f"/aanvragen/{offered.code}"


# By the letter.


def test_letter_opens_a_page_that_answers_nothing_by_itself(drongen, els, passer_by):
    request = wait(drongen, Status.OFFERED)
    for _ in range(2):
        page = passer_by.opens("waiting.show", token=token())
    assert page.heading == dutch("A place came free")
    assert "Els" not in page.html
    assert state(request) is Status.OFFERED
    headers = page.response.headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize(
    "deed, ends, said",
    [
        ("accept_by_letter", Status.REQUESTED, "You said yes. It is a request now, and the room is kept for it."),
        ("leave_by_letter", Status.WITHDRAWN, "You are off the waiting list. The next in line gets a chance."),
    ],
)
def test_letter_is_answered_without_signing_in(drongen, els, passer_by, deed, ends, said):
    request = wait(drongen, Status.OFFERED)
    form = passer_by.opens("waiting.show", token=token()).form(f"waiting.{deed}", token=token())
    assert form.sends().found(css="messages") == [dutch(said)]
    assert state(request) is ends
    # A second tap on the same button.
    form.sends()
    assert state(request) is ends


def test_letter_of_who_waits_ends_it_with_one_tap(drongen, els, passer_by):
    request = wait(drongen)
    page = passer_by.opens("waiting.show", token=token("waiting_joined"))
    assert not page.has_form("waiting.accept_by_letter")
    page.form("waiting.leave_by_letter", token=token("waiting_joined")).sends()
    assert state(request) is Status.WITHDRAWN


def test_letter_that_was_answered_says_where_it_stands(drongen, els, passer_by):
    request = wait(drongen, Status.OFFERED)
    passer_by.opens("waiting.show", token=token()).form("waiting.accept_by_letter", token=token()).sends()
    page = passer_by.opens("waiting.show", token=token())
    assert page.heading == dutch("The house looks at the request")
    assert not any(page.has_form(f"waiting.{deed}_by_letter") for deed in ("accept", "leave"))
    assert page.goes_to("requests.show", code=request.code).status == 200


def test_answer_that_comes_too_late_is_told_kindly_with_ways_on(drongen, els, passer_by, clock):
    request = wait(drongen, Status.OFFERED)
    form = passer_by.opens("waiting.show", token=token()).form("waiting.accept_by_letter", token=token())
    clock.passes(timedelta(days=2, minutes=1))
    page = form.sends(status=409)
    assert page.heading == dutch("Too late for this answer")
    deadlines.tick(clock.now)
    page = form.sends(status=409)
    assert "zaterdag 16 januari 2027, 14.30 tot 18.30 uur" in page.text
    assert page.goes_to("asking.new", opnieuw=request.code, dag="2027-01-16", van="14:00", tot="18:00").status == 200
    assert state(request) is Status.EXPIRED
    page = passer_by.opens("requests.show", code=request.code)
    assert page.heading == dutch("The place was not taken in time")
    assert dutch("Ask for the same moment again") in page.text


def test_offer_that_ended_unseen_shows_no_button(drongen, els, passer_by, clock):
    wait(drongen, Status.OFFERED)
    clock.passes(timedelta(days=2, minutes=1))
    page = passer_by.opens("waiting.show", token=token())
    assert page.heading == dutch("Too late for this answer")
    assert not page.has_form("waiting.accept_by_letter")


@pytest.mark.parametrize("bad", ["x", "0", "%27", "a" * 3000, "' OR 1=1"])
def test_letter_nobody_sent_opens_nothing(drongen, els, passer_by, bad):
    request = wait(drongen, Status.OFFERED)
    page = passer_by.opens("waiting.show", token=bad, status=404)
    assert page.heading == dutch("This link no longer works")
    passer_by.posts("waiting.accept_by_letter", token=bad, status=404)
    passer_by.posts("waiting.leave_by_letter", token=bad, status=404)
    assert state(request) is Status.OFFERED


def test_older_letter_no_longer_answers_once_there_is_an_offer(drongen, els, passer_by):
    first = make_request(Status.APPROVED, room=drongen, contact_email="eerder@x.example")
    request = make_request(room=drongen, by=actor_of(accounts.by_email(ELS)), is_waiting=True)
    old = token("waiting_joined")
    asking.withdraw(first.code, by=actor_of(accounts.by_email("eerder@x.example")), now=NOW)
    passer_by.opens("waiting.show", token=old, status=404)
    assert state(request) is Status.OFFERED


def test_date_of_a_series_that_is_let_go_is_offered_to_who_waits_for_it(app, drongen, els, passer_by):
    """One association lets an evening go; another, which waited for it, says yes from its letter."""
    asker = make_an()
    series = make_series(drongen, by=asker, status=Status.APPROVED)
    wanted = series.dates[2]
    slot = at("18:00", "22:00", wanted.slot.day)
    waits = make_request(room=drongen, by=actor_of(accounts.by_email(ELS)), slot=slot, is_waiting=True)
    an = Browser(app, accounts.by_email(asker.email))
    page = an.opens("requests.show", code=series.code)
    page = page.goes_to("occurrences.show", code=series.code, uid=wanted.uid)
    page.form("occurrences.let_go", code=series.code, uid=wanted.uid).sends()
    assert state(waits) is Status.OFFERED
    passer_by.opens("waiting.show", token=token()).form("waiting.accept_by_letter", token=token()).sends()
    assert (state(waits), [str(one.status) for one in read(series.code).dates].count("approved")) == (
        Status.REQUESTED,
        5,
    )


@pytest.mark.parametrize("policy, first, again", [
    ("hold", "You said yes. It is a request now, and the room is kept for it.",
     "You said yes already. It is a request now, and the room is kept for it."),
    ("instant", "You said yes, and the room is yours.", "You said yes already: the room is yours."),
], ids=["hold", "instant"])  # fmt: skip
def test_yes_that_is_tapped_twice_was_said_already(els, passer_by, policy, first, again):
    room = make_room(rules={RuleName.PENDING: {"default": policy}})
    before = make_request(room=room, contact_email="eerder@x.example")
    request = make_request(room=room, by=actor_of(accounts.by_email(ELS)), is_waiting=True)
    asking.withdraw(before.code, by=actor_of(accounts.by_email("eerder@x.example")), now=NOW)
    page = passer_by.opens("waiting.show", token=token())
    forms = [page.form("waiting.accept_by_letter", token=token()) for _ in range(2)]
    assert [form.sends().found(css="messages") for form in forms] == [[dutch(first)], [dutch(again)]]
    assert state(request) is (Status.APPROVED if policy == "instant" else Status.REQUESTED)
