"""Asking for the hall of Drongen on the page: the form, what is filled in, and the requests that came of it."""

from tests.browser import Browser, Form, Page
from zalenzoeker.storage import requests
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Request

PLACE = "open-huis-drongen/zaal-open-huis"
FILLED_IN = {
    "dag": "2027-01-16",
    "dagdeel": "eigen-uren",
    "van": "14:00",
    "tot": "18:00",
    "activiteit": "Algemene vergadering",
    "openbaar": "nee",
    "personen": "30",
    "als": "particulier",
    "naam": "An Peeters",
    "email": "an@harmonie.example",
    "akkoord": True,
}


def opens_form(browser: Browser, **query: str) -> Form:
    return browser.opens("asking.new", zaal=PLACE, **query).form("asking.new")


def asked() -> list[Request]:
    """Return the requests in the order in which they came."""
    db.session.rollback()
    return [requests.by_code(code) for code in db.session.scalars(db.select(Request.code).order_by(Request.id))]


def fields(browser: Browser) -> dict[str, str | bool]:
    """Return what somebody fills in who has signed in: the address is known then."""
    with browser.client.session_transaction() as session:
        known = "_user_id" in session
    return {name: value for name, value in FILLED_IN.items() if not (known and name == "email")}


def asks(browser: Browser, *, status: int = 200, **changes: object) -> Page:
    return opens_form(browser).fills_in(**{**fields(browser), **changes}).sends(status=status)
