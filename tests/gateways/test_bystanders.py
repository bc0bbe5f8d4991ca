"""What stands in a letter where somebody may look over a shoulder: subjects, and the calendar of its reader."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.builders import NOW, at, make_an, make_decider, make_request, make_room
from tests.gateways.test_mailer import calendars, compose, texts
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import deadlines
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db

NAME = "Praatgroep rouw"


def letters_of_a_life(**fields) -> list[EmailMessage]:
    """Every letter of two requests: one that was held back, one confirmed, reminded of and withdrawn."""
    an, room = make_an(), make_room()
    make_decider(room)
    make_request(room=room, by=an, activity=NAME, slot=at().moved(days=1), **fields)
    request = make_request(Status.APPROVED, room=room, by=an, activity=NAME, **fields)
    deadlines.tick(NOW + timedelta(days=12))
    asking.withdraw(request.code, by=an, now=NOW + timedelta(days=13))
    db.session.close()
    return [compose(letter.parcel) for letter in letters.newest()]


@pytest.mark.parametrize("is_shielded", [True, False])
def test_name_of_a_shielded_activity_stands_in_no_subject_and_in_no_calendar(app, is_shielded):
    found = letters_of_a_life(is_shielded=is_shielded)
    seen = [str(one["Subject"]) for one in found]
    seen += [part.get_content() for one in found for part in calendars(one)]
    assert any(NAME in words for words in seen) is not is_shielded
    assert [one for one in found if NAME not in texts(one)[0]] == []


def test_subject_of_a_shielded_activity_names_the_request_instead(app):
    found = letters_of_a_life(is_shielded=True)
    (decide,) = [one for one in found if "Aanvraag: " in str(one["Subject"]) and "zo 17" in str(one["Subject"])]
    assert str(decide["Subject"]).startswith("Aanvraag: SI-")


def test_letters_about_what_takes_no_space_say_so_in_text_and_in_html(app):
    found = letters_of_a_life(takes_space=False)
    said = "binnen de openingsuren van het huis, neemt geen zaal in"
    assert [one for one in found if not all(said in words for words in texts(one))] == []
