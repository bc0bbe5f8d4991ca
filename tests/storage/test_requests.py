"""Requests, read: of a desk, of a person, of a form, and the dates of a feed."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import InvalidRequestError

from tests import decisions
from tests.builders import (
    AT_HOME,
    NOW,
    SATURDAY,
    STATES,
    actor_of,
    at,
    make_account,
    make_an,
    make_city_desk,
    make_decider,
    make_desk,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, Action, RequesterKind, Status
from zalenzoeker.storage import counts, due, requests
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Request

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
# Every state that is reached without somebody else's request, and without the day itself.
ONCE = [status for status in STATES if status not in {Status.EXPIRED, *ON_THE_WAITING_LIST}]
FAR = Visitor("another browser", "198.51.100.9")


@pytest.fixture
def room(app):
    return make_room()


@pytest.fixture
def desk(room):
    return make_decider(room)


def activities(found) -> list[str]:
    return [one.activity for one in found]


def on(days: int):
    """The same hours so many days after the usual Saturday."""
    return at(day=SATURDAY + days * DAY)


def test_request_is_read_with_all_that_its_page_shows(room, desk):
    code = make_request(Status.APPROVED, room=room).code
    db.session.close()
    found = requests.by_code(code)
    db.session.close()
    assert (found.status, found.reference[:3], found.asker, found.first.slot) == (
        Status.APPROVED,
        "SI-",
        "An Peeters",
        at(),
    )
    assert [(event.action, event.account.name) for event in found.events] == [
        (Action.PROVE, "An Peeters"),
        (Action.DECIDE, "Fatima El Amrani"),
        (Action.APPROVE, "Fatima El Amrani"),
    ]
    assert (found.desk.kind, found.first.room.venue.neighbourhood.name, found.first.room.is_asked_here) == (
        "vrijwilligersgroep",
        "Sint-Amandsberg",
        True,
    )
    assert (found.account.email, found.association) == ("an@harmonie.example", None)


def test_request_with_an_unknown_code_is_none(app):
    assert (requests.by_code("nothing"), requests.for_change("nothing"), requests.by_form("nothing")) == (
        None,
        None,
        [],
    )


def test_what_a_query_did_not_load_raises_instead_of_asking_again(room):
    code = make_request(room=room).code
    bare = db.session.query(Request).filter_by(code=code).one()
    with pytest.raises(InvalidRequestError):
        assert bare.desk


def test_inbox_shows_the_nearest_deadline_first(room, desk):
    make_request(room=room, slot=on(0), activity="vandaag gevraagd")
    make_request(room=room, slot=on(1), activity="vorige week gevraagd", now=NOW - 7 * DAY)
    make_request(room=room, slot=at(day=SATURDAY - 20 * DAY), activity="al over een maand", now=NOW - 9 * DAY)
    assert activities(requests.waiting_for(desk.desk_ids)) == [
        "al over een maand",
        "vorige week gevraagd",
        "vandaag gevraagd",
    ]


@pytest.mark.parametrize("status", STATES)
def test_inbox_shows_only_what_waits_for_the_desk(room, desk, status):
    make_request(status, room=room)
    waits = status is Status.REQUESTED
    assert (len(requests.waiting_for(desk.desk_ids)), requests.waiting_count(desk.desk_ids)) == (waits, waits)


def test_inbox_of_another_desk_is_empty_and_the_city_sees_all(room, desk):
    elsewhere = make_room("hal", venue=make_venue())
    other = make_desk(venue=elsewhere.venue)
    make_request(room=room, activity="hier")
    make_request(room=elsewhere, activity="daar")
    assert activities(requests.waiting_for({other.id})) == ["daar"]
    assert activities(requests.waiting_for(set())) == []
    assert sorted(activities(requests.waiting_for(set(), is_city=True))) == ["daar", "hier"]
    assert [requests.waiting_count({other.id}), requests.waiting_count(set(), is_city=True)] == [1, 2]


def test_bookings_of_a_desk_are_those_still_to_come_nearest_first(room, desk):
    for days, activity in ((7, "later"), (0, "eerst"), (-14, "al voorbij")):
        make_request(Status.APPROVED, room=room, slot=on(days), activity=activity)
    make_request(room=room, slot=on(1), activity="wacht nog")
    make_request(Status.CANCELLED, room=room, slot=on(2), activity="geannuleerd")
    found = requests.coming_at(desk.desk_ids, after=on(-1).from_epoch)
    assert activities(found) == ["eerst", "later"]
    assert activities(requests.coming_at(desk.desk_ids, after=0, limit=1)) == ["al voorbij"]
    assert activities(requests.coming_at({999}, after=0)) == []


def test_person_sees_their_own_and_their_associations_requests(room):
    an = make_an()
    bert = make_account("bert@harmonie.example", "Bert")
    (harmonie,) = an.association_ids
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_id": harmonie, "association_name": "Harmonie"}
    make_request(room=room, by=an, slot=on(0), activity="van An zelf")
    make_request(room=room, by=an, slot=on(7), activity="van de harmonie", **group)
    make_request(Status.REFUSED, room=room, by=actor_of(bert), slot=on(1), activity="van Bert")
    make_request(Status.UNPROVED, room=room, by=an, slot=on(2), activity="nooit bewezen", visitor=FAR)
    assert activities(requests.of_person(an.account_id, an.association_ids)) == ["van de harmonie", "van An zelf"]
    assert activities(requests.of_person(bert.id, set())) == ["van Bert"]
    assert activities(requests.of_person(bert.id, {harmonie})) == ["van de harmonie", "van Bert"]


def test_requests_of_a_form_are_told_newest_first(room):
    first = make_request(Status.UNPROVED, room=room, form_key="one form")
    then = make_request(Status.UNPROVED, room=room, form_key="one form", slot=on(1))
    make_request(Status.UNPROVED, room=room, slot=on(2))
    assert [answer.code for answer in requests.by_form("one form")] == [then.code, first.code]


def test_forms_that_wait_for_proof_are_those_of_this_browser_and_address(room):
    mine = make_request(Status.UNPROVED, room=room).code
    make_request(Status.UNPROVED, room=room, slot=on(1), visitor=FAR)
    make_request(Status.UNPROVED, room=room, slot=on(2), contact_email="x@y.example", by=make_an("x@y.example"))
    make_request(room=room, slot=on(3))

    def waiting(email: str, since) -> list[str]:
        return requests.unproved_of_browser(AT_HOME.browser_hash, email, since)

    assert waiting("an@harmonie.example", NOW - DAY) == [mine]
    assert waiting("an@harmonie.example", NOW) == []
    assert waiting("nobody@post.example", NOW - DAY) == []


def test_open_requests_of_a_person_are_counted(room):
    for number, status in enumerate(ONCE):
        make_request(status, room=room, slot=on(number))
    # The tick that lapsed one form lapsed the other unproved one as well.
    make_request(Status.UNPROVED, room=room, slot=on(20))
    (an,) = {one.account_id for one in requests.waiting_for([], is_city=True)}
    assert (counts.open_count(an), counts.open_count(None)) == (1, 0)


def test_unproved_forms_of_a_room_are_counted_while_they_hold_it(room):
    other = make_room("hal", venue=make_venue())
    make_request(Status.UNPROVED, room=room)
    make_request(Status.UNPROVED, room=other)
    make_request(room=room, slot=on(1))
    assert [
        counts.unproved_count_of_rooms({room.id}, NOW - seconds) for seconds in (timedelta(seconds=1), 0 * DAY)
    ] == [
        1,
        0,
    ]


def test_forms_and_requests_that_last_too_long_are_found(room):
    unproved = make_request(Status.UNPROVED, room=room).code
    waiting = make_request(room=room, slot=on(1)).code
    minute = timedelta(minutes=1)
    assert [due.lapsed(NOW - minute), due.lapsed(NOW)] == [[], [unproved]]
    starts = on(1).from_epoch
    assert [due.unanswered(starts - 1), due.unanswered(starts)] == [[], [waiting]]


def test_reference_is_free_until_somebody_has_it(room):
    taken = make_request(room=room).reference
    assert (requests.is_reference_free(taken), requests.is_reference_free("SI-0000")) == (False, True)
    fresh = {requests.new_reference("DR") for _ in range(50)}
    assert all(len(one) == 7 and one.startswith("DR-") and not set(one[3:]) & set("01ILOU") for one in fresh)
    assert len(fresh) > 45


def test_decision_of_the_city_desk_is_told_with_its_name(room):
    sofie = make_account("sofie@stad.example", "Sofie Maes")
    make_city_desk([sofie])
    request = make_request(room=room)
    decisions.approve(request.code, by=actor_of(sofie), now=NOW, version=request.version)
    events = requests.by_code(request.code).events
    assert [event.account.name for event in events if not event.is_internal] == ["An Peeters", "Sofie Maes"]


def test_lists_are_given_a_part_at_a_time(room, desk):
    an = make_an()
    for number in range(5):
        make_request(room=room, by=an, slot=on(number), activity=str(number), now=NOW + number * DAY)
    own = [requests.of_person(an.account_id, set(), limit=2, skip=skip) for skip in (0, 2, 4, 6)]
    assert [activities(one) for one in own] == [["4", "3"], ["2", "1"], ["0"], []]
    waiting = [requests.waiting_for(desk.desk_ids, limit=2, skip=skip) for skip in (0, 4)]
    assert [activities(one) for one in waiting] == [["0", "1"], ["4"]]
