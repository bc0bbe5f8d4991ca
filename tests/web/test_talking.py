"""Talking about a request: on the desk's page and the asker's, with the same timeline but for what is internal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import decisions
from tests.browser import Browser, dutch
from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_request,
    make_venue,
    read,
)
from zalenzoeker.domain.conversation import Turn
from zalenzoeker.domain.requests import Action, RequesterKind, Status
from zalenzoeker.services import conversation, handing
from zalenzoeker.services import decisions as deciding
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import DeskMember, Event
from zalenzoeker.web.story import story
from zalenzoeker.web.thread import turns, waits_for_asker

MARCEL = "marcel@drongen.example"
ASKER = "an@harmonie.example"
SECRET = "Vorige keer bleef het licht branden"
QUESTION = "Brengen jullie zelf glazen mee?"
LONG = "a" * 2001
UNREADABLE = "There is a character in it that we cannot use. Type the text again."


@pytest.fixture
def marcel(app, drongen):
    """A volunteer of the house, at the desk."""
    return Browser(app, accounts.by_email(MARCEL))


@pytest.fixture
def asked(drongen):
    return make_request(Status.REQUESTED, room=drongen, activity="Algemene vergadering")


@pytest.fixture
def asker(app, asked):
    return Browser(app, accounts.by_email(ASKER))


@pytest.fixture
def rita(app):
    """Somebody of another desk."""
    rita = make_account("rita@wijkwerk.example", "Rita")
    make_desk("wijkwerk", name="Wijkwerk", venue=make_venue("elders"), members=[rita])
    return Browser(app, rita)


def by(email):
    return actor_of(accounts.by_email(email))


def asks(request, question=QUESTION):
    conversation.ask(request.code, question, by=by(MARCEL), now=NOW)


def actions(request):
    return [one.action for one in read(request.code).events[1:]]


# The desk asks, the asker answers.


def test_question_is_asked_answered_and_read_on_both_pages(asked, marcel, asker):
    page = marcel.opens("desk.show", code=asked.code)
    page = page.form("talking.ask", code=asked.code).fills_in(vraag=QUESTION).sends()
    assert marcel.trail == [f"/balie/aanvragen/{asked.code}#timeline"]
    said = dutch("Your question has left. You get a letter when there is an answer.")
    assert page.found(css="messages") == [said]
    assert (QUESTION in page.text, dutch("Waits for an answer of the asker") in page.text) == (True, True)
    page = asker.opens("requests.show", code=asked.code)
    assert (page.heading, dutch("What the house asks") in page.found(tag="h2")) == (
        dutch("The house asks you something"),
        True,
    )
    page = page.form("talking.reply").fills_in(antwoord="Ja, alles.").sends()
    assert page.found(css="messages") == [dutch("Your message is with the house. You find it back below.")]
    assert ("Ja, alles." in page.text, dutch("The house asks you something") in page.text) == (True, False)
    page = marcel.opens("desk.show", code=asked.code)
    assert ("Ja, alles." in page.text, dutch("An answer came") in page.text) == (True, True)
    assert [one.kind for one in letters.newest(2)] == ["question_answered", "question_asked"]


def test_question_can_be_answered_by_whoever_signs_in_and_not_by_the_address_alone(asked, passer_by):
    asks(asked)
    page = passer_by.opens("requests.show", code=asked.code)
    assert (QUESTION in page.html, page.has_form("talking.reply")) == (False, False)
    assert dutch("The house asked a question") in page.text
    page = page.clicks("Sign in to read and answer it")
    assert page.path.startswith("/aanmelden?verder=")


def test_question_is_not_shown_to_somebody_else_who_has_the_address(app, asked):
    asks(asked)
    page = Browser(app, make_account("els@yoga.example")).opens("requests.show", code=asked.code)
    assert (QUESTION in page.html, page.has_form("talking.reply")) == (False, False)
    assert dutch("Sign in to read and answer it") not in page.text


@pytest.mark.parametrize("who", [MARCEL, "els@yoga.example"])
def test_answer_of_somebody_else_is_refused(app, asked, marcel, who):
    asks(asked)
    other = Browser(app, accounts.by_email(who) or make_account(who))
    other.posts("talking.reply", {"antwoord": "Ja"}, code=asked.code, status=403)
    assert actions(asked) == [Action.ASK]


def test_answer_without_signing_in_leads_to_where_one_signs_in(asked, passer_by):
    passer_by.posts("talking.reply", {"antwoord": "Ja"}, code=asked.code)
    assert passer_by.trail[0].startswith("/aanmelden")
    assert actions(asked) == []


def test_asker_writes_to_the_house_unasked(asked, asker, marcel):
    page = asker.opens("requests.show", code=asked.code)
    page = page.form("talking.reply").fills_in(antwoord="We komen om 9 uur.").sends()
    assert dutch("The asker wrote to the house") in page.text
    assert dutch("An answer came") in marcel.opens("desk.inbox").text


@pytest.mark.parametrize("status", [Status.REFUSED, Status.WITHDRAWN, Status.EXPIRED])
def test_page_of_a_request_that_ended_asks_for_no_words(app, drongen, marcel, status):
    request = make_request(status, room=drongen)
    page = Browser(app, accounts.by_email(ASKER)).opens("requests.show", code=request.code)
    assert not page.has_form("talking.reply")
    page = marcel.opens("desk.show", code=request.code)
    forms = [page.has_form(f"talking.{deed}") for deed in ("ask", "note", "forward", "hand")]
    assert forms == [False, True, False, False]


# What is wrong with it.


@pytest.mark.parametrize(
    "endpoint, form, errors",
    [
        ("talking.ask", {"vraag": " "}, {"vraag": "Write your question. The asker gets it by mail."}),
        ("talking.ask", {"vraag": LONG}, {"vraag": "Keep it under %(max)d characters."}),
        ("talking.note", {"nota": ""}, {"nota": "Write what the desk must remember."}),
        ("talking.note", {"nota": "bel\x07"}, {"nota": UNREADABLE}),
        (
            "talking.forward",
            {"naar": "", "toelichting": ""},
            {"naar": "Choose a desk", "toelichting": "Write why. The other desk and the asker read it."},
        ),
        ("talking.hand", {"wie": ""}, {"wie": "Choose somebody of the desk"}),
    ],
)  # fmt: skip
def test_desk_that_leaves_something_out_gets_its_form_back(asked, marcel, rita, endpoint, form, errors):
    page = marcel.posts(endpoint, form, code=asked.code, status=422)
    assert page.errors == {name: dutch(words, max=2000) for name, words in errors.items()}
    for name, value in form.items():
        assert page.form(endpoint)[name].strip() == value.strip()
    assert actions(asked) == []


@pytest.mark.parametrize(
    "answer, error",
    [
        ("", "Write something. The house gets it by mail."),
        (LONG, "Keep it under %(max)d characters."),
    ],
)
def test_asker_who_writes_nothing_or_too_much_gets_the_form_back(asked, asker, answer, error):
    page = asker.posts("talking.reply", {"antwoord": answer}, code=asked.code, status=422)
    assert page.errors == {"antwoord": dutch(error, max=2000)}
    assert page.form("talking.reply")["antwoord"].strip() == answer
    page.form("talking.reply").fills_in(antwoord="Ja.").sends()
    assert actions(asked) == [Action.REPLY]


@pytest.mark.parametrize("slug", ["bestaat-niet", "drongen", "niemand"])
def test_desk_that_cannot_be_chosen_is_an_error(asked, marcel, rita, slug):
    make_desk("niemand")
    form = {"naar": slug, "toelichting": "Voor jullie"}
    page = marcel.posts("talking.forward", form, code=asked.code, status=422)
    assert (list(page.errors), page.form("talking.forward")["toelichting"]) == (["naar"], "Voor jullie")


def test_desk_that_speaks_too_late_is_told_so_and_keeps_its_words(asked, marcel, rita):
    decisions.refuse(asked.code, by=by(MARCEL), now=NOW, version=asked.version, note="Nee")
    page = marcel.posts("talking.ask", {"vraag": QUESTION}, code=asked.code, status=409)
    assert (page.heading, QUESTION in page.main) == (dutch("That is no longer possible"), True)
    form = {"naar": "wijkwerk", "toelichting": "Voor jullie"}
    assert "Voor jullie" in marcel.posts("talking.forward", form, code=asked.code, status=409).main
    marcel.posts("talking.hand", {"wie": f"code-of-{MARCEL}"}, code=asked.code, status=409)
    assert actions(asked) == [Action.DECIDE, Action.REFUSE]


def test_desk_that_decided_undoes_that_before_it_asks(asked, marcel, rita):
    answers = {asked.first.uid: Action.APPROVE}
    deciding.decide(asked.code, answers, by=by(MARCEL), now=NOW, version=asked.version)
    page = marcel.opens("desk.show", code=asked.code)
    assert [page.has_form(f"talking.{deed}") for deed in ("ask", "note", "forward", "hand")] == [
        False, True, False, False,
    ]  # fmt: skip
    page = marcel.posts("talking.ask", {"vraag": QUESTION}, code=asked.code, status=409)
    assert "Maak dan eerst de beslissing ongedaan." in page.main


def test_asker_who_answers_too_late_is_told_so_and_keeps_the_words(asked, asker, marcel):
    asks(asked)
    decisions.refuse(asked.code, by=by(MARCEL), now=NOW, version=read(asked.code).version, note="Nee")
    page = asker.posts("talking.reply", {"antwoord": "Ja, alles."}, code=asked.code, status=409)
    heading = dutch("The house no longer waits for an answer")
    assert (page.heading, "Ja, alles." in page.main) == (heading, True)


def test_after_the_last_date_there_is_nothing_to_ask_or_answer_and_a_late_one_keeps_the_words(
    asked, asker, marcel, clock
):
    decisions.approve(asked.code, by=by(MARCEL), now=NOW, version=read(asked.code).version)
    clock.stands_at(at().ends_at)
    page = marcel.opens("desk.show", code=asked.code)
    assert dutch("Ask the asker something") not in page.text
    page = marcel.posts("talking.ask", {"vraag": QUESTION}, code=asked.code, status=409)
    assert QUESTION in page.main
    page = asker.posts("talking.reply", {"antwoord": "Ja, alles."}, code=asked.code, status=409)
    over = dutch("Your message was not sent: the last date of the request is over.")
    assert (over in page.text, "Ja, alles." in page.main) == (True, True)


def test_asker_who_writes_very_often_waits_a_moment_and_keeps_the_words(asked, asker):
    for number in range(10):
        asker.posts("talking.reply", {"antwoord": f"Nog iets: {number}"}, code=asked.code)
    page = asker.posts("talking.reply", {"antwoord": "En dit ook."}, code=asked.code, status=429)
    assert (list(page.errors), page.form("talking.reply")["antwoord"]) == (["antwoord"], "En dit ook.")
    assert page.response.headers["Retry-After"] == "3600"
    assert len(actions(asked)) == 10


# Forwarding and handing.


def test_request_that_is_forwarded_leaves_the_desk_and_says_where_it_went(asked, marcel, rita, asker):
    page = marcel.opens("desk.show", code=asked.code)
    form = page.form("talking.forward", code=asked.code)
    assert form.offered["naar"] == ["", "wijkwerk"]
    page = form.fills_in(naar="wijkwerk", toelichting="Wij zijn dan met verlof.").sends()
    assert marcel.trail == ["/balie"]
    said = dutch("The request is with %(desk)s now. That desk and the asker got a letter.", desk="Wijkwerk")
    assert (page.found(css="messages"), "Algemene vergadering" in page.text) == ([said], False)
    marcel.opens("desk.show", code=asked.code, status=404)
    page = rita.opens("desk.show", code=asked.code)
    said = dutch("From %(former)s to %(desk)s.", former="Open Huis Drongen", desk="Wijkwerk")
    assert (said in page.text, "Wij zijn dan met verlof." in page.text) == (True, True)
    page = asker.opens("requests.show", code=asked.code)
    assert (said in page.text, "Wij zijn dan met verlof." in page.text) == (True, True)


def test_request_that_was_forwarded_names_both_desks_where_they_decided(app, asked, marcel, rita):
    handing.forward(asked.code, "wijkwerk", by=by(MARCEL), now=NOW, note="Voor jullie.")
    with app.test_request_context():
        first = story(read(asked.code), NOW, with_letters=False)[0]
    place = asked.first.room.venue.name
    assert first.text == dutch("%(place)s: the decision is with %(who)s.", place=place, who="Open Huis Drongen")


def test_request_that_was_forwarded_keeps_why_it_came_there_first(app, drongen, marcel, rita):
    drongen_of_evenings = make_desk("avond", venue=drongen.venue, position=1, reason="Voor het hele huis", name="Avond")
    keep(DeskMember(desk_id=drongen_of_evenings.id, account_id=by(MARCEL).account_id, since=NOW))
    request = make_request(Status.REQUESTED, room=drongen)
    handing.forward(request.code, "wijkwerk", by=by(MARCEL), now=NOW, note="Voor jullie.")
    with app.test_request_context():
        first = story(read(request.code), NOW, with_letters=False)[0]
    place, why = drongen.venue.name, "Voor het hele huis"
    told = dutch("%(place)s: the decision is with %(who)s. Why: %(why)s", place=place, who="Avond", why=why)
    assert first.text == told


def test_line_of_the_timeline_is_internal_by_what_was_written_with_it(app, asked):
    conversation.note(asked.code, SECRET, by=by(MARCEL), now=NOW)
    with write_unit() as session:
        session.query(Event).filter_by(request_id=asked.id).update({"is_internal": Event.action == Action.PROVE})
    with app.test_request_context():
        of_asker = story(read(asked.code), NOW, with_letters=True)
    assert [one.title for one in of_asker if one.look == "done"][:1] == [dutch("Internal note")]


def test_request_is_handed_to_a_colleague_on_the_page(app, asked, marcel):
    bob = make_account("bob@drongen.example", "Bob")
    keep(DeskMember(desk_id=asked.desk_id, account_id=bob.id, since=NOW))
    form = marcel.opens("desk.show", code=asked.code).form("talking.hand", code=asked.code)
    assert form.offered["wie"] == ["", bob.code, f"code-of-{MARCEL}"]
    page = form.fills_in(wie=bob.code).sends()
    said = dutch("%(name)s looks after this request.", name="Bob")
    assert said in page.text
    assert page.form("talking.hand", code=asked.code).offered["wie"] == ["", f"code-of-{MARCEL}"]
    assert [one.recipient for one in letters.newest(1)] == [bob.email]


def test_request_is_handed_to_nobody_of_elsewhere_by_a_forged_form(asked, marcel, rita):
    marcel.posts("talking.hand", {"wie": "code-of-rita@wijkwerk.example"}, code=asked.code, status=422)
    assert read(asked.code).handler_id is None


def test_city_may_forward_and_still_sees_the_request(app, asked, rita):
    sofie = make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    city = Browser(app, sofie)
    page = city.opens("desk.show", code=asked.code)
    page.form("talking.forward", code=asked.code).fills_in(naar="wijkwerk", toelichting="Voor jullie.").sends()
    assert city.opens("desk.show", code=asked.code).heading == "Algemene vergadering"


# By the right people.

DEEDS = {
    "talking.ask": {"vraag": QUESTION},
    "talking.note": {"nota": SECRET},
    "talking.forward": {"naar": "wijkwerk", "toelichting": "Voor jullie."},
    "talking.hand": {"wie": f"code-of-{MARCEL}"},
}


@pytest.mark.parametrize("endpoint", DEEDS)
def test_desk_says_nothing_about_a_request_of_its_own_member(app, drongen, marcel, rita, endpoint):
    bob = make_account("bob@drongen.example", "Bob")
    group = make_association(members=[bob, accounts.by_email(MARCEL)], kind=RequesterKind.ASSOCIATION)
    of_group = {"association_id": group.id, "association_name": group.name, "requester_kind": group.kind}
    request = make_request(room=drongen, by=actor_of(bob), **of_group)
    page = marcel.opens("desk.show", code=request.code)
    assert [one for one in DEEDS if page.has_form(one)] == []
    marcel.posts(endpoint, DEEDS[endpoint], code=request.code, status=403)
    assert actions(request) == []


@pytest.mark.parametrize("endpoint", DEEDS)
def test_desk_says_nothing_about_a_request_of_another_desk(asked, marcel, rita, endpoint):
    rita.posts(endpoint, DEEDS[endpoint], code=asked.code, status=404)
    rita.posts(endpoint, DEEDS[endpoint], code="bestaat-niet", status=404)
    assert actions(asked) == []


# The timeline.


def lived(request):
    """Everything that can be said, and a decision that was undone."""
    asks(request)
    conversation.note(request.code, SECRET, by=by(MARCEL), now=NOW)
    conversation.reply(request.code, "Ja, alles.", by=by(ASKER), now=NOW, visitor=AT_HOME)
    handing.hand(request.code, f"code-of-{MARCEL}", by=by(MARCEL), now=NOW)
    answers = {request.first.uid: Action.REFUSE}
    said = {"by": by(MARCEL), "now": NOW, "version": read(request.code).version, "note": "Er is soep"}
    deciding.decide(request.code, answers, **said)
    deciding.undo(request.code, by=by(MARCEL), now=NOW)
    deciding.decide(request.code, answers, **{**said, "version": read(request.code).version})
    conversation.reply(request.code, "Of later?", by=by(ASKER), now=NOW, visitor=AT_HOME)
    handing.forward(request.code, "wijkwerk", by=by(MARCEL), now=NOW, note="Voor jullie.")
    return read(request.code)


def test_timeline_of_the_asker_is_that_of_the_desk_without_what_is_internal(app, asked, marcel, rita):
    request = lived(asked)
    with app.test_request_context():
        at_desk = story(request, NOW, with_letters=True, with_internal=True)
        of_asker = story(request, NOW, with_letters=True)
        of_stranger = story(request, NOW, with_letters=False)
    internal = [event.is_internal for event in request.events]
    *happened, now = at_desk
    public = [replace(one, by="") for one, is_hidden in zip(happened, internal, strict=True) if not is_hidden]
    assert sum(internal) == 6
    # The desk reads what became of its own letters too.
    bare = [[replace(step, mails=()) for step in steps] for steps in (of_asker[: len(public)], public)]
    assert bare[0] == bare[1]
    assert of_stranger == [replace(one, letter="", mails=()) for one in of_asker]
    day = "maandag 7 december 2026"
    assert now.text == dutch("The asker expects an answer by %(day)s at the latest.", day=day)
    assert of_asker[len(public)].text == dutch("You get an answer by %(day)s at the latest.", day=day)
    assert at_desk[1].by == dutch("%(name)s, for %(desk)s", name="Marcel", desk="Open Huis Drongen")


def test_timeline_of_the_desk_tells_all_of_it_in_words(asked, marcel, rita):
    request = lived(asked)
    page = rita.opens("desk.show", code=request.code)
    titles = [
        dutch("The house asked a question"),
        dutch("Internal note"),
        dutch("The asker answered"),
        dutch("%(name)s looks after this request", name="Marcel"),
        dutch("The desk decided: no"),
        dutch("The decision was undone"),
        dutch("The desk decided: no"),
        dutch("The asker wrote to the house"),
        dutch("The decision no longer counts"),
        dutch("Another desk decides from now on"),
    ]
    steps = page.elements(tag="ol", css="steps")[0]
    assert [" ".join("".join(one.itertext()).split()) for one in steps.iter("h3")][1:-1] == titles
    assert SECRET in page.text


HIDDEN = [dutch(words) for words in ("Internal note", "The decision was undone", "The desk decided: no")]


@pytest.mark.parametrize("who", ["asker", "passer-by", "somebody"])
def test_note_is_on_no_page_but_that_of_the_desk(app, asked, marcel, rita, passer_by, who):
    lived(asked)
    somebody = Browser(app, make_account("els@yoga.example"))
    browser = {"asker": Browser(app, accounts.by_email(ASKER)), "passer-by": passer_by, "somebody": somebody}[who]
    html = browser.opens("requests.show", code=asked.code).html
    assert [word for word in (SECRET, "Er is soep", *HIDDEN) if word in html] == []
    assert (QUESTION in html, "Ja, alles." in html, "Voor jullie." in html) == ((who == "asker",) * 3)
    if who == "asker":
        assert SECRET not in browser.opens("accounts.mine").html


def test_note_is_in_no_feed_and_in_no_letter(app, drongen, marcel, passer_by):
    request = make_request(Status.APPROVED, room=drongen, is_public=True)
    conversation.note(request.code, SECRET, by=by(MARCEL), now=NOW)
    conversation.ask(request.code, QUESTION, by=by(MARCEL), now=NOW)
    feed = passer_by.asks("/kalender/zaal/open-huis-drongen/zaal-open-huis.ics").get_data(as_text=True)
    assert ("BEGIN:VEVENT" in feed, SECRET in feed, QUESTION in feed) == (True, False, False)
    assert [one.kind for one in letters.newest(limit=100) if SECRET in repr(one.facts)] == []
    room = passer_by.opens("rooms.show", venue="open-huis-drongen", room="zaal-open-huis").html
    assert SECRET not in room


@pytest.mark.parametrize("status", [Status.REFUSED, Status.CANCELLED, Status.EXPIRED, Status.WITHDRAWN])
def test_note_after_the_end_changes_nothing_that_the_asker_sees(app, drongen, marcel, passer_by, status):
    request = make_request(status, room=drongen)
    before = passer_by.opens("requests.show", code=request.code).main
    conversation.note(request.code, SECRET, by=by(MARCEL), now=NOW)
    assert passer_by.opens("requests.show", code=request.code).main == before


# Whose turn it is.


def test_inbox_says_who_is_waited_for(asked, marcel, asker):
    waits, came = dutch("Waits for an answer of the asker"), dutch("An answer came")

    def tags():
        page = marcel.opens("desk.inbox")
        return [one for one in page.found(css="tag") if one in (waits, came)]

    assert tags() == []
    asks(asked)
    assert (tags(), waits_for_asker(read(asked.code))) == ([waits], True)
    conversation.reply(asked.code, "Ja.", by=by(ASKER), now=NOW, visitor=AT_HOME)
    assert (tags(), waits_for_asker(read(asked.code))) == ([came], False)
    asks(asked, "En borden?")
    assert tags() == [waits]


def test_turns_of_many_requests_are_those_of_each(drongen, marcel, asked):
    other = make_request(room=drongen, slot=at("20:00", "22:00"))
    third = make_request(Status.REFUSED, room=drongen, slot=at("10:00", "12:00"))
    asks(asked)
    conversation.reply(other.code, "Dag", by=by(ASKER), now=NOW, visitor=AT_HOME)
    found = [read(one.code) for one in (asked, other, third)]
    assert turns(found) == {asked.id: Turn.ASKER, other.id: Turn.DESK}


def test_status_page_says_that_the_house_waits_until_there_is_an_answer(asked, marcel, passer_by):
    waits = dutch("The house waits for an answer of the asker")
    assert waits not in passer_by.opens("requests.show", code=asked.code).text
    asks(asked)
    assert waits in passer_by.opens("requests.show", code=asked.code).text
    # A decision that is not told yet shows nowhere.
    deciding.decide(
        asked.code, {asked.first.uid: Action.REFUSE}, by=by(MARCEL), now=NOW, version=read(asked.code).version, note="x"
    )
    assert waits in passer_by.opens("requests.show", code=asked.code).text


def test_status_page_shows_every_question_that_waits(asked, marcel, asker):
    asks(asked, "Eerste vraag?")
    conversation.reply(asked.code, "Ja.", by=by(ASKER), now=NOW, visitor=AT_HOME)
    asks(asked, "Tweede vraag?")
    asks(asked, "Derde vraag?")
    panel = asker.opens("requests.show", code=asked.code).by_id("vraag")
    said = ["".join(one.itertext()) for one in panel.iter("div") if one.get("class") == "letter"]
    assert said == ["Tweede vraag?", "Derde vraag?"]


def test_question_about_a_booking_is_answered_too(app, drongen, marcel, clock):
    request = make_request(Status.APPROVED, room=drongen)
    asks(request)
    clock.passes(timedelta(days=1))
    page = Browser(app, accounts.by_email(ASKER)).opens("requests.show", code=request.code)
    page.form("talking.reply").fills_in(antwoord="Ja.").sends()
    assert actions(request)[-2:] == [Action.ASK, Action.REPLY]
