"""What a house adds to its letters: kept by its keepers, seen beforehand, filled in, and never more than words."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import actor_of, at, make_request
from zalenzoeker.domain.changes import version_of
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways import mailer
from zalenzoeker.services import date_reminders, house_letters
from zalenzoeker.services.house_letters import LetterWords, UnknownName
from zalenzoeker.services.house_texts import TooLong
from zalenzoeker.storage import accounts, changes, letters
from zalenzoeker.storage.db import db

MARCEL = "marcel@drongen.example"
HOUSE = {"sender": "zalen@stad.example", "sender_name": "Zalenzoeker", "public_url": "https://zalen.stad.example"}
KEY = "Dag {naam}, de sleutel van {zaal} hangt in {huis} op {dag}.\n\nBreng glazen mee voor {activiteit} ({nummer})."


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email(MARCEL))


def fills_in(browser, **fields):
    return browser.opens("house_letters.show", venue="open-huis-drongen").form("house_letters.show").fills_in(**fields)


def say(drongen, approval="", reminder=""):
    there = version_of(house_letters.told(drongen.venue_id).as_kept())
    by = actor_of(accounts.by_email(MARCEL))
    words = LetterWords(approval, reminder)
    house_letters.say("open-huis-drongen", words, by=by, now=at().starts_at, version=there)


def written(kind):
    db.session.close()
    return mailer.compose(next(one for one in letters.newest() if one.kind == kind).parcel, **HOUSE)


def texts(message):
    return [message.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_house_sees_its_words_filled_in_before_they_are_kept(marcel, drongen):
    page = fills_in(marcel, **{"bij-ja": KEY}).forges(bekijk="ja").sends()
    assert page.found(css="own-words")[0].startswith("Dag An Peeters, de sleutel van Zaal Open Huis hangt in Open Huis")
    assert house_letters.told(drongen.venue_id) == LetterWords()


def test_words_are_kept_and_stand_in_the_log(marcel, drongen):
    page = fills_in(marcel, **{"bij-ja": KEY, "bij-herinnering": "Tot dan."}).sends()
    assert page.found(css="messages") == [dutch("Kept. It stands in the letters from now on.")]
    assert house_letters.told(drongen.venue_id) == LetterWords(KEY, "Tot dan.")
    log = marcel.opens("logbook.show", venue="open-huis-drongen")
    assert dutch("What the house adds to the letter that says yes") in log.text
    assert dutch("What the house adds to the reminder") in log.text


def test_name_that_nobody_knows_is_told_and_what_was_typed_stays(marcel, drongen):
    page = fills_in(marcel, **{"bij-ja": "Code: {sleutelcode}"}).sends(status=422)
    assert "{sleutelcode}" in page.errors["bij-ja"]
    assert page.form("house_letters.show")["bij-ja"] == "Code: {sleutelcode}"
    assert house_letters.told(drongen.venue_id) == LetterWords()


def test_text_that_is_too_long_is_refused(marcel, drongen):
    page = fills_in(marcel, **{"bij-ja": "a" * 801}).sends(status=422)
    assert list(page.errors) == ["bij-ja"]


@pytest.mark.parametrize(("words", "error"), [("a" * 801, TooLong), ("{huis.__class__}", UnknownName)])
def test_service_refuses_what_the_form_would(drongen, words, error):
    with pytest.raises(error):
        say(drongen, approval=words)


def test_who_keeps_it_twice_at_once_is_told(marcel, drongen):
    first, second = fills_in(marcel, **{"bij-ja": "Een."}), fills_in(marcel, **{"bij-ja": "Twee."})
    first.sends()
    page = second.sends(status=409)
    assert "Een." in page.found(css="own-words")
    assert house_letters.told(drongen.venue_id).approval == "Een."


def test_letter_that_says_yes_has_the_words_of_the_house_in_both_its_forms(drongen):
    say(drongen, approval=KEY)
    make_request(Status.APPROVED, room=drongen, activity="Quiz {huis}")
    for text in texts(written("request_approved")):
        assert "de sleutel van Zaal Open Huis hangt in Open Huis Drongen op zaterdag 16 januari 2027." in text
        # What is filled in is not looked at again.
        assert "Breng glazen mee voor Quiz {huis} (" in text


def test_reminder_has_words_of_its_own(drongen):
    say(drongen, approval="Alleen bij ja.", reminder="Zet de verwarming af.")
    request = make_request(Status.APPROVED, room=drongen)
    date_reminders.tell(request.first.slot.starts_at - timedelta(days=7))
    for text in texts(written("date_reminder")):
        assert ("Zet de verwarming af." in text, "Alleen bij ja." in text) == (True, False)


def test_words_that_look_like_more_stay_words(drongen):
    nasty = "<script>x</script> % if huis % %(code)s $huis\nBcc: iedereen@elders.example\nSubject: weg"
    say(drongen, approval=nasty)
    make_request(Status.APPROVED, room=drongen)
    message = written("request_approved")
    plain, html = texts(message)
    assert ("<script" in html, "<script>x</script> % if huis % %(code)s $huis" in plain) == (False, True)
    assert (message["Bcc"], "weg" in message["Subject"]) == (None, False)


def test_letter_that_was_written_before_keeps_what_it_said(drongen):
    say(drongen, approval="Eerst.")
    make_request(Status.APPROVED, room=drongen)
    say(drongen, approval="Later.")
    assert "Eerst." in texts(written("request_approved"))[0]
    assert len(changes.of_house(drongen.venue_id, [], 9, 0)) == 2
