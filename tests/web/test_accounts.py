"""Signing in with a code, signing out, and everything of one's own."""

import re
from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_association,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.services import accounts as service
from zalenzoeker.storage import accounts, letters, requests
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Request
from zalenzoeker.web.access import way_back

EMAIL = "an@harmonie.example"
ASKS_FOR_HERSELF = {
    "dag": "2027-01-16",
    "dagdeel": "eigen-uren",
    "van": "14:00",
    "tot": "18:00",
    "activiteit": "Quiz",
    "openbaar": "nee",
    "personen": "30",
    "als": "particulier",
    "naam": "An Peeters",
    "email": EMAIL,
    "akkoord": True,
}


def digits():
    """Return the code in the newest letter."""
    return next(one for one in letters.newest() if one.kind == "sign_in_code").facts["code"]


def asks_code(browser, email=EMAIL, **query):
    return browser.opens("accounts.sign_in", **query).form("accounts.sign_in").fills_in(email=email).sends()


def fills_in(page, code, *, status=200):
    return page.form("accounts.code").fills_in(code=code).sends(status=status)


def wrong_code():
    return f"{(int(digits()) + 1) % 10**6:06d}"


def is_signed_in(browser):
    return browser.asks("/mijn").status_code == 200


# The code.


def test_code_signs_in_and_makes_an_account(app, passer_by):
    page = asks_code(passer_by)
    assert passer_by.trail == ["/aanmelden/code"]
    assert dutch("We sent a letter with six digits to %(address)s.", address=EMAIL) in page.text
    page = fills_in(page, digits())
    assert (passer_by.trail, page.heading) == (["/mijn"], dutch("My requests"))
    assert accounts.by_email(EMAIL) is not None


@pytest.mark.parametrize("typed", ["123 456", " 123456 ", "123-456", "123.456"])
def test_code_may_be_typed_with_spaces_and_dashes(app, passer_by, typed):
    page = asks_code(passer_by)
    code = digits()
    written = typed.replace("123", code[:3]).replace("456", code[3:])
    fills_in(page, written)
    assert is_signed_in(passer_by)


@pytest.mark.parametrize("email", ["AN@Harmonie.Example", "  an@harmonie.example "])
def test_address_is_one_account_however_it_is_written(app, passer_by, email):
    make_account(EMAIL)
    asks_code(passer_by, email)
    assert letters.newest()[0].recipient == EMAIL


def test_code_that_is_wrong_says_how_often_you_may_still_try(app, passer_by):
    page = asks_code(passer_by)
    for left in (4, 3, 2):
        page = fills_in(page, wrong_code(), status=422)
        assert page.errors == {"code": dutch("That is not the code. You can try %(num)d times more.", num=left)}
    page = fills_in(page, wrong_code(), status=422)
    assert page.errors == {"code": dutch("That is not the code. You can try once more.")}
    page = fills_in(page, wrong_code(), status=422)
    assert page.errors == {"code": dutch("That is not the code. Ask for a new one.")}
    page = fills_in(page, digits(), status=422)
    assert page.errors == {"code": dutch("This code no longer works. Ask for a new one.")}
    assert not is_signed_in(passer_by)


def test_code_works_ten_minutes(app, passer_by, clock):
    page = asks_code(passer_by)
    clock.passes(timedelta(minutes=10))
    page = fills_in(page, digits(), status=422)
    assert page.errors == {"code": dutch("This code no longer works. Ask for a new one.")}


def test_code_still_works_in_its_last_minute(app, passer_by, clock):
    page = asks_code(passer_by)
    clock.passes(timedelta(minutes=9, seconds=59))
    fills_in(page, digits())
    assert is_signed_in(passer_by)


def test_code_works_once(app, passer_by):
    page = asks_code(passer_by)
    code = digits()
    form = page.form("accounts.code").fills_in(code=code)
    form.sends()
    passer_by.posts("accounts.sign_out")
    assert not is_signed_in(passer_by)
    passer_by.posts("accounts.code", {"code": code})
    assert passer_by.trail == ["/aanmelden"]


def test_code_does_not_work_in_another_browser(app, passer_by):
    asks_code(passer_by)
    code = digits()
    other = Browser(app)
    page = asks_code(other, "els@x.example")
    page = fills_in(page, code, status=422)
    assert page.errors["code"] == dutch("That is not the code. You can try %(num)d times more.", num=4)
    assert not is_signed_in(other)


def test_code_is_not_used_up_by_tries_in_another_browser(app, passer_by):
    page = asks_code(passer_by)
    other = Browser(app)
    others_page = asks_code(other, "els@x.example")
    others_code = digits()
    for _ in range(5):
        page = fills_in(page, wrong_code(), status=422)
    fills_in(others_page, others_code)
    assert is_signed_in(other)


def test_code_that_is_asked_again_ends_the_older_one(app, passer_by):
    page = asks_code(passer_by)
    old = digits()
    page = page.form("accounts.again").sends()
    assert page.found(css="messages") == [dutch("We sent a new code. The old one no longer works.")]
    new = digits()
    if old != new:
        page = fills_in(page, old, status=422)
    fills_in(page, new)
    assert is_signed_in(passer_by)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12\x003456", "a" * 1000])
def test_code_that_is_none_is_an_error_beside_its_field(app, passer_by, typed):
    page = asks_code(passer_by)
    page = page.form("accounts.code").forges(code=typed).sends(status=422)
    assert set(page.errors) == {"code"}


def test_code_page_without_a_code_asked_leads_to_signing_in(app, passer_by):
    passer_by.opens("accounts.code")
    assert passer_by.trail == ["/aanmelden"]
    passer_by.posts("accounts.code", {"code": "123456"})
    assert passer_by.trail == ["/aanmelden"]


def test_code_page_says_the_same_for_an_address_that_nobody_knows(app, passer_by):
    make_account("bekend@x.example")
    known = asks_code(passer_by, "bekend@x.example").main.replace("bekend@", "@")
    unknown = asks_code(Browser(app), "onbekend@x.example").main.replace("onbekend@", "@")
    assert known == unknown
    assert len(letters.newest()) == 2


@pytest.mark.parametrize(
    "email",
    [
        "",
        "geen adres",
        "a@b",
        "a@b@c.example",
        "<script>@x.example",
        "a" * 300 + "@x.example",
        "an@x.example\nBcc: x@y.example",
    ],
)
def test_address_that_is_none_is_an_error_beside_its_field(app, passer_by, email):
    page = passer_by.opens("accounts.sign_in").form("accounts.sign_in").forges(email=email).sends(status=422)
    assert set(page.errors) == {"email"}
    assert letters.newest() == []


# Limits.


def test_codes_for_one_address_are_limited(app):
    for _ in range(5):
        asks_code(Browser(app, address="192.0.2.1"))
    page = (
        Browser(app, address="192.0.2.1")
        .opens("accounts.sign_in")
        .form("accounts.sign_in")
        .fills_in(email=EMAIL)
        .sends(status=429)
    )
    assert page.response.headers["Retry-After"] == "900"
    assert "15" in page.main
    assert len(letters.newest()) == 5


def test_codes_from_one_network_address_are_limited(app):
    for number in range(20):
        asks_code(Browser(app, address="192.0.2.1"), f"iemand{number}@x.example")
    last = Browser(app, address="192.0.2.1").opens("accounts.sign_in").form("accounts.sign_in")
    assert last.fills_in(email="nog-iemand@x.example").sends(status=429).response.headers["Retry-After"] == "900"
    asks_code(Browser(app, address="192.0.2.2"), "nog-iemand@x.example")


def test_codes_may_be_asked_again_when_the_time_has_passed(app, passer_by, clock):
    for _ in range(5):
        asks_code(passer_by)
    clock.passes(timedelta(minutes=15))
    asks_code(passer_by)
    assert len(letters.newest()) == 6


def test_tries_from_one_network_address_are_limited(app):
    for number in range(5):
        browser = Browser(app, address="192.0.2.1")
        page = asks_code(browser, f"iemand{number}@x.example")
        for _ in range(4):
            page = fills_in(page, wrong_code(), status=422)
    fills_in(page, digits(), status=429)


def test_limits_are_off_where_the_setting_says_so(make_app):
    app = make_app(rate_limits=False)
    with app.app_context():
        for _ in range(7):
            asks_code(Browser(app))
        assert len(letters.newest()) == 7


# Where it leads.


ELSEWHERE = [
    "//host.example",
    "///host.example",
    "/\\host.example",
    "\\\\host.example",
    "https:host.example",
    "https://host.example",
    "http://127.0.0.1:8000@host.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/host.example",
    "/\n/host.example",
    "mijn",
    " /mijn",
    "%2f%2fhost.example",
    "/\x00/mijn",
    "//",
    "/ /host.example\\",
    "https:///host.example",
    "ftp://x",
    "",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_way_back_never_leads_elsewhere(app, address):
    with app.test_request_context():
        found = way_back(address)
    assert found == "/mijn" or re.fullmatch(r"/[^/\\].*", found), found


@pytest.mark.parametrize("address", [one for one in ELSEWHERE if "\x00" not in one])
def test_signing_in_with_an_address_elsewhere_stays_here(app, passer_by, address):
    page = asks_code(passer_by, verder=address)
    fills_in(page, digits())
    assert is_signed_in(passer_by)
    assert [one for one in passer_by.trail if one.startswith(("//", "/\\", "http"))] == []
    again = passer_by.asks(passer_by.address_of("accounts.sign_in", verder=address))
    location = again.headers["Location"]
    assert re.match(r"/(?![/\\])", location)


@pytest.mark.parametrize("address", ["/mijn/verenigingen/nieuw", "/aanvragen/nieuw?zaal=a/b&dag=2027-01-16", "/balie"])
def test_way_back_leads_to_a_page_of_ours(app, address):
    with app.test_request_context():
        assert way_back(address) == address


def test_page_that_asks_to_sign_in_comes_back_afterwards(app, passer_by):
    page = passer_by.opens("associations.new")
    assert passer_by.trail == ["/aanmelden?verder=/mijn/verenigingen/nieuw"]
    assert page.found(css="messages") == [dutch("Sign in first. After that you come back here.")]
    page = page.form("accounts.sign_in").fills_in(email=EMAIL).sends()
    page = fills_in(page, digits())
    assert page.heading == dutch("Name your group")


def test_somebody_signed_in_who_opens_the_sign_in_page_goes_on(app):
    browser = Browser(app, make_account())
    browser.opens("accounts.sign_in", verder="/mijn/verenigingen/nieuw")
    assert browser.trail == ["/mijn/verenigingen/nieuw"]


# The session.


def test_session_changes_at_signing_in_and_out(app, passer_by):
    page = asks_code(passer_by)
    with passer_by.client.session_transaction() as session:
        session["meegebracht"] = "van een vreemde"
        before = dict(session)
    fills_in(page, digits())
    with passer_by.client.session_transaction() as session:
        during = dict(session)
    assert "meegebracht" not in during
    assert before["csrf_token"] != during.get("csrf_token")
    assert "browser" not in during
    passer_by.opens("accounts.mine").form("accounts.sign_out").sends()
    with passer_by.client.session_transaction() as session:
        assert set(session) <= {"csrf_token", "_flashes", "_fresh"}
    assert not is_signed_in(passer_by)


def test_session_of_an_account_that_is_gone_is_nobodys(app):
    account = make_account("weg@x.example")
    browser = Browser(app, account)
    assert is_signed_in(browser)
    with write_unit():
        db.session.execute(db.text("DELETE FROM account WHERE email = 'weg@x.example'"))
    assert not is_signed_in(browser)


def test_session_that_was_tampered_with_is_nobodys(app):
    browser = Browser(app, make_account())
    cookie = browser.cookie
    for forged in (cookie[:-3] + "xyz", cookie.swapcase(), "a.b.c", "", "é", "." * 4000):
        browser.client.set_cookie(app.config["SESSION_COOKIE_NAME"], forged)
        assert not is_signed_in(browser)


def test_pages_of_somebody_signed_in_are_kept_by_no_cache(app):
    browser = Browser(app, make_account())
    for path in ("/", "/mijn", "/hulp"):
        assert browser.asks(path).headers["Cache-Control"] == "no-store"
    assert Browser(app).asks("/hulp").headers["Cache-Control"] == "no-cache"


# The link.


def test_link_shows_a_button_and_signs_nobody_in_by_being_opened(app, passer_by):
    token = service.make_link(EMAIL, now=NOW)
    for _ in range(3):
        page = passer_by.opens("accounts.link", token=token)
        assert not is_signed_in(passer_by)
    page.form("accounts.link", token=token).sends()
    assert (passer_by.trail, is_signed_in(passer_by)) == (["/mijn"], True)


def test_link_works_once_and_in_any_browser(app, passer_by):
    token = service.make_link(EMAIL, now=NOW)
    passer_by.opens("accounts.link", token=token).form("accounts.link", token=token).sends()
    other = Browser(app)
    page = other.opens("accounts.link", token=token).form("accounts.link", token=token).sends()
    assert (other.trail, is_signed_in(other)) == (["/aanmelden"], False)
    assert page.found(css="messages") == [dutch("This link no longer works. Ask for a code.")]


def test_link_works_half_an_hour(app, passer_by, clock):
    token = service.make_link(EMAIL, now=NOW)
    clock.passes(timedelta(minutes=30))
    passer_by.opens("accounts.link", token=token).form("accounts.link", token=token).sends()
    assert not is_signed_in(passer_by)


def test_link_that_was_made_up_signs_nobody_in(app, passer_by):
    passer_by.opens("accounts.link", token="verzonnen").form("accounts.link", token="verzonnen").sends()
    assert (passer_by.trail, is_signed_in(passer_by)) == (["/aanmelden"], False)


# A request that waited for the code.


@pytest.fixture
def waiting(drongen, passer_by):
    """A stranger's request, on the page that asks for the code."""
    form = passer_by.opens("asking.new", zaal="open-huis-drongen/zaal-open-huis").form("asking.new")
    moment = {"dag": "2027-01-16", "van": "14:00", "tot": "18:00"}
    what = {"activiteit": "Feest", "openbaar": "nee", "personen": "20"}
    who = {"als": "particulier", "naam": "An Peeters", "email": EMAIL}
    return form.fills_in(**moment, **what, **who, akkoord=True).sends()


def kinds():
    return sorted(one.kind for one in letters.newest())


def test_request_that_waited_becomes_known_with_the_code(waiting, passer_by):
    assert kinds() == ["sign_in_code"]
    page = fills_in(waiting, digits())
    assert page.heading == dutch("The house looks at the request")
    assert page.found(css="messages") == [dutch("Your request has arrived. The house was told.")]
    assert kinds() == ["request_received", "request_to_decide", "sign_in_code"]


def test_request_that_waited_too_long_counts_when_the_room_is_still_free(waiting, passer_by, clock):
    clock.passes(timedelta(minutes=20))
    page = waiting.form("accounts.again").sends()
    page = fills_in(page, digits())
    assert page.heading == dutch("The house looks at the request")


def test_request_that_waited_too_long_is_told_kindly_when_the_room_is_gone(waiting, passer_by, clock):
    clock.passes(timedelta(minutes=20))
    room = requests.by_code(requests_codes()[0]).first.room
    make_request(Status.REQUESTED, room=room, contact_email="eerder@x.example", now=NOW + timedelta(minutes=20))
    page = waiting.form("accounts.again").sends()
    page = fills_in(page, digits(), status=409)
    assert page.heading == dutch("Somebody was just before you")
    place = f"{room.venue.slug}/{room.slug}"
    form = page.form("asking.new")
    assert form.offered["neem"][0] == f"{place}|2027-01-16T18:00/22:00"
    form.fills_in(neem=form.offered["neem"][0]).sends()
    request = requests.by_code(requests_codes()[-1])
    assert (request.first.slot, request.activity, request.contact_name) == (at("18:00", "22:00"), "Feest", "An Peeters")
    assert requests.by_code(requests_codes()[0]).status is Status.WITHDRAWN


def test_request_that_waited_too_long_can_wait_for_the_moment_to_come_free(waiting, passer_by, clock):
    clock.passes(timedelta(minutes=20))
    room = requests.by_code(requests_codes()[0]).first.room
    make_request(Status.REQUESTED, room=room, contact_email="eerder@x.example", now=NOW + timedelta(minutes=20))
    page = fills_in(waiting.form("accounts.again").sends(), digits(), status=409)
    page.form("asking.new").fills_in(wacht="1").sends()
    assert requests.by_code(requests_codes()[-1]).status is Status.WAITING


def requests_codes():
    return list(db.session.scalars(db.select(Request.code).order_by(Request.id)))


def test_request_of_another_address_does_not_become_known(waiting, passer_by, app):
    """Who proves one address proves only what that address asked."""
    page = asks_code(passer_by, "els@x.example")
    fills_in(page, digits())
    assert requests.by_code(requests_codes()[0]).status is Status.UNPROVED


def test_request_of_another_browser_does_not_become_known(waiting, app):
    other = Browser(app)
    page = asks_code(other)
    fills_in(page, digits())
    assert requests.by_code(requests_codes()[0]).status is Status.UNPROVED


# Everything of one's own.


def rows(page):
    return page.found(tag="p", css="who")


def test_my_page_shows_what_comes_first_and_what_was(app, drongen):
    account = make_account(EMAIL, "An Peeters")
    an = actor_of(account)
    for day, status in ((14, Status.APPROVED), (0, Status.REQUESTED), (7, Status.REFUSED), (21, Status.WITHDRAWN)):
        make_request(status, room=drongen, by=an, slot=at().moved(days=day), activity=f"Dag {day}")
    page = Browser(app, account).opens("accounts.mine")
    assert rows(page) == ["Dag 0", "Dag 14", "Dag 21", "Dag 7"]
    assert page.found(css="tag") == [
        dutch("Requested"), dutch("Confirmed"), dutch("Withdrawn"), dutch("Refused"),
    ]  # fmt: skip


def test_my_page_shows_nothing_of_others(app, drongen):
    make_request(Status.REQUESTED, room=drongen, activity="Van een ander")
    page = Browser(app, make_account("els@x.example")).opens("accounts.mine")
    assert rows(page) == []
    assert dutch("Nothing is coming") in page.text


def test_my_page_shows_what_my_association_asked(app, drongen):
    an, els = make_account("an@harmonie.example"), make_account("els@harmonie.example")
    club = make_association(members=[an, els])
    make_request(
        room=drongen,
        by=actor_of(an),
        association_id=club.id,
        association_name=club.name,
        requester_kind=RequesterKind.NON_PROFIT,
    )
    page = Browser(app, els).opens("accounts.mine")
    assert rows(page) == ["Repetitie"]
    assert club.name in page.goes_to("associations.show", code=club.code).heading


def test_my_page_asks_the_database_as_often_for_three_as_for_one(app, drongen, queries_of):
    account = make_account(EMAIL)
    make_association("Een", members=[account])
    browser = Browser(app, account)

    def look():
        browser.opens("accounts.mine")

    make_request(room=drongen, by=actor_of(account))
    one = queries_of(look)
    make_association("Twee", members=[account])
    for days in (1, 2):
        make_request(room=drongen, by=actor_of(account), slot=at().moved(days=days))
    assert len(queries_of(look)) == len(one)


def test_one_code_proves_the_second_form_when_the_first_lost_its_room(app, passer_by, clock):
    lost, kept = (make_room("zaal", venue=make_venue(name)) for name in ("een", "twee"))
    for room in (lost, kept):
        form = passer_by.opens("asking.new", zaal=f"{room.venue.slug}/zaal").form("asking.new")
        page = form.fills_in(**ASKS_FOR_HERSELF).sends()
    clock.passes(timedelta(minutes=16))
    make_request(Status.REQUESTED, room=lost, contact_email="x@x.example", now=NOW + timedelta(minutes=16))
    page = page.form("accounts.again").sends()
    fills_in(page, digits(), status=409)
    waiting = requests.waiting_for([], is_city=True)
    assert sorted(one.first.room_id for one in waiting) == [lost.id, kept.id]
