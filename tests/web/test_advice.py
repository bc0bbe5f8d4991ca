"""Voting on the page: who can, what they see, what it comes to; and the page on which a desk chooses how it decides."""

from datetime import time

import pytest

from tests import decisions as deciding
from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.requests import Action
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import advice, dates, decisions
from zalenzoeker.storage import accounts, desks
from zalenzoeker.storage import advice as storage

MARCEL = "marcel@drongen.example"
MIA = "mia@drongen.example"
JAN = "jan@drongen.example"
SOFIE = "sofie@stad.example"
ASKER = "an@harmonie.example"
WHY = "Dan is het te druk."
UNTIL = "maandag 30 november 2026"


@pytest.fixture
def hall(app):
    """The hall of an Open Huis with three volunteers."""
    venue = make_venue("open-huis-drongen", name="Open Huis Drongen")
    room = make_room("zaal", venue=venue)
    people = [make_account(MARCEL, "Marcel"), make_account(MIA, "Mia"), make_account(JAN, "Jan")]
    make_desk("drongen", name="Open Huis Drongen", venue=venue, members=people)
    make_city_desk([make_account(SOFIE, "Sofie")])
    return room


def by(email):
    return actor_of(accounts.by_email(email))


def votes_by(kind=AdviceKind.DECIDES, needed=2, silence=Silence.NO):
    advice.set_advice("drongen", kind, needed=needed, days=7, silence=silence, by=by(MARCEL), now=NOW)


@pytest.fixture
def asked(hall):
    votes_by()
    return make_request(room=hall, activity="Algemene vergadering")


@pytest.fixture
def marcel(app, hall):
    return Browser(app, accounts.by_email(MARCEL))


@pytest.fixture
def mia(app, hall):
    return Browser(app, accounts.by_email(MIA))


@pytest.fixture
def sofie(app, hall):
    return Browser(app, accounts.by_email(SOFIE))


def form(browser, request):
    return browser.opens("desk.show", code=request.code).form("advice.vote", code=request.code)


def says(request, email, is_yes=True, note=""):
    version = read(request.code).version
    advice.vote(request.code, is_yes, by=by(email), now=NOW, version=version, note=note or ("" if is_yes else WHY))


def actions(request):
    return [one.action for one in read(request.code).events[1:]]


# A vote.


def test_votes_of_two_members_decide(asked, marcel, mia):
    page = form(marcel, asked).fills_in(stem="approve", uitleg="Fijne groep.").sends()
    assert page.found(css="messages") == [dutch("Your vote counts. You can still change it.")]
    assert (marcel.trail, page.has_form("desk.decide")) == ([f"/balie/aanvragen/{asked.code}#stemmen"], False)
    page = mia.opens("desk.show", code=asked.code)
    assert dutch("So far: %(yes)s yes, %(no)s no, %(left)s not yet.", yes=1, no=0, left=2) in page.text
    assert ("Fijne groep." in page.text, "Jan" in page.text) == (True, True)
    page = page.form("advice.vote").fills_in(stem="approve").sends()
    assert mia.trail == ["/balie"]
    assert page.found(css="messages") == [dutch("Your vote counts, and with it there are enough: it is a yes.")]
    assert dutch("Just decided") in page.text
    assert read(asked.code).decision.votes["yes"] == 2
    page = mia.opens("desk.show", code=asked.code)
    assert (page.has_form("advice.vote"), page.has_form("desk.undo")) == (False, True)
    assert dutch("The votes decided this at %(time)s.", time="10.00") in page.text
    assert dutch("%(yes)s of the %(num)d members said yes.", yes=2, num=3) in page.text


def test_vote_that_was_cast_is_shown_and_can_be_changed(asked, marcel):
    form(marcel, asked).fills_in(stem="refuse", uitleg=WHY, **{"aan-aanvrager": "In maart wel."}).sends()
    again = form(marcel, asked)
    assert (again["stem"], again["uitleg"], again["aan-aanvrager"]) == ("refuse", WHY, "In maart wel.")
    again.fills_in(stem="approve", uitleg="Toch wel.").sends()
    assert actions(asked) == [Action.VOTE, Action.VOTE]


def test_no_without_a_reason_and_no_choice_are_said_and_keep_what_was_typed(asked, marcel):
    page = form(marcel, asked).fills_in(stem="refuse", **{"aan-aanvrager": "Sorry."}).sends(status=422)
    assert page.errors == {"uitleg": dutch("Write why. Your desk reads it.")}
    kept = page.form("advice.vote")
    assert (kept["stem"], kept["aan-aanvrager"]) == ("refuse", "Sorry.")
    kept.fills_in(uitleg=WHY).sends()
    page = form(marcel, asked).forges(stem="").sends(status=422)
    assert page.errors == {"stem": dutch("Choose yes or no")}
    assert actions(asked) == [Action.VOTE]


def test_yes_to_an_exception_needs_words(hall, marcel):
    votes_by()
    slot = at("10:00", "12:00", day=NOW.date().replace(month=12, day=5))
    request = make_request(room=hall, slot=slot, exception_reason="Een afscheid.")
    page = form(marcel, request).fills_in(stem="approve").sends(status=422)
    assert page.errors == {"uitleg": dutch("They ask for an exception. Write why it is fine; the asker reads it.")}


def test_vote_on_an_old_page_is_not_counted_and_its_words_are_kept(asked, marcel, mia):
    old = form(marcel, asked)
    for email in (MIA, JAN):
        says(asked, email)
    page = old.fills_in(stem="refuse", uitleg=WHY).sends(status=409)
    assert (page.heading, WHY in page.text) == (dutch("This request changed meanwhile"), True)
    assert actions(asked) == [Action.VOTE, Action.VOTE, Action.DECIDE]


def test_vote_that_is_sent_twice_is_one(asked, marcel):
    sent = form(marcel, asked).fills_in(stem="approve")
    sent.sends()
    sent.sends()
    assert actions(asked) == [Action.VOTE]


def test_member_decides_about_nothing_alone_by_any_way(asked, marcel):
    page = marcel.opens("desk.show", code=asked.code)
    assert (page.has_form("desk.decide"), page.has_form("advice.vote")) == (False, True)
    sent = {"besluit": "approve", "versie": str(asked.version)}
    page = marcel.posts("desk.decide", sent, code=asked.code, status=403)
    assert page.heading == dutch("You do not decide about this alone")
    decisions.decide(
        asked.code, {asked.first.uid: Action.REFUSE}, by=by(SOFIE), now=NOW, version=asked.version, note="x"
    )
    assert marcel.opens("desk.inbox").has_form("desk.undo") is False
    assert marcel.opens("desk.show", code=asked.code).has_form("desk.undo") is False
    page = marcel.posts("desk.undo", {}, code=asked.code, status=403)
    assert page.heading == dutch("You do not decide about this alone")
    assert read(asked.code).decision.account_id == by(SOFIE).account_id


def test_city_desk_sees_who_said_what_and_overrules_with_words(asked, sofie):
    says(asked, MARCEL, is_yes=False)
    page = sofie.opens("desk.show", code=asked.code)
    assert (page.has_form("advice.vote"), WHY in page.text) == (False, True)
    sent = page.form("desk.decide", code=asked.code).fills_in(besluit="approve")
    page = sent.sends(status=422)
    assert page.errors == {"reden": dutch("The members of the desk vote about this. Write why you decide instead.")}
    page.form("desk.decide", code=asked.code).fills_in(reden="Het is dringend.").sends()
    assert actions(asked) == [Action.VOTE, Action.DECIDE]


def test_member_of_both_desks_votes_or_decides(hall, asked, app):
    make_city_desk([accounts.by_email(JAN)])
    page = Browser(app, accounts.by_email(JAN)).opens("desk.show", code=asked.code)
    assert (page.has_form("advice.vote"), page.has_form("desk.decide")) == (True, True)


def test_booking_that_was_voted_is_not_cancelled_by_one_member(asked, marcel):
    for email in (MIA, JAN):
        says(asked, email)
    deciding.told(asked.code)
    page = marcel.opens("desk.show", code=asked.code)
    assert page.has_form("desk.decide") is False
    said = "Must the booking be cancelled? Nobody does that alone here: ask the city desk."
    assert dutch(said) in page.text


def test_own_request_is_not_voted_about_and_does_not_show_the_votes(hall, app, marcel):
    votes_by(needed=3)
    own = make_request(room=hall, by=by(MARCEL))
    says(own, MIA, is_yes=False)
    page = marcel.opens("desk.show", code=own.code)
    assert (page.has_form("advice.vote"), WHY in page.html, "Mia" in page.main) == (False, False, False)
    marcel.posts("advice.vote", {"stem": "approve", "versie": str(own.version)}, code=own.code, status=403)
    page = Browser(app, accounts.by_email(MIA)).opens("desk.show", code=own.code)
    assert dutch("Usually %(needed)s, but no more than that can vote.", needed=3) in page.text


def test_votes_of_before_a_change_are_shown_apart(asked, marcel, mia):
    for email in (MIA, JAN):
        says(asked, email)
    mia.opens("desk.inbox").form("desk.undo", code=asked.code).sends()
    page = marcel.opens("desk.show", code=asked.code)
    assert dutch("Votes that no longer count") in page.text
    assert dutch("So far: %(yes)s yes, %(no)s no, %(left)s not yet.", yes=0, no=0, left=3) in page.text


def test_vote_about_a_series_says_that_it_is_about_all_dates(hall, marcel):
    votes_by()
    request = make_series(hall, pattern=weekly(count=3))
    page = marcel.opens("desk.show", code=request.code)
    assert dutch("A vote is about all dates that wait. The city desk can decide date by date.") in page.text


# The list of what waits.


def test_inbox_says_how_the_votes_stand_and_whose_is_missing(asked, marcel, mia):
    says(asked, MARCEL)
    stands = dutch("%(cast)s of %(members)s votes", cast=1, members=3)
    page = marcel.opens("desk.inbox")
    assert (stands in page.text, dutch("%(stands)s, yours is missing", stands=stands) in page.text) == (True, False)
    assert dutch("%(stands)s, yours is missing", stands=stands) in mia.opens("desk.inbox").text


def test_inbox_asks_as_much_about_three_requests_as_about_one(hall, asked, marcel, queries_of):
    one = len(queries_of(lambda: marcel.opens("desk.inbox")))
    for hour in (9, 11):
        other = make_request(room=hall, slot=at(f"{hour:02}:00", f"{hour + 1}:00"), contact_email=f"b{hour}@x.example")
        says(other, MIA)
    assert len(queries_of(lambda: marcel.opens("desk.inbox"))) == one


def test_several_answers_at_once_are_votes(hall, asked, marcel, mia):
    other = make_request(room=hall, slot=at("09:00", "10:00"), contact_email="b@x.example")
    keys = [f"{one.code}:{one.version}" for one in (asked, other)]
    page = marcel.opens("desk.inbox").form("desk.several")
    page = page.forges(keuze=keys, besluit="refuse", waarom="werken", reden="In mei wel.").sends()
    assert page.found(css="messages") == [dutch("%(num)d votes of you count.", num=2)]
    vote = storage.about(read(other.code)).counted[0]
    works = dutch("There are works in the building then.")
    assert (vote.is_yes, vote.note, vote.to_asker) == (False, f"{works} In mei wel.", "In mei wel.")
    mia.opens("desk.inbox").form("desk.several").forges(keuze=keys, besluit="refuse", waarom="werken").sends()
    assert [read(one.code).decision.answers[one.first.uid] for one in (asked, other)] == ["refuse"] * 2


def test_several_answers_of_the_city_desk_at_voting_desks_need_words(hall, asked, sofie):
    make_request(room=hall, slot=at("09:00", "10:00"), contact_email="b@x.example")
    page = sofie.opens("desk.inbox").form("desk.several")
    page = page.forges(keuze=[f"{asked.code}:{asked.version}"], besluit="approve").sends()
    which = f"{asked.activity}, {asked.asker} ({asked.reference})"
    said = "%(which)s: the members of the desk vote about it. Open it, and write why."
    assert (page.found(css="messages"), actions(asked)) == ([dutch(said, which=which)], [])


# What the asker and everybody else reads.


@pytest.mark.parametrize(
    "kind,silence,words",
    [
        (AdviceKind.DECIDES, Silence.NO, "The members of %(desk)s decide together, by %(day)s at the latest."),
        (AdviceKind.DECIDES, Silence.NOTHING, "The members of %(desk)s decide together. They vote until %(day)s."),
        (
            AdviceKind.ADVISES,
            Silence.NOTHING,
            "%(desk)s gives advice, by %(day)s at the latest. After that the city desk decides.",
        ),
    ],
)
def test_status_page_says_how_this_house_decides_and_never_who_said_what(hall, passer_by, kind, silence, words):
    votes_by(kind, silence=silence)
    request = make_request(room=hall)
    says(request, MIA, is_yes=False)
    page = passer_by.opens("requests.show", code=request.code)
    assert dutch(words, desk="Open Huis Drongen", day=UNTIL) in page.text
    assert [one for one in ("Mia", WHY, dutch("A vote: no")) if one in page.html] == []


def test_member_who_asks_is_not_promised_that_silence_is_a_yes(hall, passer_by):
    votes_by(silence=Silence.YES)
    yes, no = make_request(room=hall), make_request(room=hall, by=by(JAN), slot=at("09:00", "10:00"))
    page = passer_by.opens("requests.show", code=yes.code)
    promised = dutch(
        "The members of %(desk)s decide together, by %(day)s at the latest.", desk="Open Huis Drongen", day=UNTIL
    )
    assert (promised in page.text, promised in passer_by.opens("requests.show", code=no.code).text) == (True, False)


def test_asker_reads_that_the_members_voted_no(asked, app):
    says(asked, MIA, is_yes=False)
    says(asked, JAN, is_yes=False)
    deciding.told(asked.code)
    page = Browser(app, accounts.by_email(ASKER)).opens("requests.show", code=asked.code)
    assert dutch("The members of the desk voted, and not enough of them said yes.") in page.text
    assert (WHY in page.html, "Mia" in page.html) == (False, False)


def test_advice_is_public_and_who_gave_it_is_for_the_desk(hall, passer_by, marcel, sofie):
    votes_by(AdviceKind.ADVISES, needed=1)
    request = make_request(room=hall)
    form(marcel, request).fills_in(stem="approve", uitleg="Lieve mensen.").sends()
    assert (marcel.trail, request.code in marcel.opens("desk.inbox").html) == (["/balie"], False)
    page = passer_by.opens("requests.show", code=request.code)
    assert dutch("%(desk)s gave advice: favourable", desk="Open Huis Drongen") in page.text
    assert ("Lieve mensen." in page.html, "Marcel" in page.html) == (False, False)
    page = sofie.opens("desk.show", code=request.code)
    assert dutch("Advice of %(desk)s", desk="Open Huis Drongen") in page.found(tag="h2")
    assert dutch("The asker changed the request after that.") not in page.text
    assert ("Lieve mensen." in page.text, "Marcel" in page.text) == (True, True)


def test_advice_about_what_was_changed_after_it_is_said_so(hall, sofie):
    votes_by(AdviceKind.ADVISES, needed=1)
    request = make_request(room=hall)
    says(request, MIA)
    move = dates.Move(from_time=time(15), to_time=time(19))
    dates.change(request.code, request.first.uid, Scope.THIS, move, by=by(ASKER), now=NOW)
    page = sofie.opens("desk.show", code=request.code)
    assert dutch("The asker changed the request after that.") in page.text


# How a desk decides.


def test_desk_chooses_how_it_decides(hall, marcel):
    page = marcel.opens("advice.settings", desk="drongen")
    page = page.form("advice.settings").fills_in(soort="decides", stemmen="2", dagen="5", stilte="yes").sends()
    assert page.found(css="messages") == [dutch("Kept. It counts for requests that come from now on.")]
    kept = page.form("advice.settings")
    assert [kept[name] for name in ("soort", "stemmen", "dagen", "stilte")] == ["decides", "2", "5", "yes"]
    found = desks.by_slug("drongen")
    assert (found.advice, found.votes_needed, found.advice_days, found.silence_means) == (
        AdviceKind.DECIDES,
        2,
        5,
        Silence.YES,
    )
    page.form("advice.settings").fills_in(soort="none", stemmen="", dagen="veel").sends()
    assert desks.by_slug("drongen").voting is None


@pytest.mark.parametrize(
    "name,typed,words",
    [
        ("stemmen", "4", "Fill in a number from 1 to %(most)s: so many members has your desk."),
        ("stemmen", "0", "Fill in a number from 1 to %(most)s: so many members has your desk."),
        ("stemmen", "", "Fill in a number, for instance 30"),
        ("dagen", "29", "Fill in a number of days from 1 to %(most)s."),
        ("dagen", "-1", "Fill in a number of days from 1 to %(most)s."),
    ],
)
def test_number_that_cannot_be_is_refused_and_kept_on_the_form(hall, marcel, name, typed, words):
    page = marcel.opens("advice.settings", desk="drongen").form("advice.settings")
    page = page.fills_in(soort="decides", **{name: typed}).sends(status=422)
    assert page.errors == {name: dutch(words, most=3 if name == "stemmen" else 28)}
    assert page.form("advice.settings")[name] == typed
    assert desks.by_slug("drongen").voting is None


def test_letters_for_a_number_are_refused(hall, marcel):
    page = marcel.opens("advice.settings", desk="drongen").form("advice.settings")
    page = page.fills_in(soort="decides", stemmen="veel").sends(status=422)
    assert page.errors == {"stemmen": dutch("Fill in a number, for instance 30")}


def test_city_desk_and_unknown_desks_have_no_such_page(hall, marcel, sofie):
    sofie.opens("advice.settings", desk="stad", status=404)
    sofie.opens("advice.settings", desk="bestaat-niet", status=404)
    marcel.opens("advice.settings", desk="stad", status=404)
