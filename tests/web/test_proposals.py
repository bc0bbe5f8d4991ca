"""Proposing something else from the page of the desk, and what it shows of a proposal that waits."""

import pytest

from tests import decisions
from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    at,
    code_of,
    make_account,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import agreeing, proposals
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import accounts

MARCEL = "marcel@drongen.example"
EVENING = {"dag": "2027-01-16", "van": "19:00", "tot": "22:00"}


@pytest.fixture
def marcel(app, drongen):
    """A volunteer of the house, at the desk."""
    return Browser(app, accounts.by_email(MARCEL))


@pytest.fixture
def asked(drongen):
    return make_request(Status.REQUESTED, room=drongen, activity="Algemene vergadering")


def propose(marcel, asked, *, status=200, **fields):
    form = marcel.opens("proposals.new", code=asked.code).form("proposals.new")
    return form.fills_in(**{**EVENING, **fields}).sends(status=status)


def states(asked):
    return sorted(str(one.status) for one in read(asked.code).occurrences)


def test_desk_proposes_from_the_page_of_the_request_and_can_undo_it(marcel, asked):
    page = marcel.opens("desk.show", code=asked.code).clicks("Propose something else")
    assert page.heading == dutch("Propose something else")
    page = page.form("proposals.new").fills_in(**EVENING, bericht="Overdag is er soepcafé.").sends()
    assert page.path == "/balie"
    told = "zaterdag 28 november 2026, 10.00 uur"
    assert page.found(css="messages") == [
        dutch(
            "Proposed. The letter leaves at %(time)s; until then you can undo it. "
            "The asker can answer until %(until)s.",
            time="10.10",
            until=told,
        )
    ]
    assert dutch("something else proposed") in page.main
    page = marcel.opens("desk.show", code=asked.code)
    assert "Zaterdag 16 januari 2027, 19.00 tot 22.00 uur" in page.main
    assert "Overdag is er soepcafé." in page.main
    page.form("desk.undo").sends()
    assert states(asked) == ["requested"]


def test_way_on_fills_the_form_in(marcel, asked):
    page = marcel.opens("proposals.new", code=asked.code)
    page = page.clicks("zaterdag 16 januari 2027, 18.00 tot 22.00 uur")
    assert page.form("proposals.new")["van"] == "18:00"
    page.form("proposals.new").sends()
    assert states(asked) == ["requested", "skipped"]


@pytest.mark.parametrize(
    "query,field,value",
    [
        ({"dag": "2027-01-18", "van": "09:00", "tot": "11:00"}, "dag", "2027-01-18"),
        ({"dag": "morgen", "van": "9", "zaal": "nergens/zaal"}, "dag", "2027-01-16"),
        ({"zaal": "nergens/zaal"}, "zaal", "open-huis-drongen/zaal-open-huis"),
        ({"van": "negen"}, "van", "14:00"),
        ({"datum": "een-die-er-niet-is"}, "tot", "18:00"),
    ],
)
def test_address_fills_the_form_in_as_far_as_it_can_be_read(marcel, asked, query, field, value):
    page = marcel.opens("proposals.new", code=asked.code, **query)
    assert page.form("proposals.new")[field] == value


def test_what_is_in_the_way_of_an_address_is_told_before_it_is_sent(marcel, asked, drongen):
    make_request(Status.APPROVED, room=drongen, slot=at("19:00", "21:00"), contact_email="bert@post.example")
    page = marcel.opens("proposals.new", code=asked.code, **EVENING)
    assert dutch("Mind") in page.main
    page = page.form("proposals.new").fills_in(bericht="Toch graag.").sends(status=409)
    assert page.form("proposals.new")["bericht"] == "Toch graag."
    assert states(asked) == ["requested"]


@pytest.mark.parametrize(
    "fields,wrong,words",
    [
        ({"van": "14:00", "tot": "18:00"}, "tot", "This is what was asked. Choose another moment or another room."),
        (
            {"dag": "2026-12-01"},
            "bericht",
            "Write why you set the rule aside. The asker reads it, and it stays on the timeline.",
        ),
        ({"dag": ""}, "dag", "Choose a day that exists, for instance 16-01-2027"),
        ({"van": "20:00", "tot": "20:00"}, "tot", "The end comes before the start"),
        (
            {"dag": "2026-11-23", "van": "10:30", "tot": "12:00", "bericht": "Nu."},
            "dag",
            "It begins too soon for a letter and an answer. Call the asker, or choose a later day.",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(marcel, asked, fields, wrong, words):
    page = propose(marcel, asked, status=422, **fields)
    assert list(page.errors) == [wrong]
    if wrong != "tot" or "14:00" in fields.values():
        assert page.errors[wrong] == dutch(words)
    form = page.form("proposals.new")
    assert {name: form[name] for name in fields} == fields
    assert states(asked) == ["requested"]


def test_room_of_another_desk_is_told_plainly_to_both(app, marcel, asked):
    elsewhere = make_room("refter", venue=make_venue("elders", name="Elders"), name="Refter")
    make_desk("elders", name="Ploeg Elders", venue=elsewhere.venue)
    propose(marcel, asked, zaal=code_of(elsewhere), van="14:00", tot="18:00")
    decisions.told(asked.code)
    page = marcel.opens("desk.show", code=asked.code)
    assert dutch("After a yes it goes to %(desk)s, which decides about it.", desk="Ploeg Elders") in page.main
    an = Browser(app, accounts.by_email(asked.contact_email))
    page = an.opens("requests.show", code=asked.code)
    assert (
        dutch(
            "Mind: this is another house, and %(desk)s still decides about it. If you say yes, your request goes "
            "there, and nothing is kept for you until it arrives.",
            desk="Ploeg Elders",
        )
        in page.main
    )
    page = page.form("agreeing.agree").sends()
    assert page.found(css="messages") == [
        dutch("You said yes. The other house was asked, and you get a letter with its answer.")
    ]
    assert dutch("The asker said yes to the proposal") in page.main


def test_room_of_another_desk_for_a_booking_is_refused_with_its_cure(marcel, drongen):
    booked = make_request(Status.APPROVED, room=drongen)
    elsewhere = make_room("refter", venue=make_venue("elders"))
    make_desk("elders", venue=elsewhere.venue)
    page = propose(marcel, booked, status=422, zaal=code_of(elsewhere))
    assert list(page.errors) == ["zaal"]


def test_dates_of_a_series_are_chosen(marcel, drongen):
    series = make_series(drongen, pattern=weekly(count=3))
    uids = [one.uid for one in series.dates]
    page = marcel.opens("proposals.new", code=series.code, datum=uids[1])
    form = page.form("proposals.new")
    form.fills_in(datum=[]).sends(status=422)
    form.fills_in(datum=uids[1:], dag="2027-01-23", van="09:00", tot="11:00").sends()
    assert states(series) == ["requested"] * 3 + ["skipped"] * 2
    decisions.told(series.code)
    page = marcel.opens("desk.show", code=series.code)
    assert dutch("Proposal waits for an answer") in page.main


def test_proposal_that_waits_is_seen_at_the_desk_and_taken_back(marcel, asked):
    propose(marcel, asked)
    decisions.told(asked.code)
    assert dutch("Proposal waits for the asker") in marcel.opens("desk.inbox").main
    page = marcel.opens("desk.show", code=asked.code)
    assert dutch("Your proposal waits for an answer of the asker") in page.main
    assert not any("voorstel" in address for _words, address in page.links)
    marcel.opens("proposals.new", code=asked.code, status=409)
    page = page.form("proposals.withdraw").sends()
    assert page.found(css="messages") == [
        dutch("You took your proposal back. The asker got a letter, and the room is free again.")
    ]
    assert (states(asked), page.has_form("proposals.withdraw")) == (["expired", "requested"], False)
    assert dutch("The house took its proposal back") in page.main


def test_second_who_proposes_is_told_kindly_and_keeps_the_words(marcel, asked):
    first = marcel.opens("proposals.new", code=asked.code).form("proposals.new")
    propose(marcel, asked)
    page = first.fills_in(**EVENING, bericht="Of toch vroeger?").sends(status=409)
    assert (page.heading, "Of toch vroeger?" in page.main) == (dutch("Nothing can be proposed now"), True)


def test_taking_back_what_was_answered_meanwhile_is_told_kindly(marcel, asked):
    uid, code = asked.first.uid, asked.code
    by = accounts.actor(accounts.by_email(MARCEL))
    proposals.propose(code, [uid], Move(*(one.time() for one in _hours())), by=by, now=NOW, version=asked.version)
    decisions.told(code)
    page = marcel.opens("desk.show", code=code)
    agreeing.agree(code, by=accounts.actor(accounts.by_email(asked.contact_email)), now=NOW)
    page = page.form("proposals.withdraw").sends(status=409)
    assert page.heading == dutch("Nothing can be proposed now")


def _hours():
    slot = at("19:00", "22:00")
    return slot.starts, slot.ends


def test_nobody_proposes_on_their_own_request(app, drongen):
    account = accounts.by_email(MARCEL)
    own = make_request(room=drongen, by=accounts.actor(account))
    browser = Browser(app, account)
    assert not any("voorstel" in address for _words, address in browser.opens("desk.show", code=own.code).links)
    browser.opens("proposals.new", code=own.code, status=403)


@pytest.mark.parametrize("count", [1, 3])
def test_form_is_not_for_other_desks(app, asked, count):
    rita = make_account(f"rita{count}@elders.example", "Rita")
    make_desk(venue=make_venue("elders"), members=[rita])
    Browser(app, rita).opens("proposals.new", code=asked.code, status=404)


@pytest.mark.parametrize("version", ["0", "9" * 5000, "twee", "²"])
def test_version_that_nobody_saw_is_told_kindly(marcel, asked, version):
    form = marcel.opens("proposals.new", code=asked.code).form("proposals.new")
    page = form.fills_in(**EVENING).forges(versie=version).sends(status=409)
    assert (page.heading, states(asked)) == (dutch("Nothing can be proposed now"), ["requested"])
