"""The clock at a desk whose members vote: who is reminded, and nobody steps in while the house's own time runs."""

from datetime import timedelta

import pytest

from tests.builders import (
    NOW,
    actor_of,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_request,
    make_room,
    make_venue,
    read,
)
from tests.services.looks import told
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.requests import Action, RequesterKind
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import advice, dates, deadlines
from zalenzoeker.storage import accounts, desks, letters
from zalenzoeker.storage.db import db, write_unit

pytestmark = pytest.mark.both

MIA, JAN, SOFIE, RITA = "mia@malem.example", "jan@malem.example", "sofie@stad.example", "rita@elders.example"
DAY = timedelta(days=1)


@pytest.fixture
def malem(app):
    """The room of a house whose two members vote for two weeks; its deputy is another desk."""
    room = make_room("zaal", venue=make_venue("huis-malem"))
    deputy = make_desk("elders", members=[make_account(RITA)])
    make_desk(
        "malem",
        venue=room.venue,
        members=[make_account(MIA, "Mia"), make_account(JAN, "Jan")],
        reminder_days=2,
        deputy_days=4,
        city_days=6,
        deputy_desk_id=deputy.id,
    )
    make_city_desk([make_account(SOFIE, "Sofie")])
    votes()
    return room


def votes(kind=AdviceKind.DECIDES, days=10):
    by = actor_of(accounts.by_email(MIA))
    advice.set_advice("malem", kind, needed=2, days=days, silence=Silence.NOTHING, by=by, now=NOW)


def goes_on(days):
    for day in range(1, days + 1):
        deadlines.tick(NOW + day * DAY)


def steps(request):
    return [one.action for one in read(request.code).events[1:]]


def test_only_who_has_not_voted_is_reminded(malem):
    request = make_request(room=malem)
    advice.vote(request.code, True, by=actor_of(accounts.by_email(MIA)), now=NOW, version=request.version)
    goes_on(3)
    assert (told(MIA), told(JAN)) == (["request_to_decide"], ["request_to_decide", "request_reminder"])
    letter = next(one for one in letters.newest() if one.kind == "request_reminder")
    assert (letter.facts["is_vote"], letter.facts["vote"]["needed"]) == (True, 2)


def test_nobody_steps_in_while_the_members_vote_and_the_city_desk_does_when_that_is_over(malem):
    request = make_request(room=malem)
    goes_on(9)
    assert (steps(request), told(RITA), told(SOFIE)) == ([Action.REMIND], [], [])
    goes_on(11)
    assert (steps(request), told(RITA), told(SOFIE)) == ([Action.REMIND, Action.TO_CITY], [], ["request_to_city"])


@pytest.mark.parametrize("kind", [AdviceKind.ADVISES, AdviceKind.DECIDES])
def test_what_is_the_request_of_all_members_is_not_voted_about(malem, kind):
    votes(kind)
    club = make_association(members=[accounts.by_email(MIA), accounts.by_email(JAN)])
    of_club = {
        "association_id": club.id,
        "association_name": club.name,
        "requester_kind": RequesterKind.NON_PROFIT,
    }
    request = make_request(room=malem, by=actor_of(accounts.by_email(MIA)), **of_club)
    deadlines.tick(NOW + timedelta(minutes=1))
    found = read(request.code)
    is_advice = kind is AdviceKind.ADVISES
    assert (found.desk_id == desks.city_id(), steps(request)) == (is_advice, [Action.ADVISE] if is_advice else [])
    # One letter, whichever way it comes there.
    assert told(SOFIE) == ["request_to_decide"]
    goes_on(3)
    assert Action.REMIND not in steps(request) or is_advice


def test_letter_about_another_moment_says_until_when_is_voted_anew(malem):
    request = make_request(room=malem)
    with write_unit():
        desks.by_slug("malem").email = "huis@malem.example"
    advice.vote(request.code, True, by=actor_of(accounts.by_email(MIA)), now=NOW, version=request.version)
    first, later = request.first, NOW + DAY
    move = dates.Move(first.starts.time(), (first.ends + timedelta(hours=1)).time())
    an = actor_of(accounts.by_email("an@harmonie.example"))
    dates.change(request.code, first.uid, Scope.THIS, move, by=an, now=later)
    db.session.close()
    sent = [one for one in letters.newest() if one.kind == "dates_changed" and one.facts["is_for_desk"]]
    assert sorted(one.recipient for one in sent) == ["huis@malem.example", JAN, MIA]
    until = read(request.code).vote_until
    assert {one.facts["vote"]["until"] for one in sent} == {until.isoformat()}
