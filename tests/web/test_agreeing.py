"""The asker answers a proposal: by the letter without signing in, or on the page of the request."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, actor_of, at, make_account, make_request, make_series, read, weekly
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import decisions, proposals
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import accounts, letters

ASKER = "an@harmonie.example"
OVER = dutch("This proposal is over")
YES = "You said yes, and the room is yours. A letter with the date for your calendar is on its way."
NO = "You said no. The house was told, and what you asked first is with it again."


def proposed(request, note="Overdag is er soepcafé.", **more):
    """The desk proposes the evening, and its letter has left."""
    slot = at("19:00", "22:00")
    by = actor_of(accounts.by_email("marcel@drongen.example"))
    move = Move(slot.starts.time(), slot.ends.time())
    uids = [one.uid for one in request.dates]
    proposals.propose(
        request.code, uids, move, by=by, now=NOW, version=request.version, note=note, undo_within=timedelta(0), **more
    )
    decisions.carry_out(request.code, NOW)
    return request


@pytest.fixture
def asked(drongen):
    return proposed(make_request(room=drongen, activity="Algemene vergadering"))


@pytest.fixture
def an(app, asked):
    return Browser(app, accounts.by_email(ASKER))


def token():
    return next(one.facts["token"] for one in letters.newest() if one.kind == "proposal_made")


def states(request):
    return sorted(str(one.status) for one in read(request.code).occurrences)


def test_letter_opens_the_page_and_one_tap_says_yes(passer_by, asked):
    page = passer_by.opens("agreeing.show", token=token())
    assert page.heading == dutch("The house proposes something else")
    assert "Zaterdag 16 januari 2027, 19.00 tot 22.00 uur" in page.main
    assert "Overdag is er soepcafé." in page.main
    assert states(asked) == ["proposed", "requested"]
    page = page.form("agreeing.agree_by_letter").sends()
    assert (page.heading, page.found(css="messages")) == (dutch("Yes, the room is yours"), [dutch(YES)])
    assert states(asked) == ["approved"]


def test_no_with_a_word_by_letter(passer_by, asked):
    page = passer_by.opens("agreeing.show", token=token())
    page = page.form("agreeing.decline_by_letter").fills_in(bericht="Dan is er geen dirigent.").sends()
    assert (page.heading, page.found(css="messages")) == (dutch("The house looks at the request"), [dutch(NO)])
    assert (states(asked), letters.newest()[0].facts["note"]) == (
        ["requested", "withdrawn"],
        "Dan is er geen dirigent.",
    )
    assert "dirigent" not in page.main


@pytest.mark.parametrize(
    "first,second,status", [("agree", "agree", 200), ("decline", "decline", 200), ("agree", "decline", 409)]
)
def test_second_answer_changes_nothing(passer_by, asked, first, second, status):
    page = passer_by.opens("agreeing.show", token=token())
    forms = {one: page.form(f"agreeing.{one}_by_letter") for one in ("agree", "decline")}
    forms[first].sends()
    before = states(asked)
    page = forms[second].sends(status=status)
    assert (states(asked), page.heading == OVER) == (before, status == 409)


def test_words_that_cannot_be_read_stay_typed(passer_by, asked):
    form = passer_by.opens("agreeing.show", token=token()).form("agreeing.decline_by_letter")
    page = form.fills_in(bericht="a" * 2001).sends(status=422)
    assert list(page.errors) == ["bericht"]
    assert page.form("agreeing.decline_by_letter")["bericht"] == "a" * 2001
    assert states(asked) == ["proposed", "requested"]


@pytest.mark.parametrize("answer,said", [("agree", YES), ("decline", NO)])
def test_asker_answers_on_the_page_of_the_request(an, asked, answer, said):
    page = an.opens("requests.show", code=asked.code)
    assert page.heading == dutch("The house proposes something else")
    assert dutch("The asker says yes or no") in page.main
    page = page.form(f"agreeing.{answer}").sends()
    assert page.found(css="messages") == [dutch(said)]


def test_passer_by_sees_that_it_waits_but_no_words_and_no_buttons(passer_by, asked):
    page = passer_by.opens("requests.show", code=asked.code)
    assert dutch("Is this your request? Then use the button in the letter, or sign in.") in page.main
    assert ("soepcafé" in page.main, page.has_form("agreeing.agree")) == (False, False)


def test_my_requests_say_that_something_is_proposed(an, asked):
    assert dutch("The house proposes something else") in an.opens("accounts.mine").main


def test_link_that_nobody_got_is_told_with_a_way_on(passer_by, app):
    page = passer_by.opens("agreeing.show", token="geraden", status=404)
    assert page.heading == dutch("This link no longer works")
    passer_by.posts("agreeing.agree_by_letter", token="geraden", status=404)
    passer_by.posts("agreeing.decline_by_letter", token="geraden", status=404)


def test_proposal_that_is_over_is_told_on_the_page_of_the_letter(passer_by, asked):
    secret = token()
    proposals.end(asked.code, NOW + timedelta(days=5))
    assert passer_by.opens("agreeing.show", token=secret).heading == OVER
    page = passer_by.posts("agreeing.agree_by_letter", token=secret, status=409)
    assert page.heading == OVER


def test_proposal_whose_time_is_over_has_no_buttons_before_the_clock_comes_by(an, passer_by, asked, clock):
    secret = token()
    clock.passes(timedelta(days=5))
    page = an.opens("requests.show", code=asked.code)
    assert (dutch("The time to answer is over.") in page.main, page.has_form("agreeing.agree")) == (True, False)
    assert passer_by.opens("agreeing.show", token=secret).heading == OVER


def test_proposal_for_a_booking_says_that_it_stays(app, drongen):
    booked = proposed(make_request(Status.APPROVED, room=drongen))
    page = Browser(app, accounts.by_email(ASKER)).opens("requests.show", code=booked.code)
    assert dutch("If you say no, or nothing, your booking stays as it is.") in page.main
    page.form("agreeing.decline").sends()
    assert states(booked) == ["approved", "withdrawn"]


def test_every_date_of_a_series_is_named(app, drongen):
    series = proposed(make_series(drongen, pattern=weekly("10:00", "12:00", count=3)))
    page = Browser(app, accounts.by_email(ASKER)).opens("requests.show", code=series.code)
    assert dutch("What the house proposes for %(num)d dates", num=3) in page.main
    page.form("agreeing.agree").sends()
    assert states(series) == ["approved"] * 3


def test_stranger_who_signed_in_has_no_buttons(app, asked):
    stranger = Browser(app, make_account("bert@post.example"))
    page = stranger.opens("requests.show", code=asked.code)
    assert (page.has_form("agreeing.agree"), "soepcafé" in page.main) == (False, False)
    stranger.posts("agreeing.agree", code=asked.code, status=403)
