"""Errors: whatever fails, a person reads what happened and what to do, on a page that is in order."""

import sqlite3
from pathlib import Path

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from tests.browser import Browser, dutch
from tests.builders import actor_of, make_account, make_request
from zalenzoeker.app import create_app
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage import accounts, requests
from zalenzoeker.storage.db import db
from zalenzoeker.web import errors


@pytest.fixture
def fresh_app(app, config):
    """A site of one's own to add views to, without the tests' habit of letting errors through."""
    fresh = create_app(config)
    fresh.testing = True
    fresh.config["PROPAGATE_EXCEPTIONS"] = False
    fresh.test_client_class = app.test_client_class
    with fresh.app_context():
        yield fresh
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def broken_app(fresh_app):
    """The site with views that break."""

    def breaks():
        raise ZeroDivisionError("het wachtwoord is geheim123")

    def database_breaks():
        raise OperationalError("SELECT geheim", {}, sqlite3.OperationalError("database is locked"))

    fresh_app.add_url_rule("/breekt", "breaks", breaks)
    fresh_app.add_url_rule("/databank", "database_breaks", database_breaks)
    return fresh_app


@pytest.mark.parametrize(
    "path",
    [
        "/geen-pagina",
        "/zaal",
        "/zalen/x",
        "/LOCATIES/x",
        "/..%2f..%2fetc",
        "/%00",
        "/locaties/%00",
        "/static/",
        "/x//y",
        "/wp-admin.php",
    ],
)
def test_page_that_is_not_there_says_so(app, passer_by, path):
    page = passer_by.visits(path, status=404)
    assert page.heading == dutch(ERRORS[404])
    assert [one.get("href") for one in page.elements(tag="a", css="btn")] != []


ERRORS = {
    400: "We do not understand this",
    403: "This door is not yours",
    404: "Nobody lives here",
    405: "You cannot come in this way",
    409: "Somebody was just before you",
    413: "That is too much at once",
    429: "A little slower, please",
    500: "The light went out for a moment",
    503: "We are back in a moment",
}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_deed_that_no_page_takes_says_so_and_what_is_taken(app, passer_by, method):
    answer = passer_by.asks("/hulp", method=method, data={"csrf_token": passer_by.token()})
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


def test_form_without_its_token_says_to_open_the_page_again(app, passer_by):
    page = passer_by._goes("POST", "/aanmelden", 400, {"data": {"email": "an@x.example"}})
    assert page.heading == dutch(ERRORS[400])


@pytest.mark.parametrize(
    "path, who, status", [("/balie", "els@x.example", 403), ("/geen-pagina", "els@x.example", 404)]
)
def test_error_of_somebody_signed_in_keeps_the_menu(app, path, who, status):
    page = Browser(app, make_account(who)).visits(path, status=status)
    assert page.has_form("accounts.sign_out")


def test_form_that_is_too_large_is_refused_before_it_is_read(app, passer_by):
    token = passer_by.token()
    big = {"email": "a" * (4 * 1024 * 1024 + 1), "csrf_token": token}
    page = passer_by._goes("POST", "/aanmelden", 413, {"data": big})
    assert page.heading == dutch(ERRORS[413])


def test_form_with_too_many_fields_is_refused(app, passer_by):
    many = {f"veld{number}": "x" for number in range(2000)} | {"csrf_token": passer_by.token()}
    answer = passer_by.asks("/aanmelden", method="POST", data=many, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_view_that_breaks_says_sorry_and_tells_no_secret(broken_app):
    page = Browser(broken_app).visits("/breekt", status=500)
    assert "geheim123" not in page.html
    assert "ZeroDivision" not in page.html


def test_view_that_breaks_says_sorry_to_somebody_signed_in(broken_app):
    page = Browser(broken_app, make_account("an@x.example", "An Peeters")).visits("/breekt", status=500)
    assert page.heading == dutch(ERRORS[500])


@pytest.mark.parametrize("who", ["", "an@x.example"])
def test_database_that_is_busy_is_told_with_when_to_try_again(broken_app, who):
    page = Browser(broken_app, make_account(who) if who else None).visits("/databank", status=503)
    assert page.response.headers["Retry-After"] == "10"
    assert page.heading == dutch(ERRORS[503])
    assert "geheim" not in page.html


@pytest.mark.parametrize("who", ["", "an@x.example"])
def test_database_that_is_gone_is_told_on_every_page(broken_app, config, who):
    """Also to somebody signed in, whose name stands in that database."""
    browser = Browser(broken_app, make_account(who) if who else None)
    db.session.remove()
    db.engine.dispose()
    for one in Path(config.database_url.removeprefix("sqlite:///")).parent.glob("zalenzoeker.db*"):
        one.unlink()
    for path in ("/", "/mijn" if who else "/zalen/a/b", "/aanvragen/x"):
        assert browser.visits(path, status=503).response.headers["Retry-After"] == "10"


def test_request_of_a_page_that_was_opened_long_ago_is_told_so(app, drongen):
    request = make_request(Status.REFUSED, room=drongen, by=actor_of(make_account("an@harmonie.example")))
    an = Browser(app, accounts.by_email("an@harmonie.example"))
    page = an.posts("requests.withdraw", code=request.code, status=409)
    assert page.heading == dutch(ERRORS[409])
    assert requests.by_code(request.code).status is Status.REFUSED


def test_errors_with_a_page_of_their_own_are_these():
    assert set(ERRORS) == errors.OWN_PAGES


@pytest.mark.parametrize("status", sorted(set(ERRORS) - {429}))
def test_error_page_says_what_happened_and_where_to_go(fresh_app, status):
    fresh_app.add_url_rule("/fout", "fout", lambda: abort(status))
    page = Browser(fresh_app).visits("/fout", status=status)
    assert page.heading == dutch(ERRORS[status])
    assert len(page.main.split()) > 12
    assert [one for one in page.addresses("/") if one == "/"] != []


@pytest.mark.parametrize("status", [401, 406, 410, 414, 418, 451, 501, 502, 504])
def test_error_without_a_page_of_its_own_has_one_all_the_same(fresh_app, status):
    fresh_app.add_url_rule("/fout", "fout", lambda: abort(status))
    assert Browser(fresh_app).visits("/fout", status=status).heading != ""


@pytest.mark.parametrize(
    "path",
    [
        "/locaties/%00",
        "/zalen/x/%00",
        "/aanvragen/%00",
        "/?q=%00",
        "/aanvragen/nieuw?zaal=%00/x",
        "/aanvragen/nieuw?zaal=x/y&opnieuw=%00",
        "/uitnodigingen/%00",
        "/kalender/zaal/x/%00.ics",
    ],
)
@pytest.mark.both
def test_address_with_a_nul_is_not_found_on_either_database(app, passer_by, path):
    assert passer_by.asks(path).status_code == 404


@pytest.mark.both
def test_address_with_any_letter_is_not_found_on_either_database(app, passer_by):
    for letter in (
        "é",
        "🎉",
        "\u202e",
        "\ud800".encode("utf-16", "surrogatepass").hex(),
        "%ff%fe",
        "'",
        '"',
        ";--",
        "%25s",
    ):
        assert passer_by.asks(f"/locaties/{letter}").status_code == 404
        assert passer_by.asks(f"/aanvragen/{letter}").status_code == 404
