"""Headers: every answer carries them, and over https the cookie and the connection are held tighter."""

import pytest

from tests.browser import Browser, header_faults
from tests.builders import make_account

PATHS = [
    "/",
    "/hulp",
    "/healthz",
    "/aanmelden",
    "/mijn",
    "/geen-pagina",
    "/aanvragen/x",
    "/static/dist/geen-bestand.js",
    "/logo",
]


@pytest.mark.parametrize("path", PATHS)
def test_answer_carries_every_header(app, passer_by, path):
    answer = passer_by.asks(path)
    assert header_faults(answer, app) == []
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=(self)"
    assert [name for name in ("Server", "X-Powered-By") if name in answer.headers] == []


def test_answer_over_https_binds_the_cookie_to_the_host(make_app):
    app = make_app(public_url="https://zalen.example")
    with app.app_context():
        browser = Browser(app)
        answer = browser.asks("/aanmelden", base_url="https://zalen.example")
        cookie = answer.headers["Set-Cookie"]
        assert header_faults(answer, app) == []
        assert cookie.startswith("__Host-bezoek=")
        assert "Domain=" not in cookie
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_answer_names_the_host_of_the_map_tiles_and_no_other(make_app):
    app = make_app(map_tiles_url="https://tegels.example/{z}/{x}/{y}.png")
    with app.app_context():
        policy = Browser(app).asks("/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tegels.example;" in policy
    assert policy.count("https:") == 1


def test_page_without_a_form_sets_no_cookie(app, passer_by):
    for path in ("/", "/hulp", "/privacy", "/toegankelijkheid", "/healthz", "/geen-pagina"):
        assert passer_by.asks(path).headers.getlist("Set-Cookie") == []


def test_cookie_keeps_somebody_signed_in_for_thirty_days(app):
    cookie = Browser(app, make_account()).asks("/mijn").headers["Set-Cookie"]
    assert "Expires=" in cookie


def test_page_is_compressed_for_those_who_take_it(app, passer_by):
    for encoding in ("br", "gzip", "zstd"):
        answer = passer_by.asks("/", headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_address_in_a_header_of_the_visitor_is_not_believed(app, passer_by):
    """A forged host or address of a proxy changes no link and no limit."""
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "kwaad.example", "X-Forwarded-Proto": "https"}
    answer = passer_by.asks("/mijn", headers=headers)
    assert answer.headers["Location"] == "/aanmelden?verder=/mijn"


def test_address_behind_a_proxy_that_is_trusted_is_the_visitors(make_app):
    app = make_app(trusted_proxies=1)
    with app.app_context():
        browsers = [Browser(app, address="127.0.0.1") for _ in range(21)]
        answers = []
        for number, browser in enumerate(browsers):
            form = {"email": f"iemand{number}@x.example", "csrf_token": browser.token()}
            headers = {"X-Forwarded-For": f"198.51.100.{number}"}
            answers.append(browser.asks("/aanmelden", method="POST", data=form, headers=headers).status_code)
    assert answers == [302] * 21
