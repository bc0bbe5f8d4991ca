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
from zalenzoeker.storage import accounts, desks, requests

PLACE = "open-huis-drongen/zaal-open-huis"
QUESTION = "Komen jullie met een koor, of met een koor en een orkest?"


def code_of(person):
    return person.page.path.rpartition("/")[2]


def ten_minutes_pass(person):
    """The clock goes on, and does what was decided."""
    person.post.clock.passes(UNDO_WITHIN)
    deadlines.tick(system_clock.now())


def letters_by_day(people, days):
    """So many nights pass, the clock at work each morning; who finds how many new letters on which day."""
    post, found = people[0].post, {}
    for _night in range(days):
        post.clock.passes(timedelta(days=1))
        had = [len(post.subjects(one.email)) for one in people]
        deadlines.tick(system_clock.now())
        for one, number in zip(people, had, strict=True):
            if new := post.subjects(one.email)[number:]:
                found[f"{system_clock.now():%d %B}", one.email.partition("@")[0]] = len(new)
    return found


def statuses(code):
    return [one.status for one in requests.by_code(code).occurrences]


@pytest.fixture
def sofie(app, post, drongen):
    return Person(app, post, "sofie@stad.example", accounts.by_email("sofie@stad.example"))


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


def test_volunteer_alone_goes_on_holiday_falls_ill_and_the_request_is_answered_all_the_same(
    drongen, an, marcel, mia, wijkwerk, sofie
):
    """Marcel runs the house by himself. Away, no day counts; home but ill, Rita is asked, then Sofie, who says yes."""
    page = marcel.opens("members.show", desk="drongen")
    page.form("members.remove", desk="drongen", code=accounts.by_email(mia.email).code).sends()
    page = marcel.opens("crew.show", desk="drongen")
    steps = {"herinnering": "2", "vervanging": "4", "stad": "6", "vervanger": "wijkwerk"}
    page = page.form("crew.days").fills_in(**steps).sends()
    page.form("crew.away").fills_in(**{"weg-van": "2026-11-23", "weg-tot": "2026-12-06", "weg-waarom": "Reis"}).sends()

    page = an.opens("asking.new", zaal=PLACE)
    assert ("zondag 6 december 2026" in page.text, "Reis" in page.text) == (True, True)
    an.asks_for_the_hall()
    code = code_of(an)
    assert "Reis" in an.opens("requests.show", code=code).text
    people = [an, marcel, wijkwerk, sofie]
    assert letters_by_day(people, 14) == {}

    assert letters_by_day(people, 6) == {
        ("08 December", "marcel"): 1,
        ("10 December", "rita"): 1,
        ("12 December", "sofie"): 1,
        ("12 December", "an"): 1,
    }
    page = an.opens("requests.show", code=code)
    assert [
        dutch(one) in page.text for one in ("The house is reminded", "Somebody else steps in", "The city desk helps")
    ]
    page = sofie.follows_the_letter("/balie/aanvragen/")
    sofie.decides("approve")
    assert requests.by_code(code).status is Status.APPROVED
    assert an.opens("requests.show", code=code).heading == dutch("Yes, the room is yours")
    assert an.post.subjects(an.email)[-1].startswith("Ja")
