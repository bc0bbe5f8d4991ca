"""Several decide together: a committee that advises, volunteers who vote, and one whose silence is counted."""

import pytest

from tests.browser import dutch
from tests.journeys.conftest import Person
from zalenzoeker import clock as system_clock
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import deadlines
from zalenzoeker.storage import accounts, requests


@pytest.fixture
def sofie(app, post, drongen):
    """Sofie of the city desk."""
    return Person(app, post, "sofie@stad.example", accounts.by_email("sofie@stad.example"))


def chooses(person, **fields):
    page = person.opens("advice.settings", desk="drongen")
    return page.form("advice.settings").fills_in(**fields).sends()


def votes(person, code, answer, **words):
    page = person.opens("desk.show", code=code)
    return page.form("advice.vote", code=code).fills_in(stem=answer, **words).sends()


def test_committee_of_an_open_huis_advises_and_the_city_decides(drongen, an, marcel, mia, sofie):
    """Marcel and Mia advise together; Sofie of the city reads why, and decides; An reads only what is hers."""
    chooses(marcel, soort="advises", stemmen="2", dagen="7", stilte="nothing")
    page = an.asks_for_the_hall(activiteit="Lenteconcert")
    code = an.page.path.rpartition("/")[2]
    said = "%(desk)s gives advice, by %(day)s at the latest. After that the city desk decides."
    assert dutch(said, desk="Open Huis Drongen", day="maandag 30 november 2026") in page.text

    assert "2 van de 2 die kunnen stemmen, moeten ja zeggen." in mia.reads()
    assert "Stem vóór maandag 30 november 2026, 23.59 uur." in mia.reads()
    page = mia.follows_the_letter("/balie/aanvragen/")
    assert page.has_form("desk.decide") is False
    votes(mia, code, "approve", uitleg="Vorig jaar lieten ze alles netjes achter.")
    assert "jouw stem ontbreekt" in marcel.opens("desk.inbox").text
    page = votes(marcel, code, "approve")
    assert page.found(css="messages") == [dutch("Your vote counts, and with it there are enough: it is a yes.")]
    assert page.heading == dutch("Nothing waits for you")

    assert "Open Huis Drongen bekeek ze eerst, en nu beslis jij. Het advies is gunstig." in sofie.reads()
    page = sofie.follows_the_letter("/balie/aanvragen/")
    assert ("Mia Van Hecke" in page.text, "netjes achter" in page.text) == (True, True)
    sofie.decides("approve", reden="Veel plezier.")
    assert requests.by_code(code).status is Status.APPROVED

    assert "Veel plezier." in an.reads()
    page = an.follows_the_letter("/aanvragen/")
    assert dutch("%(desk)s gave advice: favourable", desk="Open Huis Drongen") in page.text
    assert [one for one in ("Mia", "Marcel", "netjes achter") if one in page.main] == []


def test_silence_of_the_volunteers_is_a_no_that_the_asker_understands(drongen, an, marcel, clock):
    """Mia is on holiday and the house chose that silence is a no: the clock says it, and An reads why."""
    chooses(marcel, soort="decides", stemmen="2", dagen="3", stilte="no")
    an.asks_for_the_hall()
    code = an.page.path.rpartition("/")[2]
    votes(marcel, code, "approve")
    deadlines.tick(requests.by_code(code).vote_until)
    due = requests.by_code(code).decision.due_at
    clock.stands_at(due)
    deadlines.tick(system_clock.now())
    assert requests.by_code(code).status is Status.REFUSED
    letter = an.reads()
    assert "De leden van Open Huis Drongen stemden samen over je aanvraag." in letter
    assert "Niet genoeg van hen zeiden op tijd ja. Daarom is het nee." in letter
