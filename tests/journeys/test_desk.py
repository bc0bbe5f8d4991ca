"""The desk at work: a series that is split, a question that is answered, a request that goes on to another desk."""

from datetime import timedelta

import pytest

from tests.browser import dutch
from tests.builders import make_account, make_desk, make_venue, weekly
from tests.journeys.conftest import Person
from zalenzoeker import clock as system_clock
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import deadlines
from zalenzoeker.storage import desks, requests

PLACE = "open-huis-drongen/zaal-open-huis"
QUESTION = "Komen jullie met een koor, of met een koor en een orkest?"


def code_of(person):
    return person.page.path.rpartition("/")[2]


def ten_minutes_pass(person):
    """The clock goes on, and does what was decided."""
    person.post.clock.passes(UNDO_WITHIN)
    deadlines.tick(system_clock.now())


def statuses(code):
    return [one.status for one in requests.by_code(code).occurrences]


@pytest.fixture
def wijkwerk(app, post, drongen):
    """Rita of the community workers, whose desk is another one."""
    rita = make_account("rita@wijk.example", "Rita Claeys")
    make_desk("wijkwerk", name="Team Wijkwerk", venue=make_venue("elders"), members=[rita])
    return Person(app, post, "rita@wijk.example", rita)


def test_desk_says_yes_to_some_dates_of_a_series_and_no_to_the_others(drongen, an, marcel):
    """The choir asks six Saturdays; on two of them the house has its own party. An hears of both in one evening."""
    page = an.opens("asking.new", zaal=PLACE).goes_to("series.plan")
    pattern = weekly("18:00", "22:00")
    page = page.form("series.plan").fills_in(
        dag=str(pattern.first), van="18:00", tot="22:00", **{"tot-en-met": str(pattern.first + timedelta(weeks=5))}
    ).sends()  # fmt: skip
    page = page.form("series.plan").fills_in(verder="1").sends()
    page.form("asking.new").fills_in(activiteit="Koor", openbaar="nee", personen="25", akkoord=True).sends()
    code = code_of(an)
    assert statuses(code) == [Status.REQUESTED] * 6

    page = marcel.follows_the_letter("/balie/aanvragen/")
    form = page.form("desk.decide", code=code)
    each = {f"datum-{one.uid}": "approve" for one in requests.by_code(code).occurrences}
    each |= dict.fromkeys(list(each)[2:4], "refuse")
    form.fills_in(besluit="each", waarom="zelf-nodig", reden="De sleutel hangt bij de bakker.", **each).sends()
    assert statuses(code) == [Status.REQUESTED] * 6
    assert an.post.subjects(an.email)[1:] == []

    ten_minutes_pass(an)
    yes, no = Status.APPROVED, Status.REFUSED
    assert statuses(code) == [yes, yes, no, no, yes, yes]
    assert [one.split(",")[0] for one in an.post.subjects(an.email)[1:]] == ["Nee", "Ja"]
    page = an.opens("requests.show", code=code)
    assert dutch("We need the room ourselves then.") in page.text
    assert marcel.opens("desk.inbox").heading == dutch("Nothing waits for you")


def test_question_is_asked_answered_by_the_group_and_the_answer_decides(drongen, an, marcel, mia):
    """Marcel wants to know more; An answers on the page; Mia, who reads along, says yes."""
    an.asks_for_the_hall()
    code = code_of(an)
    page = marcel.follows_the_letter("/balie/aanvragen/")
    page.form("talking.ask", code=code).fills_in(vraag=QUESTION).sends()
    assert dutch("Waits for an answer of the asker") in mia.opens("desk.inbox").text

    assert QUESTION in an.reads()
    page = an.follows_the_letter("/aanvragen/")
    page.form("talking.reply").fills_in(antwoord="Alleen met het koor, dertig mensen.").sends()

    assert "Alleen met het koor" in mia.reads()
    page = mia.follows_the_letter("/balie/aanvragen/")
    assert (QUESTION in page.text, "Alleen met het koor" in page.text) == (True, True)
    mia.decides("approve")
    assert requests.by_code(code).status is Status.APPROVED
    page = an.opens("requests.show", code=code)
    assert page.heading == dutch("Yes, the room is yours")
    assert (QUESTION in page.text, "Alleen met het koor" in page.text) == (True, True)


def test_request_goes_on_to_another_desk_with_all_that_was_said(drongen, an, marcel, wijkwerk):
    """Marcel sees that it is for the community workers; they get all of it, and he cannot open it any more."""
    an.asks_for_the_hall()
    code = code_of(an)
    page = marcel.opens("desk.show", code=code)
    page.form("talking.note", code=code).fills_in(nota="Vorige keer bleef de keuken vuil.").sends()
    page = marcel.opens("desk.show", code=code)
    why = "Een feest voor de hele wijk: dat is voor jullie."
    page.form("talking.forward", code=code).fills_in(naar="wijkwerk", toelichting=why).sends()
    marcel.opens("desk.show", code=code, status=404)

    assert "Team Wijkwerk" in an.reads()
    assert why in wijkwerk.reads()
    page = wijkwerk.follows_the_letter("/balie/aanvragen/")
    assert ("Vorige keer bleef de keuken vuil." in page.text, why in page.text) == (True, True)
    wijkwerk.decides("approve")
    page = an.opens("requests.show", code=code)
    assert (page.heading, "keuken vuil" in page.text) == (dutch("Yes, the room is yours"), False)
    assert [one.slug for one in desks.by_ids({requests.by_code(code).desk_id})] == ["wijkwerk"]
