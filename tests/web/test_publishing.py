"""The forms by which an association and a house say what residents read of what they do."""

from io import BytesIO

import pytest
from PIL import Image
from werkzeug.datastructures import MultiDict

from tests.browser import Browser, dutch
from tests.builders import make_programme, make_request
from zalenzoeker.domain.activities import FREE, Theme
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage import accounts, activities
from zalenzoeker.storage.db import db


@pytest.fixture
def marcel(drongen, app):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def photo(kind="JPEG"):
    written = BytesIO()
    Image.new("RGB", (640, 480), (10, 90, 40)).save(written, kind)
    written.seek(0)
    return written


def sends_picture(form, file, *, status=200):
    """Send the page's form with a file, as a browser does."""
    fields = MultiDict(form.fields)
    fields["foto"] = (file, "foto.jpg")
    sent = {"data": fields, "content_type": "multipart/form-data"}
    return form.page.browser._goes("POST", form.action, status, sent)


def of(request):
    db.session.close()
    return activities.of_request(request.id)


def test_asker_publishes_a_booking_and_takes_it_out_again(drongen, an):
    request = make_request(Status.APPROVED, room=drongen, activity="Repetitie")
    page = an.opens("requests.show", code=request.code).clicks("Put it in the agenda")
    form = page.form("publishing.of_request")
    assert form.fields["naam"] == "Repetitie"
    form.fills_in(naam="Zingen voor iedereen", thema="muziek", kost="nee", taal=["nl", "tr"], inschrijven="nee")
    kept = form.sends()
    shown = kept.clicks("See it in the agenda")
    assert (shown.heading, of(request).theme, of(request).price) == ("Zingen voor iedereen", Theme.MUSIC, FREE)
    page = an.opens("publishing.of_request", code=request.code)
    page.form("publishing.take_down").sends()
    an.visits(shown.path, status=404)


@pytest.mark.parametrize(
    "typed,wrong",
    [
        ({"naam": ""}, "naam"),
        ({"kost": "betalen"}, "prijs"),
        ({"tekst": "x" * 2001}, "tekst"),
        ({"naam": "x" * 121}, "naam"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(drongen, an, typed, wrong):
    request = make_request(Status.APPROVED, room=drongen)
    page = an.opens("publishing.of_request", code=request.code)
    form = page.form("publishing.of_request")
    form.fills_in(**{"voor-wie": "de straat", **typed})
    again = form.sends(status=422)
    assert (list(again.errors), again.form("publishing.of_request").fields["voor-wie"]) == ([wrong], "de straat")
    assert of(request) is None


def test_house_gives_its_activity_a_picture_with_words(drongen, marcel, passer_by):
    line = make_programme(drongen, "Soepcafé", weekday=3)
    page = marcel.opens("house.line", venue="open-huis-drongen", code=line.code)
    page = page.goes_to("publishing.of_line", venue="open-huis-drongen", code=line.code)
    refused = sends_picture(page.form("publishing.of_line"), photo(), status=422)
    assert list(refused.errors) == ["foto-tekst"]
    form = refused.form("publishing.of_line")
    form.fills_in(**{"foto-tekst": "Een pan soep"})
    sends_picture(form, photo("PNG"))
    db.session.close()
    name = activities.of_line(line.id).picture
    shown = passer_by.opens("activities.show", code=activities.of_line(line.id).code)
    picture = next(one for one in shown.elements(tag="img") if one.get("alt") == "Een pan soep")
    answer = passer_by.asks(picture.get("src"))
    assert (answer.status_code, answer.content_type, answer.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert "immutable" in answer.headers["Cache-Control"]

    marcel.posts("publishing.take_line_down", venue="open-huis-drongen", code=line.code)
    assert (passer_by.asks(f"/agenda/foto/{name}").status_code, marcel.asks(f"/agenda/foto/{name}").status_code) == (
        404,
        200,
    )
    page = marcel.opens("publishing.of_line", venue="open-huis-drongen", code=line.code)
    form = page.form("publishing.of_line")
    form.fills_in(**{"zonder-foto": "y"})
    form.sends()
    assert passer_by.asks(f"/agenda/foto/{name}").status_code == 404


@pytest.mark.parametrize("content", [b"<svg/>", b"", b"\xff\xd8\xff\xe0" + b"x" * 50])
def test_what_is_no_picture_is_refused_with_what_to_do(drongen, an, content):
    request = make_request(Status.APPROVED, room=drongen)
    page = an.opens("publishing.of_request", code=request.code)
    form = page.form("publishing.of_request")
    form.fills_in(**{"foto-tekst": "Een pan soep"})
    again = sends_picture(form, BytesIO(content), status=422)
    assert again.errors["foto"] == dutch("Choose a photo or drawing (JPEG, PNG or WebP) of at most 2 MB.")


def test_who_comes_second_sees_what_the_other_wrote(drongen, an, app):
    request = make_request(Status.APPROVED, room=drongen, is_public=True, activity="Quiz")
    pages = [an.opens("publishing.of_request", code=request.code) for _ in range(2)]
    for title, status, page in zip(("Eerste", "Tweede"), (200, 409), pages, strict=True):
        form = page.form("publishing.of_request")
        form.fills_in(naam=title)
        answer = form.sends(status=status)
    assert ("Eerste" in answer.main, answer.form("publishing.of_request").fields["naam"]) == (True, "Tweede")
    answer.form("publishing.of_request").sends()
    assert of(request).title == "Tweede"


def test_desk_takes_a_booking_out_of_the_agenda(drongen, marcel, passer_by):
    request = make_request(Status.APPROVED, room=drongen, is_public=True, activity="Quiz")
    page = marcel.opens("desk.show", code=request.code)
    page.form("publishing.take_down").sends()
    passer_by.opens("activities.show", code=of(request).code, status=404)


def test_page_of_a_request_offers_the_agenda_to_its_asker_alone(drongen, an, passer_by):
    request = make_request(Status.APPROVED, room=drongen)
    there = [bool(one.opens("requests.show", code=request.code).found(css="on-agenda")) for one in (an, passer_by)]
    assert there == [True, False]
