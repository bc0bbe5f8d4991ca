"""The desk proposes something else than what was asked, and the asker answers from the letter."""

from datetime import timedelta

import icalendar

from tests.browser import Browser, dutch
from tests.builders import at
from zalenzoeker import clock as system_clock
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import deadlines
from zalenzoeker.storage import requests, self_check

FEED = "/kalender/zaal/open-huis-drongen/zaal-open-huis.ics"


def proposes(desk, code, *, words):
    """Propose the evening on the page, and let the ten minutes pass in which that can be undone."""
    page = desk.opens("desk.show", code=code).clicks("Propose something else")
    page.form("proposals.new").fills_in(van="19:00", tot="22:00", bericht=words).sends()
    desk.post.clock.passes(UNDO_WITHIN)
    deadlines.tick(system_clock.now())


def test_evening_is_proposed_and_taken_with_one_tap_in_the_letter(app, drongen, an, marcel):
    """Marcel cannot give the afternoon; An taps yes on her phone, where she never signed in."""
    code = an.asks_for_the_hall().path.rpartition("/")[2]
    assert "Algemene vergadering" in marcel.opens("desk.inbox").main
    proposes(marcel, code, words="Overdag is er soepcafé.")
    assert dutch("Proposal waits for the asker") in marcel.opens("desk.inbox").main
    assert "Overdag is er soepcafé." in an.reads()

    phone = Browser(app)
    address = next(word for word in an.reads().split() if "/voorstel/" in word)
    page = phone.visits(address.removeprefix("http://127.0.0.1:8000"))
    page = page.form("agreeing.agree_by_letter").sends()
    assert page.heading == dutch("Yes, the room is yours")

    letter = an.post.newest("an@harmonie.example")
    event = icalendar.Calendar.from_ical(next(letter.iter_attachments()).get_content()).walk("VEVENT")[0]
    assert event.decoded("DTSTART").replace(tzinfo=None) == at("19:00", "22:00").starts
    calendar = icalendar.Calendar.from_ical(phone.asks(FEED).data)
    assert [one.decoded("DTSTART").replace(tzinfo=None).hour for one in calendar.walk("VEVENT")] == [19]
    assert dutch("The asker said yes to the proposal") in marcel.reads()
    assert (requests.by_code(code).status, self_check.faults()) == (Status.APPROVED, [])


def test_silence_and_a_no_are_not_the_end(drongen, an, marcel):
    """An is away for a week, then says no to a second proposal; Marcel gives her what she asked first."""
    code = an.asks_for_the_hall().path.rpartition("/")[2]
    proposes(marcel, code, words="Overdag is er soepcafé.")
    marcel.post.clock.passes(timedelta(days=6))
    deadlines.tick(system_clock.now())
    assert dutch("The proposal ended without an answer") in marcel.reads()
    assert dutch("The proposal is over") in an.reads()

    proposes(marcel, code, words="Past de avond?")
    page = an.follows_the_letter("/voorstel/")
    page = page.form("agreeing.decline_by_letter").fills_in(bericht="’s Avonds repeteren we.").sends()
    assert page.heading == dutch("The house looks at the request")
    assert "’s Avonds repeteren we." in marcel.reads()
    marcel.follows_the_letter("/balie/aanvragen/")
    marcel.decides("approve", reden="Dan schuift het soepcafé op.")
    assert an.follows_the_letter("/aanvragen/").heading == dutch("Yes, the room is yours")
    assert self_check.faults() == []
