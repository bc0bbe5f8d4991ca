"""The hall of a house, and who decides for it; a file whose hall has rules of its own makes that one itself."""

import pytest

from tests.builders import make_decider, make_room, make_venue


@pytest.fixture
def room(app):
    return make_room("zaal", venue=make_venue("open-huis-drongen"))


@pytest.fixture
def desk(room):
    return make_decider(room)


@pytest.fixture
def marcel(room):
    """A volunteer whose desk decides for the house."""
    return make_decider(room, "marcel@drongen.example")
