"""A town for the house tests."""

from pathlib import Path

import pytest

from tests.scene import Town


@pytest.fixture
def demo_app(make_app):
    """The site as a demonstration, so that every address is there."""
    app = make_app(demo=True, rate_limits=False)
    with app.app_context():
        yield app


@pytest.fixture
def town(demo_app, config):
    return Town(demo_app, Path(config.database_url.removeprefix("sqlite:///")))
