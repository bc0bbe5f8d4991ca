"""Visitors and a street for the tests of pages."""

from pathlib import Path

import pytest

from tests.browser import Browser
from tests.builders import make_account, make_desk, make_room, make_venue
from tests.scene import Town


@pytest.fixture
def passer_by(app):
    """Somebody nobody knows."""
    return Browser(app)


@pytest.fixture
def an(app):
    """An, who signed in and has no association yet."""
    return Browser(app, make_account("an@harmonie.example", "An Peeters"))


@pytest.fixture
def drongen(app):
    """The hall of an Open Huis whose volunteers decide; Marcel is one of them."""
    venue = make_venue("open-huis-drongen", name="Open Huis Drongen", email="huis@drongen.example")
    room = make_room("zaal-open-huis", venue=venue, name="Zaal Open Huis")
    make_desk(
        "drongen", name="Open Huis Drongen", venue=venue, members=[make_account("marcel@drongen.example", "Marcel")]
    )
    return room


@pytest.fixture
def demo_app(make_app):
    """The site as a demonstration."""
    app = make_app(demo=True, rate_limits=False)
    with app.app_context():
        yield app


@pytest.fixture
def town(demo_app, config):
    return Town(demo_app, Path(config.database_url.removeprefix("sqlite:///")))
