"""The page behind the button of a letter: looking decides nothing, a choice that is sent decides once."""

from datetime import timedelta

import pytest

from tests import decisions
from tests.browser import Browser, dutch, words_of
from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from tests.services.looks import totals
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.decision_links import LINK_LIVES
from zalenzoeker.domain.limits import LIMITS, Limited
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import advice, conversation, from_mail
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, desks, letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import DeskMember

MARCEL, AN = "marcel@drongen.example", "an@harmonie.example"
SHARED = "balie@drongen.example"
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}
CHANGED = dutch("The request has changed")


@pytest.fixture
def asked(drongen):
    return make_request(room=drongen, activity="Algemene vergadering", people=20, remarks="Graag de sleutel vooraf.")


@pytest.fixture
def phone(app):
    """The browser in which the letter is opened; nobody has signed in there."""
    return Browser(app)


def token_of(email=MARCEL):
    db.session.close()
    return next(one.facts["token"] for one in letters.newest(200) if one.recipient == email and "token" in one.facts)


def opens(browser, *, status=200, token=None):
    return browser.opens("from_mail.show", token=token or token_of(), status=status)


def sends(page, *, status=200, name=None, **fields):
    form = page.form("from_mail.decide").fills_in(**fields)
    return form.forges(**({"wie": name} if name else {})).sends(status=status)


def marcel():
    return actor_of(accounts.by_email(MARCEL))


def an():
    return actor_of(accounts.by_email(AN))


# Looking.


def test_page_says_what_is_asked_and_chooses_nothing(asked, phone):
    page = opens(phone)
    assert page.heading == "Algemene vergadering"
    assert "An Peeters vraagt Zaal Open Huis, Open Huis Drongen" in page.text
    assert "zaterdag 16 januari 2027, 14.00 tot 18.00 uur" in page.text
    assert "Graag de sleutel vooraf." in page.text
    assert dutch("Nothing else in the room that day.") in page.text
    form = page.form("from_mail.decide")
    assert (form["besluit"], form["reden"], form["versie"]) == ("", "", "2")
    assert form.offered["besluit"][0] == "approve"
    assert form.offered["besluit"][-2:] == ["refuse", "ask"]
    # What is in the letter already need not stand behind an address.
    assert AN not in page.html


def test_page_shows_the_day_around_it(asked, drongen, phone):
    make_request(
        Status.APPROVED, room=drongen, slot=at("19:00", "21:00"), activity="Kaarten", contact_email="k@x.example"
    )
    make_request(
        Status.REQUESTED, room=drongen, slot=at("10:00", "12:00"), activity="Yoga", contact_email="y@x.example"
    )
    page = opens(phone, token=next(one.facts["token"] for one in letters.newest() if one.request_id == asked.id
                                   and one.recipient == MARCEL))  # fmt: skip
    around = [words for words in page.found(css="list") if "Die dag ook" in words]
    assert around == ["Die dag ook: 10.00–12.00 Yoga (ook gevraagd) Die dag ook: 19.00–21.00 Kaarten"]


def test_page_shows_who_else_asks(app, phone):
    room = make_room("rij", venue=make_venue("huis-rij"), rules={RuleName.PENDING: {"default": "queue"}})
    make_desk("rij", venue=room.venue, members=[make_account(MARCEL, "Marcel")])
    make_request(room=room, activity="Yoga", contact_email="els@yoga.example")
    make_request(room=room)
    page = opens(phone)
    assert dutch("Somebody else asks for the same time") in page.text
    this, other = [words_of(row) for row in page.elements(css="rivals")[0].iter("tr")][1:]
    before = dutch("not here before")
    assert (this.startswith(f"{dutch('This request')} An Peeters Repetitie "), this.endswith(before)) == (True, True)
    assert (other.startswith("An Peeters Yoga "), other.endswith(before)) == (True, True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing_and_leaves_no_trace_elsewhere(asked, phone, method):
    token, before = token_of(), totals()
    for query in ("", "?besluit=approve&versie=2", "?besluit=approve&versie=2&csrf_token=x"):
        response = phone.asks(f"/beslissen/{token}{query}", method=method)
        assert response.status_code == 200
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert (totals(), read(asked.code).decision) == (before, None)


@pytest.mark.parametrize(
    "form", [{}, {"besluit": ""}, {"besluit": "cancel"}, {"besluit": "prove"}, {"besluit": "nee-x"}]
)
def test_post_without_a_choice_of_the_page_decides_nothing(asked, phone, form):
    token, before = token_of(), totals()
    answer = phone.asks(f"/beslissen/{token}", method="POST", data={"csrf_token": phone.token(), "versie": "2", **form})
    assert (answer.status_code, totals()) == (422, before)


def test_post_without_the_token_of_the_form_decides_nothing(asked, phone):
    before = totals()
    answer = phone.asks(f"/beslissen/{token_of()}", method="POST", data={"besluit": "approve", "versie": "2"})
    assert (answer.status_code, totals()) == (400, before)


# Deciding.


def test_yes_is_sent_and_said(asked, phone):
    page = sends(opens(phone), besluit="approve", reden="Welkom!")
    assert page.heading == dutch("Decided: %(what)s", what="ja")
    assert "Beslist door Marcel, voor Open Huis Drongen, maandag 23 november 2026, 10.00 uur." in page.text
    assert dutch("The letter leaves at %(time)s. Until then nobody else sees it.", time="10.10") in page.text
    decisions.told(asked.code)
    assert read(asked.code).status is Status.APPROVED
    assert dutch("The asker had a letter about it.") in opens(phone).text


def test_no_of_the_list_is_one_choice(asked, phone):
    page = sends(opens(phone), besluit="refuse-werken")
    assert page.heading == dutch("Decided: %(what)s", what="nee")
    decisions.told(asked.code)
    assert read(asked.code).decision_note == "Er zijn dan werken in het gebouw."


@pytest.mark.parametrize(
    "choice, error",
    [("refuse", "Give a reason. The asker reads it."), ("ask", "Write your question. The asker gets it by mail.")],
)
def test_no_in_own_words_and_a_question_need_words(asked, phone, choice, error):
    page = sends(opens(phone), besluit=choice, status=422)
    assert page.errors == {"reden": dutch(error)}
    assert page.form("from_mail.decide")["besluit"] == choice
    assert read(asked.code).decision is None


def test_question_leaves_and_stands_on_the_page(asked, phone):
    page = sends(opens(phone), besluit="ask", reden="Brengen jullie glazen mee?")
    assert page.heading == "Algemene vergadering"
    assert page.found(css="messages") == [dutch("Your question has left. You get a letter when there is an answer.")]
    assert page.found(css="letter") == ["De balie vroeg Brengen jullie glazen mee?"]
    assert sends(page, besluit="approve").heading == dutch("Decided: %(what)s", what="ja")


def test_answer_comes_with_a_fresh_link_and_the_old_one_says_so(asked, phone):
    old = token_of()
    sends(opens(phone), besluit="ask", reden="Brengen jullie glazen mee?")
    conversation.reply(asked.code, "Ja, twintig.", by=an(), now=NOW, visitor=AT_HOME)
    assert opens(phone, token=old, status=410).heading == CHANGED
    assert opens(phone).found(css="letter") == [
        "De balie vroeg Brengen jullie glazen mee?",
        "De aanvrager schreef Ja, twintig.",
    ]


def test_exception_needs_words_with_its_yes(app, drongen, phone):
    soon = at(day=(NOW + timedelta(days=10)).date())
    make_request(room=drongen, slot=soon, exception_reason="Het is dringend.")
    page = opens(phone)
    assert "Het is dringend." in page.text
    page = sends(page, besluit="approve", status=422)
    assert page.errors == {"reden": dutch("Write why you set the rule aside. It stays on the timeline.")}
    assert sends(page, besluit="approve", reden="Het is een begrafenis.").heading == "Beslist: ja"


def test_series_is_decided_as_a_whole(app, drongen, phone):
    series = make_series(drongen, pattern=weekly(count=12))
    page = opens(phone)
    assert dutch("It is about %(count)s dates at once.", count=12) in page.text
    assert dutch("And %(num)d more dates.", num=4) in page.text
    sends(page, besluit="approve")
    assert len(read(series.code).decision.answers) == 12


def test_page_asks_as_much_of_the_database_for_one_date_as_for_many(app, drongen, phone, queries_of):
    make_request(room=drongen)
    one = token_of()
    make_series(drongen, pattern=weekly(count=3))
    many = token_of()
    counts = {len(queries_of(lambda token=token: opens(phone, token=token))) for token in (one, many)}
    assert len(counts) == 1


# The second time, and other ways in which it is over.


def test_second_use_says_who_decided_and_when(asked, phone, passer_by):
    token = token_of()
    sends(opens(phone), besluit="approve")
    page = opens(passer_by, token=token)
    assert page.heading == "Beslist: ja"
    assert "Beslist door Marcel, voor Open Huis Drongen, maandag 23 november 2026, 10.00 uur." in page.text
    assert not page.has_form("from_mail.undo")
    assert (
        dutch("Is it wrong? At the desk, or in the browser in which it was decided, you can undo it until then.")
        in page.text
    )


def test_same_button_pressed_twice_decides_once(asked, phone):
    page = opens(phone)
    assert sends(page, besluit="approve").heading == "Beslist: ja"
    before = totals()
    assert sends(page, besluit="approve").heading == "Beslist: ja"
    assert totals() == before


def test_page_of_somebody_else_that_stayed_open_is_told_who_was_first(asked, phone, passer_by):
    late = opens(passer_by)
    sends(opens(phone), besluit="approve")
    page = sends(late, besluit="refuse-werken", status=409)
    assert (page.heading, "Marcel" in page.text) == ("Beslist: ja", True)
    assert set(read(asked.code).decision.answers.values()) == {"approve"}


def test_page_that_stayed_open_while_a_question_was_put_keeps_what_was_typed(asked, phone, passer_by):
    late = opens(passer_by)
    sends(opens(phone), besluit="ask", reden="Hoeveel glazen?")
    page = sends(late, besluit="refuse", reden="Dat lukt ons niet.", status=409)
    assert dutch("Somebody was just before you. Look at what was said, and choose again.") in page.text
    assert page.form("from_mail.decide")["reden"] == "Dat lukt ons niet."
    assert read(asked.code).decision is None


def test_what_the_desk_decided_meanwhile_is_said(asked, phone):
    token = token_of()
    decisions.refuse(asked.code, by=marcel(), now=NOW, version=asked.version, note="Eigen feest.")
    page = opens(phone, token=token)
    assert (page.heading, page.found(css="letter")) == ("Beslist: nee", ["Eigen feest."])


def test_what_was_undone_at_the_desk_no_longer_counts(asked, phone):
    sends(opens(phone), besluit="approve")
    deciding.undo(asked.code, by=marcel(), now=NOW)
    assert opens(phone).heading == dutch("The decision no longer counts")


@pytest.mark.parametrize("is_late", [True, False])
def test_withdrawn_and_too_old_say_what_to_do(asked, phone, clock, is_late):
    token = token_of()
    if is_late:
        clock.passes(LINK_LIVES)
    else:
        asking.withdraw(asked.code, by=an(), now=NOW)
    page = opens(phone, token=token, status=410)
    assert page.heading == (dutch("This link is too old") if is_late else CHANGED)
    assert page.addresses("/balie") == [f"/balie/aanvragen/{asked.code}"]


def test_member_who_left_the_desk_reads_nothing_of_the_request(asked, phone):
    token = token_of()
    with db.engine.begin() as connection:
        connection.execute(db.text("DELETE FROM desk_member"))
    page = opens(phone, token=token, status=410)
    assert page.heading == dutch("This link no longer works")
    assert [
        word for word in ("Algemene vergadering", "An Peeters", asked.code, asked.reference) if word in page.html
    ] == []


def test_asker_who_is_signed_in_is_told_that_it_is_their_own(asked, app):
    browser = Browser(app, accounts.by_email(AN))
    page = opens(browser, status=410)
    assert page.heading == dutch("This is your own request")
    form = {"csrf_token": browser.token(), "besluit": "approve", "versie": "2"}
    answer = browser.asks(f"/beslissen/{token_of()}", method="POST", data=form)
    assert (answer.status_code, read(asked.code).decision) == (409, None)


@pytest.mark.parametrize("token", ["verzonnen", "a" * 22, "%F0%9F%98%80"])
def test_link_that_is_none_is_a_kind_page(asked, phone, token):
    page = phone.visits(f"/beslissen/{token}", status=404)
    assert page.heading == dutch("We do not know this link")
    form = {"csrf_token": phone.token(), "besluit": "approve", "versie": "2"}
    for path in ("", "/ongedaan"):
        assert phone.asks(f"/beslissen/{token}{path}", method="POST", data=form).status_code == 404


def test_guessing_links_is_limited(asked, phone):
    count = LIMITS[Limited.LINK_FOR_ADDRESS].count
    answers = [phone.asks(f"/beslissen/poging-{number}").status_code for number in range(count + 1)]
    assert answers == [404] * count + [429]
    # Whoever has a real one is not stopped by who guesses behind the same router.
    assert opens(phone).heading == "Algemene vergadering"


# Undoing.


def test_undo_on_the_page_after_it_opens_the_choice_again(asked, phone):
    page = sends(opens(phone), besluit="approve").form("from_mail.undo").sends()
    assert page.found(css="messages") == [dutch("Undone. Nobody was told, and the request waits for you again.")]
    assert (page.heading, page.form("from_mail.decide")["besluit"]) == ("Algemene vergadering", "")
    assert [one.action for one in read(asked.code).events][-2:] == [Action.DECIDE, Action.UNDO]


def test_undo_pressed_twice_undoes_once(asked, phone):
    page = sends(opens(phone), besluit="approve")
    form = page.form("from_mail.undo")
    form.sends()
    before = totals()
    assert (form.sends().heading, totals()) == ("Algemene vergadering", before)


def test_undo_in_another_browser_or_too_late_is_refused(asked, phone, passer_by, clock):
    token = token_of()
    page = sends(opens(phone), besluit="approve")
    answer = passer_by.asks(f"/beslissen/{token}/ongedaan", method="POST", data={"csrf_token": passer_by.token()})
    assert answer.status_code == 409
    clock.passes(UNDO_WITHIN)
    assert page.form("from_mail.undo").sends(status=409).heading == "Beslist: ja"
    assert read(asked.code).decision is not None


# A mailbox that several share.


@pytest.fixture
def shared(app):
    venue = make_venue("open-huis-malem", name="Open Huis Malem")
    people = [make_account(MARCEL, "Marcel"), make_account("rita@x.example", "Rita"), make_account(AN, "An Peeters")]
    make_desk("malem", name="Open Huis Malem", venue=venue, email=SHARED, members=people)
    return make_room("zaal", venue=venue)


def test_shared_mailbox_sends_with_a_name_and_never_the_askers(shared, phone):
    request = make_request(room=shared, by=an())
    page = opens(phone, token=token_of(SHARED))
    names = page.form("from_mail.decide").offered["wie"]
    assert names == [accounts.by_email(email).code for email in (MARCEL, "rita@x.example")]
    page = sends(page, besluit="approve", name=names[1])
    assert "Beslist door Rita, voor Open Huis Malem" in page.text
    assert read(request.code).events[-1].account.email == "rita@x.example"


@pytest.mark.parametrize("name", [None, AN, "iemand"])
def test_shared_mailbox_needs_a_name_that_it_offers(shared, phone, name):
    request = make_request(room=shared, by=an())
    forged = accounts.by_email(AN).code if name == AN else name
    page = sends(opens(phone, token=token_of(SHARED)), besluit="approve", name=forged, status=422)
    assert dutch("Press the button with your own name.") in page.text
    assert (page.form("from_mail.decide")["besluit"], read(request.code).decision) == ("approve", None)


def test_shared_mailbox_of_which_nobody_may_decide_says_so(app, phone):
    venue = make_venue("open-huis-malem")
    els = make_account("els@yoga.example", "Els")
    make_desk("malem", venue=venue, email=SHARED, members=[els])
    make_request(room=make_room("zaal", venue=venue), by=actor_of(els))
    page = opens(phone, token=token_of(SHARED), status=410)
    assert "Niemand van je balie kan hierover beslissen" in page.text


def test_timeline_of_the_desk_says_that_it_came_from_the_mail(asked, phone, app):
    sends(opens(phone), besluit="approve")
    page = Browser(app, accounts.by_email(MARCEL)).opens("desk.show", code=asked.code)
    assert "De balie besliste: ja" in page.text
    assert dutch("From the mail.") in page.text
    assert from_mail.FROM_MAIL not in {one.note for one in read(asked.code).events}


# Where the members of the desk vote.


@pytest.fixture
def voted(drongen):
    """Marcel and Mia must both say yes."""
    mia = make_account("mia@drongen.example", "Mia")
    desk = desks.by_slug("drongen")
    keep(DeskMember(desk_id=desk.id, account_id=mia.id, since=NOW))
    advice.set_advice("drongen", AdviceKind.DECIDES, needed=2, days=7, silence=Silence.NOTHING, by=marcel(), now=NOW)
    return make_request(room=drongen, activity="Dansavond")


def test_vote_by_mail_is_said_and_then_shown_by_the_same_link(voted, phone):
    page = opens(phone)
    assert dutch("Your vote") in page.text
    form = page.form("from_mail.decide")
    assert (form.offered["besluit"], form["besluit"]) == (["approve", "refuse", "ask"], "")
    page = sends(page, besluit="refuse", status=422)
    assert page.errors == {"reden": dutch("Write why. Your desk reads it.")}
    page = sends(page, besluit="approve")
    assert (page.heading, read(voted.code).decision) == (dutch("Your vote: %(what)s", what=dutch("yes")), None)
    assert dutch("Nothing is decided yet: others still vote.") in page.text


def test_last_vote_by_mail_decides_together_and_is_undone_there(voted, phone, app):
    mia = Browser(app)
    sends(opens(mia, token=token_of("mia@drongen.example")), besluit="approve")
    page = sends(opens(phone), besluit="approve")
    assert page.heading == dutch("Decided: %(what)s", what=dutch("yes"))
    desk = desks.by_slug("drongen").name
    assert dutch("the members of %(desk)s together", desk=desk) in page.text
    other = opens(mia, token=token_of("mia@drongen.example"))
    assert (other.has_form("from_mail.undo"), page.has_form("from_mail.undo")) == (False, True)
    page.form("from_mail.undo").sends()
    assert read(voted.code).decision is None
    other = opens(mia, token=token_of("mia@drongen.example"))
    assert other.heading == dutch("Your vote no longer counts")
